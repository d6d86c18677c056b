"""A CRM that knows no keys: what was sent and never answered is asked for before it is sent again (SYNC E2, T2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from isdesk.crm.port import Thing
from isdesk.store import deliveries
from tests.sync.foreign import T2, Abroad, Desk


@pytest.fixture
def office(abroad: Abroad) -> Desk:
    """A desk with one lead in the CRM, which knows no keys."""
    abroad.crm.can = T2
    made = abroad.device()
    made.create("l1", name="高橋")
    made.sync()
    return made


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_lost_answer_is_asked_for_and_leaves_exactly_one(abroad: Abroad, office: Desk, fault: str) -> None:
    touches = [office.call("l1"), office.call("l1")]
    office.line.faults = [fault]
    assert office.sync().failed == 2
    assert set(office.states().values()) == {"acked", "uncertain"}
    sent = len(abroad.crm.commands)
    office.sync()
    assert len(abroad.crm.commands) == sent, "not before what was sent could have settled"
    abroad.clock.move(seconds=31)
    office.sync()
    assert abroad.crm.keys() == sorted(touches)
    assert set(office.states().values()) == {"acked"}
    assert [(a.key, a.obj, a.local, a.lead_id) for a in abroad.crm.asked[:2]] == [
        (touch, Thing.TOUCH, touch, abroad.crm.of(Thing.LEAD)[0].id) for touch in touches
    ]


def test_what_was_found_has_the_id_of_the_crm(abroad: Abroad, office: Desk) -> None:
    touch = office.call("l1")
    office.line.faults = ["after"]
    office.sync()
    abroad.clock.move(seconds=31)
    office.sync()
    with office.store.read() as tx:
        assert deliveries.remote_ids(tx, "crm", [touch]) == {touch: abroad.crm.of(Thing.TOUCH)[0].id}


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_new_record_is_asked_for_too(abroad: Abroad, office: Desk, fault: str) -> None:
    office.create("l2", name="中村", need="在庫")
    office.call("l2")
    office.line.faults = [fault]
    office.sync()
    abroad.clock.move(minutes=20)
    office.sync()
    office.edit("l2", title="部長")
    office.sync()
    names = [r.fields["name"] for r in abroad.crm.of(Thing.LEAD)]
    assert sorted(str(name) for name in names) == ["中村", "高橋"]
    assert office.fields("l2") == {"name": "中村", "need": "在庫", "title": "部長", "owner_id": "m-sato"}
    assert len(abroad.crm.keys()) == 1
    assert office.waiting() == []
    assert office.differing() == []


def test_a_read_that_lags_has_to_say_no_twice(abroad: Abroad, office: Desk) -> None:
    abroad.crm.can = replace(T2, probe_by_key="lagged")
    touch = office.call("l1")
    office.line.faults = ["before"]
    office.sync()
    abroad.clock.move(seconds=31)
    office.sync()
    assert office.states()[touch] == "uncertain"
    abroad.clock.move(seconds=31)
    office.sync()
    assert office.states()[touch] == "acked"
    assert len([a for a in abroad.crm.asked if a.key == touch]) == 2
    assert abroad.crm.keys() == [touch]


def test_where_nobody_can_be_asked_a_person_decides(abroad: Abroad, office: Desk) -> None:
    abroad.crm.can = replace(T2, probe_by_key="none", probe_settle_s=0.0)
    touch, later = office.call("l1"), office.call("l1")
    office.line.faults = ["after"]
    office.sync()
    assert office.sync().quarantined == 2
    assert office.states()[touch] == office.states()[later] == "quarantined"
    assert {(w.error_text, w.head.error_class) for w in office.waiting()} == {("written_unknown", "unknown")}
    assert len(abroad.crm.keys()) == 2


def test_edits_are_compared_and_sent_again(abroad: Abroad, office: Desk) -> None:
    edit = office.edit("l1", title="部長")
    office.line.faults = ["after"]
    office.sync()
    office.sync()
    assert office.states()[f"{edit}:l1"] == "acked"
    assert [c.sure for c in abroad.crm.commands if c.key == f"{edit}:l1"] == [True, False]
    assert office.conflicts() == []


def test_younger_facts_of_a_lead_wait_behind_a_doubt_and_others_do_not(abroad: Abroad, office: Desk) -> None:
    office.create("l2", name="中村")
    office.sync()
    first = office.call("l1")
    office.line.faults = ["before"]
    office.sync()
    second, other = office.call("l1"), office.call("l2")
    office.sync()
    assert (office.states()[second], office.states()[other]) == ("pending", "acked")
    abroad.clock.move(seconds=31)
    office.sync()
    keys = [r.key for r in abroad.crm.of(Thing.TOUCH)]
    assert keys == [other, first, second]


def test_a_crash_while_sending_doubles_nothing(abroad: Abroad, office: Desk) -> None:
    touches = [office.call("l1") for _ in range(3)]
    for crash in range(1, 25):
        steps = office.engine.steps()
        for _ in range(crash):
            next(steps, None)
        steps.close()
        office.restart()
        abroad.clock.move(seconds=31)
    office.sync()
    assert abroad.crm.keys() == sorted(touches)


def test_a_file_is_appended_to_again_without_asking(abroad: Abroad, office: Desk) -> None:
    abroad.crm.can = replace(T2, activity_target="file", probe_by_key="none")
    office.call("l1")
    office.line.faults = ["before"]
    office.sync()
    office.sync()
    assert abroad.crm.asked == []
    assert len(abroad.crm.keys()) == 1


def test_a_lost_activity_is_offered_again_once_and_told(abroad: Abroad, office: Desk) -> None:
    touch = office.call("l1")
    office.sync()
    for expected in (1, 0):
        lost = abroad.crm.of(Thing.TOUCH)[0]
        del abroad.crm.records[lost.id]
        abroad.clock.move(hours=25)
        report = office.sync()
        assert report.repaired == expected
        assert len(abroad.crm.keys()) == expected
    assert office.states()[touch] == "acked"


def test_a_restored_crm_gets_its_records_and_activities_back(abroad: Abroad, office: Desk) -> None:
    before = dict(abroad.crm.records)
    office.create("l2", name="中村")
    touches = [office.call("l2"), office.call("l1"), office.call("l2")]
    office.sync()
    abroad.crm.records = before
    abroad.clock.move(hours=25)
    office.sync()
    abroad.clock.move(hours=1)
    office.sync()
    assert abroad.crm.keys() == sorted(touches)
    assert sorted(str(r.fields["name"]) for r in abroad.crm.of(Thing.LEAD)) == ["中村", "高橋"]
    assert office.fields("l2")["name"] == "中村"
    assert office.differing() == []
