"""Choosing other definitions: the presets, and key by key what the one in front would change, before it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from isdesk.playbook import Difference, Preset
from isdesk.services import definitions
from isdesk.services.definitions import About
from ui.models.records import Cell, Column, RecordModel
from ui.views.definitions.words import part
from ui.widgets import Card, EmptyState, KeyCap, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session

_LIST = 300


class Chooser(QWidget):
    """Presets at the left, the differences at the right. ``looked(name)``, ``chosen(name)``, ``closed``."""

    looked = Signal(str)
    chosen = Signal(str)
    closed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lang = session.lang
        self._about: About | None = None
        self._sure = False
        lang = session.lang
        self.presets: RecordModel[Preset] = RecordModel(
            [Column("name", self.tr("定義"), 200, lambda p: self._preset(p, lang), stretch=True)], self
        )
        self.differences: RecordModel[Difference] = RecordModel(
            [
                Column("part", self.tr("区分"), 130, lambda d: Cell(part(d.key), bold=True)),
                Column("key", self.tr("キー"), 230, lambda d: Cell(d.key, "dim", tip=d.key)),
                Column("before", self.tr("いま"), 190, lambda d: _value(d.before, "dim"), stretch=True),
                Column("after", self.tr("変更後"), 190, lambda d: _value(d.after, "accent_text"), stretch=True),
            ],
            self,
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self._left())
        line.addWidget(self._right(), 1)

    def _left(self) -> Card:
        card = Card(margins=(1, 1, 1, 1))
        card.setFixedWidth(_LIST)
        self.list = DataTable(self.tr("定義の一覧"))
        self.list.setModel(self.presets)
        self.list.dress(self.presets.columns)
        self.list.selectionModel().currentRowChanged.connect(lambda *_: self._look())
        self.list.opened.connect(lambda _: self.ask())
        card.body.addWidget(self.list)
        return card

    def _right(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.title = label("", "head")
        self.note = label("", "dim", wrap=True)
        box.addWidget(self.title)
        box.addWidget(self.note)
        card = Card(margins=(1, 1, 1, 1))
        self.table = DataTable(self.tr("変わるところ"))
        self.table.setModel(self.differences)
        self.table.dress(self.differences.columns)
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        self._stack.addWidget(EmptyState("check", self.tr("いまの定義と同じです")))
        card.body.addWidget(self._stack)
        box.addWidget(card, 1)
        self.warning = label("", "warn", wrap=True)
        box.addWidget(self.warning)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        back = button(self.tr("やめる"), "quiet")
        back.clicked.connect(self.closed)
        foot.addWidget(back)
        foot.addWidget(KeyCap("Esc"))
        self.apply = button(self.tr("この定義にする"), "primary")
        self.apply.clicked.connect(self.ask)
        foot.addWidget(self.apply)
        foot.addWidget(KeyCap("Enter"))
        box.addLayout(foot)
        return made

    def _preset(self, preset: Preset, lang: str) -> Cell:
        here = self._about is not None and self._about.name == preset.name
        text = preset.label.in_(lang)
        return Cell(text, bold=here, icon="check" if here else "", sub=self.tr("使用中") if here else "")

    # ------------------------------------------------------------------ what is shown

    def start(self, presets: Sequence[Preset], about: About) -> None:
        """Show the presets; the one in force is in front."""
        self._about = about
        self.presets.show_records(presets)
        row = next((n for n, preset in enumerate(presets) if preset.name == about.name), 0)
        self.list.selectRow(row)
        self.list.setFocus()
        self._look()

    def current(self) -> Preset | None:
        """Return the preset in front."""
        return self.presets.record(self.list.currentIndex().row())

    def _look(self) -> None:
        preset = self.current()
        self._settle()
        if preset is not None:
            self.title.setText(preset.label.in_(self._lang))
            self.note.setText(preset.note.in_(self._lang))
            self.looked.emit(preset.name)

    def show_differences(self, name: str, found: Sequence[Difference]) -> None:
        """Show what a preset would change."""
        preset = self.current()
        if preset is None or preset.name != name:
            return
        self.differences.show_records(found)
        self._stack.setCurrentIndex(0 if found else 1)
        about = self._about
        self.apply.setEnabled(bool(found) and about is not None and not about.team)
        if about is not None and about.team:
            self.warning.setText(self.tr("定義はチームのハブから配られているため、この端末では選べません。"))
        elif found:
            self.warning.setText(self.tr("{n}か所が変わります。").format(n=len(found)))

    def _settle(self) -> None:
        self._sure = False
        self.warning.setText("")
        self.apply.setText(self.tr("この定義にする"))
        self.apply.setEnabled(False)

    # ------------------------------------------------------------------ choosing

    def ask(self) -> None:
        """Say what it means; asked again, it is done."""
        preset = self.current()
        if preset is None or not self.apply.isEnabled():
            return
        if self._sure:
            self._settle()
            self.chosen.emit(preset.name)
            return
        self._sure = True
        text = self.tr(
            "{n}か所が変わり、すべてのリードの状態・順位・次回アクションを新しい定義で計算し直します。"
            "記録済みの接触は、そのときの定義のまま残ります。よければもう一度押してください。"
        )
        self.warning.setText(text.format(n=self.differences.rowCount()))
        self.apply.setText(self.tr("変更を確定する"))
        self.apply.setFocus()


def _value(value: object, ink: str) -> Cell:
    text = definitions.worded(value)
    return Cell(" ".join(text.split()) or "—", ink, tip=text[:600])
