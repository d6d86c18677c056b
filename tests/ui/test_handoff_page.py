"""The page 引き継ぎ on a real profile: a rep hands over, FS decides and reports."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.services import calls, handoffs, leads
from ui.session import Session
from ui.views.handoff.lines import HandoffModel
from ui.views.handoff.page import HandoffPage

FS = Member(MemberId("fs-1"), "中村 直樹", "fs", "nakamura@example.com")
FACTS: dict[str, Value] = {
    "name": "山田 太郎",
    "department": "購買部",
    "title": "購買部長",
    "phone_direct": "052-000-1234",
    "company.name": "青葉精機株式会社",
    "company.industry": "製造",
    "company.employees": 320,
    "company.prefecture": "愛知県",
    "issue": "締め日の集計に2人で丸1日かかる",
    "purpose": "月末の残業をなくす",
    "adoption_timing": "3_months",
    "interest_product": "購買クラウド",
    "competitor": "表計算",
    "issue_hypothesis": "見積の窓口が分散している",
    "reaction_log": "現場は乗り気",
    "meeting_at": "2026-11-27 14:00",
    "meeting_place": "オンライン",
    "meeting_attendees": "山田様",
    "fs_id": "fs-1",
}


class Desk:
    """The page with one complete handoff under way."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        session.ctx.members[FS.id] = FS
        self.lead: LeadId = leads.create(session.ctx, FACTS)[0]
        calls.record(session.ctx, self.lead, "INTERESTED")
        self.told: list[str] = []
        session.notices.said.connect(self.told.append)
        session.tasks.wrote.connect(session.hub.changed)

    def open(self, *, as_fs: bool = False) -> HandoffPage:
        if as_fs:
            self.session.ctx.me = FS
        page = HandoffPage(self.session)
        self.qtbot.addWidget(page)
        page.resize(1216, 720)
        page.show()
        page.arrive()
        self.rest()
        return page

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=15_000)

    def rest(self) -> None:
        self.until(lambda: not self.session.tasks.pending)

    def state(self) -> str:
        return handoffs.view(self.session.ctx, self.lead).state


@pytest.fixture
def case(session: Session, qtbot: QtBot) -> Desk:
    return Desk(session, qtbot)


def visible(page: HandoffPage) -> set[str]:
    return {code for code, button in page.detail.buttons.items() if button.isVisible()}


def test_without_handoffs_the_page_says_so(session: Session, qtbot: QtBot) -> None:
    page = HandoffPage(session)
    qtbot.addWidget(page)
    page.show()
    page.arrive()
    qtbot.waitUntil(lambda: not session.tasks.pending)
    assert page._empty.isVisible()


def test_a_rep_sees_the_memo_and_may_withdraw(case: Desk) -> None:
    handoffs.submit(case.session.ctx, case.lead)
    page = case.open()
    case.until(lambda: page.detail.isVisible())
    assert page.model.rowCount() == 1
    assert "締め日の集計" in page.detail.memo
    assert {"withdraw", "copy", "pdf"} <= visible(page)
    assert not {"accept", "return", "submit"} & visible(page)


def test_fs_accepts_with_one_press(case: Desk) -> None:
    handoffs.submit(case.session.ctx, case.lead)
    page = case.open(as_fs=True)
    case.until(lambda: "accept" in visible(page))
    page.detail.buttons["accept"].click()
    case.until(lambda: case.state() == "accepted")
    case.rest()
    assert "受理しました" in case.told[-1]


def test_fs_gives_back_only_with_a_reason(case: Desk) -> None:
    handoffs.submit(case.session.ctx, case.lead)
    page = case.open(as_fs=True)
    case.until(lambda: "return" in visible(page))
    page.detail.buttons["return"].click()
    page.detail.confirm()
    case.rest()
    assert case.state() == "submitted"
    page.detail.reason_text.setText("時期を確かめてください")
    page.detail.confirm()
    case.until(lambda: case.state() == "returned")


def test_a_returned_handoff_is_submitted_again_by_the_rep(case: Desk) -> None:
    handoffs.submit(case.session.ctx, case.lead)
    handoffs.return_(case.session.ctx, case.lead, "時期を確かめてください")
    page = case.open()
    case.until(lambda: "submit" in visible(page))
    assert page.tabs._texts[1] == "要対応 1"
    assert "差し戻し理由: 時期を確かめてください" in page.detail._lacks.text()
    page.detail.buttons["submit"].click()
    case.until(lambda: case.state() == "submitted")


def test_fs_reports_a_lost_deal_only_with_its_reason(case: Desk) -> None:
    handoffs.submit(case.session.ctx, case.lead)
    handoffs.accept(case.session.ctx, case.lead)
    page = case.open(as_fs=True)
    case.until(lambda: "feedback" in visible(page))
    page.detail.buttons["feedback"].click()
    rows = page.detail.rows
    rows.result.choose(2)
    assert rows.result.value == "lost"
    page.detail.confirm()
    case.rest()
    assert leads.view(case.session.ctx, case.lead).fields["stage"] != "lost"
    rows.factor.choose(0)
    page.detail.confirm()
    case.until(lambda: leads.view(case.session.ctx, case.lead).fields["stage"] == "lost")


def test_an_amount_is_read_with_its_signs(case: Desk) -> None:
    page = case.open()
    page.detail.rows.amount.edit.setText("¥1,200,000")
    assert page.detail.rows.yen == 1_200_000
    page.detail.rows.amount.edit.setText("未定")
    assert page.detail.rows.yen is None


def test_return_in_the_list_opens_the_call(case: Desk) -> None:
    handoffs.submit(case.session.ctx, case.lead)
    page = case.open()
    case.until(lambda: page.model.rowCount() == 1)
    with case.qtbot.waitSignal(page.asked_lead) as asked:
        page.list.activated.emit(page.model.index(0))
    assert asked.args == [case.lead]


def test_the_list_model_holds(case: Desk) -> None:
    model = HandoffModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    handoffs.submit(case.session.ctx, case.lead)
    page = case.open()
    case.until(lambda: page.model.rowCount() == 1)
    model.show_lines(list(page.model._lines))
    assert model.row_of(case.lead) == 0
