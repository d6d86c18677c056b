"""The help: keys that are narrowed, and papers in the language of the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ui.session import Session
from ui.views.help_page import COLUMN, HelpPage, folded, listed, make
from ui.views.help_papers import PAPERS, Paper, text


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.file)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_paper_is_there_in_both_languages(paper: Paper, lang: str) -> None:
    said = text(paper, lang)
    assert said.startswith("# ")
    assert len(said) > 500
    if paper.file in {"connecting.md", "syncing.md"}:
        assert ("日本語" in said) is False
        assert ("CRM" in said) is True


def test_a_paper_is_shown_in_the_place_of_the_keys(session: Session, qtbot: QtBot) -> None:
    page = make(session)
    assert isinstance(page, HelpPage)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.arrive()
    page.tabs.set_current(1)
    assert page.paper.isVisible()
    assert page.field.isHidden()
    assert "項目の対応" in page.paper.toPlainText()
    page.tabs.set_current(0)
    assert page.field.isVisible()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_paper_of_the_meeting_names_every_key_of_its_page(lang: str) -> None:
    from ui.views.alignment.page import COMMANDS

    said = text(next(paper for paper in PAPERS if paper.file == "alignment.md"), lang)
    cells = {
        part.strip() for line in said.splitlines() if line.startswith("|") for part in line.split("|")[1].split("/")
    }
    keys = {one.keys[0] for one in COMMANDS} - {"[", "]"}
    assert keys <= cells
    assert "[ ]" in cells


def test_keys_that_do_the_same_are_one_line(session: Session) -> None:
    commands = session.commands
    for digit in "1234567890":
        commands.bind(f"outcome.{digit}", lambda: None)
    ((said, keys, command),) = folded(commands, listed(commands, "outcome"))
    assert (said, keys, command.id) == ("結果キー", ["1", "…", "0"], "outcome.1")


def test_two_cards_stand_beside_each_other_in_the_smallest_window_with_words_on_one_line(
    session: Session, qtbot: QtBot
) -> None:
    long = "Take the incoming call and open its lead"
    session.commands.bind("app.incoming", lambda: None)
    session.commands.set_text("app.incoming", long)
    session.commands.bind("call.handoff", lambda: None)
    page = make(session)
    assert isinstance(page, HelpPage)
    qtbot.addWidget(page)
    page.resize(1216, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.arrive()
    QApplication.sendPostedEvents()
    line = next(one for one in page.findChildren(QLabel) if one.text() == long)
    assert line.width() >= line.fontMetrics().horizontalAdvance(long)
    assert page._body.width() >= 2 * COLUMN + 12
