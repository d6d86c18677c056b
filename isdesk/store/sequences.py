"""Finds leads by where they stand in a sequence: whose mail is due, whose end nobody has filed yet, and what the
sequences that ended came to, which is kept by lead so that nobody has to fold the past again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.sequence_trace import Kept, Trace, packed, unpacked
from isdesk.store.values import dumps, micros

if TYPE_CHECKING:
    from collections.abc import Mapping
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

KEPT: Final = "sequence_kept:"
"""Under this and a lead's id stands what its sequences came to: state, owner, when it ended (microseconds), traces."""
_STATES: Final = {"ended": 0, "running": 1, "none": 2}
_KEEP = (
    "INSERT INTO meta (key, value) VALUES (?, ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value"
)
_LIVE = f"""
SELECT DISTINCT f.subject FROM filing f LEFT JOIN meta m ON m.key = '{KEPT}' || f.subject
WHERE f.kind = 'sequence' AND (m.key IS NULL OR m.value ->> '$[0]' = 1)
"""
_PAST = f"""
FROM meta WHERE key >= '{KEPT}' AND key < '{KEPT[:-1]};' AND value ->> '$[0]' = 0
AND (?1 IS NULL OR value ->> '$[1]' IS NULL OR value ->> '$[1]' = ?1)
AND EXISTS (SELECT 1 FROM lead WHERE id = substr(key, {len(KEPT) + 1}))
"""
_ENROLLED_IN = f"""
SELECT f.subject FROM filing f LEFT JOIN meta m ON m.key = '{KEPT}' || f.subject
WHERE f.kind = 'sequence' AND f.payload ->> '$.event' = 'enrol' AND f.payload ->> '$.sequence' = ?2
AND (?1 IS NULL OR m.value ->> '$[1]' IS NULL OR m.value ->> '$[1]' = ?1)
ORDER BY f.at DESC, f.id DESC
"""


def keep(tx: Tx, found: Mapping[LeadId, Kept]) -> None:
    """Keep what the sequences of leads came to; for whoever derives their state, in the same transaction."""
    rows = (
        (KEPT + key, dumps([_STATES[one.state], one.owner, micros(one.at) if one.at is not None else 0,
                            packed(one.traces)]))
        for key, one in found.items()
    )  # fmt: skip
    tx.many(_KEEP, rows)


def live(tx: Tx) -> list[LeadId]:
    """Return the leads in a sequence that runs, and those of which nothing is kept (yet)."""
    return [LeadId(row[0]) for row in tx.sql(_LIVE)]


def past(tx: Tx, owner: MemberId | None) -> list[tuple[tuple[Trace, ...], int]]:
    """Return what the sequences of leads came to in which none runs, each with the number of leads.

    ``owner``: of that person's leads and those without an owner; None: everybody's.
    """
    rows = tx.sql(f"SELECT value ->> '$[3]', count(*) {_PAST} GROUP BY 1", (owner,))
    return [(unpacked(json.loads(row[0])), int(row[1])) for row in rows]


def past_page(tx: Tx, owner: MemberId | None, limit: int) -> list[LeadId]:
    """Return the leads of `past`, those whose sequence ended last first, at most ``limit``."""
    order = "ORDER BY value ->> '$[2]' DESC, key DESC LIMIT ?2"
    return [LeadId(str(row[0])[len(KEPT) :]) for row in tx.sql(f"SELECT key {_PAST} {order}", (owner, limit))]


def enrolled_in(tx: Tx, owner: MemberId | None, code: str) -> list[LeadId]:
    """Return the leads that were ever put into a sequence, the newest first; ``owner`` as in `past`."""
    return list(dict.fromkeys(LeadId(row[0]) for row in tx.sql(_ENROLLED_IN, (owner, code))))


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
