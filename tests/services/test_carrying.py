"""Meetings brought to a real CalDAV server: once in effect, never over somebody's change, told where they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isdesk.channels import caldav
from isdesk.channels.caldav import CalDav
from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput, CalendarError
from isdesk.domain.ids import LeadId
from isdesk.playbook import load
from isdesk.services import booking, calls, carrying, history, leads, meeting_news
from isdesk.services.booking import Account
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.store import meta
from tests.channels.radicale import PASSWORD, USER, Radicale, serving
from tests.services.conftest import FS, OTHER, REP, HandClock, add
from tests.services.desks import Room

TEN = datetime(2026, 11, 25, 10, 0, tzinfo=TOKYO).astimezone(UTC)
THREE = datetime(2026, 11, 26, 15, 0, tzinfo=TOKYO).astimezone(UTC)


class Desk:
    """A desk with an account on the server, and what is on the calendar of FS."""

    def __init__(self, ctx: Context, server: Radicale, make: str = "nakamura") -> None:
        self.ctx, self.server = ctx, server
        self.place = server.calendar(make) if make else f"{server.url}{USER}/nakamura/"
        self.line = CalDav(server.url, USER, PASSWORD, 5)
        self.use(self.place)

    def use(self, place: str) -> None:
        with self.ctx.store.write() as tx:
            booking.keep_account(tx, Account(self.server.url, USER, {FS.id: place}))

    def carry(self) -> carrying.Round:
        return carrying.run(self.ctx, self.line)

    def events(self, name: str = "nakamura") -> list[str]:
        text = self.server.send("GET", f"{USER}/{name}/")
        return [part.replace("\r\n ", "") for part in text.split("BEGIN:VEVENT")[1:]]

    def uid(self, lead: LeadId) -> str:
        found = booking.latest(self.ctx, lead)
        assert found is not None
        return found.id

    def state(self, lead: LeadId) -> booking.Carried:
        with self.ctx.store.read() as tx:
            return booking.carried_of(tx)[self.uid(lead)]

    def puts(self) -> int:
        return sum(method == "PUT" for method, _ in self.server.requests)


@pytest.fixture
def desk(ctx: Context, tmp_path: Path) -> Iterator[Desk]:
    with serving(tmp_path) as server:
        made = Desk(ctx, server)
        yield made
        made.line.close()


def book(ctx: Context, lead: LeadId, at: datetime = TEN, code: str = "MEETING_SET", **more: object) -> None:
    calls.record(ctx, lead, code, RecordInput(meeting_at=at, fs_id=FS.id, meeting_place="本社", **more))  # type: ignore[arg-type]


def test_a_meeting_is_written_moved_and_called_off_as_one(desk: Desk, lead: LeadId, clock: HandClock) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    assert desk.carry() == carrying.Round(1, 0, 1)
    (event,) = desk.events()
    assert f"UID:{desk.uid(lead)}" in event
    assert "DTSTART:20261125T010000Z" in event
    assert "SEQUENCE:0" in event
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    desk.carry()
    (event,) = desk.events()
    assert "DTSTART:20261126T060000Z" in event
    assert "SEQUENCE:1" in event
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_CANCELED")
    desk.carry()
    (event,) = desk.events()
    assert "STATUS:CANCELLED" in event
    assert "SEQUENCE:2" in event
    assert desk.line.busy(desk.place, TEN, THREE + timedelta(days=1)) == []
    puts = desk.puts()
    assert desk.carry().written == 0
    assert desk.puts() == puts


def test_undo_takes_the_meeting_off_the_calendar_and_redo_brings_it_back(desk: Desk, lead: LeadId) -> None:
    book(desk.ctx, lead)
    desk.carry()
    history.undo(desk.ctx)
    desk.carry()
    assert "STATUS:CANCELLED" in desk.events()[0]
    history.redo(desk.ctx)
    desk.carry()
    (event,) = desk.events()
    assert "STATUS:CONFIRMED" in event


def test_an_answer_that_is_lost_makes_no_second_event(desk: Desk, lead: LeadId) -> None:
    book(desk.ctx, lead)
    lost = ["PUT"]
    desk.server.after = lambda method, _: lost.pop() if lost and method == "PUT" else None
    first = desk.carry()
    assert (first.written, first.waiting) == (0, 1)
    assert len(desk.events()) == 1
    again = desk.carry()
    assert (again.written, again.waiting, again.error) == (1, 0, "")
    assert len(desk.events()) == 1


def test_what_the_owner_changed_meanwhile_is_read_again_and_kept(desk: Desk, lead: LeadId, clock: HandClock) -> None:
    book(desk.ctx, lead)
    desk.carry()
    uid = desk.uid(lead)
    path, raced = f"{USER}/nakamura/{uid}.ics", [True]

    def race(method: str, _: str) -> None:
        if method == "PUT" and raced:
            raced.clear()
            text = desk.server.send("GET", path)
            desk.server.send("PUT", path, text.replace("END:VEVENT", "CATEGORIES:VIP\r\nEND:VEVENT"))

    clock.go(minutes=5)
    calls.record(desk.ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    desk.server.before = race
    assert desk.carry().written == 1
    (event,) = desk.events()
    assert "CATEGORIES:VIP" in event
    assert "DTSTART:20261126T060000Z" in event


@pytest.mark.parametrize("hidden", ["header", "at_all"])
def test_a_server_that_does_not_show_its_etag_is_never_written_to_blindly(
    desk: Desk, lead: LeadId, clock: HandClock, hidden: str
) -> None:
    book(desk.ctx, lead)
    desk.carry()
    desk.server.no_etag = hidden
    path, raced = f"{USER}/nakamura/{desk.uid(lead)}.ics", [True]

    def race(method: str, _: str) -> None:
        if method == "PUT" and raced:
            raced.clear()
            text = desk.server.send("GET", path)
            desk.server.send("PUT", path, text.replace("END:VEVENT", "CATEGORIES:VIP\r\nEND:VEVENT"))

    clock.go(minutes=5)
    calls.record(desk.ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    desk.server.before = race
    done = desk.carry()
    (event,) = desk.events()
    if hidden == "header":
        assert (done.written, done.error) == (1, "")
        assert "CATEGORIES:VIP" in event, "what FS wrote between reading and writing is kept"
        assert "DTSTART:20261126T060000Z" in event
    else:
        assert (done.written, done.waiting, done.error) == (0, 1, "calendar_no_etag")
        assert "DTSTART:20261125T010000Z" in event
        there = desk.line.get(desk.place, desk.uid(lead))
        assert there is not None
        with pytest.raises(CalendarError):
            desk.line.delete(there)


def test_a_meeting_that_fs_moved_in_the_calendar_is_told_and_not_overwritten(
    desk: Desk, lead: LeadId, clock: HandClock
) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    desk.carry()
    path = f"{USER}/nakamura/{desk.uid(lead)}.ics"
    text = desk.server.send("GET", path)
    desk.server.send("PUT", path, text.replace("20261125T01", "20261127T01").replace("20261125T02", "20261127T02"))
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    assert desk.carry().written == 0
    assert "DTSTART:20261127T010000Z" in desk.events()[0]
    assert desk.state(lead).state == "moved_there"
    (told,) = [one for one in meeting_news.news(ctx) if one.what == "moved_there"]
    assert told.other_at == TEN + timedelta(days=2)
    assert meeting_news.news(ctx) == []
    clock.go(minutes=5)
    later = THREE + timedelta(hours=1)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=later))
    assert desk.carry().written == 1, "who was told and says a time again, means it"
    assert "DTSTART:20261126T070000Z" in desk.events()[0]


def test_a_move_in_the_calendar_is_heard_of_without_anything_to_write(
    desk: Desk, lead: LeadId, clock: HandClock
) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    desk.carry()
    path = f"{USER}/nakamura/{desk.uid(lead)}.ics"
    was = desk.server.send("GET", path)
    moved = was.replace("20261125T01", "20261127T01").replace("20261125T02", "20261127T02")
    desk.server.send("PUT", path, moved)
    assert desk.carry().written == 0
    (told,) = [one for one in meeting_news.news(ctx) if one.what == "moved_there"]
    assert told.other_at == TEN + timedelta(days=2)
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=told.other_at))
    assert desk.carry().written == 1
    assert "DTSTART:20261127T010000Z" in desk.events()[0]
    assert "SEQUENCE:1" in desk.events()[0]
    assert desk.state(lead).state == "done"


@pytest.mark.parametrize("how", ["deleted", "canceled"])
def test_a_meeting_that_fs_took_off_the_calendar_is_told_and_brought_again_when_it_is_meant(
    desk: Desk, lead: LeadId, clock: HandClock, how: str
) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    desk.carry()
    path = f"{USER}/nakamura/{desk.uid(lead)}.ics"
    if how == "deleted":
        desk.server.send("DELETE", path)
    else:
        was = desk.server.send("GET", path)
        desk.server.send("PUT", path, was.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"))
    assert desk.carry().written == 0
    assert desk.state(lead).state == "gone_there"
    (told,) = meeting_news.news(ctx)
    assert (told.what, told.at) == ("gone_there", TEN)
    assert desk.carry().written == 0
    assert meeting_news.news(ctx) == []
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=TEN))
    assert desk.carry().written == 1, "who was told and says the time again, means it"
    assert "STATUS:CONFIRMED" in desk.events()[0]
    assert desk.state(lead).state == "done"
    assert meeting_news.news(ctx) == []


def test_a_meeting_that_is_moved_before_anybody_heard_that_fs_took_it_off_is_told_first(
    desk: Desk, lead: LeadId, clock: HandClock
) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    desk.carry()
    desk.server.send("DELETE", f"{USER}/nakamura/{desk.uid(lead)}.ics")
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    assert desk.carry().written == 0
    assert desk.events() == []
    assert [one.what for one in meeting_news.news(ctx)] == ["gone_there"]
    clock.go(minutes=5)
    calls.record(ctx, lead, "MEETING_CANCELED")
    desk.carry()
    assert desk.events() == []


def test_a_calendar_that_was_just_read_is_left_alone(desk: Desk, lead: LeadId, clock: HandClock) -> None:
    rest = timedelta(minutes=5)
    assert carrying.run(desk.ctx, desk.line, rest).heard == 1
    asked = len(desk.server.requests)
    assert carrying.run(desk.ctx, desk.line, rest) == carrying.Round()
    assert len(desk.server.requests) == asked
    book(desk.ctx, lead)
    assert carrying.run(desk.ctx, desk.line, rest) == carrying.Round(1, 0, 1)
    clock.go(minutes=6)
    assert carrying.run(desk.ctx, desk.line, rest).heard == 1


def test_a_time_that_fs_gave_away_is_not_doubled_and_alternatives_are_told(desk: Desk, lead: LeadId) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    desk.server.event("nakamura", "own", "20261125T003000Z", "20261125T013000Z")
    assert desk.carry().written == 0
    assert [event for event in desk.events() if "UID:own" not in event] == []
    (told,) = [one for one in meeting_news.news(ctx) if one.what == "taken"]
    assert told.times
    assert TEN not in told.times
    assert booking.slots(ctx, lead).taken(FS.id, TEN)


def test_a_time_without_a_zone_is_in_the_way_too(desk: Desk, lead: LeadId) -> None:
    book(desk.ctx, lead)
    desk.server.event("nakamura", "own", "20261125T103000", "20261125T113000")
    assert desk.carry().written == 0
    assert [one.what for one in meeting_news.news(desk.ctx)] == ["taken"]


def test_a_rep_who_knows_it_may_book_over_it(desk: Desk, lead: LeadId) -> None:
    desk.server.event("nakamura", "own", "20261125T003000Z", "20261125T013000Z")
    book(desk.ctx, lead, knowingly=True)
    assert desk.carry().written == 1
    assert len(desk.events()) == 2


def test_free_slots_come_from_the_calendar_and_hold_without_a_line(desk: Desk, lead: LeadId) -> None:
    desk.server.event("nakamura", "own", "20261125T000000Z", "20261125T060000Z", "RRULE:FREQ=DAILY;COUNT=2")
    desk.carry()
    desk.server.close()
    offered = booking.slots(desk.ctx, lead)
    assert offered.heard
    (person,) = offered.people
    local = [one.astimezone(TOKYO) for one in person.times]
    assert local
    assert all(one.hour >= 15 for one in local if one.day in {25, 26})
    with desk.ctx.store.read() as tx:
        kept = str(meta.get(tx, f"{booking.BUSY}{FS.id}"))
    assert "secret" not in kept, "only times are read from somebody's calendar"


def test_another_person_of_fs_gets_it_and_the_former_loses_it(desk: Desk, lead: LeadId, clock: HandClock) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    desk.carry()
    other = desk.server.calendar("other")
    desk.use(other)
    clock.go(minutes=5)
    leads.edit(ctx, lead, {"meeting_place": "オンライン"})
    desk.carry()
    assert desk.events() == []
    assert "LOCATION:オンライン" in desk.events("other")[0]


def test_a_server_that_is_gone_leaves_everything_waiting(desk: Desk, lead: LeadId) -> None:
    book(desk.ctx, lead)
    desk.server.close()
    found = desk.carry()
    assert (found.written, found.waiting, found.error) == (0, 1, "calendar_unreachable")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("401 Unauthorized", "calendar_sign_in"),
        ("403 Forbidden", "calendar_forbidden"),
        ("404 Not Found", "calendar_missing"),
        ("500 Broken", "calendar_failed"),
    ],
)
def test_a_server_that_refuses_is_told_by_its_reason(desk: Desk, lead: LeadId, status: str, code: str) -> None:
    book(desk.ctx, lead)
    desk.server.before = lambda method, _: status if method == "PUT" else None
    found = desk.carry()
    assert (found.written, found.waiting, found.error) == (0, 1, code)
    desk.server.before = lambda method, path: None
    assert desk.carry().written == 1
    assert len(desk.events()) == 1


def test_a_wrong_password_and_a_wrong_calendar_are_told(desk: Desk, lead: LeadId) -> None:
    wrong = CalDav(desk.server.url, USER, "wrong", 5)
    with pytest.raises(CalendarError) as caught:
        wrong.calendars()
    assert caught.value.code == "calendar_sign_in"
    wrong.close()
    book(desk.ctx, lead)
    desk.use(f"{desk.server.url}{USER}/gone/")
    assert desk.carry().error == "calendar_missing"
    desk.use("https://evil.example/is/nakamura/")
    assert desk.carry().error == "calendar_elsewhere"


def test_a_server_that_never_answers_is_left_after_its_time(desk: Desk, lead: LeadId) -> None:
    import threading

    book(desk.ctx, lead)
    held = threading.Event()
    desk.server.before = lambda method, path: "503 Late" if held.wait(20) else None
    slow = CalDav(desk.server.url, USER, PASSWORD, 1)
    try:
        found = carrying.run(desk.ctx, slow)
    finally:
        held.set()
        slow.close()
    assert (found.waiting, found.error) == (1, "calendar_slow")


def test_a_broken_event_of_somebody_else_does_not_hide_the_others(desk: Desk) -> None:
    desk.server.event("nakamura", "good", "20261125T010000Z", "20261125T020000Z")
    desk.server.event("nakamura", "bad", "20261125T030000Z", "20261125T040000Z", "RRULE:FREQ=MINUTELY")
    assert [one.uid for one in desk.line.busy(desk.place, TEN - timedelta(hours=3), THREE)] == ["good"]


def test_a_file_says_what_is_taken_too(ctx: Context, lead: LeadId) -> None:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTART:20261125T000000Z",
             "DTEND:20261125T090000Z", "END:VEVENT", "END:VCALENDAR"]  # fmt: skip
    assert carrying.import_file(ctx, FS.id, "\r\n".join(lines).encode()) == carrying.Imported(1)
    (person,) = booking.slots(ctx, lead).people
    assert person.source == "file"
    assert 25 not in {one.astimezone(TOKYO).day for one in person.times}
    with pytest.raises(BadInput):
        carrying.import_file(ctx, FS.id, b"nothing")
    assert booking.slots(ctx, lead).people == (person,), "a broken file changes nothing"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://x/",
        "http://calendar.example/",
        "https://u:p@calendar.example/",
        "https://",
        "https://x y/",
        "https://[::/",
    ],
)
def test_a_password_goes_to_a_safe_address_only(text: str) -> None:
    with pytest.raises(BadInput):
        caldav.address(text)
    assert caldav.address(" https://calendar.example/dav ") == "https://calendar.example/dav/"


def test_two_leads_of_one_desk_at_one_time(desk: Desk, lead: LeadId, clock: HandClock) -> None:
    ctx = desk.ctx
    book(ctx, lead)
    clock.go(minutes=1)
    second = add(ctx, "佐藤 花子", email="sato@example.co.jp", phone_direct="052-211-9999")
    assert booking.slots(ctx, second).taken(FS.id, TEN), "it is warned of without any calendar"
    book(ctx, second)
    assert desk.carry().written == 1
    assert len(desk.events()) == 1
    (told,) = [one for one in meeting_news.news(ctx) if one.what == "clash"]
    assert (told.lead_id, told.at) == (second, TEN)
    assert TEN not in told.times
    clock.go(minutes=1)
    calls.record(ctx, second, "MEETING_RESCHEDULED", RecordInput(meeting_at=told.times[0]))
    desk.carry()
    assert len(desk.events()) == 2


@pytest.mark.parametrize("hours", [0.5, 4])
def test_of_two_meetings_of_one_lead_the_calendar_keeps_one(tmp_path: Path, clock: HandClock, hours: float) -> None:
    room = Room(tmp_path, load("default"), clock)
    with serving(tmp_path) as server:
        one, two = (Desk(room.seat(who.name, who).ctx, server, name) for who, name in ((REP, "nakamura"), (OTHER, "")))
        lead = room.seats[0].add()
        room.settle()
        book(one.ctx, lead)
        one.carry()
        clock.go(minutes=5)
        book(two.ctx, lead, TEN + timedelta(hours=hours))
        room.settle()
        for desk in (two, one, two):
            assert desk.carry().error == ""
        events = {("STATUS:CONFIRMED" in event): event for event in one.events()}
        assert len(one.events()) == len(events) == 2
        assert f"UID:{two.uid(lead)}" in events[True]
        assert "SEQUENCE:1" in events[False]
        assert [span.uid for span in one.line.busy(one.place, TEN, THREE)] == [two.uid(lead)]
        for desk in (one, two):
            desk.line.close()
    room.close()


SPOILED = (b"DTSTART:20261125T010000Z", b"DTSTART:2026112XT010000Z")


def test_a_broken_event_of_ours_stops_no_other_meeting_and_is_told(desk: Desk, lead: LeadId, clock: HandClock) -> None:
    other = add(
        desk.ctx, "佐藤 花子", phone_direct="052-233-1111", company__name="みどり商事株式会社", company__phone=None
    )
    book(desk.ctx, lead)
    desk.carry()
    desk.server.spoiled = SPOILED
    clock.go(minutes=5)
    calls.record(desk.ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    book(desk.ctx, other, TEN + timedelta(days=2))
    found = desk.carry()
    assert (found.written, found.waiting, found.error) == (1, 1, "calendar_event_wrong")
    assert found.heard == 1
    assert desk.state(other).state == booking.DONE
    assert (desk.state(lead).state, desk.state(lead).error) == (booking.WAITING, "calendar_event_wrong")
    desk.server.spoiled = None
    mended = desk.carry()
    assert (mended.written, mended.waiting, mended.error) == (1, 0, "")


def test_a_broken_event_is_mended_where_all_that_is_broken_is_ours_to_write(
    desk: Desk, lead: LeadId, clock: HandClock
) -> None:
    book(desk.ctx, lead)
    desk.carry()
    path = f"{USER}/nakamura/{desk.uid(lead)}.ics"
    text = desk.server.send("GET", path)
    assert "SEQUENCE:0" in text
    desk.server.send("PUT", path, text.replace("SEQUENCE:0", "SEQUENCE:x9"), **{"Content-Type": "text/calendar"})
    clock.go(minutes=5)
    calls.record(desk.ctx, lead, "MEETING_RESCHEDULED", RecordInput(meeting_at=THREE))
    found = desk.carry()
    assert (found.written, found.waiting, found.error) == (1, 0, "")
    (event,) = desk.events()
    assert "DTSTART:20261126T060000Z" in event
    assert "SEQUENCE:1" in event


def test_an_event_that_becomes_unreadable_in_the_calendar_is_not_taken_for_gone(desk: Desk, lead: LeadId) -> None:
    book(desk.ctx, lead)
    desk.carry()
    desk.server.spoiled = SPOILED
    found = desk.carry()
    assert (found.heard, found.error) == (1, "calendar_event_wrong")
    assert desk.state(lead).state == booking.DONE


def test_an_empty_calendar_file_clears_what_was_read_before(ctx: Context, lead: LeadId) -> None:
    free = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VFREEBUSY",
            "FREEBUSY:20261125T000000Z/20261125T090000Z", "END:VFREEBUSY", "END:VCALENDAR"]  # fmt: skip
    assert carrying.import_file(ctx, FS.id, "\r\n".join(free).encode()) == carrying.Imported(1)
    assert 25 not in {one.astimezone(TOKYO).day for one in booking.slots(ctx, lead).people[0].times}
    empty = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
    assert carrying.import_file(ctx, FS.id, empty) == carrying.Imported(0)
    assert 25 in {one.astimezone(TOKYO).day for one in booking.slots(ctx, lead).people[0].times}
