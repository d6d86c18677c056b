"""The first part of the agenda: the figures with target and trend, what FS did, and the last weeks side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from isdesk.domain.alignment import MONTH
from isdesk.services import dashboard
from isdesk.services.alignment_words import progress_name
from isdesk.services.packs import TRENDED, Pack
from ui.models.records import Cell, Column, RecordModel
from ui.views.figures import words
from ui.views.figures.cards import CardGrid
from ui.widgets import Card, Chip, clear_scroll, label
from ui.widgets.flow import FlowLayout
from ui.widgets.table import ROW, DataTable

if TYPE_CHECKING:
    from ui.session import Session

_WIDE = 92


class FiguresPart(QWidget):
    """``opened(code)``: the records behind a figure."""

    opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._lang = session.lang
        self._pack: Pack | None = None
        self.cards = CardGrid(session.lang)
        self.progress = QWidget()
        self._flow = FlowLayout(self.progress, gap=6)
        self.model: RecordModel[str] = RecordModel([], self)
        self.table = DataTable(self.tr("推移"))
        self.table.setModel(self.model)
        area, column = clear_scroll()
        self.area = area
        column.setContentsMargins(0, 0, 4, 12)
        column.setSpacing(12)
        column.addWidget(self.cards)
        done = Card(margins=(16, 10, 16, 12))
        done.body.setSpacing(8)
        done.body.addWidget(label(self.tr("FSの進捗(この期間に起きたこと)"), "section"))
        done.body.addWidget(self.progress)
        column.addWidget(done)
        trend = Card(margins=(16, 10, 16, 12))
        self._trend_title = label("", "section")
        trend.body.addWidget(self._trend_title)
        trend.body.addWidget(self.table)
        column.addWidget(trend)
        column.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area)
        self.cards.opened.connect(self.opened)
        self.table.opened.connect(lambda index: self.opened.emit(self.model.record(index.row()) or ""))

    def show_pack(self, pack: Pack) -> None:
        """Show the figures of a pack."""
        self._pack = pack
        self.cards.show_tiles(pack.tiles, pack.period.kind)
        self._flow.clear()
        for code, count in pack.progress.items():
            tone = "warn" if code in {"returned", "waiting"} and count else "plain"
            self._flow.addWidget(Chip(f"{progress_name(code, self._lang)} {count:,}", tone))
        monthly = pack.meeting.kind == MONTH
        self._trend_title.setText(self.tr("月ごとの推移") if monthly else self.tr("週ごとの推移"))
        self.model.set_columns(self._columns(pack))
        self.model.show_records(TRENDED)
        self.table.dress(self.model.columns)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setFixedHeight(len(TRENDED) * ROW + self.table.horizontalHeader().height() + 4)

    def _columns(self, pack: Pack) -> list[Column[str]]:
        monthly = pack.meeting.kind == MONTH

        def name(code: str) -> Cell:
            return Cell(words.name(code, self._lang))

        columns = [Column("name", self.tr("指標"), 160, name, stretch=True)]
        for start, row in pack.trend:
            head = f"{start:%Y-%m}" if monthly else f"{start:%m/%d}"
            last = start == pack.trend[-1][0]

            def cell(code: str, row: object = row, last: bool = last) -> Cell:
                value = row.get(code) if isinstance(row, dict) else None
                text = words.shown(dashboard.definition(code).kind, value)
                return Cell(text, "text" if last else "dim", bold=last, right=True)

            columns.append(Column(start.isoformat(), head, _WIDE, cell, right=True))
        return columns

    def arrive(self) -> None:
        """Take the keyboard."""
        (self.cards.focused() or (self.cards.cards[0] if self.cards.cards else self.area)).setFocus()
