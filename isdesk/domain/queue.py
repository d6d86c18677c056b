"""The queue: where a lead stands and why, what holds it back, and in which order leads are offered (OUTCOMES)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from isdesk.domain.answers import REPLY, WHY_REPLY
from isdesk.domain.chips import chips_for, hot_now, next_hot_change
from isdesk.domain.ids import LeadId
from isdesk.domain.rules import Rules
from isdesk.domain.sequence import by_itself, said, stuck_from
from isdesk.domain.sla import instant
from isdesk.domain.state import DialDay, LeadFacts, LeadState, NextAction, Placement
from isdesk.domain.touch import ActionKind
from isdesk.domain.windows import window_state
from isdesk.domain.work_calendar import WorkCalendar

CURRENT, PROMISE, RETURNED, SLA, LOOSE, INBOUND, RETRY, NURTURE, NEW, OUTSIDE = range(10)
"""The tiers of OUTCOMES, "Queue order", but for what FS returned: it is the first thing in the queue (DOMAIN 6), behind
a promise alone, which comes first at its time (DOMAIN 3). ``OUTSIDE`` is for leads that are not in a queue at all.
"""
ORDER = 5
"""The number of this order: places that were kept under another one are worked out anew."""

PROMISE_AHEAD = timedelta(minutes=5)
"""An exact callback comes first from five minutes before its time."""

CALLS = frozenset(
    {
        ActionKind.FIRST_CALL,
        ActionKind.RETRY,
        ActionKind.CALLBACK_EXACT,
        ActionKind.CALLBACK_LOOSE,
        ActionKind.NURTURE,
    }
)
"""The actions that are a telephone call: numbers, caps and cooldowns bind them."""

_WORK = CALLS | {ActionKind.MAIL, ActionKind.SOCIAL, ActionKind.RESEARCH_NUMBER, ActionKind.FIX_HANDOFF}
_GIVE_WAY = frozenset({ActionKind.FIRST_CALL, ActionKind.RETRY, ActionKind.CALLBACK_LOOSE, ActionKind.NURTURE})
"""The plans that fresh interest (意欲, just now) outweighs: never a promise, never what waits for somebody else. Who
writes is answered before the promised time, and the promise stands; a reply to a lead with no other plan is one itself.
"""
_TIERS = {
    ActionKind.CALLBACK_EXACT: PROMISE,
    ActionKind.FIX_HANDOFF: RETURNED,
    ActionKind.CALLBACK_LOOSE: LOOSE,
    ActionKind.RETRY: RETRY,
    ActionKind.MAIL: RETRY,
    ActionKind.SOCIAL: RETRY,
    ActionKind.RESEARCH_NUMBER: RETRY,
    ActionKind.NURTURE: NURTURE,
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One lead at one instant with all that its placement looks at."""

    lead_id: LeadId
    state: LeadState
    action: NextAction
    facts: LeadFacts
    day: DialDay
    rules: Rules
    calendar: WorkCalendar
    now: datetime
    device_id: str
    has_number: bool

    is_call: bool
    ready_at: datetime
    snoozed_until: datetime | None
    lease: Lease | None
    hot: bool = False
    """It showed interest just now: it is called although its plan says later."""

    @property
    def due_at(self) -> datetime:
        """Return when it is due: a plan for later gives way to fresh interest."""
        return min(self.action.due_at, self.state.hot_at) if self.hot and self.state.hot_at else self.action.due_at

    @property
    def ready(self) -> bool:
        """Return whether it may be worked by now."""
        return self.ready_at <= self.now

    @property
    def promised(self) -> bool:
        """Return whether an exact callback is due: it beats everything but a hard stop and do-not-call."""
        return self.action.kind is ActionKind.CALLBACK_EXACT and self.action.due_at - PROMISE_AHEAD <= self.now

    @property
    def pinned(self) -> bool:
        return bool(self.facts.fields.get("pinned"))

    @property
    def mine(self) -> bool:
        return self.lease is not None and self.lease.device == self.device_id


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a lead at this moment (担当確保), until when."""

    member: str
    device: str
    until: datetime


def lease_of(facts: LeadFacts, now: datetime) -> Lease | None:
    """Return the lease on a lead that is still valid at ``now``."""
    held = facts.fields.get("lease")
    if not isinstance(held, dict):
        return None
    until = instant(held.get("until"))
    if until is None or until <= now:
        return None
    return Lease(str(held.get("member") or ""), str(held.get("device") or ""), until)


def place(
    lead_id: LeadId,
    state: LeadState,
    facts: LeadFacts,
    day: DialDay,
    *,
    rules: Rules,
    calendar: WorkCalendar,
    now: datetime,
    device_id: str,
    has_number: bool,
) -> Placement:
    """Return where a lead stands at ``now``, with its reasons, what holds it, and until when that stays true.

    ``day`` must be the dial counts of the business date of ``now``. The closing of the calling window is not part of
    it (it holds a whole queue at once): see `windows.window_state` and `offered`.
    """
    if not state.open or state.next_action is None or state.next_action.kind not in _WORK:
        due = state.next_action.due_at if state.next_action else None
        key = (OUTSIDE, 0, 0, 0, str(lead_id))
        return Placement(OUTSIDE, key, held=None, listed=False, due_at=due, chips=(), until=None)
    action = state.next_action
    exact = action.kind is ActionKind.CALLBACK_EXACT
    snoozed = instant(facts.fields.get("snoozed_until"))
    written = exact and state.hot_signal == REPLY
    hot = (action.kind in _GIVE_WAY or written or said(action.why) is not None) and hot_now(state, rules, now)
    ready_at = action.due_at - PROMISE_AHEAD if exact else action.due_at
    case = _Case(
        lead_id=lead_id,
        state=state,
        action=action,
        facts=facts,
        day=day,
        rules=rules,
        calendar=calendar,
        now=now,
        device_id=device_id,
        has_number=has_number,
        is_call=(action.kind in CALLS or (hot and has_number))
        and not _answers(action, promised=ready_at <= now, hot=hot),
        ready_at=min(ready_at, state.hot_at) if hot and state.hot_at else ready_at,
        snoozed_until=snoozed if snoozed is not None and snoozed > now else None,
        lease=lease_of(facts, now),
        hot=hot,
    )
    tier = _tier(case)
    return Placement(
        tier=tier,
        key=_key(case, tier),
        held=_held(case),
        listed=_listed(case),
        due_at=case.action.due_at,
        chips=chips_for(state, facts, rules, calendar, now),
        until=_until(case),
    )


def _answers(action: NextAction, *, promised: bool, hot: bool) -> bool:
    """Return whether a reply is to be answered: that may be done by mail, whatever keeps the telephone still."""
    return action.why == WHY_REPLY or (hot and action.kind is ActionKind.CALLBACK_EXACT and not promised)


def _sla_presses(case: _Case) -> bool:
    risk, is_call = case.state.sla_risk_at, case.action.kind in CALLS
    return risk is not None and risk <= case.now and is_call and (case.ready or case.state.sla_due_at is None)


def _tier(case: _Case) -> int:
    if case.mine:
        return CURRENT
    if case.promised:
        return PROMISE
    if case.pinned:
        return CURRENT
    if _sla_presses(case):
        return SLA
    if case.action.kind is ActionKind.FIRST_CALL:
        return INBOUND if case.state.inbound or case.hot else NEW
    if case.action.why == WHY_REPLY or (case.hot and case.action.kind is ActionKind.CALLBACK_EXACT):
        return LOOSE
    if case.hot and case.action.kind is not ActionKind.CALLBACK_LOOSE:
        return INBOUND
    return _TIERS[case.action.kind]


def _key(case: _Case, tier: int) -> tuple[int, int, int, int, str]:
    """Inside a tier score desc, then earliest due, then fewest attempts, then id; SLA: least time left first."""
    score = -case.state.scores.priority
    if tier == SLA and case.state.sla_due_at is not None:
        return (tier, _minute(case.state.sla_due_at), score, case.state.attempts, case.lead_id)
    if tier == CURRENT:
        return (tier, 0 if case.mine else 1, score, _minute(case.action.due_at), case.lead_id)
    return (tier, score, _minute(case.action.due_at), case.state.attempts, case.lead_id)


def first_due_at(placement: Placement, due: datetime) -> Placement:
    """Return where a lead stands whose first call was due at another past instant, all else being alike."""
    tier, second, third, fourth, lead_id = placement.key
    if tier == CURRENT:
        fourth = _minute(due)
    else:
        third = _minute(due)
    return replace(placement, due_at=due, key=(tier, second, third, fourth, lead_id))


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _listed(case: _Case) -> bool:
    """Today's queue shows what is due today or was before, and what the rep has in hand."""
    if case.mine or case.pinned:
        return True
    today = case.calendar.next_midnight(case.now)
    due = max(case.due_at, case.snoozed_until or case.due_at)
    return due < today


