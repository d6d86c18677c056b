"""The queue model: windows of rows, an order that changes under a selection, and 50,000 rows that cost nothing."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QListView, QStyleOptionViewItem
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId
from tests.ui import samples
from ui.delegates.queue_delegate import QueueDelegate
from ui.models.queue_model import KEPT, LEAD_ROLE, ROW_ROLE, QueueModel
from ui.words import Words


@pytest.fixture
def model(speech: Words) -> QueueModel:
    return QueueModel(speech, lambda: samples.NOW)


def _ids(count: int) -> list[LeadId]:
    return [samples.lead_id(n) for n in range(1, count + 1)]


def test_the_model_keeps_qts_contract_through_all_changes(model: QueueModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model, force_py=False)
    model.set_ids(_ids(40))
    model.put(samples.rows(40))
    model.reorder(list(reversed(_ids(40))))
    model.reorder([*_ids(60)[20:], samples.lead_id(1)])
    model.reorder(_ids(5))
    model.reorder([])
    model.set_ids(_ids(3))
    qtmodeltester.check(model, force_py=True)


def test_rows_are_asked_for_once_and_not_by_data_itself(model: QueueModel, qtbot: QtBot) -> None:
    asked: list[list[LeadId]] = []
    model.wanted.connect(asked.append)
    model.set_ids(_ids(1000))
    for row in range(12):
        assert model.index(row, 0).data(ROW_ROLE) is None
    assert asked == []
    qtbot.waitUntil(lambda: len(asked) == 1)
    model.index(0, 0).data(ROW_ROLE)
    qtbot.wait(20)
    assert len(asked) == 1
    assert asked[0][0] == samples.lead_id(1)
    assert len(asked[0]) < 100


def test_a_row_is_read_out_as_one_sentence(model: QueueModel) -> None:
    model.set_ids(_ids(3))
    model.put(samples.rows(3))
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "山田 太郎、青葉精機株式会社、約束 10:30、意欲 82、ICP 90、時期 3か月以内、"
        "次は再コール(日時指定)、架電 4/6回、優先度 74。"
    )


def test_the_selection_follows_its_lead_through_a_new_order(model: QueueModel, qtbot: QtBot) -> None:
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(model)
    model.set_ids(_ids(30))
    view.selectionModel().setCurrentIndex(
        model.index_of(samples.lead_id(7)), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    kept = QPersistentModelIndex(model.index_of(samples.lead_id(9)))
    fresh = [*reversed(_ids(30)[2:]), samples.lead_id(99)]
    model.reorder(fresh)
    assert view.currentIndex().data(LEAD_ROLE) == samples.lead_id(7)
    assert [i.data(LEAD_ROLE) for i in view.selectedIndexes()] == [samples.lead_id(7)]
    assert kept.data(LEAD_ROLE) == samples.lead_id(9)
    assert model.ids() == fresh


def test_a_lead_that_is_gone_takes_its_index_with_it(model: QueueModel) -> None:
    model.set_ids(_ids(5))
    gone = QPersistentModelIndex(model.index_of(samples.lead_id(3)))
    model.reorder([i for i in _ids(5) if i != samples.lead_id(3)])
    assert not gone.isValid()
    assert model.row_of(samples.lead_id(3)) == -1


def test_fifty_thousand_rows_are_shown_at_once(model: QueueModel, qtbot: QtBot) -> None:
    ids = _ids(50_000)
    view = QListView()
    qtbot.addWidget(view)
    view.setUniformItemSizes(True)
    view.setModel(model)
    start = time.perf_counter()
    model.set_ids(ids)
    view.scrollTo(model.index(49_999, 0))
    model.reorder([*ids[1:], ids[0]])
    assert time.perf_counter() - start < 1.5


def test_no_more_rows_are_kept_than_a_window_needs(model: QueueModel) -> None:
    model.set_ids(_ids(3000))
    model.put(samples.made_row(n) for n in range(1, 3001))
    assert len(model.stale()) == KEPT


def test_a_held_row_says_why(speech: Words) -> None:
    row = samples.made_row(14)
    assert row.held == "cooldown"
    assert "保留中: クールダウン" in speech.sentence(row, samples.NOW)
    assert speech.corner(row, samples.NOW) == "保留"


@pytest.mark.parametrize("number", [1, 2, 3, 14, 40])
def test_every_kind_of_row_can_be_painted(speech: Words, number: int) -> None:
    """A painter paints what the widths allow: nothing may fall out of the row, nothing may raise."""
    model = QueueModel(speech, lambda: samples.NOW)
    rows = {r.lead_id: r for r in samples.rows(60)}
    model.set_ids([samples.lead_id(number)])
    model.put([rows[samples.lead_id(number)]])
    delegate = QueueDelegate(speech, lambda: samples.NOW)
    for width in (120, 300, 348):
        image = QImage(width, 64, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        option = QStyleOptionViewItem()
        option.rect = image.rect()
        delegate.paint(painter, option, model.index(0, 0))
        painter.end()
        inked = {image.pixelColor(x, y).name() for x in range(width) for y in range(63)}
        assert len(inked) > 3
