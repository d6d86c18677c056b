"""A handoff through its life: filled by itself, gated, decided, and taken back only while nobody decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isdesk.domain.errors import BadInput, Incomplete, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import calls, handoffs, history, leads, queue
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, HandClock

HEARD = {
    "need": "見積業務の電子化",
    "issue": "締め日の集計に2人で丸1日かかる",
    "purpose": "月次の締めを1日早める",
    "adoption_timing": "3_months",
    "budget": "300万円",
    "decision_maker": "self",
    "current_method": "Excel",
    "interest_product": "見積管理",
    "competitor": "他社ツール",
    "is_memo": "現場は乗り気",
    "issue_hypothesis": "見積依頼がメールと紙に分かれている",
    "reaction_log": "「まさにそれ」と反応",
    "meeting_place": "オンライン",
    "meeting_attendees": "山田様、役員1名",
}


def ready(ctx: Context, lead: LeadId, *, script: str | None = None) -> None:
    """Bring a lead to the point where it can be handed over."""
    calls.record(
        ctx,
        lead,
        "MEETING_SET",
        RecordInput(meeting_at=ctx.now() + timedelta(days=3), fs_id=FS.id, fields=HEARD, script=script),
    )


def test_a_meeting_makes_a_draft_that_says_what_is_missing(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "MEETING_SET", RecordInput(meeting_at=ctx.now() + timedelta(days=3), fs_id=FS.id))
    view = handoffs.view(ctx, lead)
    assert view.state == "draft"
    assert view.missing
    with pytest.raises(Incomplete, match="handoff_incomplete") as refused:
        handoffs.submit(ctx, lead)
    assert set(refused.value.missing) == {line.code for line in view.missing}
    assert handoffs.view(ctx, lead) == view


def test_submit_accept_feedback(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    view = handoffs.view(ctx, lead)
    assert (view.state, view.fs_id, view.missing) == ("submitted", FS.id, ())
    assert view.decide_by is not None
    assert leads.view(ctx, lead).state.stage == "sql"
    assert "青葉精機" in view.memo
    assert "締め日の集計" in view.memo
    clock.go(hours=1)
    handoffs.accept(ctx, lead)
    assert leads.view(ctx, lead).state.stage == "sao"
    clock.go(days=4)
    with pytest.raises(BadInput, match="reason_needed"):
        handoffs.feedback(ctx, lead, "lost")
    handoffs.feedback(ctx, lead, "lost", factor="budget", reasked=["budget"])
    seen = leads.view(ctx, lead)
    assert (seen.state.stage, seen.fields["lost_reason"]) == ("lost", "budget")
    assert [step.code for step in handoffs.view(ctx, lead).history] == ["feedback", "accept", "submit"]


def test_a_returned_handoff_is_the_first_thing_in_the_queue(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    clock.go(minutes=30)
    with pytest.raises(BadInput, match="reason_needed"):
        handoffs.return_(ctx, lead, " ")
    handoffs.return_(ctx, lead, "時期未確認")
    row = queue.page(ctx)[0]
    assert row.lead_id == lead
    assert "returned" in {chip.code for chip in row.chips}
    clock.go(minutes=30)
    handoffs.submit(ctx, lead)
    assert lead not in queue.ids(ctx)


def test_undo_takes_a_handoff_back_step_by_step(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    ready(ctx, lead)
    before = handoffs.view(ctx, lead)
    handoffs.submit(ctx, lead)
    history.undo(ctx)
    assert handoffs.view(ctx, lead) == before
    history.redo(ctx)
    clock.go(minutes=5)
    handoffs.accept(ctx, lead)
    history.undo(ctx)
    assert handoffs.view(ctx, lead).state == "submitted"


def test_a_step_that_is_not_due_is_refused(ctx: Context, lead: LeadId) -> None:
    with pytest.raises(Refused, match="handoff_not_allowed"):
        handoffs.accept(ctx, lead)
