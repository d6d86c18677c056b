"""Derives the state and the place in the queue of leads from their facts, and keeps both beside them.

The one place where domain rules meet stored facts; called in the same transaction as what changed them (ARCHITECTURE,
The journal), by sync after a page, by the tick of the clock, and by a rebuild.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.deriving import derive
from isdesk.domain.handoff import fold as fold_handoff
from isdesk.domain.ids import LeadId
from isdesk.domain.numbers import numbers, usable
from isdesk.domain.queue import place
from isdesk.domain.sequence import KIND as SEQUENCE
from isdesk.domain.sequence_trace import kept
from isdesk.domain.sequenced import enrolments
from isdesk.domain.state import DialDay, LeadFacts, LeadState, Placement
from isdesk.domain.suppression import digest
from isdesk.domain.touch import effective
from isdesk.services.context import Context
from isdesk.services.twins import Stood, Twins
from isdesk.store import board, filings, identity, leads, suppressions
from isdesk.store import sequences as stored
from isdesk.store.rows import StandWriter

if TYPE_CHECKING:
    from isdesk.domain.filing import Filing
    from isdesk.domain.handoff import Transition
    from isdesk.domain.sequence import Enrolment
    from isdesk.domain.sequence_trace import Kept
    from isdesk.domain.touch import Touch
    from isdesk.store import Tx

_NOTHING = DialDay()
CHUNK = 500
"""Leads derived at a time: small enough that memory and a reader's wait stay small."""


def sequences(tx: Tx, ids: Iterable[LeadId]) -> dict[LeadId, list[Filing]]:
    """Return what was filed about the sequences of leads, by lead; without those that were never in one."""
    found: dict[LeadId, list[Filing]] = {}
    if filings.any_of(tx, SEQUENCE):
        for one in filings.about_many(tx, SEQUENCE, list(ids)):
            found.setdefault(LeadId(one.subject), []).append(one)
    return found


def refresh(
    ctx: Context,
    tx: Tx,
    ids: Iterable[LeadId],
    now: datetime | None = None,
    *,
    tick: Callable[[int], None] | None = None,
) -> None:
    """Derive and place ``ids`` again as of ``now`` (default: the clock's); leads that are gone are passed over.

    ``tick`` hears how many are done, now and then, and may raise to stop.
    """
    at = now or ctx.now()
    wanted = list(dict.fromkeys(ids))
    twins = Twins(at)
    for start in range(0, len(wanted), CHUNK):
        if tick is not None:
            tick(start)
        _refresh_chunk(ctx, tx, wanted[start : start + CHUNK], at, twins)


def _refresh_chunk(ctx: Context, tx: Tx, ids: Sequence[LeadId], at: datetime, twins: Twins) -> None:
    facts = leads.many(tx, ids)
    if not facts:
        return
    touches = leads.touches_many(tx, facts)
    steps = leads.transitions_many(tx, facts)
    days = dial_days(ctx, tx, list(facts), at)
    barred = suppressed(ctx, tx, facts.values())
    filed = sequences(tx, facts)
    past: dict[LeadId, Kept] = {}
    found: list[tuple[LeadId, LeadState, Placement]] = []
    for key, one in facts.items():
        bar = key in barred
        if touches[key] or steps[key] or days[key] != _NOTHING or key in filed:
            found_in: Sequence[Enrolment] | None = None
            if key in filed:
                found_in = enrolled(ctx, one, touches[key], steps[key], filed[key], barred=bar)
                past[key] = kept(found_in, one.owner_id)
            day = days[key]
            found.append((key, *stand(ctx, one, touches[key], steps[key], day, at, barred=bar, enrolled=found_in)))
        else:
            found.append((key, *_by_kind(ctx, one, twins, at, barred=bar)))
    leads.save_state(tx, found)
    if past:
        stored.keep(tx, past)


def enrolled(
    ctx: Context,
    facts: LeadFacts,
    touches: Sequence[Touch],
    steps: Sequence[Transition],
    filed: Sequence[Filing],
    *,
    barred: bool,
) -> tuple[Enrolment, ...]:
    """Return a lead's enrolments as what was ``filed`` folds to (`sequences`)."""
    handoff = fold_handoff(steps)
    handed_at = handoff.changed_at if handoff.id is not None else None
    return enrolments(filed, facts, effective(list(touches)), handed_at, ctx.rules, ctx.calendar, suppressed=barred)


def _by_kind(ctx: Context, facts: LeadFacts, twins: Twins, at: datetime, *, barred: bool) -> Stood:
    """Return where a lead without history stands, worked out once for all that are alike (see `Twins.kind`)."""
    dialable = bool(usable(facts))
    fresh = partial(stand, ctx, touches=(), steps=(), day=_NOTHING, at=at, barred=barred, dialable=dialable)
    return twins.kind(facts, (barred, dialable), fresh)


