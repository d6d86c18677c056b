"""Tables of records: columns declared as data, each cell as it is painted; one model for short lists of any kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")

CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
RECORD_ROLE = int(Qt.ItemDataRole.UserRole) + 2
TEXT_ROLES = frozenset({int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is painted: ``ink`` a token's name; with ``tone`` the text is a chip; ``sub`` follows in dim.

    ``icon`` stands before the text; ``said`` is what a screen reader says where the text alone does not say it.
    """

    text: str = ""
    ink: str = "text"
    bold: bool = False
    tone: str = ""
    icon: str = ""
    sub: str = ""
    tip: str = ""
    said: str = ""
    right: bool = False


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column: how its cell is made from a record; ``sort`` is what a sort by it is called, empty: none."""

    code: str
    title: str
    width: int
    cell: Callable[[T], Cell]
    sort: str = ""
    stretch: bool = False
    right: bool = False


def spoken(cell: Cell) -> str:
    """Return a cell as one text."""
    return cell.said or " ".join(part for part in (cell.text, cell.sub) if part)


def cell_data(cell: Cell, role: int) -> object:
    """Return what a view asks of a cell."""
    if role == CELL_ROLE:
        return cell
    if role in TEXT_ROLES:
        return spoken(cell)
    if role == Qt.ItemDataRole.ToolTipRole:
        return plain_tip(cell.tip) or None
    if role == Qt.ItemDataRole.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if cell.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
    return None


def header_data(columns: Sequence[Column[T]], section: int, orientation: Qt.Orientation, role: int) -> object:
    """Return what a header shows of a column."""
    if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(columns):
        return None
    if role == Qt.ItemDataRole.DisplayRole:
        return columns[section].title
    if role == Qt.ItemDataRole.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if columns[section].right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
    return None


class RecordModel(QAbstractTableModel, Generic[T]):
    """A list of records, all of them at hand. ``edited``: the columns whose cells open an editor of the delegate."""

    def __init__(
        self, columns: Sequence[Column[T]], parent: QObject | None = None, *, edited: frozenset[int] = frozenset()
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._edited = edited
        self._records: list[T] = []

    def show_records(self, records: Sequence[T]) -> None:
        """Show other records."""
        self.beginResetModel()
        self._records = list(records)
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column[T]]) -> None:
        """Show other columns of the same records."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def replace(self, row: int, record: T) -> None:
        """Put another record in the place of one."""
        self._records[row] = record
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def records(self) -> list[T]:
        """Return all records in the order shown."""
        return list(self._records)

    def record(self, row: int) -> T | None:
        """Return the record of a row."""
        return self._records[row] if 0 <= row < len(self._records) else None

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._records)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._records) or index.column() >= len(self.columns):
            return None
        record = self._records[index.row()]
        if role == RECORD_ROLE:
            return record
        return cell_data(self.columns[index.column()].cell(record), role)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() in self._edited else flags

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return header_data(self.columns, section, orientation, role)
