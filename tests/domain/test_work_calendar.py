"""Business time: adding and measuring agree, holidays and lunch do not count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.errors import BadInput
from isdesk.domain.rules import BusinessTime
from isdesk.domain.work_calendar import WorkCalendar
from tests.domain.sample import CALENDAR, HOLIDAY, tokyo, wall
from tests.domain.strategies import instants

spans = st.integers(0, 20_000)


@given(instants, spans)
def test_adding_then_measuring_gives_the_same_minutes(at: datetime, minutes: int) -> None:
    later = CALENDAR.add_business_minutes(at, minutes)
    assert CALENDAR.business_minutes_between(at, later) == minutes
    assert later >= at
    assert later.tzinfo is UTC


@given(instants, spans, spans)
def test_adding_in_two_goes_is_adding_at_once(at: datetime, first: int, second: int) -> None:
    once = CALENDAR.add_business_minutes(at, first + second)
    twice = CALENDAR.add_business_minutes(CALENDAR.add_business_minutes(at, first), second)
    if second:
        assert once == twice


@given(instants, instants, instants)
def test_measures_add_up_and_turn_round(a: datetime, b: datetime, c: datetime) -> None:
    between = CALENDAR.business_minutes_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@given(instants, spans)
def test_the_end_of_a_wait_lies_in_business_hours(at: datetime, minutes: int) -> None:
    end = CALENDAR.add_business_minutes(at, minutes + 1)
    assert CALENDAR.is_business_time(end - timedelta(seconds=1))


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(1, 90))
def test_business_days_forth_and_back(day: date, n: int) -> None:
    start = CALENDAR.next_open_day(day)
    later = CALENDAR.add_business_days(start, n)
    assert CALENDAR.is_open_day(later)
    assert CALENDAR.add_business_days(later, -n) == start
    assert CALENDAR.business_days_between(start, later) == n
    assert CALENDAR.business_days_between(later, start) == -n


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-20 10:00", 60, "2026-11-20 11:00"),
        ("2026-11-20 11:30", 30, "2026-11-20 12:00"),
        ("2026-11-20 11:30", 60, "2026-11-20 13:30"),
        ("2026-11-20 12:30", 0, "2026-11-20 13:00"),
        ("2026-11-20 17:30", 60, "2026-11-24 09:30"),
        ("2026-11-21 03:00", 60, "2026-11-24 10:00"),
        ("2026-11-20 08:00", 480, "2026-11-20 18:00"),
        ("2026-12-28 17:00", 120, "2027-01-04 10:00"),
    ],
)
def test_minutes_skip_lunch_night_weekend_and_holiday(start: str, minutes: int, end: str) -> None:
    assert wall(CALENDAR.add_business_minutes(tokyo(start), minutes)) == end


def test_days() -> None:
    assert not CALENDAR.is_open_day(HOLIDAY)
    assert CALENDAR.next_open_day(date(2026, 11, 21)) == date(2026, 11, 24)
    assert CALENDAR.add_business_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert CALENDAR.add_business_days(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert CALENDAR.add_business_days(date(2026, 11, 24), -1) == date(2026, 11, 20)


def test_the_business_date_is_that_of_tokyo() -> None:
    at = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
    assert CALENDAR.day_of(at) == date(2026, 11, 20)
    assert CALENDAR.next_midnight(at) == datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 11, 20), time(9, 30)) == tokyo("2026-11-20 09:30")
    assert CALENDAR.local(at).hour == 0


def test_a_calendar_that_never_opens_is_refused() -> None:
    never = WorkCalendar(BusinessTime(weekdays=()))
    with pytest.raises(BadInput):
        never.next_open_day(date(2026, 11, 20))
    with pytest.raises(BadInput):
        never.add_business_days(date(2026, 11, 20), 3)
    with pytest.raises(BadInput):
        never.add_business_minutes(tokyo("2026-11-20 10:00"), 5)
