"""Every row of OUTCOMES.md against the shipped playbook: what it counts as, and what it makes the next action."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache

import pytest

from isdesk import playbook
from isdesk.domain.cycle import dials
from isdesk.domain.deriving import derive
from isdesk.domain.planning import Outcomed
from isdesk.domain.rules import Rules
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Reached, Touch
from isdesk.domain.work_calendar import WorkCalendar
from tests.domain import sample
from tests.domain.sample import DIRECT, MOBILE, NOW, SWITCHBOARD, lead, tokyo, wall

A = ActionKind
STARTED = "2026-11-20 10:32"
FULL = {
    "callback_at": tokyo("2026-11-24 14:00"),
    "meeting_at": tokyo("2026-11-30 10:00"),
    "fs_id": "fs",
    "reason": "no_need",
    "note": "もうかけないでください",
    "adoption_at": date(2027, 6, 1),
    "competitor": "他社",
}


@cache
def rules() -> Rules:
    return playbook.load("default", years=(2025, 2026, 2027, 2028)).rules


def judge(
    code: str, facts: LeadFacts | None = None, history: list[Touch] | None = None, now: datetime = NOW, **given: object
) -> Outcomed:
    return sample.judged(code, facts, history or [], now, rules(), **(FULL | given))


def record(
    code: str, facts: LeadFacts | None = None, history: list[Touch] | None = None, now: datetime = NOW, **given: object
) -> Touch:
    return sample.recorded(code, facts, history or [], now, rules(), **(FULL | given))


ROWS = {
    # code: (A, D, M, next action, due, why)
    "NO_ANSWER": (0, 0, 0, A.RETRY, "2026-11-20 14:32", "retry:P_NOANS:1"),
    "BUSY": (0, 0, 0, A.RETRY, "2026-11-20 10:47", "retry:P_BUSY:1"),
    "VOICEMAIL": (0, 0, 0, A.RETRY, "2026-11-20 14:32", "retry:P_NOANS:1"),
    "VOICEMAIL_LEFT": (0, 0, 0, A.RETRY, "2026-11-24 13:00", "retry:P_VOICEMAIL_LEFT:1"),
    "IVR_STUCK": (0, 0, 0, A.RETRY, STARTED, "number:IVR_STUCK"),
    "NOT_IN_SERVICE": (0, 0, 0, A.RETRY, STARTED, "number:NOT_IN_SERVICE"),
    "FAX": (0, 0, 0, A.RETRY, STARTED, "number:FAX"),
    "CALL_FAILED": (0, 0, 0, A.RETRY, "2026-11-20 11:02", "retry:P_FAILED:1"),
    "CANCELED": (0, 0, 0, A.FIRST_CALL, STARTED, "stay"),
    "DM_ABSENT_TIME": (1, 0, 0, A.CALLBACK_EXACT, "2026-11-24 14:10", "callback:DM_ABSENT_TIME"),
    "DM_ABSENT": (1, 0, 0, A.RETRY, "2026-11-24 09:30", "retry:P_DM_ABSENT:1"),
    "DM_AWAY_SHORT": (1, 0, 0, A.RETRY, "2026-11-20 13:00", "retry:P_DM_AWAY:1"),
    "RETURN_CALL_PROMISED": (1, 0, 0, A.RETRY, "2026-11-25 10:32", "plan:RETURN_CALL_PROMISED"),
    "GATEKEEPER_BLOCK": (1, 0, 0, A.RETRY, "2026-11-30 09:30", "retry:P_GATEKEEPER:1"),
    "GATEKEEPER_REFUSED": (1, 0, 0, A.NURTURE, "2027-02-18 10:00", "cooldown"),
    "REFERRED": (1, 0, 0, A.RETRY, "2026-11-24 10:32", "plan:REFERRED"),
    "STAFF_TALK": (1, 0, 0, A.RETRY, "2026-11-26 10:32", "plan:STAFF_TALK"),
    "DM_LEFT": (1, 0, 0, A.RETRY, STARTED, "number:DM_LEFT"),
    "WRONG_NUMBER": (1, 0, 0, A.RETRY, STARTED, "number:WRONG_NUMBER"),
    "HANGUP_EARLY": (1, 0, 0, A.RETRY, "2026-12-21 09:30", "plan:HANGUP_EARLY"),
    "CALLBACK_AT": (1, 1, 0, A.CALLBACK_EXACT, "2026-11-24 14:00", "callback:CALLBACK_AT"),
    "CALLBACK_LOOSE": (1, 1, 0, A.CALLBACK_LOOSE, "2026-11-26 10:32", "plan:CALLBACK_LOOSE"),
    "INFO_REQUESTED": (1, 1, 0, A.CALLBACK_LOOSE, "2026-11-26 10:32", "plan:INFO_REQUESTED"),
    "INTERESTED": (1, 1, 0, A.CALLBACK_LOOSE, "2026-11-25 10:32", "plan:INTERESTED"),
    "SCHEDULING": (1, 1, 0, A.CALLBACK_LOOSE, "2026-11-24 10:32", "plan:SCHEDULING"),
    "NURTURE_TIMING": (1, 1, 0, A.NURTURE, "2027-04-02 10:00", "wake:adoption_at"),
    "NURTURE_LOW": (1, 1, 0, A.NURTURE, "2026-12-21 10:32", "plan:NURTURE_LOW"),
    "NO_BUDGET": (1, 1, 0, A.NURTURE, "2027-03-23 10:00", "wake:else"),
    "COMPETITOR": (1, 1, 0, A.NURTURE, "2027-05-19 10:00", "wake:else"),
    "MEETING_SET": (1, 1, 1, A.HANDOFF, STARTED, "handoff"),
    "MEETING_RESCHEDULED": (1, 1, 0, A.FIRST_CALL, STARTED, "stay"),
    "MEETING_CANCELED": (1, 1, 0, A.RETRY, "2026-11-30 10:32", "plan:MEETING_CANCELED"),
    "NO_SHOW": (0, 0, 0, A.RETRY, "2026-11-24 09:30", "plan:NO_SHOW"),
    "NOT_INTERESTED": (1, 1, 0, A.NURTURE, "2027-05-19 10:00", "cooldown"),
    "UNQUALIFIED": (1, 0, 0, None, None, "close"),
    "EXISTING_CUSTOMER": (1, 0, 0, None, None, "close"),
    "COMPANY_CLOSED": (0, 0, 0, None, None, "close"),
    "DUPLICATE": (0, 0, 0, A.MERGE, STARTED, "merge"),
    "DNC_REQUEST": (1, 0, 0, None, None, "close"),
    "COMPLAINT": (1, 0, 0, None, None, "close"),
}


def test_the_table_names_the_whole_catalogue() -> None:
    assert set(ROWS) == {code for code, outcome in rules().outcomes.items() if outcome.on(Channel.PHONE)}


@pytest.mark.parametrize("code", ROWS)
def test_a_row_of_the_catalogue(code: str) -> None:
    answered, dm_reached, meeting_set, action, due, why = ROWS[code]
    out = judge(code)
    assert (out.flags.answered, out.flags.dm_reached, out.flags.meeting_set) == (
        bool(answered),
        bool(dm_reached),
        bool(meeting_set),
    )
    assert (out.plan.action, out.plan.why) == (action, why)
    assert (wall(out.plan.due_at) if out.plan.due_at else None) == due
    assert out.needs == ()
    counted = code not in {"CANCELED", "DUPLICATE", "NO_SHOW"}
    assert out.attempt == counted
    assert dials([record(code)], rules()) == counted


@pytest.mark.parametrize("code", ROWS)
def test_after_any_outcome_an_open_lead_has_its_next_action(code: str) -> None:
    calendar = WorkCalendar(rules().business)
    made = record(code)
    state = derive(lead(), [made], [], rules=rules(), calendar=calendar, now=NOW)
    closed = ROWS[code][3] is None
    assert state.open == (not closed)
    assert (state.next_action is None) == closed
    if state.next_action is not None and made.plan is not None and made.plan.why != "stay":
        assert (state.next_action.kind, state.next_action.due_at) == (made.plan.action, made.plan.due_at)


def again(code: str, times: int) -> list[Touch]:
    done: list[Touch] = []
    at = NOW
    for _ in range(times):
        done.append(record(code, history=done, now=at))
        plan = done[-1].plan
        assert plan is not None
        at = plan.due_at or at
    return done


def whys(touches: list[Touch]) -> list[str]:
    return [t.plan.why for t in touches if t.plan]


def dues(touches: list[Touch]) -> list[str]:
    return [wall(t.plan.due_at) for t in touches if t.plan]


def test_the_retry_ladder() -> None:
    done = again("NO_ANSWER", 6)
    assert whys(done) == [*(f"retry:P_NOANS:{n}" for n in range(1, 6)), "exhausted:P_NOANS"]
    days = [at[:10] for at in dues(done)]
    assert days == ["2026-11-20", "2026-11-24", "2026-11-26", "2026-12-02", "2026-12-11", "2027-01-12"]
    assert done[-1].plan is not None
    assert len(done[-1].plan.mails) == 3


def test_busy_and_failed_twice_then_the_ladder() -> None:
    assert whys(again("BUSY", 3)) == ["retry:P_BUSY:1", "retry:P_BUSY:2", "retry:P_NOANS:1"]
    assert whys(again("CALL_FAILED", 3)) == ["retry:P_FAILED:1", "retry:P_FAILED:2", "retry:P_NOANS:1"]
    assert whys(again("VOICEMAIL_LEFT", 2)) == ["retry:P_VOICEMAIL_LEFT:1", "retry:P_NOANS:1"]
    assert whys(again("DM_AWAY_SHORT", 2)) == ["retry:P_DM_AWAY:1", "retry:P_DM_ABSENT:1"]


def test_absent_six_times_is_enough() -> None:
    assert whys(again("DM_ABSENT", 6))[-2:] == ["retry:P_DM_ABSENT:5", "exhausted:P_DM_ABSENT"]


def test_scheduling_five_times_is_enough() -> None:
    done = again("SCHEDULING", 5)
    assert [t.plan.action for t in done if t.plan] == [A.CALLBACK_LOOSE] * 4 + [A.NURTURE]


def test_the_second_block_goes_by_mail_first() -> None:
    done = again("GATEKEEPER_BLOCK", 2)
    assert [t.plan.action for t in done if t.plan] == [A.RETRY, A.MAIL]


def test_hanging_up_twice_rests_ninety_days() -> None:
    done = again("HANGUP_EARLY", 2)
    assert [wall(t.cooldown_until) for t in done] == ["2026-12-20 00:00", "2027-03-21 00:00"]


def test_numbers_that_do_not_work() -> None:
    for code, flag in (("NOT_IN_SERVICE", "not_in_service"), ("FAX", "fax"), ("WRONG_NUMBER", "wrong")):
        out = judge(code, lead(phone_mobile=MOBILE))
        assert (out.number, out.lead_fields["bad_numbers"]) == (MOBILE, {DIRECT: flag})
        last = judge(code, lead(company={"phone": None}))
        assert (last.plan.action, wall(last.plan.due_at)) == (A.RESEARCH_NUMBER, "2026-11-24 10:00")
    assert judge("IVR_STUCK").number == SWITCHBOARD
    assert judge("IVR_STUCK", lead(company={"phone": None})).plan.why == "plan:IVR_STUCK"
    assert judge("DM_LEFT", lead(company={"phone": None})).closes


def test_wakes_by_what_was_heard() -> None:
    soon = judge("NURTURE_TIMING", adoption_at=date(2026, 12, 24))
    assert wall(soon.plan.due_at) == "2026-12-21 10:00"
    assert wall(judge("NO_BUDGET", lead(budget_month=4)).plan.due_at) == "2027-04-01 10:00"
    assert wall(judge("COMPETITOR", lead(contract_end="2027-09-30")).plan.due_at) == "2027-07-02 10:00"


def test_what_must_be_given() -> None:
    needed = {code: sample.judged(code, rules=rules()).needs for code in ROWS}
    assert {code: what for code, what in needed.items() if what} == {
        "DM_ABSENT_TIME": ("callback_at",),
        "CALLBACK_AT": ("callback_at",),
        "NURTURE_TIMING": ("adoption_at",),
        "COMPETITOR": ("competitor",),
        "MEETING_SET": ("meeting_at", "fs_id"),
        "MEETING_RESCHEDULED": ("meeting_at",),
        "NOT_INTERESTED": ("reason",),
        "DNC_REQUEST": ("note",),
        "COMPLAINT": ("note",),
    }


def test_do_not_call() -> None:
    out = judge("DNC_REQUEST")
    assert out.suppress == (("lead", "lead-1"), ("number", DIRECT), ("mail", "yamada@example.com"))
    assert ("company", "company-1") in judge("COMPLAINT").suppress
    assert judge("COMPLAINT").alert_team_lead


def test_the_party_reached_decides_only_where_it_may() -> None:
    for code, spec in rules().outcomes.items():
        plain = judge(code).flags
        staff = judge(code, reached=Reached.STAFF).flags
        boss = judge(code, reached=Reached.DECISION_MAKER).flags
        assert boss.dm_reached <= boss.answered
        if spec.dm_override:
            assert (staff.dm_reached, boss.dm_reached) == (False, True)
        else:
            assert staff.dm_reached == boss.dm_reached == plain.dm_reached


def test_history_of_another_version_still_counts() -> None:
    old = replace(record("NO_ANSWER"), outcome="GONE_FROM_THE_CATALOGUE")
    assert judge("NO_ANSWER", history=[old]).attempt == 1


@pytest.mark.parametrize("name", [preset.name for preset in playbook.presets()])
def test_every_preset_plans_every_outcome_and_keeps_an_open_lead_open(name: str) -> None:
    team = playbook.load(name, years=(2026, 2027, 2028)).rules
    calendar = WorkCalendar(team.business)
    for code in team.outcomes:
        made = sample.recorded(code, None, [], NOW, team, **FULL)
        state = derive(lead(), [made], [], rules=team, calendar=calendar, now=NOW)
        assert state.open == (state.next_action is not None), code
        assert made.plan is not None
        assert state.open == (made.plan.action is not None), code
