"""How commands become writes at the hub: keys claimed and effects applied in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import BindParameter, Connection, bindparam, case, func, literal_column, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from isdesk.crm.port import Command, Do, Result, Status, Thing
from isdesk.crm.sqlhub.tables import command, hub_meta, record, versions
from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind, Merge
from isdesk.domain.merge import same

MAX_TEXT = 1_000_000
"""Most bytes of one record as JSON."""

RESTRICTED: dict[str, frozenset[str]] = {
    Thing.LEAD: frozenset(code for code, f in LEAD_FIELDS.items() if f.merge is Merge.RESTRICT),
    Thing.COMPANY: frozenset(code for code, f in COMPANY_FIELDS.items() if f.merge is Merge.RESTRICT),
}

KINDS: dict[str, dict[str, Kind]] = {
    Thing.LEAD: {code: f.kind for code, f in LEAD_FIELDS.items()},
    Thing.COMPANY: {code: f.kind for code, f in COMPANY_FIELDS.items()},
}

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
_decode = json.JSONDecoder().decode

_ids: BindParameter[list[str]] = bindparam("ids", expanding=True)
_find = select(record).where(record.c.object == bindparam("obj"), record.c.id.in_(_ids)).order_by(record.c.id)
_owners = select(record.c.id, record.c.owner_id).where(record.c.object == Thing.LEAD, record.c.id.in_(_ids))
_patched = (
    update(record)
    .where(record.c.object == bindparam("b_object"), record.c.id == bindparam("b_id"))
    .values(
        {
            name: bindparam(name)
            for name in ("company_id", "owner_id", "prev_owner_id", "data", "version", "xact", "deleted", "device_id")
        }
    )
)
_follow_owner = (
    update(record)
    .where(
        record.c.lead_id == bindparam("b_lead"),
        or_(record.c.object == Thing.TOUCH, record.c.object == Thing.TRANSITION),
    )
    .values(
        prev_owner_id=case((record.c.owner_id.is_(None), record.c.prev_owner_id), else_=record.c.owner_id),
        owner_id=bindparam("b_owner"),
        version=bindparam("b_version"),
        xact=bindparam("b_xact"),
    )
)
_wake_company = (
    update(record)
    .where(
        record.c.object == Thing.COMPANY,
        record.c.id == bindparam("b_id"),
        record.c.version < bindparam("b_first"),
    )
    .values(version=bindparam("b_version"), xact=bindparam("b_xact"))
)


def encode(value: object) -> str:
    """Return canonical JSON; a lone surrogate, which no database keeps, becomes U+FFFD."""
    written = _encode(value)
    if written.isascii():
        return written
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in written) if _torn(written) else written


def _torn(written: str) -> bool:
    try:
        written.encode()
    except UnicodeEncodeError:
        return True
    return False


def decode(written: str) -> dict[str, Value]:
    """Return the fields of a record."""
    return cast("dict[str, Value]", _decode(written))


class Stamps:
    """Versions of one transaction: the writer's id (PostgreSQL) and numbers that grow with every write."""

    def __init__(self, connection: Connection, expected: int) -> None:
        self._connection = connection
        self._postgres = connection.dialect.name == "postgresql"
        if self._postgres:
            self.xact = int(connection.execute(text("SELECT pg_current_xact_id()::text")).scalar_one())
            self._numbers = self._draw(max(1, expected))
        else:
            self.xact = 0
            head = connection.execute(select(hub_meta.c.value).where(hub_meta.c.name == "head")).scalar_one()
            self._last = int(head)
        self.first: int | None = None

    def next(self) -> int:
        """Return the next version."""
        if self._postgres:
            if not self._numbers:
                self._numbers = self._draw(64)
            number = self._numbers.pop()
        else:
            self._last += 1
            number = self._last
        if self.first is None:
            self.first = number
        return number

    def _draw(self, count: int) -> list[int]:
        drawn = self._connection.execute(
            select(versions.next_value()).select_from(func.generate_series(1, count).alias("n"))
        ).scalars()
        return sorted((int(n) for n in drawn), reverse=True)

    def close(self) -> None:
        """Write down the last version given (SQLite)."""
        if not self._postgres and self.first is not None:
            self._connection.execute(update(hub_meta).where(hub_meta.c.name == "head").values(value=str(self._last)))


