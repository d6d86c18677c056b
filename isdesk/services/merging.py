"""Two leads that are one person (名寄せ): who may be the same, what a merge would do, and the merge itself.

Nothing is lost: what the one that stays lacks is filled in, what differs stays as it was there, the more restrictive
do-not-call holds, every touch of the other stands in its timeline, and its meeting is the winner's where that has none.
One entry, so that one undo parts them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.errors import Refused
from isdesk.domain.fields import LEAD_FIELDS, Merge
from isdesk.domain.handoff import State, fold_all
from isdesk.domain.ids import LeadId
from isdesk.domain.merge import same
from isdesk.domain.numbers import SWITCHBOARD, numbers
from isdesk.domain.state import LeadFacts
from isdesk.domain.suppression import Suppression, digest
from isdesk.services import booking, projection, sequences
from isdesk.services.entries import changed, head, need
from isdesk.services.views import QueueRow, Written
from isdesk.store import board, identity, journal, leads

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

CANDIDATES = 20
INTO, FROM = "merged_into", "merged_from"
_LIVE = frozenset({State.ASKED, State.SUBMITTED, State.ACCEPTED, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do to the lead that stays.

    ``filled``: code → value that it lacks and gets. ``kept``: code → (its own value, the other's that gives way).
    ``touches``: how many touches come along. ``do_not_call``: whether the merge forbids to call it.
    """

    filled: dict[str, Value]
    kept: dict[str, tuple[Value, Value]]
    touches: int
    do_not_call: bool


def candidates(ctx: Context, lead_id: LeadId) -> tuple[QueueRow, ...]:
    """Return leads that may be the same person: the same mail, the same own number, or name and company alike.

    Raises NotFound.
    """
    from isdesk.services.queue import rows_of

    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
        found = [one for one in _alike(tx, facts) if one != lead_id]
        return tuple(rows_of(ctx, board.rows(tx, found[:CANDIDATES])))


def stands_as(tx: Tx, lead_id: LeadId) -> LeadId | None:
    """Return the lead that a lead lives on in: itself, or what it was merged into; None where that is gone."""
    seen = {lead_id}
    while leads.facts(tx, lead_id) is None:
        into = (leads.fields_of(tx, Obj.LEAD, lead_id) or {}).get(INTO)
        if not isinstance(into, str) or into in seen:
            return None
        lead_id = LeadId(into)
        seen.add(lead_id)
    return lead_id


def preview(ctx: Context, loser: LeadId, winner: LeadId) -> Preview:
    """Return what merging ``loser`` into ``winner`` would do. Raises as `merge` does."""
    with ctx.store.read() as tx:
        gone, stays = _pair(tx, loser, winner)
        wanted, kept = _fields(gone, stays)
        forbid = _forbids(ctx, tx, gone, stays)
        moved = len(leads.touches(tx, loser))
    filled = {code: value for code, value in wanted.items() if code != "dnc"}
    return Preview(filled, kept, moved, do_not_call=forbid)


def merge(ctx: Context, loser: LeadId, winner: LeadId) -> Written:
    """Merge ``loser`` into ``winner``; the loser is seen no more.

    Raises NotFound, Refused (``merge_same``; ``merge_handoff`` where the loser is in the hands of FS: merge the other
    way round).
    """
    with ctx.store.write() as tx:
        gone, stays = _pair(tx, loser, winner)
        wanted, _ = _fields(gone, stays)
        forbid = _forbids(ctx, tx, gone, stays)
        if forbid:
            wanted["dnc"] = True
        along = [loser, *leads.merged(tx, [loser])]
        former = stays.get(FROM)
        wanted[FROM] = [*(former if isinstance(former, list) else []), *along]
        entry = head(ctx, tx, Verb.MERGE, lead_id=winner, summary={"lead": str(stays.get("name") or "")})
        changes = [Change(Obj.LEAD, one, {INTO: None if one == loser else loser}, {INTO: winner}) for one in along]
        change = changed(stays.fields, wanted, Obj.LEAD, winner)
        changes += [change] if change is not None else []
        before = projection.around(tx, [gone, stays])
        stops = _stops(ctx, gone, stays, entry.id) if forbid else ()
        meetings = booking.merged(ctx, tx, entry, loser, winner)
        steps = sequences.merged(ctx, tx, entry, loser, winner)
        written = journal.append(tx, entry, changes=changes, suppressions=stops, filings=[*meetings, *steps])
        affected = list(dict.fromkeys([winner, *before, *written]))
        projection.refresh(ctx, tx, affected)
    changed_leads = frozenset([loser, *affected])
    changes_of = Changes(leads=changed_leads, queue=True, outbox=True, undo=True, meetings=True, sequences=bool(steps))
    return Written(changes_of, entry.id)


