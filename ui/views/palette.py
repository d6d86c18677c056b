"""The command palette: every action, every page, and every lead by any text, all by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from isdesk.services.views import Found
from ui.commands import Command, Commands, key_text, words
from ui.pages import PageSpec, commands_of
from ui.tasks import Tasks
from ui.theme import paint, tokens
from ui.theme.fonts import app_font, figures
from ui.theme.icons import pixmap
from ui.theme.tokens import Size
from ui.widgets import Hairline, label

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LIMIT = 30
WAIT_MS = 40
ROW = 40
_NEUTRAL = str.maketrans({"(": "", ")": "", "・": "", " ": "", "\u3000": ""})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a lead, a command or a page; ``section`` heads the first line of its kind."""

    title: str
    sub: str
    key: str
    icon: str
    run: Callable[[], object]
    section: str
    enabled: bool = True


class EntryModel(QAbstractListModel):
    """The lines that fit what was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return " ".join(p for p in (entry.section, entry.title, entry.sub, entry.key) if p)
        return None

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """Return a line."""
        return self._entries[row] if 0 <= row < len(self._entries) else None


class EntryDelegate(QStyledItemDelegate):
    """Paints a line: icon, words, where it belongs, key."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, Entry):
            return
        look, rect = tokens(), option.rect
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            paint.rounded(painter, QRectF(rect).adjusted(6, 1, -6, -1), look.accent_weak, 7)
        ink = look.faint if not entry.enabled else look.accent_text if chosen else look.text
        dim = look.on_key if chosen else look.dim
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect.x() + 18, rect.y() + 11, pixmap(entry.icon, dim, 18, ratio))
        right = self._right(painter, rect, entry, index, dim)
        area = QRect(rect.x() + 46, rect.y(), right - rect.x() - 58, rect.height())
        took = paint.line_text(painter, area, entry.title, app_font(Size.BODY, bold=True), ink)
        if entry.sub and took + 40 < area.width():
            paint.line_text(painter, area.adjusted(took + 10, 0, 0, 0), entry.sub, app_font(Size.BODY), dim)
        painter.restore()

    def _right(self, painter: QPainter, rect: QRect, entry: Entry, index: Index, dim: str) -> int:
        right = rect.right() - 17
        if entry.key:
            font = figures(Size.TINY)
            wide = paint.chip_width(entry.key, QFontMetrics(font))
            painter.setFont(font)
            look = tokens()
            paint.chip(
                painter, QRect(right - wide, rect.center().y() - 8, wide, 17), entry.key, look.key, look.on_key, 4
            )
            right -= wide + 8
        before = index.model().index(index.row() - 1, 0).data(ENTRY_ROLE) if index.row() else None
        if not isinstance(before, Entry) or before.section != entry.section:
            font = app_font(Size.TINY)
            wide = QFontMetrics(font).horizontalAdvance(entry.section) + 2
            spot = QRect(right - wide, rect.y(), wide, rect.height())
            paint.line_text(painter, spot, entry.section, font, dim, right=True)
            right -= wide + 8
        return right


