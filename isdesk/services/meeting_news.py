"""What somebody at this desk must hear about meetings, each once: clashes, moves elsewhere, calling off.

Whose lead it is and who said the last word hear of what has to be agreed anew, the person of FS what others did.
Looking is a read; only what was told is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import booking as rules
from isdesk.domain.booking import Booking
from isdesk.services import booking
from isdesk.services.booking import STUCK
from isdesk.store import leads, meta

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId, MemberId
    from isdesk.domain.state import LeadFacts
    from isdesk.services.booking import Carried
    from isdesk.services.context import Context
    from isdesk.store import Tx

TOLD = "meetings_told"
DIFFER = "meetings_differ"
NEWS = timedelta(days=14)
"""What is older is no news, also where it was never told."""
APART = timedelta(minutes=10)
"""So long a lead's field and what was agreed may differ: they may arrive one after the other."""


@dataclass(frozen=True, slots=True)
class MeetingNews:
    """What the person at this desk must hear about a meeting, once.

    ``what``: ``clash`` (somebody booked this time before: ``who``; ``times`` are free) | ``double`` (``who`` agreed on
    another with the same lead later, at ``other_at``, which stands) | ``taken`` (the calendar has something else there)
    | ``moved_there`` (it was moved in the calendar, to ``other_at``) | ``gone_there`` (it was taken off the calendar) |
    ``elsewhere`` (the lead's own field says ``other_at``, or no time: somebody moved it in the CRM) | ``booked`` |
    ``moved`` | ``canceled`` (for FS, by ``who``).
    """

    what: str
    lead_id: LeadId
    lead: str
    at: datetime
    who: str = ""
    times: tuple[datetime, ...] = ()
    other_at: datetime | None = None


