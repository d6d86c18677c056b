"""Append-only facts that came from elsewhere: touches and handoff steps of the team, taken in by sync."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isdesk.domain.handoff import Transition
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Touch
from isdesk.store.rows import TOUCH_COLUMNS, TRANSITION_COLUMNS, marks, touch_to_row, transition_to_row

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_TOUCH = f"INSERT INTO touch ({TOUCH_COLUMNS}) VALUES ({marks(TOUCH_COLUMNS)}) ON CONFLICT DO NOTHING"
_TRANSITION = (
    f"INSERT INTO transition ({TRANSITION_COLUMNS}) VALUES ({marks(TRANSITION_COLUMNS)}) ON CONFLICT DO NOTHING"
)


def add_touches(tx: Tx, received: Sequence[Touch]) -> frozenset[LeadId]:
    """Write touches that are not known yet; returns the leads of all that were given."""
    tx.many(_TOUCH, map(touch_to_row, received))
    return frozenset(t.lead_id for t in received)


def add_transitions(tx: Tx, received: Sequence[Transition]) -> frozenset[LeadId]:
    """Write handoff steps that are not known yet; returns the leads of all that were given."""
    tx.many(_TRANSITION, map(transition_to_row, received))
    return frozenset(t.lead_id for t in received)
