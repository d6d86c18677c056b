"""A small team for the tests of sync: real encrypted stores, a real hub, a clock that stands still, lines that fail."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from isdesk.clock import Clock
from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Capabilities,
    Command,
    FieldInfo,
    Glance,
    Hello,
    Offline,
    Page,
    Permanent,
    Person,
    Result,
    Row,
    Scope,
    Signals,
    Status,
    Thing,
    Unknown,
)
from isdesk.crm.sqlhub import SqlHub
from isdesk.domain.changes import Change, Entry, Obj, Value, Verb
from isdesk.domain.ids import DeviceId, JournalId, LeadId, MemberId, TouchId
from isdesk.domain.suppression import Suppression, digest
from isdesk.domain.touch import Channel, Touch
from isdesk.services.views import SyncReport
from isdesk.store import Store, Tx, connections, deliveries, fold, journal, leads, mirror
from isdesk.store.connections import Connection
from isdesk.store.deliveries import Waiting
from isdesk.sync.cycle import Engine

KEY = bytes(range(32))
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
PEOPLE = (
    Person(MemberId("m-sato"), "佐藤 花子", "rep", "sato@example.jp"),
    Person(MemberId("m-ito"), "伊藤 健", "rep", "ito@example.jp"),
    Person(MemberId("m-mori"), "森 恵", "team_lead", "mori@example.jp"),
)


class StillClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - START).total_seconds()

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class CountedIds:
    """Ids in order, different for every device."""

    def __init__(self, prefix: str) -> None:
        self._prefix, self._count = prefix, itertools.count(1)

    def new(self) -> str:
        return f"{self._prefix}-{next(self._count):05}"


class Line:
    """An adapter whose line fails as it is told: ``before`` loses the request, ``after`` the answer, ``twice`` sends it
    two times. Each is consumed by the next pushes, first come first served."""

    def __init__(self, hub: Adapter) -> None:
        self.hub = hub
        self.offline = False
        self.faults: list[str] = []
        self.refuse: dict[str, str] = {}
        self.poison: set[str] = set()
        self.pushed: list[list[str]] = []
        self.batch_max = 500

    @property
    def name(self) -> str:
        return self.hub.name

    def _up(self) -> None:
        if self.offline:
            raise Offline("hub_offline")

    def hello(self) -> Hello:
        self._up()
        return self.hub.hello()

    def capabilities(self) -> Capabilities:
        return replace(self.hub.capabilities(), batch_max=self.batch_max)

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        return self.hub.describe(obj)

    def members(self) -> Sequence[Person]:
        return self.hub.members()

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        self._up()
        return self.hub.changes(obj, cursor, scope, limit)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        self._up()
        return self.hub.fetch(obj, ids)

    def ids(self, obj: Thing, scope: Scope) -> Any:
        self._up()
        return self.hub.ids(obj, scope)

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        self._up()
        self.pushed.append([c.key for c in batch])
        if any(c.id in self.poison for c in batch):
            raise Permanent("bad_batch", field="note")
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "before":
            raise Unknown("timeout")
        good = [c for c in batch if c.id not in self.refuse]
        results = {r.key: r for r in self.hub.push(good)}
        if fault == "after":
            raise Unknown("timeout")
        if fault == "twice":
            results = {r.key: r for r in self.hub.push(good)}
        for c in batch:
            if c.id in self.refuse:
                results[c.key] = Result(c.key, Status.REFUSED, code="refused", message=self.refuse[c.id])
        return [results[c.key] for c in batch]

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        self._up()
        return self.hub.probe(asked)

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        self._up()
        return self.hub.history(obj, lead_ids)

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        self._up()
        return self.hub.glance(lead_id, budget_s)

    def carried(self, obj: Thing) -> frozenset[str] | None:
        return self.hub.carried(obj)

    def link(self, obj: Thing, remote_id: str) -> str | None:
        return self.hub.link(obj, remote_id)

    @property
    def signals(self) -> Signals:
        return self.hub.signals

    def close(self) -> None:
        self.hub.close()


class Place(Protocol):
    """Where installations stand: the folder of their files, a database to begin with, and the clock on the wall."""

    folder: Path
    template: Path
    clock: StillClock
    url: str
    suppression_key: bytes


class Station:
    """One installation: a store, a line to the hub, and the few verbs that the tests need."""

    line: Adapter
    clock: Clock

    def __init__(self, place: Place, name: str, user: str, scope: Scope, line: Adapter) -> None:
        self.place, self.name, self.user, self.line, self.scope = place, name, user, line, scope
        self.path = place.folder / f"{name}.db"
        if not self.path.exists():
            shutil.copy(place.template, self.path)
        self.clock = place.clock
        self.id = DeviceId(f"d-{name}")
        self.ids = CountedIds(name)
        self.projected: list[LeadId] = []
        self.store = self._open()
        self.engine = self._engine()

    def _open(self) -> Store:
        return Store(self.path, KEY)

    def _engine(self) -> Engine:
        return Engine(
            self.store,
            self.line,
            clock=self.clock,
            ids=self.ids,
            rng=Random(1),
            device_id=self.id,
            reproject=self._reproject,
            scope=self.scope,
        )

    def connect(self) -> int:
        with self.store.write() as tx:
            name = self.line.name
            connections.put(tx, Connection(name, name, self.place.url, self.clock.now()))
            return deliveries.enqueue_backlog(tx, name)

    def _reproject(self, tx: Tx, ids: Collection[LeadId]) -> None:
        self.projected += ids
        tx.many("UPDATE lead SET until = NULL WHERE id = ?", [(i,) for i in ids])

    def restart(self) -> None:
        """The process ends without a word and begins again."""
        self.store.close()
        self.store = self._open()
        self.engine = self._engine()

    # ------------------------------------------------------------------------------------------------- the verbs

    def write(
        self,
        *,
        touches: Sequence[Touch] = (),
        changes: Sequence[Change] = (),
        suppressions: Sequence[Suppression] = (),
        undoes: str | None = None,
        verb: Verb = Verb.EDIT,
        lead: str | None = None,
    ) -> str:
        entry_id = JournalId(self.ids.new())
        with self.store.write() as tx:
            seq = journal.next_seq(tx, self.id)
            entry = Entry(
                entry_id, verb, self.clock.now(), MemberId(self.user), self.id, seq, "p@1",
                undoes=JournalId(undoes) if undoes else None, lead_id=LeadId(lead) if lead else None,
            )  # fmt: skip
            journal.append(tx, entry, touches, changes, (), suppressions)
        return entry_id

    def create(self, lead: str, **fields: Value) -> str:
        after: dict[str, Value] = {"owner_id": self.user, **fields}
        change = Change(Obj.LEAD, lead, dict.fromkeys(after), after, created=True)
        return self.write(changes=[change], verb=Verb.CREATE, lead=lead)

    def company(self, company: str, **fields: Value) -> str:
        return self.write(changes=[Change(Obj.COMPANY, company, dict.fromkeys(fields), dict(fields), created=True)])

    def edit(self, lead: str, **fields: Value) -> str:
        seen = self.fields(lead)
        before = {code: seen.get(code) for code in fields}
        return self.write(changes=[Change(Obj.LEAD, lead, before, dict(fields))], lead=lead)

    def call(self, lead: str, outcome: str = "NO_ANSWER", note: str = "") -> str:
        with self.store.write() as tx:
            seq = journal.next_seq(tx, self.id)
        touch = Touch(
            TouchId(self.ids.new()), LeadId(lead), None, MemberId(self.user), self.id, seq, self.clock.now(),
            channel=Channel.PHONE, outcome=outcome, note=note,
        )  # fmt: skip
        self.write(touches=[touch], verb=Verb.RECORD, lead=lead)
        return touch.id

    def suppress(self, number: str, lifts: str | None = None) -> str:
        hmac = digest(self.place.suppression_key, "number", number)
        me, at = MemberId(self.user), self.clock.now()
        event = Suppression(self.ids.new(), "number", hmac, at, me, lifts=lifts)
        self.write(suppressions=[event], verb=Verb.DO_NOT_CALL)
        return event.id

    def sync(self, *, full: bool = False) -> SyncReport:
        return self.engine.run(full=full)

    # ---------------------------------------------------------------------------------------------- what is seen

    def fields(self, lead: str) -> dict[str, Value]:
        with self.store.read() as tx:
            found = leads.facts(tx, LeadId(lead))
        return found.fields if found is not None else {}

    def touches(self, lead: str) -> list[str]:
        with self.store.read() as tx:
            return sorted(t.id for t in leads.touches(tx, LeadId(lead)))

    def waiting(self) -> list[Waiting]:
        with self.store.read() as tx:
            return deliveries.waiting(tx, 1_000)

    def states(self) -> dict[str, str]:
        with self.store.read() as tx:
            return dict(tx.sql("SELECT cmd_id, state FROM delivery").fetchall())

    def conflicts(self) -> list[mirror.Conflict]:
        with self.store.read() as tx:
            return mirror.conflicts(tx)

    def differing(self) -> list[str]:
        with self.store.read() as tx:
            return [*fold.differing(tx, Obj.LEAD), *fold.differing(tx, Obj.COMPANY)]

    def base(self) -> dict[str, str]:
        with self.store.read() as tx:
            return mirror.versions(tx, self.line.name, "lead")

    def numbers_off(self) -> set[str]:
        from isdesk.store import suppressions

        with self.store.read() as tx:
            return {e.hmac for e in suppressions.events(tx)}


class Device(Station):
    """An installation on the hub of a `World`."""

    line: Line

    def __init__(self, world: World, name: str, user: str, scope: Scope, *, connected: bool = True) -> None:
        super().__init__(world, name, user, scope, Line(world.hub(user)))
        if connected:
            self.connect()


class World:
    """The team."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.clock = StillClock()
        self.hub_path = folder / "hub.db"
        self.url = url or f"sqlite:///{self.hub_path}"
        self.suppression_key = bytes(reversed(range(32)))
        self._key = None if url else KEY
        first = SqlHub.create(
            self.url, people=PEOPLE, user="m-mori", key=self._key, suppression_key=self.suppression_key
        )
        first.close()
        self.template = folder / "template.db"
        if not self.template.exists():
            Store.create(self.template, KEY).close()
        self.devices: list[Device] = []
        self._hubs: list[SqlHub] = []

    def hub(self, user: str = "m-mori") -> SqlHub:
        made = SqlHub(self.url, user=user, key=self._key)
        self._hubs.append(made)
        return made

    def device(self, name: str, user: str = "m-sato", scope: Scope = Scope.TEAM, *, connected: bool = True) -> Device:
        made = Device(self, name, user, scope, connected=connected)
        self.devices.append(made)
        return made

    def rows(self, obj: Thing) -> dict[str, dict[str, Value]]:
        """Return what the hub holds."""
        hub = self.hub()
        found: dict[str, dict[str, Value]] = {}
        cursor: str | None = None
        while True:
            page = hub.changes(obj, cursor, Scope.TEAM)
            found |= {r.id: r.fields for r in page.rows}
            cursor = page.next_cursor
            if not page.more:
                return found

    def save_hub(self) -> Path:
        """Copy the hub as a backup does."""
        self.hang_up()
        copy = self.folder / "hub.backup"
        shutil.copy(self.hub_path, copy)
        return copy

    def restore_hub(self, copy: Path) -> None:
        self.hang_up()
        for name in ("hub.db-wal", "hub.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copy(copy, self.hub_path)

    def hang_up(self) -> None:
        for hub in self._hubs:
            hub.close()

    def settle(self, rounds: int = 3) -> None:
        for _ in range(rounds):
            for device in self.devices:
                self.clock.move(minutes=20)
                device.sync()

    def close(self) -> None:
        for device in self.devices:
            device.store.close()
        self.hang_up()
