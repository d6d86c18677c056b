"""Tabs in one line: ``steps`` (the phases of a script, joined in one box) and ``underline`` (the side panel)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size

ROOM = 16
"""Beside the words of a tab; what is left of the line is shared out evenly."""


class SegmentedTabs(QWidget):
    """One of a few; arrows move, ``changed(index)`` tells. A done tab carries a check mark, not only a colour."""

    changed = Signal(int)

    def __init__(self, texts: list[str] | None = None, style: str = "steps", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[str] = list(texts or [])
        self._done: set[int] = set()
        self._style = style
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def set_tabs(self, texts: list[str], *, current: int = 0) -> None:
        """Replace all tabs; nothing is emitted."""
        self._texts = list(texts)
        self._done &= set(range(len(texts)))
        self._current = max(0, min(current, len(texts) - 1))
        self._tell()
        self.updateGeometry()
        self.update()

    def set_text(self, index: int, text: str) -> None:
        """Word one tab anew."""
        if self._texts[index] != text:
            self._texts[index] = text
            self._tell()
            self.update()

    def set_done(self, index: int, *, done: bool = True) -> None:
        """Mark a tab as gone through."""
        (self._done.add if done else self._done.discard)(index)
        self.update()

    def count(self) -> int:
        """Return how many tabs there are."""
        return len(self._texts)

    def current(self) -> int:
        """Return the index of the tab in force."""
        return self._current

    def set_current(self, index: int) -> None:
        """Go to a tab and tell it, where it is another one."""
        if 0 <= index < len(self._texts) and index != self._current:
            self._current = index
            self._tell()
            self.update()
            self.changed.emit(index)

    def _tell(self) -> None:
        if self._texts:
            self.setAccessibleName(f"{self._texts[self._current]} ({self._current + 1}/{len(self._texts)})")

    def _cell(self, index: int) -> QRect:
        n = max(len(self._texts), 1)
        if self._style != "steps" and self._texts:
            metrics = QFontMetrics(figures(Size.BODY))
            wide = [metrics.horizontalAdvance(text) + ROOM for text in self._texts]
            share = (self.width() - sum(wide)) / n
            left, right = (int(sum(wide[:k]) + share * k) for k in (index, index + 1))
            return QRect(left, 0, right - left, self.height())
        left, right = self.width() * index // n, self.width() * (index + 1) // n
        return QRect(left, 0, right - left, self.height())

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(figures(Size.BODY, bold=True))
        widest = max((metrics.horizontalAdvance(t) for t in self._texts), default=40)
        return QSize((widest + 24) * max(len(self._texts), 1), 33 if self._style == "steps" else 40)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(48 * max(len(self._texts), 1), self.sizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._style == "steps":
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            path = QPainterPath()
            path.addRoundedRect(box, 9, 9)
            painter.fillPath(path, QColor(tokens().panel))
            painter.setClipPath(path)
        for index in range(len(self._texts)):
            self._paint_cell(painter, index)
        painter.setClipping(False)
        if self._style == "steps":
            painter.setPen(QPen(QColor(tokens().line), 1))
            painter.drawPath(path)
        else:
            painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens().line))
            mark = self._cell(self._current)
            painter.fillRect(mark.x(), self.height() - 2, mark.width(), 2, QColor(tokens().accent))
        if self.hasFocus():
            paint.focus_ring(painter, QRectF(self._cell(self._current)), tokens().accent, 8)
        painter.end()

    def _paint_cell(self, painter: QPainter, index: int) -> None:
        look = tokens()
        cell = self._cell(index)
        on, done = index == self._current, index in self._done
        if on and self._style == "steps":
            painter.fillRect(cell, QColor(look.accent_weak))
        if self._style == "steps" and index + 1 < len(self._texts):
            painter.setPen(QPen(QColor(look.line), 1))
            x = cell.right() + 0.5
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        font = figures(Size.BODY, bold=on and self._style == "steps")
        painter.setFont(font)
        painter.setPen(QColor(look.accent_text if on else look.good if done else look.dim))
        text = f"{self._texts[index]} ✓" if done and not on else self._texts[index]
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, cell.width() - 8)
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, shown)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index in range(len(self._texts)):
            if self._cell(index).contains(event.position().toPoint()):
                self.set_current(index)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.set_current(self._current + step)
