"""One verb for many leads: counted first, one entry, one undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import MemberId
from isdesk.services import bulk, history, leads
from isdesk.services.bulk import Outlook, Step
from isdesk.services.context import Context
from tests.services.conftest import OTHER, REP, add


def test_the_preview_counts_what_then_changes(ctx: Context) -> None:
    made = [add(ctx, f"氏名 {n}") for n in range(3)]
    leads.assign(ctx, [made[0]], OTHER.id)
    step = Step(bulk.ASSIGN, member_id=OTHER.id)
    assert bulk.preview(ctx, made, step) == Outlook(3, 2)
    written = bulk.run(ctx, made, step)
    assert written.changes.leads == frozenset(made[1:])
    assert bulk.preview(ctx, made, step) == Outlook(3, 0)
    assert bulk.run(ctx, made, step).journal_id is None


def test_one_undo_takes_all_of_it_back(ctx: Context) -> None:
    made = [add(ctx, f"氏名 {n}") for n in range(3)]
    bulk.run(ctx, made, Step(bulk.ASSIGN, member_id=OTHER.id))
    history.undo(ctx)
    assert {leads.view(ctx, one).fields["owner_id"] for one in made} == {REP.id}


def test_snoozing_needs_a_reason_and_a_time_to_come(ctx: Context) -> None:
    made = [add(ctx)]
    later = ctx.now() + timedelta(days=1)
    with pytest.raises(BadInput, match="time_past"):
        bulk.preview(ctx, made, Step(bulk.SNOOZE, until=ctx.now(), reason="waiting"))
    with pytest.raises(BadInput, match="reason_needed"):
        bulk.run(ctx, made, Step(bulk.SNOOZE, until=later))
    bulk.run(ctx, made, Step(bulk.SNOOZE, until=later, reason="waiting"))
    assert leads.view(ctx, made[0]).placement.held == "snoozed"


def test_pinning_and_letting_go(ctx: Context) -> None:
    made = [add(ctx, f"氏名 {n}") for n in range(2)]
    bulk.run(ctx, made, Step(bulk.PIN))
    assert all(leads.view(ctx, one).fields.get("pinned") for one in made)
    bulk.run(ctx, made, Step(bulk.UNPIN))
    assert not any(leads.view(ctx, one).fields.get("pinned") for one in made)


def test_do_not_call_binds_the_numbers_of_others_too(ctx: Context) -> None:
    first = add(ctx, "山田 太郎", phone_direct="052-211-1234")
    bulk.run(ctx, [first], Step(bulk.DO_NOT_CALL))
    same_number = add(ctx, "山田 次郎", phone_direct="052-211-1234")
    assert leads.view(ctx, same_number).state.dnc
    history.undo(ctx, 2)
    assert not leads.view(ctx, first).state.dnc


def test_nobody_of_that_id_gets_leads(ctx: Context) -> None:
    with pytest.raises(NotFound):
        bulk.preview(ctx, [add(ctx)], Step(bulk.ASSIGN, member_id=MemberId("nobody")))


def test_closing_many_is_for_the_team_lead_and_one_undo(ctx: Context) -> None:
    made = [add(ctx, f"氏名 {n}", email=f"n{n}@example.jp") for n in range(3)]
    end = Step(bulk.CLOSE, stage="disqualified")
    assert bulk.closing(ctx) == ("disqualified",)
    assert bulk.preview(ctx, made, end) == Outlook(3, 3)
    with pytest.raises(BadInput):
        bulk.preview(ctx, made, Step(bulk.CLOSE, stage="sql"))
    rep = ctx.me
    with pytest.raises(Refused) as problem:
        bulk.run(ctx, made, end)
    assert (problem.value.code, problem.value.params["count"]) == ("close_needs_approval", 3)
    ctx.me = replace(rep, role="team_lead")
    bulk.run(ctx, made, end)
    assert {leads.view(ctx, one).state.stage for one in made} == {"disqualified"}
    assert not any(leads.view(ctx, one).state.open for one in made)
    history.undo(ctx)
    assert all(leads.view(ctx, one).state.open for one in made)
    bulk.run(ctx, made[:1], end)
    assert bulk.preview(ctx, made, end) == Outlook(3, 2)
