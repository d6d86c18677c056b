"""The records behind a figure: as many as it says, each with the way to its lead."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.services import dashboard
from isdesk.services.drilling import Record
from ui.models.records import RecordModel
from ui.session import Session
from ui.views.figures import words
from ui.views.figures.columns import record_columns
from ui.widgets import EmptyState, SegmentedTabs, button, label
from ui.widgets.table import ClearStack, DataTable


class Drill(QWidget):
    """A list with the figure above it. A rate has two lists: its numerator and its denominator."""

    closed = Signal()
    wanted = Signal(str)
    asked_lead = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._parts: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}
        self.back = button(self.tr("← 戻る"), "quiet", tip=self.tr("指標に戻る(Esc)"))
        self.back.clicked.connect(self.closed)
        self.title, self.about = label("", "title"), label("", "small", wrap=True)
        self.tabs = SegmentedTabs([], "steps")
        self.tabs.changed.connect(self._tab)
        self.count = label("", "dim")
        titles = (self.tr("日時"), self.tr("氏名"), self.tr("会社"), self.tr("担当"), self.tr("結果"))
        ctx = session.ctx
        self.model = RecordModel(record_columns(ctx.rules, ctx.lang, titles), self)
        self.table = DataTable(self.tr("明細"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.table.opened.connect(self._open)
        self._empty = EmptyState("search", self.tr("この指標の明細はありません"))
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.back)
        head.addWidget(self.title)
        head.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.tabs)
        line.addWidget(self.count)
        line.addStretch(1)
        line.addWidget(label(self.tr("Enterでリードを開く ・ Escで戻る"), "small"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(self.about)
        box.addLayout(line)
        box.addWidget(self._stack, 1)

    def start(self, title: str, code: str) -> str:
        """Begin with a figure; return the part whose records are to be shown first."""
        lang = self._session.lang
        self.title.setText(title)
        if code == f"{dashboard.RETURN}rate":
            self._parts, text = (f"{dashboard.RETURN}back", f"{dashboard.RETURN}again"), ""
        elif code.startswith((dashboard.REASON, dashboard.RETURN)):
            self._parts, text = (code,), ""
        else:
            self._parts = dashboard.parts(code) or (code,)
            text = words.formula(dashboard.definition(code), lang)
        self.about.setText(text)
        self.about.setVisible(bool(text))
        self._counts = {}
        self._name_tabs(0)
        self.tabs.setVisible(len(self._parts) > 1)
        self.count.setText(self.tr("読んでいます…"))
        self.model.show_records([])
        self._stack.setCurrentIndex(0)
        self.table.setFocus()
        return self._parts[0]

    def _name_tabs(self, current: int) -> None:
        if self._parts and not self._parts[0].startswith(dashboard.REASON):
            names = [self._name(part) for part in self._parts]
            texts = [
                f"{name} {self._counts[part]:,}" if part in self._counts else name
                for part, name in zip(self._parts, names, strict=True)
            ]
            self.tabs.set_tabs(texts, current=current)

    def _name(self, part: str) -> str:
        if part.startswith(dashboard.RETURN):
            return words.say(words.RETURNS[part.removeprefix(dashboard.RETURN)])
        return words.name(part, self._session.lang)

    def _tab(self, place: int) -> None:
        self.wanted.emit(self._parts[place])

    def show_records(self, part: str, records: list[Record]) -> None:
        """Show the records of a part."""
        if part not in self._parts:
            return
        self._counts[part] = len(records)
        self._name_tabs(self._parts.index(part))
        self.model.show_records(records[::-1])
        self.count.setText(self.tr("{n}件").format(n=f"{len(records):,}"))
        self._stack.setCurrentIndex(0 if records else 1)
        if records:
            self.table.selectRow(0)

    def _open(self, index: QModelIndex) -> None:
        record = self.model.record(index.row())
        if record is not None:
            self.asked_lead.emit(record.lead_id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
