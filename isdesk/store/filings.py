"""Filings: requests, decisions, evaluations, signatures; written by the journal or by sync, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.filing import Filing
from isdesk.domain.ids import LeadId
from isdesk.store.rows import FILING_COLUMNS, TOUCH_COLUMNS, filing_from_row, touch_from_row
from isdesk.store.values import dumps, micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from isdesk.domain.touch import Touch
    from isdesk.store.engine import Tx

_OF = f"SELECT {FILING_COLUMNS} FROM filing WHERE kind = ? ORDER BY at, device_id, device_seq, id"
_ABOUT = f"SELECT {FILING_COLUMNS} FROM filing WHERE kind = ? AND subject = ? ORDER BY at, device_id, device_seq, id"
_ABOUT_MANY = (
    f"SELECT {FILING_COLUMNS} FROM filing WHERE kind = ? AND subject IN (SELECT value FROM json_each(?)) "
    "ORDER BY at, device_id, device_seq, id"
)
_OF_LEADS = (
    f"SELECT {FILING_COLUMNS} FROM filing WHERE kind = ?1 AND subject IN (SELECT subject FROM filing "
    "WHERE kind = ?1 AND lead_id IN (SELECT value FROM json_each(?2))) ORDER BY at, device_id, device_seq, id"
)
_OF_TIMES = (
    "SELECT DISTINCT lead_id FROM filing WHERE kind = ? AND lead_id IS NOT NULL AND json_extract(payload, '$.at') >= ?"
)
_ANY = "SELECT EXISTS (SELECT 1 FROM filing WHERE kind = ?)"
_COUNT = "SELECT count(*) FROM filing WHERE kind = ?"

_CALLS = """
FROM filing f CROSS JOIN touch t ON t.id = f.subject
WHERE f.kind = ?1 AND t.at >= ?2 AND t.at < ?3 AND t.void = 0
  AND NOT EXISTS (SELECT 1 FROM touch c WHERE c.corrects IS NOT NULL AND c.corrects = t.id)
"""
"""From the few filings to their touches and not the other way round: a team makes a million calls."""


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{name.strip()}" for name in columns.split(","))


_ABOUT_CALLS = f"SELECT {_of('f', FILING_COLUMNS)} {_CALLS} ORDER BY f.at, f.device_id, f.device_seq, f.id"
_THE_CALLS = f"SELECT DISTINCT {_of('t', TOUCH_COLUMNS)} {_CALLS} ORDER BY t.at, t.id"


def of_kind(tx: Tx, kind: str) -> list[Filing]:
    """Return every filing of a kind, void and corrected ones too, oldest first (`domain.filing.standing` sorts out)."""
    return [filing_from_row(row) for row in tx.sql(_OF, (kind,))]


def any_of(tx: Tx, kind: str) -> bool:
    """Return whether anything of a kind was ever filed."""
    return bool(tx.sql(_ANY, (kind,)).fetchone()[0])


def about(tx: Tx, kind: str, subject: str) -> list[Filing]:
    """Return the filings of a kind about one thing, oldest first."""
    return [filing_from_row(row) for row in tx.sql(_ABOUT, (kind, subject))]


def about_many(tx: Tx, kind: str, subjects: Sequence[str]) -> list[Filing]:
    """Return the filings of a kind about any of these things, oldest first."""
    return [filing_from_row(row) for row in tx.sql(_ABOUT_MANY, (kind, dumps(list(subjects))))]


def of_leads(tx: Tx, kind: str, ids: Iterable[LeadId]) -> list[Filing]:
    """Return the filings of a kind about whatever one of these leads is spoken of in, oldest first."""
    return [filing_from_row(row) for row in tx.sql(_OF_LEADS, (kind, dumps(list(ids))))]


def leads_from(tx: Tx, kind: str, moment: str) -> set[LeadId]:
    """Return the leads of a kind's filings that speak of a time (``at``) from ``moment`` on, compared as ISO text."""
    return {LeadId(row[0]) for row in tx.sql(_OF_TIMES, (kind, moment))}


def about_calls(tx: Tx, kind: str, start: datetime, end: datetime) -> list[Filing]:
    """Return the filings of a kind about touches that hold, with start <= the touch's at < end, oldest first."""
    return [filing_from_row(row) for row in tx.sql(_ABOUT_CALLS, (kind, micros(start), micros(end)))]


def calls_about(tx: Tx, kind: str, start: datetime, end: datetime) -> list[Touch]:
    """Return the touches that hold, with start <= at < end, about which something of a kind was filed, oldest first."""
    return [touch_from_row(row) for row in tx.sql(_THE_CALLS, (kind, micros(start), micros(end)))]


def count(tx: Tx, kind: str) -> int:
    """Return how many filings of a kind there are; as none is ever changed or removed, it is their version."""
    return int(tx.sql(_COUNT, (kind,)).fetchone()[0])
