"""Talk evaluation: by the rubric, beside the rep's figures, and for the calls that are worth listening to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from isdesk.domain.coaching import Evaluation
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.ids import DeviceId, LeadId
from isdesk.domain.touch import Reached
from isdesk.services import calls, coaching, dashboard, drilling, history, kpi
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


def test_a_rubric_edited_later_changes_no_figure(ctx: Context, lead_ctx: Context, lead: LeadId) -> None:
    touch = call(ctx, lead, "INTERESTED", DM)
    coaching.evaluate(lead_ctx, touch, {"opening": 4, "questions": 4})
    (before,) = coaching.summaries(lead_ctx, first=TODAY, last=TODAY)
    other = tuple(replace(one, most=10, weight=7) for one in ctx.rules.rubric if one.code != "questions")
    lead_ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, rubric=other))
    (after,) = coaching.summaries(lead_ctx, first=TODAY, last=TODAY)
    assert after.share == before.share == pytest.approx(12 / 15)
    bare = Evaluation("e", touch, lead, OTHER.id, ctx.now(), {"opening": 5})
    assert bare.share(other) == pytest.approx(0.5)


def test_the_rep_answers_and_others_may_not_look(ctx: Context, lead_ctx: Context, lead: LeadId) -> None:
    touch = call(ctx, lead, "INTERESTED", DM)
    with pytest.raises(Refused, match="not_evaluated"):
        coaching.reply(ctx, touch, "見てください")
    coaching.evaluate(lead_ctx, touch, {"opening": 4}, comment="良い入り方")
    with pytest.raises(BadInput, match="reply_empty"):
        coaching.reply(ctx, touch, " ")
    coaching.reply(ctx, touch, "次は検証質問を増やします")
    coaching.reply(lead_ctx, touch, "期待しています")
    found = coaching.dossier(ctx, touch)
    assert [(one.by, one.comment) for one in found.replies] == [
        (REP.id, "次は検証質問を増やします"), (OTHER.id, "期待しています"),
    ]  # fmt: skip
    assert (found.may_evaluate, found.may_reply) == (False, True)
    assert coaching.dossier(lead_ctx, touch).may_evaluate
    history.undo(ctx)
    assert len(coaching.dossier(ctx, touch).replies) == 1
    stranger = replace(ctx, me=replace(FS, role="rep"))
    for act in (coaching.dossier, coaching.of_touch):
        with pytest.raises(Refused, match="not_allowed"):
            act(stranger, touch)
    with pytest.raises(Refused, match="not_allowed"):
        coaching.reply(stranger, touch, "?")
    assert coaching.board(stranger, first=TODAY, last=TODAY).evaluated == ()


def test_the_board_lists_what_waits_and_what_was_evaluated(
    ctx: Context, lead_ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    first = call(ctx, lead, "INTERESTED", replace(DM, talk_s=900, note="価格の話", script="std@1"))
    clock.go(minutes=90)
    second = call(ctx, lead, "INTERESTED", DM)
    board = coaching.board(lead_ctx, first=TODAY, last=TODAY)
    assert [(one.touch.id, one.why) for one in board.candidates] == [(first, "long"), (second, "new_rep")]
    coaching.evaluate(lead_ctx, first, {"opening": 5}, issues=2)
    boss = replace(ctx, me=replace(FS, role="admin"))
    coaching.evaluate(boss, first, {"opening": 0}, issues=4)
    board = coaching.board(lead_ctx, first=TODAY, last=TODAY, rep=REP.id)
    (done,) = board.evaluated
    assert (done.share, done.issues, done.mine, done.name) == (0.5, 3.0, True, "山田 太郎")
    assert [one.touch.id for one in board.candidates] == [second]
    assert coaching.board(lead_ctx, first=TODAY, last=TODAY, rep=OTHER.id) == coaching.Board(
        (), (), (), may_evaluate=True
    )
    call(ctx, lead, "NO_ANSWER", RecordInput())
    board = coaching.board(lead_ctx, first=TODAY, last=TODAY)
    assert [(one.touch.id, one.share, one.why) for one in board.recent] == [(second, None, "new_rep"), (first, 0.5, "")]
    own = coaching.board(ctx, first=TODAY, last=TODAY)
    assert (own.candidates, len(own.evaluated), own.recent, own.may_evaluate) == ((), 1, (), False)


def test_figures_stand_beside_the_reps_and_open_as_many_calls(
    ctx: Context, lead_ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    for points in (5, 3, 1):
        touch = call(ctx, lead, "INTERESTED", replace(DM, script="std@1"))
        coaching.evaluate(lead_ctx, touch, {"opening": points}, issues=points)
        clock.go(minutes=90)
    taken_back = call(ctx, lead, "INTERESTED", DM)
    coaching.evaluate(replace(lead_ctx, device_id=DeviceId("device-b")), taken_back, {"opening": 5})
    history.undo(ctx)  # the call itself, at the rep's desk
    for by, key in (("rep", REP.id), ("team", "team"), ("day", "2026-11-24"), ("hour", "10"), ("channel", "phone")):
        rows = {row.key: row for row in kpi.figures(lead_ctx, first=TODAY, last=TODAY, by=by)}
        found = drilling.records(lead_ctx, "evaluated_calls", first=TODAY, last=TODAY, by=by, key=key)
        assert rows[key].talk.calls == len(found) == (1 if by == "hour" else 3), by
    (row,) = kpi.figures(lead_ctx, first=TODAY, last=TODAY, by="script")[:1]
    assert row.row()["evaluated_calls"] == 3
    assert row.talk.share == pytest.approx((1 + 0.6 + 0.2) / 3)
    assert row.talk.issues == pytest.approx(3.0)
    tile = next(
        one for one in dashboard.board(lead_ctx, dashboard.period(lead_ctx, "day")).tiles if one.code == dashboard.TALK
    )
    assert tile.whole == len(dashboard.records(lead_ctx, "evaluated_calls", first=TODAY, last=TODAY))
    assert kpi.figures(replace(ctx, me=OTHER), first=TODAY, last=TODAY)[0].talk.calls == 0


def test_news_is_told_once(ctx: Context, lead_ctx: Context, clock: HandClock, lead: LeadId) -> None:
    touch = call(ctx, lead, "INTERESTED", DM)
    coaching.evaluate(lead_ctx, touch, {"opening": 4})
    (one,) = coaching.news(ctx)
    assert (one.by, one.lead, one.share, one.reply) == (OTHER.name, "山田 太郎", 0.8, False)
    assert coaching.news(lead_ctx) == []
    coaching.see(ctx, [one.id])
    assert coaching.news(ctx) == []
    coaching.reply(ctx, touch, "ありがとうございます")
    (answer,) = coaching.news(lead_ctx)
    assert (answer.by, answer.reply) == (REP.name, True)
    clock.go(days=20)
    assert coaching.news(lead_ctx) == []
