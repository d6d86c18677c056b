"""The whole engine over every adapter, each on its own wire: a working day with a bad line, all of it there once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from isdesk.crm.contract import Absent, Rig
from isdesk.crm.contract.rig import extra
from isdesk.crm.port import Scope, Thing
from isdesk.domain.changes import Entry, Verb
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import DeviceId, HandoffId, JournalId, LeadId, MemberId, TouchId, TransitionId
from isdesk.domain.touch import Channel, Touch, effective
from isdesk.store import Store, journal, leads, meta, mirror
from isdesk.sync.rekeying import SUPPRESSION_KEY
from tests.crm import rigs
from tests.sync.world import KEY, Station, StillClock

NAMES = [name for name in rigs.NAMES if name != "sqlhub-postgres"]


class FreshIds:
    """Ids that no CRM has seen before."""

    def new(self) -> str:
        return str(uuid.uuid4())


@dataclass
class Town:
    """Where the desks of one rig stand."""

    folder: Path
    rig: Rig
    clock: StillClock = field(default_factory=StillClock)
    url: str = "https://crm.example"
    suppression_key: bytes = bytes(range(32))
    template: Path = Path()
    desks: list[Station] = field(default_factory=list)

    def desk(self, name: str, user: str = "sato", scope: Scope = Scope.TEAM) -> Station:
        adapter = self.rig.connect(user)
        me = adapter.hello().me
        made = Station(self, name, me.id, scope, adapter)
        made.ids = FreshIds()  # type: ignore[assignment]
        made.id = DeviceId(f"d-{name}")
        made.engine = made._engine()
        with made.store.write() as tx:
            meta.put(tx, SUPPRESSION_KEY, self.suppression_key.hex())
        made.connect()
        self.desks.append(made)
        return made

    @property
    def own(self) -> bool:
        """Return whether the CRM is a hub of ours."""
        return self.desks[0].line.capabilities().own_ids

    def move(self, seconds: float) -> None:
        self.clock.move(seconds=seconds)
        self.rig.move(seconds)

    def rounds(self, desk: Station, most: int = 8) -> None:
        """Sync until nothing waits."""
        for _ in range(most):
            self.move(1_000)
            report = desk.sync()
            if not report.error and not desk.waiting():
                return
        assert [(w.head.kind, w.head.state, w.error_text) for w in desk.waiting()] == []
        assert report.error == ""


@pytest.fixture(params=NAMES)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A desk's surroundings on one CRM."""
    make = rigs.find(request.param)
    if make is None:
        pytest.skip(f"there is no rig {request.param} yet")
    crm, desks = tmp_path / "crm", tmp_path / "desks"
    crm.mkdir()
    desks.mkdir()
    template = desks / "template.db"
    Store.create(template, KEY).close()
    with make(crm) as rig:
        made = Town(desks, rig, template=template)
        yield made
        for one in made.desks:
            one.store.close()
            one.line.close()


def _local(desk: Station, obj: Thing, remote: str) -> str:
    with desk.store.read() as tx:
        return mirror.locals_of(tx, desk.line.name, obj, [remote])[remote]


def _remote(desk: Station, local: str) -> str:
    with desk.store.read() as tx:
        return mirror.by_local(tx, desk.line.name, Thing.LEAD, [local])[local].remote_id


def _call(desk: Station, lead: str, note: str) -> TouchId:
    with desk.store.write() as tx:
        seq = journal.next_seq(tx, desk.id)
    touch = Touch(
        TouchId(str(uuid.uuid4())), LeadId(lead), None, MemberId(desk.user), desk.id, seq, desk.clock.now(),
        channel=Channel.PHONE, outcome="NO_ANSWER", note=note, ring_s=20, number="+81522111234",
    )  # fmt: skip
    desk.write(touches=[touch], verb=Verb.RECORD, lead=lead)
    return touch.id


def _quiet(desk: Station) -> None:
    assert desk.conflicts() == []
    assert desk.differing() == []
    assert "quarantined" not in desk.states().values()


