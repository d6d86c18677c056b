"""Who gets a key: the input method while it composes, a text field while one types, else the window's commands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from typing_extensions import override

_STRONG = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeyGuard(QObject):
    """Watches the application's keys. Install one per application; it decides before any shortcut fires."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._composing_in: QObject | None = None
        app.installEventFilter(self)

    @property
    def composing(self) -> bool:
        """Return True while an input method holds text that is not fixed yet."""
        return self._composing_in is not None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing_in = watched if event.preeditString() else None
        elif kind is QEvent.Type.FocusOut and watched is self._composing_in:
            self._composing_in = None
        elif kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._override(event)
        return False

    def _override(self, event: QKeyEvent) -> bool:
        """Decide about a key; an accepted override goes to the focus widget as a plain key press."""
        if self.composing:
            event.accept()
            return True
        focus = QApplication.focusWidget()
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            if focus is not None and types_text(focus) and not _can_undo(focus, event):
                event.ignore()
                return True
            return False
        if is_plain(event) and focus is not None and types_text(focus):
            event.accept()
            return True
        return False


def is_plain(event: QKeyEvent) -> bool:
    """Return True for a key that would type something: no Ctrl, Alt or Meta, and no function key."""
    if event.modifiers() & _STRONG:
        return False
    return bool(event.text()) and event.key() not in {Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab}


def types_text(widget: QWidget) -> bool:
    """Return True where the widget takes typed text (a read-only one does not)."""
    if isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return True
    return widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def _can_undo(widget: QWidget, event: QKeyEvent) -> bool:
    """Return True where the field itself has something to take back; else the key means the last record."""
    redo = event.matches(QKeySequence.StandardKey.Redo)
    if isinstance(widget, QLineEdit):
        return widget.isRedoAvailable() if redo else widget.isUndoAvailable()
    if isinstance(widget, (QTextEdit, QPlainTextEdit)):
        document = widget.document()
        return document.isRedoAvailable() if redo else document.isUndoAvailable()
    return False
