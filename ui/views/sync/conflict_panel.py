"""Fields that two people changed: what it was, mine and theirs side by side, decided with one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from isdesk.domain.changes import Value
from isdesk.services.outbox import LOCAL, REMOTE
from isdesk.services.views import ConflictItem
from ui import words
from ui.models.records import Cell, Column, RecordModel
from ui.views.sync.words import SyncWords
from ui.widgets import Card, EmptyState, KeyCap, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session


class _Side(Card):
    """One of the three values, whole."""

    def __init__(self, title: str) -> None:
        super().__init__(margins=(16, 12, 16, 14))
        self.body.setSpacing(6)
        self.head = QHBoxLayout()
        self.head.addWidget(label(title, "section"), 1)
        self.body.addLayout(self.head)
        self.value = label("", wrap=True)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.value, 1)


class ConflictPanel(QWidget):
    """A list, and the three values of the one in front; ``decided(ids, take)``, ``valued(id, text)``."""

    decided = Signal(list, str)
    valued = Signal(str, str)
    opened = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._words = SyncWords(session.ctx, session.words)
        self.model: RecordModel[ConflictItem] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("競合"), several=True)
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_current())
        self.table.opened.connect(lambda index: self._open(self.model.record(index.row())))
        full = QWidget()
        box = QVBoxLayout(full)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        holder = Card(margins=(1, 1, 1, 1))
        holder.body.addWidget(self.table)
        box.addWidget(holder, 1)
        box.addLayout(self._sides())
        box.addLayout(self._foot())
        self._stack = QStackedWidget()
        self._stack.addWidget(full)
        self._stack.addWidget(
            EmptyState(
                "check",
                self.tr("競合はありません"),
                self.tr("同じ項目を2人が変えたときだけ、両方の値をここに残して選べるようにします。"),
            )
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.show_items(())

    def _columns(self) -> list[Column[ConflictItem]]:
        now = self._session.now
        return [
            Column("lead", self.tr("リード"), 140, lambda c: Cell(c.lead_name or "—", bold=True)),
            Column("field", self.tr("項目"), 130, lambda c: Cell(self._label(c))),
            Column("base", self.tr("元の値"), 180, lambda c: self._cell(c, c.base, "dim"), stretch=True),
            Column("mine", self.tr("自分"), 180, lambda c: self._cell(c, c.mine, "accent_text"), stretch=True),
            Column("theirs", self.tr("相手"), 180, lambda c: self._cell(c, c.theirs, "text"), stretch=True),
            Column("at", self.tr("見つかった"), 110, lambda c: Cell(words.ago(c.opened_at, now()), "dim")),
        ]

    def _sides(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        self.base = _Side(self.tr("元の値"))
        self.mine, self.theirs = _Side(self.tr("自分の値")), _Side(self.tr("相手の値(いま表示中)"))
        self.mine_button = button(self.tr("自分の値にする"), "primary")
        self.theirs_button = button(self.tr("相手の値のまま"))
        self.mine_button.clicked.connect(lambda: self.decide(LOCAL))
        self.theirs_button.clicked.connect(lambda: self.decide(REMOTE))
        for side, do, key in ((self.mine, self.mine_button, "1"), (self.theirs, self.theirs_button, "2")):
            side.head.addWidget(do)
            side.head.addWidget(KeyCap(key))
        for side in (self.base, self.mine, self.theirs):
            side.setMinimumHeight(112)
            line.addWidget(side, 1)
        return line

    def _foot(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.alike = QCheckBox("")
        self.alike.setToolTip(self.tr("同じ項目のほかの競合も、同じ側に決めます(A)"))
        line.addWidget(self.alike)
        self.alike_key = KeyCap("A")
        line.addWidget(self.alike_key)
        self.other = QLineEdit()
        self.other.setPlaceholderText(self.tr("別の値にする(Enterで決定)"))
        self.other.setAccessibleName(self.tr("別の値"))
        self.other.setFixedWidth(240)
        self.other.returnPressed.connect(self._give)
        line.addWidget(self.other)
        line.addWidget(KeyCap("3"))
        line.addStretch(1)
        line.addWidget(label(self.tr("決めた内容は普通の変更として記録され、取り消せます。"), "small"))
        return line

    # ------------------------------------------------------------------ what is shown

    def show_items(self, items: Sequence[ConflictItem]) -> None:
        """Show other conflicts."""
        row = self.table.currentIndex().row()
        self.model.show_records(items)
        self._stack.setCurrentIndex(0 if items else 1)
        if items:
            self.table.selectRow(min(max(row, 0), len(items) - 1))
        self._show_current()

    def current(self) -> ConflictItem | None:
        """Return the conflict in front."""
        return self.model.record(self.table.currentIndex().row())

    def _show_current(self) -> None:
        item = self.current()
        if item is None:
            return
        for side, value in ((self.base, item.base), (self.mine, item.mine), (self.theirs, item.theirs)):
            side.value.setText(self._value(item, value))
        others = len(self._alike(item)) - 1
        self.alike.setText(self.tr("同じ項目「{field}」のほかの{n}件にも").format(field=self._label(item), n=others))
        self.alike.setEnabled(others > 0)
        self.alike.setVisible(others > 0)
        self.alike_key.setVisible(others > 0)
        if not others:
            self.alike.setChecked(False)

    def _label(self, item: ConflictItem) -> str:
        return self._words.fields.label(self._words.path(item.obj, item.field))

    def _value(self, item: ConflictItem, value: Value) -> str:
        return self._words.fields.value(self._words.path(item.obj, item.field), value)

    def _cell(self, item: ConflictItem, value: Value, ink: str) -> Cell:
        text = self._value(item, value)
        return Cell(" ".join(text.split()), ink, tip=text)

    def _alike(self, item: ConflictItem) -> list[ConflictItem]:
        return [one for one in self.model.records() if (one.obj, one.field) == (item.obj, item.field)]

    # ------------------------------------------------------------------ verbs

    def decide(self, take: str) -> None:
        """Decide the selected conflicts, with those alike where that is ticked."""
        item = self.current()
        if item is None:
            return
        chosen = [self.model.record(row) for row in self.table.chosen_rows()]
        wanted = [one for one in chosen if one is not None] or [item]
        if self.alike.isChecked():
            wanted.extend(self._alike(item))
        self.alike.setChecked(False)
        self.decided.emit(list(dict.fromkeys(one.id for one in wanted)), take)

    def ask_value(self) -> None:
        """Let another value be typed; it begins with mine."""
        item = self.current()
        if item is not None:
            self.other.setText("" if item.mine is None else self._value(item, item.mine))
            self.other.setFocus()
            self.other.selectAll()

    def _give(self) -> None:
        item, text = self.current(), self.other.text().strip()
        if item is not None and text:
            self.other.clear()
            self.table.setFocus()
            self.valued.emit(item.id, text)

    def toggle_alike(self) -> None:
        """Tick or untick that those alike are decided too."""
        if self.alike.isEnabled():
            self.alike.toggle()

    def _open(self, item: ConflictItem | None) -> None:
        if item is not None and item.lead_id is not None:
            self.opened.emit(item.lead_id)
