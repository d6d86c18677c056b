"""The page 導入 on a real profile: filled from the data, ticked by hand with one undo, given to people, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.clock import TOKYO
from isdesk.domain.ids import LeadId
from isdesk.services import calls, history, introducing
from tests.ui.leads_made import OTHER, add, colleague
from ui.pages import PAGES
from ui.session import Session
from ui.tasks import Tasks
from ui.views.introduction.page import IntroductionPage, make


@pytest.fixture
def called(session: Session) -> LeadId:
    """Give a lead that was called."""
    made = add(session.ctx, "見本 太郎", phone_direct="03-3211-1000")
    calls.record(session.ctx, made, "NO_ANSWER")
    return made


@pytest.fixture
def page(session: Session, called: LeadId, qtbot: QtBot, tasks: Tasks) -> Iterator[IntroductionPage]:
    """Open the page as the window does."""
    colleague(session.ctx)
    rights = {**session.ctx.rules.rights, "rep": frozenset({"see_team", "definitions", "admin"})}
    from dataclasses import replace

    session.ctx.playbook = replace(session.ctx.playbook, rules=replace(session.ctx.rules, rights=rights))
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, IntroductionPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    session.commands.set_page("introduction")
    made.arrive()
    rest(qtbot, tasks)
    yield made
    rest(qtbot, tasks)


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)
    QApplication.sendPostedEvents()


def choose(page: IntroductionPage, code: str) -> None:
    codes = [one.step.code for one in page.steps.records()]
    page.step_table.selectRow(codes.index(code))


def shown(page: IntroductionPage, row: int) -> list[str]:
    return [str(page.steps.index(row, column).data()) for column in range(page.steps.columnCount())]


def test_it_is_filled_from_the_data_with_the_records_behind(
    page: IntroductionPage, called: LeadId, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(page.steps)
    qtmodeltester.check(page.points)
    assert shown(page, 0)[:3] == ["0〜30日", "済み", "過去の接触履歴を取り込み、現状を見る"]
    assert "リード 1件・接触 1件" in page.panel.figure.text()
    assert page.panel.yes.isHidden()
    (record,) = page.panel.records.records()
    assert record.lead_id == called
    with qtbot.waitSignal(page.asked_lead) as asked:
        page.panel.table.opened.emit(page.panel.records.index(0, 0))
    assert asked.args == [called]


def test_a_step_is_ticked_by_key_and_undone(
    page: IntroductionPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    choose(page, "materials")
    assert session.commands.run("introduction.yes")
    rest(qtbot, tasks)
    assert page.panel.state.text() == "済み"
    assert "鈴木 が" in page.panel.said.text()
    tasks.write(lambda: history.undo(session.ctx))
    rest(qtbot, tasks)
    assert page.panel.state.text() == "未了"
    assert not page.panel.said.isVisible()


def test_the_start_gives_dates_and_a_step_gets_its_owner(
    page: IntroductionPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    today = session.now().astimezone(TOKYO).date()
    page.begin.setDate(QDate(today.year, today.month, today.day))
    page.set_start.click()
    rest(qtbot, tasks)
    assert page.phase.text() == "0〜30日 ・ 0日目"
    choose(page, "scaling")
    wanted = today + timedelta(days=90)
    assert page.panel.due.date() == QDate(wanted.year, wanted.month, wanted.day)
    panel = page.panel
    panel.owner.setCurrentIndex(panel.owner.findData(OTHER.id))
    panel.owner.activated.emit(panel.owner.currentIndex())
    rest(qtbot, tasks)
    panel.due.setDate(QDate(2027, 1, 15))
    panel.due.editingFinished.emit()
    rest(qtbot, tasks)
    found = next(one for one in introducing.board(session.ctx).steps if one.step.code == "scaling")
    assert (found.owner, found.due) == (OTHER.name, date(2027, 1, 15))
    assert not panel.plan.isHidden()
    panel.plan.click()
    rest(qtbot, tasks)
    found = next(one for one in introducing.board(session.ctx).steps if one.step.code == "scaling")
    assert (found.owner, found.due) == (OTHER.name, wanted)


def test_three_symptoms_are_told(page: IntroductionPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    assert session.commands.run("introduction.tab")
    codes = [one.point.code for one in page.points.records()]
    assert len(codes) == 11
    assert page.redesign.isHidden()
    for code in ("reasked", "private_lists"):
        page.point_table.selectRow(codes.index(code))
        assert session.commands.run("introduction.yes")
        rest(qtbot, tasks)
    assert "症状が3つ" in page.redesign.text()
    assert not page.redesign.isHidden()
    page.point_table.selectRow(codes.index("private_lists"))
    assert session.commands.run("introduction.no")
    rest(qtbot, tasks)
    assert page.redesign.isHidden()
    assert session.commands.run("introduction.clear")
    rest(qtbot, tasks)
    assert page.panel.state.text() == "未回答"


@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_it_is_saved_on_paper(page: IntroductionPage, ending: str, tmp_path: Path, qtbot: QtBot, tasks: Tasks) -> None:
    target = tmp_path / f"paper.{ending}"
    page.save_paper(target)
    rest(qtbot, tasks)
    assert target.read_bytes().startswith(b"%PDF" if ending == "pdf" else b"<html>")


def test_who_may_not_change_definitions_only_reads(page: IntroductionPage, session: Session) -> None:
    from dataclasses import replace

    rights = {**session.ctx.rules.rights, "rep": frozenset({"see_team"})}
    session.ctx.playbook = replace(session.ctx.playbook, rules=replace(session.ctx.rules, rights=rights))
    choose(page, "materials")
    assert page.panel.foot.isHidden()
    assert not page.panel.owner.isEnabled()


def test_the_page_is_reached_from_the_definitions() -> None:
    spec = next(spec for spec in PAGES if spec.id == "introduction")
    assert spec.under == "definitions"
