"""The figures page over the big profile: the first paint from what is kept, and counting everything anew."""

from __future__ import annotations

import time
from statistics import median

from isdesk.desk import Desk
from isdesk.services import dashboard, kpi
from isdesk.store.figures import DIMENSIONS
from tests.benchmarks.measure import Figure, Spent, percentile, spent

ROUNDS = 30

_KEYS = {
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
_SUMS = """
SELECT '{dim}', {key}, day, count(DISTINCT dial), count(DISTINCT CASE WHEN answered THEN dial END),
       count(DISTINCT CASE WHEN dm THEN dial END), count(DISTINCT CASE WHEN contact THEN dial END), sum(meeting),
       sum(cancels), count(DISTINCT CASE WHEN dm AND meeting THEN dial END), sum(meeting AND NOT dm),
       sum(dial IS NULL AND inbound), sum(talk)
FROM counted GROUP BY 2, 3
"""
_RAW = """
WITH counted AS MATERIALIZED (
    SELECT (t.at + 32400000000) / 86400000000 AS day, t.member_id, t.channel, coalesce(t.script, '') AS script,
           coalesce(l.facts ->> '$.segment', '') AS segment, coalesce(l.facts ->> '$.target_list', '') AS list,
           substr('0' || (((t.at + 32400000000) / 3600000000) % 24), -2) AS hour,
           CASE WHEN ((t.at + 32400000000) / 60000000) % 1440 < 720 THEN 'AM' ELSE 'PM' END AS slot,
           coalesce(c.facts ->> '$.industry', '') AS industry,
           CASE WHEN t.outcome IN ({dial}) AND t.channel = 'phone' AND t.direction = 'out' AND t.signal IS NULL
                THEN coalesce(t.dial_id, t.id) END AS dial,
           t.outcome IN ({answered}) AS answered, t.outcome IN ({dm}) AS dm, t.outcome IN ({dm}) AS contact,
           t.outcome IN ({meeting}) AS meeting, t.outcome IN ({cancels}) AS cancels,
           t.channel = 'phone' AND t.direction = 'in' AS inbound, coalesce(t.talk_s, 0) AS talk
    FROM touch t LEFT JOIN lead l ON l.id = t.lead_id LEFT JOIN company c ON c.id = l.company_id
    WHERE t.void = 0 AND t.outcome IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM touch x WHERE x.corrects IS NOT NULL AND x.corrects = t.id)
)
"""


def figures(desk: Desk) -> list[Figure]:
    """The read behind the first paint of the figures page, and the full recount against one raw aggregation."""
    ctx = desk.ctx
    anew = spent(lambda: kpi.refresh(ctx, everything=True))
    raw = spent(lambda: _raw(desk))
    period = dashboard.period(ctx, "month")
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        made = dashboard.board(ctx, period)
        took.append((time.perf_counter() - start) * 1000)
    assert made.whole.counts.dials > 0
    pictures = spent(lambda: dashboard.pictures(ctx, period))
    note = f"median {median(took):.1f} ms; the pictures after it {pictures.wall:.2f} s"
    return [
        Figure("figures of a month read from what is kept, p95", "ms", percentile(took, 0.95), None, 100.0, note),
        _ratio(anew, raw),
    ]


def _ratio(anew: Spent, raw: Spent) -> Figure:
    name = "all figures counted anew ÷ one raw SQL aggregation of the same"
    return anew.against(raw, name, 3.0)


def _raw(desk: Desk) -> int:
    """Aggregate the same counts by the same dimensions and days in one statement, into nothing; return the rows."""
    outcomes = desk.ctx.rules.outcomes.values()
    lists = {
        "dial": [o.code for o in outcomes if o.counts_as_dial],
        "answered": [o.code for o in outcomes if o.answered],
        "dm": [o.code for o in outcomes if o.dm_reached and o.answered],
        "meeting": [o.code for o in outcomes if o.meeting_set and o.counts_meeting],
        "cancels": [o.code for o in outcomes if o.cancels_meeting],
    }
    assert _KEYS.keys() == DIMENSIONS.keys(), "the raw aggregation counts by the same dimensions"
    statement = _RAW.format(**{name: ", ".join(f"'{code}'" for code in codes) for name, codes in lists.items()})
    statement += " UNION ALL ".join(_SUMS.format(dim=dim, key=key) for dim, key in _KEYS.items())
    with desk.ctx.store.read() as tx:
        return len(tx.sql(statement).fetchall())
