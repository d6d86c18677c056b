"""What is remembered of imports (reports, which column was read as which field), and their large questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from isdesk.domain.changes import Obj, Value
from isdesk.domain.ids import JournalId, MemberId
from isdesk.store import projection
from isdesk.store.values import dumps, instant, loads, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Batch:
    """One import as it ended; ``report`` holds its counts and the cells that could not be read."""

    id: str
    at: datetime
    member_id: MemberId
    journal_id: JournalId | None = None
    source: str = ""
    file_name: str = ""
    report: dict[str, Value] = field(default_factory=dict)


_COLUMNS = "id, at, member_id, journal_id, source, file_name, report"
_PUT_BATCH = f"INSERT INTO import_batch ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_BATCHES = f"SELECT {_COLUMNS} FROM import_batch ORDER BY at DESC, id DESC LIMIT ?"
_MAPPING = "SELECT mapping FROM import_mapping WHERE header_key = ?"
_PUT_MAPPING = (
    "INSERT INTO import_mapping (header_key, mapping, used_at) VALUES (?, ?, ?) "
    "ON CONFLICT (header_key) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at"
)
_KNOWN = (
    "SELECT value, obj_id FROM identity WHERE kind = ? AND value IN (SELECT value FROM json_each(?)) AND obj = ? "
    "ORDER BY value, obj_id"
)
_STATE = (
    "SELECT coalesce((SELECT max(seq) FROM journal), 0), coalesce((SELECT max(id) FROM sync_run), 0), "
    "(SELECT count(*) FROM identity), (SELECT count(*) FROM suppression)"
)
_NAMES = "SELECT id, name_key FROM company WHERE substr(name_key, 1, 2) IN (SELECT value FROM json_each(?))"


def known(tx: Tx, kind: str, obj: Obj, values: Iterable[str]) -> dict[str, list[str]]:
    """Return ids of records by identity; ``values`` must be folded already, as the index has them."""
    found: dict[str, list[str]] = {}
    for value, key in tx.sql(_KNOWN, (kind, dumps(list(values)), obj.value)):
        found.setdefault(value, []).append(key)
    return found


def facts(tx: Tx, obj: Obj, ids: Sequence[str]) -> dict[str, dict[str, Value]]:
    """Return the projected facts of many records by id, without those that have none."""
    return {key: loads(text) for key, text in projection.texts(tx, obj, ids).items()}


def companies_beginning(tx: Tx, beginnings: Iterable[str]) -> list[tuple[str, str]]:
    """Return (id, folded name) of the companies whose folded name begins with one of these two characters."""
    return [(row[0], row[1]) for row in tx.sql(_NAMES, (dumps(sorted(set(beginnings))),))]


def state(tx: Tx) -> tuple[int, ...]:
    """Return figures that differ after anything was written that an import plan may rest on."""
    return tuple(tx.sql(_STATE).fetchone())


def put_batch(tx: Tx, batch: Batch) -> None:
    """Remember an import."""
    row = (batch.id, micros(batch.at), batch.member_id, batch.journal_id, batch.source, batch.file_name)
    tx.sql(_PUT_BATCH, (*row, dumps(batch.report)))


def batches(tx: Tx, limit: int = 50) -> list[Batch]:
    """Return past imports, newest first."""
    return [_batch(r) for r in tx.sql(_BATCHES, (limit,))]


def mapping(tx: Tx, header_key: str) -> dict[str, Value] | None:
    """Return the mapping that was last used for a file with this header line, None where there was none."""
    row = tx.sql(_MAPPING, (header_key,)).fetchone()
    return None if row is None else loads(row[0])


def put_mapping(tx: Tx, header_key: str, chosen: dict[str, Value], at: datetime) -> None:
    """Remember a mapping by the header line of its file."""
    tx.sql(_PUT_MAPPING, (header_key, dumps(chosen), micros(at)))


def _batch(r: Sequence[Any]) -> Batch:
    return Batch(
        r[0], instant(r[1]), MemberId(r[2]), None if r[3] is None else JournalId(r[3]), r[4], r[5], loads(r[6])
    )
