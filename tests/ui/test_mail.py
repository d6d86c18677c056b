"""Mail in the window: written with what the law asks for, sent over a real server, and doubts decided by a person."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from isdesk import playbook
from isdesk.desk import Desk
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount, MailState
from isdesk.domain.touch import Channel, Direction
from isdesk.services import calls, consenting, leads, mail_account, mail_drafts, mails, outgoing, queue, sequences
from isdesk.services.pausing import Paused
from isdesk.store import leads as stored
from isdesk.store import mails as rows
from tests.channels import mailbox
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.mailers import team
from tests.ui.conftest import SampleClock
from tests.ui.test_call_page import Day
from ui.notices import Notice
from ui.session import Session
from ui.views.call.scene import Scene
from ui.views.day.mailto import LONGEST
from ui.views.mail.compose import ComposeDialog
from ui.views.mail.consent import ConsentDialog
from ui.views.mail.mailer import Mailer
from ui.views.mail.outbox import OutboxDialog
from ui.views.side.timeline_words import detail_of
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
    mail_account.keep(desk.ctx, desk.secrets, kept, PASSWORD)
    return kept


class Program(QObject):
    """The person's mail program: the links that were opened with it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        """Take a link."""
        self.opened.append(url)

    @property
    def body(self) -> str:
        """The body of the mail that was opened last."""
        full = self.opened[-1].toString(QUrl.ComponentFormattingOption.FullyEncoded)
        return parse_qs(urlsplit(full).query)["body"][0]


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()
    QDesktopServices.setUrlHandler("mailto", made, "open")  # type: ignore[arg-type]  # bytes, says its stub
    yield made
    QDesktopServices.unsetUrlHandler("mailto")


@pytest.fixture
def mailer(session: Session, qtbot: QtBot, house: Posthouse) -> Iterator[Mailer]:
    parent = session.hub.parent()
    assert isinstance(parent, QWidget)
    yield Mailer(session, parent)
    qtbot.waitUntil(lambda: session.tasks.pending == 0)  # the server is taken leave of before it closes


@dataclass
class Meeting:
    """Holds the server at a reader's name until it may go on."""

    met: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _: str) -> None:
        """Wait."""
        self.met.set()
        self.go_on.wait(30)


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


def test_what_the_sender_lacks_is_named_by_its_labels(qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk) -> None:
    desk.ctx.playbook = playbook.load("default")
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    mailer.write(one, "山田 太郎", "first")
    dialog = mailer.compose
    assert dialog is not None
    items = "(送信者(会社名)、住所、問い合わせ先、配信停止の窓口)"
    qtbot.waitUntil(lambda: items in dialog.state.text())
    assert not dialog.send.isEnabled()


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
    assert not dialog.keep.isEnabled(), "what is known is read beside the window"
    qtbot.waitUntil(dialog.keep.isEnabled)
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
    assert mail_account.read(desk.ctx) is None
    dialog.password.setText(PASSWORD)
    with qtbot.waitSignal(dialog.kept):
        dialog.save()
    kept = mail_account.read(desk.ctx)
    assert kept is not None
    assert (kept.host, kept.user) == ("localhost", USER)
    assert desk.secrets.get(mail_account.SECRET) == PASSWORD


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
        mail_account.keep(desk.ctx, desk.secrets, account, PASSWORD)
        box.put(letter, desk.ctx.now())
        with qtbot.waitSignal(session.hub.changed):
            mailer.receive()
    assert said == ["返信が1件届きました。履歴に入れました。"]
    assert leads.view(desk.ctx, one).state.hot_signal == "mail_reply"


