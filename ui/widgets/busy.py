"""A line for long work: what goes on, how far it is, how long it may take yet, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ui.theme.fonts import figures
from ui.widgets.bits import button, label

_SURE_MS = 1200
"""Before so long nobody can say how long it will take."""


class BusyLine(QWidget):
    """Shows the progress of one piece of work; hidden while there is none."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self.what = label("")
        self.figures = label("", "dim")
        self.figures.setFont(figures())
        self.bar = QProgressBar()
        self.bar.setMinimumWidth(160)
        self.stop = button(self.tr("中止"), "plain")
        self.stop.clicked.connect(self._stop)
        line.addWidget(self.what)
        line.addWidget(self.bar, 1)
        line.addWidget(self.figures)
        line.addWidget(self.stop)
        self._clock = QElapsedTimer()
        self.hide()

    def begin(self, what: str) -> None:
        """Show that work has begun whose length is not known yet."""
        self.what.setText(what)
        self.bar.setAccessibleName(what)
        self.figures.setText("")
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        self._clock.start()
        self.show()

    def step(self, _phase: str, done: int, total: int) -> None:
        """Show how far it is: ``done`` of ``total``, and the time that the rest takes at this pace."""
        if total <= 0:
            self.figures.setText(self.tr("{n}件").format(n=f"{done:,}") if done else "")
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        text = f"{done:,} / {total:,}"
        spent = self._clock.elapsed()
        if spent > _SURE_MS and 0 < done < total:
            text = self.tr("{far} ・ 残り約{left}").format(far=text, left=self._words(spent * (total - done) // done))
        self.figures.setText(text)

    def _words(self, milliseconds: int) -> str:
        seconds = max(1, round(milliseconds / 1000))
        if seconds < 90:
            return self.tr("{n}秒").format(n=seconds)
        return self.tr("{n}分").format(n=round(seconds / 60))

    def end(self) -> None:
        """The work is over."""
        self.hide()

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.figures.setText(self.tr("中止しています"))
        self.cancelled.emit()
