"""Running the simulator: so many examples of so many steps, or one walk by a seed; and how long it took."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from isdesk.crm.port import Scope
from tests.sync.simulation.history import Violation
from tests.sync.simulation.line import READ_FAULTS, WRITE_FAULTS
from tests.sync.simulation.machine import CRM_WORK, MISHAPS, WORK, Storm
from tests.sync.simulation.team import clear_up
from tests.sync.simulation.traits import PRESETS, Traits

__all__ = ["ALL", "Outcome", "clear_up", "storm", "walk"]

ALL = tuple(PRESETS.values())


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: after so many examples and seconds, with what was found (None: nothing) at which CRM."""

    examples: int
    seconds: float
    found: Violation | None = None
    kind: str = ""


def storm(examples: int, steps: int, *, kinds: Sequence[Traits] = ALL, seed: int = 1, shrink: bool = False) -> Outcome:
    """Run the state machine over each kind of CRM, with its share of the examples; returns what it found first.

    The same ``seed`` gives the same examples. Without ``shrink`` a finding is as long as it came; with it, a story to
    be read (which takes its time).
    """
    ran, seconds = 0, 0.0
    for n, kind in enumerate(kinds):
        ended = _storm(-(-examples // len(kinds)), steps, kind, seed * 1000 + n, shrink=shrink)
        ran, seconds = ran + ended.examples, seconds + ended.seconds
        if ended.found is not None:
            return Outcome(ran, seconds, ended.found, kind.name)
    return Outcome(ran, seconds)


def _storm(examples: int, steps: int, kind: Traits, seed: int, *, shrink: bool) -> Outcome:
    count = 0

    class Counted(Storm):
        kinds = (kind,)

        @override
        def teardown(self) -> None:
            nonlocal count
            count += 1
            super().teardown()

    machine: Any = seeded(seed)(Counted)
    began = time.perf_counter()
    how = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=False,
        database=None,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(machine, settings=how)
    except Violation as found:
        return Outcome(count, time.perf_counter() - began, found)
    return Outcome(count, time.perf_counter() - began)


def walk(seed: int, steps: int, kind: Traits) -> str:
    """Go so many random steps from a seed and come to rest; returns the digest of everything that happened."""
    rng = Random(seed)
    machine = Storm()
    machine.begin_with(kind, (Scope.TEAM, Scope.TEAM))
    try:
        for _ in range(steps):
            _step(machine, rng)
        history = machine.team.history
    finally:
        machine.teardown()
    return history.digest()


def _step(machine: Storm, rng: Random) -> None:
    who, which = rng.randrange(2), rng.choice([0, 0, 0, 1, 2])
    match rng.randrange(12):
        case 0 | 1:
            machine.edit(who=who, which=which, field=rng.choice(["title", "need", "stage"]), same=rng.random() < 0.3)
        case 2:
            machine.call(who=who, which=which)
        case 3 | 4:
            machine.work(who=who, which=which, what=rng.choice(WORK))
        case 5:
            machine.in_crm(which=which, what=rng.choice(CRM_WORK), seconds=rng.choice([0.0, 20.0]))
        case 6:
            machine.wait(seconds=rng.choice([1, 61, 1200]))
        case 7:
            machine.sync_a_little(who=who, steps=rng.randint(1, 14), writes=[rng.choice(["", *WRITE_FAULTS])])
        case 8:
            machine.mishap(who=who, what=rng.choice(MISHAPS))
        case _:
            reads = (rng.randrange(9), rng.choice(READ_FAULTS)) if rng.random() < 0.3 else ()
            writes = [rng.choice(["", *WRITE_FAULTS])]
            machine.sync(who=who, writes=writes, reads=reads, fuse=rng.choice([None, None, 3, 7]), full=False)
