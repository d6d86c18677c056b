"""Two people change the same field: nothing is lost unseen, and one word decides it."""

from __future__ import annotations

from isdesk.crm.port import Thing
from tests.sync.world import Device, World


def _both(world: World) -> tuple[Device, Device]:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    office.create("l1", name="高橋", title="主任")
    world.settle(1)
    return office, ito


def test_theirs_is_shown_mine_is_kept(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", title="部長")
    ito.sync()
    office.edit("l1", title="課長", need="在庫")
    assert office.fields("l1")["title"] == "課長"
    report = office.sync()
    assert (report.conflicts, report.quarantined, report.error) == (1, 0, "")
    (clash,) = office.conflicts()
    assert (clash.field, clash.base, clash.mine, clash.theirs) == ("title", "主任", "課長", "部長")
    assert office.fields("l1") == {"owner_id": "m-sato", "name": "高橋", "title": "部長", "need": "在庫"}
    assert world.rows(Thing.LEAD)["l1"] == office.fields("l1")
    assert office.differing() == []


def test_an_edit_wholly_in_conflict_is_not_shown_and_waits_no_more(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", title="部長")
    ito.sync()
    first = office.edit("l1", title="課長")
    second = office.edit("l1", title="次長")
    office.sync()
    (clash,) = office.conflicts()
    assert (clash.base, clash.mine, clash.theirs) == ("主任", "次長", "部長")
    assert [office.states()[f"{entry}:l1"] for entry in (first, second)] == ["cancelled", "conflict"]
    assert office.waiting() == []
    assert office.fields("l1")["title"] == "部長"


def test_the_same_change_on_both_sides_is_no_conflict(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", title="部長", phone_direct="+81312345678")
    ito.sync()
    office.edit("l1", title=" 部長", phone_direct="03-1234-5678")
    office.sync()
    assert office.conflicts() == []
    assert office.waiting() == []
    assert office.differing() == []


def test_fields_of_different_people_go_together(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", need="在庫")
    ito.sync()
    office.edit("l1", title="課長")
    assert office.sync().conflicts == 0
    world.settle(1)
    assert (
        office.fields("l1")
        == ito.fields("l1")
        == {
            "owner_id": "m-sato",
            "name": "高橋",
            "title": "課長",
            "need": "在庫",
        }
    )


def test_the_crm_decides_its_own_fields_and_it_is_written_down(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", stage="sql")
    ito.sync()
    office.edit("l1", stage="nurture")
    office.sync()
    assert office.fields("l1")["stage"] == "sql"
    assert office.conflicts() == []
    with office.store.read() as tx:
        rows = tx.sql("SELECT field, decided_by, decision FROM conflict").fetchall()
    assert rows == [("stage", "rule", "remote")]


def test_the_reps_own_notes_to_himself_are_kept(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", pinned=True, snoozed_until="2026-12-01T00:00:00+00:00")
    ito.sync()
    office.edit("l1", snoozed_until="2026-12-24T00:00:00+00:00")
    office.sync()
    assert world.rows(Thing.LEAD)["l1"]["snoozed_until"] == "2026-12-24T00:00:00+00:00"
    assert office.conflicts() == []


def test_another_change_of_theirs_keeps_the_conflict_up_to_date(world: World) -> None:
    office, ito = _both(world)
    ito.edit("l1", title="部長")
    ito.sync()
    office.edit("l1", title="課長")
    office.sync()
    ito.edit("l1", title="取締役")
    ito.sync()
    office.sync()
    (clash,) = office.conflicts()
    assert (clash.mine, clash.theirs) == ("課長", "取締役")


def test_an_edit_in_quarantine_still_shows_and_is_still_merged(world: World) -> None:
    office, ito = _both(world)
    entry = office.edit("l1", title="課長")
    office.line.refuse["l1"] = "no"
    office.sync()
    assert office.fields("l1")["title"] == "課長"
    ito.edit("l1", title="部長", need="在庫")
    ito.sync()
    office.sync()
    assert office.states()[f"{entry}:l1"] == "conflict"
    assert office.fields("l1")["title"] == "部長"
    assert office.differing() == []
