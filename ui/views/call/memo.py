"""The memo of a call (架電メモ): saved as it is typed, and there again after a crash."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme import tokens
from ui.theme.paint import rounded
from ui.theme.tokens import Size
from ui.views.call.kit import Text
from ui.views.call.phrases import tokyo

LEAST, MOST = 42, 160
"""How tall the memo is in pixels: one line where the script needs the room, and not the whole of a large screen."""


class MemoText(QPlainTextEdit):
    """The text itself: Escape gives the keyboard back, Ctrl+Return is done with it."""

    left = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "bare")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            self.left.emit()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.clearFocus()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        _repaint_parent(self)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        _repaint_parent(self)


def _repaint_parent(widget: QWidget) -> None:
    parent = widget.parentWidget()
    if parent is not None:
        parent.update()


class Memo(QWidget):
    """The memo with its state: 保存済み 10:32:07."""

    edited = Signal(str)
    left = Signal()
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = MemoText()
        self.text.setPlaceholderText(self.tr("架電メモ (M)"))
        self.text.setAccessibleName(self.tr("架電メモ"))
        self.text.setToolTip(self.tr("M で書き始め、Esc で戻ります。入力と同時に保存されます。"))
        self._state = Text(ink="faint", size=Size.TINY)
        self._state.setParent(self)
        self._state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._quiet, self._told = False, ""
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 116, 10)
        box.addWidget(self.text)
        self.text.setMinimumHeight(0)
        self.setMinimumHeight(LEAST)
        self.setMaximumHeight(MOST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.text.textChanged.connect(self._changed)
        self.text.left.connect(self.left)
        self.text.done.connect(self.done)

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, LEAST)  # the script comes first; what room it leaves is the memo's

    def take_keyboard(self) -> None:
        """Give the keyboard to the memo, after what stands there."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.moveCursor(QTextCursor.MoveOperation.End)

    def value(self) -> str:
        """Return what is written."""
        return self.text.toPlainText()

    def show_draft(self, text: str, saved_at: datetime | None) -> None:
        """Show what is stored for a lead."""
        if text != self.value():
            self._quiet = True
            self.text.setPlainText(text)
            self._quiet = False
        self.say_saved(saved_at if text else None)

    def say_saved(self, at: datetime | None) -> None:
        """Say when it was last saved."""
        self._say(self.tr("保存済み {time}").format(time=f"{tokyo(at):%H:%M:%S}") if at else "")

    def say_saving(self) -> None:
        """Say that what is typed is not stored yet."""
        self._say(self.tr("保存中…"))

    def say_failed(self) -> None:
        """Say that it could not be stored; the text stays."""
        self._say(self.tr("未保存"))

    def state_text(self) -> str:
        """Return what is said of its state."""
        return self._state.text()

    def _say(self, text: str) -> None:
        if text != self._state.text():
            self._state.setText(text)
            self._place()

    def _changed(self) -> None:
        text = self.value()
        if text != self._told:
            self._told = text
            if not self._quiet:
                self.say_saving()
                self.edited.emit(text)

    def _place(self) -> None:
        size = self._state.sizeHint()
        self._state.setGeometry(self.width() - size.width() - 14, 10, size.width(), size.height())
        self._state.raise_()

    @override
    def resizeEvent(self, event: object) -> None:
        self._place()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = tokens()
        line = look.accent if self.text.hasFocus() else look.line
        rounded(QPainter(self), QRectF(self.rect()), look.panel, Size.CARD_RADIUS, line)
