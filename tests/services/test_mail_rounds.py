"""Rounds of sending that meet something else: another process, a person who takes a mail out, a clock that jumps."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from isdesk import playbook, vault
from isdesk.domain.errors import BadInput, IsdeskError, NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount
from isdesk.services import consenting, history, mail_account, outgoing, receiving
from isdesk.services.context import Context
from isdesk.store import journal
from isdesk.store import leads as stored
from isdesk.store.lock import only_one
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels import mailbox
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services import other_round
from tests.services.conftest import HandClock, add
from tests.services.mailers import TEXT, lead, team

GREY = "451 4.7.1 Greylisted, please try again"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def envelope(tmp_path: Path) -> Path:
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    return tmp_path / "envelope.json"


@pytest.fixture
def secrets(ctx: Context, envelope: Path) -> Secrets:
    return Secrets(envelope, b"k" * 32, Shelf(ctx.store))


@pytest.fixture(autouse=True)
def _may_send(ctx: Context, house: Posthouse, secrets: Secrets) -> None:
    ctx.playbook = team()
    kept = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")
    mail_account.keep(ctx, secrets, kept, PASSWORD)


@pytest.fixture
def one(ctx: Context, _may_send: None) -> LeadId:
    return lead(ctx)


def states(ctx: Context) -> list[str]:
    return [mail.state.value for mail in reversed(outgoing.outbox(ctx))]


def test_two_processes_that_send_at_once_deliver_each_mail_once(
    ctx: Context, house: Posthouse, secrets: Secrets, envelope: Path, clock: HandClock, one: LeadId
) -> None:
    met, go_on = threading.Event(), threading.Event()

    def hold(_: str) -> None:
        if not met.is_set():
            met.set()
            go_on.wait(30)

    house.at_rcpt = hold
    outgoing.post(ctx, one, "plain")
    other = other_round.started(ctx.store.path, envelope)
    try:
        assert met.wait(30), "the other process names the reader"
        here = outgoing.send(ctx, secrets)
        house.rcpt = [GREY]
    finally:
        go_on.set()
        said = json.loads(other.communicate(timeout=60)[0])
    assert (here.busy, said["later"]) == (True, 1)
    clock.go(minutes=6)
    assert outgoing.send(ctx, secrets).sent == 1
    assert (states(ctx), len(house.got)) == (["sent"], 1)


def test_a_round_that_runs_is_let_finish(ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId) -> None:
    outgoing.post(ctx, one, "plain")
    with only_one(ctx.store.path, "mail") as alone:
        assert alone
        assert outgoing.send(ctx, secrets).busy
    assert house.asked == []
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_mail_that_is_taken_out_while_its_reader_is_named_stays_out(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    mail = outgoing.post(ctx, one, "plain")
    house.at_rcpt, house.rcpt = lambda _: outgoing.cancel(ctx, mail.id), [GREY]
    found = outgoing.send(ctx, secrets)
    assert (found.later, found.sent) == (0, 0)
    assert states(ctx) == ["cancelled"]
    clock.go(hours=1)
    assert outgoing.send(ctx, secrets).sent == 0
    assert house.got == []


def test_a_mail_that_is_taken_out_right_before_its_text_is_not_sent(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    mail = outgoing.post(ctx, one, "plain")
    house.at_rcpt = lambda _: outgoing.cancel(ctx, mail.id)
    assert outgoing.send(ctx, secrets).sent == 0
    assert (states(ctx), house.got) == (["cancelled"], [])


def test_a_later_mail_of_the_round_that_is_taken_out_is_not_even_named(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    outgoing.post(ctx, one, "plain")
    second = outgoing.post(ctx, lead(ctx, "佐藤", "sato@example.jp"), "plain")

    def take_out(_: str) -> None:
        house.at_rcpt = lambda _: None
        outgoing.cancel(ctx, second.id)

    house.at_rcpt = take_out
    assert outgoing.send(ctx, secrets).sent == 1
    assert states(ctx) == ["sent", "cancelled"]
    assert house.asked == ["yamada@example.jp"]


@pytest.mark.parametrize("answer", ["OK queued", "999 what", "299 2.0.0 fine", "251 taken along"])
def test_after_the_text_a_yes_is_a_yes_and_what_nobody_understands_is_a_doubt(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, answer: str
) -> None:
    house.data, house.keeps_all = [answer], True
    outgoing.post(ctx, one, "plain")
    outgoing.send(ctx, secrets)
    assert states(ctx) == ["sent" if answer.startswith("2") else "uncertain"]
    for _ in range(50):
        clock.go(hours=1)
        outgoing.send(ctx, secrets)
    assert len(house.got) == 1


@pytest.mark.parametrize(
    "answer",
    ["553 5.7.1 Sender address rejected: not owned by user", "550 5.7.1 blocked using zen.spamhaus.org"],
)
def test_trouble_of_the_sender_bars_no_reader_and_keeps_everything_waiting(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, answer: str
) -> None:
    house.rcpt = [answer]
    other = lead(ctx, "佐藤", "sato@example.jp")
    outgoing.post(ctx, one, "plain")
    outgoing.post(ctx, other, "plain")
    found = outgoing.send(ctx, secrets)
    assert found.error is not None
    assert (found.error.code, found.error.params) == ("mail_sender_refused", {"answer": answer})
    assert (found.later, found.failed, found.sent, house.asked) == (1, 0, 0, ["yamada@example.jp"])
    assert states(ctx) == ["queued", "queued"]
    assert [consenting.gate(ctx, who) for who in (one, other)] == [None, None]
    clock.go(minutes=59)
    assert (outgoing.send(ctx, secrets).sent, house.signed_in) == (0, 1), "the account is left alone for an hour"
    clock.go(minutes=1)
    assert outgoing.send(ctx, secrets).sent == 2


def test_a_sender_that_is_refused_for_days_fails_no_mail(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    house.sender = ["550 5.7.1 not allowed to send as this address"] * 40
    outgoing.post(ctx, one, "plain")
    for _ in range(40):
        found = outgoing.send(ctx, secrets)
        assert found.error is not None
        assert found.error.code == "mail_sender_refused"
        clock.go(hours=2)
    assert (states(ctx), house.asked) == (["queued"], [])
    mail = outgoing.outbox(ctx)[0]
    assert mail.answer.startswith("550 5.7.1")
    assert (outgoing.send(ctx, secrets).asked, states(ctx)) == (1, ["asked"]), "days late: not sent blindly"
    outgoing.again(ctx, mail.id)
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_mail_that_waited_for_its_hour_or_for_the_desk_is_tried_like_any_other(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    house.rcpt = [GREY, GREY]
    outgoing.post(ctx, one, "plain", at=clock.now() + timedelta(hours=72))
    clock.go(hours=72)
    assert outgoing.send(ctx, secrets).later == 1
    clock.go(hours=72)  # the desk was closed over a long weekend
    assert outgoing.send(ctx, secrets).later == 1
    clock.go(minutes=10)
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_bar_that_was_wrong_is_taken_back_for_the_whole_team_and_the_mail_sent_again(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    house.rcpt = ["550 5.1.1 No such user"]
    mail = outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).failed == 1
    with pytest.raises(Refused, match="mail_bounced"):
        outgoing.again(ctx, mail.id)
    with pytest.raises(BadInput, match="bounce_reason_missing"):
        consenting.unbar(ctx, one, " ")
    twin = lead(ctx, "同じアドレスの人")
    assert consenting.gate(ctx, twin) == "mail_bounced"
    consenting.unbar(ctx, one, "電話で本人に確認")
    assert [consenting.gate(ctx, who) for who in (one, twin)] == [None, None]
    with pytest.raises(NotFound, match="mail_not_bounced"):
        consenting.unbar(ctx, one, "電話で本人に確認")
    history.undo(ctx)
    assert consenting.gate(ctx, one) == "mail_bounced"
    history.redo(ctx)
    outgoing.again(ctx, mail.id)
    with pytest.raises(Refused, match="mail_not_failed"):
        outgoing.again(ctx, mail.id)
    assert outgoing.send(ctx, secrets).sent == 1
    assert (states(ctx), len(house.got)) == (["sent"], 1)


def test_a_bounce_after_the_bar_was_lifted_bars_again(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    house.rcpt = ["550 5.1.1 No such user"] * 2
    mail = outgoing.post(ctx, one, "plain")
    outgoing.send(ctx, secrets)
    consenting.unbar(ctx, one, "電話で本人に確認")
    outgoing.again(ctx, mail.id)
    assert outgoing.send(ctx, secrets).failed == 1
    assert consenting.gate(ctx, one) == "mail_bounced"


def test_a_mail_that_failed_is_not_sent_beside_its_like(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    house.data = ["554 5.6.0 no"]
    failed = outgoing.post(ctx, one, "plain")
    outgoing.send(ctx, secrets)
    outgoing.post(ctx, one, "plain")
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.again(ctx, failed.id)


@pytest.mark.parametrize("what", ["waits", "in doubt"])
def test_a_text_that_waits_or_is_in_doubt_is_not_written_again_however_old(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, what: str
) -> None:
    if what == "waits":
        outgoing.post(ctx, one, "plain", at=clock.now() + timedelta(days=9))
    else:
        house.cut = 1
        outgoing.post(ctx, one, "plain")
        assert outgoing.send(ctx, secrets).uncertain == 1
    clock.go(days=3)
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.post(ctx, one, "plain")


def test_a_text_that_was_sent_may_go_again_a_day_after_it_left(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    outgoing.post(ctx, one, "plain", at=clock.now() + timedelta(days=2))
    clock.go(days=2)
    assert outgoing.send(ctx, secrets).sent == 1
    clock.go(hours=23)
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.post(ctx, one, "plain")
    clock.go(hours=1)
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1


@pytest.mark.parametrize(
    ("contact", "header"),
    [
        (
            f"https://aoba.example/unsubscribe?reader={'a1b2' * 30}&list=monthly",
            f"<https://aoba.example/unsubscribe?reader={'a1b2' * 30}&list=monthly>",
        ),
        (
            f"{'stop-' * 11}mail@unsubscribe.aoba-cloud.example",
            f"<mailto:{'stop-' * 11}mail@unsubscribe.aoba-cloud.example?subject=unsubscribe>",
        ),
        ("https://aoba.example/配信停止", "<https://aoba.example/%E9%85%8D%E4%BF%A1%E5%81%9C%E6%AD%A2>"),
    ],
)
def test_where_to_opt_out_stands_in_its_header_as_it_is(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId, contact: str, header: str
) -> None:
    ctx.playbook = playbook.loads(TEXT.replace("stop@aoba.example", contact), years=(2026, 2027))
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1
    assert f"\r\nList-Unsubscribe: {header}\r\n".encode() in house.raw[0]
    assert contact in house.got[0].get_content()


def test_a_way_out_that_no_line_of_a_mail_can_hold_stands_below_the_text_alone(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    contact = f"https://aoba.example/{'x' * 1000}"
    ctx.playbook = playbook.loads(TEXT.replace("stop@aoba.example", contact), years=(2026, 2027))
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1
    assert "List-Unsubscribe" not in house.got[0]
    assert contact in house.got[0].get_content()
    assert max(len(line) for line in house.raw[0].splitlines()) <= 998


@pytest.mark.parametrize(
    ("host", "password", "code"),
    [
        ("localhost", "ａｐｐ－ｐａｓｓｗｏｒｄ", "mail_sign_in"),
        ("smtp..example.jp", PASSWORD, "mail_account_invalid"),
        (f"{'a' * 70}.example.jp", PASSWORD, "mail_account_invalid"),
        (".example.jp", PASSWORD, "mail_account_invalid"),
    ],
)
def test_an_account_that_cannot_work_is_told_and_keeps_everything_waiting(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId, host: str, password: str, code: str
) -> None:
    outgoing.post(ctx, one, "plain")
    for security in ("starttls", "tls") if host != "localhost" else ("starttls",):
        wrong = MailAccount(host, house.port, security, USER, "suzuki@aoba.example")
        mail_account.keep(ctx, secrets, wrong, password)
        found = outgoing.send(ctx, secrets)
        assert found.error is not None
        assert found.error.code == code
        with pytest.raises(IsdeskError, match=code):
            mail_account.try_out(ctx, secrets, wrong, password)
    assert (states(ctx), house.got) == (["queued"], [])


def test_a_mailbox_that_cannot_be_named_is_told(ctx: Context, house: Posthouse, secrets: Secrets) -> None:
    wrong = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", imap_host="imap..example.jp")
    with pytest.raises(BadInput, match="mail_account_invalid"):
        mail_account.try_out(ctx, secrets, wrong, PASSWORD)
    mail_account.keep(ctx, secrets, wrong, PASSWORD)
    found = receiving.receive(ctx, secrets)
    assert found.error is not None
    assert found.error.code == "mail_account_invalid"


@pytest.mark.parametrize("size", ["SIZE lots", "SIZE", "SIZE -1", "SIZE ²"])
def test_a_server_that_talks_nonsense_about_sizes_gets_the_mail(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId, size: str
) -> None:
    house.boasts = size
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_mailbox_with_a_password_in_full_width_letters_is_told(
    ctx: Context, secrets: Secrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "mailbox.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mailbox.pem"))
    with mailbox.opened(authority, "rep", PASSWORD) as box:
        kept = MailAccount("localhost", 465, "tls", "rep", "s@aoba.example", "鈴木", "localhost", box.port)
        mail_account.keep(ctx, secrets, kept, "ｐａｓｓｗｏｒｄ")
        found = receiving.receive(ctx, secrets)
    assert found.error is not None
    assert found.error.code == "mail_sign_in"


def test_what_a_person_said_of_a_changed_answer_stays_with_the_mail_and_in_the_journal(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    bare = add(ctx, "佐藤", email="sato@example.jp")
    with pytest.raises(Refused, match="mail_no_consent"):
        outgoing.post(ctx, bare, "requested", body="ご依頼の件です。")
    mail = outgoing.post(ctx, bare, "requested", body="ご依頼の件です。", answer=True)
    assert (mail.template, mail.advertising, mail.answers_request) == ("requested@1+answer", False, True)
    assert not outgoing.post(ctx, bare, "requested").answers_request
    assert outgoing.send(ctx, secrets).sent == 2
    with ctx.store.read() as tx:
        written = [journal.load(tx, t.journal_id) for t in stored.touches(tx, bare) if t.journal_id is not None]
    assert {str(one.entry.summary["template"]) for one in written} == {"requested@1", "requested@1+answer"}
    assert "配信停止" not in house.got[0].get_content()
    outgoing.post(ctx, one, "requested", body="新しいキャンペーンです。")
    assert outgoing.send(ctx, secrets).sent == 1
    assert "配信停止: stop@aoba.example" in house.got[-1].get_content()
    assert house.got[-1]["List-Unsubscribe"] is not None


def test_a_clock_that_is_set_back_opens_no_second_hour(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    for n in range(4):
        outgoing.post(ctx, lead(ctx, f"見本 {n}", f"m{n}@example.jp"), "requested", at=clock.now() - timedelta(hours=5))
    left = clock.now()
    assert outgoing.send(ctx, secrets).sent == 3
    clock.go(hours=-2)
    found = outgoing.send(ctx, secrets)
    assert (found.sent, found.waits_until) == (0, left + timedelta(hours=1))
    clock.go(hours=3)
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_clock_that_was_a_year_ahead_bars_nothing(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    clock.go(days=365)
    for n in range(3):
        outgoing.post(ctx, lead(ctx, f"見本 {n}", f"m{n}@example.jp"), "requested")
    assert outgoing.send(ctx, secrets).sent == 3
    clock.go(days=-365)
    outgoing.post(ctx, lead(ctx, "見本", "m@example.jp"), "requested")
    assert outgoing.send(ctx, secrets).sent == 1


@pytest.mark.parametrize(
    "change",
    [
        {"host": "smtp.evil.example"},
        {"user": "other@aoba.example"},
        {"imap_host": "imap.evil.example"},
        {"host": "smtp.evil.example", "user": "x", "imap_host": "imap.evil.example"},
    ],
)
def test_a_password_does_not_follow_to_another_server_or_user(
    ctx: Context, house: Posthouse, secrets: Secrets, change: dict[str, str]
) -> None:
    kept = mail_account.read(ctx)
    assert kept is not None
    other = replace(kept, **change)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="mail_password_anew"):
        mail_account.keep(ctx, secrets, other, None)
    with pytest.raises(BadInput, match="mail_password_anew"):
        mail_account.try_out(ctx, secrets, other, None)
    assert (mail_account.read(ctx), secrets.get(mail_account.SECRET)) == (kept, PASSWORD)
    mail_account.keep(ctx, secrets, other, "the-other-one")
    assert (mail_account.read(ctx), secrets.get(mail_account.SECRET)) == (other, "the-other-one")


def test_a_password_stays_where_only_the_rest_of_an_account_changes(
    ctx: Context, house: Posthouse, secrets: Secrets
) -> None:
    kept = mail_account.read(ctx)
    assert kept is not None
    other = replace(kept, host="LOCALHOST", name="別の名前", port=house.port)
    mail_account.keep(ctx, secrets, other, None)
    mail_account.try_out(ctx, secrets, other, None)
    assert house.signed_in == 1
