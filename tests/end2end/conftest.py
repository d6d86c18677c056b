"""A team's hub over a wire that can be cut, and people who sit at their windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from isdesk.clock import Clock
from isdesk.crm.port import Row, Scope, Thing
from isdesk.crm.sqlhub import SqlHub
from isdesk.desk import Desk
from isdesk.domain.member import Member
from isdesk.services import demo
from tests.end2end.person import Person, Telephone
from tests.end2end.wire import Wire
from tests.postgres import Server, postgres
from tests.services.conftest import TUESDAY, HandClock, clock

__all__ = ["clock", "postgres"]

PASSPHRASE = "correct horse battery staple"


@dataclass
class TeamHub:
    """A PostgreSQL hub with a made-up team: reachable over ``wire``, and ``direct`` for those who check."""

    made: demo.Team
    wire: Wire
    direct: str
    clock: HandClock

    def desk(self, root: Path, who: Member, scope: str = "mine") -> Desk:
        """Make a fresh profile of a person, connected over the wire, and fetch everything."""
        desk, _ = Desk.create(root, name=who.name, email=who.email, clock=self.clock)
        desk.connect("sqlhub", url=self.wire.url(self.direct), user=who.id, scope=scope)
        desk.sync()
        return desk

    def person(self, role: str) -> Member:
        """Return the first person of a role."""
        return next(one for one in self.made.members if one.role == role)

    def rows(self, thing: Thing) -> dict[str, Row]:
        """Return every record of a kind as it stands in the hub."""
        with closing(SqlHub(self.direct, user=self.made.me.id)) as hub:
            return {row.id: row for row in hub.fetch(thing, [key for key, _ in hub.ids(thing, Scope.TEAM)])}


@pytest.fixture
def hub(postgres: Server, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[TeamHub]:
    """Give the hub of a team of two reps, on a Tuesday at ten."""
    monkeypatch.setenv("ISDESK_PASSPHRASE", PASSPHRASE)
    made = demo.team(TUESDAY, leads=760, reps=2, days=20)
    direct = postgres.new_database()
    demo.fill(made, direct, b"")
    wire = Wire(postgres)
    yield TeamHub(made, wire, direct, clock)
    wire.cut()


@pytest.fixture
def telephone(qapp: QApplication) -> Iterator[Telephone]:
    """Give the system's program for ``tel:`` links."""
    del qapp
    made = Telephone()
    yield made
    made.hang_up()


@pytest.fixture
def sit(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[Path, Clock], Person]]:
    """Give a way to let a person sit down at the window of a profile; all leave at the end."""
    people: list[Person] = []

    def down(profile: Path, clock: Clock) -> Person:
        people.append(Person(qapp, qtbot, profile, clock))
        people[-1].sit_down()
        return people[-1]

    yield down
    for one in people:
        one.leave()
