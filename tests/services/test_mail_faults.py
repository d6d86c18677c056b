"""Mails over a server that does what servers do at their worst, and a program that is killed: never one twice."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Final

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from typing_extensions import override

from isdesk import vault
from isdesk.clock import ShiftedClock, SystemClock
from isdesk.desk import Desk
from isdesk.domain.ids import LeadId
from isdesk.domain.outgoing import MailAccount, MailState
from isdesk.services import leads, mail_account, outgoing
from isdesk.services.context import Context
from isdesk.store import leads as stored
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.channels.posthouse import PASSWORD, USER, Posthouse, opened, trusted
from tests.faults.conftest import PASSPHRASE, environment
from tests.services.conftest import HandClock
from tests.services.mailers import lead, team

WAYS: Final = (
    ("ok", 6), ("rcpt 451", 3), ("rcpt 550", 1), ("rcpt 421", 1), ("cut at rcpt", 2), ("data 452", 2), ("data 552", 1),
    ("data 554", 1), ("cut, kept", 2), ("cut, lost", 2),
)  # fmt: skip
"""What a server may do with a mail, and how often it does."""


class Wild(Posthouse):
    """Does with each mail as the dice say."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._dice = random.Random(seed)
        self._way = ""

    @override
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        ways, weights = zip(*WAYS, strict=True)
        (self._way,) = self._dice.choices(ways, weights)
        if self._way == "cut at rcpt":
            await hang_up(server)
        if self._way.startswith("rcpt"):
            return f"{self._way[5:]} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @override
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._way in {"ok", "cut, kept"}:
            self._keep(envelope)
        if self._way.startswith("cut"):
            await hang_up(server)
        return "250 OK" if self._way == "ok" else f"{self._way[5:]} no"


async def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()
    await asyncio.Event().wait()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    return trusted(tmp_path, monkeypatch)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_server_does_each_mail_arrives_once_or_is_in_doubt(
    ctx: Context, clock: HandClock, server: ssl.SSLContext, tmp_path: Path, seed: int
) -> None:
    ctx.playbook = team()
    vault.write(tmp_path / "envelope.json", vault.Envelope("p", ()))
    secrets = Secrets(tmp_path / "envelope.json", b"k" * 32, Shelf(ctx.store))
    with opened(server, house=Wild(seed)) as house:
        account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example")
        mail_account.keep(ctx, secrets, account, PASSWORD)
        whose = [lead(ctx, f"見本 {n}", f"m{n}@example.jp", company__name=f"会社{n}") for n in range(30)]
        made = {outgoing.post(ctx, one, "plain").message_id: one for one in whose}
        for _ in range(120):
            outgoing.send(ctx, secrets)
            clock.go(minutes=25)
        arrived = [str(mail["Message-ID"]) for mail in house.got]
    assert len(arrived) == len(set(arrived)), "never twice"
    state = {mail.message_id: mail.state for mail in outgoing.outbox(ctx)}
    assert set(state.values()) <= {MailState.SENT, MailState.UNCERTAIN, MailState.FAILED}
    assert {one for one, now in state.items() if now is MailState.SENT} <= set(arrived)
    assert {state[one] for one in arrived} <= {MailState.SENT, MailState.UNCERTAIN}, "what arrived never failed"
    assert len(set(state.values())) == 3, "the dice met every end"
    with ctx.store.read() as tx:
        told = {one: [t for t in stored.touches(tx, one) if t.signal is None] for one in whose}
    assert all(len(told[one]) == (state[key] is MailState.SENT) for key, one in made.items())


class Slow(Posthouse):
    """Stops at one point for good, and says that it has."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.reached = Event()

    async def _stop_at(self, where: str) -> None:
        if self.where == where and not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()

    @override
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._stop_at("rcpt")
        return await super().handle_RCPT(server, session, envelope, address, options)

    @override
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.where == "data" and not self.reached.is_set():
            self._keep(envelope)
        await self._stop_at("data")
        return await super().handle_DATA(server, session, envelope)


def profile(root: Path, house: Posthouse) -> LeadId:
    desk, _ = Desk.create(root, name="鈴木 一郎", email="suzuki@aoba.example", passphrase=PASSPHRASE)
    account = MailAccount("localhost", house.port, "starttls", USER, "suzuki@aoba.example")
    mail_account.keep(desk.ctx, desk.secrets, account, PASSWORD)
    made, _ = leads.create(desk.ctx, {"name": "山田 太郎", "email": "yamada@example.jp"})
    outgoing.post(desk.ctx, made, "requested")
    desk.close()
    return made


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_program_that_is_killed_while_a_mail_leaves_sends_none_twice(
    server: ssl.SSLContext, tmp_path: Path, where: str
) -> None:
    """Killed before the text went, the mail is sent by the next run; killed after it, it is in doubt for a person."""
    with opened(server, house=Slow(where)) as house:
        assert isinstance(house, Slow)
        whose = profile(tmp_path / "p", house)
        command = [sys.executable, "-m", "isdesk", "--profile", str(tmp_path / "p"), "--json", "mails", "--send"]
        program = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert house.reached.wait(60)
        program.kill()
        program.communicate(timeout=60)

        again = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True, timeout=120)
        assert json.loads(again.stdout)["sent"] == (1 if where == "rcpt" else 0)
        later = ShiftedClock(SystemClock().now() + timedelta(minutes=11))
        desk = Desk.open(tmp_path / "p", passphrase=PASSPHRASE, clock=later)
        outgoing.send(desk.ctx, desk.secrets)
        (mail,) = outgoing.outbox(desk.ctx)
        with desk.ctx.store.read() as tx:
            told = stored.touches(tx, whose)
        desk.close()
        assert len(house.got) == 1
        assert (mail.state, len(told)) == (("sent", 1) if where == "rcpt" else ("uncertain", 0))
