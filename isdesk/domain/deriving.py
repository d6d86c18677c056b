"""Fold a lead's facts, touches and handoff steps into its state: open or not, next action, attempts, clocks, scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from isdesk.domain import sequenced
from isdesk.domain.answers import CALL_AFTER_MAIL_BD, WHY_MAILED, heed, is_written
from isdesk.domain.cycle import attempts
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import Handoff, State, Transition, fold
from isdesk.domain.ids import LeadId, made_at
from isdesk.domain.numbers import usable
from isdesk.domain.outcome import is_return_call
from isdesk.domain.planning import STAY, Given, plan_next
from isdesk.domain.rules import Rules
from isdesk.domain.score import score_on
from isdesk.domain.sequence import Enrolment
from isdesk.domain.sla import fs_decision, instant, is_inbound, response_pending
from isdesk.domain.stage import stage_of
from isdesk.domain.state import LeadFacts, LeadState, NextAction
from isdesk.domain.touch import ActionKind, Direction, Plan, Touch, effective
from isdesk.domain.windows import first_best, fit_soft
from isdesk.domain.work_calendar import WorkCalendar

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""The due time of a first call where nobody knows when the lead came: the state must not depend on the hour."""

REST_AFTER_LOSS_DAYS = 90
"""After how many days a lost lead that is back in nurture wakes (DOMAIN 9)."""


def derive(
    facts: LeadFacts,
    touches: Sequence[Touch],
    transitions: Iterable[Transition] = (),
    *,
    rules: Rules,
    calendar: WorkCalendar,
    now: datetime,
    suppressed: bool = False,
    filings: Sequence[Filing] = (),
    enrolled: Sequence[Enrolment] | None = None,
) -> LeadState:
    """Return the state of a lead. ``suppressed``: it, its company or all its numbers stand on the suppression list;
    ``filings`` are those about its sequences, ``enrolled`` what they fold to where the caller knows it already.

    Of ``now`` only the business date matters (scores fade by the day), so that a rebuild gives the same state. Every
    open lead has exactly one next action; a closed one has none.
    """
    counted = effective(list(touches))
    today = calendar.day_of(now)
    handoff = fold(transitions)
    if enrolled is None and filings:
        enrolled = sequenced.enrolments(
            filings, facts, counted, _handed_at(handoff), rules, calendar, suppressed=suppressed
        )
    action = _next_action(facts, counted, handoff, rules, calendar, enrolled or (), today)
    clock = response_pending(facts, counted, rules, calendar) if action is not None else None
    outcomes = [t for t in counted if t.signal is None]
    last_at = outcomes[-1].at if outcomes else None
    signal = _hottest(counted, last_at, rules)
    return LeadState(
        open=action is not None,
        stage=stage_of(facts, rules),
        attempts=attempts(counted, rules),
        next_action=action,
        last_touch_at=last_at,
        last_outcome=next((t.outcome for t in reversed(outcomes) if t.outcome), None),
        sla_due_at=clock.due_at if clock else None,
        sla_risk_at=clock.risk_at if clock else None,
        handoff_id=handoff.id,
        handoff_state=_handoff_state(handoff, action),
        returned_reason=(handoff.reason or "") if handoff.state is State.RETURNED else None,
        dnc=suppressed or _forbidden(facts),
        cooldown_until=_latest(t.cooldown_until for t in _since_return_call(counted)),
        company_cooldown_until=_company_cooldown(facts, counted),
        inbound=is_inbound(facts, rules),
        scores=score_on(facts, counted, rules, today),
        scored_on=today.isoformat(),
        hot_signal=signal.signal if signal else None,
        hot_at=signal.at if signal else None,
    )


def born_at(lead_id: LeadId) -> datetime | None:
    """Return the minute in which a lead was made here, as its id says; None where its id does not say it."""
    at = made_at(lead_id)
    return None if at is None else at.replace(second=0, microsecond=0)


def is_gone(facts: LeadFacts) -> bool:
    """Return whether the lead or its company is deleted, merged away or out of business."""
    if facts.get("deleted") or facts.get("merged_into"):
        return True
    return bool(facts.get("company.deleted") or facts.get("company.closed"))


