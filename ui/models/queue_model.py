"""The queue as a list model: all ids in order, and the painted rows of a window around what is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services.views import QueueRow
from ui.tips import plain_tip
from ui.words import Words

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LEAD_ROLE = int(Qt.ItemDataRole.UserRole) + 2
BLOCK = 64
KEPT = 1024
MANY_RANGES = 32


class QueueModel(QAbstractListModel):
    """Ids and a cache of rows. ``data`` never queries: missing rows are asked for by ``wanted`` and put in later."""

    wanted = Signal(list)

    def __init__(self, words: Words, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._now = now
        self._ids: list[LeadId] = []
        self._at: dict[LeadId, int] = {}
        self._rows: OrderedDict[LeadId, QueueRow] = OrderedDict()
        self._asked: set[LeadId] = set()
        self._wish: set[int] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    # ------------------------------------------------------------------ reading

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._ids)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._ids):
            return None
        lead_id = self._ids[index.row()]
        if role == LEAD_ROLE:
            return lead_id
        row = self._rows.get(lead_id)
        if row is None:
            if role in {Qt.ItemDataRole.DisplayRole, ROW_ROLE}:
                self._wish.add(index.row() // BLOCK)
                self._timer.start()
            return None
        if role == ROW_ROLE:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            said = self._words.sentence(row, self._now())
            return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said
        return None

    @override
    def roleNames(self) -> dict[int, QByteArray]:
        names = super().roleNames()
        return names | {ROW_ROLE: QByteArray(b"row"), LEAD_ROLE: QByteArray(b"lead")}

    def ids(self) -> list[LeadId]:
        """Return the ids in the order shown."""
        return list(self._ids)

    def lead_at(self, row: int) -> LeadId | None:
        """Return the lead of a row."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, lead_id: LeadId | None) -> int:
        """Return the row of a lead; -1 where it is not shown."""
        return self._at.get(lead_id, -1) if lead_id else -1

    def row(self, lead_id: LeadId) -> QueueRow | None:
        """Return what is known of a lead's row."""
        return self._rows.get(lead_id)

    def index_of(self, lead_id: LeadId | None) -> QModelIndex:
        """Return the index of a lead; an invalid one where it is not shown."""
        row = self.row_of(lead_id)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    # ------------------------------------------------------------------ rows of the window

    def _ask(self) -> None:
        lacking: list[LeadId] = []
        for block in sorted(self._wish):
            ids = self._ids[block * BLOCK : (block + 1) * BLOCK]
            lacking.extend(i for i in ids if i not in self._rows and i not in self._asked)
        self._wish.clear()
        if lacking:
            self._asked.update(lacking)
            self.wanted.emit(lacking)

    def put(self, rows: Iterable[QueueRow], *, asked: Iterable[LeadId] = ()) -> None:
        """Take rows in (and forget that the ids in ``asked`` were asked for); what is seen repaints."""
        self._asked.difference_update(asked)
        touched: list[int] = []
        for row in rows:
            self._asked.discard(row.lead_id)
            if self._rows.get(row.lead_id) != row:
                self._rows[row.lead_id] = row
                touched.append(self._at.get(row.lead_id, -1))
            self._rows.move_to_end(row.lead_id)
        while len(self._rows) > KEPT:
            self._rows.popitem(last=False)
        touched = [t for t in touched if t >= 0]
        if touched:
            self.dataChanged.emit(self.index(min(touched), 0), self.index(max(touched), 0))

    def stale(self, lead_ids: Iterable[LeadId] | None = None) -> list[LeadId]:
        """Return those of ``lead_ids`` (all: None) whose rows are held, for reading them anew; they stay shown."""
        if lead_ids is None:
            return list(self._rows)
        return [i for i in lead_ids if i in self._rows]

    def beat(self) -> None:
        """Time went on: words like 残り 12分 may read otherwise now."""
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))

    # ------------------------------------------------------------------ order

    def set_ids(self, ids: Sequence[LeadId]) -> None:
        """Show another list altogether (another filter)."""
        self.beginResetModel()
        self._take(list(ids))
        self.endResetModel()

    def reorder(self, ids: Sequence[LeadId]) -> None:
        """Go over to a new order; selection and persistent indexes follow their leads."""
        fresh = list(ids)
        if fresh == self._ids:
            return
        if not self._remove_gone(set(fresh)):
            self.set_ids(fresh)
            return
        added = [i for i in fresh if i not in self._at]
        if added:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._take([*self._ids, *added])
            self.endInsertRows()
        if fresh != self._ids:
            self._permute(fresh)

    def _remove_gone(self, kept: set[LeadId]) -> bool:
        """Remove what is not in ``kept``; return False where that would be too many pieces for the view."""
        gone = [row for row, lead_id in enumerate(self._ids) if lead_id not in kept]
        pieces: list[list[int]] = []
        for row in gone:
            if pieces and row == pieces[-1][1] + 1:
                pieces[-1][1] = row
            else:
                pieces.append([row, row])
        if len(pieces) > MANY_RANGES:
            return False
        for first, last in reversed(pieces):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._take(self._ids[:first] + self._ids[last + 1 :])
            self.endRemoveRows()
        return True

    def _permute(self, fresh: list[LeadId]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        leads = [self._ids[i.row()] for i in before]
        self._take(fresh)
        self.changePersistentIndexList(before, [self.index_of(lead) for lead in leads])
        self.layoutChanged.emit()

    def _take(self, ids: list[LeadId]) -> None:
        self._ids = ids
        self._at = {lead_id: row for row, lead_id in enumerate(ids)}
