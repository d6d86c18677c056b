"""Handoffs: steps fold to one state on every device, and the checklist fills itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.fields import LEAD_FIELDS
from isdesk.domain.handoff import (
    ChecklistLineData,
    Handoff,
    State,
    Transition,
    actions,
    allowed,
    checklist,
    fold,
    fold_all,
    grade,
    grade_of,
    missing,
    shown_value,
    starts_new,
)
from isdesk.domain.ids import HandoffId
from isdesk.domain.state import LeadFacts, Scores
from isdesk.domain.touch import Channel, Touch
from tests.domain.sample import CALENDAR, NOW, RULES, lead, minutes, recorded, signal, step, touch

TODAY = CALENDAR.day_of(NOW)
EVERY = ["ask", "refuse", "submit", "accept", "return", "recycle", "withdraw", "feedback"]


@given(st.lists(st.tuples(st.sampled_from(EVERY), st.sampled_from(["a", "b"])), max_size=12), st.randoms())
def test_any_steps_fold_the_same_in_any_order_to_an_allowed_path(taken: list[tuple[str, str]], random: object) -> None:
    steps = [step(action, NOW + minutes(n), handoff) for n, (action, handoff) in enumerate(taken)]
    folded = fold_all(steps)
    mixed = list(steps)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert fold_all(mixed) == folded
    for one in folded:
        state = State.DRAFT.value
        own = [replace(s, handoff_id=HandoffId("own")) for s in one.steps]
        for taken_step in own:
            assert allowed(state, taken_step.action)
            state = fold([s for s in own if s.at <= taken_step.at]).state.value
        assert state == one.state


@given(st.lists(st.sampled_from(EVERY), max_size=8), st.integers(0, 7))
def test_a_step_taken_back_never_was(taken: list[str], which: int) -> None:
    steps = [step(action, NOW + minutes(n)) for n, action in enumerate(taken)]
    if which >= len(steps):
        return
    void = step("submit", NOW + timedelta(days=1), void=True, corrects=steps[which].id)
    assert fold([*steps, void]) == fold([s for s in steps if s is not steps[which]])


def test_the_life_of_a_handoff() -> None:
    steps: list[Transition] = []

    def after(action: str, **more: object) -> Handoff:
        steps.append(step(action, NOW + minutes(len(steps)), **more))  # type: ignore[arg-type]
        return fold(steps)

    assert fold([]) == Handoff()
    assert after("submit", to_fs="fs").state is State.SUBMITTED
    returned = after("return", reason="timing")
    assert (returned.state, returned.reason, returned.decided_at) == (State.RETURNED, "timing", NOW + minutes(1))
    again = after("submit")
    assert (again.state, again.reason, again.fs_id, again.decided_at) == (State.SUBMITTED, None, "fs", None)
    assert after("accept").state is State.ACCEPTED
    assert after("return").state is State.ACCEPTED
    told = after("feedback", payload={"result": "won", "reasked": ["timing"]})
    assert (told.state, told.feedback) == (State.ACCEPTED, {"result": "won", "reasked": ["timing"]})
    assert after("recycle", reason="not_now").state is State.RECYCLED
    newer = after("submit", handoff="handoff-2")
    assert (newer.id, newer.state) == ("handoff-2", State.SUBMITTED)
    assert [h.state for h in fold_all(steps)] == [State.RECYCLED, State.SUBMITTED]


def test_what_may_be_done_when() -> None:
    assert actions("draft") == ("submit",)
    assert actions("submitted") == ("accept", "return", "recycle", "withdraw")
    assert actions("accepted") == ("recycle", "feedback")
    assert not allowed("nowhere", "submit")
    assert not allowed("draft", "jump")
    assert starts_new("withdrawn")
    assert not starts_new("returned")


def lines(facts: LeadFacts, touches: list[Touch] | None = None, **more: object) -> dict[str, ChecklistLineData]:
    found = checklist(facts, touches or [], Scores(90, 82, 100, 74), RULES, TODAY, **more)  # type: ignore[arg-type]
    return {line.code: line for line in found}


def test_an_empty_checklist_shows_what_to_ask() -> None:
    found = lines(lead())
    assert [line.code for line in missing(found.values())] == ["company", "issue", "timing", "history", "meeting"]
    assert found["company"].missing_fields == ("company.industry", "company.employees")
    assert (found["issue"].ask_ja, found["issue"].ask_en) == ("何にお困りですか", "What is the problem?")
    assert (found["memo"].done, found["memo"].required) == (False, False)


def test_a_checklist_fills_itself_with_what_is_known() -> None:
    facts = lead(
        company={"industry": "製造", "employees": 320},
        issue="集計",
        adoption_timing="3_months",
        meeting_at="2026-11-30T01:00:00+00:00",
    )
    touches = [recorded("NONE", now=NOW - timedelta(days=3)), signal(NOW), touch(NOW - timedelta(days=1), "INFO")]
    found = lines(facts, touches, fresh_fields=frozenset({"issue"}))
    assert missing(found.values()) == ()
    assert {code: line.value for code, line in found.items()} == {
        "company": "製造 ・ 320",
        "issue": "集計",
        "timing": "3か月以内",
        "history": "2回",
        "likelihood": "A(74)",
        "meeting": "2026-11-30 10:00",
        "memo": "",
    }
    assert [code for code, line in found.items() if line.fresh] == ["issue"]
    assert lines(facts, [touch(NOW, "INFO")])["history"].fresh
    by_mail = lines(facts, [touch(NOW, "INFO", channel=Channel.LINKEDIN)])["history"]
    assert (by_mail.done, by_mail.fresh) == (True, False), "this call is no contact over another channel"
    assert lines(facts, [touch(NOW, "INFO")], lang="en")["timing"].value == "Within 3 months"
    assert lines(facts, [touch(NOW, "INFO")], lang="en")["history"].value == "1×"


@pytest.mark.parametrize(("priority", "expected"), [(100, "A"), (70, "A"), (69, "B"), (45, "B"), (44, "C"), (0, "C")])
def test_grades(priority: int, expected: str) -> None:
    scores = Scores(1, 1, 1, priority)
    assert grade(scores, RULES) == expected
    assert grade_of(lead(), scores, RULES) == expected
    assert grade_of(lead(confidence_rank="B"), scores, RULES) == "B"


def test_values_as_people_read_them() -> None:
    assert shown_value(None, None) == ""
    assert shown_value(False, None) == ""
    assert shown_value("other_code", LEAD_FIELDS["adoption_timing"]) == "other_code"
    assert shown_value(320, None) == "320"
