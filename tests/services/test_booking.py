"""Meetings between desks: one time booked twice offline, who hears of what, and what becomes of the handoff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isdesk.clock import TOKYO
from isdesk.domain.approvals import Status
from isdesk.domain.booking import KIND
from isdesk.domain.changes import Change, Obj, Value, Verb
from isdesk.domain.errors import NotFound
from isdesk.domain.ids import LeadId
from isdesk.domain.touch import ActionKind
from isdesk.playbook import Playbook
from isdesk.services import approvals, booking, calls, handoffs, history, inviting, leads, meeting_news, queue
from isdesk.services.booking import Account
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.services.entries import head
from isdesk.store import filings, journal
from isdesk.store import leads as stored
from tests.services.conftest import FS, OTHER, REP, HandClock, add
from tests.services.desks import Room
from tests.services.test_handoff_approvals import wants
from tests.services.test_handoffs import ready

TEN = datetime(2026, 11, 26, 10, 0, tzinfo=TOKYO).astimezone(UTC)


@pytest.fixture
def room(tmp_path: Path, book: Playbook, clock: HandClock) -> Iterator[Room]:
    made = Room(tmp_path, book, clock)
    yield made
    made.close()


def meet(ctx: Context, lead: LeadId, at: datetime = TEN, code: str = "MEETING_SET") -> None:
    calls.record(ctx, lead, code, RecordInput(meeting_at=at, fs_id=FS.id))


def told(ctx: Context) -> list[tuple[str, LeadId]]:
    return [(one.what, one.lead_id) for one in meeting_news.news(ctx)]


def test_who_booked_first_keeps_the_time_also_where_it_is_heard_of_last(room: Room, clock: HandClock) -> None:
    mine, theirs, fs = room.seat("mine", REP), room.seat("theirs", OTHER), room.seat("fs", FS)
    first, second = mine.add("山田 太郎"), theirs.add("佐藤 花子", email="sato@example.jp", phone_direct="052-211-9999")
    room.settle()
    for seat in (mine, theirs, fs):
        assert told(seat.ctx) == []
    meet(mine.ctx, first)
    clock.go(minutes=10)
    meet(theirs.ctx, second, TEN + timedelta(minutes=30))
    assert not booking.slots(theirs.ctx, second).taken(FS.id, TEN - timedelta(hours=2))
    assert told(mine.ctx) == told(theirs.ctx) == []
    theirs.sync()
    room.settle()
    assert told(mine.ctx) == [], "who was first hears nothing"
    (news,) = meeting_news.news(theirs.ctx)
    assert (news.what, news.lead_id, news.who) == ("clash", second, REP.name)
    assert news.times
    assert not any(booking.slots(theirs.ctx, second).taken(FS.id, at) for at in news.times)
    assert sorted(told(fs.ctx)) == sorted([("booked", first), ("booked", second)])
    calls.record(theirs.ctx, second, "MEETING_RESCHEDULED", RecordInput(meeting_at=news.times[0]))
    room.settle()
    for seat in (mine, theirs, fs):
        assert [one.sequence for one in booking.every(seat.ctx)] in ([0, 1], [1, 0])
        assert [n for n in told(seat.ctx) if n[0] == "clash"] == []
    room.same(first, second)


def test_fs_hears_of_what_others_moved_and_called_off_once(room: Room, clock: HandClock) -> None:
    rep, fs = room.seat("rep", REP), room.seat("fs", FS)
    lead = rep.add()
    room.settle()
    assert told(fs.ctx) == []
    ready(rep.ctx, lead)
    handoffs.submit(rep.ctx, lead)
    room.settle()
    handoffs.accept(fs.ctx, lead)
    assert told(fs.ctx) == [("booked", lead)]
    room.settle()
    calls.record(rep.ctx, lead, "MEETING_CANCELED")
    room.settle()
    assert handoffs.view(fs.ctx, lead).state == "accepted", "what FS accepted stays with FS"
    assert handoffs.view(fs.ctx, lead).meeting_at is None
    assert told(fs.ctx) == [("canceled", lead)]
    assert told(fs.ctx) == []


def test_a_handoff_that_fs_has_not_accepted_goes_back_and_undo_brings_it_again(ctx: Context, lead: LeadId) -> None:
    ready(ctx, lead)
    handoffs.submit(ctx, lead)
    promised = calls.preview(ctx, lead, "MEETING_CANCELED")
    done = calls.record(ctx, lead, "MEETING_CANCELED")
    view = handoffs.view(ctx, lead)
    assert (view.state, view.history[0].text) == ("withdrawn", "アポ取消")
    assert leads.view(ctx, lead).fields["stage"] == promised.stage == done.stage == "mql"
    assert leads.view(ctx, lead).state.next_action is not None
    history.undo(ctx)
    assert handoffs.view(ctx, lead).state == "submitted"
    stands = booking.standing(ctx, lead)
    assert stands is not None
    assert stands.sequence == 2


def test_what_waits_for_approval_is_not_asked_for_any_more(ctx: Context, lead: LeadId) -> None:
    wants(ctx)
    ready(ctx, lead)
    handoffs.submit(ctx, lead, reason="大型案件")
    (item,) = approvals.inbox(ctx)
    calls.record(ctx, lead, "MEETING_CANCELED")
    assert handoffs.view(ctx, lead).state == "withdrawn"
    assert [one for one in approvals.inbox(ctx, every=True) if one.request.status is Status.OPEN] == []
    assert item.request.status is Status.OPEN


def test_a_no_show_keeps_the_meeting_and_another_time_is_the_same_one(
    ctx: Context, lead: LeadId, clock: HandClock
) -> None:
    meet(ctx, lead)
    uid = booking.latest(ctx, lead)
    clock.at = TEN + timedelta(hours=2)
    before = leads.view(ctx, lead)
    calls.record(ctx, lead, "NO_SHOW")
    view = leads.view(ctx, lead)
    assert view.timeline[0].touch is not None
    assert view.timeline[0].touch.outcome == "NO_SHOW"
    assert view.state.attempts == before.state.attempts, "nobody dialled"
    assert view.state.next_action is not None
    assert ctx.calendar.day_of(view.state.next_action.due_at).day == 27
    meet(ctx, lead, TEN + timedelta(days=7), "MEETING_RESCHEDULED")
    again = booking.latest(ctx, lead)
    assert uid is not None
    assert again is not None
    assert (again.id, again.sequence) == (uid.id, 1)


@pytest.mark.parametrize(("step", "state"), [("", "draft"), ("submit", "submitted"), ("accept", "accepted")])
def test_a_meeting_that_is_moved_after_a_no_show_brings_the_lead_back_to_its_handoff(
    room: Room, clock: HandClock, step: str, state: str
) -> None:
    rep, fs = room.seat("rep"), room.seat("fs", FS)
    ctx, lead = rep.ctx, rep.add()
    ready(ctx, lead) if step else meet(ctx, lead)
    if step:
        handoffs.submit(ctx, lead)
        room.settle()
    if step == "accept":
        handoffs.accept(fs.ctx, lead)
        room.settle()
    before = leads.view(ctx, lead).state.next_action
    stands = booking.standing(ctx, lead)
    assert stands is not None
    clock.at = stands.at + timedelta(hours=2)
    calls.record(ctx, lead, "NO_SHOW")
    clock.go(minutes=20)
    calls.record(ctx, lead, "NO_ANSWER")
    chased = leads.view(ctx, lead).state.next_action
    assert chased is not None
    assert chased.kind is ActionKind.RETRY
    clock.go(minutes=70)
    preview = calls.preview(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=clock.now() + timedelta(days=5)))
    meet(ctx, lead, clock.now() + timedelta(days=5), "MEETING_RESCHEDULED")
    view = leads.view(ctx, lead)
    after = view.state.next_action
    assert (after.kind if after else None) == (before.kind if before else None)
    assert view.state.handoff_state == state
    assert preview.plan.action is ActionKind.HANDOFF
    clock.go(days=1)
    queue.settle(ctx)
    assert lead not in queue.ids(ctx) or state == "draft"


def test_a_promised_call_outlives_a_meeting_that_is_moved(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    meet(ctx, lead)
    promised = clock.now() + timedelta(hours=3)
    calls.record(ctx, lead, "CALLBACK_AT", RecordInput(callback_at=promised))
    clock.go(minutes=30)
    meet(ctx, lead, TEN + timedelta(days=1), "MEETING_RESCHEDULED")
    action = leads.view(ctx, lead).state.next_action
    assert action is not None
    assert (action.kind, action.due_at) == (ActionKind.CALLBACK_EXACT, promised)


def test_a_second_meeting_after_the_first_is_another_one(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    meet(ctx, lead)
    clock.at = TEN + timedelta(days=30)
    meet(ctx, lead, TEN + timedelta(days=35))
    every = booking.every(ctx)
    assert [one.sequence for one in every] == [0, 0]
    assert len({one.id for one in every}) == 2


def test_editing_the_facts_moves_the_meeting_too(ctx: Context, lead: LeadId) -> None:
    meet(ctx, lead)
    leads.edit(ctx, lead, {"meeting_place": "オンライン"})
    leads.edit(ctx, lead, {"need": "早い締め"})
    (one,) = booking.every(ctx)
    assert (one.place, one.sequence) == ("オンライン", 1)
    leads.edit(ctx, lead, {"meeting_at": None})
    (one,) = booking.every(ctx)
    assert one.canceled


def test_an_invitation_follows_the_meeting_and_says_where_it_cannot_go(ctx: Context, lead: LeadId) -> None:
    with pytest.raises(NotFound) as none:
        inviting.letter(ctx, lead)
    assert none.value.code == "meeting_none"
    meet(ctx, lead)
    first = inviting.letter(ctx, lead)
    calls.record(ctx, lead, "MEETING_CANCELED")
    off = inviting.letter(ctx, lead)
    assert (first.method, off.method) == ("REQUEST", "CANCEL")
    assert "お打ち合わせのご案内" in first.subject
    assert "2026年11月26日(木) 10:00〜11:00" in first.body
    (uid,) = {one.id for one in booking.every(ctx)}
    assert all(f"UID:{uid}" in one.ics.replace("\r\n ", "") for one in (first, off))


def test_two_desks_that_meet_one_lead_offline_end_with_one_meeting(room: Room, clock: HandClock) -> None:
    mine, theirs, fs = room.seat("mine", REP), room.seat("theirs", OTHER), room.seat("fs", FS)
    lead = mine.add()
    room.settle()
    for seat in (mine, theirs, fs):
        assert told(seat.ctx) == []
    meet(mine.ctx, lead)
    clock.go(minutes=10)
    later = TEN + timedelta(hours=4)
    meet(theirs.ctx, lead, later)
    room.settle()
    stood = booking.standing(mine.ctx, lead)
    assert stood is not None
    assert stood.at == later, "what was agreed with the customer last"
    for seat in (mine, theirs, fs):
        assert booking.every(seat.ctx) == booking.every(mine.ctx)
        assert [one.canceled for one in booking.every(seat.ctx)] == [True, False]
        (person,) = booking.slots(seat.ctx, lead).people
        assert all(one.start != TEN for one in person.busy)
    (news,) = meeting_news.news(mine.ctx)
    assert (news.what, news.at, news.other_at, news.who) == ("double", TEN, later, OTHER.name)
    assert sorted(told(fs.ctx)) == [("booked", lead), ("canceled", lead)]
    clock.go(minutes=10)
    calls.record(mine.ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=TEN + timedelta(days=1)))
    room.settle()
    assert [one.at for one in booking.every(theirs.ctx) if not one.canceled] == [TEN + timedelta(days=1)]
    calls.record(mine.ctx, lead, "MEETING_CANCELED")
    room.settle()
    for seat in (mine, theirs, fs):
        assert all(one.canceled and not one.instead for one in booking.every(seat.ctx)), "both are called off"
        assert booking.standing(seat.ctx, lead) is None
    room.same(lead)


def test_whose_lead_it_is_and_who_said_the_last_word_hear_of_it(room: Room, clock: HandClock) -> None:
    mine, theirs, fs = room.seat("mine", REP), room.seat("theirs", OTHER), room.seat("fs", FS)
    first, second = mine.add("山田 太郎"), mine.add("佐藤 花子", email="sato@example.jp", phone_direct="052-211-9999")
    for lead in (first, second):
        leads.edit(mine.ctx, lead, {"owner_id": OTHER.id})
    room.settle()
    for seat in (mine, theirs, fs):
        assert told(seat.ctx) == []
    meet(mine.ctx, first)
    meet(mine.ctx, second, TEN + timedelta(hours=5))
    room.settle()
    clock.go(minutes=10)
    meet(fs.ctx, second, TEN, "MEETING_RESCHEDULED")
    room.settle()
    assert told(mine.ctx) == [], "who booked it has handed it on"
    assert told(theirs.ctx) == [("clash", second)]
    assert sorted(told(fs.ctx)) == [("booked", first), ("clash", second)]


def test_what_the_crm_moved_is_told_and_agreed_on_anew(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    meet(ctx, lead)
    assert told(ctx) == []
    moved = TEN + timedelta(days=1)
    from_the_crm(ctx, lead, {"meeting_at": moved.isoformat()})
    assert told(ctx) == [], "field and filing may arrive one after the other"
    clock.go(minutes=11)
    (news,) = meeting_news.news(ctx)
    assert (news.what, news.at, news.other_at) == ("elsewhere", TEN, moved)
    assert told(ctx) == []
    leads.edit(ctx, lead, {"meeting_place": "オンライン"})
    (one,) = booking.every(ctx)
    assert (one.at, one.place) == (TEN, "オンライン"), "an edit of something else agrees on no time"
    meet(ctx, lead, moved, "MEETING_RESCHEDULED")
    (one,) = booking.every(ctx)
    assert one.at == moved
    assert told(ctx) == []
    from_the_crm(ctx, lead, {"meeting_at": None})
    assert told(ctx) == []
    clock.go(minutes=11)
    (news,) = meeting_news.news(ctx)
    assert (news.what, news.other_at) == ("elsewhere", None)
    calls.record(ctx, lead, "MEETING_CANCELED")
    assert booking.every(ctx)[0].canceled


def from_the_crm(ctx: Context, lead: LeadId, fields: dict[str, Value]) -> None:
    """Change fields of a lead as sync brings them: without an entry of this desk."""
    with ctx.store.write() as tx:
        before = stored.fields_of(tx, Obj.LEAD, lead)
        assert before is not None
        entry = head(ctx, tx, Verb.EDIT, lead_id=lead, summary={})
        journal.append(tx, entry, changes=[Change(Obj.LEAD, lead, {code: before.get(code) for code in fields}, fields)])


def test_what_is_edited_later_leaves_the_length_as_it_was_agreed(room: Room) -> None:
    mine, theirs = room.seat("mine", REP), room.seat("theirs", REP)
    with mine.ctx.store.write() as tx:
        booking.keep_account(tx, Account(minutes=90))
    lead = mine.add()
    meet(mine.ctx, lead)
    room.settle()
    leads.edit(theirs.ctx, lead, {"meeting_place": "オンライン"})
    meet(theirs.ctx, lead, TEN + timedelta(days=1), "MEETING_RESCHEDULED")
    room.settle()
    for seat in (mine, theirs):
        assert [(one.minutes, one.place) for one in booking.every(seat.ctx)] == [(90, "オンライン")]


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_invitation_has_an_organizer_or_asks_nobody(ctx: Context, lead: LeadId) -> None:
    leads.edit(ctx, lead, {"email": "yamada@example.jp"})
    meet(ctx, lead)
    nobody = replace(REP, email="")
    bare = replace(ctx, me=nobody, members={**ctx.members, REP.id: nobody})
    for method, status in (("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")):
        lines = unfolded(inviting.letter(ctx, lead).ics)
        assert f"METHOD:{method}" in lines
        assert any(line.startswith("ORGANIZER") and line.endswith(f"mailto:{REP.email}") for line in lines)
        lines = unfolded(inviting.letter(bare, lead).ics)
        assert f"STATUS:{status}" in lines
        assert not any(line.startswith(("METHOD", "ORGANIZER", "ATTENDEE")) for line in lines)
        colleague = replace(bare, me=OTHER)
        assert any(line.endswith(f"mailto:{OTHER.email}") for line in unfolded(inviting.letter(colleague, lead).ics))
        if method == "REQUEST":
            calls.record(ctx, lead, "MEETING_CANCELED")


def test_what_was_called_off_is_still_known_by_every_desk(room: Room) -> None:
    one, two = room.seat("one", REP), room.seat("two", REP)
    lead = one.add()
    meet(one.ctx, lead)
    room.settle()
    calls.record(two.ctx, lead, "MEETING_CANCELED")
    room.settle()
    assert booking.every(one.ctx) == booking.every(two.ctx)
    assert booking.every(one.ctx)[0].canceled


def test_the_meetings_to_come_are_those_of_all_that_are_not_over(ctx: Context, clock: HandClock, lead: LeadId) -> None:
    meet(ctx, lead)
    meet(ctx, lead, TEN + timedelta(days=3), "MEETING_RESCHEDULED")
    other = add(ctx, "佐藤 花子", phone_direct="052-211-9999")
    meet(ctx, other, TEN + timedelta(hours=2))
    calls.record(ctx, other, "MEETING_CANCELED")
    history.undo(ctx)
    for hours in (0, 40, 60, 24 * 7):
        clock.go(hours=hours)
        now = ctx.now()
        with ctx.store.read() as tx:
            coming = {one.id: one for one in booking.coming(tx, now)}
        due = {one.id: one for one in booking.every(ctx) if one.end > now}
        assert due.items() <= coming.items()
    assert coming == {}


def test_what_is_to_come_is_the_same_without_reading_what_is_over(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    other = add(ctx, "佐藤 花子", email="sato@example.jp", phone_direct="052-211-9999")
    for _ in range(6):
        for one, hours in ((lead, 1), (other, 30)):
            meet(ctx, one, clock.now() + timedelta(hours=hours))
        clock.go(days=3)
    calls.record(ctx, other, "MEETING_SET", RecordInput(meeting_at=clock.now() + timedelta(days=9), fs_id=FS.id))
    for hours in (0, 5, 40, 24 * 8, 24 * 12):
        clock.go(hours=hours)
        with ctx.store.read() as tx:
            found = booking.coming(tx, clock.now())
            read = filings.of_leads(tx, KIND, filings.leads_from(tx, KIND, clock.now().isoformat()))
        assert found == [one for one in booking.every(ctx) if one.end > clock.now()]
        assert {one.lead_id for one in read} == {one.lead_id for one in found}


def test_there_is_nothing_to_write_until_there_is_news(ctx: Context, lead: LeadId, clock: HandClock) -> None:
    assert meeting_news.waiting(ctx)
    assert told(ctx) == []
    meet(ctx, lead)
    assert not meeting_news.waiting(ctx)
    from_the_crm(ctx, lead, {"meeting_at": (TEN + timedelta(days=1)).isoformat()})
    assert meeting_news.waiting(ctx)
    assert told(ctx) == []
    clock.go(minutes=11)
    assert meeting_news.waiting(ctx)
    assert told(ctx) == [("elsewhere", lead)]
    assert not meeting_news.waiting(ctx)
