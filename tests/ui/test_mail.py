"""Mail in the window: written with what the law asks for, sent over a real server, and doubts decided by a person."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from isdesk.desk import Desk
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount
from isdesk.services import calls, consenting, leads, mail_drafts, outgoing, queue
from tests.channels import mailbox
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.mailers import team
from tests.ui.test_call_page import Day
from ui.session import Session
from ui.views.mail.compose import ComposeDialog
from ui.views.mail.mailer import Mailer
from ui.views.mail.outbox import OutboxDialog
from ui.words import Words


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def one(desk: Desk) -> LeadId:
    desk.ctx.playbook = team()
    made, _ = leads.create(
        desk.ctx, {"name": "山田 太郎", "email": "yamada@example.jp", "company.name": "青葉精機株式会社"}
    )
    return made


@pytest.fixture
def account(desk: Desk, house: Posthouse) -> MailAccount:
    kept = MailAccount("localhost", house.port, "starttls", USER, "s@aoba.example", "鈴木")
    outgoing.keep_account(desk.ctx, desk.secrets, kept, PASSWORD)
    return kept


@pytest.fixture
def mailer(session: Session) -> Mailer:
    parent = session.hub.parent()
    assert parent is not None
    return Mailer(session, parent)  # type: ignore[arg-type]


def written(qtbot: QtBot, mailer: Mailer, one: LeadId, template: str = "plain") -> ComposeDialog:
    mailer.write(one, "山田 太郎")
    assert mailer.compose is not None
    dialog = mailer.compose
    dialog.template.setCurrentIndex(dialog.template.findData(template))
    qtbot.waitUntil(lambda: dialog.subject.text() == "青葉精機さまへ")
    return dialog


def box(qtbot: QtBot, mailer: Mailer, rows: int) -> OutboxDialog:
    mailer.show_outbox()
    assert mailer.outbox is not None
    dialog = mailer.outbox
    qtbot.waitUntil(lambda: dialog.model.rowCount() == rows)
    return dialog


def test_a_mail_without_consent_waits_for_it_and_is_sent_then(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    dialog = written(qtbot, mailer, one)
    qtbot.waitUntil(dialog.consent.isVisible)
    assert not dialog.send.isEnabled()
    assert "同意" in dialog.state.text()
    assert "配信停止: stop@aoba.example" in dialog.footer.text()
    dialog.basis.setCurrentIndex(dialog.basis.findData("notified"))
    dialog.source.setText("展示会の名刺")
    qtbot.keyClick(dialog.source, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.send.isEnabled)
    assert not dialog.consent.isVisible()
    dialog.body.setPlainText("書き直した本文です。")
    with qtbot.waitSignal(dialog.posted):
        qtbot.keyClick(dialog.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])
    (mail,) = house.got
    assert mail.get_content().startswith("書き直した本文です。")
    assert mail["Subject"] == "青葉精機さまへ"


def test_a_long_subject_is_counted_and_kept_back(qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    dialog = written(qtbot, mailer, one)
    qtbot.waitUntil(dialog.send.isEnabled)
    dialog.subject.setText("長" * 41)
    qtbot.waitUntil(lambda: dialog.count.text() == "41/40")
    assert not dialog.send.isEnabled()
    assert dialog.state.property("role") == "bad"
    dialog.subject.setText("短い")
    qtbot.waitUntil(dialog.send.isEnabled)


def test_a_name_with_tags_is_shown_as_text(qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk) -> None:
    leads.edit(desk.ctx, one, {"name": "<b>山田</b>"})
    mailer.write(one, "<b>山田</b>")
    dialog = mailer.compose
    assert dialog is not None
    dialog.template.setCurrentIndex(dialog.template.findData("plain"))
    qtbot.waitUntil(lambda: "<b>山田</b>様" in dialog.body.toPlainText())
    for part in (dialog.to, dialog.state, dialog.footer):
        assert part.textFormat() is Qt.TextFormat.PlainText


def test_a_doubt_is_decided_in_the_outbox(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    house.cut = 1
    outgoing.post(desk.ctx, one, "plain")
    dialog = box(qtbot, mailer, 1)
    assert dialog.now.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_S)
    qtbot.waitUntil(dialog.arrived.isEnabled)
    assert dialog.head.text() == "送信待ち 0通・不明 1通"
    assert "二重に届かないよう" in dialog.why.text()
    assert not dialog.cancel.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])
    qtbot.waitUntil(lambda: not dialog.arrived.isEnabled())


def test_a_mail_that_waits_is_taken_out(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    outgoing.post(desk.ctx, one, "plain")
    dialog = box(qtbot, mailer, 1)
    qtbot.waitUntil(dialog.cancel.isEnabled)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not dialog.cancel.isEnabled())
    assert [m.state for m in outgoing.outbox(desk.ctx)] == ["cancelled"]
    assert house.got == []


def test_an_account_is_kept_only_where_one_can_sign_in(
    qtbot: QtBot, mailer: Mailer, house: Posthouse, desk: Desk
) -> None:
    mailer.show_account()
    dialog = mailer.account
    assert dialog is not None
    assert dialog.port.value() == 465
    dialog.security.setCurrentIndex(dialog.security.findData("starttls"))
    assert dialog.port.value() == 587
    dialog.host.setText("localhost")
    dialog.port.setValue(house.port)
    dialog.address.setText("s@aoba.example")
    dialog.user.setText(USER)
    dialog.password.setText("wrong")
    dialog.save()
    qtbot.waitUntil(lambda: dialog.state.property("role") == "bad")
    assert outgoing.account(desk.ctx) is None
    dialog.password.setText(PASSWORD)
    with qtbot.waitSignal(dialog.kept):
        dialog.save()
    kept = outgoing.account(desk.ctx)
    assert kept is not None
    assert (kept.host, kept.user) == ("localhost", USER)
    assert desk.secrets.get(outgoing.SECRET) == PASSWORD


def test_a_reply_is_told_and_shown(
    qtbot: QtBot, mailer: Mailer, one: LeadId, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "yamada@example.jp", "ご相談", "<1@example.jp>"
    letter.set_content("お時間をください。")
    desk = session.desk
    assert desk is not None
    said: list[str] = []
    session.notices.said.connect(said.append)
    with mailbox.opened(authority, "rep", PASSWORD) as box:
        account = MailAccount("localhost", 465, "tls", "rep", "s@aoba.example", "鈴木", "localhost", box.port)
        outgoing.keep_account(desk.ctx, desk.secrets, account, PASSWORD)
        box.put(letter, desk.ctx.now())
        with qtbot.waitSignal(session.hub.changed):
            mailer.receive()
    assert said == ["返信が1件届きました。履歴に入れました。"]
    assert leads.view(desk.ctx, one).state.hot_signal == "mail_reply"


def test_what_was_begun_is_offered_again_and_gone_once_it_is_sent(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    dialog = written(qtbot, mailer, one)
    assert dialog.drafts.isHidden()
    dialog.body.setPlainText("書きかけの文")
    dialog.subject.setText("書きかけ")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: mail_drafts.found(desk.ctx, one) is not None)
    mailer.write(one, "山田 太郎")
    again = mailer.compose
    assert again is not None
    qtbot.waitUntil(again.drafts.isVisible)
    assert (again.subject.text(), again.body.toPlainText()) == ("書きかけ", "書きかけの文")
    assert again.template.currentData() == "plain"
    assert "下書きの続き" in again.drafts.said.text()
    qtbot.waitUntil(again.send.isEnabled)
    with qtbot.waitSignal(again.posted):
        qtbot.keyClick(again.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert mail_drafts.found(desk.ctx, one) is None
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])


def test_a_discarded_draft_comes_back_by_key(qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    dialog = written(qtbot, mailer, one)
    dialog.body.setPlainText("書きかけの文")
    qtbot.keyClick(dialog.body, Qt.Key.Key_D, keys)
    qtbot.waitUntil(lambda: "捨てた下書き" in dialog.drafts.said.text())
    qtbot.waitUntil(lambda: "ご案内です" in dialog.body.toPlainText())
    assert mail_drafts.found(desk.ctx, one) is None
    qtbot.keyClick(dialog.body, Qt.Key.Key_R, keys)
    qtbot.waitUntil(lambda: dialog.body.toPlainText() == "書きかけの文")
    assert mail_drafts.found(desk.ctx, one) is not None
    dialog.template.setCurrentIndex(0)
    qtbot.waitUntil(lambda: dialog.body.toPlainText() == "")
    aside = mail_drafts.discarded(desk.ctx, one)
    assert aside is not None
    assert aside.body == "書きかけの文", "another template loses nothing"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_template_that_is_wanted_puts_the_draft_aside(qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk) -> None:
    mail_drafts.keep(desk.ctx, one, "plain", "書きかけ", "書きかけの文")
    mailer.write(one, "山田 太郎", "requested")
    dialog = mailer.compose
    assert dialog is not None
    qtbot.waitUntil(lambda: "ご希望の資料" in dialog.subject.text())
    assert dialog.template.currentData() == "requested"
    dialog.drafts.back.click()
    qtbot.waitUntil(lambda: dialog.body.toPlainText() == "書きかけの文")
    assert dialog.template.currentData() == "plain"


def test_a_reply_comes_first_is_answered_by_keys_and_followed_up(
    session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way: a letter in a real mailbox, the queue with its reason, the answer over a real server."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    desk = session.desk
    assert desk is not None
    ctx = desk.ctx
    day = Day(session, qtbot)
    whose = day.ids[2]
    leads.edit(ctx, whose, {"email": "yamada@example.jp"})
    calls.record(ctx, whose, "NO_ANSWER")
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "yamada@example.jp", "資料について", "<9@example.jp>"
    letter.set_content("資料をください。")
    with opened(context) as house, mailbox.opened(authority, USER, PASSWORD) as box:
        kept = MailAccount("localhost", house.port, "starttls", USER, "s@aoba.example", "鈴木", "localhost", box.port)
        outgoing.keep_account(ctx, desk.secrets, kept, PASSWORD)
        box.put(letter, ctx.now())
        with qtbot.waitSignal(session.hub.changed):
            day.page.mailer.receive()
        day.rest()
        row = queue.standing(ctx)[0]
        assert (row.lead_id, row.chips[0].code) == (whose, "reply")
        assert Words(ctx.rules, "ja", ctx.calendar).chip(row.chips[0], ctx.now()) == "返信あり"
        day.page.show_lead(whose)
        day.until(lambda: day.here == whose)
        day.press("call.mail")
        dialog = day.page.mailer.compose
        assert dialog is not None
        dialog.template.setCurrentIndex(dialog.template.findData("requested"))
        day.until(lambda: "ご希望の資料" in dialog.subject.text() and dialog.send.isEnabled())
        qtbot.keyClick(dialog.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        day.until(lambda: [m.state for m in outgoing.outbox(ctx)] == ["sent"])
        day.rest()
        assert [str(mail["To"]) for mail in house.got] == ["yamada@example.jp"]
    action = leads.view(ctx, whose).state.next_action
    assert action is not None
    assert (action.kind, action.why) == ("retry", "mailed")
    assert ctx.calendar.day_of(action.due_at) == ctx.calendar.add_business_days(ctx.calendar.day_of(ctx.now()), 3)
