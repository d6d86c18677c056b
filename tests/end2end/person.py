"""A person at the keyboard of the real window: presses keys, types, composes Japanese, reads what stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from isdesk.clock import Clock
from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from isdesk.services.views import Recorded
from ui import app
from ui.notifier import SETTINGS
from ui.session import Session
from ui.views.call.page import CallPage
from ui.views.main_window import MainWindow

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
PATIENCE_MS = 60_000


class Telephone(QObject):
    """The system's program for ``tel:`` links: it only writes down what it was asked to call."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[str] = []
        QDesktopServices.setUrlHandler("tel", self, "call")  # type: ignore[arg-type]  # bytes, says its stub

    @Slot(QUrl)
    def call(self, url: QUrl) -> None:
        """Take a call."""
        self.called.append(url.toString())

    def hang_up(self) -> None:
        """Be the system's program no longer."""
        QDesktopServices.unsetUrlHandler("tel")


@dataclass(frozen=True, slots=True)
class Done:
    """One record as the window acknowledged it."""

    lead_id: LeadId
    name: str
    recorded: Recorded


class Person:
    """Sits at one profile. Everything that acts is a key; everything else only looks."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, profile: Path, clock: Clock) -> None:
        self._qapp, self._qtbot, self._profile, self._clock = qapp, qtbot, profile, clock
        self._program: app.Program | None = None
        self._acknowledged: list[Recorded] = []
        self.said: list[str] = []
        self.told: list[str] = []

    # ------------------------------------------------------------------ sitting down and leaving

    def sit_down(self) -> None:
        """Start the program on the profile and wait until a lead stands there."""
        options = app.Options(str(self._profile), "call", "light", "ja", (1440, 900), clock=self._clock)
        self._program = app.Program(self._qapp, options)
        for setting in SETTINGS.values():  # ``told`` is for what went wrong, not for what falls due
            self._program.settings.set(setting, False)
        self._program.start()
        self.until(lambda: self._program is not None and isinstance(self._program.window, MainWindow))
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.page.controller.recorded.connect(self._acknowledged.append)
        self.session.notices.said.connect(self.said.append)
        self.session.notices.noticed.connect(lambda notice: self.told.append(notice.text))
        self.session.notices.bug.connect(self.told.append)
        self.until(lambda: self.page.controller.lead_id is not None)
        self.settle()

    def leave(self) -> None:
        """Close the window and end the program in order."""
        program, self._program = self._program, None
        if program is None:
            return
        self._qapp.removeEventFilter(program)
        self._qapp.removeEventFilter(program.guard)
        window = program.window
        program.close()
        if window is not None:
            window.close()
            window.deleteLater()

    @property
    def window(self) -> MainWindow:
        """Return the main window."""
        assert self._program is not None
        assert isinstance(self._program.window, MainWindow)
        return self._program.window

    @property
    def session(self) -> Session:
        """Return the open session, to look at."""
        assert self._program is not None
        assert self._program.session is not None
        return self._program.session

    @property
    def page(self) -> CallPage:
        """Return the call page."""
        page = self.window.page("call")
        assert isinstance(page, CallPage)
        return page

    @property
    def lead(self) -> LeadId:
        """Return the lead at work."""
        lead = self.page.controller.lead_id
        assert lead is not None
        return lead

    def value(self, path: str) -> Value:
        """Return what the window knows of a field of the lead at work."""
        scene = self.page.work.scene
        assert scene is not None
        return scene.value(path)

    # ------------------------------------------------------------------ keys

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Press and let go of a key, wherever the window has its keyboard."""
        QTest.keyClick(self.window.windowHandle(), key, modifier)

    def type(self, text: str) -> None:
        """Type letters and digits of the keyboard, one after the other."""
        for letter in text:
            self.press(
                Key.Key_Space if letter == " " else Key(ord(letter.upper())), SHIFT if letter.isupper() else NONE
            )

    def compose(self, reading: str, text: str) -> None:
        """Write Japanese through the input method: ``reading`` is composed, ``text`` is fixed."""
        for event in (QInputMethodEvent(reading, []), QInputMethodEvent("", [])):
            if not event.preeditString():
                event.setCommitString(text)
            focus = QApplication.focusWidget()
            assert focus is not None
            QApplication.sendEvent(focus, event)

    # ------------------------------------------------------------------ looking

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(ready, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Wait until the window has finished what it was doing."""
        self.until(lambda: self.session.tasks.pending == 0)

    def recorded(self, act: Callable[[], None]) -> Done:
        """Do what records an outcome; return what the window acknowledged."""
        self.settle()
        lead, scene, before = self.lead, self.page.work.scene, len(self._acknowledged)
        assert scene is not None
        act()
        self.until(lambda: len(self._acknowledged) > before)
        self.settle()
        assert len(self._acknowledged) == before + 1, self._acknowledged[before:]
        done = self._acknowledged[-1]
        return Done(lead, scene.text("name"), done)

    # ------------------------------------------------------------------ what a rep does

    def digit(self, digit: str) -> None:
        """Press an outcome's key."""
        self.press(Key(ord(digit)))

    def pick(self, reading: str, name: str) -> None:
        """Choose an outcome by its name in the list of all."""
        self.press(Key.Key_Slash)
        self.until(self.page.work.list.edit.hasFocus)
        self.compose(reading, name)
        self.press(Key.Key_Return)

    def sync_now(self) -> str:
        """Sync by key; return what the window says of it."""
        self.settle()
        before = len(self.said)
        self.press(Key.Key_R, CTRL)
        self.until(lambda: len(self.said) > before)
        self.settle()
        return self.said[-1]

    def undo(self) -> str:
        """Take the last verb back; return what the window says of it."""
        return self._turn_back(Key.Key_Z, CTRL)

    def redo(self) -> str:
        """Do again what was taken back; return what the window says of it."""
        return self._turn_back(Key.Key_Z, CTRL | SHIFT)

    def _turn_back(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> str:
        self.settle()
        before = len(self.said)
        self.press(key, modifier)
        self.until(lambda: len(self.said) > before)
        self.settle()
        return self.said[-1]

    def write_memo(self, reading: str, text: str, keys: str = "") -> str:
        """Write the memo: Japanese, then what the keys type; give the keyboard back; return what stands there."""
        self.press(Key.Key_M)
        self.until(self.page.work.memo.text.hasFocus)
        self.compose(reading, text)
        self.type(keys)
        self.press(Key.Key_Escape)
        self.until(lambda: not self.page.work.memo.text.hasFocus())
        return self.page.work.memo.value()

    def dial(self) -> None:
        """Call the best number."""
        self.settle()
        self.press(Key.Key_F5)
        self.until(lambda: self.page.controller.busy)
        self.settle()

    def look_for(self, fitting: Callable[[], bool]) -> None:
        """Go down the queue until the lead at work is one that fits."""
        self.settle()
        while not fitting():
            self._go_down()

    def _go_down(self) -> None:
        before = self.lead
        self.press(Key.Key_J)
        self.until(lambda: self.page.controller.lead_id != before)
        self.settle()

    def open_lead(self, name: str) -> None:
        """Find a lead by its name and bring it to work."""
        self.settle()
        self.press(Key.Key_K, CTRL)
        self.until(self.window.palette_.field.hasFocus)
        self.compose(name, name)
        palette = self.window.palette_
        self.until(lambda: getattr(palette.model.entry(0), "title", "") == name)
        self.press(Key.Key_Return)
        self.until(lambda: self.page.controller.lead_id is not None and self.value("name") == name)
        self.settle()

    def hand_over(self, answers: Mapping[str, str]) -> dict[str, Value]:
        """Fill what the handoff lacks, as its keys lead from one to the next, and hand over; return what was given."""
        tab, given = self.page.panel.handoff, dict[str, Value]()
        self.press(Key.Key_Return, CTRL | SHIFT)
        for _ in range(40):
            self.settle()
            scene = self.page.work.scene
            if scene is not None and scene.handoff is not None and scene.handoff.state == "submitted":
                return given
            if not tab.editor.isVisible():
                self.press(Key.Key_Return, CTRL | SHIFT)
                continue
            path = tab.editor.path
            self._fill(answers[path])
            given[path] = self.value(path)
        raise AssertionError("the handoff was not submitted")

    def _fill(self, answer: str) -> None:
        editor = self.page.panel.handoff.editor
        path, focus = editor.path, QApplication.focusWidget()
        if isinstance(focus, (QLineEdit, QPlainTextEdit)):
            if answer.isascii():
                self.type(answer)
            else:
                self.compose("へんかんまえ", answer)
            self.press(Key.Key_Return, CTRL if isinstance(focus, QPlainTextEdit) else NONE)
        else:
            for _ in range(int(answer)):
                self.press(Key.Key_Right)
            self.press(Key.Key_Return)
        self.until(lambda: not editor.isVisible() or editor.path != path)
        self.settle()
