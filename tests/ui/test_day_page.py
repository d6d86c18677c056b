"""The page 一日の締め on a real profile: open ends that open their lead, checks, the report to copy, save and mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId
from isdesk.services import calls, day_end
from isdesk.services.calls import RecordInput
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
    assert page.promise_check.said.full_text() == "すべて守りました"


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
