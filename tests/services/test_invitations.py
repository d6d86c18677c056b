"""Invitations by mail over a real server: one meeting whatever happens to it, each state told once or in doubt."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from isdesk import vault
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.outgoing import MailAccount
from isdesk.domain.touch import Channel, Touch, effective
from isdesk.playbook import Playbook
from isdesk.services import (
    booking,
    calls,
    consenting,
    day_end,
    history,
    invitations,
    inviting,
    leads,
    mail_account,
    merging,
    outgoing,
)
from isdesk.services.calls import RecordInput
from isdesk.services.context import Context
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.conftest import FS, OTHER, REP, HandClock, add
from tests.services.desks import Room, Seat
from tests.services.test_booking import TEN, meet


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path) -> Secrets:
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    return Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))


@pytest.fixture
def one(ctx: Context, house: Posthouse, secrets: Secrets) -> LeadId:
    """A lead with an address and no consent at all; the shipped definitions, which have no sender."""
    account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")
    mail_account.keep(ctx, secrets, account, PASSWORD)
    return add(ctx, "山田 太郎", email="yamada@example.jp", company__name="青葉精機株式会社")


def states(ctx: Context) -> list[str]:
    return [mail.state.value for mail in reversed(outgoing.outbox(ctx))]


def out(ctx: Context, secrets: Secrets, clock: HandClock) -> int:
    """Let the grace go by, keep up, and send."""
    invitations.keep_up(ctx)
    clock.go(minutes=1)
    return outgoing.send(ctx, secrets).sent


def events(house: Posthouse) -> list[tuple[str, str, int, str]]:
    """Return method, UID, SEQUENCE and status of every invitation that arrived, in order."""
    found = []
    for mail in house.got:
        calendar = Calendar.from_ical(calendar_of(mail))
        (event,) = calendar.walk("VEVENT")
        method = str(calendar["METHOD"])
        found.append((method, str(event["UID"]), int(str(event.get("SEQUENCE"))), str(event["STATUS"])))
    return found


def calendar_of(mail: EmailMessage) -> str:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    assert isinstance(part, EmailMessage)
    text = part.get_content()
    assert isinstance(text, str)
    return text


def event_of(mail: EmailMessage) -> Any:
    (event,) = Calendar.from_ical(calendar_of(mail)).walk("VEVENT")
    return event


def test_a_meeting_is_told_moved_and_called_off_as_one(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    assert out(ctx, secrets, clock) == 1
    meet(ctx, one, TEN + timedelta(hours=3), "MEETING_RESCHEDULED")
    assert out(ctx, secrets, clock) == 1
    calls.record(ctx, one, "MEETING_CANCELED")
    assert out(ctx, secrets, clock) == 1
    assert out(ctx, secrets, clock) == 0
    (uid,) = {meeting.id for meeting in booking.every(ctx)}
    assert events(house) == [
        ("REQUEST", uid, 0, "CONFIRMED"),
        ("REQUEST", uid, 1, "CONFIRMED"),
        ("CANCEL", uid, 2, "CANCELLED"),
    ]
    assert [mail["Subject"].partition("(")[0] for mail in house.got] == [
        "お打ち合わせのご案内",
        "お打ち合わせ日程変更のご案内",
        "お打ち合わせ取り消しのご連絡",
    ]
    assert [t.note for t in mailed(ctx, one)] == [mail["Subject"] for mail in house.got]


def mailed(ctx: Context, one: LeadId) -> list[Touch]:
    from isdesk.store import leads as stored

    with ctx.store.read() as tx:
        return [t for t in effective(stored.touches(tx, one)) if t.channel is Channel.MAIL]


def test_the_mail_is_what_calendars_look_for(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    out(ctx, secrets, clock)
    (mail,) = house.got
    assert mail.get_content_type() == "multipart/mixed"
    beside, file = list(mail.iter_parts())
    assert beside.get_content_type() == "multipart/alternative"
    plain, calendar = list(beside.iter_parts())
    assert plain.get_content_type() == "text/plain"
    assert "2026年11月26日(木) 10:00〜11:00" in plain.get_content()
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "meeting-20261126-1000.ics")
    assert file.get_content().decode() == calendar_of(mail).replace("\r\n", "\n").replace("\n", "\r\n")
    assert all(byte < 128 for byte in house.raw[0])
    assert b"ORGANIZER" in file.get_content()
    assert mail["List-Unsubscribe"] is None
    assert "配信停止" not in plain.get_content(), "word about an agreed meeting is no advertising"


def test_an_undo_before_it_left_takes_it_back_unseen(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    assert len(invitations.keep_up(ctx).queued) == 1
    assert outgoing.send(ctx, secrets).sent == 0
    history.undo(ctx)
    assert invitations.keep_up(ctx).taken_back == 1
    clock.go(minutes=5)
    assert outgoing.send(ctx, secrets).sent == 0
    assert (states(ctx), house.got) == (["cancelled"], [])
    history.redo(ctx)
    assert out(ctx, secrets, clock) == 1
    assert events(house)[0][0] == "REQUEST"
    assert house.got[0]["Subject"].startswith("お打ち合わせのご案内"), "it is the first that the lead hears"


def test_an_undo_after_it_left_is_told_and_a_redo_brings_it_again(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    out(ctx, secrets, clock)
    history.undo(ctx)
    invitations.keep_up(ctx)
    history.redo(ctx)
    assert out(ctx, secrets, clock) == 0, "taken back and brought again: the lead knows it just so"
    history.undo(ctx)
    assert out(ctx, secrets, clock) == 1
    history.redo(ctx)
    assert out(ctx, secrets, clock) == 1
    assert [event[0] for event in events(house)] == ["REQUEST", "CANCEL", "REQUEST"]
    sequences = [event[2] for event in events(house)]
    assert sequences == sorted(set(sequences))


def test_offline_moves_leave_one_mail_and_nobody_is_told_of_what_they_never_heard(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    invitations.keep_up(ctx)
    meet(ctx, one, TEN + timedelta(hours=3), "MEETING_RESCHEDULED")
    invitations.keep_up(ctx)
    assert out(ctx, secrets, clock) == 1
    assert [event[2] for event in events(house)] == [1]
    other = add(ctx, "佐藤 花子", email="sato@example.jp", phone_direct="052-211-9999")
    meet(ctx, other, TEN + timedelta(hours=6))
    calls.record(ctx, other, "MEETING_CANCELED")
    assert out(ctx, secrets, clock) == 0
    assert len(house.got) == 1


def test_a_mail_that_was_written_before_the_meeting_changed_never_leaves(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    """The change came from another desk right then; nobody had kept up yet."""
    meet(ctx, one)
    invitations.send(ctx, one)
    meet(ctx, one, TEN + timedelta(hours=3), "MEETING_RESCHEDULED")
    assert outgoing.send(ctx, secrets).stopped == 1
    assert (house.got, outgoing.outbox(ctx)[0].error) == ([], "mail_superseded")


def test_a_cut_line_is_a_doubt_and_not_a_second_mail(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    house.cut = 1
    assert out(ctx, secrets, clock) == 0
    assert states(ctx) == ["uncertain"]
    assert out(ctx, secrets, clock) == 0
    with pytest.raises(Refused, match="invite_uncertain"):
        invitations.send(ctx, one)
    assert len(house.got) == 1
    outgoing.resolve(ctx, outgoing.outbox(ctx)[0].id, delivered=False)
    invitations.send(ctx, one)
    assert outgoing.send(ctx, secrets).sent == 1
    assert len({event[1:3] for event in events(house)}) == 1, "the same UID and SEQUENCE: one meeting for a calendar"
    with pytest.raises(Refused, match="invite_sent"):
        invitations.send(ctx, one)


@pytest.mark.parametrize("what", ["opt_out", "dnc"])
def test_a_refusal_bars_word_of_a_meeting_too_and_says_so_once(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, what: str
) -> None:
    if what == "opt_out":
        consenting.opt_out(ctx, one)
    else:
        leads.edit(ctx, one, {"dnc": True})
    leads.edit(ctx, one, {"meeting_at": TEN.isoformat()})
    (barred,) = invitations.keep_up(ctx).barred
    assert barred.error in {"mail_opted_out", "mail_do_not_call"}
    assert invitations.keep_up(ctx).barred == ()
    assert out(ctx, secrets, clock) == 0
    with pytest.raises(Refused, match=barred.error):
        invitations.send(ctx, one)
    assert inviting.letter(ctx, one).ics.startswith("BEGIN:VCALENDAR"), "the person may say it another way"


def test_without_account_or_address_nothing_waits_and_both_are_said(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    meet(ctx, one)
    mail_account.forget(ctx, secrets)
    assert invitations.keep_up(ctx).queued == ()
    with pytest.raises(Refused, match="no_mail_account"):
        invitations.send(ctx, one)
    leads.edit(ctx, one, {"email": None})
    with pytest.raises(Refused, match="mail_unknown"):
        invitations.send(ctx, one)
    assert states(ctx) == []


def test_what_is_over_is_asked_about_and_not_told_blindly(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    invitations.send(ctx, one)
    clock.at = TEN + timedelta(hours=2)
    assert outgoing.send(ctx, secrets).asked == 1
    asked = outgoing.outbox(ctx)[0]
    assert (asked.state.value, asked.error, house.got) == ("asked", "mail_meeting_over", [])
    with pytest.raises(Refused, match="mail_meeting_over"):
        invitations.send(ctx, one)
    outgoing.again(ctx, asked.id)
    invitations.keep_up(ctx)
    assert outgoing.send(ctx, secrets).sent == 1, "a person said so"


@pytest.mark.parametrize("answer", [outgoing.cancel, None])
def test_an_invitation_that_waited_past_its_meeting_is_kept_for_an_answer(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, answer: Callable[..., None] | None
) -> None:
    meet(ctx, one)
    invitations.send(ctx, one)
    clock.at = TEN + timedelta(hours=2)
    invitations.keep_up(ctx)
    asked = outgoing.outbox(ctx)[0]
    assert (asked.state.value, asked.error) == ("asked", "mail_meeting_over")
    if answer is not None:
        answer(ctx, asked.id)
    invitations.keep_up(ctx)
    assert [mail.state.value for mail in outgoing.outbox(ctx)] == ["cancelled" if answer else "asked"]
    assert (outgoing.send(ctx, secrets).sent, house.got) == (0, [])


def test_nothing_of_a_name_or_a_place_becomes_a_header_or_a_line_of_the_calendar(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    bad = '太郎"\r\nBcc: x@evil.example\r\nATTENDEE:mailto:x@evil.example'
    leads.edit(ctx, one, {"name": bad, "meeting_place": "会議室\nATTACH:https://evil.example/x"})
    meet(ctx, one)
    out(ctx, secrets, clock)
    (mail,) = house.got
    assert mail["Bcc"] is None
    lines = calendar_of(mail).replace("\r\n ", "").splitlines()
    assert not [line for line in lines if line.startswith(("ATTACH", "ATTENDEE:mailto:x@evil"))]
    assert house.readers == ["yamada@example.jp"]


@pytest.mark.parametrize("sent", [True, False])
def test_a_merge_tells_nobody_again_and_what_comes_later_is_the_same_meeting(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, sent: bool
) -> None:
    stays = add(ctx, "山田 太郎", phone_direct="052-211-9999", company__name="青葉精機株式会社")
    meet(ctx, one)
    if sent:
        assert out(ctx, secrets, clock) == 1
    else:
        invitations.keep_up(ctx)
    merging.merge(ctx, one, stays)
    out(ctx, secrets, clock)
    (uid,) = {meeting.id for meeting in booking.every(ctx)}
    assert events(house) == [("REQUEST", uid, 0, "CONFIRMED")]
    clock.go(minutes=5)
    meet(ctx, stays, TEN + timedelta(hours=3), "MEETING_RESCHEDULED")
    out(ctx, secrets, clock)
    assert events(house) == [("REQUEST", uid, 0, "CONFIRMED"), ("REQUEST", uid, 1, "CONFIRMED")]


def with_account(seat: Seat, house: Posthouse, folder: Path) -> Secrets:
    folder.mkdir()
    vault.write(folder / "envelope.json", vault.Envelope("p", ()))
    made = Secrets(folder / "envelope.json", b"k" * 32, Shelf(seat.store))
    account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example")
    mail_account.keep(seat.ctx, made, account, PASSWORD)
    return made


def test_two_devices_of_one_rep_tell_each_state_once(
    house: Posthouse, tmp_path: Path, book: Playbook, clock: HandClock
) -> None:
    room = Room(tmp_path, book, clock)
    desk, laptop = room.seat("desk", REP), room.seat("laptop", REP)
    keys = {seat.ctx.device_id: with_account(seat, house, tmp_path / f"v-{n}") for n, seat in enumerate((desk, laptop))}

    def everybody() -> None:
        for _ in range(2):
            room.settle()
            for seat in (desk, laptop):
                invitations.keep_up(seat.ctx)
            clock.go(minutes=1)
            for seat in (desk, laptop):
                outgoing.send(seat.ctx, keys[seat.ctx.device_id])

    lead = desk.add(email="yamada@example.jp")
    meet(desk.ctx, lead)
    everybody()
    meet(laptop.ctx, lead, TEN + timedelta(hours=3), "MEETING_RESCHEDULED")
    everybody()
    calls.record(desk.ctx, lead, "MEETING_CANCELED")
    everybody()
    assert [(method, sequence) for method, _, sequence, _ in events(house)] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("CANCEL", 2),
    ]
    room.close()


def test_a_time_that_somebody_booked_before_is_not_promised_to_a_second_lead(
    house: Posthouse, tmp_path: Path, book: Playbook, clock: HandClock
) -> None:
    room = Room(tmp_path, book, clock)
    first, second = room.seat("first", OTHER), room.seat("second", REP)
    key = with_account(second, house, tmp_path / "v")
    theirs = first.add("佐藤 花子", email="sato@example.jp", phone_direct="052-211-9999")
    mine = second.add(email="yamada@example.jp")
    room.settle()
    meet(first.ctx, theirs)
    clock.go(seconds=20)
    meet(second.ctx, mine)
    assert len(invitations.keep_up(second.ctx).queued) == 1
    room.settle()
    assert invitations.keep_up(second.ctx).taken_back == 1
    clock.go(minutes=2)
    outgoing.send(second.ctx, key)
    assert house.got == []
    meet(second.ctx, mine, TEN + timedelta(hours=4), "MEETING_RESCHEDULED")
    assert out(second.ctx, key, clock) == 1
    assert [event[:1] for event in events(house)] == [("REQUEST",)]
    room.close()


def test_the_account_that_sends_organizes_where_the_rep_has_no_address(ctx: Context, one: LeadId) -> None:
    meet(ctx, one)
    nobody = replace(ctx.me, email="")
    bare = replace(ctx, me=nobody, members={**ctx.members, nobody.id: nobody})
    (event,) = Calendar.from_ical(inviting.letter(bare, one).ics).walk("VEVENT")
    assert str(event["ORGANIZER"]) == "mailto:suzuki@aoba.example"


def other(ctx: Context) -> LeadId:
    return add(
        ctx,
        "佐藤 花子",
        email="sato@example.jp",
        phone_direct="052-233-1111",
        company__name="みどり商事",
        company__phone=None,
    )


def test_a_colleagues_address_with_a_line_break_is_read_without_it_and_a_wrong_one_is_left_out(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    ctx.members[FS.id] = replace(FS, email="nakamura@example.com\n")
    ctx.members[REP.id] = replace(REP, email="not an address")
    meet(ctx, one)
    assert out(ctx, secrets, clock) == 1
    event = event_of(house.got[-1])
    assert [str(guest) for guest in event["ATTENDEE"]] == ["mailto:yamada@example.jp", "mailto:nakamura@example.com"]
    assert str(event["ORGANIZER"]) == "mailto:suzuki@aoba.example"


@pytest.mark.allow_log_warnings
def test_one_invitation_that_cannot_be_made_is_named_and_stops_no_other(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    ctx.members[FS.id] = replace(FS, name="中\udc80村")
    meet(ctx, one)
    second = other(ctx)
    mate = replace(FS, id=MemberId("m-fs2"), name="高橋 恵", email="takahashi@example.com")
    ctx.members[mate.id] = mate
    calls.record(ctx, second, "MEETING_SET", RecordInput(meeting_at=TEN + timedelta(days=1), fs_id=mate.id))
    kept = invitations.keep_up(ctx)
    assert ([mail.lead_id for mail in kept.queued], kept.failed) == ([second], (one,))
    ctx.members[FS.id] = FS
    kept = invitations.keep_up(ctx)
    assert ([mail.lead_id for mail in kept.queued], kept.failed) == ([one], ())


def open_ends(ctx: Context) -> list[tuple[str, LeadId | None]]:
    return [(loop.kind, loop.lead_id) for loop in day_end.look(ctx).loops if loop.kind in {"invite", "unsent"}]


def test_a_meeting_from_before_there_was_an_account_stays_in_sight_until_it_is_told(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    account = mail_account.read(ctx)
    assert account is not None
    mail_account.forget(ctx, secrets)
    meet(ctx, one)
    clock.go(hours=13)
    assert open_ends(ctx) == [], "who has no account tells it another way"
    mail_account.keep(ctx, secrets, account, PASSWORD)
    assert invitations.keep_up(ctx).queued == ()
    assert open_ends(ctx) == [("invite", one)]
    assert all(loop.kind != "invite" for loop in day_end.look(ctx, invites=False).loops)
    invitations.send(ctx, one)
    assert open_ends(ctx) == []
    assert outgoing.send(ctx, secrets).sent == 1
    assert open_ends(ctx) == []
    clock.go(minutes=5)
    consenting.opt_out(ctx, one)
    meet(ctx, one, TEN + timedelta(hours=2), "MEETING_RESCHEDULED")
    clock.go(minutes=5)
    assert open_ends(ctx) == [], "whom mail may not reach is told another way"


def test_a_mended_address_is_told_by_itself_and_what_failed_is_one_open_end(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    leads.edit(ctx, one, {"email": "wrong@example.jp"})
    meet(ctx, one)
    invitations.keep_up(ctx)
    leads.edit(ctx, one, {"email": "right@example.jp"})
    clock.go(minutes=2)
    assert outgoing.send(ctx, secrets).stopped == 1
    assert open_ends(ctx) == [("invite", one)]
    (queued,) = invitations.keep_up(ctx).queued
    assert queued.recipient == "right@example.jp"
    assert invitations.keep_up(ctx).queued == ()
    assert open_ends(ctx) == []
    clock.go(minutes=1)
    assert outgoing.send(ctx, secrets).sent == 1
    assert [mail["To"] for mail in house.got] == ["right@example.jp"]
    assert states(ctx) == ["stopped", "sent"]


def test_what_a_person_took_out_of_the_outbox_is_no_open_end(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    meet(ctx, one)
    (mail,) = invitations.keep_up(ctx).queued
    outgoing.cancel(ctx, mail.id)
    clock.go(minutes=5)
    assert open_ends(ctx) == []


def test_who_mails_on_the_organizers_behalf_says_so(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    assert REP.email != "suzuki@aoba.example"
    meet(ctx, one)
    assert out(ctx, secrets, clock) == 1
    event = event_of(house.got[-1])
    assert str(event["ORGANIZER"]) == f"mailto:{REP.email}"
    assert str(event["ORGANIZER"].params["SENT-BY"]) == "mailto:suzuki@aoba.example"
    ctx.members[REP.id] = replace(REP, email="Suzuki@aoba.example")
    meet(ctx, one, TEN + timedelta(hours=2), "MEETING_RESCHEDULED")
    assert out(ctx, secrets, clock) == 1
    event = event_of(house.got[-1])
    assert "SENT-BY" not in event["ORGANIZER"].params
