"""A do-not-call or an opt-out that is set by hand outlives its lead: whoever has the number or address is barred."""

from __future__ import annotations

import pytest

from isdesk.domain.ids import LeadId
from isdesk.services import calls, consenting, history, leads
from isdesk.services.context import Context
from tests.services.conftest import REP, HandClock, add

MAIL = "info@aoba.example"


def two(ctx: Context) -> tuple[LeadId, LeadId]:
    """Two leads behind one address."""
    return add(ctx, "総務", email=MAIL, company__name="甲"), add(ctx, "購買", email=MAIL, company__name="乙")


def barred(ctx: Context, *ids: LeadId) -> list[bool]:
    return [consenting.gate(ctx, one, advertising=False) == "mail_opted_out" for one in ids]


def test_an_opt_out_by_the_field_bars_the_address(ctx: Context, clock: HandClock) -> None:
    one, other = two(ctx)
    leads.edit(ctx, one, {"email_opt_out": True})
    assert barred(ctx, one, other) == [True, True]
    history.undo(ctx)
    assert barred(ctx, one, other) == [False, False]


def test_a_lead_that_is_made_with_an_opt_out_bars_its_address(ctx: Context) -> None:
    made, _ = leads.create(ctx, {"name": "総務", "email": MAIL, "email_opt_out": True})
    assert barred(ctx, made, add(ctx, "購買", email=MAIL)) == [True, True]


def test_an_opt_out_again_bars_the_address_that_came_since(ctx: Context) -> None:
    one, other = two(ctx)
    leads.edit(ctx, one, {"email": "", "email_opt_out": True})
    leads.edit(ctx, one, {"email": MAIL})
    assert barred(ctx, one, other) == [True, False]
    assert consenting.opt_out(ctx, one).journal_id is not None
    assert barred(ctx, one, other) == [True, True]
    assert consenting.opt_out(ctx, one).journal_id is None


def test_a_do_not_call_by_the_field_bars_the_own_number_not_the_switchboard(ctx: Context, clock: HandClock) -> None:
    shared = {"company__name": "甲", "company__phone": "03-1111-2222"}
    one = add(ctx, "総務", phone_direct="03-1111-3333", **shared)
    same = add(ctx, "同じ番号", phone_direct="03-1111-3333", company__name="乙")
    beside = add(ctx, "購買", phone_direct="03-1111-4444", **shared)
    leads.edit(ctx, one, {"dnc": True})
    clock.go(minutes=1)
    assert [calls.may_dial(ctx, lead) for lead in (one, same, beside)] == ["dnc", "dnc", None]


@pytest.mark.parametrize("field", ["dnc", "email_opt_out"])
def test_who_works_alone_may_lift_it_and_all_of_it_goes(ctx: Context, clock: HandClock, field: str) -> None:
    ctx.members = {REP.id: REP}
    one = add(ctx, "総務", phone_direct="03-1111-3333", email=MAIL)
    same = add(ctx, "同じ", phone_direct="03-1111-3333", email=MAIL, company__name="乙")
    leads.edit(ctx, one, {field: True})
    clock.go(minutes=1)
    stopped = [calls.may_dial(ctx, same), *barred(ctx, same)]
    leads.edit(ctx, one, {field: None})
    clock.go(minutes=1)
    assert stopped == (["dnc", False] if field == "dnc" else [None, True])
    assert [calls.may_dial(ctx, same), *barred(ctx, same, one)] == [None, False, False]
