"""The leads in nurture by the day on which they wake, for the list that Marketing gets (DOMAIN 9, 11)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from isdesk.domain.ids import LeadId
from isdesk.store.values import instant, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


class Waking(NamedTuple):
    """A lead that wakes: when, and the code of the rule that says so."""

    lead_id: LeadId
    at: datetime
    why: str


_WAKING = """
SELECT id, action_due_at, action_why FROM lead
WHERE action = 'nurture' AND action_due_at >= ? AND action_due_at < ? ORDER BY action_due_at, id
"""


def waking(tx: Tx, start: datetime, end: datetime) -> list[Waking]:
    """Return the leads in nurture that wake with start <= at < end, the first first."""
    return [Waking(LeadId(key), instant(at), why) for key, at, why in tx.sql(_WAKING, (micros(start), micros(end)))]
