"""Reminders in the window on a real profile: shown with the way to the lead, silent during a call, put off by key."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from threading import Event

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from isdesk.desk import Desk
from isdesk.domain.changes import Change, Changes, Obj, Value, Verb
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.domain.outgoing import MailAccount
from isdesk.domain.reminders import Reminder
from isdesk.services import calls, history, mail_account, meeting_news
from isdesk.services.calls import RecordInput
from isdesk.services.entries import head
from isdesk.store import journal, leads, members
from tests.ui.conftest import SampleClock
from tests.ui.leads_made import add
from ui.notices import Notice
from ui.notifier import Corner, Notifier
from ui.session import Session
from ui.tasks import Tasks
from ui.views.calendar.watch import MeetingWatch

FS = Member(MemberId("m-fs"), "中村 直樹", "fs", "nakamura@example.com")


class Written(Corner):
    """A corner that writes down what it would show."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.said: list[str] = []

    @override
    def say(self, title: str, text: str) -> None:
        self.said.append(text)


class Told(QObject):
    """Collects the notices above the page."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.every: list[Notice] = []
        session.notices.noticed.connect(self.every.append)


@pytest.fixture
def promised(session: Session, clock: SampleClock) -> LeadId:
    """Give a lead whose promised time has come."""
    made = add(session.ctx, "見本 太郎", phone_direct="03-3211-1000")
    calls.record(session.ctx, made, "CALLBACK_AT", RecordInput(callback_at=clock.at + timedelta(minutes=30)))
    clock.at += timedelta(minutes=30)
    return made


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)


def test_it_stands_above_the_page_with_the_way_to_the_lead(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    told = Told(session, host)
    notifier = Notifier(session, lambda: False, None, host)
    session.hub.ticked.emit()
    rest(qtbot, tasks)
    (one,) = told.every
    assert "約束の時刻です" in one.text
    assert "見本 太郎" in one.text
    assert one.act is not None
    with qtbot.waitSignal(notifier.opened) as opened:
        one.act()
    assert opened.args == [promised]
    session.hub.ticked.emit()
    rest(qtbot, tasks)
    assert len(told.every) == 1


def test_nothing_is_said_during_a_call_and_it_comes_afterwards(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    assert promised
    told, busy = Told(session, host), [True]
    Notifier(session, lambda: busy[0], None, host)
    session.hub.ticked.emit()
    rest(qtbot, tasks)
    assert told.every == []
    busy[0] = False
    session.hub.ticked.emit()
    rest(qtbot, tasks)
    assert len(told.every) == 1


def test_the_tray_shows_it_where_there_is_one_and_a_snooze_brings_it_again(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks, clock: SampleClock
) -> None:
    told, corner = Told(session, host), Written(host)
    notifier = Notifier(session, lambda: False, corner, host)
    notifier.look()
    rest(qtbot, tasks)
    assert (len(corner.said), told.every) == (1, [])
    with qtbot.waitSignal(notifier.opened) as opened:
        corner.clicked.emit()
    assert opened.args == [promised]
    corner.snooze.emit()
    rest(qtbot, tasks)
    clock.at += timedelta(minutes=11)
    notifier.look()
    rest(qtbot, tasks)
    assert len(corner.said) == 2
    corner.close()


def meetings(session: Session, clock: SampleClock, count: int) -> list[LeadId]:
    """Let the CRM have moved ``count`` meetings, so that each is to be told of."""
    ctx = session.ctx
    with ctx.store.write() as tx:
        members.put(tx, [ctx.me, FS])
    ctx.members[FS.id] = FS
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 3)
    made = []
    for n in range(count):
        made.append(add(ctx, f"商談 {n}", phone_direct=f"03-3211-20{n:02}"))
        at = ctx.calendar.at(day, time(10)) + timedelta(hours=n)
        calls.record(ctx, made[-1], "MEETING_SET", RecordInput(meeting_at=at, fs_id=FS.id))
    meeting_news.news(ctx)
    with ctx.store.write() as tx:
        for lead in made:
            was = leads.facts(tx, lead)
            assert was is not None
            moved: dict[str, Value] = {"meeting_at": ctx.calendar.at(day, time(17)).isoformat()}
            change = Change(Obj.LEAD, lead, {"meeting_at": was.get("meeting_at")}, moved)
            journal.append(tx, head(ctx, tx, Verb.EDIT, lead_id=lead, summary={}), changes=[change])
    meeting_news.news(ctx)  # it is told once field and filing had the time to arrive
    clock.at += timedelta(minutes=11)
    return made


def test_word_about_a_meeting_waits_for_the_end_of_a_call(
    session: Session, clock: SampleClock, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    (lead,) = meetings(session, clock, 1)
    told, busy = Told(session, host), [True]
    watch = MeetingWatch(session, host, Notifier(session, lambda: busy[0], None, host))
    watch.tell()
    session.hub.ticked.emit()
    rest(qtbot, tasks)
    assert told.every == []
    busy[0] = False
    session.hub.changed.emit(Changes(queue=True))
    rest(qtbot, tasks)
    (one,) = told.every
    assert "CRMの商談日時" in one.text
    assert one.act is not None
    with qtbot.waitSignal(watch.opened) as opened:
        one.act()
    assert opened.args == [lead]


def test_many_meetings_are_told_in_one_sentence_that_holds_them_all(
    session: Session, clock: SampleClock, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    meetings(session, clock, 5)
    told = Told(session, host)
    MeetingWatch(session, host, Notifier(session, lambda: False, None, host)).tell()
    rest(qtbot, tasks)
    (one,) = told.every
    assert one.text == "商談のお知らせ 5件"
    assert all(f"商談 {n}" in one.details for n in range(5))


def test_a_meeting_is_told_outside_and_what_has_to_be_done_above_the_page_too(
    session: Session, clock: SampleClock, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    told, corner = Told(session, host), Written(host)
    notifier = Notifier(session, lambda: False, corner, host)
    (lead,) = meetings(session, clock, 1)
    watch = MeetingWatch(session, host, notifier)
    watch.tell()
    rest(qtbot, tasks)
    assert (len(corner.said), len(told.every)) == (1, 1)
    with qtbot.waitSignal(watch.opened) as opened:
        corner.clicked.emit()
    assert opened.args == [lead]
    notifier.pass_on([Notice("お知らせ", tone="plain")], "")
    assert corner.said[1:] == ["お知らせ"]
    assert len(told.every) == 1
    corner.close()


def test_looking_for_word_about_meetings_keeps_nobody_from_writing(
    session: Session, clock: SampleClock, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    meetings(session, clock, 1)
    watch = MeetingWatch(session, host)
    watch.tell()
    rest(qtbot, tasks)
    held, looked = Event(), []
    tasks.write(lambda: held.wait(20))
    try:
        watch.tell()
        tasks.read(lambda: None, lambda _: looked.append(True))
        qtbot.waitUntil(lambda: bool(looked) and tasks.pending == 1, timeout=8000)
    finally:
        held.set()
    rest(qtbot, tasks)


@pytest.mark.allow_log_warnings
def test_an_invitation_that_cannot_be_made_is_told_once_with_the_way_to_the_lead(
    session: Session, clock: SampleClock, host: QWidget, qtbot: QtBot, tasks: Tasks, desk: Desk
) -> None:
    ctx = session.ctx
    ctx.members[FS.id] = replace(FS, name="中\udc80村")
    mail_account.keep(ctx, desk.secrets, MailAccount("localhost", 465, "tls", "u", "s@aoba.example", "鈴木"), "x")
    made = add(ctx, "見本 太郎", email="a@example.jp", phone_direct="03-3211-1000")
    calls.record(ctx, made, "MEETING_SET", RecordInput(meeting_at=clock.at + timedelta(days=2), fs_id=FS.id))
    told, watch = Told(session, host), MeetingWatch(session, host)
    for _ in range(2):
        watch.invite()
        rest(qtbot, tasks)
    (one,) = told.every
    assert "招待を作れなかった商談が 1件" in one.text
    assert one.act is not None
    with qtbot.waitSignal(watch.opened) as opened:
        one.act()
    assert opened.args == [made]


def test_a_name_with_tags_is_no_markup_for_the_desktop(
    session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks, clock: SampleClock
) -> None:
    made = add(session.ctx, "<img src='x'> & <b>太郎</b>", phone_direct="03-3211-1000")
    calls.record(session.ctx, made, "CALLBACK_AT", RecordInput(callback_at=clock.at + timedelta(minutes=30)))
    clock.at += timedelta(minutes=30)
    corner = Written(host)
    Notifier(session, lambda: False, corner, host).look()
    rest(qtbot, tasks)
    (said,) = corner.said
    assert "太郎" in said
    assert not {"<", ">", "&"} & set(said)
    corner.close()


def test_a_click_on_the_tray_opens_whom_its_last_notification_was_about_and_a_snooze_puts_all_off(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks, clock: SampleClock
) -> None:
    other = add(session.ctx, "見本 花子", "見本二株式会社", phone_direct="03-3211-2000")
    calls.record(session.ctx, other, "CALLBACK_AT", RecordInput(callback_at=clock.at + timedelta(minutes=3)))
    clock.at += timedelta(minutes=2)
    corner = Written(host)
    notifier = Notifier(session, lambda: False, corner, host)
    notifier.look()
    rest(qtbot, tasks)
    assert ["太郎" in corner.said[0], "花子" in corner.said[1]] == [True, True]
    with qtbot.waitSignal(notifier.opened) as opened:
        corner.clicked.emit()
    assert opened.args == [other]
    corner.snooze.emit()
    rest(qtbot, tasks)
    clock.at += timedelta(minutes=11)
    notifier.look()
    rest(qtbot, tasks)
    assert len(corner.said) == 4
    corner.close()


def test_what_was_about_to_be_said_when_a_call_began_comes_after_it(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    assert promised
    told, busy, free = Told(session, host), [False], Event()
    Notifier(session, lambda: busy[0], None, host)
    tasks.write(free.wait)
    session.hub.ticked.emit()
    busy[0] = True
    free.set()
    rest(qtbot, tasks)
    assert told.every == []
    busy[0] = False
    session.hub.ticked.emit()
    rest(qtbot, tasks)
    assert len(told.every) == 1


def test_news_of_others_wait_for_the_end_of_a_call(session: Session, host: QWidget, qtbot: QtBot, tasks: Tasks) -> None:
    told, busy, said = Told(session, host), [True], list[str]()
    session.notices.said.connect(said.append)
    session.notices.busy = lambda: busy[0]
    for one in (Notice("差し戻し"), "受理"):
        session.notices.news(one)
    session.notices.release()
    assert (told.every, said) == ([], [])
    busy[0] = False
    session.notices.release()
    session.notices.release()
    assert ([one.text for one in told.every], said) == (["差し戻し"], ["受理"])


def test_a_clock_that_broke_is_said_to_be_broken(session: Session, host: QWidget, clock: SampleClock) -> None:
    notifier = Notifier(session, lambda: False, None, host)
    due = clock.now() + timedelta(minutes=5)
    one = Reminder("sla", LeadId("x"), "見本 太郎", "", clock.now(), due)
    assert "初回対応の期限" in notifier.text(one)
    assert "過ぎました" not in notifier.text(one)
    assert "過ぎました" in notifier.text(replace(one, due_at=clock.now()))


def test_a_snooze_says_that_nothing_was_put_off_where_all_was_handled(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks
) -> None:
    said = list[str]()
    session.notices.said.connect(said.append)
    corner = Written(host)
    notifier = Notifier(session, lambda: False, corner, host)
    notifier.look()
    rest(qtbot, tasks)
    calls.record(session.ctx, promised, "NO_ANSWER")
    corner.snooze.emit()
    rest(qtbot, tasks)
    assert (len(corner.said), said) == (1, ["後で知らせるお知らせはありません"])
    corner.close()


@pytest.mark.parametrize("outside", [False, True])
def test_a_reminder_that_was_handled_comes_again_when_that_is_taken_back(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks, clock: SampleClock, outside: bool
) -> None:
    ctx, told, corner = session.ctx, Told(session, host), Written(host)
    tasks.wrote.connect(session.hub.changed)
    Notifier(session, lambda: False, corner if outside else None, host)

    def said() -> int:
        rest(qtbot, tasks)
        clock.at += timedelta(minutes=1)
        session.hub.ticked.emit()
        rest(qtbot, tasks)
        return len(corner.said if outside else told.every)

    assert said() == 1
    tasks.write(lambda: calls.record(ctx, promised, "NO_ANSWER"))
    assert said() == 1
    tasks.write(lambda: history.undo(ctx)[0])
    assert (said(), said()) == (2, 2)
    corner.close()


@pytest.mark.parametrize("kept", [False, True])
def test_what_waited_for_the_end_of_the_call_that_handled_it_is_not_said(
    session: Session, promised: LeadId, host: QWidget, qtbot: QtBot, tasks: Tasks, clock: SampleClock, kept: bool
) -> None:
    ctx, busy, free, corner = session.ctx, [False], Event(), Written(host)
    other = add(ctx, "見本 花子", phone_direct="03-3211-2000")
    Notifier(session, lambda: busy[0], corner, host)
    tasks.write(free.wait)
    session.hub.ticked.emit()
    busy[0] = True
    free.set()
    rest(qtbot, tasks)
    calls.record(ctx, promised if kept else other, "NO_ANSWER")
    busy[0] = False
    for _ in range(2):
        session.hub.ticked.emit()
        rest(qtbot, tasks)
    assert len(corner.said) == (0 if kept else 1)
    if kept:
        history.undo(ctx)
        session.hub.ticked.emit()
        rest(qtbot, tasks)
        assert len(corner.said) == 1
    corner.close()
