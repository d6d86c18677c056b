"""One verb for many leads at once: counted before it is done, written as one entry, taken back by one undo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import JournalId, LeadId, MemberId
from isdesk.domain.numbers import SWITCHBOARD, numbers
from isdesk.domain.roles import Right
from isdesk.domain.state import LeadFacts
from isdesk.domain.suppression import Suppression, digest
from isdesk.services import consents, projection
from isdesk.services.context import Context
from isdesk.services.entries import changed, head
from isdesk.services.views import Written
from isdesk.store import journal, lead_list, leads

if TYPE_CHECKING:
    from isdesk.store import Tx

ASSIGN, SNOOZE, PIN, UNPIN, DO_NOT_CALL, CLOSE = "assign", "snooze", "pin", "unpin", "do_not_call", "close"
CONSENT = "consent"
MANY = 100
"""From so many leads on, whoever shows leads reads all of them anew."""
_BLOCK = 500
_VERBS = {
    ASSIGN: Verb.ASSIGN,
    SNOOZE: Verb.SNOOZE,
    PIN: Verb.PIN,
    UNPIN: Verb.PIN,
    DO_NOT_CALL: Verb.DO_NOT_CALL,
    CLOSE: Verb.STAGE,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do with many leads. ``kind``: one of the constants above.

    ``member_id`` for `ASSIGN`; ``until`` and ``reason`` (a code of the playbook) for `SNOOZE`; ``stage`` for `CLOSE`;
    ``basis`` (of `domain.consent.BASES`) and ``source`` for `CONSENT`.
    """

    kind: str
    member_id: MemberId | None = None
    until: datetime | None = None
    reason: str = ""
    stage: str = ""
    basis: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a step would do: of ``total`` leads ``changing`` change, the others are so already or are gone."""

    total: int
    changing: int


def closing(ctx: Context) -> tuple[str, ...]:
    """Return the stages by which IS ends the work on a lead: nobody is called there, and no other team owns them."""
    ended = [one for one in ctx.rules.stages.values() if not one.callable]
    return tuple(one.code for one in ended if one.owner == "inside_sales") or tuple(one.code for one in ended)


def preview(ctx: Context, ids: Sequence[LeadId], step: Step) -> Outlook:
    """Count what a step would change; nothing is written.

    Raises BadInput (``time_past``, ``reason_needed``), NotFound (``member_not_found``).
    """
    if step.kind == CONSENT:
        return Outlook(len(ids), len(consents.lacking(ctx, ids)))
    fields = _fields(ctx, step)
    with ctx.store.read() as tx:
        count = sum(
            changed(one.fields, fields, Obj.LEAD, one.id) is not None for one in _all(tx, _meant(tx, ids, step))
        )
    return Outlook(len(ids), count)


def run(ctx: Context, ids: Sequence[LeadId], step: Step) -> Written:
    """Do it: one transaction, one entry. Where nothing differs, nothing is written.

    Raises BadInput (``time_past``, ``reason_needed``, ``stage_unknown``), NotFound (``member_not_found``), Refused
    (``not_allowed``: leads of others are for the team lead to give; ``close_needs_approval``), and what `consents.note`
    raises.
    """
    if step.kind == CONSENT:
        return consents.note(ctx, ids, step.basis, step.source)
    fields = _fields(ctx, step)
    with ctx.store.write() as tx:
        changes: list[Change] = []
        touched: list[LeadFacts] = []
        for one in _all(tx, _meant(tx, ids, step)):
            change = changed(one.fields, fields, Obj.LEAD, one.id)
            if change is not None:
                changes.append(change)
                touched.append(one)
        if not changes:
            return Written(Changes())
        if step.kind == ASSIGN and any(one.owner_id not in {None, ctx.me.id} for one in touched):
            ctx.require(Right.REASSIGN)
        if step.kind == CLOSE and not ctx.may(Right.BULK_CLOSE):
            raise Refused("close_needs_approval", count=len(changes))
        summary: dict[str, Value] = {"count": len(changes)}
        if step.reason:
            summary["reason"] = step.reason
        if len(touched) == 1:
            summary["lead"] = str(touched[0].get("name") or "")
        alone = touched[0].id if len(touched) == 1 else None
        entry = head(ctx, tx, _VERBS[step.kind], lead_id=alone, summary=summary)
        stops = _stops(ctx, entry.id, touched) if step.kind == DO_NOT_CALL else []
        written = journal.append(tx, entry, changes=changes, suppressions=stops)
        around = projection.around(tx, touched) if stops else []
        affected = list(dict.fromkeys([*(one.id for one in touched), *written, *around]))
        projection.refresh(ctx, tx, affected, entry.at)
    return Written(
        Changes(leads=frozenset(affected), queue=True, outbox=True, undo=True, all_leads=len(affected) > MANY), entry.id
    )


def _fields(ctx: Context, step: Step) -> dict[str, Value]:
    if step.kind == ASSIGN:
        member_id = step.member_id or MemberId("")
        ctx.member(member_id)
        return {"owner_id": member_id}
    if step.kind == SNOOZE:
        if step.until is None or step.until <= ctx.now():
            raise BadInput("time_past")
        if not step.reason.strip():
            raise BadInput("reason_needed")
        return {"snoozed_until": step.until.isoformat()}
    if step.kind == CLOSE:
        if step.stage not in closing(ctx):
            raise BadInput("stage_unknown", stage=step.stage, known=", ".join(closing(ctx)))
        return {"stage": step.stage}
    plain: dict[str, dict[str, Value]] = {PIN: {"pinned": True}, UNPIN: {"pinned": None}, DO_NOT_CALL: {"dnc": True}}
    return plain[step.kind]


def _meant(tx: Tx, ids: Sequence[LeadId], step: Step) -> Sequence[LeadId]:
    """Return the leads that a step is for: what is closed already, or in the hands of FS, is not closed once more."""
    return still_open(tx, ids) if step.kind == CLOSE else ids


def still_open(tx: Tx, ids: Sequence[LeadId]) -> list[LeadId]:
    """Return those of these leads that IS still works on, in the order given."""
    kept = set(lead_list.ids(tx, lead_list.Wanted(state="open", only=tuple(ids)), "priority"))
    return [one for one in ids if one in kept]


def _all(tx: Tx, ids: Sequence[LeadId]) -> Iterator[LeadFacts]:
    for start in range(0, len(ids), _BLOCK):
        yield from leads.many(tx, ids[start : start + _BLOCK]).values()


def _stops(ctx: Context, entry: JournalId, touched: Sequence[LeadFacts]) -> list[Suppression]:
    """Return the marks that outlive the leads themselves (DOMAIN 15)."""
    marks = [("lead", str(one.id)) for one in touched]
    marks += [("number", n.e164) for one in touched for n in numbers(one) if n.kind != SWITCHBOARD]
    return [
        Suppression(
            id=ctx.ids.new(),
            kind=kind,
            hmac=digest(ctx.suppression_key, kind, value),
            at=ctx.now(),
            member_id=ctx.me.id,
            scope="call",
            reason="do_not_call",
            journal_id=entry,
        )
        for kind, value in dict.fromkeys(marks)
    ]
