"""The page 取り込み on a real profile: look, map, check, write, report, undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.services import consenting, lead_table
from isdesk.services.lead_table import Filter
from tests.ui.leads_made import add, listed
from ui.models.records import CELL_ROLE, Cell
from ui.notices import Notice
from ui.session import Session
from ui.tasks import Tasks
from ui.views.imports.page import CHECK, COLUMNS, DONE, FILE, ImportPage, make

LINES = [
    "会社名,氏名,部署,メールアドレス,電話番号,謎の列",
    "青葉精機株式会社,山田 太郎,購買部,yamada@aoba.example.jp,052-211-1234,あ",
    "みなと商事株式会社,佐藤 花子,総務部,sato@,番号なし?,い",
    ",,,,,",
    "北斗ロジスティクス,高橋 健,物流部,takahashi@hokuto.example.jp,03-1234-5678,う",
]


@pytest.fixture
def page(session: Session, qtbot: QtBot, tasks: Tasks) -> ImportPage:
    """Open the page."""
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, ImportPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    rest(qtbot, tasks)
    return made


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)


def count(session: Session) -> int:
    return len(lead_table.ids(session.ctx, Filter(scope="team")))


def test_finds_the_form_of_the_file_and_proposes_a_mapping(
    page: ImportPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path, qtmodeltester: ModelTester
) -> None:
    page.take(listed(tmp_path / "リスト.csv", LINES))
    rest(qtbot, tasks)
    assert page.step == COLUMNS
    assert page.file.encoding.currentText() == "CP932"
    assert page.file.delimiter.currentData() == "comma"
    targets = [column.target for column in page.mapping.columns.columns]
    assert targets[:4] == ["company.name", "lead.name", "lead.department", "lead.email"]
    assert targets[5] is None
    qtmodeltester.check(page.mapping.model)
    sample = page.mapping.model.index(0, 1).data(CELL_ROLE)
    assert isinstance(sample, Cell)
    assert "青葉精機株式会社" in sample.text


def test_a_column_is_sent_elsewhere_and_left_out_by_key(
    page: ImportPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    page.take(listed(tmp_path / "a.csv", LINES))
    rest(qtbot, tasks)
    page.mapping.choose(5, "lead.is_memo")
    assert page.mapping.columns.columns[5].target == "lead.is_memo"
    assert page.mapping.columns.columns[5].why == "chosen"
    page.mapping.table.selectRow(5)
    qtbot.keyClick(page.mapping.table, Qt.Key.Key_Delete)
    assert page.mapping.columns.columns[5].target is None


def test_enter_opens_the_list_of_fields_in_the_row(
    page: ImportPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    page.take(listed(tmp_path / "a.csv", LINES))
    rest(qtbot, tasks)
    page.mapping.table.selectRow(5)
    qtbot.keyClick(page.mapping.table, Qt.Key.Key_Return)
    combo = page.mapping.table.viewport().findChild(QComboBox)
    assert isinstance(combo, QComboBox)
    qtbot.waitUntil(combo.view().isVisible)
    combo.activated.emit(combo.findData("lead.is_memo"))
    combo.hidePopup()
    assert page.mapping.columns.columns[5].target == "lead.is_memo"


def test_nothing_is_written_before_it_is_confirmed_and_one_undo_takes_it_back(
    page: ImportPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path, qtmodeltester: ModelTester
) -> None:
    add(session.ctx, "山田 太郎", email="yamada@aoba.example.jp")
    page.take(listed(tmp_path / "a.csv", LINES))
    rest(qtbot, tasks)
    page.forward()
    rest(qtbot, tasks)
    assert page.step == CHECK
    assert count(session) == 1
    assert [tile.figure.text() for tile in page.figures.tiles] == ["2", "1", "0", "0", "2", "0"]
    qtmodeltester.check(page.tables.rows)
    assert page.tables.repeats.rowCount() == 1
    marked = [
        cell
        for column in range(page.tables.rows.columnCount())
        if isinstance(cell := page.tables.rows.index(1, column).data(CELL_ROLE), Cell) and cell.icon == "warning"
    ]
    assert {cell.text for cell in marked} == {"sato@", "番号なし?"}
    assert all(cell.tip for cell in marked)
    page.forward()
    rest(qtbot, tasks)
    assert page.step == DONE
    assert count(session) == 3
    assert page.undo_button.isEnabled()
    page.undo_button.click()
    rest(qtbot, tasks)
    assert count(session) == 1
    assert "元に戻しました" in page.outcome.text()
    assert not page.undo_button.isEnabled()


def test_the_problems_are_saved_as_a_list(page: ImportPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    page.take(listed(tmp_path / "a.csv", LINES))
    rest(qtbot, tasks)
    page.check()
    rest(qtbot, tasks)
    page.run()
    rest(qtbot, tasks)
    out = tmp_path / "問題.csv"
    page.save_problems(out)
    rest(qtbot, tasks)
    text = out.read_text(encoding="utf-8-sig")
    assert text.startswith("行,列,値,問題")
    assert "sato@" in text
    assert "メールアドレスとして読めません" in text


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    page: ImportPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    told: list[Notice] = []
    session.notices.noticed.connect(told.append)
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    page.take(empty)
    rest(qtbot, tasks)
    assert page.step == FILE
    assert len(told) == 1
    assert "empty.csv" in told[0].text
    assert not page.busy.isVisible()


def test_a_cancelled_import_leaves_nothing_behind(
    page: ImportPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    said: list[str] = []
    session.notices.said.connect(said.append)
    page.take(listed(tmp_path / "a.csv", LINES))
    rest(qtbot, tasks)
    page.check()
    rest(qtbot, tasks)
    page.run()
    page.busy.stop.click()
    rest(qtbot, tasks)
    if page.step == CHECK:
        assert count(session) == 0
        assert "何も書き込んでいません" in said[-1]
    else:
        assert count(session) == 3


def test_past_imports_are_listed(page: ImportPage, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> None:
    page.take(listed(tmp_path / "11月.csv", LINES))
    rest(qtbot, tasks)
    page.check()
    rest(qtbot, tasks)
    page.run()
    rest(qtbot, tasks)
    page.forward()
    rest(qtbot, tasks)
    assert page.step == FILE
    assert page.past.isVisible()
    assert [batch.file_name for batch in page.past.model.records()] == ["11月.csv"]


def test_the_basis_of_mail_is_noted_with_the_import(
    page: ImportPage, session: Session, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    page.take(listed(tmp_path / "a.csv", LINES))
    rest(qtbot, tasks)
    assert not page.options.basis_source.isEnabled()
    page.options.basis.setCurrentIndex(page.options.basis.findData("notified"))
    page.options.basis_source.setText("名刺、展示会X")
    page.forward()
    rest(qtbot, tasks)
    assert page.headline.text().endswith("メールの同意の根拠を2件のアドレスに記録します")
    page.forward()
    rest(qtbot, tasks)
    assert page.outcome.text().endswith("同意の根拠2件")
    (one,) = lead_table.ids(session.ctx, Filter(scope="team", text="山田"))
    assert consenting.gate(session.ctx, one) is None