# what holds a lead


def _held(case: _Case) -> str | None:
    if case.state.dnc:
        return "dnc"
    if case.lease is not None and not case.mine:
        return "other_rep"
    if case.action.kind is ActionKind.RESEARCH_NUMBER or (case.is_call and not case.has_number):
        return "no_number"
    if case.mine:
        return None
    if case.snoozed_until is not None:
        return "snoozed"
    if case.promised:
        return None
    if case.is_call and _cooling(case.state, case.now):
        return "cooldown"
    if by_itself(case.action.why) and not case.hot and not case.pinned and case.now < _stuck_from(case):
        return "sequence"
    if not case.ready and not case.pinned:
        return "not_due"
    return _held_by_day(case) if case.is_call else None


def _stuck_from(case: _Case) -> datetime:
    return stuck_from(case.action.due_at, case.calendar)


def _held_by_day(case: _Case) -> str | None:
    if _capped(case.state, case.day, case.rules, case.now):
        return "cap"
    if case.day.company_by_other_lead and case.rules.caps.company_rests_after_dial:
        return "company_today"
    return None


def _cooling(state: LeadState, now: datetime) -> bool:
    rests = (state.cooldown_until, state.company_cooldown_until)
    return any(until is not None and until > now for until in rests)


def _capped(state: LeadState, day: DialDay, rules: Rules, now: datetime) -> bool:
    caps = rules.caps
    if day.company_dials >= caps.per_company_day or day.number_dials >= caps.per_number_day:
        return True
    free_at = _number_free_at(state, day, rules)
    return free_at is not None and free_at > now


