"""What is said now: once, never a burst, again after a snooze."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.ids import LeadId
from isdesk.domain.reminders import FORGET, FRESH, MOST, Reminder, pick

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
    assert pick([one(1, FORGET / timedelta(minutes=1))], {}, NOW).every == ()


def test_a_snooze_says_it_again_as_fresh() -> None:
    late = one(1, 120)
    assert pick([late], {late.key: None}, NOW).every == ()
    assert pick([late], {late.key: NOW + timedelta(minutes=1)}, NOW).every == ()
    assert pick([late, one(2, 90)], {late.key: NOW}, NOW).single == (late,)


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
