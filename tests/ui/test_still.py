"""Fields that the wheel leaves alone, and the room beside a number in them."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from ui.widgets import still


def test_a_number_stands_off_the_border_of_its_field(qtbot: QtBot) -> None:
    field = QSpinBox()
    qtbot.addWidget(field)
    still(field)
    line = field.findChild(QLineEdit)
    assert line is not None
    assert line.textMargins().left() >= 8
