"""Who gets a key: never a command while an input method composes, digits never inside a text field."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ui.commands import Commands
from ui.shortcuts import KeyGuard


class Desk(QMainWindow):
    """A window with a memo, a field and a button, and commands that count how often they ran."""

    def __init__(self) -> None:
        super().__init__()
        middle = QWidget()
        box = QVBoxLayout(middle)
        self.memo, self.line, self.push = QPlainTextEdit(), QLineEdit(), QPushButton("x")
        for part in (self.memo, self.line, self.push):
            box.addWidget(part)
        self.setCentralWidget(middle)
        self.ran: list[str] = []
        self.commands = Commands(self)
        for command in ("outcome.1", "outcome.0", "queue.next", "call.dial", "app.undo", "script.objection.1"):
            self.commands.bind(command, partial(self.ran.append, command))
        self.commands.set_page("call")


@pytest.fixture
def guard(qapp: QApplication) -> Iterator[KeyGuard]:
    made = KeyGuard(qapp)
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def desk(qtbot: QtBot, guard: KeyGuard) -> Desk:
    made = Desk()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def _compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


def test_digits_record_outside_of_text(desk: Desk, qtbot: QtBot) -> None:
    desk.push.setFocus()
    qtbot.keyClick(desk.push, Qt.Key.Key_1)
    qtbot.keyClick(desk.push, Qt.Key.Key_0)
    qtbot.keyClick(desk.push, Qt.Key.Key_J)
    assert desk.ran == ["outcome.1", "outcome.0", "queue.next"]


def test_digits_are_typed_inside_of_text(desk: Desk, qtbot: QtBot) -> None:
    for field in (desk.memo, desk.line):
        field.setFocus()
        qtbot.keyClicks(field, "1j0")
    assert desk.ran == []
    assert desk.memo.toPlainText() == desk.line.text() == "1j0"


def test_a_read_only_text_takes_no_digits(desk: Desk, qtbot: QtBot) -> None:
    desk.memo.setReadOnly(True)
    desk.memo.setFocus()
    qtbot.keyClick(desk.memo, Qt.Key.Key_1)
    assert desk.ran == ["outcome.1"]


def test_function_and_alt_keys_work_while_typing(desk: Desk, qtbot: QtBot) -> None:
    desk.memo.setFocus()
    qtbot.keyClick(desk.memo, Qt.Key.Key_F5)
    qtbot.keyClick(desk.memo, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert desk.ran == ["call.dial", "script.objection.1"]


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_nothing_fires_while_an_input_method_composes(
    desk: Desk, guard: KeyGuard, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    desk.memo.setFocus()
    _compose(desk.memo, "にほんご")
    assert guard.composing
    qtbot.keyClick(desk.memo, key, modifier)
    assert desk.ran == []


def test_shortcuts_come_back_when_the_text_is_fixed(desk: Desk, guard: KeyGuard, qtbot: QtBot) -> None:
    desk.memo.setFocus()
    _compose(desk.memo, "にほんご")
    _compose(desk.memo, "", "日本語")
    assert not guard.composing
    assert desk.memo.toPlainText() == "日本語"
    qtbot.keyClick(desk.memo, Qt.Key.Key_F5)
    assert desk.ran == ["call.dial"]


def test_composing_ends_with_the_focus(desk: Desk, guard: KeyGuard, qtbot: QtBot) -> None:
    desk.memo.setFocus()
    _compose(desk.memo, "にほんご")
    desk.push.setFocus()
    assert not guard.composing
    qtbot.keyClick(desk.push, Qt.Key.Key_1)
    assert desk.ran == ["outcome.1"]


def test_undo_in_a_text_is_about_the_text_and_never_about_the_record(desk: Desk, guard: KeyGuard, qtbot: QtBot) -> None:
    empty: list[int] = []
    guard.nothing_typed.connect(lambda: empty.append(1))
    for field in (desk.memo, desk.line):
        field.setFocus()
        qtbot.keyClicks(field, "abc")
        for _ in range(5):
            qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.memo.toPlainText() == desk.line.text() == ""
    assert (desk.ran, len(empty) > 1) == ([], True)
    desk.memo.setReadOnly(True)
    desk.memo.setFocus()
    qtbot.keyClick(desk.memo, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.ran == ["app.undo"]


def test_undo_in_a_number_or_a_choice_that_types_is_about_what_was_typed(desk: Desk, qtbot: QtBot) -> None:
    number, choice = QSpinBox(desk), QComboBox(desk)
    choice.setEditable(True)
    for field in (number, choice):
        field.show()
        field.setFocus()
        qtbot.keyClicks(field, "12")
        for _ in range(4):
            qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert choice.currentText() == ""
    assert desk.ran == []
