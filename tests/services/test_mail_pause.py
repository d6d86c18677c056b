"""A mail account that is refused pauses as a whole: no password is tried twice, and what waited goes in order."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import SMTP, Envelope, Session
from typing_extensions import override

from isdesk import vault
from isdesk.domain.errors import IsdeskError, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.mail_pause import Way
from isdesk.domain.outgoing import MailAccount
from isdesk.services import mail_account, outgoing, pausing, receiving
from isdesk.services.context import Context
from isdesk.store import Store
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels import mailbox
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.conftest import HandClock
from tests.services.mailers import lead, team

WRONG = "wrong-password"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path) -> Secrets:
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    return Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))


def account(house: Posthouse) -> MailAccount:
    return MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example", "鈴木 一郎")


@pytest.fixture(autouse=True)
def _may_send(ctx: Context, house: Posthouse, secrets: Secrets) -> None:
    ctx.playbook = team()
    mail_account.keep(ctx, secrets, account(house), WRONG)


@pytest.fixture
def three(ctx: Context, _may_send: None, clock: HandClock) -> list[LeadId]:
    """Three leads with a mail each, a minute apart."""
    made = []
    for name in ("a", "b", "c"):
        made.append(lead(ctx, name, f"{name}@example.jp"))
        outgoing.post(ctx, made[-1], "plain")
        clock.go(minutes=1)
    return made


def states(ctx: Context) -> list[str]:
    return [mail.state.value for mail in reversed(outgoing.outbox(ctx))]


def code(error: IsdeskError | None) -> str:
    return error.code if error is not None else ""


def test_a_wrong_password_is_judged_once_and_then_once_a_day(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    """Rounds run every minute; a server that offers two ways to sign in sees one wrong password, not two."""
    first = outgoing.send(ctx, secrets)
    assert (code(first.error), house.sign_ins) == ("mail_sign_in", 1)
    for _ in range(23 * 60):
        clock.go(minutes=1)
        found = outgoing.send(ctx, secrets)
        assert (found.error, found.paused is not None) == (None, True)
    assert house.sign_ins == 1
    for _ in range(3 * 24):
        clock.go(hours=1)
        outgoing.send(ctx, secrets)
    assert house.sign_ins == 4
    assert (states(ctx), house.asked, house.got) == (["queued"] * 3, [], [])
    (one,) = pausing.standing(ctx)
    assert (one.pause.way, one.pause.code, one.pause.tries, one.waiting) == (Way.OUT, "mail_sign_in", 4, 3)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_one_sentence_says_why_since_when_how_many_and_what_to_do(
    ctx: Context, secrets: Secrets, clock: HandClock, three: list[LeadId], lang: str
) -> None:
    since = clock.now()
    outgoing.send(ctx, secrets)
    clock.go(hours=3)
    (one,) = pausing.standing(ctx)
    assert one.pause.since == since
    said = pausing.told(one, lang)
    assert "535" in said.what
    assert f"{since + timedelta(hours=9):%Y-%m-%d %H:%M}" in said.what
    assert ("3通が待っています" if lang == "ja" else "mails that wait: 3") in said.what
    assert (
        "アプリパスワードを入れ直してください。直したら「もう一度試す」" if lang == "ja" else "Try again"
    ) in said.do
    assert f"{since + timedelta(hours=33):%Y-%m-%d %H:%M}" in said.kept


def test_the_pause_outlives_a_restart(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId], tmp_path: Path
) -> None:
    outgoing.send(ctx, secrets)
    before = pausing.standing(ctx)
    path = ctx.store.path
    ctx.store.close()
    ctx.store = Store.open(path, b"k" * 32)
    clock.go(hours=1)
    assert pausing.standing(ctx) == before
    kept = Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))
    assert outgoing.send(ctx, kept).paused == before[0].pause
    assert house.sign_ins == 1


def test_trying_again_is_one_try(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    with pytest.raises(Refused, match="mail_not_paused"):
        pausing.resume(ctx)
    outgoing.send(ctx, secrets)
    clock.go(minutes=5)
    pausing.resume(ctx)
    assert code(outgoing.send(ctx, secrets).error) == "mail_sign_in"
    for _ in range(60):
        clock.go(minutes=1)
        outgoing.send(ctx, secrets)
    assert house.sign_ins == 2


def test_another_password_resumes_in_order_within_the_limit_of_the_hour(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    outgoing.send(ctx, secrets)
    for name in ("d", "e"):
        clock.go(minutes=1)
        outgoing.post(ctx, lead(ctx, name, f"{name}@example.jp"), "plain")
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    found = outgoing.send(ctx, secrets)
    assert (found.sent, found.waits_until is not None, found.paused) == (3, True, None)
    assert pausing.standing(ctx) == ()
    clock.go(hours=1)
    assert outgoing.send(ctx, secrets).sent == 2
    assert house.readers == [f"{name}@example.jp" for name in "abcde"]


def test_a_restored_account_is_taken_with_nothing_waiting_when_a_person_asks(
    ctx: Context, house: Posthouse, secrets: Secrets, three: list[LeadId]
) -> None:
    outgoing.send(ctx, secrets)
    for mail in outgoing.outbox(ctx):
        outgoing.cancel(ctx, mail.id)
    secrets.set(mail_account.SECRET, PASSWORD)
    pausing.resume(ctx)
    assert outgoing.waiting(ctx)
    outgoing.send(ctx, secrets)
    assert (pausing.standing(ctx), house.signed_in) == ((), 1)


def test_what_is_days_late_is_asked_about_and_the_rest_goes(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    outgoing.send(ctx, secrets)
    clock.go(days=3)
    fresh = outgoing.post(ctx, lead(ctx, "今日", "today@example.jp"), "plain")
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    found = outgoing.send(ctx, secrets)
    assert (found.asked, found.sent, house.readers) == (3, 1, ["today@example.jp"])
    asked = outgoing.outbox(ctx, "asked")
    assert {mail.error for mail in asked} == {"mail_late"}
    outgoing.cancel(ctx, asked[0].id)
    outgoing.again(ctx, asked[1].id)
    assert outgoing.send(ctx, secrets).sent == 1
    assert (states(ctx), outgoing.outbox(ctx)[0].id) == (["asked", "sent", "cancelled", "sent"], fresh.id)
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.post(ctx, three[0], "plain")


@pytest.mark.parametrize(
    ("answer", "found", "hours"),
    [
        ("535 5.7.8 Authentication credentials invalid", "mail_sign_in", 24),
        ("534 5.7.9 account locked", "mail_sign_in", 24),
        ("432 4.7.12 A password transition is needed", "mail_sign_in", 24),
        ("454 4.7.0 Too many login attempts, please try again later", "mail_sign_in_later", 1),
    ],
)
def test_what_keeps_one_from_signing_in_is_tried_as_slowly_as_it_asks_for(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId],
    answer: str, found: str, hours: int,
) -> None:  # fmt: skip
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    house.locked = answer
    done = outgoing.send(ctx, secrets)
    assert (code(done.error), done.paused is not None) == (found, True)
    assert house.sign_ins == 1
    clock.go(minutes=hours * 60 - 1)
    outgoing.send(ctx, secrets)
    assert house.sign_ins == 1
    house.locked = ""
    clock.go(minutes=1)
    outgoing.send(ctx, secrets)
    assert pausing.standing(ctx) == ()


def test_a_certificate_that_nobody_vouches_for_pauses_and_gets_no_password(
    ctx: Context, house: Posthouse, secrets: Secrets, three: list[LeadId], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, clock: HandClock,
) -> None:  # fmt: skip
    (tmp_path / "other").mkdir()
    trusted(tmp_path / "other", monkeypatch)
    assert code(outgoing.send(ctx, secrets).error) == "mail_server_insecure"
    assert [one.pause.code for one in pausing.standing(ctx)] == ["mail_server_insecure"]
    assert outgoing.send(ctx, secrets).error is None, "not tried again at once"
    assert house.sign_ins == 0


def test_a_sender_that_is_refused_is_asked_for_once_an_hour_and_keeps_the_order(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    house.sender = ["550 5.7.1 not allowed to send as this address"] * 3
    for _ in range(120):
        outgoing.send(ctx, secrets)
        clock.go(minutes=1)
    assert (house.signed_in, len(house.sender)) == (2, 1)
    pausing.resume(ctx)
    outgoing.send(ctx, secrets)
    pausing.resume(ctx)
    assert outgoing.send(ctx, secrets).sent == 3
    assert house.readers == [f"{name}@example.jp" for name in "abc"]


def test_a_letter_that_is_refused_by_itself_pauses_nothing(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    house.rcpt = ["550 5.1.1 no such user", "550 5.7.1 refused by the policy of this reader"]
    outgoing.send(ctx, secrets)
    assert (states(ctx), pausing.standing(ctx)) == (["failed", "queued", "queued"], ())
    assert outgoing.send(ctx, secrets).sent == 1


GROUP = "550 5.7.133 sender was not authenticated when sending to this group"


class Group(Posthouse):
    """A server that takes everybody but the one group that only its own members may write to."""

    @override
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return (
            GROUP
            if address.startswith("a@")
            else await super().handle_RCPT(server, session, envelope, address, options)
        )


def test_one_reader_who_is_refused_again_and_again_pauses_the_others_once(
    ctx: Context, server: ssl.SSLContext, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    """The server takes the sender, and the same reader is refused once more: it is the reader; in the end it fails."""
    with opened(server, house=Group()) as group:
        mail_account.keep(ctx, secrets, account(group), PASSWORD)
        assert outgoing.send(ctx, secrets).paused is not None
        clock.go(hours=1)
        assert outgoing.send(ctx, secrets).sent == 2
        assert pausing.standing(ctx) == ()
        paused = 0
        for hour in range(72):
            if hour == 20:
                outgoing.post(ctx, lead(ctx, "x", "x@example.jp"), "plain")
            paused += outgoing.send(ctx, secrets).paused is not None
            clock.go(hours=1)
        assert (paused, group.readers) == (0, ["b@example.jp", "c@example.jp", "x@example.jp"])
    assert states(ctx) == ["failed", "sent", "sent", "sent"]
    (failed,) = outgoing.outbox(ctx, "failed")
    assert (failed.error, failed.answer) == ("mail_given_up", GROUP)


def test_what_a_person_let_go_late_is_not_asked_about_again_when_the_server_is_busy(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    outgoing.send(ctx, secrets)
    clock.go(days=3)
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    assert outgoing.send(ctx, secrets).asked == 3
    one = outgoing.outbox(ctx)[-1]
    outgoing.again(ctx, one.id)
    house.rcpt = ["450 4.2.0 greylisted"]
    assert outgoing.send(ctx, secrets).later == 1
    mail_account.keep(ctx, secrets, account(house), WRONG)
    clock.go(minutes=10)
    outgoing.send(ctx, secrets)
    clock.go(hours=30)
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    found = outgoing.send(ctx, secrets)
    assert (found.asked, found.sent, house.readers) == (0, 1, [one.recipient])


def test_no_network_neither_pauses_nor_resumes(
    ctx: Context, server: ssl.SSLContext, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId]
) -> None:
    with opened(server) as gone:
        away = account(gone)
    mail_account.keep(ctx, secrets, away, None)
    assert code(outgoing.send(ctx, secrets).error) == "mail_server_unreachable"
    assert pausing.standing(ctx) == ()
    mail_account.keep(ctx, secrets, account(house), None)
    outgoing.send(ctx, secrets)
    mail_account.keep(ctx, secrets, away, None)
    assert code(outgoing.send(ctx, secrets).error) == "mail_server_unreachable"
    assert [one.pause.code for one in pausing.standing(ctx)] == ["mail_sign_in"]


@contextmanager
def answering(what: bytes) -> Iterator[int]:
    """Run a server that answers whoever comes with the same few bytes, and hangs up."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.recv(4096)
                line.sendall(what)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield door.getsockname()[1]
    finally:
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(10)


