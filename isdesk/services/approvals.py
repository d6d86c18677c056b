"""Asking for an approval and answering it: stage moves, lifting a do-not-call, closing many, handoffs (DOMAIN 2, 11).

The last approval that is needed and what was asked for are one journal entry at the approver's desk, so that one undo
takes both back and every device sees them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from isdesk.domain.approvals import KIND, Answer, Asks, Request, Status, requests
from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import Action, State, Transition, fold
from isdesk.domain.ids import LeadId
from isdesk.domain.roles import Right
from isdesk.domain.stage import missing_criteria
from isdesk.domain.state import LeadFacts
from isdesk.domain.suppression import Suppression
from isdesk.services import barring, handing, projection
from isdesk.services.bulk import still_open
from isdesk.services.entries import changed, head, need
from isdesk.services.views import LeadView, Written
from isdesk.store import filings, journal, leads

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.services.context import Context
    from isdesk.store import Tx

MANY = 500
"""The most leads that one request may close."""


@dataclass(frozen=True, slots=True)
class Item:
    """A request as the inbox shows it. ``wanted``: the stage's name, the FS person, or how many leads; ``mine``: I may
    answer.
    """

    request: Request
    name: str
    company: str
    asked_by: str
    approved_by: tuple[str, ...]
    wanted: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known about what a request asks for: the lead; each criterion of a stage and whether it holds, or each
    item of a handoff's checklist; or the names and companies of many leads.
    """

    view: LeadView | None = None
    criteria: tuple[tuple[str, bool], ...] = ()
    leads: tuple[tuple[str, str], ...] = ()


def ask(
    ctx: Context, asks: Asks, reason: str, *, lead_id: LeadId | None = None, details: Mapping[str, Value] | None = None
) -> tuple[str, Written]:
    """Ask for an approval; returns the request's id.

    ``details``: ``stage`` of a move, ``leads`` (at most `MANY` ids) and ``stage`` of a close.

    Raises NotFound, BadInput (``reason_needed``, ``stage_unknown``, ``approval_nothing``), Refused
    (``approval_asked`` where the same is asked for already).
    """
    if not reason.strip():
        raise BadInput("reason_needed")
    wanted: dict[str, Value] = dict(details or {})
    with ctx.store.write() as tx:
        facts = _checked(ctx, tx, asks, lead_id, wanted)
        same = (asks, lead_id, wanted)
        if any((r.asks, r.lead_id, r.details) == same for r in requests(filings.of_kind(tx, KIND)) if _open(r)):
            raise Refused("approval_asked")
        request_id = ctx.ids.new()
        payload: dict[str, Value] = {
            "step": Answer.REQUEST,
            "asks": asks,
            "reason": reason.strip(),
            "details": {**wanted},
        }
        name = str(facts.get("name") or "") if facts is not None else ""
        entry = head(ctx, tx, Verb.ASK_APPROVAL, lead_id=lead_id, summary={"lead": name, "asks": asks})
        journal.append(tx, entry, filings=[_filing(ctx, tx, entry, request_id, lead_id, payload)])
    return request_id, Written(Changes(outbox=True, undo=True, approvals=True), entry.id)


def inbox(ctx: Context, *, every: bool = False) -> list[Item]:
    """Return the open requests, oldest first (``every``: the decided ones too)."""
    with ctx.store.read() as tx:
        found = [one for one in requests(filings.of_kind(tx, KIND)) if every or _open(one)]
        facts = leads.many(tx, [one.lead_id for one in found if one.lead_id is not None])
    return [_item(ctx, one, facts.get(one.lead_id) if one.lead_id is not None else None) for one in found]


def dossier(ctx: Context, request: Request) -> Dossier:
    """Return what somebody who decides on a request wants to know. Raises NotFound where the lead is gone."""
    from isdesk.services.leads import view

    if request.lead_id is None:
        with ctx.store.read() as tx:
            known = leads.many(tx, _leads(request.details)).values()
        return Dossier(leads=tuple((str(one.get("name") or ""), str(one.get("company.name") or "")) for one in known))
    found = view(ctx, request.lead_id)
    if request.asks is Asks.HANDOFF:
        lang = ctx.lang
        return Dossier(found, tuple((one.en if lang == "en" else one.ja, one.done) for one in found.checklist))
    if request.asks is not Asks.STAGE:
        return Dossier(found)
    facts = LeadFacts(found.id, found.fields, found.company_id, found.company)
    with ctx.store.read() as tx:
        touches = leads.touches(tx, found.id)
    stage = str(request.details.get("stage") or "")
    spec = ctx.rules.stages.get(stage)
    lacking = missing_criteria(stage, facts, found.state, touches, ctx.rules)
    entry = spec.entry if spec is not None else ()
    return Dossier(found, tuple((one.label.in_(ctx.lang), one not in lacking) for one in entry))


