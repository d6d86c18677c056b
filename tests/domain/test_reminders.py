"""What is said now: once, never a burst, again after a snooze."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.ids import LeadId
from isdesk.domain.reminders import FRESH, MISSED_BD, MOST, REMEMBER, Picked, Reminder, oldest, pick, reach, remembered
from isdesk.domain.rules import BusinessTime
from isdesk.domain.work_calendar import WorkCalendar

CALENDAR = WorkCalendar(BusinessTime(closed=frozenset({date(2026, 11, 23)})))
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def one(number: int, minutes_ago: float) -> Reminder:
    return Reminder("callback", LeadId(f"l{number}"), f"見本 {number}", "", NOW - timedelta(minutes=minutes_ago))


def test_what_just_fell_due_is_said_by_itself_and_what_lies_ahead_is_not() -> None:
    picked = pick([one(1, 0), one(2, 5), one(3, -1)], {}, NOW)
    assert [r.lead_id for r in picked.single] == ["l2", "l1"]
    assert picked.folded == ()


def test_after_a_sleep_it_is_one_sentence() -> None:
    picked = pick([one(n, 60 + n) for n in range(5)] + [one(9, 1)], {}, NOW)
    assert [r.lead_id for r in picked.single] == ["l9"]
    assert len(picked.folded) == 5


def test_a_snooze_says_it_again_as_fresh() -> None:
    late = one(1, 120)
    assert pick([late], {late.key: None}, NOW).every == ()
    assert pick([late], {late.key: NOW + timedelta(minutes=1)}, NOW).every == ()
    assert pick([late, one(2, 90)], {late.key: NOW}, NOW).single == (late,)


@given(st.integers(0, 60 * 24 * 60))
def test_no_night_weekend_or_holiday_hides_what_fell_due_on_the_last_business_days(minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    first, today = oldest(now, CALENDAR), CALENDAR.day_of(now)
    days = {CALENDAR.day_of(first + timedelta(days=n)) for n in range(15)}
    assert len({day for day in days if day < today and CALENDAR.is_open_day(day)}) == MISSED_BD
    heard = Reminder("reply", LeadId("new"), "", "", first + timedelta(minutes=1))
    late = Reminder("reply", LeadId("old"), "", "", first)
    assert pick([heard, late], {}, now, first).every == (heard,)
    assert pick([heard, late], {late.key: now, heard.key: None}, now, first).every == (late,)
    assert reach({late.key: now}, first) < late.at
    assert reach({late.key: None}, first) == first


def test_what_was_said_is_known_for_longer_than_it_is_looked_for() -> None:
    told = remembered({"reply:l:x": None}, Picked(), NOW, {"reply:l:x": NOW - REMEMBER + timedelta(minutes=1)})
    assert told == {"reply:l:x": None}
    assert remembered(told, Picked(), NOW, {"reply:l:x": NOW - REMEMBER}) == {}
    assert oldest(NOW, CALENDAR) > NOW - REMEMBER


@given(st.lists(st.floats(-60, 4000), max_size=30), st.sets(st.integers(0, 29)))
def test_at_most_a_few_and_nothing_twice(ages: list[float], known: set[int]) -> None:
    every = [one(n, age) for n, age in enumerate(ages)]
    told: dict[str, datetime | None] = {r.key: None for n, r in enumerate(every) if n in known}
    picked = pick(every, told, NOW)
    assert len(picked.single) <= MOST
    assert not {r.key for r in picked.every} & set(told)
    assert all(r.at <= NOW for r in picked.every)
    assert all(NOW - r.at < FRESH for r in picked.single) or len(picked.single) == 1
    again = pick(every, told | dict.fromkeys((r.key for r in picked.every), None), NOW)
    assert again.every == ()
