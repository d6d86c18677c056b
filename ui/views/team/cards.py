"""The reps side by side: one painted card each with their load; leads are dropped on them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from isdesk.domain.ids import MemberId
from isdesk.services.team import EVERYBODY, RepLoad
from ui import team_words as words
from ui.models.reps_model import LOAD_ROLE, RepsModel, absence, name
from ui.theme import paint, tokens
from ui.theme.fonts import app_font, figures
from ui.theme.tokens import Size, Tokens

Index = QModelIndex | QPersistentModelIndex
HEIGHT = 146
NOTE = 18
"""So much higher are the cards while somebody is away: the line that says who stands in."""
_LEAST, _MOST, _GAP, _PAD = 146, 250, 8, 12
_GRID_TOP, _CELL = 49, 35
_FOOT = 24
_FIGURES = tuple(words.SHORT)
TALK = "talk"
"""The evaluations of a rep's calls, where a card is clicked."""


def cell_at(card: QRect, point: QPoint) -> str:
    """Return the kind whose figure stands at a point of a card, `TALK` for the line below; empty where none does."""
    inner = card.adjusted(_PAD, 0, -_PAD - _GAP, 0)
    down = point.y() - card.y() - _GRID_TOP
    across = (point.x() - inner.x()) * 3 // max(inner.width(), 1)
    if not (down >= 0 and 0 <= across < 3):
        return ""
    if down >= 2 * _CELL:
        return TALK if down < 2 * _CELL + _FOOT else ""
    return _FIGURES[down // _CELL * 3 + across]


class CardDelegate(QStyledItemDelegate):
    """Paints a rep: name, load as a bar against the fullest queue, and the six figures that call for a look."""

    def __init__(self, view: RepCards) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._view.card_width(), self._view.card_height())

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        load = index.data(LOAD_ROLE)
        if not isinstance(load, RepLoad):
            return
        look, card = tokens(), QRect(option.rect).adjusted(0, 0, -_GAP, 0)
        card.setHeight(self._view.card_height())
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        target = self._view.target() == index.row()
        painter.save()
        ground = look.selected if chosen or target else look.panel
        paint.rounded(painter, QRectF(card), ground, Size.CARD_RADIUS, look.accent if chosen or target else look.line)
        if (chosen and state & QStyle.StateFlag.State_HasFocus) or target:
            paint.focus_ring(painter, QRectF(card), look.accent, Size.CARD_RADIUS)
        self._head(painter, card, load, look, chosen=chosen)
        self._grid(painter, card, load, look, chosen=chosen)
        if load.member_id is not None:
            self._talk(painter, card, load, look, chosen=chosen)
        self._note(painter, card, load, look)
        painter.restore()

    def _note(self, painter: QPainter, card: QRect, load: RepLoad, look: Tokens) -> None:
        """Say who stands in for somebody who is away, or for whom they stand in."""
        text = absence(load)
        line = QRect(card.x() + _PAD, card.y() + HEIGHT - 6, card.width() - 2 * _PAD, NOTE)
        ink = look.tone("warn" if load.away_until is not None else "promise")[1]
        paint.line_text(painter, line, text, app_font(10, bold=True), ink)

    def _head(self, painter: QPainter, card: QRect, load: RepLoad, look: Tokens, *, chosen: bool) -> None:
        line = QRect(card.x() + _PAD, card.y() + 8, card.width() - 2 * _PAD, 22)
        count = f"{load.open:,}"
        wide = paint.line_text(painter, line, count, figures(Size.HEAD, bold=True), look.text, right=True)
        named = line.adjusted(0, 0, -wide - 8, 0)
        ink = look.warn if load.member_id is None else look.text
        paint.line_text(painter, named, name(load), app_font(Size.BODY, bold=True), ink)
        bar = QRectF(line.x(), card.y() + 36, line.width(), 4)
        paint.rounded(painter, bar, look.panel if chosen else look.key, 2)
        most = self._view.reps.most() if load.member_id != EVERYBODY else load.open
        if load.open and most:
            share = max(bar.width() * load.open / most, 4)
            paint.rounded(painter, QRectF(bar.x(), bar.y(), share, 4), look.accent, 2)

    def _talk(self, painter: QPainter, card: QRect, load: RepLoad, look: Tokens, *, chosen: bool) -> None:
        line = QRect(card.x() + _PAD, card.y() + _GRID_TOP + 2 * _CELL + 3, card.width() - 2 * _PAD, 18)
        said = words.talk(load.talk)
        quiet = look.on_key if chosen else look.dim
        paint.line_text(painter, line, said, figures(Size.TINY), look.text if load.talk.calls else quiet)

    def _grid(self, painter: QPainter, card: QRect, load: RepLoad, look: Tokens, *, chosen: bool) -> None:
        inner = card.adjusted(_PAD, 0, -_PAD, 0)
        quiet = look.on_key if chosen else look.dim
        for place, kind in enumerate(_FIGURES):
            down, across = divmod(place, 3)
            left = inner.x() + inner.width() * across // 3
            wide = inner.width() // 3
            top = card.y() + _GRID_TOP + down * _CELL
            count = int(getattr(load, kind))
            tone = words.TONES.get(kind, "")
            ink = (look.tone(tone)[1] if tone else look.text) if count else quiet
            bold = bool(count and tone)
            paint.line_text(painter, QRect(left, top, wide, 18), f"{count:,}", figures(Size.BODY, bold=bold), ink)
            paint.line_text(painter, QRect(left, top + 16, wide, 15), words.short(kind), app_font(10), quiet)


