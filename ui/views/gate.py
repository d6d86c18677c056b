"""The page in front of a profile that is not open: it is being opened, it is locked, or it could not be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from isdesk.domain.errors import IsdeskError
from ui.widgets import Card, button, label
from ui.widgets.empty import IconBadge


class Gate(QWidget):
    """Shows nothing of the profile. ``opened(passphrase, recovery)`` asks to open it; one of both is empty."""

    opened = Signal(str, str)

    def __init__(self, lang: str = "ja") -> None:
        super().__init__()
        self._lang = lang
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        self.card = Card(margins=(28, 24, 28, 24))
        self.card.setFixedWidth(460)
        self.card.body.setSpacing(10)
        self.card.body.addWidget(IconBadge("lock", 44), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title = label("", "head", wrap=True)
        self.text = label("", "dim", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.card.body.addWidget(part)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.card.body.addWidget(self.busy)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.returnPressed.connect(self._open)
        self.card.body.addWidget(self.field)
        line = QHBoxLayout()
        self.other = button(self.tr("回復用パスフレーズで開く"), "link")
        self.other.setCheckable(True)
        self.other.toggled.connect(self._which)
        line.addWidget(self.other)
        line.addStretch(1)
        self.do = button(self.tr("開く"), "primary")
        self.do.clicked.connect(self._open)
        line.addWidget(self.do)
        self.card.body.addLayout(line)
        whole.addWidget(self.card, alignment=Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)
        self.wait()

    def wait(self) -> None:
        """Say that the profile is being opened."""
        self.title.setText(self.tr("開いています"))
        self.text.setText("")
        self._show(busy=True, field=False, do=False)

    def ask(self, *, locked: bool = False, passphrase: bool = True) -> None:
        """Ask for what opens the profile; without ``passphrase`` the keyring does and a click is enough."""
        self.title.setText(self.tr("ロックしています") if locked else self.tr("パスフレーズを入力してください"))
        self.text.setText(self.tr("入力途中の内容も記録も、暗号化して保存されています。") if locked else "")
        self._show(busy=False, field=passphrase, do=True)
        self._which(self.other.isChecked())
        (self.field if passphrase else self.do).setFocus()

    def refuse(self, error: IsdeskError, *, again: bool) -> None:
        """Say why it does not open; ``again``: something else may be tried."""
        from isdesk import messages

        words = messages.say(error, self._lang)
        self.title.setText(words.what)
        self.text.setText(f"{words.kept}\n{words.do}".strip())
        self._show(busy=False, field=again, do=True)
        self.do.setText(self.tr("もう一度開く"))
        self.field.clear()
        self.field.setFocus()

    def _show(self, *, busy: bool, field: bool, do: bool) -> None:
        self.busy.setVisible(busy)
        self.field.setVisible(field)
        self.other.setVisible(field)
        self.do.setVisible(do)
        self.do.setText(self.tr("開く"))

    def _which(self, recovery: bool) -> None:
        name = self.tr("回復用パスフレーズ") if recovery else self.tr("パスフレーズ")
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)

    def _open(self) -> None:
        text = self.field.text()
        recovery = self.other.isChecked()
        self.field.clear()
        self.wait()
        self.opened.emit("" if recovery else text, text if recovery else "")
