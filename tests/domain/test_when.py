"""Times as people say them, read on Friday 20 November 2026, 10:32 in Tokyo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.when import TOKYO, parse, parse_date, quick_picks

NOW = datetime(2026, 11, 20, 10, 32, tzinfo=TOKYO).astimezone(UTC)


class Weekdays:
    """A calendar that is open from Monday to Friday."""

    def add_business_days(self, day: date, n: int) -> date:
        while n > 0:
            day += timedelta(days=1)
            n -= day.weekday() < 5
        return day


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("明日 14:00", "2026-11-21 14:00"),
        ("明日14時半", "2026-11-21 14:30"),
        ("明日の午後2時", "2026-11-21 14:00"),
        ("12/3 15時", "2026-12-03 15:00"),
        ("12月3日 15時30分", "2026-12-03 15:30"),
        ("2027-01-12 9:05", "2027-01-12 09:05"),
        ("1/12", "2027-01-12 10:00"),
        ("30分後", "2026-11-20 11:05"),
        ("1時間半後", "2026-11-20 12:05"),
        ("+2h", "2026-11-20 12:35"),
        ("2営業日後 10時", "2026-11-24 10:00"),
        ("3日後", "2026-11-23 10:00"),
        ("1週間後 16時", "2026-11-27 16:00"),
        ("来週火曜 11時", "2026-11-24 11:00"),
        ("来週", "2026-11-23 10:00"),
        ("月曜 朝一", "2026-11-23 09:30"),
        ("月 10時", "2026-11-23 10:00"),
        ("金曜 13:00", "2026-11-27 13:00"),
        ("25日 15時", "2026-11-25 15:00"),
        ("3日 15時", "2026-12-03 15:00"),
        ("翌営業日 午後", "2026-11-23 13:00"),
        ("15時", "2026-11-20 15:00"),
        ("9:30", "2026-11-21 09:30"),
        ("1430", "2026-11-20 14:30"),
        ("明日 1430", "2026-11-21 14:30"),
        ("\uff11\uff14\uff1a\uff10\uff10", "2026-11-20 14:00"),  # full-width figures and colon
        ("夕方", "2026-11-20 16:00"),
        ("pm3", "2026-11-20 15:00"),
        ("tomorrow 14:00", "2026-11-21 14:00"),
    ],
)
def test_reads_what_people_say(said: str, expected: str) -> None:
    found = parse(said, now=NOW, days=Weekdays())
    assert found is not None
    assert found.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize("said", ["", "  ", "そのうち", "13/45", "25:00", "2/30 10時", "明日 99時", "0分後"])
def test_refuses_what_is_no_time(said: str) -> None:
    assert parse(said, now=NOW, days=Weekdays()) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1月", date(2027, 1, 1)),
        ("12月", date(2026, 12, 1)),
        ("2027/4", date(2027, 4, 1)),
        ("2027-04-15", date(2027, 4, 15)),
        ("3か月後", date(2027, 2, 20)),
        ("明日", date(2026, 11, 21)),
    ],
)
def test_reads_days_and_months(said: str, expected: date) -> None:
    assert parse_date(said, now=NOW, days=Weekdays()) == expected


@given(st.text(alphabet="0123456789明日後時分半月火来週/:-+ 午後年営業。あ", max_size=14))
def test_never_fails_and_always_knows_its_zone(said: str) -> None:
    found = parse(said, now=NOW, days=Weekdays())
    assert found is None or found.tzinfo is UTC
    parse_date(said, now=NOW, days=Weekdays())


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_quick_picks_lie_ahead_in_order(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    picks = quick_picks(now, Weekdays())
    assert [p.at for p in picks] == sorted({p.at for p in picks})
    assert all(p.at > now for p in picks)
    assert len({p.code for p in picks}) == len(picks)
