"""From a step of a ladder to an instant: minutes, business minutes, business days or days, and the slot to use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from isdesk.domain.rules import Rules, Slot, Step
from isdesk.domain.windows import choose_slot, fit_soft, half_of, slot_half, slot_of
from isdesk.domain.work_calendar import WorkCalendar

_DAYS_TO_TRY = 7


def instant_after(
    step: Step,
    now: datetime,
    *,
    answered: bool,
    tried: Mapping[str, int],
    learned: Mapping[str, float],
    rules: Rules,
    calendar: WorkCalendar,
) -> datetime:
    """Return when ``step`` after ``now`` falls due, always inside a calling window of an open day.

    ``answered``: somebody spoke, so the hour was a good one and is kept where the step leaves it open.
    """
    earliest, first_day = _earliest(step, now, calendar)
    candidates = _candidates(step, now, answered, rules, calendar)
    if not candidates:
        if step.slot == "same_time" or (step.slot == "any" and _by_day(step)):
            earliest = calendar.at(first_day, calendar.local(now).time())
        return fit_soft(earliest, rules, calendar)
    day = first_day
    for _ in range(_DAYS_TO_TRY):
        due = choose_slot(day, candidates, earliest, tried, learned, rules=rules, calendar=calendar)
        if due is not None:
            return due
        day = calendar.next_open_day(day + timedelta(days=1))
    return fit_soft(earliest, rules, calendar)


def _earliest(step: Step, now: datetime, calendar: WorkCalendar) -> tuple[datetime, date]:
    """Return the earliest instant and the first open day on which the step may fall due."""
    today = calendar.day_of(now)
    if step.minutes is not None:
        at = now + timedelta(minutes=step.minutes)
    elif step.business_minutes is not None:
        at = calendar.add_business_minutes(now, step.business_minutes)
    elif step.days is not None:
        at = calendar.start_of_day(calendar.next_open_day(today + timedelta(days=step.days)))
    else:
        at = calendar.start_of_day(calendar.add_business_days(today, step.bd or 0))
    at = max(at, now)
    return at, calendar.next_open_day(calendar.day_of(at))


def _by_day(step: Step) -> bool:
    return step.minutes is None and step.business_minutes is None


def _candidates(step: Step, now: datetime, answered: bool, rules: Rules, calendar: WorkCalendar) -> tuple[Slot, ...]:
    """Return the slots among which the least tried is chosen; none where the time follows from the wait alone."""
    if step.slot == "other_half":
        half = half_of(now, calendar)
        return tuple(s for s in rules.slots if slot_half(s) != half)
    if step.slot == "other_slot":
        used = slot_of(now, rules, calendar)
        return tuple(s for s in rules.slots if used is None or s.code != used.code)
    if step.slot == "any" and _by_day(step) and not answered:
        return rules.slots
    return ()
