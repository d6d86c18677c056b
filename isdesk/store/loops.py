"""What is open at the end of a day: leads by their next action, drafts without an outcome, meetings that are fixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from isdesk.domain.cover import Share
from isdesk.domain.ids import LeadId
from isdesk.store.board import NUMBER
from isdesk.store.values import instant, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

KINDS: Final = {
    "promise": "open AND action = 'callback_exact'",
    "mail": "open AND action = 'mail'",
    "handoff": "open AND (action = 'handoff' OR handoff_state = 'draft')",
}
"""The kinds of leads that a time can be asked for."""
_DUE = "SELECT id FROM lead WHERE owner_id = ? AND {kind} AND action_due_at >= ? AND action_due_at < ?{part}"
_PART = f" AND {NUMBER} % ? = ?"
_MEETINGS = (
    "SELECT id, facts ->> '$.meeting_at' FROM lead WHERE owner_id = ? AND facts ->> '$.meeting_at' IS NOT NULL{part}"
)
_DRAFTS = (
    "SELECT d.lead_id, d.body, d.updated_at FROM draft d JOIN lead l ON l.id = d.lead_id "
    "WHERE d.kind = ? ORDER BY d.updated_at, d.lead_id"
)


def due(tx: Tx, kind: str, shares: Sequence[Share], start: datetime, end: datetime) -> list[LeadId]:
    """Return the leads of `KINDS` in a person's shares whose next action is due with start <= at < end."""
    found: list[LeadId] = []
    for share in shares:
        part, more = _of(share)
        statement = _DUE.format(kind=KINDS[kind], part=part)
        found += [LeadId(row[0]) for row in tx.sql(statement, (share.owner, micros(start), micros(end), *more))]
    return found


def meetings(tx: Tx, shares: Sequence[Share]) -> list[tuple[LeadId, str]]:
    """Return the leads in a person's shares that have a meeting, with its stored time (RFC 3339)."""
    found: list[tuple[LeadId, str]] = []
    for share in shares:
        part, more = _of(share)
        found += [(LeadId(row[0]), str(row[1])) for row in tx.sql(_MEETINGS.format(part=part), (share.owner, *more))]
    return found


def drafts(tx: Tx, kind: str = "note") -> list[tuple[LeadId, str, datetime]]:
    """Return what was typed on this device and not finished, the oldest first: memos that belong to no outcome yet."""
    return [(LeadId(lead), body, instant(at)) for lead, body, at in tx.sql(_DRAFTS, (kind,))]


def _of(share: Share) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if share.of == 1 else (_PART, (share.of, share.part))
