"""Finds leads by where they stand in a sequence: whose mail is due, and whose end nobody has filed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId
from isdesk.store.values import micros

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.store.engine import Tx

_DUE = """
FROM lead WHERE action = 'mail' AND action_due_at <= ?1 AND action_why LIKE 'sequence:%'
AND (action_why LIKE 'sequence:%:auto' AND action_why NOT LIKE 'sequence:%:%:%:%:%') = ?3
AND EXISTS (
  SELECT 1 FROM filing f WHERE f.kind = 'sequence' AND f.subject = lead.id AND f.device_id = ?2
  AND f.payload ->> '$.event' IN ('enrol', 'take') AND NOT EXISTS (
    SELECT 1 FROM filing t WHERE t.kind = 'sequence' AND t.subject = f.subject AND t.payload ->> '$.event' = 'take'
    AND t.device_id <> ?2 AND t.at > f.at
  )
)
AND NOT EXISTS (
  SELECT 1 FROM mail m WHERE m.lead_id = lead.id
  AND (m.state = 'sending' OR (m.state = 'queued' AND m.due_at <= ?1))
)
"""
"""A mail that was scheduled for later keeps nothing waiting."""
_MINUTE = 60
_STANDS = (
    "NOT EXISTS (SELECT 1 FROM filing v WHERE v.kind = 'sequence' AND v.subject = {0}.subject "
    "AND v.corrects = {0}.id AND v.void = 1)"
)
_ENDED = f"""
SELECT f.subject, f.payload ->> '$.key' FROM filing f JOIN lead l ON l.id = f.subject
WHERE f.kind = 'sequence' AND f.payload ->> '$.event' = 'enrol' AND f.device_id = ? AND {_STANDS.format("f")}
AND (l.dnc = 1 OR l.open = 0 OR l.facts ->> '$.email_opt_out')
AND NOT EXISTS (
  SELECT 1 FROM filing s WHERE s.kind = 'sequence' AND s.subject = f.subject
  AND s.payload ->> '$.event' IN ('stop', 'end') AND s.payload ->> '$.key' = f.payload ->> '$.key'
  AND {_STANDS.format("s")}
)
ORDER BY f.at, f.id LIMIT ?
"""


def due(tx: Tx, device_id: str, now: datetime, limit: int) -> list[LeadId]:
    """Return the leads whose next action is a sequence's mail that is due and not about to leave: first those whose
    mail leaves by itself, then as many again that are blocked or wait for the rep.

    Only those that were enrolled at this desk or taken over by it. Where there are more than ``limit`` of a kind, each
    minute shows other ones, so that none is ever kept waiting by those before it.
    """
    return [*_due(tx, device_id, now, limit, auto=True), *_due(tx, device_id, now, limit, auto=False)]


def _due(tx: Tx, device_id: str, now: datetime, limit: int, *, auto: bool) -> list[LeadId]:
    given = (micros(now), device_id, int(auto))
    count = int(tx.sql(f"SELECT count(*) {_DUE}", given).fetchone()[0])
    pages = max(-(-count // limit), 1)
    start = int(now.timestamp() // _MINUTE) % pages * limit
    rows = tx.sql(f"SELECT id {_DUE} ORDER BY action_due_at, id LIMIT ?4 OFFSET ?5", (*given, limit, start))
    return [LeadId(row[0]) for row in rows]


def ended(tx: Tx, device_id: str, limit: int) -> list[tuple[LeadId, str]]:
    """Return the enrolments of this desk (lead and key) whose lead may no longer be written to or is closed, and of
    which no end is on file.
    """
    return [(LeadId(row[0]), str(row[1])) for row in tx.sql(_ENDED, (device_id, limit))]
