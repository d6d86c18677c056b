"""A crash at every step of a round, then a restart: everything exactly once, nothing half there."""

from __future__ import annotations

import shutil
from pathlib import Path

from isdesk.crm.port import Thing
from tests.sync.world import Device, World


def _day(world: World) -> tuple[Device, Device]:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    office.company("c1", name="甲")
    office.create("l1", name="高橋", company_id="c1")
    ito.create("l2", name="中村")
    ito.sync()
    office.sync()
    ito.sync()
    ito.edit("l1", title="部長")
    ito.call("l1")
    ito.suppress("+81300000000")
    ito.sync()
    office.edit("l1", need="在庫が見えない")
    office.edit("l1", title="課長")
    office.edit("l2", dnc=True)
    office.call("l1")
    office.call("l2")
    office.suppress("+81312345678")
    return office, ito


def test_a_crash_at_any_step_loses_and_doubles_nothing(tmp_path: Path) -> None:
    morning = tmp_path / "morning"
    morning.mkdir()
    world = World(morning)
    _day(world)
    world.close()
    crash, finished = 0, False
    while not finished:
        folder = tmp_path / f"at{crash}"
        shutil.copytree(morning, folder)
        world = World(folder)
        office, ito = world.device("office"), world.device("ito", "m-ito")
        steps = office.engine.steps(full=True)
        finished = any(next(steps, None) is None for _ in range(crash + 1))
        steps.close()
        office.restart()
        world.settle(2)
        _check(world, office, ito, crash)
        world.close()
        crash += 1
    assert crash > 25


def _check(world: World, office: Device, ito: Device, crash: int) -> None:
    touches = world.rows(Thing.TOUCH)
    assert len(touches) == 3, crash
    for lead in ("l1", "l2"):
        assert office.touches(lead) == ito.touches(lead), crash
    assert len(world.rows(Thing.SUPPRESSION)) == 2, crash
    assert office.numbers_off() == ito.numbers_off(), crash
    leads = world.rows(Thing.LEAD)
    assert leads["l1"]["title"] == "部長", crash
    assert leads["l1"]["need"] == "在庫が見えない", crash
    assert leads["l2"]["dnc"] is True, crash
    assert [(c.field, c.mine, c.theirs) for c in office.conflicts()] == [("title", "課長", "部長")], crash
    assert office.fields("l1") == ito.fields("l1") == leads["l1"], crash
    assert set(office.states().values()) == {"acked", "conflict"}, crash
    assert office.differing() == ito.differing() == [], crash
    assert office.base() == ito.base(), crash


def test_what_was_sending_is_sent_again_after_a_restart(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    steps = office.engine.steps()
    for step in steps:
        if step.what == "settle":
            break
    steps.close()
    assert set(office.states().values()) == {"sending"}
    office.restart()
    assert office.sync().sent == 1
    assert len(world.rows(Thing.LEAD)) == 1
