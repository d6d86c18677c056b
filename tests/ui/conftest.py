"""What the tests of the window share: a dressed application, tasks that end, a session on sample rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from tests.ui import samples
from ui import theme
from ui.commands import Commands
from ui.hub import Hub
from ui.notices import Notices
from ui.session import Session
from ui.tasks import Tasks
from ui.words import Words

PASSPHRASE = "correct horse battery staple"


class SampleClock:
    """A clock that stands at the sample morning until a test moves it."""

    def __init__(self) -> None:
        self.at = samples.NOW
        self._beats = 0

    def now(self) -> datetime:
        """Return the instant; every call is a microsecond later, as on a real machine."""
        self._beats += 1
        return self.at + timedelta(microseconds=self._beats)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return self._beats / 1e6


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """Dress the application in the light scheme."""
    theme.apply(qapp, "light", "usual")


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    """Give a bridge to workers that is closed in order."""
    made = Tasks()
    yield made
    assert made.close()


@pytest.fixture
def speech() -> Words:
    """Give the words on the sample rules."""
    from isdesk.domain.work_calendar import WorkCalendar

    return Words(samples.RULES, "ja", WorkCalendar(samples.RULES.business))


@pytest.fixture
def clock() -> SampleClock:
    """Give the clock of the sample morning."""
    return SampleClock()


@pytest.fixture
def desk(tmp_path: Path, clock: SampleClock) -> Iterator[Desk]:
    """Give a real, fresh profile without leads."""
    made, _ = Desk.create(tmp_path / "profile", name="鈴木", email="s@example.jp", passphrase=PASSPHRASE, clock=clock)
    yield made
    made.close()


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """Give a shown window to put things in."""
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.fixture
def session(desk: Desk, tasks: Tasks, host: QWidget) -> Session:
    """Give a session on the fresh profile."""
    words = Words(desk.ctx.rules, "ja", desk.ctx.calendar)
    return Session(desk.ctx, tasks, Hub(host), Commands(host), Notices("ja", host), words, desk)