@pytest.mark.parametrize("what", [b"", b"HTTP/1.1 302 Found\r\n\r\n", b"* OK ready\r\n"])
def test_a_line_that_breaks_within_the_handshake_pauses_nothing(
    ctx: Context, house: Posthouse, secrets: Secrets, three: list[LeadId], what: bytes
) -> None:
    """A server that goes down, a hotel's sign-in page: nothing is known of the server, so it is tried again soon."""
    with answering(what) as port:
        there = replace(account(house), port=port, security="tls", imap_host="localhost", imap_port=port)
        mail_account.keep(ctx, secrets, there, PASSWORD)
        assert code(outgoing.send(ctx, secrets).error) == "mail_server_unreachable"
        assert code(receiving.receive(ctx, secrets).error) == "mail_server_unreachable"
    assert pausing.standing(ctx) == ()
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    assert outgoing.send(ctx, secrets).sent == 3


def test_a_server_whose_encryption_is_too_old_is_insecure(
    ctx: Context, house: Posthouse, secrets: Secrets, three: list[LeadId]
) -> None:
    """It answers with the alert of a server that speaks no version of TLS that we take (RFC 8446, 6)."""
    with answering(bytes([21, 3, 1, 0, 2, 2, 70])) as port:
        there = replace(account(house), port=port, security="tls", imap_host="localhost", imap_port=port)
        mail_account.keep(ctx, secrets, there, PASSWORD)
        assert code(outgoing.send(ctx, secrets).error) == "mail_server_insecure"
        assert code(receiving.receive(ctx, secrets).error) == "mail_server_insecure"
    assert [one.pause.way for one in pausing.standing(ctx)] == [Way.OUT, Way.IN]


