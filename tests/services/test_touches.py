"""Contacts over other channels on a real desk: own outcomes, no dial, a promise kept, figures by channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from isdesk.domain.errors import BadInput, Incomplete
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind, Channel, Direction, Reached
from isdesk.services import calls, history, kpi, leads
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.kpi import Figures
from isdesk.store import leads as stored
from tests.services.conftest import FS, HandClock

LINKEDIN = RecordInput(channel=Channel.LINKEDIN)


def by_channel(ctx: Context) -> dict[str, Figures]:
    day = ctx.calendar.day_of(ctx.now())
    return {one.key: one for one in kpi.figures(ctx, first=day, last=day, by="channel")}


def test_a_message_is_in_the_timeline_and_is_no_dial(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "TOUCH_SENT", RecordInput(channel=Channel.LINKEDIN, note="事例を送付"))
    view = leads.view(ctx, lead)
    touch = next(item.touch for item in view.timeline if item.what == "touch")
    assert touch is not None
    assert (touch.channel, touch.outcome, touch.note) == (Channel.LINKEDIN, "TOUCH_SENT", "事例を送付")
    assert (touch.number, touch.dial_id) == (None, None)
    assert view.state.attempts == 0
    assert view.state.next_action is not None
    found = by_channel(ctx)
    assert (found["linkedin"].contacts, found["linkedin"].counts.dials) == (1, 0)
    assert found["linkedin"].response_rate.value == 0.0
    history.undo(ctx)
    assert by_channel(ctx).get("linkedin") is None


def test_it_answers_the_first_response_clock(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    leads.edit(ctx, lead, {"received_at": clock.now().isoformat()})
    assert leads.view(ctx, lead).state.sla_due_at is not None
    calls.record(ctx, lead, "TOUCH_SENT", LINKEDIN)
    assert leads.view(ctx, lead).state.sla_due_at is None


@pytest.mark.parametrize(
    ("code", "channel"),
    [
        ("TOUCH_ATTENDED", Channel.WEBINAR),
        ("TOUCH_REPLIED", Channel.MAIL),
        ("TOUCH_CONNECTED", Channel.LINKEDIN),
    ],
)
def test_what_the_customer_did_is_no_first_response_of_ours(
    ctx: Context, clock: HandClock, lead: LeadId, code: str, channel: Channel
) -> None:
    leads.edit(ctx, lead, {"received_at": clock.now().isoformat()})
    due = leads.view(ctx, lead).state.sla_due_at
    assert due is not None
    clock.go(minutes=5)
    calls.record(ctx, lead, code, RecordInput(channel=channel))
    view = leads.view(ctx, lead)
    assert view.state.sla_due_at == due
    made = next(item.touch for item in view.timeline if item.what == "touch")
    assert made is not None
    assert made.direction is Direction.IN
    calls.record(ctx, lead, "TOUCH_SENT", LINKEDIN)
    assert leads.view(ctx, lead).state.sla_due_at is None


def company_rests(ctx: Context, lead: LeadId) -> object:
    with ctx.store.read() as tx:
        facts = stored.facts(tx, lead)
    return facts.get("company.cooldown_until") if facts is not None else None


def test_a_visit_is_not_the_mail_that_was_to_be_sent_and_ends_no_rest(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    for _ in range(2):
        calls.record(ctx, lead, "GATEKEEPER_BLOCK")
        clock.go(hours=2)
    before = leads.view(ctx, lead)
    assert before.state.next_action is not None
    assert before.state.next_action.kind is ActionKind.MAIL
    clock.go(minutes=5)
    calls.record(ctx, lead, "TOUCH_CONNECTED", LINKEDIN)
    assert leads.view(ctx, lead).state.next_action == before.state.next_action
    calls.record(ctx, lead, "GATEKEEPER_REFUSED")
    rest = company_rests(ctx, lead)
    assert rest
    calls.record(ctx, lead, "TOUCH_REPLIED", LINKEDIN)
    assert company_rests(ctx, lead) == rest


def test_a_reply_brings_a_call_the_next_business_day_unless_one_is_promised(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    done = calls.record(ctx, lead, "TOUCH_REPLIED", LINKEDIN)
    assert done.plan.action is ActionKind.CALLBACK_LOOSE
    promised = clock.now() + timedelta(days=2)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=promised))
    clock.go(hours=1)
    calls.record(ctx, lead, "TOUCH_REPLIED", LINKEDIN)
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert (action.kind, action.due_at) == (ActionKind.CALLBACK_EXACT, promised)
    clock.go(days=3)
    calls.record(ctx, lead, "TOUCH_REPLIED", LINKEDIN)
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert action.kind is ActionKind.CALLBACK_LOOSE


@pytest.mark.parametrize("late", [timedelta(minutes=-3), timedelta(minutes=3), timedelta(days=4)])
def test_a_promise_stands_until_somebody_was_spoken_with(
    ctx: Context, clock: HandClock, lead: LeadId, late: timedelta
) -> None:
    promised = clock.now() + timedelta(hours=1)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=promised))
    clock.at = promised + late
    given = RecordInput(channel=Channel.WEBINAR)
    seen = calls.previews(ctx, lead, given)["TOUCH_ATTENDED"].plan
    assert calls.record(ctx, lead, "TOUCH_ATTENDED", given).plan == seen
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert (action.kind, action.due_at) == (ActionKind.CALLBACK_EXACT, promised)
    calls.record(ctx, lead, "NO_ANSWER")
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert action.kind is ActionKind.RETRY


def test_a_meeting_set_at_a_fair_counts_by_its_channel_and_as_no_dial(
    ctx: Context, clock: HandClock, lead: LeadId
) -> None:
    given = RecordInput(
        channel=Channel.EXHIBITION, meeting_at=clock.now() + timedelta(days=3), fs_id=FS.id,
        reached=Reached.DECISION_MAKER,
    )  # fmt: skip
    done = calls.record(ctx, lead, "MEETING_SET", given)
    assert done.plan.action is ActionKind.HANDOFF
    found = by_channel(ctx)["exhibition"]
    assert (found.contacts, found.counts.meetings_gross, found.counts.dials) == (1, 1, 0)
    assert found.response_rate.value == 1.0
    whole = next(iter(kpi.figures(ctx, first=ctx.calendar.day_of(ctx.now()), last=ctx.calendar.day_of(ctx.now()))))
    assert (whole.counts.dials, whole.counts.answered) == (0, 0)
    assert whole.contacts is None


def test_an_outcome_belongs_to_its_channels(ctx: Context, lead: LeadId) -> None:
    for code, channel in (("TOUCH_SENT", Channel.PHONE), ("NO_ANSWER", Channel.X), ("TOUCH_TALKED", Channel.LETTER)):
        with pytest.raises(BadInput) as refused:
            calls.record(ctx, lead, code, RecordInput(channel=channel))
        assert refused.value.code == "outcome_not_for_channel"
    with pytest.raises(Incomplete):
        calls.record(ctx, lead, "TOUCH_LATER", LINKEDIN)


def test_a_refusal_over_any_channel_is_a_do_not_call(ctx: Context, lead: LeadId) -> None:
    calls.record(ctx, lead, "DNC_REQUEST", RecordInput(channel=Channel.X, note="もう連絡しないで"))
    assert leads.view(ctx, lead).state.dnc
    assert calls.may_dial(ctx, lead) == "dnc"


def test_previews_are_those_of_the_channel_and_equal_what_is_saved(ctx: Context, lead: LeadId) -> None:
    found = calls.previews(ctx, lead, LINKEDIN)
    assert "NO_ANSWER" not in found
    assert "TOUCH_SENT" not in calls.previews(ctx, lead)
    assert calls.record(ctx, lead, "TOUCH_REPLIED", LINKEDIN).plan == found["TOUCH_REPLIED"].plan
