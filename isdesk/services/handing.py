"""What every step of a handoff shares: the gate of the checklist, the approval it may need, and the step written down.

`services.handoffs` takes the steps of rep and FS by it, `services.approvals` those that an approval brings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import stage as stage_rules
from isdesk.domain.approvals import KIND, Answer, Asks
from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.deriving import derive
from isdesk.domain.errors import Incomplete, Refused
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import (
    Action,
    Handoff,
    State,
    Transition,
    actions,
    allowed,
    approval_wanted,
    checklist,
    grade_of,
    missing,
    starts_new,
)
from isdesk.domain.ids import HandoffId, LeadId, MemberId, TransitionId
from isdesk.domain.score import score
from isdesk.services import booking, projection
from isdesk.services.entries import changed, head
from isdesk.services.views import Written
from isdesk.store import journal, leads

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.domain.handoff import ChecklistLineData
    from isdesk.domain.rules import Label
    from isdesk.domain.state import LeadFacts, Scores
    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context
    from isdesk.store import Tx

VERBS = {
    Action.SUBMIT: Verb.HANDOFF_SUBMIT,
    Action.ACCEPT: Verb.HANDOFF_ACCEPT,
    Action.RETURN: Verb.HANDOFF_RETURN,
    Action.RECYCLE: Verb.HANDOFF_RECYCLE,
    Action.WITHDRAW: Verb.HANDOFF_WITHDRAW,
    Action.FEEDBACK: Verb.HANDOFF_FEEDBACK,
}
_BEGINS = frozenset({Action.SUBMIT, Action.ASK})
_AFTERWARDS = timedelta(microseconds=1)
"""A step lies behind the one that it answers, also where the clock of this desk is behind that of the other."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A handoff that may be submitted: to whom, the fields it changes, what goes with it, and why it is approved first.

    ``why`` empty: it needs no approval.
    """

    to_fs: MemberId
    new: dict[str, Value]
    payload: dict[str, Value]
    why: tuple[Label, ...]


def ready(
    ctx: Context,
    facts: LeadFacts,
    touches: Sequence[Touch],
    steps: Sequence[Transition],
    fs_id: MemberId | None = None,
) -> Ready:
    """Return what a submit writes.

    Raises NotFound (no such person), Incomplete (``handoff_incomplete``) while required items are missing.
    """
    from isdesk.services.memos import render

    to = fs_id or fs_of(facts)
    if fs_id is not None:
        ctx.member(fs_id)
        facts = facts.with_fields({"fs_id": fs_id})
    found, scores = lines(ctx, facts, touches)
    lacking = missing(found)
    if lacking:
        raise Incomplete(
            "handoff_incomplete", tuple(line.code for line in lacking), items="、".join(line.ja for line in lacking)
        )
    if to is None:
        raise Incomplete("handoff_incomplete", ("fs_id",), items="FS担当")
    grade = grade_of(facts, scores, ctx.rules)
    payload: dict[str, Value] = {
        "grade": grade,
        "priority": scores.priority,
        "playbook": ctx.rules.version,
        "memo": render(ctx, facts, touches, found, scores, "text"),
        "items": {line.code: line.value for line in found},
    }
    new: dict[str, Value] = {"fs_id": to, **_stage_by(ctx, facts, touches, steps, "sql")}
    return Ready(to, new, payload, approval_wanted(facts, grade, ctx.rules) if not ctx.alone else ())


def _stage_by(
    ctx: Context, facts: LeadFacts, touches: Sequence[Touch], steps: Sequence[Transition], wanted: str
) -> dict[str, Value]:
    """Return the stage change that the handoff brings, where the criteria of the new stage hold (DOMAIN 2)."""
    target = stage_rules.advance(stage_rules.stage_of(facts, ctx.rules), wanted, ctx.rules)
    if target is None:
        return {}
    state = derive(facts, touches, steps, rules=ctx.rules, calendar=ctx.calendar, now=ctx.now(), suppressed=False)
    return {} if stage_rules.missing_for(target, facts, state, touches, ctx.rules) else {"stage": target}


def fs_of(facts: LeadFacts) -> MemberId | None:
    """Return the FS person that the lead is meant for."""
    value = facts.get("fs_id")
    return MemberId(value) if isinstance(value, str) and value else None


def lines(ctx: Context, facts: LeadFacts, touches: Sequence[Touch]) -> tuple[tuple[ChecklistLineData, ...], Scores]:
    """Return the checklist as it stands now, and the scores behind it."""
    now = ctx.now()
    scores = score(facts, touches, rules=ctx.rules, now=now)
    return checklist(facts, touches, scores, ctx.rules, now.astimezone(TOKYO).date(), lang=ctx.lang), scores


def transition(
    ctx: Context,
    lead_id: LeadId,
    now: Handoff,
    action: Action,
    entry: Entry,
    *,
    reason: str | None = None,
    to_fs: MemberId | None = None,
    payload: Mapping[str, Value] | None = None,
    by: MemberId | None = None,
) -> Transition:
    """Return the step ``action`` of a handoff that stands as ``now``; ``by`` whom, where not by the person here.

    Raises Refused (``handoff_not_allowed``).
    """
    if not allowed(now.state, action):
        raise Refused(
            "handoff_not_allowed", state=now.state, action=action.value, allowed=", ".join(actions(now.state))
        )
    fresh = now.id is None or (action in _BEGINS and starts_new(now.state))
    return Transition(
        id=TransitionId(ctx.ids.new()),
        handoff_id=HandoffId(ctx.ids.new()) if fresh or now.id is None else now.id,
        lead_id=lead_id,
        member_id=by or ctx.me.id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
        at=entry.at if now.changed_at is None else max(entry.at, now.changed_at + _AFTERWARDS),
        action=action.value,
        to_fs=to_fs,
        reason=reason,
        payload=dict(payload or {}),
        journal_id=entry.id,
    )


def called_off(
    ctx: Context, tx: Tx, lead_id: LeadId, now: Handoff, entry: Entry, reason: str
) -> tuple[tuple[Transition, ...], tuple[Filing, ...]]:
    """Return what takes a handoff back whose meeting is called off before FS accepted it (DOMAIN 6): the step, and
    where it still waits for approval, the own request withdrawn.

    What FS has accepted stays theirs; they are told that the meeting is off.
    """
    asked = next((one for one in reversed(now.steps) if one.action == Action.ASK), None)
    if now.state is State.SUBMITTED:
        return (transition(ctx, lead_id, now, Action.WITHDRAW, entry, reason=reason),), ()
    if now.state is not State.ASKED or asked is None or asked.member_id != ctx.me.id:
        return (), ()
    said: dict[str, Value] = {"step": Answer.WITHDRAW, "reason": reason}
    filing = Filing(
        ctx.ids.new(), KIND, str(asked.payload.get("request")), ctx.me.id, ctx.device_id,
        journal.next_seq(tx, ctx.device_id), entry.at, lead_id, said, entry.id,
    )  # fmt: skip
    return (transition(ctx, lead_id, now, Action.WITHDRAW, entry, reason=reason),), (filing,)


def step(
    ctx: Context,
    tx: Tx,
    facts: LeadFacts,
    now: Handoff,
    action: Action,
    *,
    reason: str | None = None,
    to_fs: MemberId | None = None,
    new: Mapping[str, Value],
    payload: Mapping[str, Value],
) -> Written:
    """Write one step and what it changes in the lead. Raises Refused (``handoff_not_allowed``)."""
    entry = head(ctx, tx, VERBS[action], lead_id=facts.id, summary={"lead": str(facts.get("name") or "")})
    made = transition(ctx, facts.id, now, action, entry, reason=reason, to_fs=to_fs, payload=payload)
    stored = leads.fields_of(tx, Obj.LEAD, facts.id) or {}
    change = changed(stored, new, Obj.LEAD, facts.id)
    changes: tuple[Change, ...] = () if change is None else (change,)
    meeting = booking.said(ctx, tx, entry, facts, new)
    journal.append(tx, entry, changes=changes, transitions=(made,), filings=meeting)
    projection.refresh(ctx, tx, [facts.id])
    return Written(
        Changes(
            leads=frozenset({facts.id}),
            handoffs=frozenset({made.handoff_id}),
            queue=True,
            outbox=True,
            undo=True,
            meetings=bool(meeting),
        ),
        entry.id,
    )


def ask(ctx: Context, tx: Tx, facts: LeadFacts, now: Handoff, found: Ready, reason: str) -> Written:
    """Ask for the approval of a handoff: the request and the step that waits for it are one entry.

    Raises Refused (``approval_asked``, ``handoff_not_allowed``).
    """
    if now.state is State.ASKED:
        raise Refused("approval_asked")
    name = str(facts.get("name") or "")
    entry = head(ctx, tx, Verb.ASK_APPROVAL, lead_id=facts.id, summary={"lead": name, "asks": Asks.HANDOFF})
    request_id = ctx.ids.new()
    made = transition(ctx, facts.id, now, Action.ASK, entry, to_fs=found.to_fs, payload={"request": request_id})
    why: list[object] = [label.in_(ctx.lang) for label in found.why]
    request: dict[str, Value] = {
        "step": Answer.REQUEST,
        "asks": Asks.HANDOFF,
        "reason": reason.strip() or "、".join(label.in_(ctx.lang) for label in found.why),
        "details": {"handoff": made.handoff_id, "fs_id": found.to_fs, "grade": found.payload["grade"], "why": why},
    }
    filing = Filing(
        ctx.ids.new(), KIND, request_id, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
        facts.id, request, entry.id,
    )  # fmt: skip
    stored = leads.fields_of(tx, Obj.LEAD, facts.id) or {}
    change = changed(stored, {"fs_id": found.to_fs}, Obj.LEAD, facts.id)
    journal.append(tx, entry, changes=() if change is None else (change,), transitions=(made,), filings=[filing])
    projection.refresh(ctx, tx, [facts.id])
    return Written(
        Changes(
            leads=frozenset({facts.id}),
            handoffs=frozenset({made.handoff_id}),
            queue=True,
            outbox=True,
            undo=True,
            approvals=True,
        ),
        entry.id,
    )
