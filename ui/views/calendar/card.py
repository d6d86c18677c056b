"""The calendar account on the settings page: sign in, see that it works, say whose calendar is which."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QSpinBox

from isdesk.channels.caldav import Found
from isdesk.domain.changes import Changes
from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.services import booking, carrying
from isdesk.services.booking import Account
from isdesk.services.calendar_account import LONGEST, SHORTEST
from isdesk.services.carrying import Imported, Round
from ui.views.call import phrases
from ui.widgets import Card, button, label, still

if TYPE_CHECKING:
    from isdesk.desk import Desk
    from isdesk.services.context import Context
    from ui.session import Session

Heard = dict[MemberId, tuple[datetime | None, str]]
_WIDE = 300


class CalendarCard(Card):
    """Nothing is kept before the test went well; a file of a calendar may be read without any account."""

    def __init__(self, session: Session, desk: Desk) -> None:
        super().__init__(margins=(20, 14, 20, 16))
        self._session, self._desk = session, desk
        self._found: list[Found] = []
        self.body.setSpacing(8)
        self.body.addWidget(label(self.tr("予定表"), "head"))
        self.state = label(self.tr("確認しています"), "dim", wrap=True)
        self.body.addWidget(self.state)
        self.url, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.minutes = QSpinBox()
        still(self.minutes)
        self.choices: dict[MemberId, QComboBox] = {}
        self.heard: dict[MemberId, object] = {}
        self._people = QGridLayout()
        self._build_form()
        self.body.addLayout(self._people)
        self._build_foot()

    def _build_form(self) -> None:
        self.url.setPlaceholderText("https://")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.minutes.setRange(SHORTEST, LONGEST)
        self.minutes.setSingleStep(15)
        self.minutes.setValue(60)
        self.minutes.setKeyboardTracking(False)
        self.minutes.valueChanged.connect(self._keep_minutes)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        rows = (
            (self.tr("CalDAVのアドレス"), self.url),
            (self.tr("ユーザー名"), self.user),
            (self.tr("パスワード(アプリ用)"), self.password),
            (self.tr("商談の長さ(分)"), self.minutes),
        )
        for row, (text, field) in enumerate(rows):
            field.setAccessibleName(text)
            if isinstance(field, QLineEdit):
                field.setMinimumWidth(_WIDE)
                field.textEdited.connect(self._edited)
                field.returnPressed.connect(self.test)
            else:
                field.setFixedWidth(96)
            grid.addWidget(label(text), row, 0)
            grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(grid)

    def _build_foot(self) -> None:
        line = QHBoxLayout()
        self.test_button = button(self.tr("接続を確かめる"))
        self.keep_button = button(self.tr("保存して使う"), "primary")
        self.forget_button = button(self.tr("予定表の接続をやめる"))
        self.test_button.clicked.connect(self.test)
        self.keep_button.clicked.connect(self.keep)
        self.forget_button.clicked.connect(self.forget)
        self.keep_button.setEnabled(False)
        for part in (self.test_button, self.keep_button, self.forget_button):
            line.addWidget(part)
        line.addStretch(1)
        self.body.addLayout(line)
        text = self.tr(
            "FSの予定は時間だけを読み、内容は読みません。パスワードも、読んだ時間も、暗号化してこの端末に保存します。"
        )
        self.body.addWidget(label(text, "small", wrap=True))

    # ------------------------------------------------------------------ how it stands

    def load(self) -> None:
        """Read how it stands."""
        desk = self._desk
        self._session.tasks.read(lambda: _stand(desk), self._show, owner=self, key="calendar-card")

    def _show(self, stand: tuple[Account, Heard, int]) -> None:
        account, heard, waiting = stand
        if not self.url.isModified() and not self.user.isModified():
            self.url.setText(account.url)
            self.user.setText(account.user)
        self.password.setPlaceholderText(self.tr("保存済み") if account.url else "")
        self.minutes.blockSignals(True)  # Qt's own
        self.minutes.setValue(account.minutes)
        self.minutes.blockSignals(False)  # Qt's own
        self.forget_button.setVisible(bool(account.url))
        self._show_people(account, heard)
        if not account.url:
            self.state.setText(self.tr("まだ接続していません。接続すると、FSの空きがアポの質問に出ます。"))
            return
        text = self.tr("接続中。FSの予定表 {n}人分").format(n=len(account.calendars or {}))
        if waiting:
            text += self.tr(" ・ 予定表への書き込み待ち {n}件").format(n=waiting)
        self.state.setText(text)

    def _show_people(self, account: Account, heard: Heard) -> None:
        while (item := self._people.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.deleteLater()
        self.choices.clear()
        self._people.setHorizontalSpacing(12)
        self._people.setColumnStretch(1, 1)
        for row, person in enumerate(_fs(self._session.ctx)):
            combo = QComboBox()
            still(combo)
            combo.setMinimumWidth(180)
            combo.setAccessibleName(self.tr("{name}さんの予定表").format(name=person.name))
            self._fill(combo, account.of(person.id))
            self.choices[person.id] = combo
            read = button(self.tr(".ics を読み込む"))
            read.clicked.connect(lambda _=False, person=person: self.import_file(person.id))
            self._people.addWidget(label(person.name), row, 0)
            self._people.addWidget(label(self._heard_words(heard.get(person.id)), "small"), row, 1)
            self._people.addWidget(combo, row, 2)
            self._people.addWidget(read, row, 3)

    def _fill(self, combo: QComboBox, chosen: str) -> None:
        combo.clear()
        combo.addItem(self.tr("使わない"), "")
        for one in self._found:
            combo.addItem(one.name, one.url)
        if chosen and combo.findData(chosen) < 0:
            combo.addItem(self.tr("選択済みの予定表"), chosen)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))
        combo.setEnabled(combo.count() > 1)

    def _heard_words(self, heard: tuple[datetime | None, str] | None) -> str:
        if heard is None or heard[0] is None:
            return self.tr("まだ読んでいません")
        when = phrases.moment_text(heard[0], phrases.tokyo(self._session.now()).date())
        return (self.tr(".ics {when}") if heard[1] == "file" else self.tr("同期 {when}")).format(when=when)

    # ------------------------------------------------------------------ what is pressed

    def take_keyboard(self) -> None:
        """Go to the address."""
        self.url.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        self.keep_button.setEnabled(False)

    def test(self) -> None:
        """Sign in and look at the calendars; nothing is kept."""
        url, user, password, account = (
            self.url.text(),
            self.user.text().strip(),
            self.password.text(),
            self._desk.calendar,
        )
        self._busy(self.test_button, on=True)
        self._session.tasks.fetch(
            lambda: account.test(url, user, password or None), self._tested, self._failed, owner=self
        )

    def _tested(self, found: list[Found]) -> None:
        self._busy(self.test_button, on=False)
        self._found = found
        for fs_id, combo in self.choices.items():
            chosen = str(combo.currentData() or "")
            self._fill(combo, chosen or _guess(found, self._session.ctx.members.get(fs_id)))
        self.keep_button.setEnabled(True)
        self.state.setText(
            self.tr("接続できました。予定表が{n}個あります。FSごとに選んで保存してください。").format(n=len(found))
        )
        first = next(iter(self.choices.values()), None)
        (first or self.keep_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: Exception) -> None:
        self._busy(self.test_button, on=False)
        self.keep_button.setEnabled(False)
        self.state.setText(self.tr("接続できませんでした。前の設定のままです。"))
        self._session.notices.error(error)

    def keep(self) -> None:
        """Keep the account, and do a first round with it."""
        account = self._desk.calendar
        url, user, password = self.url.text(), self.user.text().strip(), self.password.text() or None
        places = {fs_id: str(combo.currentData()) for fs_id, combo in self.choices.items() if combo.currentData()}
        minutes = self.minutes.value()

        def op() -> tuple[Changes, Round]:
            return account.keep(url, user, password, places, minutes), account.carry()

        def kept(done: tuple[Changes, Round]) -> None:
            self.password.clear()
            for field in (self.url, self.user):
                field.setModified(False)
            self.keep_button.setEnabled(False)
            self._session.hub.changed.emit(done[0])
            self._session.notices.say(self.tr("予定表をつなぎました。アポの質問にFSの空きが出ます。"))
            self.load()

        self._session.tasks.fetch(op, kept, self._failed, owner=self)

    def forget(self) -> None:
        """Forget the account."""
        account = self._desk.calendar

        def gone(_: Changes) -> None:
            for field in (self.url, self.user, self.password):
                field.clear()
                field.setModified(False)
            self._found = []
            self._session.notices.say(self.tr("予定表の接続をやめました。商談はそのままです。"))
            self.load()

        self._session.tasks.write(account.forget, gone, self._session.notices.error, owner=self)

    def _keep_minutes(self, minutes: int) -> None:
        account = self._desk.calendar
        self._session.tasks.write(lambda: account.keep_minutes(minutes), None, self._session.notices.error, owner=self)

    def import_file(self, fs_id: MemberId, path: str = "") -> None:
        """Read which times of somebody are taken from a file; ``path`` empty asks for one."""
        if not path:
            kind = self.tr("予定表 (*.ics)")
            path, _ = QFileDialog.getOpenFileName(self, self.tr("FSの予定表を読み込む"), "", kind)
        if not path:
            return
        account, file = self._desk.calendar, Path(path)

        def read(found: Imported) -> None:
            text = self.tr("予定を読み込みました: この先 {n}件").format(n=found.come)
            if found.left_out:
                text = self.tr("予定を読み込みました: この先 {n}件(読めない予定 {bad}件は飛ばしました)").format(
                    n=found.come, bad=found.left_out
                )
            if not found.come and not found.left_out:
                text = self.tr("この先の予定はありません。前に読み込んだ予定は消え、すべて空きとして扱います")
            self._session.notices.say(text)
            self.load()

        def failed(error: Exception) -> None:
            if isinstance(error, OSError):
                self._session.notices.say(self.tr("ファイルを開けませんでした: {file}").format(file=file.name))
            else:
                self._session.notices.error(error)

        self._session.tasks.fetch(lambda: account.import_file(fs_id, file.read_bytes()), read, failed, owner=self)

    def _busy(self, part: QPushButton, *, on: bool) -> None:
        part.setEnabled(not on)
        if on:
            self.state.setText(self.tr("確かめています"))
        else:
            QTimer.singleShot(0, self, lambda: part.setEnabled(True))


def _fs(ctx: Context) -> list[Member]:
    return sorted((one for one in ctx.members.values() if one.role == "fs" and one.active), key=lambda one: one.name)


def _guess(found: list[Found], person: Member | None) -> str:
    """Return the one calendar whose name or address names a person, empty where none or several do."""
    if person is None:
        return ""
    marks = {person.name.replace(" ", "").casefold(), person.email.partition("@")[0].casefold()} - {""}
    near = [
        one.url for one in found if any(mark in f"{one.name} {one.url}".replace(" ", "").casefold() for mark in marks)
    ]
    return near[0] if len(near) == 1 else ""


def _stand(desk: Desk) -> tuple[Account, Heard, int]:
    """Return the account, when each calendar was read, and how many meetings wait for theirs (worker)."""
    ctx, account = desk.ctx, desk.calendar.account
    return account, booking.heard(ctx, [one.id for one in _fs(ctx)]), carrying.waiting(ctx)
