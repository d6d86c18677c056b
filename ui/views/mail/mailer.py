"""Opens the windows of mail, sends what is due and reads what came back, now and every few minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from isdesk.domain.ids import LeadId
from ui.views.mail.rounds import Rounds

if TYPE_CHECKING:
    from ui.session import Session
    from ui.views.mail.account import AccountDialog
    from ui.views.mail.compose import ComposeDialog
    from ui.views.mail.consent import ConsentDialog
    from ui.views.mail.outbox import OutboxDialog


READ_EVERY = 5
"""Every so many minutes the mailbox is looked at."""


class Mailer(QObject):
    """Opens them over one window or page; the rounds behind it are the session's. ``compose``, ``outbox``,
    ``account`` and ``consent`` are the dialogs last opened. ``closed``: one of the first two was closed.
    """

    closed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.compose: ComposeDialog | None = None
        self.outbox: OutboxDialog | None = None
        self.account: AccountDialog | None = None
        self.consent: ConsentDialog | None = None
        self._beats = 0
        self.rounds = Rounds.of(session)
        self.rounds.done.connect(self._over)

    def write(self, lead_id: LeadId, name: str, template: str = "") -> None:
        """Open a mail to a lead, begun with a template where one is wanted."""
        from ui.views.mail.compose import ComposeDialog

        self.compose = ComposeDialog(self._session, lead_id, name, self._window.window(), template)
        self.compose.posted.connect(self.send)
        self.compose.ledger_wanted.connect(lambda: self.show_consent(lead_id, name))
        self.compose.finished.connect(lambda _: self.closed.emit())
        self.compose.open()

    def show_consent(self, lead_id: LeadId, name: str) -> None:
        """Open the ledger of consent to mail for a lead's address."""
        from ui.views.mail.consent import ConsentDialog

        self.consent = ConsentDialog(self._session, lead_id, name, self._window.window())
        if self.compose is not None and self.compose.isVisible():
            self.consent.finished.connect(self.compose.look_again)
        self.consent.open()

    def show_outbox(self, mail_id: str = "") -> None:
        """Open the outbox, at one mail where that is wanted."""
        from ui.views.mail.outbox import OutboxDialog

        self.outbox = OutboxDialog(self._session, self._window.window(), mail_id)
        self.outbox.finished.connect(lambda _: self.closed.emit())
        self.outbox.send_wanted.connect(self.send)
        self.outbox.account_wanted.connect(self.show_account)
        self.outbox.retry_wanted.connect(self.try_again)
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
        self.rounds.send(quiet=False)

    def try_again(self) -> None:
        """Try an account once more that the server refused."""
        self.rounds.try_again()

    def beat(self) -> None:
        """A minute went by: send what is due, and look for replies now and then; being offline is no news."""
        self.rounds.send(quiet=True)
        self._beats += 1
        if self._beats % READ_EVERY == 1:
            self.receive()

    def receive(self) -> None:
        """Read replies and bounces, and tell of them."""
        self.rounds.read()

    def _over(self) -> None:
        if self.outbox is not None and self.outbox.isVisible():
            self.outbox.load()
