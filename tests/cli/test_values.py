"""What people type, read into values."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.cli import values

HALF_PAST_TEN = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T10:30:00+09:00",
        "2026-11-24T01:30:00Z",
        "2026-11-24T01:30:00+00:00",
        "2026-11-24 10:30",
        "2026-11-24T10:30",
        " 2026-11-24 10:30:00 ",
    ],
)
def test_a_time_is_read_with_its_offset_or_as_tokyo_time(text: str) -> None:
    assert values.instant(text) == HALF_PAST_TEN


def test_a_single_digit_hour_is_a_time_too() -> None:
    assert values.instant("2026-11-24 9:05") == datetime(2026, 11, 24, 0, 5, tzinfo=UTC)


def test_a_bare_day_is_its_midnight_in_tokyo() -> None:
    assert values.instant("2026-11-24") == datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "2026-11-24 25:00", "10:30", "0001-01-01 00:00"])
def test_what_is_no_time_is_wrong_usage(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        values.instant(text)


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_rfc3339_time_is_read_back(at: datetime, minutes: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert values.instant(aware.isoformat()) == aware


def test_days_pairs_and_counts() -> None:
    assert values.day("2026-11-24") == date(2026, 11, 24)
    assert values.pair("note=a=b") == ("note", "a=b")
    assert values.pair("budget=") == ("budget", "")
    assert values.count("3") == 3
    assert values.natural("0") == 0


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (values.day, "24.11."),
        (values.pair, "note"),
        (values.pair, "=x"),
        (values.count, "0"),
        (values.count, "-1"),
        (values.count, "many"),
        (values.natural, "-1"),
    ],
)
def test_the_rest_is_wrong_usage(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(argparse.ArgumentTypeError):
        read(text)
