"""The handoff to Field Sales: draft, submit against the checklist, accept or return, feedback (DOMAIN 6, 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain import sla
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import (
    Action,
    Handoff,
    State,
    Transition,
    approval_wanted,
    fold,
    grade_of,
    may_hand_over,
)
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.roles import Right
from isdesk.services import approvals, handing
from isdesk.services.context import Context
from isdesk.services.entries import need
from isdesk.services.views import ChecklistLine, HandoffView, TimelineItem, Written
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.handoff import ChecklistLineData
    from isdesk.domain.state import LeadFacts
    from isdesk.store import Tx

NEEDS_REASON = {Action.RETURN, Action.RECYCLE}
RESULTS = ("won", "lost", "opportunity", "no_show", "postponed", "no_opportunity")
"""What a meeting may have come to (FS feedback, DOMAIN 7)."""


def view(ctx: Context, lead_id: LeadId, *, with_memo: bool = True) -> HandoffView:
    """Return the lead's handoff as it stands: checklist, what lacks, and the memo exactly as FS gets it.

    Without ``with_memo`` the memo is left empty; `memo` gives it when it is looked at. Raises NotFound.
    """
    with ctx.store.read() as tx:
        return _view(ctx, tx, need(tx, lead_id), with_memo=with_memo)


def listing(ctx: Context, states: Sequence[str] = (), *, fs_id: MemberId | None = None) -> list[HandoffView]:
    """Return the handoffs in ``states`` (all where empty), those that need somebody first, newest first.

    ``fs_id`` keeps those handed to that person.
    """
    with ctx.store.read() as tx:
        found = [
            _view(ctx, tx, one, brief=True)
            for one in leads.many(tx, leads.in_handoff(tx, states or tuple(State))).values()
        ]
    if fs_id is not None:
        found = [one for one in found if one.fs_id == fs_id]
    order = {State.RETURNED: 0, State.DRAFT: 1, State.SUBMITTED: 2, State.ACCEPTED: 3}
    found.sort(key=lambda one: -(one.submitted_at.timestamp() if one.submitted_at else 0))
    found.sort(key=lambda one: order.get(State(one.state), 4))
    return found


def memo(ctx: Context, lead_id: LeadId, kind: str = "text") -> str:
    """Return the handoff memo (引き継ぎメモ) as ``text`` or ``html``.

    Raises NotFound.
    """
    with ctx.store.read() as tx:
        return _memo(ctx, tx, need(tx, lead_id), kind)


def submit(ctx: Context, lead_id: LeadId, fs_id: MemberId | None = None, reason: str = "") -> Written:
    """Hand the lead over to Field Sales; where the playbook wants an approval first, ask for that (``reason``: why).

    What was asked for takes effect when it is approved; `Changes.approvals` tells that it was asked.

    Raises NotFound, Incomplete (``handoff_incomplete``) while required items are missing, Refused where it was
    handed over already (``handoff_not_allowed``) or waits for approval (``approval_asked``).
    """
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        steps = leads.transitions(tx, lead_id)
        now = fold(steps)
        found = handing.ready(ctx, facts, leads.touches(tx, lead_id), steps, fs_id)
        if found.why or now.state is State.ASKED:
            return handing.ask(ctx, tx, facts, now, found, reason)
        return handing.step(ctx, tx, facts, now, Action.SUBMIT, new=found.new, to_fs=found.to_fs, payload=found.payload)


def accept(ctx: Context, lead_id: LeadId) -> Written:
    """Take a submitted handoff as a real opportunity: the lead becomes SAO.

    Raises NotFound, Refused (``handoff_not_allowed``).
    """
    return _decide(ctx, lead_id, Action.ACCEPT, new={"stage": "sao"})


def return_(ctx: Context, lead_id: LeadId, reason: str) -> Written:
    """Give a handoff back to the rep with a reason; it comes to the top of their queue.

    Raises NotFound, BadInput (``reason_needed``), Refused.
    """
    return _decide(ctx, lead_id, Action.RETURN, reason=reason, new={"stage": "mql"})


def recycle(ctx: Context, lead_id: LeadId, reason: str) -> Written:
    """Send a handed-over lead back to nurturing with a reason (リサイクル).

    Raises NotFound, BadInput (``reason_needed``), Refused.
    """
    return _decide(ctx, lead_id, Action.RECYCLE, reason=reason, new={"stage": "nurture"})


def withdraw(ctx: Context, lead_id: LeadId, reason: str = "") -> Written:
    """Take an own handoff back before FS has accepted it (取り下げ), or the request that it be approved.

    Raises NotFound, Refused.
    """
    asked = approvals.of_handoff(ctx, lead_id)
    if asked is not None:
        return approvals.withdraw(ctx, asked)
    return _decide(ctx, lead_id, Action.WITHDRAW, reason=reason or None, new={"stage": "mql"})


def feedback(
    ctx: Context,
    lead_id: LeadId,
    result: str,
    *,
    amount: int | None = None,
    factor: str | None = None,
    note: str = "",
    reasked: Sequence[str] = (),
) -> Written:
    """Report what the meeting came to (DOMAIN 7): result, win factor or loss reason, amount, facts asked again.

    Raises NotFound, BadInput (``feedback_result_unknown``, ``reason_needed`` of a loss), Refused.
    """
    if result not in RESULTS:
        raise BadInput("feedback_result_unknown", result=result, known=", ".join(RESULTS))
    if result == "lost" and not factor:
        raise BadInput("reason_needed")
    payload: dict[str, Value] = {
        "result": result,
        "amount": amount,
        "factor": factor,
        "note": note,
        "reasked": list(reasked),
    }
    new: dict[str, Value] = {}
    if result in {"won", "lost", "opportunity"}:
        new["stage"] = result
    if result == "lost":
        new["lost_reason"] = factor
    kept = {code: value for code, value in payload.items() if value not in (None, "", [])}
    return _decide(ctx, lead_id, Action.FEEDBACK, new=new, payload=kept)


def set_items(ctx: Context, lead_id: LeadId, fields: Mapping[str, Value]) -> Written:
    """Fill items of the draft: lead fields, or the company's as ``company.x``.

    Raises NotFound, BadInput.
    """
    from isdesk.services import leads as lead_services

    return lead_services.edit(ctx, lead_id, fields)


def _decide(
    ctx: Context,
    lead_id: LeadId,
    action: Action,
    *,
    reason: str | None = None,
    new: Mapping[str, Value] | None = None,
    payload: Mapping[str, Value] | None = None,
) -> Written:
    if action in NEEDS_REASON and not (reason and reason.strip()):
        raise BadInput("reason_needed")
    if action is not Action.WITHDRAW:
        ctx.require(Right.DECIDE_HANDOFF, Right.DECIDE_FOR_FS)
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        now = fold(leads.transitions(tx, lead_id))
        return handing.step(ctx, tx, facts, now, action, reason=reason, new=new or {}, payload=payload or {})


def shown_lines(lines: Sequence[ChecklistLineData]) -> tuple[ChecklistLine, ...]:
    """Return checklist lines as views have them."""
    return tuple(
        ChecklistLine(
            code=line.code,
            ja=line.ja,
            en=line.en,
            done=line.done,
            required=line.required,
            value=line.value,
            missing_fields=line.missing_fields,
            ask_ja=line.ask_ja,
            ask_en=line.ask_en,
            fresh=line.fresh,
        )
        for line in lines
    )


def _view(ctx: Context, tx: Tx, facts: LeadFacts, *, brief: bool = False, with_memo: bool = True) -> HandoffView:
    touches, steps = leads.touches(tx, facts.id), leads.transitions(tx, facts.id)
    now = fold(steps)
    lines, scores = handing.lines(ctx, facts, touches)
    shown = shown_lines(lines)
    grade = grade_of(facts, scores, ctx.rules)
    return HandoffView(
        id=now.id,
        lead_id=facts.id,
        state=now.state,
        fs_id=now.fs_id or handing.fs_of(facts),
        submitted_at=now.submitted_at,
        reason=now.reason,
        missing=tuple(line for line in shown if line.required and not line.done),
        lines=shown,
        memo=_memo(ctx, tx, facts, "text") if with_memo and not brief else "",
        history=() if brief else tuple(_history(ctx, step) for step in reversed(now.steps)),
        lead_name=str(facts.get("name") or ""),
        company=str(facts.get("company.name") or ""),
        grade=grade,
        meeting_at=_instant(facts.get("meeting_at")),
        rep=ctx.name_of(now.submitted_by or facts.owner_id),
        decide_by=_decide_by(ctx, now),
        approval=_approval(ctx, facts, grade) if may_hand_over(now.state) else (),
    )


def _decide_by(ctx: Context, now: Handoff) -> datetime | None:
    if now.state != State.SUBMITTED or now.submitted_at is None:
        return None
    clock = sla.fs_decision(now, ctx.rules, ctx.calendar)
    return clock.due_at if clock else None


def _approval(ctx: Context, facts: LeadFacts, grade: str) -> tuple[str, ...]:
    return () if ctx.alone else tuple(label.in_(ctx.lang) for label in approval_wanted(facts, grade, ctx.rules))


def _instant(value: Value) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _history(ctx: Context, step: Transition) -> TimelineItem:
    text = reason_label(ctx, step.reason) if step.reason else ""
    return TimelineItem(at=step.at, what="handoff", member=ctx.name_of(step.member_id), code=step.action, text=text)


def reason_label(ctx: Context, code: str) -> str:
    """Return the words of a reason's code; words that are no code stand for themselves."""
    for reason in ctx.rules.reasons:
        if reason.code == code:
            return reason.label.in_(ctx.lang)
    return code


def _memo(ctx: Context, tx: Tx, facts: LeadFacts, kind: str) -> str:
    from isdesk.services.memos import render

    touches = leads.touches(tx, facts.id)
    lines, scores = handing.lines(ctx, facts, touches)
    return render(ctx, facts, touches, lines, scores, kind)
