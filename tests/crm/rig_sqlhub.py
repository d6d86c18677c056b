"""The SQL hub for the contract suite: an encrypted file, and a PostgreSQL server behind a wire that can be cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from typing_extensions import override

from isdesk.crm.contract import Absent
from isdesk.crm.port import Adapter, Command, Do, Status, Thing
from isdesk.crm.sqlhub import SqlHub
from isdesk.crm.sqlhub.effects import encode
from isdesk.crm.sqlhub.tables import record
from isdesk.domain.changes import Value
from tests.crm.conftest import PEOPLE
from tests.crm.wire import Wire

MEMBERS = {"sato": "m-sato", "ito": "m-ito"}
KEY = bytes(range(32))


class Rig:
    """A hub with its people; what a person does in it goes through a connection of its own."""

    def __init__(self, url: str, key: bytes | None, wire: Wire | None = None) -> None:
        self._url = url
        self._key = key
        self._wire = wire
        self._made: list[SqlHub] = []
        self._hub = SqlHub.create(url, people=PEOPLE, user="m-sato", key=key)

    def close(self) -> None:
        """Close what was opened."""
        for hub in (*self._made, self._hub):
            hub.close()

    def connect(self, user: str = "sato") -> Adapter:
        url = self._wire.url(self._url) if self._wire is not None else self._url
        self._made.append(SqlHub(url, user=MEMBERS[user], key=self._key))
        return self._made[-1]

    def make(self, obj: Thing, fields: Mapping[str, Value], *, owner: str = "sato") -> str:
        identity = str(uuid4())
        if obj is Thing.TOUCH:
            self._do(Do.APPEND, obj, identity, {"id": identity, "outcome": "NO_ANSWER", **fields})
        else:
            owned = {"owner_id": MEMBERS[owner]} if obj is Thing.LEAD else {}
            self._do(Do.PATCH, obj, identity, {**owned, **fields})
        return identity

    def make_many(self, count: int, *, same_stamp: bool = True) -> Sequence[str]:
        ids = [str(uuid4()) for _ in range(count)]
        owner = MEMBERS["sato"]
        self._hub.seed(Thing.LEAD, [(i, i, {"name": f"顧客 {n}", "owner_id": owner}) for n, i in enumerate(ids)])
        return ids

    def edit(self, obj: Thing, record_id: str, fields: Mapping[str, Value]) -> None:
        self._do(Do.PATCH, obj, record_id, fields, self.fields(obj, record_id))

    def give(self, record_id: str, owner: str) -> None:
        self.edit(Thing.LEAD, record_id, {"owner_id": MEMBERS[owner]})

    def delete(self, obj: Thing, record_id: str) -> None:
        """Bury a record, as the purge of a hub does: it stays as a tombstone of a newer version."""
        (row,) = self._hub.fetch(obj, [record_id])
        self._do(Do.PATCH, obj, record_id, {"closed" if obj is Thing.COMPANY else "deleted": True}, row.fields)
        one = (record.c.object == bindparam("o")) & (record.c.id == bindparam("i"))
        with self._hub.engine.begin() as link:
            link.execute(update(record).where(one).values(deleted=1, data="{}"), {"o": obj, "i": record_id})

    def merge(self, loser: str, winner: str) -> None:
        self.edit(Thing.LEAD, loser, {"merged_into": winner})

    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        raise Absent("one writer at a time: commits are the order")

    def fields(self, obj: Thing, record_id: str) -> Mapping[str, Value]:
        return next((row.fields for row in self._hub.fetch(obj, [record_id]) if not row.deleted), {})

    def activities(self, lead_id: str) -> Sequence[str]:
        with self._hub.engine.connect() as link:
            of_lead = (record.c.object == Thing.TOUCH) & (record.c.lead_id == lead_id)
            return list(link.execute(select(record.c.id).where(of_lead)).scalars())

    def opportunities(self, lead_id: str) -> int:
        raise Absent("a hub has no opportunities beside the steps of a handoff")

    def fail(self, kind: str, *, on: str = "write", count: int = 1, retry_after: float | None = None) -> None:
        if self._wire is None:
            raise Absent("a file has no wire")
        self._wire.fail(kind, on=on, count=count)

    def spoil(self, what: str, code: str, value: str = "") -> None:
        raise Absent("a hub keeps records as they are")

    def move(self, seconds: float) -> None:
        """Nothing in a hub waits for time."""

    def refusable(self) -> Mapping[str, Value]:
        return {"name": "長", "is_memo": "x" * 1_000_001}

    def secrets(self) -> Sequence[str]:
        return [self._key.hex()] if self._key is not None else []

    def _do(
        self, do: Do, obj: Thing, identity: str, fields: Mapping[str, Value], base: Mapping[str, Value] | None = None
    ) -> None:
        lead = {Thing.LEAD: identity, Thing.TOUCH: str(fields.get("lead_id"))}.get(obj)
        (result,) = self._hub.push([Command(str(uuid4()), do, obj, identity, fields, base or {}, lead_id=lead)])
        assert result.status is Status.ACKED, result


class Server(Rig):
    """A hub on a server, where transactions run side by side."""

    @override
    def late_commit(self, fields: Mapping[str, Value]) -> Callable[[], str]:
        identity = str(uuid4())
        slow = self._hub.engine.connect()
        version, xact = (
            slow.exec_driver_sql(f"SELECT {said}").scalar_one()
            for said in ("nextval('hub_version')", "pg_current_xact_id()::text::bigint")
        )
        row = {"object": "lead", "id": identity, "data": encode(dict(fields)), "version": version, "xact": xact}
        slow.execute(insert(record), row)

        def commit() -> str:
            slow.commit()
            slow.close()
            return identity

        return commit


@contextmanager
def sqlite(tmp_path: Path) -> Iterator[Rig]:
    """Give a hub in a file."""
    made = Rig(f"sqlite:///{tmp_path / 'hub.db'}", KEY)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def postgres(tmp_path: Path) -> Iterator[Rig]:
    """Give a hub in the database whose address lies in ``server``, behind a wire."""
    with Wire() as wire:
        made = Server((tmp_path / "server").read_text(encoding="utf-8"), None, wire)
        try:
            yield made
        finally:
            made.close()


rig = sqlite
VARIANTS = {"sqlite": sqlite, "postgres": postgres}
