"""What one desk does and undoes, as another one sees it: nothing is doubled, nothing comes back, all converge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.touch import Reached
from isdesk.playbook import Playbook
from isdesk.services import calls, coaching, handoffs, history, imports, kpi, outbox, queue
from isdesk.services.calls import RecordInput
from tests.services.conftest import FS, OTHER, HandClock
from tests.services.desks import Room
from tests.services.test_handoffs import HEARD


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    made = Room(tmp_path, book, clock)
    yield made
    made.close()


DAY = date(2026, 11, 24)
DNC = RecordInput(note="もうかけないで")


def test_undone_redone_and_undone_again_after_it_was_sent(room: Room) -> None:
    here = room.seat("here")
    room.seat("there", OTHER)
    lead = here.add()
    room.settle(1)
    calls.record(here.ctx, lead, "DNC_REQUEST", DNC)
    here.sync()
    history.undo(here.ctx)
    history.redo(here.ctx)
    history.undo(here.ctx)
    room.settle()
    assert here.calls(lead) == []
    assert here.barred() == set()
    room.same(lead)


def test_redone_after_an_undo_that_was_not_sent_yet(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle(1)
    calls.record(here.ctx, lead, "DNC_REQUEST", DNC)
    here.sync()
    history.undo(here.ctx)
    history.redo(here.ctx)
    room.settle()
    assert here.calls(lead) == ["DNC_REQUEST"]
    assert calls.may_dial(there.ctx, lead) == "dnc"
    room.same(lead)
    history.undo(here.ctx)
    room.settle()
    assert here.calls(lead) == []
    room.same(lead)
    assert calls.may_dial(there.ctx, lead) is None


@pytest.mark.parametrize(
    "refused", [{"touch"}, {"lead"}, {"suppression"}, {"lead", "touch"}, {"lead", "touch", "suppression"}]
)
def test_undo_of_an_entry_that_was_refused_in_part(room: Room, refused: set[str]) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle(1)
    before = here.fields(lead)
    here.line.refuse = frozenset(refused)
    calls.record(here.ctx, lead, "DNC_REQUEST", DNC)
    here.sync()
    history.undo(here.ctx)
    here.sync()
    here.line.refuse = frozenset()
    room.settle(3)
    assert here.calls(lead) == []
    assert here.fields(lead) == before
    assert calls.may_dial(there.ctx, lead) is None
    room.same(lead)


def test_undo_of_what_may_or_may_not_have_arrived(room: Room) -> None:
    here = room.seat("here")
    room.seat("there", OTHER)
    lead = here.add()
    room.settle(1)
    before = here.fields(lead)
    calls.record(here.ctx, lead, "DNC_REQUEST", DNC)
    here.line.lost = 1
    here.sync()
    history.undo(here.ctx)
    room.settle(3)
    assert here.calls(lead) == []
    assert here.fields(lead) == before
    room.same(lead)


def test_a_lead_dialled_but_not_recorded_is_gone_after_its_creation_is_undone(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    calls.begin_dial(here.ctx, lead, "+81522111234")
    history.undo(here.ctx)
    assert here.fields(lead) == {}
    here.sound()
    room.settle()
    assert there.fields(lead) == {}
    room.same(lead)


def test_undo_of_an_edit_that_clashed(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    there.edit(lead, title="部長")
    there.sync()
    here.edit(lead, title="課長", need="在庫")
    here.sync()
    history.undo(here.ctx)
    room.settle()
    assert here.fields(lead)["title"] == "部長"
    assert "need" not in here.fields(lead)
    room.same(lead)


def test_redo_where_somebody_changed_the_field_since(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    here.edit(lead, title="課長")
    room.settle()
    history.undo(here.ctx)
    room.settle()
    there.edit(lead, title="部長")
    room.settle()
    assert here.fields(lead)["title"] == "部長"
    history.redo(here.ctx)
    room.settle()
    clashes = outbox.conflicts(here.ctx)
    if clashes:
        outbox.resolve(here.ctx, clashes[0].id, "local")
        room.settle()
    assert here.fields(lead)["title"] == "課長"
    room.same(lead)


@pytest.mark.parametrize("take", ["local", "remote", "value"])
def test_a_decided_conflict_ends_the_same_everywhere(room: Room, take: str) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    there.edit(lead, title="部長")
    there.sync()
    here.edit(lead, title="課長")
    here.sync()
    (clash,) = outbox.conflicts(here.ctx)
    outbox.resolve(here.ctx, clash.id, take, "取締役" if take == "value" else None)
    room.settle()
    assert there.fields(lead)["title"] == {"local": "課長", "remote": "部長", "value": "取締役"}[take]
    assert outbox.conflicts(here.ctx) == outbox.conflicts(there.ctx) == ()
    room.same(lead)


def test_recording_on_a_lead_that_went_away_is_refused_and_nothing_is_written(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    history.undo(here.ctx)
    room.settle()
    with pytest.raises(NotFound):
        calls.record(there.ctx, lead, "NO_ANSWER")
    assert there.calls(lead) == []
    room.same(lead)


def test_a_call_recorded_while_the_lead_was_deleted_elsewhere_keeps_its_do_not_call(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    history.undo(here.ctx)
    here.sync()
    calls.record(there.ctx, lead, "DNC_REQUEST", DNC)
    room.settle(3)
    again = here.add("別人 花子", email="b@example.jp", company__name="別会社", company__phone="03-3211-7000")
    room.settle()
    assert calls.may_dial(here.ctx, again) == "dnc"
    room.same(lead)


def test_two_desks_hand_over_at_once_and_fs_decides_once(room: Room) -> None:
    here, there, fs = room.seat("here"), room.seat("there"), room.seat("fs", FS)
    lead = here.add()
    meeting = RecordInput(meeting_at=here.ctx.now() + timedelta(days=3), fs_id=FS.id, fields=HEARD)
    calls.record(here.ctx, lead, "MEETING_SET", meeting)
    room.settle()
    handoffs.submit(here.ctx, lead, FS.id)
    room.clock.go(minutes=1)
    handoffs.submit(there.ctx, lead, FS.id)
    there.sync()
    fs.sync()
    handoffs.accept(fs.ctx, lead)
    room.settle(3)
    views = [handoffs.view(seat.ctx, lead) for seat in room.seats]
    assert [v.state for v in views] == ["accepted"] * 3
    day = room.clock.now().astimezone(TOKYO).date()
    (row,) = kpi.figures(here.ctx, first=day, last=day)
    assert (row.submitted, row.accepted) == (1, 1)
    room.same(lead)


def test_an_edit_in_doubt_while_somebody_else_changed_the_field(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    here.edit(lead, title="課長")
    here.line.lost, here.line.before = 2, True
    here.sync()
    here.sync()
    there.edit(lead, title="部長")
    there.sync()
    here.sync()
    assert here.states() == ["uncertain"]
    room.clock.go(minutes=30)
    here.sync()
    (clash,) = outbox.conflicts(here.ctx)
    assert (clash.mine, clash.theirs) == ("課長", "部長")
    room.settle()
    room.same(lead)


def test_a_step_counts_behind_what_it_answers_though_the_clock_of_fs_is_slow(room: Room) -> None:
    here, fs = room.seat("here"), room.seat("fs", FS)
    lead = here.add()
    meeting = RecordInput(meeting_at=here.ctx.now() + timedelta(days=3), fs_id=FS.id, fields=HEARD)
    calls.record(here.ctx, lead, "MEETING_SET", meeting)
    handoffs.submit(here.ctx, lead, FS.id)
    room.settle()
    room.clock.go(minutes=-10)
    handoffs.accept(fs.ctx, lead)
    room.clock.go(minutes=10)
    room.settle()
    assert handoffs.view(here.ctx, lead).state == "accepted"
    room.same(lead)


def test_an_undo_of_several_stops_at_what_fs_has_decided_and_tells_what_it_did(room: Room) -> None:
    here, fs = room.seat("here"), room.seat("fs", FS)
    lead = here.add()
    meeting = RecordInput(meeting_at=here.ctx.now() + timedelta(days=3), fs_id=FS.id, fields=HEARD)
    calls.record(here.ctx, lead, "MEETING_SET", meeting)
    handoffs.submit(here.ctx, lead, FS.id)
    room.settle()
    handoffs.accept(fs.ctx, lead)
    room.settle()
    here.edit(lead, title="取締役")
    changes, steps = history.undo(here.ctx, 5)
    assert ([step.verb for step in steps], lead in changes.leads) == (["edit"], True)
    with pytest.raises(Refused):
        history.undo(here.ctx)
    room.settle()
    room.same(lead)


def test_an_import_taken_back_leaves_everybody_but_not_what_was_refused(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    here.add()
    people = "\n".join(f"新会社{n},人{n},090-4444-{1000 + n},p{n}@example.jp" for n in range(5))
    file = room.folder / "list.csv"
    file.write_text(f"会社名,氏名,携帯,メール\n{people}\n", encoding="utf-8")
    room.settle()
    imports.import_file(here.ctx, file)
    room.settle()
    new = queue.ids(here.ctx, "new")
    assert len(new) == 5
    refused = next(lead for lead in new if there.fields(lead)["name"] == "人0")
    calls.record(there.ctx, refused, "DNC_REQUEST", DNC)
    calls.begin_dial(here.ctx, new[-1], str(here.fields(new[-1])["phone_mobile"]))
    there.sync()
    history.undo(here.ctx)
    room.settle(3)
    assert [there.fields(lead) for lead in new] == [{}] * 5
    room.same(*new)
    imports.import_file(here.ctx, file)
    room.settle()
    again = [lead for lead in (*queue.ids(here.ctx), *queue.ids(here.ctx, held=True)) if lead not in new]
    barred = {str(here.fields(lead)["name"]) for lead in again if calls.may_dial(here.ctx, lead) == "dnc"}
    assert barred == {"人0"}
    room.same(*new, *again)


def test_an_evaluation_and_its_answer_reach_both_desks_and_are_taken_back_on_both(room: Room) -> None:
    here, there = room.seat("here"), room.seat("there", OTHER)
    lead = here.add()
    room.settle()
    touch = calls.record(here.ctx, lead, "INTERESTED", RecordInput(reached=Reached.DECISION_MAKER, talk_s=90)).touch_id
    assert touch is not None
    room.settle()
    there.ctx.me = replace(OTHER, role="team_lead")
    coaching.evaluate(there.ctx, touch, {"opening": 4, "questions": 2}, issues=2, comment="よい入り方")
    room.settle()
    (news,) = coaching.news(here.ctx)
    assert news.by == OTHER.name
    assert news.share == pytest.approx(8 / 15)
    coaching.reply(here.ctx, touch, "次は時期を聞きます")
    room.settle()
    (answer,) = coaching.news(there.ctx)
    assert (answer.reply, answer.touch_id) == (True, touch)
    seen = [coaching.dossier(seat.ctx, touch) for seat in (here, there)]
    assert (
        [one.comment for one in seen[0].replies] == [one.comment for one in seen[1].replies] == ["次は時期を聞きます"]
    )
    assert seen[0].call.share == seen[1].call.share
    history.undo(there.ctx)
    room.settle()
    assert coaching.of_touch(here.ctx, touch) == coaching.of_touch(there.ctx, touch) == []
    assert kpi.figures(here.ctx, first=DAY, last=DAY)[0].talk.calls == 0