def test_an_account_that_is_forgotten_takes_its_pause_along(
    ctx: Context, secrets: Secrets, three: list[LeadId]
) -> None:
    outgoing.send(ctx, secrets)
    mail_account.forget(ctx, secrets)
    assert pausing.standing(ctx) == ()


@pytest.mark.parametrize("first", [1, 72])
def test_what_waited_for_days_while_there_was_no_account_is_asked_about(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, three: list[LeadId], first: int
) -> None:
    """Whether the account was forgotten days after it was refused, or days before there was another."""
    outgoing.send(ctx, secrets)
    clock.go(hours=first)
    mail_account.forget(ctx, secrets)
    clock.go(hours=73 - first)
    fresh = outgoing.outbox(ctx)[0]
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    assert (outgoing.send(ctx, secrets).sent, states(ctx)) == (0, ["asked"] * 3)
    outgoing.again(ctx, fresh.id)
    assert (outgoing.send(ctx, secrets).sent, house.readers) == (1, [fresh.recipient])


# ------------------------------------------------------------------------------------------------------------- reading


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[mailbox.Mailbox]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "imap.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "imap.pem"))
    with mailbox.opened(authority, USER, PASSWORD) as box:
        yield box


def test_a_mailbox_that_refuses_the_password_is_left_alone_until_it_is_another(
    ctx: Context, house: Posthouse, secrets: Secrets, box: mailbox.Mailbox, clock: HandClock
) -> None:
    reads = replace(account(house), imap_host="localhost", imap_port=box.port)
    mail_account.keep(ctx, secrets, reads, WRONG)
    assert code(receiving.receive(ctx, secrets).error) == "mail_sign_in"
    for _ in range(12 * 23):
        clock.go(minutes=5)
        found = receiving.receive(ctx, secrets)
        assert (found.error, found.paused is not None) == (None, True)
    assert box.refused() == 1
    (one,) = pausing.standing(ctx)
    assert (one.pause.way, one.pause.tries, one.waiting) == (Way.IN, 1, 0)
    assert "返信の読み取りを止めています" in pausing.told(one, "ja").what
    pausing.resume(ctx)
    receiving.receive(ctx, secrets)
    assert box.refused() == 2
    mail_account.keep(ctx, secrets, reads, PASSWORD)
    assert receiving.receive(ctx, secrets).error is None
    assert (pausing.standing(ctx), box.refused()) == ((), 2)


def test_a_mailbox_that_is_read_no_more_is_not_paused(
    ctx: Context, house: Posthouse, secrets: Secrets, box: mailbox.Mailbox
) -> None:
    mail_account.keep(ctx, secrets, replace(account(house), imap_host="localhost", imap_port=box.port), WRONG)
    receiving.receive(ctx, secrets)
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    assert pausing.standing(ctx) == ()
