"""The first page of a fresh profile: a demo team with one click, or a guided set-up in three short steps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from isdesk.paths import Profile
from ui.notices import Notice, Notices
from ui.setup_work import Answers, Made, SetupWork
from ui.tasks import Tasks
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets import Card, NoticeBar, button, label
from ui.widgets.empty import IconBadge

_WIDTH = 720


class FirstRun(QWidget):
    """Asks the little that is needed and says what happens; ``ready(passphrase)`` when the profile can be opened.

    ``first_page`` is the page to begin with, empty where it does not matter.
    """

    ready = Signal(str)

    def __init__(self, profile: Profile, tasks: Tasks, notices: Notices, lang: str = "ja") -> None:
        super().__init__()
        self._tasks, self._notices = tasks, notices
        self._work = SetupWork(profile, lang)
        self._passphrase_needed = False
        self._made: Made | None = None
        self.first_page = ""
        notices.noticed.connect(self._tell)
        self._build()
        tasks.fetch(self._work.facts, self._know, notices.error, owner=self)

    # ------------------------------------------------------------------ parts

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 16)
        self._bars = QVBoxLayout()
        whole.addLayout(self._bars)
        whole.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch(1)
        self.steps = QStackedWidget()
        self.steps.setFixedWidth(_WIDTH)
        self.steps.setStyleSheet("QStackedWidget { background: transparent; }")
        for step in (self._welcome(), self._who(), self._hub(), self._done()):
            self.steps.addWidget(step)
        middle.addWidget(self.steps)
        middle.addStretch(1)
        whole.addLayout(middle)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setFixedWidth(_WIDTH)
        self.busy_words = label("", "dim")
        for part in (self.busy_words, self.busy):
            part.hide()
            whole.addWidget(part, alignment=Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)

    def _welcome(self) -> QWidget:
        made, box = _column()
        box.addWidget(label(self.tr("isdesk へようこそ"), "name"), alignment=Qt.AlignmentFlag.AlignHCenter)
        text = self.tr(
            "次にかける相手、その横にスクリプト、結果はキーひとつ。データはこの端末に暗号化して保存されます。"
        )
        box.addWidget(label(text, "dim"), alignment=Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(16)
        line = QHBoxLayout()
        line.setSpacing(16)
        self.demo_button = button(self.tr("デモチームを開く"), "primary")
        self.demo_button.clicked.connect(self._demo)
        demo = self.tr("架空の会社と担当者、90日分の履歴が入ったチームで、すぐに操作を試せます。数秒で開きます。")
        line.addWidget(_choice("play", self.tr("まず試す"), demo, self.demo_button), 1)
        self.own_button = button(self.tr("設定を始める"))
        self.own_button.clicked.connect(lambda: self._go(1))
        own = self.tr("お名前と接続先を決めて、自分のリストで始めます。あとから変えられます。")
        line.addWidget(_choice("user", self.tr("自分の環境を用意する"), own, self.own_button), 1)
        box.addLayout(line)
        self.secret_card = Card(margins=(16, 12, 16, 14))
        self.secret_card.body.addWidget(label(self.tr("暗号化パスフレーズ"), "section"))
        why = self.tr(
            "この端末には鍵を預けられるキーチェーンがないため、データを開くパスフレーズを決めてください(8文字以上)。"
        )
        self.secret_card.body.addWidget(label(why, "dim", wrap=True))
        self.secret = _secret_field(self.tr("パスフレーズ"))
        self.secret_card.body.addWidget(self.secret)
        self.secret_card.hide()
        box.addWidget(self.secret_card)
        return made

    def _who(self) -> QWidget:
        made, box = _column()
        box.addWidget(label(self.tr("1 / 3  あなたについて"), "title"))
        card = Card(margins=(20, 16, 20, 18))
        form = _form()
        self.name, self.email, self.company = QLineEdit(), QLineEdit(), QLineEdit()
        self.email.setPlaceholderText("name@example.jp")
        self.role = QComboBox()
        for code, text in (
            ("rep", self.tr("インサイドセールス")),
            ("team_lead", self.tr("チームリーダー")),
            ("fs", self.tr("フィールドセールス")),
        ):
            self.role.addItem(text, code)
        self.preset = QComboBox()
        form.addRow(self.tr("お名前"), self.name)
        form.addRow(self.tr("メール"), self.email)
        form.addRow(self.tr("御社名(スクリプトに入ります)"), self.company)
        form.addRow(self.tr("役割"), self.role)
        form.addRow(self.tr("チームの定義"), self.preset)
        card.body.addLayout(form)
        box.addWidget(card)
        self.create_button = button(self.tr("次へ"), "primary")
        self.create_button.setEnabled(False)
        self.create_button.clicked.connect(self._create)
        self.name.textChanged.connect(lambda text: self.create_button.setEnabled(bool(text.strip())))
        self.name.returnPressed.connect(self._create)
        box.addLayout(self._foot(0, self.create_button))
        return made

    def _hub(self) -> QWidget:
        made, box = _column()
        box.addWidget(label(self.tr("2 / 3  接続先"), "title"))
        card = Card(margins=(20, 16, 20, 18))
        self.embedded = QRadioButton(self.tr("この端末だけで使う(内蔵ハブ)"))
        self.crm = QRadioButton(self.tr("CRMかチームハブに接続する"))
        self.later = QRadioButton(self.tr("あとで決める"))
        self.embedded.setChecked(True)
        told = {
            self.crm: self.tr("Salesforce・HubSpot・kintone・Odoo・PostgreSQL。次の画面で、確かめながらつなぎます。"),
            self.embedded: self.tr("サーバーは要りません。データはこの端末の暗号化された内蔵ハブに入ります。"),
            self.later: self.tr("リストを取り込んで、すぐに架電を始められます。"),
        }
        for part, text in told.items():
            card.body.addWidget(part)
            words = label(text, "small", wrap=True)
            words.setContentsMargins(24, 0, 0, 6)
            card.body.addWidget(words)
        card.body.setSpacing(4)
        box.addWidget(card)
        self.connect_button = button(self.tr("次へ"), "primary")
        self.connect_button.clicked.connect(self._connect)
        box.addLayout(self._foot(None, self.connect_button))
        return made

    def _done(self) -> QWidget:
        made, box = _column()
        box.addWidget(label(self.tr("3 / 3  準備ができました"), "title"))
        card = Card(margins=(20, 16, 20, 18))
        card.body.setSpacing(8)
        self.outcome = label("", wrap=True)
        card.body.addWidget(self.outcome)
        card.body.addWidget(label(self.tr("回復用パスフレーズ"), "section"))
        why = self.tr(
            "鍵を失ったときにデータを開ける唯一の方法です。印刷するか、安全な場所に控えてください。再表示はできません。"
        )
        card.body.addWidget(label(why, "dim", wrap=True))
        self.recovery = label()
        self.recovery.setFont(figures(Size.SCRIPT, bold=True))
        self.recovery.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.recovery.setWordWrap(True)
        card.body.addWidget(self.recovery)
        copy = button(self.tr("コピー"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.recovery.text()))
        card.body.addWidget(copy, alignment=Qt.AlignmentFlag.AlignLeft)
        box.addWidget(card)
        self.start_button = button(self.tr("控えました。はじめる"), "primary")
        self.start_button.clicked.connect(lambda: self.ready.emit(self.secret.text()))
        box.addLayout(self._foot(None, self.start_button))
        return made

    def _foot(self, back: int | None, do: QPushButton) -> QHBoxLayout:
        line = QHBoxLayout()
        if back is not None:
            go = button(self.tr("戻る"))
            go.clicked.connect(lambda: self._go(back))
            line.addWidget(go)
        line.addStretch(1)
        line.addWidget(do)
        return line

    # ------------------------------------------------------------------ steps

    def _know(self, facts: tuple[bool, list[tuple[str, str]]]) -> None:
        self._passphrase_needed = facts[0]
        self.secret_card.setVisible(facts[0])
        for name, text in facts[1]:
            self.preset.addItem(text, name)

    def _go(self, step: int) -> None:
        if step == 1 and not self._has_passphrase():
            return
        self.steps.setCurrentIndex(step)
        first = {1: self.name, 2: self.embedded, 3: self.start_button}.get(step, self.demo_button)
        first.setFocus()

    def _has_passphrase(self) -> bool:
        if self._passphrase_needed and not self.secret.text():
            self.secret.setFocus()
            self._notices.show(Notice(self.tr("先に暗号化パスフレーズを決めてください。"), tone="warn"))
            return False
        return True

    def _demo(self) -> None:
        if self._has_passphrase():
            passphrase = self.secret.text() or None
            self._run(
                lambda: self._work.demo(passphrase),
                lambda _: self.ready.emit(self.secret.text()),
                self.tr("デモチームを作っています(会社・担当者・90日分の履歴)"),
            )

    def _create(self) -> None:
        if not self.create_button.isEnabled():
            return
        answers = Answers(
            self.name.text().strip(),
            self.email.text().strip(),
            self.company.text().strip(),
            str(self.role.currentData()),
            str(self.preset.currentData() or "default"),
            self.secret.text() or None,
        )
        self._run(lambda: self._work.create(answers), self._created, self.tr("暗号化されたデータベースを作っています"))

    def _created(self, made: Made) -> None:
        self._made = made
        self.recovery.setText(made.recovery)
        self._go(2)

    def _connect(self) -> None:
        passphrase = self.secret.text() or None
        if self.later.isChecked():
            self._connected(self.tr("接続先は「設定」からいつでも決められます。記録はこの端末に保存されます。"))
            return
        if self.embedded.isChecked():
            text = self.tr("この端末の内蔵ハブに接続しました。")
            self._run(
                lambda: self._work.embed(passphrase), lambda _: self._connected(text), self.tr("内蔵ハブを作っています")
            )
            return
        self.first_page = "connect"
        self._connected(self.tr("このあと、接続先を選んで確かめながらつなぎます。"))

    def _connected(self, text: str) -> None:
        self.outcome.setText(text)
        self._go(3)

    def _run(self, op: Callable[[], object], then: Callable[..., object], words: str) -> None:
        """Run a step on a worker; meanwhile the page says what goes on and takes no second click."""
        self.busy_words.setText(words)
        self._set_busy(on=True)

        def done(result: object) -> None:
            self._set_busy(on=False)
            then(result)

        def failed(error: Exception) -> None:
            self._set_busy(on=False)
            self._notices.error(error)

        self._tasks.fetch(op, done, failed, owner=self)

    def _set_busy(self, *, on: bool) -> None:
        self.steps.setEnabled(not on)
        self.busy.setVisible(on)
        self.busy_words.setVisible(on)
        if on:
            self._clear()

    def _tell(self, notice: Notice) -> None:
        self._clear()
        bar = NoticeBar(notice.text, tone=notice.tone, more=notice.more, details=notice.details)
        bar.closed.connect(self._clear)
        self._bars.addWidget(bar)

    def _clear(self) -> None:
        while (item := self._bars.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _column() -> tuple[QWidget, QVBoxLayout]:
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(12)
    return made, box


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(8)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def _secret_field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(name)
    return made


def _choice(icon: str, title: str, text: str, do: QPushButton) -> Card:
    card = Card(margins=(20, 20, 20, 20))
    card.body.setSpacing(8)
    card.body.addWidget(IconBadge(icon, 40))
    card.body.addWidget(label(title, "head"))
    words = label(text, "dim", wrap=True)
    words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    words.setMinimumHeight(60)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    card.body.addWidget(words)
    card.body.addStretch(1)
    card.body.addWidget(do)
    return card
