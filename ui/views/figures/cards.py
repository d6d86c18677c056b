"""A figure big: value, parts, its interval and target on a line, trend, and what must stand beside it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from isdesk.services import dashboard
from isdesk.services.dashboard import Tile
from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.views.figures import words

HIGH = 138
LEAST = 172
_GAP = 12
_PAD = 14
_VALUE = 25
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FigureCard(QWidget):
    """One figure. Enter or a click opens its records; the arrows go to the cards beside."""

    opened = Signal(str)
    chosen = Signal(str)
    moved = Signal(int, int)

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang, self._kind = lang, "week"
        self.tile: Tile | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HIGH)

    def show_tile(self, tile: Tile, kind: str) -> None:
        """Show a figure of a period of that kind."""
        self.tile, self._kind = tile, kind
        self.setAccessibleName(words.spoken(tile, kind, self._lang))
        self.setToolTip(words.tip(tile, kind, self._lang))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(LEAST, HIGH)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.tile is not None:
            self.chosen.emit(self.tile.code)
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.tile is not None and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.tile.code)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.tile is not None:
            self.opened.emit(self.tile.code)
        elif key in _STEPS:
            self.moved.emit(_STEPS[key], 0)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.moved.emit(0, -1 if key is Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------ paint

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.rounded(painter, box, look.panel, Size.CARD_RADIUS, look.line)
        tile = self.tile
        if tile is not None:
            inner = self.rect().adjusted(_PAD, 10, -_PAD, -8)
            name = words.name(tile.code, self._lang)
            paint.line_text(painter, _line(inner, 0, 18), name, figures(Size.SMALL, bold=True), look.dim)
            self._value(painter, _line(inner, 20, 32), tile)
            self._range(painter, QRect(inner.left(), inner.top() + 58, inner.width(), 10), tile)
            self._foot(painter, _line(inner, 69, 17), tile)
            for place, text in enumerate(self._lines(tile, inner.width())[:2]):
                paint.line_text(painter, _line(inner, 86 + 15 * place, 15), text, figures(Size.TINY), look.dim)
        if self.hasFocus():
            paint.focus_ring(painter, box, look.accent, Size.CARD_RADIUS)
        painter.end()

    def _lines(self, tile: Tile, wide: int) -> list[str]:
        """Return interval with n (or the parts, where they found no room), then what stands beside the figure."""
        around = words.interval(tile.low, tile.high)
        lines = [f"{around} ・ n={tile.whole}"] if around else []
        if tile.known and not around and not self._parts_fit(tile, wide):
            lines.append(self._parts(tile))
        metrics, open_ = QFontMetrics(figures(Size.TINY)), ""
        for part in words.beside(tile, self._lang):
            longer = f"{open_} ・ {part}" if open_ else part
            if open_ and metrics.horizontalAdvance(longer) > wide:
                lines.append(open_)
                longer = part
            open_ = longer
        return [*lines, open_] if open_ else lines

    def _value(self, painter: QPainter, box: QRect, tile: Tile) -> None:
        look = tokens()
        text = words.shown(tile.kind, tile.value) if tile.known else "…"
        empty = tile.value is None
        took = paint.line_text(painter, box, text, figures(_VALUE, bold=True), look.faint if empty else look.text)
        if tile.known and self._parts_fit(tile, box.width()):
            rest = box.adjusted(took + _GAP // 2, 6, 0, 0)
            paint.line_text(painter, rest, self._parts(tile), figures(Size.SMALL), look.dim)

    def _parts(self, tile: Tile) -> str:
        """Return what a figure is made of: part / whole, or n; empty for a count."""
        if tile.kind == "rate":
            return f"{tile.part:,} / {tile.whole:,}"
        counted = tile.kind == "yen" or tile.code == dashboard.TALK
        return f"n = {tile.whole:,}" if counted and tile.whole else ""

    def _parts_fit(self, tile: Tile, wide: int) -> bool:
        value = QFontMetrics(figures(_VALUE, bold=True)).horizontalAdvance(words.shown(tile.kind, tile.value))
        parts = QFontMetrics(figures(Size.SMALL)).horizontalAdvance(self._parts(tile))
        return value + _GAP // 2 + parts <= wide

    def _range(self, painter: QPainter, box: QRect, tile: Tile) -> None:
        """Paint value, interval and target on one line; shapes tell them apart: block, band, upright stroke."""
        look, middle = tokens(), box.center().y()
        if tile.value is None and tile.target is None:
            return
        paint.rounded(painter, QRectF(box.left(), middle - 2, box.width(), 4), look.key, 2)
        if tile.kind in {"rate", "share"}:
            most = max(0.05, min(1.0, 1.25 * max(tile.value or 0, tile.high or 0, tile.target or 0)))
        else:
            most = 1.15 * max(tile.value or 0, tile.target or 0, tile.before or 0, 1e-9)

        def at(value: float) -> float:
            return box.left() + box.width() * min(value / most, 1.0)

        if tile.low is not None and tile.high is not None:
            wide = max(at(tile.high) - at(tile.low), 4)
            painter.setOpacity(0.35)
            paint.rounded(painter, QRectF(at(tile.low), middle - 3, wide, 6), look.accent, 3)
            painter.setOpacity(1.0)
        elif tile.kind not in {"rate", "share"} and tile.value:
            painter.setOpacity(0.55)
            paint.rounded(painter, QRectF(box.left(), middle - 2, at(tile.value) - box.left(), 4), look.accent, 2)
            painter.setOpacity(1.0)
        if tile.value is not None:
            paint.rounded(painter, QRectF(at(tile.value) - 1.5, middle - 5, 3, 10), look.accent, 1.5)
        if tile.target is not None:
            painter.fillRect(QRectF(at(tile.target) - 1, middle - 6, 2, 12), QColor(look.text))

    def _foot(self, painter: QPainter, box: QRect, tile: Tile) -> None:
        look = tokens()
        font, goal = figures(Size.TINY), words.target(tile)
        if goal and tile.value is not None and tile.target is not None:
            goal += " ✓" if tile.value >= tile.target else ""
        metrics = QFontMetrics(font)
        text, tone = words.change(tile, self._kind)
        if metrics.horizontalAdvance(f"{goal}  {text}") > box.width():
            text, tone = words.change(tile, self._kind, short=True)
        wide = metrics.horizontalAdvance(text) + 6 if text else 0
        if text:
            paint.line_text(painter, box, text, font, str(getattr(look, tone)), right=True)
        paint.line_text(painter, box.adjusted(0, 0, -wide, 0), goal, font, look.dim)


def _line(box: QRect, top: int, high: int) -> QRect:
    return QRect(box.left(), box.top() + top, box.width(), high)


class CardGrid(QWidget):
    """The cards in as many columns as there is room for; the arrows move between them."""

    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._lang = lang
        self.cards: list[FigureCard] = []
        self._columns = 6
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tiles(self, tiles: tuple[Tile, ...], kind: str) -> None:
        """Show these figures in order."""
        while len(self.cards) < len(tiles):
            card = FigureCard(self._lang)
            card.setParent(self)
            card.opened.connect(self.opened)
            card.chosen.connect(self.chosen)
            card.moved.connect(self._go)
            card.show()
            self.cards.append(card)
        while len(self.cards) > len(tiles):
            self.cards.pop().deleteLater()
        for card, tile in zip(self.cards, tiles, strict=True):
            card.show_tile(tile, kind)
        self._place()

    def card(self, code: str) -> FigureCard | None:
        """Return the card of a figure."""
        return next((one for one in self.cards if one.tile is not None and one.tile.code == code), None)

    def focused(self) -> FigureCard | None:
        """Return the card that has the keyboard."""
        return next((one for one in self.cards if one.hasFocus()), None)

    def _go(self, across: int, down: int) -> None:
        here = self.focused()
        if here is None:
            return
        place = self.cards.index(here) + across + down * self._columns
        if 0 <= place < len(self.cards):
            self.cards[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _place(self) -> None:
        wide = max(self.width(), LEAST)
        fits = max(1, (wide + _GAP) // (LEAST + _GAP))
        self._columns = next((n for n in (6, 4, 3, 2) if n <= fits), 1)
        each = (wide - _GAP * (self._columns - 1)) // self._columns
        for place, card in enumerate(self.cards):
            row, column = divmod(place, self._columns)
            card.setGeometry(QRect(QPoint(column * (each + _GAP), row * (HIGH + _GAP)), QSize(each, HIGH)))
        rows = -(-len(self.cards) // self._columns)
        self.setFixedHeight(max(rows * (HIGH + _GAP) - _GAP, HIGH))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
