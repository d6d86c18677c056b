"""Standing in for somebody: every lead stands in exactly one queue, on any day, however people cover each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain import cover
from isdesk.domain.changes import Value
from isdesk.domain.cover import Cover, Share
from isdesk.domain.filing import Filing
from isdesk.domain.ids import DeviceId, MemberId

PEOPLE = [MemberId(f"m{n}") for n in range(6)]
DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 1, tzinfo=UTC)

people = st.sampled_from(PEOPLE)
days = st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n))


@st.composite
def made(draw: st.DrawFn) -> Cover:
    away = draw(people)
    by = draw(st.lists(people.filter(lambda one: one != away), min_size=1, unique=True))
    first = draw(days)
    last = first + timedelta(days=draw(st.integers(0, 4)))
    ended = draw(st.none() | st.just(AT - timedelta(hours=1)))
    return Cover(draw(st.uuids()).hex, away, tuple(by), first, last, away, AT, ended)


@given(st.lists(made(), max_size=8), people | st.none(), st.uuids() | st.text(min_size=1, max_size=8), days)
def test_every_lead_stands_in_exactly_one_queue(
    every: list[Cover], owner: MemberId | None, key: object, day: date
) -> None:
    now = cover.holding(every, day, AT)
    queues = [who for who in PEOPLE if any(one.has(owner, str(key)) for one in cover.shares(now, who))]
    assert queues == ([] if owner is None else [cover.keeper(now, owner, str(key))])


@given(st.lists(made(), max_size=8), days)
def test_nobody_stands_in_while_away_unless_all_are(every: list[Cover], day: date) -> None:
    now = cover.holding(every, day, AT)
    for away in PEOPLE:
        found = cover.stand_ins(now, away)
        assert not set(found) & (now.keys() | {away})
        assert len(set(found)) == len(found)


@given(st.lists(made(), max_size=8))
def test_all_stands_back_when_the_last_day_is_over(every: list[Cover]) -> None:
    now = cover.holding(every, DAY + timedelta(days=30), AT)
    assert [cover.shares(now, who) for who in PEOPLE] == [(Share(who),) for who in PEOPLE]


def test_shares_are_even() -> None:
    import uuid

    counts = [0, 0, 0]
    for n in range(3000):
        counts[cover.part_of(str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))), 3)] += 1
    assert max(counts) - min(counts) < 200


def filed(number: int, subject: str, payload: dict[str, Value], late: timedelta = timedelta(0)) -> Filing:
    return Filing(f"f{number}", cover.KIND, subject, PEOPLE[0], DeviceId("d"), number, AT + late, None, payload)


def away_on(*by: MemberId) -> dict[str, Value]:
    return cover.payload(PEOPLE[0], by, DAY, DAY + timedelta(days=4))


def test_a_cover_is_read_from_its_filings_and_ends_early() -> None:
    begun = filed(1, "c", away_on(PEOPLE[1], PEOPLE[2]))
    (one,) = cover.covers([begun])
    assert (one.member_id, one.by, one.first, one.ended_at) == (PEOPLE[0], tuple(PEOPLE[1:3]), DAY, None)
    assert one.holds(DAY, AT)
    assert not one.holds(DAY + timedelta(days=5), AT)
    ended = filed(2, "c", {"step": cover.END}, timedelta(hours=2))
    (over,) = cover.covers([ended, begun])
    assert over.holds(DAY, AT + timedelta(hours=1))
    assert not over.holds(DAY, AT + timedelta(hours=2))
    assert not over.to_come(DAY, AT + timedelta(hours=3))


def test_a_cover_that_was_undone_is_none() -> None:
    begun = filed(1, "c", away_on(PEOPLE[1]))
    gone = replace(begun, id="f2", device_seq=2, payload={}, corrects="f1", void=True)
    assert cover.covers([begun, gone]) == []


@pytest.mark.parametrize(
    "payload",
    [
        {"step": "set"},
        {"step": "set", "member": "m0", "by": ["m0"], "first": "2026-11-24", "last": "2026-11-25"},
        {"step": "set", "member": "m0", "by": ["m1"], "first": "2026-11-26", "last": "2026-11-25"},
        {"step": "set", "member": "m0", "by": ["m1"], "first": "soon", "last": "2026-11-25"},
        {"step": "end"},
    ],
)
def test_what_cannot_be_read_covers_nobody(payload: dict[str, Value]) -> None:
    assert cover.covers([filed(1, "c", payload)]) == []


def test_of_two_that_hold_the_one_set_last_counts() -> None:
    first, second = filed(1, "a", away_on(PEOPLE[1])), filed(2, "b", away_on(PEOPLE[2]), timedelta(minutes=1))
    now = cover.holding(cover.covers([second, first]), DAY, AT)
    assert cover.stand_ins(now, PEOPLE[0]) == (PEOPLE[2],)
