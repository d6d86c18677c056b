"""Business time (営業日カレンダー): days, hours and minutes on which the company works; Asia/Tokyo, no clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from isdesk.domain.errors import BadInput
from isdesk.domain.rules import BusinessTime

TOKYO = ZoneInfo("Asia/Tokyo")
"""The zone of the business day (GLOSSARY, KPI rule e)."""

_DAY = timedelta(days=1)
_FARTHEST = 3660
"""Days to look ahead for an open one: a calendar without any is a wrong definition, not a long wait."""


class WorkCalendar:
    """Arithmetic over `BusinessTime`. Instants in and out are aware; results are UTC. Days are dates of Asia/Tokyo.

    Spans are walked day by day, never minute by minute, and a day is answered from a cache.
    """

    def __init__(self, business: BusinessTime) -> None:
        self.business = business
        self._weekdays = frozenset(business.weekdays)
        self._closed = business.closed
        self._hours = tuple(sorted(business.hours))
        self._spans: dict[date, tuple[tuple[datetime, datetime], ...]] = {}
        self._starts: dict[date, datetime] = {}

    # days

    def is_open_day(self, day: date) -> bool:
        """Return whether the company works on ``day``."""
        return day.weekday() in self._weekdays and day not in self._closed

    def next_open_day(self, day: date) -> date:
        """Return ``day`` itself where it is open, else the next open day. Raises BadInput where there is none."""
        for _ in range(_FARTHEST):
            if self.is_open_day(day):
                return day
            day += _DAY
        raise BadInput("calendar_never_open")

    def add_business_days(self, day: date, count: int) -> date:
        """Return the ``count``-th open day after ``day`` (before it where negative; 0: `next_open_day`)."""
        if count == 0:
            return self.next_open_day(day)
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        for _ in range(_FARTHEST + 7 * left):
            day += step
            if self.is_open_day(day):
                left -= 1
                if left == 0:
                    return day
        raise BadInput("calendar_never_open")

    def business_days_between(self, first: date, last: date) -> int:
        """Return how many open days lie after ``first`` up to and including ``last`` (negative where it is before)."""
        if last < first:
            return -self.business_days_between(last, first)
        return sum(self.is_open_day(first + _DAY * n) for n in range(1, (last - first).days + 1))

    # local time

    def local(self, at: datetime) -> datetime:
        """Return the instant on the wall clock of Asia/Tokyo."""
        return at.astimezone(TOKYO)

    def day_of(self, at: datetime) -> date:
        """Return the business date on which ``at`` falls."""
        return at.astimezone(TOKYO).date()

    def at(self, day: date, clock: time) -> datetime:
        """Return the UTC instant at which Asia/Tokyo shows ``clock`` on ``day``."""
        return datetime.combine(day, clock, TOKYO).astimezone(UTC)

    def start_of_day(self, day: date) -> datetime:
        """Return the UTC instant at which ``day`` begins in Asia/Tokyo."""
        known = self._starts.get(day)
        if known is None:
            known = self._starts[day] = self.at(day, time.min)
        return known

    def next_midnight(self, at: datetime) -> datetime:
        """Return the instant at which the business date after that of ``at`` begins."""
        return self.start_of_day(self.day_of(at) + _DAY)

    # business minutes

    def add_business_minutes(self, at: datetime, minutes: float) -> datetime:
        """Return the instant by which ``minutes`` of business time have passed since ``at``.

        Outside business hours the clock stands still; what ends with the hours ends then, not at the next start.
        """
        left = timedelta(minutes=max(minutes, 0))
        at = at.astimezone(UTC)
        day = self.day_of(at)
        for _ in range(_FARTHEST + int(minutes)):
            for start, end in self._day(day):
                begin = max(start, at)
                if begin > end or (begin == end and left):
                    continue
                if begin + left <= end:
                    return begin + left
                left -= end - begin
            day = self.next_open_day(day + _DAY)
        raise BadInput("calendar_never_open")

    def business_minutes_between(self, first: datetime, last: datetime) -> int:
        """Return the whole minutes of business time from ``first`` to ``last`` (negative where it is before)."""
        if last < first:
            return -self.business_minutes_between(last, first)
        day, stop = self.day_of(first), self.day_of(last)
        total = timedelta()
        while day <= stop:
            for start, end in self._day(day):
                total += max(min(end, last) - max(start, first), timedelta())
            day += _DAY
        return total // timedelta(minutes=1)

    def is_business_time(self, at: datetime) -> bool:
        """Return whether ``at`` lies in business hours of an open day."""
        return any(start <= at < end for start, end in self._day(self.day_of(at)))

    def _day(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        known = self._spans.get(day)
        if known is None:
            spans = tuple((self.at(day, a), self.at(day, b)) for a, b in self._hours)
            known = self._spans[day] = spans if self.is_open_day(day) else ()
        return known
