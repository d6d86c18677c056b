"""The invitation to a lead's meeting: mailed by the outbox, saved as a file, or opened in the mail program."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from isdesk import messages
from isdesk.domain.errors import IsdeskError, NotFound
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailState, OutMail
from isdesk.services import invitations, inviting
from isdesk.services.inviting import Letter
from ui.notices import Notice
from ui.widgets.notice import OFFER_MS

if TYPE_CHECKING:
    from ui.session import Session

_HAND_OVER = frozenset({"no_mail_account", "mail_opted_out", "mail_do_not_call", "invite_sent"})
"""What keeps isdesk from mailing, but not the person."""


GRACE_MS = 2_000
"""So long after the offer is gone its key still means it: a hand that was on its way."""


def about(lead_id: LeadId) -> str:
    """Return the subject of what is said of a lead's meeting."""
    return f"meeting:{lead_id}"


def by_mail(session: Session) -> bool:
    """Return whether meetings are told by mail from here."""
    return session.settings is None or session.settings.flag("mail_invitations")


class Inviter(QObject):
    """Saves and sends invitations, or opens the mail program. ``posted``: one shall leave now."""

    posted = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent
        self._offered_for: LeadId | None = None
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.setInterval(OFFER_MS + GRACE_MS)
        self._passing.timeout.connect(self._forget)
        session.notices.withdrawn.connect(self._withdrawn)
        session.notices.said.connect(self._forget)

    @property
    def offered_for(self) -> LeadId | None:
        """Return the lead whose invitation the window has just offered: its key means that one."""
        return self._offered_for

    def _forget(self) -> None:
        self._passing.stop()
        self._offered_for = None

    def _withdrawn(self, subject: str) -> None:
        if self._offered_for is not None and subject == about(self._offered_for):
            self._forget()

    def offer(self, lead_id: LeadId) -> None:
        """Say what becomes of the invitation right after a meeting was agreed, moved or called off."""
        ctx, wanted = self._session.ctx, by_mail(self._session)

        def op() -> tuple[Letter, OutMail | None]:
            if wanted:
                invitations.keep_up(ctx)
            return inviting.letter(ctx, lead_id), invitations.standing(ctx, lead_id)

        def failed(error: Exception) -> None:
            if not isinstance(error, NotFound):  # taken back meanwhile: there is nothing to tell any more
                self._session.notices.error(error)

        self._session.tasks.write(op, lambda found: self._offered(lead_id, *found), failed, owner=self)

    def _offered(self, lead_id: LeadId, letter: Letter, mail: OutMail | None) -> None:
        off = letter.method == "CANCEL"
        text = self.tr("商談の取り消しを記録しました: {what}") if off else self.tr("商談を記録しました: {what}")
        more = ""
        action = self.tr("取り消しを送る  Ctrl+Shift+M") if off else self.tr("招待を送る  Ctrl+Shift+M")
        tone, act = "good", partial(self.send, lead_id)
        if mail is not None and mail.state is MailState.QUEUED:
            soon = self.tr("約1分後に {to} へ招待を送ります。Ctrl+Z で商談ごと取り消せます。")
            gone = self.tr("約1分後に {to} へ取り消しを知らせます。Ctrl+Z で元に戻せます。")
            more = (gone if off else soon).format(to=mail.recipient)
            action = self.tr("今すぐ送る  Ctrl+Shift+M")
        elif mail is not None and mail.error:
            said = messages.sentence(mail.error, {}, self._session.lang)
            more = self.tr("招待は送っていません: {why}").format(why=said.what)
            tone, action, act = "warn", self.tr("メールソフトで開く"), partial(self.hand_over, lead_id)
        notices, subject, said_all = self._session.notices, about(lead_id), text.format(what=letter.what)
        notices.withdraw(subject)
        notices.show(Notice(said_all, more, tone=tone, action=action, act=act, subject=subject, passes=tone == "good"))
        if tone == "good":
            self._offered_for = lead_id
            self._passing.start()

    def save(self, lead_id: LeadId, path: str = "") -> None:
        """Save the invitation as .ics; ``path`` empty asks for one."""
        ctx = self._session.ctx

        def then(letter: Letter) -> None:
            self._save(letter, path)

        self._session.tasks.read(
            lambda: inviting.letter(ctx, lead_id), then, self._session.notices.error, owner=self, key="invite"
        )

    def _save(self, letter: Letter, path: str) -> None:
        if not path:
            kind = self.tr("予定表 (*.ics)")
            path, _ = QFileDialog.getSaveFileName(self._window, self.tr("招待を保存"), letter.name, kind)
        if not path:
            return
        try:
            Path(path).write_text(letter.ics, "utf-8", newline="")
        except OSError:
            text = self.tr("招待を書き込めませんでした。")
            self._session.notices.show(Notice(text, self.tr("保存先を変えて、もう一度お試しください。")))
            return
        self._session.notices.say(self.tr("招待を保存しました: {file}").format(file=Path(path).name))

    def send(self, lead_id: LeadId) -> None:
        """Send the invitation by mail; say plainly where there is no account, and offer the ways that there are."""
        ctx = self._session.ctx
        self._session.notices.withdraw(about(lead_id))

        def sent(mail: OutMail) -> None:
            self._session.notices.say(self.tr("招待を送信待ちに入れました: {to}").format(to=mail.recipient))
            self.posted.emit()

        def failed(error: Exception) -> None:
            if isinstance(error, IsdeskError) and error.code in _HAND_OVER:
                self._offer(lead_id, error)
            else:
                self._session.notices.error(error)

        self._session.tasks.write(lambda: invitations.send(ctx, lead_id), sent, failed, owner=self)

    def _offer(self, lead_id: LeadId, error: IsdeskError) -> None:
        said = messages.say(error, self._session.lang)
        self._session.notices.show(
            Notice(
                said.what,
                f"{said.kept} {said.do}".strip(),
                tone="warn",
                action=self.tr("メールソフトで開く"),
                act=lambda: self.hand_over(lead_id),
                subject=about(lead_id),
            )
        )

    def hand_over(self, lead_id: LeadId) -> None:
        """Open the words of the invitation in the system's mail program."""
        ctx, notices = self._session.ctx, self._session.notices

        def then(letter: Letter) -> None:
            if not QDesktopServices.openUrl(mail_link(letter)):
                notices.say(self.tr("この端末にはメールソフトがありません。招待を .ics で保存してください。"))

        self._session.tasks.read(lambda: inviting.letter(ctx, lead_id), then, notices.error, owner=self, key="invite")


def mail_link(letter: Letter) -> QUrl:
    """Return the ``mailto:`` link of a letter: one address, each part encoded for itself (SECURITY C3)."""
    to = quote(letter.to.strip(), safe="@")
    body = quote(letter.body.replace("\n", "\r\n"), safe="")
    return QUrl(f"mailto:{to}?subject={quote(letter.subject, safe='')}&body={body}", QUrl.ParsingMode.StrictMode)
