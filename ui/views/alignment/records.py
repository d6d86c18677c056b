"""The records behind a line of drift, a case or a figure: as many as it says, each with the way to its lead."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services.drilling import Record
from ui.models.records import RecordModel
from ui.views.alignment.columns import record_columns
from ui.widgets import Card, EmptyState, button, label
from ui.widgets.table import ClearStack, DataTable


class RecordList(QWidget):
    """A list under its title. ``closed`` by Escape, ``asked_lead(id)`` by Enter."""

    closed = Signal()
    asked_lead = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.back = button(self.tr("← 戻る"), "quiet", tip=self.tr("戻る(Esc)"))
        self.back.clicked.connect(self.closed)
        self.title, self.about = label("", "head"), label("", "small", wrap=True)
        self.count = label("", "dim")
        self.model: RecordModel[Record] = RecordModel(record_columns(), self)
        self.table = DataTable(self.tr("明細"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.table.opened.connect(self._open)
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        self._stack.addWidget(EmptyState("search", self.tr("この項目の明細はありません")))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.back)
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(label(self.tr("Enterでリードを開く ・ Escで戻る"), "small"))
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self._stack)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self.about)
        box.addWidget(card, 1)

    def start(self, title: str, about: str = "") -> None:
        """Begin with another list; its records come by `show_records`."""
        self.title.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.count.setText(self.tr("読んでいます…"))
        self.model.show_records([])
        self._stack.setCurrentIndex(0)
        self.table.setFocus()

    def show_records(self, records: list[Record]) -> None:
        """Show the records, the newest first."""
        self.model.show_records(records[::-1])
        self.count.setText(self.tr("{n}件").format(n=f"{len(records):,}"))
        self._stack.setCurrentIndex(0 if records else 1)
        if records:
            self.table.selectRow(0)

    def _open(self, index: QModelIndex) -> None:
        record = self.model.record(index.row())
        if record is not None and record.lead_id:
            self.asked_lead.emit(record.lead_id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
