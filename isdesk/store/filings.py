"""Filings: requests, decisions, evaluations, signatures; written by the journal or by sync, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.filing import Filing
from isdesk.store.rows import FILING_COLUMNS, filing_from_row

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_OF = f"SELECT {FILING_COLUMNS} FROM filing WHERE kind = ? ORDER BY at, device_id, device_seq, id"
_ABOUT = f"SELECT {FILING_COLUMNS} FROM filing WHERE kind = ? AND subject = ? ORDER BY at, device_id, device_seq, id"
_COUNT = "SELECT count(*) FROM filing WHERE kind = ?"


def of_kind(tx: Tx, kind: str) -> list[Filing]:
    """Return every filing of a kind, void and corrected ones too, oldest first (`domain.filing.standing` sorts out)."""
    return [filing_from_row(row) for row in tx.sql(_OF, (kind,))]


def about(tx: Tx, kind: str, subject: str) -> list[Filing]:
    """Return the filings of a kind about one thing, oldest first."""
    return [filing_from_row(row) for row in tx.sql(_ABOUT, (kind, subject))]


def count(tx: Tx, kind: str) -> int:
    """Return how many filings of a kind there are; as none is ever changed or removed, it is their version."""
    return int(tx.sql(_COUNT, (kind,)).fetchone()[0])
