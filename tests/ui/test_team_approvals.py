"""Approvals in the window: a refused edit becomes a request; the lead answers by key; one undo takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk.domain.approvals import Asks
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.domain.rules import HandoffRules
from isdesk.services import approvals, bulk, calls, handoffs, history, leads
from tests.ui.leads_made import OTHER, add, colleague
from tests.ui.test_handoff_page import FACTS, FS
from tests.ui.test_team_page import rest
from ui.notices import Notice
from ui.session import Session
from ui.tasks import Tasks
from ui.views.approvals_ask import ApprovalOffer, AskDialog, wish
from ui.views.leads.page import LeadsPage
from ui.views.team.page import TeamPage, make
from ui.views.team.request import RequestPanel
from ui.views.team.watch import ApprovalWatch

SECOND = Member(MemberId("m-lead-b"), "岡 誠", "team_lead", "oka@example.jp")


@pytest.fixture
def lead(session: Session) -> LeadId:
    """Give a lead of a rep in a team where SQL needs approval."""
    ctx = session.ctx
    colleague(ctx)
    ctx.members[SECOND.id] = SECOND
    stages = {**ctx.rules.stages, "sql": replace(ctx.rules.stages["sql"], needs_approval=True)}
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, stages=stages))
    return add(ctx, "山田 太郎", issue="手作業")


@pytest.fixture
def page(session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks) -> Iterator[TeamPage]:
    """Open the page as a team lead, with a rep's request waiting."""
    ctx = session.ctx
    lead_member = replace(ctx.me, role="team_lead")
    ctx.members[lead_member.id] = lead_member
    ctx.me = OTHER
    approvals.ask(ctx, Asks.STAGE, "課題を確認済み", lead_id=lead, details={"stage": "sql"})
    ctx.me = lead_member
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, TeamPage)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    session.commands.set_page("team")
    made.show_approvals()
    rest(qtbot, tasks)
    yield made
    rest(qtbot, tasks)


def texts(panel: RequestPanel) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(one.text() for one in panel.findChildren(QLabel) if one.isVisible())


def test_what_waits_is_counted_and_shown_in_full(page: TeamPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.inbox.model)
    assert page.tabs.accessibleName().startswith("承認 1")
    panel = page.inbox.panel
    assert panel.what.text() == "ステージの変更 → SQL"
    assert panel.lead.text() == "山田 太郎"
    assert OTHER.name in panel.asked.text()
    said = texts(panel)
    assert "課題を確認済み" in said
    assert "このステージの条件" in said
    assert "✓  課題を聞いている" in said
    assert "手作業" in said


