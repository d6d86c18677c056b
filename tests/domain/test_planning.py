"""What an outcome makes the next action: ladders, promises, rests, numbers and field updates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk.domain.planning import STAY, Given, needs, plan_next, reminder_at
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Direction, Reached, Touch
from isdesk.domain.windows import in_hard, in_soft
from tests.domain import strategies
from tests.domain.sample import (
    CALENDAR,
    DIRECT,
    MOBILE,
    NOW,
    RULES,
    SWITCHBOARD,
    judged,
    lead,
    minutes,
    recorded,
    state_of,
    tokyo,
    touch,
    wall,
)


def climb(code: str, times: int, first: datetime = NOW) -> list[Touch]:
    """The same outcome again and again, each time when the one before said."""
    done: list[Touch] = []
    at = first
    for _ in range(times):
        done.append(recorded(code, history=done, now=at))
        plan = done[-1].plan
        assert plan is not None
        assert plan.due_at is not None
        at = plan.due_at
    return done


def dues(touches: list[Touch]) -> list[str]:
    return [wall(t.plan.due_at) for t in touches if t.plan]


# properties


@settings(max_examples=400)
@given(st.data(), strategies.cases(), strategies.codes, strategies.parties)
def test_planned_times_lie_in_the_calling_windows_of_open_days(
    data: st.DataObject, case: strategies.Case, code: str, reached: Reached | None
) -> None:
    facts, touches, _ = case
    now = data.draw(strategies.working)
    out = judged(code, facts, touches, now, callback_at=now + minutes(data.draw(st.integers(0, 9999))), reached=reached)
    plan = out.plan
    if plan.why == STAY or plan.action in {None, ActionKind.HANDOFF, ActionKind.MERGE}:
        return
    assert plan.due_at is not None
    assert plan.due_at >= now
    assert CALENDAR.is_open_day(CALENDAR.day_of(plan.due_at))
    exact = plan.action is ActionKind.CALLBACK_EXACT
    assert in_hard(plan.due_at, RULES, CALENDAR) if exact else in_soft(plan.due_at, RULES, CALENDAR)
    rests = [c for c in (out.cooldown_until, out.company_cooldown_until) if c is not None]
    assert all(plan.due_at >= rest for rest in rests)
    assert all(m >= now for m in plan.mails)


@given(st.data(), strategies.cases(), strategies.codes)
def test_the_same_input_gives_the_same_answer_in_any_order(
    data: st.DataObject, case: strategies.Case, code: str
) -> None:
    facts, touches, _ = case
    now = data.draw(strategies.working)
    at = now + timedelta(days=1)
    mixed = data.draw(st.permutations(touches))
    assert judged(code, facts, touches, now, callback_at=at) == judged(code, facts, mixed, now, callback_at=at)


@given(strategies.cases(), strategies.codes, strategies.working)
def test_field_updates_name_only_what_differs_and_forbid_where_they_must(
    case: strategies.Case, code: str, now: datetime
) -> None:
    facts, touches, _ = case
    out = judged(code, facts, touches, now)
    assert all(facts.fields.get(field) != value for field, value in out.lead_fields.items())
    if RULES.outcomes[code].dnc:
        assert out.lead_fields.get("dnc", facts.get("dnc")) is True
        assert ("lead", facts.id) in out.suppress
        assert out.closes
        assert out.dnc
    else:
        assert "dnc" not in out.lead_fields
        assert not out.suppress


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["NONE", "BUSY", "VM_LEFT", "ABSENT", "AWAY", "BLOCK"]), min_size=6, max_size=30))
def test_no_lead_is_dialled_more_often_than_the_cap_before_it_rests(codes: list[str]) -> None:
    done: list[Touch] = []
    at, in_a_row = NOW, 0
    for code in codes:
        out = judged(code, history=done, now=at)
        in_a_row += 1
        assert out.attempt == in_a_row
        assert in_a_row <= RULES.caps.per_contact_cycle
        done.append(recorded(code, history=done, now=at))
        assert out.plan.due_at is not None
        at = out.plan.due_at
        if out.plan.action is ActionKind.NURTURE:
            in_a_row = 0


# ladders


def test_the_ladder_of_the_unanswered_goes_down_and_ends_in_nurture() -> None:
    done = climb("NONE", 6)
    assert [t.plan.why for t in done if t.plan] == [*(f"retry:LADDER:{n}" for n in range(1, 6)), "exhausted:LADDER"]
    assert dues(done) == [
        "2026-11-20 14:32",
        "2026-11-24 09:30",
        "2026-11-26 15:00",
        "2026-12-02 09:30",
        "2026-12-11 10:30",
        "2027-01-11 10:00",
    ]
    last = done[-1].plan
    assert last is not None
    assert last.action is ActionKind.NURTURE
    assert [wall(m) for m in last.mails] == ["2026-12-16 10:00", "2026-12-22 10:00", "2027-01-06 10:00"]
    assert judged("NONE", history=done, now=tokyo("2027-01-12 10:00")).plan.why == "retry:LADDER:1"


def test_mails_need_an_address_and_no_opt_out() -> None:
    history = climb("NONE", 5)
    last = history[-1].plan
    assert last is not None
    assert last.due_at is not None
    for facts in (lead(email=None), lead(email_opt_out=True)):
        assert judged("NONE", facts, history, last.due_at).plan.mails == ()
    assert judged("INFO", lead(email=None)).plan.mails == ()
    assert judged("INFO").plan.mails == (NOW,)


def test_an_afternoon_without_an_answer_is_tried_in_the_morning() -> None:
    assert wall(judged("NONE", now=tokyo("2026-11-19 13:10")).plan.due_at) == "2026-11-20 09:30"
    assert wall(judged("NONE", now=tokyo("2026-11-19 17:20")).plan.due_at) == "2026-11-20 11:20"


def test_busy_twice_then_the_common_ladder() -> None:
    done = climb("BUSY", 4)
    assert dues(done)[:2] == ["2026-11-20 10:47", "2026-11-20 11:02"]
    assert [t.plan.why for t in done if t.plan] == ["retry:SOON:1", "retry:SOON:2", "retry:LADDER:1", "retry:LADDER:2"]


def test_busy_before_lunch_waits_for_the_afternoon() -> None:
    assert wall(judged("BUSY", now=tokyo("2026-11-20 11:50")).plan.due_at) == "2026-11-20 13:00"


def test_a_message_left_waits_for_the_other_half_of_the_next_day() -> None:
    assert wall(judged("VM_LEFT").plan.due_at) == "2026-11-24 13:00"
    assert wall(judged("VM_LEFT", now=tokyo("2026-11-20 14:00")).plan.due_at) == "2026-11-24 09:30"


def test_slots_rotate_and_what_was_learned_decides_between_equals() -> None:
    absent = judged("ABSENT")
    assert wall(absent.plan.due_at) == "2026-11-24 09:30"
    tried = [touch(tokyo("2026-10-01 09:40"), "NONE"), touch(tokyo("2026-10-02 13:40"), "NONE")]
    assert wall(judged("ABSENT", history=tried).plan.due_at) == "2026-11-24 15:00"
    learned = plan_next(
        RULES.outcomes["ABSENT"],
        lead(),
        [],
        now=NOW,
        rules=RULES,
        calendar=CALENDAR,
        given=Given(),
        learned={"PM1": 0.4, "AM1": 0.2},
    )
    assert wall(learned.plan.due_at) == "2026-11-24 13:00"


def test_away_for_a_moment_then_as_absent() -> None:
    first = recorded("AWAY", now=tokyo("2026-11-20 13:10"))
    assert dues([first]) == ["2026-11-20 14:40"]
    assert judged("AWAY", history=[first], now=tokyo("2026-11-20 14:40")).plan.why == "retry:ABSENT:1"


def test_an_outcomes_own_cap_ends_it() -> None:
    done = climb("ABSENT", 3)
    assert [t.plan.why for t in done if t.plan] == ["retry:ABSENT:1", "retry:ABSENT:2", "exhausted:ABSENT"]
    fixing = climb("FIXING", 2)
    assert [t.plan.action for t in fixing if t.plan] == [ActionKind.RETRY, ActionKind.NURTURE]


def test_the_second_block_sends_a_mail_first() -> None:
    done = climb("BLOCK", 2)
    assert [t.plan.action for t in done if t.plan] == [ActionKind.RETRY, ActionKind.MAIL]
    assert judged("BLOCK", lead(email=None), done[:1], tokyo("2026-12-01 10:00")).plan.action is ActionKind.RETRY


def test_reaching_the_decision_maker_begins_a_new_cycle() -> None:
    done = climb("NONE", 4)
    done.append(recorded("LOOSE", history=done, now=tokyo("2026-12-02 10:00")))
    out = judged("NONE", history=done, now=tokyo("2026-12-07 10:00"))
    assert (out.attempt, out.cap, out.plan.why) == (1, 6, "retry:LADDER:1")
    staff = [*done[:-1], replace(done[-1], reached=Reached.STAFF)]
    assert judged("NONE", history=staff, now=tokyo("2026-12-07 10:00")).attempt == 6


# promises


def test_a_promise_is_kept_to_the_minute() -> None:
    out = judged("CALLBACK", callback_at=tokyo("2026-11-20 18:45"))
    assert (out.plan.action, wall(out.plan.due_at), out.plan.moved) == (
        ActionKind.CALLBACK_EXACT,
        "2026-11-20 18:45",
        False,
    )
    back_at_two = judged("ABSENT_AT", callback_at=tokyo("2026-11-20 14:00"))
    assert wall(back_at_two.plan.due_at) == "2026-11-20 14:10"


def test_a_promise_on_a_holiday_is_moved_and_says_so() -> None:
    out = judged("CALLBACK", callback_at=tokyo("2026-11-23 11:00"))
    assert (wall(out.plan.due_at), out.plan.moved) == ("2026-11-24 11:00", True)


def test_what_is_still_to_be_given() -> None:
    assert judged("CALLBACK").needs == ("callback_at",)
    assert judged("CALLBACK").plan.due_at is None
    assert judged("MEETING").needs == ("meeting_at", "fs_id")
    assert judged("MEETING", meeting_at=NOW, fs_id="fs").needs == ()
    assert judged("MEETING", lead(fs_id="fs", meeting_at="2026-01-01T00:00:00+00:00")).needs == ("meeting_at",)
    assert judged("NEVER", note="  ").needs == ("note",)
    assert judged("REFUSED", lead(refusal_reason="old")).needs == ("reason",)
    later = RULES.outcomes["LATER"]
    assert needs(later, lead(adoption_timing="undecided"), Given()) == ("adoption_at",)
    assert needs(later, lead(adoption_timing="6_months"), Given()) == ()
    assert needs(later, lead(), Given(adoption_at=date(2027, 4, 1))) == ()
    assert needs(later, lead(), Given(fields={"adoption_timing": "1_year"})) == ()


# wakes and rests


@pytest.mark.parametrize(
    ("code", "facts", "given", "due", "why"),
    [
        ("LATER", lead(adoption_at="2027-06-01"), {}, "2027-04-02 10:00", "wake:adoption_at"),
        ("LATER", lead(), {"adoption_at": date(2026, 12, 1)}, "2026-12-21 10:00", "wake:adoption_at"),
        ("LATER", lead(adoption_timing="6_months"), {}, "2027-03-22 10:00", "wake:adoption_at"),
        ("LATER", lead(), {}, "2027-02-18 10:00", "wake:else"),
        ("BUDGET", lead(budget_month=4), {}, "2027-04-01 10:00", "wake:budget_month"),
        ("BUDGET", lead(budget_month=11), {}, "2027-11-01 10:00", "wake:budget_month"),
        ("BUDGET", lead(), {"fields": {"budget_month": 12}}, "2026-12-01 10:00", "wake:budget_month"),
        ("BUDGET", lead(), {}, "2027-03-22 10:00", "wake:else"),
        ("REFUSED", lead(), {"reason": "no_need"}, "2027-05-19 10:00", "cooldown"),
        ("BLOCKED", lead(), {}, "2027-02-18 10:00", "cooldown"),
    ],
)
def test_when_a_lead_is_woken(code: str, facts: LeadFacts, given: dict[str, object], due: str, why: str) -> None:
    plan = judged(code, facts, (), NOW, RULES, **given).plan
    assert (plan.action, wall(plan.due_at), plan.why) == (ActionKind.NURTURE, due, why)


def test_the_second_hang_up_rests_longer() -> None:
    first = recorded("HANGUP")
    assert wall(first.cooldown_until) == "2026-12-20 00:00"
    second = judged("HANGUP", history=[first], now=tokyo("2026-12-21 10:00"))
    assert wall(second.cooldown_until) == "2027-03-21 00:00"
    assert (second.plan.action, wall(second.plan.due_at)) == (ActionKind.NURTURE, "2027-03-22 10:00")


def test_a_refusal_at_the_desk_rests_the_company() -> None:
    out = judged("BLOCKED")
    until = tokyo("2027-02-18 00:00")
    assert out.company_cooldown_until == until
    assert out.company_fields == {"cooldown_until": until.isoformat()}
    assert [wall(m) for m in out.plan.mails] == ["2026-12-02 10:00"]


# numbers


def test_a_dead_number_gives_way_to_the_next_and_then_to_research() -> None:
    facts = lead(phone_mobile=MOBILE)
    out = judged("DEAD", facts)
    assert (out.plan.action, wall(out.plan.due_at), out.number) == (ActionKind.RETRY, "2026-11-20 10:32", MOBILE)
    assert out.lead_fields["bad_numbers"] == {DIRECT: "not_in_service"}
    done = [recorded("DEAD", facts)]
    facts = lead(phone_mobile=MOBILE, bad_numbers={DIRECT: "not_in_service"})
    done.append(recorded("DEAD", facts, done, NOW + minutes(2), number=MOBILE))
    facts = lead(phone_mobile=MOBILE, bad_numbers={DIRECT: "not_in_service", MOBILE: "not_in_service"})
    last = judged("DEAD", facts, done, NOW + minutes(4), number=SWITCHBOARD)
    assert (last.plan.action, wall(last.plan.due_at), last.number) == (
        ActionKind.RESEARCH_NUMBER,
        "2026-11-24 10:00",
        None,
    )


def test_a_number_that_works_but_was_dialled_today_is_tried_tomorrow() -> None:
    facts = lead(phone_mobile=MOBILE, company={"phone": None})
    earlier = [recorded("NONE", facts, now=tokyo("2026-11-20 09:40"))]
    out = judged("DEAD", facts, earlier, number=MOBILE)
    assert (out.plan.action, wall(out.plan.due_at), out.number) == (ActionKind.RETRY, "2026-11-24 13:00", DIRECT)


def test_an_outcome_of_a_mail_is_not_a_dial() -> None:
    assert judged("LOOSE", channel=Channel.MAIL).attempt == 0


def test_a_voice_menu_is_tried_by_another_number_now_or_tomorrow() -> None:
    assert judged("IVR").number == SWITCHBOARD
    alone = judged("IVR", lead(company={"phone": None}))
    assert (alone.number, wall(alone.plan.due_at)) == (None, "2026-11-24 09:30")
    both_tried = judged("IVR", history=[recorded("IVR")], now=NOW + minutes(1), number=SWITCHBOARD)
    assert both_tried.number is None


def test_a_person_who_left_is_asked_for_at_the_switchboard_or_closed() -> None:
    out = judged("LEFT", lead(phone_mobile=MOBILE))
    assert (out.number, out.plan.action) == (SWITCHBOARD, ActionKind.RETRY)
    assert out.lead_fields["bad_numbers"] == {DIRECT: "wrong", MOBILE: "wrong"}
    assert judged("LEFT", lead(company={"phone": None})).closes


# fields


def test_a_do_not_call_covers_person_number_and_mail_and_the_company_where_asked() -> None:
    out = judged("NEVER", note="もうかけないで")
    assert out.suppress == (("lead", "lead-1"), ("number", DIRECT), ("mail", "yamada@example.com"))
    assert out.lead_fields == {"dnc": True, "email_opt_out": True}
    assert out.company_fields == {}
    whole = judged("NEVER", note="x", company_scope=True)
    assert ("company", "company-1") in whole.suppress
    assert whole.company_fields == {"dnc": True}
    angry = judged("ANGRY")
    assert angry.alert_team_lead
    assert angry.company_fields == {"dnc": True}


def test_a_meeting_is_set_moved_and_called_off() -> None:
    at = tokyo("2026-11-30 10:00")
    out = judged("MEETING", meeting_at=at, fs_id="fs")
    assert out.lead_fields == {"meeting_at": at.isoformat(), "fs_id": "fs"}
    assert (out.plan.action, out.advance, out.flags.meeting_set) == (ActionKind.HANDOFF, "sql", True)
    facts = lead(meeting_at=at.isoformat())
    history = [recorded("MEETING", meeting_at=at)]
    moved = judged("MOVED", facts, history, meeting_at=at + timedelta(days=1))
    assert (moved.plan.why, moved.plan.action) == (STAY, ActionKind.HANDOFF)
    assert moved.lead_fields == {"meeting_at": (at + timedelta(days=1)).isoformat()}
    off = judged("CALLED_OFF", facts, history)
    assert (off.lead_fields, wall(off.plan.due_at)) == ({"meeting_at": None}, "2026-11-30 10:32")
    assert wall(reminder_at(at, RULES, CALENDAR)) == "2026-11-27 10:00"


@given(st.lists(st.sampled_from(["NONE", "BUSY", "VM_LEFT", "ABSENT", "AWAY", "BLOCK", "MOVED"]), max_size=8))
def test_a_meeting_that_is_moved_answers_every_try_since_it_was_set(codes: list[str]) -> None:
    at = tokyo("2026-11-30 10:00")
    facts, done = lead(meeting_at=at.isoformat()), [recorded("MEETING", meeting_at=at)]
    for n, code in enumerate([*codes, "MOVED"], 1):
        done.append(recorded(code, facts, done, NOW + timedelta(hours=n), meeting_at=at))
    action = state_of(facts, done).next_action
    assert action is not None
    assert action.kind is ActionKind.HANDOFF


def test_recording_ends_the_hold_the_pin_and_the_snooze() -> None:
    facts = lead(lease={"member": "me"}, pinned=True, snoozed_until="2026-12-01T00:00:00+00:00")
    assert judged("NONE", facts).lead_fields == {"lease": None, "pinned": None, "snoozed_until": None}
    assert judged("CANCEL", facts).lead_fields == {"lease": None}


def test_answers_heard_in_the_call_are_kept() -> None:
    out = judged("LATER", adoption_at=date(2027, 4, 1), competitor="他社")
    assert out.lead_fields == {"adoption_at": "2027-04-01", "competitor": "他社"}
    assert judged("REFUSED", reason="no_need").lead_fields["refusal_reason"] == "no_need"
    assert judged("GONE").company_fields == {"closed": True}
    assert judged("GONE", replace(lead(), company_id=None, company=None)).company_fields == {}


def test_an_incoming_call_is_not_a_dial() -> None:
    done = climb("NONE", 2)
    out = judged("LOOSE", history=done, direction=Direction.IN)
    assert out.attempt == 0
    assert judged("CANCEL", history=done).attempt == 2
    assert judged("NONE", history=done).attempt == 3


def test_a_cancelled_first_dial_leaves_the_first_call() -> None:
    plan = judged("CANCEL").plan
    assert (plan.action, plan.due_at, plan.why) == (ActionKind.FIRST_CALL, NOW, STAY)
    assert judged("TWIN").plan.action is ActionKind.MERGE
