"""Replies, opt-outs and bounces are read from a real mailbox, each once, and the mailbox is left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import uuid4

import pytest
import trustme
from imap_tools import MailBox

from isdesk import vault
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount, MailState, OutMail, invite_of
from isdesk.domain.touch import Channel, Direction, effective
from isdesk.services import (
    booking,
    calls,
    consenting,
    history,
    invitations,
    inviting,
    leads,
    mail_account,
    merging,
    outgoing,
    queue,
    receiving,
    reminders,
)
from isdesk.services.context import Context
from isdesk.services.views import QueueRow
from isdesk.store import leads as stored
from isdesk.store import mails, meta
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.gruff import Gruff, between
from tests.channels.jis import jis, word
from tests.channels.mailbox import Mailbox, opened
from tests.services.conftest import HandClock, add
from tests.services.mailers import lead, team
from tests.services.test_booking import meet

PASSWORD = "app-password"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[Mailbox]:
    with opened(authority, "nobody", PASSWORD) as server:
        yield server


@pytest.fixture
def box(authority: trustme.CA, server: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A mailbox of this test's own."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return replace(server, user=f"rep{uuid4().hex}")


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path, box: Mailbox) -> Secrets:
    """A desk that sends and reads."""
    ctx.playbook = team()
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    made = Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))
    account = MailAccount("localhost", 465, "tls", box.user, "suzuki@aoba.example", "鈴木", "localhost", box.port)
    mail_account.keep(ctx, made, account, PASSWORD)
    return made


@pytest.fixture
def one(ctx: Context, secrets: Secrets) -> LeadId:
    return lead(ctx)


@pytest.fixture
def sent(ctx: Context, one: LeadId, clock: HandClock) -> OutMail:
    """A mail that left an hour ago."""
    mail = outgoing.post(ctx, one, "plain")
    with ctx.store.write() as tx:
        assert mails.claim(tx, mail.id, ctx.device_id, clock.now())
        claimed = mails.one(tx, mail.id)
        assert claimed is not None
        mails.move(tx, claimed, replace(claimed, state=MailState.SENT))
    clock.go(hours=1)
    return mail


def letter(sender: str, subject: str, text: str, answers: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "suzuki@aoba.example", subject
    made["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@example.jp>"
    made["Date"] = "Tue, 24 Nov 2026 10:30:00 +0900"
    if answers:
        made["In-Reply-To"] = answers
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def report(message_id: str, status: str, action: str = "failed") -> EmailMessage:
    """A delivery report as RFC 3464 has it."""
    text = f"""\
From: mailer-daemon@aoba.example
To: suzuki@aoba.example
Subject: Undelivered
Message-ID: <report@aoba.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

could not be delivered
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.aoba.example

Final-Recipient: rfc822; yamada@example.jp
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

From: suzuki@aoba.example
Message-ID: {message_id}

