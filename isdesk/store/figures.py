"""Figures by business day and dimension, kept beside the facts and made anew where they are out of date (DOMAIN 8).

Counting is SQLite's work; what an outcome is worth comes as a small table from the playbook's flags. A day is always
made anew as a whole, so that figures that were brought up to date day by day equal those of a full recount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from isdesk.domain.kpi import Counts
from isdesk.store.values import dumps, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

DAY = "((({}) + 32400000000) / 86400000000)"
"""Business day (days since 1970-01-01) of microseconds UTC: Japan is nine hours ahead, all year (KPI rule e)."""
EPOCH = date(1970, 1, 1)
COUNTED = (
    "dials", "answered", "dm_reached", "contact_person_reached", "meetings_gross", "meetings_canceled", "meetings_dm",
    "meetings_without_dm", "inbound_calls", "talk_seconds",
)  # fmt: skip
"""The counts of a day; `Counts.unique_leads` is not among them, for those of two days do not add up."""

DIMENSIONS = {
    "team": "'team'",
    "rep": "member_id",
    "segment": "segment",
    "list": "list",
    "script": "script",
    "channel": "channel",
    "hour": "hour",
    "slot": "slot",
    "industry_slot": "industry || '|' || slot",
}
"""Dimension → where its value stands among the counted touches. ``hour`` is the hour in Tokyo, two digits; ``slot``
the part of the day by the playbook, "" outside all of them."""


class Worth(NamedTuple):
    """What a touch with this outcome and this party reached is worth; flags as 0 or 1."""

    outcome: str
    reached: str
    dial: int
    answered: int
    dm: int
    contact: int
    meeting: int
    cancels: int


class Daily(NamedTuple):
    """The counts of one day for one value of a dimension."""

    key: str
    day: date
    counts: Counts


_SHARED = "dial IS NOT NULL AND shared"
_WANTED = "CREATE TEMP TABLE IF NOT EXISTS figure_wanted (day INTEGER PRIMARY KEY)"
_WORTH = """
worth AS MATERIALIZED (
    SELECT j.value ->> 0 AS outcome, j.value ->> 1 AS reached, j.value ->> 2 AS dial, j.value ->> 3 AS answered,
           j.value ->> 4 AS dm, j.value ->> 5 AS contact, j.value ->> 6 AS meeting, j.value ->> 7 AS cancels
    FROM json_each(?1) j
)
"""
_PLACES = """
t.member_id, coalesce(t.script, '') AS script, t.channel, coalesce(l.facts ->> '$.segment', '') AS segment,
coalesce(l.facts ->> '$.target_list', '') AS list, substr('0' || (((t.at + 32400000000) / 3600000000) % 24), -2) AS hour
"""
_SLOTS = """
coalesce((SELECT p.value ->> 0 FROM json_each(?2) p WHERE (((t.at + 32400000000) / 60000000) % 1440) >= p.value ->> 1
          AND (((t.at + 32400000000) / 60000000) % 1440) < p.value ->> 2 LIMIT 1), '') AS slot,
coalesce(c.facts ->> '$.industry', '') AS industry
"""
_OF_DAYS = """
FROM figure_wanted w
JOIN touch t ON t.at >= w.day * 86400000000 - 32400000000 AND t.at < w.day * 86400000000 + 54000000000
"""
_JOINED = """
JOIN worth v ON v.outcome = t.outcome AND v.reached = coalesce(t.reached, '')
LEFT JOIN lead l ON l.id = t.lead_id
LEFT JOIN company c ON c.id = l.company_id
WHERE t.void = 0 AND NOT EXISTS (SELECT 1 FROM touch c WHERE c.corrects IS NOT NULL AND c.corrects = t.id)
"""
_IS_DIAL = "v.dial AND t.channel = 'phone' AND t.direction = 'out' AND t.signal IS NULL"
_COUNTED = f"""
CREATE TEMP TABLE figure_counted AS
WITH {_WORTH}
SELECT w.day, {_PLACES}, {_SLOTS}, CASE WHEN {_IS_DIAL} THEN coalesce(t.dial_id, t.id) END AS dial,
       t.dial_id IS NOT NULL AS shared, v.answered, v.dm, v.contact, v.meeting, v.cancels,
       t.channel = 'phone' AND t.direction = 'in' AS inbound, coalesce(t.talk_s, 0) AS talk
{_OF_DAYS} {_JOINED}
"""
_UNIQUE = f"""
WITH {_WORTH}
SELECT {{key}}, count(DISTINCT lead_id)
FROM (SELECT t.lead_id, {DAY.format("t.at")} AS day, {_PLACES} FROM touch t {_JOINED} AND {_IS_DIAL}
      AND t.at >= ?2 AND t.at < ?3)
GROUP BY 1
"""
_CONTACTS = f"""
WITH {_WORTH}
SELECT t.channel, count(*), sum(v.answered) FROM touch t {_JOINED} AND t.signal IS NULL AND t.at >= ?2 AND t.at < ?3
GROUP BY 1
"""
_DROP_COUNTED = "DROP TABLE IF EXISTS temp.figure_counted"
_ADD = "ON CONFLICT (dim, key, day) DO UPDATE SET " + ", ".join(f"{n} = {n} + excluded.{n}" for n in COUNTED)
_PLAIN = f"""
INSERT INTO figure (dim, key, day, {", ".join(COUNTED)})
SELECT '{{dim}}', {{key}}, day, sum(dial IS NOT NULL), sum(dial IS NOT NULL AND answered), sum(dial IS NOT NULL AND dm),
       sum(dial IS NOT NULL AND contact), sum(meeting), sum(cancels), sum(dial IS NOT NULL AND dm AND meeting),
       sum(meeting AND NOT dm), sum(dial IS NULL AND inbound), sum(CASE WHEN dial IS NOT NULL THEN talk ELSE 0 END)
