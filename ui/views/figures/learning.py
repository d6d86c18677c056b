"""The learning loop on the figures page: reasons by group, what became of lost leads; a cell opens its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView

from isdesk.domain import returning
from isdesk.domain.returning import Return
from isdesk.services import learning
from isdesk.services.dashboard import Period
from isdesk.services.kpi import Rate
from isdesk.services.learning import ReasonGroup, Reasons
from ui.models.records import Cell, Column, RecordModel
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.views.figures import words
from ui.views.figures.columns import rate_cell
from ui.views.figures.points import Point
from ui.widgets import Card, KeyCap, SegmentedTabs, label
from ui.widgets.table import ROW, ClearStack, DataTable

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from ui.session import Session

MOST_REASONS = 8
_MOST_ROWS = 9
_DAYS = 365
_Row = ReasonGroup | Return


@dataclass(frozen=True, slots=True)
class Learned:
    """What was read: the reasons of the page's period, and the returns of leads lost since ``since``."""

    reasons: Reasons | None
    whole: Return | None
    returns: tuple[Return, ...]
    days: tuple[date, date]
    by: str


class LearningCard(Card):
    """``wanted`` when it has to be read again; ``opened(Point)`` the records behind a cell."""

    wanted = Signal()
    opened = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(margins=(16, 12, 16, 12))
        self._session = session
        self._read: Learned | None = None
        self.tabs = SegmentedTabs([self.tr("理由の内訳"), self.tr("失注からの復帰")])
        self.tabs.setFixedWidth(280)
        self.by = QComboBox()
        self.by.setAccessibleName(self.tr("まとめ方"))
        self.said = label("", "small", wrap=True)
        self.model: RecordModel[_Row] = RecordModel([])
        self.table = DataTable(self.tr("学習ループ"))
        self.table.setModel(self.model)
        self.empty = label("", "dim", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(self.tr("学習ループ"), "section"))
        head.addWidget(self.tabs)
        head.addWidget(KeyCap("L"))
        head.addWidget(self.by)
        head.addWidget(KeyCap("B"))
        head.addStretch(1)
        self.body.setSpacing(8)
        self.body.addLayout(head)
        self.body.addWidget(self._stack)
        self.body.addWidget(self.said)
        self._offer()
        self.tabs.changed.connect(self._turned)
        self.by.currentIndexChanged.connect(lambda _: self.wanted.emit())
        self.table.opened.connect(self._open)

    @property
    def returns(self) -> bool:
        """Return whether the returns are in front, not the reasons."""
        return self.tabs.current() == 1

    def _offer(self) -> None:
        """Offer the groups of what is in front."""
        chosen = self.by.currentData()
        self.by.blockSignals(True)
        self.by.clear()
        for code in learning.BY if self.returns else learning.BY[1:]:
            self.by.addItem(words.say(words.GROUPS[code]), code)
        self.by.setCurrentIndex(max(self.by.findData(chosen), 0))
        self.by.blockSignals(False)

    def _turned(self) -> None:
        self._offer()
        self.wanted.emit()

    def next_by(self) -> None:
        """Go to the next group."""
        self.by.setCurrentIndex((self.by.currentIndex() + 1) % self.by.count())

    def turn(self) -> None:
        """Put the keyboard here; where it is already, go to the other tab."""
        if self.table.hasFocus() or self.tabs.hasFocus():
            self.tabs.set_current(1 - self.tabs.current())
        if self.table.isVisibleTo(self):
            self.table.setFocus()
        else:
            self.tabs.setFocus()

    # ------------------------------------------------------------------ reading (worker) and showing

    def reading(self, period: Period) -> Callable[[], Learned]:
        """Return what reads what is in front, for a worker."""
        return partial(_read, self._session.ctx, period, str(self.by.currentData()), returns=self.returns)

    def show_learned(self, read: Learned) -> None:
        """Show what was read."""
        self._read = read
        if read.reasons is not None:
            self._show_reasons(read.reasons)
        elif read.whole is not None:
            self._show_returns(read.whole, read.returns, read.days)
        rows = min(max(self.model.rowCount(), 1), _MOST_ROWS)
        self._stack.setFixedHeight(rows * ROW + self.table.horizontalHeader().height() + 14)

    def _show_reasons(self, read: Reasons) -> None:
        metrics = QFontMetrics(figures(Size.SMALL, bold=True))
        columns: list[Column[_Row]] = [self._label(read.by), Column("whole", self.tr("件数"), 76, _whole, right=True)]
        for one in read.reasons[:MOST_REASONS]:
            name = self.tr("失注: {reason}").format(reason=one.label) if one.kind == returning.LOST else one.label
            tell = partial(_count, one.kind, one.code)
            wide = max(72, metrics.horizontalAdvance(name) + 26)
            columns.append(Column(f"{one.kind}:{one.code}", name, wide, tell, right=True))
        self._put(columns, list(read.groups), self.tr("この期間に理由のある記録はまだありません"))
        text = self.tr("{n}件の理由。切り返しが2つある通話は、両方の行に入ります。")
        self.said.setText(text.format(n=f"{read.whole:,}") if read.by == "objection" else "")
        self.said.setVisible(read.by == "objection" and bool(read.whole))

    def _show_returns(self, whole: Return, rows: tuple[Return, ...], days: tuple[date, date]) -> None:
        columns: list[Column[_Row]] = [self._label(self._read.by if self._read is not None else "")]
        columns += [
            Column(part, words.say(words.RETURNS[part]), 108, partial(_part, part), right=True)
            for part in returning.PARTS
        ]
        columns.append(Column("rate", words.say(words.RETURNS["rate"]), 150, _rate, right=True))
        shown = [whole, *rows] if whole.lost else []
        self._put(columns, shown, self.tr("この期間に失注やお断りの記録はまだありません"))
        since = self.tr("{days} に失注・お断りとなったリード。復帰率 = アポに戻った ÷ 再接触した(Enterで明細)")
        self.said.setText(since.format(days=words.span(*days)))
        self.said.setVisible(bool(shown))

    def _label(self, by: str) -> Column[_Row]:
        def cell(one: _Row) -> Cell:
            whole = isinstance(one, Return) and (one.key, one.label) == learning.WHOLE
            text = self.tr("全体") if whole else one.label or words.none()
            if by == "reason" and one.key.startswith(f"{returning.LOST}:"):
                text = self.tr("失注: {reason}").format(reason=text)
            return Cell(text, bold=True, tip=text)

        return Column("label", words.say(words.GROUPS[by]) if by else "", 200, cell)

    def _put(self, columns: list[Column[_Row]], rows: Sequence[_Row], nothing: str) -> None:
        self.model.set_columns(columns)
        self.model.show_records(rows)
        self.table.dress(columns)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setMinimumSectionSize(60)
        self.empty.setText(nothing)
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _open(self, index: QModelIndex) -> None:
        row, read = self.model.record(index.row()), self._read
        if row is None or read is None:
            return
        code = self.model.columns[index.column()].code
        if isinstance(row, Return):
            part = "lost" if code == "label" else code
            whole = (row.key, row.label) == learning.WHOLE
            by, key = learning.WHOLE if whole else (read.by, row.key)
            self.opened.emit(Point(f"{learning.RETURN}{part}", *read.days, by=by, key=key))
        else:
            figure = learning.REASON if code in {"label", "whole"} else f"{learning.REASON}{code}"
            self.opened.emit(Point(figure, *read.days, by=read.by, key=row.key))


