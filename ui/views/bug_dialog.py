"""The report of a bug: what happened in a sentence, what was kept, and a text to copy that holds no personal data."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets import button, label


class BugDialog(QDialog):
    """Tells of a bug; nothing is sent by itself."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("不具合の報告"))
        self.setMinimumWidth(560)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(10)
        box.addWidget(label(self.tr("プログラムの不具合で、いまの操作を終えられませんでした。"), "head", wrap=True))
        kept = self.tr("記録済みの内容は保存されています。同じ操作をもう一度お試しください。")
        box.addWidget(label(kept, "dim", wrap=True))
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setMinimumHeight(160)
        box.addWidget(text)
        box.addWidget(label(self.tr("この報告に個人情報は含まれません。自動では送信しません。"), "small", wrap=True))
        line = QHBoxLayout()
        copy = button(self.tr("報告をコピー"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        shut = button(self.tr("閉じる"), "primary")
        shut.clicked.connect(self.accept)
        line.addWidget(copy)
        line.addStretch(1)
        line.addWidget(shut)
        box.addLayout(line)
