"""Leads that somebody is to be reminded of: promised callbacks, clocks about to break, returned handoffs, replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from isdesk.domain.cover import Share
from isdesk.domain.ids import LeadId, MemberId
from isdesk.store.board import NUMBER
from isdesk.store.values import instant, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


class Found(NamedTuple):
    """A lead and the instant of what is found of it; ``due_at`` where that is another one."""

    lead_id: LeadId
    at: datetime
    due_at: datetime | None = None


_PROMISED = (
    "SELECT id, action_due_at, action_due_at FROM lead WHERE owner_id = ? AND open AND action = 'callback_exact' "
    "AND action_due_at > ? AND action_due_at <= ?{part}"
)
_RISK = (
    "SELECT id, sla_risk_at, sla_due_at FROM lead WHERE owner_id = ? AND open AND sla_due_at IS NOT NULL "
    "AND sla_due_at > ? AND sla_risk_at <= ?{part}"
)
_PART = f" AND {NUMBER} % ? = ?"
_REPLIES = (
    "SELECT t.lead_id, max(t.at), NULL FROM touch t JOIN lead l ON l.id = t.lead_id "
    "WHERE t.at > ? AND t.at <= ? AND t.signal IN ('mail_reply', 'meeting_declined') AND t.void = 0 AND l.owner_id = ? "
    "AND NOT EXISTS (SELECT 1 FROM touch c WHERE c.corrects IS NOT NULL AND c.corrects = t.id) GROUP BY t.lead_id"
)
_RETURNED = (
    "SELECT t.lead_id, max(t.at), NULL FROM transition t JOIN lead l ON l.id = t.lead_id "
    "WHERE t.at > ? AND t.at <= ? AND t.action = 'return' AND t.member_id <> ?3 AND l.owner_id = ?3 "
    "AND l.handoff_state = 'returned' GROUP BY t.lead_id"
)


def promised(tx: Tx, shares: Sequence[Share], after: datetime, until: datetime) -> list[Found]:
    """Return the callbacks promised for after < at <= until in a person's shares."""
    return _of_shares(tx, _PROMISED, shares, after, until)


def at_risk(tx: Tx, shares: Sequence[Share], since: datetime, now: datetime) -> list[Found]:
    """Return the first responses whose clock warns by now, whenever it began to, or broke after ``since``."""
    return _of_shares(tx, _RISK, shares, since, now)


def replies(tx: Tx, owner: MemberId, after: datetime, until: datetime) -> list[Found]:
    """Return the last reply of each own lead that came with after < at <= until."""
    return [_found(row) for row in tx.sql(_REPLIES, (micros(after), micros(until), owner))]


def returned(tx: Tx, owner: MemberId, after: datetime, until: datetime) -> list[Found]:
    """Return the own leads whose handoff somebody else returned with after < at <= until and that stand so."""
    return [_found(row) for row in tx.sql(_RETURNED, (micros(after), micros(until), owner))]


def _of_shares(tx: Tx, statement: str, shares: Sequence[Share], after: datetime, until: datetime) -> list[Found]:
    found: list[Found] = []
    for share in shares:
        part, more = ("", ()) if share.of == 1 else (_PART, (share.of, share.part))
        rows = tx.sql(statement.format(part=part), (share.owner, micros(after), micros(until), *more))
        found += [_found(row) for row in rows]
    return found


def _found(row: Sequence[object]) -> Found:
    lead, at, due = row
    return Found(LeadId(str(lead)), instant(int(str(at))), None if due is None else instant(int(str(due))))
