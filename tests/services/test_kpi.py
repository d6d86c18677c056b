"""Figures of a period: every rate beside its parts, undone calls left out, groups that add up to the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.touch import Reached
from isdesk.services import calls, drilling, handoffs, history, kpi
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, REP, HandClock, add
from tests.services.test_handoffs import ready

TODAY = date(2026, 11, 24)
DM = calls.RecordInput(reached=Reached.DECISION_MAKER)


def whole(ctx: Context, first: date = TODAY, last: date = TODAY) -> kpi.Figures:
    (found,) = kpi.figures(ctx, first=first, last=last)
    return found


def test_a_day_is_counted_with_numerators_and_denominators(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "NO_ANSWER")
    calls.record(ctx, lead, "INTERESTED", DM)
    row = whole(ctx).row()
    assert (row["dial_count"], row["unique_leads"], row["answered"], row["dm_reached"]) == (2, 1, 1, 1)
    assert row["answer_rate"] == kpi.Rate(1, 2, 0.5, *_interval(row["answer_rate"]))
    assert row["dm_connect_rate"] == kpi.Rate(1, 1, 1.0, *_interval(row["dm_connect_rate"]))


def _interval(rate: object) -> tuple[float | None, float | None]:
    assert isinstance(rate, kpi.Rate)
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low <= (rate.value or 0) <= rate.high
    return rate.low, rate.high


def test_nothing_to_divide_by_is_no_zero(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "NO_ANSWER")
    assert whole(ctx).rates["meeting_set_rate"] == kpi.Rate(0, 0, None)


def test_what_was_taken_back_does_not_count_even_when_taken_back_on_a_later_day(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    calls.record(ctx, lead, "NO_ANSWER")
    clock.go(days=1)
    history.undo(ctx)
    assert kpi.figures(ctx, first=TODAY, last=TODAY) == []


def test_the_day_ends_at_midnight_in_tokyo(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    clock.go(hours=13, minutes=59)
    calls.record(ctx, lead, "NO_ANSWER")
    clock.go(minutes=2)
    calls.record(ctx, lead, "NO_ANSWER")
    by_day = {row.key: row.counts.dials for row in kpi.figures(ctx, first=TODAY, last=date(2026, 11, 25), by="day")}
    assert by_day == {"2026-11-24": 1, "2026-11-25": 1}
    assert [row.key for row in kpi.figures(ctx, first=TODAY, last=date(2026, 11, 25), by="week")] == ["2026-11-23"]
    assert [row.key for row in kpi.figures(ctx, first=TODAY, last=date(2026, 11, 25), by="month")] == ["2026-11-01"]


def test_a_handoff_counts_when_it_is_submitted_and_again_when_it_is_accepted(ctx: Context, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    assert (whole(ctx).submitted, whole(ctx).sql_count, whole(ctx).accepted) == (1, 1, 0)
    handoffs.accept(ctx, lead)
    assert whole(ctx).rates["handoff_acceptance_rate"].value == 1.0


def test_a_handoff_that_was_withdrawn_is_no_sql(ctx: Context, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    handoffs.withdraw(ctx, lead)
    assert (whole(ctx).submitted, whole(ctx).sql_count) == (1, 0)


@pytest.mark.parametrize("by", kpi.BY)
def test_groups_add_up_to_the_whole(ctx: Context, by: str) -> None:
    for segment, outcome in (("saas", "NO_ANSWER"), ("saas", "INTERESTED"), (None, "BUSY")):
        one = add(ctx, segment=segment)
        calls.record(ctx, one, outcome)
    rows = kpi.figures(ctx, first=TODAY, last=TODAY, by=by)
    assert sum(row.counts.dials for row in rows) == 3
    assert sum(row.counts.answered for row in rows) == 1
    if by == "segment":
        assert [(row.key, row.counts.dials) for row in rows] == [("saas", 2), ("", 1)]
    if by == "rep":
        assert [(row.key, row.label) for row in rows] == [(REP.id, REP.name)]


def test_a_period_that_ends_before_it_begins_and_an_unknown_group_are_refused(ctx: Context) -> None:
    with pytest.raises(BadInput, match="period_backwards"):
        kpi.rows(ctx, first=date(2026, 2, 1), last=date(2026, 1, 1))
    with pytest.raises(BadInput, match="kpi_by_unknown"):
        kpi.rows(ctx, first=TODAY, last=TODAY, by="moon")


def test_what_became_of_handoffs_is_counted_with_amount_and_cycle(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    second = add(ctx, "別 人", email="betsu@example.com", phone_direct="03-1111-2222")
    for one in (lead, second):
        ready(ctx, one)
        handoffs.submit(ctx, one)
        handoffs.accept(ctx, one)
    clock.go(days=10)
    handoffs.feedback(ctx, lead, "won", amount=1_200_000, factor="price")
    clock.go(days=1)
    handoffs.feedback(ctx, second, "lost", factor="budget")
    found = whole(ctx)
    assert (found.opportunities, found.won, found.lost, found.asp) == (2, 1, 1, 1_200_000)
    assert found.cycle_days == pytest.approx(10.0)
    assert found.rates["win_rate"].value == 0.5
    assert found.rates["opportunity_rate"].numerator == 2


def test_a_handoff_counts_for_the_script_that_set_its_meeting_and_for_the_segment(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    other = add(ctx, "別 人", email="betsu@example.com", phone_direct="03-1111-2222", segment="saas")
    for one, script in ((lead, "general@1"), (other, "saas@3")):
        calls.record(ctx, one, "NO_ANSWER", RecordInput(script="old@1"))
        clock.go(minutes=70)
        ready(ctx, one, script=script)
        handoffs.submit(ctx, one)
        clock.go(minutes=1)
        calls.record(ctx, one, "INTERESTED", RecordInput(script="later@9"))
        handoffs.accept(ctx, one)
    handoffs.feedback(ctx, other, "won", amount=10, factor="price", reasked=["needs", "timing"])
    handoffs.feedback(ctx, lead, "opportunity")
    by_script = {row.key: row for row in kpi.figures(ctx, first=TODAY, last=TODAY, by="script")}
    assert {key: (row.submitted, row.won) for key, row in by_script.items() if row.submitted} == {
        "general@1": (1, 0),
        "saas@3": (1, 1),
    }
    assert by_script["saas@3"].rates["reasked_rate"].value == 1.0
    by_segment = {row.key: row for row in kpi.figures(ctx, first=TODAY, last=TODAY, by="segment")}
    assert (by_segment["saas"].won, by_segment[""].won) == (1, 0)
    for by, rows in (("script", by_script), ("segment", by_segment)):
        for key, row in rows.items():
            for figure in ("handoffs_submitted", "deals_won", "feedbacks", "handoffs_reasked"):
                opened = drilling.records(ctx, figure, first=TODAY, last=TODAY, by=by, key=key)
                assert len(opened) == row.row()[figure]


def test_the_figures_of_one_fs_person_open_their_records(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    second = add(ctx, "別 人", email="betsu@example.com", phone_direct="03-1111-2222")
    for one in (lead, second):
        ready(ctx, one)
    handoffs.submit(ctx, lead)
    ctx.members[MemberId("m-fs-2")] = replace(FS, id=MemberId("m-fs-2"), name="小野 梓")
    handoffs.submit(ctx, second, MemberId("m-fs-2"))
    handoffs.accept(ctx, lead)
    clock.go(days=10)
    handoffs.feedback(ctx, lead, "won", amount=1_200_000, factor="price", reasked=["needs"])
    last = date(2026, 12, 31)
    mine = kpi.fs_figures(ctx, FS.id, first=TODAY, last=last)
    assert (mine.label, mine.submitted, mine.won, mine.asp) == (FS.name, 1, 1, 1_200_000)
    assert mine.rates["opportunity_rate"].value == mine.rates["reasked_rate"].value == 1.0
    assert mine.cycle_days == pytest.approx(10)
    theirs = kpi.fs_figures(ctx, MemberId("m-fs-2"), first=TODAY, last=last)
    assert (theirs.submitted, theirs.asp, theirs.rates["win_rate"].value) == (1, None, None)
    for figure in ("handoffs_submitted", "sql_count", "opportunities", "deals_won", "deals_decided", "feedbacks"):
        found = drilling.of_fs(ctx, figure, FS.id, first=TODAY, last=last)
        assert [one.lead_id for one in found] == [lead]
    assert drilling.of_fs(ctx, "deals_won", MemberId("m-fs-2"), first=TODAY, last=last) == []
    with pytest.raises(BadInput, match="figure_unknown"):
        drilling.of_fs(ctx, "dial_count", FS.id, first=TODAY, last=last)
    everybody = kpi.fs_figures(ctx, None, first=TODAY, last=last)
    assert (everybody.submitted, everybody.won) == (2, 1)
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, rights={"fs": frozenset({"decide_handoff"})}))
    ctx.me = FS
    assert kpi.fs_figures(ctx, FS.id, first=TODAY, last=last).submitted == 1
    for other in (None, MemberId("m-fs-2")):
        with pytest.raises(Refused, match="not_allowed"):
            kpi.fs_figures(ctx, other, first=TODAY, last=last)
        with pytest.raises(Refused, match="not_allowed"):
            drilling.of_fs(ctx, "deals_won", other, first=TODAY, last=last)
