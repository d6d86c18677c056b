"""The state of a lead: exactly one next action while it is open, whatever happened, and undo as if it had not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk.domain.chips import hot_now
from isdesk.domain.deriving import derive
from isdesk.domain.ids import uuid7
from isdesk.domain.rules import SignalRule
from isdesk.domain.state import LeadFacts, LeadState
from isdesk.domain.touch import ActionKind, Channel, Direction, Touch
from tests.domain import sample, strategies
from tests.domain.sample import NOW, lead, minutes, recorded, signal, state_of, step, tokyo, touch, wall


def kind(state: LeadState) -> ActionKind | None:
    return state.next_action.kind if state.next_action else None


# properties


@settings(max_examples=300)
@given(strategies.cases(), strategies.working)
def test_every_open_lead_has_exactly_one_next_action(case: strategies.Case, now: datetime) -> None:
    facts, touches, steps = case
    state = state_of(facts, touches, steps, now)
    assert state.open == (state.next_action is not None)
    if state.next_action is not None:
        assert state.next_action.due_at.tzinfo is not None
        assert isinstance(state.next_action.kind, ActionKind)


@settings(max_examples=150)
@given(st.data(), strategies.cases(), strategies.working)
def test_the_state_depends_on_no_order_and_on_no_hour(
    data: st.DataObject, case: strategies.Case, now: datetime
) -> None:
    facts, touches, steps = case
    state = state_of(facts, touches, steps, now)
    mixed = data.draw(st.permutations(touches)), data.draw(st.permutations(steps))
    midnight = sample.CALENDAR.start_of_day(sample.CALENDAR.day_of(now))
    assert state_of(facts, *mixed, midnight) == state
    assert state_of(facts, *mixed, sample.CALENDAR.next_midnight(now) - minutes(1)) == state


@settings(max_examples=150)
@given(st.data(), strategies.cases(), strategies.working)
def test_a_touch_taken_back_leaves_no_trace(data: st.DataObject, case: strategies.Case, now: datetime) -> None:
    facts, touches, steps = case
    before = state_of(facts, touches, steps, now)
    last = max((t.at for t in touches), default=strategies.START) + timedelta(minutes=30)
    code = data.draw(strategies.codes)
    made = recorded(code, facts, touches, last, callback_at=last + timedelta(days=1))
    taken_back = touch(last + minutes(1), None, void=True, corrects=made.id)
    assert state_of(facts, [*touches, made, taken_back], steps, now) == before


# next actions


def test_an_untouched_lead_is_to_be_called() -> None:
    lead_id = uuid7(int(tokyo("2026-11-10 09:00").timestamp() * 1000), bytes(10))
    fresh = state_of(lead(lead_id))
    assert (kind(fresh), fresh.open, fresh.attempts) == (ActionKind.FIRST_CALL, True, 0)
    assert fresh.next_action is not None
    assert wall(fresh.next_action.due_at) == "2026-11-10 09:00"
    received = state_of(lead(received_at="2026-11-19T01:00:00+00:00"))
    assert received.next_action is not None
    assert wall(received.next_action.due_at) == "2026-11-19 10:00"


def test_the_newest_plan_is_the_next_action() -> None:
    made = recorded("NONE")
    state = state_of(touches=[made])
    assert state.next_action is not None
    assert made.plan is not None
    assert (state.next_action.due_at, state.next_action.touch_id) == (made.plan.due_at, made.id)
    assert (state.attempts, state.last_outcome, state.last_touch_at) == (1, "NONE", NOW)


def test_a_cancelled_dial_changes_nothing() -> None:
    made = recorded("NONE")
    canceled = recorded("CANCEL", history=[made], now=NOW + minutes(30))
    state = state_of(touches=[made, canceled])
    assert state.next_action == state_of(touches=[made]).next_action
    assert state.attempts == 1
    assert kind(state_of(touches=[recorded("CANCEL")])) is ActionKind.FIRST_CALL


@pytest.mark.parametrize("code", ["NOT_ICP", "NEVER", "ANGRY", "GONE"])
def test_a_final_outcome_closes(code: str) -> None:
    state = state_of(touches=[recorded(code)])
    assert (state.open, state.next_action) == (False, None)


@pytest.mark.parametrize(
    "facts",
    [
        lead(deleted=True),
        lead(merged_into="lead-9"),
        lead(company={"closed": True}),
        lead(company={"deleted": True}),
        lead(stage="disqualified"),
        lead(stage="sao"),
    ],
)
def test_a_lead_that_is_gone_or_anothers_is_not_open(facts: LeadFacts) -> None:
    assert not state_of(facts).open


def test_a_forbidden_lead_stays_open_but_says_so() -> None:
    assert state_of(lead(dnc=True)).dnc
    assert state_of(lead(company={"dnc": True})).dnc
    assert state_of(suppressed=True).dnc
    assert not state_of().dnc


def test_a_touch_without_a_plan_is_planned_by_the_rules() -> None:
    bare = touch(tokyo("2026-11-19 10:00"), "NONE")
    planned = recorded("NONE", now=tokyo("2026-11-19 10:00"))
    one, other = state_of(touches=[bare]).next_action, state_of(touches=[planned]).next_action
    assert one is not None
    assert other is not None
    assert (one.kind, one.due_at, one.why) == (other.kind, other.due_at, other.why)


def test_a_mail_that_was_sent_is_followed_by_a_call() -> None:
    blocked = [recorded("BLOCK", now=tokyo("2026-11-02 10:00"))]
    blocked.append(recorded("BLOCK", history=blocked, now=tokyo("2026-11-10 10:00")))
    assert kind(state_of(touches=blocked)) is ActionKind.MAIL
    mailed = state_of(touches=[*blocked, touch(NOW, None, channel=Channel.MAIL)]).next_action
    assert mailed is not None
    assert (mailed.kind, wall(mailed.due_at), mailed.why) == (ActionKind.RETRY, "2026-11-26 10:00", "mailed")


def test_a_number_that_was_found_is_called() -> None:
    none_left = lead(bad_numbers={sample.DIRECT: "wrong"}, company={"phone": None})
    dead = recorded("DEAD", none_left)
    assert kind(state_of(none_left, [dead])) is ActionKind.RESEARCH_NUMBER
    found = lead(bad_numbers={sample.DIRECT: "wrong"}, company={"phone": None}, phone_mobile=sample.MOBILE)
    assert kind(state_of(found, [dead])) is ActionKind.RETRY


def test_the_customers_call_closes_the_retry_and_resets_the_ladder() -> None:
    tried: list[Touch] = []
    for n in range(3):
        tried.append(recorded("NONE", history=tried, now=tokyo("2026-11-16 10:00") + timedelta(days=n)))
    assert state_of(touches=tried).attempts == 3
    rang = touch(NOW - minutes(5), None, direction=Direction.IN)
    state = state_of(touches=[*tried, rang])
    assert (kind(state), state.attempts) == (ActionKind.CALLBACK_LOOSE, 0)
    again = recorded("NONE", history=[*tried, rang])
    assert again.plan is not None
    assert again.plan.why == "retry:LADDER:1"


def test_whoever_calls_us_ends_our_rest() -> None:
    resting = recorded("HANGUP", now=tokyo("2026-11-18 10:00"))
    assert wall(state_of(touches=[resting]).cooldown_until) == "2026-12-18 00:00"
    facts = lead(company={"cooldown_until": "2027-01-01T00:00:00+00:00"})
    rang = recorded("INFO", facts, [resting], direction=Direction.IN)
    assert state_of(touches=[resting, rang]).cooldown_until is None
    out = sample.judged("INFO", facts, [resting], direction=Direction.IN)
    assert out.company_fields == {"cooldown_until": None}


def test_the_company_rests_with_the_one_who_refused() -> None:
    facts = lead(company={"cooldown_until": tokyo("2027-02-18 00:00").isoformat()})
    assert wall(state_of(facts).company_cooldown_until) == "2027-02-18 00:00"
    own = recorded("BLOCKED")
    assert wall(state_of(touches=[own]).company_cooldown_until) == "2027-02-18 00:00"


HOT = replace(
    sample.RULES,
    scoring=replace(
        sample.RULES.scoring,
        signals=tuple(
            SignalRule(code, sample.label(code), 10, hot_hours=hours)
            for code, hours in (("inquiry", 48.0), ("price", 24.0), ("visit", 4.0), ("open", 0.0))
        ),
    ),
)
minutes_ago = st.integers(1, 72 * 60).map(lambda n: NOW - minutes(n))
interest = st.builds(signal, minutes_ago, st.sampled_from(["inquiry", "price", "visit", "open"]))


@settings(max_examples=300)
@given(st.lists(interest, max_size=5), st.none() | minutes_ago, interest)
def test_a_lead_is_hot_where_any_event_since_the_last_contact_says_so_and_no_event_cools_it(
    told: list[Touch], called: datetime | None, more: Touch
) -> None:
    calls = [] if called is None else [touch(called, "INFO")]

    def state(every: list[Touch]) -> LeadState:
        return derive(lead(), [*every, *calls], rules=HOT, calendar=sample.CALENDAR, now=NOW)

    lasts = {one.code: timedelta(hours=one.hot_hours) for one in HOT.scoring.signals}
    news = [t for t in told if called is None or t.at > called]
    hot = hot_now(state(told), HOT, NOW)
    assert hot == any(t.at + lasts[t.signal or ""] > NOW for t in news)
    assert not hot or hot_now(state([*told, more]), HOT, NOW)


def test_the_newest_signal_is_kept() -> None:
    state = state_of(touches=[signal(NOW - timedelta(days=2)), signal(NOW - minutes(9)), recorded("NONE")])
    assert (state.hot_signal, state.hot_at) == ("download", NOW - minutes(9))
    assert state.last_outcome == "NONE"


# handoff


def test_a_meeting_is_handed_off_awaited_returned_and_mended() -> None:
    meeting = recorded("MEETING", meeting_at=tokyo("2026-11-30 10:00"))
    draft = state_of(touches=[meeting])
    assert (kind(draft), draft.handoff_state, draft.attempts) == (ActionKind.HANDOFF, "draft", 0)
    submit = step("submit", NOW + minutes(10))
    waiting = state_of(touches=[meeting], transitions=[submit])
    assert (kind(waiting), waiting.handoff_state) == (ActionKind.AWAIT_FS, "submitted")
    assert waiting.next_action is not None
    assert wall(waiting.next_action.due_at) == "2026-11-24 10:42"
    back = step("return", NOW + minutes(60), reason="timing")
    returned = state_of(touches=[meeting], transitions=[submit, back])
    assert (kind(returned), returned.returned_reason) == (ActionKind.FIX_HANDOFF, "timing")
    called = recorded("NONE", history=[meeting], now=NOW + minutes(90))
    asking = state_of(touches=[meeting, called], transitions=[submit, back])
    assert kind(asking) is ActionKind.FIX_HANDOFF
    assert asking.next_action is not None
    assert called.plan is not None
    assert asking.next_action.due_at == called.plan.due_at
    again = step("submit", NOW + timedelta(days=4))
    mended = state_of(touches=[meeting, called], transitions=[submit, back, again])
    assert (kind(mended), mended.returned_reason) == (ActionKind.AWAIT_FS, None)
    taken = step("accept", NOW + timedelta(days=5))
    assert not state_of(lead(stage="sao"), [meeting, called], [submit, back, again, taken]).open


def test_after_acceptance_a_cancelled_meeting_comes_back() -> None:
    meeting = recorded("MEETING")
    steps = [step("submit", NOW + minutes(1)), step("accept", NOW + minutes(2))]
    moved = recorded("MOVED", history=[meeting], now=NOW + minutes(30), meeting_at=NOW)
    assert not state_of(touches=[meeting, moved], transitions=steps).open
    off = recorded("CALLED_OFF", history=[meeting], now=NOW + minutes(40))
    state = state_of(lead(stage="sao"), [meeting, off], steps)
    assert kind(state) is ActionKind.RETRY


def test_recycled_withdrawn_and_lost_leads_return() -> None:
    meeting = recorded("MEETING")
    submit = step("submit", NOW + minutes(1))
    recycled = state_of(lead(stage="nurture"), [meeting], [submit, step("recycle", NOW + minutes(2))])
    assert kind(recycled) is ActionKind.NURTURE
    withdrawn = [submit, step("withdraw", NOW + minutes(2))]
    assert kind(state_of(touches=[meeting], transitions=withdrawn)) is ActionKind.RETRY
    still_meeting = lead(meeting_at=tokyo("2026-11-30 10:00").isoformat())
    assert kind(state_of(still_meeting, [meeting], withdrawn)) is ActionKind.HANDOFF
    lost = [submit, step("accept", NOW + minutes(2)), step("feedback", NOW + minutes(3), payload={"result": "lost"})]
    wakes = state_of(lead(stage="nurture"), [meeting], lost).next_action
    assert wakes is not None
    assert (wakes.kind, wall(wakes.due_at)) == (ActionKind.NURTURE, "2027-02-18 10:00")
    assert not state_of(lead(stage="sao"), [meeting], lost).open


# clocks


def test_the_first_response_clock_runs_until_the_first_contact() -> None:
    facts = lead(received_at=tokyo("2026-11-20 10:00").isoformat(), lead_source="web")
    running = state_of(facts)
    assert (wall(running.sla_due_at), wall(running.sla_risk_at)) == ("2026-11-20 11:00", "2026-11-20 10:45")
    assert state_of(facts, [recorded("NONE", facts)]).sla_due_at is None
    assert state_of(facts, [recorded("CANCEL", facts)]).sla_due_at is not None
    assert state_of(facts, [touch(NOW, None, channel=Channel.MAIL)]).sla_due_at is None
    assert state_of(replace(facts, fields={**facts.fields, "lead_source": "list"})).sla_due_at is None
    assert state_of(lead()).sla_due_at is None
