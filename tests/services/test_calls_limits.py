"""What a call may say and what it may not, whom a refusal covers, and one physical call that reached two people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput, IsdeskError, NotFound
from isdesk.domain.ids import LeadId, MemberId, TouchId
from isdesk.domain.touch import Direction
from isdesk.services import bulk, calls, history, kpi, leads, queue, today
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from tests.services.conftest import FS, TUESDAY, HandClock, add


def _colleague(ctx: Context) -> LeadId:
    return add(ctx, "高橋 健", email="t@example.co.jp", phone_direct="052-211-5555")


@pytest.mark.parametrize(
    ("code", "wrong", "said"),
    [
        ("NO_ANSWER", lambda c: RecordInput(at=c.now() + timedelta(minutes=5)), "time_ahead"),
        ("CALLBACK_AT", lambda c: RecordInput(callback_at=c.now() - timedelta(hours=1)), "time_past"),
        ("MEETING_SET", lambda c: RecordInput(meeting_at=c.now() - timedelta(hours=1), fs_id=FS.id), "time_past"),
        (
            "MEETING_SET",
            lambda c: RecordInput(meeting_at=c.now() + timedelta(days=1), fs_id=MemberId("nobody")),
            "member_not_found",
        ),
        ("NO_ANSWER", lambda _: RecordInput(fields={"nonsense": "x"}), "field_unknown"),
        ("NO_ANSWER", lambda _: RecordInput(company_fields={"employees": "many"}), "value_bad"),
        ("NO_ANSWER", lambda _: RecordInput(same_call=TouchId("none")), "call_not_found"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    ctx: Context, lead: LeadId, code: str, wrong: Callable[[Context], RecordInput], said: str
) -> None:
    before = leads.view(ctx, lead)
    with pytest.raises((BadInput, NotFound)) as refused:
        calls.record(ctx, lead, code, wrong(ctx))
    assert refused.value.code == said
    assert leads.view(ctx, lead) == before


def test_answers_of_a_call_are_kept_in_the_form_of_all_values(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "INTERESTED", RecordInput(fields={"phone_mobile": "090-1111-2222", "need": "在庫"}))
    assert leads.view(ctx, lead).fields["phone_mobile"] == "+819011112222"


def test_a_call_written_down_later_may_promise_what_is_over_by_now(ctx: Context, lead: LeadId) -> None:
    early = ctx.now() - timedelta(hours=3)
    done = calls.record(ctx, lead, "CALLBACK_AT", RecordInput(at=early, callback_at=early + timedelta(hours=1)))
    assert done.plan.action == "callback_exact"


def test_the_refusal_of_one_person_leaves_the_colleagues(ctx: Context, lead: LeadId) -> None:
    colleague = _colleague(ctx)
    leads.set_do_not_call(ctx, lead)
    assert (calls.may_dial(ctx, lead), calls.may_dial(ctx, colleague)) == ("dnc", None)
    history.undo(ctx)
    bulk.run(ctx, [lead], bulk.Step(bulk.DO_NOT_CALL))
    assert (calls.may_dial(ctx, lead), calls.may_dial(ctx, colleague)) == ("dnc", None)
    history.undo(ctx)
    leads.set_do_not_call(ctx, lead, company=True)
    assert (calls.may_dial(ctx, lead), calls.may_dial(ctx, colleague)) == ("dnc", "dnc")


def test_one_call_that_reached_two_people_is_one_dial(ctx: Context, lead: LeadId) -> None:
    colleague = _colleague(ctx)
    first = calls.record(ctx, lead, "DM_ABSENT", RecordInput(number="+81522111000"))
    calls.record(ctx, colleague, "STAFF_TALK", RecordInput(same_call=first.touch_id))
    assert today.today(ctx).dials == 1
    (row,) = _figures(ctx)
    assert (row.counts.dials, row.counts.unique_leads, row.counts.answered) == (1, 2, 1)
    touch = leads.view(ctx, colleague).timeline[0].touch
    assert touch is not None
    assert (touch.number, touch.dial_id) == ("+81522111000", first.touch_id)
    history.undo(ctx)
    assert today.today(ctx).dials == 1
    history.undo(ctx)
    assert today.today(ctx).dials == 0


def test_a_meeting_set_when_they_called_counts_today_as_in_the_figures(ctx: Context, lead: LeadId) -> None:
    meeting = RecordInput(direction=Direction.IN, meeting_at=ctx.now() + timedelta(days=3), fs_id=FS.id)
    calls.record(ctx, lead, "MEETING_SET", meeting)
    (row,) = _figures(ctx)
    assert (today.today(ctx).meetings, row.counts.meetings_gross, today.today(ctx).dials) == (1, 1, 0)


def test_siblings_rest_the_day_and_undo_gives_them_back(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    colleague = _colleague(ctx)
    calls.record(ctx, lead, "NO_ANSWER")
    assert queue.rows(ctx, [colleague])[0].held == "company_today"
    history.undo(ctx)
    assert queue.rows(ctx, [colleague])[0].held is None
    history.redo(ctx)
    clock.go(days=1)
    queue.settle(ctx)
    assert queue.rows(ctx, [colleague])[0].held is None


def test_the_memo_comes_back_with_undo_and_goes_with_redo(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "NOT_INTERESTED", RecordInput(note="再来月に再検討", reason="no_need"))
    assert leads.view(ctx, lead).draft_note == ""
    history.undo(ctx)
    assert leads.view(ctx, lead).draft_note == "再来月に再検討"
    history.redo(ctx)
    assert leads.view(ctx, lead).draft_note == ""
    history.undo(ctx)
    leads.save_draft(ctx, lead, "書き直し")
    history.redo(ctx)
    assert leads.view(ctx, lead).draft_note == "書き直し"


def _figures(ctx: Context) -> list[kpi.Figures]:
    day: date = ctx.now().astimezone(TOKYO).date()
    return kpi.figures(ctx, first=day, last=day)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(
            ["NO_ANSWER", "BUSY", "DM_ABSENT", "GATEKEEPER_REFUSED", "CALLBACK_AT", "NOT_INTERESTED", "DNC_REQUEST",
             "MEETING_SET", "MEETING_CANCELED", "CANCELED", "undo", "redo", "snooze", "dial", "wait"]
        ),
        st.integers(1, 4000),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_kept_queue_is_the_queue_derived_afresh(
    ctx: Context, clock: HandClock, steps: list[tuple[int, str, int]]
) -> None:
    clock.at = TUESDAY
    people = [
        add(ctx, f"見本{n}", email=f"{n}-{ctx.ids.new()}@example.jp", phone_direct=f"03-3211-{1000 + n}")
        for n in range(4)
    ]
    for who, what, minutes in steps:
        _step(ctx, clock, people[who], what, minutes)
        for held in (False, True):
            kept, fresh = queue.standing(ctx, held=held), queue.as_of(ctx, ctx.now(), held=held)
            assert kept == fresh
        offered = {row.lead_id for row in queue.standing(ctx)}
        for row in queue.rows(ctx, people):
            assert (row.held is None) or row.lead_id not in offered
    with suppress(IsdeskError):
        history.undo(ctx, 100)


def _step(ctx: Context, clock: HandClock, lead: LeadId, what: str, minutes: int) -> None:
    try:
        match what:
            case "undo":
                history.undo(ctx)
            case "redo":
                history.redo(ctx)
            case "snooze":
                leads.snooze(ctx, lead, ctx.now() + timedelta(minutes=minutes), "later")
            case "dial":
                calls.begin_dial(ctx, lead, "+81332111000")
            case "wait":
                clock.go(minutes=minutes)
            case _:
                said = RecordInput(
                    note="x", reason="no_need", fs_id=FS.id,
                    callback_at=ctx.now() + timedelta(minutes=minutes),
                    meeting_at=ctx.now() + timedelta(minutes=minutes),
                )  # fmt: skip
                calls.record(ctx, lead, what, said)
    except IsdeskError:
        return
