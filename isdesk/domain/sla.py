"""The clocks between departments, in business minutes: first response by IS, decision and feedback by FS (DOMAIN 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from isdesk.domain.handoff import Handoff, State
from isdesk.domain.outcome import is_dial, touch_flags
from isdesk.domain.rules import Rules, Sla
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Channel, Direction, Touch
from isdesk.domain.work_calendar import WorkCalendar

_NOT_A_CONTACT = frozenset({Channel.NOTE, Channel.WEB})


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in business time: ``risk_at`` is when it begins to warn; ``stopped_at`` None while it runs."""

    started_at: datetime
    due_at: datetime
    risk_at: datetime
    stopped_at: datetime | None = None

    @property
    def kept(self) -> bool | None:
        """Return whether it was stopped in time; None while it runs."""
        return None if self.stopped_at is None else self.stopped_at <= self.due_at

    def state_at(self, now: datetime) -> str:
        """Return ``stopped`` | ``running`` | ``at_risk`` | ``broken``."""
        if self.stopped_at is not None:
            return "stopped"
        if now > self.due_at:
            return "broken"
        return "at_risk" if now >= self.risk_at else "running"


def is_inbound(facts: LeadFacts, rules: Rules) -> bool:
    """Return whether the lead came as an inquiry of its own (反響)."""
    source = rules.sources.get(str(facts.get("lead_source") or ""))
    return source is not None and source.inbound


def instant(value: object) -> datetime | None:
    """Return an RFC 3339 string as an aware instant; None where it is not one."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def starts_clock(source: object, rules: Rules) -> bool:
    """Return whether a lead that comes in by this source starts the first-response clock: a known one that asks for it.

    A list without a source is nobody's inquiry, so that taking one in does not break an SLA per row.
    """
    known = rules.sources.get(str(source or ""))
    return known is not None and known.first_response


def first_response(facts: LeadFacts, counted: Sequence[Touch], rules: Rules, calendar: WorkCalendar) -> Clock | None:
    """Return the first-response clock of a lead, or None where none was started.

    It starts at ``received_at`` and stops at the first outgoing contact (a counted dial, a mail …) or answered
    incoming call after it. Leads that nobody handed over (no ``received_at``), and sources for which the playbook
    sets ``first_response = false`` (cold lists), have none. ``counted`` are effective touches, oldest first.
    """
    started = instant(facts.get("received_at"))
    source = rules.sources.get(str(facts.get("lead_source") or ""))
    if started is None or (source is not None and not source.first_response):
        return None
    stopped = next((t.at for t in counted if t.at >= started and _responds(t, rules)), None)
    hours = rules.sla.inbound_first_response_hours if is_inbound(facts, rules) else rules.sla.first_response_hours
    return _clock(started, hours, rules.sla, calendar, stopped)


def response_pending(facts: LeadFacts, counted: Sequence[Touch], rules: Rules, calendar: WorkCalendar) -> Clock | None:
    """Return the first-response clock where it is still running, else None; cheap where it has stopped."""
    started = instant(facts.get("received_at"))
    if started is None or any(t.at >= started and _responds(t, rules) for t in counted):
        return None
    return first_response(facts, (), rules, calendar)


def _responds(touch: Touch, rules: Rules) -> bool:
    if touch.signal is not None or touch.channel in _NOT_A_CONTACT:
        return False
    if touch.direction is Direction.IN:
        flags = touch_flags(touch, rules.outcomes)
        return touch.channel is Channel.PHONE and flags is not None and flags.answered
    if touch.channel is Channel.PHONE:
        return is_dial(touch, rules.outcomes)
    outcome = rules.outcomes.get(touch.outcome or "")
    return outcome is None or outcome.direction is Direction.OUT


def _clock(started: datetime, hours: float, sla: Sla, calendar: WorkCalendar, stopped: datetime | None = None) -> Clock:
    minutes = hours * 60
    due = calendar.add_business_minutes(started, minutes)
    risk = calendar.add_business_minutes(started, max(minutes - sla.at_risk_minutes, 0))
    return Clock(started, due, risk, stopped)


def fs_decision(handoff: Handoff, rules: Rules, calendar: WorkCalendar) -> Clock | None:
    """Return the clock within which FS accepts or returns a submitted handoff; None before it was submitted."""
    if handoff.submitted_at is None:
        return None
    stopped = None if handoff.state is State.SUBMITTED else handoff.decided_at or handoff.changed_at
    return _clock(handoff.submitted_at, rules.sla.fs_decision_hours, rules.sla, calendar, stopped)


def feedback_due(meeting_at: datetime, rules: Rules, calendar: WorkCalendar) -> date:
    """Return the last business date for FS's feedback on a meeting."""
    return calendar.add_business_days(calendar.day_of(meeting_at), rules.sla.feedback_days)


def minutes_left(clock: Clock, now: datetime, calendar: WorkCalendar) -> int:
    """Return the business minutes left on a clock, negative once it is broken."""
    return calendar.business_minutes_between(now, clock.due_at)


def response_minutes(clock: Clock, calendar: WorkCalendar) -> int | None:
    """Return 初回対応時間 in business minutes; None while nobody responded."""
    if clock.stopped_at is None:
        return None
    return calendar.business_minutes_between(clock.started_at, clock.stopped_at)