--b--
"""
    made = message_from_string(text, policy=default)
    assert isinstance(made, EmailMessage)
    return made


def replies(ctx: Context, one: LeadId) -> list[str]:
    with ctx.store.read() as tx:
        found = effective(stored.touches(tx, one))
    assert all((t.channel, t.direction, t.signal) == (Channel.MAIL, Direction.IN, "mail_reply") for t in found)
    return [t.note for t in found]


def test_a_reply_stands_in_the_timeline_once_and_makes_the_lead_hot(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    text = "来週火曜の午後はいかがでしょうか。\n\nOn Tue, Nov 24, 2026, suzuki@aoba.example wrote:\n> 古い本文"
    box.put(letter("Yamada <secretary@example.jp>", "Re: 青葉精機さまへ", text, sent.message_id), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.error, found.replies, found.bounces) == (None, 1, 0)
    assert found.changes.leads == {one}
    assert replies(ctx, one) == ["Re: 青葉精機さまへ — 来週火曜の午後はいかがでしょうか。"]
    assert leads.view(ctx, one).state.hot_signal == "mail_reply"
    assert receiving.receive(ctx, secrets).replies == 0
    assert len(replies(ctx, one)) == 1
    assert box.unread() == 1


def test_a_lead_that_writes_first_is_found_by_the_address(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    box.put(letter("yamada@example.jp", "ご相談", "お時間をください。"), clock.now())
    box.put(letter("someone@else.example", "広告", "関係のない手紙"), clock.now())
    box.put(letter("suzuki@aoba.example", "自分の控え", "控え"), clock.now())
    assert receiving.receive(ctx, secrets).replies == 1
    assert replies(ctx, one) == ["ご相談 — お時間をください。"]


@pytest.mark.parametrize("date", ["", "Mon, 01 Jan 2096 00:00:00 +0000", "Tue, 24 Nov 2026 00:30:00 -0000", "soon"])
def test_a_letter_may_say_any_date(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, date: str
) -> None:
    odd = letter("yamada@example.jp", "ご相談", "お時間をください。")
    del odd["Date"]
    if date:
        odd["Date"] = date
    box.put(odd, clock.now())
    assert receiving.receive(ctx, secrets).replies == 1
    with ctx.store.read() as tx:
        (touch,) = stored.touches(tx, one)
    assert touch.at <= clock.now()


def test_a_machine_that_answers_is_no_reply(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    away = letter("yamada@example.jp", "不在通知", "休暇中です", sent.message_id, Auto_Submitted="auto-replied")
    box.put(away, clock.now())
    assert receiving.receive(ctx, secrets).replies == 0
    assert replies(ctx, one) == []


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("unsubscribe", ""),
        ("Re: ご案内", "「不要」\n\n> 引用"),
        ("Re: ご案内", "今後メールは送らないでください。"),
        ("Re: ご案内", "ご連絡ありがとうございます。\n配信を停止していただけますでしょうか。"),
        ("Re: ご案内", "株式会社青葉 山田です。\n今後の配信は不要です。"),
    ],
)
def test_who_wants_no_more_mail_gets_none(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, subject: str, text: str
) -> None:
    box.put(letter("yamada@example.jp", subject, text), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("自動返信: 休業のお知らせ", "ただいま不在にしております。"),
        ("【休暇中】Re: 青葉精機さまへ", "ただいま不在にしております。"),
        ("Re: 青葉精機さまへ", "※本メールはシステムより自動送信しています。\nお問い合わせを受け付けました。"),
    ],
)
def test_what_says_that_a_machine_wrote_it_is_no_reply(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock,
    subject: str, text: str,
) -> None:  # fmt: skip
    box.put(letter("yamada@example.jp", subject, text, sent.message_id), clock.now())
    assert receiving.receive(ctx, secrets).replies == 0
    assert replies(ctx, one) == []


@pytest.mark.parametrize(
    "text",
    [
        "先ほどの自動返信メールですが、リンクが開けません。", "自動返信にて資料を拝受しました。お話を伺いたいです。",
        "このメールは自動で配信されているのでしょうか?",
        "お話を伺いたいです。\n--\n※本メールは自動送信ではありません。",
    ],
)  # fmt: skip
def test_a_person_who_writes_of_an_automatic_mail_is_heard(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock, text: str
) -> None:
    box.put(letter("yamada@example.jp", "Re: 青葉精機さまへ", text, sent.message_id), clock.now())
    assert receiving.receive(ctx, secrets).replies == 1


def test_a_person_who_answers_a_subject_that_looks_like_a_machines_is_heard(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    mail = outgoing.post(ctx, one, "plain", subject="【夏季休業】のお知らせ")
    with ctx.store.write() as tx:
        mails.claim(tx, mail.id, ctx.device_id, clock.now())
        claimed = mails.one(tx, mail.id)
        assert claimed is not None
        mails.move(tx, claimed, replace(claimed, state=MailState.SENT))
    clock.go(hours=1)
    box.put(letter("yamada@example.jp", "Re: 【夏季休業】のお知らせ", "承知しました。", mail.message_id), clock.now())
    assert receiving.receive(ctx, secrets).replies == 1


def test_a_wish_for_no_more_mail_counts_whatever_the_subject_looks_like(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    text = "今後メールは送らないでください。"
    box.put(letter("yamada@example.jp", "Re: 【自動返信】ご提案", text, sent.message_id), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"


@pytest.mark.parametrize(
    "text", ["送付は不要です。", "資料は送らないでください、電話で", "配信停止の方法を社内で検討しています"]
)
def test_who_speaks_of_something_else_still_gets_mail(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock, text: str
) -> None:
    box.put(letter("yamada@example.jp", "Re: ご案内", text, sent.message_id), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs) == (1, 0)
    assert consenting.gate(ctx, one) is None
    assert [(one.said, one.name) for one in found.doubts] == ([(text, "山田 太郎")] if "送付は" in text else [])


def test_a_person_says_of_a_doubtful_reply_that_it_asks_for_no_more_mail(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    box.put(letter("yamada@example.jp", "Re: ご案内", "送付は不要です。", sent.message_id), clock.now())
    (doubt,) = receiving.receive(ctx, secrets).doubts
    assert receiving.opt_out(ctx, doubt).changes.leads == {one}
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"
    box.put(letter("yamada@example.jp", "Re: ご案内", "送付は不要です。と書きました", sent.message_id), clock.now())
    assert receiving.receive(ctx, secrets).doubts == (), "who gets no mail any more is asked about no more"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "junk"},
        {"Return_Path": "<>"},
        {"X_Autorespond": "yes"},
    ],
)
def test_what_no_person_wrote_to_us_is_no_reply(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, headers: dict[str, str]
) -> None:
    box.put(letter("yamada@example.jp", "お知らせ", "不要", **headers), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs, found.error) == (0, 0, None)
    assert consenting.gate(ctx, one) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "news.example.jp"},
        {"List_Unsubscribe": "<https://example.jp/u>"},
        {"Precedence": "bulk"},
    ],
)
def test_news_are_no_reply_and_their_way_out_is_no_wish(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, headers: dict[str, str]
) -> None:
    text = "新製品のご案内です。\n配信停止はこちら\n配信停止をご希望の方はご連絡ください。"
    box.put(letter("yamada@example.jp", "お知らせ", text, **headers), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs, found.error) == (0, 0, None)
    assert consenting.gate(ctx, one) is None


GROUPS: list[dict[str, str]] = [
    {"List_Id": "<sales.aoba.example>", "Precedence": "list"},
    {"Precedence": "bulk", "List_Unsubscribe": "<mailto:x@aoba.example>"},
    {"X_Auto_Response_Suppress": "All"},
]
"""What the address of a group adds to each letter that it hands on."""


@pytest.mark.parametrize("headers", GROUPS)
def test_a_reply_that_came_through_the_address_of_a_group_is_heard(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock, headers: dict[str, str]
) -> None:
    made = letter("yamada@example.jp", "Re: 青葉精機さまへ", "ぜひお話を伺いたいです。", sent.message_id, **headers)
    box.put(made, clock.now())
    assert receiving.receive(ctx, secrets).replies == 1
    assert replies(ctx, one) == ["Re: 青葉精機さまへ — ぜひお話を伺いたいです。"]


def test_a_reply_that_a_group_hands_on_in_its_own_name_is_the_leads(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    made = letter("山田 via 営業 <sales@aoba.example>", "Re: 青葉精機さまへ", "配信停止", sent.message_id)
    made["List-Id"], made["X-Original-From"] = "<sales.aoba.example>", "Yamada <yamada@example.jp>"
    box.put(made, clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"


@pytest.mark.parametrize(
    ("headers", "answers"), [*((one, True) for one in GROUPS), (GROUPS[0], False), ({"Precedence": "list"}, False)]
)
def test_who_wants_no_more_mail_is_heard_through_a_group_also_without_an_answer(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock,
    headers: dict[str, str], answers: bool,
) -> None:  # fmt: skip
    refers = sent.message_id if answers else ""
    box.put(letter("yamada@example.jp", "ご連絡", "配信停止をお願いします。", refers, **headers), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"


@pytest.mark.parametrize("headers", [*GROUPS[1:], {"List_Id": "<news.example.jp>"}])
def test_a_wish_in_what_may_be_news_is_asked_about(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock, headers: dict[str, str]
) -> None:
    box.put(letter("yamada@example.jp", "ご連絡", "配信停止をお願いします。", **headers), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs, [one.said for one in found.doubts]) == (1, 0, ["配信停止をお願いします。"])
    assert consenting.gate(ctx, one, advertising=False) is None


def test_the_way_out_of_a_newsletter_opts_nobody_out(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    news = letter(
        "yamada@example.jp", "青葉精機ニュース", "", List_Unsubscribe="<mailto:x@example.jp>", Precedence="bulk"
    )
    html = "<div>青葉精機ニュース</div><div><a href='x'>Unsubscribe</a></div><p>新製品のご案内</p>"
    news.set_content(html, subtype="html")
    box.put(news, clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs, found.doubts) == (0, 0, ())
    assert consenting.gate(ctx, one, advertising=False) is None


def test_a_notice_whose_title_stands_in_brackets_opts_nobody_out(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    said = "【配信停止】11月号休刊のお知らせ"
    box.put(letter("yamada@example.jp", said, "お知らせです。", Auto_Submitted="auto-generated"), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 0
    assert consenting.gate(ctx, one, advertising=False) is None


def test_our_subject_with_a_wish_in_brackets_before_it_is_one(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    box.put(letter("yamada@example.jp", f"【配信停止】Re: {sent.subject}", "", sent.message_id), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1


@pytest.mark.parametrize("headers", [GROUPS[0], {"List_Id": "<sales.aoba.example>"}, {"Precedence": "list"}])
def test_a_new_letter_of_a_lead_through_the_address_of_our_group_is_heard(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, headers: dict[str, str]
) -> None:
    box.put(letter("yamada@example.jp", "お見積りのお願い", "ぜひお見積りをください。", **headers), clock.now())
    assert receiving.receive(ctx, secrets).replies == 1
    assert replies(ctx, one) == ["お見積りのお願い — ぜひお見積りをください。"]


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}])
@pytest.mark.parametrize("subject", ["unsubscribe", "配信停止"])
def test_the_subject_that_our_link_asks_for_counts_whoever_writes_it(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, subject: str, headers: dict[str, str]
) -> None:
    box.put(letter("yamada@example.jp", subject, "", **headers), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"


def test_a_colleague_in_the_thread_is_nobodys_answer(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    box.put(letter("boss@aoba.example", "Re: 青葉精機さまへ", "不要", sent.message_id), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs) == (0, 0)
    assert consenting.gate(ctx, one) is None


MALFORMED = {
    "subject": b"From: x@spam.example\r\nSubject: =?utf-8?B?5Lu2A?=\r\nMessage-ID: <a@b>\r\n\r\nx",
    "id": b"From: yamada@example.jp\r\nSubject: x\r\nMessage-ID: <\xe3\x81\xff@b>\r\n\r\nx",
    "references": b"From: yamada@example.jp\r\nSubject: x\r\nReferences: <\xff\xfe@b>\r\n\r\nx",
    "sender": b"From: =?utf-8?B?5Lu2A?= <\xff@b\r\nSubject: \xff\xfe\r\n\r\nx",
    "date": b"From: yamada@example.jp\r\nDate: Tue, 99 Foo 2026 99:99:99 +9999\r\nSubject: x\r\n\r\nx",
    "multipart": b'From: yamada@example.jp\r\nContent-Type: multipart/mixed; boundary=""\r\nSubject: x\r\n\r\n--\r\nx',
    "nothing": b"\r\n",
    "report": (
        b"From: mailer-daemon@example.jp\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nX: y\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <[x]@\r\n\r\nx\r\n--b--\r\n"
    ),
}


@pytest.mark.parametrize("which", MALFORMED)
def test_a_malformed_letter_keeps_none_behind_it_from_being_read(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, which: str
) -> None:
    box.put(MALFORMED[which], clock.now())
    box.put(letter("yamada@example.jp", "Re: ご案内", "配信停止をお願いします。"), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.error, found.opt_outs) == (None, 1)
    assert consenting.gate(ctx, one, advertising=False) == "mail_opted_out"
    assert receiving.receive(ctx, secrets) == receiving.Received()


def test_who_answers_for_a_merged_lead_is_heard(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    stays = lead(ctx, "山田 太郎", mail="taro@example.jp", company__name="青葉精機")
    merging.merge(ctx, one, stays)
    box.put(letter("yamada@example.jp", "Re: 青葉精機さまへ", "配信停止希望", sent.message_id), clock.now())
    found = receiving.receive(ctx, secrets)
    assert (found.replies, found.opt_outs) == (1, 1)
    assert consenting.gate(ctx, stays) == "mail_opted_out"
    other = lead(ctx, "総務", mail="yamada@example.jp", company__name="別会社")
    assert consenting.gate(ctx, other) == "mail_opted_out", "the address itself asked"


def test_what_a_letter_says_is_not_taken_back_by_an_undo(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    calls.record(ctx, one, "NO_ANSWER", calls.RecordInput())
    box.put(letter("yamada@example.jp", "配信停止", ""), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    history.undo(ctx)
    assert leads.view(ctx, one).state.attempts == 0
    assert consenting.gate(ctx, one) == "mail_opted_out"


def test_another_mailbox_is_read_from_its_beginning(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    for text in ("一通目", "二通目", "三通目"):
        box.put(letter("yamada@example.jp", "ご相談", text), clock.now())
    assert receiving.receive(ctx, secrets).replies == 3
    moved = replace(box, user=f"rep{uuid4().hex}")
    account = mail_account.read(ctx)
    assert account is not None
    mail_account.keep(ctx, secrets, replace(account, user=moved.user), PASSWORD)
    moved.put(letter("yamada@example.jp", "新しい箱", "四通目"), clock.now())
    with ctx.store.write() as tx:
        place = meta.get(tx, receiving.PLACE)
        assert isinstance(place, dict)
        meta.put(tx, receiving.PLACE, place | {"validity": _validity(moved)})
    assert receiving.receive(ctx, secrets).replies == 1


def _validity(box: Mailbox) -> int:
    with MailBox("localhost", box.port, ssl_context=box.context).login(box.user, box.password) as opened_box:
        return int(opened_box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"])


@pytest.mark.parametrize(
    ("kind", "charset", "raw"),
    [
        ("plain", "Windows-31J", "不要です①".encode("cp932")),
        ("plain", "x-sjis", "不要です".encode("cp932")),
        ("plain", "iso-2022-jp", "不要です".encode("iso-2022-jp")),
        ("plain", "nonsense", "不要です".encode()),
        ("html", "utf-8", "<html><style>p{}</style><p>不要です</p><blockquote>資料です</blockquote></html>".encode()),
    ],
)
def test_an_opt_out_is_read_in_whatever_it_was_written(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, kind: str, charset: str, raw: bytes
) -> None:
    head = f"From: yamada@example.jp\r\nSubject: Re\r\nContent-Type: text/{kind}; charset={charset}\r\n"
    box.put(head.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + raw, clock.now())
    found = receiving.receive(ctx, secrets)
    assert found.replies == 1
    assert (consenting.gate(ctx, one) == "mail_opted_out") is (charset != "Windows-31J")


def test_an_opt_out_with_characters_that_its_charset_has_not_is_read(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    head = b"From: " + word("㈱青葉 髙橋") + b" <yamada@example.jp>\r\nSubject: " + word("Re: ①ご案内") + b"\r\n"
    kind = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n"
    text = jis("㈱青葉の髙橋です。\r\n\r\n配信停止をお願いします。\r\n")
    box.put(head + b"In-Reply-To: " + sent.message_id.encode() + b"\r\n" + kind + b"\r\n" + text, clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    assert consenting.gate(ctx, one) == "mail_opted_out"
    with ctx.store.read() as tx:
        (heard,) = [t for t in stored.touches(tx, one) if t.signal is not None]
    assert heard.note == "Re: ①ご案内 — ㈱青葉の髙橋です。 配信停止をお願いします。"


def test_a_word_within_a_sentence_is_no_opt_out(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    box.put(letter("yamada@example.jp", "Re: ご案内", "資料は不要ですが、話は聞きたいです。"), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 0
    assert consenting.gate(ctx, one) is None


def test_a_bounce_fails_the_mail_and_bars_the_address(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    box.put(report(sent.message_id, "5.1.1"), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 1
    mail = outgoing.outbox(ctx)[0]
    assert (mail.state, mail.error, mail.answer) == ("failed", "mail_bounced", "5.1.1")
    assert consenting.gate(ctx, one) == "mail_bounced"
    assert receiving.receive(ctx, secrets).bounces == 0


@pytest.mark.parametrize(
    ("status", "action", "gate", "bounces"),
    [
        ("4.4.1", "delayed", None, 0),
        ("5.7.1", "failed", None, 1),
        ("2.0.0", "delivered", None, 0),
        ("4.4.7", "failed", None, 1),
        ("5.1.7", "failed", None, 1),
        ("5.1.8 (bad sender)", "failed", None, 1),
        ("5.1.10", "failed", "mail_bounced", 1),
    ],
)
def test_other_reports_do_not_bar_the_address(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock,
    status: str, action: str, gate: str | None, bounces: int,
) -> None:  # fmt: skip
    box.put(report(sent.message_id, status, action), clock.now())
    assert receiving.receive(ctx, secrets).bounces == bounces
    assert consenting.gate(ctx, one) == gate


@pytest.mark.parametrize("named", ["Final-Recipient: rfc822; old-secretary@elsewhere.example", ""])
def test_a_report_about_another_address_does_not_bar_the_leads(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock, named: str
) -> None:
    text = report(sent.message_id, "5.1.1").as_string().replace("Final-Recipient: rfc822; yamada@example.jp", named)
    box.put(text.replace("\n\nAction", "\nAction").encode() if not named else text.encode(), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 1
    assert consenting.gate(ctx, one, advertising=False) == (None if named else "mail_bounced")
    assert outgoing.outbox(ctx)[0].state == ("sent" if named else "failed")
    with ctx.store.read() as tx:
        (back,) = [t for t in effective(stored.touches(tx, one)) if t.signal == "mail_bounce"]
    assert ("old-secretary@elsewhere.example" in back.note) is bool(named)
    box.put(text.replace("<report@", "<again@").encode(), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 0, "it is told once"


def came_back(ctx: Context, secrets: Secrets, box: Mailbox, sent: OutMail, clock: HandClock, status: str) -> None:
    """The mail left, stands in the timeline, and a report about it is read."""
    with ctx.store.write() as tx:
        mail = mails.one(tx, sent.id)
        assert mail is not None
        mails.move(tx, mail, replace(mail, state=MailState.UNCERTAIN))
    outgoing.resolve(ctx, sent.id, delivered=True)
    box.put(report(sent.message_id, status), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 1


def test_a_mail_that_met_a_full_mailbox_goes_again_as_a_mail_of_its_own(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    came_back(ctx, secrets, box, sent, clock, "5.2.2")
    made = outgoing.again(ctx, sent.id)
    assert made.id != sent.id
    assert made.message_id == f"<{made.id}@aoba.example>"
    assert (made.subject, made.body, made.state) == (sent.subject, sent.body, "queued")
    assert [(m.id, m.state) for m in outgoing.outbox(ctx)] == [(made.id, "queued"), (sent.id, "failed")]
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.again(ctx, sent.id)
    assert len(outgoing.outbox(ctx)) == 2


def test_a_mail_to_nobody_goes_again_only_once_the_address_is_right_after_all(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    came_back(ctx, secrets, box, sent, clock, "5.1.1")
    with pytest.raises(Refused, match="mail_bounced"):
        outgoing.again(ctx, sent.id)
    assert len(outgoing.outbox(ctx)) == 1
    consenting.unbar(ctx, one, "電話で本人に確認")
    assert outgoing.again(ctx, sent.id).state == "queued"


def test_an_invitation_that_came_back_goes_again_as_the_next_one_of_its_meeting(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    meet(ctx, one)
    first = invitations.send(ctx, one)
    with ctx.store.write() as tx:
        assert mails.claim(tx, first.id, ctx.device_id, clock.now())
        claimed = mails.one(tx, first.id)
        assert claimed is not None
        mails.move(tx, claimed, replace(claimed, state=MailState.SENT))
    clock.go(minutes=1)
    came_back(ctx, secrets, box, first, clock, "5.2.2")
    made = outgoing.again(ctx, first.id)
    invite, was = invite_of(made), invite_of(first)
    assert invite is not None
    assert was is not None
    assert (invite, made.id) == (replace(was, number=was.number + 1), invite.mail_id)
    standing = invitations.standing(ctx, one)
    assert standing is not None
    assert standing.id == made.id


def test_a_report_that_names_our_address_first_of_all_bars_it(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    was = "Final-Recipient: rfc822; yamada@example.jp"
    now = "Original-Recipient: rfc822;Yamada@example.jp\nFinal-Recipient: rfc822;u1@in.example.jp"
    box.put(report(sent.message_id, "5.1.1").as_string().replace(was, now).encode(), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_bounced"


WORDS = """\
From: MAILER-DAEMON@mx.aoba.example
To: suzuki@aoba.example
Subject: failure notice
Message-ID: <q1@mx.aoba.example>

