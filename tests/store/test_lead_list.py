"""The table of all leads: order, filters, and that sorting reads an index and not the rows."""

from __future__ import annotations

from isdesk.domain.ids import LeadId
from isdesk.services.context import Context
from isdesk.store import lead_list
from isdesk.store.lead_list import Wanted
from tests.services.conftest import OTHER, REP, add, book, clock, ctx

__all__ = ["book", "clock", "ctx"]


def three(ctx: Context) -> list[LeadId]:
    return [
        add(ctx, "山田 太郎", email="b@example.jp", company__name="い商事"),
        add(ctx, "佐藤 花子", email="a@example.jp", company__name="あ商事"),
        add(ctx, "高橋 健", email=None, company__name="う商事", owner_id=OTHER.id),
    ]


def test_orders_by_what_stands_in_the_index(ctx: Context) -> None:
    made = three(ctx)
    with ctx.store.write() as tx:
        for rank, one in enumerate(made):
            tx.sql("UPDATE lead SET priority = ?, last_touch_at = ? WHERE id = ?", (rank, rank or None, one))
    with ctx.store.read() as tx:
        assert lead_list.ids(tx, Wanted(), "priority", descending=True) == made[::-1]
        assert lead_list.ids(tx, Wanted(), "touched") == [made[1], made[2], made[0]]
        assert lead_list.ids(tx, Wanted(), "touched", descending=True) == [made[2], made[1], made[0]]


def test_orders_by_parts_of_the_search_line_with_empty_ones_last(ctx: Context) -> None:
    a, b, c = three(ctx)
    with ctx.store.read() as tx:
        assert lead_list.ids(tx, Wanted(), "email") == [b, a, c]
        assert lead_list.ids(tx, Wanted(), "email", descending=True) == [a, b, c]
        assert lead_list.ids(tx, Wanted(), "company") == [b, a, c]
        assert set(lead_list.ids(tx, Wanted(), "name")) == {a, b, c}


def test_orders_codes_by_the_ranks_given(ctx: Context) -> None:
    a, b, c = three(ctx)
    with ctx.store.read() as tx:
        found = lead_list.ids(tx, Wanted(), "owner", ranks={OTHER.id: 0, REP.id: 1})
    assert found[0] == c
    assert set(found[1:]) == {a, b}


def test_narrows_by_owner_stage_state_and_list(ctx: Context) -> None:
    a, b, c = three(ctx)
    with ctx.store.write() as tx:
        tx.sql("UPDATE lead SET open = 0 WHERE id = ?", (a,))
        tx.sql("UPDATE lead SET held = 'cap' WHERE id = ?", (b,))
        assert set(lead_list.ids(tx, Wanted(owner=REP.id), "priority")) == {a, b}
        assert lead_list.ids(tx, Wanted(state="closed"), "priority") == [a]
        assert lead_list.ids(tx, Wanted(state="held"), "priority") == [b]
        assert set(lead_list.ids(tx, Wanted(state="open"), "priority")) == {b, c}
        assert lead_list.ids(tx, Wanted(owner=lead_list.NOBODY), "priority") == []
        assert lead_list.ids(tx, Wanted(only=(c,)), "name") == [c]
        counts = lead_list.stage_counts(tx, Wanted())
    assert sum(counts.values()) == 3


def test_sorting_never_goes_to_the_rows(ctx: Context) -> None:
    with ctx.store.read() as tx:
        plan = tx.sql("EXPLAIN QUERY PLAN SELECT id, priority FROM lead WHERE 1").fetchall()
    assert "COVERING INDEX ix_lead_list" in plan[0][3]
