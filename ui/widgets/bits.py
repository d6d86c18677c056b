"""Chips, pills, key caps, cards and labels."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.tips import plain_tip


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label in the style of ``role`` (see ui.theme.sheet)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def button(text: str, kind: str = "plain", *, tip: str = "") -> QPushButton:
    """Return a push button in the style of ``kind`` (see ui.theme.sheet)."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind in {"choice", "tab"}:
        made.setCheckable(True)
    if tip:
        made.setToolTip(tip)
    made.setAutoDefault(False)
    return made


def clear_scroll() -> tuple[QScrollArea, QVBoxLayout]:
    """Return a scroll area through which the card shows, and the layout to fill."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    body = QWidget()
    body.setObjectName("clear")
    area.setWidget(body)
    area.setStyleSheet("QScrollArea, QWidget#clear, QWidget#qt_scrollarea_viewport { background: transparent; }")
    return area, QVBoxLayout(body)


class Hairline(QFrame):
    """A line of one pixel between parts."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "hairline")
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class Card(QFrame):
    """A panel with a hairline around it; ``body`` is the layout to fill."""

    def __init__(self, parent: QWidget | None = None, *, margins: tuple[int, int, int, int] = (12, 8, 12, 8)) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(4)


class _Painted(QWidget):
    """Base of the parts that are one short text on a rounded ground."""

    pad = paint.CHIP_PAD
    high = paint.CHIP_HEIGHT
    size_px = Size.TINY

    def __init__(self, text: str = "", tone: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._tone = tone
        self._bold = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def tone(self) -> str:
        """Return the tone (see Tokens.tone)."""
        return self._tone

    def text(self) -> str:
        """Return what it says."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def set_tone(self, tone: str) -> None:
        """Change the tone (see Tokens.tone)."""
        if tone != self._tone:
            self._tone = tone
            self.update()

    def face(self) -> QFont:
        """Return the font it is painted in."""
        return figures(self.size_px, bold=self._bold)

    @override
    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.face()).horizontalAdvance(self._text) + 2 * self.pad
        return QSize(max(width, self.high), self.high)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.face())
        ground, ink = tokens().tone(self._tone)
        paint.chip(painter, self.rect(), self._text, ground, ink, self.radius())
        painter.end()

    def radius(self) -> float:
        """Return the radius of the corners."""
        return 5.0


class Chip(_Painted):
    """A reason, in a few characters."""


class KeyCap(_Painted):
    """The key that acts, printed where it acts. ``quiet`` paints it on coloured buttons."""

    pad = 5
    high = 17

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "plain", parent)
        self.setAccessibleName("")

    @override
    def radius(self) -> float:
        return 4.0


class Pill(_Painted):
    """A figure or a state in the header; with ``clickable`` it is a button that the keyboard reaches."""

    clicked = Signal()
    pad = 10
    high = 22
    size_px = Size.SMALL

    def __init__(
        self,
        text: str = "",
        tone: str = "plain",
        key: str = "",
        parent: QWidget | None = None,
        *,
        clickable: bool = False,
    ) -> None:
        super().__init__(text, tone, parent)
        self._key = key
        self._clickable = clickable
        if clickable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _key_width(self) -> int:
        return paint.chip_width(self._key, QFontMetrics(figures(Size.TINY))) if self._key else 0

    @override
    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width() + self._key_width() + 2, size.height())

    @override
    def radius(self) -> float:
        return self.high / 2

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground, ink = tokens().tone(self._tone)
        if not self.isEnabled():
            ink = tokens().faint
        paint.rounded(painter, QRectF(self.rect()), ground, self.radius())
        inner = self.rect().adjusted(self.pad, 0, -self.pad, 0)
        wide = self._key_width()
        paint.line_text(painter, inner.adjusted(0, 0, -wide, 0), self._text, self.face(), ink)
        if wide:
            painter.setFont(figures(Size.TINY))
            painter.setPen(ink)
            painter.drawText(
                QRect(inner.right() - wide + 1, 0, wide, self.height()),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._key,
            )
        if self.hasFocus():
            paint.focus_ring(painter, QRectF(self.rect()), tokens().accent, self.radius() - 1)
        painter.end()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._clickable and self.isEnabled() and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class ElidedLabel(QLabel):
    """A label of one line that ends in … where it does not fit; the whole text is its tooltip then."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._full = text
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show ``text``, as much of it as fits."""
        self._full = text
        self.setAccessibleName(text)
        self._fit()
        self.updateGeometry()

    def full_text(self) -> str:
        """Return the whole text."""
        return self._full

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 0))
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, super().sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