def test_a_key_approves_and_one_undo_takes_both_back(
    page: TeamPage, session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    assert session.commands.run("team.approve")
    rest(qtbot, tasks)
    assert leads.view(session.ctx, lead).fields["stage"] == "sql"
    assert page.tabs.accessibleName().startswith("承認 (")
    assert page.inbox.model.rowCount() == 0
    assert not session.commands.run("team.approve")
    session.commands.run("team.decided")
    rest(qtbot, tasks)
    assert page.inbox.panel.state.text() == "承認"
    tasks.write(lambda: history.undo(session.ctx))
    rest(qtbot, tasks)
    assert leads.view(session.ctx, lead).fields.get("stage") != "sql"
    assert page.inbox.panel.may_answer()


def test_a_rejection_asks_for_its_reason_first(
    page: TeamPage, session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    panel = page.inbox.panel
    assert session.commands.run("team.reject")
    rest(qtbot, tasks)
    assert page.inbox.model.rowCount() == 1
    assert "却下の理由" in panel.field.placeholderText()
    qtbot.keyClicks(panel.field, "not yet")
    qtbot.keyClick(panel.field, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert page.inbox.model.rowCount() == 0
    (item,) = approvals.inbox(session.ctx, every=True)
    assert (item.request.status, item.request.answer) == ("rejected", "not yet")


def test_an_own_request_is_only_taken_back(
    page: TeamPage, session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    approvals.reject(session.ctx, approvals.inbox(session.ctx)[0].request.id, "まだ")
    ids = [add(session.ctx, f"終了 {n}") for n in range(14)]
    approvals.ask(session.ctx, Asks.CLOSE, "重複", details={"leads": list(ids), "stage": "lost"})
    page.inbox.load()
    rest(qtbot, tasks)
    panel = page.inbox.panel
    assert panel.what.text() == "一括終了 — 14件"
    assert "ほか2件" in texts(panel)
    assert not panel.may_answer()
    assert "ほかの人が承認します" in panel.prompt.text()
    assert session.commands.run("team.withdraw")
    rest(qtbot, tasks)
    assert approvals.inbox(session.ctx) == []


def test_a_refused_edit_offers_to_ask(session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks) -> None:
    ctx = session.ctx
    ctx.me = replace(ctx.me, role="rep")
    shown: list[Notice] = []
    session.notices.noticed.connect(shown.append)
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    offer = ApprovalOffer(session, window)
    with pytest.raises(Refused) as problem:
        leads.edit(ctx, lead, {"stage": "sql"})
    offer.tell(lead, {"stage": "sql"}, problem.value)
    assert "承認が必要です" in shown[0].text
    assert shown[0].act is not None
    shown[0].act()
    rest(qtbot, tasks)
    assert offer.dialog is not None
    assert not offer.dialog.send.isEnabled()
    qtbot.keyClicks(offer.dialog.field, "asked for it")
    qtbot.keyClick(offer.dialog.field, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    (item,) = approvals.inbox(ctx)
    assert (item.request.reason, item.request.details) == ("asked for it", {"stage": "sql"})
    offer.tell(lead, {"name": "x"}, BadInput("value_bad", field="name", value="x"))
    assert shown[-1].action == ""


def test_the_mark_counts_and_the_answer_is_told(session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks) -> None:
    ctx = session.ctx
    boss, rep = replace(ctx.me, role="team_lead"), OTHER
    ctx.members[boss.id] = boss
    tasks.wrote.connect(session.hub.changed)
    ctx.me = rep
    asked, _ = approvals.ask(ctx, Asks.STAGE, "課題を確認済み", lead_id=lead, details={"stage": "sql"})
    watch, counts, said = ApprovalWatch(session), list[int](), list[str]()
    watch.counted.connect(counts.append)
    session.notices.said.connect(said.append)
    watch.look()
    rest(qtbot, tasks)
    ctx.me = boss
    watch.look()
    rest(qtbot, tasks)
    assert counts == [0, 1]
    approvals.reject(ctx, asked, "まだ早い")
    ctx.me = rep
    session.hub.synced.emit()
    rest(qtbot, tasks)
    assert said == []
    again, _ = approvals.ask(ctx, Asks.STAGE, "再提出", lead_id=lead, details={"stage": "sql"})
    watch.look()
    rest(qtbot, tasks)
    ctx.me = boss
    approvals.reject(ctx, again, "まだ早い")
    ctx.me = rep
    session.hub.synced.emit()
    rest(qtbot, tasks)
    assert said == ["却下されました: ステージの変更 → SQL 山田 太郎 — まだ早い"]


def test_closing_many_is_asked_for_where_one_may_not(
    session: Session, lead: LeadId, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx = session.ctx
    ctx.me = replace(ctx.me, role="rep")
    shown: list[Notice] = []
    session.notices.noticed.connect(shown.append)
    page = LeadsPage(session)
    qtbot.addWidget(page)
    page.show()
    page.arrive()
    rest(qtbot, tasks)
    page.table.selectAll()
    page.bar.ask(bulk.CLOSE)
    rest(qtbot, tasks)
    assert page.bar.outlook.text() == "1件が変わります"
    qtbot.keyClick(page.bar, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert "まとめて終了" in shown[0].text
    assert shown[0].act is not None
    shown[0].act()
    dialog = next(one for one in page.findChildren(AskDialog))
    qtbot.keyClicks(dialog.field, "duplicates")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    (item,) = approvals.inbox(ctx)
    assert item.request.details == {"leads": [lead], "stage": "disqualified"}


def test_only_what_can_be_asked_for_is_offered(lead: LeadId) -> None:
    lift, stage = Refused("lift_needs_approval"), Refused("stage_needs_approval", stage="SQL")
    assert wish(lead, {"dnc": None}, lift) is not None
    assert wish(lead, {"company.dnc": None}, lift) is None
    assert wish(lead, {"stage": "sql"}, stage) is not None
    assert wish(lead, {"stage": "sql"}, BadInput("stage_unknown")) is None


def test_a_handoff_is_approved_and_refused_by_key(page: TeamPage, session: Session, qtbot: QtBot, tasks: Tasks) -> None:
    ctx, boss = session.ctx, session.ctx.me
    ctx.members[FS.id] = FS
    ctx.playbook = replace(ctx.playbook, rules=replace(ctx.rules, handoff=HandoffRules(needs_approval=True)))
    ctx.me = OTHER
    first, second = (_asked(session, name) for name in ("前田 一", "後藤 二"))
    ctx.me = boss
    page.inbox.load()
    rest(qtbot, tasks)
    panel = page.inbox.panel
    page.inbox.table.selectRow(1)
    rest(qtbot, tasks)
    assert panel.what.text() == "引き渡し → 中村 直樹"
    said = texts(panel)
    assert "引き継ぎチェック" in said
    assert "✓  課題" in said
    assert session.commands.run("team.approve")
    rest(qtbot, tasks)
    assert handoffs.view(ctx, first).state == "submitted"
    page.inbox.table.selectRow(1)
    rest(qtbot, tasks)
    panel.field.setText("予算を聞いてから")
    assert session.commands.run("team.reject")
    rest(qtbot, tasks)
    view = handoffs.view(ctx, second)
    assert (view.state, view.reason) == ("returned", "予算を聞いてから")


def _asked(session: Session, name: str) -> LeadId:
    made = leads.create(session.ctx, {**FACTS, "name": name, "phone_direct": None})[0]
    calls.record(session.ctx, made, "INTERESTED")
    handoffs.submit(session.ctx, made)
    return made
