"""What each rep has on their hands, counted over the kept states of all leads in one read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from isdesk.domain.ids import MemberId
from isdesk.store.values import micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


class Load(NamedTuple):
    """The leads of one owner (None: nobody's). Names are those of `services.team.RepLoad`."""

    owner: MemberId | None
    open: int
    promised_today: int
    sla_at_risk: int
    sla_broken: int
    stale: int
    untouched: int
    returned: int
    offered: int
    held: int


_LOADS = """
SELECT owner_id, sum(open),
       sum(open AND action IN ('callback_exact', 'callback_loose') AND action_due_at < ?2),
       sum(open AND sla_risk_at IS NOT NULL AND sla_risk_at <= ?1 AND sla_due_at > ?1),
       sum(open AND sla_due_at IS NOT NULL AND sla_due_at <= ?1),
       sum(open AND last_touch_at IS NOT NULL AND last_touch_at < ?3),
       sum(open AND last_touch_at IS NULL),
       sum(handoff_state IS 'returned'),
       sum(listed AND held IS NULL), sum(listed AND held IS NOT NULL)
FROM lead GROUP BY owner_id
"""


def loads(tx: Tx, *, now: datetime, day_ends: datetime, stale_since: datetime) -> list[Load]:
    """Return the load of every owner, as of ``now``."""
    rows = tx.sql(_LOADS, (micros(now), micros(day_ends), micros(stale_since)))
    return [Load(None if row[0] is None else MemberId(row[0]), *row[1:]) for row in rows]