class RepCards(QListView):
    """``chosen(member id)`` the rep in front; ``narrowed(kind)`` a click on one of their figures; ``asked_calls(rep)``
    one on the evaluations (None: of everybody).
    """

    chosen = Signal(object)
    narrowed = Signal(str)
    asked_calls = Signal(object)

    def __init__(self, reps: RepsModel) -> None:
        super().__init__()
        self.reps = reps
        self._target = -1
        self.setAccessibleName(self.tr("担当ごとの負荷"))
        self.setModel(reps)
        self.setItemDelegate(CardDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self._fit()
        reps.modelReset.connect(self._fit)
        reps.dataChanged.connect(self._fit)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.setStyleSheet("QListView { background: transparent; }")
        self.selectionModel().currentChanged.connect(self._current)

    def card_width(self) -> int:
        """Return how wide a card is: they share the width while that is enough for each."""
        count = max(self.reps.rowCount(), 1)
        return max(_LEAST, min(_MOST, self.viewport().width() // count))

    def card_height(self) -> int:
        """Return how high the cards are: with a line more while somebody is away."""
        return HEIGHT + (NOTE if self.reps.anybody_away() else 0)

    def _fit(self) -> None:
        self.setFixedHeight(self.card_height() + 12)
        self.scheduleDelayedItemsLayout()

    def target(self) -> int:
        """Return the row over which something is being dragged; -1 where nothing is."""
        return self._target

    def choose(self, member: MemberId | None) -> None:
        """Bring a rep to the front."""
        row = self.reps.row_of(member)
        if row >= 0:
            self.setCurrentIndex(self.reps.index(row, 0))

    def step(self, by: int) -> None:
        """Go to the rep next to the one in front."""
        row = max(0, min(self.currentIndex().row() + by, self.reps.rowCount() - 1))
        self.setCurrentIndex(self.reps.index(row, 0))

    def _current(self, index: QModelIndex) -> None:
        load = self.reps.load(index.row())
        if load is not None:
            self.scrollTo(index)
            self.chosen.emit(load.member_id)

    def _aim(self, row: int) -> None:
        if row != self._target:
            self._target = row
            self.viewport().update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        kind = cell_at(self.visualRect(index), point) if index.isValid() else ""
        load = self.reps.load(index.row()) if kind == TALK else None
        if load is not None and load.member_id is not None:
            self.asked_calls.emit(load.member_id if load.member_id != EVERYBODY else None)
        elif kind and kind != TALK:
            self.narrowed.emit(kind)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self.indexAt(event.position().toPoint()).isValid()
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        takes = bool(self.reps.flags(index) & Qt.ItemFlag.ItemIsDropEnabled)
        self._aim(index.row() if takes else -1)
        event.setAccepted(takes)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._aim(-1)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        row, self._target = self._target, -1
        self.viewport().update()
        if row >= 0:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.reps.dropMimeData(event.mimeData(), Qt.DropAction.CopyAction, -1, -1, self.reps.index(row, 0))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # letters are commands
        else:
            super().keyPressEvent(event)