def test_an_opt_out_that_came_is_said(
    qtbot: QtBot, mailer: Mailer, one: LeadId, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "yamada@example.jp", "Re: ご案内", "<3@example.jp>"
    letter.set_content("配信停止をお願いします。")
    desk = session.desk
    assert desk is not None
    said: list[str] = []
    session.notices.said.connect(said.append)
    with mailbox.opened(authority, "rep", PASSWORD) as box:
        account = MailAccount("localhost", 465, "tls", "rep", "s@aoba.example", "鈴木", "localhost", box.port)
        mail_account.keep(desk.ctx, desk.secrets, account, PASSWORD)
        box.put(letter, desk.ctx.now())
        with qtbot.waitSignal(session.hub.changed):
            mailer.receive()
    assert said == ["返信が1件届きました。1件を配信停止にしました。"]
    assert consenting.gate(desk.ctx, one, advertising=False) == "mail_opted_out"


def test_a_reply_that_resembles_an_opt_out_is_asked_about_and_noted_by_one_press(
    qtbot: QtBot, mailer: Mailer, one: LeadId, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Message-ID"] = "yamada@example.jp", "Re: ご案内", "<2@example.jp>"
    letter.set_content("送付は不要です。")
    desk = session.desk
    assert desk is not None
    shown: list[Notice] = []
    session.notices.noticed.connect(shown.append)
    with mailbox.opened(authority, "rep", PASSWORD) as box:
        account = MailAccount("localhost", 465, "tls", "rep", "s@aoba.example", "鈴木", "localhost", box.port)
        mail_account.keep(desk.ctx, desk.secrets, account, PASSWORD)
        box.put(letter, desk.ctx.now())
        with qtbot.waitSignal(session.hub.changed):
            mailer.receive()
    (notice,) = shown
    assert "山田 太郎さんの返信は、配信停止のご希望かもしれません" in notice.text
    assert (notice.more, notice.action) == ("送付は不要です。", "配信停止として記録")
    assert consenting.gate(desk.ctx, one, advertising=False) is None, "nothing is done until the person says so"
    view = leads.view(desk.ctx, one)
    scene = Scene(view, desk.ctx.rules, desk.ctx.calendar, desk.ctx.now(), desk.ctx.me)
    (item,) = [i for i in view.timeline if i.what == "signal"]
    assert "Shift+E" in detail_of(item, scene)
    assert notice.act is not None
    with qtbot.waitSignal(session.hub.changed):
        notice.act()
    assert consenting.gate(desk.ctx, one, advertising=False) == "mail_opted_out"


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
    again.activateWindow()
    qtbot.waitUntil(lambda: again.isActiveWindow() and again.send.isEnabled())
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


def test_a_failed_mail_goes_again_by_key(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    house.data = ["554 5.6.0 no"]
    outgoing.post(desk.ctx, one, "plain")
    outgoing.send(desk.ctx, desk.secrets)
    dialog = box(qtbot, mailer, 1)
    qtbot.waitUntil(dialog.again.isEnabled)
    assert not dialog.cancel.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])
    qtbot.waitUntil(lambda: not dialog.again.isEnabled())
    assert len(house.got) == 1


def test_a_mail_that_came_back_goes_again_by_key_as_one_of_its_own(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    sent = outgoing.post(desk.ctx, one, "plain")
    outgoing.send(desk.ctx, desk.secrets)
    with desk.ctx.store.write() as tx:
        mail = rows.one(tx, sent.id)
        assert mail is not None
        back = replace(mail, state=MailState.FAILED, error="mail_refused_by_server", answer="5.2.2")
        rows.move(tx, mail, back)
        outgoing.came_back(desk.ctx, tx, back, gone=False)
    dialog = box(qtbot, mailer, 1)
    qtbot.waitUntil(dialog.again.isEnabled)
    qtbot.keyClick(dialog, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent", "failed"])
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2 and not dialog.again.isEnabled())
    chosen = dialog.chosen()
    assert chosen is not None
    assert chosen.id != sent.id, "the new mail is the one that is looked at"
    assert len(house.got) == 2


def test_another_text_in_an_answer_needs_consent_or_the_word_of_the_person(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    mailer.write(one, "山田 太郎", "requested")
    dialog = mailer.compose
    assert dialog is not None
    qtbot.waitUntil(dialog.send.isEnabled)
    assert not dialog.answer.isVisible()
    dialog.body.setPlainText("新しいキャンペーンのご案内です。")
    qtbot.waitUntil(dialog.answer.isVisible)
    assert not dialog.send.isEnabled()
    assert "配信停止" in dialog.footer.text()
    qtbot.keyClick(dialog.body, Qt.Key.Key_A, keys)
    qtbot.waitUntil(dialog.send.isEnabled)
    assert dialog.footer.text() == ""
    dialog.body.setPlainText("ご依頼の件です。")
    qtbot.waitUntil(dialog.send.isEnabled)
    with qtbot.waitSignal(dialog.posted):
        qtbot.keyClick(dialog.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])
    assert outgoing.outbox(desk.ctx)[0].answers_request


def test_the_mail_program_gets_what_stands_there_now(
    qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk, program: Program
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    dialog = written(qtbot, mailer, one)
    qtbot.waitUntil(dialog.send.isEnabled)
    dialog.body.setPlainText("いま書いた文です。")
    qtbot.keyClick(dialog.body, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(program.opened) == 1)
    assert program.body.startswith("いま書いた文です。")
    assert "配信停止: stop@aoba.example" in program.body


def test_it_is_asked_whether_the_mail_program_sent_it_and_one_key_notes_it(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, desk: Desk, session: Session, program: Program
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    dialog = written(qtbot, mailer, one)
    qtbot.waitUntil(dialog.send.isEnabled)
    subject = dialog.subject.text()
    dialog.hand_over()
    qtbot.waitUntil(dialog.sent.isVisible)
    assert not dialog.body.isEnabled()
    qtbot.keyClick(dialog.sent.yes, Qt.Key.Key_N)
    assert dialog.body.isEnabled(), "nothing is noted that was not sent"
    qtbot.waitUntil(lambda: session.tasks.pending == 0 and dialog.other.isEnabled())
    with desk.ctx.store.read() as tx:
        assert not stored.touches(tx, one)
    dialog.hand_over()
    qtbot.waitUntil(dialog.sent.isVisible)
    qtbot.keyClick(dialog.sent.yes, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: not dialog.isVisible() and session.tasks.pending == 0)
    with desk.ctx.store.read() as tx:
        (touch,) = stored.touches(tx, one)
    assert (touch.channel, touch.direction, touch.note) == (Channel.MAIL, Direction.OUT, subject)
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.post(desk.ctx, one, "plain")


def test_an_opt_out_that_came_meanwhile_bars_the_mail_program_too(
    qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk, program: Program
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    dialog = written(qtbot, mailer, one)
    qtbot.waitUntil(dialog.send.isEnabled)
    consenting.opt_out(desk.ctx, one)
    dialog.hand_over()
    qtbot.waitUntil(lambda: dialog.state.property("role") == "bad")
    assert "配信停止" in dialog.state.text()
    assert program.opened == []


def test_a_mail_too_long_for_a_link_goes_by_the_clipboard(
    qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk, program: Program
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    mailer.write(one, "山田 太郎", "first")
    dialog = mailer.compose
    assert dialog is not None
    qtbot.waitUntil(dialog.send.isEnabled)
    whole = mails.preview(desk.ctx, one, "first").composed
    assert len(mails.mailto(whole)) > LONGEST, "a shipped template is too long for a link"
    dialog.hand_over()
    qtbot.waitUntil(lambda: len(program.opened) == 1)
    assert len(program.opened[0].toString(QUrl.ComponentFormattingOption.FullyEncoded)) <= LONGEST
    assert "貼り付けて" in program.body
    assert QGuiApplication.clipboard().text() == whole.text
    assert "配信停止: stop@aoba.example" in QGuiApplication.clipboard().text()


def test_a_second_press_while_it_is_kept_makes_no_second_mail_and_no_error(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk, session: Session
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    dialog = written(qtbot, mailer, one)
    qtbot.waitUntil(dialog.send.isEnabled)
    told: list[object] = []
    session.notices.noticed.connect(told.append)
    with qtbot.waitSignal(dialog.posted):
        for _ in range(3):
            qtbot.keyClick(dialog.body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])
    qtbot.waitUntil(lambda: session.tasks.pending == 0)
    assert told == []


def test_a_draft_keeps_the_template_for_which_it_was_typed(
    qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk
) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    dialog = written(qtbot, mailer, one)
    dialog.body.setPlainText("書きかけの文")
    dialog.template.setCurrentIndex(dialog.template.findData("requested"))
    qtbot.waitUntil(lambda: "ご希望の資料" in dialog.subject.text())
    qtbot.keyClick(dialog.body, Qt.Key.Key_R, keys)
    qtbot.waitUntil(lambda: dialog.body.toPlainText() == "書きかけの文")
    assert dialog.template.currentData() == "plain"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_round_that_others_meet_tells_its_end_once_and_shows_it(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk, session: Session
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    held, said = Meeting(), list[str]()
    house.at_rcpt, house.cut = held, 1
    session.notices.said.connect(said.append)
    window = mailer.parent()
    assert isinstance(window, QWidget)
    other = Mailer(session, window)
    outgoing.post(desk.ctx, one, "plain")
    dialog = box(qtbot, mailer, 1)
    other.beat()
    qtbot.waitUntil(held.met.is_set)
    other.beat()
    mailer.send()
    other.send()
    held.go_on.set()
    qtbot.waitUntil(dialog.arrived.isEnabled)
    qtbot.waitUntil(lambda: session.tasks.pending == 0)
    assert said == ["届いたかどうか分からないメールがあります。「メールの送信」で確かめてください。"]
    assert len(house.asked) == 1


def test_a_mail_that_is_written_while_a_round_runs_follows_it(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk, session: Session
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    held = Meeting()
    house.at_rcpt = held
    outgoing.post(desk.ctx, one, "plain")
    mailer.beat()
    qtbot.waitUntil(held.met.is_set)
    outgoing.post(desk.ctx, one, "requested")
    mailer.send()
    held.go_on.set()
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent", "sent"])
    qtbot.waitUntil(lambda: session.tasks.pending == 0)


@pytest.mark.allow_log_warnings
def test_a_round_of_the_sequences_that_breaks_does_not_keep_the_outbox_from_leaving(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, desk: Desk, session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def broken(_: object) -> None:
        msg = "a filing that nobody can read"
        raise ValueError(msg)

    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    outgoing.post(desk.ctx, one, "plain")
    monkeypatch.setattr(sequences, "run", broken)
    mailer.beat()
    qtbot.waitUntil(lambda: [m.state for m in outgoing.outbox(desk.ctx)] == ["sent"])
    qtbot.waitUntil(lambda: session.tasks.pending == 0)


def test_a_refused_account_pauses_is_told_once_and_tried_again_by_a_key(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk, session: Session
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    desk.secrets.set(mail_account.SECRET, "wrong")
    outgoing.post(desk.ctx, one, "plain")
    told: list[Notice] = []
    stood: list[tuple[Paused, ...]] = []
    session.notices.noticed.connect(told.append)
    mailer.rounds.paused.connect(stood.append)
    for _ in range(3):
        mailer.beat()
        qtbot.waitUntil(lambda: session.tasks.pending == 0)
    assert (told, len(stood), house.sign_ins) == ([], 1, 1)
    dialog = box(qtbot, mailer, 1)
    assert dialog.pause.isVisible()
    assert dialog.pause_said.text().startswith("メールサーバーにサインインできません(535 5.7.8")
    assert dialog.pause_said.text().endswith("からメールの送信を止めていて、1通が待っています。")
    assert "アプリパスワードを入れ直してください。直したら「もう一度試す」" in dialog.pause_more.text()
    said: list[str] = []
    session.notices.said.connect(said.append)
    qtbot.keyClick(dialog, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: said == ["メールのアカウントが断られているので、送らずに残しています。"])
    assert house.sign_ins == 1
    desk.secrets.set(mail_account.SECRET, PASSWORD)
    qtbot.keyClick(dialog, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: not dialog.pause.isVisible())
    assert (house.sign_ins, [m.state for m in outgoing.outbox(desk.ctx)], stood[-1]) == (2, ["sent"], ())


def test_answers_that_cannot_be_read_for_hours_are_told_of_once(
    qtbot: QtBot, mailer: Mailer, account: MailAccount, house: Posthouse, desk: Desk, session: Session
) -> None:
    """Who answers at the mailbox's port is the server for sending, which speaks no TLS from the first word."""
    reads = replace(account, imap_host="localhost", imap_port=house.port)
    mail_account.keep(desk.ctx, desk.secrets, reads, PASSWORD)
    clock = session.ctx.clock
    assert isinstance(clock, SampleClock)
    told: list[Notice] = []
    session.notices.noticed.connect(told.append)

    def read_for(hours: int) -> int:
        for _ in range(hours):
            mailer.rounds.read()
            qtbot.waitUntil(lambda: session.tasks.pending == 0)
            clock.at += timedelta(hours=1)
        return len(told)

    assert [read_for(2), read_for(1), read_for(5)] == [0, 1, 1]
    assert "localhost" in told[0].text


def test_a_mail_whose_time_passed_is_asked_about_and_answered_by_keys(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk, session: Session
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    desk.secrets.set(mail_account.SECRET, "wrong")
    clock = session.ctx.clock
    assert isinstance(clock, SampleClock)
    outgoing.post(desk.ctx, one, "plain")
    outgoing.post(desk.ctx, one, "plain", subject="二通目")
    outgoing.send(desk.ctx, desk.secrets)
    clock.at += timedelta(days=2)
    mail_account.keep(desk.ctx, desk.secrets, account, PASSWORD)
    said: list[str] = []
    session.notices.said.connect(said.append)
    mailer.send()
    qtbot.waitUntil(lambda: said != [])
    assert said == ["時刻を過ぎたメールが2通あります。送るかどうかを「メールの送信」で決めてください。"]
    dialog = box(qtbot, mailer, 2)
    assert dialog.head.text() == "送信待ち 0通・不明 0通・送るか確認 2通"
    assert dialog.again.text() == "このまま送る"
    assert "1日より長く" in dialog.why.text()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: dialog.model.index(0, 0).data() == "取り消し")
    dialog.table.selectRow(1)
    qtbot.keyClick(dialog, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: dialog.model.index(1, 0).data() == "送信済み")
    assert [mail["Subject"] for mail in house.got] == ["青葉精機さまへ"]


def test_another_server_wants_the_password_again(
    qtbot: QtBot, mailer: Mailer, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    mailer.show_account()
    dialog = mailer.account
    assert dialog is not None
    qtbot.waitUntil(dialog.keep.isEnabled)
    assert (dialog.host.text(), dialog.user.text(), dialog.port.value()) == ("localhost", USER, house.port)
    assert "保存済み" in dialog.password.placeholderText()
    dialog.host.setText("smtp.other.example")
    assert "入れ直す" in dialog.password.placeholderText()
    dialog.save()
    qtbot.waitUntil(lambda: dialog.state.property("role") == "bad")
    assert "アプリパスワード" in dialog.state.text()
    assert mail_account.read(desk.ctx) == account
    dialog.host.setText("localhost")
    assert "保存済み" in dialog.password.placeholderText()
    with qtbot.waitSignal(dialog.kept):
        dialog.save()
    assert house.signed_in == 1


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
        mail_account.keep(ctx, desk.secrets, kept, PASSWORD)
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


def ledger(qtbot: QtBot, mailer: Mailer, one: LeadId) -> ConsentDialog:
    mailer.show_consent(one, "山田 太郎")
    dialog = mailer.consent
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.address.text() == "yamada@example.jp")
    return dialog


def test_consent_is_noted_seen_and_withdrawn_with_a_reason(
    qtbot: QtBot, mailer: Mailer, one: LeadId, desk: Desk
) -> None:
    dialog = ledger(qtbot, mailer, one)
    assert dialog.empty.isVisible()
    assert "依頼への返答は送れます" in dialog.state.text()
    assert not dialog.back.isEnabled()
    dialog.basis.setCurrentIndex(dialog.basis.findData("notified"))
    dialog.source.setText("展示会の名刺")
    dialog.evidence.setText("受付番号 12")
    qtbot.keyClick(dialog.source, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1)
    assert dialog.state.property("role") == "good"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert dialog.asking.isVisible()
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert consenting.gate(desk.ctx, one) is None, "without a reason nothing is done"
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Escape)
    assert not dialog.asking.isVisible()
    assert dialog.isVisible(), "Esc leaves the question first"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    dialog.reason.setText("電話で本人から")
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.back.isEnabled())
    (entry,) = consenting.ledger(desk.ctx, one)
    assert (entry.source, entry.evidence, entry.withdrawn_why) == ("展示会の名刺", "受付番号 12", "電話で本人から")
    assert consenting.gate(desk.ctx, one) == "mail_no_consent"
    qtbot.keyClick(dialog.table, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: not dialog.out.isEnabled())
    assert "配信停止" in dialog.state.text()
    assert consenting.gate(desk.ctx, one, advertising=False) == "mail_opted_out"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_wrong_bounce_is_seen_and_taken_back_while_a_mail_is_written(
    qtbot: QtBot, mailer: Mailer, one: LeadId, account: MailAccount, house: Posthouse, desk: Desk
) -> None:
    consenting.consent(desk.ctx, one, "opt_in", "フォーム")
    house.rcpt = ["550 5.1.1 No such user"]
    outgoing.post(desk.ctx, one, "plain")
    outgoing.send(desk.ctx, desk.secrets)
    writing = written(qtbot, mailer, one)
    qtbot.waitUntil(lambda: "宛先不明" in writing.state.text())
    qtbot.keyClick(writing.body, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    dialog = mailer.consent
    assert dialog is not None
    qtbot.waitUntil(dialog.unbar.isEnabled)
    assert "宛先不明と分かったのは" in dialog.state.text()
    qtbot.keyClick(dialog.table, Qt.Key.Key_B)
    dialog.reason.setText("電話で本人に確認")
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.unbar.isEnabled())
    assert consenting.gate(desk.ctx, one) is None
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(writing.send.isEnabled)
