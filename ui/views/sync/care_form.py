"""What is asked before something that could not be sent is corrected, moved to another lead, or left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services.views import Found, OutboxItem
from ui.models.records import Cell, Column, RecordModel
from ui.tasks import Tasks
from ui.widgets import label
from ui.widgets.table import DataTable

FIX, MOVE, WHY = range(3)
_HITS = 8


class CareForm(QWidget):
    """``fixed(field, text)``, ``moved(lead_id)``, ``dropped(reason)``; hidden while nothing is asked."""

    fixed = Signal(str, str)
    moved = Signal(str)
    dropped = Signal(str)
    left = Signal()

    def __init__(
        self,
        tasks: Tasks,
        find: Callable[[str, int], Sequence[Found]],
        *,
        reason_needed: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._reason_needed = reason_needed
        self._tasks, self._find = tasks, find
        self._which = FIX
        self._parts = (self._fix(), self._move(), self._why())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 6)
        for part in self._parts:
            box.addWidget(part)
        self.hide()

    def _column(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(6)
        box.addWidget(label(title, "section"))
        return made, box

    def _field(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.installEventFilter(self)
        return made

    def _fix(self) -> QWidget:
        made, box = self._column(self.tr("値を直して送り直す"))
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("直す項目"))
        self.which.currentIndexChanged.connect(self._show_value)
        self.value = self._field(self.tr("新しい値"), self.tr("新しい値(Enterで決定)"))
        self.value.returnPressed.connect(self._give_value)
        box.addWidget(self.which)
        box.addWidget(self.value)
        return made

    def _move(self) -> QWidget:
        made, box = self._column(self.tr("別のリードに付け替える"))
        self.search = self._field(self.tr("付け替え先のリード"), self.tr("名前・会社・電話番号で探す"))
        self.search.textChanged.connect(self._look)
        self.search.returnPressed.connect(self._give_lead)
        box.addWidget(self.search)
        self.model: RecordModel[Found] = RecordModel(
            [
                Column("name", self.tr("リード"), 120, lambda one: Cell(one.name, bold=True, sub=one.company)),
            ],
            self,
        )
        self.list = DataTable(self.tr("リード"))
        self.list.setModel(self.model)
        self.list.horizontalHeader().hide()
        self.list.horizontalHeader().setStretchLastSection(True)
        self.list.setFixedHeight(156)
        self.list.opened.connect(lambda _: self._give_lead())
        box.addWidget(self.list, 1)
        return made

    def _why(self) -> QWidget:
        made, box = self._column(self.tr("理由を書いて破棄する"))
        self.reason = self._field(self.tr("送らない理由"), self.tr("送らない理由(操作履歴に残ります)"))
        self.reason.returnPressed.connect(self.give_reason)
        box.addWidget(self.reason)
        return made

    # ------------------------------------------------------------------ asking

    def ask_fix(self, item: OutboxItem, fields: Sequence[tuple[str, str, str]]) -> None:
        """Ask for another value; ``fields`` are (code, label, value) of those that may be given."""
        del item
        self.which.clear()
        for code, name, value in fields:
            self.which.addItem(name, (code, value))
        self._open(FIX, self.value)
        self.value.selectAll()

    def ask_lead(self, begin: str) -> None:
        """Ask for another lead, looking for ``begin`` first."""
        self.model.show_records(())
        self.search.setText(begin)
        self._open(MOVE, self.search)
        self.search.selectAll()

    def ask_reason(self) -> None:
        """Ask why it shall not be sent."""
        self.reason.clear()
        self._open(WHY, self.reason)

    def _open(self, which: int, first: QLineEdit) -> None:
        self._which = which
        for place, part in enumerate(self._parts):
            part.setVisible(place == which)
        self.show()
        first.setFocus()

    @property
    def asking(self) -> int | None:
        """Return what is asked now, None where nothing is."""
        return None if self.isHidden() else self._which

    def close_form(self) -> None:
        """Ask nothing any more."""
        self.hide()
        self.left.emit()

    # ------------------------------------------------------------------ answers

    def _show_value(self) -> None:
        data = self.which.currentData()
        self.value.setText(str(data[1]) if isinstance(data, tuple) else "")

    def _give_value(self) -> None:
        data = self.which.currentData()
        if isinstance(data, tuple):
            self.hide()
            self.fixed.emit(str(data[0]), self.value.text().strip())

    def _look(self, text: str) -> None:
        if text.strip():
            self._tasks.read(
                lambda: list(self._find(text, _HITS)), self._show_hits, lambda _: None, owner=self, key="care-lead"
            )

    def _show_hits(self, found: list[Found]) -> None:
        self.model.show_records(found)
        if found:
            self.list.selectRow(0)

    def _give_lead(self) -> None:
        one = self.model.record(self.list.currentIndex().row())
        if one is not None:
            self.hide()
            self.moved.emit(one.lead_id)

    def give_reason(self) -> None:
        """Give the reason that was typed."""
        text = self.reason.text().strip()
        if text or not self._reason_needed:
            self.hide()
            self.dropped.emit(text)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
            return True
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and watched is self.search:
            row = self.list.currentIndex().row() + step
            if 0 <= row < self.model.rowCount():
                self.list.selectRow(row)
            return True
        return False