FROM figure_counted WHERE NOT ({_SHARED}) GROUP BY 2, 3
"""
_OF_SHARED = f"""
INSERT INTO figure (dim, key, day, {", ".join(COUNTED)})
SELECT '{{dim}}', key, day, count(*), sum(a), sum(d), sum(c), sum(m), sum(x), sum(dm_meeting), sum(bare), 0, sum(talk)
FROM (SELECT {{key}} AS key, day, max(answered) AS a, max(dm) AS d, max(contact) AS c, sum(meeting) AS m,
             sum(cancels) AS x, max(dm AND meeting) AS dm_meeting, sum(meeting AND NOT dm) AS bare, max(talk) AS talk
      FROM figure_counted WHERE {_SHARED} GROUP BY 1, 2, dial)
WHERE true GROUP BY 2, 3 {_ADD}
"""
_STALE = "SELECT day FROM figure_stale ORDER BY day LIMIT ?"
_EVERY_DAY = f"INSERT OR IGNORE INTO figure_stale (day) SELECT DISTINCT {DAY.format('at')} FROM touch"
_READ = f"SELECT key, day, {', '.join(COUNTED)} FROM figure WHERE dim = ? AND day >= ? AND day <= ? ORDER BY key, day"


_SUMS = "SELECT key, sum(answered), sum(dials) FROM figure WHERE dim = ? AND day >= ? AND day <= ? GROUP BY key"
_PERIODS = {
    "day": "date(day * 86400, 'unixepoch')",
    "week": "date((day - (day + 3) % 7) * 86400, 'unixepoch')",
    "month": "strftime('%Y-%m-01', day * 86400, 'unixepoch')",
}


def number(day: date) -> int:
    """Return a business day as it is kept: days since 1970-01-01."""
    return (day - EPOCH).days


def stale(tx: Tx, limit: int = 1_000_000) -> list[int]:
    """Return the days that are out of date, oldest first."""
    return [row[0] for row in tx.sql(_STALE, (limit,))]


def all_stale(tx: Tx) -> None:
    """Note every day with touches as out of date (other definitions, a doubt)."""
    tx.sql("DELETE FROM figure")
    tx.sql(_EVERY_DAY)


def recount(tx: Tx, days: Iterable[int], worth: Sequence[Worth], slots: Sequence[tuple[str, int, int]] = ()) -> None:
    """Make the figures of these days anew, by what each outcome is worth now; they are then up to date.

    ``slots``: code, first minute of the day and the minute after the last, in Tokyo.
    """
    wanted = dumps(list(days))
    tx.sql(_WANTED)
    tx.sql("DELETE FROM figure_wanted")
    tx.sql("INSERT INTO figure_wanted SELECT value FROM json_each(?)", (wanted,))
    tx.sql("DELETE FROM figure WHERE day IN (SELECT day FROM figure_wanted)")
    tx.sql(_DROP_COUNTED)
    tx.sql(_COUNTED, (dumps([list(one) for one in worth]), dumps([list(one) for one in slots])))
    for dim, key in DIMENSIONS.items():
        tx.sql(_PLAIN.format(dim=dim, key=key))
        tx.sql(_OF_SHARED.format(dim=dim, key=key))
    tx.sql(_DROP_COUNTED)
    tx.sql("DELETE FROM figure_stale WHERE day IN (SELECT day FROM figure_wanted)")


def unique(tx: Tx, by: str, start: datetime, end: datetime, worth: Sequence[Worth]) -> dict[str, int]:
    """Return how many leads were dialled with start <= at < end, by the values of a dimension or the periods ``by``."""
    known = dumps([list(one) for one in worth])
    key = DIMENSIONS.get(by) or _PERIODS[by]
    return dict(tx.sql(_UNIQUE.format(key=key), (known, micros(start), micros(end))).fetchall())


def contacts(tx: Tx, start: datetime, end: datetime, worth: Sequence[Worth]) -> dict[str, tuple[int, int]]:
    """Return by channel how many contacts there were with start <= at < end, and how many somebody responded in."""
    known = dumps([list(one) for one in worth])
    rows = tx.sql(_CONTACTS, (known, micros(start), micros(end)))
    return {channel: (count, answered) for channel, count, answered in rows}


def sums(tx: Tx, dim: str, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Return (answered, dials) from ``first`` to ``last`` for every value of a dimension, as far as they are kept."""
    rows = tx.sql(_SUMS, (dim, number(first), number(last)))
    return {key: (answered, dials) for key, answered, dials in rows}


def daily(tx: Tx, dim: str, first: date, last: date) -> list[Daily]:
    """Return the kept counts of each day from ``first`` to ``last`` for every value of a dimension."""
    rows = tx.sql(_READ, (dim, number(first), number(last)))
    return [
        Daily(key, EPOCH + timedelta(days=day), Counts(**dict(zip(COUNTED, counts, strict=True))))
        for key, day, *counts in rows
    ]
