"""Opens the windows of mail, sends what is due and reads what came back, now and every few minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from isdesk.domain.ids import LeadId
from isdesk.services import outgoing, receiving, sequences
from isdesk.services.outgoing import Posted
from isdesk.services.receiving import Received

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.mail.account import AccountDialog
    from ui.views.mail.compose import ComposeDialog
    from ui.views.mail.outbox import OutboxDialog


READ_EVERY = 5
"""Every so many minutes the mailbox is looked at."""


class Mailer(QObject):
    """One for the window; ``compose``, ``outbox`` and ``account`` are the dialogs last opened."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.compose: ComposeDialog | None = None
        self.outbox: OutboxDialog | None = None
        self.account: AccountDialog | None = None
        self._beats = 0

    def write(self, lead_id: LeadId, name: str) -> None:
        """Open a mail to a lead."""
        from ui.views.mail.compose import ComposeDialog

        self.compose = ComposeDialog(self._session, lead_id, name, self._window.window())
        self.compose.posted.connect(self.send)
        self.compose.open()

    def show_outbox(self) -> None:
        """Open the outbox."""
        from ui.views.mail.outbox import OutboxDialog

        self.outbox = OutboxDialog(self._session, self._window.window())
        self.outbox.send_wanted.connect(self.send)
        self.outbox.account_wanted.connect(self.show_account)
        self.outbox.open()

    def show_account(self) -> None:
        """Open the account from which mail leaves."""
        from ui.views.mail.account import AccountDialog

        if self._session.desk is None:
            return
        self.account = AccountDialog(self._session, self._session.desk, self._window.window())
        self.account.kept.connect(lambda: self._session.notices.say(self.tr("メールアカウントを保存しました。")))
        self.account.kept.connect(self.send)
        self.account.kept.connect(self.receive)
        self.account.open()

    def send(self) -> None:
        """Send what is due, and say what became of it."""
        self._send(quiet=False)

    def beat(self) -> None:
        """A minute went by: send what is due, and look for replies now and then; being offline is no news."""
        self._send(quiet=True)
        self._beats += 1
        if self._beats % READ_EVERY == 1:
            self.receive()

    def receive(self) -> None:
        """Read replies and bounces, and tell of them."""
        desk, ctx = self._session.desk, self._session.ctx
        if desk is None:
            return
        secrets = desk.secrets
        self._session.tasks.fetch(lambda: receiving.receive(ctx, secrets), self._came, owner=self, key="mail-look")

    def _came(self, found: Received) -> None:
        if found.changes.leads:
            self._session.hub.changed.emit(found.changes)
        if self.outbox is not None and self.outbox.isVisible():
            self.outbox.load()
        if found.replies:
            self._session.notices.say(self.tr("返信が{n}件届きました。履歴に入れました。").format(n=found.replies))
        elif found.bounces:
            self._session.notices.say(self.tr("届かなかったメールが{n}通あります。").format(n=found.bounces))

    def _send(self, *, quiet: bool) -> None:
        desk, ctx = self._session.desk, self._session.ctx
        if desk is None:
            return
        secrets = desk.secrets

        def op() -> Posted:
            went = sequences.run(ctx)
            done = outgoing.send(ctx, secrets) if outgoing.waiting(ctx) else Posted()
            return replace(done, changes=done.changes | went.changes)

        self._session.tasks.fetch(op, lambda done: self._told(done, quiet=quiet), owner=self, key="mail-round")

    def _told(self, done: Posted, *, quiet: bool) -> None:
        if done.changes.leads or done.changes.sequences:
            self._session.hub.changed.emit(done.changes)
        if self.outbox is not None and self.outbox.isVisible():
            self.outbox.load()
        say = self._session.notices.say
        if done.uncertain:
            say(self.tr("届いたかどうか分からないメールがあります。「メールの送信」で確かめてください。"))
        elif done.failed or done.stopped:
            say(self.tr("送れなかったメールがあります。「メールの送信」で理由を見られます。"))
        elif quiet:
            return
        elif done.error is not None:
            self._session.notices.error(done.error)
        elif done.waits_until is not None:
            say(self.tr("1時間あたりの上限に達したので、残りはあとで自動で送ります。"))
        elif done.later:
            say(self.tr("相手のサーバーが混んでいるので、あとで自動で送り直します。"))
        elif done.sent:
            say(self.tr("メールを{n}通送りました。").format(n=done.sent))
