"""The handoff to Field Sales: draft, submit against the checklist, accept or return, feedback (DOMAIN 6, 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import inf
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
from isdesk.domain.meeting import AHEAD, DUE, OVERDUE, feedback_of
from isdesk.domain.roles import Right
from isdesk.domain.touch import effective
from isdesk.services import approvals, handing, meetings
from isdesk.services.context import Context
from isdesk.services.entries import need
from isdesk.services.views import ChecklistLine, HandoffView, TimelineItem, Written
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.handoff import ChecklistLineData
    from isdesk.domain.state import LeadFacts
    from isdesk.domain.touch import Touch
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
    found.sort(key=lambda one: -(one.submitted_at.timestamp() if one.submitted_at else 0))
    fs = ctx.me.role != "rep"
    found.sort(key=lambda one: _urgency(one, fs=fs))
    return found


def _urgency(one: HandoffView, *, fs: bool) -> tuple[int, float]:
    """Sort what is late and what is due first, each side's own before the other's, then by what comes next."""
    met = one.meeting_at.timestamp() if one.meeting_at else inf
    if one.feedback in {DUE, OVERDUE}:
        return (0 if fs else 1, met)
    if one.feedback == AHEAD:
        return (4, met)
    order = {State.RETURNED: 3 if fs else 0, State.SUBMITTED: 2, State.DRAFT: 3, State.ASKED: 3}
    return (order.get(State(one.state), 5), one.decide_by.timestamp() if one.decide_by else 0)


def waiting(ctx: Context) -> int:
    """Return how many handoffs wait for the person at this desk: to decide and report for FS, to mend for a rep."""
    now, found = ctx.now(), 0
    with ctx.store.read() as tx:
        ids = leads.in_handoff(tx, (State.RETURNED, State.SUBMITTED, State.ACCEPTED))
        steps = leads.transitions_many(tx, ids)
        for facts in leads.many(tx, ids).values():
            one = fold(steps[facts.id])
            after = feedback_of(one, _instant(facts.get("meeting_at")), ctx.rules, ctx.calendar, now)
            fs_id = one.fs_id or handing.fs_of(facts)
            found += _waits(ctx, one.state, one.submitted_by or facts.owner_id, fs_id, after.state if after else "")
    return found


def waits(ctx: Context, one: HandoffView) -> bool:
    """Return whether a handoff waits for the person at this desk."""
    return _waits(ctx, one.state, one.rep_id, one.fs_id, one.feedback)


def _waits(ctx: Context, state: str, rep: MemberId | None, fs_id: MemberId | None, feedback: str) -> bool:
    mine = (ctx.may(Right.DECIDE_HANDOFF) and fs_id == ctx.me.id) or ctx.alone
    reporting = state == State.SUBMITTED or feedback in {DUE, OVERDUE}
    return (mine and reporting) or (state == State.RETURNED and rep == ctx.me.id)


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

    A deal that is won or lost always has its factor or reason (DOMAIN 4): a code of the playbook's, or words.

    Raises NotFound, BadInput (``feedback_result_unknown``, ``reason_needed`` of a decided deal), Refused.
    """
    if result not in RESULTS:
        raise BadInput("feedback_result_unknown", result=result, known=", ".join(RESULTS))
    if result in {"won", "lost"} and not (factor or "").strip():
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
    now, meeting_at = fold(steps), _instant(facts.get("meeting_at"))
    clock = _clock(ctx, now)
    after = feedback_of(now, meeting_at, ctx.rules, ctx.calendar, ctx.now())
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
        meeting_at=meeting_at,
        meeting_place=str(facts.get("meeting_place") or ""),
        rep=ctx.name_of(now.submitted_by or facts.owner_id),
        rep_id=now.submitted_by or facts.owner_id,
        decide_by=clock.due_at if clock else None,
        clock=clock.state_at(ctx.now()) if clock else "",
        minutes_left=sla.minutes_left(clock, ctx.now(), ctx.calendar) if clock else None,
        feedback=after.state if after else "",
        feedback_by=after.by if after else None,
        told=now.feedback or {},
        approval=_approval(ctx, facts, grade) if may_hand_over(now.state) else (),
        untouched=not brief and _untouched(tx, now, facts, touches),
    )


def _untouched(tx: Tx, now: Handoff, facts: LeadFacts, touches: Sequence[Touch]) -> bool:
    """Return whether FS gave it back and nothing was done about it since; the return itself moves the stage."""
    if now.state != "returned" or not now.steps:
        return False
    since = now.steps[-1].at
    if any(touch.at > since for touch in effective(list(touches))):
        return False
    return not leads.fields_changed_since(tx, facts.id, since) - {"stage"}


def _clock(ctx: Context, now: Handoff) -> sla.Clock | None:
    return sla.fs_decision(now, ctx.rules, ctx.calendar) if now.state is State.SUBMITTED else None


def _approval(ctx: Context, facts: LeadFacts, grade: str) -> tuple[str, ...]:
    return () if ctx.alone else tuple(label.in_(ctx.lang) for label in approval_wanted(facts, grade, ctx.rules))


def _instant(value: Value) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _history(ctx: Context, step: Transition) -> TimelineItem:
    text = reason_label(ctx, step.reason, step.action) if step.reason else ""
    return TimelineItem(
        at=step.at,
        what="handoff",
        member=ctx.name_of(step.member_id),
        code=step.action,
        text=text,
        told=step.payload if step.action == Action.FEEDBACK else {},
    )


def reason_label(ctx: Context, code: str, kind: str = "return") -> str:
    """Return the words of a reason's or outcome's code, those of ``kind`` first; other words stand for themselves."""
    found = sorted((one for one in ctx.rules.reasons if one.code == code), key=lambda one: one.kind != kind)
    if found:
        return found[0].label.in_(ctx.lang)
    outcome = ctx.rules.outcomes.get(code)
    return outcome.label.in_(ctx.lang) if outcome is not None else code


def _memo(ctx: Context, tx: Tx, facts: LeadFacts, kind: str) -> str:
    from isdesk.services.memos import render

    touches = leads.touches(tx, facts.id)
    lines, scores = handing.lines(ctx, facts, touches)
    meeting = meetings.sections(ctx, tx, fold(leads.transitions(tx, facts.id)))
    return render(ctx, facts, touches, lines, scores, kind, meeting)
