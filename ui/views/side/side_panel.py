"""The panel at the right of the call: 情報, 履歴, 引き継ぎ."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import tokens
from ui.views.call.scene import Scene
from ui.views.call.workspace import is_inner_escape
from ui.views.side.facts_tab import FactsTab
from ui.views.side.handoff_tab import HandoffTab
from ui.views.side.timeline_tab import TimelineTab
from ui.widgets.tabs import SegmentedTabs

FACTS, TIMELINE, HANDOFF = range(3)


class SidePanel(QWidget):
    """Three tabs over one lead; only the one in front is painted anew when the lead changes."""

    edited = Signal(str, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts, self.timeline, self.handoff = FactsTab(), TimelineTab(), HandoffTab()
        self.tabs = SegmentedTabs([self.tr("情報"), self.tr("履歴"), self.tr("引き継ぎ")], "underline")
        self._nothing = QWidget()
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.tabs)
        box.addLayout(self._stack, 1)  # before its parts: one without a parent would come up as a window of its own
        for part in (self.facts, self.timeline, self.handoff, self._nothing):
            self._stack.addWidget(part)
        self.tabs.changed.connect(self._tab_shown)
        self.tabs.setToolTip(self.tr("Ctrl+Shift+1 … 3"))
        self.facts.edited.connect(self.edited)
        self.handoff.edited.connect(self.edited)
        self.handoff.timeline_wanted.connect(lambda: self.show_tab(TIMELINE))
        self._scene: Scene | None = None
        self.tabs.set_current(HANDOFF)
        self.show_nobody()

    def show_nobody(self) -> None:
        """Show that no lead is at work."""
        self._scene = None
        self.tabs.set_text(HANDOFF, self.tr("引き継ぎ"))
        self._stack.setCurrentWidget(self._nothing)

    def set_scene(self, scene: Scene) -> None:
        """Show a lead."""
        self._scene = scene
        done = sum(line.done for line in scene.view.checklist)
        self.tabs.set_text(HANDOFF, self.tr("引き継ぎ {done}/{all}").format(done=done, all=len(scene.view.checklist)))
        self._stack.setCurrentIndex(self.tabs.current())
        self.facts.set_scene(scene)
        self.timeline.set_scene(scene)
        self.handoff.set_scene(scene)

    def _tab_shown(self, index: int) -> None:
        if self._scene is None:
            return
        self._stack.setCurrentIndex(index)
        if index == FACTS:
            self.facts.refresh()
        elif index == TIMELINE:
            self.timeline.refresh()

    def show_tab(self, index: int) -> None:
        """Bring a tab to the front."""
        self.tabs.set_current(index)

    def open_field(self, path: str) -> None:
        """Bring a field's editor to the front."""
        self.show_tab(FACTS)
        self.facts.open(path)

    def flush(self) -> None:
        """Hand over what is being typed."""
        self.facts.flush()
        self.handoff.flush()

    @override
    def event(self, event: QEvent) -> bool:
        if is_inner_escape(event, self):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        painter.fillRect(self.rect(), QColor(look.panel))
        painter.fillRect(0, 0, 1, self.height(), QColor(look.line))