@dataclass(slots=True)
class Held:
    """A record as it stands within the transaction."""

    obj: str
    id: str
    lead_id: str | None
    company_id: str | None
    owner_id: str | None
    prev_owner_id: str | None
    fields: dict[str, Value]
    version: int
    deleted: bool = False
    device_id: str | None = None
    new: bool = False
    dirty: bool = False
    moved: bool = False

    def follow(self) -> None:
        """Take over owner and company from the fields of a lead, and note that they changed."""
        if self.obj != Thing.LEAD:
            return
        owner, company = text_or_none(self.fields.get("owner_id")), text_or_none(self.fields.get("company_id"))
        if owner != self.owner_id:
            self.prev_owner_id, self.owner_id, self.moved = self.owner_id, owner, True
        if company != self.company_id:
            self.company_id, self.moved = company, True

    def row(self, xact: int) -> dict[str, object]:
        """Return the columns as they are written."""
        return {
            "object": self.obj,
            "id": self.id,
            "lead_id": self.lead_id,
            "company_id": self.company_id,
            "owner_id": self.owner_id,
            "prev_owner_id": self.prev_owner_id,
            "data": encode(self.fields),
            "version": self.version,
            "xact": xact,
            "deleted": int(self.deleted),
            "device_id": self.device_id,
        }


