"""One item of the introduction: whose it is, by when, what the data say with the records behind it, and the answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from isdesk.clock import TOKYO
from isdesk.domain.ids import MemberId
from isdesk.domain.introduction import SYMPTOM
from isdesk.domain.raci import LABELS
from isdesk.domain.roles import Right
from isdesk.services.introducing import PointView, StepView
from isdesk.services.introduction_checks import Finding, Record
from ui.models.records import Cell, Column, RecordModel
from ui.views.introduction import words
from ui.widgets import Card, Chip, EmptyState, Hairline, KeyCap, button, label
from ui.widgets.table import ClearStack, DataTable

if TYPE_CHECKING:
    from ui.session import Session


class ItemPanel(QStackedWidget):
    """``marked(yes)`` an answer by hand, ``assigned(member, day)``, ``opened(lead id)`` a record that is a lead."""

    marked = Signal(object)
    assigned = Signal(object, object)
    opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setStyleSheet("QStackedWidget { background: transparent; }")
        self._session = session
        self.item: StepView | PointView | None = None
        self._filling = False
        self.name, self.state = label("", "head", wrap=True), Chip("")
        self.figure, self.said = label("", wrap=True), label("", "dim", wrap=True)
        self.owner, self.due = QComboBox(), QDateEdit()
        self.plan = button(self.tr("計画の期限に戻す"), "link")
        self.yes = button("", "primary")
        self.no = button("")
        self.clear = button(self.tr("答えを消す"), "quiet", tip=self.tr("答えを消す(Delete)"))
        self.records: RecordModel[Record] = RecordModel(
            [Column("text", self.tr("根拠の記録"), 200, _record, stretch=True)], self
        )
        self.table = DataTable(self.tr("根拠の記録"))
        self.table.setModel(self.records)
        self.table.dress(self.records.columns)
        self.addWidget(EmptyState("check", self.tr("項目を選ぶと、根拠と担当が表示されます")))
        self.addWidget(self._card())
        self._connect()

    def _card(self) -> Card:
        card = Card(margins=(0, 0, 0, 0))
        body = QVBoxLayout()
        body.setContentsMargins(20, 16, 20, 12)
        body.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.state)
        body.addLayout(head)
        body.addWidget(self._whose())
        body.addWidget(label(self.tr("データから"), "section"))
        body.addWidget(self.figure)
        body.addWidget(self.said)
        self._stack = ClearStack()
        self._stack.addWidget(self.table)
        nothing = label(self.tr("一覧にできる記録はありません。"), "dim")
        nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._stack.addWidget(nothing)
        body.addWidget(self._stack, 1)
        card.body.setSpacing(0)
        card.body.addLayout(body, 1)
        card.body.addWidget(Hairline())
        card.body.addWidget(self._foot())
        return card

    def _whose(self) -> QWidget:
        self._grid = QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.owner.setAccessibleName(self.tr("項目の担当"))
        self.due.setAccessibleName(self.tr("項目の期限"))
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("yyyy/MM/dd")
        grid.addWidget(label(self.tr("担当"), "dim"), 0, 0)
        grid.addWidget(self.owner, 0, 1, 1, 2)
        grid.addWidget(label(self.tr("期限"), "dim"), 1, 0)
        grid.addWidget(self.due, 1, 1)
        grid.addWidget(self.plan, 1, 2)
        return self._grid

    def _foot(self) -> QWidget:
        self.foot = QWidget()
        line = QHBoxLayout(self.foot)
        line.setContentsMargins(20, 10, 20, 12)
        line.setSpacing(8)
        self._caps = KeyCap("Y"), KeyCap("N"), KeyCap("Delete")
        for part, cap in zip((self.yes, self.no, self.clear), self._caps, strict=True):
            line.addWidget(part)
            line.addWidget(cap)
            line.addSpacing(6)
        line.addStretch(1)
        return self.foot

    def _connect(self) -> None:
        self.owner.activated.connect(lambda _: self._assign())
        self.due.editingFinished.connect(self._assign_day)
        self.plan.clicked.connect(lambda: self.assigned.emit(self._who(), None))
        self.yes.clicked.connect(self.say_yes)
        self.no.clicked.connect(self.say_no)
        self.clear.clicked.connect(self.say_nothing)
        self.table.opened.connect(self._open)

    # ------------------------------------------------------------------ what is shown

    def show_item(self, item: StepView | PointView | None) -> None:
        """Show an item; None: nothing."""
        self.item = item
        self.setCurrentIndex(0 if item is None else 1)
        if item is None:
            return
        lang = self._session.lang
        thing = item.step if isinstance(item, StepView) else item.point
        self.name.setText(thing.label.in_(lang))
        state = words.state(item)
        self.state.set_text(state.text)
        self.state.set_tone(state.tone)
        self._show_finding(item.finding)
        self._show_mark(item)
        self._grid.setVisible(isinstance(item, StepView))
        if isinstance(item, StepView):
            self._show_whose(item)
        self._offer(item)

    def _show_finding(self, finding: Finding | None) -> None:
        self.figure.setText(finding.figure if finding is not None else self.tr("プログラムからは判定できません。"))
        records = finding.records if finding is not None else ()
        self.records.show_records(list(records))
        self._stack.setCurrentIndex(0 if records else 1)

    def _show_mark(self, item: StepView | PointView) -> None:
        mark = item.mark
        self.said.setVisible(mark is not None)
        if mark is not None:
            day = mark.at.astimezone(TOKYO).date().isoformat()
            text = self.tr("{who} が {day} に記入: {answer}")
            answer = words.answer(item, yes=mark.yes)
            self.said.setText(text.format(who=item.marked_by or "—", day=day, answer=answer))

    def _show_whose(self, item: StepView) -> None:
        ctx = self._session.ctx
        self._filling = True
        self.owner.clear()
        department = LABELS[item.step.owner].in_(self._session.lang)
        self.owner.addItem(self.tr("{department}(人は未定)").format(department=department), None)
        for one in sorted(ctx.members.values(), key=lambda one: one.name):
            if one.active:
                self.owner.addItem(one.name, one.id)
        self.owner.setCurrentIndex(max(self.owner.findData(item.owner_id) if item.owner_id else 0, 0))
        shown = item.due or self._session.now().astimezone(TOKYO).date()
        self.due.setDate(QDate(shown.year, shown.month, shown.day))
        self._filling = False
        may = self.may_answer()
        self.owner.setEnabled(may)
        self.due.setEnabled(may)
        self.plan.setVisible(item.own_due is not None and may)

    def _offer(self, item: StepView | PointView) -> None:
        open_ = self.may_answer() and not item.by_data
        symptom = isinstance(item, PointView) and item.what == SYMPTOM
        step = isinstance(item, StepView)
        self.yes.setText(self.tr("済みにする") if step else self.tr("当てはまる") if symptom else self.tr("はい"))
        self.no.setText(self.tr("当てはまらない") if symptom else self.tr("いいえ"))
        done = isinstance(item, StepView) and item.done
        shown = (open_ and not done, open_ and not step, self.may_answer() and item.mark is not None)
        for part, cap, on in zip((self.yes, self.no, self.clear), self._caps, shown, strict=True):
            part.setVisible(on)
            cap.setVisible(on)
        self.foot.setVisible(any(shown))

    def may_answer(self) -> bool:
        """Return whether the person at this desk may note something."""
        return self._session.ctx.may(Right.DEFINITIONS)

    # ------------------------------------------------------------------ what is said

    def say_yes(self) -> None:
        """Tick the step, or answer yes."""
        if not self.yes.isHidden():
            self.marked.emit(True)

    def say_no(self) -> None:
        """Answer no."""
        if not self.no.isHidden():
            self.marked.emit(False)

    def say_nothing(self) -> None:
        """Take the answer back."""
        if not self.clear.isHidden():
            self.marked.emit(None)

    def _who(self) -> MemberId | None:
        found = self.owner.currentData()
        return MemberId(found) if isinstance(found, str) else None

    def _assign(self) -> None:
        if isinstance(self.item, StepView) and not self._filling:
            self.assigned.emit(self._who(), self.item.own_due)

    def _assign_day(self) -> None:
        item, shown = self.item, self.due.date()
        day = date(shown.year(), shown.month(), shown.day())
        today = self._session.now().astimezone(TOKYO).date()
        if isinstance(item, StepView) and not self._filling and day != (item.due or today):
            self.assigned.emit(self._who(), day)

    def _open(self, index: QModelIndex) -> None:
        record = self.records.record(index.row())
        if record is not None and record.lead_id is not None:
            self.opened.emit(record.lead_id)


def _record(record: Record) -> Cell:
    return Cell(record.text, icon="user" if record.lead_id is not None else "", tip=record.text)
