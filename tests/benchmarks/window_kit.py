"""Opens the real window on a profile and waits for what a person would wait for: rows, a lead, a paint."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from isdesk.clock import ShiftedClock
from ui import app as program


class Painted(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count."""
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


def start(profile: str, at: str) -> program.Program:
    """Open the window on ``profile`` as of ``at`` (RFC 3339)."""
    application = program.application(sys.argv[:1])
    made = program.Program(
        application,
        program.Options(profile=profile, size=(1280, 800), clock=ShiftedClock(datetime.fromisoformat(at)), quiet=True),
    )
    made.start()
    return made


def until(ready: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Run the event loop until ``ready``; False where it took too long."""
    loop, over = QEventLoop(), QTimer()
    over.setSingleShot(True)
    over.timeout.connect(loop.quit)
    over.start(int(seconds * 1000))
    while not ready() and over.isActive():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return ready()


def call_page(made: program.Program) -> Any:
    """Return the call page once a lead stands in it, else None."""
    window: Any = made.window
    page = getattr(window, "page", lambda _: None)("call") if window is not None else None
    if page is None or page.controller.lead_id is None:
        return None
    return page


def drain() -> None:
    """Let everything that waits be done."""
    QCoreApplication.sendPostedEvents()
    QApplication.processEvents()