@dataclass(slots=True)
class Batch:
    """Applies commands in their order to the records they name, then writes all of it."""

    connection: Connection
    max_note: int
    held: dict[tuple[str, str], Held] = field(default_factory=dict)
    owners: dict[str, str | None] = field(default_factory=dict)

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Return one result per command, in their order."""
        fresh = self._claim(commands)
        self._hold(commands)
        stamps = Stamps(self.connection, len(commands))
        done: dict[str, Result] = {}
        for one in commands:
            if one.key not in done:
                done[one.key] = self._apply(one, stamps) if one.key in fresh else self._seen(one)
        unwritten = [r.key for r in done.values() if r.status not in {Status.ACKED, Status.DUPLICATE}]
        if unwritten:
            self.connection.execute(command.delete().where(command.c.cmd_uuid.in_(unwritten)))
        self._write(stamps)
        stamps.close()
        return [done[one.key] for one in commands]

    def _claim(self, commands: Sequence[Command]) -> set[str]:
        insert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(command).on_conflict_do_nothing(index_elements=[command.c.cmd_uuid])
        rows = {
            c.key: {"cmd_uuid": c.key, "object": str(c.obj), "id": c.id, "device_id": c.device_id} for c in commands
        }
        claimed = self.connection.execute(statement.returning(command.c.cmd_uuid), [rows[key] for key in sorted(rows)])
        return set(claimed.scalars())

    def _hold(self, commands: Sequence[Command]) -> None:
        wanted: dict[str, set[str]] = {}
        for one in commands:
            wanted.setdefault(str(one.obj), set()).add(one.id)
        lock = self.connection.dialect.name == "postgresql"
        for obj in sorted(wanted):
            statement = _find.with_for_update() if lock else _find
            for row in self.connection.execute(statement, {"obj": obj, "ids": sorted(wanted[obj])}).mappings():
                self.held[obj, row["id"]] = Held(
                    obj,
                    row["id"],
                    row["lead_id"],
                    row["company_id"],
                    row["owner_id"],
                    row["prev_owner_id"],
                    decode(row["data"]),
                    row["version"],
                    bool(row["deleted"]),
                    row["device_id"],
                )
        leads = {
            one.lead_id for one in commands if one.obj in {Thing.TOUCH, Thing.TRANSITION} and one.lead_id is not None
        }
        if leads:
            statement = _owners.with_for_update(read=True) if lock else _owners
            for lead, owner in self.connection.execute(statement, {"ids": sorted(leads)}):
                self.owners[lead] = owner

    def _seen(self, one: Command) -> Result:
        held = self.held.get((str(one.obj), one.id))
        if held is None:
            return Result(one.key, Status.DUPLICATE, one.id)
        fields = dict(held.fields) if one.do is Do.PATCH else None
        return Result(one.key, Status.DUPLICATE, one.id, str(held.version), fields)

    def _apply(self, one: Command, stamps: Stamps) -> Result:
        refused = self._refuse(one)
        if refused is not None:
            return refused
        held = self.held.get((str(one.obj), one.id))
        if one.do is Do.APPEND:
            return self._append(one, held, stamps)
        return self._patch(one, held, stamps)

    def _refuse(self, one: Command) -> Result | None:
        note = one.payload.get("note")
        if isinstance(note, str) and len(note) > self.max_note:
            return Result(one.key, Status.REFUSED, code="note_too_long", message=f"note: {len(note)} > {self.max_note}")
        field_object = one.obj in {Thing.LEAD, Thing.COMPANY, Thing.MEMBER, Thing.PLAYBOOK}
        if field_object != (one.do is Do.PATCH):
            return Result(one.key, Status.REFUSED, code="wrong_kind", message=f"{one.obj}: {one.do}")
        if len(encode(dict(one.payload)).encode()) > MAX_TEXT:
            return Result(one.key, Status.REFUSED, code="too_large", message=f"a record holds {MAX_TEXT} bytes at most")
        return None

    def _append(self, one: Command, held: Held | None, stamps: Stamps) -> Result:
        if held is not None:
            return Result(one.key, Status.ACKED, one.id, str(held.version))
        owner = self.owners.get(one.lead_id) if one.lead_id is not None else None
        made = Held(
            str(one.obj),
            one.id,
            one.lead_id,
            None,
            owner,
            None,
            dict(one.payload),
            stamps.next(),
            device_id=one.device_id,
            new=True,
            dirty=True,
        )
        self.held[made.obj, made.id] = made
        return Result(one.key, Status.ACKED, one.id, str(made.version))

    def _patch(self, one: Command, held: Held | None, stamps: Stamps) -> Result:
        if held is not None and held.deleted:
            return Result(one.key, Status.GONE, one.id, str(held.version), code="record_gone")
        if held is None:
            held = Held(str(one.obj), one.id, None, None, None, None, {}, 0, device_id=one.device_id, new=True)
            if one.obj is Thing.LEAD:
                held.lead_id = one.id
        merged = _patched_fields(held, one)
        if merged is None:
            return Result(one.key, Status.CONFLICT, one.id, str(held.version), dict(held.fields))
        if held.new or merged != held.fields:
            self.held[held.obj, held.id] = held
            held.fields, held.version, held.dirty, held.device_id = merged, stamps.next(), True, one.device_id
            held.follow()
        return Result(one.key, Status.ACKED, one.id, str(held.version), dict(held.fields))

    def _write(self, stamps: Stamps) -> None:
        dirty = [h for h in self.held.values() if h.dirty]
        new = [h.row(stamps.xact) for h in dirty if h.new]
        if new:
            self.connection.execute(record.insert(), new)
        old = [{**h.row(stamps.xact), "b_object": h.obj, "b_id": h.id} for h in dirty if not h.new]
        if old:
            self.connection.execute(_patched, old)
        moved = [h for h in dirty if h.moved]
        if moved:
            self._move(moved, stamps)

    def _move(self, moved: Iterable[Held], stamps: Stamps) -> None:
        """Carry a lead's history and its company to the new owner's next pull."""
        first = stamps.first or 0
        follow, wake = [], []
        for lead in moved:
            follow.append(
                {
                    "b_lead": lead.id,
                    "b_owner": lead.owner_id,
                    "b_version": stamps.next(),
                    "b_xact": stamps.xact,
                }
            )
            if lead.company_id is not None and lead.owner_id is not None:
                wake.append(
                    {
                        "b_id": lead.company_id,
                        "b_version": stamps.next(),
                        "b_xact": stamps.xact,
                        "b_first": first,
                    }
                )
        self.connection.execute(_follow_owner, follow)
        if wake:
            self.connection.execute(_wake_company, wake)


def _patched_fields(held: Held, one: Command) -> dict[str, Value] | None:
    """Return the record's fields with the patch laid over them; None where one differs from what the sender saw.

    A field that only ever tightens (do-not-call, opt-out) is set whatever the base was, and is cleared only by a sender
    who had seen it set (SYNC E4, I4, I8). Values are compared in their normal form.
    """
    fields = dict(held.fields)
    restricted, kinds = RESTRICTED.get(held.obj, frozenset()), KINDS.get(held.obj, {})
    for code, value in one.payload.items():
        now, kind = fields.get(code), kinds.get(code, Kind.TEXT)
        if same(now, value, kind) or (code in restricted and value is True):
            pass
        elif code in restricted and now is True and one.base.get(code) is not True:
            continue
        elif not same(now, one.base.get(code), kind):
            return None
        if value is None or value == "":
            fields.pop(code, None)
        else:
            fields[code] = value
    return fields


def text_or_none(value: Value) -> str | None:
    """Return a text that is not empty, else None."""
    return value if isinstance(value, str) and value else None


def seeded(
    obj: str, rows: Iterable[tuple[str, str | None, Mapping[str, Value]]], stamps: Stamps
) -> list[dict[str, object]]:
    """Return the columns of records that are put into an empty hub without commands."""
    made = []
    for identity, lead, fields in rows:
        held = Held(obj, identity, lead, None, None, None, dict(fields), stamps.next(), new=True)
        held.follow()
        made.append(held.row(stamps.xact))
    return made


adopt_owners = (
    update(record)
    .where(record.c.object.in_([Thing.TOUCH, Thing.TRANSITION]), record.c.owner_id.is_(None))
    .values(
        owner_id=select(literal_column("lead.owner_id"))
        .select_from(record.alias("lead"))
        .where(literal_column("lead.object") == Thing.LEAD.value, literal_column("lead.id") == record.c.lead_id)
        .scalar_subquery()
    )
)
"""Gives touches and transitions of seeded leads the owner of their lead."""
