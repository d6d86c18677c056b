"""A telephone on a line: one thread keeps the connection, sends what is asked and tells what comes; nobody waits.

Where the telephone cannot be reached it is looked for again, ever less often; a dial looks at once. One that refuses us
is asked no more until the settings change: a password does not become right by trying it again. One whose certificate
cannot be verified is left alone for an hour, and looked at sooner where somebody asks (a dial, the settings, the notice
in the window): an administrator may renew a certificate over night and nobody should have to press anything for that,
yet trying it every half minute would put a stranger's server in the way all day. Nothing is said to such a server: the
line ends before a password would be sent. Whatever breaks in here ends in a `LineState`, never in the caller.
"""

from __future__ import annotations

import logging
import math
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import truststore

from isdesk.channels.speech import Speech
from isdesk.channels.telephony import DialNumber, LineState, Tell
from isdesk.domain.errors import BadInput, TelephoneError
from isdesk.domain.phone import Phase

log = logging.getLogger("isdesk.channels.line")
CONNECT_S = 5.0
HELLO_S = 5.0
BEAT_S = 0.25
SILENT_S, ANSWER_S = 20.0, 10.0
"""After so many seconds of silence the telephone is asked whether it is there, and has so many to answer. A line that
went dead without a word (a network that forgot it, a machine that was switched off) is noticed by nothing else."""
LAST_S = 1.0
"""So long a line that is let go of waits for calls whose end it is still asking for."""
WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""How long is waited before a lost telephone is looked for again."""
RESTS_S = {"telephone_refused": math.inf, "telephone_untrusted": 3600.0}
"""How long a telephone is left alone that does not get better by being asked again at once."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a telephone listens. Beyond this machine the line is encrypted and the other side proves who it is."""

    host: str
    port: int

    @property
    def local(self) -> bool:
        """Return whether it is this machine."""
        return self.host in LOOPBACK

    def connect(self) -> socket.socket:
        """Return an open line. Raises OSError, TelephoneError (``telephone_untrusted``)."""
        plain = socket.create_connection((self.host, self.port), timeout=CONNECT_S)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self.local:
            return plain
        try:
            return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(plain, server_hostname=self.host)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError):
            plain.close()  # it went away in the middle: that says nothing of its certificate
            raise
        except ssl.SSLError as error:
            plain.close()
            raise TelephoneError("telephone_untrusted") from error
        except BaseException:
            plain.close()
            raise