def test_a_lead_made_in_the_crm_comes_in_and_edits_go_out(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎", "title": "課長", "email": "t@example.co.jp"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    assert (office.fields(lead)["name"], office.fields(lead)["title"]) == ("高橋 一郎", "課長")
    office.edit(lead, title="部長", pinned=True)
    office.edit(lead, title="本部長")
    call = _call(office, lead, "折り返し希望")
    town.rounds(office)
    assert town.rig.fields(Thing.LEAD, remote)["title"] == "本部長"
    assert list(town.rig.activities(remote)) == [call]
    for _ in range(3):
        town.move(7_200)
        report = office.sync()
        assert (report.error, report.sent, report.conflicts) == ("", 0, 0)
    assert office.touches(lead) == [call]
    assert office.fields(lead)["pinned"] is True
    _quiet(office)


def test_a_lead_made_here_with_its_company_is_made_there_once(town: Town) -> None:
    office = town.desk("office")
    town.rounds(office)
    company, lead = str(uuid.uuid4()), str(uuid.uuid4())
    office.company(company, name="青葉原精機株式会社")
    office.create(lead, name="中村 直樹", company_id=company)
    call = _call(office, lead, "初回")
    town.rounds(office)
    remote = _remote(office, lead)
    town.move(7_200)
    town.rounds(office)
    assert office.fields(lead)["name"] == "中村 直樹"
    assert office.fields(lead)["company_id"] == company
    assert list(town.rig.activities(remote)) == [call]
    ito = town.desk("ito", "ito")
    town.move(7_200)
    town.rounds(ito)
    theirs = _local(ito, Thing.LEAD, remote)
    assert ito.fields(theirs)["name"] == "中村 直樹"
    with ito.store.read() as tx:
        names = [
            row[0]
            for row in tx.sql(
                "SELECT facts ->> '$.name' FROM company WHERE id = ?", (ito.fields(theirs)["company_id"],)
            )
        ]
        notes = tx.sql("SELECT note, outcome FROM touch WHERE lead_id = ?", (theirs,)).fetchall()
    assert names == ["青葉原精機株式会社"]
    assert notes == [("初回", "NO_ANSWER")]
    _quiet(office)
    _quiet(ito)


@pytest.mark.parametrize("fault", ["lost_before", "lost_after", "error_after", "busy", "html", "truncated"])
def test_a_bad_line_neither_loses_nor_doubles(town: Town, fault: str) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    calls = [_call(office, lead, f"{number}") for number in range(3)]
    fresh = str(uuid.uuid4())
    office.create(fresh, name="新規 花子")
    calls_of_fresh = [_call(office, fresh, "新規")]
    office.edit(lead, title="部長")
    try:
        town.rig.fail(fault, on="write", count=2)
    except Absent as absent:
        pytest.skip(str(absent))
    town.rounds(office, 14)
    town.move(7_200)
    town.rounds(office)
    assert sorted(town.rig.activities(remote)) == sorted(calls)
    assert list(town.rig.activities(_remote(office, fresh))) == calls_of_fresh
    assert town.rig.fields(Thing.LEAD, remote)["title"] == "部長"
    assert office.touches(lead) == sorted(calls)
    _quiet(office)


def test_two_people_change_one_field(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎", "title": "主任"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    office.edit(lead, title="課長")
    town.rig.edit(Thing.LEAD, remote, {"title": "部長"})
    town.move(1_000)
    assert office.sync().conflicts == 1
    (clash,) = office.conflicts()
    assert (clash.base, clash.mine, clash.theirs) == ("主任", "課長", "部長")
    assert town.rig.fields(Thing.LEAD, remote)["title"] == "部長"
    assert office.fields(lead)["title"] == "部長"
    assert office.differing() == []


def test_a_refusal_goes_both_ways(town: Town) -> None:
    ids = [town.rig.make(Thing.LEAD, {"name": name}) for name in ("高橋 一郎", "中村 直樹")]
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    one, two = (_local(office, Thing.LEAD, remote) for remote in ids)
    office.edit(one, dnc=True)
    try:
        town.rig.edit(Thing.LEAD, ids[1], {"dnc": True})
    except Absent as absent:
        pytest.skip(str(absent))
    town.rounds(office)
    town.move(7_200)
    town.rounds(office)
    assert town.rig.fields(Thing.LEAD, ids[0]).get("dnc") is True
    assert office.fields(two).get("dnc") is True
    _quiet(office)


def test_a_glance_sees_what_changed_a_moment_ago(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    town.rig.edit(Thing.LEAD, remote, {"title": "部長"})
    seen = office.engine.glance(LeadId(lead))
    assert (seen.online, seen.here) == (True, True)
    assert office.fields(lead)["title"] == "部長"


def test_a_desk_that_begins_again_finds_everything_once(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    call = _call(office, lead, "一度目")
    town.rounds(office)
    town.move(7_200)
    again = town.desk("again")
    town.rounds(again)
    town.rounds(again)
    with again.store.read() as tx:
        found = tx.sql("SELECT note FROM touch WHERE lead_id = ?", (_local(again, Thing.LEAD, remote),)).fetchall()
    assert found == [("一度目",)]
    assert list(town.rig.activities(remote)) == [call]


def test_what_is_taken_back_after_sending_is_marked_there(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    call = _call(office, lead, "間違い")
    town.rounds(office)
    with office.store.read() as tx:
        (touch,) = leads.touches(tx, LeadId(lead))
    with office.store.write() as tx:
        seq = journal.next_seq(tx, office.id)
    void = TouchId(str(uuid.uuid4()))
    back = replace(touch, id=void, device_seq=seq, note="", corrects=call, void=True, journal_id=None)
    office.write(touches=[back], verb=Verb.UNDO, lead=lead)
    town.rounds(office)
    assert sorted(town.rig.activities(remote)) == sorted([call, back.id])
    again = town.desk("again")
    town.move(7_200)
    town.rounds(again)
    with again.store.read() as tx:
        found = leads.touches(tx, LeadId(_local(again, Thing.LEAD, remote)))
    assert effective(found) == []
    _quiet(office)
    _quiet(again)


def test_a_lead_that_changes_hands_brings_its_history(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎"})
    other = town.rig.make(Thing.LEAD, {"name": "中村 直樹"}, owner="ito")
    town.move(7_200)
    sato, ito = town.desk("sato", "sato", Scope.MINE), town.desk("ito", "ito", Scope.MINE)
    town.rounds(sato)
    town.rounds(ito)
    call = _call(sato, _local(sato, Thing.LEAD, remote), "引き継ぎ前")
    town.rounds(sato)
    town.rounds(ito)
    town.move(7_200)
    town.rounds(ito)
    town.rig.give(remote, "ito")
    town.move(7_200)
    town.rounds(ito)
    lead = _local(ito, Thing.LEAD, remote)
    with ito.store.read() as tx:
        assert [t.note for t in leads.touches(tx, LeadId(lead))] == ["引き継ぎ前"]
    assert ito.fields(_local(ito, Thing.LEAD, other))["name"] == "中村 直樹"
    assert list(town.rig.activities(remote)) == [call]
    _quiet(ito)


def test_what_was_removed_there_goes_here_after_two_looks(town: Town) -> None:
    gone, stays = (town.rig.make(Thing.LEAD, {"name": name}) for name in ("高橋 一郎", "中村 直樹"))
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead, other = _local(office, Thing.LEAD, gone), _local(office, Thing.LEAD, stays)
    town.rig.delete(Thing.LEAD, gone)
    for _ in range(3):
        town.move(2_000)
        office.sync(full=True)
    assert office.fields(lead) == {}
    assert office.fields(other)["name"] == "中村 直樹"
    assert office.differing() == []


def test_a_call_on_a_lead_that_was_removed_waits_for_a_person(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    town.rig.delete(Thing.LEAD, remote)
    call = _call(office, lead, "消えたリード")
    for _ in range(4):
        town.move(2_000)
        office.sync(full=True)
    if town.own or office.line.capabilities().activity_target == "app":  # calls stand in a place of their own there
        assert office.states()[call] == "acked"
        return
    assert office.states()[call] == "quarantined"
    assert office.fields(lead)["name"] == "高橋 一郎"
    (item,) = office.waiting()
    assert item.error_text


def test_a_handoff_becomes_the_crms_own_and_its_result_comes_back(town: Town) -> None:
    remote = town.rig.make(Thing.LEAD, {"name": "高橋 一郎", "email": "t@example.co.jp"})
    town.move(7_200)
    office = town.desk("office")
    town.rounds(office)
    lead = _local(office, Thing.LEAD, remote)
    handoff = HandoffId(str(uuid.uuid4()))
    for action in ("submit", "accept"):
        _step(office, lead, handoff, action)
        town.rounds(office)
    _quiet(office)
    if town.own:
        return
    try:
        assert town.rig.opportunities(remote) == 1
        extra(town.rig).close_opportunity(remote, won=True, amount=1_200_000)
    except Absent as absent:
        pytest.skip(str(absent))
    for _ in range(2):
        town.move(7_200)
        town.rounds(office)
    with office.store.read() as tx:
        told = [s for s in leads.transitions(tx, LeadId(lead)) if s.action == "feedback"]
    assert [(s.handoff_id, s.payload.get("result"), s.payload.get("amount")) for s in told] == [
        (handoff, "won", 1_200_000)
    ]
    assert town.rig.opportunities(remote) == 1


def _step(desk: Station, lead: str, handoff: HandoffId, action: str) -> None:
    with desk.store.write() as tx:
        seq = journal.next_seq(tx, desk.id)
        me, at = MemberId(desk.user), desk.clock.now()
        verb = Verb.HANDOFF_SUBMIT if action == "submit" else Verb.HANDOFF_ACCEPT
        entry = Entry(JournalId(str(uuid.uuid4())), verb, at, me, desk.id, seq, "p@1", lead_id=LeadId(lead))
        fs = me if action == "submit" else None
        key = TransitionId(str(uuid.uuid4()))
        step = Transition(key, handoff, LeadId(lead), me, desk.id, seq, at, action, to_fs=fs)
        journal.append(tx, entry, transitions=[step])
