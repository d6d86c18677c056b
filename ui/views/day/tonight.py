"""What leaves by itself from here on: the mails that wait in the outbox, each with its time, opened by Enter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from isdesk.domain.day_end import Leaving
from ui.models.records import Cell, Column, RecordModel
from ui.views.day import words
from ui.widgets import Card, ElidedLabel, Hairline, KeyCap, label
from ui.widgets.table import DataTable

_MOST_SHOWN = 3
_HEAD, _ROW = 34, 38


class Tonight(Card):
    """``opened`` a mail of the outbox."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(margins=(1, 1, 1, 1))
        self._today: date | None = None
        self.count = ElidedLabel("", "dim")
        self.model: RecordModel[Leaving] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("今夜送られるもの"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 6)
        head.setSpacing(8)
        head.addWidget(label(self.tr("送信待ちのメール"), "section"))
        head.addWidget(KeyCap("T"))
        head.addWidget(self.count, 1)
        self.body.setSpacing(0)
        self.body.addLayout(head)
        self.body.addWidget(Hairline())
        self.body.addWidget(self.table)
        self.table.opened.connect(lambda index: self._open(index.row()))
        self.hide()

    def _columns(self) -> list[Column[Leaving]]:
        def state(one: Leaving) -> Cell:
            late = self.tr("予約")
            return Cell(late if one.late else self.tr("今夜"), tone="plain" if one.late else "promise")

        def when(one: Leaving) -> Cell:
            return Cell(words.when(one.at, self._today or one.at.date()), "dim")

        def who(one: Leaving) -> Cell:
            return Cell(one.name or one.company, bold=True, sub=one.company if one.name else "")

        return [
            Column("state", self.tr("いつ送るか"), 148, state),
            Column("who", self.tr("宛先"), 240, who, stretch=True),
            Column("subject", self.tr("件名"), 150, lambda one: Cell(one.subject, "dim", tip=one.subject)),
            Column("at", self.tr("日時"), 96, when),
        ]

    def show_mails(self, found: tuple[Leaving, ...], today: date) -> None:
        """Show what waits; hidden where nothing does."""
        self._today = today
        row = self.table.currentIndex().row()
        self.model.show_records(found)
        if found:
            self.table.selectRow(min(max(row, 0), len(found) - 1))
        later = sum(one.late for one in found)
        said = self.tr("今夜 {n}通").format(n=len(found) - later)
        self.count.set_text(said + (self.tr(" ・ 予約 {n}通").format(n=later) if later else ""))
        self.setFixedHeight(_HEAD * 2 + _ROW * min(len(found), _MOST_SHOWN) + 10)
        self.setVisible(bool(found))

    def show_pause(self, said: Iterable[str]) -> None:
        """Say in place of a count that nothing leaves: the server refuses the account."""
        why = "\n".join(said)
        self.count.setProperty("role", "bad" if why else "dim")
        self.count.style().polish(self.count)
        if why:
            self.count.set_text(self.tr("アカウントが断られて停止中"))
        self.count.setToolTip(why)

    def _open(self, row: int) -> None:
        found = self.model.record(row)
        if found is not None:
            self.opened.emit(found.mail_id)
