"""Asks, after a mail was opened in the person's own mail program, whether it was sent: one key says so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets import KeyCap, button, label


class SentBar(QWidget):
    """``answered(bool)``: it was sent, or not (yet). Its keys hold only while it asks."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label(self.tr("メールソフトで送りましたか"), "warn"))
        line.addStretch(1)
        self.yes = button(self.tr("送った"), "primary", tip=self.tr("履歴に記録する(Y)"))
        self.no = button(self.tr("まだ"), tip=self.tr("記録しない(N)"))
        self._keys: list[QShortcut] = []
        for part, key, said in ((self.yes, "Y", True), (self.no, "N", False)):
            line.addWidget(part)
            line.addWidget(KeyCap(key))
            part.clicked.connect(lambda _=False, told=said: self._say(sent=told))
            made = QShortcut(QKeySequence(key), self)
            made.activated.connect(part.click)
            made.setEnabled(False)
            self._keys.append(made)
        self.hide()

    def ask(self) -> None:
        """Ask."""
        self.show()
        for key in self._keys:
            key.setEnabled(True)
        self.yes.setFocus()

    def leave(self) -> None:
        """Ask no more."""
        self.hide()
        for key in self._keys:
            key.setEnabled(False)

    def _say(self, *, sent: bool) -> None:
        if not self.isHidden():
            self.leave()
            self.answered.emit(sent)