Hi. This is the qmail-send program at mx.aoba.example.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

From: suzuki@aoba.example
Message-ID: {mid}
"""


def test_a_report_in_words_alone_is_heard_and_only_of_mails_that_we_sent(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    box.put(WORDS.format(to="yamada@example.jp", mid="<forged@aoba.example>").encode(), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 0
    assert consenting.gate(ctx, one, advertising=False) is None
    box.put(WORDS.format(to="yamada@example.jp", mid=sent.message_id).encode(), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 1
    assert consenting.gate(ctx, one, advertising=False) == "mail_bounced"
    assert outgoing.outbox(ctx)[0].state == "failed"


def test_a_report_about_somebody_elses_mail_says_nothing(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    box.put(report("<other@aoba.example>", "5.1.1"), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 0
    assert outgoing.outbox(ctx)[0].state == "sent"


def test_a_wrong_password_is_told(ctx: Context, secrets: Secrets, one: LeadId) -> None:
    secrets.set(mail_account.SECRET, "wrong")
    found = receiving.receive(ctx, secrets)
    assert found.error is not None
    assert found.error.code == "mail_sign_in"


def first(ctx: Context) -> QueueRow:
    return queue.standing(ctx)[0]


def test_a_reply_comes_first_with_its_reason_and_is_announced(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    for n in range(3):
        add(ctx, f"見本 {n}", phone_direct=f"03-3211-200{n}", company__name=f"別の会社{n}")
    calls.record(ctx, one, "NO_ANSWER")
    clock.go(minutes=1)
    assert first(ctx).lead_id != one
    box.put(letter("yamada@example.jp", "Re: 青葉精機さまへ", "お話を聞きたいです。", sent.message_id), clock.now())
    receiving.receive(ctx, secrets)
    state = leads.view(ctx, one).state
    assert state.next_action is not None
    assert (state.next_action.kind, state.next_action.why) == ("callback_loose", "reply")
    row = first(ctx)
    assert (row.lead_id, row.chips[0].code) == (one, "reply")
    assert [(r.kind, r.lead_id) for r in reminders.fresh(ctx).single] == [("reply", one)]
    assert reminders.fresh(ctx).every == ()


def test_a_letter_that_came_before_a_call_but_was_read_after_it_is_not_forgotten(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    came = clock.now()
    clock.go(minutes=20)
    calls.record(ctx, one, "NO_ANSWER")
    clock.go(minutes=5)
    box.put(letter("yamada@example.jp", "ご相談", "お電話ください。", Date="Tue, 24 Nov 2026 10:00:00 +0900"), came)
    receiving.receive(ctx, secrets)
    action = leads.view(ctx, one).state.next_action
    assert action is not None
    assert action.why == "reply"


def test_an_opt_out_is_no_interest_and_leaves_a_next_action_that_can_be_taken(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    for _ in range(2):
        calls.record(ctx, one, "GATEKEEPER_BLOCK")
        clock.go(hours=2)
    before = leads.view(ctx, one).state.next_action
    assert before is not None
    assert before.kind == "mail"
    box.put(letter("yamada@example.jp", "配信停止", ""), clock.now())
    assert receiving.receive(ctx, secrets).opt_outs == 1
    state = leads.view(ctx, one).state
    assert state.hot_signal is None
    assert state.next_action is not None
    assert (state.next_action.kind, state.next_action.why) == ("retry", "mail_barred")


def test_a_mail_that_came_back_is_followed_up_by_telephone(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, sent: OutMail, clock: HandClock
) -> None:
    clock.go(minutes=1)
    calls.record(ctx, one, "INFO_REQUESTED")
    clock.go(minutes=1)
    box.put(report(sent.message_id, "5.1.1"), clock.now())
    assert receiving.receive(ctx, secrets).bounces == 1
    state = leads.view(ctx, one).state
    assert state.next_action is not None
    assert (state.next_action.kind, state.next_action.why) == ("retry", "bounced")
    with ctx.store.read() as tx:
        (back,) = [t for t in effective(stored.touches(tx, one)) if t.signal == "mail_bounce"]
    assert "5.1.1" in back.note
    assert state.hot_signal is None


@pytest.mark.parametrize(
    ("partstat", "signal"),
    [("ACCEPTED", "meeting_accepted"), ("DECLINED", "meeting_declined"), ("X-NONE", "mail_reply")],
)
def test_what_a_calendar_answers_to_an_invitation_is_no_letter_to_be_answered(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock, partstat: str, signal: str
) -> None:
    meet(ctx, one)
    before = leads.view(ctx, one).state.next_action
    invited = inviting.letter(ctx, one).ics.replace("METHOD:REQUEST", "METHOD:REPLY")
    said = invited.replace("PARTSTAT=NEEDS-ACTION", f"PARTSTAT={partstat}")
    machine = {} if partstat == "X-NONE" else {"Auto-Submitted": "auto-generated"}
    answer = letter("yamada@example.jp", "Re: お打ち合わせ", "", **machine)
    answer.add_alternative(said, subtype="calendar", params={"method": "REPLY"})
    clock.go(minutes=1)
    box.put(answer, clock.now())
    assert receiving.receive(ctx, secrets).replies == 1
    with ctx.store.read() as tx:
        (heard,) = [t for t in effective(stored.touches(tx, one)) if t.signal is not None]
    assert heard.signal == signal
    state = leads.view(ctx, one).state
    assert state.next_action == before
    assert (state.hot_signal is None) == (signal != "mail_reply")
    told = [r.kind for r in reminders.fresh(ctx).every]
    assert told == ([] if signal == "meeting_accepted" else ["reply"])


def test_an_answer_to_somebody_elses_invitation_is_just_a_letter(
    ctx: Context, secrets: Secrets, box: Mailbox, one: LeadId, clock: HandClock
) -> None:
    other = lead(ctx, "佐藤 花子", "sato@example.jp", company__name="若葉工業")
    meet(ctx, other)
    text = inviting.letter(ctx, other).ics.replace("METHOD:REQUEST", "METHOD:REPLY").replace("NEEDS-ACTION", "DECLINED")
    answer = letter("yamada@example.jp", "Declined", "")
    answer.add_alternative(text, subtype="calendar", params={"method": "REPLY"})
    box.put(answer, clock.now())
    receiving.receive(ctx, secrets)
    assert leads.view(ctx, one).state.hot_signal == "mail_reply"
    assert booking.standing(ctx, other) is not None


# -------------------------------------------------------------------------------- a server that has trouble of its own


@pytest.fixture
def gruff(ctx: Context, authority: trustme.CA, box: Mailbox, secrets: Secrets) -> Iterator[Gruff]:
    """A desk that reads over a line on which the server may be told to refuse."""
    with between(authority, box) as gruff:
        account = MailAccount("localhost", 465, "tls", box.user, "suzuki@aoba.example", "鈴木", "localhost", gruff.port)
        mail_account.keep(ctx, secrets, account, PASSWORD)
        yield gruff


@pytest.mark.parametrize("what", [r"FETCH 1 \(BODY.PEEK\[\]", r"FETCH (1|1,2|1:2) \(BODY.PEEK\[(HEADER)?\]"])
@pytest.mark.parametrize("says", ["NO [SERVERBUG] Internal error occurred", "BAD cannot be fetched"])
def test_a_letter_that_the_server_does_not_hand_over_does_not_keep_the_others_for_ever(
    ctx: Context, secrets: Secrets, box: Mailbox, gruff: Gruff, clock: HandClock, one: LeadId, sent: OutMail,
    what: str, says: str,
) -> None:  # fmt: skip
    """Whether it is its text alone or its headers too; what lasts a few hours loses no letter."""
    box.put(letter("yamada@example.jp", "Re: a", "壊れた手紙", sent.message_id), clock.now())
    box.put(letter("yamada@example.jp", "Re: b", "配信停止", sent.message_id), clock.now())
    gruff.refuses, gruff.says = what, says
    for _ in range(3):
        found = receiving.receive(ctx, secrets)
        assert found.error is not None
        assert (found.error.code, found.paused, found.replies) == ("mail_server_unreachable", None, 0)
        clock.go(hours=1)
    found = receiving.receive(ctx, secrets)
    assert (found.error, found.unreadable, found.replies, found.opt_outs) == (None, 1, 1, 1)
    gruff.refuses = ""
    assert receiving.receive(ctx, secrets).replies == 0


@pytest.mark.parametrize("what", [r"FETCH [135] \(BODY.PEEK\[\]", r"FETCH (1|3|5|[0-9]+[,:][0-9,:]*) \(BODY.PEEK\["])
def test_several_letters_that_the_server_does_not_hand_over_wait_together(
    ctx: Context, secrets: Secrets, box: Mailbox, gruff: Gruff, clock: HandClock, one: LeadId, sent: OutMail,
    what: str,
) -> None:  # fmt: skip
    """One that comes while others wait has its own three hours from then on, and what is between them is read."""
    for name in "abcd":
        box.put(letter("yamada@example.jp", f"Re: {name}", "ご相談です。", sent.message_id), clock.now())
    gruff.refuses = what
    assert receiving.receive(ctx, secrets).error is not None
    clock.go(hours=1)
    box.put(letter("yamada@example.jp", "Re: e", "ご相談です。", sent.message_id), clock.now())
    box.put(letter("yamada@example.jp", "Re: f", "配信停止", sent.message_id), clock.now())
    assert receiving.receive(ctx, secrets).error is not None
    asked = len(gruff.refused)
    clock.go(minutes=1)
    assert receiving.receive(ctx, secrets).error is not None
    assert sum("PEEK[]" in text for text in gruff.refused[asked:]) <= 1, "those behind are asked for once"
    clock.go(minutes=119)
    found = receiving.receive(ctx, secrets)
    assert (found.error is None, found.unreadable, found.replies) == (False, 2, 2)
    clock.go(hours=1)
    found = receiving.receive(ctx, secrets)
    assert (found.error, found.unreadable, found.replies, found.opt_outs) == (None, 1, 1, 1)


def test_a_letter_that_waited_beside_another_and_comes_out_is_read(
    ctx: Context, secrets: Secrets, box: Mailbox, gruff: Gruff, clock: HandClock, one: LeadId, sent: OutMail
) -> None:
    for name in "ab":
        box.put(letter("yamada@example.jp", f"Re: {name}", "ご相談です。", sent.message_id), clock.now())
    gruff.refuses = r"FETCH [12] \(BODY.PEEK\[\]"
    assert receiving.receive(ctx, secrets).error is not None
    gruff.refuses = r"FETCH 1 \(BODY.PEEK\[\]"
    clock.go(hours=3)
    found = receiving.receive(ctx, secrets)
    assert (found.error, found.unreadable, found.replies) == (None, 1, 1)


def test_a_letter_that_comes_out_after_all_is_read(
    ctx: Context, secrets: Secrets, box: Mailbox, gruff: Gruff, clock: HandClock, one: LeadId, sent: OutMail
) -> None:
    box.put(letter("yamada@example.jp", "Re: a", "ありがとうございます。", sent.message_id), clock.now())
    gruff.refuses = "BODY"
    assert receiving.receive(ctx, secrets).error is not None
    gruff.refuses = ""
    clock.go(hours=1)
    found = receiving.receive(ctx, secrets)
    assert (found.error, found.unreadable, found.replies) == (None, 0, 1)


@pytest.mark.parametrize("what", ["EXAMINE", "STATUS"])
def test_a_no_to_opening_the_inbox_is_the_servers_trouble_and_pauses_nothing(
    ctx: Context, secrets: Secrets, box: Mailbox, gruff: Gruff, clock: HandClock, one: LeadId, sent: OutMail, what: str
) -> None:
    box.put(letter("yamada@example.jp", "Re: a", "ありがとうございます。", sent.message_id), clock.now())
    gruff.refuses, gruff.says = what, "NO Server busy, please try again"
    found = receiving.receive(ctx, secrets)
    assert found.error is not None
    assert (found.error.code, found.paused, len(gruff.refused)) == ("mail_server_unreachable", None, 1)
    gruff.refuses = ""
    clock.go(minutes=5)
    assert receiving.receive(ctx, secrets).replies == 1
