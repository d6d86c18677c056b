"""A hub that went back in time, records that went away, and lists that disagree."""

from __future__ import annotations

import shutil

from isdesk.crm.port import Scope, Thing
from isdesk.store import mirror
from tests.sync.world import World


def test_a_hub_restored_from_a_backup_regains_what_was_acknowledged(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    office.create("l1", name="高橋")
    world.settle(1)
    backup = world.save_hub()
    office.create("l2", name="中村")
    office.edit("l1", title="部長")
    touches = [office.call("l1"), office.call("l2")]
    event = office.suppress("+81312345678")
    ito.call("l1")
    world.settle(2)
    world.restore_hub(backup)
    assert world.rows(Thing.TOUCH) == {}
    world.settle(3)
    assert set(world.rows(Thing.TOUCH)) >= set(touches)
    assert len(world.rows(Thing.TOUCH)) == 3
    assert set(world.rows(Thing.SUPPRESSION)) == {event}
    assert world.rows(Thing.LEAD)["l1"]["title"] == "部長"
    for device in (office, ito):
        assert device.fields("l2")["name"] == "中村"
        assert set(device.states().values()) == {"acked"}
        assert device.conflicts() == []
        assert device.differing() == []
    assert office.base() == ito.base()


def test_a_restored_hub_that_grew_again_is_still_found_out(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    office.create("l1", name="高橋")
    world.settle(1)
    backup = world.save_hub()
    lost = office.call("l1")
    office.sync()
    world.restore_hub(backup)
    for n in range(30):  # the head passes the one that the office had seen, with other things under old versions
        ito.edit("l1", need=f"{n}")
    ito.sync()
    world.settle(2)
    assert lost in world.rows(Thing.TOUCH)
    assert office.fields("l1")["need"] == "29"
    assert office.fields("l1") == world.rows(Thing.LEAD)["l1"]


def test_a_crash_amid_the_repair_does_not_forget_it(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    backup = world.save_hub()
    lost = [office.call("l1") for _ in range(5)]
    office.sync()
    world.restore_hub(backup)
    for crash in range(1, 12):
        steps = office.engine.steps()
        for _ in range(crash):
            next(steps, None)
        steps.close()
        office.restart()
    office.sync()
    assert set(world.rows(Thing.TOUCH)) == set(lost)


def test_a_new_epoch_compares_everything(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    world.hub().renew_epoch()
    report = office.sync()
    assert (report.error, report.sent) == ("", 0)
    assert office.sync().updated == 0


def test_an_audit_finds_a_single_lost_touch(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    old = office.call("l1")
    office.sync()
    for _ in range(25):
        office.call("l1")
    office.sync()
    with world.hub().engine.begin() as link:
        link.exec_driver_sql("DELETE FROM record WHERE id = ?", (old,))
        link.exec_driver_sql("DELETE FROM command WHERE cmd_uuid = ?", (old,))
    office.sync()
    assert old not in world.rows(Thing.TOUCH)
    world.clock.move(hours=25)
    office.sync()
    assert old in world.rows(Thing.TOUCH)


def _erase(world: World, *ids: str) -> None:
    with world.hub().engine.begin() as link:
        for identity in ids:
            link.exec_driver_sql("DELETE FROM record WHERE id = ?", (identity,))


def test_a_ghost_goes_after_two_misses_half_an_hour_apart(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    ito.create("l1", name="高橋")
    ito.create("l2", name="中村")
    world.settle(2)
    _erase(world, "l1")
    office.sync(full=True)
    office.sync(full=True)
    assert office.fields("l1")["name"] == "高橋"
    world.clock.move(minutes=31)
    assert office.sync(full=True).deleted == 1
    assert office.fields("l1") == {}
    assert office.fields("l2")["name"] == "中村"
    assert office.differing() == []


def test_a_record_that_something_waits_for_is_never_removed(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    ito.create("l1", name="高橋")
    world.settle(2)
    _erase(world, "l1")
    touch = office.call("l1")
    office.line.refuse[touch] = "no such lead"
    for _ in range(3):
        office.sync(full=True)
        world.clock.move(minutes=31)
    assert office.fields("l1")["name"] == "高橋"
    with office.store.read() as tx:
        (missed,) = mirror.missing(tx, "sqlhub", "lead")
    assert missed.verdict == "deleted"


def test_when_much_vanishes_at_once_nothing_is_removed_unasked(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    for n in range(30):
        ito.create(f"l{n}", name=str(n))
    world.settle(2)
    _erase(world, *(f"l{n}" for n in range(21)))
    for _ in range(3):
        report = office.sync(full=True)
        world.clock.move(minutes=31)
    assert (report.error, report.deleted) == ("ghosts_many", 0)
    assert len(office.base()) == 30
    waiting = office.call("l0")
    office.line.refuse[waiting] = "no"
    report = office.engine.run(consent=True)
    assert (report.error, report.deleted) == ("", 20)
    assert len(office.base()) == 10
    assert office.differing() == []


def test_a_hub_file_that_was_removed_or_exchanged_takes_nothing_more(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    copy = world.folder / "copy"
    shutil.copy(world.hub_path, copy)
    for name in ("hub.db", "hub.db-wal", "hub.db-shm"):
        (world.folder / name).unlink(missing_ok=True)
    touch = office.call("l1")
    assert (office.sync().sent, office.states()[touch]) == (0, "pending")
    shutil.copy(copy, world.hub_path)
    office.sync()
    assert touch in world.rows(Thing.TOUCH)


def test_a_lead_that_went_to_somebody_else_leaves_the_book(world: World) -> None:
    sato, ito = world.device("sato", "m-sato", Scope.MINE), world.device("ito", "m-ito", Scope.MINE)
    sato.create("l1", name="高橋")
    sato.create("l2", name="中村")
    sato.edit("l1", owner_id="m-ito")
    world.settle(2)
    for _ in range(2):
        world.clock.move(minutes=31)
        sato.sync(full=True)
    assert sato.fields("l1") == {}
    assert sato.fields("l2")["name"] == "中村"
    assert ito.fields("l1")["name"] == "高橋"


def test_a_full_sync_repairs_a_mirror_that_missed_something(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    ito.create("l1", name="高橋")
    world.settle(2)
    with office.store.write() as tx:
        tx.sql("DELETE FROM base")
    office.sync()
    assert office.base() == {}
    office.sync(full=True)
    assert office.base() == ito.base()
    assert office.fields("l1")["name"] == "高橋"
