"""What comes back over a real mailbox ends a sequence, or shows why its next mail cannot leave."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from isdesk import playbook, vault
from isdesk.clock import TOKYO
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount, OutMail
from isdesk.domain.sequence import Enrolment, said
from isdesk.services import (
    calls,
    consenting,
    leads,
    mail_account,
    outgoing,
    queue,
    receiving,
    sequence_board,
    sequences,
)
from isdesk.services.context import Context
from isdesk.services.hearing import Heard
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels import posthouse
from tests.channels.mailbox import Mailbox, opened
from tests.channels.posthouse import Posthouse
from tests.services.conftest import HandClock
from tests.services.mailers import TEXT, lead
from tests.services.test_receiving import letter, report

STEPS = """
[sequence.follow]
steps = [
  { days = 1, channel = "mail", template = "plain", time = "10:00" },
  { days = 3, channel = "mail", template = "last", time = "10:00" },
]
"""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Mailbox]:
    """A mailbox of this test's own: it has the user of the server that sends."""
    with opened(authority, posthouse.USER, posthouse.PASSWORD) as server:
        yield server


@pytest.fixture
def house(authority: trustme.CA) -> Iterator[Posthouse]:
    """A mail server whose certificate comes from the same authority as the mailbox's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with posthouse.opened(context) as made:
        yield made


class Line:
    """A desk that sends over the one server and reads from the other."""

    def __init__(self, ctx: Context, clock: HandClock, secrets: Secrets, box: Mailbox, one: LeadId) -> None:
        self.ctx, self.clock, self.secrets, self.box, self.one = ctx, clock, secrets, box, one

    def at(self, text: str) -> None:
        self.clock.at = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TOKYO).astimezone(UTC)

    def round(self, *, hears: bool = True) -> int:
        if hears:
            assert receiving.receive(self.ctx, self.secrets).error is None
        queue.settle(self.ctx)
        sequences.run(self.ctx)
        return outgoing.send(self.ctx, self.secrets).sent

    def now(self) -> Enrolment:
        return sequences.of_lead(self.ctx, self.one)[-1]


@pytest.fixture
def line(
    ctx: Context, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA,
    server: Mailbox, house: Posthouse,
) -> Line:  # fmt: skip
    """A lead that was called on Tuesday and put into the sequence then."""
    authority.cert_pem.write_to_path(str(tmp_path / "both.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    ctx.playbook = playbook.loads(TEXT + STEPS, years=(2026, 2027))
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    secrets = Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))
    account = MailAccount(
        "localhost", house.port, "starttls", posthouse.USER, "suzuki@aoba.example", "鈴木", "localhost", server.port
    )
    mail_account.keep(ctx, secrets, account, posthouse.PASSWORD)
    one = lead(ctx)
    calls.record(ctx, one, "NO_ANSWER")
    sequences.enrol(ctx, "follow", [one])
    return Line(ctx, clock, secrets, server, one)


def reply(line: Line, text: str, date: str = "Wed, 25 Nov 2026 11:00:00 +0900") -> None:
    """The lead answers the mail that was sent last."""
    mail = _last(line)
    made = letter("Yamada <secretary@example.jp>", f"Re: {mail.subject}", text, mail.message_id)
    del made["Date"]
    made["Date"] = date
    line.box.put(made, line.clock.now())


def _last(line: Line) -> OutMail:
    return outgoing.outbox(line.ctx)[0]


@pytest.mark.parametrize("date", ["Wed, 25 Nov 2026 11:00:00 +0900", "Sun, 22 Nov 2026 09:00:00 +0900"])
def test_a_reply_ends_the_sequence_whatever_date_it_bears_and_the_lead_has_its_next_action(
    line: Line, house: Posthouse, date: str
) -> None:
    line.at("11-25 10:00")
    assert line.round() == 1
    line.at("11-25 13:00")
    reply(line, "来週はいかがでしょうか。", date)
    assert receiving.receive(line.ctx, line.secrets).replies == 1
    found = line.now()
    assert (found.state, found.stop.why if found.stop else "") == ("stopped", "reply")
    action = leads.view(line.ctx, line.one).state.next_action
    assert action is not None
    assert said(action.why) is None
    line.at("11-27 10:00")
    assert line.round() == 0
    assert len(house.got) == 1


def test_a_reply_that_wants_no_more_ends_it_and_bars_the_address(line: Line) -> None:
    line.at("11-25 10:00")
    line.round()
    line.at("11-25 13:00")
    reply(line, "不要")
    assert receiving.receive(line.ctx, line.secrets).opt_outs == 1
    assert line.now().state == "stopped"
    assert line.round() == 0


def test_an_address_that_does_not_exist_blocks_the_next_mail_until_it_is_mended(line: Line, house: Posthouse) -> None:
    line.at("11-25 10:00")
    line.round()
    line.at("11-25 10:30")
    line.box.put(report(_last(line).message_id, "5.1.1"), line.clock.now())
    assert receiving.receive(line.ctx, line.secrets).bounces == 1
    line.at("11-27 10:00")
    assert line.round() == 0
    step = line.now().next
    assert step is not None
    assert (step.number, step.why) == (2, "mail_bounced")
    leads.edit(line.ctx, line.one, {"email": "taro@example.jp"})
    line.round()
    step = line.now().next
    assert step is not None
    assert step.why == "mail_no_consent", "the new address needs a consent of its own"
    assert len(house.got) == 1


def test_a_mail_that_met_a_full_mailbox_leaves_once_more_when_a_person_says_so(line: Line, house: Posthouse) -> None:
    line.at("11-25 10:00")
    assert line.round() == 1
    first = _last(line)
    line.box.put(report(first.message_id, "5.2.2"), line.clock.now())
    line.at("11-25 11:00")
    assert receiving.receive(line.ctx, line.secrets).bounces == 1
    outgoing.again(line.ctx, first.id)
    assert outgoing.send(line.ctx, line.secrets).sent == 1
    assert len({str(mail["Message-ID"]) for mail in house.got}) == 2
    assert [m.state for m in outgoing.outbox(line.ctx)] == ["sent", "failed"]


def test_a_letter_that_came_back_and_goes_once_more_on_the_day_of_a_later_step_is_not_that_step(
    line: Line, house: Posthouse
) -> None:
    line.at("11-25 10:00")
    assert line.round() == 1
    first = _last(line)
    line.box.put(report(first.message_id, "5.2.2"), line.clock.now())
    line.at("11-27 09:30")
    assert receiving.receive(line.ctx, line.secrets).bounces == 1
    outgoing.again(line.ctx, first.id)
    assert outgoing.send(line.ctx, line.secrets).sent == 1
    assert [step.state for step in line.now().steps] == ["done", "open"]
    line.at("11-27 10:00")
    assert (line.round(), len(house.got)) == (0, 2), "nobody gets two of its mails on one day"
    line.at("11-30 09:00")
    assert line.round() == 1
    assert [str(mail["Subject"]) for mail in house.got] == [first.subject, first.subject, _last(line).subject]
    assert (line.now().state, _last(line).template) == ("finished", "last@1")


def test_a_letter_that_came_back_and_is_written_anew_to_the_mended_address_is_not_a_later_step(line: Line) -> None:
    line.at("11-25 10:00")
    line.round()
    line.box.put(report(_last(line).message_id, "5.1.1"), line.clock.now())
    line.at("11-27 09:30")
    assert receiving.receive(line.ctx, line.secrets).bounces == 1
    leads.edit(line.ctx, line.one, {"email": "taro@example.jp"})
    consenting.consent(line.ctx, line.one, "notified", "名刺")
    outgoing.post(line.ctx, line.one, "plain")
    assert outgoing.send(line.ctx, line.secrets).sent == 1
    assert [step.state for step in line.now().steps] == ["done", "open"]
    outgoing.post(line.ctx, line.one, "last", subject="ひとこと")
    assert outgoing.send(line.ctx, line.secrets).sent == 1
    assert line.now().state == "finished", "another mail by hand on the day of the step is the step"


def _holds(line: Line) -> tuple[str, str, bool]:
    board = sequence_board.look(line.ctx)
    (one,) = board.running
    return one.state, one.why, board.heard.deaf


def test_a_desk_that_cannot_read_its_mailbox_sends_nothing_by_itself_until_it_can(line: Line) -> None:
    line.at("11-25 08:00")
    receiving.receive(line.ctx, line.secrets)
    heard = line.clock.now()
    line.at("11-25 12:30")
    assert line.round(hears=False) == 0
    assert _holds(line) == ("unheard", "sequence_unheard", True)
    assert sequences.run(line.ctx).waiting == 0, "it is no time of business"
    line.at("11-25 13:00")
    assert (sequences.run(line.ctx).waiting, line.round(hears=False)) == (1, 0)
    assert sequence_board.look(line.ctx).heard.at == heard
    assert line.round() == 1, "it has slept: it reads first and goes on by itself"
    assert not sequence_board.look(line.ctx).heard.deaf


def test_a_mail_in_the_outbox_waits_too_where_the_mailbox_was_not_read(line: Line) -> None:
    line.at("11-25 10:00")
    receiving.receive(line.ctx, line.secrets)
    queue.settle(line.ctx)
    assert sequences.run(line.ctx).queued == 1
    line.at("11-25 15:00")
    assert outgoing.send(line.ctx, line.secrets).sent == 0
    assert _holds(line)[:2] == ("unheard", "sequence_unheard")
    receiving.receive(line.ctx, line.secrets)
    line.at("11-25 15:06")
    assert outgoing.send(line.ctx, line.secrets).sent == 1


def test_a_mail_that_is_held_back_asks_no_server(line: Line, house: Posthouse) -> None:
    line.at("11-25 10:00")
    receiving.receive(line.ctx, line.secrets)
    queue.settle(line.ctx)
    assert sequences.run(line.ctx).queued == 1
    line.at("11-25 14:30")
    for _ in range(60):
        assert outgoing.send(line.ctx, line.secrets).sent == 0
        line.clock.go(minutes=1)
    assert (house.sign_ins, house.asked) == (0, [])
    other = outgoing.post(line.ctx, lead(line.ctx, "佐藤", "sato@example.jp"), "plain")
    assert outgoing.send(line.ctx, line.secrets).sent == 1
    assert (house.asked, house.readers) == ([other.recipient], [other.recipient])


@pytest.mark.parametrize("waits", [True, False])
def test_what_a_person_sends_does_not_wait_until_the_mailbox_is_read(line: Line, house: Posthouse, waits: bool) -> None:
    """Whether it is in the outbox already, held back, or is put into it only now."""
    line.at("11-25 10:00")
    receiving.receive(line.ctx, line.secrets)
    queue.settle(line.ctx)
    if waits:
        assert sequences.run(line.ctx).queued == 1
    line.at("11-25 15:00")
    assert outgoing.send(line.ctx, line.secrets).sent == 0
    sequences.confirm(line.ctx, line.one)
    house.rcpt = ["450 4.2.0 greylisted"]
    sent = 0
    for _ in range(11):
        line.clock.go(minutes=1)
        sent += outgoing.send(line.ctx, line.secrets).sent
    assert (sent, len(house.got)) == (1, 1)


def test_a_reading_that_failed_is_none(line: Line) -> None:
    line.at("11-25 08:00")
    receiving.receive(line.ctx, line.secrets)
    line.at("11-25 13:00")
    line.secrets.set(mail_account.SECRET, "wrong")
    assert receiving.receive(line.ctx, line.secrets).error is not None
    assert line.round(hears=False) == 0
    assert sequence_board.look(line.ctx).heard.deaf


def test_without_a_mailbox_nothing_is_held(line: Line) -> None:
    account = mail_account.read(line.ctx)
    assert account is not None
    mail_account.keep(line.ctx, line.secrets, replace(account, imap_host=""), None)
    line.at("11-25 10:00")
    assert line.round(hears=False) == 1
    assert sequence_board.look(line.ctx).heard == Heard()
