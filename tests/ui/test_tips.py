"""What a lead is called shows as it is written, in tooltips and in the system's notifications too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from ui.models.records import Cell, cell_data
from ui.tips import plain_body, plain_tip
from ui.views.call.kit import Elided
from ui.widgets import ElidedLabel

EVIL = (
    "<b>x</b>",
    "<img src='file:///etc/passwd'>",
    "山田 <i>太郎</i>",
    "a &lt;b&gt;",
    "<a href='https://x'>x</a>",
    "1 < 2",
)


def shown(tip: str) -> str:
    """Return what a tooltip shows: Qt takes it for HTML where it looks like it."""
    document = QTextDocument()
    if tip.startswith("<p style="):
        document.setHtml(tip)
        return document.toPlainText()
    return tip


@pytest.mark.parametrize("name", EVIL)
def test_a_name_with_tags_is_letters_in_a_tooltip(qtbot: QtBot, name: str) -> None:
    assert shown(plain_tip(name)) == name
    assert shown(str(cell_data(Cell("x", tip=name), Qt.ItemDataRole.ToolTipRole))) == name
    one = Elided()
    qtbot.addWidget(one)
    one.show_text(name)
    assert shown(one.toolTip()) == name
    other = ElidedLabel(name)
    qtbot.addWidget(other)
    other.setFixedWidth(1)
    other.set_text(name)
    assert other.toolTip() in {plain_tip(name), ""}


@given(st.text(alphabet="<>/&;= abltgimsrc\"'あ\n", max_size=40))
def test_every_tooltip_shows_what_it_was_given(name: str) -> None:
    said = plain_tip(name)
    assert said == name or shown(said).split() == name.split()


@given(st.text(max_size=40))
def test_no_notification_holds_a_tag(text: str) -> None:
    assert not {"<", ">", "&"} & set(plain_body(text))
    assert len(plain_body(text)) == len(text)