def approve(ctx: Context, request_id: str, reason: str = "") -> Written:
    """Approve a request; with the last approval needed, what was asked for is done in the same entry.

    Raises NotFound, Refused (``not_allowed``, ``approval_over``, ``approval_own``).
    """
    return _answer(ctx, request_id, Answer.APPROVE, reason)


def of_handoff(ctx: Context, lead_id: LeadId) -> str | None:
    """Return the id of the open request that the lead's handoff be approved, None where there is none."""
    with ctx.store.read() as tx:
        found = requests(filings.of_kind(tx, KIND))
    return next((one.id for one in found if _open(one) and one.asks is Asks.HANDOFF and one.lead_id == lead_id), None)


def reject(ctx: Context, request_id: str, reason: str) -> Written:
    """Reject a request with a reason.

    Raises NotFound, BadInput (``reason_needed``), Refused (``not_allowed``, ``approval_over``, ``approval_own``).
    """
    if not reason.strip():
        raise BadInput("reason_needed")
    return _answer(ctx, request_id, Answer.REJECT, reason)


def withdraw(ctx: Context, request_id: str) -> Written:
    """Take an own request back. Raises NotFound, Refused (``approval_over``, ``approval_not_own``)."""
    with ctx.store.write() as tx:
        request = _get(tx, request_id)
        if request.asked_by != ctx.me.id:
            raise Refused("approval_not_own")
        return _write(ctx, tx, request, Answer.WITHDRAW, "")


def _answer(ctx: Context, request_id: str, answer: Answer, reason: str) -> Written:
    with ctx.store.write() as tx:
        request = _get(tx, request_id)
        ctx.require(Right.LIFT_DO_NOT_CALL if request.asks is Asks.LIFT_DO_NOT_CALL else Right.APPROVE)
        if not request.may_decide(ctx.me.id):
            raise Refused("approval_own")
        return _write(ctx, tx, request, answer, reason)


def _write(ctx: Context, tx: Tx, request: Request, answer: Answer, reason: str) -> Written:
    facts = leads.facts(tx, request.lead_id) if request.lead_id is not None else None
    name = str(facts.get("name") or "") if facts is not None else ""
    summary: dict[str, Value] = {"lead": name, "asks": request.asks, "answer": answer}
    entry = head(ctx, tx, Verb.DECIDE_APPROVAL, lead_id=request.lead_id, summary=summary)
    payload: dict[str, Value] = {"step": answer, "reason": reason.strip()}
    said = _filing(ctx, tx, entry, request.id, request.lead_id, payload)
    done = answer is Answer.APPROVE and request.completes(ctx.me.id)
    changes, stops = _effects(ctx, tx, request, entry) if done else ((), ())
    moved, steps = _handed(ctx, tx, request, answer, reason.strip(), entry)
    changes = (*changes, *moved)
    touched = journal.append(tx, entry, changes=changes, suppressions=stops, transitions=steps, filings=[said])
    ids = [LeadId(change.id) for change in changes if change.obj is Obj.LEAD] + [step.lead_id for step in steps]
    around = projection.around(tx, leads.many(tx, ids).values()) if stops else []
    affected = list(dict.fromkeys([*ids, *touched, *around]))
    projection.refresh(ctx, tx, affected)
    return Written(
        Changes(
            leads=frozenset(affected),
            handoffs=frozenset(step.handoff_id for step in steps),
            queue=bool(affected),
            outbox=True,
            undo=True,
            approvals=True,
        ),
        entry.id,
    )


def _handed(
    ctx: Context, tx: Tx, request: Request, answer: Answer, reason: str, entry: Entry
) -> tuple[tuple[Change, ...], tuple[Transition, ...]]:
    """Return what an answer makes of the handoff that waits for it: submitted in the asker's name, returned, withdrawn.

    One that waits no more is passed over; to approve it is refused (``approval_lead_gone``). Raises Incomplete where
    it lacks something by now.
    """
    if request.asks is not Asks.HANDOFF or request.lead_id is None:
        return (), ()
    facts, known = leads.facts(tx, request.lead_id), leads.transitions(tx, request.lead_id)
    now = fold(known)
    if facts is None or now.state is not State.ASKED or now.id != request.details.get("handoff"):
        if answer is Answer.APPROVE:
            raise Refused("approval_lead_gone")
        return (), ()
    make = partial(handing.transition, ctx, facts.id, now, entry=entry)
    if answer is not Answer.APPROVE:
        action = Action.REFUSE if answer is Answer.REJECT else Action.WITHDRAW
        return (), (make(action, reason=reason or None),)
    found = handing.ready(ctx, facts, leads.touches(tx, facts.id), known, now.fs_id)
    change = changed(leads.fields_of(tx, Obj.LEAD, facts.id) or {}, found.new, Obj.LEAD, facts.id)
    payload: dict[str, Value] = {**found.payload, "request": request.id, "approved_by": ctx.me.id}
    done = make(Action.SUBMIT, to_fs=found.to_fs, payload=payload, by=request.asked_by)
    return () if change is None else (change,), (done,)


