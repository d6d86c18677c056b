"""fit × intent × timing: kept apart, explained, fading by the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from isdesk.domain.conditions import as_number, choose_script, folded, hold_all, holds
from isdesk.domain.rules import Label, ScoreRule, Script
from isdesk.domain.score import score
from isdesk.domain.state import LeadFacts, Scores
from isdesk.domain.touch import Touch
from tests.domain import strategies
from tests.domain.sample import CALENDAR, NOW, RULES, lead, minutes, recorded, signal, tokyo, touch


def scored(facts: LeadFacts | None = None, touches: list[Touch] | None = None, now: datetime = NOW) -> Scores:
    return score(facts or lead(), touches or [], rules=RULES, now=now)


def parts(scores: Scores, axis: str) -> dict[str, int]:
    return {p.code: p.points for p in scores.parts if p.axis == axis}


@given(strategies.cases(), strategies.instants)
def test_scores_stay_in_bounds_and_are_explained(case: strategies.Case, now: datetime) -> None:
    facts, touches, _ = case
    scores = scored(facts, touches, now)
    for axis, value in (("fit", scores.fit), ("intent", scores.intent), ("timing", scores.timing)):
        assert 0 <= value <= 100
        assert value == max(0, min(100, sum(parts(scores, axis).values())))
    assert scores.priority == (scores.fit * scores.intent * scores.timing + 5000) // 10000
    assert 0 <= scores.priority <= 100


@given(strategies.cases(), strategies.working)
def test_scores_change_with_the_date_only_and_only_where_they_say_so(case: strategies.Case, now: datetime) -> None:
    facts, touches, _ = case
    scores = scored(facts, touches, now)
    assert scored(facts, touches, CALENDAR.next_midnight(now) - minutes(1)) == scores
    if not scores.daily:
        assert scored(facts, touches, now + timedelta(days=45)) == scores


def test_an_unknown_lead_has_the_bases() -> None:
    scores = scored()
    assert (scores.fit, scores.intent, scores.timing, scores.priority) == (30, 20, 30, 2)
    assert parts(scores, "fit") == {"base": 30}


def test_rules_add_up() -> None:
    scores = scored(lead(company={"industry": "精密部品の製造", "employees": 320}, title="購買部長"))
    assert parts(scores, "fit") == {"base": 30, "industry": 40, "size": 20, "boss": 10}
    assert scores.fit == 100


def test_interest_fades_and_is_capped() -> None:
    assert parts(scored(touches=[signal(NOW)]), "intent") == {"base": 20, "download": 30}
    assert parts(scored(touches=[signal(NOW - timedelta(days=10))]), "intent")["download"] == 15
    assert parts(scored(touches=[signal(NOW), signal(NOW - minutes(3))]), "intent")["download"] == 45
    assert parts(scored(touches=[signal(NOW + timedelta(days=3))]), "intent")["download"] == 30
    heard = [recorded("INFO", now=NOW - timedelta(days=30))]
    assert parts(scored(touches=heard), "intent")["outcome:INFO"] == 5
    made = signal(NOW)
    taken_back = touch(NOW, None, void=True, corrects=made.id)
    assert parts(scored(touches=[made, taken_back]), "intent") == {"base": 20}


@pytest.mark.parametrize(
    ("fields", "timing", "why"),
    [
        ({"adoption_timing": "this_month"}, 100, "adoption_timing"),
        ({"adoption_timing": "3_months"}, 90, "adoption_timing"),
        ({"adoption_timing": "6_months"}, 70, "adoption_timing"),
        ({"adoption_timing": "1_year"}, 45, "adoption_timing"),
        ({"adoption_timing": "undecided"}, 30, "base"),
        ({"adoption_at": "2026-12-01"}, 100, "adoption_at"),
        ({"adoption_at": "2027-02-10", "adoption_timing": "this_month"}, 90, "adoption_at"),
        ({"adoption_at": "2029-01-01"}, 30, "adoption_at"),
        ({"adoption_at": "2026-01-01"}, 30, "base"),
        ({"contract_end": "2027-04-30"}, 70, "contract_end"),
        ({"budget_month": 1}, 90, "budget_month"),
        ({"budget_month": 1, "contract_end": "2026-12-10"}, 100, "contract_end"),
        ({"budget_month": 13}, 30, "base"),
        ({"adoption_at": "soon"}, 30, "base"),
    ],
)
def test_timing_is_the_nearest_known_time(fields: dict[str, str | int], timing: int, why: str) -> None:
    scores = scored(lead("lead-1", None, **fields))
    assert (scores.timing, list(parts(scores, "timing"))) == (timing, [why])


def rule(**condition: object) -> ScoreRule:
    return ScoreRule("r", Label("r", "r"), 10, **({"field": "title"} | condition))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"any_of": ("部長", "課長")}, True),
        ({"any_of": ("係長",)}, False),
        ({"field": "segment", "equals": "ＳＭＢ"}, True),
        ({"field": "segment", "equals": "enterprise"}, False),
        ({"field": "company.employees", "at_least": 100, "at_most": 500}, True),
        ({"field": "company.employees", "at_least": 500}, False),
        ({"field": "title", "at_least": 1}, False),
        ({"field": "need", "present": True}, False),
        ({"field": "need", "present": False}, True),
        ({"field": "title", "present": True}, True),
        ({"field": "title"}, True),
        ({"field": "need"}, False),
        ({"field": "need", "any_of": ("x",)}, False),
    ],
)
def test_conditions(condition: dict[str, object], expected: bool) -> None:
    facts = lead(company={"employees": "３２０"}, title="購買部長", segment="smb")
    assert holds(rule(**condition), facts) == expected


def test_values_as_they_are_compared() -> None:
    assert folded("Ｓａａｓ ") == "saas"
    assert folded(None) == ""
    assert as_number("1,200") == 1200.0
    assert as_number(True) is None
    assert as_number("many") is None
    assert as_number(None) is None
    assert hold_all((), lead())


def test_the_script_is_the_most_precise_that_fits() -> None:
    def script(code: str, rank: int, *when: ScoreRule) -> Script:
        return Script(code, 1, Label(code, code), (), when=when, rank=rank)

    maker = rule(field="company.industry", any_of=("製造",))
    boss = rule(any_of=("部長",))
    scripts = (script("general", 0), script("maker", 5, maker), script("maker_boss", 5, maker, boss))
    rules = replace(RULES, scripts=scripts)

    def chosen(facts: LeadFacts) -> str | None:
        found = choose_script(facts, rules)
        return found.code if found else None

    assert chosen(lead()) == "general"
    assert chosen(lead(company={"industry": "製造"})) == "maker"
    assert chosen(lead(company={"industry": "製造"}, title="部長")) == "maker_boss"
    assert choose_script(lead(), RULES) is None
    assert scripts[0].ref == "general@1"


def test_the_hour_makes_no_difference() -> None:
    touches = [signal(tokyo("2026-11-01 10:00"))]
    assert scored(touches=touches, now=tokyo("2026-11-20 00:00")) == scored(
        touches=touches, now=tokyo("2026-11-20 23:59")
    )
