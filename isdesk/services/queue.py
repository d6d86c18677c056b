"""The queue as it is shown and offered: rows with reasons, counts, the next lead, and the tick of the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain import queue as rules
from isdesk.domain.changes import Changes
from isdesk.domain.cover import Share, stand_ins
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.numbers import numbers, usable
from isdesk.domain.state import Chip, LeadFacts
from isdesk.domain.windows import fit_soft, window_state
from isdesk.services import cover, projection
from isdesk.services.context import Context
from isdesk.services.views import QueueCounts, QueueRow, WindowState
from isdesk.store import board, leads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isdesk.domain.cover import Cover
    from isdesk.store import Tx
    from isdesk.store.board import Line

    Covers = Mapping[MemberId, Cover]

FILTERS: dict[str, tuple[int, ...]] = {
    "promise": (rules.PROMISE,),
    "sla": (rules.SLA,),
    "returned": (rules.RETURNED,),
    "callback": (rules.LOOSE,),
    "inbound": (rules.INBOUND,),
    "retry": (rules.RETRY,),
    "nurture": (rules.NURTURE,),
    "new": (rules.NEW,),
}
"""The chips above the queue list and the tiers each shows."""

BATCH = 500


def window(ctx: Context, at: datetime | None = None) -> WindowState:
    """Return whether now, or ``at``, may be called (架電可能時間帯)."""
    when = at or ctx.now()
    state, until, note = window_state(ctx.rules, ctx.calendar, when)
    opens = None if state == "open" else fit_soft(when, ctx.rules, ctx.calendar)
    return WindowState(state, until, note, opens)


def ids(
    ctx: Context, chip: str | None = None, *, held: bool = False, rep: MemberId | None = None, limit: int = -1
) -> list[LeadId]:
    """Return the ids of a rep's queue in order: of one chip of `FILTERS`, or (``held``) what is held.

    The first ``limit`` of them; all where it is -1.
    """
    tiers = FILTERS.get(chip) if chip else None
    with ctx.store.read() as tx:
        return board.ids(tx, cover.shares(ctx, tx, rep), tiers=tiers, held=held, limit=limit)


def rows(ctx: Context, wanted: Sequence[LeadId]) -> list[QueueRow]:
    """Return the rows of these leads in the order asked for; leads that are gone are left out."""
    with ctx.store.read() as tx:
        return rows_of(ctx, board.rows(tx, wanted), cover.holding(ctx, tx))


def page(
    ctx: Context, *, limit: int = 50, offset: int = 0, held: bool = False, rep: MemberId | None = None
) -> list[QueueRow]:
    """Return one page of a rep's queue."""
    with ctx.store.read() as tx:
        whose = cover.shares(ctx, tx, rep)
        return rows_of(ctx, board.page(tx, whose, limit=limit, offset=offset, held=held), cover.holding(ctx, tx))


def rows_of(ctx: Context, lines: Iterable[Line], covers: Covers | None = None) -> list[QueueRow]:
    """Return rows as they are painted; outside the calling window what waits for it says so (時間外).

    ``covers`` are those that hold: a lead whose owner is away says for whom one stands in, and until when (代行).
    """
    state = window(ctx).state
    return [_row(ctx, line, state, covers or {}) for line in lines]


def _row(ctx: Context, line: Line, state: str, covers: Covers) -> QueueRow:
    from isdesk.files.phones import shown

    facts = LeadFacts(line.lead_id, line.fields, line.company_id, line.company)
    able = usable(facts) or numbers(facts)
    return QueueRow(
        lead_id=line.lead_id,
        name=str(line.fields.get("name") or ""),
        company=str((line.company or {}).get("name") or ""),
        tier=line.tier,
        priority=line.priority,
        held=line.held or (None if _open_for(line, state) else "window"),
        due_at=line.action_due_at or line.due_at,
        attempts=line.attempts,
        cap=ctx.rules.caps.per_contact_cycle,
        chips=(*_covered(ctx, line.owner_id, covers), *line.chips),
        phone=shown(able[0].e164) if able else None,
        action=line.action or "",
        stage=line.stage,
        sla_due_at=line.sla_due_at,
    )


def _covered(ctx: Context, owner: MemberId | None, covers: Covers) -> tuple[Chip, ...]:
    """Return the reason why a lead of somebody who is away stands here (``last``: their last day away)."""
    if owner is None or not stand_ins(covers, owner):
        return ()
    return (Chip("cover", "promise", (("rep", ctx.name_of(owner)), ("last", covers[owner].last.isoformat()))),)


def _open_for(line: Line, state: str) -> bool:
    """Return whether the calling window lets this be done now; what is no call may be done at any hour."""
    if state == "open" or line.action not in rules.CALLS:
        return True
    return state == "soft" and (line.tier == rules.PROMISE or line.in_hand)


def counts(ctx: Context, rep: MemberId | None = None) -> QueueCounts:
    """Return the figures above the queue list."""
    with ctx.store.read() as tx:
        whose = cover.shares(ctx, tx, rep)
        tiers = board.tier_counts(tx, whose)
        held = board.held_counts(tx, whose)
        away = cover.away(ctx, tx, rep)
    return QueueCounts(
        total=sum(tiers.values()),
        held=sum(held.values()),
        chips={chip: sum(tiers.get(tier, 0) for tier in wanted) for chip, wanted in FILTERS.items()},
        sla_soon=tiers.get(rules.SLA, 0),
        covered_by=tuple(ctx.name_of(one) for one in away.by) if away is not None else (),
        away_until=away.last if away is not None else None,
    )


