"""A meeting by keyboard on a real profile with a real calendar server: booked into a free slot, moved, called off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from isdesk.channels import ics
from isdesk.clock import TOKYO
from isdesk.domain.booking import Booking
from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.domain.outgoing import MailAccount
from isdesk.services import booking, calls, handoffs, history, inviting, kpi, leads, mail_account, outgoing, reminders
from isdesk.services.calls import RecordInput
from isdesk.store import members
from tests.channels.radicale import PASSWORD, USER, Radicale, serving
from tests.ui.conftest import SampleClock
from tests.ui.test_call_page import Day
from ui.notices import Notice
from ui.notifier import Notifier
from ui.session import Session
from ui.views.calendar.card import CalendarCard
from ui.views.calendar.invite import mail_link
from ui.views.calendar.watch import MeetingWatch

FS = Member(MemberId("m-fs"), "中村 直樹", "fs", "nakamura@example.com")
FS2 = Member(MemberId("m-fs2"), "高橋 恵", "fs", "takahashi@example.com")


class Person(Day):
    """Somebody at the call page, with FS in the team and a calendar on a server."""

    def __init__(self, session: Session, qtbot: QtBot, server: Radicale) -> None:
        self.server = server
        self.place = server.calendar("nakamura")
        self.places = {FS.id: self.place}
        self.notices: list[Notice] = []
        with session.ctx.store.write() as tx:
            members.put(tx, [session.ctx.me, FS])
        session.ctx.members[FS.id] = FS
        session.notices.noticed.connect(self.notices.append)
        super().__init__(session, qtbot)

    def connect(self) -> None:
        assert self.session.desk is not None
        self.session.desk.calendar.keep(self.server.url, USER, PASSWORD, self.places)
        assert self.session.desk.calendar.carry().error == ""

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self.qtbot.keyClick(focus, key, modifier)

    def slot(self, digit: int) -> None:
        """Take a free slot by its key, look at what else is asked, and record."""
        self.key(Qt.Key(Qt.Key.Key_0 + digit), Qt.KeyboardModifier.AltModifier)
        self.rest()
        assert self.page.work.ask.isVisible(), "the key of a slot records nothing"
        self.key(Qt.Key.Key_Return)

    def ask(self, code: str) -> None:
        self.page.window().activateWindow()
        self.page.controller.press(code)
        self.until(lambda: self.page.work.ask.asks_meeting)
        self.rest()

    def invite(self) -> None:
        self.page.show_lead(self.lead)
        self.until(lambda: self.here == self.lead)
        self.press("call.invite")

    def events(self) -> list[str]:
        text = self.server.send("GET", f"{USER}/nakamura/")
        return [part.replace("\r\n ", "") for part in text.split("BEGIN:VEVENT")[1:]]

    def carried(self) -> None:
        assert self.session.desk is not None
        assert self.session.desk.calendar.carry().error == ""

    @property
    def meeting(self) -> Booking:
        found = booking.latest(self.session.ctx, self.lead)
        assert found is not None
        return found

    lead: LeadId


@pytest.fixture
def person(session: Session, qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    with serving(tmp_path) as server:
        made = Person(session, qtbot, server)
        assert made.here is not None
        made.lead = made.here
        yield made
        made.until(lambda: not session.tasks.pending)


def test_booked_moved_and_called_off_by_keys(person: Person, clock: SampleClock) -> None:
    ctx = person.session.ctx
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 1)
    person.server.event("nakamura", "own", f"{day:%Y%m%d}T000000Z", f"{day:%Y%m%d}T060000Z")
    person.connect()
    person.ask("MEETING_SET")
    row = person.page.work.ask.meeting
    assert "予定表は" in row.known.text()
    offered = booking.slots(ctx, person.lead).people[0].times
    assert offered[0].astimezone(TOKYO).hour >= 15, "FS is taken until three"
    person.slot(2)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    person.rest()
    first = person.meeting
    assert (first.at, first.fs_id, first.sequence) == (offered[1], FS.id, 0)
    person.carried()
    assert [f"UID:{first.id}" in one for one in person.events() if "UID:own" not in one] == [True]

    clock.at += timedelta(minutes=5)
    person.page.show_lead(person.lead)
    person.rest()
    person.ask("MEETING_RESCHEDULED")
    person.slot(3)
    person.until(lambda: person.meeting.sequence == 1)
    person.rest()
    assert person.meeting.id == first.id
    assert person.meeting.at != first.at
    person.carried()
    (event,) = [one for one in person.events() if "UID:own" not in one]
    assert "SEQUENCE:1" in event

    clock.at += timedelta(minutes=5)
    person.page.show_lead(person.lead)
    person.rest()
    person.page.controller.press("MEETING_CANCELED")
    person.until(lambda: person.meeting.canceled)
    person.rest()
    person.carried()
    (event,) = [one for one in person.events() if "UID:own" not in one]
    assert "STATUS:CANCELLED" in event
    assert "SEQUENCE:2" in event


def test_a_taken_time_is_warned_of_once_and_may_be_kept(person: Person) -> None:
    ctx = person.session.ctx
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 2)
    person.server.event("nakamura", "own", f"{day:%Y%m%d}T010000Z", f"{day:%Y%m%d}T020000Z")
    person.connect()
    person.server.close()
    person.ask("MEETING_SET")
    panel = person.page.work.ask
    panel.meeting.edit.setText(f"{day:%Y/%m/%d} 10:30")
    assert panel.meeting.warning.isVisible()
    assert "中村 直樹" in panel.meeting.warning.text()
    person.key(Qt.Key.Key_Return)
    assert panel.isVisible()
    assert "もう一度" in panel.meeting.warning.text()
    assert booking.standing(ctx, person.lead) is None
    person.key(Qt.Key.Key_Return)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    assert person.meeting.knowingly


def test_without_a_calendar_the_quick_picks_stay_and_known_meetings_are_warned_of(person: Person) -> None:
    ctx = person.session.ctx
    person.ask("MEETING_SET")
    row = person.page.work.ask.meeting
    assert "まだ読んでいません" in row.known.text()
    person.slot(1)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    person.rest()
    taken = person.meeting.at.astimezone(TOKYO)
    other = next(one for one in person.ids if one != person.lead)
    person.page.show_lead(other)
    person.until(lambda: person.here == other)
    person.rest()
    person.ask("MEETING_SET")
    row.edit.setText(f"{taken:%Y/%m/%d %H:%M}")
    assert row.warning.isVisible()
    row.edit.setText(f"{taken + timedelta(hours=1):%Y/%m/%d %H:%M}")
    assert not row.warning.isVisible()


def test_of_several_people_a_slot_names_its_own_and_takes_both(person: Person) -> None:
    ctx = person.session.ctx
    ctx.members[FS2.id] = FS2
    person.places[FS2.id] = person.server.calendar("takahashi")
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 1)
    person.server.event("nakamura", "own", f"{day:%Y%m%d}T000000Z", f"{day + timedelta(days=20):%Y%m%d}T000000Z")
    person.connect()
    person.page.controller.reload()
    person.rest()
    person.ask("MEETING_SET")
    panel = person.page.work.ask
    assert panel.fs.value is None
    person.slot(1)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    assert person.meeting.fs_id == FS2.id


@pytest.mark.parametrize("digit", range(2, 10))
def test_the_slot_that_is_pressed_is_booked_with_its_person_where_several_are_free(person: Person, digit: int) -> None:
    ctx = person.session.ctx
    ctx.members[FS2.id] = FS2
    person.places[FS2.id] = person.server.calendar("takahashi")
    person.connect()
    person.page.controller.reload()
    person.rest()
    person.ask("MEETING_SET")
    people = booking.slots(ctx, person.lead).people
    at, fs_id = sorted((at, one.fs_id) for one in people for at in one.times)[digit - 1]
    person.slot(digit)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    person.rest()
    assert (person.meeting.at, person.meeting.fs_id) == (at, fs_id)


def test_the_invitation_is_saved_opened_or_said_to_have_no_account(person: Person, tmp_path: Path) -> None:
    session = person.session
    leads.edit(session.ctx, person.lead, {"email": "yamada@example.co.jp"})
    person.ask("MEETING_SET")
    person.slot(1)
    person.until(lambda: any(one.tone == "good" for one in person.notices))
    person.rest()
    inviter = person.page.inviter
    inviter.save(person.lead, str(tmp_path / "invite.ics"))
    person.until((tmp_path / "invite.ics").exists)
    person.rest()
    found = ics.known((tmp_path / "invite.ics").read_text("utf-8"), person.meeting.id)
    assert found is not None
    assert found.start == person.meeting.at
    person.notices.clear()
    person.invite()
    person.until(lambda: bool(person.notices))
    assert "送信アカウントがありません" in person.notices[0].text
    assert person.notices[0].action == "メールソフトで開く"
    letter = inviting.letter(session.ctx, person.lead)
    assert (letter.to, letter.method) == ("yamada@example.co.jp", "REQUEST")
    link = mail_link(letter).toString(mail_link(letter).ComponentFormattingOption.FullyEncoded)
    assert link.startswith("mailto:yamada@example.co.jp?subject=")
    assert link.count("&") == link.count("?") == 1
    assert "お打ち合わせ" in unquote(link)


def test_the_invitation_waits_a_minute_and_an_undo_takes_it_along(person: Person, clock: SampleClock) -> None:
    session = person.session
    ctx, desk = session.ctx, session.desk
    assert desk is not None
    leads.edit(ctx, person.lead, {"email": "yamada@example.co.jp"})
    mail_account.keep(ctx, desk.secrets, MailAccount("localhost", 1, "tls", "s", "s@aoba.example"), "x")
    watch = MeetingWatch(session)
    person.ask("MEETING_SET")
    person.slot(1)
    person.until(lambda: any(one.tone == "good" for one in person.notices))
    (notice,) = [one for one in person.notices if one.tone == "good"]
    assert "約1分後に yamada@example.co.jp へ招待を送ります" in notice.more
    assert notice.action == "今すぐ送る  Ctrl+Shift+M"
    (mail,) = outgoing.outbox(ctx)
    assert (mail.state, mail.due_at - mail.made_at) == ("queued", timedelta(minutes=1))
    assert notice.act is not None
    notice.act()
    person.until(lambda: outgoing.outbox(ctx)[0].due_at < mail.due_at)
    person.rest()
    session.tasks.write(lambda: history.undo(ctx))
    person.until(lambda: outgoing.outbox(ctx)[0].state == "cancelled")
    person.rest()
    assert [one.state for one in outgoing.outbox(ctx)] == ["cancelled"]
    watch.deleteLater()


def test_what_is_about_a_meeting_is_explained_where_none_fits_and_works_from_its_time_on(
    person: Person, clock: SampleClock
) -> None:
    ctx, said, control = person.session.ctx, list[str](), person.page.controller
    person.session.notices.said.connect(said.append)
    for code in ("NO_SHOW", "MEETING_CANCELED", "MEETING_RESCHEDULED"):
        control.press(code)
        person.rest()
    assert ["商談なし" in one for one in said] == [True] * 3
    assert booking.every(ctx) == []
    at = clock.at + timedelta(hours=3)
    calls.record(ctx, person.lead, "MEETING_SET", RecordInput(meeting_at=at, fs_id=FS.id))
    person.page.show_lead(person.lead)
    person.rest()
    control.press("NO_SHOW")
    person.until(lambda: "商談前" in said[-1])
    person.rest()
    clock.at = at + timedelta(minutes=10)
    control.press("NO_SHOW")
    person.rest()
    control.press("NO_SHOW")
    person.until(lambda: next(t.code for t in leads.view(ctx, person.lead).timeline if t.what == "touch") == "NO_SHOW")
    person.rest()


def test_a_submitted_handoff_goes_back_when_its_meeting_is_called_off(person: Person) -> None:
    from tests.services.test_handoffs import ready

    ctx = person.session.ctx
    company: dict[str, Value] = {"company.employees": 320, "company.prefecture": "愛知県", "department": "購買部"}
    leads.edit(ctx, person.lead, {**company, "lead_source": "inquiry"})
    ready(ctx, person.lead)
    handoffs.submit(ctx, person.lead, FS.id)
    person.page.controller.reload()
    person.rest()
    promised = person.page.work.scene
    assert promised is not None
    person.page.controller.press("MEETING_CANCELED")
    person.until(lambda: person.meeting.canceled)
    person.rest()
    view = handoffs.view(ctx, person.lead)
    assert (view.state, view.reason) == ("withdrawn", "MEETING_CANCELED")
    lead = leads.view(ctx, person.lead)
    assert lead.fields.get("stage") == promised.previews["MEETING_CANCELED"].stage == "mql"
    assert lead.state.next_action is not None
    assert view.meeting_at is None


def test_the_reminder_comes_one_business_day_before_and_once(person: Person, clock: SampleClock) -> None:
    ctx = person.session.ctx
    person.ask("MEETING_SET")
    person.slot(3)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    person.rest()
    notifier = Notifier(person.session, lambda: False, parent=person.page)
    person.notices.clear()
    notifier.look()
    person.rest()
    assert [one for one in person.notices if "商談" in one.text] == []
    at = person.meeting.at
    clock.at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(at), -1), time(11))
    notifier.look()
    person.until(lambda: any("商談" in one.text for one in person.notices))
    (told,) = [one for one in person.notices if "商談" in one.text]
    assert f"{at.astimezone(TOKYO):%m/%d}" in told.text
    person.notices.clear()
    notifier.look()
    person.rest()
    assert [one for one in person.notices if "商談" in one.text] == []
    notifier.deleteLater()


def test_who_did_not_come_is_recorded_moved_and_nothing_is_doubled(person: Person, clock: SampleClock) -> None:
    """No-show (無断欠席) from the window: the lead has a next action, and is booked anew without another meeting."""
    ctx = person.session.ctx
    person.ask("MEETING_SET")
    person.slot(1)
    person.until(lambda: booking.standing(ctx, person.lead) is not None)
    person.rest()
    first = person.meeting
    clock.at = first.end + timedelta(minutes=5)
    person.page.show_lead(person.lead)
    person.until(lambda: person.here == person.lead)
    person.rest()
    person.page.controller.press("NO_SHOW")
    person.until(lambda: leads.view(ctx, person.lead).state.last_outcome == "NO_SHOW")
    person.rest()
    action = leads.view(ctx, person.lead).state.next_action
    assert action is not None
    assert action.due_at > clock.at
    assert [one.kind for one in reminders.fresh(ctx).every if one.kind == "meeting"] == []
    clock.at += timedelta(minutes=5)
    person.page.show_lead(person.lead)
    person.rest()
    person.ask("MEETING_RESCHEDULED")
    person.slot(2)
    person.until(lambda: person.meeting.at > clock.at)
    person.rest()
    assert not person.meeting.canceled
    figures = kpi.figures(ctx, first=clock.at.date() - timedelta(days=9), last=clock.at.date() + timedelta(days=1))
    assert sum(row.counts.meetings_gross for row in figures) == 1, "moving adds no meeting"


def test_a_meeting_goes_to_the_calendar_by_itself_and_trouble_is_told_once(person: Person) -> None:
    person.connect()
    watch = MeetingWatch(person.session, person.page)
    wanted: list[bool] = []
    watch.settings_wanted.connect(lambda: wanted.append(True))
    person.server.before = lambda method, _: "401 Unauthorized" if method == "PUT" else None
    person.ask("MEETING_SET")
    person.slot(1)
    person.until(lambda: any(one.tone == "warn" for one in person.notices))
    (told,) = [one for one in person.notices if one.tone == "warn"]
    assert "受け付けません" in told.text
    assert told.act is not None
    told.act()
    assert wanted == [True]
    watch.look()
    person.rest()
    assert len([one for one in person.notices if one.tone == "warn"]) == 1
    person.server.before = lambda method, path: None
    watch.look()
    person.until(lambda: len(person.events()) == 1)
    person.rest()
    watch.deleteLater()


def test_two_leads_at_one_time_are_told_with_free_times(person: Person, clock: SampleClock) -> None:
    ctx = person.session.ctx
    other = next(one for one in person.ids if one != person.lead)
    at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 2), time(10))
    for lead in (person.lead, other):
        calls.record(ctx, lead, "MEETING_SET", RecordInput(meeting_at=at, fs_id=FS.id))
        clock.at += timedelta(minutes=1)
    watch = MeetingWatch(person.session, person.page)
    opened: list[str] = []
    watch.opened.connect(opened.append)
    watch.tell()
    person.until(lambda: bool(person.notices))
    person.rest()
    (told,) = person.notices
    assert "先に入っていました" in told.text
    assert "空いている時間" in told.more
    assert told.act is not None
    told.act()
    assert opened == [other]
    watch.deleteLater()


def test_the_account_is_tested_then_kept_by_keyboard(person: Person) -> None:
    session, qtbot = person.session, person.qtbot
    assert session.desk is not None
    card = CalendarCard(session, session.desk)
    qtbot.addWidget(card)
    card.show()
    card.load()
    person.until(lambda: FS.id in card.choices)
    person.rest()
    assert not card.keep_button.isEnabled()
    for field, text in ((card.url, person.server.url), (card.user, USER), (card.password, "wrong")):
        assert isinstance(field, QLineEdit)
        field.selectAll()
        qtbot.keyClicks(field, text)
    qtbot.keyClick(card.password, Qt.Key.Key_Return)
    person.until(lambda: bool(person.notices))
    person.rest()
    assert "受け付けません" in person.notices[0].text
    assert not card.keep_button.isEnabled()
    assert session.desk.calendar.account.url == ""
    card.password.clear()
    qtbot.keyClicks(card.password, PASSWORD)
    qtbot.keyClick(card.password, Qt.Key.Key_Return)
    person.until(card.keep_button.isEnabled)
    assert card.choices[FS.id].currentData() == person.place, "the calendar that bears the name is proposed"
    qtbot.keyClick(card.keep_button, Qt.Key.Key_Space)
    person.until(lambda: session.desk is not None and bool(session.desk.calendar.account.url))
    person.rest()
    assert booking.slots(session.ctx, person.lead).heard
    assert card.password.text() == ""
    card.minutes.setValue(30)
    person.rest()
    assert session.desk.calendar.account.minutes == 30
    qtbot.keyClick(card.forget_button, Qt.Key.Key_Space)
    person.until(lambda: session.desk is not None and not session.desk.calendar.account.url)
    person.rest()
    assert not booking.slots(session.ctx, person.lead).heard


def test_a_broken_file_is_told_and_a_good_one_read(person: Person, tmp_path: Path) -> None:
    session = person.session
    assert session.desk is not None
    card = CalendarCard(session, session.desk)
    person.qtbot.addWidget(card)
    bad, good = tmp_path / "bad.ics", tmp_path / "good.ics"
    bad.write_text("名前,会社\n", "utf-8")
    good.write_text(inviting_text(), "utf-8", newline="")
    card.import_file(FS.id, str(bad))
    person.until(lambda: bool(person.notices))
    assert "読めません" in person.notices[0].text
    card.import_file(FS.id, str(good))
    person.until(lambda: booking.slots(session.ctx, person.lead).heard)
    person.rest()


def test_a_file_is_read_beside_the_writer_and_says_what_it_left_out(person: Person, tmp_path: Path) -> None:
    session = person.session
    assert session.desk is not None
    card = CalendarCard(session, session.desk)
    person.qtbot.addWidget(card)
    said: list[str] = []
    session.notices.said.connect(said.append)
    pipe = tmp_path / "slow.ics"
    os.mkfifo(pipe)
    card.import_file(FS.id, str(pipe))
    session.tasks.write(lambda: leads.edit(session.ctx, person.lead, {"need": "早い締め"}))
    person.until(lambda: leads.view(session.ctx, person.lead).fields.get("need") == "早い締め")
    assert said == [], "a file that takes its time keeps nobody from writing"
    broken = "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR"
    pipe.write_text(inviting_text().replace("END:VCALENDAR", broken), "utf-8", newline="")
    person.until(lambda: bool(said))
    person.rest()
    assert said == ["予定を読み込みました: この先 0件(読めない予定 1件は飛ばしました)"]


def inviting_text() -> str:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20990101T000000Z\r\nDTEND:20990101T010000Z\r\nEND:VEVENT"
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}\r\nEND:VCALENDAR\r\n"
