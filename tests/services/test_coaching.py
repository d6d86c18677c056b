"""Talk evaluation: by the rubric, beside the rep's figures, and for the calls that are worth listening to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import Reached
from isdesk.services import calls, coaching, history
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, OTHER, REP, HandClock

TODAY = date(2026, 11, 24)
DM = RecordInput(reached=Reached.DECISION_MAKER, talk_s=300)


def call(ctx: Context, lead: LeadId, outcome: str, given: RecordInput = DM) -> str:
    touch = calls.record(ctx, lead, outcome, given).touch_id
    assert touch is not None
    return touch


@pytest.fixture
def lead_ctx(ctx: Context) -> Context:
    """The same desk with a team lead at it."""
    return replace(ctx, me=replace(OTHER, role="team_lead"))


def test_points_come_to_a_share_by_their_weights(ctx: Context, lead_ctx: Context, lead: LeadId) -> None:
    touch = call(ctx, lead, "INTERESTED", DM)
    coaching.evaluate(lead_ctx, touch, {"opening": 5, "questions": 2}, issues=3, comment="課題を三つ聞けた")
    (found,) = coaching.of_touch(ctx, touch)
    assert found.share(ctx.rules.rubric) == pytest.approx((5 + 2 * 2) / (5 + 5 * 2))
    (row,) = coaching.summaries(ctx, first=TODAY, last=TODAY)
    assert (row.member_id, row.n, row.issues) == (REP.id, 1, 3.0)
    assert coaching.summaries(ctx, first=date(2026, 11, 1), last=date(2026, 11, 20)) == []


def test_a_later_evaluation_by_the_same_person_replaces_and_undo_takes_back(
    ctx: Context, lead_ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    touch = call(ctx, lead, "INTERESTED", DM)
    coaching.evaluate(lead_ctx, touch, {"opening": 1})
    clock.go(minutes=1)
    coaching.evaluate(lead_ctx, touch, {"opening": 4})
    assert [dict(one.scores) for one in coaching.of_touch(ctx, touch)] == [{"opening": 4}]
    history.undo(lead_ctx)
    assert [dict(one.scores) for one in coaching.of_touch(ctx, touch)] == [{"opening": 1}]
    coaching.evaluate(replace(ctx, me=replace(FS, role="admin")), touch, {"opening": 3})
    assert len(coaching.of_touch(ctx, touch)) == 2


def test_wrong_points_and_people_are_refused(ctx: Context, lead_ctx: Context, lead: LeadId) -> None:
    touch = call(ctx, lead, "INTERESTED", DM)
    for scores in ({"nosuch": 1}, {"opening": 6}, {}):
        with pytest.raises(BadInput):
            coaching.evaluate(lead_ctx, touch, scores)
    with pytest.raises(NotFound):
        coaching.evaluate(lead_ctx, "nosuch", {"opening": 1})
    with pytest.raises(Refused):
        coaching.evaluate(ctx, touch, {"opening": 1})


def test_calls_to_review_are_suggested_with_their_reason(
    ctx: Context, lead_ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    first = call(ctx, lead, "INTERESTED", DM)
    clock.go(minutes=90)
    long = call(ctx, lead, "INTERESTED", replace(DM, talk_s=900))
    clock.go(minutes=90)
    lost = call(ctx, lead, "NOT_INTERESTED", replace(DM, reason="no_need"))
    found = coaching.suggestions(lead_ctx, first=TODAY, last=TODAY)
    assert [(one.touch.id, one.why) for one in found] == [
        (lost, "lost_after_interest"), (long, "long"), (first, "new_rep")
    ]  # fmt: skip
    coaching.evaluate(lead_ctx, lost, {"opening": 2})
    assert lost not in {one.touch.id for one in coaching.suggestions(lead_ctx, first=TODAY, last=TODAY)}
