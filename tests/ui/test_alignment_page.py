"""The alignment meeting in the window: agenda, records, minutes by key, the document, and on to the definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QEvent, QSizeF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain.roles import Right
from isdesk.services import agreeing, aligning, history, packs
from isdesk.store import members
from tests.services.alignment_story import simple_scores, tell
from tests.services.conftest import FS, OTHER
from tests.services.conftest import REP as STORY_REP
from tests.ui.conftest import SampleClock
from tests.ui.test_shell import Frame
from ui import pdf
from ui.models.records import spoken
from ui.session import Session
from ui.tasks import Tasks
from ui.views.alignment.agenda import CASES, DRIFT, MONTHLY, QUESTIONS
from ui.views.alignment.page import AGENDA, AlignmentPage, make
from ui.views.definitions.page import DefinitionsPage

MONDAY = date(2026, 11, 16)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A team lead's desk with eight weeks of a team's work."""
    ctx = desk.ctx
    with ctx.store.write() as tx:
        members.put(tx, [FS, OTHER, STORY_REP])
    ctx.members.update({one.id: one for one in (FS, OTHER, STORY_REP)})
    ctx.me = replace(ctx.me, role="team_lead")
    ctx.members[ctx.me.id] = ctx.me
    simple_scores(ctx)
    tell(ctx, 50)
    return desk


def opened(session: Session, qtbot: QtBot, tasks: Tasks) -> AlignmentPage:
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, AlignmentPage)
    qtbot.addWidget(made)
    made.resize(1216, 720)
    with qtbot.waitExposed(made):
        made.show()
    session.commands.set_page("alignment")
    made.arrive()
    rest(qtbot, made, tasks)
    return made


@pytest.fixture
def page(busy: Desk, session: Session, qtbot: QtBot, tasks: Tasks) -> Iterator[AlignmentPage]:
    """The page on the last whole week."""
    made = opened(session, qtbot, tasks)
    yield made
    made.leave()
    rest(qtbot, made, tasks)


def rest(qtbot: QtBot, page: AlignmentPage, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0 and page.settled and page.pack is not None, timeout=20_000)


def press(widget: QWidget, key: Qt.Key) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def pack(page: AlignmentPage) -> packs.Pack:
    """Return what stands on the page now."""
    assert page.pack is not None
    return page.pack


def run(session: Session, name: str, qtbot: QtBot, page: AlignmentPage, tasks: Tasks) -> None:
    assert session.commands.run(f"alignment.{name}"), name
    rest(qtbot, page, tasks)


def test_the_agenda_shows_the_pack_of_the_last_whole_week(
    page: AlignmentPage, session: Session, qtmodeltester: ModelTester
) -> None:
    shown, agenda = pack(page), page.agenda
    assert (shown.period.first, shown.period.last) == (MONDAY, date(2026, 11, 22))
    assert shown.cases == packs.pack(session.ctx, "week", MONDAY).cases
    assert agenda.tabs.count() == 4
    for model, records in (
        (agenda.cases, shown.cases), (agenda.drift, shown.drift.lines), (agenda.questions, shown.questions),
    ):  # fmt: skip
        assert model.records() == list(records)
        assert model.rowCount()
        qtmodeltester.check(model)
    agenda.tabs.set_current(CASES)
    assert f"外れた案件 {len(shown.cases)}" in agenda.tabs.accessibleName()
    assert len(agenda.figures.cards.cards) == len(shown.tiles)
    assert agenda.figures.model.columnCount() == 1 + packs.TREND


