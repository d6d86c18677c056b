"""The lead that the preview speaks to: typing searches all leads, and the keyboard never leaves the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from isdesk.domain.ids import LeadId
from isdesk.services import search
from ui.theme import tokens
from ui.tips import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isdesk.services.views import Found
    from ui.session import Session

SEARCH_MS = 200
_ROWS, _WIDE = 8, 420


class FoundList(QFrame):
    """The leads that match what is typed; it takes no keyboard."""

    taken = Signal(int)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(lambda item: self.taken.emit(self.list.row(item)))
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(self.list)

    def show_names(self, names: Sequence[str], field: QWidget) -> None:
        """Show these below a field, its right edge kept where it is the wider one."""
        look = tokens()
        self.setStyleSheet(
            f"QFrame {{ background: {look.panel}; border: 1px solid {look.accent}; border-radius: 8px; }}"
            f"QListWidget {{ border: none; background: {look.panel}; }}"
            f"QListWidget::item {{ padding: 4px 6px; color: {look.text}; border-radius: 5px; }}"
            f"QListWidget::item:selected {{ background: {look.accent_weak}; color: {look.accent_text}; }}"
        )
        self.list.clear()
        for name in names:
            item = QListWidgetItem(name)
            item.setToolTip(plain_tip(name))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        tall = min(len(names), _ROWS) * (self.list.sizeHintForRow(0) or 26) + 12
        wide = max(_WIDE, field.width())
        at = field.mapToGlobal(QPoint(field.width() - wide, field.height() + 4))
        self.setGeometry(QRect(at.x(), at.y(), wide, tall))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Choose the next or the one before."""
        self.list.setCurrentRow((self.list.currentRow() + by) % max(self.list.count(), 1))


class LeadBox(QLineEdit):
    """``picked`` tells the lead that was chosen; leaving without a choice puts the name back."""

    picked = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.lead_id: LeadId | None = None
        self._name = ""
        self._hits: tuple[tuple[LeadId, str], ...] = ()
        self._shown: FoundList | None = None
        self.setAccessibleName(self.tr("プレビューに使うリード"))
        self.setPlaceholderText(self.tr("リードを探す"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_MS)
        self._typing.timeout.connect(self.search)
        self.textEdited.connect(lambda _: self._typing.start())

    def show_lead(self, lead_id: LeadId | None, name: str) -> None:
        """Show which lead the preview speaks to."""
        self.lead_id, self._name = lead_id, name if lead_id is not None else ""
        self._put_back()

    def search(self) -> None:
        """Look for what is typed."""
        ctx, text = self._session.ctx, self.text()
        self._session.tasks.read(lambda: search.find(ctx, text), self._found, owner=self, key="preview-lead")

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the names on offer; none where nothing is offered."""
        return tuple(name for _, name in self._hits) if self._open is not None else ()

    @property
    def _open(self) -> FoundList | None:
        return self._shown if self._shown is not None and self._shown.isVisible() else None

    def _found(self, found: list[Found]) -> None:
        self._hits = tuple((one.lead_id, "  ".join(part for part in (one.name, one.company) if part)) for one in found)
        if not found or not self.hasFocus():
            self.put_away()
            return
        if self._shown is None:
            self._shown = FoundList(self)
            self._shown.taken.connect(self.take)
        self._shown.show_names([name for _, name in self._hits], self)

    def take(self, row: int) -> None:
        """Choose one of the leads on offer."""
        if 0 <= row < len(self._hits):
            self.show_lead(*self._hits[row])
            self.picked.emit(self.lead_id)

    def put_away(self) -> None:
        """Offer nothing more."""
        if self._shown is not None:
            self._shown.hide()

    def _put_back(self) -> None:
        self._typing.stop()
        self.put_away()
        self.setText(self._name)
        self.setToolTip(plain_tip(self._name))
        self.setCursorPosition(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        offer, key = self._open, event.key()
        if offer is not None and key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            offer.step(1 if key == Qt.Key.Key_Down else -1)
        elif offer is not None and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}:
            self.take(offer.list.currentRow())
        elif key == Qt.Key.Key_Down and self.text().strip():
            self.search()
        elif key == Qt.Key.Key_Escape and (offer is not None or self.text() != self._name):
            self._put_back()
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, forward: bool, /) -> bool:
        if self._open is not None:
            self.take(self._open.list.currentRow())
            return True
        return super().focusNextPrevChild(forward)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._put_back()
