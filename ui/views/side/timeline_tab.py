"""The tab 履歴: every touch, signal, change and handoff step, newest first, with how far each has travelled."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.ids import TouchId
from isdesk.services.views import TouchState
from ui.theme import tokens
from ui.theme.paint import chip, line_text
from ui.theme.tokens import Size
from ui.tips import plain_tip
from ui.views.call.kit import KeyButton, Text, sized
from ui.views.call.scene import Scene
from ui.views.side.timeline_words import Words, words_of
from ui.widgets.flow import FlowLayout

_Index = QModelIndex | QPersistentModelIndex
_FILTERS = ("all", "touch", "signal", "change", "handoff")
_KIND = {"meeting": "handoff"}
"""What is listed with something else."""
_ONE, _TWO = 36, 54


class TimelineModel(QAbstractListModel):
    """The lines of one lead that pass the filter."""

    WORDS = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Words] = []
        self._shown: list[Words] = []
        self._filter = "all"

    def show_lines(self, lines: list[Words]) -> None:
        """Show other lines."""
        if lines == self._all:
            return
        self.beginResetModel()
        self._all = lines
        self._choose()
        self.endResetModel()

    def filter(self, what: str) -> None:
        """Show only lines of one kind; ``all`` shows every one."""
        self.beginResetModel()
        self._filter = what
        self._choose()
        self.endResetModel()

    def _choose(self) -> None:
        self._shown = [w for w in self._all if self._filter in {"all", _KIND.get(w.what, w.what)}]

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._shown):
            return None
        words = self._shown[index.row()]
        if role == self.WORDS:
            return words
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{words.when} {words.title} {words.detail} {words.sync}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            open_it = QCoreApplication.translate("timeline", "Enterでこの記録をCRMで開きます") if words.link else ""
            return plain_tip("\n".join(p for p in (words.title, words.detail, words.sync, words.problem, open_it) if p))
        return None


class _TimelineDelegate(QStyledItemDelegate):
    """Paints a line: time, what happened, its detail below, and its sync state as a chip."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        words = index.data(TimelineModel.WORDS)
        return QSize(200, _TWO if isinstance(words, Words) and words.detail else _ONE)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        words = index.data(TimelineModel.WORDS)
        if not isinstance(words, Words):
            return
        look, box = tokens(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, QColor(look.selected))
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(look.accent))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(look.line))
        inner = box.adjusted(16, 8, -12, 0)
        small, tiny = sized(option.font, Size.SMALL), sized(option.font, Size.TINY)
        line_text(painter, QRect(inner.left(), inner.top(), 46, 19), words.when, small, look.faint)
        said = f"{words.sync} ↗" if words.link else words.sync
        width = QFontMetrics(tiny).horizontalAdvance(said) + 12
        badge = QRect(inner.right() - width, inner.top(), width, 18)
        painter.setFont(tiny)
        ground, ink = look.tone(words.tone)
        chip(painter, badge, said, ground, ink)
        left = inner.left() + 50
        title = QRect(left, inner.top(), badge.left() - left - 6, 19)
        line_text(painter, title, words.title, sized(option.font, Size.BODY), look.text)
        if words.detail:
            low = QRect(left, inner.top() + 20, inner.right() - left, 17)
            line_text(painter, low, words.detail, small, look.dim)
        painter.restore()


class TimelineTab(QWidget):
    """Filters above, the list below; one view however long the history is.

    ``states_wanted(lead_id)`` when it comes to the front, answered by `show_states`; ``link_wanted(address)`` and
    ``care_wanted(item)`` when a line is opened (Enter, or a double click).
    """

    states_wanted = Signal(str)
    link_wanted = Signal(str)
    care_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._states: tuple[str, Mapping[TouchId, TouchState]] = ("", {})
        self.model = TimelineModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_TimelineDelegate(self.view))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(self.tr("履歴"))
        self.view.activated.connect(self._open)
        self._none = Text(self.tr("まだ接触がありません。"), ink="dim")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        names = {
            "all": self.tr("すべて"),
            "touch": self.tr("接触"),
            "signal": self.tr("反応"),
            "change": self.tr("変更"),
            "handoff": self.tr("引き継ぎ"),
        }
        filters = QWidget()
        flow = FlowLayout(filters, gap=6)
        flow.setContentsMargins(12, 10, 12, 8)
        self._filters = {code: KeyButton(names[code], kind="choice") for code in _FILTERS}
        for code, button in self._filters.items():
            flow.addWidget(button)
            button.clicked.connect(lambda _=False, code=code: self.filter(code))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(filters)
        box.addWidget(self._none, 1)
        box.addWidget(self.view, 1)
        self.filter("all")

    def filter(self, code: str) -> None:
        """Show only one kind of lines."""
        for name, button in self._filters.items():
            button.setChecked(name == code)
        self.model.filter(code)
        self._say_none()

    def set_scene(self, scene: Scene) -> None:
        """Take a lead; it is painted when the tab is in front."""
        self._scene = scene
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the lead that was taken last."""
        if self._scene is not None:
            self._fill(self._scene)
            self.states_wanted.emit(self._scene.id)

    def show_states(self, lead_id: str, states: Mapping[TouchId, TouchState]) -> None:
        """Show how far the contacts of a lead have come, with their pages in the CRM."""
        self._states = (lead_id, states)
        if self._scene is not None and self._scene.id == lead_id:
            self._fill(self._scene)

    def _fill(self, scene: Scene) -> None:
        lead_id, states = self._states
        known = states if lead_id == scene.id else {}
        self.model.show_lines([words_of(item, scene, known) for item in scene.view.timeline])
        self._say_none()

    def _open(self, index: QModelIndex) -> None:
        words = index.data(TimelineModel.WORDS)
        if isinstance(words, Words) and words.item:
            self.care_wanted.emit(words.item)
        elif isinstance(words, Words) and words.link:
            self.link_wanted.emit(words.link)

    def _say_none(self) -> None:
        some = self.model.rowCount() > 0
        self.view.setVisible(some)
        self._none.setVisible(not some)
