"""Standing in for somebody who is away (代行): setting it, ending it, and whose leads stand in whose queue.

Nothing is written on a lead: its owner stays, in the CRM too. Covers are read once per change and kept at hand, so that
asking whose queue it is costs one count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import cover as rules
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.cover import END, KIND, Cover, Share
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.ids import MemberId
from isdesk.domain.roles import Right
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import filings, journal

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx


@dataclass(frozen=True, slots=True)
class Item:
    """A cover with names: who is ``away``, who stands in, whether it holds ``now`` (else it is to come), and whether
    the person at this desk may end it.
    """

    cover: Cover
    away: str
    by: tuple[str, ...]
    now: bool
    mine: bool


def begin(
    ctx: Context, away: MemberId, by: Sequence[MemberId], first: date, last: date
) -> tuple[str, Written]:  # fmt: skip
    """Have ``by`` stand in for somebody from one business day to another, both included; returns the cover's id.

    Several share the leads evenly, a company's leads staying together.

    Raises NotFound (``member_not_found``), BadInput (``cover_nobody``, ``cover_period``), Refused (``cover_overlaps``,
    ``not_allowed``: for others it is the team lead's to say).
    """
    require(ctx, away)
    ctx.member(away)
    people = list(dict.fromkeys(by))
    if not people or away in people or not all(ctx.member(one).active for one in people):
        raise BadInput("cover_nobody")
    if last < first or last.isoformat() < ctx.today():
        raise BadInput("cover_period", first=first.isoformat(), last=last.isoformat())
    with ctx.store.write() as tx:
        day, at = _day(ctx, None)
        for one in known(ctx, tx):
            if one.member_id == away and one.to_come(day, at) and one.overlaps(first, last):
                names = ", ".join(ctx.name_of(who) for who in one.by)
                raise Refused("cover_overlaps", first=one.first.isoformat(), last=one.last.isoformat(), by=names)
        cover_id = ctx.ids.new()
        return cover_id, _file(ctx, tx, cover_id, rules.payload(away, people, first, last), ctx.name_of(away))


def end(ctx: Context, cover_id: str) -> Written:
    """End a cover now: what is due stands with its owner again, and one that was to come does not come.

    Raises NotFound (``cover_not_found``), Refused (``cover_over``, ``not_allowed``).
    """
    with ctx.store.write() as tx:
        found = next((one for one in known(ctx, tx) if one.id == cover_id), None)
        if found is None:
            raise NotFound("cover_not_found", cover=cover_id)
        require(ctx, found.member_id)
        if not found.to_come(*_day(ctx, None)):
            raise Refused("cover_over")
        return _file(ctx, tx, cover_id, {"step": END}, ctx.name_of(found.member_id))


def listing(ctx: Context) -> list[Item]:
    """Return the covers that hold or are to come, the earliest first. Raises Refused (``not_allowed``)."""
    ctx.require(Right.SEE_TEAM)
    day, at = _day(ctx, None)
    with ctx.store.read() as tx:
        every = known(ctx, tx)
    held = rules.holding(every, day, at).values()
    coming = sorted((one for one in every if one.to_come(day, at)), key=lambda one: (one.first, one.set_at, one.id))
    return [
        Item(one, ctx.name_of(one.member_id), tuple(map(ctx.name_of, one.by)), one in held, may(ctx, one.member_id))
        for one in coming
    ]


def may(ctx: Context, away: MemberId) -> bool:
    """Return whether the person at this desk may say who stands in for somebody: for themself, or as a team lead."""
    return ctx.may(Right.REASSIGN) or (away == ctx.me.id and ctx.may(Right.GIVE_AWAY))


def require(ctx: Context, away: MemberId) -> None:
    """Refuse unless `may`. Raises Refused (``not_allowed``)."""
    if not may(ctx, away):
        ctx.require(Right.REASSIGN)


# ---------------------------------------------------------------------------------------------------- for the queues


def known(ctx: Context, tx: Tx) -> tuple[Cover, ...]:
    """Return every cover, oldest first; read anew only where another one was filed."""
    count, every = ctx.covers.kept
    there = filings.count(tx, KIND)
    if there != count:
        every = tuple(rules.covers(filings.of_kind(tx, KIND)))
        ctx.covers.kept = (there, every)
    return every


def holding(ctx: Context, tx: Tx, at: datetime | None = None) -> Mapping[MemberId, Cover]:
    """Return by who is away the cover that holds now, or at ``at``."""
    every = known(ctx, tx)
    return rules.holding(every, *_day(ctx, at)) if every else {}


def shares(ctx: Context, tx: Tx, member: MemberId | None = None, at: datetime | None = None) -> tuple[Share, ...]:
    """Return whose leads stand in a person's queue now, or at ``at``; that of the person at this desk by default."""
    who = member or ctx.me.id
    now = holding(ctx, tx, at)
    return rules.shares(now, who) if now else (Share(who),)


def covering(ctx: Context) -> frozenset[MemberId]:
    """Return for whom the person at this desk stands in now."""
    with ctx.store.read() as tx:
        return frozenset(one.owner for one in shares(ctx, tx) if one.owner != ctx.me.id)


def away(ctx: Context, tx: Tx, member: MemberId | None = None) -> Cover | None:
    """Return the cover of somebody whose leads stand elsewhere now; None where they are there."""
    who = member or ctx.me.id
    now = holding(ctx, tx)
    return now[who] if rules.stand_ins(now, who) else None


def _day(ctx: Context, at: datetime | None) -> tuple[date, datetime]:
    when = at or ctx.now()
    return when.astimezone(TOKYO).date(), when


def _file(ctx: Context, tx: Tx, cover_id: str, payload: dict[str, Value], name: str) -> Written:
    entry = head(ctx, tx, Verb.COVER, summary={"rep": name, "step": payload["step"]})
    said = Filing(
        ctx.ids.new(), KIND, cover_id, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
        None, payload, entry.id,
    )  # fmt: skip
    journal.append(tx, entry, filings=[said])
    return Written(Changes(queue=True, outbox=True, undo=True, all_leads=True), entry.id)
