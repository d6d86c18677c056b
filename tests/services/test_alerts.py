"""A complaint reaches the team lead's desk at its next sync, once, and not when it was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isdesk.playbook import Playbook
from isdesk.services import alerts, calls, handoffs, history
from isdesk.services.calls import RecordInput
from tests.services.conftest import FS, OTHER, HandClock
from tests.services.desks import Room, Seat
from tests.services.test_handoffs import ready

BOSS = replace(OTHER, role="team_lead")


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    made = Room(tmp_path, book, clock)
    yield made
    made.close()


@pytest.fixture
def desks(room: Room) -> tuple[Seat, Seat]:
    """A rep's desk and the team lead's."""
    return room.seat("rep"), room.seat("boss", BOSS)


def test_a_complaint_is_told_to_the_team_lead_once(room: Room, desks: tuple[Seat, Seat]) -> None:
    rep, boss = desks
    lead = rep.add()
    calls.record(rep.ctx, lead, "COMPLAINT", RecordInput(note="何度も掛かってくる"))
    assert alerts.fresh(boss.ctx) == []
    room.settle()
    told = alerts.fresh(boss.ctx)
    assert [(one.lead_id, one.rep, one.note) for one in told] == [(lead, rep.ctx.me.name, "何度も掛かってくる")]
    assert alerts.fresh(boss.ctx) == []
    assert alerts.fresh(rep.ctx) == []


def test_a_complaint_that_was_taken_back_is_not_told(room: Room, desks: tuple[Seat, Seat]) -> None:
    rep, boss = desks
    calls.record(rep.ctx, rep.add(), "COMPLAINT", RecordInput(note="人違い"))
    rep.sync()
    history.undo(rep.ctx)
    room.settle()
    assert alerts.fresh(boss.ctx) == []


def test_the_rep_hears_once_what_became_of_an_own_handoff(room: Room, clock: HandClock) -> None:
    rep, fs, second = room.seat("rep"), room.seat("fs", FS), room.seat("other", OTHER)
    lead = rep.add()
    ready(rep.ctx, lead)
    handoffs.submit(rep.ctx, lead)
    assert alerts.handoff_news(rep.ctx) == []
    room.settle()
    handoffs.return_(fs.ctx, lead, "issue_unclear")
    room.settle()
    (news,) = alerts.handoff_news(rep.ctx)
    assert (news.lead_id, news.by, news.action, news.reason) == (lead, FS.name, "return", "issue_unclear")
    assert alerts.handoff_news(rep.ctx) == []
    clock.go(minutes=5)
    handoffs.submit(rep.ctx, lead)
    room.settle()
    handoffs.accept(fs.ctx, lead)
    clock.go(days=4)
    handoffs.feedback(fs.ctx, lead, "lost", factor="budget")
    room.settle()
    assert [(one.action, one.result, one.reason) for one in alerts.handoff_news(rep.ctx)] == [
        ("accept", "", ""),
        ("feedback", "lost", "budget"),
    ]
    for seat in (fs, second):
        assert alerts.handoff_news(seat.ctx) == []
        assert alerts.handoff_news(seat.ctx) == []


def test_a_desk_that_asks_for_the_first_time_has_a_past_but_no_news(room: Room) -> None:
    rep, fs = room.seat("rep"), room.seat("fs", FS)
    lead = rep.add()
    ready(rep.ctx, lead)
    handoffs.submit(rep.ctx, lead)
    room.settle()
    handoffs.accept(fs.ctx, lead)
    room.settle()
    assert alerts.handoff_news(rep.ctx) == []
