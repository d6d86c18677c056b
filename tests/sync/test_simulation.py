"""Whatever happens, in whatever order: the invariants of SYNC E13 hold; and every seeded bug is caught.

``ISDESK_TEST_SIMULATE=3000x50`` runs that many examples of that many steps instead, seeks every bug with the state
machine too, and prints the scoreboard.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.sync.simulation.bugs import BUGS
from tests.sync.simulation.history import Violation
from tests.sync.simulation.real_hub import TwoDevices
from tests.sync.simulation.running import clear_up, storm, walk
from tests.sync.simulation.schedules import FOUND, SCHEDULES
from tests.sync.simulation.traits import HUB, PRESETS

LONG = os.environ.get("ISDESK_TEST_SIMULATE", "")
ROOT = Path(__file__).parents[2]
TOLD = [pytest.param(story, id=story.__name__) for story in dict.fromkeys((*SCHEDULES.values(), *FOUND))]
long_only = pytest.mark.skipif(not LONG, reason="ISDESK_TEST_SIMULATE=3000x50 asks for the long run")


@pytest.fixture(scope="module", autouse=True)
def _files() -> Iterator[None]:
    yield
    clear_up()


@pytest.mark.parametrize("story", TOLD)
def test_the_stories_end_well(story: Callable[[], None]) -> None:
    story()


@pytest.mark.parametrize("name", BUGS)
def test_every_bug_is_caught_by_its_story(name: str) -> None:
    with BUGS[name](), pytest.raises(Violation):
        SCHEDULES[name]()


def test_at_least_twelve_bugs_are_known() -> None:
    assert BUGS.keys() == SCHEDULES.keys()
    assert len(BUGS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("kind", PRESETS.values(), ids=lambda kind: kind.name)
def test_a_short_storm_breaks_nothing(kind: object) -> None:
    found = storm(10, 40, kinds=[one for one in PRESETS.values() if one is kind])
    assert found.found is None, found.found


def test_a_seed_is_a_history(tmp_path: Path) -> None:
    first = walk(7, 40, HUB)
    assert walk(7, 40, HUB) == first
    assert walk(8, 40, HUB) != first
    code = "from tests.sync.simulation import running as r, traits as t; print(r.walk(7, 40, t.HUB)); r.clear_up()"
    env = {**os.environ, "PYTHONHASHSEED": "4711"}
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == first


# ------------------------------------------------------------------------------------------------------ the long run


def _asked() -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)x(\d+)", LONG)
    assert found is not None, "ISDESK_TEST_SIMULATE is examples x steps: 3000x50"
    return int(found[1]), int(found[2])


@long_only
@pytest.mark.timeout(0)
def test_the_long_run_breaks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    examples, steps = _asked()
    ended = storm(examples, steps)
    with capsys.disabled():
        print(
            f"\nnone on: {ended.examples} examples x {steps} steps in {ended.seconds:.0f} s: {ended.found or 'passed'}"
        )
    assert ended.found is None, ended.found


@long_only
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", BUGS)
def test_the_storm_is_asked_for_every_bug(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What the state machine does not find in a tenth of the examples is left to its story."""
    examples, steps = _asked()
    with BUGS[name]():
        ended = storm(examples // 10, steps)
    found = (
        f"{ended.found.code} after {ended.examples} examples" if ended.found else f"not in {ended.examples} examples"
    )
    with capsys.disabled():
        print(f"\n{name}: {found}, {ended.seconds:.1f} s")


TwoDevices.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestTwoDevices = pytest.mark.slow(TwoDevices.TestCase)
