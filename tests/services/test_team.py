"""Every rep's load side by side, and what other definitions would move before they are applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId
from isdesk.services import calls, handoffs, leads, team
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import OTHER, REP, HandClock, add
from tests.services.test_handoffs import ready


def load(ctx: Context, member: str = REP.id) -> team.RepLoad:
    (found,) = [one for one in team.overview(ctx) if one.member_id == member]
    return found


def distinct(ctx: Context, number: int) -> LeadId:
    return add(
        ctx,
        f"見本 {number}",
        email=f"u{number}@example.com",
        phone_direct=f"03-3211-{1000 + number}",
        lead_source="list",
        company__name=f"見本会社{number}",
        company__phone="",
    )


def test_a_rep_without_leads_is_there_with_nothing(ctx: Context) -> None:
    assert load(ctx, OTHER.id) == team.RepLoad(OTHER.id, OTHER.name, OTHER.role)


def test_every_kind_of_load_is_counted(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    assert (load(ctx).open, load(ctx).untouched) == (1, 1)
    clock.go(minutes=50)
    assert load(ctx).sla_at_risk == 1
    clock.go(minutes=15)
    assert (load(ctx).sla_at_risk, load(ctx).sla_broken) == (0, 1)
    promised = RecordInput(callback_at=ctx.now() + timedelta(hours=3))
    calls.record(ctx, lead, "DM_ABSENT_TIME", promised)
    found = load(ctx)
    assert (found.sla_broken, found.untouched, found.promised_today) == (0, 0, 1)
    clock.go(days=15)
    assert (load(ctx).stale, load(ctx).promised_today) == (1, 1)


def test_a_returned_handoff_and_leads_of_others(ctx: Context, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    handoffs.return_(ctx, lead, "info_missing")
    other = distinct(ctx, 1)
    leads.assign(ctx, [other], OTHER.id)
    assert (load(ctx).returned, load(ctx).alarming >= 1) == (1, True)
    assert load(ctx, OTHER.id).open == 1
    assert team.overview(ctx)[0].member_id == REP.id


def test_the_same_definitions_move_nobody(ctx: Context, lead: LeadId) -> None:
    distinct(ctx, 1)
    found = team.simulate(ctx, ctx.playbook)
    assert (found.looked_at, found.moves) == (2, ())


def test_other_definitions_say_who_would_move(ctx: Context, lead: LeadId) -> None:
    other = distinct(ctx, 1)
    calls.record(ctx, other, "NO_ANSWER")
    strict = replace(ctx.playbook, rules=replace(ctx.rules, caps=replace(ctx.rules.caps, per_number_day=0)))
    found = team.simulate(ctx, strict)
    (gone,) = [move for move in found.moves if move.lead_id == lead]
    assert (gone.owner, gone.rank_after) == (REP.name, None)
    assert found.vanish >= 1
    assert found.by_owner[REP.name] == len(found.moves)
    assert team.simulate(ctx, ctx.playbook).moves == ()


def test_seeing_the_team_is_a_right(ctx: Context) -> None:
    rules = replace(ctx.rules, rights={**ctx.rules.rights, "rep": frozenset()})
    ctx.playbook = replace(ctx.playbook, rules=rules)
    with pytest.raises(Refused):
        team.overview(ctx)


def test_the_leads_behind_each_figure_are_as_many_as_it_says(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    other, given = distinct(ctx, 1), distinct(ctx, 2)
    leads.assign(ctx, [given], OTHER.id)
    calls.record(ctx, other, "DM_ABSENT_TIME", RecordInput(callback_at=ctx.now() + timedelta(hours=3)))
    clock.go(minutes=65)
    for one in team.overview(ctx):
        for kind in ("open", *team.ALARMS, "offered", "held"):
            assert len(team.ids(ctx, one.member_id, kind)) == getattr(one, kind)
    everybody = team.ids(ctx)
    assert set(everybody) == {lead, other, given}
    found = {row.lead_id: row.alarms for row in team.rows(ctx, everybody)}
    assert found[other] == ("promised_today",)
    assert found[lead] == ("sla_broken", "untouched")
    assert team.carried(ctx, everybody) == team.Carried(promised=1, sla=1)


def test_who_may_not_see_the_team_sees_no_list_of_it(ctx: Context, lead: LeadId) -> None:
    rules = replace(ctx.rules, rights={**ctx.rules.rights, ctx.me.role: frozenset()})
    ctx.playbook = replace(ctx.playbook, rules=rules)
    for ask in (team.ids, lambda c: team.rows(c, [lead]), lambda c: team.carried(c, [lead])):
        with pytest.raises(Refused):
            ask(ctx)
