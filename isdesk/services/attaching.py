"""Calls that came in from nobody we know: kept, until the rep puts them to a lead or puts them away (DOMAIN 5.6, 14).

A talk then waits for its outcome like any other; one that nobody took becomes a touch at once. Each is one touch. The
number joins the lead where the rep wants it and a place for it is free; one that must not be called joins nobody that
is here, for it would bar them (DOMAIN 15: the most restrictive wins), and calls nobody back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from isdesk.domain.changes import Changes, Verb
from isdesk.domain.errors import Refused
from isdesk.domain.ids import TouchId
from isdesk.domain.numbers import MOBILE, free_place
from isdesk.domain.suppression import digest
from isdesk.domain.touch import effective
from isdesk.services import leads as lead_verbs
from isdesk.services import open_calls, phoning, search
from isdesk.services.entries import head, need
from isdesk.services.open_calls import LooseCall, OpenCall
from isdesk.services.views import Written
from isdesk.store import leads, suppressions

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context
    from isdesk.services.views import Found
    from isdesk.store import Tx


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lead that a call may be put to. ``place``: the field that would take the number, empty where none does."""

    found: Found
    place: str


@dataclass(frozen=True, slots=True)
class Attached:
    """What became of a call: ``kept`` waits for its outcome (a talk); None where it is a touch already."""

    written: Written
    kept: OpenCall | None = None


def keep(ctx: Context, call: LooseCall) -> None:
    """Keep a call of nobody we know, or how far it has come; it survives the end of the program."""
    with ctx.store.write() as tx:
        open_calls.keep_loose(tx, call, ctx.now())


def waiting(ctx: Context) -> list[LooseCall]:
    """Return the calls that are nobody's, oldest first."""
    with ctx.store.read() as tx:
        return waiting_in(tx)


def waiting_in(tx: Tx) -> list[LooseCall]:
    """Return the calls without a lead: one whose touch was taken back (undo) or whose lead is gone is without again."""
    kept = [one for one in open_calls.loose(tx) if not one.touch or _taken_back(tx, TouchId(one.touch))]
    left = [_without_lead(one) for one in open_calls.left_alone(tx)]
    return sorted([*kept, *left], key=lambda one: one.at)


def _without_lead(call: OpenCall) -> LooseCall:
    over = call.end is not None
    return LooseCall(call.id, call.number, call.at, call.answered, call.ring_s, call.talk_s, over=over)


def _taken_back(tx: Tx, touch_id: TouchId) -> bool:
    touch = leads.touch(tx, touch_id)
    return touch is None or all(one.id != touch_id for one in effective(leads.touches(tx, touch.lead_id)))


def barred(ctx: Context, told: str) -> bool:
    """Return whether a number must not be called, as the telephone tells it; a withheld one is none."""
    with ctx.store.read() as tx:
        return _barred(ctx, tx, phoning.number_of(told))


def _barred(ctx: Context, tx: Tx, number: str | None) -> bool:
    if number is None:
        return False
    return bool(suppressions.active(tx, [digest(k, "number", number) for k in (ctx.suppression_key, *ctx.older_keys)]))


def having(ctx: Context, told: str) -> list[Candidate]:
    """Return the leads that have a caller's number, the likeliest first: several may share it (代表番号)."""
    mine = [one.lead_id for one in phoning.callers(ctx, told)]
    with ctx.store.read() as tx:
        facts = leads.many(tx, mine)
    return [Candidate(search.found(ctx, facts[one]), "") for one in mine if one in facts]


def candidates(ctx: Context, text: str, told: str, limit: int = 20) -> list[Candidate]:
    """Return the leads that match a text (`search.find`), each with the field that would take the number."""
    hits = search.find(ctx, text, limit)
    number = None if barred(ctx, told) else phoning.number_of(told)
    with ctx.store.read() as tx:
        facts = leads.many(tx, [hit.lead_id for hit in hits])
    return [Candidate(hit, free_place(facts[hit.lead_id], number) if number else "") for hit in hits]


def attach(ctx: Context, call: str, lead_id: LeadId) -> Attached:
    """Put a call that is over to a lead: a talk waits for its outcome now, one that nobody took is written.

    Undo takes what was written back, and the call has no lead then, so that it can be put to another one.

    Raises NotFound, Refused (``call_recorded`` where the call is kept no more: it has its lead, or was put away).
    """
    with ctx.store.write() as tx:
        found = next((one for one in waiting_in(tx) if one.id == call), None)
        if found is None:
            raise Refused("call_recorded")
        facts = need(tx, lead_id)
        if found.answered:
            kept = found.of_lead(lead_id, phoning.number_of(found.told) or "")
            open_calls.forget(tx, call)
            open_calls.hold(tx, kept)
            return Attached(Written(Changes()), kept)
        entry = head(ctx, tx, Verb.RECORD, lead_id=lead_id, summary={"lead": str(facts.get("name") or "")})
        touch_id, number = phoning.missed_id(ctx, f"{call} {entry.id}"), phoning.number_of(found.told)
        back = not _barred(ctx, tx, number)
        missed = phoning.Missed(touch_id, number, found.at, found.ring_s, back)
        open_calls.keep_loose(tx, replace(found, touch=touch_id), ctx.now())
        return Attached(phoning.write_missed(ctx, tx, entry, facts, missed))


def add_number(ctx: Context, lead_id: LeadId, told: str) -> Written:
    """Add a caller's number to a lead where a place for it is free; one that stands there is never overwritten.

    Raises NotFound, Refused (``number_barred``).
    """
    number = phoning.number_of(told)
    if number is not None and barred(ctx, told):
        raise Refused("number_barred")
    with ctx.store.read() as tx:
        place = free_place(need(tx, lead_id), number) if number is not None else ""
    return lead_verbs.edit(ctx, lead_id, {place: number}) if place else Written(Changes())


def new_lead(ctx: Context, name: str, company: str, told: str) -> tuple[LeadId, Written]:
    """Make a lead for who called, with the number; one that must not be called is not called then either.

    Raises BadInput (``lead_without_name``).
    """
    number = phoning.number_of(told)
    fields = {"name": name.strip() or None, "company.name": company.strip() or None}
    if number is not None:
        fields["phone_mobile" if number.startswith(MOBILE) else "phone_direct"] = number
    return lead_verbs.create(ctx, fields)
