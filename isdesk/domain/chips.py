"""The reasons for a rank as chips: codes with parameters that whoever shows them puts into words (UX, queue list)."""

from __future__ import annotations

from datetime import datetime, timedelta

from isdesk.domain.answers import WHY_BOUNCE, WHY_REPLY
from isdesk.domain.rules import Rules
from isdesk.domain.sequence import LATE, said, stuck_from
from isdesk.domain.state import Chip, LeadFacts, LeadState, NextAction
from isdesk.domain.touch import ActionKind
from isdesk.domain.windows import slot_of
from isdesk.domain.work_calendar import WorkCalendar

HIGH = 60
"""From this score on, an axis is a reason worth showing."""

_HOUR = timedelta(hours=1)
_BACK = {WHY_REPLY: Chip("reply", "promise"), WHY_BOUNCE: Chip("bounced", "warn")}
"""What came back by mail says more than the kind of the next action."""


def chips_for(
    state: LeadState, facts: LeadFacts, rules: Rules, calendar: WorkCalendar, now: datetime
) -> tuple[Chip, ...]:
    """Return the reasons for a lead's place, the weightiest first."""
    action = state.next_action
    if action is None:
        return ()
    chips: list[Chip] = []
    if facts.get("pinned"):
        chips.append(Chip("pinned", "promise"))
    chips += _sla(state, now)
    chips += _step(action, calendar, now) or _action(action, state, facts, rules, calendar)
    signal = _signal(state, rules, now)
    same = {("code", state.hot_signal)} if signal else set()  # what came in just now says its source with its age
    chips = [one for one in chips if one.code != "source" or not same & set(one.params)]
    chips += signal
    chips += _scores(state, facts)
    return tuple(chips)


def _sla(state: LeadState, now: datetime) -> list[Chip]:
    if state.sla_due_at is None or state.sla_risk_at is None or now < state.sla_risk_at:
        return []
    due = (("due", state.sla_due_at.isoformat()),)
    return [Chip("sla_broken", "bad", due) if now >= state.sla_due_at else Chip("sla", "warn", due)]


def _step(action: NextAction, calendar: WorkCalendar, now: datetime) -> list[Chip]:
    """Return the chip of a sequence's step; none where the next action is none."""
    step = said(action.why)
    if step is None:
        return []
    params = (("code", step.code), ("n", str(step.number)), ("of", str(step.of)), ("mode", step.mode))
    late = step.mode == "auto" and now >= stuck_from(action.due_at, calendar)
    why = step.blocked or (LATE if late else "")
    if why:
        return [Chip("sequence_blocked", "warn", (*params, ("why", why)))]
    return [Chip("sequence", "good" if step.mode == "auto" else "plain", params)]


def _action(action: NextAction, state: LeadState, facts: LeadFacts, rules: Rules, calendar: WorkCalendar) -> list[Chip]:
    at = (("at", action.due_at.isoformat()),)
    if action.why in _BACK:
        return [_BACK[action.why]]
    match action.kind:
        case ActionKind.CALLBACK_EXACT:
            return [Chip("promise", "promise", at)]
        case ActionKind.FIX_HANDOFF:
            return [Chip("returned", "bad", (("reason", state.returned_reason or ""),))]
        case ActionKind.CALLBACK_LOOSE:
            return [Chip("callback", "plain", at)]
        case ActionKind.FIRST_CALL:
            return _first(state, facts)
        case ActionKind.RETRY:
            return [_retry(action, state, rules, calendar)]
        case ActionKind.NURTURE:
            return [Chip("nurture", "good", (("why", action.why),))]
        case ActionKind.MAIL | ActionKind.SOCIAL:
            return [Chip(action.kind.value)]
        case ActionKind.RESEARCH_NUMBER:
            return [Chip("research", "warn")]
        case _:
            return []


def _first(state: LeadState, facts: LeadFacts) -> list[Chip]:
    chips = [Chip("inbound", "good") if state.inbound else Chip("new")]
    source = facts.get("lead_source")
    if isinstance(source, str) and source:
        chips.append(Chip("source", "plain", (("code", source),)))
    return chips


def _retry(action: NextAction, state: LeadState, rules: Rules, calendar: WorkCalendar) -> Chip:
    cap = rules.caps.per_contact_cycle
    slot = slot_of(action.due_at, rules, calendar)
    params = [("n", str(state.attempts + 1)), ("cap", str(cap))]
    if slot is not None:
        params.append(("slot", slot.code))
    return Chip("retry", "plain", tuple(params))


def _signal(state: LeadState, rules: Rules, now: datetime) -> list[Chip]:
    hours = _hot_hours(state, rules, now)
    if hours is None or state.hot_signal is None:
        return []
    return [Chip("signal", "good", (("code", state.hot_signal), ("hours", str(hours))))]


def _hot_hours(state: LeadState, rules: Rules, now: datetime) -> int | None:
    """Return the whole hours since the signal that keeps it hot for longest, while it does, else None."""
    rule = next((s for s in rules.scoring.signals if s.code == state.hot_signal), None)
    if rule is None or state.hot_at is None or not now - state.hot_at < timedelta(hours=rule.hot_hours):
        return None
    return max((now - state.hot_at) // _HOUR, 0)


def hot_now(state: LeadState, rules: Rules, now: datetime) -> bool:
    """Return whether the lead showed interest just now (DOMAIN 3) and nobody has contacted it since."""
    if state.hot_at is None or _hot_hours(state, rules, now) is None or state.hot_at > now:
        return False
    return state.last_touch_at is None or state.last_touch_at < state.hot_at


def next_hot_change(state: LeadState, rules: Rules, now: datetime) -> datetime | None:
    """Return when the signal's chip will say something else, None where there is none."""
    hours = _hot_hours(state, rules, now)
    if hours is None or state.hot_at is None:
        return None
    rule = next(s for s in rules.scoring.signals if s.code == state.hot_signal)
    return min(state.hot_at + (hours + 1) * _HOUR, state.hot_at + timedelta(hours=rule.hot_hours))


def _scores(state: LeadState, facts: LeadFacts) -> list[Chip]:
    scores = state.scores
    chips: list[Chip] = []
    if scores.intent >= HIGH:
        chips.append(Chip("intent", "good", (("score", str(scores.intent)),)))
    if scores.fit >= HIGH:
        chips.append(Chip("icp", "plain", (("score", str(scores.fit)),)))
    if scores.timing >= HIGH:
        chosen = facts.get("adoption_timing")
        code = (("code", chosen),) if isinstance(chosen, str) and chosen else ()
        chips.append(Chip("timing", "plain", (("score", str(scores.timing)), *code)))
    return chips