def next_lead(ctx: Context, exclude: Iterable[LeadId] = ()) -> LeadId | None:
    """Return the lead at the top of the queue, without ``exclude``; None where there is nothing to offer."""
    with ctx.store.read() as tx:
        return next(iter(board.first(tx, cover.shares(ctx, tx), exclude=exclude)), None)


def tick(ctx: Context, limit: int = BATCH) -> Changes:
    """Place again what may stand elsewhere by now (a promise came due, a clock began to warn, a day began).

    At most ``limit`` leads a call, so that a long sleep is worked off in small pieces; call again while it says
    ``queue``.
    """
    now = ctx.now()
    with ctx.store.read() as tx:
        due = board.expired(tx, now, limit)
        if len(due) < limit:
            due = list(dict.fromkeys([*due, *board.stale(tx, ctx.today(), limit - len(due))]))
    if not due:
        return Changes()
    with ctx.store.write() as tx:
        projection.refresh(ctx, tx, due, now)
    return Changes(leads=frozenset(due), queue=True)


def settle(ctx: Context) -> int:
    """Tick until nothing is due; return how many leads were placed. For start-up, sync and the command line."""
    total = 0
    while changed := tick(ctx).leads:
        total += len(changed)
    return total


def as_of(ctx: Context, at: datetime, *, rep: MemberId | None = None, held: bool = False) -> list[QueueRow]:
    """Return a rep's whole queue as of an instant, derived afresh (the kept places are those of now).

    With ``held`` the leads that are held, each with its reason.
    """
    state, _, _ = window_state(ctx.rules, ctx.calendar, at)
    placed = []
    with ctx.store.read() as tx:
        whose, covers = cover.shares(ctx, tx, rep, at), cover.holding(ctx, tx, at)
        for block in leads.all_ids(tx):
            placed.extend(_placed(ctx, tx, block, whose, at))
    by_key = sorted((p for p in placed if p[1].listed), key=lambda p: p[1].key)
    keep = [p for p in by_key if _offered(p[1], p[2], state) is not held]
    with ctx.store.read() as tx:
        lines = {line.lead_id: line for line in board.rows(tx, [p[0] for p in keep])}
    return [_as_row(ctx, lines[lead_id], placement, told, state, covers) for lead_id, placement, told in keep]


def _offered(placement: Placement, state: LeadState, window_now: str) -> bool:
    action = state.next_action
    if action is not None and action.kind not in rules.CALLS:
        return rules.offered(placement, "open")
    return rules.offered(placement, window_now)


def standing(ctx: Context, *, rep: MemberId | None = None, held: bool = False) -> list[QueueRow]:
    """Return a rep's whole queue as of now, by the kept places: the same as `as_of` gives, without deriving anew."""
    settle(ctx)
    with ctx.store.read() as tx:
        whose, covers = cover.shares(ctx, tx, rep), cover.holding(ctx, tx)
        lines = board.rows(tx, board.ids(tx, whose))
        if held:
            lines = sorted([*lines, *board.rows(tx, board.ids(tx, whose, held=True))], key=lambda line: line.key)
    return [row for row in rows_of(ctx, lines, covers) if (row.held is not None) is held]


def _placed(ctx: Context, tx: Tx, block: Sequence[LeadId], whose: Sequence[Share], at: datetime) -> list[_Placed]:
    mine = {key: one for key, one in leads.many(tx, block).items() if _stands_in(one, whose)}
    touches, steps = leads.touches_many(tx, mine), leads.transitions_many(tx, mine)
    days = projection.dial_days(ctx, tx, list(mine), at)
    filed = projection.sequences(tx, mine)
    barred = projection.suppressed(ctx, tx, mine.values())
    found: list[_Placed] = []
    for key, one in mine.items():
        past, done, told = touches[key], steps[key], filed.get(key, [])
        if at < ctx.now():  # what another clock wrote ahead of this one counts now, as it does in the kept places
            past, done = [t for t in past if t.at <= at], [step for step in done if step.at <= at]
            told = [one for one in told if one.at <= at]
        state, placement = projection.stand(ctx, one, past, done, days[key], at, barred=key in barred, filed=told)
        found.append((key, placement, state))
    return found


def _stands_in(facts: LeadFacts, whose: Sequence[Share]) -> bool:
    return any(share.has(facts.owner_id, facts.company_id or facts.id) for share in whose)


def _as_row(
    ctx: Context, line: Line, placement: Placement, state: LeadState, window_now: str, covers: Covers
) -> QueueRow:
    from dataclasses import replace

    row = _row(ctx, line, "open", {})
    action = state.next_action
    shut = placement.held is None and not _offered(placement, state, window_now)
    return replace(
        row,
        tier=placement.tier,
        priority=state.scores.priority,
        held="window" if shut else placement.held,
        due_at=action.due_at if action else placement.due_at,
        attempts=state.attempts,
        chips=(*_covered(ctx, line.owner_id, covers), *placement.chips),
        action=action.kind.value if action else "",
        stage=state.stage,
        sla_due_at=state.sla_due_at,
    )


if TYPE_CHECKING:
    from isdesk.domain.state import LeadState, Placement

    _Placed = tuple[LeadId, Placement, LeadState]
