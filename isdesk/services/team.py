"""The team lead's view over all queues: every rep's load side by side, and what a change of the rules would move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.coaching import Talk
from isdesk.domain.cover import stand_ins
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.roles import Right
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services import coaching, cover, lead_table, projection, talk
from isdesk.services.context import Context
from isdesk.services.lead_table import TableRow
from isdesk.store import leads
from isdesk.store import loads as stored
from isdesk.store.loads import ALARMS, Instants

if TYPE_CHECKING:
    from isdesk.domain.cover import Cover
    from isdesk.domain.state import Placement
    from isdesk.playbook import Playbook
    from isdesk.store import Tx

STALE_DAYS = 14
"""An open lead that nobody touched for so many days is stale."""

EVERYBODY = MemberId("")
"""As a rep: the leads of all, nobody's too."""

__all__ = [
    "ALARMS", "EVERYBODY", "STALE_DAYS", "Carried", "Move", "RepLoad", "Simulation", "TeamRow",
    "carried", "ids", "overview", "rows", "simulate",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RepLoad:
    """What one rep has on their hands.

    ``open`` leads; ``promised_today`` callbacks promised until tonight, the overdue ones too; ``sla_at_risk`` and
    ``sla_broken`` first responses; ``stale`` open and untouched for `STALE_DAYS`; ``untouched`` open without any touch;
    ``returned`` handoffs that FS gave back; ``offered`` and ``held`` stand in today's queue. ``talk``: the
    evaluations of the calls of the last `coaching.DAYS` days, as far as they may be seen. ``member_id`` None: leads of
    nobody. While somebody is away (``away_until``, the last day), what is due counts for those who stand in
    (``covered_by``, names); whoever stands in says for whom (``covers``).
    """

    member_id: MemberId | None
    name: str
    role: str
    open: int = 0
    promised_today: int = 0
    sla_at_risk: int = 0
    sla_broken: int = 0
    stale: int = 0
    untouched: int = 0
    returned: int = 0
    offered: int = 0
    held: int = 0
    talk: Talk = field(default_factory=Talk)
    away_until: date | None = None
    covered_by: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()

    @property
    def alarming(self) -> int:
        """Return how much of it cannot wait: broken and threatened first responses, returned handoffs."""
        return self.sla_broken + self.sla_at_risk + self.returned


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A lead as the review of queues shows it: its row in the table of leads, and what is urgent about it."""

    row: TableRow
    alarms: tuple[str, ...]

    @property
    def lead_id(self) -> LeadId:
        """Return the lead."""
        return self.row.lead_id


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes along when leads change hands: callbacks promised until tonight, and running or broken clocks."""

    promised: int
    sla: int


@dataclass(frozen=True, slots=True)
class Move:
    """A lead whose place another playbook would change; ``rank_before`` and ``rank_after`` in its owner's queue from 1,
    None where it is not offered. ``tier`` and ``held`` likewise before and after.
    """

    lead_id: LeadId
    name: str
    company: str
    owner: str
    tier_before: int
    tier_after: int
    held_before: str | None
    held_after: str | None
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a playbook would do to today's queues: how many leads it looked at, and those whose place changes.

    ``appear`` and ``vanish`` count leads that come into a queue or leave it; ``by_owner`` the moved by name.
    """

    looked_at: int
    moves: tuple[Move, ...]
    appear: int
    vanish: int
    by_owner: dict[str, int]


def overview(ctx: Context) -> tuple[RepLoad, ...]:
    """Return every rep's load, those with leads or the role of a rep, the most alarming first.

    Raises Refused (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    today = ctx.now().astimezone(TOKYO).date()
    start = ctx.calendar.start_of_day(today - timedelta(days=coaching.DAYS - 1))
    with ctx.store.read() as tx:
        held = cover.holding(ctx, tx)
        away = _away(held)
        found = {load.owner: load for load in stored.loads(tx, _instants(ctx), away)}
        evaluated = talk.evaluated(ctx, tx, start, ctx.calendar.start_of_day(today + timedelta(days=1)))
    said = talk.groups(ctx, evaluated, lambda touch: touch.member_id)
    reps: list[RepLoad] = []
    for owner in dict.fromkeys([*found, *(m.id for m in ctx.members.values() if m.active and m.role == "rep")]):
        member = ctx.members.get(owner) if owner is not None else None
        load = found.get(owner)
        base = RepLoad(
            owner,
            member.name if member is not None else "",
            member.role if member is not None else "",
            talk=said.get(owner or "", Talk()),
            away_until=held[owner].last if owner is not None and owner in away else None,
            covered_by=tuple(map(ctx.name_of, away.get(owner, ()))) if owner is not None else (),
            covers=tuple(ctx.name_of(one) for one, people in away.items() if owner in people),
        )
        reps.append(
            base if load is None else replace(base, **{k: v for k, v in load._asdict().items() if k != "owner"})
        )
    return tuple(sorted(reps, key=lambda one: (-one.alarming, -one.open, one.name)))


def ids(ctx: Context, rep: MemberId | None = EVERYBODY, kind: str = "open") -> list[LeadId]:
    """Return the leads behind a figure of `RepLoad`, in the order of the queue; ``rep`` None: the leads of nobody.

    Raises Refused (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    with ctx.store.read() as tx:
        return stored.ids(tx, kind, _instants(ctx), None if rep == EVERYBODY else (rep,), _away(cover.holding(ctx, tx)))


def rows(ctx: Context, wanted: Sequence[LeadId]) -> list[TeamRow]:
    """Return the rows of these leads in the order asked for; leads that are gone are left out.

    Raises Refused (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    with ctx.store.read() as tx:
        alarms = stored.alarms(tx, wanted, _instants(ctx))
    return [TeamRow(row, alarms.get(row.lead_id, ())) for row in lead_table.rows(ctx, wanted)]


def carried(ctx: Context, wanted: Sequence[LeadId]) -> Carried:
    """Return what changes hands together with these leads. Raises Refused (``not_allowed``)."""
    ctx.require(Right.SEE_TEAM)
    with ctx.store.read() as tx:
        found = stored.alarms(tx, wanted, _instants(ctx)).values()
    return Carried(
        sum("promised_today" in one for one in found),
        sum("sla_broken" in one or "sla_at_risk" in one for one in found),
    )


def _away(held: Mapping[MemberId, Cover]) -> dict[MemberId, tuple[MemberId, ...]]:
    return {owner: people for owner in held if (people := stand_ins(held, owner))}


def _instants(ctx: Context) -> Instants:
    now = ctx.now()
    tomorrow = now.astimezone(TOKYO).date() + timedelta(days=1)
    return Instants(now, ctx.calendar.start_of_day(tomorrow), now - timedelta(days=STALE_DAYS))


def simulate(ctx: Context, playbook: Playbook, *, at: datetime | None = None) -> Simulation:
    """Return who would move where in today's queues under another playbook; nothing is changed.

    Raises Refused (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    now = at or ctx.now()
    other = replace(ctx, playbook=playbook, calendar=WorkCalendar(playbook.rules.business))
    with ctx.store.read() as tx:
        before, after = _stand(ctx, tx, now), _stand(other, tx, now)
        ranks = _ranks(before), _ranks(after)
        changed = [key for key in before if _differs(before[key][1], after[key][1], key, ranks)]
        facts = leads.many(tx, changed)
    moves = []
    for key in changed:
        was, will = before[key][1], after[key][1]
        one = facts[key]
        moves.append(
            Move(
                key,
                str(one.get("name") or ""),
                str(one.get("company.name") or ""),
                ctx.name_of(before[key][0]),
                was.tier,
                will.tier,
                was.held,
                will.held,
                ranks[0].get(key),
                ranks[1].get(key),
            )
        )
    moves.sort(key=lambda move: (move.owner, move.rank_after or 1 << 30, move.rank_before or 1 << 30))
    return Simulation(
        len(before),
        tuple(moves),
        sum(move.rank_before is None for move in moves),
        sum(move.rank_after is None for move in moves),
        dict(Counter(move.owner for move in moves)),
    )


_Stood = dict[LeadId, tuple[MemberId | None, "Placement"]]


def _stand(ctx: Context, tx: Tx, at: datetime) -> _Stood:
    found: _Stood = {}
    for block in leads.all_ids(tx):
        known = leads.many(tx, block)
        touches, steps = leads.touches_many(tx, known), leads.transitions_many(tx, known)
        days = projection.dial_days(ctx, tx, list(known), at)
        barred, filed = projection.suppressed(ctx, tx, known.values()), projection.sequences(tx, known)
        for key, one in known.items():
            told, past, done = filed.get(key, ()), touches[key], steps[key]
            _, placement = projection.stand(ctx, one, past, done, days[key], at, barred=key in barred, filed=told)
            found[key] = (one.owner_id, placement)
    return found


def _ranks(stood: _Stood) -> dict[LeadId, int]:
    """Return the place of each lead that is offered, in its owner's queue, from 1."""
    order: dict[MemberId | None, list[tuple[Placement, LeadId]]] = {}
    for key, (owner, placement) in stood.items():
        if placement.listed and placement.held is None:
            order.setdefault(owner, []).append((placement, key))
    ranked = (sorted(found, key=lambda one: one[0].key) for found in order.values())
    return {key: rank for found in ranked for rank, (_, key) in enumerate(found, 1)}


def _differs(was: Placement, will: Placement, key: LeadId, ranks: tuple[dict[LeadId, int], dict[LeadId, int]]) -> bool:
    """Return whether a lead itself stands otherwise: one that only shifts because others moved does not count."""
    offered = key in ranks[0], key in ranks[1]
    return (was.tier, was.held) != (will.tier, will.held) or offered[0] != offered[1]
