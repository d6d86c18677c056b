"""What a person may do with something that could not be sent: correct it, move it, note it, or say why it is left out.

Everything here is one transaction, names who decided and when in the delivery, and loses nothing: what is not sent any
more keeps its reason and what it would have said (SYNC E2, I10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Changes, Entry, Obj, Value, Verb
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.domain.ids import CompanyId, LeadId, TouchId, TransitionId
from isdesk.domain.touch import Channel, Touch
from isdesk.services import entries, projection
from isdesk.services.context import Context
from isdesk.services.values import checked
from isdesk.services.views import Written
from isdesk.store import deliveries, fold, journal, leads, mirror

if TYPE_CHECKING:
    from isdesk.store import Tx
    from isdesk.store.deliveries import Delivery

_FIELD_OBJECTS = frozenset({Obj.LEAD.value, Obj.COMPANY.value})
_RESTS = frozenset({"pending", "quarantined"})
_DOUBTED = frozenset({"unknown", "poison"})
_WORDS_OF_TOUCH: Mapping[str, type] = {"note": str, "number": str, "reason": str, "talk_s": int, "ring_s": int}
"""What may be corrected of a contact; whom, when and how it ended are what happened."""
_PLAIN_NOTE = frozenset(
    {"id", "lead_id", "company_id", "member_id", "device_id", "device_seq", "at", "playbook", "skew_ms"}
)
"""What stays of a contact that is sent as a plain note."""


def need(tx: Tx, item_id: str) -> Delivery:
    """Return the delivery of that id. Raises NotFound where there is none."""
    found = deliveries.one(tx, item_id)
    if found is None:
        raise NotFound("delivery_not_found", delivery=item_id)
    return found


def fix(ctx: Context, item_id: str, field: str, value: Value) -> Written:
    """Write another value and let it be sent again: a field of an edit or a new record, or words of a contact.

    A field that the CRM asks for and the edit does not have may be given too. Raises NotFound, Refused where the item
    is on its way or over, BadInput (``field_unknown``, ``value_bad``).
    """
    with ctx.store.write() as tx:
        head = _resting(tx, item_id)
        touched = frozenset[LeadId]()
        if head.obj in _FIELD_OBJECTS:
            touched = _fix_edit(ctx, tx, head, field, value)
        else:
            body = _body(tx, head)
            wanted = _WORDS_OF_TOUCH.get(field)
            if wanted is None or not isinstance(value, wanted):
                raise BadInput("field_unknown", field=field)
            deliveries.override(tx, item_id, {**body, field: value}, by=ctx.me.id, at=ctx.now())
        deliveries.retry(tx, item_id)
    return Written(_changes(head, touched))


def _fix_edit(ctx: Context, tx: Tx, head: Delivery, field: str, value: Value) -> frozenset[LeadId]:
    path = field if head.obj == Obj.LEAD.value else f"company.{field}"
    plain = checked(ctx, path, value)
    found = deliveries.open_changes(tx, _adapter(tx), head.obj, [head.obj_id]).get(head.obj_id, [])
    edit = next(one for one in found if one.delivery.seq == head.seq)
    seen = mirror.by_local(tx, _adapter(tx), head.obj, [head.obj_id]).get(head.obj_id)
    base = dict(edit.base)
    base.setdefault(field, seen.fields.get(field) if seen is not None else None)
    deliveries.rebase(tx, head.seq, {**edit.payload, field: plain}, base)
    deliveries.decided(tx, head.cmd_id, by=ctx.me.id, at=ctx.now())
    return _refold(ctx, tx, head)


def retarget(ctx: Context, item_id: str, lead_id: LeadId) -> Written:
    """Write the item on another lead (converted, merged): a new entry there; the one that could not go is closed.

    A contact is not counted twice: the one on the old lead is taken back here. Raises NotFound, Refused where it is on
    its way or over, or is a new record (``retarget_record``).
    """
    with ctx.store.write() as tx:
        head = _resting(tx, item_id)
        entries.need(tx, lead_id)
        if head.kind == "create" or head.obj not in {Obj.LEAD.value, "touch", "transition"}:
            raise Refused("retarget_record")
        entry = entries.head(ctx, tx, Verb.EDIT, lead_id=lead_id, summary={"retargeted": head.obj_id})
        _close(ctx, tx, head, "retargeted", lead_id)
        if head.obj == Obj.LEAD.value:
            now = leads.fields_of(tx, Obj.LEAD, lead_id) or {}
            change = entries.changed(now, deliveries.said(tx, head.seq), Obj.LEAD, lead_id)
            touched = journal.append(tx, entry, changes=[change] if change is not None else [])
            touched |= _refold(ctx, tx, head)
        else:
            move = _move_touch if head.obj == "touch" else _move_step
            touched = move(ctx, tx, head, lead_id, entry)
        _settle(ctx, tx, touched)
    return Written(Changes(leads=touched, queue=True, outbox=True, undo=True), entry.id)


def _move_touch(ctx: Context, tx: Tx, head: Delivery, lead_id: LeadId, entry: Entry) -> frozenset[LeadId]:
    """Write a contact on another lead, and take the first one back without telling the CRM of it."""
    touch = leads.touch(tx, head.obj_id)
    if touch is None:
        raise NotFound("call_not_found", touch=head.obj_id)
    copy = replace(
        _corrected(touch, deliveries.overridden(head)),
        id=TouchId(ctx.ids.new()),
        lead_id=lead_id,
        company_id=entries.need(tx, lead_id).company_id,
        journal_id=entry.id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
    )
    back = replace(
        touch,
        id=TouchId(ctx.ids.new()),
        note="",
        plan=None,
        corrects=touch.id,
        void=True,
        journal_id=entry.id,
        device_id=ctx.device_id,
        device_seq=journal.next_seq(tx, ctx.device_id),
    )
    touched = journal.append(tx, entry, touches=(copy, back))
    deliveries.withdraw(tx, back.id, why="retargeted")
    return touched | {touch.lead_id, lead_id}


def _corrected(touch: Touch, said: Mapping[str, Value]) -> Touch:
    """Return a contact with the words that a person corrected in what is sent of it."""
    number, reason, note = (said.get(code) for code in ("number", "reason", "note"))
    talk, ring = said.get("talk_s"), said.get("ring_s")
    return replace(
        touch,
        note=note if isinstance(note, str) else touch.note,
        number=number if isinstance(number, str) else touch.number,
        reason=reason if isinstance(reason, str) else touch.reason,
        talk_s=talk if isinstance(talk, int) else touch.talk_s,
        ring_s=ring if isinstance(ring, int) else touch.ring_s,
    )


def _move_step(ctx: Context, tx: Tx, head: Delivery, lead_id: LeadId, entry: Entry) -> frozenset[LeadId]:
    """Write a step of a handoff on another lead, and take the first one back without telling the CRM of it."""
    step = next((s for s in leads.transitions(tx, LeadId(head.lead_id or "")) if s.id == head.obj_id), None)
    if step is None:
        raise Refused("retarget_record")
    copy = replace(
        step,
        id=TransitionId(ctx.ids.new()),
        lead_id=lead_id,
        journal_id=entry.id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
    )
    back = replace(
        step,
        id=TransitionId(ctx.ids.new()),
        payload={},
        corrects=step.id,
        void=True,
        journal_id=entry.id,
        device_id=ctx.device_id,
        device_seq=journal.next_seq(tx, ctx.device_id),
    )
    touched = journal.append(tx, entry, transitions=(copy, back))
    deliveries.withdraw(tx, back.id, why="retargeted")
    return touched | {step.lead_id, lead_id}


def note_only(ctx: Context, item_id: str) -> Written:
    """Send the item as a plain note: a contact with its words alone, an edit as lines of field and value.

    Raises NotFound, Refused where it is on its way or over, or where no lead belongs to it (``note_needs_lead``).
    """
    with ctx.store.write() as tx:
        head = _resting(tx, item_id)
        if head.obj == "touch":
            body = _body(tx, head)
            plain = {code: value for code, value in body.items() if code in _PLAIN_NOTE}
            plain |= {"channel": Channel.NOTE.value, "note": _words_of(ctx, body)}
            deliveries.override(tx, item_id, plain, by=ctx.me.id, at=ctx.now())
            deliveries.retry(tx, item_id)
            return Written(_changes(head, frozenset()))
        if head.obj != Obj.LEAD.value or head.kind == "create" or head.lead_id is None:
            raise Refused("note_needs_lead")
        lead_id = LeadId(head.lead_id)
        entry = entries.head(ctx, tx, Verb.EDIT, lead_id=lead_id, summary={"noted": head.obj_id})
        note = Touch(
            TouchId(ctx.ids.new()), lead_id, entries.need(tx, lead_id).company_id, ctx.me.id, ctx.device_id,
            entry.device_seq, ctx.now(), journal_id=entry.id, channel=Channel.NOTE,
            note=_lines(ctx, head.obj, deliveries.said(tx, head.seq)), playbook=ctx.rules.version,
        )  # fmt: skip
        _close(ctx, tx, head, "noted", note.id)
        touched = journal.append(tx, entry, touches=(note,)) | _refold(ctx, tx, head)
        _settle(ctx, tx, touched)
    return Written(Changes(leads=touched, queue=True, outbox=True, undo=True), entry.id)


def discard(ctx: Context, item_id: str, reason: str) -> Written:
    """Never send the item; what it said, who decided and why are kept. An edit is taken back here too.

    Raises NotFound, BadInput (``reason_needed``), Refused where it is on its way or over.
    """
    if not reason.strip():
        raise BadInput("reason_needed")
    with ctx.store.write() as tx:
        head = _resting(tx, item_id)
        deliveries.keep_payload(tx, head)
        _close(ctx, tx, head, "discarded", reason)
        touched = _refold(ctx, tx, head)
    return Written(_changes(head, touched))


def mark_written(ctx: Context, item_id: str) -> Written:
    """Say that the CRM has it: somebody looked. Only of what nobody else could find out.

    Raises NotFound, Refused (``delivery_not_in_doubt``).
    """
    with ctx.store.write() as tx:
        head = _resting(tx, item_id)
        doubted = head.error_class == "unknown" or (head.error_class in _DOUBTED and head.obj not in _FIELD_OBJECTS)
        if head.state != "quarantined" or not doubted:
            raise Refused("delivery_not_in_doubt")
        touched = frozenset[LeadId]()
        if head.obj in _FIELD_OBJECTS:
            mirror.lay(tx, _adapter(tx), head.obj, head.obj_id, deliveries.said(tx, head.seq))
        deliveries.ack(tx, [(head.seq, head.remote_id)], ctx.now())
        deliveries.decided(tx, item_id, by=ctx.me.id, at=ctx.now())
        if head.obj in _FIELD_OBJECTS:
            touched = _refold(ctx, tx, head)
    return Written(_changes(head, touched))


# ------------------------------------------------------------------------------------------------------------- within


def _resting(tx: Tx, item_id: str) -> Delivery:
    head = need(tx, item_id)
    if head.state not in _RESTS:
        raise Refused("delivery_not_waiting", state=head.state)
    return head


def _close(ctx: Context, tx: Tx, head: Delivery, why: str, note: str) -> None:
    deliveries.withdraw(tx, head.cmd_id, why=why, note=note)
    deliveries.decided(tx, head.cmd_id, by=ctx.me.id, at=ctx.now())


def _adapter(tx: Tx) -> str:
    return fold.primary(tx) or ""


def _body(tx: Tx, head: Delivery) -> dict[str, Value]:
    deliveries.keep_payload(tx, head)
    found = deliveries.one(tx, head.cmd_id)
    return deliveries.overridden(found) if found is not None else {}


def _refold(ctx: Context, tx: Tx, head: Delivery) -> frozenset[LeadId]:
    if head.obj not in _FIELD_OBJECTS:
        return frozenset()
    touched = fold.refold(tx, Obj(head.obj), [head.obj_id])
    projection.refresh(ctx, tx, touched)
    return touched


def _settle(ctx: Context, tx: Tx, touched: frozenset[LeadId]) -> None:
    near = projection.around(tx, leads.many(tx, touched).values())
    projection.refresh(ctx, tx, [*touched, *near])


def _changes(head: Delivery, touched: frozenset[LeadId]) -> Changes:
    companies = frozenset({CompanyId(head.obj_id)}) if head.obj == Obj.COMPANY.value else frozenset[CompanyId]()
    return Changes(leads=touched, companies=companies, queue=bool(touched), outbox=True)


def _words_of(ctx: Context, body: Mapping[str, Value]) -> str:
    outcome = ctx.rules.outcomes.get(str(body.get("outcome") or ""))
    said = [outcome.label.in_(ctx.lang) if outcome is not None else "", str(body.get("note") or "")]
    return "\n".join(part for part in said if part) or str(body.get("outcome") or body.get("signal") or "")


def _lines(ctx: Context, obj: str, fields: Mapping[str, Value]) -> str:
    known = LEAD_FIELDS if obj == Obj.LEAD.value else COMPANY_FIELDS
    lines: Sequence[tuple[str, Value]] = [
        ((known[code].en if ctx.lang == "en" else known[code].ja) if code in known else code, value)
        for code, value in fields.items()
    ]
    return "\n".join(f"{label}: {'' if value is None else value}" for label, value in lines)


def combined(changes: Sequence[Change]) -> list[Change]:
    """Return one change per object of several of its fields, in the order of the objects."""
    made: dict[tuple[Obj, str], Change] = {}
    for one in changes:
        had = made.get((one.obj, one.id))
        before, after = ({}, {}) if had is None else (had.before, had.after)
        made[one.obj, one.id] = Change(one.obj, one.id, {**before, **one.before}, {**after, **one.after})
    return list(made.values())
