"""A real SMTP server on loopback, with TLS and sign-in, that fails as it is told."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from typing_extensions import override

USER, PASSWORD = "rep@aoba.example", "app-password-canary"


class Posthouse:
    """What the server got, and how it is to fail. Of ``sender``, ``rcpt`` and ``data`` one answer is used up a
    mail; ``cut``: drops the line after so many texts came, keeping them or not. ``asked`` are all readers that were
    named to it; ``at_rcpt`` is called with each of them, in a thread of its own, before the answer.
    """

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.readers: list[str] = []
        self.asked: list[str] = []
        self.at_rcpt: Callable[[str], object] = lambda _: None
        self.sender: list[str] = []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.cut = 0
        self.keeps_what_it_cuts = True
        self.keeps_all = False
        self.signed_in = self.sign_ins = 0
        self.locked = ""
        self.boasts = ""
        self.port = 0

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Let the one user in, or answer what was told (``locked``); ``sign_ins`` counts every password judged."""
        self.sign_ins += 1
        if self.locked:
            return AuthResult(success=False, handled=False, message=self.locked)
        ok = isinstance(data, LoginPassword) and data.login == USER.encode() and data.password == PASSWORD.encode()
        self.signed_in += ok
        return AuthResult(success=ok, handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, said: list[str]
    ) -> list[str]:
        """Say what this server can; ``boasts`` in place of what it says about sizes."""
        session.host_name = host
        return [line.partition("SIZE")[0] + self.boasts if self.boasts and "SIZE" in line else line for line in said]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, or answer what was told."""
        if self.sender and not (answer := self.sender.pop(0)).startswith("250"):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a reader, or answer what was told."""
        self.asked.append(address)
        await asyncio.to_thread(self.at_rcpt, address)
        if self.rcpt and not (answer := self.rcpt.pop(0)).startswith("250"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail, or answer what was told, or hang up before any answer."""
        answer = self.data.pop(0) if self.data else "250 OK queued as 1"
        if self.cut:
            self.cut -= 1
            if self.keeps_what_it_cuts:
                self._keep(envelope)
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            await asyncio.Event().wait()
        if self.keeps_all or answer.startswith("250"):
            self._keep(envelope)
        return answer

    def _keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        found = message_from_bytes(envelope.content, policy=default)
        assert isinstance(found, EmailMessage)
        self.got.append(found)
        self.readers.extend(envelope.rcpt_tos)


class Door(Controller):
    """The server's own thread, on a port that the system chose."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self.lines: list[SMTP] = []
        super().__init__(*args, **more)

    @override
    def factory(self) -> SMTP:
        made = super().factory()  # type: ignore[no-untyped-call]
        assert isinstance(made, SMTP)
        self.lines.append(made)
        return made

    def hang_up(self) -> None:
        """Close the lines that are still open, as a server does that goes: a client may be saying goodbye."""
        done = Event()

        def close() -> None:
            for line in self.lines:
                if isinstance(line.transport, asyncio.WriteTransport):
                    line.transport.abort()
            self.loop.call_soon(self.loop.call_soon, done.set)

        self.loop.call_soon_threadsafe(close)
        assert done.wait(10)

    @override
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def trusted(folder: Path, monkeypatch: Any) -> ssl.SSLContext:
    """Return a server's context for localhost whose authority this process trusts from now on."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "authority.pem"))
    return context


@contextmanager
def opened(
    context: ssl.SSLContext, security: str = "starttls", size: int = 200_000, house: Posthouse | None = None
) -> Iterator[Posthouse]:
    """Run a server on a free port; ``security`` as an account's; ``house``: one that behaves in a way of its own."""
    house = house or Posthouse()
    how: dict[str, Any] = {"authenticator": house.authenticate, "data_size_limit": size}
    if security == "tls":
        how |= {"ssl_context": context, "auth_require_tls": False}
    else:
        how |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    logging.getLogger("mail.log").propagate = False  # the log of the server under test is not ours
    controller = Door(house, hostname="127.0.0.1", port=0, server_hostname="localhost", **how)
    controller.start()
    try:
        house.port = controller.port
        yield house
    finally:
        controller.hang_up()
        controller.stop()
