"""Somebody is away: what is due stands with whoever covers, says why, and stands back by itself; the owner stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.playbook import Playbook
from isdesk.services import calls, cover, history, leads, queue, team, today
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import OTHER, REP, HandClock
from tests.services.desks import Room
from tests.services.test_team import distinct

THIRD = Member(MemberId("m-third"), "森 恵", "rep", "mori@example.com")
FIRST, LAST = date(2026, 11, 24), date(2026, 11, 27)


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """A team of three reps."""
    ctx.members[THIRD.id] = THIRD
    return ctx


@pytest.fixture
def six(ctx: Context) -> list[LeadId]:
    """Six leads of mine."""
    return [distinct(ctx, n) for n in range(6)]


def sit(ctx: Context, who: Member) -> None:
    ctx.me = who


def refused(code: str, act: object, *args: object) -> None:
    with pytest.raises((Refused, BadInput)) as problem:
        act(*args)  # type: ignore[operator]
    assert problem.value.code == code


def test_what_is_due_stands_with_who_covers_and_says_why(ctx: Context, six: list[LeadId]) -> None:
    before = queue.ids(ctx)
    cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    assert (queue.ids(ctx), queue.next_lead(ctx), queue.counts(ctx).total) == ([], None, 0)
    assert (queue.counts(ctx).covered_by, queue.counts(ctx).away_until) == ((OTHER.name,), LAST)
    sit(ctx, OTHER)
    assert queue.ids(ctx) == before
    assert queue.next_lead(ctx) == before[0]
    assert queue.counts(ctx).total == 6
    (row, *_) = queue.rows(ctx, before)
    assert (row.chips[0].code, dict(row.chips[0].params)) == ("cover", {"rep": REP.name, "last": "2026-11-27"})
    assert [row.lead_id for row in queue.standing(ctx)] == before
    assert [row.chips[0].code for row in queue.as_of(ctx, ctx.now())] == ["cover"] * 6
    assert leads.view(ctx, six[0]).owner == REP.name


def test_afterwards_everything_stands_back_by_itself(ctx: Context, clock: HandClock, six: list[LeadId]) -> None:
    cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    clock.go(days=3)
    queue.settle(ctx)
    assert queue.ids(ctx) == []
    clock.go(days=1)
    queue.settle(ctx)
    assert len(queue.ids(ctx)) == 6
    assert all(chip.code != "cover" for row in queue.standing(ctx) for chip in row.chips)
    assert cover.listing(ctx) == []


def test_one_undo_takes_it_back_and_a_redo_sets_it_again(ctx: Context, six: list[LeadId]) -> None:
    before = queue.ids(ctx)
    _, written = cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    assert written.changes.queue
    history.undo(ctx)
    assert queue.ids(ctx) == before
    history.redo(ctx)
    assert queue.ids(ctx) == []


def test_it_ends_early(ctx: Context, six: list[LeadId]) -> None:
    found, _ = cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    cover.end(ctx, found)
    assert len(queue.ids(ctx)) == 6
    refused("cover_over", cover.end, ctx, found)
    with pytest.raises(NotFound):
        cover.end(ctx, "nothing")
    history.undo(ctx)
    assert queue.ids(ctx) == []


def test_several_share_the_leads_and_none_is_lost(ctx: Context) -> None:
    every = {distinct(ctx, n) for n in range(30)}
    cover.begin(ctx, REP.id, [OTHER.id, THIRD.id], FIRST, LAST)
    halves = [set(queue.ids(ctx, rep=who.id)) for who in (OTHER, THIRD)]
    assert halves[0] | halves[1] == every
    assert not halves[0] & halves[1]
    assert min(map(len, halves)) >= 6
    assert [queue.counts(ctx, who.id).total for who in (OTHER, THIRD)] == [len(half) for half in halves]
    for who, half in zip((OTHER, THIRD), halves, strict=True):
        assert {row.lead_id for row in queue.as_of(ctx, ctx.now(), rep=who.id)} == half


def test_colleagues_of_one_company_stay_with_one_person(ctx: Context) -> None:
    from tests.services.conftest import add

    same = {add(ctx, f"同僚 {n}", email=f"c{n}@example.com", company__name="一社") for n in range(6)}
    cover.begin(ctx, REP.id, [OTHER.id, THIRD.id], FIRST, LAST)
    found = [set(queue.ids(ctx, rep=who.id)) | set(queue.ids(ctx, rep=who.id, held=True)) for who in (OTHER, THIRD)]
    assert [one for one in found if one] == [same]


def test_promises_and_clocks_move_along_on_the_cards(ctx: Context, clock: HandClock, six: list[LeadId]) -> None:
    calls.record(ctx, six[1], "CALLBACK_AT", RecordInput(callback_at=ctx.now() + timedelta(hours=4)))
    promised = leads.view(ctx, six[1]).state.next_action
    cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    assert leads.view(ctx, six[1]).state.next_action == promised
    loads = {one.member_id: one for one in team.overview(ctx)}
    mine, theirs = loads[REP.id], loads[OTHER.id]
    assert (mine.open, mine.promised_today, mine.offered) == (6, 0, 0)
    assert (theirs.open, theirs.promised_today, theirs.offered) == (0, 1, 5)
    assert (mine.away_until, mine.covered_by, theirs.covers) == (LAST, (OTHER.name,), (REP.name,))
    assert team.ids(ctx, OTHER.id, "promised_today") == [six[1]]
    for one in loads.values():
        for kind in ("open", *team.ALARMS, "offered", "held"):
            assert len(team.ids(ctx, one.member_id, kind)) == getattr(one, kind)
    clock.go(hours=4)
    queue.settle(ctx)
    sit(ctx, OTHER)
    assert queue.next_lead(ctx) == six[1]
    assert today.today(ctx).sla_soon == queue.counts(ctx).sla_soon


def test_who_covers_works_the_leads_as_their_own(ctx: Context, six: list[LeadId]) -> None:
    cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    sit(ctx, OTHER)
    first, second, *_ = queue.ids(ctx)
    recorded = calls.record(ctx, first, "NO_ANSWER")
    assert recorded.next_lead == second
    assert leads.view(ctx, first).owner == REP.name
    assert leads.view(ctx, first).state.next_action is not None


def test_a_cover_of_somebody_who_is_away_too(ctx: Context, six: list[LeadId]) -> None:
    sit(ctx, replace(THIRD, role="team_lead"))
    cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    cover.begin(ctx, OTHER.id, [THIRD.id], FIRST, FIRST)
    assert len(queue.ids(ctx)) == 6
    cover.begin(ctx, THIRD.id, [REP.id], FIRST, FIRST)  # nobody is left: everybody keeps their own
    assert len(queue.ids(ctx, rep=REP.id)) == 6


def test_only_for_oneself_or_as_a_team_lead(ctx: Context) -> None:
    refused("not_allowed", cover.begin, ctx, OTHER.id, [REP.id], FIRST, LAST)
    sit(ctx, replace(REP, role="team_lead"))
    found, _ = cover.begin(ctx, OTHER.id, [THIRD.id], FIRST, LAST)
    sit(ctx, THIRD)
    refused("not_allowed", cover.end, ctx, found)
    (item,) = cover.listing(ctx)
    assert (item.away, item.by, item.now, item.mine) == (OTHER.name, (THIRD.name,), True, False)


def test_what_makes_no_sense_is_refused(ctx: Context) -> None:
    refused("cover_nobody", cover.begin, ctx, REP.id, [], FIRST, LAST)
    refused("cover_nobody", cover.begin, ctx, REP.id, [REP.id], FIRST, LAST)
    refused("cover_period", cover.begin, ctx, REP.id, [OTHER.id], LAST, FIRST)
    refused("cover_period", cover.begin, ctx, REP.id, [OTHER.id], FIRST - timedelta(9), FIRST - timedelta(2))
    cover.begin(ctx, REP.id, [OTHER.id], FIRST, LAST)
    refused("cover_overlaps", cover.begin, ctx, REP.id, [THIRD.id], LAST, LAST + timedelta(3))
    cover.begin(ctx, REP.id, [THIRD.id], LAST + timedelta(1), LAST + timedelta(3))
    assert [item.now for item in cover.listing(ctx)] == [True, False]


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    made = Room(tmp_path, book, clock)
    yield made
    made.close()


def test_it_travels_and_holds_at_every_desk(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    assert queue.ids(there.ctx) == []
    found, _ = cover.begin(here.ctx, REP.id, [OTHER.id], FIRST, LAST)
    room.settle()
    assert queue.ids(there.ctx) == [lead]
    assert queue.ids(here.ctx) == []
    calls.record(there.ctx, lead, "NO_ANSWER")
    cover.end(here.ctx, found)
    room.settle()
    assert here.calls(lead) == ["NO_ANSWER"]
    assert queue.ids(there.ctx) == []
    assert here.fields(lead)["owner_id"] == REP.id
    room.same(lead)
