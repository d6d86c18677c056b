"""Changing the definitions in the window: checked while typing, its effect before it is applied, signed, in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.agreement import DEPARTMENTS
from isdesk.services import agreeing, calls
from tests.ui.leads_made import add
from ui.session import Session
from ui.tasks import Tasks
from ui.views.definitions.code import CodeEditor
from ui.views.definitions.editor import DIFFERENCES, EFFECT, PROBLEMS, Editor
from ui.views.definitions.page import DefinitionsPage, make

WRONG = '[sla]\nfirst_response_hours = "two"\nunknown = 1\n'
RIGHT = "[sla]\nfirst_response_hours = 2.0\n"


@pytest.fixture
def page(session: Session, qtbot: QtBot, tasks: Tasks) -> Iterator[DefinitionsPage]:
    """Open the page and its editor."""
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, DefinitionsPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    session.commands.set_page("definitions")
    assert session.commands.run("definitions.edit")
    rest(qtbot, tasks)
    yield made
    rest(qtbot, tasks)


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=15000)


def write(page: DefinitionsPage, more: str, qtbot: QtBot, tasks: Tasks) -> Editor:
    """Type below the text in force, and let it be checked."""
    editor = page.editor
    editor.text.setPlainText(agreeing.text_in_force(page._session.ctx) + more)
    editor.check()
    rest(qtbot, tasks)
    return editor


def test_the_rubric_of_calls_is_edited_like_the_rest(page: DefinitionsPage, qtbot: QtBot, tasks: Tasks) -> None:
    wrong = '[rubric.opening]\nmost = 0\nweight = "two"\nhlep = "x"\n\n[rubric.closing]\nen = "Closing"\n'
    editor = write(page, wrong, qtbot, tasks)
    found = [(one.line, one.key) for one in editor.problems.records()]
    assert found == [
        (7, "rubric.opening.most"),
        (8, "rubric.opening.weight"),
        (9, "rubric.opening.hlep"),
        (11, "rubric.closing.ja"),
    ]
    assert not editor.propose_button.isEnabled()
    right = '[rubric.opening]\nmost = 10\n\n[rubric.closing]\nja = "締め"\nen = "Closing"\nweight = 3\n'
    editor = write(page, right, qtbot, tasks)
    assert editor.problems.records() == []
    assert editor.propose_button.isEnabled()
    keys = {one.key for one in editor.differences.records()}
    assert {"rubric.opening.most", "rubric.closing.ja", "rubric.closing.weight"} <= keys


def test_problems_are_told_with_line_and_key_and_lead_to_their_place(
    page: DefinitionsPage, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    editor = write(page, WRONG, qtbot, tasks)
    qtmodeltester.check(editor.problems)
    found = [(one.line, one.key) for one in editor.problems.records()]
    assert found == [(7, "sla.first_response_hours"), (8, "sla.unknown")]
    assert editor.tabs.current() == PROBLEMS
    assert "数で書きます" in editor.why.text()
    assert not editor.propose_button.isEnabled()
    editor.table.selectRow(1)
    editor.table.opened.emit(editor.table.currentIndex())
    assert editor.text.textCursor().blockNumber() == 7
    write(page, RIGHT, qtbot, tasks)
    assert editor.problems.rowCount() == 0
    assert not editor.why.isVisible()


def test_it_is_checked_a_moment_after_the_last_key(page: DefinitionsPage, qtbot: QtBot, tasks: Tasks) -> None:
    editor = page.editor
    editor.text.appendPlainText("nonsense")
    assert not editor.propose_button.isEnabled()
    qtbot.waitUntil(lambda: editor.problems.rowCount() == 1, timeout=8000)


def test_what_changes_is_shown_key_by_key_and_who_would_move(
    page: DefinitionsPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    called = add(session.ctx, "山田 太郎", phone_direct="052-211-1234")
    calls.record(session.ctx, called, "NO_ANSWER")
    add(session.ctx, "佐藤 花子", "みなと商事株式会社", phone_direct="052-211-1235")
    editor = write(page, "[caps]\nper_number_day = 1\nper_contact_cycle = 1\n", qtbot, tasks)
    assert {one.key for one in editor.differences.records()} == {"caps.per_contact_cycle", "caps.per_number_day"}
    assert editor.tabs.current() == DIFFERENCES
    assert session.commands.run("definitions.simulate")
    rest(qtbot, tasks)
    assert editor.tabs.current() == EFFECT
    assert "2件" in editor.outlook.text()
    assert session.ctx.rules.caps.per_contact_cycle != 1


def test_a_proposal_holds_when_all_three_have_signed(
    page: DefinitionsPage, session: Session, qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    editor = write(page, RIGHT, qtbot, tasks)
    editor.day.setDate(QDate.fromString(session.ctx.today(), Qt.DateFormat.ISODate))
    editor.note.setText("初回対応を速く")
    assert session.commands.run("definitions.propose")
    rest(qtbot, tasks)
    proposals = page.proposals
    assert proposals.isVisible()
    qtmodeltester.check(proposals.model)
    assert page.proposals_button.text() == "提案 1"
    assert proposals.note.text() == "初回対応を速く"
    assert [one.key for one in proposals.differences.records()] == ["sla.first_response_hours"]
    assert session.ctx.rules.sla.first_response_hours == 4.0
    for code in DEPARTMENTS:
        proposals.signs[code][1].click()
        rest(qtbot, tasks)
    assert session.ctx.rules.sla.first_response_hours == 2.0
    assert proposals.state.text() == "合意済み"
    assert not proposals.signs["marketing"][1].isVisible()
    assert page.proposals_button.text() == "提案"
    assert agreeing.draft(session.ctx) == ""


def test_a_proposal_is_taken_back_or_gone_on_from(
    page: DefinitionsPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    text = agreeing.text_in_force(session.ctx) + RIGHT
    agreeing.propose(session.ctx, text, date(2026, 12, 24))
    page.show_proposals()
    rest(qtbot, tasks)
    page.proposals.edit_button.click()
    rest(qtbot, tasks)
    assert page.editing
    assert page.editor.text.toPlainText() == text
    page.show_proposals()
    rest(qtbot, tasks)
    page.proposals.withdraw()
    rest(qtbot, tasks)
    assert page.proposals.state.text() == "取り下げ"
    qtbot.keyClick(page.proposals, Qt.Key.Key_Escape)
    assert page.reader.isVisible()


def test_what_was_typed_is_there_again(page: DefinitionsPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    page.editor.text.appendPlainText("# halfway")
    page.editor.close_editor()
    rest(qtbot, tasks)
    assert agreeing.draft(session.ctx).endswith("# halfway")
    again = Editor(session)
    qtbot.addWidget(again)
    again.start()
    rest(qtbot, tasks)
    assert again.text.toPlainText().endswith("# halfway")
    again.reset()
    again.check()
    rest(qtbot, tasks)
    assert agreeing.draft(session.ctx) == ""


def test_lines_have_numbers_and_what_is_wrong_is_painted(qtbot: QtBot, tmp_path: Path) -> None:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    editor.resize(500, 300)
    editor.setPlainText('# note\n[sla]\nhours = 2.0 # why\nname = "a # b"\n' + "x = 1\n" * 200)
    editor.show_wrong({3: "sla.hours", 999: "gone"})
    assert len(editor.extraSelections()) == 2
    assert editor.grab().save(str(tmp_path / "editor.png"))
    editor.go_to(150)
    assert editor.textCursor().blockNumber() == 149
    assert editor.gutter() > 30
