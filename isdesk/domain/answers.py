"""What came back by mail: replies, opt-outs and bounces as touches, and what each makes the next action of its lead.

Whoever writes is answered today: a reply closes the open retry as a call by the customer does (OUTCOMES, 折り返し). A
promise, a handoff under way and a merge outweigh it. A mail that did not arrive is followed up by telephone, and so is
one that may not be sent any more: no open lead is left with a next action that nobody can take (DOMAIN 5.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain.handoff import Handoff, State
from isdesk.domain.ids import TouchId
from isdesk.domain.numbers import usable
from isdesk.domain.rules import Rules
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Touch
from isdesk.domain.windows import first_best, fit_soft
from isdesk.domain.work_calendar import WorkCalendar

REPLY: Final = "mail_reply"
"""The intent event of a reply; the definitions say what it is worth."""
READ_BACK: Final = timedelta(days=14)
"""How far back the first look at a mailbox goes. A reply that was noted longer after its date than that was read in no
mailbox: it stands in a list of what happened, taken in later.
"""
OPT_OUT: Final = "mail_opt_out"
"""A letter that asks for no more mail; no sign of interest, so worth nothing."""
BOUNCE: Final = "mail_bounce"
"""A report that a mail did not arrive for good."""
ACCEPTED, DECLINED = "meeting_accepted", "meeting_declined"
"""What a guest's calendar answered to an invitation: they come, or (perhaps) not. Nobody has to write back."""
KINDS: Final = (REPLY, OPT_OUT, BOUNCE, ACCEPTED, DECLINED)

WHY_REPLY, WHY_BOUNCE, WHY_BARRED, WHY_MAILED = "reply", "bounced", "mail_barred", "mailed"
"""The rules that set the next action."""
CALL_AFTER_MAIL_BD: Final = 3
"""How many business days after a mail the call follows (OUTCOMES: mail, call +3 bd)."""
_BOUNCES: Final = uuid5(NAMESPACE_URL, "isdesk:bounces")
_OUTWEIGH: Final = frozenset({ActionKind.CALLBACK_EXACT, ActionKind.HANDOFF, ActionKind.MERGE})
_WITH_FS: Final = frozenset({State.ASKED, State.SUBMITTED, State.RETURNED})

Planned = tuple[Touch, Plan] | None


def bounce_id(mail_id: str) -> TouchId:
    """Return the id of the touch that says that a mail came back: there is only ever one."""
    return TouchId(str(uuid5(_BOUNCES, mail_id)))


def heed(
    facts: LeadFacts,
    counted: Sequence[Touch],
    handoff: Handoff,
    planned: Planned,
    rules: Rules,
    calendar: WorkCalendar,
) -> Planned:
    """Return what is planned once what came back is heeded. ``counted`` are the touches that count, oldest first."""
    found = _replied(facts, counted, planned, rules, calendar) if _may_answer(facts, handoff) else planned
    found = _bounced(facts, counted, found, rules, calendar)
    return _barred(facts, found, rules, calendar)


def _may_answer(facts: LeadFacts, handoff: Handoff) -> bool:
    """Return whether IS answers by a next action of its own: not while FS has the lead (the rep is told)."""
    if facts.get("dnc") or facts.get("company.dnc") or handoff.state in _WITH_FS:
        return False
    return handoff.state is not State.ACCEPTED or handoff.feedback_at is not None


def _replied(
    facts: LeadFacts, counted: Sequence[Touch], planned: Planned, rules: Rules, calendar: WorkCalendar
) -> Planned:
    reply = next((t for t in reversed(counted) if t.signal == REPLY and t.direction is Direction.IN), None)
    if reply is None or (planned is not None and (planned[0].at >= reply.at or planned[1].action in _OUTWEIGH)):
        return planned
    answer = next((t for t in counted if t.at > reply.at and is_written(t)), None)
    if answer is not None:
        day = calendar.add_business_days(calendar.day_of(answer.at), CALL_AFTER_MAIL_BD)
        return reply, Plan(ActionKind.RETRY, first_best(day, rules, calendar), WHY_MAILED)
    action = ActionKind.CALLBACK_LOOSE if usable(facts) else ActionKind.MAIL
    return reply, Plan(action, fit_soft(reply.at, rules, calendar), WHY_REPLY)


def _bounced(
    facts: LeadFacts, counted: Sequence[Touch], planned: Planned, rules: Rules, calendar: WorkCalendar
) -> Planned:
    """A mail that did not arrive gives nobody anything to read: the call comes now, not days later."""
    if planned is None or not _rests_on_mail(planned[1]):
        return planned
    back = next((t for t in reversed(counted) if t.signal == BOUNCE), None)
    if back is None or back.at < planned[0].at or any(t.at > back.at and is_written(t) for t in counted):
        return planned
    return back, Plan(_call(facts), fit_soft(back.at, rules, calendar), WHY_BOUNCE)


def _rests_on_mail(plan: Plan) -> bool:
    """Return whether what is planned is a mail, or a call after the lead has read one (INFO_REQUESTED)."""
    read = bool(plan.mails) and plan.action in {ActionKind.RETRY, ActionKind.CALLBACK_LOOSE}
    return plan.action is ActionKind.MAIL or plan.why == WHY_MAILED or read


def _barred(facts: LeadFacts, planned: Planned, rules: Rules, calendar: WorkCalendar) -> Planned:
    if planned is None or planned[1].action is not ActionKind.MAIL or not facts.get("email_opt_out"):
        return planned
    touch, plan = planned
    return touch, Plan(_call(facts), fit_soft(plan.due_at or touch.at, rules, calendar), WHY_BARRED)


def _call(facts: LeadFacts) -> ActionKind:
    return ActionKind.RETRY if usable(facts) else ActionKind.RESEARCH_NUMBER


def is_written(touch: Touch) -> bool:
    """Return whether the touch is something we sent: mail, SNS, a letter."""
    return (
        touch.signal is None
        and touch.direction is Direction.OUT
        and touch.channel not in {Channel.PHONE, Channel.NOTE, Channel.WEB}
    )
