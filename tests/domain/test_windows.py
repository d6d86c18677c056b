"""Calling windows: what fits, what a promise may do, and when the window turns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given

from isdesk.domain.rules import Windows
from isdesk.domain.windows import (
    choose_slot,
    first_best,
    fit_promise,
    fit_soft,
    in_hard,
    in_soft,
    soft_windows,
    window_state,
)
from tests.domain.sample import CALENDAR, HOLIDAY, RULES, tokyo, wall
from tests.domain.strategies import instants


@given(instants)
def test_fitting_is_the_first_open_instant_and_changes_nothing_that_fits(at: datetime) -> None:
    fitted = fit_soft(at, RULES, CALENDAR)
    assert fitted >= at
    assert in_soft(fitted, RULES, CALENDAR)
    assert (fitted == at) == in_soft(at, RULES, CALENDAR)
    assert fit_soft(fitted, RULES, CALENDAR) == fitted


@given(instants)
def test_a_promise_is_kept_at_its_hour_on_an_open_day_inside_the_hard_window(at: datetime) -> None:
    kept, moved = fit_promise(at, RULES, CALENDAR)
    assert kept >= at
    assert in_hard(kept, RULES, CALENDAR)
    assert CALENDAR.is_open_day(CALENDAR.day_of(kept))
    assert moved == (kept != at)
    if in_hard(at, RULES, CALENDAR):
        assert CALENDAR.local(kept).time() == CALENDAR.local(at).time()
    assert fit_promise(kept, RULES, CALENDAR) == (kept, False)


@given(instants)
def test_the_window_holds_until_it_says_and_turns_then(at: datetime) -> None:
    state, until, note = window_state(RULES, CALENDAR, at)
    assert until is not None
    assert until > at
    assert window_state(RULES, CALENDAR, until - timedelta(seconds=1))[::2] == (state, note)
    assert window_state(RULES, CALENDAR, until)[::2] != (state, note)
    assert (state == "open") == in_soft(at, RULES, CALENDAR)
    assert (state == "hard") == (not in_hard(at, RULES, CALENDAR))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20 10:00", ("open", "2026-11-20 12:00", None)),
        ("2026-11-20 12:10", ("soft", "2026-11-20 13:00", "lunch")),
        ("2026-11-20 08:30", ("soft", "2026-11-20 09:30", "off_hours")),
        ("2026-11-20 18:00", ("soft", "2026-11-20 21:00", "off_hours")),
        ("2026-11-20 22:00", ("hard", "2026-11-21 08:00", "night")),
        ("2026-11-21 10:00", ("soft", "2026-11-21 21:00", "weekend")),
        ("2026-11-23 10:00", ("soft", "2026-11-23 21:00", "holiday")),
        ("2026-08-13 10:00", ("open", "2026-08-13 12:00", "obon")),
    ],
)
def test_why_the_window_is_closed(at: str, expected: tuple[str, str, str | None]) -> None:
    state, until, note = window_state(RULES, CALENDAR, tokyo(at))
    assert (state, wall(until), note) == expected


def test_a_promise_on_a_holiday_moves_to_the_next_business_day_at_the_same_hour() -> None:
    kept, moved = fit_promise(tokyo("2026-11-23 11:15"), RULES, CALENDAR)
    assert (wall(kept), moved) == ("2026-11-24 11:15", True)
    assert not CALENDAR.is_open_day(HOLIDAY)


def test_a_promise_may_leave_the_soft_window_but_not_the_hard_one() -> None:
    assert fit_promise(tokyo("2026-11-20 20:30"), RULES, CALENDAR) == (tokyo("2026-11-20 20:30"), False)
    assert fit_promise(tokyo("2026-11-20 21:30"), RULES, CALENDAR) == (tokyo("2026-11-24 08:00"), True)
    assert fit_promise(tokyo("2026-11-20 06:00"), RULES, CALENDAR) == (tokyo("2026-11-20 08:00"), True)


def test_soft_windows_are_cut_by_the_hard_one() -> None:
    odd = Windows(hard=(time(10), time(16)), soft=((time(13), time(18)), (time(8), time(12)), (time(17), time(18))))
    assert soft_windows(odd) == ((time(10), time(12)), (time(13), time(16)))


def test_preferred_hours_and_their_absence() -> None:
    assert wall(first_best(HOLIDAY.replace(day=24), RULES, CALENDAR)) == "2026-11-24 10:00"
    plain = replace(RULES, windows=Windows(best=()))
    assert wall(first_best(HOLIDAY.replace(day=24), plain, CALENDAR)) == "2026-11-24 09:30"


def test_the_least_tried_slot_then_the_best_learned_then_the_earliest() -> None:
    day = tokyo("2026-11-24 00:00")

    def chosen(tried: dict[str, int], learned: dict[str, float], earliest: datetime = day) -> str:
        at = choose_slot(CALENDAR.day_of(day), RULES.slots, earliest, tried, learned, rules=RULES, calendar=CALENDAR)
        return wall(at)

    assert chosen({}, {}) == "2026-11-24 09:30"
    assert chosen({"AM1": 1}, {}) == "2026-11-24 10:30"
    assert chosen({"AM1": 1, "AM2": 2}, {"PM2": 0.5, "PM1": 0.4}) == "2026-11-24 15:00"
    assert chosen({}, {}, tokyo("2026-11-24 11:10")) == "2026-11-24 11:10"
    late = choose_slot(
        CALENDAR.day_of(day), RULES.slots, tokyo("2026-11-24 17:30"), {}, {}, rules=RULES, calendar=CALENDAR
    )
    assert late is None
