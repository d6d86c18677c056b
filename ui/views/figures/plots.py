"""The base of the pictures: a card with a pyqtgraph plot in the colours of the theme, with n at the mouse.

This module imports pyqtgraph; it is imported after the figures stand on the page, not at the start of the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolTip, QWidget
from typing_extensions import override

from isdesk.domain import kpi
from isdesk.domain.changes import Value
from ui.theme import tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets import Card, label

_SCALE = 2.0


_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ASIDE = 3.0
"""How much more a place counts as far that lies aside of the way of an arrow."""


class _View(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph brings no types
    """A plot that leaves the wheel to the page, and tells of the keys that it knows."""

    moved = Signal(int, int)
    entered = Signal()
    focused = Signal(bool)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.moved.emit(*_ARROWS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.entered.emit()
        else:
            event.ignore()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def rated(part: int, whole: int) -> list[Value]:
    """Return the cells of a rate: numerator, denominator, rate, and its 95 % interval."""
    value, around = kpi.rate(part, whole), kpi.wilson(part, whole)
    low, high = (round(around.low, 4), round(around.high, 4)) if around is not None else (None, None)
    return [part, whole, None if value is None else round(value, 4), low, high]


class PlotCard(Card):
    """A picture with its title. ``opened(point)`` by a click on what the mouse stands on: the records behind it."""

    opened = Signal(object)
    ways = "xy"
    """In which directions the arrows go from place to place."""

    def __init__(self, title: str, note: str = "", *, high: int = 210) -> None:
        super().__init__(margins=(16, 12, 16, 12))
        self.setMinimumWidth(300)
        head = QHBoxLayout()
        self.title, self.note = label(title, "section"), label(note, "small")
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.note)
        self.head = head
        self.body.addLayout(head)
        self.view = _View(background=None)
        self.view.setFixedHeight(high)
        self.view.setFrameShape(_View.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._spot: tuple[float, float] | None = None
        self._mark: Any = None
        self.plot: Any = self.view.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.body.addWidget(self.view)
        self.said = label("", "small", wrap=True)
        self.body.addWidget(self.said)
        self.empty = label(self.tr("この期間の記録はまだありません"), "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setFixedHeight(high)
        self.body.addWidget(self.empty)
        self.body.addStretch(1)
        self.empty.hide()
        scene = self.view.scene()
        scene.sigMouseMoved.connect(self._hover)
        scene.sigMouseClicked.connect(self._click)
        self.view.moved.connect(self._go)
        self.view.entered.connect(self._enter)
        self.view.focused.connect(self._focus)

    # ------------------------------------------------------------------ what a picture says

    def tip_at(self, x: float, y: float) -> str:
        """Return what stands at a place of the plot, with n; empty where nothing does."""
        del x, y
        return ""

    def point_at(self, x: float, y: float) -> object:
        """Return what a click there opens; None where nothing does."""
        del x, y
        return None

    def spots(self) -> list[tuple[float, float]]:
        """Return the places that the arrows reach, in reading order."""
        return []

    def table(self) -> tuple[list[str], list[list[Value]]]:
        """Return what is drawn as a table: the heads of its columns, and its rows."""
        return [], []

    def heads(self, *first: str) -> list[str]:
        """Return the heads of a table of rates: ``first``, then numerator, denominator, rate and interval."""
        rest = (self.tr("分子"), self.tr("分母"), self.tr("率"), self.tr("95 %下限"), self.tr("95 %上限"))
        return [*first, *rest]

    def describe(self, text: str) -> None:
        """Say the picture in words, below it and for a screen reader."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.view.setAccessibleName(self.title.text())
        self.view.setAccessibleDescription(text)

    def show_empty(self, *, empty: bool) -> None:
        """Show that there is nothing to draw, or the plot."""
        self.view.setVisible(not empty)
        self.empty.setVisible(empty)
        if empty:
            self.describe("")

    # ------------------------------------------------------------------ drawing

    def wipe(self) -> None:
        """Take everything off the plot and dress the axes in the colours in force."""
        self.plot.clear()
        self._mark = self._spot = None
        look = tokens()
        self.view.setBackground(look.panel)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(look.line))
            axis.setTextPen(pg.mkPen(look.dim))
            axis.setTickFont(figures(Size.TINY))
            axis.setStyle(tickLength=0, tickTextOffset=6, tickAlpha=0)

    def ticks(self, side: str, texts: Sequence[tuple[float, str]]) -> None:
        """Write these texts at an axis and no others."""
        self.plot.getAxis(side).setTicks([list(texts)])

    def bare(self, *sides: str) -> None:
        """Show no axis at these sides."""
        for side in sides:
            self.plot.hideAxis(side)

    def text(self, words: str, x: float, y: float, *, ink: str, anchor: tuple[float, float]) -> None:
        """Write words at a place of the plot."""
        item = pg.TextItem(words, color=ink, anchor=anchor)
        item.setFont(figures(Size.TINY))
        item.setPos(x, y)
        self.plot.addItem(item, ignoreBounds=True)

    # ------------------------------------------------------------------ keyboard

    def _focus(self, has: bool) -> None:
        if not has:
            self._set_spot(None)
            QToolTip.hideText()
        elif self._spot is None:
            self._set_spot(next(iter(self.spots()), None))

    def _go(self, across: int, down: int) -> None:
        """Go to the nearest place in the direction of an arrow."""
        here = self._spot
        if here is None or (across and "x" not in self.ways) or (down and "y" not in self.ways):
            return

        def far(spot: tuple[float, float]) -> float:
            dx, dy = spot[0] - here[0], spot[1] - here[1]
            if self.ways != "xy":
                return dx * across + dy * down
            along, aside = (dx * across, abs(dy)) if across else (dy * down, abs(dx))
            return along + _ASIDE * aside if along > 0 else -1.0

        ahead = [spot for spot in self.spots() if far(spot) > 0]
        if ahead:
            self._set_spot(min(ahead, key=far))

    def _set_spot(self, spot: tuple[float, float] | None) -> None:
        if self._mark is not None:
            self.plot.removeItem(self._mark)
            self._mark = None
        self._spot = spot
        if spot is None:
            return
        ring = pg.mkPen(tokens().text, width=2)
        self._mark = pg.ScatterPlotItem([spot[0]], [spot[1]], size=22, brush=pg.mkBrush(None), pen=ring)
        self._mark.setZValue(50)
        self.plot.addItem(self._mark, ignoreBounds=True)
        text = self.tip_at(*spot)
        self.view.setAccessibleDescription(text.replace("\n", "、"))
        at = self.plot.getViewBox().mapViewToScene(QPointF(*spot))
        QToolTip.showText(self.view.mapToGlobal(self.view.mapFromScene(at)), text, self.view)

    def _enter(self) -> None:
        point = self.point_at(*self._spot) if self._spot is not None else None
        if point is not None:
            self.opened.emit(point)

    # ------------------------------------------------------------------ mouse

    def _place(self, at: QPointF) -> QPointF | None:
        box = self.plot.getViewBox()
        if not box.sceneBoundingRect().contains(at):
            return None
        found = box.mapSceneToView(at)
        return found if isinstance(found, QPointF) else None

    def _hover(self, at: QPointF) -> None:
        place = self._place(at)
        text = self.tip_at(place.x(), place.y()) if place is not None else ""
        opens = place is not None and self.point_at(place.x(), place.y()) is not None
        self.view.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
        if text:
            QToolTip.showText(self.view.mapToGlobal(self.view.mapFromScene(at)), text, self.view)
        else:
            QToolTip.hideText()

    def _click(self, event: Any) -> None:
        place = self._place(event.scenePos())
        point = self.point_at(place.x(), place.y()) if place is not None else None
        if point is not None:
            self.opened.emit(point)


def picture(widget: QWidget, path: Path) -> bool:
    """Save a widget as a PNG of twice its size; return False where the file could not be written."""
    size = QSize(round(widget.width() * _SCALE), round(widget.height() * _SCALE))
    made = QPixmap(size)
    made.setDevicePixelRatio(_SCALE)
    made.fill(QColor(tokens().ground))
    widget.render(made)
    return made.save(str(path), "PNG")


def verdict(text: str, tone: str = "") -> QLabel:
    """Return a line of words that stands below a picture."""
    return label(text, tone, wrap=True)