class Line:
    """A telephone that is there while this lives; made by `services.phoning`."""

    tells = True

    def __init__(self, place: Place, speech: Speech, tell: Tell, now: Callable[[], float] = time.monotonic) -> None:
        self._place, self._speech, self._tell, self._now = place, speech, tell, now
        self._wanted: deque[Callable[[float], None]] = deque()
        self._stopping = threading.Event()
        self._leaves = math.inf
        self.up = False
        self._mine, self._theirs = socket.socketpair()
        self._mine.settimeout(0.0)
        self._theirs.settimeout(0.0)
        self._thread = threading.Thread(target=self._run, name="isdesk-telephone", daemon=True)
        self._thread.start()

    # ------------------------------------------------------------------ asked from outside

    def dial(self, number: DialNumber) -> bool:
        """Start the call; return False where the telephone is not there now."""
        if not self.up:
            self._ask(lambda _: None)
            return False
        self._ask(lambda now: self._speech.dial(number, now))
        return True

    def hang_up(self, call: str = "") -> None:
        """End a call by its id, else the one that is on."""
        self._ask(lambda now: self._speech.hang_up(now, call))

    def accept(self, call: str = "") -> None:
        """Take a call that comes in by its id, else the newest."""
        self._ask(lambda now: self._speech.accept(now, call))

    def close(self) -> None:
        """Let go of the telephone, once what was asked is said: no call that is given up goes on without us."""
        self._leaves = self._now() + LAST_S
        self._stopping.set()
        self._ask(lambda _: None)
        self._thread.join(CONNECT_S + 1)
        if not self._thread.is_alive():
            self._mine.close()
            self._theirs.close()

    def _ask(self, what: Callable[[float], None]) -> None:
        self._wanted.append(what)
        try:
            self._mine.send(b"!")
        except OSError:
            log.debug("the line is awake already")

    # ------------------------------------------------------------------ the thread

    def _run(self) -> None:
        fails = 0
        while not self._stopping.is_set():
            code = self._once()
            fails = 0 if self.up else fails + 1
            self.up = False
            self._speech.lost()
            self._report()
            if self._stopping.is_set():
                return
            self._say(LineState(up=False, code=code))
            wait = RESTS_S.get(code, WAITS_S[min(fails, len(WAITS_S) - 1)])
            self._rest(wait, deaf=wait == math.inf)

    def _once(self) -> str:
        """Keep one connection until it ends; return the sentence for why it did."""
        try:
            line = self._place.connect()
        except TelephoneError as error:
            return error.code
        except OSError:
            return "telephone_unreachable"
        with line:
            try:
                line.settimeout(0.0)
                self._speak(line)
            except TelephoneError as error:
                return error.code
            except (OSError, BadInput):
                return "telephone_lost"
            except Exception:
                log.exception("the telephone's line broke")
                return "telephone_lost"
        return "telephone_lost"

    def _speak(self, line: socket.socket) -> None:
        speech = self._speech
        speech.take_out()
        began = heard = self._now()
        asked: float | None = None
        speech.begin(began)
        with selectors.DefaultSelector() as watch:
            watch.register(line, selectors.EVENT_READ)
            watch.register(self._theirs, selectors.EVENT_READ)
            while not self._left():
                self._send(line)
                self._report()
                for key, _ in watch.select(BEAT_S):
                    if key.fileobj is line:
                        if not self._hear(line):
                            return
                        heard, asked = self._now(), None
                    else:
                        self._woken()
                self._carry_out()
                speech.tick(self._now())
                if speech.ready and not self.up:
                    self.up = True
                    self._say(LineState(up=True))
                elif not speech.ready and self._now() - began > HELLO_S:
                    raise TelephoneError("telephone_silent")
                if asked is None and speech.ready and self._now() - heard >= SILENT_S:
                    speech.ask()
                    asked = self._now()
                elif asked is not None and self._now() - asked >= ANSWER_S:
                    raise TelephoneError("telephone_lost")

    def _left(self) -> bool:
        """Return whether the line is let go of, and all is said that had to be."""
        said = not (self._wanted or self._speech.ending or self._speech.unsent)
        return self._stopping.is_set() and (said or self._now() >= self._leaves)

    def _hear(self, line: socket.socket) -> bool:
        """Take what came; return False where the other side closed."""
        while True:
            try:
                data = line.recv(65536)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return True
            if not data:
                return False
            self._speech.feed(data, self._now())

    def _send(self, line: socket.socket) -> None:
        out = self._speech.take_out()
        if out:
            line.settimeout(CONNECT_S)
            line.sendall(out)
            line.settimeout(0.0)

    def _woken(self) -> None:
        try:
            self._theirs.recv(4096)
        except BlockingIOError:
            return

    def _carry_out(self) -> None:
        while self._wanted:
            self._wanted.popleft()(self._now())

    def _rest(self, seconds: float, *, deaf: bool = False) -> None:
        """Wait before the telephone is looked for again, or until somebody wants it; calls still end by themselves.

        ``deaf``: nobody's wish ends the wait, only the end of this line.
        """
        until = self._now() + seconds
        with selectors.DefaultSelector() as watch:
            watch.register(self._theirs, selectors.EVENT_READ)
            while not self._stopping.is_set() and (left := until - self._now()) > 0:
                if watch.select(min(left, BEAT_S)):
                    self._woken()
                    until = until if deaf else self._now()
                self._carry_out()
                self._speech.tick(self._now())
                self._report()

    def _report(self) -> None:
        for call in self._speech.take_told():
            if call.phase is Phase.OVER:
                log.info("a call ended: %s", call.end)
            self._say(call)

    def _say(self, news: object) -> None:
        try:
            self._tell(news)  # type: ignore[arg-type]
        except Exception:
            log.exception("nobody takes the telephone's news")


def greet(place: Place, speech: Speech, now: Callable[[], float] = time.monotonic) -> None:
    """Reach a telephone once and hear that it is there and takes us.

    Raises TelephoneError (``telephone_unreachable``, ``telephone_untrusted``, ``telephone_refused``,
    ``telephone_other_language``, ``telephone_silent``, ``telephone_lost``).
    """
    try:
        with place.connect() as line:
            until = now() + HELLO_S
            speech.begin(now())
            while not speech.ready:
                out = speech.take_out()
                if out:
                    line.sendall(out)
                left = until - now()
                if left <= 0:
                    raise TelephoneError("telephone_silent")
                line.settimeout(left)
                data = line.recv(65536)
                if not data:
                    raise TelephoneError("telephone_lost")
                speech.feed(data, now())
    except TimeoutError as error:
        raise TelephoneError("telephone_silent") from error
    except OSError as error:
        raise TelephoneError("telephone_unreachable") from error
