"""The ledger of consent to mail for one address: who noted what, what bars mail to it, and taking either back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk import messages
from isdesk.clock import TOKYO
from isdesk.domain.consent import BASES, Consent
from isdesk.domain.ids import LeadId
from isdesk.services import consenting
from isdesk.services.consenting import Standing
from ui.models.records import Cell, Column, RecordModel
from ui.widgets import Card, KeyCap, button, label
from ui.widgets.table import DataTable

if TYPE_CHECKING:
    from ui.session import Session

WITHDRAW, UNBAR = "withdraw", "unbar"


class ConsentDialog(QDialog):
    """What is noted here counts at once, for every lead with this address; all of it can be undone."""

    def __init__(self, session: Session, lead_id: LeadId, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._lead = session, lead_id
        self._standing: Standing | None = None
        self._asked = ""
        self.setWindowTitle(self.tr("メールの同意"))
        self.resize(980, 540)
        self.model: RecordModel[Consent] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("メールの同意の台帳"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.address, self.state = label("", "dim"), label("", wrap=True)
        self.empty = label(self.tr("このアドレスには、まだ同意の記録がありません。"), "dim", wrap=True)
        self.basis, self.source, self.evidence = QComboBox(), QLineEdit(), QLineEdit()
        self.note = button(self.tr("同意を記録"), "primary", tip=self.tr("同意を記録する(Ctrl+Enter)"))
        self.back = button(self.tr("取り下げ"), tip=self.tr("選んだ記録を取り下げる(Delete)"))
        self.out = button(self.tr("配信停止"), tip=self.tr("このアドレスを配信停止にする(O)"))
        self.unbar = button(
            self.tr("宛先不明を取り消す"), tip=self.tr("届くアドレスだと分かったので、宛先不明の記録を取り消す(B)")
        )
        self.asking, self.reason = QWidget(), QLineEdit()
        self.why = label("", "dim")
        self._lay_out(name)
        self._bind()
        self.load()

    def _columns(self) -> list[Column[Consent]]:
        lang, name_of = self._session.lang, self._session.ctx.name_of

        def state(one: Consent) -> Cell:
            if one.withdrawn_at is None:
                return Cell(self.tr("有効"), tone="good")
            return Cell(self.tr("取り下げ済み"), tone="plain", sub=_day(one.withdrawn_at), tip=one.withdrawn_why)

        def basis(one: Consent) -> Cell:
            text = BASES[one.basis].in_(lang) if one.basis in BASES else one.basis
            return Cell(text, tip=text)

        return [
            Column("state", self.tr("状態"), 184, state),
            Column("basis", self.tr("根拠"), 200, basis),
            Column("source", self.tr("出所"), 160, lambda one: Cell(one.source, tip=one.source), stretch=True),
            Column("evidence", self.tr("証拠"), 120, lambda one: Cell(one.evidence, "dim", tip=one.evidence)),
            Column("at", self.tr("記録"), 160, lambda one: Cell(_day(one.at), "dim", sub=name_of(one.by))),
            Column(
                "why", self.tr("取り下げの理由"), 130, lambda one: Cell(one.withdrawn_why, "dim", tip=one.withdrawn_why)
            ),
        ]

    def _lay_out(self, name: str) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(self.tr("{name} へのメールの同意").format(name=name), "head", wrap=True))
        box.addWidget(self.address)
        box.addWidget(self.state)
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.table)
        box.addWidget(card, 1)
        box.addWidget(self.empty)
        for code, text in BASES.items():
            self.basis.addItem(text.in_(self._session.lang), code)
        self.source.setPlaceholderText(self.tr("どこで得たか(例: 展示会の名刺)"))
        self.evidence.setPlaceholderText(self.tr("証拠(任意。例: 受付番号)"))
        for part, said in (
            (self.basis, self.tr("同意の根拠")),
            (self.source, self.tr("同意の出所")),
            (self.evidence, self.tr("同意の証拠")),
            (self.reason, self.tr("理由")),
        ):
            part.setAccessibleName(said)
        box.addLayout(_line(self.basis, self.source, self.evidence, self.note, KeyCap("Ctrl Enter"), wide=(1, 2)))
        ask = QHBoxLayout(self.asking)
        ask.setContentsMargins(0, 0, 0, 0)
        ask.setSpacing(8)
        ask.addWidget(self.why)
        ask.addWidget(self.reason, 1)
        ask.addWidget(KeyCap("Enter"))
        box.addWidget(self.asking)
        self.asking.hide()
        close = button(self.tr("閉じる"), "quiet")
        close.clicked.connect(self.reject)
        keys = ((self.back, "Del"), (self.out, "O"), (self.unbar, "B"))
        line = _line(*(part for pair in keys for part in (pair[0], KeyCap(pair[1]))))
        line.addStretch(1)
        line.addWidget(close)
        line.addWidget(KeyCap("Esc"))
        box.addLayout(line)

    def _bind(self) -> None:
        self.note.clicked.connect(self.note_consent)
        self.source.returnPressed.connect(self.note_consent)
        self.evidence.returnPressed.connect(self.note_consent)
        self.back.clicked.connect(lambda: self.ask(WITHDRAW))
        self.table.deleted.connect(lambda: self.ask(WITHDRAW))
        self.unbar.clicked.connect(lambda: self.ask(UNBAR))
        self.out.clicked.connect(self.opt_out)
        self.reason.returnPressed.connect(self.do_asked)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        for one in (self.note, self.back, self.out, self.unbar):
            one.setAutoDefault(False)
            one.setEnabled(False)  # until it is known how things stand
        self.empty.hide()
        for key, act in (("Ctrl+Return", self.note.click), ("Ctrl+Enter", self.note.click), ("O", self.out.click),
                         ("B", self.unbar.click)):  # fmt: skip
            QShortcut(QKeySequence(key), self).activated.connect(act)

    # ------------------------------------------------------------------ what it says

    def load(self) -> None:
        """Read how things stand with this address."""
        ctx, lead = self._session.ctx, self._lead
        self._session.tasks.read(
            lambda: consenting.standing_of(ctx, lead),
            self._show,
            self._session.notices.error,
            owner=self,
            key="consent",
        )

    def _show(self, found: Standing) -> None:
        self._standing = found
        row = max(self.table.currentIndex().row(), 0)
        self.model.show_records(list(found.entries))
        self.empty.setVisible(not found.entries)
        self.address.setText(found.address or self.tr("(アドレスなし)"))
        self.state.setText(self._said(found))
        self.state.setProperty("role", "bad" if found.forbids_answer else "" if found.forbids else "good")
        self.state.style().polish(self.state)
        self.note.setEnabled(bool(found.address))
        self.out.setEnabled(bool(found.address) and found.forbids_answer != "mail_opted_out")
        self.unbar.setEnabled(found.bounced_at is not None)
        if found.entries:
            self.table.selectRow(min(row, len(found.entries) - 1))
        self._chosen()

    def _said(self, found: Standing) -> str:
        if found.forbids is None:
            return self.tr("広告宣伝のメールも、依頼への返答も送れます。")
        said = messages.sentence(found.forbids, {}, self._session.lang)
        words = f"{said.what} {said.do}"
        if found.bounced_at is not None:
            words += " " + self.tr("宛先不明と分かったのは {day} です。").format(day=_day(found.bounced_at))
        if found.forbids_answer is None:
            words += " " + self.tr("依頼への返答は送れます。")
        return words

    def _chosen(self) -> None:
        one = self.chosen()
        self.back.setEnabled(one is not None and one.withdrawn_at is None)

    def chosen(self) -> Consent | None:
        """Return the entry on which the keys act."""
        return self.model.record(self.table.currentIndex().row())

    # ------------------------------------------------------------------ what it does

    def note_consent(self) -> None:
        """Note the basis on which this address may be written to."""
        ctx, lead = self._session.ctx, self._lead
        basis, source, evidence = str(self.basis.currentData()), self.source.text(), self.evidence.text()

        def noted() -> None:
            self.source.clear()
            self.evidence.clear()
            self.table.setFocus()

        self._write(lambda: consenting.consent(ctx, lead, basis, source, evidence=evidence), noted)

    def ask(self, what: str) -> None:
        """Ask for the reason before an entry is withdrawn or a bar is taken back; Enter does it, Esc leaves it."""
        if not (self.back if what == WITHDRAW else self.unbar).isEnabled():
            return
        self._asked = what
        asks = {
            WITHDRAW: self.tr("取り下げの理由"),
            UNBAR: self.tr("届くと分かった理由"),
        }
        self.why.setText(asks[what])
        self.reason.clear()
        self.reason.setPlaceholderText(self.tr("例: 電話で本人に確認"))
        self.asking.show()
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def do_asked(self) -> None:
        """Do what the reason was asked for; without a reason nothing is done."""
        ctx, lead, reason, one = self._session.ctx, self._lead, self.reason.text().strip(), self.chosen()
        if not reason:
            return
        if self._asked == WITHDRAW and one is not None:
            consent_id = one.id
            self._write(lambda: consenting.withdraw(ctx, lead, consent_id, reason), self._settle)
        elif self._asked == UNBAR:
            self._write(lambda: consenting.unbar(ctx, lead, reason), self._settle)

    def opt_out(self) -> None:
        """Honour that this address wants no mail."""
        ctx, lead = self._session.ctx, self._lead
        if self.out.isEnabled():
            self._write(lambda: consenting.opt_out(ctx, lead), self._settle)

    def _settle(self) -> None:
        self._asked = ""
        self.asking.hide()
        self.table.setFocus()

    @override
    def reject(self) -> None:
        """Leave the question for a reason; where none is asked, close."""
        if self.asking.isVisible():
            self._settle()
            return
        super().reject()

    def _write(self, op: Callable[[], object], then: Callable[[], None]) -> None:
        def done(_: object) -> None:
            then()
            self.load()

        self._session.tasks.write(op, done, self._session.notices.error, owner=self)


def _line(*parts: QWidget, wide: tuple[int, ...] = ()) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for number, part in enumerate(parts):
        line.addWidget(part, 1 if number in wide else 0)
    return line


def _day(at: datetime) -> str:
    return f"{at.astimezone(TOKYO):%Y/%m/%d}"
