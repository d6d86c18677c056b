"""The outbox of mails: what waits, what was sent, and what a person must decide on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.clock import TOKYO
from isdesk.domain.outgoing import MailState, OutMail
from isdesk.services import outgoing, pausing
from ui.models.records import Cell, Column, RecordModel
from ui.noop import QT_TRANSLATE_NOOP
from ui.views.status_bar import Dot
from ui.widgets import Card, KeyCap, button, label
from ui.widgets.table import DataTable
from ui.words import translate

if TYPE_CHECKING:
    from isdesk.services.pausing import Paused
    from ui.session import Session

STATES: dict[MailState, tuple[str, str]] = {
    MailState.QUEUED: (QT_TRANSLATE_NOOP("words", "送信待ち"), "plain"),
    MailState.ASKED: (QT_TRANSLATE_NOOP("words", "送るか確認"), "warn"),
    MailState.SENDING: (QT_TRANSLATE_NOOP("words", "送信中"), "plain"),
    MailState.SENT: (QT_TRANSLATE_NOOP("words", "送信済み"), "good"),
    MailState.UNCERTAIN: (QT_TRANSLATE_NOOP("words", "不明(要確認)"), "warn"),
    MailState.FAILED: (QT_TRANSLATE_NOOP("words", "失敗"), "bad"),
    MailState.STOPPED: (QT_TRANSLATE_NOOP("words", "送信中止"), "warn"),
    MailState.CANCELLED: (QT_TRANSLATE_NOOP("words", "取り消し"), "plain"),
}


class OutboxDialog(QDialog):
    """``send_wanted`` when what is due shall leave now; ``account_wanted`` to set where mail leaves; ``retry_wanted``
    to try an account again that the server refused.
    """

    send_wanted = Signal()
    retry_wanted = Signal()
    account_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, mail_id: str = "") -> None:
        super().__init__(parent)
        self._session = session
        self._wanted = mail_id
        self.setWindowTitle(self.tr("メールの送信"))
        self.resize(980, 560)
        self.model: RecordModel[OutMail] = RecordModel(self._columns(), self)
        self.table = DataTable(self.tr("メールの送信"))
        self.table.setModel(self.model)
        self.table.dress(self.model.columns)
        self.why = label("", "dim", wrap=True)
        self.now = button(self.tr("今すぐ送る"), "primary", tip=self.tr("今すぐ送る(S)"))
        self.cancel = button(self.tr("送らない"), tip=self.tr("選んだメールを送らない(Delete)"))
        self.arrived = button(self.tr("届いた"), tip=self.tr("届いたと記録する(Y)"))
        self.lost = button(self.tr("届いていない"), tip=self.tr("届いていないと記録する(N)"))
        self.again = button(self.tr("もう一度送る"), tip=self.tr("失敗・中止のメールをもう一度送る(R)"))
        self.retry = button(self.tr("もう一度試す"), tip=self.tr("断られたアカウントをもう一度試す(T)"))
        self.pause_said = label("", wrap=True)
        self.pause_more = label("", "dim", wrap=True)
        self.account = button(self.tr("アカウント"), tip=self.tr("メールアカウントを設定する(A)"))
        self._lay_out()
        self._bind()
        self.load()

    def _columns(self) -> list[Column[OutMail]]:
        def state(one: OutMail) -> Cell:
            text, tone = STATES[one.state]
            return Cell(translate("words", text), tone=tone)

        def why(one: OutMail) -> Cell:
            said = messages.sentence(one.error, {}, self._session.lang).what if one.error else ""
            return Cell(said, "dim", tip=said)

        def at(one: OutMail) -> Cell:
            return Cell(f"{(one.left_at or one.due_at).astimezone(TOKYO):%m/%d %H:%M}", "dim")

        return [
            Column("state", self.tr("状態"), 124, state),
            Column("to", self.tr("宛先"), 220, lambda one: Cell(one.recipient, tip=one.recipient)),
            Column("subject", self.tr("件名"), 220, lambda one: Cell(one.subject, tip=one.subject), stretch=True),
            Column("at", self.tr("日時"), 100, at),
            Column("why", self.tr("理由"), 250, why),
        ]

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        self.head = label("", "head")
        box.addWidget(self.head)
        box.addWidget(self._pause_card())
        card = Card(margins=(1, 1, 1, 1))
        card.body.addWidget(self.table)
        box.addWidget(card, 1)
        box.addWidget(self.why)
        line = QHBoxLayout()
        line.setSpacing(8)
        parts = ((self.account, "A"), (self.arrived, "Y"), (self.lost, "N"), (self.again, "R"), (self.cancel, "Del"))
        for part, key in parts:
            line.addWidget(part)
            line.addWidget(KeyCap(key))
        line.addStretch(1)
        line.addWidget(self.now)
        line.addWidget(KeyCap("S"))
        box.addLayout(line)

    def _pause_card(self) -> QWidget:
        """Return what stands above the mails while the server refuses the account."""
        self.pause = Card(margins=(14, 10, 14, 10))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.pause_said)
        words.addWidget(self.pause_more)
        line = QHBoxLayout()
        line.setSpacing(8)
        mark = Dot()
        mark.set_shade("bad")
        line.addWidget(mark)
        line.addLayout(words, 1)
        line.addWidget(self.retry)
        line.addWidget(KeyCap("T"))
        self.pause.body.addLayout(line)
        self.pause.hide()
        return self.pause

    def _bind(self) -> None:
        self.retry.clicked.connect(self.retry_wanted)
        self.now.clicked.connect(self.send_wanted)
        self.account.clicked.connect(self.account_wanted)
        self.cancel.clicked.connect(self.take_out)
        self.table.deleted.connect(self.take_out)
        self.arrived.clicked.connect(lambda: self.decide(delivered=True))
        self.lost.clicked.connect(lambda: self.decide(delivered=False))
        self.again.clicked.connect(self.send_again)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        keys = (("S", self.now), ("A", self.account), ("Y", self.arrived), ("N", self.lost), ("R", self.again),
                ("T", self.retry))  # fmt: skip
        for key, part in keys:
            QShortcut(QKeySequence(key), self).activated.connect(part.click)

    def load(self) -> None:
        """Read the outbox again."""
        ctx = self._session.ctx
        self._session.tasks.read(
            lambda: (outgoing.outbox(ctx), pausing.standing(ctx)),
            self._show,
            self._session.notices.error,
            owner=self,
            key="mails",
        )

    def _show(self, read: tuple[list[OutMail], tuple[Paused, ...]]) -> None:
        found, paused = read
        self._show_pause(paused)
        row = max(self.table.currentIndex().row(), 0)
        if self._wanted:
            row = next((n for n, one in enumerate(found) if one.id == self._wanted), row)
            self._wanted = ""
        self.model.show_records(found)
        waits = sum(one.state is MailState.QUEUED for one in found)
        doubt = sum(one.state is MailState.UNCERTAIN for one in found)
        asked = sum(one.state is MailState.ASKED for one in found)
        said = self.tr("送信待ち {n}通・不明 {m}通").format(n=waits, m=doubt)
        self.head.setText(said + (self.tr("・送るか確認 {n}通").format(n=asked) if asked else ""))
        self.now.setEnabled(waits > 0)
        if found:
            self.table.selectRow(min(row, len(found) - 1))
        self._chosen()

    def _show_pause(self, paused: tuple[Paused, ...]) -> None:
        said = [pausing.told(one, self._session.lang) for one in paused]
        self.pause_said.setText("\n".join(one.what for one in said))
        self.pause_more.setText(f"{said[0].kept} {said[0].do}" if said else "")
        self.pause.setVisible(bool(said))

    def _chosen(self) -> None:
        one = self.chosen()
        asked = one is not None and one.state is MailState.ASKED
        self.cancel.setEnabled(one is not None and one.state in (MailState.QUEUED, MailState.ASKED))
        self.again.setEnabled(one is not None and one.state in (MailState.FAILED, MailState.STOPPED, MailState.ASKED))
        self.again.setText(self.tr("このまま送る") if asked else self.tr("もう一度送る"))
        for part in (self.arrived, self.lost):
            part.setEnabled(one is not None and one.state is MailState.UNCERTAIN)
        if one is None:
            self.why.setText(self.tr("まだメールはありません。架電ページの E で書けます。"))
            return
        said = messages.sentence(one.error, {}, self._session.lang) if one.error else None
        words = f"{said.what} {said.kept} {said.do}" if said is not None else one.body.partition("\n")[0]
        self.why.setText(f"{words} {one.answer}".strip())

    def chosen(self) -> OutMail | None:
        """Return the mail on which the keys act."""
        return self.model.record(self.table.currentIndex().row())

    def take_out(self) -> None:
        """Do not send the chosen mail."""
        one, ctx = self.chosen(), self._session.ctx
        if one is not None and self.cancel.isEnabled():
            self._write(lambda: outgoing.cancel(ctx, one.id))

    def send_again(self) -> None:
        """Put the chosen mail back and send it: what was in its way is mended."""
        one, ctx = self.chosen(), self._session.ctx
        if one is None or not self.again.isEnabled():
            return

        def back(out: OutMail) -> None:
            self._wanted = out.id
            self.load()
            self.send_wanted.emit()

        self._session.tasks.write(lambda: outgoing.again(ctx, one.id), back, self._session.notices.error, owner=self)

    def decide(self, *, delivered: bool) -> None:
        """Say whether the chosen mail was delivered."""
        one, ctx = self.chosen(), self._session.ctx
        if one is not None and self.arrived.isEnabled():
            self._write(lambda: outgoing.resolve(ctx, one.id, delivered=delivered))

    def _write(self, op: object) -> None:
        if callable(op):
            self._session.tasks.write(op, lambda _: self.load(), self._session.notices.error, owner=self)
