"""The palette: leads by text from a worker, commands at once, all by keyboard."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from isdesk.services.views import Found
from tests.ui import samples
from ui.commands import Commands
from ui.tasks import Tasks
from ui.views.palette import Palette


class Desk:
    """A palette over sample leads, with two commands that count."""

    def __init__(self, host: QWidget, tasks: Tasks) -> None:
        self.ran: list[str] = []
        self.asked: list[str] = []
        self.commands = Commands(host)
        self.commands.bind("app.sync", lambda: self.ran.append("sync"))
        self.commands.bind("app.theme", lambda: self.ran.append("theme"))
        self.palette = Palette(host, self.commands, tasks, self._find)
        self.leads: list[str] = []
        self.palette.chose_lead.connect(self.leads.append)

    def _find(self, text: str, limit: int) -> list[Found]:
        assert threading.current_thread() is not threading.main_thread()
        self.asked.append(text)
        return [f for f in samples.found(8) if text in f.name + f.company][:limit]


@pytest.fixture
def desk(host: QWidget, tasks: Tasks) -> Desk:
    return Desk(host, tasks)


def _titles(desk: Desk) -> list[str]:
    model = desk.palette.model
    return [e.title for n in range(model.rowCount()) if (e := model.entry(n)) is not None]


def test_it_opens_with_all_commands(desk: Desk) -> None:
    desk.palette.open()
    assert desk.palette.isVisible()
    assert _titles(desk) == ["今すぐ同期", "明るい・暗い表示を切り替え"]


def test_typing_finds_leads_by_name_and_by_company(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open()
    desk.palette.field.setText("みなと")
    qtbot.waitUntil(lambda: _titles(desk) == ["佐藤 花子"])
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert desk.leads == [samples.lead_id(2)]
    assert not desk.palette.isVisible()


def test_fast_typing_asks_once(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open()
    for text in ("高", "高橋", "高橋 健"):
        desk.palette.field.setText(text)
    qtbot.waitUntil(lambda: "高橋 健" in _titles(desk))
    assert desk.asked == ["高橋 健"]


def test_a_command_is_found_and_run_by_keyboard(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open()
    desk.palette.field.setText("同期")
    assert _titles(desk) == ["今すぐ同期"]
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert desk.ran == ["sync"]


def test_arrows_go_round_and_escape_closes(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open()
    field, rows = desk.palette.field, desk.palette.list
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert rows.currentIndex().row() == 1
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert rows.currentIndex().row() == 0
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()


def test_nothing_found_says_so(desk: Desk, qtbot: QtBot) -> None:
    desk.palette.open("ｘｙｚない")
    qtbot.waitUntil(lambda: desk.palette._none.text() == "見つかりませんでした")
    assert desk.palette.model.rowCount() == 0


def test_a_line_that_may_not_run_says_so(desk: Desk, qtbot: QtBot) -> None:
    refused: list[str] = []
    desk.commands.refused.connect(refused.append)
    desk.commands.bind("app.lock", lambda: desk.ran.append("lock"), allowed=lambda: False)
    desk.palette.open()
    desk.palette.field.setText("ロック")
    qtbot.keyClick(desk.palette.field, Qt.Key.Key_Return)
    assert refused == ["画面をロック"]
    assert desk.ran == []