def _read(ctx: Context, period: Period, by: str, *, returns: bool) -> Learned:
    """Read the reasons of a period, or the returns (worker): a short period holds too few, so they are of a year."""
    if not returns:
        found = learning.reasons(ctx, first=period.first, last=period.last, by=by)
        return Learned(found, None, (), (period.first, period.last), by)
    first = period.first
    if period.kind != "custom":
        first = min(first, date.fromordinal(period.last.toordinal() - _DAYS))
    whole, rows = learning.returns(ctx, first=first, last=period.last, by=by)
    return Learned(None, whole, tuple(rows), (first, period.last), by)


def _whole(one: _Row) -> Cell:
    return Cell(f"{one.whole:,}", bold=True, right=True) if isinstance(one, ReasonGroup) else Cell("")


def _count(kind: str, code: str, one: _Row) -> Cell:
    if not isinstance(one, ReasonGroup):
        return Cell("")
    count = one.counts.get((kind, code), 0)
    share = words.percent(count / one.whole if one.whole else None, 0)
    tip = f"{share} = {count:,} ÷ {one.whole:,}"
    return Cell(f"{count:,}", "text" if count else "dim", tip=tip, right=True)


def _part(part: str, one: _Row) -> Cell:
    count = int(getattr(one, part)) if isinstance(one, Return) else 0
    return Cell(f"{count:,}", "text" if count else "dim", right=True)


def _rate(one: _Row) -> Cell:
    if not isinstance(one, Return):
        return Cell("")
    around = one.around
    low, high = (around.low, around.high) if around is not None else (None, None)
    return rate_cell(Rate(one.back, one.again, one.trials.value, low, high))
