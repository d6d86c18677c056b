"""The desk of FS on the page 引き継ぎ: decided by key, the meeting noted, feedback given, figures opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.meeting import LONGEST
from isdesk.domain.member import Member
from isdesk.services import calls, handoffs, history, leads, meetings
from tests.ui.conftest import SampleClock
from tests.ui.test_handoff_page import FACTS
from tests.ui.test_team_page import rest
from ui.notices import Notice
from ui.session import Session
from ui.tasks import Tasks
from ui.views.handoff.detail import MEETING, MEMO
from ui.views.handoff.page import HandoffPage, make
from ui.views.handoff.watch import HandoffWatch
from ui.widgets.tabs import SegmentedTabs

FS = Member(MemberId("fs-1"), "中村 直樹", "fs", "nakamura@example.com")


def hand_over(session: Session, name: str, meeting: datetime, **fields: Value) -> LeadId:
    given: dict[str, Value] = {**FACTS, "name": name, "phone_direct": None, "meeting_at": meeting.isoformat()}
    lead = leads.create(session.ctx, given | fields)[0]
    calls.record(session.ctx, lead, "INTERESTED")
    handoffs.submit(session.ctx, lead)
    return lead


class FsDesk:
    """FS at the desk, with three handoffs: one to decide on, one with the meeting ahead, one whose meeting is over."""

    def __init__(self, session: Session, clock: SampleClock, qtbot: QtBot, tasks: Tasks) -> None:
        self.session, self.clock, self.qtbot, self.tasks = session, clock, qtbot, tasks
        self.rep = session.ctx.me
        session.ctx.members[FS.id] = FS
        now = session.ctx.now()
        self.ahead = hand_over(session, "前田 一", now + timedelta(days=4))
        self.over = hand_over(session, "後藤 二", now + timedelta(hours=2))
        session.ctx.me = FS
        handoffs.accept(session.ctx, self.ahead)
        handoffs.accept(session.ctx, self.over)
        clock.at += timedelta(hours=3)
        session.ctx.me = self.rep
        self.new = hand_over(session, "新井 三", now + timedelta(days=3))
        session.ctx.me = FS
        self.told: list[str] = []
        session.notices.said.connect(self.told.append)
        tasks.wrote.connect(session.hub.changed)
        page = make(session)
        assert isinstance(page, HandoffPage)
        self.page = page
        qtbot.addWidget(page)
        page.resize(1216, 720)
        with qtbot.waitExposed(page):
            page.show()
        session.commands.set_page("handoff")
        page.arrive()
        self.rest()

    def rest(self) -> None:
        rest(self.qtbot, self.tasks)
        rest(self.qtbot, self.tasks)

    def run(self, command: str) -> bool:
        done = self.session.commands.run(f"handoff.{command}")
        self.rest()
        return done

    def names(self) -> list[str]:
        return [line.name for line in self.page.model._lines]

    def go_to(self, lead: LeadId) -> None:
        self.page.list.setCurrentIndex(self.page.model.index(self.page.model.row_of(lead)))
        self.rest()


@pytest.fixture
def fs(session: Session, clock: SampleClock, qtbot: QtBot, tasks: Tasks) -> Iterator[FsDesk]:
    made = FsDesk(session, clock, qtbot, tasks)
    yield made
    made.rest()


def texts(tabs: SegmentedTabs) -> list[str]:
    return list(tabs._texts)


def test_what_waits_stands_first_and_the_list_is_narrowed_by_key(fs: FsDesk) -> None:
    assert texts(fs.page.tabs) == ["要対応 2", "商談前 1", "商談後 1", "完了", "すべて"]
    assert fs.names() == ["後藤 二", "新井 三"]
    lines = {line.name: line for line in fs.page.model._lines}
    assert (lines["後藤 二"].state, lines["後藤 二"].tone) == ("フィードバック待ち", "warn")
    assert (lines["新井 三"].state, lines["新井 三"].tone) == ("残り 7時間", "promise")
    found = []
    for _ in range(4):
        assert fs.run("tab")
        found.append(fs.names())
    assert found == [["前田 一"], ["後藤 二"], [], ["後藤 二", "新井 三", "前田 一"]]


def test_the_clock_turns_to_over_when_business_time_is_up(fs: FsDesk) -> None:
    fs.clock.at += timedelta(days=3)
    fs.session.hub.ticked.emit()
    fs.rest()
    lines = {line.name: line for line in fs.page.model._lines}
    assert lines["新井 三"].state.endswith("超過")
    assert lines["新井 三"].tone == "bad"
    fs.go_to(fs.new)
    assert fs.page.detail._clock.text().endswith("超過")


def test_it_is_accepted_and_returned_by_key(fs: FsDesk) -> None:
    fs.go_to(fs.new)
    assert fs.run("return")
    assert fs.page.detail.ask.isVisible()
    assert not fs.run("accept")
    fs.page.detail.reason.choose(1)
    fs.page.detail.confirm()
    fs.rest()
    view = handoffs.view(fs.session.ctx, fs.new)
    assert (view.state, view.reason) == ("returned", "issue_unclear")
    fs.tasks.write(lambda: history.undo(fs.session.ctx))
    fs.rest()
    fs.go_to(fs.new)
    assert fs.run("accept")
    assert handoffs.view(fs.session.ctx, fs.new).state == "accepted"
    assert "受理しました" in fs.told[-1]


def test_the_meeting_is_noted_where_it_is_read_and_saved_at_once(fs: FsDesk) -> None:
    fs.run("tab")
    assert fs.run("meeting")
    plan = fs.page.detail.meeting
    assert fs.page.detail.tabs.current() == MEETING
    assert plan.fields["issue"].edit.toPlainText() == FACTS["issue"]
    assert plan.fields["issue"].origin.text() == "引き継ぎから"
    first, kpi = plan.fields["issue_hypothesis"].edit, plan.fields["kpi"].edit
    assert fs.page.focusWidget() is first
    kpi.setFocus()
    fs.qtbot.keyClicks(kpi, "days to close")
    fs.qtbot.keyClick(kpi, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    fs.rest()
    assert {line.code: line.text for line in meetings.plan(fs.session.ctx, fs.ahead).lines}["kpi"] == "days to close"
    assert plan.fields["kpi"].origin.text().startswith(FS.name)
    assert texts(fs.page.detail.tabs)[MEETING] == "商談の準備 1"
    goal = plan.fields["goal"].edit
    goal.setFocus()
    goal.setPlainText("3日で締める")
    fs.page.list.setFocus()
    fs.rest()
    assert "ゴール: 3日で締める" in handoffs.memo(fs.session.ctx, fs.ahead)
    assert "ゴール: 3日で締める" in fs.page.detail.memo
    fs.session.ctx.me = fs.rep
    (newest, *_) = [one for one in leads.view(fs.session.ctx, fs.ahead).timeline if one.what == "meeting"]
    assert newest.told == {"ゴール": "3日で締める"}


def test_what_is_typed_stays_when_the_page_reads_again(fs: FsDesk) -> None:
    fs.run("tab")
    fs.run("meeting")
    edit = fs.page.detail.meeting.fields["target"].edit
    edit.setFocus()
    edit.setPlainText("半分まで書いた")
    fs.page.load()
    fs.rest()
    assert edit.toPlainText() == "半分まで書いた"
    fs.page.leave()
    fs.rest()
    assert {one.code: one.text for one in meetings.plan(fs.session.ctx, fs.ahead).lines}["target"] == "半分まで書いた"


def test_what_could_not_be_saved_stays_where_it_was_typed(fs: FsDesk) -> None:
    fs.run("tab")
    fs.run("meeting")
    shown: list[Notice] = []
    fs.session.notices.noticed.connect(shown.append)
    edit = fs.page.detail.meeting.fields["target"].edit
    edit.setFocus()
    edit.setPlainText("長" * (LONGEST + 1))
    fs.qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    fs.rest()
    assert str(LONGEST) in shown[-1].text
    fs.page.load()
    fs.rest()
    assert len(edit.toPlainText()) == LONGEST + 1
    edit.setPlainText("短く")
    fs.qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    fs.rest()
    assert {one.code: one.text for one in meetings.plan(fs.session.ctx, fs.ahead).lines}["target"] == "短く"


def test_feedback_asks_for_a_factor_and_what_was_asked_again(fs: FsDesk) -> None:
    fs.go_to(fs.over)
    assert fs.run("feedback")
    rows = fs.page.detail.rows
    assert not fs.page.detail.meeting.isVisible()
    rows.result.choose(1)
    fs.page.detail.confirm()
    fs.rest()
    assert handoffs.view(fs.session.ctx, fs.over).told == {}
    rows.factor_text.edit.setText("役員の紹介")
    rows.amount.edit.setText("未定")
    fs.page.detail.confirm()
    fs.rest()
    assert handoffs.view(fs.session.ctx, fs.over).told == {}
    assert rows.amount.edit.hasFocus()
    rows.amount.edit.setText("1,280,000")
    rows.reasked.toggle(2)
    rows.reasked.toggle(4)
    rows.reasked.toggle(4)
    fs.page.detail.confirm()
    fs.rest()
    told = handoffs.view(fs.session.ctx, fs.over).told
    asked = fs.session.ctx.rules.checklist[2].code
    assert told == {"result": "won", "factor": "役員の紹介", "amount": 1_280_000, "reasked": [asked]}
    assert texts(fs.page.tabs)[:3] == ["要対応 1", "商談前 1", "商談後"]
    fs.run("tab")
    fs.run("tab")
    fs.run("tab")
    assert fs.names() == ["後藤 二"]
    assert "役員の紹介 ・ 1,280,000円 ・ 聞き直し: " in fs.page.detail._report.text()
    assert fs.page.strip.tiles[1].text_shown == ("受注率", "100.0 %", "1 / 1")


def test_return_goes_through_the_rows_and_escape_leaves_them(fs: FsDesk) -> None:
    fs.go_to(fs.over)
    fs.run("feedback")
    ask, rows = fs.page.detail.ask, fs.page.detail.rows
    fs.qtbot.keyClick(fs.page.focusWidget(), Qt.Key.Key_3)
    assert rows.result.value == "lost"
    fs.qtbot.keyClick(fs.page.focusWidget(), Qt.Key.Key_Return)
    fs.qtbot.keyClick(fs.page.focusWidget(), Qt.Key.Key_2)
    assert rows.factor.value == "budget"
    for _ in range(3):
        fs.qtbot.keyClick(fs.page.focusWidget(), Qt.Key.Key_Return)
    fs.qtbot.keyClick(fs.page.focusWidget(), Qt.Key.Key_1)
    assert rows.reasked.value == [fs.session.ctx.rules.checklist[0].code]
    fs.qtbot.keyClick(fs.page.focusWidget(), Qt.Key.Key_Escape)
    assert not ask.isVisible()
    assert fs.page.focusWidget() is fs.page.list
    assert handoffs.view(fs.session.ctx, fs.over).told == {}


def test_a_figure_opens_as_many_records_as_it_says(fs: FsDesk) -> None:
    handoffs.feedback(fs.session.ctx, fs.over, "lost", factor="budget")
    fs.page.load()
    fs.rest()
    tile = fs.page.strip.tiles[0]
    assert tile.text_shown == ("商談化率", "33.3 %", "1 / 3")
    assert fs.run("figures")
    assert tile.hasFocus()
    fs.qtbot.keyClick(tile, Qt.Key.Key_Return)
    fs.rest()
    assert fs.page.drilling
    assert [one.lead_id for one in fs.page.drill.model.records()] == [fs.over]
    assert not fs.run("accept")
    fs.page.drill.tabs.set_current(1)
    fs.rest()
    assert len(fs.page.drill.model.records()) == 3
    assert fs.run("back")
    assert not fs.page.drilling


def test_the_mark_counts_what_waits_and_the_rep_is_told(
    fs: FsDesk, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    watch = HandoffWatch(session, fs.page)
    counts: list[int] = []
    watch.counted.connect(counts.append)
    session.ctx.me = fs.rep
    watch.look()
    fs.rest()
    session.ctx.me = FS
    session.hub.ticked.emit()
    fs.rest()
    assert counts[-1] == 2
    handoffs.return_(session.ctx, fs.new, "issue_unclear")
    handoffs.feedback(session.ctx, fs.over, "won", factor="price")
    session.ctx.me = fs.rep
    shown: list[Notice] = []
    session.notices.noticed.connect(shown.append)
    with qtbot.waitSignal(watch.opened) as opened:
        session.hub.synced.emit()
        qtbot.waitUntil(lambda: len(shown) == 2)
        assert shown[0].act is not None
        shown[0].act()
    fs.rest()
    assert counts[-1] == 1
    assert opened.args == [fs.new]
    assert [one.tone for one in shown] == ["warn", "good"]
    assert "課題が具体的でない" in shown[0].text
    assert "受注 ・ 価格" in shown[1].text


def test_a_rep_reads_the_notes_and_cannot_decide(fs: FsDesk, qtbot: QtBot) -> None:
    meetings.write(fs.session.ctx, fs.ahead, {"kpi": "日数"})
    fs.session.ctx.me = fs.rep
    page = make(fs.session)
    assert isinstance(page, HandoffPage)
    qtbot.addWidget(page)
    page.resize(1216, 720)
    page.show()
    page.show_lead(fs.ahead)
    fs.rest()
    assert not page.strip.isVisible()
    assert page.detail.tabs.current() == MEMO
    assert not fs.session.commands.run("handoff.feedback")
    assert "KPI: 日数" in page.detail.memo
    assert fs.session.commands.run("handoff.meeting")
    assert all(field.edit.isReadOnly() for field in page.detail.meeting.fields.values())
    assert page.detail.meeting.fields["kpi"].edit.toPlainText() == "日数"
    assert [line.name for line in page.model._lines] == ["後藤 二", "新井 三", "前田 一"]
    handoffs.withdraw(fs.session.ctx, fs.new)
    page.tabs.set_current(5)
    page.load()
    fs.rest()
    assert [line.state for line in page.model._lines] == ["取り下げ"]
