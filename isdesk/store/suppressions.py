"""Do-not-call and opt-out events: written by the journal or by sync, never removed (SYNC I8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from isdesk.domain.suppression import Suppression
from isdesk.domain.suppression import active as active_of
from isdesk.store.rows import SUPPRESSION_COLUMNS, marks, suppression_from_row, suppression_to_row
from isdesk.store.values import dumps

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_ALL = f"SELECT {SUPPRESSION_COLUMNS} FROM suppression ORDER BY at, id"
_OF = f"SELECT {SUPPRESSION_COLUMNS} FROM suppression WHERE hmac IN (SELECT value FROM json_each(?)) ORDER BY at, id"
_ANY = "SELECT 1 FROM suppression LIMIT 1"
_ADD = f"INSERT OR IGNORE INTO suppression ({SUPPRESSION_COLUMNS}) VALUES ({marks(SUPPRESSION_COLUMNS)})"


def events(tx: Tx, hmacs: Iterable[str] | None = None) -> list[Suppression]:
    """Return all events, or those of these digests, oldest first. A lifting event has the digest of what it lifts."""
    cursor = tx.sql(_ALL) if hmacs is None else tx.sql(_OF, (dumps(list(hmacs)),))
    return [suppression_from_row(r) for r in cursor]


def any_known(tx: Tx) -> bool:
    """Return whether there is any event at all."""
    return tx.sql(_ANY).fetchone() is not None


def active(tx: Tx, hmacs: Iterable[str]) -> set[str]:
    """Return those of ``hmacs`` that are suppressed now."""
    found = events(tx, hmacs)
    return active_of(found) if found else set()


def add(tx: Tx, received: Sequence[Suppression]) -> int:
    """Write events that came from elsewhere (sync); known ones are left alone. Returns how many were new."""
    before = tx.raw.total_changes
    tx.many(_ADD, map(suppression_to_row, received))
    return int(tx.raw.total_changes - before)