def test_every_line_of_drift_opens_as_many_records_as_it_says(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    run(session, "month", qtbot, page, tasks)
    page.agenda.tabs.set_current(DRIFT)
    opened_some = 0
    for row, line in enumerate(pack(page).drift.lines):
        page.agenda.drift_table.selectRow(row)
        press(page.agenda.drift_table, Qt.Key.Key_Return)
        rest(qtbot, page, tasks)
        assert page.records.model.rowCount() == line.trials.part, line.code
        opened_some += line.trials.part
        press(page.records.table, Qt.Key.Key_Escape)
        assert page.stack.currentIndex() == AGENDA
        assert page.agenda.drift_table.hasFocus()
    assert opened_some > 10


def test_a_case_leads_to_its_lead_and_a_figure_to_its_records(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    page.agenda.tabs.set_current(CASES)
    one = page.agenda.cases.record(0)
    assert one is not None
    with qtbot.waitSignal(page.asked_lead) as told:
        press(page.agenda.case_table, Qt.Key.Key_Return)
    assert told.args == [one.lead_id]
    tile = next(tile for tile in pack(page).tiles if tile.code == "answer_rate")
    page.open_place("answer_rate")
    rest(qtbot, page, tasks)
    assert page.drill.model.rowCount() == tile.part
    record = page.drill.model.record(0)
    assert record is not None
    with qtbot.waitSignal(page.asked_lead) as told:
        press(page.drill.table, Qt.Key.Key_Return)
    assert told.args == [record.lead_id]
    press(page.drill.table, Qt.Key.Key_Escape)
    page.agenda.tabs.set_current(QUESTIONS)
    asked = page.agenda.question()
    assert asked is not None
    press(page.agenda.question_table, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    broken = {line.code: line.trials.part for line in pack(page).drift.lines}
    assert page.records.model.rowCount() == len(asked.cases) + sum(broken[code] for code in asked.drift) > 0


def test_a_question_becomes_a_decision_and_an_action_item_by_key(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    page.agenda.tabs.set_current(QUESTIONS)
    asked = page.agenda.question()
    assert asked is not None
    run(session, "decide", qtbot, page, tasks)
    form = page.panel.decision_form
    assert form.isVisible()
    assert (form.key.currentText(), form.cases) == (asked.key, asked.cases)
    assert not form.save_button.isEnabled()
    assert not session.commands.allowed("alignment.week")
    form.text.setText("引き渡し前に二人で確かめる")
    form.people.buttons[FS.id].setChecked(True)
    press(form.text, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    (one,) = pack(page).meeting.decisions
    assert (one.text, one.key, one.cases) == ("引き渡し前に二人で確かめる", asked.key, asked.cases)
    assert set(one.agreed) == {session.ctx.me.id, FS.id}
    assert FS.name in page.panel.decision_note.text()
    run(session, "act", qtbot, page, tasks)
    task = page.panel.action_form
    task.text.setText("質問を言い換える")
    task.owner.setCurrentIndex(task.owner.findData(OTHER.id))
    task.due.setDate(QDate(2026, 11, 20))
    press(task.text, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    (act,) = page.panel.given.records()
    assert (act.owner, act.due) == (OTHER.id, date(2026, 11, 20))
    assert spoken(page.panel.given.columns[2].cell(act)) == "11/20"
    assert page.panel.given.columns[2].cell(act).ink == "bad"
    run(session, "later", qtbot, page, tasks)
    assert "持ち越し" in spoken(page.panel.given.columns[0].cell(page.panel.given.records()[0]))
    assert "2026-11-16 の週から持ち越し" in page.panel.action_note.text()
    run(session, "done", qtbot, page, tasks)
    assert page.panel.given.records()[0].done_at is not None
    assert "完了" in page.panel.action_note.text()
    run(session, "done", qtbot, page, tasks)
    assert page.panel.given.records()[0].done_at is None


def test_what_is_in_front_is_reworded_and_struck_out_by_key(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx, meeting = session.ctx, pack(page).meeting.id
    aligning.decide(ctx, meeting, "甲", agreed=[FS.id])
    aligning.act(ctx, meeting, "乙", owner=FS.id)
    page.load()
    rest(qtbot, page, tasks)
    run(session, "minutes", qtbot, page, tasks)
    assert page.panel.decision_table.hasFocus()
    press(page.panel.decision_table, Qt.Key.Key_Return)
    form = page.panel.decision_form
    assert form.text.text() == "甲"
    form.text.setText("丙")
    press(form.text, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    assert [one.text for one in pack(page).meeting.decisions] == ["丙"]
    run(session, "minutes", qtbot, page, tasks)
    assert page.panel.action_table.hasFocus()
    press(page.panel.action_table, Qt.Key.Key_Delete)
    rest(qtbot, page, tasks)
    assert not pack(page).meeting.actions
    history.undo(ctx)
    page.load()
    rest(qtbot, page, tasks)
    assert [one.text for one in pack(page).meeting.actions] == ["乙"]
    run(session, "act", qtbot, page, tasks)
    press(page.panel.action_form.text, Qt.Key.Key_Escape)
    assert not page.panel.writing


def test_minutes_are_fixed_with_who_was_there_and_opened_again(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    before = pack(page)
    run(session, "close", qtbot, page, tasks)
    form = page.panel.close_form
    form.people.buttons[OTHER.id].setChecked(True)
    form.save_button.click()
    rest(qtbot, page, tasks)
    assert page.head.state.text() == "記録確定"
    assert "確定時" in page.head.note.text()
    assert set(pack(page).meeting.attendees) == {session.ctx.me.id, OTHER.id}
    assert pack(page).fixed
    assert (pack(page).cases, pack(page).tiles) == (before.cases, before.tiles)
    assert not session.commands.allowed("alignment.decide")
    assert page.panel.decide_button.isHidden()
    run(session, "close", qtbot, page, tasks)
    assert page.head.state.text() == "記録中"
    assert page.head.note.text() == ""
    assert session.commands.allowed("alignment.decide")


def test_a_rep_reads_along_but_writes_nothing_but_done_on_the_own(
    busy: Desk, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx, meeting = busy.ctx, "week:2026-11-16"
    aligning.act(ctx, meeting, "自分の", owner=OTHER.id)
    aligning.act(ctx, meeting, "人の", owner=FS.id)
    ctx.me = OTHER
    assert not ctx.may(Right.ALIGN)
    made = opened(session, qtbot, tasks)
    assert pack(made).cases
    for name in ("decide", "act", "close", "definition"):
        assert not session.commands.allowed(f"alignment.{name}")
    assert made.head.close_button.isHidden()
    for row, one in enumerate(made.panel.given.records()):
        made.panel.action_table.selectRow(row)
        assert session.commands.allowed("alignment.done") == (one.text == "自分の")
    made.leave()
    rest(qtbot, made, tasks)


def test_a_month_has_its_losses_and_the_leads_that_wake(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    run(session, "month", qtbot, page, tasks)
    assert page.head.title.text() == "月次レビュー"
    assert page.agenda.tabs.count() == 5
    page.agenda.tabs.set_current(MONTHLY)
    shown = pack(page)
    assert shown.losses
    assert page.agenda.losses.records() == list(shown.losses)
    assert page.agenda.waking.records() == list(shown.waking)
    one = shown.losses[0]
    press(page.agenda.loss_table, Qt.Key.Key_Return)
    rest(qtbot, page, tasks)
    assert page.drill.model.rowCount() == one.count
    run(session, "week", qtbot, page, tasks)
    assert page.agenda.tabs.count() == 4
    assert page.stack.currentIndex() == AGENDA


def test_weeks_are_gone_through_by_key_and_none_is_shown_that_has_not_begun(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    run(session, "earlier", qtbot, page, tasks)
    assert pack(page).period.first == date(2026, 11, 9)
    for _ in range(4):
        run(session, "later", qtbot, page, tasks)
    assert (pack(page).period.first, pack(page).period.last) == (date(2026, 11, 23), date(2026, 11, 24))
    assert not page.head.later.isEnabled()
    tab = page.agenda.tabs.current()
    run(session, "tab", qtbot, page, tasks)
    assert page.agenda.tabs.current() == tab + 1


def test_the_document_leaves_as_pdf_and_html_and_is_noted(
    page: AlignmentPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    meeting = pack(page).meeting.id
    aligning.decide(session.ctx, meeting, "引き渡し前に二人で確かめる", key="checklist", agreed=[FS.id])
    aligning.act(session.ctx, meeting, "質問を言い換える", owner=OTHER.id)
    page.load()
    rest(qtbot, page, tasks)
    paper, web = tmp_path / "alignment.pdf", tmp_path / "alignment.html"
    for path in (paper, web):
        page.outlet.save(path)
        rest(qtbot, page, tasks)
    text = web.read_text(encoding="utf-8")
    wanted = ("1. 数字", "2. 外れた案件", "3. 定義と実態のずれ", "4. 疑われる定義", "5. 決定", "6. 宿題")
    for part in (*wanted, "引き渡し前に二人で確かめる", "質問を言い換える", FS.name):
        assert part in text
    assert paper.read_bytes().startswith(b"%PDF")
    printed = pdf.document(text)
    printed.setPageSize(QSizeF(500, 700))
    pdf.keep_heads(printed)
    heads = [block for block in pdf.blocks(printed) if block.text() in wanted]
    assert [block.text() for block in heads] == list(wanted)
    assert all(block.layout().lineCount() == 1 for block in heads)
    with session.ctx.store.read() as tx:
        assert tx.sql("SELECT count(*) FROM journal WHERE verb = 'export'").fetchone()[0] == 2


def test_an_empty_desk_says_so_in_every_part(session: Session, qtbot: QtBot, tasks: Tasks, clock: SampleClock) -> None:
    made = opened(session, qtbot, tasks)
    run(session, "month", qtbot, made, tasks)
    for place in range(made.agenda.tabs.count()):
        made.agenda.tabs.set_current(place)
    assert made.agenda.cases.rowCount() == made.agenda.questions.rowCount() == 0
    assert made.agenda.drift.rowCount() == len(pack(made).drift.lines)
    assert made.agenda.case_table.isHidden() or not made.agenda.case_table.isVisible()
    made.leave()
    rest(qtbot, made, tasks)


# ------------------------------------------------------------------------------------------------- in the whole window


@pytest.fixture
def frame(busy: Desk, tasks: Tasks, qtbot: QtBot) -> Iterator[Frame]:
    """The whole window with the meeting in front."""
    made = Frame(busy, tasks)
    qtbot.addWidget(made.window)
    made.window.resize(1280, 800)
    made.window.show()
    made.window.open_page("alignment")
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
    yield made
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=20_000)
    for name in ("alignment", "definitions", "team"):
        page = made.window.page(name)
        if page is not None:
            page.leave()


def test_a_decision_leads_to_its_definition_and_the_new_version_names_the_meeting(
    frame: Frame, qtbot: QtBot, tasks: Tasks
) -> None:
    session, window = frame.session, frame.window
    ctx, page = session.ctx, window.page("alignment")
    assert isinstance(page, AlignmentPage)
    meeting = pack(page).meeting.id
    item, _ = aligning.decide(ctx, meeting, "2時間で対応", key="sla.first_response_hours", agreed=[FS.id, ctx.me.id])
    page.load()
    rest(qtbot, page, tasks)
    assert page.panel.definition_button.isVisible()
    assert session.commands.run("alignment.definition")
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert window.front == "definitions"
    definitions = window.page("definitions")
    assert isinstance(definitions, DefinitionsPage)
    editor = definitions.editor
    assert definitions.editing
    line = editor.text.textCursor().block().text()
    assert line == "first_response_hours = 4.0"
    assert "2時間で対応" in editor.origin_text.text()
    assert FS.name in editor.origin_text.text()
    assert editor.note.text() == "2時間で対応"
    editor.text.setPlainText(
        editor.text.toPlainText().replace("first_response_hours = 4.0", "first_response_hours = 2.0")
    )
    editor.check()
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert session.commands.run("definitions.propose")
    qtbot.waitUntil(lambda: tasks.pending == 0)
    (made,) = (one for one in agreeing.proposals(ctx) if one.alignment)
    assert (made.alignment, made.decision, set(made.agreed)) == (meeting, item, {FS.id, ctx.me.id})
    definitions.proposals.table.selectRow(0)
    assert "握り直し会議(2026-11-16 の週)で決定。合意: 中村 直樹、鈴木" in definitions.proposals.note.text()
    assert editor.origin_text.isHidden()
    window.open_page("alignment")
    page.load()
    rest(qtbot, page, tasks)
    assert "署名待ち(3部門)" in page.panel.decision_note.text()


def test_the_page_is_reached_from_the_team_and_the_palette(frame: Frame, qtbot: QtBot, tasks: Tasks) -> None:
    window, commands = frame.window, frame.session.commands
    window.open_page("team")
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert commands.run("team.alignment")
    assert window.front == "alignment"
    assert {"page.alignment", "alignment.decide", "alignment.pdf"} <= {
        one.id for one in commands.bound() if one.palette
    }


def test_drift_stands_beside_the_definitions(frame: Frame, qtbot: QtBot, tasks: Tasks) -> None:
    window, commands = frame.window, frame.session.commands
    window.open_page("definitions")
    qtbot.waitUntil(lambda: tasks.pending == 0)
    page = window.page("definitions")
    assert isinstance(page, DefinitionsPage)
    assert commands.run("definitions.drift")
    qtbot.waitUntil(lambda: tasks.pending == 0)
    view = page.drift
    assert view.isVisible()
    view.kinds.set_current(1)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    view.step(-1)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert "2026-10-01" in view.span.text()
    lines = view.model.records()
    assert lines == list(packs.pack(frame.session.ctx, "month", date(2026, 10, 1)).drift.lines)
    row = max(range(len(lines)), key=lambda n: lines[n].trials.part)
    view.table.selectRow(row)
    assert "÷" in view.formula.text()
    press(view.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tasks.pending == 0)
    assert view.records.model.rowCount() == lines[row].trials.part > 0
    press(view.records.table, Qt.Key.Key_Escape)
    assert window.focusWidget() is view.table
    press(view.table, Qt.Key.Key_Escape)
    assert not view.isVisible()
