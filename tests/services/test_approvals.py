"""Approvals: nobody decides alone for themself, a do-not-call needs two, one undo takes back what a decision did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from isdesk.crm.port import Person
from isdesk.domain.approvals import Asks, Status
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.playbook import Playbook
from isdesk.services import approvals, history, leads, queue
from isdesk.services.context import Context
from tests.services.conftest import REP, HandClock, add
from tests.services.desks import Room

LEAD_A = Member(MemberId("m-lead-a"), "森 恵", "team_lead", "mori@example.jp")
LEAD_B = Member(MemberId("m-lead-b"), "岡 誠", "team_lead", "oka@example.jp")


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """A rep's desk in a team with two team leads."""
    ctx.members |= {LEAD_A.id: LEAD_A, LEAD_B.id: LEAD_B}
    return ctx


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    """A hub with desks."""
    made = Room(tmp_path, book, clock)
    made.hub.join(Person(LEAD_A.id, LEAD_A.name, LEAD_A.role, LEAD_A.email))
    yield made
    made.close()


def sit(ctx: Context, who: Member) -> None:
    ctx.me = who


def needs_approval(ctx: Context, stage: str = "sql") -> None:
    stages = {**ctx.rules.stages, stage: replace(ctx.rules.stages[stage], needs_approval=True, entry=())}
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, stages=stages))


def refused(code: str, act: object, *args: object) -> None:
    with pytest.raises(Refused) as problem:
        act(*args)  # type: ignore[operator]
    assert problem.value.code == code


def test_a_stage_that_needs_approval_is_asked_for_and_moves_when_it_is_given(ctx: Context, lead: LeadId) -> None:
    needs_approval(ctx)
    refused("stage_needs_approval", leads.edit, ctx, lead, {"stage": "sql"})
    asked, _ = approvals.ask(ctx, Asks.STAGE, "課題を確認済み", lead_id=lead, details={"stage": "sql"})
    refused("not_allowed", approvals.approve, ctx, asked)
    sit(ctx, LEAD_A)
    (item,) = approvals.inbox(ctx)
    assert (item.name, item.asked_by, item.wanted, item.mine) == ("山田 太郎", REP.name, "SQL", True)
    approvals.approve(ctx, asked)
    assert leads.view(ctx, lead).fields["stage"] == "sql"
    assert approvals.inbox(ctx) == []
    assert approvals.inbox(ctx, every=True)[0].request.status is Status.APPROVED
    refused("approval_over", approvals.approve, ctx, asked)


def test_one_undo_takes_decision_and_effect_back(ctx: Context, lead: LeadId) -> None:
    needs_approval(ctx)
    asked, _ = approvals.ask(ctx, Asks.STAGE, "確認済み", lead_id=lead, details={"stage": "sql"})
    sit(ctx, LEAD_A)
    before = leads.view(ctx, lead).fields
    approvals.approve(ctx, asked)
    history.undo(ctx)
    assert leads.view(ctx, lead).fields == before
    assert [item.request.id for item in approvals.inbox(ctx)] == [asked]
    history.redo(ctx)
    assert leads.view(ctx, lead).fields["stage"] == "sql"


def test_a_do_not_call_is_lifted_by_two_people_and_never_by_one(ctx: Context, lead: LeadId) -> None:
    leads.set_do_not_call(ctx, lead)
    refused("lift_needs_approval", leads.edit, ctx, lead, {"dnc": None})
    asked, _ = approvals.ask(ctx, Asks.LIFT_DO_NOT_CALL, "本人から再開の希望", lead_id=lead)
    sit(ctx, LEAD_A)
    refused("lift_needs_approval", leads.edit, ctx, lead, {"dnc": None})
    approvals.approve(ctx, asked)
    assert leads.view(ctx, lead).fields["dnc"] is True
    refused("approval_own", approvals.approve, ctx, asked)
    sit(ctx, LEAD_B)
    approvals.approve(ctx, asked)
    assert "dnc" not in leads.view(ctx, lead).fields
    sit(ctx, REP)
    assert queue.ids(ctx) == [lead]
    sit(ctx, LEAD_B)
    history.undo(ctx)
    assert leads.view(ctx, lead).fields["dnc"] is True