class Palette(QFrame):
    """Lies over the window; what is typed finds leads on a worker and commands at once.

    A command of another page than the one in front is asked for by ``elsewhere`` (its page and its id); the pages
    that were never opened are asked for their commands one by one while the palette stands open.
    """

    chose_lead = Signal(str)
    elsewhere = Signal(str, str)
    closed = Signal()

    def __init__(
        self,
        window: QWidget,
        commands: Commands,
        tasks: Tasks,
        find: Callable[[str, int], list[Found]],
        pages: Sequence[PageSpec] = (),
    ) -> None:
        super().__init__(window)
        self._commands, self._tasks, self._find = commands, tasks, find
        self._pages = {spec.id: words(spec.text) for spec in pages}
        self._unread = list(pages)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._read_page)
        self._leads: list[Entry] = []
        self._back: QWidget | None = None
        self._asked = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._search)
        self._build()
        window.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 8)
        box.setSpacing(0)
        self.field = QLineEdit()
        self.field.setProperty("kind", "bare")
        self.field.setStyleSheet("font-size: 15px;")
        self.field.setPlaceholderText(self.tr("リード・会社・電話番号・メール、または操作の名前"))
        self.field.setAccessibleName(self.tr("検索とコマンド"))
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 18, 12)
        top.addWidget(self.field)
        box.addLayout(top)
        box.addWidget(Hairline())
        self.model = EntryModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("候補"))
        self.list.setStyleSheet("QListView { background: transparent; padding-top: 6px; }")
        self.list.clicked.connect(lambda index: self._run(index.row()))
        box.addWidget(self.list)
        self._none = label("", "dim")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setMinimumHeight(72)
        box.addWidget(self._none)

    # ------------------------------------------------------------------ opening

    def open(self, text: str = "") -> None:
        """Show the palette with ``text`` in its field."""
        self._back = self.window().focusWidget()
        self.field.setText(text)
        self.field.selectAll()
        self._leads, self._asked = [], ""
        self._list_all()
        if text:
            self._timer.start()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()
        self._reading.start()

    def _read_page(self) -> None:
        """Learn the commands of one more page; the next one follows when the keys were heard."""
        if not self._unread or not self.isVisible():
            return
        for command in commands_of(self._unread.pop(0)):
            self._commands.declare(command)
        if self._unread:
            self._reading.start()
        elif self.field.text().strip():
            self._list_all()

    def shut(self) -> None:
        """Close it and give the keyboard back."""
        if self.isVisible():
            self.hide()
            self._timer.stop()
            if self._back is not None:
                self._back.setFocus()
            self.closed.emit()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        wide = min(660, parent.width() - 48)
        rows = min(max(self.model.rowCount(), 1), 10)
        high = 47 + (rows * ROW + 22 if self.model.rowCount() else 82)
        self.setGeometry((parent.width() - wide) // 2, 58, wide, min(high, parent.height() - 120))

    # ------------------------------------------------------------------ lines

    def _typed(self) -> None:
        self._list_all()
        self._timer.start()

    def _search(self) -> None:
        text = self.field.text().strip()
        self._asked = text
        if not text:
            self._found([])
            return
        self._tasks.read(lambda: self._find(text, LIMIT), self._found, owner=self, key="palette")

    def _found(self, hits: list[Found]) -> None:
        self._leads = [
            Entry(
                hit.name or "—",
                " ・ ".join(p for p in (hit.company, hit.phone or "", hit.email if not hit.phone else "") if p),
                "",
                "user",
                partial(self.chose_lead.emit, hit.lead_id),
                self.tr("リード"),
            )
            for hit in hits
        ]
        self._list_all()

    def _list_all(self) -> None:
        text = self.field.text().strip()
        entries = [*self._leads, *self._command_entries(text)] if text else self._command_entries("")
        self.model.show(entries)
        self.list.setVisible(bool(entries))
        self._none.setVisible(not entries)
        settled = not text or self._asked == text
        self._none.setText(self.tr("見つかりませんでした") if settled else self.tr("検索しています"))
        if entries:
            self.list.setCurrentIndex(self.model.index(0, 0))
        self._place()

    def _command_entries(self, text: str) -> list[Entry]:
        wanted = _plain(text)
        made: list[Entry] = []
        order: list[tuple[bool, bool]] = []
        for command in self._commands.known() if wanted else self._commands.bound():
            title = self._commands.label(command.id)
            if command.palette and (not wanted or wanted in _plain(title) or wanted in command.id):
                away = not self._commands.here(command.id)
                if not away or (wanted and command.where in self._pages):
                    made.append(self._entry(command, title, away=away))
                    order.append((command.group != "page", away))
        return [made[n] for n in sorted(range(len(made)), key=lambda n: order[n])]

    def _entry(self, command: Command, title: str, *, away: bool) -> Entry:
        answered = self._commands.action(command.id) is not None
        run = partial(self.elsewhere.emit, command.where, command.id) if away else partial(self._do, command.id)
        return Entry(
            title,
            self._pages.get(command.where, "") if away else "",
            key_text(command),
            command.icon,
            run,
            self.tr("ページ") if command.group == "page" else self.tr("操作"),
            self._commands.may(command.id) or (away and not answered),
        )

    def _do(self, command_id: str) -> None:
        if not self._commands.run(command_id):
            self._commands.refused.emit(self._commands.label(command_id))

    def _run(self, row: int) -> None:
        entry = self.model.entry(row)
        if entry is not None:
            self.shut()
            entry.run()

    # ------------------------------------------------------------------ keys

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                return self._key(event)
        if watched is self.field and event.type() is QEvent.Type.FocusOut and self.isVisible():
            QTimer.singleShot(0, self._lost)
        if watched is self.parentWidget() and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _lost(self) -> None:
        focus = self.window().focusWidget()
        if self.isVisible() and focus is not None and focus is not self.field:
            self._back = None
            self.shut()

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            count = self.model.rowCount()
            if count:
                row = self.list.currentIndex().row() + step
                row = row % count if abs(step) == 1 else max(0, min(row, count - 1))
                self.list.setCurrentIndex(self.model.index(row, 0))
            return True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._run(self.list.currentIndex().row())
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
            return True
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = tokens()
        paint.rounded(painter, QRectF(self.rect()), look.panel, 12, look.faint)
        painter.end()


def _plain(text: str) -> str:
    """Return a text as it is compared: lower case, without spaces and marks."""
    return text.casefold().translate(_NEUTRAL)
