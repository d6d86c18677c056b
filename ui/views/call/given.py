"""What is recorded of a call or of a contact over another channel: answers, memo, times, the way through the script."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain.touch import ActionKind, Channel, Plan
from isdesk.services.calls import RecordInput

if TYPE_CHECKING:
    from isdesk.domain.rules import Outcome
    from isdesk.services.views import Preview
    from ui.views.call.outcome_dialogs import Answers
    from ui.views.call.scene import Scene
    from ui.views.call.workspace import CallWorkspace

AT_ONCE = timedelta(minutes=5)


def stays(outcome: Outcome, plan: Plan, now: datetime) -> bool:
    """Return whether a lead stays at work: its outcome says so and, where that is for another number, has one now."""
    if outcome.auto_advance or outcome.follow.kind != "number":
        return not outcome.auto_advance
    return plan.action is ActionKind.RETRY and plan.due_at is not None and plan.due_at - now < AT_ONCE


def must_ask(outcome: Outcome, preview: Preview, memo: str) -> bool:
    """Return whether something must be given first. A do-not-call always asks for its scope (DOMAIN 15)."""
    needs = set(preview.needs)
    if memo.strip():
        needs.discard("note")
    return bool(needs) or (outcome.dnc and not outcome.dnc_company)


def record_input(
    workspace: CallWorkspace,
    scene: Scene,
    outcome: Outcome,
    answers: Answers,
    channel: Channel,
    number: str | None,
    seconds: int | None,
) -> RecordInput:
    """Return what to record. ``number`` and ``seconds`` are the call's; a contact over another channel has none."""
    spoken = channel is Channel.PHONE
    ring_s, talk_s = (None, seconds) if outcome.answered else (seconds, None)
    return RecordInput(
        note=_note(workspace.memo.value().strip(), answers.note),
        callback_at=answers.callback_at,
        meeting_at=answers.meeting_at,
        meeting_place=answers.meeting_place,
        fs_id=answers.fs_id,
        reached=answers.reached or (workspace.bar.reached if outcome.dm_override and spoken else None),
        reason=answers.reason,
        number=number if spoken else None,
        ring_s=ring_s if spoken else None,
        talk_s=talk_s if spoken else None,
        adoption_at=answers.adoption_at,
        competitor=answers.competitor,
        company_scope=answers.company_scope,
        channel=channel,
        objections=workspace.objections.used if spoken else (),
        fields={"meeting_attendees": answers.attendees} if answers.attendees else {},
        script=scene.script.ref if scene.script and spoken else None,
        path=workspace.path if spoken else (),
        knowingly=answers.knowingly,
    )


def _note(memo: str, said: str | None) -> str:
    """Return the memo with what the customer said, once."""
    return memo if not said or said in memo else "\n".join(part for part in (memo, f"「{said}」") if part)
