"""One field of ours beside the CRM's: which of them holds it, which way it travels, what its choices mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.crm.port import FieldInfo
from isdesk.services.field_map import Line
from ui.models.records import Cell, Column, RecordModel
from ui.views.connect.words import DIRECTIONS, FIT_HELP, KINDS, say
from ui.widgets import Card, Chip, ElidedLabel, KeyCap, SegmentedTabs, button, clear_scroll, label
from ui.widgets.table import DataTable

_WIDTH = 392


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field of the CRM that may hold ours; None in ``info``: nothing does."""

    info: FieldInfo | None
    sample: str = ""
    taken_by: str = ""


class FieldDetail(Card):
    """``chosen(FieldInfo | None)``, ``turned(direction)``, ``worded(theirs, ours)``, ``left`` back to the table."""

    chosen = Signal(object)
    turned = Signal(str)
    worded = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(16, 14, 16, 14))
        self.setFixedWidth(_WIDTH)
        self.body.setSpacing(8)
        self._line: Line | None = None
        self._all: list[Candidate] = []
        head = QHBoxLayout()
        self.title = ElidedLabel("", "head")
        self.kind = Chip()
        head.addWidget(self.title, 1)
        head.addWidget(self.kind)
        self.body.addLayout(head)
        self.hint = label("", "warn", wrap=True)
        self.body.addWidget(self.hint)
        self.body.addLayout(self._directions())
        self.tabs = SegmentedTabs(["", ""], "underline")
        self.tabs.changed.connect(self._show_tab)
        self.body.addWidget(self.tabs)
        self._stack = QStackedWidget()
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self._stack.addWidget(self._chooser())
        self._stack.addWidget(self._values())
        self.body.addWidget(self._stack, 1)

    def _directions(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        self.ways = {}
        for code, (sign, text) in DIRECTIONS.items():
            made = button(f"{sign} {say(text)}", "choice")
            made.setAutoExclusive(True)
            made.clicked.connect(lambda _=False, one=code: self.turned.emit(one))
            self.ways[code] = made
            line.addWidget(made)
        line.addWidget(KeyCap("D"))
        line.addStretch(1)
        return line

    def _chooser(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("CRMの項目を名前・API名で探す(Enterで決定)"))
        self.search.setAccessibleName(self.tr("CRMの項目を探す"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._take)
        self.search.installEventFilter(self)
        box.addWidget(self.search)
        self.model: RecordModel[Candidate] = RecordModel(
            [
                Column("field", self.tr("CRMの項目"), 220, self._cell, stretch=True),
                Column("kind", self.tr("型"), 84, self._kind_cell),
            ],
            self,
        )
        self.list = DataTable(self.tr("CRMの項目"))
        self.list.setModel(self.model)
        self.list.dress(self.model.columns)
        self.list.horizontalHeader().hide()
        self.list.opened.connect(lambda _: self._take())
        box.addWidget(self.list, 1)
        return page

    def _values(self) -> QWidget:
        area, whole = clear_scroll()
        whole.setContentsMargins(0, 2, 8, 0)
        self.wordless = label("", "warn", wrap=True)
        whole.addWidget(self.wordless)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        whole.addLayout(self._grid)
        whole.addStretch(1)
        return area

    # ------------------------------------------------------------------ what is shown

    def show_line(
        self,
        line: Line,
        name: str,
        candidates: Sequence[Candidate],
        ours: Sequence[tuple[str, str]],
        wordless: Sequence[str],
    ) -> None:
        """Show a field of ours and those of the CRM; ``ours`` are our words where it is a choice."""
        other = self._line is None or (self._line.thing, self._line.code) != (line.thing, line.code)
        self._line = line
        self.title.set_text(name)
        self.kind.set_text(say(KINDS[line.kind]))
        help_text = say(FIT_HELP[line.fit]) if line.fit in FIT_HELP else ""
        self.hint.setText(help_text)
        self.hint.setVisible(bool(help_text))
        for code, way in self.ways.items():
            way.setEnabled(bool(line.remote))
            way.setChecked(code == line.direction)
        self._all = list(candidates)
        if other:
            self.search.clear()
        self._narrow()
        with_words = bool(line.words) and bool(ours)
        done = sum(bool(our) for _, _, our in line.words)
        tabs = [self.tr("項目を選ぶ")]
        if with_words:
            tabs.append(self.tr("値の対応 {done}/{all}").format(done=done, all=len(line.words)))
        keep = 1 if with_words and not other and self.tabs.current() == 1 else 0
        self.tabs.set_tabs(tabs, current=keep)
        self.tabs.setVisible(with_words)
        self._stack.setCurrentIndex(keep)
        self._show_words(line, ours, wordless)

    def _show_tab(self, tab: int) -> None:
        self._stack.setCurrentIndex(tab)

    def _narrow(self) -> None:
        typed = "".join(self.search.text().split()).casefold()
        found = [one for one in self._all if not typed or _fits(one, typed)]
        self.model.show_records(found)
        here = self._line.remote if self._line is not None else ()
        row = next((n for n, one in enumerate(found) if one.info is not None and one.info.code in here), 0)
        if found:
            if typed and row == 0 and found[0].info is None and len(found) > 1:
                row = 1
            self.list.selectRow(row)

    def _show_words(self, line: Line, ours: Sequence[tuple[str, str]], wordless: Sequence[str]) -> None:
        text = self.tr("CRMに対応する値がなく、送れないもの: {names}").format(names="、".join(wordless))
        self.wordless.setText(text)
        self.wordless.setVisible(bool(wordless))
        while (taken := self._grid.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (theirs, shown, our) in enumerate(line.words if ours else ()):
            name = ElidedLabel(shown)
            combo = QComboBox()
            combo.setAccessibleName(shown)
            combo.addItem(self.tr("(対応なし)"), "")
            for code, text in ours:
                combo.addItem(text, code)
            combo.setCurrentIndex(max(combo.findData(our), 0))
            combo.activated.connect(
                lambda _place, box=combo, value=theirs: self.worded.emit(value, str(box.currentData() or ""))
            )
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(combo, row, 1)

    def _cell(self, one: Candidate) -> Cell:
        if one.info is None:
            return Cell(self.tr("対応させない"), "dim")
        tip = "\n".join(p for p in (f"{one.info.label} ({one.info.code})", one.sample, one.taken_by) if p)
        chosen = self._line is not None and one.info.code in self._line.remote
        sub = "" if one.info.label == one.info.code else one.info.code
        return Cell(one.info.label, "accent_text" if chosen else "text", chosen, sub=sub, tip=tip)

    def _kind_cell(self, one: Candidate) -> Cell:
        if one.info is None:
            return Cell()
        if one.info.required:
            return Cell(self.tr("必須"), tone="warn", tip=say(KINDS[one.info.kind]))
        text = say(KINDS[one.info.kind]) if one.info.writable else self.tr("読むだけ")
        return Cell(text, "dim")

    # ------------------------------------------------------------------ keys

    def take_keys(self) -> None:
        """Take the keyboard: what is typed narrows the CRM's fields."""
        self.tabs.set_current(0)
        self.search.setFocus()
        self.search.selectAll()

    def next_way(self) -> None:
        """Go over to the next direction."""
        codes = list(self.ways)
        if self._line is not None and self._line.remote:
            self.turned.emit(codes[(codes.index(self._line.direction) + 1) % len(codes)])

    def _take(self) -> None:
        one = self.model.record(self.list.currentIndex().row())
        if one is not None:
            self.chosen.emit(one.info)
            self.left.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched is self.search:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                row = self.list.currentIndex().row() + step
                if 0 <= row < self.model.rowCount():
                    self.list.selectRow(row)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
        return False


def _fits(one: Candidate, typed: str) -> bool:
    if one.info is None:
        return False
    return typed in "".join(f"{one.info.label} {one.info.code}".split()).casefold()