def _number_free_at(state: LeadState, day: DialDay, rules: Rules) -> datetime | None:
    """Return when the number may be dialled again: a plan made after its last dial already knows (話中 → +15 min)."""
    last = day.number_last_at
    if last is None:
        return None
    free = last + timedelta(minutes=rules.caps.minutes_between)
    action = state.next_action
    planned_after = action is not None and state.last_touch_at is not None and state.last_touch_at >= last
    if action is not None and planned_after and action.touch_id is not None and action.due_at >= last:
        return min(free, action.due_at)
    return free


def _until(case: _Case) -> datetime | None:
    """Return the next instant at which anything that `place` looks at turns."""
    state, day, now = case.state, case.day, case.now
    turns = [case.ready_at, case.action.due_at - PROMISE_AHEAD, case.action.due_at, state.sla_risk_at, state.sla_due_at]
    turns += [state.cooldown_until, state.company_cooldown_until, case.snoozed_until]
    turns.append(_number_free_at(state, day, case.rules))
    turns += [next_hot_change(state, case.rules, now), state.hot_at]
    turns.append(_stuck_from(case) if by_itself(case.action.why) else None)
    if case.lease is not None:
        turns.append(case.lease.until)
    dues = (case.action.due_at, case.snoozed_until)
    turns += [case.calendar.start_of_day(case.calendar.day_of(at)) for at in dues if at is not None]
    if state.scores.daily or day.company_dials or day.number_dials:
        turns.append(case.calendar.next_midnight(now))
    return min((at for at in turns if at is not None and at > now), default=None)


# the whole queue


def offered(placement: Placement, window: str) -> bool:
    """Return whether a lead is offered while the calling window is ``open`` | ``soft`` | ``hard``.

    Outside the soft window only promises due and the lead in hand are; outside the hard one nobody is.
    """
    if not placement.listed or placement.held is not None or placement.tier == OUTSIDE:
        return False
    if window == "hard":
        return False
    in_hand = placement.tier == CURRENT and placement.key[1] == 0
    return window == "open" or placement.tier == PROMISE or in_hand


def rank(placements: Iterable[Placement], window: str = "open") -> list[Placement]:
    """Return the placements that are offered, in queue order."""
    return sorted((p for p in placements if offered(p, window)), key=lambda p: p.key)


def may_dial(
    state: LeadState,
    facts: LeadFacts,
    day: DialDay,
    *,
    rules: Rules,
    calendar: WorkCalendar,
    now: datetime,
    device_id: str,
    has_number: bool,
    suppressed_number: bool = False,
) -> str | None:
    """Return None where the lead may be dialled at ``now``, else the code of what forbids it.

    The rep may go before the planned time and call a second person of a company, but not past do-not-call, hours,
    cooldowns, caps, or a colleague who is on the line with them.
    """
    if state.dnc or suppressed_number:
        return "dnc"
    if not has_number:
        return "no_number"
    window, _, _ = window_state(rules, calendar, now)
    if window == "hard":
        return "window"
    lease = lease_of(facts, now)
    if lease is not None and lease.device != device_id:
        return "other_rep"
    action = state.next_action
    if action is not None and action.kind is ActionKind.CALLBACK_EXACT and action.due_at - PROMISE_AHEAD <= now:
        return None
    if window != "open":
        return "window"
    if _cooling(state, now):
        return "cooldown"
    return "cap" if _capped(state, day, rules, now) else None
