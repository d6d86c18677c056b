"""The list of handoffs: what each line says, how it is narrowed for FS and for a rep, and how it is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services.views import HandoffView
from ui.noop import QT_TRANSLATE_NOOP
from ui.theme import tokens
from ui.theme.paint import chip, line_text
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.kit import sized
from ui.views.handoff import words
from ui.words import translate

_Index = QModelIndex | QPersistentModelIndex
_ROW = 60
_DUE = frozenset({"due", "overdue"})


@dataclass(frozen=True, slots=True)
class Group:
    """One way to narrow the list: its name and which handoffs it keeps; ``counted``: the tab says how many."""

    text: str
    keeps: Callable[[HandoffView], bool]
    counted: bool = True

    @property
    def name(self) -> str:
        """Return what it is called."""
        return translate("handoff", self.text)


def _in(*states: str) -> Callable[[HandoffView], bool]:
    return lambda view: view.state in states


FS_GROUPS: tuple[Group, ...] = (
    Group(QT_TRANSLATE_NOOP("handoff", "要対応"), lambda v: v.state == "submitted" or v.feedback in _DUE),
    Group(QT_TRANSLATE_NOOP("handoff", "商談前"), lambda v: v.feedback == "ahead"),
    Group(QT_TRANSLATE_NOOP("handoff", "商談後"), lambda v: v.feedback in _DUE),
    Group(QT_TRANSLATE_NOOP("handoff", "完了"), lambda v: v.feedback == "done", counted=False),
    Group(QT_TRANSLATE_NOOP("handoff", "すべて"), lambda _: True, counted=False),
)
"""How FS narrows: what waits for them, the meetings ahead, feedback due, done, everything."""
IS_GROUPS: tuple[Group, ...] = (
    Group(
        QT_TRANSLATE_NOOP("handoff", "すべて"),
        _in("returned", "draft", "asked", "submitted", "accepted"),
        counted=False,
    ),
    Group(QT_TRANSLATE_NOOP("handoff", "要対応"), _in("returned")),
    Group(QT_TRANSLATE_NOOP("handoff", "下書き"), _in("draft")),
    Group(QT_TRANSLATE_NOOP("handoff", "待ち"), _in("asked", "submitted")),
    Group(QT_TRANSLATE_NOOP("handoff", "受理"), _in("accepted")),
    Group(QT_TRANSLATE_NOOP("handoff", "終了"), _in("recycled", "withdrawn")),
)
"""How a rep narrows."""


@dataclass(frozen=True, slots=True)
class HandoffLine:
    """One line of the list, worded."""

    lead_id: LeadId
    name: str
    company: str
    state: str
    tone: str
    note: str


def line_of(view: HandoffView, today: date, fs_name: str, reason: str, *, fs: bool = False) -> HandoffLine:
    """Return a handoff as it stands in the list; on the desk of FS with the rep's name instead of FS's."""
    parts = []
    if view.state == "returned" and reason:
        parts.append(reason)
    if view.feedback in _DUE:
        parts.append(words.feedback_by(view, today))
    if view.meeting_at:
        parts.append(translate("handoff", "商談 {when}").format(when=phrases.moment_text(view.meeting_at, today)))
    if view.state == "draft" and view.missing:
        parts.append(translate("handoff", "足りないもの {n}").format(n=len(view.missing)))
    if fs and view.rep:
        parts.append(f"IS {view.rep}")
    elif fs_name and not fs:
        parts.append(f"FS {fs_name}")
    said, tone = words.badge(view)
    return HandoffLine(view.lead_id, view.lead_name or view.company, view.company, said, tone, " ・ ".join(parts))


class HandoffModel(QAbstractListModel):
    """The handoffs of the tab in front."""

    LINE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[HandoffLine] = []

    def show_lines(self, lines: list[HandoffLine]) -> None:
        """Show other lines."""
        if lines != self._lines:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()

    def row_of(self, lead_id: LeadId | None) -> int:
        """Return where a lead stands; -1 where it does not."""
        return next((n for n, line in enumerate(self._lines) if line.lead_id == lead_id), -1)

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == self.LINE:
            return line
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{line.name} {line.company} {line.state} {line.note}"
        return None


class LineDelegate(QStyledItemDelegate):
    """Paints a handoff: name, company and how it stands above, what is to be done below."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(240, _ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(HandoffModel.LINE)
        if not isinstance(line, HandoffLine):
            return
        look, box, font = tokens(), QRect(option.rect), option.font
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(look.selected))
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(look.accent))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(look.line))
        inner = box.adjusted(16, 9, -14, -8)
        tiny = sized(font, Size.TINY)
        width = QFontMetrics(tiny).horizontalAdvance(line.state) + 12
        badge = QRect(inner.right() - width, inner.top() + 1, width, 18)
        painter.setFont(tiny)
        chip(painter, badge, line.state, *look.tone(line.tone))
        room = QRect(inner.left(), inner.top(), badge.left() - inner.left() - 8, 20)
        took = line_text(painter, room, line.name, sized(font, Size.BODY, bold=True), look.text)
        rest = room.adjusted(took + 8, 0, 0, 0)
        if rest.width() > 24 and line.company != line.name:
            line_text(painter, rest, line.company, sized(font, Size.BODY), look.dim)
        low = QRect(inner.left(), inner.top() + 23, inner.width(), 18)
        line_text(painter, low, line.note, sized(font, Size.SMALL), look.dim)
        painter.restore()
