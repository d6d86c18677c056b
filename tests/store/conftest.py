"""A real encrypted database per test, and short ways to make facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isdesk.domain.changes import Change, Entry, Obj, Value, Verb
from isdesk.domain.ids import CompanyId, DeviceId, JournalId, LeadId, MemberId, TouchId
from isdesk.domain.touch import Touch
from isdesk.store import Store, connections, journal

KEY = bytes(range(32))
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ME, DEVICE = MemberId("m-1"), DeviceId("d-1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path / "isdesk.db", KEY)
    yield made
    made.close()


@dataclass
class Desk:
    """Writes entries with ids that count up."""

    store: Store
    number: int = 0
    written: list[JournalId] = field(default_factory=list)

    def fresh(self) -> str:
        self.number += 1
        return f"{self.number:04d}"

    def connect(self) -> None:
        with self.store.write() as tx:
            connections.put(tx, connections.Connection("hub", "sqlhub", "sqlite://", NOW))

    def touch(self, lead: str, at: datetime = NOW, **more: object) -> Touch:
        number = int(self.fresh())
        made = Touch(TouchId(f"t-{number}"), LeadId(lead), None, ME, DEVICE, number, at)
        from dataclasses import replace

        return replace(made, **more)  # type: ignore[arg-type]

    def write(
        self,
        *changes: Change,
        verb: Verb = Verb.EDIT,
        touches: tuple[Touch, ...] = (),
        undoes: JournalId | None = None,
    ) -> JournalId:
        number = int(self.fresh())
        entry = Entry(JournalId(f"j-{number}"), verb, NOW + timedelta(seconds=number), ME, DEVICE, number, "p1", undoes)
        with self.store.write() as tx:
            journal.append(tx, entry, touches, changes)
        self.written.append(entry.id)
        return entry.id

    def undo(self, journal_id: JournalId) -> JournalId:
        with self.store.read() as tx:
            loaded = journal.load(tx, journal_id)
        return self.write(*(c.inverse() for c in loaded.changes), verb=Verb.UNDO, undoes=journal_id)

    def lead(self, key: str, company: str | None = None, **fields: Value) -> JournalId:
        facts: dict[str, Value] = {"name": "山田 太郎", **fields}
        if company is not None:
            facts["company_id"] = CompanyId(company)
        return self.write(new(Obj.LEAD, key, facts), verb=Verb.CREATE)

    def company(self, key: str, name: str, **fields: Value) -> JournalId:
        return self.write(new(Obj.COMPANY, key, {"name": name, **fields}), verb=Verb.CREATE)


def new(obj: Obj, key: str, facts: dict[str, Value]) -> Change:
    return Change(obj, key, dict.fromkeys(facts), facts, created=True)


def change(key: str, obj: Obj = Obj.LEAD, **after: Value) -> Change:
    return Change(obj, key, dict.fromkeys(after), after)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)
