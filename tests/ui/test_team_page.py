"""The page チーム on a real profile: the reps side by side, the leads behind a figure, reassigning with one undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId
from isdesk.services import bulk, calls, history, leads, queue, team, team_views
from isdesk.services.calls import RecordInput
from isdesk.services.team import EVERYBODY
from tests.ui.leads_made import OTHER, add, colleague
from ui.models.leads_model import LEADS_MIME
from ui.models.records import CELL_ROLE, Cell
from ui.models.reps_model import LOAD_ROLE, absence
from ui.pages import PAGES
from ui.session import Session
from ui.tasks import Tasks
from ui.views.team.cards import HEIGHT, NOTE, cell_at
from ui.views.team.page import TeamPage, make
from ui.views.team.review import QueueReview


@pytest.fixture
def four(session: Session) -> list[LeadId]:
    """Give two leads of mine, one promised; one of a colleague; one of nobody."""
    ctx = session.ctx
    session.ctx.me = replace(ctx.me, role="team_lead")
    ctx.members[ctx.me.id] = ctx.me
    made = [add(ctx, f"見本 {n}", f"見本{n}株式会社", phone_direct=f"03-3211-100{n}") for n in range(4)]
    calls.record(ctx, made[1], "DM_ABSENT_TIME", RecordInput(callback_at=ctx.now() + timedelta(hours=2)))
    colleague(ctx)
    leads.assign(ctx, [made[2]], OTHER.id)
    leads.edit(ctx, made[3], {"owner_id": None})
    return made


@pytest.fixture
def page(session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks) -> Iterator[TeamPage]:
    """Open the page as the window does."""
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, TeamPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.arrive()
    rest(qtbot, tasks)
    yield made
    rest(qtbot, tasks)


@pytest.fixture
def review(page: TeamPage) -> QueueReview:
    """Give the review of queues."""
    return page.review


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)
    QApplication.sendPostedEvents()


def shown(review: QueueReview, code: str) -> list[str]:
    place = next(n for n, one in enumerate(review.model.columns) if one.code == code)
    cells = [review.model.index(row, place).data(CELL_ROLE) for row in range(review.model.rowCount())]
    return [cell.text for cell in cells if isinstance(cell, Cell)]


def choose(review: QueueReview, ids: list[LeadId]) -> None:
    review.table.clearSelection()
    flags = review.table.selectionModel().SelectionFlag
    for lead_id in ids:
        index = review.model.index(review.model.ids().index(lead_id), 0)
        review.table.selectionModel().select(index, flags.Select | flags.Rows)


def owner(session: Session, lead_id: LeadId) -> str:
    return leads.view(session.ctx, lead_id).owner


def test_everybody_stands_first_and_then_each_rep_with_their_load(
    review: QueueReview, session: Session, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(review.reps)
    qtmodeltester.check(review.model)
    loads = [review.reps.index(row, 0).data(LOAD_ROLE) for row in range(review.reps.rowCount())]
    assert {load.member_id: load.open for load in loads} == {
        EVERYBODY: 4,
        session.ctx.me.id: 2,
        OTHER.id: 1,
        None: 1,
    }
    assert review.reps.index(0, 0).data().startswith("全員: すべて 4")
    assert review.count.text() == "4件"
    assert review.chips["promised_today"].text() == "今日の約束 1"
    assert sorted(shown(review, "owner")) == ["佐々木 葵", "担当なし", "鈴木", "鈴木"]


def test_a_rep_and_a_figure_narrow_the_list(
    review: QueueReview, session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    review.cards.choose(OTHER.id)
    rest(qtbot, tasks)
    assert review.model.ids() == [four[2]]
    assert review.whose.text() == OTHER.name
    review.cards.choose(session.ctx.me.id)
    review.narrow("promised_today")
    rest(qtbot, tasks)
    assert review.model.ids() == [four[1]]
    assert shown(review, "alarm") == ["今日の約束"]
    review.next_kind()
    rest(qtbot, tasks)
    assert review.model.ids() == [four[0]]
    review.cards.choose(OTHER.id)
    review.narrow("returned")
    rest(qtbot, tasks)
    assert review.empty.isVisible()


def test_a_click_on_a_figure_of_a_card_narrows_to_it(review: QueueReview, qtbot: QtBot, tasks: Tasks) -> None:
    card = review.cards.visualRect(review.reps.index(0, 0))
    spots = [QPoint(x, y) for y in range(HEIGHT) for x in range(card.left(), card.right(), 6)]
    spot = next(point for point in spots if cell_at(card, point) == "untouched")
    qtbot.mouseClick(review.cards.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    rest(qtbot, tasks)
    assert review.model.rowCount() == 3


def test_leads_change_hands_with_a_preview_and_one_undo(
    review: QueueReview, session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    choose(review, four[:3])
    assert review.may_change()
    review.bar.ask_to(OTHER.id)
    rest(qtbot, tasks)
    assert review.bar.outlook.text() == "2件が変わり、1件はすでに同じです ・ 約束 1件・SLA 0件も移ります"
    qtbot.keyClick(review.bar, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert [owner(session, one) for one in four[:3]] == [OTHER.name] * 3
    assert team.ids(session.ctx, OTHER.id, "promised_today") == [four[1]]
    assert review.reps.load(review.reps.row_of(OTHER.id)).open == 3  # type: ignore[union-attr]
    session.tasks.write(lambda: history.undo(session.ctx))
    rest(qtbot, tasks)
    assert [owner(session, one) for one in four[:3]] == ["鈴木", "鈴木", OTHER.name]
    assert review.reps.load(review.reps.row_of(OTHER.id)).open == 1  # type: ignore[union-attr]


def test_leads_dropped_on_a_rep_are_asked_for_first(
    review: QueueReview, session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    choose(review, four[:2])
    data = review.table.dragged()
    assert set(bytes(data.data(LEADS_MIME).data()).decode().split("\n")) == set(four[:2])
    point = review.cards.visualRect(review.reps.index(review.reps.row_of(OTHER.id), 0)).center()
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    review.cards.dragMoveEvent(QDragMoveEvent(point, copy, data, left, plain))
    assert review.cards.target() == review.reps.row_of(OTHER.id)
    review.cards.dropEvent(QDropEvent(point, copy, data, left, plain))
    rest(qtbot, tasks)
    assert review.cards.target() == -1
    assert owner(session, four[0]) == "鈴木"
    step = review.bar.step()
    assert step == bulk.Step(bulk.ASSIGN, member_id=OTHER.id)
    qtbot.keyClick(review.bar, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert [owner(session, one) for one in four[:2]] == [OTHER.name] * 2


def test_everybody_and_nobody_take_no_leads(review: QueueReview) -> None:
    for row, takes in ((0, False), (review.reps.row_of(None), False), (review.reps.row_of(OTHER.id), True)):
        flags = review.reps.flags(review.reps.index(row, 0))
        assert bool(flags & Qt.ItemFlag.ItemIsDropEnabled) is takes


def test_pinning_keeps_the_selection(
    page: TeamPage, review: QueueReview, session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    choose(review, [four[2]])
    session.commands.set_page("team")
    assert session.commands.run("team.pin")
    rest(qtbot, tasks)
    qtbot.keyClick(review.bar, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert leads.view(session.ctx, four[2]).fields["pinned"] is True
    assert review.selected() == [four[2]]


def test_a_change_elsewhere_is_shown_at_once(review: QueueReview, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    tasks.write(lambda: leads.create(session.ctx, {"name": "新田 光", "company.name": "新田商店"}))
    rest(qtbot, tasks)
    assert review.count.text() == "5件"


def test_columns_sort_and_a_third_click_gives_the_queue_back(
    review: QueueReview, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    queue = review.model.ids()
    place = next(n for n, one in enumerate(review.model.columns) if one.code == "name")
    for turn, expected in (("↑", sorted), ("↓", lambda names: sorted(names, reverse=True)), ("", None)):
        review.table.horizontalHeader().sectionClicked.emit(place)
        rest(qtbot, tasks)
        header = str(review.model.headerData(place, Qt.Orientation.Horizontal))
        assert header.endswith(turn)
        if expected is not None:
            assert shown(review, "name") == expected(shown(review, "name"))
    assert review.model.ids() == queue


def test_a_view_is_saved_and_shown_again(
    review: QueueReview, session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    review.cards.choose(OTHER.id)
    review.field.setText("見本 2")
    qtbot.waitUntil(lambda: review.model.ids() == [four[2]], timeout=5000)
    review.views.save(review.view(), "葵さん")
    rest(qtbot, tasks)
    review.show_view(team_views.View(""))
    rest(qtbot, tasks)
    assert review.model.rowCount() == 4
    review.views.menu_.aboutToShow.emit()
    action = review.views.menu_.actions()[0]
    assert action.text() == "葵さん"
    action.trigger()
    rest(qtbot, tasks)
    assert review.model.ids() == [four[2]]
    assert review.whose.text() == OTHER.name
    review.views.menu_.aboutToShow.emit()
    forget = review.views.menu_.actions()[-1].menu()
    forget.actions()[0].trigger()  # type: ignore[attr-defined]
    rest(qtbot, tasks)
    assert team_views.views(session.ctx) == ()


def test_the_page_is_for_a_team(session: Session) -> None:
    spec = next(spec for spec in PAGES if spec.id == "team")
    assert not spec.is_for(session.ctx)
    colleague(session.ctx)
    assert spec.is_for(session.ctx)
    rights = {**session.ctx.rules.rights, session.ctx.me.role: frozenset[str]()}
    session.ctx.playbook = replace(session.ctx.playbook, rules=replace(session.ctx.rules, rights=rights))
    assert not spec.is_for(session.ctx)


def test_an_absence_is_covered_ended_and_undone(
    page: TeamPage, review: QueueReview, session: Session, four: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    ctx, me = session.ctx, session.ctx.me.id
    before = queue.ids(ctx)
    session.commands.set_page("team")
    review.cards.choose(me)
    rest(qtbot, tasks)
    assert session.commands.run("team.cover")
    rest(qtbot, tasks)
    tab, form = page.cover, page.cover.form
    assert page.stack.currentWidget() is tab
    assert (form.who(), form.do.isEnabled()) == (me, False)
    assert not form.people[me].isVisibleTo(form)
    form.people[OTHER.id].setChecked(True)
    assert "佐々木 葵 のキューに出ます" in form.outlook.text()
    assert "キュー 2件(約束 1件" in form.outlook.text()
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, tasks)
    assert queue.ids(ctx) == []
    assert set(queue.ids(ctx, rep=OTHER.id)) >= set(before)
    assert tab.model.index(0, 1).data() == "鈴木"
    page.tabs.set_current(0)
    rest(qtbot, tasks)
    mine = review.reps.load(review.reps.row_of(me))
    assert mine is not None
    assert absence(mine).startswith("不在 〜")
    assert review.cards.card_height() == HEIGHT + NOTE
    tasks.write(lambda: history.undo(ctx))
    rest(qtbot, tasks)
    assert queue.ids(ctx) == before
    tasks.write(lambda: history.redo(ctx))
    page.tabs.set_current(2)
    rest(qtbot, tasks)
    qtbot.keyClick(tab.table, Qt.Key.Key_Delete)
    rest(qtbot, tasks)
    assert queue.ids(ctx) == before
    assert tab.model.rowCount() == 0
