"""What became of the handoffs to FS, as five figures in a row; each opens the records behind it (DOMAIN 8)."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services import dashboard
from isdesk.services.kpi import Figures
from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.views.call.kit import Text, text_width
from ui.views.figures import words

CODES = ("opportunity_rate", "win_rate", "asp", "cycle_days", "reasked_rate")
_TALL = 52


class FigureTile(QAbstractButton):
    """One figure: its name, the value, and what it is made of."""

    moved = Signal(int)

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self._name, self._value, self._parts = "", words.NOTHING, ""
        self.setFixedHeight(_TALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_figure(self, found: Figures, lang: str) -> None:
        """Show the figure of a group."""
        known, rate = dashboard.definition(self.code), found.rates.get(self.code)
        value = rate.value if rate is not None else found.asp if self.code == "asp" else found.cycle_days
        self._name, self._value = known.label.in_(lang), words.shown(known.kind, value)
        self._parts = f"{rate.numerator} / {rate.denominator}" if rate is not None else f"n={found.won}"
        around = words.interval(rate.low, rate.high) if rate is not None and rate.value is not None else ""
        self.setAccessibleName(f"{self._name} {self._value} {self._parts} {around}".strip())
        self.setToolTip("\n".join(part for part in (words.formula(known, lang), around) if part))
        self.update()

    @property
    def text_shown(self) -> tuple[str, str, str]:
        """Return name, value and parts."""
        return self._name, self._value, self._parts

    @override
    def sizeHint(self) -> QSize:
        return QSize(150, _TALL)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(96, _TALL)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.moved.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, box = tokens(), QPainter(self), QRectF(self.rect())
        paint.rounded(painter, box, look.panel2 if self.underMouse() else look.panel, Size.CARD_RADIUS, look.line)
        inner = self.rect().adjusted(12, 6, -10, -6)
        paint.line_text(painter, QRect(inner.left(), inner.top(), inner.width(), 15), self._name,
                        figures(Size.TINY, bold=True), look.dim)  # fmt: skip
        low = QRect(inner.left(), inner.top() + 16, inner.width(), 24)
        face = figures(Size.HEAD, bold=True)
        empty = self._value == words.NOTHING
        took = paint.line_text(painter, low, self._value, face, look.dim if empty else look.text)
        small = figures(Size.TINY)
        rest = low.adjusted(took + 8, 3, 0, 0)
        if rest.width() >= text_width(self._parts, small):
            paint.line_text(painter, rest, self._parts, small, look.dim)
        if self.hasFocus():
            paint.focus_ring(painter, box, look.accent, Size.CARD_RADIUS)


class FigureStrip(QWidget):
    """``opened(code)``: the records of a figure are wanted."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.whose = Text(ink="dim", size=Size.SMALL)
        self.tiles = [FigureTile(code) for code in CODES]
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda _=False, tile=tile: self.opened.emit(tile.code))
            tile.moved.connect(lambda step, place=place: self._step(place + step))
            row.addWidget(tile, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 10, 24, 10)
        box.setSpacing(6)
        box.addWidget(self.whose)
        box.addLayout(row)

    def show_figures(self, found: Figures, whose: str, lang: str) -> None:
        """Show what became of somebody's handoffs."""
        self.whose.show_text(whose)
        for tile in self.tiles:
            tile.show_figure(found, lang)

    def take_keyboard(self) -> None:
        """Go to the first figure."""
        self.tiles[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _step(self, place: int) -> None:
        self.tiles[place % len(self.tiles)].setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(look.line))
