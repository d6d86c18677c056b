"""Who gets a key: the input method while it composes, a text field while one types, else the window's commands."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, Qt, Signal
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
from shiboken6 import isValid
from typing_extensions import override

_STRONG = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class UndoScope(QWidget):
    """A part of a page with an undo of its own: while the keyboard is in it, undo and redo are about what is edited.

    ``beside`` are the widgets in it that are no part of what is edited: there the field's own undo holds, and nothing
    else is taken back.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()

    def beside(self) -> Collection[QWidget]:
        """Return the widgets in it that are no part of what is edited."""
        return ()


class KeyGuard(QObject):
    """Watches the keys of the widget that has the focus, and no other event: a filter over the whole application would
    be asked thousands of times per page. Install one per application; it decides before any shortcut fires.
    """

    pressed = Signal()
    nothing_typed = Signal()
    """Undo or redo was pressed in a text field that has nothing (more) of its own to take back."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._watched: QWidget | None = None
        self._composing = False
        self._stopped = False
        app.focusChanged.connect(self._focus_changed)
        self._focus_changed(None, app.focusWidget())

    def stop(self) -> None:
        """Watch no longer."""
        if self._stopped:
            return
        self._stopped = True
        self._app.focusChanged.disconnect(self._focus_changed)
        self._focus_changed(None, None)

    @property
    def composing(self) -> bool:
        """Return True while an input method holds text that is not fixed yet."""
        return self._composing

    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._composing = False
        self._watched = now
        if now is not None:
            now.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
            self.pressed.emit()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            self.pressed.emit()
            return self._override(event)
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return _in_scope(event) or self._in_text(event)
        return False

    def _in_text(self, event: QKeyEvent) -> bool:
        """Undo and redo in a text are about what was typed there, never about a record; return whether they were."""
        text = _text(QApplication.focusWidget()) if is_undo(event) else None
        if text is None:
            return False
        if not _can_undo(text, event):
            self.nothing_typed.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            text.undo()
        else:
            text.redo()
        return True

    def _override(self, event: QKeyEvent) -> bool:
        """Decide about a key; an accepted override goes to the focus widget as a plain key press."""
        if self.composing:
            event.accept()
            return True
        focus = QApplication.focusWidget()
        if is_undo(event):
            inside = _scope(focus) is not None or _text(focus) is not None
            event.setAccepted(inside)
            return inside
        if is_plain(event) and focus is not None and types_text(focus):
            event.accept()
            return True
        return False


def is_undo(event: QKeyEvent) -> bool:
    """Return True for the keys of undo and redo."""
    return (
        event.matches(QKeySequence.StandardKey.Undo)
        or event.matches(QKeySequence.StandardKey.Redo)
        or (event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier)
    )


def _scope(widget: QWidget | None) -> UndoScope | None:
    while widget is not None and not isinstance(widget, UndoScope):
        widget = widget.parentWidget()
    return widget


def _in_scope(event: QKeyEvent) -> bool:
    """Carry undo or redo out where the keyboard is in a part that has its own; return whether it was."""
    focus = QApplication.focusWidget()
    scope = _scope(focus) if is_undo(event) else None
    if scope is None or focus is None:
        return False
    if any(one is focus or one.isAncestorOf(focus) for one in scope.beside()):
        return False
    if event.matches(QKeySequence.StandardKey.Undo):
        scope.undo_wanted.emit()
    else:
        scope.redo_wanted.emit()
    return True


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


def _text(widget: QWidget | None) -> QLineEdit | QTextEdit | QPlainTextEdit | None:
    """Return the text in which the keyboard types; None outside of one, and in one that is only read."""
    if isinstance(widget, QComboBox):
        widget = widget.lineEdit()
    elif isinstance(widget, QAbstractSpinBox):
        widget = widget.findChild(QLineEdit)
    if isinstance(widget, (QLineEdit, QTextEdit, QPlainTextEdit)) and not widget.isReadOnly():
        return widget
    return None


def _can_undo(text: QLineEdit | QTextEdit | QPlainTextEdit, event: QKeyEvent) -> bool:
    """Return True where the text itself has something to take back or to do again."""
    undo = event.matches(QKeySequence.StandardKey.Undo)
    if isinstance(text, QLineEdit):
        return text.isUndoAvailable() if undo else text.isRedoAvailable()
    document = text.document()
    return document.isUndoAvailable() if undo else document.isRedoAvailable()
