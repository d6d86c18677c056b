"""Finds leads by where they stand in a sequence: whose mail is due, and whose end nobody has filed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId
from isdesk.store.values import micros

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.store.engine import Tx

_DUE = """
SELECT id FROM lead WHERE action = 'mail' AND action_due_at <= ? AND action_why LIKE 'sequence:%'
AND EXISTS (SELECT 1 FROM filing f WHERE f.kind = 'sequence' AND f.subject = lead.id AND f.device_id = ?)
AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.lead_id = lead.id AND m.state IN ('queued', 'sending'))
ORDER BY action_why LIKE 'sequence:%:%:%:%:%', action_due_at, id LIMIT ?
"""
"""Those that are blocked come last, so that they never keep the others waiting."""
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
    """Return the leads whose next action is a sequence's mail that is due and not in the outbox, the first first.

    Only those that were enrolled at this desk or taken over by it.
    """
    return [LeadId(row[0]) for row in tx.sql(_DUE, (micros(now), device_id, limit))]


def ended(tx: Tx, device_id: str, limit: int) -> list[tuple[LeadId, str]]:
    """Return the enrolments of this desk (lead and key) whose lead may no longer be written to or is closed, and of
    which no end is on file.
    """
    return [(LeadId(row[0]), str(row[1])) for row in tx.sql(_ENDED, (device_id, limit))]
