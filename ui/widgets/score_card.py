"""The whole explanation of a score: three axes as bars, and every rule that gave points."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.state import Part, Scores
from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets.bits import Hairline, label


class Track(QWidget):
    """A bar of 0–100."""

    def __init__(self, value: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = max(0, min(value, 100))
        self.setFixedHeight(6)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), tokens().key, 3)
        wide = self.width() * self._value / 100
        if wide:
            paint.rounded(painter, QRectF(0, 0, max(wide, 6), 6), tokens().accent, 3)
        painter.end()


class ScoreCard(QFrame):
    """A popover beside a lead; any key or click closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setFixedWidth(340)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 12, 16, 14)
        self._box.setSpacing(6)

    def explain(self, title: str, reason: str, scores: Scores, lang: str = "ja") -> None:
        """Fill the card: ``reason`` is the row's sentence, then how the priority came about."""
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label(title, "head"), 1)
        line.addWidget(label(self.tr("優先度 {n}").format(n=scores.priority), "head"))
        self._box.addWidget(head)
        self._box.addWidget(label(reason, "small", wrap=True))
        axes = (
            ("fit", self.tr("ICP適合度"), scores.fit),
            ("intent", self.tr("意欲スコア"), scores.intent),
            ("timing", self.tr("時期スコア"), scores.timing),
        )
        for axis, name, value in axes:
            self._box.addWidget(Hairline())
            self._box.addWidget(self._axis(name, value, [p for p in scores.parts if p.axis == axis], lang))
        note = self.tr("優先度 = 適合 × 意欲 × 時期(0〜100 にそろえた積)")
        self._box.addWidget(label(note, "small", wrap=True))
        self.adjustSize()

    def _axis(self, name: str, value: int, parts: list[Part], lang: str) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(name, "section"), 0, 0)
        amount = label(str(value))
        amount.setFont(figures(Size.BODY, bold=True))
        grid.addWidget(amount, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(Track(value), 1, 0, 1, 2)
        for at, part in enumerate(parts, start=2):
            grid.addWidget(label(part.en if lang == "en" else part.ja, "small"), at, 0)
            points = label(f"{part.points:+d}", "small")
            points.setFont(figures(Size.SMALL))
            grid.addWidget(points, at, 1, Qt.AlignmentFlag.AlignRight)
        return made

    def pop(self, at: QPoint) -> None:
        """Show it with its upper left corner at ``at`` (global), moved so that it stays on the screen."""
        screen = QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = min(at.x(), room.right() - self.width())
        y = max(room.top(), min(at.y(), room.bottom() - self.height()))
        self.move(x, y)
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
