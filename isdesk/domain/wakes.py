"""When a sleeping lead is woken: a known date minus some days, the next budget month, or a fixed rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from isdesk.domain.changes import Value
from isdesk.domain.rules import Follow

ADOPTION_MONTHS = {"this_month": 0, "3_months": 3, "6_months": 6, "1_year": 12}
"""How many months ahead a choice of 検討時期 lies; ``undecided`` is not a time."""

DEFAULT_ELSE_DAYS = 30
_MONTHS = 12


def wake_day(follow: Follow, known: Callable[[str], Value], today: date) -> tuple[date, str]:
    """Return the day on which to wake the lead and what decided it (a field code or ``else``).

    ``known`` looks up a field. The day is ``follow.field`` minus ``days_before``, at least ``min_days`` ahead.
    """
    at_least = today + timedelta(days=follow.min_days)
    target = target_day(follow.field, known, today) if follow.field else None
    if target is None:
        rest = follow.else_days if follow.else_days is not None else max(follow.min_days, DEFAULT_ELSE_DAYS)
        return today + timedelta(days=rest), "else"
    return max(target - timedelta(days=follow.days_before), at_least, today + timedelta(days=1)), follow.field or "else"


def target_day(code: str, known: Callable[[str], Value], today: date) -> date | None:
    """Return the day that a field points at: a date, a budget month's first day, or a choice of 検討時期."""
    value = known(code)
    if code == "budget_month":
        return next_month(value, today) if isinstance(value, int) else None
    day = as_date(value)
    if day is None and code == "adoption_at":
        timing = known("adoption_timing")
        months = ADOPTION_MONTHS.get(timing) if isinstance(timing, str) else None
        return None if months is None else add_months(today, months)
    return day


def as_date(value: Value) -> date | None:
    """Return an ISO date (or the date part of an instant) as a date; None where it is not one."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def next_month(month: int, today: date) -> date | None:
    """Return the first day of the next such month after today's; None for a number that is no month."""
    if not 1 <= month <= _MONTHS:
        return None
    return date(today.year + (1 if month <= today.month else 0), month, 1)


def add_months(day: date, months: int) -> date:
    """Return ``day`` some months on; the last day of a shorter month stands for the days it lacks."""
    index = day.month - 1 + months
    year, month = day.year + index // _MONTHS, index % _MONTHS + 1
    following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


def months_until(day: date, today: date) -> int:
    """Return how many begun months lie between today and ``day``; 0 where it is past."""
    if day <= today:
        return 0
    whole = (day.year - today.year) * _MONTHS + day.month - today.month
    return max(whole + (1 if day.day > today.day else 0), 1)
