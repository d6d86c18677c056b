"""The learning loop over a real desk: reasons by group, returns measured, each figure opens its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.domain.returning import PARTS
from isdesk.domain.touch import Reached
from isdesk.services import calls, dashboard, figure_pictures, handoffs, learning
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, HandClock, add
from tests.services.test_handoffs import ready

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
DM = RecordInput(reached=Reached.DECISION_MAKER, talk_s=120)


@pytest.fixture
def told(ctx: Context, clock: HandClock) -> list[LeadId]:
    """Six leads of two segments that said no, four of them contacted again, two of these back at a meeting."""
    made = []
    for n in range(6):
        lead = add(ctx, f"見本 {n}", segment="SMB" if n % 2 else "Enterprise", lead_source="web" if n < 3 else "event")
        said = replace(
            DM,
            reason="no_need" if n < 4 else "budget",
            script=f"std@{n % 2 + 1}",
            objections=("busy", "no_budget")[: n % 3],
        )
        calls.record(ctx, lead, "NOT_INTERESTED", said)
        made.append(lead)
        clock.go(minutes=20)
    clock.go(days=20)
    for n, lead in enumerate(made[:4]):
        outcome = "MEETING_SET" if n in {0, 3} else "NOT_INTERESTED"
        meeting = ctx.calendar.start_of_day(date(2026, 12, 21)).replace(hour=5)
        given = replace(DM, reason="no_need") if n in {1, 2} else replace(DM, meeting_at=meeting, fs_id=FS.id)
        calls.record(ctx, lead, outcome, given)
        clock.go(minutes=20)
    return made


def test_returns_are_measured_with_n_and_open_their_records(ctx: Context, told: list[LeadId]) -> None:
    first, last = FIRST, date(2026, 11, 30)
    for by in learning.BY:
        whole, rows = learning.returns(ctx, by=by, first=first, last=last)
        assert (whole.lost, whole.planned, whole.again, whole.back) == (6, 6, 4, 2)
        assert whole.trials.value == 0.5
        assert whole.around is not None
        for row in rows:
            for part in PARTS:
                found = learning.return_records(ctx, part, by=by, key=row.key, first=first, last=last)
                assert len(found) == getattr(row, part), (by, row.key, part)
        for part in PARTS:
            found = dashboard.records(ctx, f"{learning.RETURN}{part}", first=first, last=last)
            assert len(found) == getattr(whole, part)
    _, by_reason = learning.returns(ctx, by="reason", first=first, last=last)
    assert [(row.key, row.lost, row.again, row.back) for row in by_reason] == [
        ("refusal:no_need", 4, 4, 2), ("refusal:budget", 2, 0, 0),
    ]  # fmt: skip
    _, by_segment = learning.returns(ctx, by="segment", first=first, last=last)
    assert {row.key: (row.lost, row.back) for row in by_segment} == {"SMB": (3, 1), "Enterprise": (3, 1)}
    assert by_reason[0].label == next(one.label.ja for one in ctx.rules.reasons if one.code == "no_need")


def test_reasons_by_group_sum_up_and_open_their_records(ctx: Context, told: list[LeadId]) -> None:
    first, last = FIRST, LAST
    for by in learning.BY[1:]:
        found = learning.reasons(ctx, by=by, first=first, last=last)
        assert found.whole == 8
        assert {(one.kind, one.code) for one in found.reasons} == {("refusal", "no_need"), ("refusal", "budget")}
        for group in found.groups:
            assert sum(group.counts.values()) == group.whole
            for (kind, code), n in group.counts.items():
                opened = dashboard.records(
                    ctx, f"{learning.REASON}{kind}:{code}", by=by, key=group.key, first=first, last=last
                )
                assert len(opened) == n, (by, group.key, code)
            assert (
                len(dashboard.records(ctx, learning.REASON, by=by, key=group.key, first=first, last=last))
                == group.whole
            )
        if by != "objection":
            assert sum(group.whole for group in found.groups) == found.whole
    everything = {(one.kind, one.code): one.count for one in figure_pictures.reasons(ctx, FIRST, LAST)}
    assert everything == {("refusal", "no_need"): 6, ("refusal", "budget"): 2}
    by_objection = {
        group.key: group.whole for group in learning.reasons(ctx, by="objection", first=first, last=last).groups
    }
    assert by_objection == {"busy": 4, "no_budget": 2, "": 4}


def test_a_deal_that_fs_lost_stands_beside_the_refusals(ctx: Context, told: list[LeadId], clock: HandClock) -> None:
    fs = replace(ctx, me=FS)
    clock.go(days=1)
    ready(ctx, told[0])
    handoffs.submit(ctx, told[0], FS.id)
    handoffs.accept(fs, told[0])
    clock.go(days=2)
    handoffs.feedback(fs, told[0], "lost", factor="price")
    whole, rows = learning.returns(ctx, first=FIRST, last=LAST, by="reason")
    assert ("lost:price", 1) in {(row.key, row.lost) for row in rows}
    found = learning.reasons(ctx, first=FIRST, last=LAST, by="source")
    assert ("lost", "price") in {(one.kind, one.code) for one in found.reasons}
    assert whole.lost == sum(row.lost for row in rows)


def test_who_may_not_see_the_team_gets_the_own_alone(ctx: Context, told: list[LeadId]) -> None:
    rights = {"rep": frozenset[str]()}
    other = replace(ctx, me=OTHER, playbook=replace(ctx.playbook, rules=replace(ctx.rules, rights=rights)))
    assert learning.reasons(other, first=FIRST, last=LAST).whole == 0
    assert learning.returns(other, first=FIRST, last=LAST)[0].lost == 0


def test_unknown_groups_and_parts_are_told(ctx: Context) -> None:
    with pytest.raises(BadInput, match="kpi_by_unknown"):
        learning.reasons(ctx, first=FIRST, last=LAST, by="reason")
    with pytest.raises(BadInput, match="kpi_by_unknown"):
        learning.returns(ctx, first=FIRST, last=LAST, by="weekday")
    with pytest.raises(BadInput, match="figure_unknown"):
        learning.return_records(ctx, "nosuch", first=FIRST, last=LAST)
    with pytest.raises(BadInput, match="period_backwards"):
        learning.returns(ctx, first=LAST, last=FIRST)
