"""What the pictures of the figures page read beside the kept figures: reasons given, and leads received (DOMAIN 8)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from isdesk.domain.ids import LeadId
from isdesk.store.values import instant, loads_any, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


class Said(NamedTuple):
    """A touch by which somebody gave a reason."""

    id: str
    lead_id: LeadId
    at: datetime
    member_id: str
    outcome: str
    reason: str
    script: str
    objections: tuple[str, ...]


_REASONS = """
SELECT t.id, t.lead_id, t.at, t.member_id, coalesce(t.outcome, ''), t.reason, coalesce(t.script, ''), t.objections
FROM touch t
WHERE t.at >= ? AND t.at < ? AND t.reason IS NOT NULL AND t.reason <> '' AND t.void = 0
  AND NOT EXISTS (SELECT 1 FROM touch c WHERE c.corrects IS NOT NULL AND c.corrects = t.id)
ORDER BY t.at, t.id
"""
_RESTED = """
SELECT DISTINCT lead_id FROM touch
WHERE at >= ? AND at < ? AND void = 0 AND (reason <> '' OR plan ->> '$.action' = 'nurture')
"""
_RECEIVED = """
SELECT id FROM lead WHERE substr(facts ->> '$.received_at', 1, 10) BETWEEN ? AND ?
"""


def reasons(tx: Tx, start: datetime, end: datetime) -> list[Said]:
    """Return the touches with a reason that hold, with start <= at < end, oldest first."""
    rows = tx.sql(_REASONS, (micros(start), micros(end)))
    return [
        Said(key, LeadId(lead), instant(at), member, outcome, why, script, _texts(objections))
        for key, lead, at, member, outcome, why, script, objections in rows
    ]


def rested(tx: Tx, start: datetime, end: datetime) -> list[LeadId]:
    """Return the leads of which a touch with start <= at < end gave a reason or put them to rest."""
    return [LeadId(row[0]) for row in tx.sql(_RESTED, (micros(start), micros(end)))]


def received(tx: Tx, first: str, last: str) -> list[LeadId]:
    """Return the leads whose ``received_at`` begins with a date from ``first`` to ``last``, in whatever zone it is."""
    return [LeadId(row[0]) for row in tx.sql(_RECEIVED, (first, last))]


def _texts(said: str | None) -> tuple[str, ...]:
    found = loads_any(said) if said else None
    return tuple(str(one) for one in found) if isinstance(found, list) else ()
