"""A real HTTP server on loopback for fakes of CRMs: routes, a log of requests, and faults that are switched on by name.

A fake subclasses `Loopback` and answers `handle`. Faults lie in a queue; each is consumed by the next request that it
concerns. What a fault does *before* means the fake never saw the request; *after*, that it did and the answer is lost.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

PORTAL = b"<!DOCTYPE html><html><body><h1>Welcome to Shinkansen Wi-Fi</h1><a href='/login'>Agree</a></body></html>"


@dataclass(slots=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body read as JSON, None where it is empty."""
        return json.loads(self.body) if self.body else None


@dataclass(slots=True)
class Answer:
    """What the fake answers; ``data`` is sent as JSON unless it is bytes."""

    status: int = 200
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """Return the body."""
        if isinstance(self.data, bytes):
            return self.data
        return b"" if self.data is None and self.status == 204 else json.dumps(self.data).encode()


@dataclass(slots=True)
class Fault:
    """A failure that waits for its request.

    ``kind``, where the fake never sees the request: ``refuse`` and ``before`` (the connection is closed), ``html`` (a
    portal's page with 200), ``status`` (``answer``), ``redirect`` (302 to another host). Where it is carried out:
    ``after`` (reset instead of an answer), ``stall`` (the answer waits for ``seconds``), ``truncate`` (half of the
    body), ``html_after`` (a portal's page), ``status_after`` (``answer`` instead of the truth), ``twice`` (carried out
    two times). ``when`` chooses the request.
    """

    kind: str
    when: Callable[[Request], bool] = lambda request: True
    answer: Answer = field(default_factory=lambda: Answer(503, {"message": "down"}))
    seconds: float = 0.0
    left: int = 1


class Loopback:
    """The server. ``now`` is its wall clock, which a test may move; ``requests`` what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.ahead = timedelta()
        self.down = False
        self._lock = threading.RLock()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._at: datetime | None = None

    # ------------------------------------------------------------------------------------------- for the fake to say

    def handle(self, request: Request) -> Answer:
        """Return the answer; called for one request at a time."""
        raise LookupError(request.path)

    def headers(self) -> dict[str, str]:
        """Return headers of every answer of the fake itself."""
        return {}

    # ------------------------------------------------------------------------------------------------- for the tests

    @property
    def url(self) -> str:
        """Return the origin."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def now(self) -> datetime:
        """Return the server's clock."""
        return self._at if self._at is not None else datetime.now(UTC) + self.ahead

    def stand(self, at: datetime | None) -> None:
        """Let the clock stand at an instant (None: let it run)."""
        self._at = at

    def move(self, **by: float) -> None:
        """Move the clock."""
        if self._at is not None:
            self._at += timedelta(**by)
        else:
            self.ahead += timedelta(**by)

    def fail(self, *faults: Fault) -> None:
        """Let these come over the next requests that they concern."""
        self.faults.extend(faults)

    def start(self) -> Loopback:
        """Begin to serve."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self._thread is not None:
            self._thread.join()

    def answer(self, request: Request) -> tuple[Answer | None, Fault | None]:
        """Return what to send (None: close the connection) and the fault that had a hand in it."""
        with self._lock:
            self.requests.append(request)
            fault = self._fault(request)
            kind = fault.kind if fault is not None else ""
            if self.down or kind in {"refuse", "before"}:
                return None, fault
            if kind == "html":
                return Answer(200, PORTAL, {"Content-Type": "text/html"}), fault
            if kind == "redirect":
                return Answer(302, None, {"Location": "https://portal.example.net/login"}), fault
            if kind == "status" and fault is not None:
                return fault.answer, fault
            real = self.handle(request)
            if kind == "twice":
                real = self.handle(request)
            real.headers = {**self.headers(), **real.headers}
        if fault is None or kind == "twice":
            return real, fault
        return self._spoiled(real, fault), fault

    def _spoiled(self, real: Answer, fault: Fault) -> Answer | None:
        match fault.kind:
            case "after":
                return None
            case "html_after":
                return Answer(200, PORTAL, {"Content-Type": "text/html"})
            case "status_after":
                return fault.answer
            case "stall":
                time.sleep(fault.seconds)
                return real
        return real

    def _fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.when(request):
                fault.left -= 1
                if fault.left <= 0:
                    self.faults.remove(fault)
                return fault
        return None


def _handler(server: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
            request = Request(self.command, parts.path, query, dict(self.headers.items()), body)
            answer, fault = server.answer(request)
            if answer is None:
                self._reset()
                return
            content = answer.encoded()
            self.send_response_only(answer.status)
            self.send_header("Date", format_datetime(server.now(), usegmt=True))
            for name, value in {"Content-Type": "application/json; charset=utf-8", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if fault is not None and fault.kind == "truncate":
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                self._reset()
                return
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

        def _reset(self) -> None:
            """Close with a reset, as a broken line does."""
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()

        @override
        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, BrokenPipeError, OSError, ValueError):
                self.close_connection = True

        @override
        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                return

        @override
        def log_message(self, format: str, *args: Any) -> None:
            return

    return Handler


def on(*, method: str = "", part: str = "", body: str = "") -> Callable[[Request], bool]:
    """Return a choice of requests: by method, part of the path and part of the body."""

    def chosen(request: Request) -> bool:
        fits = (not method or request.method == method) and part in request.path
        return fits and (not body or body.encode() in request.body)

    return chosen


def many(count: int, made: Callable[[], Fault]) -> Iterable[Fault]:
    """Return the same fault a number of times."""
    return [made() for _ in range(count)]
