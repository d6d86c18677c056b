"""Where a talk script can lead: which steps are reached, which branches never hold, which answers lead nowhere.

A conversation goes forward only (DOMAIN 5), so that every way ends; what can still be wrong is a step to which no way
leads and a branch that never holds. Both are found by trying the values that the conditions tell apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.conditions import hold_all
from isdesk.domain.ids import LeadId
from isdesk.domain.rules import Branch, ChecklistItem, Question, ScoreRule, Script
from isdesk.domain.state import LeadFacts

MOST: Final = 20_000
"""So many combinations of values are tried for one phase; with more, every branch is taken to be possible."""
_OTHER: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from a phase to a later one; ``branch`` is empty for the one that is gone where no branch holds.

    ``live`` false: no answer ever leads along it.
    """

    phase: str
    to: str
    branch: str = ""
    live: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """All ways of a script. ``unreached`` are phases to which no way leads, ``never`` branches that never hold.

    ``idle`` are the codes of questions whose answer leads nowhere: no branch asks for it, no checklist item needs it.
    """

    arrows: tuple[Arrow, ...]
    unreached: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


def following(script: Script, phase: str) -> str:
    """Return the phase that comes after one where no branch holds; empty after the last."""
    codes = [one.code for one in script.phases]
    after = script.phases[codes.index(phase) + 1 :] if phase in codes else ()
    return next((one.code for one in after if not one.aside), "")


def flow(
    script: Script, choices: Mapping[str, Sequence[str]] | None = None, checklist: Iterable[ChecklistItem] = ()
) -> Flow:
    """Return where ``script`` can lead. ``choices``: the values of those fields that have a fixed list of them."""
    arrows: list[Arrow] = []
    for phase in script.phases:
        branches = [one for one in script.branches if one.phase == phase.code]
        taken, past = _taken(branches, choices or {})
        arrows += [Arrow(phase.code, one.to, one.code, live=one.code in taken) for one in branches]
        after = following(script, phase.code)
        if after:
            arrows.append(Arrow(phase.code, after, live=past))
    reached = _reached(script, arrows)
    return Flow(
        tuple(arrows),
        tuple(one.code for one in script.phases if one.code not in reached),
        tuple(one.branch for one in arrows if one.branch and not one.live),
        tuple(one.code for one in _idle(script, checklist)),
    )


def fills(question: Question, checklist: Iterable[ChecklistItem]) -> tuple[ChecklistItem, ...]:
    """Return the items of the handoff checklist that an answer to ``question`` helps to fill."""
    return tuple(item for item in checklist if question.field in item.fields)


def _reached(script: Script, arrows: Iterable[Arrow]) -> set[str]:
    reached = {script.phases[0].code} if script.phases else set()
    for phase in script.phases:
        if phase.code in reached:
            reached |= {one.to for one in arrows if one.phase == phase.code and one.live}
    return reached


def _idle(script: Script, checklist: Iterable[ChecklistItem]) -> Iterator[Question]:
    asked_for = {rule.field for branch in script.branches for rule in branch.when}
    items = tuple(checklist)
    for phase in script.phases:
        for question in phase.questions:
            if question.field not in asked_for and not fills(question, items):
                yield question


def _taken(branches: Sequence[Branch], choices: Mapping[str, Sequence[str]]) -> tuple[set[str], bool]:
    """Return which branches are ever the first that holds, and whether none may hold."""
    rules = [rule for one in branches for rule in one.when]
    fields = {name: _values([r for r in rules if r.field == name], choices.get(name)) for name in
              dict.fromkeys(rule.field for rule in rules)}  # fmt: skip
    size = 1
    for values in fields.values():
        size *= len(values)
    if size > MOST:
        return {one.code for one in branches}, True
    taken: set[str] = set()
    past = False
    for given in product(*fields.values()):
        facts = LeadFacts(LeadId(""), {}).with_fields(dict(zip(fields, given, strict=True)))
        first = next((one for one in branches if hold_all(one.when, facts)), None)
        past = past or first is None
        if first is not None:
            taken.add(first.code)
    return taken, past


def _values(rules: Sequence[ScoreRule], fixed: Sequence[str] | None) -> list[Value]:
    """Return values of a field that tell its conditions apart: unknown, each one named, the bounds, and another."""
    if fixed is not None:
        return [None, *fixed]
    out: dict[Value, None] = {None: None, _OTHER: None}
    for rule in rules:
        out |= dict.fromkeys((*rule.any_of, *rule.none_of))
        if rule.equals is not None:
            out[rule.equals] = None
        for bound in (rule.at_least, rule.at_most):
            if bound is not None:
                out |= dict.fromkeys((bound - 1, bound, bound + 1))
    named = [value for value in out if isinstance(value, str) and value != _OTHER]
    if 1 < len(named) <= 6:
        out[" ".join(named)] = None
    return list(out)
