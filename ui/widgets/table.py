"""The table of the pages: quiet rows with hairlines, chips and icons in cells, the whole of it by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from ui.models.records import CELL_ROLE, Cell, Column
from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.icons import pixmap
from ui.theme.tokens import Size

Index = QModelIndex | QPersistentModelIndex
ROW = 38
_PAD = 10
_ICON = 14
_CTRL = Qt.KeyboardModifier.ControlModifier


class CellDelegate(QStyledItemDelegate):
    """Paints a `Cell`; the current row carries a bar at its left, not only another ground."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            return QSize(40, ROW)
        width = QFontMetrics(figures(Size.BODY, bold=cell.bold)).horizontalAdvance(f"{cell.text} {cell.sub}")
        return QSize(width + 2 * _PAD + (_ICON + 6 if cell.icon else 0), ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, box = tokens(), QRect(option.rect)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(box, QColor(look.selected if selected else look.panel))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(look.line))
        current = self._view.currentIndex()
        if current.row() == index.row() and self._view.hasFocus():
            if index.column() == self._view.horizontalHeader().logicalIndex(0):
                painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(look.accent))
        elif selected and index.column() == 0:
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(look.faint))
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell):
            self._cell(painter, box.adjusted(_PAD, 0, -_PAD, -1), cell, quiet=look.on_key if selected else look.dim)
        painter.restore()

    def _cell(self, painter: QPainter, box: QRect, cell: Cell, *, quiet: str) -> None:
        look = tokens()
        ink = quiet if cell.ink == "dim" else str(getattr(look, cell.ink))
        if cell.icon:
            shade = look.tone(cell.tone)[1] if cell.tone else ink
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(box.left(), box.center().y() - _ICON // 2 + 1, pixmap(cell.icon, shade, _ICON, ratio))
            box = box.adjusted(_ICON + 6, 0, 0, 0)
        if cell.tone:
            width = self._chip(painter, box, cell)
        else:
            font = figures(Size.BODY, bold=cell.bold)
            width = paint.line_text(painter, box, cell.text, font, ink, right=cell.right)
        rest = box.adjusted(width + 8, 0, 0, 0)
        if cell.sub and rest.width() > 16:
            paint.line_text(painter, rest, cell.sub, figures(Size.SMALL), quiet)

    def _chip(self, painter: QPainter, box: QRect, cell: Cell) -> int:
        if not cell.text:
            return 0
        font: QFont = figures(Size.TINY)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        width = min(paint.chip_width(cell.text, metrics), box.width())
        if width <= 2 * paint.CHIP_PAD:
            return 0
        place = QRect(box.left(), box.center().y() - paint.CHIP_HEIGHT // 2 + 1, width, paint.CHIP_HEIGHT)
        ground, ink = tokens().tone(cell.tone)
        shown = metrics.elidedText(cell.text, Qt.TextElideMode.ElideRight, width - 2 * paint.CHIP_PAD + 2)
        paint.chip(painter, place, shown, ground, ink)
        return width


class ClearStack(QStackedWidget):
    """A stack that lets the card show through, for a table and what stands there without rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet("QStackedWidget { background: transparent; }")


class DataTable(QTableView):
    """A table view of the house. ``opened`` by Enter or a double click, ``deleted`` by the key Delete."""

    opened = Signal(QModelIndex)
    deleted = Signal()

    def __init__(self, name: str, *, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(32)
        head.setMinimumSectionSize(40)
        self.doubleClicked.connect(self.opened)

    def dress(self, columns: Sequence[Column[Any]]) -> None:
        """Give the columns their widths; those that stretch share what is left."""
        head = self.horizontalHeader()
        for place, column in enumerate(columns):
            stretches = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            head.setSectionResizeMode(place, stretches)
            if not column.stretch:
                self.setColumnWidth(place, column.width)

    def chosen_rows(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        rows: set[int] = set()
        blocks = self.selectionModel().selection()
        for place in range(blocks.count()):
            block = blocks.at(place)
            rows.update(range(block.top(), block.bottom() + 1))
        return sorted(rows)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        elif key is Qt.Key.Key_Delete:
            self.deleted.emit()
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and not event.modifiers():
            last = self.model().rowCount() - 1 if self.model() is not None else -1
            if last >= 0:
                self.selectRow(0 if key is Qt.Key.Key_Home else last)
        elif event.text().strip().isprintable() and event.text().strip() and not event.modifiers() & _CTRL:
            event.ignore()  # no search by typing: letters are commands
        else:
            super().keyPressEvent(event)
