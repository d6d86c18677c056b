"""Stages: a gate says what is missing, and nobody moves what is not theirs."""

from __future__ import annotations

from isdesk.domain import stage
from isdesk.domain.rules import Criterion, Label
from tests.domain.sample import NOW, RULES, lead, minutes, recorded, signal, state_of, step


def test_a_gate_says_what_is_missing() -> None:
    facts = lead()
    assert stage.missing_for("sql", facts, state_of(facts), [], RULES) == ("touch", "issue", "score:5")
    assert [c.label.ja for c in stage.missing_criteria("sql", facts, state_of(facts), [], RULES)] == [
        "talked",
        "issue",
        "score",
    ]
    ready = lead(company={"industry": "製造"}, issue="集計に時間がかかる", adoption_timing="this_month")
    touches = [recorded("LOOSE", ready), signal(NOW)]
    assert stage.missing_for("sql", ready, state_of(ready, touches), touches, RULES) == ()
    assert stage.missing_for("sql", ready, state_of(ready), [recorded("NONE", ready)], RULES)[0] == "touch"


def test_acceptance_and_meeting_are_criteria_too() -> None:
    facts = lead(meeting_at="2026-12-01T01:00:00+00:00")
    steps = [step("submit", NOW)]
    assert stage.missing_for("sao", lead(), state_of(), [], RULES) == ("handoff:accepted", "meeting")
    assert stage.missing_for("sao", facts, state_of(facts, [], steps), [], RULES) == ("handoff:accepted",)
    steps.append(step("accept", NOW + minutes(1)))
    assert stage.missing_for("sao", facts, state_of(facts, [], steps), [], RULES) == ()


def test_moves_and_their_approval() -> None:
    facts = lead(stage="sql")
    found = {m.stage: m for m in stage.moves(facts, state_of(facts), [], RULES)}
    assert list(found) == ["mql", "sao", "nurture", "disqualified"]
    assert found["nurture"].allowed
    assert not found["sao"].allowed
    assert found["sao"].needs_approval


def test_where_a_lead_begins_and_unknown_stages() -> None:
    assert stage.first_stage(RULES) == "mql"
    assert stage.stage_of(lead(), RULES) == "mql"
    assert stage.stage_of(lead(stage="sql"), RULES) == "sql"
    assert stage.missing_for("no_such", lead(), state_of(), [], RULES) == ()
    assert stage.criterion_code(Criterion("field", Label("x", "x"), field="need")) == "need"


def test_an_outcome_does_not_take_a_lead_back_from_field_sales() -> None:
    assert stage.advance("mql", "sql", RULES) == "sql"
    assert stage.advance("nurture", "sql", RULES) == "sql"
    assert stage.advance("sao", "sql", RULES) is None
    assert stage.advance("sao", "nurture", RULES) == "nurture"
    assert stage.advance("mql", None, RULES) is None
    assert stage.advance("mql", "mql", RULES) is None
    assert stage.advance("mql", "no_such", RULES) is None
    assert stage.advance("unknown", "sql", RULES) == "sql"
