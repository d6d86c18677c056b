"""The table of leads whose rows are dragged onto a rep."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from ui.theme import paint, tokens
from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets.table import DataTable


class DragTable(DataTable):
    """A table of several rows to choose; what is dragged looks like a small label with their number."""

    def __init__(self, name: str) -> None:
        super().__init__(name, several=True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)

    @override
    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        rows = self.chosen_rows()
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(self.dragged())
        drag.setPixmap(self._label(self.tr("{n}件").format(n=f"{len(rows):,}")))
        drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.CopyAction)

    def dragged(self) -> QMimeData:
        """Return what a drag of the selected rows carries."""
        model = self.model()
        return model.mimeData([model.index(row, 0) for row in self.chosen_rows()])

    def _label(self, text: str) -> QPixmap:
        font, ratio = figures(Size.BODY, bold=True), self.devicePixelRatioF()
        box = QRect(0, 0, QFontMetrics(font).horizontalAdvance(text) + 24, 28)
        made = QPixmap(box.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setFont(font)
        paint.chip(painter, box, text, tokens().accent, tokens().on_accent, 8)
        painter.end()
        return made
