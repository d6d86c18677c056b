"""The table of leads as a service: scope, text, counts and rows."""

from __future__ import annotations

from isdesk.services import bulk, lead_table
from isdesk.services.bulk import Step
from isdesk.services.context import Context
from isdesk.services.lead_table import Filter
from tests.services.conftest import OTHER, REP, add


def test_scope_and_text_narrow_it(ctx: Context) -> None:
    mine = add(ctx, "山田 太郎")
    theirs = add(ctx, "佐藤 花子", owner_id=OTHER.id, company__name="みなと商事株式会社")
    assert lead_table.ids(ctx, Filter()) == [mine]
    assert set(lead_table.ids(ctx, Filter(scope="team"))) == {mine, theirs}
    assert lead_table.ids(ctx, Filter(scope="nobody")) == []
    assert lead_table.ids(ctx, Filter("みなと", "team"), "") == [theirs]
    assert lead_table.ids(ctx, Filter("ない言葉", "team")) == []


def test_counts_leave_the_chosen_stages_aside(ctx: Context) -> None:
    add(ctx, "山田 太郎")
    counts = lead_table.stage_counts(ctx, Filter(stages=("nowhere",)))
    assert sum(counts.values()) == 1


def test_a_row_carries_what_is_painted(ctx: Context) -> None:
    lead = add(ctx, "山田 太郎")
    bulk.run(ctx, [lead], Step(bulk.PIN))
    row = lead_table.rows(ctx, [lead])[0]
    assert (row.name, row.company, row.owner) == ("山田 太郎", "青葉精機株式会社", REP.name)
    assert row.phone == "052-211-1234"
    assert row.pinned
    assert not row.dnc
    assert row.action == "first_call"
    bulk.run(ctx, [lead], Step(bulk.DO_NOT_CALL))
    assert lead_table.rows(ctx, [lead])[0].dnc
