"""Opens the windows of mail and sends what is due, now and every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from isdesk.domain.ids import LeadId
from isdesk.services import outgoing
from isdesk.services.outgoing import Posted

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.mail.account import AccountDialog
    from ui.views.mail.compose import ComposeDialog
    from ui.views.mail.outbox import OutboxDialog


class Mailer(QObject):
    """One for the window; ``compose``, ``outbox`` and ``account`` are the dialogs last opened."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.compose: ComposeDialog | None = None
        self.outbox: OutboxDialog | None = None
        self.account: AccountDialog | None = None

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
        self.account.open()

    def send(self) -> None:
        """Send what is due, and say what became of it."""
        self._send(quiet=False)

    def beat(self) -> None:
        """A minute went by: send what is due; being offline is no news."""
        self._send(quiet=True)

    def _send(self, *, quiet: bool) -> None:
        desk, ctx = self._session.desk, self._session.ctx
        if desk is None:
            return
        secrets = desk.secrets

        def op() -> Posted:
            return outgoing.send(ctx, secrets) if outgoing.waiting(ctx) else Posted()

        failed = (lambda _: None) if quiet else self._session.notices.error
        self._session.tasks.fetch(op, lambda done: self._told(done, quiet=quiet), failed, owner=self, key="mail-round")

    def _told(self, done: Posted, *, quiet: bool) -> None:
        if done.changes.leads:
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
