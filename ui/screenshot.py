"""Writes a picture of one page without a screen: for documents, and for machines that have none."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Signal

from ui.app import Options, Program, application
from ui.views.main_window import MainWindow

SETTLE_MS = 120
LIMIT_MS = 60_000


class Picture(QObject):
    """Waits until the window has read all it shows, then saves it and tells by ``done``."""

    done = Signal()

    def __init__(self, program: Program, out: str) -> None:
        super().__init__()
        self._program, self._out = program, out
        self._quiet_for = 0
        self.code = 1
        self._timer = QTimer(self)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._give_up)
        self._limit.start(LIMIT_MS)

    def _look(self) -> None:
        program = self._program
        pending = program.tasks.pending + (program.session.tasks.pending if program.session else 0)
        self._quiet_for = 0 if pending else self._quiet_for + 1
        if self._quiet_for > 2 and program.window is not None:
            self._timer.stop()
            self._limit.stop()
            self.code = 0 if program.window.grab().save(self._out) else 1
            if isinstance(program.window, MainWindow):
                program.window.sure = True
            self.done.emit()

    def _give_up(self) -> None:
        self._timer.stop()
        sys.stderr.write("isdesk: the page did not come to rest in time\n")
        self.done.emit()


def take(options: Options, out: str) -> int:
    """Save a picture of ``options.page`` as ``out``; return 0, or 1 with a sentence on stderr."""
    app = application(sys.argv[:1])
    program = Program(app, options)
    problems: list[str] = []
    sys.excepthook = lambda kind, error, _: problems.append(f"{kind.__name__}: {error}")
    program.start()
    picture = Picture(program, out)
    picture.done.connect(app.quit)
    app.exec()
    for problem in problems:
        sys.stderr.write(f"isdesk: {problem}\n")
    return 1 if problems else picture.code
