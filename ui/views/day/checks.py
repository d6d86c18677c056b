"""The checks at the top of the end of the day: a sign, what is checked, and how it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import tokens
from ui.theme.icons import pixmap
from ui.widgets import ElidedLabel

_ICONS = {"good": "check", "bad": "warning", "warn": "warning", "plain": "clock"}


class _Sign(QWidget):
    """A mark on a soft round ground in the tone of the check."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(30, 30)
        self.tone = "plain"

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ground, ink = tokens().tone(self.tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawEllipse(self.rect())
        painter.drawPixmap(7, 7, pixmap(_ICONS[self.tone], ink, 16, self.devicePixelRatioF()))
        painter.end()


class Check(QFrame):
    """One check. ``tone``: ``good`` as it should be, ``bad`` must be put right, ``warn``, ``plain`` just so."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name = name
        self.sign = _Sign()
        self.head = ElidedLabel(name, "small")
        self.said = ElidedLabel("—")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 9, 12, 9)
        line.setSpacing(10)
        line.addWidget(self.sign)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.head)
        words.addWidget(self.said)
        line.addLayout(words, 1)

    def show_state(self, said: str, tone: str, more: str = "") -> None:
        """Show how it stands; ``more`` is the tooltip."""
        self.said.set_text(said)
        self.sign.tone = tone
        self.sign.update()
        self.setToolTip(more)
        self.setAccessibleName(f"{self._name}: {said}")
