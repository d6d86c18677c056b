"""The drift report in the page of the definitions: each rule held against what was done, and the records behind it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.alignment import KINDS
from isdesk.domain.drift import BY_CODE
from isdesk.services import drifting, packs
from isdesk.services.dashboard import Period
from isdesk.services.drifting import Drift, Line
from ui.models.records import RecordModel
from ui.views.alignment.columns import drift_columns
from ui.views.alignment.head import step_from, suggested
from ui.views.alignment.lists import fill, table_card
from ui.views.alignment.records import RecordList
from ui.views.figures import words
from ui.widgets import EmptyState, KeyCap, SegmentedTabs, button, label

if TYPE_CHECKING:
    from ui.session import Session


class DriftView(QWidget):
    """A week or month as lines. ``closed`` by Escape, ``asked_lead(id)`` from the records."""

    closed = Signal()
    asked_lead = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._period: Period | None = None
        self.first = suggested(KINDS[0], self._today())
        self.model: RecordModel[Line] = RecordModel(drift_columns(session.lang), self)
        self.table, card = table_card(self.tr("定義と実態のずれ"), self.model, EmptyState("info", ""))
        self.records = RecordList()
        self.kinds = SegmentedTabs([words.say(words.KINDS[kind]) for kind in KINDS], "steps")
        self.kinds.setMaximumWidth(120)
        self.kinds.setAccessibleName(self.tr("週か月か"))
        self.earlier, self.later = button("‹"), button("›")
        self.earlier.setAccessibleName(self.tr("前の期間"))
        self.later.setAccessibleName(self.tr("次の期間"))
        self.span, self.formula = label(""), label("", "small", wrap=True)
        self.back_button = button(self.tr("閉じる"), "quiet")
        self.stack = QStackedWidget()
        self.stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self._lay_out(card)
        self.kinds.changed.connect(self._kind_changed)
        self.earlier.clicked.connect(lambda: self.step(-1))
        self.later.clicked.connect(lambda: self.step(1))
        self.back_button.clicked.connect(self.closed)
        self.table.opened.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._explain(now))
        self.records.closed.connect(self._back)
        self.records.asked_lead.connect(self.asked_lead)

    def _lay_out(self, card: QWidget) -> None:
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(card, 1)
        column.addWidget(self.formula)
        self.stack.addWidget(lines)
        self.stack.addWidget(self.records)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(self.tr("定義と実態のずれ"), "head"))
        head.addSpacing(6)
        for part in (self.kinds, self.earlier, self.later, self.span):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(label(self.tr("Enterで明細"), "small"))
        head.addWidget(self.back_button)
        head.addWidget(KeyCap("Esc"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addLayout(head)
        box.addWidget(self.stack, 1)

    def _today(self) -> date:
        return date.fromisoformat(self._session.ctx.today())

    def _kind_changed(self, _: int) -> None:
        self.first = suggested(KINDS[self.kinds.current()], self._today())
        self.load()

    def step(self, by: int) -> None:
        """Go a week or month on, or back."""
        wanted = step_from(KINDS[self.kinds.current()], self.first, by)
        if wanted <= self._today():
            self.first = wanted
            self.load()

    def load(self) -> None:
        """Read the report of the week or month."""
        ctx, kind, first = self._session.ctx, KINDS[self.kinds.current()], self.first
        self.stack.setCurrentIndex(0)

        def op() -> tuple[Period, Drift]:
            of = packs.period(ctx, kind, first)
            return of, drifting.report(ctx, first=of.first, last=of.last, kind=kind)

        self._session.tasks.read(op, self._show, self._session.notices.error, owner=self, key="drift")

    def _show(self, read: tuple[Period, Drift]) -> None:
        self._period, found = read
        self.span.setText(words.period(self._period))
        self.later.setEnabled(step_from(self._period.kind, self.first, 1) <= self._today())
        fill(self.model, self.table, found.lines)
        self.table.setFocus()

    def _explain(self, index: QModelIndex) -> None:
        one = self.model.record(index.row())
        lang = self._session.lang
        known = BY_CODE[one.code] if one is not None else None
        self.formula.setText(f"{known.label.in_(lang)} = {known.formula.in_(lang)}" if known is not None else "")

    def _open(self, index: QModelIndex) -> None:
        one, of, ctx = self.model.record(index.row()), self._period, self._session.ctx
        if one is None or of is None:
            return
        known, lang, code = BY_CODE[one.code], self._session.lang, one.code
        self.records.start(known.label.in_(lang), known.formula.in_(lang))
        self.stack.setCurrentIndex(1)
        self._session.tasks.read(
            lambda: drifting.records(ctx, code, first=of.first, last=of.last),
            self.records.show_records,
            self._session.notices.error,
            owner=self,
            key="drift-records",
        )

    def _back(self) -> None:
        self.stack.setCurrentIndex(0)
        self.table.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
