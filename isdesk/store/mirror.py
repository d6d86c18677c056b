"""The mirror of the CRM: base rows, cursors, conflicts and what was missed, written by sync only (SYNC E1).

Functions over a `Tx`; the caller decides what belongs to one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from isdesk.domain.changes import Value
from isdesk.domain.ids import MemberId
from isdesk.store import wire
from isdesk.store.rows import marks
from isdesk.store.values import apply, dumps, instant, instant_or_none, loads, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

Fields = dict[str, Value]


class Base(NamedTuple):
    """A record as the CRM last said it was; ``text`` is its fields as canonical JSON."""

    remote_id: str
    local_id: str
    version: str
    text: str

    @property
    def fields(self) -> Fields:
        """Return the fields."""
        return loads(self.text)

    def having(self, fields: Mapping[str, Value]) -> Base:
        """Return this record with other fields."""
        return self._replace(text=dumps(fields))


_BASES = (
    "SELECT remote_id, local_id, version, fields FROM base "
    "WHERE adapter = ? AND obj = ? AND remote_id IN (SELECT value FROM json_each(?))"
)
_PUT = (
    "INSERT INTO base (adapter, obj, remote_id, local_id, version, fields) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (adapter, obj, remote_id) DO UPDATE SET version = excluded.version, fields = excluded.fields"
)
_VERSION = "UPDATE base SET version = ? WHERE adapter = ? AND obj = ? AND remote_id = ?"
_DROP = "DELETE FROM base WHERE adapter = ? AND obj = ? AND remote_id = ?"
_VERSIONS = "SELECT remote_id, version FROM base WHERE adapter = ? AND obj = ? AND remote_id NOT GLOB 'local:*'"
_FOREIGN = {
    "lead": "SELECT b.remote_id FROM base b JOIN lead l ON l.id = b.local_id "
    "WHERE b.adapter = ? AND b.obj = 'lead' AND l.owner_id IS NOT ?",
    "company": "SELECT b.remote_id FROM base b WHERE b.adapter = ? AND b.obj = 'company' AND NOT EXISTS "
    "(SELECT 1 FROM lead l WHERE l.company_id = b.local_id AND l.owner_id IS ?)",
}
_LOCALS = (
    "SELECT remote_id, local_id FROM base WHERE adapter = ? AND obj = ? "
    "AND remote_id IN (SELECT value FROM json_each(?))"
)
_BY_LOCAL = (
    "SELECT remote_id, local_id, version, fields FROM base "
    "WHERE local_id IN (SELECT value FROM json_each(?)) AND +adapter = ? AND +obj = ?"
)
_HOLDING = (
    "SELECT remote_id, local_id, version, fields FROM base WHERE adapter = ? AND obj = ? AND EXISTS "
    "(SELECT 1 FROM json_each(base.fields) f WHERE f.key IN (SELECT value FROM json_each(?)))"
)
_UNNAME = (
    "UPDATE OR REPLACE base SET remote_id = 'local:' || local_id, version = '' "
    "WHERE local_id IN (SELECT value FROM json_each(?)) AND +adapter = ? AND +obj = ?"
)
_WANT_HISTORY = "UPDATE base SET seen_pass = ? WHERE adapter = ? AND obj = 'lead' AND remote_id = ?"
_WANTING_HISTORY = "SELECT remote_id FROM base WHERE adapter = ? AND obj = 'lead' AND seen_pass = ? ORDER BY 1 LIMIT ?"
_REFERRED = (
    "SELECT DISTINCT company_id FROM lead WHERE company_id IN (SELECT value FROM json_each(?)) "
    "AND company_id IS NOT NULL"
)
_EDITED = "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM change WHERE obj_id = value)"
_CURSOR = "SELECT high_water, epoch, last_idset_at FROM cursor WHERE adapter = ? AND obj = ? AND scope_hash = ?"
_SAVE_CURSOR = (
    "INSERT INTO cursor (adapter, obj, scope_hash, epoch, high_water, window_end) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (adapter, obj, scope_hash) DO UPDATE SET epoch = excluded.epoch, high_water = excluded.high_water, "
    "window_end = excluded.window_end"
)
_IDSET = (
    "INSERT INTO cursor (adapter, obj, scope_hash, last_idset_at, last_audit) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (adapter, obj, scope_hash) DO UPDATE SET last_idset_at = excluded.last_idset_at, "
    "last_audit = excluded.last_audit"
)
_FORGET_CURSORS = "UPDATE cursor SET high_water = NULL, last_idset_at = NULL WHERE adapter = ?"
_OPEN_CONFLICT = "SELECT id FROM conflict WHERE obj = ? AND obj_id = ? AND field = ? AND decided_at IS NULL"
_NEW_CONFLICT = (
    "INSERT INTO conflict (id, adapter, cmd_id, obj, obj_id, lead_id, field, base, mine, theirs, theirs_version, "
    "opened_at, decided_by, decision, decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AGAIN_CONFLICT = "UPDATE conflict SET cmd_id = ?, mine = ?, theirs = ?, theirs_version = ? WHERE id = ?"
_THEIRS_NOW = "UPDATE conflict SET theirs = ?, theirs_version = ? WHERE id = ?"
_CLASHING = "SELECT id, obj_id, field, theirs FROM conflict WHERE obj = ? AND decided_at IS NULL"
_CONFLICT_COLUMNS = "id, adapter, cmd_id, obj, obj_id, lead_id, field, base, mine, theirs, theirs_version, opened_at"
_CONFLICTS = f"SELECT {_CONFLICT_COLUMNS} FROM conflict WHERE decided_at IS NULL ORDER BY opened_at, id"
_ONE_CONFLICT = f"SELECT {_CONFLICT_COLUMNS} FROM conflict WHERE id = ? AND decided_at IS NULL"
_DECIDE = "UPDATE conflict SET decided_by = ?, decision = ?, decided_at = ? WHERE id = ? AND decided_at IS NULL"
_MISSED = (
    "INSERT INTO missing (adapter, obj, remote_id, first_missing_at, misses) VALUES (?, ?, ?, ?, 1) "
    "ON CONFLICT (adapter, obj, remote_id) DO UPDATE SET misses = misses + 1"
)
_MISSING = "SELECT remote_id, first_missing_at, misses, verdict FROM missing WHERE adapter = ? AND obj = ?"
_FOUND = "DELETE FROM missing WHERE adapter = ? AND obj = ? AND remote_id = ?"
_VERDICT = (
    "INSERT INTO missing (adapter, obj, remote_id, first_missing_at, misses, last_probe, verdict) "
    "VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT (adapter, obj, remote_id) DO UPDATE "
    "SET last_probe = excluded.last_probe, verdict = excluded.verdict"
)
_RUN = "INSERT INTO sync_run (adapter, started_at, ended_at, ok, report, error) VALUES (?, ?, ?, ?, ?, ?)"
_RUNS = "SELECT adapter, started_at, ended_at, ok, report, error FROM sync_run ORDER BY id DESC LIMIT ?"
_INSERT = {
    obj: f"INSERT INTO {obj} ({', '.join(names)}) VALUES ({marks(','.join(names))}) ON CONFLICT DO NOTHING"
    for obj, names in wire.COLUMNS.items()
}
_HAVE = {obj: f"SELECT id FROM {obj} WHERE id IN (SELECT value FROM json_each(?))" for obj in wire.COLUMNS}
_AGE = "UPDATE lead SET until = 0 WHERE id IN (SELECT value FROM json_each(?))"
_AGED = "SELECT id FROM lead WHERE until = 0 ORDER BY id"


# ------------------------------------------------------------------------------------------------------------- base


def bases(tx: Tx, adapter: str, obj: str, remote_ids: Iterable[str]) -> dict[str, Base]:
    """Return the base rows of these records by their remote id."""
    rows = tx.sql(_BASES, (adapter, obj, dumps(list(remote_ids))))
    return {row[0]: Base(*row) for row in rows}


def put(tx: Tx, adapter: str, obj: str, rows: Iterable[Base]) -> None:
    """Make these the base rows."""
    tx.many(_PUT, [(adapter, obj, b.remote_id, b.local_id, b.version, b.text) for b in rows])


def reversion(tx: Tx, adapter: str, obj: str, versions: Iterable[tuple[str, str]]) -> None:
    """Take over new versions (remote id, version) of records whose fields are the same."""
    tx.many(_VERSION, [(version, adapter, obj, remote) for remote, version in versions])


def drop(tx: Tx, adapter: str, obj: str, remote_ids: Iterable[str]) -> None:
    """Forget these records."""
    tx.many(_DROP, [(adapter, obj, remote) for remote in remote_ids])


def versions(tx: Tx, adapter: str, obj: str) -> dict[str, str]:
    """Return the version of every record by its remote id."""
    return dict(tx.sql(_VERSIONS, (adapter, obj)).fetchall())


def foreign(tx: Tx, adapter: str, obj: str, me: MemberId) -> frozenset[str]:
    """Return the remote ids of leads that are not in this person's book, or of companies without a lead that is."""
    return frozenset(row[0] for row in tx.sql(_FOREIGN[obj], (adapter, me)))


