"""The meeting prepared in three steps, and the feedback that falls due after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.meeting import LONGEST, STEPS
from isdesk.playbook import Playbook
from isdesk.services import handoffs, history, leads, meetings
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, REP, HandClock
from tests.services.desks import Room
from tests.services.test_handoffs import ready


@pytest.fixture
def handed(ctx: Context, lead: LeadId) -> LeadId:
    """A lead in the hands of FS, who sits at the desk now; the meeting is on Friday at ten."""
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    ctx.me = FS
    return lead


def text(ctx: Context, lead: LeadId, code: str) -> tuple[str, str]:
    (line,) = [one for one in meetings.plan(ctx, lead).lines if one.code == code]
    return line.text, line.source


def test_it_has_three_steps_and_is_offered_what_the_handoff_says(ctx: Context, handed: LeadId) -> None:
    plan = meetings.plan(ctx, handed)
    assert [step.code for step in STEPS] == ["hypothesis", "verification", "agreement"]
    assert list(dict.fromkeys(line.step for line in plan.lines)) == ["hypothesis", "verification", "agreement"]
    assert text(ctx, handed, "issue_hypothesis") == ("見積依頼がメールと紙に分かれている", "handoff")
    assert text(ctx, handed, "issue") == ("締め日の集計に2人で丸1日かかる", "handoff")
    assert text(ctx, handed, "goal") == ("月次の締めを1日早める", "handoff")
    assert text(ctx, handed, "schedule")[0].startswith("3")
    assert text(ctx, handed, "next_action") == ("", "")
    assert (plan.noted, plan.writable) == (0, True)


def test_what_fs_notes_stands_and_what_was_noted_before_stays_beside_it(
    ctx: Context, handed: LeadId, clock: HandClock
) -> None:
    meetings.write(ctx, handed, {"kpi": "締めまでの日数", "target": "5日→3日"})
    clock.go(days=3, hours=1)
    meetings.write(ctx, handed, {"kpi": " 締めまでの営業日数 ", "target": "5日→3日", "next_action": "見積を送る"})
    plan = {line.code: line for line in meetings.plan(ctx, handed).lines}
    assert (plan["kpi"].text, plan["kpi"].source, plan["kpi"].by) == ("締めまでの営業日数", "fs", FS.name)
    assert [note.text for note in plan["kpi"].earlier] == ["締めまでの日数"]
    assert plan["target"].at == clock.now() - timedelta(days=3, hours=1)
    assert plan["target"].earlier == ()
    meetings.write(ctx, handed, {"kpi": ""})
    assert text(ctx, handed, "kpi") == ("見積業務の電子化", "handoff")
    history.undo(ctx)
    assert text(ctx, handed, "kpi")[0] == "締めまでの営業日数"


def test_nothing_new_writes_nothing(ctx: Context, handed: LeadId) -> None:
    meetings.write(ctx, handed, {"kpi": "日数"})
    assert meetings.write(ctx, handed, {"kpi": "日数"}).journal_id is None


def test_what_cannot_be_noted_is_refused(ctx: Context, lead: LeadId) -> None:
    with pytest.raises(BadInput, match="meeting_item_unknown"):
        meetings.write(ctx, lead, {"mood": "x"})
    with pytest.raises(BadInput, match="meeting_note_long"):
        meetings.write(ctx, lead, {"kpi": "あ" * (LONGEST + 1)})
    with pytest.raises(Refused, match="meeting_not_handed"):
        meetings.write(ctx, lead, {"kpi": "x"})
    assert not meetings.plan(ctx, lead).writable


def test_it_stands_in_the_memo_and_in_the_timeline_of_the_rep(ctx: Context, handed: LeadId) -> None:
    assert "商談の準備" not in handoffs.memo(ctx, handed)
    meetings.write(ctx, handed, {"kpi": "締めまでの日数", "goal": "月次を<3日>で締める"})
    ctx.me = REP
    memo = handoffs.memo(ctx, handed)
    assert "■ 商談の準備: 検証\n・KPI: 締めまでの日数" in memo
    assert "■ 商談の準備: 合意\n・ゴール: 月次を<3日>で締める" in memo
    assert "提示" not in memo
    assert "月次を&lt;3日&gt;で締める" in handoffs.memo(ctx, handed, "html")
    (item,) = [one for one in leads.view(ctx, handed).timeline if one.what == "meeting"]
    assert (item.member, dict(item.told)) == (FS.name, {"KPI": "締めまでの日数", "ゴール": "月次を<3日>で締める"})


def test_feedback_falls_due_when_the_meeting_is_over(ctx: Context, handed: LeadId, clock: HandClock) -> None:
    assert handoffs.view(ctx, handed).feedback == ""
    assert handoffs.waiting(ctx) == 1
    handoffs.accept(ctx, handed)
    view = handoffs.view(ctx, handed)
    assert (view.feedback, handoffs.waiting(ctx)) == ("ahead", 0)
    assert view.meeting_at is not None
    clock.at = view.meeting_at + timedelta(minutes=1)
    view = handoffs.view(ctx, handed)
    assert (view.feedback, handoffs.waiting(ctx)) == ("due", 1)
    assert view.feedback_by is not None
    assert view.feedback_by.isoformat() == "2026-12-01"
    assert [one.lead_id for one in handoffs.listing(ctx) if handoffs.waits(ctx, one)] == [handed]
    clock.at = datetime(2026, 12, 1, 23, 59, tzinfo=TOKYO)
    assert handoffs.view(ctx, handed).feedback == "due"
    clock.go(minutes=1)
    assert handoffs.view(ctx, handed).feedback == "overdue"
    handoffs.feedback(ctx, handed, "opportunity", reasked=["needs"])
    view = handoffs.view(ctx, handed)
    assert (view.feedback, view.told["result"], handoffs.waiting(ctx)) == ("done", "opportunity", 0)


def test_a_meeting_that_was_put_off_wants_feedback_again(ctx: Context, handed: LeadId, clock: HandClock) -> None:
    handoffs.accept(ctx, handed)
    clock.go(days=4)
    handoffs.feedback(ctx, handed, "postponed")
    assert handoffs.view(ctx, handed).feedback == "done"
    leads.edit(ctx, handed, {"meeting_at": (clock.now() + timedelta(days=2)).isoformat()})
    assert handoffs.view(ctx, handed).feedback == "ahead"
    clock.go(days=3)
    assert handoffs.view(ctx, handed).feedback == "due"


def test_what_waits_for_whom(ctx: Context, handed: LeadId, clock: HandClock) -> None:
    ctx.me = OTHER
    assert handoffs.waiting(ctx) == 0
    ctx.me = REP
    assert handoffs.waiting(ctx) == 0
    ctx.me = FS
    clock.go(minutes=10)
    handoffs.return_(ctx, handed, "issue_unclear")
    assert handoffs.waiting(ctx) == 0
    ctx.me = REP
    assert handoffs.waiting(ctx) == 1


def test_the_clock_of_fs_runs_in_business_time(ctx: Context, handed: LeadId, clock: HandClock) -> None:
    view = handoffs.view(ctx, handed)
    assert (view.clock, view.minutes_left) == ("running", 8 * 60)
    clock.at = datetime(2026, 11, 24, 20, 0, tzinfo=TOKYO)
    left = handoffs.view(ctx, handed).minutes_left
    clock.at = datetime(2026, 11, 25, 7, 0, tzinfo=TOKYO)
    assert handoffs.view(ctx, handed).minutes_left == left
    clock.at = datetime(2026, 11, 27, 10, 0, tzinfo=TOKYO)
    view = handoffs.view(ctx, handed)
    assert view.clock == "broken"
    assert view.minutes_left is not None
    assert view.minutes_left < 0


@pytest.mark.parametrize("result", ["won", "lost"])
def test_a_decided_deal_always_has_its_reason(ctx: Context, handed: LeadId, result: str) -> None:
    handoffs.accept(ctx, handed)
    for factor in (None, " "):
        with pytest.raises(BadInput, match="reason_needed"):
            handoffs.feedback(ctx, handed, result, factor=factor)
    assert handoffs.view(ctx, handed).told == {}


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    """A hub with desks."""
    made = Room(tmp_path, book, clock)
    yield made
    made.close()


def test_notes_and_feedback_travel_to_the_rep_who_made_the_meeting(room: Room, clock: HandClock) -> None:
    rep, fs = room.seat("rep"), room.seat("fs", FS)
    lead = rep.add()
    ready(rep.ctx, lead)
    handoffs.submit(rep.ctx, lead)
    room.settle()
    handoffs.accept(fs.ctx, lead)
    meetings.write(fs.ctx, lead, {"kpi": "日数"})
    room.settle()
    assert text(rep.ctx, lead, "kpi") == ("日数", "fs")
    clock.go(days=4)
    handoffs.feedback(fs.ctx, lead, "won", factor="issue_fit", amount=1_200_000, reasked=["needs"])
    room.settle()
    told = handoffs.view(rep.ctx, lead).told
    assert told == {"result": "won", "factor": "issue_fit", "amount": 1_200_000, "reasked": ["needs"]}
    (item,) = [one for one in leads.view(rep.ctx, lead).timeline if one.code == "feedback"]
    assert item.told == told
    room.same(lead)
