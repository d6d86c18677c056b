"""Leads that are alike for the rules are derived once: a list of a hundred thousand holds few different ones.

The rules are pure and ask a lead for its fields one by one. What the first lead was asked, and what it answered, is
kept as a path of questions; a lead that gives the same answers has the same state and place. Only leads without any
history are compared, under the same rules and at the same instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from typing_extensions import override

from isdesk.domain.changes import Value
from isdesk.domain.state import LeadFacts, LeadState, Placement

Stood = tuple[LeadState, Placement]
_Question = tuple[str, dict[object, "_Question | Stood"]]


class _Watched(dict[str, Value]):
    """Fields that note which of them were looked at; ``whole`` where somebody went through all of them."""

    def __init__(self, fields: dict[str, Value], prefix: str, answers: dict[str, Value]) -> None:
        super().__init__(fields)
        self._prefix = prefix
        self._answers = answers
        self.whole = False

    def _note(self, code: str) -> None:
        self._answers.setdefault(self._prefix + code, dict.get(self, code))

    @override
    def get(self, code: str, otherwise: object = None) -> Any:
        self._note(code)
        return dict.get(self, code, otherwise)

    @override
    def __getitem__(self, code: str) -> Value:
        self._note(code)
        return super().__getitem__(code)

    @override
    def __contains__(self, code: object) -> bool:
        self._note(str(code))
        return super().__contains__(code)

    @override
    def __iter__(self) -> Iterator[str]:
        self.whole = True
        return super().__iter__()

    @override
    def keys(self) -> Any:
        self.whole = True
        return super().keys()

    @override
    def values(self) -> Any:
        self.whole = True
        return super().values()

    @override
    def items(self) -> Any:
        self.whole = True
        return super().items()


@dataclass(frozen=True, slots=True)
class _Asked(LeadFacts):
    """A lead that remembers what it was asked."""

    answers: dict[str, Value] = field(default_factory=dict)

    @override
    def get(self, path: str) -> Value:
        value = LeadFacts.get(self, path)
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
        known = (known, facts.company is None, facts.company_id is None)
        found = self._twin(facts, known)
        if found is None:
            return self._learn(facts, known, derive)
        state, placement = found
        return state, replace(placement, key=(*placement.key[:4], str(facts.id)))

    def _twin(self, facts: LeadFacts, known: object) -> Stood | None:
        step = self._first.get(known)
        while step is not None and isinstance(step[0], str):
            path, answers = step
            step = answers.get(_answer(facts.get(path)))
        return step

    def _learn(self, facts: LeadFacts, known: object, derive: Callable[[LeadFacts], Stood]) -> Stood:
        """Derive ``facts`` and keep what was asked on the way, unless somebody looked at everything."""
        answers: dict[str, Value] = {}
        fields = _Watched(facts.fields, "", answers)
        company = None if facts.company is None else _Watched(facts.company, "company.", answers)
        found = derive(_Asked(facts.id, fields, facts.company_id, company, answers))
        if not fields.whole and (company is None or not company.whole):
            self._keep(answers, known, found)
        return found

    def _keep(self, answers: dict[str, Value], known: object, found: Stood) -> None:
        place: dict[object, _Question | Stood] = self._first
        at: object = known
        for path, value in answers.items():
            step = place.setdefault(at, (path, {}))
            if step[0] != path:
                return  # asked in another order: not to be told by this path
            place = step[1]
            at = _answer(value)
        place.setdefault(at, found)


def _answer(value: Value) -> object:
    """Return a value as a key: ``1`` and ``true`` are different answers."""
    return value if value is None or type(value) is str else (type(value), repr(value))