HERE = "local:"
"""Begins the made-up remote id of a record that the CRM does not have: ``local:<our id>``. Where the CRM holds what we
made under a record that is another one here already, its id follows: ``local:<our id>=<remote id>``."""
_WANTED = 1


def locals_of(tx: Tx, adapter: str, obj: str, remote_ids: Iterable[str]) -> dict[str, str]:
    """Return our ids of these records of the CRM, as far as they are known."""
    return dict(tx.sql(_LOCALS, (adapter, obj, dumps(list(remote_ids)))).fetchall())


def by_local(tx: Tx, adapter: str, obj: str, local_ids: Iterable[str]) -> dict[str, Base]:
    """Return the base rows of these records by our id."""
    return {row[1]: Base(*row) for row in tx.sql(_BY_LOCAL, (dumps(list(local_ids)), adapter, obj))}


def remote_of(remote_id: str) -> str:
    """Return the id by which the CRM knows a record, "" where it has none (`HERE`)."""
    return remote_id.partition("=")[2] if remote_id.startswith(HERE) else remote_id


def lay(
    tx: Tx, adapter: str, obj: str, local_id: str, payload: Mapping[str, Value], remote_id: str | None = None
) -> None:
    """Lay what is settled over the base of our record; one that the CRM has no id of gets a made-up one (`HERE`).

    With ``remote_id`` the CRM wrote it and did not say what came of it: the version is not known until it is read, for
    others may have written too, and a backup that is put back there may hold the one that was known before.
    """
    had = by_local(tx, adapter, obj, [local_id]).get(local_id)
    fields = apply(had.fields if had is not None else {}, payload)
    held = remote_id or (had.remote_id if had is not None else f"{HERE}{local_id}")
    if had is not None and had.remote_id != held:
        drop(tx, adapter, obj, [had.remote_id])
    version = had.version if had is not None and not remote_id else ""
    put(tx, adapter, obj, [Base(held, local_id, version, dumps(fields))])


