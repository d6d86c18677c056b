"""Several desks on one real hub, each with its own encrypted database, for what happens between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from random import Random

from typing_extensions import override

from isdesk.clock import SystemIds
from isdesk.crm.port import Command, Offline, Person, Result, Scope, Status, Thing, Unknown
from isdesk.crm.sqlhub import SqlHub
from isdesk.domain.changes import Obj, Value
from isdesk.domain.ids import DeviceId, LeadId
from isdesk.domain.member import Member
from isdesk.domain.touch import effective
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.playbook import Playbook
from isdesk.services import leads as lead_services
from isdesk.services import projection, queue
from isdesk.services.context import Context
from isdesk.services.views import SyncReport
from isdesk.store import Store, Tx, connections, fold, members, meta, suppressions
from isdesk.store import leads as stored
from isdesk.sync import Engine
from tests.services.conftest import FS, OTHER, REP, HandClock

KEY = b"s" * 32


class Line(SqlHub):
    """A hub whose line fails as it is told: ``lost`` answers, ``down``, records of ``refuse`` are refused."""

    lost = 0
    before = False
    """Whether what is lost is lost on the way there."""
    down = False
    refuse: frozenset[str] = frozenset()
    """Kinds of objects that the hub refuses."""

    @override
    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write what is not refused; then lose the answer where that was asked for."""
        if self.down:
            raise Offline("hub_offline")
        if self.lost and self.before:
            self.lost -= 1
            raise Unknown("timeout")
        done = {r.key: r for r in super().push([c for c in batch if c.obj not in self.refuse])}
        if self.lost:
            self.lost -= 1
            raise Unknown("timeout")
        return [done.get(c.key, Result(c.key, Status.REFUSED, code="refused", message="no")) for c in batch]


class Seat:
    """One person at one desk."""

    def __init__(self, folder: Path, name: str, who: Member, book: Playbook, clock: HandClock) -> None:
        self.store = Store.create(folder / f"{name}.db", b"k" * 32)
        team = {m.id: m for m in (REP, FS, OTHER)}
        with self.store.write() as tx:
            meta.new_device(tx, DeviceId(f"d-{name}"), clock.now())
            members.put(tx, team.values())
            connections.put(tx, connections.Connection("sqlhub", "sqlhub", "", clock.now(), scope="team"))
        self.ctx = Context(
            store=self.store,
            clock=clock,
            ids=SystemIds(clock),
            playbook=book,
            calendar=WorkCalendar(book.rules.business),
            me=who,
            device_id=DeviceId(f"d-{name}"),
            suppression_key=KEY,
            members=team,
        )
        self.line = Line(f"sqlite:///{folder / 'hub.db'}", user=who.id, key=bytes(32))
        self.engine = Engine(
            self.store,
            self.line,
            clock=clock,
            device_id=self.ctx.device_id,
            reproject=self._reproject,
            newcomers=lambda at: projection.Newcomers(self.ctx, at),
            scope=Scope.TEAM,
            rng=Random(1),
        )

    def _reproject(self, tx: Tx, ids: Collection[LeadId]) -> None:
        projection.refresh(self.ctx, tx, ids)

    def sync(self, *, full: bool = False) -> SyncReport:
        """One round."""
        report = self.engine.run(full=full)
        queue.settle(self.ctx)
        return report

    def fields(self, lead: LeadId) -> dict[str, Value]:
        """What is known of a lead; nothing where it is gone."""
        with self.store.read() as tx:
            found = stored.facts(tx, lead)
        return {} if found is None else found.fields

    def calls(self, lead: LeadId) -> list[str | None]:
        """The outcomes that count."""
        with self.store.read() as tx:
            return [t.outcome for t in effective(stored.touches(tx, lead))]

    def barred(self) -> set[str]:
        """The digests that must not be called."""
        with self.store.read() as tx:
            events = suppressions.events(tx)
            return suppressions.active(tx, {e.hmac for e in events})

    def states(self) -> list[str]:
        """The states of all deliveries that are still open."""
        with self.store.read() as tx:
            return [
                str(row[0])
                for row in tx.sql("SELECT state FROM delivery WHERE state NOT IN ('acked', 'cancelled', 'conflict')")
            ]

    def sound(self) -> None:
        """Facts, states and places are what a rebuild would make of them (I5)."""
        with self.store.read() as tx:
            assert fold.differing(tx, Obj.LEAD) == fold.differing(tx, Obj.COMPANY) == []
            before = tx.sql("SELECT * FROM lead ORDER BY id").fetchall()
        with self.store.write() as tx:
            fold.rebuild(tx)
            projection.rebuild(self.ctx, tx)
            assert tx.sql("SELECT * FROM lead ORDER BY id").fetchall() == before

    def add(self, name: str = "山田 太郎", **fields: Value) -> LeadId:
        """Make a lead."""
        from tests.services.conftest import add

        return add(self.ctx, name, **fields)

    def edit(self, lead: LeadId, **fields: Value) -> None:
        """Change fields."""
        lead_services.edit(self.ctx, lead, fields)


class Room:
    """A hub and the desks at it."""

    def __init__(self, folder: Path, book: Playbook, clock: HandClock) -> None:
        self.folder, self.book, self.clock = folder, book, clock
        people = [Person(m.id, m.name, m.role, m.email) for m in (REP, FS, OTHER)]
        self.hub = SqlHub.create(
            f"sqlite:///{folder / 'hub.db'}", people=people, user=REP.id, key=bytes(32), suppression_key=KEY
        )
        self.seats: list[Seat] = []

    def seat(self, name: str, who: Member = REP) -> Seat:
        """Another desk."""
        made = Seat(self.folder, name, who, self.book, self.clock)
        self.seats.append(made)
        return made

    def settle(self, rounds: int = 2) -> None:
        """Let everybody sync until nothing moves."""
        for _ in range(rounds):
            for seat in self.seats:
                self.clock.go(minutes=1)
                seat.sync()

    def same(self, *leads: LeadId) -> None:
        """Everybody has the same leads, calls and bars, and so has the hub (I1, I6)."""
        first = self.seats[0]
        for seat in self.seats:
            assert seat.states() == []
            assert seat.barred() == first.barred()
            seat.sound()
            for lead in leads:
                assert seat.fields(lead) == first.fields(lead)
                assert seat.calls(lead) == first.calls(lead)
        for lead in leads:
            for row in self.hub.fetch(Thing.LEAD, [lead]):
                if row.fields.get("deleted") is not True:
                    assert row.fields == first.fields(lead)

    def close(self) -> None:
        """Let go of everything."""
        for seat in self.seats:
            seat.line.close()
            seat.store.close()
        self.hub.close()