_OF_OTHERS = frozenset({"booked", "moved", "canceled"})
"""A desk that asks for the first time has a past, but no news of it."""
_WITH_TIMES = frozenset({"clash", *STUCK})


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look found: everything that holds now by its key, what of it is news, and the fields that differ."""

    found: tuple[str, ...]
    fresh: tuple[tuple[MeetingNews, Booking], ...]
    differ: Mapping[str, tuple[str, datetime]]
    keeps: bool
    """Whether there is anything to keep."""


def waiting(ctx: Context) -> bool:
    """Return whether `news` has anything to tell or to keep; this reads only."""
    with ctx.store.read() as tx:
        return _look(ctx, tx).keeps


def news(ctx: Context) -> list[MeetingNews]:
    """Return what has to be told about meetings and was not told at this desk yet; take it as told."""
    with ctx.store.read() as tx:
        look = _look(ctx, tx)
        fresh = [replace(one, times=_times(ctx, tx, of)) if one.what in _WITH_TIMES else one for one, of in look.fresh]
    if look.keeps:
        with ctx.store.write() as tx:
            meta.put(tx, TOLD, list[object](sorted(look.found)))
            meta.put(tx, DIFFER, {uid: [field, since.isoformat()] for uid, (field, since) in look.differ.items()})
    return fresh


def _look(ctx: Context, tx: Tx) -> _Look:
    now = ctx.now()
    kept = meta.get(tx, TOLD)
    told = {str(one) for one in kept} if isinstance(kept, list) else set()
    coming = booking.coming(tx, now)
    facts = leads.many(tx, {one.lead_id for one in coming})
    before = _differ_kept(tx)
    differ = {one.id: (field, since) for one, field, since in _differing(coming, facts, before, now)}
    found = dict(_found(ctx, tx, coming, facts, differ))
    fresh = [
        pair for key, pair in found.items() if key not in told and not (kept is None and pair[0].what in _OF_OTHERS)
    ]
    keeps = kept is None or bool(found.keys() - told) or differ != before
    return _Look(tuple(found), tuple(fresh), differ, keeps)


def _found(
    ctx: Context,
    tx: Tx,
    coming: Sequence[Booking],
    facts: Mapping[LeadId, LeadFacts],
    differ: Mapping[str, tuple[str, datetime]],
) -> Iterator[tuple[str, tuple[MeetingNews, Booking]]]:
    now, by_id = ctx.now(), {one.id: one for one in coming}
    clashing = {clash.other.id: clash.keeps for clash in rules.clashes(coming, now)}
    carried = booking.carried_of(tx)
    for one in coming:
        lead = facts.get(one.lead_id)
        if lead is None:
            continue
        plain = MeetingNews("", one.lead_id, str(lead.get("name") or ""), one.at)
        every = list(_for_fs(ctx, one, plain))
        if ctx.me.id in _concerned(one, lead):
            every += _doubled(ctx, one, by_id.get(one.instead), plain)
            if not one.canceled:
                every += _stuck(ctx, one, clashing.get(one.id), carried.get(one.id), plain)
                every += _of_field(one, differ.get(one.id), now, plain)
        for key, news in every:
            yield key, (news, one)


def _concerned(one: Booking, lead: LeadFacts) -> set[MemberId | None]:
    """Return who has to see to a meeting: whose lead it is and who said the last word, else who booked it."""
    return {lead.owner_id, one.said_by} if lead.owner_id is not None else {one.by, one.said_by}


_Said = Iterator[tuple[str, MeetingNews]]


def _doubled(ctx: Context, one: Booking, stands: Booking | None, plain: MeetingNews) -> _Said:
    if stands is not None:
        key = f"double:{one.id}:{stands.id}:{stands.at.isoformat()}"
        yield key, replace(plain, what="double", who=ctx.name_of(stands.said_by or stands.by), other_at=stands.at)


def _stuck(ctx: Context, one: Booking, keeps: Booking | None, carried: Carried | None, plain: MeetingNews) -> _Said:
    mark = f"{one.id}:{one.sequence}"
    if keeps is not None and not one.knowingly:
        yield f"clash:{mark}", replace(plain, what="clash", who=ctx.name_of(keeps.by))
    elif carried is not None and carried.state in STUCK and carried.sequence == one.sequence:
        yield f"{carried.state}:{mark}", replace(plain, what=carried.state, other_at=carried.there)


def _of_field(one: Booking, differs: tuple[str, datetime] | None, now: datetime, plain: MeetingNews) -> _Said:
    if differs is not None and now - differs[1] >= APART:
        other = booking.instant(differs[0])
        yield f"elsewhere:{one.id}:{differs[0]}", replace(plain, what="elsewhere", other_at=other)


def _for_fs(ctx: Context, one: Booking, plain: MeetingNews) -> _Said:
    who = one.said_by or one.by
    if one.fs_id == ctx.me.id and who != ctx.me.id and one.claimed_at >= ctx.now() - NEWS:
        what = "canceled" if one.canceled else "moved" if one.moved else "booked"
        key = f"fs:{one.id}:{one.words - 1}{':' + one.instead if one.instead else ''}"
        yield key, replace(plain, what=what, who=ctx.name_of(who))


def _times(ctx: Context, tx: Tx, one: Booking) -> tuple[datetime, ...]:
    """Return times at which a meeting could be held instead."""
    if one.fs_id is None:
        return ()
    now = ctx.now()
    _, _, busy = booking.busy_of(tx, booking.coming(tx, now), booking.handed(tx), one.fs_id, one.lead_id)
    return tuple(rules.free_slots(busy, ctx.calendar, now, minutes=one.minutes, most=3))


# ------------------------------------------------------------------------------------------------ what the CRM moved


def _differing(
    coming: Iterable[Booking],
    facts: Mapping[LeadId, LeadFacts],
    before: Mapping[str, tuple[str, datetime]],
    now: datetime,
) -> Iterator[tuple[Booking, str, datetime]]:
    """Return the meetings whose lead's field says another time: (meeting, what it says, since when it was seen)."""
    for one in coming:
        lead = facts.get(one.lead_id)
        if one.canceled or lead is None:
            continue
        field = str(lead.get("meeting_at") or "")
        if booking.instant(field) == one.at:
            continue
        known = before.get(one.id)
        yield one, field, known[1] if known is not None and known[0] == field else now


def _differ_kept(tx: Tx) -> dict[str, tuple[str, datetime]]:
    kept = meta.get(tx, DIFFER)
    found: dict[str, tuple[str, datetime]] = {}
    for uid, one in kept.items() if isinstance(kept, dict) else ():
        field, since = one if isinstance(one, list) and len(one) == 2 else ("", None)
        at = booking.instant(since)
        if at is not None:
            found[uid] = str(field), at
    return found
