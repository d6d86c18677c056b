"""Leads that are alike for the rules are derived once: a list of a hundred thousand holds few different ones.

The rules are pure and ask a lead for its fields one by one. What the first lead was asked, and what it answered, is
kept as a path of questions; a lead that gives the same answers has the same state and place. Only leads without any
history are compared, under the same rules and at the same instant. Where nobody noted when a lead came, the age of its
id says it; all that depends on it is when the first call was due, so that twins may differ in that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from typing_extensions import override

from isdesk.domain.changes import Value
from isdesk.domain.deriving import born_at
from isdesk.domain.queue import first_due_at
from isdesk.domain.sla import instant
from isdesk.domain.state import LeadFacts, LeadState, Placement

Stood = tuple[LeadState, Placement]


_AGES = 64
"""So many ages are kept of one kind: a list is made within minutes, leads that came one by one over years."""


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


class _Kind:
    """What leads of one kind came to: ``came`` is the age of the first one's id, where that mattered."""

    __slots__ = ("by_age", "came", "stood")

    def __init__(self, stood: Stood, came: datetime | None) -> None:
        self.stood = stood
        self.came = came
        self.by_age: dict[datetime, Stood] = {} if came is None else {came: stood}

    def at(self, came: datetime | None) -> Stood:
        """Return what a lead of this kind whose id is of that age comes to."""
        if came is None or self.came is None:
            return self.stood
        known = self.by_age.get(came)
        if known is None:
            known = _aged(self.stood, came)
            if len(self.by_age) < _AGES:
                self.by_age[came] = known
        return known


_Question = tuple[str, str, bool, dict[object, "_Question | _Kind"]]
"""A path, the field's code, whether it is the company's, and where each answer leads."""


class Twins:
    """What leads without history came to at the instant ``now`` under one set of rules."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._first: dict[object, _Question | _Kind] = {}

    def stand(self, facts: LeadFacts, known: object, derive: Callable[[LeadFacts], Stood]) -> Stood:
        """Return the state and place of ``facts``; ``derive`` works them out where nobody answered the same before.

        ``known`` is what else the result depends on.
        """
        state, placement = self.kind(facts, known, derive)
        if placement.key[4] == facts.id:
            return state, placement
        return state, replace(placement, key=(*placement.key[:4], str(facts.id)))

    def kind(self, facts: LeadFacts, known: object, derive: Callable[[LeadFacts], Stood]) -> Stood:
        """Return what `stand` does, one and the same for all that are alike: its key may end in another one's id."""
        came = None if instant(facts.fields.get("received_at")) is not None else born_at(facts.id)
        if came is not None and came > self._now:
            return derive(facts)
        known = (known, facts.company is None, facts.company_id is None, came is None)
        found = self._twin(facts, known)
        return self._learn(facts, known, came, derive) if found is None else found.at(came)

    def _twin(self, facts: LeadFacts, known: object) -> _Kind | None:
        step = self._first.get(known)
        own, company = facts.fields, facts.company or _NOTHING
        while type(step) is tuple:
            _, code, of_company, answers = step
            value = company.get(code) if of_company else own.get(code)
            step = answers.get(value if value is None or type(value) is str else (type(value), repr(value)))
        return step if isinstance(step, _Kind) else None

    def _learn(
        self, facts: LeadFacts, known: object, came: datetime | None, derive: Callable[[LeadFacts], Stood]
    ) -> Stood:
        """Derive ``facts`` and keep what was asked on the way, unless somebody looked at everything."""
        answers: dict[str, Value] = {}
        fields = _Watched(facts.fields, "", answers)
        company = None if facts.company is None else _Watched(facts.company, "company.", answers)
        found = derive(_Asked(facts.id, fields, facts.company_id, company, answers))
        if not fields.whole and (company is None or not company.whole):
            action = found[0].next_action
            waits = action is not None and came is not None
            if not waits or (action is not None and action.due_at == came):
                self._keep(answers, known, _Kind(found, came if waits else None))
        return found

    def _keep(self, answers: dict[str, Value], known: object, found: _Kind) -> None:
        place: dict[object, _Question | _Kind] = self._first
        at: object = known
        for path, value in answers.items():
            of_company = path.startswith("company.")
            step = place.setdefault(at, (path, path[8:] if of_company else path, of_company, {}))
            if isinstance(step, _Kind) or step[0] != path:
                return  # asked in another order: not to be told by this path
            place = step[3]
            at = _answer(value)
        place.setdefault(at, found)


def _aged(stood: Stood, came: datetime) -> Stood:
    """Return where a lead stands whose first call was due at ``came`` and that is alike in all else."""
    state, placement = stood
    if state.next_action is None:
        return stood
    state = replace(state, next_action=replace(state.next_action, due_at=came))
    return state, first_due_at(placement, came)


def _answer(value: Value) -> object:
    """Return a value as a key: ``1`` and ``true`` are different answers."""
    return value if value is None or type(value) is str else (type(value), repr(value))


_NOTHING: dict[str, Value] = {}
