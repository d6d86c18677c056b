"""The left side of the page of handoffs: the title, how the list is narrowed, and the list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from ui.theme.tokens import Size
from ui.views.call.kit import Text
from ui.views.handoff.lines import HandoffModel, LineDelegate
from ui.widgets import KeyCap
from ui.widgets.tabs import SegmentedTabs

LIST_WIDTH = 380


class ListColumn(QWidget):
    """``tabs``, and the ``list`` over its ``model``."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(LIST_WIDTH)
        self.tabs = SegmentedTabs([], "steps")
        self.model = HandoffModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("引き継ぎ"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = Text(self.tr("引き継ぎ"), bold=True, size=Size.HEAD)
        title = QHBoxLayout()
        title.setContentsMargins(16, 0, 16, 0)
        title.addWidget(head)
        title.addStretch(1)
        title.addWidget(KeyCap("T"))
        tabs = QHBoxLayout()
        tabs.setContentsMargins(12, 0, 12, 4)
        tabs.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 1, 0)
        column.setSpacing(8)
        column.addLayout(title)
        column.addLayout(tabs)
        column.addWidget(self.list, 1)
