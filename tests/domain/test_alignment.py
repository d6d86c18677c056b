"""Meetings from their filings: the same on every device, whatever the order in which filings arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from isdesk.domain.alignment import KIND, carried, first_day, last_day, meetings
from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import DeviceId, MemberId

BEGUN = datetime(2026, 11, 23, 1, tzinfo=UTC)
WEEK = "week:2026-11-16"


def filed(
    key: str, late: int, payload: dict[str, Value], *, corrects: str | None = None, subject: str = WEEK
) -> Filing:
    at = BEGUN + timedelta(minutes=late)
    return Filing(
        key, KIND, subject, MemberId("m"), DeviceId("d"), late, at, None, payload, None, corrects, corrects is not None
    )


def test_the_order_of_arrival_makes_no_difference() -> None:
    every = [
        filed("a", 1, {"step": "decide", "item": "x", "text": "甲"}),
        filed("b", 2, {"step": "decide", "item": "x", "text": "乙"}),
        filed("c", 3, {"step": "act", "item": "y", "text": "丙", "owner": "m", "due": "2026-11-27"}),
        filed("d", 0, {"step": "done", "item": "y"}),
        filed("e", 4, {"step": "close", "attendees": ["m"], "minutes": {}}),
    ]
    found = [meetings(order) for order in permutations(every)]
    assert all(one == found[0] for one in found)
    meeting = found[0][WEEK]
    assert [one.text for one in meeting.decisions] == ["乙"]
    assert meeting.actions[0].done_at == BEGUN
    assert meeting.closed


def test_what_takes_back_can_be_taken_back() -> None:
    close = filed("a", 1, {"step": "close"})
    back = filed("b", 2, {}, corrects="a")
    again = filed("c", 3, {}, corrects="b")
    assert [one.id for one in standing([close, back])] == []
    assert [one.id for one in standing([close, back, again])] == ["a"]
    assert not meetings([close, back]).get(WEEK)
    assert meetings([close, back, again])[WEEK].closed
    last = filed("d", 4, {}, corrects="c")
    assert standing([again, last, close, back]) == []


def test_filings_that_cannot_be_read_are_passed_over() -> None:
    every = [
        filed("a", 1, {"step": "decide", "text": ""}),
        filed("b", 2, {"step": "moon", "text": "x"}),
        filed("c", 3, {"step": "decide", "text": "x"}, subject="week:2026-11-17"),
        filed("d", 4, {"step": "done", "item": "nosuch"}),
        filed("e", 5, {"step": "act", "text": "甲", "owner": 7, "due": "someday"}),
    ]
    found = meetings(every)
    assert list(found) == [WEEK]
    (act,) = found[WEEK].actions
    assert (act.text, act.owner, act.due) == ("甲", "7", None)


def test_carried_over_is_what_was_open_when_the_week_came() -> None:
    act: dict[str, Value] = {"step": "act", "item": "y", "text": "丙", "owner": "m"}
    done = filed("b", 60 * 24, {"step": "done", "item": "y"})
    every = list(meetings([filed("a", 1, act), done]).values())
    assert carried(every, date(2026, 11, 16)) == []
    assert [one.text for one in carried(every, date(2026, 11, 23))] == ["丙"]
    assert carried(every, date(2026, 11, 30)) == []


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("week", date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22)),
        ("week", date(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 22)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("month", date(2028, 2, 9), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_weeks_begin_on_monday_and_months_on_the_first(kind: str, day: date, first: date, last: date) -> None:
    assert (first_day(kind, day), last_day(kind, first)) == (first, last)