def holding(tx: Tx, adapter: str, obj: str, codes: Iterable[str]) -> list[Base]:
    """Return the records of which one of these fields is known."""
    return [Base(*row) for row in tx.sql(_HOLDING, (adapter, obj, dumps(list(codes))))]


def unname(tx: Tx, adapter: str, obj: str, local_ids: Iterable[str]) -> None:
    """Forget the CRM's ids of these records: they are to be made there again."""
    tx.sql(_UNNAME, (dumps(list(local_ids)), adapter, obj))


def referred(tx: Tx, company_ids: Iterable[str]) -> set[str]:
    """Return those of these companies that a lead names."""
    return {row[0] for row in tx.sql(_REFERRED, (dumps(list(company_ids)),))}


def want_history(tx: Tx, adapter: str, remote_ids: Iterable[str], *, wanted: bool = True) -> None:
    """Note of leads that their history is still to be fetched, or that it was."""
    tx.many(_WANT_HISTORY, [(_WANTED if wanted else 0, adapter, remote) for remote in remote_ids])


def wanting_history(tx: Tx, adapter: str, limit: int) -> list[str]:
    """Return leads (the CRM's ids) whose history is still to be fetched."""
    return [row[0] for row in tx.sql(_WANTING_HISTORY, (adapter, _WANTED, limit))]


def edited(tx: Tx, local_ids: Iterable[str]) -> set[str]:
    """Return those of these records that an entry of this device ever changed; the others are as the CRM says."""
    return {row[0] for row in tx.sql(_EDITED, (dumps(list(local_ids)),))}


# ---------------------------------------------------------------------------------------------------------- cursors


@dataclass(frozen=True, slots=True)
class Position:
    """How far the pull of one kind has come; ``at`` None: at the beginning."""

    at: str | None = None
    epoch: str = ""
    idset_at: datetime | None = None


def position(tx: Tx, adapter: str, obj: str, scope: str) -> Position:
    """Return how far the pull of ``obj`` in ``scope`` has come."""
    row = tx.sql(_CURSOR, (adapter, obj, scope)).fetchone()
    return Position() if row is None else Position(row[0], row[1], instant_or_none(row[2]))


