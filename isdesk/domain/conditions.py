"""Conditions on the fields of a lead and its company, as score rules and scripts use them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from isdesk.domain.changes import Value
from isdesk.domain.rules import Rules, ScoreRule, Script
from isdesk.domain.state import LeadFacts

_MEMORY = 50_000
_met: dict[tuple[str, type, object], tuple[ScoreRule, bool]] = {}
"""What rules said about values before: lists of a hundred thousand leads hold few different ones."""


def holds(rule: ScoreRule, facts: LeadFacts) -> bool:
    """Return whether every condition of ``rule`` is met; a rule without any is met where the field is known."""
    value = facts.get(rule.field)
    if isinstance(value, list | dict):
        return _holds(rule, value)
    key = (rule.code, type(value), value)
    said = _met.get(key)
    if said is None or said[0] is not rule:
        if len(_met) >= _MEMORY:
            _met.clear()
        said = _met[key] = (rule, _holds(rule, value))
    return said[1]


def _holds(rule: ScoreRule, value: Value) -> bool:
    known = value is not None and value not in ("", False)
    if rule.present is not None and known != rule.present:
        return False
    if rule.equals is not None and folded(value) != folded(rule.equals):
        return False
    if rule.any_of and not (known and any(folded(part) in folded(value) for part in rule.any_of)):
        return False
    if rule.none_of and any(folded(part) in folded(value) for part in rule.none_of):
        return False
    if rule.at_least is not None or rule.at_most is not None:
        number = as_number(value)
        return number is not None and _between(number, rule.at_least, rule.at_most)
    return known or rule.present is False


def hold_all(conditions: Iterable[ScoreRule], facts: LeadFacts) -> bool:
    """Return whether all conditions hold (also where there are none)."""
    return all(holds(c, facts) for c in conditions)


def choose_script(facts: LeadFacts, rules: Rules) -> Script | None:
    """Return the talk script for a lead: of those whose conditions hold, the highest rank, then the most precise."""
    fitting = [s for s in rules.scripts if hold_all(s.when, facts)]
    return min(fitting, key=lambda s: (-s.rank, -len(s.when), s.code, -s.version), default=None)


def folded(value: Value) -> str:
    """Return a value as it is compared: full width and half width, upper and lower case alike."""
    if value is None:
        return ""
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


def as_number(value: Value) -> float | None:
    """Return a number where the value is one (also written as text), else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(folded(value).replace(",", ""))
        except ValueError:
            return None
    return None


def _between(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)
