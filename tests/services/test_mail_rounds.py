"""Rounds of sending that meet something else: another process, a person who takes a mail out, a clock that jumps."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from isdesk import vault
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount
from isdesk.services import outgoing
from isdesk.services.context import Context
from isdesk.store.lock import only_one
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.services import other_round
from tests.services.conftest import HandClock
from tests.services.mailers import lead, team

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
    outgoing.keep_account(ctx, secrets, kept, PASSWORD)


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


def test_a_round_that_runs_is_let_finish(
    ctx: Context, house: Posthouse, secrets: Secrets, one: LeadId
) -> None:
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
