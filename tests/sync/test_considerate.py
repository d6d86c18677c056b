"""A round is not felt at the window, and leaves the interpreter as it was, however it ends."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import pytest

from isdesk.sync.considerate import TURN_S, considerate
from tests.sync.world import World


def test_turns_are_short_and_the_collector_waits_while_a_round_runs(world: World) -> None:
    device = world.device("a")
    device.create("l1", name="山田")
    seen: list[tuple[float, bool]] = []
    device.engine.run(progress=lambda *_: seen.append((sys.getswitchinterval(), gc.isenabled())))
    assert {collecting for _, collecting in seen} == {False}
    assert max(turn for turn, _ in seen) == pytest.approx(TURN_S)
    assert gc.isenabled()
    assert sys.getswitchinterval() > TURN_S


def test_all_is_as_before_also_where_it_fails() -> None:
    before = sys.getswitchinterval(), gc.isenabled()

    def fail(names: Sequence[str]) -> None:
        with considerate():
            names[0]

    with pytest.raises(IndexError):
        fail(())
    assert (sys.getswitchinterval(), gc.isenabled()) == before
