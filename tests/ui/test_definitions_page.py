"""The page 定義 on a real profile: the document, its search, paper, and the choice of another preset."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.errors import Refused
from isdesk.services import definitions, leads
from isdesk.store import lead_list, meta
from tests.ui.leads_made import add
from ui import theme
from ui.session import Session
from ui.tasks import Tasks
from ui.theme.tokens import DARK
from ui.views.definitions.page import DefinitionsPage, make


@pytest.fixture
def page(session: Session, qtbot: QtBot, tasks: Tasks) -> DefinitionsPage:
    """Open the page."""
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, DefinitionsPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    rest(qtbot, tasks)
    return made


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=15000)


def in_force(session: Session) -> str:
    """Return the definitions in force."""
    return session.ctx.playbook.name


def test_the_document_is_shown_with_its_parts(page: DefinitionsPage) -> None:
    text = page.reader.browser.toPlainText()
    assert "SLA(合意基準)" in text
    assert "再架電ルール" in text
    parts = [page.reader.parts.item(n).text() for n in range(page.reader.parts.count())]
    assert "トークスクリプト" in parts
    assert page.title.text() == "標準"
    assert page.version.text() == "v1"


def test_search_goes_from_place_to_place(page: DefinitionsPage) -> None:
    page.reader.field.setText("再架電")
    first = page.reader.found.text()
    assert first.startswith("1 / ")
    page.reader.step()
    assert page.reader.found.text().startswith("2 / ")
    page.reader.step(back=True)
    assert page.reader.found.text() == first
    page.reader.field.setText("そのような言葉はありません")
    assert page.reader.found.text() == "見つかりません"


def test_others_lead_to_a_part_of_it(page: DefinitionsPage) -> None:
    page.reader.show_part("scripts")
    assert page.reader.parts.currentItem().text() == "トークスクリプト"
    assert page.reader.browser.verticalScrollBar().value() > 0


def test_the_document_follows_the_theme(page: DefinitionsPage, qapp: QApplication, qtbot: QtBot, tasks: Tasks) -> None:
    theme.apply(qapp, "dark")
    rest(qtbot, tasks)
    assert DARK.accent_text in page.reader.browser.toHtml()


def test_it_is_saved_as_pdf(page: DefinitionsPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    out = tmp_path / "定義.pdf"
    page.save_pdf(out)
    rest(qtbot, tasks)
    assert out.read_bytes().startswith(b"%PDF")
    assert out.stat().st_size > 5000


def test_another_preset_is_shown_key_by_key_and_taken_after_a_second_yes(
    page: DefinitionsPage, session: Session, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    lead_id = add(session.ctx, "山田 太郎")
    page.choose()
    rest(qtbot, tasks)
    assert page.chooser.isVisible()
    names = [preset.name for preset in page.chooser.presets.records()]
    page.chooser.list.selectRow(names.index("smb"))
    rest(qtbot, tasks)
    qtmodeltester.check(page.chooser.differences)
    keys = [one.key for one in page.chooser.differences.records()]
    assert "caps.per_contact_cycle" in keys
    page.chooser.ask()
    assert in_force(session) == "default"
    page.chooser.ask()
    rest(qtbot, tasks)
    assert in_force(session) == "smb"
    assert page.title.text() == session.ctx.playbook.title.in_("ja")
    assert not page.choosing
    with session.ctx.store.read() as tx:
        assert lead_list.unscored(tx) == 0
    assert leads.view(session.ctx, lead_id).state.open


def test_the_present_one_changes_nothing(page: DefinitionsPage, qtbot: QtBot, tasks: Tasks) -> None:
    page.choose()
    rest(qtbot, tasks)
    assert page.chooser.differences.rowCount() == 0
    assert not page.chooser.apply.isEnabled()


def test_definitions_of_the_team_are_not_chosen_here(
    page: DefinitionsPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    with session.ctx.store.write() as tx:
        meta.put(tx, definitions.TEAM_TEXT, session.ctx.playbook.text)
    page.choose()
    rest(qtbot, tasks)
    page.chooser.list.selectRow(1)
    rest(qtbot, tasks)
    assert not page.chooser.apply.isEnabled()
    assert "チームのハブ" in page.chooser.warning.text()
    with pytest.raises(Refused):
        definitions.choose(session.ctx, "smb")
