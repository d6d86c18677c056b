"""What a sequence makes the lead's next action: the step that is due, and what follows when it ends.

Before a step go a promise that was given, a customer who waits for an answer or for the first call (SLA), and a
handoff. What was promised without an hour (a call back, word about what was asked for) goes before a step that is not
due before it, before any step from its day on, and before one that is blocked; a call that is tried again in a moment
(busy) before a step of a later day. Everything else that was planned gives way. While a step is blocked it stays the
next action, so that a lead is never without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from isdesk.domain.answers import WHY_REPLY
from isdesk.domain.filing import Filing
from isdesk.domain.outcome import is_dial
from isdesk.domain.rules import Rules
from isdesk.domain.sequence import Around, Enrolment, Standing, again_today, fold, kind_of, newest, why_of
from isdesk.domain.sla import response_pending
from isdesk.domain.stage import stage_of
from isdesk.domain.state import LeadFacts, NextAction
from isdesk.domain.touch import ActionKind, Channel, Plan, Touch
from isdesk.domain.windows import first_best, fit_soft
from isdesk.domain.work_calendar import WorkCalendar

_FIRST: Final = frozenset({ActionKind.CALLBACK_EXACT, ActionKind.HANDOFF, ActionKind.MERGE})
"""The plans that go before a step."""
SOON: Final = timedelta(hours=2)
"""A call that is to be tried again within this time is the same try still: the line was busy, or somebody is back in a
moment. The next rung of a ladder comes later.
"""
END: Final = "sequence_end"
REPLY: Final = "sequence_reply"
"""How the codes of the next action after a sequence begin; its code stands behind a colon."""


def enrolments(
    filings: Iterable[Filing],
    facts: LeadFacts,
    counted: Sequence[Touch],
    handed_at: datetime | None,
    rules: Rules,
    calendar: WorkCalendar,
    *,
    suppressed: bool,
) -> tuple[Enrolment, ...]:
    """Return a lead's enrolments (`sequence.fold`)."""
    stage = rules.stages.get(stage_of(facts, rules))
    worked = stage is None or stage.callable
    return fold(filings, Around(facts, counted, rules, calendar, handed_at, worked, suppressed))


def next_action(
    found: Sequence[Enrolment],
    facts: LeadFacts,
    counted: Sequence[Touch],
    planned: tuple[Touch, Plan] | None,
    handed_at: datetime | None,
    rules: Rules,
    calendar: WorkCalendar,
    today: date,
) -> NextAction | None:
    """Return the next action that a sequence sets; None where it has nothing to say and the ordinary one stands.

    ``planned`` is what the newest touch that planned something planned; ``today`` the business date.
    """
    one = newest(found)
    if one is None or (handed_at is not None and handed_at > one.at):
        return None
    if planned is not None and handed_at is not None and planned[0].at <= handed_at:
        planned = None
    if planned is not None and (planned[1].action in _FIRST or planned[1].why == WHY_REPLY):
        return None
    step = one.next
    if step is None:
        return _after(one, planned, rules, calendar)
    if planned is not None and step.step.channel is Channel.PHONE and _again(planned[0], step, rules, calendar):
        return None
    if planned is not None and _goes_before(planned, step, rules, calendar, today):
        return None
    if response_pending(facts, counted, rules, calendar) is not None:
        return None
    return NextAction(kind_of(step.step.channel), step.due_at, why_of(one, step))


def _goes_before(
    planned: tuple[Touch, Plan], step: Standing, rules: Rules, calendar: WorkCalendar, today: date
) -> bool:
    """Return whether what was promised, or a call that is tried again in a moment, goes before a step."""
    touch, plan = planned
    if plan.due_at is None:
        return False
    day, turn = calendar.day_of(plan.due_at), calendar.day_of(step.due_at)
    outcome = rules.outcomes.get(touch.outcome or "")
    if plan.action is ActionKind.CALLBACK_LOOSE or (outcome is not None and outcome.promised):
        return step.state == "blocked" or day <= max(turn, today)
    soon = again_today(touch, calendar) and plan.due_at - touch.at <= SOON
    return soon and turn > max(day, today)


def _again(touch: Touch, step: Standing, rules: Rules, calendar: WorkCalendar) -> bool:
    """Return whether the call that is the step was tried and is to be tried again the same day."""
    tried = is_dial(touch, rules.outcomes) and again_today(touch, calendar)
    return tried and touch.at >= calendar.start_of_day(calendar.day_of(step.due_at))


def _after(
    one: Enrolment, planned: tuple[Touch, Plan] | None, rules: Rules, calendar: WorkCalendar
) -> NextAction | None:
    ended = one.ended_at
    if ended is None or (planned is not None and (planned[0].at >= ended or planned[1].action is None)):
        return None
    if one.state == "finished":
        day = calendar.add_business_days(calendar.day_of(ended), one.definition.then_days)
        return NextAction(ActionKind.RETRY, first_best(day, rules, calendar), f"{END}:{one.code}")
    if one.stop is not None and one.stop.why == "reply":
        return NextAction(ActionKind.CALLBACK_LOOSE, fit_soft(ended, rules, calendar), f"{REPLY}:{one.code}")
    if planned is None and any(step.state == "done" for step in one.steps):
        return NextAction(ActionKind.RETRY, fit_soft(ended, rules, calendar), f"{END}:{one.code}")
    return None
