"""The invitation to a lead's meeting: saved as a file, or carried by mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from isdesk import messages
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId
from isdesk.services import inviting
from isdesk.services.inviting import Courier, Letter, NoCourier
from ui.notices import Notice

if TYPE_CHECKING:
    from ui.session import Session


class Inviter(QObject):
    """Saves and sends invitations. ``courier`` is what carries them by mail; without one the mail program is opened."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent
        self.courier: Courier = NoCourier()

    def offer(self, lead_id: LeadId) -> None:
        """Offer to send the invitation right after a meeting was agreed, moved or called off."""
        ctx = self._session.ctx

        def then(letter: Letter) -> None:
            off = letter.method == "CANCEL"
            text = self.tr("商談の取り消しを記録しました: {what}") if off else self.tr("商談を記録しました: {what}")
            self._session.notices.show(
                Notice(
                    text.format(what=letter.what),
                    self.tr("お客様への案内は Ctrl+Shift+M(.ics の保存はコマンドから)。"),
                    tone="good",
                    action=self.tr("取り消しを送る") if off else self.tr("招待を送る"),
                    act=lambda: self.send(lead_id),
                )
            )

        self._session.tasks.read(lambda: inviting.letter(ctx, lead_id), then, lambda _: None, owner=self)

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
        ctx, courier = self._session.ctx, self.courier

        def sent(letter: Letter) -> None:
            self._session.notices.say(self.tr("招待を送りました: {to}").format(to=letter.to))

        def failed(error: Exception) -> None:
            if isinstance(error, IsdeskError) and error.code == "no_mail_account":
                self._offer(lead_id, error)
            else:
                self._session.notices.error(error)

        self._session.tasks.fetch(lambda: inviting.send(ctx, lead_id, courier), sent, failed, owner=self)

    def _offer(self, lead_id: LeadId, error: IsdeskError) -> None:
        said = messages.say(error, self._session.lang)
        self._session.notices.show(
            Notice(
                said.what,
                f"{said.kept} {said.do}".strip(),
                tone="warn",
                action=self.tr("メールソフトで開く"),
                act=lambda: self.hand_over(lead_id),
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
