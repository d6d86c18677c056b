"""The table of all leads as a model: all ids in order, and the painted rows of a window around what is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QByteArray, QMimeData, QModelIndex, QObject, Qt, QTimer, Signal
from typing_extensions import override

from isdesk.domain.ids import LeadId
from ui.models.records import RECORD_ROLE, Cell, Column, Index, cell_data, header_data

LEAD_ROLE = int(Qt.ItemDataRole.UserRole) + 3
BLOCK = 64
KEPT = 2048
LEADS_MIME = "application/x-isdesk-leads"
"""What a drag of rows carries: their ids, one a line."""
_LOADING = Cell("…", "dim")


class OfLead(Protocol):
    """A row that stands for a lead."""

    @property
    def lead_id(self) -> LeadId:
        """Return the lead."""
        ...


R = TypeVar("R", bound=OfLead)


class LeadsModel(QAbstractTableModel, Generic[R]):
    """Ids and a cache of rows. ``data`` never queries: missing rows are asked for by ``wanted`` and put in later.

    ``drags``: rows may be dragged to somewhere else.
    """

    wanted = Signal(list)

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None, *, drags: bool = False) -> None:
        super().__init__(parent)
        self._drags = drags
        self.columns = tuple(columns)
        self._ids: list[LeadId] = []
        self._rows: OrderedDict[LeadId, R] = OrderedDict()
        self._asked: set[LeadId] = set()
        self._wish: set[int] = set()
        self._sorted = ("", False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._ids)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._ids) or index.column() >= len(self.columns):
            return None
        lead_id = self._ids[index.row()]
        if role == LEAD_ROLE:
            return lead_id
        row = self._rows.get(lead_id)
        if role == RECORD_ROLE:
            return row
        if row is None:
            self._wish.add(index.row() // BLOCK)
            self._timer.start()
            return cell_data(_LOADING, role) if index.column() == 0 else None
        return cell_data(self.columns[index.column()].cell(row), role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        found = header_data(self.columns, section, orientation, role)
        by, descending = self._sorted
        if by and isinstance(found, str) and self.columns[section].sort == by:
            return f"{found} {'↓' if descending else '↑'}"
        return found

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self._drags and index.isValid() else flags

    @override
    def mimeTypes(self) -> list[str]:
        return [LEADS_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        made = QMimeData()
        rows = sorted({index.row() for index in indexes})
        made.setData(LEADS_MIME, QByteArray("\n".join(self._ids[row] for row in rows).encode()))
        return made

    def show_sort(self, by: str, *, descending: bool) -> None:
        """Mark the column by which the table is sorted."""
        self._sorted = (by, descending)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def ids(self) -> list[LeadId]:
        """Return the ids in the order shown."""
        return self._ids

    def lead_at(self, row: int) -> LeadId | None:
        """Return the lead of a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def set_ids(self, ids: Sequence[LeadId]) -> None:
        """Show another list."""
        self.beginResetModel()
        self._ids = list(ids)
        self._wish.clear()
        self.endResetModel()

    def stale(self, lead_ids: Iterable[LeadId] | None = None) -> list[LeadId]:
        """Return those of ``lead_ids`` (all: None) whose rows are held, for reading them anew; they stay shown."""
        if lead_ids is None:
            return list(self._rows)
        return [one for one in lead_ids if one in self._rows]

    def put(self, rows: Iterable[R], *, asked: Iterable[LeadId] = ()) -> None:
        """Take rows in (and forget that the ids in ``asked`` were asked for); what is seen repaints."""
        self._asked.difference_update(asked)
        for row in rows:
            self._rows[row.lead_id] = row
            self._rows.move_to_end(row.lead_id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    def _ask(self) -> None:
        lacking: list[LeadId] = []
        for block in sorted(self._wish):
            ids = self._ids[block * BLOCK : (block + 1) * BLOCK]
            lacking.extend(i for i in ids if i not in self._rows and i not in self._asked)
        self._wish.clear()
        if lacking:
            self._asked.update(lacking)
            self.wanted.emit(lacking)
