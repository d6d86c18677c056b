"""The call page: the queue at the left, the lead at work in the middle, what is known of it at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ui.pages import Page
from ui.theme.tokens import Size
from ui.views.queue_panel import QueuePanel

if TYPE_CHECKING:
    from ui.session import Session

NARROW = 1340
WIDE = 1680


class CallColumns(Page):
    """Lays the three parts out: fixed sides that give way on small screens and grow a little on large ones."""

    def __init__(self, queue: QueuePanel, workspace: QWidget, side: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.queue, self.workspace, self.side = queue, workspace, side
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(queue)
        line.addWidget(workspace, 1)
        line.addWidget(side)
        QWidget.setTabOrder(queue, workspace)
        QWidget.setTabOrder(workspace, side)
        self._fit(Size.QUEUE + Size.SIDE + 600)

    def _fit(self, width: int) -> None:
        """Give the sides their widths for a page of ``width``."""
        if width < NARROW:
            give = max(0.0, min(1.0, (NARROW - width) / 160))
            queue, side = Size.QUEUE - 48 * give, Size.SIDE - 44 * give
        else:
            grow = max(0.0, min(1.0, (width - WIDE) / 240))
            queue, side = Size.QUEUE + 32 * grow, Size.SIDE + 48 * grow
        self.queue.setFixedWidth(round(queue))
        self.side.setFixedWidth(round(side))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())


def make(session: Session) -> Page:
    """Make the page."""
    from ui.views.call.page import CallPage

    return CallPage(session)
