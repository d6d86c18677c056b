"""The table of groups as a model: put in order by any figure, while the selection stays with its group."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from isdesk.services import dashboard
from isdesk.services.kpi import Figures
from ui.models.records import Column, RecordModel


class GroupsModel(RecordModel[Figures]):
    """The groups by key; sorting keeps the selection with its group. ``tip`` tells what a column's figure means."""

    def __init__(self, columns: Sequence[Column[Figures]], tip: Callable[[str], str]) -> None:
        super().__init__(columns)
        self._tip = tip
        self._by, self._descending = "", False

    def sorted_by(self) -> tuple[str, bool]:
        """Return by which figure the groups stand in order, and whether the greatest comes first."""
        return self._by, self._descending

    def show_groups(self, groups: tuple[Figures, ...], columns: Sequence[Column[Figures]]) -> None:
        """Show other groups, in the order chosen before."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._records = list(groups)
        self._order()
        self.endResetModel()

    def sort_by(self, code: str, *, descending: bool) -> None:
        """Put the groups in the order of a figure; those without it come last."""
        before = self.persistentIndexList()
        keys = [self._records[index.row()].key for index in before]
        self.layoutAboutToBeChanged.emit()
        self._by, self._descending = code, descending
        self._order()
        rows = {record.key: row for row, record in enumerate(self._records)}
        after = [self.index(rows[key], index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def _order(self) -> None:
        if not self._by:
            return
        if self._by == "label":
            self._records.sort(key=lambda one: (one.label, one.key), reverse=self._descending)
            return

        def place(one: Figures) -> tuple[bool, float]:
            value = dashboard.value_of(one, self._by)
            return (value is None, 0.0 if value is None else -value if self._descending else value)

        self._records.sort(key=place)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self.columns):
            column = self.columns[section]
            if role == Qt.ItemDataRole.ToolTipRole and column.code != "label":
                return self._tip(column.code)
            if role == Qt.ItemDataRole.DisplayRole and column.code == self._by:
                return f"{column.title} {'↓' if self._descending else '↑'}"
        return super().headerData(section, orientation, role)

    def code_at(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """Return the figure of a cell; the first column stands for the dials."""
        code = self.columns[index.column()].code if index.isValid() else "label"
        return "dial_count" if code == "label" else code
