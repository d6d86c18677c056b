"""Leads that are alike for the rules are derived once: a list of a hundred thousand holds few different ones.

The rules are pure and ask a lead for its fields one by one. What the first lead was asked, and what it answered, is
kept as a path of questions; a lead that gives the same answers has the same state and place. Only leads without any
history are compared, under the same rules and at the same instant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from typing_extensions import override

from isdesk.domain.changes import Value
from isdesk.domain.state import LeadFacts, LeadState, Placement

Stood = tuple[LeadState, Placement]
_Question = tuple[str, dict[object, "_Question | Stood"]]


@dataclass(frozen=True, slots=True)
class _Asked(LeadFacts):
    """A lead that remembers what it was asked."""

    answers: dict[str, Value] | None = None

    @override
    def get(self, path: str) -> Value:
        value = LeadFacts.get(self, path)
        if self.answers is not None:
            self.answers.setdefault(path, value)
        return value


class Twins:
    """What leads without history came to, for one instant and one set of rules."""

    def __init__(self) -> None:
        self._first: dict[object, _Question | Stood] = {}

    def stand(self, facts: LeadFacts, known: object, derive: Callable[[LeadFacts], Stood]) -> Stood:
        """Return the state and place of ``facts``; ``derive`` works them out where nobody answered the same before.

        ``known`` is what else the result depends on. A lead without ``received_at`` is never compared: its age is
        read off its id.
        """
        if facts.get("received_at") is None:
            return derive(facts)
        found = self._twin(facts, known)
        if found is None:
            asked = _Asked(facts.id, facts.fields, facts.company_id, facts.company, {})
            found = derive(asked)
            self._learn(asked.answers or {}, known, found)
            return found
        state, placement = found
        return state, replace(placement, key=(*placement.key[:4], str(facts.id)))

    def _twin(self, facts: LeadFacts, known: object) -> Stood | None:
        step = self._first.get(known)
        while step is not None and isinstance(step[0], str):
            path, answers = step
            step = answers.get(_answer(facts.get(path)))
        return step

    def _learn(self, answers: dict[str, Value], known: object, found: Stood) -> None:
        place: dict[object, _Question | Stood] = self._first
        at: object = known
        for path, value in answers.items():
            step = place.get(at)
            if step is None or not isinstance(step[0], str):
                step = place[at] = (path, {})
            place = step[1]
            at = _answer(value)
        place[at] = found


def _answer(value: Value) -> object:
    """Return a value as a key: ``1`` and ``true`` are different answers."""
    return value if value is None or type(value) is str else (type(value), repr(value))
