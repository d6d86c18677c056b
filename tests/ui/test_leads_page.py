"""The page リード on a real profile: table, filters, bulk verbs with preview and one undo, new lead, export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId
from isdesk.services import bulk, consenting, history, leads
from isdesk.services.lead_table import Filter
from tests.ui.leads_made import OTHER, add, colleague
from ui.models.leads_model import LEAD_ROLE
from ui.models.records import CELL_ROLE, Cell
from ui.session import Session
from ui.tasks import Tasks
from ui.views.leads.page import LeadsPage, make


@pytest.fixture
def three(session: Session) -> list[LeadId]:
    """Give three leads of mine."""
    ctx = session.ctx
    return [
        add(ctx, "山田 太郎", phone_direct="052-211-1234", email="yamada@aoba.example.jp"),
        add(ctx, "佐藤 花子", "みなと商事株式会社", email="sato@minato.example.jp"),
        add(ctx, "高橋 健", "北斗ロジスティクス"),
    ]


def opened(session: Session, qtbot: QtBot, tasks: Tasks) -> LeadsPage:
    """Open the page as the window does."""
    tasks.wrote.connect(session.hub.changed)
    page = make(session)
    assert isinstance(page, LeadsPage)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    with qtbot.waitExposed(page):
        page.show()
    page.arrive()
    rest(qtbot, tasks)
    return page


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    """Wait until nothing is under way."""
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)
    QApplication.sendPostedEvents()


def column(page: LeadsPage, code: str) -> int:
    return next(n for n, one in enumerate(page.model.columns) if one.code == code)


def shown(page: LeadsPage, code: str) -> list[str]:
    cells = [page.model.index(row, column(page, code)).data(CELL_ROLE) for row in range(page.model.rowCount())]
    return [cell.text for cell in cells if isinstance(cell, Cell)]


def test_shows_every_lead_with_its_columns(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId], qtmodeltester: ModelTester
) -> None:
    page = opened(session, qtbot, tasks)
    qtmodeltester.check(page.model)
    assert page.count.text() == "3件"
    assert sorted(shown(page, "name")) == ["佐藤 花子", "山田 太郎", "高橋 健"]
    assert "052-211-1234" in shown(page, "phone")
    assert {page.model.index(row, 0).data(LEAD_ROLE) for row in range(3)} == set(three)


def test_a_click_on_a_header_sorts_and_a_second_one_turns_it(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]
) -> None:
    page = opened(session, qtbot, tasks)
    section = column(page, "email")
    page.table.horizontalHeader().sectionClicked.emit(section)
    rest(qtbot, tasks)
    assert shown(page, "name")[:2] == ["佐藤 花子", "山田 太郎"]
    page.table.horizontalHeader().sectionClicked.emit(section)
    rest(qtbot, tasks)
    assert shown(page, "name")[:2] == ["山田 太郎", "佐藤 花子"]
    assert shown(page, "name")[2] == "高橋 健"
    header = page.model.headerData(section, Qt.Orientation.Horizontal)
    assert str(header).endswith("↓")


def test_sorting_needs_no_mouse(session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]) -> None:
    page = opened(session, qtbot, tasks)
    session.commands.set_page("leads")
    assert session.commands.run("leads.sort")
    rest(qtbot, tasks)
    headers = [str(page.model.headerData(n, Qt.Orientation.Horizontal)) for n in range(page.model.columnCount())]
    assert "次回アクション ↑" in headers
    assert session.commands.run("leads.turn")
    rest(qtbot, tasks)
    headers = [str(page.model.headerData(n, Qt.Orientation.Horizontal)) for n in range(page.model.columnCount())]
    assert "次回アクション ↓" in headers


def test_filters_by_text_stage_and_owner(session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]) -> None:
    other = colleague(session.ctx)
    leads.assign(session.ctx, [three[2]], other.id)
    page = opened(session, qtbot, tasks)
    assert page.model.rowCount() == 2
    page.show_filter(Filter(scope="team"))
    rest(qtbot, tasks)
    assert page.model.rowCount() == 3
    page.show_filter(Filter(text="みなと", scope="team"))
    rest(qtbot, tasks)
    assert shown(page, "name") == ["佐藤 花子"]
    page.show_filter(Filter(text="そんな人はいません", scope="team"))
    rest(qtbot, tasks)
    assert page.model.rowCount() == 0
    assert page.empty.isVisible()
    assert "当てはまる" in page.empty.title.text()


def test_many_leads_change_with_a_preview_and_one_undo(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]
) -> None:
    colleague(session.ctx)
    page = opened(session, qtbot, tasks)
    page.table.selectAll()
    assert page.bar.isVisible()
    assert page.bar.count.text() == "3件を選択"
    session.commands.set_page("leads")
    assert session.commands.run("leads.assign")
    page.bar.first.setCurrentIndex(page.bar.first.findData(OTHER.id))
    rest(qtbot, tasks)
    assert page.bar.outlook.text() == "3件が変わります"
    qtbot.keyClick(page.bar, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert {leads.view(session.ctx, one).owner for one in three} == {OTHER.name}
    history.undo(session.ctx)
    assert {leads.view(session.ctx, one).owner for one in three} == {"鈴木"}


def test_do_not_call_for_many_survives_and_says_so(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]
) -> None:
    page = opened(session, qtbot, tasks)
    page.table.selectAll()
    page.bar.ask(bulk.DO_NOT_CALL)
    rest(qtbot, tasks)
    page.bar.do.click()
    rest(qtbot, tasks)
    assert all(leads.view(session.ctx, one).state.dnc for one in three)
    cell = page.model.index(0, 0).data(CELL_ROLE)
    assert isinstance(cell, Cell)
    assert cell.icon == "lock"
    assert "架電禁止" in cell.said


def test_enter_opens_the_lead(session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]) -> None:
    page = opened(session, qtbot, tasks)
    page.table.selectRow(1)
    with qtbot.waitSignal(page.asked_lead) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args == [page.model.lead_at(1)]


def test_the_new_lead_form_checks_and_saves(session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    page = opened(session, qtbot, tasks)
    assert page.empty.isVisible()
    page.start_new()
    page.form.save()
    assert page.form.fields["name"].property("state") == "bad"
    page.form.fields["email"].setText("abc")
    page.form.fields["name"].setText("渡辺 修")
    page.form.save()
    assert page.form.fields["email"].property("state") == "bad"
    page.form.fields["email"].setText("watanabe@example.jp")
    page.form.fields["phone_direct"].setText("03-1234-5678")
    page.form.save()
    rest(qtbot, tasks)
    assert not page.form.isVisible()
    assert shown(page, "name") == ["渡辺 修"]
    assert shown(page, "phone") == ["03-1234-5678"]


def test_the_form_names_who_is_there_already(session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]) -> None:
    page = opened(session, qtbot, tasks)
    page.start_new()
    page.form.fields["email"].setText("yamada@aoba.example.jp")
    page.form.fields["email"].editingFinished.emit()
    rest(qtbot, tasks)
    assert page.form.like.isVisible()
    assert "山田 太郎" in page.form.like.text()


def test_exports_what_is_selected(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId], tmp_path: Path
) -> None:
    page = opened(session, qtbot, tasks)
    said: list[str] = []
    session.notices.said.connect(said.append)
    out = tmp_path / "out.csv"
    page.export_to(out, three[:2])
    rest(qtbot, tasks)
    text = out.read_text(encoding="utf-8-sig")
    assert "山田 太郎" in text
    assert "高橋 健" not in text
    assert said == ["2件を out.csv に書き出しました"]


def test_the_selection_stays_when_others_change(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]
) -> None:
    page = opened(session, qtbot, tasks)
    page.table.selectRow(0)
    chosen = page.selected()
    made = leads.create(session.ctx, {"name": "伊藤 美咲"})
    session.hub.changed.emit(made[1].changes)
    rest(qtbot, tasks)
    assert page.model.rowCount() == 4
    assert page.selected() == chosen


def test_the_basis_of_mail_is_noted_for_many_by_key_and_taken_back_at_once(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]
) -> None:
    page = opened(session, qtbot, tasks)
    page.table.selectAll()
    session.commands.set_page("leads")
    assert session.commands.run("leads.consent")
    rest(qtbot, tasks)
    assert page.bar.first.currentData() == "notified"
    assert page.bar.outlook.text() == "記録のない2件に記録します"
    assert not page.bar.do.isEnabled(), "not without where it was heard"
    qtbot.keyClicks(page.bar.typed, "card, fair X")
    assert page.bar.do.isEnabled()
    qtbot.keyClick(page.bar.typed, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert [consenting.gate(session.ctx, one) for one in three] == [None, None, "mail_no_address"]
    assert [kept.source for kept in consenting.ledger(session.ctx, three[0])] == ["card, fair X"]
    history.undo(session.ctx)
    assert consenting.gate(session.ctx, three[0]) == "mail_no_consent"


def test_a_first_call_that_nobody_planned_has_no_date_and_is_not_late(
    session: Session, qtbot: QtBot, tasks: Tasks, three: list[LeadId]
) -> None:
    page = opened(session, qtbot, tasks)
    cells = [page.model.index(row, column(page, "due")).data(CELL_ROLE) for row in range(3)]
    assert [(cell.text, cell.ink) for cell in cells] == [("初回架電", "text")] * 3