class Newcomers:
    """Says where leads stand that are about to get their row, so that the row is written once and whole.

    ``at`` is the instant as of which they stand; those with a history or a dial that binds them are left to `refresh`.
    ``tick`` hears before each block how many were seen, and may raise to stop.
    """

    def __init__(self, ctx: Context, at: datetime, tick: Callable[[int], None] | None = None) -> None:
        self.seen = 0
        self._ctx = ctx
        self._at = at
        self._tick = tick
        self._twins = Twins(at)
        self._written = StandWriter()

    def __call__(self, tx: Tx, new: Sequence[LeadFacts]) -> list[tuple[object, ...] | None]:
        """Return state and place of each as a row, None where that is left to `refresh`."""
        ctx, at = self._ctx, self._at
        if self._tick is not None:
            self._tick(self.seen)
        self.seen += len(new)
        known = board.bound(tx, new, at.astimezone(TOKYO).date()) | leads.with_history(tx, (one.id for one in new))
        known |= sequences(tx, (one.id for one in new)).keys()
        barred = suppressed(ctx, tx, new)
        row = self._written.row
        return [
            None if one.id in known else row(*_by_kind(ctx, one, self._twins, at, barred=one.id in barred))
            for one in new
        ]


def dial_days(ctx: Context, tx: Tx, ids: Sequence[LeadId], at: datetime) -> dict[LeadId, DialDay]:
    """Return what was dialled on the business day of ``at`` that binds each lead."""
    return board.dial_day(tx, ids, at.astimezone(TOKYO).date(), ctx.dial_codes)


def around(tx: Tx, facts: Iterable[LeadFacts]) -> list[LeadId]:
    """Return the leads that a dial of these concerns: colleagues of their company and sharers of a number."""
    every = list(facts)
    companies = {one.company_id for one in every if one.company_id is not None}
    near = leads.of_companies(tx, companies) if companies else []
    shared = identity.leads_by_phone(tx, {n.e164 for one in every for n in numbers(one)})
    return list(dict.fromkeys([*near, *(one for found in shared.values() for one in found)]))


def stand(
    ctx: Context,
    facts: LeadFacts,
    touches: Sequence[Touch],
    steps: Sequence[Transition],
    day: DialDay,
    at: datetime,
    *,
    barred: bool,
    dialable: bool | None = None,
    filed: Sequence[Filing] = (),
    enrolled: Sequence[Enrolment] | None = None,
) -> tuple[LeadState, Placement]:
    """Return the state and the placement of one lead as of ``at``; ``dialable`` where the caller knows it already.

    ``filed`` is what was filed about its sequences (`sequences`), ``enrolled`` what that folds to where it is known.
    """
    state = derive(
        facts, touches, steps, rules=ctx.rules, calendar=ctx.calendar, now=at, suppressed=barred, filings=filed,
        enrolled=enrolled,
    )  # fmt: skip
    placement = place(
        facts.id,
        state,
        facts,
        day,
        rules=ctx.rules,
        calendar=ctx.calendar,
        now=at,
        device_id=ctx.device_id,
        has_number=bool(usable(facts)) if dialable is None else dialable,
    )
    return state, placement


def marks(ctx: Context, facts: LeadFacts) -> list[str]:
    """Return the digests under which a do-not-call for this lead would stand (number, person, company)."""
    named = [("number", number.e164) for number in numbers(facts)]
    named.append(("lead", facts.id))
    if facts.company_id is not None:
        named.append(("company", facts.company_id))
    return [digest(key, kind, value) for key in (ctx.suppression_key, *ctx.older_keys) for kind, value in named]


def suppressed(ctx: Context, tx: Tx, facts: Iterable[LeadFacts]) -> set[LeadId]:
    """Return those leads that the suppression list forbids to call (SECURITY C4: the most restrictive wins)."""
    if not suppressions.any_known(tx):
        return set()
    by_lead = {one.id: marks(ctx, one) for one in facts}
    hit = suppressions.active(tx, [mark for found in by_lead.values() for mark in found])
    return {lead_id for lead_id, found in by_lead.items() if not hit.isdisjoint(found)}


def rebuild(ctx: Context, tx: Tx) -> int:
    """Derive every lead again; return how many there are. Facts themselves are rebuilt by ``store.fold``."""
    total = 0
    for block in leads.all_ids(tx):
        refresh(ctx, tx, block)
        total += len(block)
    return total
