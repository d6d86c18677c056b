"""Whose a lead's task is: the activity by its next action or stage, R and A by department, people where known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isdesk import playbook
from isdesk.domain.errors import PlaybookError
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.domain.raci import Party, activity_of, duty
from isdesk.domain.state import NextAction
from isdesk.domain.touch import ActionKind
from tests.domain.test_cover import AT
from tests.store.test_leads import BARE

REP, FS = MemberId("rep"), MemberId("fs")
BOSS = Member(MemberId("boss"), "森 恵", "team_lead")
TABLE = playbook.load("default").rules.raci


def state(kind: ActionKind | None, stage: str = "mql"):  # type: ignore[no-untyped-def] # a lead's state
    action = NextAction(kind, AT, "why") if kind is not None else None
    return replace(BARE, next_action=action, stage=stage)


@pytest.mark.parametrize("kind", list(ActionKind))
def test_every_task_that_the_program_makes_has_its_activity(kind: ActionKind) -> None:
    found = duty(TABLE, state(kind), keeper=REP, fs=FS, members=[BOSS])
    assert found is not None
    assert found.responsible.department in {"inside_sales", "field_sales"}
    assert found.responsible.member_id is not None
    assert found.accountable.member_id is not None


def test_inside_sales_answers_by_its_one_team_lead() -> None:
    verify = duty(TABLE, state(ActionKind.RETRY), keeper=REP, fs=FS, members=[BOSS])
    assert verify is not None
    assert (verify.activity.code, verify.responsible) == ("verify_lead", Party("inside_sales", REP))
    assert verify.accountable == Party("inside_sales", BOSS.id)
    two = [BOSS, replace(BOSS, id=MemberId("b2"))]
    for members in ([], two, [replace(BOSS, active=False)]):
        found = duty(TABLE, state(ActionKind.RETRY), keeper=REP, fs=FS, members=members)
        assert found is not None
        assert found.accountable == Party("inside_sales", REP)


def test_a_meeting_is_the_salespersons() -> None:
    found = duty(TABLE, state(ActionKind.AWAIT_FS, "sql"), keeper=REP, fs=FS, members=[BOSS])
    assert found is not None
    assert (found.activity.code, found.responsible, found.accountable) == (
        "run_meeting", Party("field_sales", FS), Party("field_sales", FS),
    )  # fmt: skip


def test_without_a_next_action_the_stage_says_it() -> None:
    assert activity_of(TABLE, state(None, "won")).code == "process_order"  # type: ignore[union-attr]
    assert activity_of(TABLE, state(None, "opportunity")).code == "run_meeting"  # type: ignore[union-attr]
    assert activity_of(TABLE, state(None, "disqualified")) is None
    assert duty(TABLE, state(None, "disqualified"), keeper=REP, fs=None, members=[]) is None


def test_the_table_is_the_teams_to_change() -> None:
    text = 'extends = "default"\nname = "t"\nnumber = 2\nja = "a"\nen = "a"\n'
    own = playbook.loads(text + '[raci.follow_up]\nstages = ["won"]\n[raci.process_order]\nstages = []\n')
    found = activity_of(own.rules.raci, state(None, "won"))
    assert found is not None
    assert (found.code, found.customer_success) == ("follow_up", "R/A")
    for wrong in ('actions = ["dance"]', 'stages = ["limbo"]'):
        with pytest.raises(PlaybookError):
            playbook.loads(f"{text}[raci.follow_up]\n{wrong}\n")
