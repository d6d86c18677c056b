"""Counts sequences and their steps over many leads by what each enrolment came to (`domain.sequence_trace`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isdesk.domain.sequence_trace import RESULTS, Trace

if TYPE_CHECKING:
    from isdesk.domain.rules import Label, SequenceStep
    from isdesk.domain.rules import Sequence as Definition


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step over all leads: how many stand on it, are blocked there, did it, and what came after it."""

    number: int
    step: SequenceStep
    here: int = 0
    blocked: int = 0
    done: int = 0
    skipped: int = 0
    results: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SequenceCount:
    """One sequence over all leads. ``stops`` and the steps' ``results`` count by the codes of `domain.sequence.STOPS`;
    ``known``: it stands in the definitions in force.
    """

    code: str
    label: Label
    enrolled: int
    running: int
    finished: int
    steps: tuple[StepCount, ...]
    stops: Mapping[str, int]
    results: Mapping[str, int]
    known: bool = True


def count(found: Mapping[Trace, int], shown: Iterable[tuple[Definition, bool]]) -> tuple[SequenceCount, ...]:
    """Count by sequence: each of ``shown`` in its order, with whether it stands in the definitions in force.

    ``found`` says how many enrolments came to each trace; those of a sequence that is not shown are not counted.
    """
    by_code: dict[str, dict[Trace, int]] = {}
    for one, times in found.items():
        by_code.setdefault(one.code, {})[one] = times
    return tuple(_sequence(definition, by_code.get(definition.code, {}), known=known) for definition, known in shown)


def _sequence(shown: Definition, found: Mapping[Trace, int], *, known: bool) -> SequenceCount:
    states, stops, results = Counter[str](), Counter[str](), Counter[str]()
    for one, times in found.items():
        states[one.state] += times
        if one.state == "stopped":
            stops[one.why] += times
        if one.why in RESULTS:
            results[one.why] += times
    return SequenceCount(
        shown.code, shown.label, sum(found.values()), states["running"], states["finished"],
        tuple(_step(number, step, found) for number, step in enumerate(shown.steps, 1)),
        dict(stops), dict(results), known,
    )  # fmt: skip


def _step(number: int, step: SequenceStep, found: Mapping[Trace, int]) -> StepCount:
    here = blocked = done = skipped = 0
    results: Counter[str] = Counter()
    for one, times in found.items():
        if number > len(one.steps):
            continue
        sign = one.steps[number - 1]
        ahead = one.ahead == number
        here += times * ahead
        blocked += times * (ahead and sign == "b")
        done += times * (sign == "d")
        skipped += times * (sign == "s")
        if one.why in RESULTS and one.after == number:
            results[one.why] += times
    return StepCount(number, step, here, blocked, done, skipped, dict(results))
