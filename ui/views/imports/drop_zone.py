"""Where a file is dropped or chosen, and what files the program takes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import tokens
from ui.widgets import button, label
from ui.widgets.empty import IconBadge

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def dropped(mime: QMimeData) -> Path | None:
    """Return the list file that is being dropped, None where there is none."""
    for url in mime.urls():
        path = Path(url.toLocalFile()) if url.isLocalFile() else None
        if path is not None and path.suffix.lower() in ENDINGS:
            return path
    return None


class DropZone(QWidget):
    """A dashed frame that takes one file: ``chosen(path)``."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setAcceptDrops(True)
        self.setMinimumHeight(240)
        self.setMaximumHeight(400)
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        box.addWidget(IconBadge("import"), alignment=middle)
        box.addWidget(label(self.tr("CSV・Excelをここに落としてください"), "head"), alignment=middle)
        box.addWidget(
            label(self.tr("文字コード・区切り・見出しの行は自動で見分けます。書き込む前に内容を確認できます。"), "dim"),
            alignment=middle,
        )
        box.addSpacing(6)
        self.choose = button(self.tr("ファイルを選ぶ"), "primary")
        self.choose.setToolTip(self.tr("ファイルを選ぶ(O)"))
        self.choose.clicked.connect(self.ask)
        box.addWidget(self.choose, alignment=middle)
        box.addStretch(1)

    def ask(self) -> None:
        """Let the person choose a file."""
        endings = " ".join(f"*{ending}" for ending in ENDINGS)
        kinds = self.tr("リスト ({endings});;すべて (*)").format(endings=endings)
        path, _ = QFileDialog.getOpenFileName(self, self.tr("取り込むファイル"), "", kinds)
        if path:
            self.chosen.emit(path)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event.mimeData()) is not None:
            self._over = True
            self.update()
            event.acceptProposedAction()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        path = dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.chosen.emit(str(path))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(look.accent if self._over else look.faint), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(look.accent_weak if self._over else look.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)
        painter.end()
