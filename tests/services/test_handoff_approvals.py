"""Handoffs that the playbook wants approved: asked for, decided by another, in effect at once, back with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isdesk.crm.port import Person
from isdesk.domain.approvals import Asks, Status
from isdesk.domain.errors import Incomplete, Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.domain.rules import HandoffRules, Label, ScoreRule
from isdesk.playbook import Playbook
from isdesk.services import approvals, handoffs, history, kpi, leads, merging, queue
from isdesk.services.context import Context
from tests.services.conftest import FS, REP, HandClock, add
from tests.services.desks import Room
from tests.services.test_handoffs import ready

LEAD = Member(MemberId("m-lead"), "森 恵", "team_lead", "mori@example.jp")


def wants(ctx: Context, rules: HandoffRules | None = None) -> None:
    ctx.members |= {LEAD.id: LEAD}
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, handoff=rules or HandoffRules(needs_approval=True)))


@pytest.fixture
def asked(ctx: Context, lead: LeadId) -> str:
    """A request that waits."""
    wants(ctx)
    ready(ctx, lead)
    handoffs.submit(ctx, lead, reason="大型案件")
    (item,) = approvals.inbox(ctx)
    return item.request.id


def test_handing_over_asks_first_and_nothing_reaches_fs(ctx: Context, lead: LeadId, asked: str) -> None:
    view = handoffs.view(ctx, lead)
    assert (view.state, view.submitted_at, view.approval) == ("asked", None, ())
    assert lead not in queue.ids(ctx)
    (item,) = approvals.inbox(ctx)
    assert (item.request.asks, item.request.reason, item.wanted, item.mine) == (
        Asks.HANDOFF,
        "大型案件",
        FS.name,
        False,
    )
    with pytest.raises(Refused, match="approval_asked"):
        handoffs.submit(ctx, lead)
    with pytest.raises(Refused, match="not_allowed"):
        approvals.approve(ctx, asked)
    with pytest.raises(Refused, match="merge_handoff"):
        merging.merge(ctx, lead, add(ctx, "山田 たろう"))


def test_the_approval_submits_it_in_the_name_of_the_rep(ctx: Context, lead: LeadId, asked: str) -> None:
    ctx.me = LEAD
    found = approvals.dossier(ctx, approvals.inbox(ctx)[0].request)
    assert found.criteria
    assert all(done for _, done in found.criteria[:3])
    approvals.approve(ctx, asked)
    view = handoffs.view(ctx, lead)
    assert (view.state, view.rep, view.fs_id) == ("submitted", REP.name, FS.id)
    assert view.decide_by is not None
    assert leads.view(ctx, lead).state.stage == "sql"
    today = ctx.now().date()
    (row,) = [one for one in kpi.figures(ctx, first=today, last=today, by="rep") if one.submitted]
    assert (row.key, row.submitted) == (REP.id, 1)
    history.undo(ctx)
    assert handoffs.view(ctx, lead).state == "asked"
    assert [one.request.id for one in approvals.inbox(ctx)] == [asked]
    history.redo(ctx)
    assert handoffs.view(ctx, lead).state == "submitted"


def test_a_rejection_is_the_first_thing_in_the_queue_with_its_reason(
    ctx: Context, lead: LeadId, asked: str, clock: HandClock
) -> None:
    clock.go(minutes=10)
    ctx.me = LEAD
    approvals.reject(ctx, asked, "予算を聞いてから")
    ctx.me = REP
    row = queue.page(ctx)[0]
    assert row.lead_id == lead
    (chip,) = [one for one in row.chips if one.code == "returned"]
    assert dict(chip.params)["reason"] == "予算を聞いてから"
    view = handoffs.view(ctx, lead)
    assert (view.state, view.reason, view.approval) == ("returned", "予算を聞いてから", ("すべての引き継ぎ",))
    clock.go(minutes=10)
    handoffs.submit(ctx, lead, reason="予算は300万円と確認")
    assert handoffs.view(ctx, lead).state == "asked"
    assert len(approvals.inbox(ctx)) == 1


def test_the_rep_takes_the_request_back(ctx: Context, lead: LeadId, asked: str) -> None:
    handoffs.withdraw(ctx, lead)
    assert approvals.inbox(ctx) == []
    assert approvals.inbox(ctx, every=True)[0].request.status is Status.WITHDRAWN
    assert handoffs.view(ctx, lead).state == "withdrawn"
    history.undo(ctx)
    assert handoffs.view(ctx, lead).state == "asked"


def test_what_came_to_lack_meanwhile_stops_the_approval(ctx: Context, lead: LeadId, asked: str) -> None:
    leads.edit(ctx, lead, {"issue": ""})
    ctx.me = LEAD
    with pytest.raises(Incomplete, match="handoff_incomplete"):
        approvals.approve(ctx, asked)
    assert approvals.inbox(ctx)[0].request.id == asked


def test_only_what_a_condition_or_grade_names_is_asked_for(ctx: Context, lead: LeadId) -> None:
    small = ScoreRule("small", Label("50名未満", "small"), points=0, field="company.employees", at_most=49)
    wants(ctx, HandoffRules(approval_grades=("C",), approval=(small,)))
    ready(ctx, lead)
    leads.edit(ctx, lead, {"confidence_rank": "A"})
    assert handoffs.view(ctx, lead).approval == ()
    leads.edit(ctx, lead, {"company.employees": 20, "confidence_rank": "C"})
    assert handoffs.view(ctx, lead).approval == ("確度 C", "50名未満")
    leads.edit(ctx, lead, {"company.employees": 320, "confidence_rank": "A"})
    handoffs.submit(ctx, lead)
    assert handoffs.view(ctx, lead).state == "submitted"


def test_who_works_alone_asks_nobody(ctx: Context, lead: LeadId) -> None:
    wants(ctx)
    ready(ctx, lead)
    ctx.members = {REP.id: REP}
    handoffs.submit(ctx, lead)
    assert handoffs.view(ctx, lead).state == "submitted"


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    """A hub with desks."""
    made = Room(tmp_path, book, clock)
    made.hub.join(Person(LEAD.id, LEAD.name, LEAD.role, LEAD.email))
    yield made
    made.close()


def test_request_rejection_and_approval_travel_through_the_hub(room: Room, clock: HandClock) -> None:
    rep, lead_desk, fs = room.seat("rep"), room.seat("lead", LEAD), room.seat("fs", FS)
    for seat in room.seats:
        wants(seat.ctx)
    lead = rep.add()
    ready(rep.ctx, lead)
    handoffs.submit(rep.ctx, lead)
    room.settle()
    assert handoffs.view(fs.ctx, lead).state == "asked"
    (item,) = approvals.inbox(lead_desk.ctx)
    approvals.reject(lead_desk.ctx, item.request.id, "課題が浅い")
    room.settle()
    assert queue.ids(rep.ctx)[0] == lead
    assert handoffs.view(rep.ctx, lead).reason == "課題が浅い"
    clock.go(minutes=5)
    handoffs.submit(rep.ctx, lead, reason="聞き直しました")
    room.settle()
    (again,) = approvals.inbox(lead_desk.ctx)
    approvals.approve(lead_desk.ctx, again.request.id)
    room.settle()
    for seat in room.seats:
        view = handoffs.view(seat.ctx, lead)
        assert (view.state, view.rep) == ("submitted", REP.name)
    room.same(lead)


def test_an_approval_that_comes_after_the_withdrawal_submits_nothing(room: Room, clock: HandClock) -> None:
    rep, lead_desk = room.seat("rep"), room.seat("lead", LEAD)
    for seat in room.seats:
        wants(seat.ctx)
    lead = rep.add()
    ready(rep.ctx, lead)
    handoffs.submit(rep.ctx, lead)
    room.settle()
    (item,) = approvals.inbox(lead_desk.ctx)
    handoffs.withdraw(rep.ctx, lead)
    clock.go(minutes=1)
    approvals.approve(lead_desk.ctx, item.request.id)
    room.settle()
    for seat in room.seats:
        assert handoffs.view(seat.ctx, lead).submitted_at is None
        assert approvals.inbox(seat.ctx) == []


def test_one_undo_takes_request_and_waiting_back(ctx: Context, lead: LeadId, asked: str, clock: HandClock) -> None:
    history.undo(ctx)
    assert (handoffs.view(ctx, lead).state, approvals.inbox(ctx)) == ("draft", [])
    history.redo(ctx)
    assert handoffs.view(ctx, lead).state == "asked"
    ctx.me = LEAD
    approvals.approve(ctx, asked)
    ctx.me = FS
    clock.go(minutes=5)
    handoffs.accept(ctx, lead)
    assert handoffs.view(ctx, lead).state == "accepted"
