"""The page シーケンス on a real profile: what is blocked on top, all by keys, from the queue and the call page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from isdesk import playbook
from isdesk.domain.ids import DeviceId, LeadId
from isdesk.domain.outgoing import MailState
from isdesk.services import calls, consenting, hearing, history, mail_account, outgoing, sequences
from isdesk.services import queue as queue_service
from isdesk.store import mails, meta
from tests.services.mailers import team
from tests.ui.conftest import SampleClock
from tests.ui.leads_made import add
from ui import links
from ui.session import Session
from ui.tasks import Tasks
from ui.views.call.page import CallPage
from ui.views.sequences import page as page_module
from ui.views.sequences import words
from ui.views.sequences.enrol import EnrolDialog
from ui.views.sequences.lead_dialog import LeadSequenceDialog
from ui.views.sequences.page import SequencesPage, make


def rest(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.pending == 0, timeout=8000)
    QApplication.sendPostedEvents()


@pytest.fixture
def leads(session: Session, clock: SampleClock) -> list[LeadId]:
    """Two leads in a sequence whose first mail was due: one may be written to, one may not; and a third without one."""
    session.ctx.playbook = team()
    ctx = session.ctx
    made = [
        add(ctx, "同意 あり", email="a@example.jp", phone_direct="03-3211-1001"),
        add(ctx, "同意 なし", "若葉商事株式会社", email="b@example.jp", phone_direct="03-3211-1002"),
        add(ctx, "未登録", email="c@example.jp", phone_direct="03-3211-1003"),
    ]
    for one in made:
        calls.record(ctx, one, "NO_ANSWER")
    consenting.consent(ctx, made[0], "notified", "名刺")
    sequences.enrol(ctx, "follow", made[:2])
    day = ctx.calendar.add_business_days(ctx.calendar.day_of(clock.at), 3)
    clock.at = ctx.calendar.start_of_day(day) + timedelta(hours=10, minutes=1)
    queue_service.settle(ctx)
    sequences.run(ctx)
    return made


@pytest.fixture
def page(session: Session, leads: list[LeadId], qtbot: QtBot, tasks: Tasks) -> Iterator[SequencesPage]:
    """Open the page as the window does."""
    assert leads
    tasks.wrote.connect(session.hub.changed)
    made = make(session)
    assert isinstance(made, SequencesPage)
    qtbot.addWidget(made)
    made.resize(1216, 728)
    with qtbot.waitExposed(made):
        made.show()
    session.commands.set_page("sequences")
    made.arrive()
    rest(qtbot, tasks)
    yield made
    rest(qtbot, tasks)


def test_what_is_blocked_stands_on_top_with_its_reason_and_what_to_do(
    page: SequencesPage, leads: list[LeadId], qtbot: QtBot, tasks: Tasks, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(page.lines)
    qtmodeltester.check(page.counts)
    assert page.board is not None
    assert {line.state for line in page.board.running} == {"blocked"}, "no account yet: nobody's mail can leave"
    assert page.lines.index(0, 0).data() == "要確認"
    said = {page.lines.index(row, 4).data() for row in range(2)}
    assert said == {"同意の記録がない", "送信アカウントがない"}
    assert not page.panel.why.isHidden()
    assert page.panel.what.text()
    assert page.blocked_check.said.full_text() == "2件が待っています"
    with qtbot.waitSignal(page.asked_lead) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args is not None
    assert asked.args[0] in leads


def test_what_the_sender_lacks_is_named_by_its_labels(
    page: SequencesPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    session.ctx.playbook = playbook.load("default")
    queue_service.settle(session.ctx)
    sequences.run(session.ctx)
    page.arrive()
    rest(qtbot, tasks)
    tips = [str(page.lines.index(row, 4).data(Qt.ItemDataRole.ToolTipRole)) for row in range(page.lines.rowCount())]
    items = "(送信者(会社名)、住所、問い合わせ先、配信停止の窓口)"
    assert [tip for tip in tips if items in tip], tips


def test_a_step_is_skipped_with_a_reason_by_keys_and_taken_back(
    page: SequencesPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    lead = page.panel.lead_id
    assert lead is not None
    assert session.commands.run("sequences.skip")
    qtbot.keyClick(page.panel.reason, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert sequences.of_lead(session.ctx, lead)[0].steps[0].state == "blocked", "not without a reason"
    page.panel.reason.setText("資料は手渡し済み")
    qtbot.keyClick(page.panel.reason, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    step = sequences.of_lead(session.ctx, lead)[0].steps[0]
    assert (step.state, step.why) == ("skipped", "資料は手渡し済み")
    assert session.commands.run("sequences.tab")
    assert page.lines.rowCount() == 2


def test_a_sequence_is_stopped_by_delete_and_stands_among_the_ended(
    page: SequencesPage, session: Session, qtbot: QtBot, tasks: Tasks
) -> None:
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert page.board is not None
    assert [line.why for line in page.board.ended] == ["hand"]
    session.commands.run("sequences.tab")
    session.commands.run("sequences.tab")
    assert page.lines.index(0, 0).data() == "手で停止"
    assert page.panel.stop.isHidden()


def test_leads_of_the_queue_are_put_in_after_a_look_at_what_would_come_of_it(
    page: SequencesPage, session: Session, leads: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    assert session.commands.run("sequences.enrol")
    dialog = page.dialog
    assert isinstance(dialog, EnrolDialog)
    rest(qtbot, tasks)
    qtbot.keyClick(dialog.table, Qt.Key.Key_2)
    dialog.pick(1)
    rest(qtbot, tasks)
    assert dialog.code == "mails"
    assert dialog.outlook is not None
    assert dialog.outlook.leads == (leads[2],)
    assert "シーケンスに入っています" in dialog.against.text()
    assert dialog.out.isVisible()
    assert dialog.out.text() == f"入らないリード {len(dialog.outlook.refused)}件"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert not dialog.isVisible()
    assert sequences.of_lead(session.ctx, leads[2])[0].code == "mails"


def test_a_mail_that_waits_for_the_rep_is_sent_by_one_key(
    session: Session, page: SequencesPage, leads: list[LeadId], qtbot: QtBot, tasks: Tasks, clock: SampleClock
) -> None:
    from isdesk.domain.outgoing import MailAccount

    desk = session.desk
    assert desk is not None
    mail_account.keep(desk.ctx, desk.secrets, MailAccount("localhost", 1, "starttls", "u", "s@aoba.example"), "p")
    calls_before = len(outgoing.outbox(desk.ctx))
    sequences.stop(desk.ctx, [leads[0]])
    sequences.enrol(desk.ctx, "social", [leads[0]])
    sequences.skip(desk.ctx, leads[0], "つながっている")
    one = sequences.of_lead(desk.ctx, leads[0])[-1].next
    assert one is not None
    clock.at = one.due_at + timedelta(minutes=1)
    queue_service.settle(desk.ctx)
    page.load()
    rest(qtbot, tasks)
    row = next(n for n in range(page.lines.rowCount()) if page.lines.record(n).lead_id == leads[0])  # type: ignore[union-attr]
    page.table.selectRow(row)
    assert not page.panel.send.isHidden()
    page.panel.posted.disconnect(page.mailer.send)
    assert session.commands.run("sequences.send")
    rest(qtbot, tasks)
    assert len(outgoing.outbox(desk.ctx)) == calls_before + 1


def test_the_call_page_shows_the_sequence_and_starts_and_stops_it_by_one_key(
    session: Session, leads: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    tasks.wrote.connect(session.hub.changed)
    page = CallPage(session)
    qtbot.addWidget(page)
    page.resize(1216, 728)
    with qtbot.waitExposed(page):
        page.show()
    session.commands.set_page("call")
    rest(qtbot, tasks)
    page.show_lead(leads[1])
    qtbot.waitUntil(lambda: page.work.scene is not None and page.work.scene.id == leads[1])
    assert page.work.header._sequence.text() == "シーケンス 1/3 要確認"
    assert session.commands.run("call.sequence")
    rest(qtbot, tasks)
    dialog = page.sequences.dialog
    assert isinstance(dialog, LeadSequenceDialog)
    assert dialog.back.isVisible()
    dialog.panel.end()
    rest(qtbot, tasks)
    assert [cap.isVisible() for _, cap in dialog.panel.parts] == [False] * 6
    assert dialog.back.isVisible(), "a way out is in sight also where nothing is left to do"
    dialog.back.click()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: page.work.header._sequence.isHidden())
    page.show_lead(leads[2])
    qtbot.waitUntil(lambda: page.work.scene is not None and page.work.scene.id == leads[2])
    session.commands.run("call.sequence")
    rest(qtbot, tasks)
    chooser = page.sequences.dialog
    assert isinstance(chooser, EnrolDialog)
    rest(qtbot, tasks)
    chooser.carry_out()
    rest(qtbot, tasks)
    qtbot.waitUntil(lambda: not page.work.header._sequence.isHidden())
    assert page.work.header._sequence.text() == "シーケンス 1/3 メール"
    rest(qtbot, tasks)


def test_what_ended_long_ago_is_reached_by_one_key(
    page: SequencesPage,
    leads: list[LeadId],
    session: Session,
    tasks: Tasks,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_module, "PAGE", 1)
    page.ended = 1
    sequences.stop(session.ctx, leads[:1])
    sequences.stop(session.ctx, leads[1:2])
    page.load()
    rest(qtbot, tasks)
    assert page.foot.isHidden()
    page.tabs.set_current(2)
    page.tabs.changed.emit(2)
    assert page.lines.rowCount() == 1
    assert page.foot.isVisible()
    assert "1件を表示" in page.foot.said.full_text()
    assert page.board is not None
    assert page.board.past == 2
    assert session.commands.run("sequences.more")
    rest(qtbot, tasks)
    assert page.lines.rowCount() == 2
    assert page.foot.isHidden()


def _account(session: Session) -> None:
    with session.ctx.store.write() as tx:
        meta.put(tx, mail_account.ACCOUNT, {"host": "localhost", "port": 465, "address": "suzuki@aoba.example"})


def test_a_mail_that_the_desk_of_before_may_have_sent_is_sent_by_key(
    page: SequencesPage, session: Session, leads: list[LeadId], clock: SampleClock, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx = session.ctx
    _account(session)
    here, ctx.device_id = ctx.device_id, DeviceId("device-of-before")
    consenting.consent(ctx, leads[2], "notified", "名刺")
    sequences.enrol(ctx, "follow", [leads[2]])
    ctx.device_id = here
    clock.at = ctx.calendar.add_business_minutes(clock.at, 3 * 8 * 60)
    sequences.take_over(ctx, [leads[2]])
    clock.at = ctx.calendar.add_business_minutes(clock.at, 2 * 8 * 60)
    queue_service.settle(ctx)
    sequences.run(ctx)
    page.load()
    rest(qtbot, tasks)
    assert page.board is not None
    row = next(n for n, line in enumerate(page._shown()) if line.why == "sequence_perhaps_sent")
    page.table.selectRow(row)
    rest(qtbot, tasks)
    assert page.panel.send.isVisible()
    assert leads[2] not in [mail.lead_id for mail in outgoing.outbox(ctx, "queued")]
    assert session.commands.run("sequences.send")
    rest(qtbot, tasks)
    assert leads[2] in [mail.lead_id for mail in outgoing.outbox(ctx, "queued")]


def test_a_mail_whose_text_went_by_hand_says_so_and_is_sent_by_key_after_a_day(
    page: SequencesPage, session: Session, leads: list[LeadId], clock: SampleClock, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx, one = session.ctx, leads[0]
    _account(session)
    template = sequences.of_lead(ctx, one)[0].steps[0].step.template
    mail = outgoing.post(ctx, one, template)
    with ctx.store.write() as tx:
        assert mails.move(tx, mail, replace(mail, state=MailState.SENT, left_at=clock.at))
    sequences.run(ctx)

    def shown() -> str:
        page.load()
        rest(qtbot, tasks)
        row = next(n for n, line in enumerate(page._shown()) if line.lead_id == one)
        page.table.selectRow(row)
        rest(qtbot, tasks)
        return str(page.lines.index(row, 4).data())

    assert (shown(), page.panel.send.isVisible()) == ("同じメールを送ったばかり", False)
    clock.at = ctx.calendar.add_business_minutes(clock.at + timedelta(days=1), 60)
    sequences.run(ctx)
    assert (shown(), page.panel.send.isVisible()) == ("同じメールを手で送った", True)
    assert session.commands.run("sequences.send")
    rest(qtbot, tasks)
    assert [made.lead_id for made in outgoing.outbox(ctx, "queued")] == [one]


def test_those_who_lack_a_basis_of_mail_are_shown_and_it_is_noted_for_all_of_them_before_they_are_put_in(
    page: SequencesPage, session: Session, leads: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    assert session.commands.run("sequences.enrol")
    dialog = page.dialog
    assert isinstance(dialog, EnrolDialog)
    rest(qtbot, tasks)
    assert dialog.consent.isVisible()
    assert dialog.bare.text().startswith("うち1件は")
    qtbot.keyClick(dialog.heard, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    assert consenting.gate(session.ctx, leads[2]) == "mail_no_consent", "not without where it was heard"
    qtbot.keyClicks(dialog.heard, "card, fair X")
    qtbot.keyClick(dialog.heard, Qt.Key.Key_Return)
    rest(qtbot, tasks)
    rest(qtbot, tasks)
    assert dialog.isVisible()
    assert not dialog.consent.isVisible()
    assert consenting.gate(session.ctx, leads[2]) is None
    assert consenting.gate(session.ctx, leads[1]) == "mail_no_consent", "only for those who are put in"
    dialog.carry_out()
    rest(qtbot, tasks)


def test_the_page_says_when_answers_were_last_read_and_what_waits_for_that(
    page: SequencesPage, session: Session, leads: list[LeadId], clock: SampleClock, qtbot: QtBot, tasks: Tasks
) -> None:
    ctx = session.ctx
    assert page.heard.isHidden(), "without a mailbox nothing is said"
    box = {"host": "localhost", "port": 465, "address": "suzuki@aoba.example", "user": "s", "imap_host": "localhost"}
    with ctx.store.write() as tx:
        meta.put(tx, mail_account.ACCOUNT, box)
    found = mail_account.read(ctx)
    assert found is not None
    hearing.noted(ctx, found)
    sequences.run(ctx)
    page.load()
    rest(qtbot, tasks)
    assert page.heard.text() == "返信を最後に読んだ時刻: 10:01"
    clock.at += timedelta(hours=5)
    page.load()
    rest(qtbot, tasks)
    assert page.heard.property("role") == "warn"
    assert "読めていない" in page.mail_check.toolTip()


def test_without_an_account_the_step_is_sent_from_the_mail_program_and_is_done(
    page: SequencesPage,
    session: Session,
    leads: list[LeadId],
    qtbot: QtBot,
    tasks: Tasks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def takes(link: str) -> bool:
        opened.append(link)
        return True

    monkeypatch.setattr(links, "open_mail", takes)
    row = next(n for n, line in enumerate(page._shown()) if line.lead_id == leads[0])
    page.table.selectRow(row)
    rest(qtbot, tasks)
    assert page.panel.write.isVisible()
    assert session.commands.run("sequences.write")
    dialog = page.mailer.compose
    assert dialog is not None
    qtbot.waitUntil(dialog.other.isEnabled)
    assert dialog.template.currentData() == sequences.of_lead(session.ctx, leads[0])[0].steps[0].step.template
    dialog.hand_over()
    qtbot.waitUntil(dialog.sent.isVisible)
    dialog.sent.yes.click()
    rest(qtbot, tasks)
    assert len(opened) == 1
    assert sequences.of_lead(session.ctx, leads[0])[0].steps[0].state == "done"
    history.undo(session.ctx)
    assert sequences.of_lead(session.ctx, leads[0])[0].steps[0].state == "blocked"
    rest(qtbot, tasks)


def test_names_of_sequences_are_short_in_tables_and_whole_where_one_points(page: SequencesPage) -> None:
    assert words.brief("標準フォロー(メール・電話・メール)") == "標準フォロー"
    assert words.brief("(メール)") == "(メール)"
    heads = [row for row in page.counts.records() if row.head]
    assert heads
    for row in heads:
        assert "(" not in row.name
        assert row.tip.startswith(row.name)


def test_a_reason_is_left_by_escape_and_asked_for_where_none_was_written(
    page: SequencesPage, session: Session, leads: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    said: list[str] = []
    session.notices.said.connect(said.append)
    assert session.commands.run("sequences.skip")
    reason = page.panel.reason
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert said == ["飛ばす理由を書いてください(Esc でやめる)。"]
    assert reason.isVisible()
    qtbot.keyClicks(reason, "x")
    qtbot.keyClick(reason, Qt.Key.Key_Escape)
    assert said[1:] == ["飛ばすのをやめました。"]
    assert (reason.isVisible(), reason.text()) == (False, "")
    assert page.table.hasFocus()
    rest(qtbot, tasks)
    lead_id = page.panel.lead_id
    assert lead_id is not None
    step = sequences.of_lead(session.ctx, lead_id)[0].next
    assert step is not None
    assert step.state != "skipped"


def test_a_key_in_the_dialog_that_does_nothing_now_says_so(
    session: Session, leads: list[LeadId], qtbot: QtBot, tasks: Tasks
) -> None:
    said: list[str] = []
    session.notices.said.connect(said.append)
    sequences.stop(session.ctx, [leads[0]])
    (one, *_) = sequences.of_lead(session.ctx, leads[0])
    dialog = LeadSequenceDialog(session, leads[0], "見本", "", one)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    for verb in (dialog.panel.end, dialog.panel.ask_skip, dialog.panel.confirm, dialog.panel.write_it):
        verb()
    assert said == ["このシーケンスでは、いまその操作はできません。"] * 4
    rest(qtbot, tasks)
