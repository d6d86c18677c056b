"""Costs that were entered: per SQL and per won deal, beside what a customer has brought; tiles come with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId
from isdesk.services import costs, dashboard, handoffs, history, kpi
from isdesk.services.context import Context
from tests.services.conftest import add
from tests.services.test_handoffs import ready

NOVEMBER, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def ctx(ctx: Context) -> Context:
    """The desk of a team lead."""
    ctx.me = replace(ctx.me, role="team_lead")
    return ctx


@pytest.fixture
def deals(ctx: Context) -> list[LeadId]:
    """Three handed over: two won at one company and another, one lost."""
    made = []
    for n, (result, amount) in enumerate((("won", 3_000_000), ("won", 1_000_000), ("lost", None))):
        company, source = ("一社" if n < 2 else "二社"), ("exhibition" if n == 0 else "inquiry")
        phone, mail = f"03-3211-{3000 + n}", f"c{n}@example.com"
        one = add(ctx, f"見本 {n}", email=mail, phone_direct=phone, company__name=company, lead_source=source)
        ready(ctx, one)
        handoffs.submit(ctx, one)
        handoffs.accept(ctx, one)
        handoffs.feedback(ctx, one, result, factor="price", amount=amount)
        made.append(one)
    kpi.refresh(ctx)
    return made


def test_a_sql_and_a_won_deal_cost_their_part(ctx: Context, deals: list[LeadId]) -> None:
    costs.enter(ctx, NOVEMBER, 900_000)
    costs.enter(ctx, NOVEMBER, 300_000, "exhibition")
    lines = {one.source: one for one in costs.lines(ctx, first=NOVEMBER, last=LAST)}
    whole, fair = lines[""], lines["exhibition"]
    assert (whole.cost, whole.sql_count, whole.won) == (1_200_000, 3, 2)
    assert (whole.cost_per_sql, whole.cac, whole.asp) == (400_000, 600_000, 2_000_000)
    assert whole.ltv == 4_000_000
    assert whole.ltv_to_cac == pytest.approx(4_000_000 / 600_000)
    assert (fair.cost, fair.sql_count, fair.cac) == (300_000, 1, 300_000)
    assert (lines["inquiry"].cost, lines["inquiry"].cost_per_sql) == (0, None)


def test_tiles_come_with_the_first_cost_and_open_their_records(ctx: Context, deals: list[LeadId]) -> None:
    period = dashboard.period(ctx, "custom", first=NOVEMBER, last=LAST)
    assert {one.code for one in dashboard.board(ctx, period).tiles} == {code for code, _ in dashboard.TILES}
    costs.enter(ctx, NOVEMBER, 600_000)
    tiles = {one.code: one for one in dashboard.board(ctx, period).tiles}
    assert (tiles["cost_per_sql"].value, tiles["cost_per_won"].value) == (200_000, 300_000)
    for code in ("cost_per_sql", "cost_per_won"):
        (part,) = dashboard.parts(code)
        found = dashboard.records(ctx, part, first=NOVEMBER, last=LAST)
        assert len(found) == tiles[code].whole
    history.undo(ctx)
    assert "cost_per_sql" not in {one.code for one in dashboard.board(ctx, period).tiles}


def test_a_cost_is_replaced_and_taken_back(ctx: Context) -> None:
    costs.enter(ctx, NOVEMBER, 600_000)
    costs.enter(ctx, NOVEMBER, 700_000)
    assert [(one.month, one.source, one.amount) for one in costs.entries(ctx)] == [(NOVEMBER, "", 700_000)]
    costs.enter(ctx, NOVEMBER, None)
    assert costs.entries(ctx) == []


def test_what_makes_no_sense_is_refused(ctx: Context) -> None:
    for amount, source in ((-1, ""), (10**12, ""), (1, "nowhere")):
        with pytest.raises(BadInput):
            costs.enter(ctx, NOVEMBER, amount, source)
    with pytest.raises(BadInput):
        costs.lines(ctx, first=LAST, last=NOVEMBER)
    ctx.me = replace(ctx.me, role="rep")
    with pytest.raises(Refused):
        costs.enter(ctx, NOVEMBER, 1)
