"""The foot of the list of what ended: how much of it is shown, and a way to what ended before."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets import ElidedLabel, KeyCap, button


class PastFoot(QWidget):
    """``asked`` where a person wants to see more; hidden where all is shown."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.said = ElidedLabel("", "dim")
        self.more = button(self.tr("さらに表示"), "tab", tip=self.tr("これより前に終了したものを表示(M)"))
        self.more.clicked.connect(self.asked)
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 6, 12, 8)
        box.setSpacing(8)
        box.addWidget(self.said, 1)
        box.addWidget(self.more)
        box.addWidget(KeyCap("M"))
        self.hide()

    def show_rest(self, shown: int, rest: int) -> None:
        """Say how many are shown, and how many ended before."""
        self.said.set_text(self.tr("新しい順に{n}件を表示(ほかに{m}件)").format(n=f"{shown:,}", m=f"{rest:,}"))
        self.setVisible(rest > 0)
