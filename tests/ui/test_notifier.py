"""Reminders in the window on a real profile: shown with the way to the lead, silent during a call, put off by key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services import calls
from isdesk.services.calls import RecordInput
from tests.ui.conftest import SampleClock
from tests.ui.leads_made import add
from ui.notices import Notice
from ui.notifier import Corner, Notifier
from ui.session import Session
from ui.tasks import Tasks


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
