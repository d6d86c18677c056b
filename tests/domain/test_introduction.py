"""What people note on the introduction: the last word about an item counts, dates follow the start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from isdesk import playbook
from isdesk.domain.changes import Value
from isdesk.domain.errors import PlaybookError
from isdesk.domain.filing import Filing
from isdesk.domain.ids import DeviceId, MemberId
from isdesk.domain.introduction import CHECKS, KIND, notes, phase_of
from isdesk.domain.raci import DEPARTMENTS
from isdesk.services.introduction_checks import _CHECKS
from tests.domain.test_cover import AT, DAY

RULES = playbook.load("default").rules


def said(number: int, subject: str, payload: dict[str, Value]) -> Filing:
    at = AT + timedelta(minutes=number)
    return Filing(f"f{number}", KIND, subject, MemberId("m"), DeviceId("d"), number, at, None, payload)


def test_the_last_word_counts_and_a_void_one_does_not() -> None:
    first = said(1, "step:sla", {"step": "mark", "yes": True})
    second = said(2, "step:sla", {"step": "mark", "yes": None})
    assert notes([first]).marks["step:sla"].yes is True
    assert notes([second, first]).marks == {}
    undone = replace(second, id="f3", device_seq=3, payload={}, corrects="f2", void=True)
    assert notes([first, second, undone]).marks["step:sla"].yes is True


def test_owners_and_dates() -> None:
    scaling = next(step for step in RULES.introduction if step.code == "scaling")
    began = said(1, "start", {"step": "start", "day": "2026-11-24"})
    assert notes([]).due(scaling) is None
    assert notes([began]).due(scaling) == DAY + timedelta(days=90)
    given = said(2, "step:scaling", {"step": "assign", "member": "m-1", "due": "2026-12-24"})
    found = notes([began, given])
    assert (found.due(scaling), found.owners) == (date(2026, 12, 24), {"scaling": "m-1"})
    back = said(3, "step:scaling", {"step": "assign", "member": None, "due": None})
    assert (notes([began, given, back]).due(scaling), notes([began, given, back]).owners) == (
        DAY + timedelta(days=90), {},
    )  # fmt: skip
    assert notes([said(1, "start", {"step": "start", "day": "soon"})]).start is None


@pytest.mark.parametrize(("day", "phase"), [(-1, 0), (0, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)])
def test_phases(day: int, phase: int) -> None:
    assert phase_of(DAY, DAY + timedelta(days=day)) == phase
    assert phase_of(None, DAY) == 0


def test_the_shipped_plan_is_whole() -> None:
    assert {step.phase for step in RULES.introduction} == {1, 2, 3}
    assert all(step.owner in DEPARTMENTS and step.day <= 90 for step in RULES.introduction)
    assert (len(RULES.readiness), len(RULES.symptoms)) == (6, 5)
    named = {one.check for one in (*RULES.readiness, *RULES.symptoms)} | {one.check for one in RULES.introduction}
    assert named - {""} == set(CHECKS)
    assert set(_CHECKS) == set(CHECKS)


def test_the_plan_is_the_teams_to_change() -> None:
    text = 'extends = "default"\nname = "t"\nnumber = 2\nja = "a"\nen = "a"\n'
    own = playbook.loads(f'{text}[introduction.party]\nja = "祝う"\nen = "Party"\nphase = 3\nowner = "field_sales"\n')
    step = own.rules.introduction[-1]
    assert (step.code, step.day, step.owner, step.check) == ("party", 90, "field_sales", "")
    for wrong in ('check = "mood"', 'owner = "nobody"', "phase = 4"):
        with pytest.raises(PlaybookError):
            playbook.loads(f"{text}[introduction.sla]\n{wrong}\n")
