"""What a figure means, beside its card: formula, note, parts, interval, target, change."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services import dashboard
from isdesk.services.dashboard import Tile
from ui.theme import paint, tokens
from ui.views.figures import words
from ui.widgets import Hairline, label

WIDE = 340


class Meaning(QFrame):
    """A popover; any key or click closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFixedWidth(WIDE)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 14)
        box.setSpacing(7)
        self.name, self.formula = label("", "head"), label("", wrap=True)
        self.note, self.value = label("", "small", wrap=True), label("", wrap=True)
        for part in (self.name, self.formula, self.note, Hairline(), self.value):
            box.addWidget(part)

    def explain(self, beside: QWidget, tile: Tile, kind: str, lang: str) -> None:
        """Show what a tile means below its card."""
        known = dashboard.definition(tile.code)
        note = known.note.in_(lang) if known.note is not None else ""
        self.name.setText(known.label.in_(lang))
        self.formula.setText(known.formula.in_(lang))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        rest = words.tip(tile, kind, lang).removeprefix(words.formula(known, lang)).strip()
        self.value.setText(rest)
        self.setAccessibleName(words.tip(tile, kind, lang))
        self.adjustSize()
        at = beside.mapToGlobal(QPoint(0, beside.height() + 4))
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        self.move(min(at.x(), room.right() - self.width()), min(at.y(), room.bottom() - self.height()))
        self.show()
        self.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), tokens().panel, 10, tokens().faint)
        painter.end()
