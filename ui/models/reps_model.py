"""The reps side by side as a list model: everybody first, each with their load; leads may be dropped on a rep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from isdesk.domain.coaching import combined
from isdesk.domain.ids import LeadId, MemberId
from isdesk.services.team import EVERYBODY, RepLoad
from ui import team_words as words
from ui.models.leads_model import LEADS_MIME
from ui.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
LOAD_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_FIGURES = tuple(f.name for f in fields(RepLoad) if f.type == "int")


def together(loads: Sequence[RepLoad]) -> RepLoad:
    """Return the load of all reps, and of nobody, together."""
    sums: dict[str, Any] = {name: sum(int(getattr(one, name)) for one in loads) for name in _FIGURES}
    return RepLoad(EVERYBODY, "", "", **sums, talk=combined([one.talk for one in loads]))


class RepsModel(QAbstractListModel):
    """One row a rep. ``dropped(ids, member)`` when leads are let go over one."""

    dropped = Signal(list, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loads: list[RepLoad] = []

    def show(self, loads: Sequence[RepLoad]) -> None:
        """Show these loads; the order of those that stay is kept, so that nobody jumps under the pointer."""
        known = {one.member_id: one for one in loads}
        kept = [known.pop(one.member_id) for one in self._loads if one.member_id in known]
        fresh = [together(loads), *kept, *known.values()]
        if [one.member_id for one in fresh] == [one.member_id for one in self._loads]:
            self._loads = fresh
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, 0))
            return
        self.beginResetModel()
        self._loads = fresh
        self.endResetModel()

    def load(self, row: int) -> RepLoad | None:
        """Return the load of a row."""
        return self._loads[row] if 0 <= row < len(self._loads) else None

    def row_of(self, member: MemberId | None) -> int:
        """Return the row of a rep; -1 where they are not shown."""
        return next((row for row, one in enumerate(self._loads) if one.member_id == member), -1)

    def most(self) -> int:
        """Return the most open leads that one rep has."""
        return max((one.open for one in self._loads if one.member_id != EVERYBODY), default=0)

    def anybody_away(self) -> bool:
        """Return whether somebody stands in for somebody."""
        return any(one.away_until is not None for one in self._loads)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._loads)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        load = self.load(index.row()) if index.isValid() else None
        if load is None:
            return None
        if role == LOAD_ROLE:
            return load
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return plain_tip(sentence(load)) if role == Qt.ItemDataRole.ToolTipRole else sentence(load)
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        load = self.load(index.row()) if index.isValid() else None
        takes = load is not None and bool(load.member_id)
        return flags | Qt.ItemFlag.ItemIsDropEnabled if takes else flags

    @override
    def mimeTypes(self) -> list[str]:
        return [LEADS_MIME]

    @override
    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        load = self.load(parent.row()) if parent.isValid() else None
        if load is None or not load.member_id or not data.hasFormat(LEADS_MIME):
            return False
        ids = bytes(data.data(LEADS_MIME).data()).decode().split("\n")
        self.dropped.emit([LeadId(one) for one in ids if one], load.member_id)
        return True


def name(load: RepLoad) -> str:
    """Return whose load it is."""
    if load.member_id == EVERYBODY:
        return words.everybody()
    return load.name or words.nobody()


def sentence(load: RepLoad) -> str:
    """Return a load as one sentence, as a screen reader says it."""
    said = [f"{name(load)}: {words.kind('open')} {load.open}"]
    said += [f"{words.kind(kind)} {getattr(load, kind)}" for kind in words.KINDS if kind != "open"]
    return ", ".join([*said, words.talk(load.talk), *filter(None, [absence(load)])])


def absence(load: RepLoad) -> str:
    """Return who stands in for somebody until when, or for whom they stand in; empty where all are there."""
    if load.away_until is not None:
        return words.away(load.covered_by, load.away_until)
    return words.covering(load.covers) if load.covers else ""