def _forbidden(facts: LeadFacts) -> bool:
    return bool(facts.get("dnc") or facts.get("company.dnc"))


def _next_action(
    facts: LeadFacts,
    counted: Sequence[Touch],
    handoff: Handoff,
    rules: Rules,
    calendar: WorkCalendar,
    enrolled: Sequence[Enrolment],
    today: date,
) -> NextAction | None:
    if is_gone(facts):
        return None
    planned = _done_since(facts, counted, _planned(facts, counted, rules, calendar), calendar, rules)
    planned = heed(facts, counted, handoff, planned, rules, calendar)
    if enrolled:
        action = sequenced.next_action(enrolled, facts, counted, planned, _handed_at(handoff), rules, calendar, today)
        if action is not None:
            return action
    if handoff.id is not None and handoff.changed_at is not None:
        return _with_handoff(facts, handoff, planned, rules, calendar)
    stage = rules.stages.get(stage_of(facts, rules))
    if stage is not None and not stage.callable:
        return None
    return _from_plan(facts, planned)


def _handed_at(handoff: Handoff) -> datetime | None:
    return handoff.changed_at if handoff.id is not None else None


def _from_plan(facts: LeadFacts, planned: tuple[Touch, Plan] | None) -> NextAction | None:
    if planned is None:
        return NextAction(ActionKind.FIRST_CALL, _came_at(facts), "first_call")
    touch, plan = planned
    if plan.action is None:
        return None
    due = plan.due_at or touch.at
    return NextAction(plan.action, due, plan.why, touch.id)


def _came_at(facts: LeadFacts) -> datetime:
    return instant(facts.get("received_at")) or born_at(facts.id) or LONG_AGO


def _with_handoff(
    facts: LeadFacts,
    handoff: Handoff,
    planned: tuple[Touch, Plan] | None,
    rules: Rules,
    calendar: WorkCalendar,
) -> NextAction | None:
    """What was planned after the handoff's last step goes before it; a plan to hand off is what the step answered."""
    changed = handoff.changed_at or LONG_AGO
    newer = planned if planned is not None and planned[0].at > changed else None
    if newer is not None and newer[1].action is not ActionKind.HANDOFF:
        if handoff.state is State.RETURNED and newer[1].action is not None:
            return NextAction(ActionKind.FIX_HANDOFF, newer[1].due_at or newer[0].at, "returned", newer[0].id)
        return _from_plan(facts, newer)
    again = newer is not None
    match handoff.state:
        case State.ASKED:
            return NextAction(ActionKind.AWAIT_APPROVAL, changed, "asked")
        case State.SUBMITTED:
            clock = fs_decision(handoff, rules, calendar)
            return NextAction(ActionKind.AWAIT_FS, clock.due_at if clock else changed, "submitted")
        case State.RETURNED:
            return NextAction(ActionKind.FIX_HANDOFF, changed, "returned")
        case State.ACCEPTED:
            return _after_feedback(facts, handoff, rules, calendar)
        case State.RECYCLED if newer is None:
            return NextAction(ActionKind.NURTURE, fit_soft(changed, rules, calendar), "recycled")
        case State.WITHDRAWN if again or facts.get("meeting_at"):
            return NextAction(ActionKind.HANDOFF, newer[0].at if newer else changed, "handoff")
        case State.RECYCLED if newer is not None:
            return NextAction(ActionKind.HANDOFF, newer[0].at, "handoff", newer[0].id)
        case _:
            return NextAction(ActionKind.RETRY, fit_soft(changed, rules, calendar), str(handoff.state))


def _after_feedback(facts: LeadFacts, handoff: Handoff, rules: Rules, calendar: WorkCalendar) -> NextAction | None:
    """An accepted lead is worked by FS; after the feedback, a lost one that went back to nurture wakes later."""
    stage = rules.stages.get(stage_of(facts, rules))
    if handoff.feedback_at is None or stage is None or not stage.callable:
        return None
    day = calendar.next_open_day(calendar.day_of(handoff.feedback_at) + timedelta(days=REST_AFTER_LOSS_DAYS))
    return NextAction(ActionKind.NURTURE, first_best(day, rules, calendar), "feedback")