def _effects(
    ctx: Context, tx: Tx, request: Request, entry: Entry
) -> tuple[tuple[Change, ...], tuple[Suppression, ...]]:
    """Return what the request asked for; a lead that is gone, or closed, by now is passed over."""
    match request.asks:
        case Asks.STAGE if request.lead_id is not None:
            return _moved(tx, [request.lead_id], {"stage": str(request.details.get("stage") or "")}), ()
        case Asks.LIFT_DO_NOT_CALL if request.lead_id is not None:
            return _lifted(ctx, tx, request.lead_id, entry)
        case Asks.CLOSE:
            return _moved(
                tx, still_open(tx, _leads(request.details)), {"stage": str(request.details.get("stage") or "")}
            ), ()
    return (), ()


def _moved(tx: Tx, ids: list[LeadId], fields: Mapping[str, Value]) -> tuple[Change, ...]:
    known = leads.many(tx, ids)
    found = (changed(facts.fields, fields, Obj.LEAD, one) for one, facts in known.items())
    return tuple(change for change in found if change is not None)


def _lifted(ctx: Context, tx: Tx, lead_id: LeadId, entry: Entry) -> tuple[tuple[Change, ...], tuple[Suppression, ...]]:
    """Return the change that clears the person's do-not-call, and an event that lifts each that their refusal made."""
    facts = leads.facts(tx, lead_id)
    if facts is None:
        return (), ()
    lifts = barring.lifts_calls(ctx, tx, facts, entry, reason="approved")
    change = changed(facts.fields, {"dnc": None}, Obj.LEAD, lead_id)
    return ((change,) if change is not None else ()), lifts


def _checked(ctx: Context, tx: Tx, asks: Asks, lead_id: LeadId | None, details: dict[str, Value]) -> LeadFacts | None:
    facts = need(tx, lead_id) if lead_id is not None else None
    match asks:
        case Asks.STAGE:
            nothing = facts is None or facts.get("stage") == _stage(ctx, details)
        case Asks.LIFT_DO_NOT_CALL:
            nothing = facts is None or not (facts.get("dnc") or projection.suppressed(ctx, tx, [facts]))
        case Asks.HANDOFF:  # asked for by handing over: the step that waits belongs to it
            nothing = True
        case Asks.CLOSE:
            ids, stage = _leads(details), ctx.rules.stages[_stage(ctx, details)]
            nothing = stage.callable or not ids or len(ids) > MANY or len(leads.many(tx, ids)) < len(ids)
    if nothing:
        raise BadInput("approval_nothing")
    return facts


def _stage(ctx: Context, details: Mapping[str, Value]) -> str:
    stage = str(details.get("stage") or "")
    if stage not in ctx.rules.stages:
        raise BadInput("stage_unknown", stage=stage, known=", ".join(ctx.rules.stages))
    return stage


def _leads(details: Mapping[str, Value]) -> list[LeadId]:
    ids = details.get("leads")
    return [LeadId(str(one)) for one in ids] if isinstance(ids, list) else []


def _open(request: Request) -> bool:
    return request.status is Status.OPEN


def _get(tx: Tx, request_id: str) -> Request:
    found = requests(filings.about(tx, KIND, request_id))
    if not found:
        raise NotFound("approval_not_found", request=request_id)
    if not _open(found[0]):
        raise Refused("approval_over")
    return found[0]


def _filing(
    ctx: Context, tx: Tx, entry: Entry, request_id: str, lead_id: LeadId | None, payload: dict[str, Value]
) -> Filing:
    return Filing(
        ctx.ids.new(),
        KIND,
        request_id,
        ctx.me.id,
        ctx.device_id,
        journal.next_seq(tx, ctx.device_id),
        entry.at,
        lead_id,
        payload,
        entry.id,
    )


def _item(ctx: Context, request: Request, facts: LeadFacts | None) -> Item:
    wanted = ""
    if request.asks is Asks.STAGE:
        stage = ctx.rules.stages.get(str(request.details.get("stage")))
        wanted = stage.label.in_(ctx.lang) if stage is not None else ""
    elif request.asks is Asks.HANDOFF:
        wanted = ctx.name_of(str(request.details.get("fs_id") or ""))
    elif request.asks is Asks.CLOSE:
        wanted = str(len(_leads(request.details)))
    right = Right.LIFT_DO_NOT_CALL if request.asks is Asks.LIFT_DO_NOT_CALL else Right.APPROVE
    return Item(
        request,
        str((facts.get("name") if facts is not None else None) or ""),
        str((facts.get("company.name") if facts is not None else None) or ""),
        ctx.name_of(request.asked_by),
        tuple(ctx.name_of(one) for one in request.approved_by),
        wanted,
        request.may_decide(ctx.me.id) and ctx.may(right),
    )
