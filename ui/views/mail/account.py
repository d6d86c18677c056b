"""Where mail leaves from this desk: server, sign-in, sender; tested before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from isdesk import messages
from isdesk.domain.errors import IsdeskError
from isdesk.domain.outgoing import SECURITY, MailAccount, password_anew
from isdesk.services import mail_account
from ui.widgets import KeyCap, button, label

if TYPE_CHECKING:
    from isdesk.desk import Desk
    from ui.session import Session


class AccountDialog(QDialog):
    """``kept`` when the account was tested and kept."""

    kept = Signal()

    def __init__(self, session: Session, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self.setWindowTitle(self.tr("メールアカウント"))
        self.setMinimumWidth(520)
        self.host, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.address, self.name = QLineEdit(), QLineEdit()
        self.security, self.port = QComboBox(), QSpinBox()
        self.imap_host, self.imap_port = QLineEdit(), QSpinBox()
        self.state = label("", "dim", wrap=True)
        self.keep = button(self.tr("テストして保存"), "primary")
        self._known: MailAccount | None = None
        self._lay_out()
        self._open(ready=False)
        self.security.currentIndexChanged.connect(self._usual_port)
        for part in (self.host, self.user, self.address, self.imap_host):
            part.textChanged.connect(self._say_password)
        self.keep.clicked.connect(self.save)
        self.keep.setDefault(True)
        ctx = session.ctx
        session.tasks.read(lambda: mail_account.read(ctx), self._fill, self._unread, owner=self, key="mail-account")

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(self.tr("メールを送るアカウント"), "head"))
        about = self.tr("アプリパスワードは、この端末の鍵で封をして保管します。暗号化されない接続は使いません。")
        box.addWidget(label(about, "dim", wrap=True))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        for spin in (self.port, self.imap_port):
            spin.setRange(1, 65535)
            spin.lineEdit().setTextMargins(9, 0, 0, 0)
        self.imap_host.setPlaceholderText(self.tr("imap.example.jp(空欄なら返信を読みません)"))
        self.security.addItem(self.tr("TLS(はじめから暗号化)"), "tls")
        self.security.addItem(self.tr("STARTTLS(途中から暗号化)"), "starttls")
        self.host.setPlaceholderText("smtp.example.jp")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, part) in enumerate(
            (
                (self.tr("送信サーバー"), self.host),
                (self.tr("暗号化"), self.security),
                (self.tr("ポート"), self.port),
                (self.tr("差出人のアドレス"), self.address),
                (self.tr("差出人の名前"), self.name),
                (self.tr("ユーザー名"), self.user),
                (self.tr("アプリパスワード"), self.password),
                (self.tr("受信サーバー(TLS)"), self.imap_host),
                (self.tr("受信ポート"), self.imap_port),
            )
        ):
            grid.addWidget(label(text, "dim"), row, 0)
            grid.addWidget(part, row, 1)
            part.setAccessibleName(text)
        box.addLayout(grid)
        box.addWidget(self.state)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        back = button(self.tr("やめる"), "quiet")
        back.clicked.connect(self.reject)
        for part, key in ((back, "Esc"), (self.keep, "Enter")):
            line.addWidget(part)
            line.addWidget(KeyCap(key))
        box.addLayout(line)

    def _open(self, *, ready: bool) -> None:
        """Let nothing be typed before what is known stands there."""
        for part in (
            self.host, self.security, self.port, self.address, self.name, self.user, self.password, self.imap_host,
            self.imap_port, self.keep,
        ):  # fmt: skip
            part.setEnabled(ready)

    def _unread(self, error: Exception) -> None:
        self._session.notices.error(error)
        self.reject()

    def _fill(self, known: MailAccount | None) -> None:
        self._known = known
        me = self._session.ctx.me
        account = known or MailAccount("", SECURITY["tls"], "tls", "", me.email, me.name)
        self.host.setText(account.host)
        self.security.setCurrentIndex(max(self.security.findData(account.security), 0))
        self.port.setValue(account.port)
        self.address.setText(account.address)
        self.name.setText(account.name)
        self.user.setText(account.user)
        self.imap_host.setText(account.imap_host)
        self.imap_port.setValue(account.imap_port)
        self._open(ready=True)
        self._say_password()
        self.host.setFocus()

    def _say_password(self) -> None:
        """Say whether the password that is kept will do."""
        said = ""
        if self._known is not None:
            anew = password_anew(self._known, self.wanted())
            kept, again = (
                self.tr("(保存済み。変えるときだけ入れる)"),
                self.tr("(サーバーかユーザーが変わるので入れ直す)"),
            )
            said = again if anew else kept
        self.password.setPlaceholderText(said)

    def _usual_port(self) -> None:
        self.port.setValue(SECURITY[str(self.security.currentData())])

    def wanted(self) -> MailAccount:
        """Return the account as it was typed; without a user one signs in with the address."""
        address = self.address.text().strip()
        return MailAccount(
            self.host.text().strip(),
            self.port.value(),
            str(self.security.currentData()),
            self.user.text().strip() or address,
            address,
            self.name.text().strip(),
            self.imap_host.text().strip(),
            self.imap_port.value(),
        )

    def save(self) -> None:
        """Connect and sign in, and keep the account where that works."""
        ctx, secrets, wanted = self._session.ctx, self._desk.secrets, self.wanted()
        password = self.password.text() or None
        self.keep.setEnabled(False)
        self._tell(self.tr("サーバーにつないでいます"), "dim")

        def op() -> None:
            mail_account.try_out(ctx, secrets, wanted, password)
            mail_account.keep(ctx, secrets, wanted, password)

        self._session.tasks.fetch(op, lambda _: self._done(), self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self.keep.setEnabled(True)
        if isinstance(error, IsdeskError):
            said = messages.say(error, self._session.lang)
            self._tell(f"{said.what} {said.do}", "bad")
        else:
            self._tell("", "dim")
            self._session.notices.error(error)

    def _tell(self, text: str, role: str) -> None:
        self.state.setText(text)
        self.state.setProperty("role", role)
        self.state.style().polish(self.state)

    def _done(self) -> None:
        self.kept.emit()
        self.accept()
