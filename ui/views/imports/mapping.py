"""Where each column goes: header, what stands under it, the field it is sent to, and how sure that is."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QStyleOptionViewItem, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.files.mapping import Column as Sent
from isdesk.files.mapping import Columns
from isdesk.services.imports import Place, Probe
from ui import words
from ui.models.records import RECORD_ROLE, Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.widgets.table import CellDelegate, DataTable

Index = QModelIndex | QPersistentModelIndex
WHY = {
    "remembered": QT_TRANSLATE_NOOP("imports", "前回と同じ"),
    "header": QT_TRANSLATE_NOOP("imports", "見出しから"),
    "like": QT_TRANSLATE_NOOP("imports", "似た見出し"),
    "values": QT_TRANSLATE_NOOP("imports", "値から推定"),
    "chosen": QT_TRANSLATE_NOOP("imports", "選択済み"),
    "none": QT_TRANSLATE_NOOP("imports", "取り込まない"),
}
_SURE = 0.9
_TARGET = 2
_SAMPLES = 3


class _Choose(CellDelegate):
    """Paints like all cells; the target is changed in a list that opens in the cell."""

    chosen = Signal(int, str)

    def __init__(self, view: DataTable) -> None:
        super().__init__(view)
        self.places: tuple[tuple[str, str], ...] = ()

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        combo = QComboBox(parent)
        combo.setMaxVisibleItems(18)
        combo.addItem(words.translate("imports", WHY["none"]), "")
        for code, text in self.places:
            combo.addItem(text, code)
        row = index.row()
        combo.activated.connect(lambda place: self._took(combo, row, place))
        QTimer.singleShot(0, combo, combo.showPopup)
        return combo

    def _took(self, combo: QComboBox, row: int, place: int) -> None:
        self.chosen.emit(row, str(combo.itemData(place) or ""))
        self.closeEditor.emit(combo)

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        record = index.data(RECORD_ROLE)
        if isinstance(editor, QComboBox) and isinstance(record, Sent):
            editor.setCurrentIndex(max(editor.findData(record.target or ""), 0))

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Nothing: a choice is told by ``chosen``, for it may move another column too."""


class MappingTable(QWidget):
    """Enter opens the list of fields, Delete leaves a column out; ``changed(Columns)`` tells."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = Columns(())
        self._samples: tuple[tuple[str, ...], ...] = ()
        self._names: dict[str, str] = {}
        self.model: RecordModel[Sent] = RecordModel(
            [
                Column("header", self.tr("ファイルの列"), 190, lambda c: Cell(c.header, bold=True, tip=c.header)),
                Column("sample", self.tr("値の例"), 260, self._sample, stretch=True),
                Column("target", self.tr("取り込み先"), 220, self._target),
                Column("why", self.tr("確かさ"), 150, self._why),
            ],
            self,
            edited=frozenset({_TARGET}),
        )
        self.table = DataTable(self.tr("列の対応"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self._delegate = _Choose(self.table)
        self.table.setItemDelegate(self._delegate)
        self._delegate.chosen.connect(self.choose)
        self.table.opened.connect(lambda index: self.edit(index.row()))
        self.table.clicked.connect(lambda index: self.edit(index.row()) if index.column() == _TARGET else None)
        self.table.deleted.connect(self._leave_out)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.table)

    def show_probe(self, probe: Probe, lang: str) -> None:
        """Show the proposal for a file."""
        self._columns, self._samples = probe.mapping, probe.sample
        places = _labels(probe.places, lang)
        self._names = dict(places)
        self._delegate.places = places
        self.model.show_records(self._columns.columns)
        if self._columns.columns:
            self.table.selectRow(0)

    @property
    def columns(self) -> Columns:
        """Return the mapping as it is chosen now."""
        return self._columns

    def edit(self, row: int) -> None:
        """Open the list of fields of a column."""
        index = self.model.index(row, _TARGET)
        self.table.setCurrentIndex(index)
        self.table.edit(index)

    def choose(self, row: int, target: str) -> None:
        """Send a column to a field (empty: leave it out); a column that went there before is left out."""
        here = self._columns.columns[row]
        if (here.target or "") == target and here.why == "chosen":
            return
        before = self._columns.columns
        self._columns = self._columns.choose(here.index, target or None)
        for place, (old, new) in enumerate(zip(before, self._columns.columns, strict=True)):
            if old != new:
                self.model.replace(place, new)
        self.changed.emit(self._columns)

    def _leave_out(self) -> None:
        row = self.table.currentIndex().row()
        if row >= 0:
            self.choose(row, "")

    # ------------------------------------------------------------------ cells

    def _sample(self, column: Sent) -> Cell:
        values = [line[column.index] for line in self._samples if column.index < len(line) and line[column.index]]
        shown = list(dict.fromkeys(" ".join(v.split()) for v in values))[:_SAMPLES]
        return Cell(" / ".join(shown) or self.tr("(空)"), "dim", tip="\n".join(shown))

    def _target(self, column: Sent) -> Cell:
        if column.target is None:
            return Cell(words.translate("imports", WHY["none"]), "dim", icon="chevron-down")
        return Cell(self._names.get(column.target, column.target), icon="chevron-down")

    def _why(self, column: Sent) -> Cell:
        text = words.translate("imports", WHY.get(column.why, column.why))
        if column.target is None or column.why == "none":
            return Cell("—", "dim")
        if column.why in {"chosen", "remembered"}:
            return Cell(text, "good", icon="check")
        percent = f"{round(column.confidence * 100)}%"
        if column.confidence >= _SURE:
            return Cell(text, "good", icon="check", sub=percent)
        return Cell(text, "warn", icon="warning", sub=percent, tip=self.tr("値の例を見て確かめてください"))


def _labels(places: tuple[Place, ...], lang: str) -> tuple[tuple[str, str], ...]:
    """Return the fields for a list, a company's field marked as such."""
    mark = words.translate("imports", QT_TRANSLATE_NOOP("imports", "会社: {name}"))
    found: list[tuple[str, str]] = []
    for place in places:
        text = place.en if lang == "en" else place.ja
        company = place.code.startswith("company.") and place.code != "company.name"
        found.append((place.code, mark.format(name=text) if company else text))
    return tuple(found)
