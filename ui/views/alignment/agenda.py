"""The agenda at the left: figures, deviating cases, drift, definitions in question, and losses and waking leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from isdesk.domain.alignment import MONTH
from isdesk.services.cases import Case
from isdesk.services.drifting import Line
from isdesk.services.packs import Loss, Pack, Question, Waking
from ui.models.records import RecordModel
from ui.views.alignment import columns
from ui.views.alignment.figures_part import FiguresPart
from ui.views.alignment.lists import fill, table_card
from ui.widgets import EmptyState, SegmentedTabs, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

FIGURES, CASES, DRIFT, QUESTIONS, MONTHLY = range(5)


class Agenda(QWidget):
    """The parts as tabs; ``opened`` gives what stands in a row: a figure's code, a case, a line, a question, a loss."""

    opened = Signal(object)
    asked_lead = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        ctx, lang = session.ctx, session.lang
        self.pack: Pack | None = None
        self.figures = FiguresPart(session)
        self.cases: RecordModel[Case] = RecordModel(columns.case_columns(ctx, lang), self)
        self.drift: RecordModel[Line] = RecordModel(columns.drift_columns(lang), self)
        self.questions: RecordModel[Question] = RecordModel(columns.question_columns(lambda: self.pack, lang), self)
        self.losses: RecordModel[Loss] = RecordModel(columns.loss_columns(), self)
        self.waking: RecordModel[Waking] = RecordModel(columns.waking_columns(), self)
        self.tabs = SegmentedTabs([], "underline")
        self.stack = QStackedWidget()
        self.stack.setStyleSheet("QStackedWidget { background: transparent; }")
        self._lay_out()
        self.tabs.changed.connect(self._turn)
        self.figures.opened.connect(self.opened.emit)

    def _lay_out(self) -> None:
        self.stack.addWidget(self.figures)
        self.case_table = self._list(
            self.tr("外れた案件"), self.cases, "check", self.tr("外れた案件はありません"),
            self.tr("商談にならなかった引き渡し・差し戻し・聞き直し・SLA超過・転換率の落ちたセグメントが、ここに並びます。"),
        )  # fmt: skip
        self.drift_table = self._list(self.tr("定義と実態のずれ"), self.drift, "info", "", "")
        self.question_table = self._list(
            self.tr("疑われる定義"), self.questions, "check", self.tr("疑われる定義はありません"),
            self.tr("外れた案件やずれが問う定義が、件数とともにここに並びます。"),
        )  # fmt: skip
        self.stack.addWidget(self._monthly())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        box.addWidget(self.tabs)
        box.addWidget(self.stack, 1)

    def _list(self, name: str, model: RecordModel[Any], icon: str, title: str, calm: str) -> DataTable:
        table, card = table_card(name, model, EmptyState(icon, title, calm))
        table.opened.connect(lambda index: self._open(model, index))
        self.stack.addWidget(card)
        return table

    def _monthly(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        said = EmptyState("check", self.tr("理由の記録はありません"))
        self.loss_table, left = table_card(self.tr("失注・お断り理由の推移"), self.losses, said)
        none = EmptyState("check", self.tr("再開するリードはありません"))
        self.waking_table, right = table_card(self.tr("再育成リスト"), self.waking, none)
        for title, card in (
            (self.tr("失注・お断り理由の推移"), left),
            (self.tr("再育成リスト(期間の後、翌月末まで)"), right),
        ):
            box.addWidget(label(title, "section"))
            box.addWidget(card, 1)
        self.loss_table.opened.connect(lambda index: self._open(self.losses, index))
        self.waking_table.opened.connect(self._wake)
        return made

    # ------------------------------------------------------------------ what is shown

    def show_pack(self, pack: Pack) -> None:
        """Show another pack; rows and tab stay where they were as far as they are there."""
        self.pack = pack
        self.figures.show_pack(pack)
        for model, table, records in (
            (self.cases, self.case_table, pack.cases),
            (self.drift, self.drift_table, pack.drift.lines),
            (self.questions, self.question_table, pack.questions),
            (self.losses, self.loss_table, pack.losses),
            (self.waking, self.waking_table, pack.waking),
        ):
            fill(model, table, records)
        texts = [
            self.tr("数字"),
            self.tr("外れた案件 {n}").format(n=len(pack.cases)),
            self.tr("ずれ {n}").format(n=sum(line.trials.part > 0 for line in pack.drift.lines)),
            self.tr("疑われる定義 {n}").format(n=len(pack.questions)),
        ]
        if pack.meeting.kind == MONTH:
            texts.append(self.tr("失注と再育成"))
        current = min(self.tabs.current(), len(texts) - 1)
        self.tabs.set_tabs(texts, current=current)
        self.stack.setCurrentIndex(current)

    def next_tab(self) -> None:
        """Go to the next part."""
        self.tabs.set_current((self.tabs.current() + 1) % max(self.tabs.count(), 1))

    def _turn(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.arrive()

    def arrive(self) -> None:
        """Give the keyboard to the part in front."""
        tables = {
            CASES: self.case_table,
            DRIFT: self.drift_table,
            QUESTIONS: self.question_table,
            MONTHLY: self.loss_table,
        }
        table = tables.get(self.tabs.current())
        if table is None:
            self.figures.arrive()
        else:
            table.setFocus()

    # ------------------------------------------------------------------ what is in front

    def question(self) -> Question | None:
        """Return the definition in question that is in front; None in another part."""
        if self.tabs.current() != QUESTIONS:
            return None
        return self.questions.record(self.question_table.currentIndex().row())

    def about(self) -> tuple[str, tuple[str, ...]]:
        """Return the definition and the cases that a decision would be about: what is in front."""
        asked = self.question()
        if asked is not None:
            return asked.key, asked.cases
        if self.tabs.current() == CASES:
            one = self.cases.record(self.case_table.currentIndex().row())
            return (one.keys[0], (one.id,)) if one is not None else ("", ())
        if self.tabs.current() == DRIFT:
            line = self.drift.record(self.drift_table.currentIndex().row())
            return (line.key, ()) if line is not None else ("", ())
        return "", ()

    def _open(self, model: RecordModel[Any], index: QModelIndex) -> None:
        record = model.record(index.row())
        if record is not None:
            self.opened.emit(record)

    def _wake(self, index: QModelIndex) -> None:
        one = self.waking.record(index.row())
        if one is not None:
            self.asked_lead.emit(one.lead_id)
