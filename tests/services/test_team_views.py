"""Saved views of the review of queues: kept by name at this desk, replaced, forgotten; the unreadable is skipped."""

from __future__ import annotations

import pytest

from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.services import lead_table, team_views
from isdesk.services.context import Context
from isdesk.services.team_views import View
from isdesk.store import meta
from tests.services.conftest import OTHER, add


def test_a_view_is_kept_replaced_and_forgotten(ctx: Context) -> None:
    assert team_views.views(ctx) == ()
    late = View("遅れ", OTHER.id, "sla_broken", "製作所", "due", descending=True)
    team_views.keep(ctx, late)
    team_views.keep(ctx, View("担当なし", None))
    assert team_views.views(ctx) == (late, View("担当なし", None))
    team_views.keep(ctx, View("遅れ", kind="stale"))
    assert team_views.views(ctx) == (View("担当なし", None), View("遅れ", kind="stale"))
    for view in team_views.views(ctx):
        team_views.drop(ctx, view.name)
    assert team_views.views(ctx) == ()
    with pytest.raises(BadInput):
        team_views.keep(ctx, View("  "))


def test_what_cannot_be_read_is_passed_over(ctx: Context) -> None:
    with ctx.store.write() as tx:
        meta.put(tx, team_views.KEY, [1, {"rep": "x"}, {"name": "よい", "rep": None, "kind": 3}])
    assert team_views.views(ctx) == (View("よい", None),)


def test_leads_are_arranged_by_text_and_column(ctx: Context, lead: LeadId) -> None:
    other = add(ctx, "阿部 一", email="abe@example.jp", company__name="北斗商店")
    both = [lead, other]
    assert lead_table.arranged(ctx, both) == both
    assert lead_table.arranged(ctx, both, "北斗") == [other]
    assert lead_table.arranged(ctx, [lead], "北斗") == []
    by_mail = lead_table.arranged(ctx, both, sort="email")
    assert set(by_mail) == set(both)
    assert lead_table.arranged(ctx, both, sort="email", descending=True) == by_mail[::-1]


def test_a_view_is_worked_lead_by_lead(ctx: Context) -> None:
    from isdesk.services import calls, leads, view_queue

    made = [
        add(ctx, f"見本 {n}", email=f"v{n}@example.com", phone_direct=f"03-3211-{2000 + n}", company__name=f"会社{n}",
            company__phone="")
        for n in range(3)
    ]  # fmt: skip
    view = View("名前順", sort="name")
    team_views.keep(ctx, view)
    assert view_queue.named(ctx, "名前順") == view
    assert view_queue.named(ctx, "ない") is None
    assert view_queue.ids(ctx, view) == made
    assert view_queue.ids(ctx, view, limit=1) == made[:1]
    assert view_queue.next_lead(ctx, view) == made[0]
    calls.record(ctx, made[0], "NO_ANSWER")
    assert view_queue.next_lead(ctx, view) == made[1]
    assert view_queue.next_lead(ctx, view, [made[1]]) == made[2]
    leads.set_do_not_call(ctx, made[1])
    assert view_queue.next_lead(ctx, view) == made[2]
    calls.record(ctx, made[2], "NO_ANSWER")
    assert view_queue.next_lead(ctx, view) is None
