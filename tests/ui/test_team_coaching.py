"""Talk evaluation in the window: by number keys with the call beside it, seen by the rep, answered, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.ids import LeadId, MemberId, TouchId
from isdesk.domain.member import Member
from isdesk.domain.touch import Reached
from isdesk.services import calls, coaching, history
from isdesk.services.calls import RecordInput
from tests.ui.leads_made import OTHER, add, colleague
from tests.ui.test_team_page import rest
from ui.models.records import CELL_ROLE, Cell
from ui.session import Session
from ui.tasks import Tasks
from ui.views.team.cards import cell_at
from ui.views.team.coaching import Coaching
from ui.views.team.page import TeamPage, make
from ui.views.team.rubric import PointsRow
from ui.views.team.watch import CoachWatch


@pytest.fixture
def boss(session: Session) -> Member:
    """Give the team lead at this desk; the calls are of a colleague."""
    colleague(session.ctx)
    found = replace(session.ctx.me, role="team_lead")
    session.ctx.members[found.id] = found
    session.ctx.me = found
    return found


@pytest.fixture
def made(session: Session, boss: Member) -> list[TouchId]:
    """Give two calls of a new rep: a long one with a memo, and a short one."""
    ctx = session.ctx
    lead = add(ctx, "山田 太郎", issue="手作業が多い")
    ctx.me = OTHER
    found: list[TouchId] = []
    for talk_s, note in ((900, "価格の話が中心"), (60, "")):
        given = RecordInput(reached=Reached.DECISION_MAKER, talk_s=talk_s, note=note)
        touch = calls.record(ctx, lead, "INTERESTED", given).touch_id
        assert touch is not None
        found.append(touch)
    ctx.me = boss
    return found


@pytest.fixture
def page(session: Session, made: list[TouchId], qtbot: QtBot, tasks: Tasks) -> Iterator[TeamPage]:
    """Open the evaluation of calls as a team lead."""
    tasks.wrote.connect(session.hub.changed)
    opened = make(session)
    assert isinstance(opened, TeamPage)
    qtbot.addWidget(opened)
    opened.resize(1200, 760)
    with qtbot.waitExposed(opened):
        opened.show()
    session.commands.set_page("team")
    opened.tabs.set_current(2)
    rest(qtbot, tasks)
    yield opened
    rest(qtbot, tasks)


def cells(tab: Coaching, code: str) -> list[str]:
    place = next(n for n, one in enumerate(tab.model.columns) if one.code == code)
    found = [tab.model.index(row, place).data(CELL_ROLE) for row in range(tab.model.rowCount())]
    return [one.text for one in found if isinstance(one, Cell)]


def texts(part: QWidget) -> str:
    return "\n".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def open_first(page: TeamPage, qtbot: QtBot, tasks: Tasks) -> None:
    page.coaching.table.setFocus()
    qtbot.keyClick(page.coaching.table, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert page.coaching.looking


def focused(page: TeamPage) -> PointsRow:
    found = page.focusWidget()
    assert isinstance(found, PointsRow)
    return found


def test_calls_to_review_stand_with_their_reason(page: TeamPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.coaching.model)
    assert cells(page.coaching, "why") == ["長い通話", "新しい担当"]
    assert cells(page.coaching, "member") == [OTHER.name, OTHER.name]


def test_points_by_key_are_saved_and_one_undo_takes_them_back(
    page: TeamPage, session: Session, made: list[TouchId], qtbot: QtBot, tasks: Tasks
) -> None:
    tab = page.coaching
    open_first(page, qtbot, tasks)
    said = texts(tab.record)
    assert "価格の話が中心" in said
    assert "15:00" in said
    assert "手作業が多い" in said
    for points in (4, 5, 2):
        qtbot.keyClick(focused(page), Qt.Key(int(Qt.Key.Key_0) + points))
    assert tab.form.scores() == {"opening": 4, "listening": 5, "questions": 2}
    assert tab.form.sum.text() == "65 %  13 / 20"
    qtbot.keyClick(focused(page), Qt.Key.Key_Right)
    assert tab.form.scores()["value"] == 0
    qtbot.keyClick(focused(page), Qt.Key.Key_Backspace)
    assert "value" not in tab.form.scores()
    tab.form.issues.setFocus()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        qtbot.keyClick(tab.form.issues, key)
    assert tab.form.issues.value == 12
    qtbot.keyClick(tab.form.issues, Qt.Key.Key_Return)
    qtbot.keyClicks(tab.form.comment, "good")
    assert session.commands.run("team.evaluate")
    rest(qtbot, tasks)
    (found,) = coaching.of_touch(session.ctx, made[0])
    assert (dict(found.scores), found.issues, found.comment) == (
        {"opening": 4, "listening": 5, "questions": 2}, 12, "good",
    )  # fmt: skip
    assert not tab.looking
    assert cells(tab, "why") == ["新しい担当"]
    session.commands.run("team.calls")
    assert cells(tab, "share") == ["65 %"]
    open_first(page, qtbot, tasks)
    assert tab.form.scores() == {"opening": 4, "listening": 5, "questions": 2}
    assert tab.save.text() == "評価を更新"
    qtbot.keyClick(focused(page), Qt.Key.Key_5)
    session.commands.run("team.evaluate")
    rest(qtbot, tasks)
    assert cells(tab, "share") == ["70 %"]
    tasks.write(lambda: history.undo(session.ctx, 2))
    rest(qtbot, tasks)
    assert coaching.of_touch(session.ctx, made[0]) == []
    assert cells(tab, "share") == []


def test_any_call_that_was_answered_can_be_chosen(
    page: TeamPage, session: Session, made: list[TouchId], qtbot: QtBot, tasks: Tasks
) -> None:
    for _ in range(2):
        session.commands.run("team.calls")
    tab = page.coaching
    assert cells(tab, "share") == ["—", "—"]
    assert {one.touch.id for one in tab.model.records()} == set(made)
    open_first(page, qtbot, tasks)
    qtbot.keyClick(focused(page), Qt.Key.Key_3)
    session.commands.run("team.evaluate")
    rest(qtbot, tasks)
    assert sorted(cells(tab, "share")) == ["60 %", "—"]


def test_who_joins_the_team_is_offered_and_the_choice_stays(
    page: TeamPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    tab = page.coaching
    tab.reps.setCurrentIndex(tab.reps.findData(OTHER.id))
    rest(qtbot, tasks)
    fresh = replace(OTHER, id=MemberId("m-new"), name="新人 太郎")
    session.ctx.members[fresh.id] = fresh
    session.hub.synced.emit()
    rest(qtbot, tasks)
    assert tab.reps.findData(fresh.id) > 0
    assert tab.reps.currentData() == OTHER.id
    assert tab.model.rowCount() == 2


def test_nothing_is_saved_without_a_point(
    page: TeamPage, session: Session, made: list[TouchId], qtbot: QtBot, tasks: Tasks
) -> None:
    open_first(page, qtbot, tasks)
    session.commands.run("team.evaluate")
    rest(qtbot, tasks)
    assert page.coaching.looking
    assert coaching.of_touch(session.ctx, made[0]) == []
    qtbot.keyClick(focused(page), Qt.Key.Key_Escape)
    assert not page.coaching.looking


def test_the_card_of_a_rep_says_the_quality_and_opens_its_calls(
    page: TeamPage, session: Session, made: list[TouchId], qtbot: QtBot, tasks: Tasks
) -> None:
    tasks.write(lambda: coaching.evaluate(session.ctx, made[0], {"opening": 4}, issues=3))
    rest(qtbot, tasks)
    page.tabs.set_current(0)
    page.review.load()
    rest(qtbot, tasks)
    cards = page.review.cards
    row = page.review.reps.row_of(OTHER.id)
    index = page.review.reps.index(row, 0)
    assert "評価 80 % ・ 課題 3.0(n=1)" in str(index.data())
    assert "評価 80 % ・ 課題 3.0(n=1)" in str(page.review.reps.index(0, 0).data())
    box = cards.visualRect(index)
    point = QPoint(box.x() + 40, box.y() + 130)
    assert cell_at(box, point) == "talk"
    qtbot.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=point)
    rest(qtbot, tasks)
    tab = page.coaching
    assert page.stack.currentWidget() is tab
    assert (tab.reps.currentData(), tab.model.rowCount()) == (OTHER.id, 1)
    session.commands.run("team.next")
    rest(qtbot, tasks)
    assert tab.reps.currentData() != OTHER.id
    assert tab.model.rowCount() == 0


def test_the_rep_sees_the_own_evaluation_and_answers(
    session: Session, made: list[TouchId], boss: Member, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx = session.ctx
    coaching.evaluate(ctx, made[0], {"opening": 4}, issues=1, comment="よい入り方")
    ctx.me = OTHER
    tasks.wrote.connect(session.hub.changed)
    watch, counts, said = CoachWatch(session), list[int](), list[str]()
    watch.counted.connect(counts.append)
    session.notices.said.connect(said.append)
    watch.look()
    rest(qtbot, tasks)
    assert (counts, said) == ([1], [f"{boss.name} が通話を評価しました: 山田 太郎 80 %"])
    page = make(session)
    assert isinstance(page, TeamPage)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    with qtbot.waitExposed(page):
        page.show()
    session.commands.set_page("team")
    page.tabs.set_current(2)
    rest(qtbot, tasks)
    tab = page.coaching
    assert tab.tabs.isHidden()
    assert cells(tab, "news") == ["新着"]
    assert page.tabs.accessibleName().startswith("通話評価 1")
    open_first(page, qtbot, tasks)
    assert "よい入り方" in texts(tab.said)
    assert "4 / 5" in texts(tab.said)
    assert tab.form.isHidden()
    assert page.focusWidget() is tab.said.field
    qtbot.keyClicks(tab.said.field, "thanks")
    qtbot.keyClick(tab.said.field, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert "thanks" in texts(tab.said)
    assert counts[-1] == 0
    assert page.tabs.accessibleName().startswith("通話評価 (")
    qtbot.keyClick(tab.said.field, Qt.Key.Key_Escape)
    assert cells(tab, "news") == ["返信 1"]
    ctx.me = boss
    watch.look()
    rest(qtbot, tasks)
    assert said[-1] == f"{OTHER.name} が通話の評価に返信しました: 山田 太郎"


def test_the_lead_of_a_call_is_opened_by_key(page: TeamPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    asked: list[str] = []
    page.asked_lead.connect(asked.append)
    open_first(page, qtbot, tasks)
    assert session.commands.run("team.open")
    assert page.coaching.dossier is not None
    assert [LeadId(one) for one in asked] == [page.coaching.dossier.view.id]


def test_a_rubric_edited_meanwhile_is_taken_over(page: TeamPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    ctx = session.ctx
    item = replace(ctx.rules.rubric[0], code="closing", most=30, help=None)
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, rubric=(item,)))
    open_first(page, qtbot, tasks)
    form = page.coaching.form
    assert list(form.rows) == ["closing"]
    row = focused(page)
    assert row.buttons == []
    for key in (Qt.Key.Key_2, Qt.Key.Key_5, Qt.Key.Key_9):
        qtbot.keyClick(row, key)
    assert form.scores() == {"closing": 9}  # 259 is more than 30: the last digit begins anew
    qtbot.keyClick(row, Qt.Key.Key_Left)
    assert form.scores() == {"closing": 8}
