"""Small parts: fields that the wheel leaves alone with room beside a number, and tabs with room for their words."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from ui.theme.fonts import figures
from ui.theme.tokens import Size
from ui.widgets import SegmentedTabs, still


def test_a_number_stands_off_the_border_of_its_field(qtbot: QtBot) -> None:
    field = QSpinBox()
    qtbot.addWidget(field)
    still(field)
    line = field.findChild(QLineEdit)
    assert line is not None
    assert line.textMargins().left() >= 8


def test_the_longest_tab_has_room_for_its_words(qtbot: QtBot) -> None:
    tabs = SegmentedTabs(["情報", "履歴", "引き継ぎ 12/13"], "underline")
    qtbot.addWidget(tabs)
    words = QFontMetrics(figures(Size.BODY)).horizontalAdvance("引き継ぎ 12/13")
    tabs.resize(words * 2 + 40, 40)
    assert tabs._cell(2).width() >= words + 16
    assert tabs._cell(2).right() == tabs.width() - 1
