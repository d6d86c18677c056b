"""A round of sync: what was written arrives once, what others wrote comes in, whatever happens to the line."""

from __future__ import annotations

import pytest

from isdesk.crm.port import Scope, Thing
from isdesk.domain.changes import Change, Obj, Verb
from isdesk.store import deliveries, fold, mirror
from tests.sync.world import World


def test_two_devices_of_one_rep_see_the_same(world: World) -> None:
    office, home = world.device("office"), world.device("home")
    office.create("l1", name="高橋", phone_direct="+81312345678")
    touch = office.call("l1", note="折り返し希望")
    report = office.sync()
    assert (report.sent, report.pending, report.error) == (2, 0, "")
    assert home.sync().created >= 2
    assert home.fields("l1") == office.fields("l1")
    assert home.fields("l1") == {"owner_id": "m-sato", "name": "高橋", "phone_direct": "+81312345678"}
    assert home.touches("l1") == [touch]
    assert "l1" in home.projected
    home.edit("l1", title="部長")
    home.call("l1")
    home.sync()
    office.sync()
    assert office.fields("l1")["title"] == "部長"
    assert office.touches("l1") == home.touches("l1")
    assert office.differing() == home.differing() == []
    assert office.base() == home.base()


def test_nothing_new_changes_nothing(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    report = office.sync()
    assert (report.sent, report.created, report.updated, report.deleted) == (0, 0, 0, 0)
    assert not report.changes.queue


def test_without_the_network_everything_waits_and_no_attempt_counts(world: World) -> None:
    office = world.device("office")
    office.line.offline = True
    office.create("l1", name="高橋")
    report = office.sync()
    assert (report.online, report.error, report.pending) == (False, "hub_offline", 1)
    assert [w.head.attempts for w in office.waiting()] == [0]
    assert office.engine.delay() <= 4
    office.line.offline = False
    assert office.sync().sent == 1
    assert office.engine.failures == 0


@pytest.mark.parametrize("fault", ["before", "after", "twice"])
def test_a_lost_request_or_answer_leaves_exactly_one(world: World, fault: str) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    office.line.faults = [fault]
    touches = [office.call("l1"), office.call("l1")]
    office.edit("l1", title="部長")
    first = office.sync()
    if fault != "twice":
        assert (first.error, first.failed) == ("timeout", 3)
        assert set(office.states().values()) == {"acked", "uncertain"}
        assert office.fields("l1")["title"] == "部長"
        office.sync()
    assert set(office.states().values()) == {"acked"}
    assert sorted(world.rows(Thing.TOUCH)) == sorted(touches)
    assert world.rows(Thing.LEAD)["l1"]["title"] == "部長"
    assert office.differing() == []


def test_an_answer_lost_behind_a_later_edit_of_another_is_no_conflict(world: World) -> None:
    office, ito = world.device("office"), world.device("ito", "m-ito")
    office.create("l1", name="高橋")
    world.settle(1)
    office.line.faults = ["after"]
    office.edit("l1", title="部長")
    office.sync()
    ito.sync()
    ito.edit("l1", title="取締役")
    ito.sync()
    office.sync()
    assert office.fields("l1")["title"] == "取締役"
    assert office.conflicts() == []
    assert set(office.states().values()) == {"acked"}


def test_do_not_call_goes_first_and_each_lead_keeps_its_order(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    office.line.pushed.clear()
    office.edit("l1", title="部長")
    need = office.edit("l1", need="在庫")
    call = office.call("l1")
    refusal = office.edit("l1", dnc=True)
    newest = office.edit("l1", title="本部長")
    event = office.suppress("+81312345678")
    office.sync()
    (batch,) = (b for b in office.line.pushed if b)
    kinds = {key: n for n, key in enumerate(batch)}
    assert kinds[f"{refusal}:l1"] < kinds[call]
    assert kinds[event] < kinds[call] < kinds[f"{need}:l1"] < kinds[f"{newest}:l1"]
    assert world.rows(Thing.LEAD)["l1"]["title"] == "本部長"


def test_a_do_not_call_edit_goes_behind_an_older_edit_of_the_same_field(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    office.edit("l1", title="部長")
    office.edit("l1", title="本部長", dnc=True)
    assert office.sync().conflicts == 0
    assert world.rows(Thing.LEAD)["l1"] == {"owner_id": "m-sato", "name": "高橋", "title": "本部長", "dnc": True}


def test_what_is_refused_is_put_aside_with_the_hubs_words(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    bad, good = office.call("l1"), office.call("l1")
    office.line.refuse[bad] = "入力規則: メモは必須です"
    report = office.sync()
    assert (report.sent, report.quarantined, report.pending) == (1, 1, 0)
    assert sorted(world.rows(Thing.TOUCH)) == [good]
    (item,) = office.waiting()
    assert (item.head.state, item.error_text) == ("quarantined", "入力規則: メモは必須です")
    assert item.fields["outcome"] == "NO_ANSWER"
    office.line.refuse.clear()
    with office.store.write() as tx:
        assert deliveries.retry(tx, bad)
    assert office.sync().sent == 1
    assert sorted(world.rows(Thing.TOUCH)) == sorted([bad, good])


def test_an_all_or_nothing_batch_is_halved_down_to_the_culprit(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    touches = [office.call("l1") for _ in range(9)]
    office.line.poison = {touches[5]}
    report = office.sync()
    assert (report.sent, report.quarantined) == (8, 1)
    assert office.states()[touches[5]] == "quarantined"
    assert len(world.rows(Thing.TOUCH)) == 8


def test_a_poison_command_delays_only_what_depends_on_it(world: World) -> None:
    office = world.device("office")
    office.line.batch_max = 4
    office.create("bad", name="毒")
    office.create("l1", name="高橋")
    office.line.refuse["bad"] = "no"
    office.sync()
    office.edit("bad", name="毒2")
    hung = [office.call("bad") for _ in range(10)]
    late = [office.call("l1") for _ in range(10)]
    office.sync()
    assert set(world.rows(Thing.TOUCH)) == {*late, *hung}
    assert [w.head.state for w in office.waiting()] == ["quarantined", "pending"]


def test_entries_from_before_the_connection_are_sent(world: World) -> None:
    office = world.device("office", connected=False)
    office.create("l1", name="高橋")
    touch = office.call("l1")
    taken_back = office.edit("l1", title="部長")
    assert office.connect() == 3
    office.write(changes=[], undoes=taken_back, verb=Verb.UNDO)
    office.sync()
    assert list(world.rows(Thing.TOUCH)) == [touch]
    assert office.fields("l1") == world.rows(Thing.LEAD)["l1"]


def test_an_undo_before_sending_sends_nothing(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    entry = office.edit("l1", title="部長")
    office.write(
        changes=[Change(Obj.LEAD, "l1", {"title": "部長"}, {"title": None})], undoes=entry, verb=Verb.UNDO, lead="l1"
    )
    assert office.sync().sent == 0
    assert "title" not in world.rows(Thing.LEAD)["l1"]
    assert office.differing() == []


def test_one_rep_gets_ones_own_book_and_hears_of_a_hand_over(world: World) -> None:
    sato, ito = world.device("sato", "m-sato", Scope.MINE), world.device("ito", "m-ito", Scope.MINE)
    sato.company("c1", name="甲")
    sato.create("l1", name="高橋", company_id="c1")
    touch = sato.call("l1")
    world.settle(1)
    assert ito.fields("l1") == {}
    sato.edit("l1", owner_id="m-ito")
    world.settle(1)
    assert ito.fields("l1")["owner_id"] == "m-ito"
    assert ito.touches("l1") == [touch]
    with ito.store.read() as tx:
        assert fold.folded(tx, Obj.COMPANY, ["c1"]) == {"c1": {"name": "甲"}}
    assert sato.fields("l1")["owner_id"] == "m-ito"


def test_a_do_not_call_binds_everybody_and_is_never_cleared_by_merging(world: World) -> None:
    sato, ito = world.device("sato", "m-sato", Scope.MINE), world.device("ito", "m-ito", Scope.MINE)
    ito.create("l2", name="別人", phone_direct="+81312345678")
    world.settle(1)
    ito.projected.clear()
    sato.suppress("+81312345678")
    sato.sync()
    ito.sync()
    assert ito.numbers_off() == sato.numbers_off() != set()
    assert "l2" in ito.projected
    team = world.device("mori", "m-mori")
    team.sync()
    ito.edit("l2", dnc=True)
    ito.sync()
    team.edit("l2", dnc=False)
    world.settle(2)
    assert all(d.fields("l2")["dnc"] is True for d in (team, ito))


def test_the_history_of_rounds_is_kept(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    office.sync()
    office.line.offline = True
    office.sync()
    with office.store.read() as tx:
        last, first = mirror.runs(tx, 10)
    assert (first.ok, first.report["sent"]) == (True, 1)
    assert (last.ok, last.error, last.report["online"]) == (False, "hub_offline", False)


def test_a_round_can_be_stopped(world: World) -> None:
    office = world.device("office")
    office.create("l1", name="高橋")
    seen: list[str] = []
    report = office.engine.run(progress=lambda what, done, of: seen.append(what), cancelled=lambda: seen[-1] == "send")
    assert report.error == "sync_cancelled"
    assert world.rows(Thing.LEAD) == {}
    assert office.sync().sent == 1
