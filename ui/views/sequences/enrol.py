"""Putting leads into a sequence: which sequence, which leads, and what would come of it before it is done."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from isdesk.domain.consent import BASES
from isdesk.domain.ids import LeadId
from isdesk.domain.rules import Sequence as Definition
from isdesk.services import consents, queue, sequences, team_views, view_queue
from isdesk.services.sequences import Enrolled
from isdesk.services.views import Written
from ui.models.records import Cell, Column, RecordModel
from ui.views.sequences import words
from ui.widgets import Card, KeyCap, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from ui.session import Session

DIGITS = 9
QUEUE = ""
"""The source that is today's queue; any other is the name of a saved view."""


class EnrolDialog(QDialog):
    """``enrolled`` after it was done. Without ``ids`` the leads come from today's queue or a saved view."""

    enrolled = Signal()

    def __init__(self, session: Session, ids: list[LeadId] | None, whom: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._ids = session, ids
        self.outlook: Enrolled | None = None
        self.setWindowTitle(self.tr("シーケンスに入れる"))
        self.resize(780, 460)
        self.model: RecordModel[Definition] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("シーケンス"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.source = QComboBox()
        self.source.setAccessibleName(self.tr("どのリードを入れるか"))
        self.whom = label(whom, "head")
        self.said, self.against = label("", "", wrap=True), label("", "dim", wrap=True)
        self.out = label("", "section")
        self.bare, self.basis, self.heard = label("", "warn", wrap=True), QComboBox(), QLineEdit()
        self.note = button(self.tr("同意を記録"), tip=self.tr("記録のないリードの全員に記録する(取り消しは1回)"))
        self.consent = QWidget()
        self.do = button(self.tr("入れる"), "primary", tip=self.tr("シーケンスに入れる(Ctrl+Enter)"))
        self.back = button(self.tr("やめる"), tip=self.tr("やめる(Esc)"))
        self._lay_out()
        self._bind()
        self.model.show_records(list(session.ctx.rules.sequences.values()))
        self.table.selectRow(0)
        self.table.setFocus()

    def _columns(self) -> list[Column[Definition]]:
        lang = self._session.lang

        def key(one: Definition) -> Cell:
            place = list(self._session.ctx.rules.sequences).index(one.code) + 1
            return Cell(str(place) if place <= DIGITS else "", tone="plain")

        def steps(one: Definition) -> Cell:
            text = " → ".join(f"{words.channel(step, lang)} {step.days}" for step in one.steps)
            return Cell(text, "dim", tip=text)

        def how(one: Definition) -> Cell:
            return Cell(self.tr("自動で送る") if one.automatic else self.tr("確認して送る"), "dim")

        return [
            Column("key", "", 40, key),
            Column("name", self.tr("シーケンス"), 260, lambda one: Cell(one.label.in_(lang), bold=True,
                   tip=one.label.in_(lang)), stretch=True),
            Column("steps", self.tr("手順(営業日目)"), 270, steps),
            Column("how", self.tr("メール"), 100, how),
        ]  # fmt: skip

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.whom, 1)
        if self._ids is None:
            self.source.addItem(self.tr("今日のキュー"), QUEUE)
            for view in team_views.views(self._session.ctx):
                self.source.addItem(self.tr("ビュー: {name}").format(name=view.name), view.name)
            self.source.setMinimumWidth(220)
            head.addWidget(self.source)
            head.addWidget(KeyCap("S"))
        box.addLayout(head)
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.table)
        box.addWidget(card, 1)
        box.addWidget(self.said)
        box.addWidget(self.out)
        box.addWidget(self.against)
        box.addWidget(self.consent)
        self._lay_out_consent()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        for part, key in ((self.back, "Esc"), (self.do, "Enter")):
            line.addWidget(part)
            line.addWidget(KeyCap(key))
        box.addLayout(line)

    def _lay_out_consent(self) -> None:
        box = QVBoxLayout(self.consent)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.bare)
        line = QHBoxLayout()
        line.setSpacing(8)
        for code, text in BASES.items():
            self.basis.addItem(text.in_(self._session.lang), code)
        self.basis.setCurrentIndex(self.basis.findData("notified"))
        self.basis.setAccessibleName(self.tr("同意の根拠"))
        self.heard.setPlaceholderText(self.tr("どこで得たか(例: 名刺、展示会X)"))
        self.heard.setAccessibleName(self.tr("同意の出所"))
        line.addWidget(self.basis)
        line.addWidget(self.heard, 1)
        line.addWidget(self.note)
        line.addWidget(KeyCap("C"))
        box.addLayout(line)
        self.consent.hide()

    def _bind(self) -> None:
        self.note.clicked.connect(self.note_consent)
        self.heard.returnPressed.connect(self.note_consent)
        QShortcut(QKeySequence("C"), self).activated.connect(self.heard.setFocus)
        self.do.clicked.connect(self.carry_out)
        self.back.clicked.connect(self.reject)
        self.table.opened.connect(lambda _: self.carry_out())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self.foresee())
        self.source.currentIndexChanged.connect(lambda _: self.foresee())
        for digit in range(1, DIGITS + 1):
            QShortcut(QKeySequence(str(digit)), self).activated.connect(lambda n=digit: self.pick(n - 1))
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.carry_out)
        if self._ids is None:
            QShortcut(QKeySequence("S"), self).activated.connect(self.source.setFocus)

    def pick(self, row: int) -> None:
        """Choose a sequence by its digit."""
        if row < self.model.rowCount():
            self.table.selectRow(row)

    @property
    def code(self) -> str:
        """Return the code of the sequence that is chosen."""
        found = self.model.record(self.table.currentIndex().row())
        return found.code if found is not None else ""

    def _leads(self, ctx: Context, source: str) -> list[LeadId]:
        if self._ids is not None:
            return self._ids
        view = view_queue.named(ctx, source) if source else None
        return view_queue.ids(ctx, view) if view is not None else queue.ids(ctx)

    def foresee(self) -> None:
        """Say what would come of it."""
        ctx, code, source = self._session.ctx, self.code, str(self.source.currentData() or QUEUE)
        if code:
            self._session.tasks.read(
                lambda: sequences.forecast(ctx, code, self._leads(ctx, source)),
                self._foreseen,
                self._session.notices.error,
                owner=self,
                key="sequence-outlook",
            )

    def _foreseen(self, found: Enrolled) -> None:
        self.outlook = found
        count = len(found.leads)
        self.said.setText(
            self.tr("{n}件を入れます。").format(n=count) if count else self.tr("入れられるリードがありません。")
        )
        lines = [
            self.tr("{n}件: {why}").format(n=n, why=words.reason(why, self._session.lang, self._session.ctx.rules)[0])
            for why, n in Counter(found.refused.values()).most_common()
        ]
        self.against.setText("\n".join(lines))
        self.out.setText(self.tr("入らないリード {n}件").format(n=len(found.refused)))
        for one in (self.out, self.against):
            one.setVisible(bool(lines))
        self.bare.setText(
            self.tr("うち{n}件は、メールの同意の記録がないので、メールの手順で止まります。").format(
                n=len(found.lacking)
            )
        )
        self.consent.setVisible(bool(found.lacking))
        self.do.setEnabled(bool(count))

    def note_consent(self) -> None:
        """Note for those who lack it on what basis they may be written to; nothing without where it was heard."""
        if self.outlook is None or not self.outlook.lacking:
            return
        source, basis = self.heard.text().strip(), str(self.basis.currentData())
        if not source:
            self.heard.setFocus()
            return
        ctx, ids = self._session.ctx, list(self.outlook.lacking)
        self._session.tasks.write(
            lambda: consents.note(ctx, ids, basis, source), self._noted, self._session.notices.error, owner=self
        )

    def _noted(self, written: Written) -> None:
        said = self.tr("{n}件に同意の根拠を記録しました(取り消し Ctrl+Z)")
        self._session.notices.say(said.format(n=len(written.changes.leads)))
        self.table.setFocus()
        self.foresee()

    def carry_out(self) -> None:
        """Put them into it."""
        if self.outlook is None or not self.outlook.leads:
            return
        ctx, code, ids = self._session.ctx, self.code, list(self.outlook.leads)
        self.do.setEnabled(False)
        self._session.tasks.write(
            lambda: sequences.enrol(ctx, code, ids), self._done, self._session.notices.error, owner=self
        )

    def _done(self, made: Enrolled) -> None:
        said = self.tr("{n}件をシーケンスに入れました(取り消し Ctrl+Z)").format(n=len(made.leads))
        self._session.notices.say(said)
        self.enrolled.emit()
        self.accept()
