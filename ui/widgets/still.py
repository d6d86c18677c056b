"""Fields that the mouse wheel leaves alone, with room beside a number: the style sheet gives a spin box none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QSpinBox, QWidget
from typing_extensions import override

NUMBER_ROOM = 8


class _Still(QObject):
    """Gives the wheel to what lies behind a field that has not the keyboard."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Wheel or not isinstance(watched, QWidget) or watched.hasFocus():
            return False
        event.ignore()
        return True


def still(field: QWidget) -> None:
    """Let the wheel turn a choice or a number only while the keyboard is in it."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Still(field))
    line = field.findChild(QLineEdit) if isinstance(field, QSpinBox) else None
    if line is not None:
        line.setTextMargins(NUMBER_ROOM, 0, 0, 0)


def still_within(root: QWidget) -> None:
    """Do so for all choices and numbers that ``root`` holds by now."""
    for field in (*root.findChildren(QComboBox), *root.findChildren(QAbstractSpinBox)):
        still(field)
