"""Entering what a month cost, and what SQLs and won deals of the shown period cost by that, by lead source."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from isdesk.domain.cost import ALL, Cost
from isdesk.domain.roles import Right
from isdesk.services import costs
from isdesk.services.costs import Line
from isdesk.services.dashboard import Period
from ui.models.records import Cell, Column, RecordModel
from ui.views.figures import words
from ui.widgets import Card, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

_MOST = 2_000_000_000
"""Qt's spin box holds no more."""


class CostDialog(QDialog):
    """``entered`` when a cost was entered or taken back."""

    entered = Signal()

    def __init__(self, session: Session, period: Period, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._period = session, period
        self.setWindowTitle(self.tr("費用と単価"))
        self.resize(860, 560)
        self.month, self.source, self.amount = QDateEdit(), QComboBox(), QSpinBox()
        self.do = button(self.tr("記録"), "primary", tip=self.tr("費用を記録(Enter)"))
        self.do.setDefault(True)
        self.back = button(self.tr("選んだ費用を消す"), tip=self.tr("選んだ費用を消す(Delete)"))
        self.lines: RecordModel[Line] = RecordModel(self._line_columns(), self)
        self.entries: RecordModel[Cost] = RecordModel(self._entry_columns(), self)
        self.line_table = self._table(self.tr("流入経路ごとの単価"), self.lines)
        self.entry_table = self._table(self.tr("入力した費用"), self.entries)
        self._lay_out()
        self.do.clicked.connect(self.enter)
        self.back.clicked.connect(self.take_back)
        self.entry_table.deleted.connect(self.take_back)
        self.load()

    def _table(self, name: str, model: RecordModel[Line] | RecordModel[Cost]) -> DataTable:
        made = DataTable(name)
        made.setModel(model)
        made.dress(model.columns)
        return made

    def _line_columns(self) -> list[Column[Line]]:
        def yen(value: float | None) -> Cell:
            return Cell(words.shown("yen", value), right=True)

        def source(one: Line) -> Cell:
            return Cell(one.label, bold=one.source == ALL)

        def many(value: float | None) -> Cell:
            return Cell("—" if value is None else f"{value:,.1f}", right=True)

        return [
            Column("source", self.tr("流入経路"), 120, source, stretch=True),
            Column("cost", self.tr("費用"), 96, lambda one: yen(one.cost), right=True),
            Column("sql", self.tr("SQL件数"), 78, lambda one: Cell(f"{one.sql_count:,}", right=True), right=True),
            Column("each", self.tr("SQL単価"), 90, lambda one: yen(one.cost_per_sql), right=True),
            Column("won", self.tr("受注"), 64, lambda one: Cell(f"{one.won:,}", right=True), right=True),
            Column("cac", "CAC", 90, lambda one: yen(one.cac), right=True),
            Column("ltv", "LTV", 90, lambda one: yen(one.ltv), right=True),
            Column("ratio", "LTV/CAC", 78, lambda one: many(one.ltv_to_cac), right=True),
        ]  # fmt: skip

    def _entry_columns(self) -> list[Column[Cost]]:
        ctx = self._session.ctx
        return [
            Column("month", self.tr("月"), 90, lambda one: Cell(f"{one.month:%Y/%m}")),
            Column("source", self.tr("流入経路"), 160, lambda one: Cell(self._label(one.source)), stretch=True),
            Column("amount", self.tr("費用"), 120, lambda one: Cell(f"{one.amount:,}", right=True), right=True),
            Column("by", self.tr("入力した人"), 120, lambda one: Cell(ctx.name_of(one.member_id) or "—", "dim")),
        ]

    def _label(self, source: str) -> str:
        known = self._session.ctx.rules.sources.get(source)
        return known.label.in_(self._session.lang) if known is not None else source or self.tr("全体")

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        span = f"{self._period.first:%Y/%m/%d} – {self._period.last:%Y/%m/%d}"
        box.addWidget(label(self.tr("{span} の単価(月の費用は日割り)").format(span=span), "section"))
        for table, share in ((self.line_table, 3), (self.entry_table, 2)):
            card = Card(margins=(1, 1, 1, 1))
            card.body.addWidget(table)
            box.addWidget(card, share)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.month.setDisplayFormat("yyyy/MM")
        self.month.setCalendarPopup(True)
        self.month.setAccessibleName(self.tr("費用の月"))
        self.month.setDate(QDate(self._period.last.year, self._period.last.month, 1))
        self.source.setAccessibleName(self.tr("費用の流入経路"))
        self.source.addItem(self.tr("全体"), ALL)
        for code, one in self._session.ctx.rules.sources.items():
            self.source.addItem(one.label.in_(self._session.lang), code)
        self.amount.setRange(0, _MOST)
        self.amount.setSingleStep(10_000)
        self.amount.setGroupSeparatorShown(True)
        self.amount.setSuffix(self.tr(" 円"))
        self.amount.setMinimumWidth(150)
        self.amount.setStyleSheet("QSpinBox { padding-left: 8px; }")
        self.amount.setAccessibleName(self.tr("費用(円)"))
        for part in (self.month, self.source, self.amount, self.do):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self.back)
        box.addLayout(line)
        if not self._session.ctx.may(Right.DEFINITIONS):
            for part in (self.month, self.source, self.amount, self.do, self.back):
                part.hide()

    def load(self) -> None:
        """Read what was entered and what it comes to."""
        ctx, first, last = self._session.ctx, self._period.first, self._period.last

        def op() -> tuple[list[Line], list[Cost]]:
            return costs.lines(ctx, first=first, last=last), costs.entries(ctx)

        self._session.tasks.read(op, self._show, self._session.notices.error, owner=self, key="costs")

    def _show(self, read: tuple[list[Line], list[Cost]]) -> None:
        self.lines.show_records(read[0])
        self.entries.show_records(read[1])
        self.back.setEnabled(bool(read[1]))
        if read[1]:
            self.entry_table.selectRow(0)

    def enter(self) -> None:
        """Enter the cost that was typed."""
        shown = self.month.date()
        self._write(date(shown.year(), shown.month(), 1), self.amount.value(), str(self.source.currentData()))

    def take_back(self) -> None:
        """Take the chosen cost back."""
        chosen = self.entries.record(self.entry_table.currentIndex().row())
        if chosen is not None and self._session.ctx.may(Right.DEFINITIONS):
            self._write(chosen.month, None, chosen.source)

    def _write(self, month: date, amount: int | None, source: str) -> None:
        ctx = self._session.ctx
        self._session.tasks.write(
            lambda: costs.enter(ctx, month, amount, source),
            lambda _: self._done(),
            self._session.notices.error,
            owner=self,
        )

    def _done(self) -> None:
        self.load()
        self.entered.emit()
