"""The telephone on the settings page: through the system, baresip or Asterisk; tried before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from isdesk import messages
from isdesk.channels import ami, baresip
from isdesk.channels.telephony import OWN, SCHEMES
from isdesk.domain.changes import Changes
from isdesk.domain.errors import BadInput, IsdeskError
from isdesk.services import phone_account
from isdesk.services.phone_account import ASTERISK, BARESIP, RING_LEAST, RING_MOST, SYSTEM, PhoneAccount
from ui.widgets import Card, button, label

if TYPE_CHECKING:
    from isdesk.channels.telephony import LineState
    from isdesk.desk import Desk
    from ui.session import Session

_WIDE = 300
_SHOWN = {
    SYSTEM: ("scheme", "template", "domain", "national", "prefix"),
    BARESIP: ("host", "port", "domain", "national", "prefix", "ring_s"),
    ASTERISK: ("host", "port", "user", "password", "channel", "context", "national", "prefix", "ring_s"),
}
"""The fields of each way to dial."""


class TelephoneCard(Card):
    """Nothing is kept before it was found right; a telephone that tells must answer first."""

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(margins=(20, 14, 20, 16))
        self._session, self._desk = session, desk
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._touched = False
        self.body.setSpacing(8)
        self.body.addWidget(label(self.tr("電話"), "head"))
        self.state = label(self.tr("確認しています"), "dim", wrap=True)
        self.body.addWidget(self.state)
        self.kind, self.scheme = QComboBox(), QComboBox()
        self.host, self.domain, self.prefix, self.template = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.user, self.password, self.channel, self.context = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.port, self.ring_s = QSpinBox(), QSpinBox()
        self.national = QCheckBox(self.tr("03… の形でかける"))
        self._build_form()
        self._build_foot()
        if session.phone is not None:
            session.phone.stood.connect(self._stood)
            session.phone.opened.connect(lambda _: self._say_state())

    def _build_form(self) -> None:
        for text, kind in (
            (self.tr("この端末の電話アプリ(リンクで開く)"), SYSTEM),
            (self.tr("baresip"), BARESIP),
            (self.tr("Asterisk(AMI)"), ASTERISK),
        ):
            self.kind.addItem(text, kind)
        for scheme, shape in SCHEMES.items():
            self.scheme.addItem(shape.format(number=self.tr("番号"), domain=self.tr("ドメイン")), scheme)
        self.scheme.addItem(self.tr("ほかの電話アプリ(リンクの形を書く)"), OWN)
        self.template.setPlaceholderText("vendor:call?to={number}")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.port.setRange(0, 65535)
        self.port.setSpecialValueText(self.tr("標準"))
        self.ring_s.setRange(RING_LEAST, RING_MOST)
        for spin in (self.port, self.ring_s):
            spin.lineEdit().setTextMargins(9, 0, 0, 0)
        self.channel.setPlaceholderText("PJSIP/101")
        self.domain.setPlaceholderText("sip.example.jp")
        self.prefix.setPlaceholderText("0, 184")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        rows: tuple[tuple[str, str, QWidget], ...] = (
            ("kind", self.tr("かけ方"), self.kind),
            ("scheme", self.tr("リンクの形"), self.scheme),
            ("template", self.tr("リンク({number} に番号が入る)"), self.template),
            ("host", self.tr("接続先"), self.host),
            ("port", self.tr("ポート"), self.port),
            ("user", self.tr("ユーザー名"), self.user),
            ("password", self.tr("パスワード"), self.password),
            ("channel", self.tr("自分の電話(チャネル)"), self.channel),
            ("context", self.tr("発信のコンテキスト"), self.context),
            ("domain", self.tr("SIPのドメイン"), self.domain),
            ("national", self.tr("国内の番号"), self.national),
            ("prefix", self.tr("番号の前に付ける数字"), self.prefix),
            ("ring_s", self.tr("呼び出す秒数"), self.ring_s),
        )
        for row, (code, text, field) in enumerate(rows):
            name = label(text)
            field.setAccessibleName(text)
            if isinstance(field, QLineEdit | QComboBox):
                field.setFixedWidth(_WIDE)
            elif isinstance(field, QSpinBox):
                field.setFixedWidth(96)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
            self._rows[code] = (name, field)
        self.body.addLayout(grid)
        texts = (
            self.host,
            self.domain,
            self.prefix,
            self.template,
            self.user,
            self.password,
            self.channel,
            self.context,
        )
        for field in texts:
            field.textEdited.connect(self._edited)
            field.returnPressed.connect(self.try_it)
        for spin in (self.port, self.ring_s):
            spin.valueChanged.connect(self._edited)
        self.national.toggled.connect(self._edited)
        self.scheme.currentIndexChanged.connect(self._kind_chosen)
        self.kind.currentIndexChanged.connect(self._kind_chosen)

    def _build_foot(self) -> None:
        line = QHBoxLayout()
        self.try_button = button(self.tr("接続を確かめる"))
        self.keep_button = button(self.tr("保存して使う"), "primary")
        self.try_button.clicked.connect(self.try_it)
        self.keep_button.clicked.connect(self.keep)
        for part in (self.try_button, self.keep_button):
            line.addWidget(part)
        line.addStretch(1)
        self.body.addLayout(line)
        text = self.tr(
            "baresip と Asterisk では、呼出・応答・終了と時間が自動で記録に入り、合う架電結果が提案されます。"
            "パスワードは暗号化してこの端末に保存します。"
        )
        self.body.addWidget(label(text, "small", wrap=True))

    # ------------------------------------------------------------------ how it stands

    def load(self) -> None:
        """Read how it stands."""
        ctx = self._desk.ctx
        self._session.tasks.read(lambda: phone_account.account(ctx), self._show, owner=self, key="telephone-card")

    def _show(self, account: PhoneAccount) -> None:
        if not self._touched:
            self._fill(account)
        self._say_state()

    def _fill(self, account: PhoneAccount) -> None:
        self.kind.setCurrentIndex(max(self.kind.findData(account.kind), 0))
        self.scheme.setCurrentIndex(max(self.scheme.findData(account.scheme), 0))
        self.host.setText(account.host)
        self.port.setValue(account.port)
        self.domain.setText(account.domain)
        self.template.setText(account.template)
        self.national.setChecked(account.national)
        self.prefix.setText(account.prefix)
        self.user.setText(account.user)
        self.password.clear()
        self.password.setPlaceholderText(self.tr("保存済み") if account.kind == ASTERISK else "")
        self.channel.setText(account.channel)
        self.context.setText(account.context)
        self.ring_s.setValue(account.ring_s)
        self._kind_chosen()
        self._touched = False

    def _kind_chosen(self) -> None:
        kind = str(self.kind.currentData())
        for code, (name, field) in self._rows.items():
            shown = code == "kind" or (code in _SHOWN[kind] and self._needed(code))
            name.setVisible(shown)
            field.setVisible(shown)
        here = self.tr("127.0.0.1(この端末)")
        self.host.setPlaceholderText(here if kind == BARESIP else "pbx.example.jp")
        self.port.setToolTip(
            str(baresip.PORT) if kind == BARESIP else f"{ami.TLS_PORT} (TLS)" if kind == ASTERISK else ""
        )
        self.try_button.setVisible(kind != SYSTEM)
        self._edited()

    def _needed(self, code: str) -> bool:
        """Return whether the link that was chosen has such a part."""
        kind, scheme = str(self.kind.currentData()), str(self.scheme.currentData())
        if kind != SYSTEM or code not in {"template", "domain"}:
            return True
        return scheme == OWN if code == "template" else "{domain}" in SCHEMES.get(scheme, "")

    def _edited(self) -> None:
        self._touched = True

    def _say_state(self) -> None:
        phone = self._session.phone
        if phone is None or not phone.account.tells:
            self.state.setText(self.tr("この端末の電話アプリでかけます。結果と時間は手で記録します。"))
        elif self._desk.telephone.up:
            self.state.setText(self.tr("電話につながっています。"))
        else:
            self.state.setText(self.tr("電話につないでいます。"))

    def _stood(self, state: LineState) -> None:
        if state.up or not state.code:
            self._say_state()
        else:
            said = messages.sentence(state.code, {}, self._session.lang)
            self.state.setText(f"{said.what} {said.do}".strip())

    # ------------------------------------------------------------------ what is pressed

    def take_keyboard(self) -> None:
        """Go to the way of dialling."""
        self.kind.setFocus(Qt.FocusReason.OtherFocusReason)

    def wanted(self) -> PhoneAccount:
        """Return the account as it was typed."""
        kind = str(self.kind.currentData())
        shown = _SHOWN[kind]

        def text(code: str, field: QLineEdit) -> str:
            return field.text().strip() if code in shown else ""

        return PhoneAccount(
            kind=kind,
            scheme=str(self.scheme.currentData()) if kind == SYSTEM else "tel",
            domain=text("domain", self.domain) if self._needed("domain") else "",
            template=text("template", self.template) if self._needed("template") else "",
            national=self.national.isChecked(),
            prefix=text("prefix", self.prefix),
            host=text("host", self.host),
            port=self.port.value() if "port" in shown else 0,
            user=text("user", self.user),
            channel=text("channel", self.channel),
            context=text("context", self.context) or PhoneAccount().context,
            ring_s=self.ring_s.value(),
        )

    def try_it(self) -> None:
        """Reach the telephone once; nothing is kept and nobody is called."""
        ctx, secrets, wanted, password = self._desk.ctx, self._desk.secrets, self.wanted(), self.password.text() or None
        if not wanted.tells:
            return
        self._busy(on=True)

        def tried(_: None) -> None:
            self._busy(on=False)
            self.state.setText(self.tr("つながりました。「保存して使う」で使い始めます。"))
            self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)

        self._session.tasks.fetch(
            lambda: phone_account.try_account(ctx, secrets, wanted, password), tried, self._failed, owner=self
        )

    def keep(self) -> None:
        """Dial so from now on; a telephone that tells must answer first."""
        ctx, secrets, wanted, password = self._desk.ctx, self._desk.secrets, self.wanted(), self.password.text() or None
        self._busy(on=True)

        def op() -> Changes:
            phone_account.try_account(ctx, secrets, wanted, password)
            return phone_account.keep_account(ctx, secrets, wanted, password)

        def kept(changes: Changes) -> None:
            self._busy(on=False)
            self._touched = False
            self._session.hub.changed.emit(changes)
            if self._session.phone is not None:
                self._session.phone.open()
            self._session.notices.say(self.tr("電話の設定を保存しました。F5 でこの電話からかけます。"))
            self.load()

        self._session.tasks.fetch(op, kept, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self._busy(on=False)
        wrong = self._rows.get(str(error.params.get("what"))) if isinstance(error, BadInput) else None
        if wrong is not None:
            self.state.setText(self.tr("「{field}」を確かめてください。").format(field=wrong[0].text()))
            wrong[1].setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(error, IsdeskError):
            said = messages.say(error, self._session.lang)
            self.state.setText(f"{said.what} {said.do}".strip())
        else:
            self._say_state()
            self._session.notices.error(error)

    def _busy(self, *, on: bool) -> None:
        for part in (self.try_button, self.keep_button):
            part.setEnabled(not on)
        if on:
            self.state.setText(self.tr("確かめています"))
