"""The queue panel: it never jumps while it is read, tells of news, and keeps the lead at work where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from isdesk.domain.changes import Changes
from isdesk.domain.ids import LeadId
from isdesk.services.views import QueueCounts
from tests.ui import samples
from ui.tasks import Tasks
from ui.views.queue_panel import SHOWN, QueuePanel
from ui.words import Words


class Desk:
    """A panel over a sample queue, shown and loaded."""

    def __init__(self, panel: QueuePanel, source: samples.SampleQueue) -> None:
        self.panel, self.source = panel, source
        self.chosen: list[str] = []
        panel.chosen.connect(self.chosen.append)


@pytest.fixture
def desk(host: QWidget, tasks: Tasks, speech: Words, qtbot: QtBot) -> Desk:
    source = samples.SampleQueue(42)
    panel = QueuePanel(source, tasks, speech, lambda: samples.NOW, host)
    panel.resize(348, 600)
    panel.show()
    made = Desk(panel, source)
    with qtbot.waitSignal(panel.loaded):
        panel.load()
    return made


def _settle(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.panel._tasks.pending == 0)


def test_it_begins_with_the_first_lead(desk: Desk) -> None:
    assert desk.panel.current_lead() == samples.lead_id(1)
    assert desk.chosen == [samples.lead_id(1)]


def test_steps_choose_the_lead_below_and_above(desk: Desk) -> None:
    desk.panel.step(1)
    desk.panel.step(1)
    desk.panel.step(-1)
    assert desk.chosen[1:] == [samples.lead_id(2), samples.lead_id(3), samples.lead_id(2)]


def test_news_are_counted_and_nothing_moves(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.step(4)
    before = desk.panel.model.ids()
    desk.source.shown = [samples.made_row(901), samples.made_row(902), *desk.source.shown]
    desk.panel.refresh(Changes(queue=True))
    _settle(desk, qtbot)
    assert desk.panel.model.ids() == before
    assert desk.panel._news.text() == "新着 2件 — 並び替えは区切りで反映"
    assert not desk.panel._news.isHidden()


def test_taking_the_news_keeps_the_lead_at_work_where_it_is(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.step(4)
    here = desk.panel.current_lead()
    top = desk.panel.list.visualRect(desk.panel.list.currentIndex()).top()
    desk.source.shown = [*(samples.made_row(n) for n in (901, 902, 904)), *desk.source.shown]
    desk.panel.refresh(Changes(queue=True))
    _settle(desk, qtbot)
    desk.panel.apply_news()
    assert desk.panel.current_lead() == here
    assert desk.panel.list.visualRect(desk.panel.list.currentIndex()).top() == top
    assert desk.panel.model.ids()[0] == samples.lead_id(901)
    assert desk.panel._news.isHidden()
    assert desk.chosen[-1] == here


def test_a_turn_re_ranks_and_goes_to_the_next_lead(desk: Desk, qtbot: QtBot) -> None:
    desk.source.shown = [r for r in desk.source.shown if r.lead_id != samples.lead_id(1)]
    count = len(desk.chosen)
    desk.panel.turn(lambda: samples.lead_id(2))
    _settle(desk, qtbot)
    assert desk.panel.current_lead() == samples.lead_id(2)
    assert desk.panel.model.row_of(samples.lead_id(1)) == -1
    assert len(desk.chosen) == count


def test_a_filter_shows_its_rows_and_its_count(desk: Desk, qtbot: QtBot) -> None:
    desk.panel._filters["sla"].click()
    _settle(desk, qtbot)
    assert desk.panel.model.ids() == [samples.lead_id(2)]
    assert desk.panel._filters["sla"].text() == "SLA 3"
    desk.panel.next_filter()
    _settle(desk, qtbot)
    assert desk.panel.model.rowCount() > 0


def test_held_leads_are_shown_with_their_reasons(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.toggle_held()
    _settle(desk, qtbot)
    spoken = desk.panel.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "保留中" in spoken
    desk.panel.toggle_held()
    _settle(desk, qtbot)
    assert desk.panel.model.ids()[0] == samples.lead_id(1)


def test_an_empty_queue_offers_the_next_step(host: QWidget, tasks: Tasks, speech: Words, qtbot: QtBot) -> None:
    panel = QueuePanel(samples.SampleQueue(0, QueueCounts(0, 0)), tasks, speech, lambda: samples.NOW, host)
    panel.show()
    with qtbot.waitSignal(panel.loaded):
        panel.load()
    assert panel._empty.isVisibleTo(panel)
    with qtbot.waitSignal(panel.asked_import):
        panel._to_import.click()


def test_choosing_what_is_not_listed_says_so(desk: Desk) -> None:
    assert desk.panel.choose(samples.lead_id(3))
    assert not desk.panel.choose(LeadId("nobody"))
    assert desk.panel.current_lead() is None


def test_the_whole_score_is_explained(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.explain()
    qtbot.waitUntil(desk.panel._card.isVisible)
    from PySide6.QtWidgets import QLabel

    texts = [part.text() for part in desk.panel._card.findChildren(QLabel)]
    assert "優先度 74" in texts
    assert "業種が製造" in texts
    assert "+25" in texts
    qtbot.keyClick(desk.panel._card, Qt.Key.Key_Escape)
    assert not desk.panel._card.isVisible()


def test_a_long_queue_is_listed_as_far_as_it_is_scrolled(desk: Desk, qtbot: QtBot) -> None:
    desk.source.shown = samples.rows(1_000)
    with qtbot.waitSignal(desk.panel.loaded):
        desk.panel.load()
    assert desk.panel.model.rowCount() == SHOWN
    desk.source.figures = replace(samples.COUNTS, total=1_000)
    qtbot.waitUntil(lambda: desk.panel._total.text() == "1000件")
    bar = desk.panel.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    _settle(desk, qtbot)
    assert desk.panel.model.ids() == desk.source.ids("all", held=False, limit=2_000)
    assert desk.panel._news.isHidden()


def test_what_moves_up_from_below_the_end_is_no_news(desk: Desk, qtbot: QtBot) -> None:
    desk.source.shown = samples.rows(1_000)
    with qtbot.waitSignal(desk.panel.loaded):
        desk.panel.load()
    desk.source.shown = [samples.made_row(2_001), *desk.source.shown[2:]]
    desk.panel.refresh(Changes(queue=True))
    _settle(desk, qtbot)
    assert desk.panel._news.text() == "新着 1件 — 並び替えは区切りで反映"


def test_news_at_the_start_are_taken_up_at_once(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.settle()
    desk.source.shown = [samples.made_row(901), *desk.source.shown]
    desk.panel.refresh(Changes(queue=True))
    _settle(desk, qtbot)
    assert desk.chosen[-1] == samples.lead_id(901) == desk.panel.current_lead()
    desk.panel.step(1)
    before = desk.panel.model.ids()
    desk.source.shown = [samples.made_row(902), *desk.source.shown]
    desk.panel.refresh(Changes(queue=True))
    _settle(desk, qtbot)
    assert desk.panel.model.ids() == before


def test_a_lead_at_work_that_is_not_listed_leaves_no_other_marked(desk: Desk, qtbot: QtBot) -> None:
    here = samples.lead_id(1)
    desk.panel.choose(here)
    count, gone = len(desk.chosen), list(desk.source.shown)
    desk.source.shown = [row for row in gone if row.lead_id != here]
    desk.panel.turn(lambda: here)
    _settle(desk, qtbot)
    assert desk.panel.current_lead() is None
    desk.source.shown = gone
    desk.panel.turn(lambda: None)
    _settle(desk, qtbot)
    assert desk.panel.current_lead() == here
    assert len(desk.chosen) == count


def test_looking_at_what_is_held_keeps_the_lead_at_work(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.choose(samples.lead_id(2))
    count = len(desk.chosen)
    desk.panel.toggle_held()
    _settle(desk, qtbot)
    assert desk.panel._held_button.text() == "キューに戻る"
    desk.panel.toggle_held()
    _settle(desk, qtbot)
    assert desk.panel.current_lead() == samples.lead_id(2)
    assert set(desk.chosen[count:]) <= {samples.lead_id(2)}