def move(tx: Tx, adapter: str, obj: str, scope: str, *, epoch: str, cursor: str, window: str) -> None:
    """Save the cursor, in the same transaction as the rows before it (SYNC I7)."""
    tx.sql(_SAVE_CURSOR, (adapter, obj, scope, epoch, cursor, window))


def listed(tx: Tx, adapter: str, obj: str, scope: str, *, at: datetime, audit: Fields) -> None:
    """Note that a complete list of ids was compared at ``at``, and what it showed."""
    tx.sql(_IDSET, (adapter, obj, scope, micros(at), dumps(audit)))


AUDIT = "audit"
"""The kind under which audits of keys are kept among the cursors."""


def audited(tx: Tx, adapter: str) -> datetime | None:
    """Return when it was last looked whether all that was acknowledged is really there."""
    return position(tx, adapter, AUDIT, "").idset_at


def forget_cursors(tx: Tx, adapter: str) -> None:
    """Begin every pull and every list anew (the hub was restored)."""
    tx.sql(_FORGET_CURSORS, (adapter,))


# ------------------------------------------------------------------------------------------------ append-only facts


def insert_facts(tx: Tx, obj: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Insert facts that are not there yet (rows in the order of wire.COLUMNS[obj]); returns those that were new.

    A fact whose (device, sequence) is taken by another one — a device that was restored from a backup counts anew —
    is kept under a device name of its own.
    """
    ids = dumps([row[0] for row in rows])
    have = {row[0] for row in tx.sql(_HAVE[obj], (ids,))}
    fresh = {row[0]: row for row in rows if row[0] not in have}
    if not fresh:
        return []
    before = tx.raw.total_changes
    tx.many(_INSERT[obj], list(fresh.values()))
    if tx.raw.total_changes - before < len(fresh) and obj != "suppression":
        kept = {row[0] for row in tx.sql(_HAVE[obj], (ids,))}
        device = wire.COLUMNS[obj].index("device_id")
        tx.many(
            _INSERT[obj],
            [(*r[:device], f"{r[device]}+{r[0]}", *r[device + 1 :]) for r in fresh.values() if r[0] not in kept],
        )
    return list(fresh.values())


def age(tx: Tx, lead_ids: Iterable[str]) -> None:
    """Mark leads as to be derived anew; the tick does it if nobody does it before."""
    tx.sql(_AGE, (dumps(list(lead_ids)),))


def aged(tx: Tx) -> list[str]:
    """Return the leads that were marked by `age` and not derived since."""
    return [row[0] for row in tx.sql(_AGED)]


def numbers(tx: Tx) -> Iterator[tuple[str, str, str]]:
    """Return (kind of record, id, number) of every number known."""
    return iter(tx.sql("SELECT obj, obj_id, value FROM identity WHERE kind = 'phone'"))


def mails(tx: Tx) -> Iterator[str]:
    """Return every mail address known."""
    return (row[0] for row in tx.sql("SELECT DISTINCT value FROM identity WHERE kind = 'mail'"))


def lead_companies(tx: Tx) -> Iterator[tuple[str, str | None]]:
    """Return every lead with its company."""
    return iter(tx.sql("SELECT id, company_id FROM lead"))


# -------------------------------------------------------------------------------------------------------- conflicts


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people changed."""

    id: str
    adapter: str
    cmd_id: str | None
    obj: str
    obj_id: str
    lead_id: str | None
    field: str
    base: Value
    mine: Value
    theirs: Value
    theirs_version: str
    opened_at: datetime


def open_conflict(tx: Tx, made: Conflict, *, rule: bool = False) -> None:
    """Keep a conflict; an open one of the same field is brought up to date instead of a second.

    ``rule``: the field's class has decided for theirs already; it is written down, not asked.
    """
    theirs, mine = _boxed(made.theirs), _boxed(made.mine)
    if not rule:
        row = tx.sql(_OPEN_CONFLICT, (made.obj, made.obj_id, made.field)).fetchone()
        if row is not None:
            tx.sql(_AGAIN_CONFLICT, (made.cmd_id, mine, theirs, made.theirs_version, row[0]))
            return
    at = micros(made.opened_at)
    decided = ("rule", "remote", at) if rule else (None, None, None)
    tx.sql(
        _NEW_CONFLICT,
        (
            made.id, made.adapter, made.cmd_id, made.obj, made.obj_id, made.lead_id, made.field,
            _boxed(made.base), mine, theirs, made.theirs_version, at, *decided,
        ),
    )  # fmt: skip


def conflicts(tx: Tx) -> list[Conflict]:
    """Return the undecided conflicts, oldest first."""
    return [_conflict(row) for row in tx.sql(_CONFLICTS)]


def conflict(tx: Tx, conflict_id: str) -> Conflict | None:
    """Return one undecided conflict."""
    row = tx.sql(_ONE_CONFLICT, (conflict_id,)).fetchone()
    return None if row is None else _conflict(row)


def freshen(tx: Tx, obj: str, theirs: Mapping[str, tuple[Mapping[str, Value], str]]) -> None:
    """Bring the other side of undecided conflicts up to date: object id → its (fields, version)."""
    rows = tx.sql(_CLASHING, (obj,)).fetchall()
    tx.many(
        _THEIRS_NOW,
        [
            (_boxed(theirs[of][0].get(code)), theirs[of][1], key)
            for key, of, code, old in rows
            if of in theirs and _unboxed(old) != theirs[of][0].get(code)
        ],
    )


def count_conflicts(tx: Tx) -> int:
    """Return how many conflicts nobody has decided."""
    return int(tx.sql("SELECT count(*) FROM conflict WHERE decided_at IS NULL").fetchone()[0])


def decide(tx: Tx, conflict_id: str, *, by: str, decision: str, at: datetime) -> bool:
    """Close a conflict; returns False where it was closed already."""
    return bool(tx.sql(_DECIDE, (by, decision, micros(at), conflict_id)).rowcount)


def _boxed(value: Value) -> str | None:
    return None if value is None else dumps({"value": value})


def _unboxed(text: str | None) -> Value:
    return None if text is None else loads(text).get("value")


def _conflict(row: Sequence[Any]) -> Conflict:
    key, adapter, cmd, obj, obj_id, lead, code, base, mine, theirs, version, at = row
    values = _unboxed(base), _unboxed(mine), _unboxed(theirs)
    return Conflict(key, adapter, cmd, obj, obj_id, lead, code, *values, version, instant(at))


# ---------------------------------------------------------------------------------------------------------- missing


@dataclass(frozen=True, slots=True)
class Missed:
    """A record that complete lists did not name."""

    remote_id: str
    first_at: datetime
    misses: int
    verdict: str | None


def missed(tx: Tx, adapter: str, obj: str, remote_ids: Iterable[str], at: datetime) -> None:
    """Count one more miss of these records."""
    tx.many(_MISSED, [(adapter, obj, remote, micros(at)) for remote in remote_ids])


def missing(tx: Tx, adapter: str, obj: str) -> list[Missed]:
    """Return the records that are missed."""
    return [Missed(i, instant(first), n, verdict) for i, first, n, verdict in tx.sql(_MISSING, (adapter, obj))]


def found(tx: Tx, adapter: str, obj: str, remote_ids: Iterable[str]) -> None:
    """Forget that these were missed."""
    tx.many(_FOUND, [(adapter, obj, remote) for remote in remote_ids])


def verdict(tx: Tx, adapter: str, obj: str, remote_id: str, said: str, at: datetime) -> None:
    """Write down what became of a missed record: ``deleted`` | ``not_mine`` | ``ask``."""
    tx.sql(_VERDICT, (adapter, obj, remote_id, micros(at), micros(at), said))


# ------------------------------------------------------------------------------------------------------------- runs


@dataclass(frozen=True, slots=True)
class Run:
    """One round of sync as it ended."""

    adapter: str
    started_at: datetime
    ended_at: datetime
    ok: bool
    report: Fields = field(default_factory=dict)
    error: str = ""


def log_run(tx: Tx, run: Run) -> None:
    """Keep a round in the history of syncs."""
    tx.sql(_RUN, (run.adapter, micros(run.started_at), micros(run.ended_at), int(run.ok), dumps(run.report), run.error))


def runs(tx: Tx, limit: int) -> list[Run]:
    """Return the latest rounds, newest first."""
    rows = tx.sql(_RUNS, (limit,))
    return [Run(a, instant(s), instant(e), bool(ok), loads(report), err) for a, s, e, ok, report, err in rows]


def last_good(tx: Tx) -> datetime | None:
    """Return when a round last ended well."""
    row = tx.sql("SELECT max(ended_at) FROM sync_run WHERE ok = 1").fetchone()
    return instant_or_none(row[0])
