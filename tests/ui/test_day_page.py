"""The page 一日の締め on a real profile: open ends that open their lead, checks, the report to copy, save and mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.clock import TOKYO
from isdesk.desk import Desk
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount, MailState
from isdesk.services import calls, day_end, leads, mail_account, mail_drafts, open_calls, outgoing
from isdesk.services.calls import RecordInput
from isdesk.store import mails, members
from tests.services.conftest import FS
from tests.services.mailers import lead, team
from tests.ui.conftest import SampleClock
from tests.ui.leads_made import add
from ui.session import Session
from ui.tasks import Tasks
from ui.views.day import mailto
from ui.views.day.page import DayPage, make


@pytest.fixture
def promised(session: Session, clock: SampleClock) -> LeadId:
    """Give a lead whose promised time has passed."""
    made = add(session.ctx, "見本 太郎", phone_direct="03-3211-1000")
    calls.record(session.ctx, made, "CALLBACK_AT", RecordInput(callback_at=clock.at + timedelta(minutes=30)))
    clock.at += timedelta(hours=1)
    return made


@pytest.fixture
def page(session: Session, promised: LeadId, qtbot: QtBot, tasks: Tasks) -> Iterator[DayPage]:
    """Open the page as the window does."""
    assert promised
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, DayPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    session.commands.set_page("day")
    made.arrive()
    rest(qtbot, tasks)
    yield made
    rest(qtbot, tasks)


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)
    QApplication.sendPostedEvents()


def test_what_is_open_stands_in_the_table_and_opens_its_lead(
    page: DayPage, promised: LeadId, session: Session, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(page.loops)
    assert page.loops.index(0, 0).data() == "守れていない約束"
    assert page.promise_check.said.full_text() == "1件が時刻を過ぎています"
    assert page.next_check.said.full_text() == "対応した 1件すべてにあり"
    with qtbot.waitSignal(page.asked_lead) as asked:
        page.table.opened.emit(page.loops.index(0, 0))
    assert asked.args == [promised]
    tasks.write(lambda: calls.record(session.ctx, promised, "NO_ANSWER"))
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert page.stack.currentWidget() is page.empty
    assert page.promise_check.said.full_text() == "過ぎた約束はありません"


def test_the_report_is_copied_by_key_with_what_is_being_typed(page: DayPage, session: Session) -> None:
    page.note.setPlainText("製造業がよい")
    assert session.commands.run("day.copy")
    assert QGuiApplication.clipboard().text().endswith("■ ひとこと\n製造業がよい\n")


def test_what_is_typed_is_kept(page: DayPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    page.note.setPlainText("明日は名簿の残り")
    page.leave()
    rest(qtbot, tasks)
    assert day_end.look(session.ctx).note == "明日は名簿の残り"
    assert "明日は名簿の残り" in page.report.toPlainText()


@pytest.fixture
def midnight(page: DayPage, clock: SampleClock) -> date:
    """Let midnight pass over what is being typed; return the day on which it was begun."""
    assert page.made is not None
    began = page.made.day
    page.note.setPlainText("夜まで名簿を見た")
    clock.at = datetime.combine(began + timedelta(days=1), time(0, 1), TOKYO)
    return began


def test_what_is_typed_around_midnight_belongs_to_the_day_on_the_page(
    page: DayPage, midnight: date, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    qtbot.waitUntil(lambda: not page._keeping.isActive(), timeout=8000)
    rest(qtbot, tasks)
    assert day_end.look(session.ctx, midnight).note == "夜まで名簿を見た"
    assert day_end.look(session.ctx).note == "", "the new day has said nothing yet"


def test_a_day_that_is_being_closed_stays_on_the_page_until_it_is_left(
    page: DayPage, midnight: date, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    session.hub.synced.emit()
    rest(qtbot, tasks)
    assert page.made is not None
    assert page.made.day == midnight
    assert page.note.toPlainText() == "夜まで名簿を見た"
    assert page.text().startswith(f"日報 {midnight.isoformat()}")
    assert f"{midnight:%Y/%m/%d} の締め" in page.day.text()
    session.commands.run("day.read")
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert page.made.day == midnight + timedelta(days=1)
    assert page.note.toPlainText() == "", "the new day has its own"
    assert page.day.text() == f"{page.made.day:%Y/%m/%d}"
    assert day_end.look(session.ctx, midnight).note == "夜まで名簿を見た", "what was typed went to its day first"


def test_the_report_is_saved_and_a_place_that_is_not_there_is_told(
    page: DayPage, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    page.save_report(tmp_path / "日報.txt")
    assert (tmp_path / "日報.txt").read_text("utf-8") == page.text()
    with qtbot.waitSignal(session.notices.noticed) as told:
        page.save_report(tmp_path / "missing" / "日報.txt")
    assert told.args is not None
    assert "書き込めません" in told.args[0].text


def test_a_mail_has_one_subject_and_its_lines() -> None:
    made = mailto.address("日報\r\nBcc: x@example.com", "一行目\n二行目 & 100%")
    parts = parse_qs(urlsplit(made).query)
    assert parts == {"subject": ["日報 Bcc: x@example.com"], "body": ["一行目\r\n二行目 & 100%"]}
    assert mailto.fits("日報", "短い")
    assert not mailto.fits("日報", "長" * 500)


def kinds(page: DayPage) -> list[str]:
    assert page.made is not None
    return [one.kind for one in page.made.loops]


def test_drafts_doubts_and_what_waits_open_by_key(
    page: DayPage, session: Session, qtbot: QtBot, tasks: Tasks, desk: Desk
) -> None:
    ctx = session.ctx
    ctx.playbook = team()
    mail_account.keep(ctx, desk.secrets, MailAccount("localhost", 1, "tls", "s", "s@aoba.example"), "x")
    begun, waits, doubt = (lead(ctx, f"見本 {n}", f"m{n}@example.jp", company__name=f"会社{n}") for n in range(3))
    mail_drafts.keep(ctx, begun, "plain", "書きかけの件名", "書きかけの文")
    queued = outgoing.post(ctx, waits, "plain")
    unknown = outgoing.post(ctx, doubt, "plain")
    with ctx.store.write() as tx:
        mails.move(tx, unknown, replace(unknown, state=MailState.UNCERTAIN, left_at=ctx.now()))
    session.commands.run("day.read")
    rest(qtbot, tasks)
    assert kinds(page) == ["promise", "uncertain", "draft"]
    assert page.tonight.isVisible()
    assert page.tonight.model.rowCount() == 1

    page.table.selectRow(2)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    compose = page.mailer.compose
    assert compose is not None
    assert compose.body.toPlainText() == "書きかけの文"
    qtbot.keyClick(compose, Qt.Key.Key_Escape)
    rest(qtbot, tasks)

    page.table.selectRow(1)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    box = page.mailer.outbox
    assert box is not None
    chosen = box.chosen()
    assert chosen is not None
    assert chosen.id == unknown.id
    qtbot.keyClick(box, Qt.Key.Key_Y)
    rest(qtbot, tasks)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    rest(qtbot, tasks)
    assert kinds(page) == ["promise", "draft"]

    session.commands.run("day.tonight")
    qtbot.keyClick(page.tonight.table, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    again = page.mailer.outbox
    assert again is not None
    first = again.chosen()
    assert first is not None
    assert first.id == queued.id
    qtbot.keyClick(again.table, Qt.Key.Key_Delete)
    rest(qtbot, tasks)
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    rest(qtbot, tasks)
    assert not page.tonight.isVisible()


def test_a_meeting_is_confirmed_with_a_mail_from_here(
    page: DayPage, session: Session, qtbot: QtBot, tasks: Tasks, clock: SampleClock, desk: Desk
) -> None:
    ctx = session.ctx
    with ctx.store.write() as tx:
        members.put(tx, [ctx.me, FS])
    ctx.members[FS.id] = FS
    made = lead(ctx, "高橋 恵", "takahashi@example.jp", company__name="若葉工業")
    at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(clock.at), 2), time(14))
    calls.record(ctx, made, "MEETING_SET", RecordInput(meeting_at=at, fs_id=FS.id))
    leads.edit(ctx, made, {"meeting_place": "オンライン"})
    clock.at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(at), -1), time(11))
    session.commands.run("day.read")
    rest(qtbot, tasks)
    page.table.selectRow(kinds(page).index("confirm"))
    session.commands.run("day.write")
    rest(qtbot, tasks)
    compose = page.mailer.compose
    assert compose is not None
    qtbot.waitUntil(lambda: "オンライン" in compose.body.toPlainText())
    assert f"{at.astimezone(TOKYO).month}月{at.astimezone(TOKYO).day}日" in compose.subject.text()
    assert compose.footer.isHidden(), "to confirm a meeting is no advertising"
    qtbot.keyClick(compose, Qt.Key.Key_Escape)
    rest(qtbot, tasks)


def test_a_meeting_that_nobody_was_told_of_is_told_by_key(
    page: DayPage, session: Session, qtbot: QtBot, tasks: Tasks, clock: SampleClock, desk: Desk
) -> None:
    ctx = session.ctx
    ctx.members[FS.id] = FS
    made = lead(ctx, "高橋 恵", "takahashi@example.jp", company__name="若葉工業")
    at = ctx.calendar.at(ctx.calendar.add_business_days(ctx.calendar.day_of(clock.at), 3), time(14))
    calls.record(ctx, made, "MEETING_SET", RecordInput(meeting_at=at, fs_id=FS.id))
    clock.at += timedelta(minutes=5)
    mail_account.keep(ctx, desk.secrets, MailAccount("localhost", 465, "tls", "u", "s@aoba.example", "鈴木"), "x")
    session.commands.run("day.read")
    rest(qtbot, tasks)
    row = kinds(page).index("invite")
    page.table.selectRow(row)
    assert page.loops.index(row, 2).data() == "I で招待を送る"
    session.commands.run("day.invite")
    rest(qtbot, tasks)
    assert [(mail.recipient, mail.state) for mail in outgoing.outbox(ctx)] == [
        ("takahashi@example.jp", MailState.QUEUED)
    ]
    qtbot.waitUntil(lambda: "invite" not in kinds(page))


def test_what_is_still_promised_today_and_calls_without_an_outcome_are_told(
    page: DayPage, promised: LeadId, session: Session, clock: SampleClock, qtbot: QtBot, tasks: Tasks
) -> None:
    said = RecordInput(callback_at=clock.at + timedelta(hours=2))
    tasks.write(lambda: calls.record(session.ctx, promised, "CALLBACK_AT", said))
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert page.promise_check.said.full_text() == "今日これからの約束 1件"
    assert page.stack.currentWidget() is page.empty
    assert page.empty.text.text().startswith("今日これからの約束 1件\n")
    with session.ctx.store.write() as tx:
        open_calls.put(tx, open_calls.OpenCall("c1", promised, "+81312345678", clock.at))
    page.load()
    rest(qtbot, tasks)
    assert page.stack.currentWidget() is page.table
    assert page.loops.index(0, 0).data() == "架電結果のない通話"
    with qtbot.waitSignal(page.asked_lead) as asked:
        page.table.opened.emit(page.loops.index(0, 0))
    assert asked.args == [promised]


def test_promises_missed_and_still_to_come_stand_in_one_short_line(
    page: DayPage, session: Session, clock: SampleClock, qtbot: QtBot, tasks: Tasks
) -> None:
    other = add(session.ctx, "見本 花子", phone_direct="03-3211-1001")
    said = RecordInput(callback_at=clock.at + timedelta(hours=2))
    tasks.write(lambda: calls.record(session.ctx, other, "CALLBACK_AT", said))
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert page.promise_check.said.full_text() == "時刻超過 1件 ・ 今日これから 1件"


def test_copying_says_that_the_clipboard_forgets(page: DayPage, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.notices.said) as said:
        session.commands.run("day.copy")
    assert said.args == ["日報をコピーしました。1分後にクリップボードから消えます。"]


def test_a_day_without_work_claims_nothing(session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    made = make(session)
    assert isinstance(made, DayPage)
    qtbot.addWidget(made)
    made.load()
    rest(qtbot, tasks)
    assert made.next_check.said.full_text() == "対応したリードはまだありません"
    assert made.promise_check.said.full_text() == "過ぎた約束はありません"
