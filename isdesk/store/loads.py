"""What each rep has on their hands, counted over the kept states of all leads, and which leads these are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from isdesk.domain.ids import LeadId, MemberId
from isdesk.store.board import NUMBER
from isdesk.store.values import dumps, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


Away = Mapping[MemberId, Sequence[MemberId]]
"""Who stands in for each owner who is away."""


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


@dataclass(frozen=True, slots=True)
class Instants:
    """The instants from which it is told what is late: now, the end of the day, and since when a lead is stale."""

    now: datetime
    day_ends: datetime
    stale_since: datetime

    def params(self) -> tuple[int, int, int]:
        """Return them as the statements want them."""
        return micros(self.now), micros(self.day_ends), micros(self.stale_since)


KINDS: Final = {
    "open": "open",
    "promised_today": "(open AND action IN ('callback_exact', 'callback_loose') AND action_due_at < ?2)",
    "sla_at_risk": "(open AND sla_risk_at IS NOT NULL AND sla_risk_at <= ?1 AND sla_due_at > ?1)",
    "sla_broken": "(open AND sla_due_at IS NOT NULL AND sla_due_at <= ?1)",
    "stale": "(open AND last_touch_at IS NOT NULL AND last_touch_at < ?3)",
    "untouched": "(open AND last_touch_at IS NULL)",
    "returned": "(handoff_state IS 'returned')",
    "offered": "(listed AND held IS NULL)",
    "held": "(listed AND held IS NOT NULL)",
}
"""When a lead counts for a figure of `Load`, so that a figure and the list of its leads cannot differ."""

ALARMS: Final = ("returned", "sla_broken", "sla_at_risk", "promised_today", "stale", "untouched")
"""The kinds that somebody has to look at, the most urgent first."""

PRESSING: Final = frozenset({"promised_today", "sla_at_risk", "sla_broken", "returned", "offered", "held"})
"""The kinds that stand with whoever covers an absence: what is due goes along, what is not stays with its owner."""

_LOADS = f"SELECT owner_id, {', '.join(f'sum({kind})' for kind in KINDS.values())} FROM lead GROUP BY owner_id"
_KEEPER = f"coalesce({{people}} -> owner_id ->> ({NUMBER} % json_array_length({{people}} -> owner_id)), owner_id)"
"""In whose queue a lead stands while owners are away (`domain.cover.keeper`); ``people``: stand-ins by owner, JSON."""
_KEPT = (
    f"SELECT {_KEEPER.format(people='?4')} AS keeper, {', '.join(f'sum({kind})' for kind in KINDS.values())} "
    "FROM lead GROUP BY keeper"
)
_IDS = (  # the first comparisons always hold: SQLite wants every number it is given to stand somewhere
    "SELECT id FROM lead WHERE ?3 <= ?1 AND ?1 <= ?2 AND {kind}{owner} "
    "ORDER BY listed DESC, held IS NOT NULL, k0, k1, k2, k3, id"
)
_OWNED = " AND owner_id IS ?4"
_KEPT_BY = f" AND {_KEEPER.format(people='?5')} IS ?4"
_MARKS = (
    f"SELECT id, {', '.join(KINDS[kind] for kind in ALARMS)} FROM lead WHERE id IN (SELECT value FROM json_each(?4))"
)


def loads(tx: Tx, at: Instants, away: Away | None = None) -> list[Load]:
    """Return the load of every owner; what is `PRESSING` counts for those who stand in for the owners ``away``."""
    found = {row[0]: row for row in tx.sql(_LOADS, at.params())}
    if away:
        kept = {row[0]: row for row in tx.sql(_KEPT, (*at.params(), _people(away)))}
        none = (0,) * len(KINDS)
        for who in {**found, **kept}:
            own, taken = (found.get(who) or (who, *none))[1:], (kept.get(who) or (who, *none))[1:]
            columns = zip(KINDS, own, taken, strict=True)
            found[who] = (who, *(there if kind in PRESSING else here for kind, here, there in columns))
    return [Load(None if row[0] is None else MemberId(row[0]), *row[1:]) for row in found.values()]


def ids(
    tx: Tx, kind: str, at: Instants, owners: tuple[MemberId | None] | None = None, away: Away | None = None
) -> list[LeadId]:
    """Return the leads of a figure in the order of the queue, of one person (see `loads`) or (None) of all."""
    covered = bool(away) and kind in PRESSING and owners is not None
    owner = "" if owners is None else _KEPT_BY if covered else _OWNED
    params = (*at.params(), *(owners or ()), *((_people(away or {}),) if covered else ()))
    return [LeadId(row[0]) for row in tx.sql(_IDS.format(kind=KINDS[kind], owner=owner), params)]


def _people(away: Away) -> str:
    return dumps({owner: list(people) for owner, people in away.items()})


def alarms(tx: Tx, wanted: Sequence[LeadId], at: Instants) -> dict[LeadId, tuple[str, ...]]:
    """Return which of `ALARMS` each lead is counted for."""
    rows = tx.sql(_MARKS, (*at.params(), dumps(list(wanted))))
    return {LeadId(row[0]): tuple(kind for kind, on in zip(ALARMS, row[1:], strict=True) if on) for row in rows}
