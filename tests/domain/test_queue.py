"""The queue: a total, deterministic order with reasons, holds that hold, and placements that say how long they last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk.domain import queue
from isdesk.domain.answers import REPLY, WHY_REPLY
from isdesk.domain.state import DialDay, LeadFacts, Placement
from isdesk.domain.touch import ActionKind
from isdesk.domain.windows import window_state
from tests.domain import sample, strategies
from tests.domain.sample import NOW, lead, minutes, placed, recorded, signal, state_of, step, tokyo


def chips(placement: Placement) -> list[str]:
    return [chip.code for chip in placement.chips]


# properties


@settings(max_examples=150)
@given(st.data(), strategies.working)
def test_a_queue_is_a_total_deterministic_order_and_offers_nothing_that_is_held(
    data: st.DataObject, now: datetime
) -> None:
    placements = []
    for n in range(data.draw(st.integers(1, 8))):
        facts, touches, steps = data.draw(strategies.cases(f"lead-{n}"))
        placements.append(placed(facts, touches, steps, now, data.draw(strategies.dial_days(now))))
    keys = [p.key for p in placements]
    assert len(set(keys)) == len(keys)
    shuffled = data.draw(st.permutations(placements))
    for window in ("open", "soft", "hard"):
        offered = queue.rank(placements, window)
        assert offered == queue.rank(shuffled, window)
        assert [p.key for p in offered] == sorted(p.key for p in offered)
        assert all(p.held is None and p.listed for p in offered)
    assert queue.rank(placements, "hard") == []
    assert {p.key[0] for p in placements} == {p.tier for p in placements}


@settings(max_examples=300)
@given(st.data(), strategies.cases(), strategies.working, st.booleans())
def test_a_placement_stays_true_until_its_until(
    data: st.DataObject, case: strategies.Case, now: datetime, has_number: bool
) -> None:
    facts, touches, steps = case
    state = state_of(facts, touches, steps, now)
    day = data.draw(strategies.dial_days(now))
    first = placed(facts, touches, steps, now, day, has_number=has_number, state=state)
    assert first.until is None or first.until > now
    far = min(first.until or now + timedelta(days=400), sample.CALENDAR.next_midnight(now) + timedelta(days=40))
    seconds = max(int((far - now).total_seconds()) - 1, 0)
    for ahead in (seconds, data.draw(st.integers(0, seconds))):
        later = placed(facts, touches, steps, now + timedelta(seconds=ahead), day, has_number=has_number, state=state)
        assert later == first


@settings(max_examples=200)
@given(st.data(), strategies.cases(), strategies.working)
def test_what_is_offered_for_a_call_may_be_dialled(data: st.DataObject, case: strategies.Case, now: datetime) -> None:
    facts, touches, steps = case
    state = state_of(facts, touches, steps, now)
    day = data.draw(strategies.dial_days(now))
    placement = placed(facts, touches, steps, now, day, state=state)
    window, _, _ = window_state(sample.RULES, sample.CALENDAR, now)
    assert state.next_action is not None or not placement.listed
    if not queue.offered(placement, window) or state.next_action is None or state.next_action.kind not in queue.CALLS:
        return
    refused = queue.may_dial(
        state,
        facts,
        day,
        rules=sample.RULES,
        calendar=sample.CALENDAR,
        now=now,
        device_id=sample.MY_DEVICE,
        has_number=True,
    )
    in_hand = placement.tier == queue.CURRENT and placement.key[1] == 0
    answered_by_mail = state.next_action.why == WHY_REPLY
    assert refused is None or in_hand or answered_by_mail


def test_a_reply_is_offered_to_be_answered_by_mail_where_the_number_rests() -> None:
    touches = [signal(NOW - minutes(5), REPLY)]
    day = DialDay(number_dials=sample.RULES.caps.per_number_day)
    state = state_of(touches=touches)
    assert placed(touches=touches, day=day, state=state).held is None
    refused = queue.may_dial(
        state,
        lead(),
        day,
        rules=sample.RULES,
        calendar=sample.CALENDAR,
        now=NOW,
        device_id=sample.MY_DEVICE,
        has_number=True,
    )
    assert refused == "cap"


# tiers


def test_the_tiers_stand_in_the_order_of_the_definition() -> None:
    late = tokyo("2026-11-20 09:00")
    promise = recorded("CALLBACK", now=tokyo("2026-11-19 10:00"), callback_at=NOW + minutes(4))
    loose = recorded("LOOSE", now=tokyo("2026-11-16 10:00"))
    retry = recorded("NONE", now=tokyo("2026-11-18 10:00"))
    nurture = recorded("LOW", now=tokyo("2026-10-20 10:00"))
    returned = [step("submit", tokyo("2026-11-19 10:00")), step("return", late, reason="timing")]
    lease: dict[str, object] = {"member": "me", "device": sample.MY_DEVICE, "until": (NOW + minutes(10)).isoformat()}
    in_order = [
        placed(lead("a", lease=lease)),
        placed(lead("b"), [promise]),
        placed(lead("e"), [], returned),
        placed(lead("c", received_at="2026-11-18T01:00:00+00:00", lead_source="web")),
        placed(lead("d", received_at=tokyo("2026-11-20 09:40").isoformat(), lead_source="web")),
        placed(lead("f"), [loose]),
        placed(lead("g", received_at=tokyo("2026-11-20 10:00").isoformat(), lead_source="web")),
        placed(lead("h"), [retry]),
        placed(lead("i"), [nurture]),
        placed(lead("j")),
    ]
    assert [p.tier for p in in_order] == [0, 1, 2, 3, 3, 4, 5, 6, 7, 8]
    assert queue.rank(reversed(in_order)) == in_order
    assert [chips(p)[0] for p in in_order[1:]] == [
        "promise",
        "returned",
        "sla_broken",
        "sla",
        "callback",
        "inbound",
        "retry",
        "nurture",
        "new",
    ]


def test_inside_a_tier_score_then_due_then_attempts_then_id_decide() -> None:
    high = placed(lead("z", {"industry": "製造業"}))
    early = placed(lead("y", received_at="2026-11-01T00:00:00+00:00", lead_source="list"))
    late = placed(lead("b", received_at="2026-11-02T00:00:00+00:00", lead_source="list"))
    same = placed(lead("c", received_at="2026-11-02T00:00:00+00:00", lead_source="list"))
    assert queue.rank([same, late, early, high]) == [high, early, late, same]
    first = recorded("NONE", now=tokyo("2026-11-11 10:00"))
    second = [first, recorded("NONE", history=[first], now=tokyo("2026-11-12 10:00"))]
    state = state_of(touches=[first])
    action = state.next_action
    assert action is not None
    fewer = placed(lead("z"), state=state)
    more = placed(lead("a"), state=replace(state_of(touches=second), next_action=action))
    assert queue.rank([more, fewer]) == [fewer, more]


def test_a_promise_comes_first_from_five_minutes_before_its_time() -> None:
    promise = recorded("CALLBACK", now=tokyo("2026-11-19 10:00"), callback_at=tokyo("2026-11-20 14:00"))
    before = placed(touches=[promise])
    assert (before.tier, before.held, before.listed) == (queue.PROMISE, "not_due", True)
    assert before.until == tokyo("2026-11-20 13:55")
    assert placed(touches=[promise], now=tokyo("2026-11-20 13:55")).tier == queue.PROMISE
    assert placed(touches=[promise], now=tokyo("2026-11-20 13:55")).held is None


def test_a_promise_is_offered_outside_the_soft_window_and_never_at_night() -> None:
    promise = placed(
        touches=[recorded("CALLBACK", now=NOW, callback_at=tokyo("2026-11-20 19:00"))], now=tokyo("2026-11-20 19:00")
    )
    assert queue.offered(promise, "soft")
    assert not queue.offered(promise, "hard")
    assert not queue.offered(placed(), "soft")


def test_a_due_promise_passes_caps_cooldowns_and_a_resting_company() -> None:
    facts = lead(company={"cooldown_until": "2027-01-01T00:00:00+00:00"})
    promise = recorded("CALLBACK", facts, now=tokyo("2026-11-19 10:00"), callback_at=NOW)
    day = DialDay(company_dials=9, company_by_other_lead=True, number_dials=9, number_last_at=NOW)
    assert placed(facts, [promise], day=day).held is None
    assert placed(lead(dnc=True), [promise], day=day).held == "dnc"
    assert placed(facts, [promise], day=day, has_number=False).held == "no_number"


# holds


def other_desk(until: datetime) -> dict[str, object]:
    return {"member": "she", "device": sample.OTHER_DEVICE, "until": until.isoformat()}


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        (lead(), DialDay(), None),
        (lead(dnc=True), DialDay(), "dnc"),
        (lead(company={"dnc": True}), DialDay(), "dnc"),
        (lead(lease=other_desk(NOW + minutes(1))), DialDay(), "other_rep"),
        (lead(lease=other_desk(NOW)), DialDay(), None),
        (lead(snoozed_until=(NOW + minutes(5)).isoformat()), DialDay(), "snoozed"),
        (lead(snoozed_until=NOW.isoformat()), DialDay(), None),
        (lead(company={"cooldown_until": (NOW + minutes(1)).isoformat()}), DialDay(), "cooldown"),
        (lead(), DialDay(number_dials=2, number_last_at=tokyo("2026-11-20 09:00")), "cap"),
        (lead(), DialDay(company_dials=3), "cap"),
        (lead(), DialDay(number_dials=1, number_last_at=NOW - minutes(59)), "cap"),
        (lead(), DialDay(number_dials=1, number_last_at=NOW - minutes(60)), None),
        (lead(), DialDay(company_dials=1, company_by_other_lead=True), "company_today"),
        (lead(), DialDay(company_dials=1, company_by_other_lead=False), None),
    ],
)
def test_what_holds_a_lead(facts: LeadFacts, day: DialDay, expected: str | None) -> None:
    placement = placed(facts, day=day)
    assert placement.held == expected
    assert placement.listed


def test_a_suppressed_lead_is_held() -> None:
    assert placed(state=state_of(suppressed=True)).held == "dnc"


def test_without_a_number_a_lead_is_held_but_its_mail_is_not() -> None:
    assert placed(has_number=False).held == "no_number"
    blocked = [recorded("BLOCK", now=tokyo("2026-11-02 10:00"))]
    blocked.append(recorded("BLOCK", history=blocked, now=tokyo("2026-11-10 10:00")))
    mail = placed(touches=blocked, has_number=False)
    assert (mail.held, chips(mail)[0]) == (None, "mail")


def test_a_busy_line_is_tried_again_by_its_own_rule_before_the_hour_is_over() -> None:
    busy = recorded("BUSY", now=NOW - minutes(15))
    day = DialDay(company_dials=1, number_dials=1, number_last_at=busy.at)
    assert placed(touches=[busy], day=day).held is None
    later_dial = replace(day, number_last_at=NOW - minutes(5))
    assert placed(touches=[busy], day=later_dial).held == "cap"


def test_snoozed_to_another_day_leaves_todays_list() -> None:
    snoozed = placed(lead(snoozed_until=tokyo("2026-11-24 10:00").isoformat()))
    assert (snoozed.held, snoozed.listed, snoozed.until) == ("snoozed", False, tokyo("2026-11-24 00:00"))


def test_what_is_due_on_a_later_day_is_not_listed_until_that_day() -> None:
    retry = recorded("LOOSE")
    today = placed(touches=[retry])
    assert (today.listed, today.held, wall_of(today.until)) == (False, "not_due", "2026-11-26 00:00")
    on_the_day = placed(touches=[retry], now=tokyo("2026-11-26 09:31"))
    assert (on_the_day.listed, on_the_day.held) == (True, "not_due")


def wall_of(at: datetime | None) -> str:
    return sample.wall(at)


def test_a_pin_brings_a_lead_to_the_top_but_not_past_its_cooldown() -> None:
    retry = recorded("LOOSE")
    pinned = placed(lead(pinned=True), [retry])
    assert (pinned.tier, pinned.held, pinned.listed, chips(pinned)[0]) == (0, None, True, "pinned")
    resting = recorded("HANGUP")
    assert placed(lead(pinned=True), [resting]).held == "cooldown"


def test_a_closed_lead_and_one_that_waits_for_fs_are_not_listed() -> None:
    assert not placed(touches=[recorded("NOT_ICP")]).listed
    submitted = placed(transitions=[step("submit", NOW - minutes(5))])
    assert (submitted.listed, submitted.tier) == (False, queue.OUTSIDE)


# chips


def test_chips_tell_scores_signals_and_the_coming_attempt() -> None:
    facts = lead(company={"industry": "製造業"}, adoption_timing="3_months", lead_source="fair")
    shown = {
        c.code: dict(c.params) for c in placed(facts, [signal(NOW - minutes(130)), signal(NOW - minutes(150))]).chips
    }
    assert shown == {
        "new": {},
        "source": {"code": "fair"},
        "signal": {"code": "download", "hours": "2"},
        "intent": {"score": "65"},
        "icp": {"score": "70"},
        "timing": {"score": "90", "code": "3_months"},
    }
    retry = recorded("NONE", now=tokyo("2026-11-19 10:00"))
    chip = placed(touches=[retry]).chips[0]
    assert (chip.code, dict(chip.params)) == ("retry", {"n": "2", "cap": "6", "slot": "PM1"})


def test_a_source_that_the_signal_says_with_its_age_is_said_once() -> None:
    came = [signal(NOW - timedelta(hours=2))]
    assert "source" not in chips(placed(lead(lead_source="download"), came))
    assert "source" in chips(placed(lead(lead_source="fair"), came))
    cold = [signal(NOW - timedelta(hours=25))]
    assert "source" in chips(placed(lead(lead_source="download"), cold))


def test_a_signal_cools_after_its_hours() -> None:
    hot = placed(touches=[signal(NOW - timedelta(hours=23, minutes=30))])
    assert "signal" in chips(hot)
    assert hot.until == NOW + minutes(30)
    assert "signal" not in chips(placed(touches=[signal(NOW - timedelta(hours=24))]))


# dial time


def test_the_dial_is_refused_by_the_clock_and_the_law() -> None:
    def refused(now: datetime, **more: object) -> str | None:
        facts = more.pop("facts", lead())
        touches = more.pop("touches", ())
        assert isinstance(facts, LeadFacts)
        asked = {"has_number": True, "device_id": sample.MY_DEVICE} | more
        return queue.may_dial(
            state_of(facts, touches),  # type: ignore[arg-type]
            facts,
            DialDay(),
            rules=sample.RULES,
            calendar=sample.CALENDAR,
            now=now,
            **asked,  # type: ignore[arg-type]
        )

    assert refused(NOW) is None
    assert refused(tokyo("2026-11-20 12:30")) == "window"
    assert refused(tokyo("2026-11-20 21:00")) == "window"
    assert refused(tokyo("2026-11-23 10:00")) == "window"
    assert refused(NOW, suppressed_number=True) == "dnc"
    assert refused(NOW, has_number=False) == "no_number"
    assert refused(NOW, facts=lead(lease=other_desk(NOW + minutes(9)))) == "other_rep"
    promise = recorded("CALLBACK", callback_at=tokyo("2026-11-20 19:00"))
    assert refused(tokyo("2026-11-20 18:56"), touches=[promise]) is None
    assert refused(tokyo("2026-11-20 18:50"), touches=[promise]) == "window"
    assert refused(tokyo("2026-11-20 21:30"), touches=[promise]) == "window"
    assert refused(NOW, touches=[recorded("REFUSED")]) == "cooldown"


def test_every_action_has_its_place() -> None:
    for kind in ActionKind:
        assert (kind in queue.CALLS) or kind in {
            ActionKind.MAIL,
            ActionKind.SOCIAL,
            ActionKind.RESEARCH_NUMBER,
            ActionKind.FIX_HANDOFF,
            ActionKind.HANDOFF,
            ActionKind.AWAIT_FS,
            ActionKind.AWAIT_APPROVAL,
            ActionKind.MERGE,
        }
