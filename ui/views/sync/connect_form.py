"""Connecting to a hub: the one on this computer or a team's, tested at once, with what it can do in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFormLayout, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from ui.widgets import Card, button, label
from ui.widgets.empty import IconBadge


@dataclass(frozen=True, slots=True)
class Wanted:
    """A connection as it was filled in; ``url`` empty: the hub on this computer."""

    url: str
    user: str
    secret: str
    scope: str


class ConnectForm(QWidget):
    """Gives ``connected(Wanted)``; what comes of it is shown at the right."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self._form(), 3)
        line.addWidget(self._answer(), 2)

    def _form(self) -> Card:
        card = Card(margins=(20, 16, 20, 18))
        card.body.setSpacing(10)
        card.body.addWidget(label(self.tr("接続先"), "head"))
        self.embedded = QRadioButton(self.tr("この端末だけで使う(内蔵ハブ・SQLite)"))
        self.team = QRadioButton(self.tr("チームのハブに接続する(PostgreSQL)"))
        self.embedded.setChecked(True)
        places = QButtonGroup(self)
        for choice in (self.embedded, self.team):
            places.addButton(choice)
            card.body.addWidget(choice)
        self.url, self.user, self.secret = QLineEdit(), QLineEdit(), QLineEdit()
        self.url.setPlaceholderText("postgresql://host:5432/database")
        self.user.setPlaceholderText(self.tr("ハブに登録されたメールアドレス"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        self._secret_label = label(self.tr("パスワード"))
        for text, part in (
            (label(self.tr("接続先URL")), self.url),
            (label(self.tr("あなたのメール")), self.user),
            (self._secret_label, self.secret),
        ):
            text.setBuddy(part)
            part.setAccessibleName(text.text())
            part.returnPressed.connect(self.ask)
            form.addRow(text, part)
        self.team.toggled.connect(self._show_kind)
        card.body.addLayout(form)
        card.body.addWidget(label(self.tr("受け取る範囲"), "section"))
        self.mine = QRadioButton(self.tr("自分のリードだけ(この端末に置くデータが少なくなります)"))
        self.all = QRadioButton(self.tr("チーム全体(チームリーダー向け)"))
        self.mine.setChecked(True)
        scopes = QButtonGroup(self)
        for choice in (self.mine, self.all):
            scopes.addButton(choice)
            card.body.addWidget(choice)
        card.body.addStretch(1)
        foot = QHBoxLayout()
        note = self.tr("うまくいかないときは、いまの接続のままです。パスワードはキーチェーンに保存します。")
        foot.addWidget(label(note, "small", wrap=True), 1)
        self.connect_button = button(self.tr("接続を確かめて保存"), "primary")
        self.connect_button.clicked.connect(self.ask)
        foot.addWidget(self.connect_button)
        card.body.addLayout(foot)
        self._show_kind(team=False)
        return card

    def _answer(self) -> Card:
        card = Card(margins=(20, 16, 20, 18))
        card.body.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconBadge("link", 32))
        self.title = label(self.tr("まだ接続していません"), "head", wrap=True)
        head.addWidget(self.title, 1)
        card.body.addLayout(head)
        self.more = label("", "dim", wrap=True)
        card.body.addWidget(self.more)
        self._able = QVBoxLayout()
        self._able.setSpacing(6)
        card.body.addLayout(self._able)
        card.body.addStretch(1)
        return card

    # ------------------------------------------------------------------ what is shown

    def _show_kind(self, team: bool) -> None:
        self.url.setEnabled(team)
        self.user.setEnabled(team)
        text = self.tr("パスワード") if team else self.tr("パスフレーズ(必要な端末だけ)")
        self._secret_label.setText(text)
        self.secret.setAccessibleName(text)

    def show_connection(self, title: str, more: str, able: Sequence[str] = ()) -> None:
        """Say to what one is connected, and what it can do."""
        self.title.setText(title)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        while (taken := self._able.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text in able:
            self._able.addWidget(label(f"✓ {text}", "good", wrap=True))

    def show_busy(self, *, on: bool) -> None:
        """Take no second click while a connection is tested."""
        self.connect_button.setEnabled(not on)
        self.connect_button.setText(self.tr("確かめています") if on else self.tr("接続を確かめて保存"))

    def ask(self) -> None:
        """Give what was filled in."""
        url = self.url.text().strip() if self.team.isChecked() else ""
        if self.team.isChecked() and not url:
            self.url.setFocus()
            return
        if self.connect_button.isEnabled():
            user = self.user.text().strip() if self.team.isChecked() else ""
            scope = "team" if self.all.isChecked() else "mine"
            self.wanted.emit(Wanted(url, user, self.secret.text(), scope))
