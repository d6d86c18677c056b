"""The line above a mail that was begun before, or whose draft was discarded: says so, and takes it back by a key."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from isdesk.clock import TOKYO
from ui.widgets import ElidedLabel, KeyCap, button


class DraftBar(QFrame):
    """``discarded``: the draft is not wanted; ``restored``: the discarded one is. Hidden where there is neither."""

    discarded = Signal()
    restored = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.said = ElidedLabel("", "dim")
        self.away = button(self.tr("捨てる"), "quiet", tip=self.tr("下書きを捨てる(Ctrl+Shift+D。元に戻せます)"))
        self.back = button(self.tr("元に戻す"), tip=self.tr("捨てた下書きを元に戻す(Ctrl+Shift+R)"))
        self._away_key, self._back_key = KeyCap("Ctrl Shift D"), KeyCap("Ctrl Shift R")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.said, 1)
        for part in (self.away, self._away_key, self.back, self._back_key):
            line.addWidget(part)
        self.away.clicked.connect(self.discarded)
        self.back.clicked.connect(self.restored)
        self.hide()

    def show_draft(self, at: datetime, *, older: bool) -> None:
        """Say that what stands here was begun before; ``older``: another one can be taken back."""
        self._show(self.tr("下書きの続きです({when})").format(when=_when(at)), away=True, back=older)

    def show_discarded(self, at: datetime) -> None:
        """Say that a draft was discarded and can be taken back."""
        self._show(self.tr("捨てた下書きがあります({when})").format(when=_when(at)), away=False, back=True)

    def _show(self, text: str, *, away: bool, back: bool) -> None:
        self.said.set_text(text)
        self.setAccessibleName(text)
        for part in (self.away, self._away_key):
            part.setVisible(away)
        for part in (self.back, self._back_key):
            part.setVisible(back)
        self.show()


def _when(at: datetime) -> str:
    here = at.astimezone(TOKYO)
    return f"{here.month}/{here.day} {here:%H:%M}"
