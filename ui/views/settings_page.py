"""The settings page: every declared setting, the profile and its lock, the connection, and the backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.domain.changes import Changes
from isdesk.domain.errors import BadInput
from isdesk.settings import DECLARED, Setting, Settings
from ui import care, words
from ui.noop import QT_TRANSLATE_NOOP
from ui.pages import Page
from ui.session import Session
from ui.views.calendar.card import CalendarCard
from ui.views.telephone.card import TelephoneCard
from ui.widgets import Card, button, label, still_within

if TYPE_CHECKING:
    from isdesk.desk import Desk

GROUPS: tuple[tuple[str, str], ...] = (
    ("look", QT_TRANSLATE_NOOP("settings", "表示")),
    ("calling", QT_TRANSLATE_NOOP("settings", "架電")),
    ("notices", QT_TRANSLATE_NOOP("settings", "お知らせ")),
    ("sync", QT_TRANSLATE_NOOP("settings", "同期")),
    ("safety", QT_TRANSLATE_NOOP("settings", "安全")),
)
_WIDTH = 720
_WAIT = 230


class SettingsPage(Page):
    """Writes a change at once and says what it does; nothing here needs an OK button."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.controls: dict[str, QWidget] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 18, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(label(self.tr("設定"), "title"))
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.viewport().setAutoFillBackground(False)
        body = QWidget()
        body.setAutoFillBackground(False)
        line = QHBoxLayout(body)
        line.setContentsMargins(0, 0, 24, 24)
        column = QVBoxLayout()
        column.setSpacing(12)
        holder = QWidget()
        holder.setMaximumWidth(_WIDTH)
        holder.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        line.addWidget(holder, 10)
        line.addStretch(1)
        column.addWidget(self._profile())
        if session.settings is not None:
            for group, title in GROUPS:
                column.addWidget(self._group(words.translate("settings", title), group, session.settings))
        if session.desk is not None:
            column.addWidget(self._connection())
            self.telephone = TelephoneCard(session, session.desk)
            column.addWidget(self.telephone)
            self.calendar = CalendarCard(session, session.desk)
            column.addWidget(self.calendar)
            column.addWidget(self._backups())
        column.addStretch(1)
        still_within(body)
        area.setWidget(body)
        whole.addWidget(area, 1)

    # ------------------------------------------------------------------ declared settings

    def _group(self, title: str, group: str, settings: Settings) -> Card:
        card = Card(margins=(20, 14, 20, 16))
        card.body.setSpacing(10)
        card.body.addWidget(label(title, "head"))
        english = self._session.lang == "en"
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(0, 1)
        for row, declared in enumerate(d for d in DECLARED if d.group == group):
            text = QVBoxLayout()
            text.setSpacing(0)
            text.addWidget(label(declared.en if english else declared.ja))
            text.addWidget(label(declared.about_en if english else declared.about_ja, "small", wrap=True))
            grid.addLayout(text, row, 0)
            control = self._control(declared, settings, english=english)
            control.setAccessibleName(declared.en if english else declared.ja)
            control.setObjectName(declared.code)
            self.controls[declared.code] = control
            grid.addWidget(control, row, 1, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        card.body.addLayout(grid)
        return card

    def _control(self, declared: Setting, settings: Settings, *, english: bool) -> QWidget:
        if isinstance(declared.default, bool):
            check = QCheckBox()
            check.setChecked(settings.flag(declared.code))
            check.toggled.connect(lambda on: self._set(declared.code, on))
            return check
        if isinstance(declared.default, int):
            spin = QSpinBox()
            spin.setRange(declared.least, declared.most)
            spin.setValue(settings.number(declared.code))
            spin.setKeyboardTracking(False)
            spin.setFixedWidth(96)
            spin.valueChanged.connect(lambda value: self._set(declared.code, value))
            return spin
        if declared.choices:
            combo = QComboBox()
            for code, ja, en in declared.choices:
                combo.addItem(en if english else ja, code)
            combo.setCurrentIndex(max(combo.findData(settings.get(declared.code)), 0))
            combo.setMinimumWidth(_WAIT)
            combo.currentIndexChanged.connect(lambda at: self._set(declared.code, combo.itemData(at)))
            return combo
        field = QLineEdit(settings.text(declared.code))
        field.setMinimumWidth(_WAIT)
        field.editingFinished.connect(lambda: self._set(declared.code, field.text()))
        return field

    def _set(self, code: str, value: object) -> None:
        settings = self._session.settings
        if settings is None or settings.get(code) == value:
            return
        try:
            settings.set(code, value)
        except BadInput as error:
            self._session.notices.error(error)
            return
        self._session.hub.changed.emit(Changes(settings=True))
        if code in {"language", "scale_percent"}:
            self._session.notices.say(self.tr("次に起動したときから変わります"))

    # ------------------------------------------------------------------ profile, connection, backups

    def _profile(self) -> Card:
        me, desk = self._session.ctx.me, self._session.desk
        card = Card(margins=(20, 14, 20, 16))
        card.body.setSpacing(6)
        card.body.addWidget(label(self.tr("プロファイル"), "head"))
        role = words.tr(words.ROLES[me.role]) if me.role in words.ROLES else ""
        facts = [(self.tr("お名前"), f"{me.name} ({role})"), (self.tr("メール"), me.email or "—")]
        if desk is not None:
            facts.append((self.tr("保存先"), str(desk.profile.root)))
        card.body.addLayout(_pairs(facts))
        if desk is not None:
            line = QHBoxLayout()
            lock = button(self.tr("今すぐロック"))
            lock.clicked.connect(lambda: self._session.commands.run("app.lock"))
            line.addWidget(lock)
            line.addWidget(label(self.tr("データは暗号化され、ロック中は鍵ごと閉じます。"), "small"), 1)
            card.body.addSpacing(4)
            card.body.addLayout(line)
        return card

    def _connection(self) -> Card:
        card = Card(margins=(20, 14, 20, 16))
        card.body.setSpacing(8)
        card.body.addWidget(label(self.tr("接続"), "head"))
        self._connected = label(self.tr("確認しています"), "dim", wrap=True)
        card.body.addWidget(self._connected)
        line = QHBoxLayout()
        self.connect_button = button(self.tr("接続先を選ぶ"))
        self.connect_button.clicked.connect(lambda: self._session.commands.run("page.connect"))
        self.review_button = button(self.tr("確認と項目の対応を見直す"))
        self.review_button.clicked.connect(lambda: self._session.commands.run("app.connect"))
        self.review_button.hide()
        for part in (self.connect_button, self.review_button):
            line.addWidget(part)
        line.addWidget(label(self.tr("うまくいかないときは、いまの接続のままです。"), "small"), 1)
        card.body.addLayout(line)
        return card

    def _backups(self) -> Card:
        card = Card(margins=(20, 14, 20, 16))
        card.body.setSpacing(8)
        card.body.addWidget(label(self.tr("バックアップ"), "head"))
        self._copies = label("", "dim", wrap=True)
        card.body.addWidget(self._copies)
        line = QHBoxLayout()
        do = button(self.tr("今すぐバックアップ"))
        do.clicked.connect(lambda: self._session.commands.run("app.backup"))
        line.addWidget(do)
        text = self.tr("戻すときは isdesk restore を使います。バックアップは同じ鍵で暗号化されています。")
        line.addWidget(label(text, "small", wrap=True), 1)
        card.body.addLayout(line)
        return card

    def show_calendar(self) -> None:
        """Bring the calendar account to the front."""
        if self._session.desk is not None:
            self._area.verticalScrollBar().setValue(self.calendar.y())
            self.calendar.take_keyboard()

    def show_telephone(self) -> None:
        """Bring the telephone to the front."""
        if self._session.desk is not None:
            self._area.verticalScrollBar().setValue(self.telephone.y())
            self.telephone.take_keyboard()

    @override
    def arrive(self) -> None:
        desk, settings = self._session.desk, self._session.settings
        for code, control in self.controls.items():  # a command may have set one meanwhile
            if isinstance(control, QComboBox) and settings is not None:
                control.setCurrentIndex(max(control.findData(settings.get(code)), 0))
        if desk is not None:
            self._session.tasks.read(lambda: _facts(desk), self._show, owner=self, key="settings")
            self.calendar.load()
            self.telephone.load()

    def _show(self, facts: tuple[str, list[str]]) -> None:
        url, copies = facts
        self._connected.setText(self.tr("接続先: {url}").format(url=url) if url else self.tr("まだ接続していません。"))
        self.connect_button.setText(self.tr("接続先を変える") if url else self.tr("接続先を選ぶ"))
        self.review_button.setVisible(bool(url))
        self._copies.setText(
            self.tr("{n}個あります。最新: {at}").format(n=len(copies), at=copies[0])
            if copies
            else self.tr("まだありません。")
        )


def _facts(desk: Desk) -> tuple[str, list[str]]:
    """Return where the profile is connected to, and when its copies were made (worker)."""
    connection = desk.connection
    made = [p.stem.removeprefix("isdesk-") for p in care.copies(desk)]
    shown = [f"{m[:4]}-{m[4:6]}-{m[6:8]} {m[9:11]}:{m[11:13]}" for m in made]
    return (_plain_url(connection.url) if connection else ""), shown


def _plain_url(url: str) -> str:
    """Return a URL without a password somebody may have put into it."""
    head, mark, rest = url.partition("://")
    if "@" in rest:
        rest = rest.rpartition("@")[2]
    return f"{head}{mark}{rest}"


def _pairs(facts: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, 88)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        grid.addWidget(label(name, "dim"), row, 0)
        text = label(value, wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(text, row, 1)
    return grid


def make(session: Session) -> Page:
    """Make the page."""
    return SettingsPage(session)
