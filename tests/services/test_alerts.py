"""A complaint reaches the team lead's desk at its next sync, once, and not when it was taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isdesk.playbook import Playbook
from isdesk.services import alerts, calls, history
from isdesk.services.calls import RecordInput
from tests.services.conftest import OTHER, HandClock
from tests.services.desks import Room, Seat

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
