"""Mails leave over a real, encrypted server: each exactly once or shown as uncertain, whatever breaks on the way."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from isdesk import playbook, vault
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.ids import DeviceId, LeadId
from isdesk.domain.outgoing import MailAccount, MailState
from isdesk.domain.touch import Channel, Direction, effective
from isdesk.services import consenting, history, leads, mail_account, mails, merging, outgoing
from isdesk.services.context import Context
from isdesk.store import Store, backup
from isdesk.store import leads as stored
from isdesk.store import mails as kept_mails
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services.conftest import HandClock, add
from tests.services.mailers import TEXT, lead, team


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.fixture
def house(server: ssl.SSLContext) -> Iterator[Posthouse]:
    with opened(server) as house:
        yield house


@pytest.fixture
def secrets(ctx: Context, tmp_path: Path) -> Secrets:
    """The vault of a profile without a keyring."""
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    return Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))


def account(house: Posthouse, security: str = "starttls") -> MailAccount:
    return MailAccount("localhost", house.port, security, USER, "suzuki@aoba.example", "鈴木 一郎")


@pytest.fixture(autouse=True)
def _may_send(ctx: Context, house: Posthouse, secrets: Secrets) -> None:
    """Set this desk up to send."""
    ctx.playbook = team()
    mail_account.keep(ctx, secrets, account(house), PASSWORD)


@pytest.fixture
def one(ctx: Context, _may_send: None) -> LeadId:
    return lead(ctx)


def states(ctx: Context) -> list[str]:
    return [mail.state.value for mail in reversed(outgoing.outbox(ctx))]


def touches(ctx: Context, one: LeadId) -> list[str]:
    with ctx.store.read() as tx:
        found = effective(stored.touches(tx, one))
    assert all(t.channel is Channel.MAIL and t.direction is Direction.OUT for t in found)
    return [t.note for t in found]


def test_a_mail_arrives_as_it_was_shown_and_stands_in_the_timeline_once(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    posted = outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1
    assert outgoing.send(ctx, secrets).sent == 0
    (mail,) = house.got
    assert house.readers == ["yamada@example.jp"]
    assert mail["Subject"] == "青葉精機さまへ"
    assert mail["From"] == "鈴木 一郎 <suzuki@aoba.example>"
    assert mail["Message-ID"] == posted.message_id
    assert posted.message_id.endswith("@aoba.example>")
    assert mail["List-Unsubscribe"] == "<mailto:stop@aoba.example?subject=unsubscribe>"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == posted.body
    assert "配信停止: stop@aoba.example" in mail.get_content()
    assert touches(ctx, one) == ["青葉精機さまへ"]
    assert states(ctx) == ["sent"]


def test_implicit_tls_does_as_well(ctx: Context, server: ssl.SSLContext, secrets: Secrets, one: LeadId) -> None:
    with opened(server, "tls") as other:
        mail_account.keep(ctx, secrets, account(other, "tls"), None)
        outgoing.post(ctx, one, "plain")
        assert outgoing.send(ctx, secrets).sent == 1
        assert len(other.got) == other.signed_in == 1


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_mail(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outgoing.post(ctx, one, "plain")
    (tmp_path / "other").mkdir()
    trusted(tmp_path / "other", monkeypatch)
    found = outgoing.send(ctx, secrets)
    assert found.error is not None
    assert found.error.code == "mail_server_insecure"
    assert (house.signed_in, house.got, states(ctx)) == (0, [], ["queued"])


def test_a_wrong_password_keeps_everything_waiting(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    secrets.set(mail_account.SECRET, "wrong")
    outgoing.post(ctx, one, "plain")
    found = outgoing.send(ctx, secrets)
    assert found.error is not None
    assert found.error.code == "mail_sign_in"
    with pytest.raises(Refused, match="mail_sign_in"):
        mail_account.try_out(ctx, secrets, account(house), None)
    mail_account.try_out(ctx, secrets, account(house), PASSWORD)
    mail_account.keep(ctx, secrets, account(house), PASSWORD)
    assert outgoing.send(ctx, secrets).sent == 1


def test_offline_is_no_loss(ctx: Context, server: ssl.SSLContext, secrets: Secrets, one: LeadId) -> None:
    with opened(server) as gone:
        mail_account.keep(ctx, secrets, account(gone), None)
    outgoing.post(ctx, one, "plain")
    found = outgoing.send(ctx, secrets)
    assert found.error is not None
    assert found.error.code == "mail_server_unreachable"
    with opened(server) as back:
        mail_account.keep(ctx, secrets, account(back), None)
        assert outgoing.send(ctx, secrets).sent == 1
        assert len(back.got) == 1


def test_greylisting_is_waited_out(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    house.rcpt = ["451 4.7.1 Greylisted, please try again", "451 4.7.1 Greylisted"]
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).later == 1
    clock.go(minutes=4)
    assert outgoing.send(ctx, secrets).later == 0
    clock.go(minutes=1)
    assert outgoing.send(ctx, secrets).later == 1
    clock.go(minutes=10)
    assert outgoing.send(ctx, secrets).sent == 1
    assert len(house.got) == 1
    assert touches(ctx, one) == ["青葉精機さまへ"]


def test_a_server_that_never_takes_it_is_given_up(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    house.data = ["452 4.2.2 full"] * 100
    outgoing.post(ctx, one, "plain")
    for _ in range(49):
        outgoing.send(ctx, secrets)
        clock.go(hours=1)
    assert states(ctx) == ["failed"]
    assert house.got == []
    assert outgoing.outbox(ctx)[0].error == "mail_given_up"
    assert outgoing.outbox(ctx)[0].answer.startswith("452")
    assert touches(ctx, one) == []


def test_an_address_that_is_not_there_bars_it_for_good(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    house.rcpt = ["550 5.1.1 No such user"]
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).failed == 1
    assert outgoing.outbox(ctx)[0].error == "mail_bounced"
    assert consenting.gate(ctx, one, advertising=False) == "mail_bounced"
    with pytest.raises(Refused, match="mail_bounced"):
        outgoing.post(ctx, one, "plain")
    with ctx.store.read() as tx:
        (back,) = effective(stored.touches(tx, one))
    assert (back.signal, back.direction) == ("mail_bounce", Direction.IN)
    assert "550 5.1.1 No such user" in back.note
    leads.edit(ctx, one, {"email": "yamada2@example.jp"})
    consenting.consent(ctx, one, "notified", "本人からの連絡")
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1


def test_a_refused_text_fails_and_the_next_mail_goes(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    house.data = ["554 5.7.1 looks like spam"]
    other = lead(ctx, "佐藤", "sato@example.jp")
    outgoing.post(ctx, one, "plain")
    outgoing.post(ctx, other, "plain")
    found = outgoing.send(ctx, secrets)
    assert (found.failed, found.sent) == (1, 1)
    assert house.readers == ["sato@example.jp"]
    assert consenting.gate(ctx, one) is None


def test_a_server_that_takes_small_mails_only_is_not_bothered(
    ctx: Context, server: ssl.SSLContext, secrets: Secrets, one: LeadId
) -> None:
    with opened(server, size=2000) as small:
        mail_account.keep(ctx, secrets, account(small), None)
        outgoing.post(ctx, one, subject="長い", body="あ" * 2000)
        assert outgoing.send(ctx, secrets).failed == 1
        assert outgoing.outbox(ctx)[0].error == "mail_too_big"
        assert small.got == []


def test_a_server_that_finds_it_too_big_only_then_says_so(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    house.data = ["552 5.3.4 Message size exceeds fixed limit"]
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).failed == 1
    assert (outgoing.outbox(ctx)[0].error, house.got) == ("mail_too_big", [])
    clock.go(hours=5)
    assert outgoing.send(ctx, secrets).sent == 0
    assert consenting.gate(ctx, one) is None, "the address is not to blame"


@pytest.mark.parametrize("kept", [True, False])
def test_a_cut_after_the_text_is_uncertain_and_never_sent_twice(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId, *, kept: bool
) -> None:
    house.cut, house.keeps_what_it_cuts = 1, kept
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).uncertain == 1
    for _ in range(60):
        clock.go(hours=1)
        outgoing.send(ctx, secrets)
    assert states(ctx) == ["uncertain"]
    assert len(house.got) == kept
    assert touches(ctx, one) == []
    mail = outgoing.outbox(ctx)[0]
    outgoing.resolve(ctx, mail.id, delivered=kept)
    assert states(ctx) == ["sent" if kept else "failed"]
    assert touches(ctx, one) == (["青葉精機さまへ"] if kept else [])
    with pytest.raises(Refused, match="mail_not_uncertain"):
        outgoing.resolve(ctx, mail.id, delivered=kept)


def test_a_crash_while_it_left_is_uncertain(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock, one: LeadId
) -> None:
    from isdesk.store import mails

    mail = outgoing.post(ctx, one, "plain")
    with ctx.store.write() as tx:  # as far as a program came that was killed right then
        assert mails.claim(tx, mail.id, ctx.device_id, clock.now())
        assert not mails.claim(tx, mail.id, ctx.device_id, clock.now())
    outgoing.send(ctx, secrets)
    assert states(ctx) == ["sending"]
    clock.go(minutes=11)
    assert outgoing.send(ctx, secrets).uncertain == 1
    assert (states(ctx), house.got) == (["uncertain"], [])


def test_a_restored_copy_sends_nothing_of_the_first_ones(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId, tmp_path: Path
) -> None:
    outgoing.post(ctx, one, "plain")
    file = backup.backup(ctx.store, tmp_path / "envelope.json", tmp_path / "copy.isdesk").path
    there = tmp_path / "there"
    backup.restore(
        file, there / "isdesk.db", there / "envelope.json", lambda _: b"k" * 32, DeviceId("device-b"), ctx.now()
    )
    store = Store.open(there / "isdesk.db", b"k" * 32)
    try:
        copy = replace(ctx, store=store, device_id=DeviceId("device-b"))
        kept = Secrets(there / "envelope.json", b"k" * 32, Shelf(store))
        assert (mail_account.read(copy), kept.get(mail_account.SECRET)) == (account(house), PASSWORD), "it could send"
        assert outgoing.send(copy, kept).uncertain == 1
        assert (states(copy), house.got) == (["uncertain"], [])
        assert outgoing.outbox(copy)[0].error == "mail_other_device"
        doubt = outgoing.outbox(copy)[0]
        outgoing.post(copy, one, subject="新しいメール", body="控えから書いたメールです。")
        assert outgoing.send(copy, kept).sent == 1
        assert [mail["Subject"] for mail in house.got] == ["新しいメール"]
        outgoing.resolve(copy, doubt.id, delivered=False)
        outgoing.again(copy, doubt.id)  # a person said that the first device will not send it
        assert outgoing.send(copy, kept).sent == 1
    finally:
        store.close()
    assert [mail["Subject"] for mail in house.got] == ["新しいメール", "青葉精機さまへ"]


def test_no_more_leave_in_an_hour_than_the_team_wants(
    ctx: Context, house: Posthouse, secrets: Secrets, clock: HandClock
) -> None:
    began = clock.now()
    for n in range(5):
        outgoing.post(ctx, lead(ctx, f"見本 {n}", f"m{n}@example.jp"), "plain")
    found = outgoing.send(ctx, secrets)
    assert (found.sent, found.waits_until) == (3, began + timedelta(hours=1))
    clock.go(minutes=59)
    assert outgoing.send(ctx, secrets).sent == 0
    clock.go(minutes=1)
    assert outgoing.send(ctx, secrets).sent == 2
    assert len(house.got) == 5


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("opt_out", "mail_opted_out"),
        ("withdraw", "mail_no_consent"),
        ("address", "mail_address_changed"),
        ("no address", "mail_address_changed"),
        ("dnc", "mail_do_not_call"),
        ("company dnc", "mail_do_not_call"),
        ("deleted", "mail_lead_gone"),
        ("merged", "mail_lead_gone"),
    ],
)
def test_who_refuses_after_it_was_written_gets_nothing(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId, what: str, code: str
) -> None:
    mail = outgoing.post(ctx, one, "plain")
    if what == "opt_out":
        consenting.opt_out(ctx, one)
    elif what == "withdraw":
        consenting.withdraw(ctx, one, consenting.ledger(ctx, one)[0].id)
    elif what == "address":
        leads.edit(ctx, one, {"email": "other@example.jp"})
    elif what == "no address":
        leads.edit(ctx, one, {"email": ""})
    elif what == "dnc":
        leads.edit(ctx, one, {"dnc": True})
    elif what == "company dnc":
        leads.edit(ctx, one, {"company.dnc": True})
    elif what == "deleted":
        history.undo(ctx, 2)  # the consent, and the lead itself
        with ctx.store.read() as tx:
            facts = stored.facts(tx, one)
        assert facts is None or facts.get("deleted")
    else:
        merging.merge(ctx, one, add(ctx, "山田 太郎", email="yamada@example.jp"))
    found = outgoing.send(ctx, secrets)
    assert (found.stopped, found.sent, house.got) == (1, 0, [])
    assert states(ctx) == ["stopped"]
    assert outgoing.outbox(ctx)[0].error == code
    with pytest.raises(Refused, match="mail_not_waiting"):
        outgoing.cancel(ctx, mail.id)


def test_two_presses_are_one_mail_and_one_that_waits_can_be_taken_out(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
    mail = outgoing.post(ctx, one, "plain")
    with pytest.raises(Refused, match="mail_twice"):
        outgoing.post(ctx, one, "plain")
    outgoing.cancel(ctx, mail.id)
    outgoing.send(ctx, secrets)
    assert (states(ctx), house.got) == (["cancelled"], [])
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1


def test_undo_does_not_pretend_that_a_mail_was_not_sent(ctx: Context, secrets: Secrets, one: LeadId) -> None:
    outgoing.post(ctx, one, "plain")
    outgoing.send(ctx, secrets)
    assert [step.verb for step in history.peek_undo(ctx)] == ["consent"]
    assert touches(ctx, one) == ["青葉精機さまへ"]


HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version", "X-Peer", "X-MailFrom", "X-RcptTo",
}  # fmt: skip
"""All that may stand above a mail; the server under test adds the last three."""
EVIL = "悪意\r\nBcc: evil@example.com\r\nX-Evil: 1\r\n\r\n<b>x</b>"


def test_nothing_that_is_typed_becomes_a_header(ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId) -> None:
    outgoing.post(ctx, one, "plain", subject=f"ご案内{EVIL}"[:40], body=".\r\nQUIT\r\n.hidden\r\nBcc: evil@example.com")
    assert outgoing.send(ctx, secrets).sent == 1
    (mail,) = house.got
    assert set(mail.keys()) <= HEADERS
    assert mail["Subject"] == "ご案内悪意 Bcc: evil@example.com X-Evil: 1"[: len(mail["Subject"])]
    assert house.readers == ["yamada@example.jp"]
    assert mail.get_content().splitlines()[:4] == [".", "QUIT", ".hidden", "Bcc: evil@example.com"]


def test_nothing_of_a_name_becomes_a_header(ctx: Context, house: Posthouse, secrets: Secrets) -> None:
    ctx.playbook = playbook.loads(
        TEXT.replace('"{{ company_short }}さまへ"', '"{{ name }}{{ company }}{{ me }}"'), years=(2026, 2027)
    )
    ctx.me = replace(ctx.me, name="鈴\r\nBcc: y@e.jp")
    mail_account.keep(ctx, secrets, replace(account(house), name=EVIL), None)
    one = lead(ctx, "<b>\r\nCc: x@e.jp", company__name="悪\r\nTo: z@e.jp")
    shown = mails.preview(ctx, one, "plain").composed
    for part in ("<b>", "Cc: x@e.jp", "To: z@e.jp"):
        assert part in shown.subject, "what is attacked is there"
    outgoing.post(ctx, one, "plain")
    assert outgoing.send(ctx, secrets).sent == 1
    (mail,) = house.got
    assert set(mail.keys()) <= HEADERS
    assert mail["Subject"] == shown.subject
    (sender,), (reader,) = mail["From"].addresses, mail["To"].addresses
    assert (sender.addr_spec, reader.addr_spec) == ("suzuki@aoba.example", "yamada@example.jp")
    assert sender.display_name.startswith("悪意 Bcc: evil@example.com X-Evil: 1"), "a name, and nothing but a name"
    assert house.readers == ["yamada@example.jp"]


def test_an_account_is_checked_and_its_password_is_not_in_the_database_of_settings(
    ctx: Context, secrets: Secrets, house: Posthouse
) -> None:
    assert mail_account.read(ctx) == account(house)
    assert secrets.get(mail_account.SECRET) == PASSWORD
    assert PASSWORD not in (Shelf(ctx.store).get(mail_account.SECRET) or PASSWORD)
    with pytest.raises(BadInput, match="mail_account_invalid"):
        mail_account.keep(ctx, secrets, replace(account(house), security="none"), None)
    with pytest.raises(BadInput, match="mail_address_invalid"):
        mail_account.keep(ctx, secrets, replace(account(house), address="x"), None)
    mail_account.forget(ctx, secrets)
    assert mail_account.read(ctx) is None
    with pytest.raises(Refused, match="mail_account_missing"):
        outgoing.post(ctx, lead(ctx), "plain")
    assert MailState.QUEUED.value not in states(ctx)


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize(
    "broken", [{"recipient": "nobody", "message_id": "<a@aoba.example>"}, {"message_id": "<a\nb@aoba.example>"}]
)
def test_a_mail_that_cannot_be_put_together_keeps_none_behind_it_waiting(
    ctx: Context,
    house: Posthouse,
    secrets: Secrets,
    one: LeadId,
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
    broken: dict[str, Any],
) -> None:
    made = outgoing.post(ctx, one, "plain", subject="先のメール")
    outgoing.cancel(ctx, made.id)
    with ctx.store.write() as tx:
        kept_mails.put(tx, replace(made, id="broken", due_at=clock.now() - timedelta(hours=1), **broken))
    outgoing.post(ctx, one, "plain")
    found = outgoing.send(ctx, secrets)
    assert (found.sent, found.failed, found.error) == (1, 1, None)
    assert [mail["Subject"] for mail in house.got] == ["青葉精機さまへ"]
    kept = next(mail for mail in outgoing.outbox(ctx) if mail.id == "broken")
    assert (kept.state, kept.error) == (MailState.FAILED, "mail_broken")
    assert "mail_broke" in caplog.text
    caplog.clear()
    assert outgoing.send(ctx, secrets).sent == 0