def _handoff_state(handoff: Handoff, action: NextAction | None) -> str | None:
    drafting = action is not None and action.kind is ActionKind.HANDOFF
    if drafting:
        return State.DRAFT.value
    return handoff.state.value if handoff.id is not None else None


# what was planned


def _planned(
    facts: LeadFacts, counted: Sequence[Touch], rules: Rules, calendar: WorkCalendar
) -> tuple[Touch, Plan] | None:
    """Return the newest touch that planned something, with its plan; None where nothing was ever planned.

    A call by the customer without an outcome closes the open retry: they are to be called back. A touch that came
    without a plan (from a CRM) is planned as if it had been recorded here.
    """
    for index in range(len(counted) - 1, -1, -1):
        touch = counted[index]
        plan = touch.plan
        if plan is None:
            plan = _plan_of_unplanned(facts, counted, index, rules, calendar)
        if plan is not None and plan.why != STAY:
            return touch, plan
    return None


def _done_since(
    facts: LeadFacts,
    counted: Sequence[Touch],
    planned: tuple[Touch, Plan] | None,
    calendar: WorkCalendar,
    rules: Rules,
) -> tuple[Touch, Plan] | None:
    """Follow up on plans that are fulfilled without a call: a mail that was sent, a number that was found."""
    if planned is None:
        return None
    touch, plan = planned
    if plan.action is ActionKind.RESEARCH_NUMBER and usable(facts):
        return touch, Plan(ActionKind.RETRY, fit_soft(touch.at, rules, calendar), "number:found")
    if plan.action is ActionKind.MAIL:
        sent = next((t for t in counted if t.at > touch.at and is_written(t)), None)
        if sent is not None:
            day = calendar.add_business_days(calendar.day_of(sent.at), CALL_AFTER_MAIL_BD)
            return touch, Plan(ActionKind.RETRY, first_best(day, rules, calendar), WHY_MAILED)
    return planned


def _plan_of_unplanned(
    facts: LeadFacts, counted: Sequence[Touch], index: int, rules: Rules, calendar: WorkCalendar
) -> Plan | None:
    touch = counted[index]
    outcome = rules.outcomes.get(touch.outcome or "")
    if touch.signal is not None:
        return None
    if outcome is not None:
        given = Given(
            reached=touch.reached,
            number=touch.number,
            direction=touch.direction,
            channel=touch.channel,
            reason=touch.reason,
        )
        done = plan_next(outcome, facts, counted[:index], now=touch.at, rules=rules, calendar=calendar, given=given)
        return done.plan
    if is_return_call(touch) and touch.direction is Direction.IN:
        return Plan(ActionKind.CALLBACK_LOOSE, fit_soft(touch.at, rules, calendar), "inbound")
    return None


# rests and signals


def _since_return_call(counted: Sequence[Touch]) -> Sequence[Touch]:
    """Return the touches from the customer's last call on: whoever calls us ends our rest."""
    for index in range(len(counted) - 1, -1, -1):
        if is_return_call(counted[index]):
            return counted[index:]
    return counted


def _company_cooldown(facts: LeadFacts, counted: Sequence[Touch]) -> datetime | None:
    own = [t.company_cooldown_until for t in _since_return_call(counted)]
    return _latest([*own, instant(facts.get("company.cooldown_until"))])


def _latest(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def _hottest(counted: Sequence[Touch], since: datetime | None, rules: Rules) -> Touch | None:
    """Return the intent event that keeps the lead hot for longest: a weaker one that follows takes nothing away.

    ``since``: the last contact answered what came before it, so that counts only where nothing came after.
    """
    hours = {s.code: s.hot_hours for s in rules.scoring.signals}
    told = [t for t in counted if t.signal in hours]
    unanswered = [t for t in told if since is None or t.at > since]
    return max(
        unanswered or told, key=lambda t: (t.at + timedelta(hours=hours[t.signal or ""]), t.at, t.id), default=None
    )
