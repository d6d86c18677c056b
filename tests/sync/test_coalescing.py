"""Edits of one field that were never sent go as one; what is on its way, or was, is left alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from isdesk.crm.port import Thing
from isdesk.domain.changes import Change, Obj, Value, Verb
from isdesk.domain.fields import Kind, Merge
from isdesk.domain.merge import same, three_way
from tests.sync.foreign import Abroad
from tests.sync.world import World

VALUES = st.sampled_from([None, "", "a", "b", " a", "c"])


def _lead(world: World) -> None:
    world.device("office").create("l1", name="高橋", title="主任")
    world.settle(1)


def test_the_newest_value_goes_onto_the_oldest_base(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋", title="主任")
    office.sync()
    entries = [office.edit("l1", title=title) for title in ("係長", "課長", "部長")]
    other = office.edit("l1", email="a@example.jp")
    sent = len(abroad.crm.commands)
    report = office.sync()
    title, mail = abroad.crm.commands[sent:]
    assert (title.payload, title.base) == ({"title": "部長"}, {"title": "主任"})
    assert mail.key == f"{other}:l1"
    assert [office.states()[f"{entry}:l1"] for entry in entries] == ["cancelled", "cancelled", "acked"]
    assert (report.conflicts, office.fields("l1")["title"]) == (0, "部長")
    with office.store.read() as tx:
        kept = tx.sql("SELECT error_class, payload FROM delivery WHERE state = 'cancelled' ORDER BY seq").fetchall()
    assert kept == [("superseded", '{"title":"係長"}'), ("superseded", '{"title":"課長"}')]
    assert office.differing() == []


def test_what_else_an_edit_says_still_goes(world: World) -> None:
    _lead(world)
    office = world.devices[0]
    first = office.edit("l1", title="課長", need="在庫")
    second = office.edit("l1", title="部長")
    office.line.pushed.clear()
    office.sync()
    assert [key for batch in office.line.pushed for key in batch] == [f"{first}:l1", f"{second}:l1"]
    assert world.rows(Thing.LEAD)["l1"] == {"owner_id": "m-sato", "name": "高橋", "title": "部長", "need": "在庫"}
    assert set(office.states().values()) == {"acked"}


def test_an_edit_whose_answer_is_out_is_left_alone(world: World) -> None:
    _lead(world)
    office = world.devices[0]
    first = office.edit("l1", title="課長")
    office.line.faults = ["after"]
    office.sync()
    second = office.edit("l1", title="部長")
    office.sync()
    assert [office.states()[f"{entry}:l1"] for entry in (first, second)] == ["acked", "acked"]
    assert world.rows(Thing.LEAD)["l1"]["title"] == "部長"
    assert office.conflicts() == []


def test_refusals_go_step_by_step(abroad: Abroad) -> None:
    office = abroad.device()
    office.create("l1", name="高橋")
    office.sync()
    office.edit("l1", dnc=True)
    office.edit("l1", dnc=None)
    sent = len(abroad.crm.commands)
    office.sync()
    assert [c.payload for c in abroad.crm.commands[sent:]] == [{"dnc": True}, {"dnc": None}]


def test_undoing_what_carries_an_older_edit_brings_that_one_back(world: World) -> None:
    _lead(world)
    office = world.devices[0]
    office.edit("l1", title="課長")
    last = office.edit("l1", title="部長")
    for step in office.engine.steps():
        if step.what == "send":
            break
    office.restart()
    office.line.offline = True
    office.sync()
    with office.store.write() as tx:
        tx.sql("UPDATE delivery SET state = 'pending' WHERE state = 'uncertain'")
    back = Change(Obj.LEAD, "l1", {"title": "部長"}, {"title": "課長"})
    office.write(changes=[back], undoes=last, verb=Verb.UNDO, lead="l1")
    assert office.fields("l1")["title"] == "課長"
    office.line.offline = False
    office.sync()
    assert world.rows(Thing.LEAD)["l1"]["title"] == "課長"
    assert office.waiting() == []
    assert office.differing() == []


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["title", "need", "stage"]), st.sampled_from(["a", "b", "c", None])),
        min_size=1,
        max_size=6,
    )
)
def test_coalescing_changes_nothing_that_arrives(edits: list[tuple[str, Value]]) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="isdesk-coalesce-") as folder:
        world = World(Path(folder))
        _lead(world)
        office = world.devices[0]
        for code, value in edits:
            if office.fields("l1").get(code) != value:
                office.edit("l1", **{code: value})
        wanted = office.fields("l1")
        office.sync()
        assert world.rows(Thing.LEAD)["l1"] == wanted == office.fields("l1")
        assert set(office.states().values()) <= {"acked", "cancelled"}
        assert office.differing() == []
        world.close()


@given(st.sampled_from(list(Merge)), VALUES, VALUES, VALUES)
def test_the_laws_of_merging(rule: Merge, base: Value, mine: Value, theirs: Value) -> None:
    """merge(b,b,t)=t, merge(b,m,b)=m, merge(b,x,x)=x; no value is invented; doing it again changes nothing."""
    merged = three_way(rule, base, mine, theirs, Kind.TEXT)
    assert merged.value in (mine, theirs)
    if rule in {Merge.HUMAN, Merge.SCRATCH}:
        assert same(three_way(rule, base, base, theirs).value, theirs)
        assert same(three_way(rule, base, mine, base).value, mine)
    assert same(three_way(rule, base, mine, mine).value, mine)
    again = three_way(rule, base, merged.value, theirs, Kind.TEXT)
    assert same(again.value, merged.value)
    if rule is Merge.RESTRICT:
        assert bool(merged.value) == bool(three_way(rule, base, theirs, mine).value)
