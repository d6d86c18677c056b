"""Calling windows (架電可能時間帯) and the slots of the day: when may be dialled, and which hour to try next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from isdesk.domain.rules import Rules, Slot, Windows
from isdesk.domain.work_calendar import WorkCalendar

NOON = time(12, 0)
_DAY = timedelta(days=1)
_FARTHEST_CHANGE = 400


def soft_windows(windows: Windows) -> tuple[tuple[time, time], ...]:
    """Return the soft windows as far as they lie inside the hard one, earliest first."""
    first, last = windows.hard
    inside = ((max(start, first), min(end, last)) for start, end in windows.soft)
    return tuple(sorted((start, end) for start, end in inside if start < end))


def in_hard(at: datetime, rules: Rules, calendar: WorkCalendar) -> bool:
    """Return whether the hour of ``at`` is one at which anybody may be called at all."""
    start, end = rules.windows.hard
    return start <= calendar.local(at).time() < end


def in_soft(at: datetime, rules: Rules, calendar: WorkCalendar) -> bool:
    """Return whether ``at`` lies in a calling window of an open day."""
    local = calendar.local(at)
    if not calendar.is_open_day(local.date()):
        return False
    return any(start <= local.time() < end for start, end in soft_windows(rules.windows))


def fit_soft(at: datetime, rules: Rules, calendar: WorkCalendar) -> datetime:
    """Return ``at``, or the next instant that lies in a calling window of an open day."""
    local = calendar.local(at)
    windows = soft_windows(rules.windows)
    if calendar.is_open_day(local.date()):
        for start, end in windows:
            if local.time() < start:
                return calendar.at(local.date(), start)
            if local.time() < end:
                return at
    return calendar.at(calendar.next_open_day(local.date() + _DAY), windows[0][0])


def fit_promise(at: datetime, rules: Rules, calendar: WorkCalendar) -> tuple[datetime, bool]:
    """Return a promised time as it can be kept, and whether it had to be moved.

    On a closed day: the same hour of the next business day. It may leave the soft windows, never the hard one.
    """
    local = calendar.local(at)
    day, clock = local.date(), local.time()
    start, end = rules.windows.hard
    if clock >= end:
        day, clock = day + _DAY, start
    clock = max(clock, start)
    day = calendar.next_open_day(day)
    if (day, clock) == (local.date(), local.time()):
        return at, False
    return calendar.at(day, clock), True


def first_best(day: date, rules: Rules, calendar: WorkCalendar) -> datetime:
    """Return the start of the first preferred hours of ``day``, inside the calling windows."""
    best = rules.windows.best or soft_windows(rules.windows)
    return fit_soft(calendar.at(day, min(best)[0]), rules, calendar)


def slot_of(at: datetime, rules: Rules, calendar: WorkCalendar) -> Slot | None:
    """Return the slot of the day in which ``at`` lies."""
    clock = calendar.local(at).time()
    return next((s for s in rules.slots if s.start <= clock < s.end), None)


def half_of(at: datetime, calendar: WorkCalendar) -> str:
    """Return ``am`` or ``pm`` for the half-day of ``at``."""
    return "am" if calendar.local(at).time() < NOON else "pm"


def slot_half(slot: Slot) -> str:
    """Return the half-day to which a slot belongs."""
    return "am" if slot.start < NOON else "pm"


def choose_slot(
    day: date,
    candidates: Iterable[Slot],
    earliest: datetime,
    tried: Mapping[str, int],
    learned: Mapping[str, float],
    *,
    rules: Rules,
    calendar: WorkCalendar,
) -> datetime | None:
    """Return when on ``day`` to try: the least tried slot, then the best learned, then the earliest.

    ``tried`` counts attempts by slot, ``learned`` is the connect rate by slot. None where no slot is left that day.
    """
    fitting: list[tuple[int, float, time, datetime]] = []
    for slot in candidates:
        due = fit_soft(max(calendar.at(day, slot.start), earliest), rules, calendar)
        local = calendar.local(due)
        if local.date() == day and slot.start <= local.time() < slot.end:
            fitting.append((tried.get(slot.code, 0), -learned.get(slot.code, 0.0), slot.start, due))
    return min(fitting)[3] if fitting else None


def window_state(rules: Rules, calendar: WorkCalendar, now: datetime) -> tuple[str, datetime | None, str | None]:
    """Return whether now may be called, until when that holds, and a note.

    State: ``open`` | ``soft`` (only exact callbacks) | ``hard`` (nobody). Note: ``night``, ``weekend``, ``holiday``,
    ``lunch``, ``off_hours`` say why; ``obon`` marks open days on which many are away (お盆).
    """
    state, note = _window_at(rules, calendar, now)
    for at in _boundaries(rules, calendar, now):
        if _window_at(rules, calendar, at) != (state, note):
            return state, at, note
    return state, None, note


def _window_at(rules: Rules, calendar: WorkCalendar, at: datetime) -> tuple[str, str | None]:
    local = calendar.local(at)
    day, clock = local.date(), local.time()
    if not in_hard(at, rules, calendar):
        return "hard", "night"
    if not calendar.is_open_day(day):
        return "soft", "holiday" if day in calendar.business.closed else "weekend"
    windows = soft_windows(rules.windows)
    if any(start <= clock < end for start, end in windows):
        return "open", "obon" if _warned(rules, day) else None
    between = windows and windows[0][1] <= clock < windows[-1][0]
    return "soft", "lunch" if between else "off_hours"


def _warned(rules: Rules, day: date) -> bool:
    here = (day.month, day.day)
    for first_month, first_day, last_month, last_day in rules.windows.warn:
        first, last = (first_month, first_day), (last_month, last_day)
        if (first <= here <= last) if first <= last else (here >= first or here <= last):
            return True
    return False


def _boundaries(rules: Rules, calendar: WorkCalendar, now: datetime) -> Iterable[datetime]:
    clocks = sorted({time.min, *rules.windows.hard, *(c for window in soft_windows(rules.windows) for c in window)})
    day = calendar.day_of(now)
    for _ in range(_FARTHEST_CHANGE):
        for clock in clocks:
            at = calendar.at(day, clock)
            if at > now:
                yield at
        day += _DAY
