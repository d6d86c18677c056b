"""What `doctor` asks of the database: is every page whole, and do the facts, the mirror and the projection agree."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from isdesk.domain.changes import Obj
from isdesk.store import fold, upgrade
from isdesk.store.backup import problems_of
from isdesk.store.engine import peek

if TYPE_CHECKING:
    from isdesk.store.engine import Store, Tx

_ORPHANS = {
    "change": "SELECT count(*) FROM change WHERE journal_id NOT IN (SELECT id FROM journal)",
    "delivery": "SELECT count(*) FROM delivery WHERE journal_id NOT IN (SELECT id FROM journal)",
    "undo": "SELECT count(*) FROM journal WHERE undoes IS NOT NULL AND undoes NOT IN (SELECT id FROM journal)",
}
_FACTS = (
    "SELECT (SELECT count(*) FROM change) "
    "+ (SELECT count(*) FROM touch t WHERE t.journal_id IN (SELECT id FROM journal)) "
    "+ (SELECT count(*) FROM transition t WHERE t.journal_id IN (SELECT id FROM journal)) "
    "+ (SELECT count(*) FROM suppression s WHERE s.journal_id IN (SELECT id FROM journal)) "
    "+ (SELECT count(*) FROM filing f WHERE f.journal_id IN (SELECT id FROM journal))"
)
_DELIVERIES = (
    "SELECT count(*), count(*) FILTER (WHERE state = 'acked'), count(*) FILTER (WHERE state = 'cancelled'), "
    "count(*) FILTER (WHERE state IN ('pending', 'sending', 'uncertain', 'conflict', 'quarantined')) "
    "FROM delivery WHERE adapter = ?"
)
_UNLISTED = "SELECT count(*) FROM lead WHERE id NOT IN (SELECT lead_id FROM search_text)"
_STRAY = "SELECT count(*) FROM search_text WHERE lead_id NOT IN (SELECT id FROM lead)"


def damage(store: Store) -> list[str]:
    """Return what SQLCipher and SQLite find wrong with pages, rows and indexes; [] is well."""
    with peek(store.path, store.key) as connection:
        return problems_of(connection)


def foreign_keys(tx: Tx) -> int:
    """Return how many rows point at nothing by a declared foreign key."""
    return len(tx.sql("PRAGMA foreign_key_check").fetchall())


def revision(tx: Tx) -> tuple[str, str]:
    """Return the schema revision of the database and the newest one this program knows."""
    return str(tx.sql("SELECT version_num FROM alembic_version").fetchone()[0]), upgrade.HEAD


def orphans(tx: Tx) -> dict[str, int]:
    """Return, by kind, facts without the entry they belong to; {} is well."""
    found = {kind: int(tx.sql(statement).fetchone()[0]) for kind, statement in _ORPHANS.items()}
    return {kind: number for kind, number in found.items() if number}


def unfolded(tx: Tx) -> int:
    """Return how many records show something else than base and journal say (SYNC I5)."""
    return sum(len(fold.differing(tx, obj)) for obj in Obj)


def deliveries(tx: Tx) -> tuple[int, int, int, int, int] | None:
    """Return facts, deliveries, acked, cancelled and open ones of the primary adapter (SYNC I10); None without one.

    All is well where facts = deliveries = acked + cancelled + open.
    """
    adapter = fold.primary(tx)
    if adapter is None:
        return None
    facts = int(tx.sql(_FACTS).fetchone()[0])
    total, acked, cancelled, waiting = tx.sql(_DELIVERIES, (adapter,)).fetchone()
    return facts, total, acked, cancelled, waiting


def search(tx: Tx) -> int:
    """Return how many leads cannot be found or are found though they are gone; -1 where the index itself is damaged."""
    with contextlib.suppress(driver.DatabaseError):
        tx.sql("INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)")
        return int(tx.sql(_UNLISTED).fetchone()[0]) + int(tx.sql(_STRAY).fetchone()[0])
    return -1
