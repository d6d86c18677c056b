"""Where scripts lead: forward only, steps that nothing reaches, branches that never hold, answers that lead nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.conditions import hold_all
from isdesk.domain.ids import LeadId
from isdesk.domain.rules import Branch, ChecklistItem, Label, Phase, Question, ScoreRule, Script
from isdesk.domain.script_flow import Arrow, flow, following
from isdesk.domain.state import LeadFacts

NAME = Label("名", "Name")
CODES = ("opening", "value", "verify", "compare", "next")


def rule(**condition: object) -> ScoreRule:
    return ScoreRule("x", NAME, 0, **{"field": "competitor", **condition})  # type: ignore[arg-type]


def branch(code: str, phase: str, to: str, *when: ScoreRule) -> Branch:
    return Branch(code, phase, to, NAME, when)


def script(*branches: Branch, questions: tuple[Question, ...] = ()) -> Script:
    phases = tuple(Phase(c, NAME, "…", questions if c == "verify" else (), aside=c == "compare") for c in CODES)
    return Script("s", 1, NAME, phases, branches=branches)


def test_without_branches_a_script_is_gone_through_in_order_beside_its_asides() -> None:
    found = flow(script())
    assert [(a.phase, a.to) for a in found.arrows] == [
        ("opening", "value"), ("value", "verify"), ("verify", "next"), ("compare", "next"),
    ]  # fmt: skip
    assert found.unreached == ("compare",)
    assert [following(script(), code) for code in CODES] == ["value", "verify", "next", "next", ""]


def test_a_branch_leads_to_an_aside() -> None:
    found = flow(script(branch("other", "verify", "compare", rule(present=True))))
    assert Arrow("verify", "compare", "other") in found.arrows
    assert (found.unreached, found.never) == ((), ())


def test_what_no_answer_reaches_is_told() -> None:
    every = (branch("a", "opening", "verify", rule(present=True)), branch("b", "opening", "next", rule(present=False)))
    found = flow(script(*every))
    assert found.unreached == ("value", "compare")
    assert Arrow("opening", "value", live=False) in found.arrows


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"present": True}, {"equals": "他社"}),
        ({"any_of": ("他社",)}, {"any_of": ("他社ツール",)}),
        ({"at_least": 3.0}, {"at_least": 5.0}),
        ({"none_of": ("自社",)}, {"equals": "他社"}),
    ],
)
def test_a_branch_behind_one_that_always_wins_never_holds(first: dict[str, object], second: dict[str, object]) -> None:
    both = (branch("a", "opening", "next", rule(**first)), branch("b", "opening", "verify", rule(**second)))
    assert flow(script(*both)).never == ("b",)
    assert flow(script(*reversed(both))).never == ()


def test_a_value_that_a_fixed_list_does_not_hold_is_never_answered() -> None:
    one = branch("a", "opening", "next", rule(equals="maybe"))
    assert flow(script(one)).never == ()
    assert flow(script(one), {"competitor": ("yes", "no")}).never == ("a",)


def test_two_words_may_stand_in_one_answer() -> None:
    one = branch("a", "opening", "next", rule(any_of=("紙",)), rule(any_of=("Excel",)))
    assert flow(script(one)).never == ()


def test_a_question_whose_answer_leads_nowhere_is_told() -> None:
    asked = (
        Question("who", "decision_maker", NAME),
        Question("why", "purpose", NAME),
        Question("x", "competitor", NAME),
    )
    item = ChecklistItem("i", NAME, ("purpose",))
    found = flow(script(branch("a", "opening", "next", rule(present=True)), questions=asked), checklist=[item])
    assert found.idle == ("who",)


_RULES = st.builds(
    rule,
    equals=st.none() | st.sampled_from(["あ", "い"]),
    present=st.none() | st.booleans(),
    any_of=st.lists(st.sampled_from(["あ", "う"]), max_size=2).map(tuple),
)


@given(st.lists(_RULES, min_size=1, max_size=4), st.sampled_from([None, "あ", "い", "う", "あう", "x"]))
def test_whatever_is_answered_the_way_taken_is_among_those_foreseen(rules: list[ScoreRule], value: str | None) -> None:
    made = script(*(branch(f"b{n}", "opening", "next", one) for n, one in enumerate(rules)))
    facts = LeadFacts(LeadId("l"), {} if value is None else {"competitor": value})
    taken = next((one.code for one in made.branches if hold_all(one.when, facts)), "")
    assert next(a for a in flow(made).arrows if a.phase == "opening" and a.branch == taken).live