def test_what_somebody_else_refused_stays_barred(ctx: Context, lead: LeadId) -> None:
    twin = add(ctx, "別 人", email="betsu@example.jp")
    leads.set_do_not_call(ctx, twin)
    asked, _ = approvals.ask(ctx, Asks.LIFT_DO_NOT_CALL, "間違い", lead_id=lead)
    for who in (LEAD_A, LEAD_B):
        sit(ctx, who)
        approvals.approve(ctx, asked)
    sit(ctx, REP)
    assert queue.ids(ctx) == []


def test_a_rejection_needs_a_reason_and_ends_the_request(ctx: Context, lead: LeadId) -> None:
    needs_approval(ctx)
    asked, _ = approvals.ask(ctx, Asks.STAGE, "確認済み", lead_id=lead, details={"stage": "sql"})
    sit(ctx, LEAD_A)
    with pytest.raises(BadInput):
        approvals.reject(ctx, asked, " ")
    approvals.reject(ctx, asked, "予算が未確認")
    (item,) = approvals.inbox(ctx, every=True)
    assert (item.request.status, item.request.answer) == (Status.REJECTED, "予算が未確認")
    assert leads.view(ctx, lead).fields["stage"] != "sql"


def test_closing_many_is_one_step(ctx: Context, lead: LeadId) -> None:
    other = add(ctx, "別 人", email="betsu@example.jp", phone_direct="03-1111-2222")
    details: dict[str, Value] = {"leads": [lead, other], "stage": "disqualified"}
    asked, _ = approvals.ask(ctx, Asks.CLOSE, "対象外の業種", details=details)
    refused("approval_asked", lambda: approvals.ask(ctx, Asks.CLOSE, "もう一度", details=details))
    sit(ctx, LEAD_A)
    assert approvals.inbox(ctx)[0].wanted == "2"
    approvals.approve(ctx, asked)
    assert {leads.view(ctx, one).fields["stage"] for one in (lead, other)} == {"disqualified"}
    with pytest.raises(BadInput):
        approvals.ask(ctx, Asks.CLOSE, "x", details={"leads": [], "stage": "disqualified"})


def test_an_own_request_is_withdrawn_and_nobody_elses(ctx: Context, lead: LeadId) -> None:
    needs_approval(ctx)
    asked, _ = approvals.ask(ctx, Asks.STAGE, "確認済み", lead_id=lead, details={"stage": "sql"})
    sit(ctx, LEAD_A)
    refused("approval_not_own", approvals.withdraw, ctx, asked)
    sit(ctx, REP)
    approvals.withdraw(ctx, asked)
    assert approvals.inbox(ctx) == []


def test_request_decision_and_effect_travel_through_the_hub(room: Room) -> None:
    here, there = room.seat("rep"), room.seat("lead", LEAD_A)
    second = room.seat("rep-second")
    for seat in room.seats:
        seat.ctx.members |= {LEAD_A.id: LEAD_A}
        needs_approval(seat.ctx)
    lead = here.add()
    asked, _ = approvals.ask(here.ctx, Asks.STAGE, "確認済み", lead_id=lead, details={"stage": "sql"})
    room.settle()
    assert [item.request.id for item in approvals.inbox(there.ctx)] == [asked]
    approvals.approve(there.ctx, asked)
    room.settle()
    for seat in room.seats:
        assert seat.fields(lead)["stage"] == "sql"
        assert approvals.inbox(seat.ctx) == []
    room.same(lead)
    history.undo(there.ctx)
    room.settle()
    assert second.fields(lead)["stage"] != "sql"
    assert [item.request.id for item in approvals.inbox(second.ctx)] == [asked]
