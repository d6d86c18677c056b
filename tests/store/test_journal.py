"""Entries: what they write, what they queue, what undo withdraws."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from isdesk.domain.changes import Change, Entry, Obj, Verb
from isdesk.domain.errors import NotFound, StoreError
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import DeviceId, HandoffId, JournalId, LeadId, TouchId, TransitionId
from isdesk.domain.suppression import Suppression
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Reached
from isdesk.store import Store, fold, journal, leads, suppressions
from tests.store.conftest import DEVICE, ME, NOW, Desk, change, new


def states(store: Store) -> dict[str, str]:
    with store.read() as tx:
        return dict(tx.sql("SELECT cmd_id, state FROM delivery ORDER BY seq").fetchall())


def test_an_entry_is_read_as_it_was_written(desk: Desk) -> None:
    desk.lead("l-1")
    touch = replace(
        desk.touch("l-1"),
        journal_id=JournalId("j"),
        channel=Channel.MAIL,
        direction=Direction.IN,
        outcome="NO_ANSWER",
        reached=Reached.GATEKEEPER,
        note="改行\nあり",
        number="+81312345678",
        ring_s=12,
        talk_s=0,
        objections=("budget", "timing"),
        plan=Plan(ActionKind.RETRY, NOW, "retry:P:1", moved=True, mails=(NOW, NOW + timedelta(days=3))),
        cooldown_until=NOW,
        company_cooldown_until=NOW,
        corrects=TouchId("t-0"),
        void=True,
        skew_ms=-7,
    )
    step = Transition(
        TransitionId("s"), HandoffId("h"), LeadId("l-1"), ME, DEVICE, 900, NOW, "submit", payload={"lines": [1]},
        journal_id=JournalId("j"),
    )  # fmt: skip
    event = Suppression("x", "number", "aa", NOW, ME, evidence="t-9", journal_id=JournalId("j"))
    edit = Change(Obj.LEAD, "l-1", {"title": None}, {"title": "部長"})
    entry = Entry(JournalId("j"), Verb.RECORD, NOW, ME, DEVICE, 901, "p1", None, LeadId("l-1"), {"名": "山田"})
    with desk.store.write() as tx:
        journal.append(tx, entry, [touch], [edit], [step], [event])
    with desk.store.read() as tx:
        assert journal.load(tx, JournalId("j")) == journal.Loaded(entry, (touch,), (edit,), (step,), (event,))
        assert leads.touches(tx, LeadId("l-1")) == [touch]
        assert leads.transitions(tx, LeadId("l-1")) == [step]
        assert suppressions.events(tx) == [event]
        with pytest.raises(NotFound):
            journal.load(tx, JournalId("none"))


def test_facts_get_the_id_of_their_entry(desk: Desk) -> None:
    written = desk.write(touches=(desk.touch("l-1"),))
    with desk.store.read() as tx:
        assert [t.journal_id for t in leads.touches(tx, LeadId("l-1"))] == [written]


def test_the_same_entry_twice_writes_nothing_the_second_time(desk: Desk) -> None:
    desk.lead("l-1")
    entry = Entry(JournalId("j"), Verb.EDIT, NOW, ME, DEVICE, 900, "p1")
    with desk.store.write() as tx:
        journal.append(tx, entry, changes=[change("l-1", title="A")])
    with pytest.raises(StoreError), desk.store.write() as tx:
        journal.append(tx, entry, changes=[change("l-1", title="B")])
    with desk.store.read() as tx:
        assert leads.get(tx, LeadId("l-1")).fields["title"] == "A"


def test_a_cleared_field_is_absent(desk: Desk) -> None:
    desk.lead("l-1", title="部長")
    desk.write(change("l-1", title=None))
    with desk.store.read() as tx:
        assert leads.get(tx, LeadId("l-1")).fields == {"name": "山田 太郎"}


def test_a_deleted_lead_is_gone_and_comes_back_whole(desk: Desk) -> None:
    desk.lead("l-1", title="部長", email="a@example.com")
    desk.write(change("l-1", deleted=True))
    with desk.store.read() as tx:
        assert leads.facts(tx, LeadId("l-1")) is None
        assert leads.fields_of(tx, Obj.LEAD, "l-1") == {
            "name": "山田 太郎", "title": "部長", "email": "a@example.com", "deleted": True,
        }  # fmt: skip
        assert tx.sql("SELECT count(*) FROM search_text").fetchone() == (0,)
        assert tx.sql("SELECT count(*) FROM identity").fetchone() == (0,)
    desk.write(change("l-1", deleted=None))
    with desk.store.read() as tx:
        assert leads.get(tx, LeadId("l-1")).fields["title"] == "部長"


def test_without_a_connection_nothing_is_queued(desk: Desk) -> None:
    desk.lead("l-1")
    assert states(desk.store) == {}


def test_each_fact_is_queued_once_in_its_lane(desk: Desk) -> None:
    desk.connect()
    with desk.store.write() as tx:
        journal.append(
            tx,
            Entry(JournalId("j"), Verb.CREATE, NOW, ME, DEVICE, 900, "p1", lead_id=LeadId("l-1")),
            [desk.touch("l-1")],
            [new(Obj.LEAD, "l-1", {"name": "山田", "company_id": "c-1"}), new(Obj.COMPANY, "c-1", {"name": "青葉"})],
            [Transition(TransitionId("s"), HandoffId("h"), LeadId("l-1"), ME, DEVICE, 901, NOW, "submit")],
            [Suppression("x", "lead", "aa", NOW, ME)],
        )
    with desk.store.read() as tx:
        rows = tx.sql(
            "SELECT cmd_id, kind, obj, obj_id, lead_id, lane, depends_on FROM delivery ORDER BY seq"
        ).fetchall()
    assert rows == [
        ("j:c-1", "create", "company", "c-1", None, 1, None),
        ("j:l-1", "create", "lead", "l-1", "l-1", 1, "j:c-1"),
        ("x", "suppression", "suppression", "x", "l-1", 0, None),
        ("t-1", "touch", "touch", "t-1", "l-1", 1, "j:l-1"),
        ("s", "transition", "transition", "s", "l-1", 2, "j:l-1"),
    ]


def test_a_refusal_goes_first_and_an_edit_last(desk: Desk) -> None:
    desk.connect()
    desk.write(change("l-1", title="A"), change("l-2", dnc=True))
    with desk.store.read() as tx:
        assert tx.sql("SELECT obj_id, lane FROM delivery ORDER BY obj_id").fetchall() == [("l-1", 3), ("l-2", 0)]


def test_undoing_what_was_not_sent_withdraws_both(desk: Desk) -> None:
    desk.connect()
    desk.lead("l-1", title="A")
    edit = desk.write(change("l-1", title="B"))
    undo = desk.undo(edit)
    assert states(desk.store) == {"j-1:l-1": "pending", f"{edit}:l-1": "cancelled", f"{undo}:l-1": "cancelled"}
    with desk.store.read() as tx:
        assert leads.get(tx, LeadId("l-1")).fields["title"] == "A"


def test_undoing_what_was_sent_is_sent_too(desk: Desk) -> None:
    desk.connect()
    desk.lead("l-1", title="A")
    edit = desk.write(Change(Obj.LEAD, "l-1", {"title": "A"}, {"title": "B"}))
    with desk.store.write() as tx:
        tx.sql("UPDATE delivery SET state = 'sending' WHERE journal_id = ?", (edit,))
    undo = desk.undo(edit)
    assert states(desk.store)[f"{undo}:l-1"] == "pending"
    with desk.store.read() as tx:
        assert leads.get(tx, LeadId("l-1")).fields["title"] == "A"


def test_an_undone_creation_disappears_and_its_redo_brings_it_back(desk: Desk) -> None:
    desk.connect()
    undo = desk.undo(desk.lead("l-1"))
    with desk.store.read() as tx:
        assert leads.facts(tx, LeadId("l-1")) is None
    facts = {"name": "山田 太郎"}
    desk.write(Change(Obj.LEAD, "l-1", {}, {**facts, "deleted": None}, created=True), verb=Verb.REDO, undoes=undo)
    with desk.store.read() as tx:
        assert leads.get(tx, LeadId("l-1")).fields == facts
        assert fold.differing(tx, Obj.LEAD) == []


def test_the_undo_stack_survives_and_follows_the_hand(desk: Desk) -> None:
    desk.lead("l-1")
    one, two = desk.write(change("l-1", title="A")), desk.write(change("l-1", title="B"))
    desk.write(verb=Verb.LEASE)
    with desk.store.read() as tx:
        assert [e.id for e in journal.undoable(tx, DEVICE)] == [two, one, "j-1"]
        assert journal.redoable(tx, DEVICE) == []
        assert journal.undoable(tx, DeviceId("another")) == []
    undone_two, undone_one = desk.undo(two), desk.undo(one)
    with desk.store.read() as tx:
        assert [e.id for e in journal.undoable(tx, DEVICE)] == ["j-1"]
        assert [e.id for e in journal.redoable(tx, DEVICE)] == [undone_one, undone_two]
    redo = desk.write(change("l-1", title="A"), verb=Verb.REDO, undoes=undone_one)
    desk.write(verb=Verb.LEASE)
    with desk.store.read() as tx:
        assert [e.id for e in journal.undoable(tx, DEVICE)] == [redo, "j-1"]
        assert [e.id for e in journal.redoable(tx, DEVICE)] == [undone_two]
    desk.write(change("l-1", title="C"))
    with desk.store.read() as tx:
        assert journal.redoable(tx, DEVICE) == []


def test_numbers_of_a_device_are_consecutive_and_given_back_by_a_rollback(store: Store) -> None:
    with store.write() as tx:
        assert [journal.next_seq(tx, DEVICE), journal.next_seq(tx, DEVICE, 3), journal.next_seq(tx, DEVICE)] == [
            1,
            2,
            5,
        ]

    def fail() -> None:
        with store.write() as tx:
            journal.next_seq(tx, DEVICE)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.write() as tx:
        assert journal.next_seq(tx, DEVICE) == 6


def test_a_first_connection_is_sent_what_was_written_before(desk: Desk) -> None:
    desk.lead("l-1")
    desk.write(change("l-1", title="A"), change("l-2", dnc=True), touches=(desk.touch("l-1"),))
    desk.connect()
    with desk.store.write() as tx:
        assert journal.enlist(tx, "hub") == 4
        assert journal.enlist(tx, "hub") == 0
        rows = tx.sql("SELECT cmd_id, kind, lane, lead_id FROM delivery ORDER BY seq").fetchall()
    assert rows == [
        ("j-1:l-1", "create", 1, "l-1"),
        ("j-3:l-1", "change", 3, "l-1"),
        ("j-3:l-2", "change", 0, "l-2"),
        ("t-2", "touch", 1, "l-1"),
    ]


def test_what_the_team_wrote_is_not_enlisted(desk: Desk) -> None:
    from isdesk.store import facts

    with desk.store.write() as tx:
        assert facts.add_touches(tx, [desk.touch("l-1", journal_id="theirs")]) == {"l-1"}
        assert journal.enlist(tx, "hub") == 0


def test_changes_of_a_lead_come_newest_first_with_their_entries(desk: Desk) -> None:
    desk.lead("l-1")
    edit = desk.write(change("l-1", title="A"))
    desk.write(change("l-2", title="B"))
    with desk.store.read() as tx:
        found = journal.changes_of(tx, "l-1")
    assert [(e.id, c.after) for e, c in found] == [(edit, {"title": "A"}), ("j-1", {"name": "山田 太郎"})]
