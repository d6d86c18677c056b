"""What the introduction's checks count: contacts and reactions of a period, who dialled, and leads handed over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from isdesk.domain.ids import LeadId, MemberId
from isdesk.store.values import instant_or_none, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

SHOWN: Final = 50
"""So many leads stand behind a count as its records, the latest first."""
_STANDS = "t.void = 0 AND NOT EXISTS (SELECT 1 FROM touch v WHERE v.corrects IS NOT NULL AND v.corrects = t.id)"
_CALL = "t.channel = 'phone' AND t.direction = 'out' AND t.outcome IS NOT NULL"
_KINDS: Final = {
    "signals": "t.signal IS NOT NULL",
    "talked": f"{_CALL} AND t.talk_s > 0",
    "dials": _CALL,
}
_COUNT = "SELECT count(*) FROM touch t WHERE t.at >= ? AND t.at < ? AND {} AND " + _STANDS
_LATEST = (
    "SELECT t.lead_id FROM touch t WHERE t.at >= ? AND t.at < ? AND {} AND "
    + _STANDS
    + " GROUP BY t.lead_id ORDER BY max(t.at) DESC, t.lead_id LIMIT ?"
)
_BY_REP = (
    f"SELECT t.member_id, count(*) FROM touch t WHERE t.at >= ? AND t.at < ? AND {_CALL} AND {_STANDS} "
    "GROUP BY t.member_id ORDER BY 2 DESC, 1"
)
_BY_SCRIPT = (
    f"SELECT t.script, count(*) FROM touch t WHERE t.at >= ? AND t.at < ? AND {_CALL} AND t.script IS NOT NULL "
    f"AND {_STANDS} GROUP BY t.script ORDER BY 2 DESC, 1"
)
_ALL = "SELECT count(*), min(at) FROM touch"
_RECEIVED = (
    "SELECT id FROM lead WHERE facts ->> '$.received_at' >= ? AND facts ->> '$.received_at' < ? "
    "ORDER BY facts ->> '$.received_at' DESC, id"
)


def touches(tx: Tx) -> tuple[int, datetime | None]:
    """Return how many contacts there are, and when the oldest was."""
    row = tx.sql(_ALL).fetchone()
    return int(row[0]), instant_or_none(row[1])


def count(tx: Tx, kind: str, start: datetime, end: datetime) -> int:
    """Return how many ``signals``, ``talked`` (calls with a talk time) or ``dials`` there were."""
    return int(tx.sql(_COUNT.format(_KINDS[kind]), (micros(start), micros(end))).fetchone()[0])


def latest(tx: Tx, kind: str, start: datetime, end: datetime) -> list[LeadId]:
    """Return the leads of what `count` counts, the latest first, at most `SHOWN`."""
    rows = tx.sql(_LATEST.format(_KINDS[kind]), (micros(start), micros(end), SHOWN))
    return [LeadId(row[0]) for row in rows]


def by_rep(tx: Tx, start: datetime, end: datetime) -> list[tuple[MemberId, int]]:
    """Return who recorded calls, and how many, the most first."""
    return [(MemberId(row[0]), int(row[1])) for row in tx.sql(_BY_REP, (micros(start), micros(end)))]


def by_script(tx: Tx, start: datetime, end: datetime) -> list[tuple[str, int]]:
    """Return the versions of scripts that were used (``code@version``), and in how many calls."""
    return [(str(row[0]), int(row[1])) for row in tx.sql(_BY_SCRIPT, (micros(start), micros(end)))]


def received(tx: Tx, start: datetime, end: datetime) -> list[LeadId]:
    """Return the leads that were handed over to inside sales (受領日時), the latest first."""
    return [LeadId(row[0]) for row in tx.sql(_RECEIVED, (start.isoformat(), end.isoformat()))]
