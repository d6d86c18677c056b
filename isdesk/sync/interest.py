"""Intent events out of a CRM's fields: a new time of a click, a download or a seminar is one event (DOMAIN 14).

A CRM keeps of such things only when the last one was. Each time that comes is kept as a fact of its own, under an id
that every desk works out alike, so that two desks, a second pull or a restore never make two of it. It came from the
CRM, so it is not sent there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from isdesk.crm.port import Thing
from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from isdesk.domain.signals import FIELDS, channel_of
from isdesk.domain.sla import instant
from isdesk.store import Tx, mirror, wire
from isdesk.store.mirror import Base
from isdesk.sync.naming import made_id

OLDEST = timedelta(days=90)
"""What is longer ago says nothing of interest any more: its points have halved several times."""
AHEAD = timedelta(minutes=10)
"""So far may a CRM's clock be ahead."""


def take(
    tx: Tx,
    adapter: str,
    now: datetime,
    changed: Sequence[Base],
    fields: Mapping[str, Mapping[str, Value]],
    known: Mapping[str, Base],
) -> set[LeadId]:
    """Keep the events that the fields of these leads tell beside what was known; returns whose they are."""
    rows, whose = [], set[LeadId]()
    for base in changed:
        told = fields[base.remote_id]
        codes = FIELDS.keys() & told.keys()
        had = known[base.remote_id].fields if codes and base.remote_id in known else {}
        for code in sorted(codes):
            at = instant(told[code])
            if at is None or told[code] == had.get(code) or not now - OLDEST <= at <= now + AHEAD:
                continue
            rows.append(wire.back(Thing.TOUCH, *_fact(adapter, base, FIELDS[code], min(at, now))))
            whose.add(LeadId(base.local_id))
    fresh = mirror.insert_facts(tx, Thing.TOUCH, rows) if rows else []
    return whose if fresh else set()


def _fact(adapter: str, base: Base, event: str, at: datetime) -> tuple[str, dict[str, Value]]:
    key = made_id(adapter, Thing.TOUCH, f"{base.remote_id}\x00{event}\x00{int(at.timestamp())}")
    return key, {
        "id": key,
        "lead_id": base.local_id,
        "member_id": adapter,
        "device_id": f"{adapter}:{key}",
        "device_seq": 0,
        "at": at.isoformat(),
        "channel": channel_of(event).value,
        "direction": "in",
        "signal": event,
    }
