"""A loopback Asterisk for tests: it speaks AMI, checks the login, and says the events that a test has it say."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import threading
from functools import partial
from typing import Any

from isdesk.channels.ami import Ami, Extension
from isdesk.channels.line import Line, Place
from isdesk.channels.telephony import Form
from isdesk.domain.phone import Limits
from tests.channels.phones import Heard, until

USER, SECRET, CHALLENGE = "isdesk", "s3cret of the exchange", "840415273"
REP, CALLEE, BRIDGE = "PJSIP/101", "PJSIP/trunk-00000002", "b7c1"


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Exchange:
    """The server: ``actions`` are what came, in order; ``refuse`` answers the login with an error.

    While it is ``mute`` it reads and says nothing, as a line does that went dead.
    ``reached`` counts who connected, also those who went when they saw the certificate (``tls``).
    """

    def __init__(
        self,
        *,
        refuse: bool = False,
        greeting: bytes = b"Asterisk Call Manager/10.0.0\r\n",
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.refuse, self.tls, self._greeting = refuse, tls, greeting
        self.actions: list[dict[str, str]] = []
        self.reached, self.mute = 0, False
        self._server = socket.create_server((host, 0))
        self.port = int(self._server.getsockname()[1])
        self._peers: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            self.reached += 1
            self._peers.append(peer)
            self._threads.append(threading.Thread(target=self._talk, args=(peer,), daemon=True))
            self._threads[-1].start()

    def _talk(self, peer: socket.socket) -> None:
        plain = peer
        with contextlib.suppress(OSError):
            if self.tls is not None:
                peer = self.tls.wrap_socket(plain, server_side=True)
                self._peers[self._peers.index(plain)] = peer
            peer.sendall(self._greeting)
            self._listen(peer)
        self._peers.remove(peer)
        peer.close()

    def _listen(self, peer: socket.socket) -> None:
        buffer = b""
        while data := peer.recv(4096):
            buffer += data
            while b"\r\n\r\n" in buffer:
                raw, buffer = buffer.split(b"\r\n\r\n", 1)
                pairs = (line.partition(": ") for line in raw.decode().split("\r\n"))
                said = {name: value for name, _, value in pairs}
                self.actions.append(said)
                self._answer(peer, said)

    def _answer(self, peer: socket.socket, said: dict[str, str]) -> None:
        token = {"ActionID": said.get("ActionID", "")}
        if self.mute:
            return
        if said["Action"] == "Challenge":
            self._tell(peer, Response="Success", **token, Challenge=CHALLENGE)
        elif said["Action"] == "Login":
            key = hashlib.md5((CHALLENGE + SECRET).encode(), usedforsecurity=False).hexdigest()
            ok = said["Key"] == key and said["Username"] == USER and not self.refuse
            words = "Authentication accepted" if ok else "no"
            self._tell(peer, Response="Success" if ok else "Error", **token, Message=words)
        else:
            self._tell(peer, Response="Success", **token, Message="queued")

    @staticmethod
    def _tell(peer: socket.socket, **fields: str) -> None:
        peer.sendall("".join(f"{k}: {v}\r\n" for k, v in fields.items()).encode() + b"\r\n")

    def send(self, **fields: str) -> None:
        """Send one message to who came last and is still there."""
        self._tell(self._peers[-1], **fields)

    def cut(self) -> None:
        """Cut the line."""
        self._peers[-1].shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop; doing it again does nothing."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for peer in list(self._peers):
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def asked(self, action: str) -> list[dict[str, str]]:
        """Return the actions of a kind that came."""
        return [a for a in self.actions if a["Action"] == action]


class Rounds:
    """Counts the rounds that a line's own thread has made: nothing that any other thread does."""

    def __init__(self, line: Line) -> None:
        self.line, self.made = line, 0
        self._tick = line._speech.tick
        setattr(line._speech, "tick", self._count)  # noqa: B010 - a method of one telephone, from now on

    def go_on(self, before: int) -> bool:
        """Return whether a round was made since there were ``before``."""
        return self.made > before

    def _count(self, now: float) -> None:
        self._tick(now)
        self.made += 1


class Desk:
    """A rep's line to the exchange."""

    _counted: Rounds | None = None

    def __init__(
        self,
        exchange: Exchange,
        limits: Limits | None = None,
        form: Form | None = None,
        *,
        host: str = "127.0.0.1",
    ) -> None:
        self.exchange, self.heard, self.clock = exchange, Heard(), Clock()
        speech = Ami(Extension(USER, SECRET, REP), form or Form(national=True), limits)
        self.line: Any = Line(Place(host, exchange.port), speech, self.heard, self.clock)

    @property
    def call_id(self) -> str:
        return self.exchange.asked("Originate")[-1]["ActionID"]

    def say(self, event: str, *, after: float = 0.0, **fields: str) -> None:
        """Let time pass, have the exchange say an event, and wait until it was read."""
        self.clock.at += after
        self.exchange.send(Event=event, **fields)
        self.settle()

    def settle(self) -> None:
        """Wait until the line has read all that was sent, and has told what it made of it.

        A round of its thread that is under way may have looked already; the next one hears, and the one after that
        tells before it ends.
        """
        rounds = self._rounds()
        for _ in range(3):
            self.line.accept()
            until(partial(rounds.go_on, rounds.made))

    def pass_by(self) -> None:
        """Wait until the line has looked at the clock, without a wish that would have it do more."""
        rounds = self._rounds()
        before = rounds.made
        until(partial(rounds.go_on, before + 1))

    def _rounds(self) -> Rounds:
        line = self.line if isinstance(self.line, Line) else self.line._line
        if self._counted is None or self._counted.line is not line:
            self._counted = Rounds(line)
        return self._counted

    # the steps of a call as Asterisk 22 tells them

    def rep_is_rung(self) -> None:
        self.say("Newchannel", Channel=f"{REP}-00000001", Uniqueid=self.call_id, Linkedid=self.call_id)
        self.say("DialBegin", DestChannel=f"{REP}-00000001", DestUniqueid=self.call_id)
        self.say("DialState", DestUniqueid=self.call_id, DialStatus="RINGING", after=0.5)

    def rep_answers(self) -> None:
        self.say("DialEnd", DestUniqueid=self.call_id, DialStatus="ANSWER", after=3)
        self.say("OriginateResponse", ActionID=self.call_id, Response="Success", Uniqueid=self.call_id, Reason="4")

    def lead_rings(self) -> None:
        legs: dict[str, Any] = {"Uniqueid": self.call_id, "DestUniqueid": "callee.1", "DestChannel": CALLEE}
        self.say("Newchannel", Channel=CALLEE, Uniqueid="callee.1", Linkedid=self.call_id)
        self.say("DialBegin", **legs)
        self.say("DialState", **legs, DialStatus="RINGING", after=1)

    def lead(self, status: str, after: float) -> None:
        self.say("DialEnd", Uniqueid=self.call_id, DestUniqueid="callee.1", DialStatus=status, after=after)

    def bridge(self, kind: str, after: float = 0.0) -> None:
        self.clock.at += after
        for channel in ("callee.1", self.call_id):
            self.say(kind, BridgeUniqueid=BRIDGE, Uniqueid=channel, Linkedid=self.call_id)

    def hang_ups(self, *, cdr: str = "ANSWERED") -> None:
        self.say("Hangup", Uniqueid="callee.1", Cause="16")
        self.say("Cdr", UniqueID=self.call_id, Disposition=cdr, Duration="99", BillableSeconds="95")
        self.say("Hangup", Uniqueid=self.call_id, Cause="16")