def _pair(tx: Tx, loser: LeadId, winner: LeadId) -> tuple[LeadFacts, LeadFacts]:
    if loser == winner:
        raise Refused("merge_same")
    gone, stays = need(tx, loser), need(tx, winner)
    handoffs = fold_all(leads.transitions(tx, loser))
    if handoffs and handoffs[-1].state in _LIVE:
        raise Refused("merge_handoff", name=str(gone.get("name") or ""))
    return gone, stays


def _fields(gone: LeadFacts, stays: LeadFacts) -> tuple[dict[str, Value], dict[str, tuple[Value, Value]]]:
    """Return what the one that stays gets, and what differs and is left as it is there."""
    wanted: dict[str, Value] = {}
    kept: dict[str, tuple[Value, Value]] = {}
    for code, theirs in gone.fields.items():
        spec = LEAD_FIELDS.get(code)
        mine = stays.fields.get(code)
        if spec is not None and spec.merge is Merge.RESTRICT:
            if theirs and not mine:
                wanted[code] = theirs
        elif spec is not None and (spec.merge is not Merge.HUMAN):
            continue
        elif mine is None:
            wanted[code] = theirs
        elif spec is not None and spec.shown and not same(mine, theirs, spec.kind):
            kept[code] = (mine, theirs)
    bad = {**_table(gone.get("bad_numbers")), **_table(stays.get("bad_numbers"))}
    if bad and bad != stays.get("bad_numbers"):
        wanted["bad_numbers"] = bad
    return wanted, kept


def _table(value: Value) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _forbids(ctx: Context, tx: Tx, gone: LeadFacts, stays: LeadFacts) -> bool:
    """Return whether the loser must not be called while the winner may be."""
    barred = projection.suppressed(ctx, tx, [gone, stays])
    return (gone.id in barred or bool(gone.get("dnc"))) and not (stays.id in barred or bool(stays.get("dnc")))


def _stops(ctx: Context, gone: LeadFacts, stays: LeadFacts, entry: str) -> tuple[Suppression, ...]:
    """Return the do-not-calls that the merge makes: the person who stays, and the own numbers of both."""
    own = {n.e164 for one in (gone, stays) for n in numbers(one) if n.kind != SWITCHBOARD}
    marks = [("lead", str(stays.id)), *(("number", number) for number in sorted(own))]
    return tuple(
        Suppression(
            id=ctx.ids.new(),
            kind=kind,
            hmac=digest(ctx.suppression_key, kind, value),
            at=ctx.now(),
            member_id=ctx.me.id,
            scope="call",
            reason="merged",
            evidence=entry,
        )
        for kind, value in marks
    )


def _alike(tx: Tx, facts: LeadFacts) -> Sequence[LeadId]:
    mail, name, company = (str(facts.get(code) or "") for code in ("email", "name", "company.name"))
    found: list[LeadId] = []
    for group in (
        identity.leads_by_mail(tx, [mail]) if mail else {},
        identity.leads_by_phone(tx, [n.e164 for n in numbers(facts) if n.kind != SWITCHBOARD]),
        identity.leads_by_person(tx, [(company, name)]) if name and company else {},
    ):
        found += [one for ids in group.values() for one in ids]
    return list(dict.fromkeys(found))
