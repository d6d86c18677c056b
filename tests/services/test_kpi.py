"""Figures of a period: every rate beside its parts, undone calls left out, groups that add up to the whole."""

from __future__ import annotations

from datetime import date

import pytest

from isdesk.domain.errors import BadInput
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Reached
from isdesk.services import calls, handoffs, history, kpi
from isdesk.services.context import Context
from tests.services.conftest import REP, HandClock, add
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
