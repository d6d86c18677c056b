"""The list of all outcomes (すべての結果): type a few characters, see what each would do, press Return."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from isdesk.domain.rules import Outcome
from ui.theme import tokens
from ui.theme.tokens import Size
from ui.views.call import phrases
from ui.views.call.kit import KeyButton, Text, key_cap_width, paint_key_cap, sized
from ui.views.call.outcome_dialogs import Popover
from ui.views.call.scene import Scene

_ROW_HEIGHT = 32
_MOST_ROWS = 9
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome in the list: what it is called, where it belongs, what it would do, and what finds it.

    ``named`` is what it is found by without its group: those that are meant by name come before their neighbours.
    """

    code: str
    hotkey: str
    name: str
    group: str
    then: str
    tone: str
    found_by: str
    named: str


def plain(text: str) -> str:
    """Return a text as it is compared: NFKC, small letters, hiragana as katakana, no spaces."""
    text = unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def lines_of(scene: Scene) -> list[Line]:
    """Return all active outcomes of the playbook in its order, with their consequences now."""
    lines: list[Line] = []
    for outcome in scene.rules.outcomes.values():
        preview = scene.previews.get(outcome.code)
        if not outcome.active or preview is None:
            continue
        group = scene.rules.groups.get(outcome.group)
        group_name = scene.say(group) if group else ""
        then = phrases.consequence(preview, outcome, scene.now, scene.calendar)
        named = plain(" ".join(_names(outcome)))
        found_by = named + plain(group_name)
        lines.append(
            Line(
                outcome.code,
                outcome.hotkey or "",
                scene.say(outcome.label),
                group_name,
                then,
                outcome.tone,
                found_by,
                named,
            )
        )
    return lines


def _names(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.label.ja, outcome.kana, outcome.label.en, outcome.hotkey or "")


class OutcomeModel(QAbstractListModel):
    """The lines that match what is typed."""

    LINE = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Line] = ()
        self._shown: list[Line] = []

    def show_lines(self, lines: Sequence[Line], typed: str = "") -> None:
        """Show the lines that hold every word of ``typed``; those whose own name does come first."""
        words = [plain(word) for word in typed.split()]
        self.beginResetModel()
        self._all = lines
        found = [line for line in lines if all(word in line.found_by for word in words)]
        self._shown = sorted(found, key=lambda line: not all(word in line.named for word in words))
        self.endResetModel()

    def filter(self, typed: str) -> None:
        """Show the lines that match."""
        self.show_lines(self._all, typed)

    def line(self, row: int) -> Line | None:
        """Return a shown line."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row())
        if line is None:
            return None
        if role == self.LINE:
            return line
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{line.name} {line.then}"
        return None


class _LineDelegate(QStyledItemDelegate):
    """Paints a line: key, name, group, and the consequence at the right."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, _ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(OutcomeModel.LINE)
        if not isinstance(line, Line):
            return
        look, font = tokens(), option.font
        box = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(box, QColor(look.selected))
        inner = box.adjusted(10, 0, -10, 0)
        ink = look.tone(line.tone)[1] if line.tone in {"good", "stop"} else look.text
        x = inner.left()
        if line.hotkey:
            paint_key_cap(painter, font, QRect(x, inner.top(), 24, inner.height()), line.hotkey, look.key, look.dim)
        x += max(key_cap_width(font, "0"), 17) + 10
        half = inner.width() * 46 // 100
        name, small = sized(font, Size.BODY, bold=chosen), sized(font, Size.SMALL)
        _draw(painter, QRect(x, inner.top(), half - x + inner.left(), inner.height()), line.name, name, ink)
        group = QRect(inner.left() + half + 8, inner.top(), inner.width() * 18 // 100, inner.height())
        _draw(painter, group, line.group, small, look.faint)
        then = QRect(group.right() + 8, inner.top(), inner.right() - group.right() - 8, inner.height())
        _draw(painter, then, line.then, small, look.dim)
        painter.restore()


def _draw(painter: QPainter, box: QRect, text: str, font: object, ink: str) -> None:
    painter.setFont(font)  # type: ignore[arg-type]
    painter.setPen(QColor(ink))
    metrics = QFontMetrics(painter.font())
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class OutcomeList(Popover):
    """All outcomes; typing narrows, Return takes the one that is set off, a digit of the bar is no special case.

    None is set off until something is typed or an arrow pressed: Tab and Return alone record nothing.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("架電結果を名前で探す"))
        self.edit.setAccessibleName(self.tr("架電結果を名前で探す"))
        self.model = OutcomeModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_LineDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setAccessibleName(self.tr("すべての結果"))
        self._none = Text(self.tr("あてはまる結果はありません"), ink="dim")
        self._stop = KeyButton(self.tr("閉じる"), "Esc", "link")
        head = QHBoxLayout()
        head.addWidget(Text(self.tr("すべての結果"), bold=True), 1)
        head.addWidget(self._stop)
        self.body.setContentsMargins(12, 10, 12, 10)
        self.body.setSpacing(8)
        self.body.addLayout(head)
        self.body.addWidget(self.edit)
        self.body.addWidget(self._none)
        self.body.addWidget(self.view)
        self.edit.textChanged.connect(self._typed)
        self.edit.installEventFilter(self)
        self.view.clicked.connect(lambda _: self._take())
        self._stop.clicked.connect(self.dismiss)

    def open(self, scene: Scene) -> None:
        """Open with all outcomes."""
        self.edit.clear()
        self.model.show_lines(lines_of(scene))
        self._fit()
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _typed(self, text: str) -> None:
        self.model.filter(text)
        self._fit()

    def _fit(self) -> None:
        rows = self.model.rowCount()
        self.view.setVisible(rows > 0)
        self._none.setVisible(rows == 0)
        self.view.setFixedHeight(min(max(rows, 1), _MOST_ROWS) * _ROW_HEIGHT + 2)
        typed = bool(self.edit.text().strip())
        self.view.setCurrentIndex(self.model.index(0) if rows and typed else QModelIndex())
        self.adjustSize()

    def _step(self, by: int) -> None:
        rows = self.model.rowCount()
        if rows:
            row = max(0, min(self.view.currentIndex().row() + by, rows - 1))
            self.view.setCurrentIndex(self.model.index(row))

    def _take(self) -> None:
        line = self.model.line(self.view.currentIndex().row())
        if line is not None:
            self.hide()
            self.chosen.emit(line.code)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: _MOST_ROWS,
                Qt.Key.Key_PageUp: -_MOST_ROWS,
            }
            if event.key() in steps:
                self._step(steps[Qt.Key(event.key())])
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take()
                return True
        return super().eventFilter(watched, event)
