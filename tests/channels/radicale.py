"""A real CalDAV server on loopback: radicale with one person's password, in a thread of the test."""

from __future__ import annotations

import logging
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from typing_extensions import override

USER, PASSWORD = "is", "correct horse"


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        del format, args


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = True


class Radicale:
    """The server: ``url`` of the account; ``before`` is called with (method, path) ahead of every request.

    What it returns is answered instead (``500 Broken``); where ``after`` returns something, the answer gets lost.
    """

    def __init__(self, folder: Path) -> None:
        radicale = pytest.importorskip("radicale", reason="radicale is not installed")
        config = pytest.importorskip("radicale.config")
        logging.getLogger("radicale").propagate = False  # it warns of what the tests do to it on purpose
        users = folder / "users"
        users.write_text(f"{USER}:{PASSWORD}\n", "utf-8")
        wanted = config.load()
        wanted.update(
            {
                "auth": {
                    "type": "htpasswd",
                    "htpasswd_filename": str(users),
                    "htpasswd_encryption": "plain",
                    "delay": "0",
                },
                "storage": {"filesystem_folder": str(folder / "collections")},
                "logging": {"level": "critical"},
            },
            "test",
        )
        self._application = radicale.Application(wanted)
        self.before: Callable[[str, str], str | None] = lambda method, path: None
        self.after: Callable[[str, str], str | None] = lambda method, path: None
        self.no_etag = ""
        """``header``: ETag is left out of answers, as some proxies do; ``at_all``: it cannot be asked for either."""
        self.spoiled: tuple[bytes, bytes] | None = None
        """What is answered instead of what, as long as it: other servers keep events that nobody can read."""
        self.requests: list[tuple[str, str]] = []
        self._server = make_server("127.0.0.1", 0, self._answer, _Server, _Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        self.requests.append((method, path))
        forced = self.before(method, path)
        if forced is not None:
            start_response(forced, [("Content-Length", "0")])
            return [b""]
        if self.no_etag or self.spoiled:
            environ.pop("HTTP_ACCEPT_ENCODING", None)
        answer: Iterable[bytes] = self._application(environ, self._without(start_response))
        if self.no_etag == "at_all":
            answer = [part.replace(b"getetag", b"nothing") for part in answer]
        if self.spoiled is not None:
            right, wrong = self.spoiled
            assert len(right) == len(wrong)
            answer = [part.replace(right, wrong) for part in answer]
        lost = self.after(method, path)
        if lost is not None:
            raise ConnectionAbortedError
        return answer

    def _without(self, start_response: Callable[..., Any]) -> Callable[..., Any]:
        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            return start_response(status, [one for one in headers if not (self.no_etag and one[0] == "ETag")])

        return start

    def close(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def send(self, method: str, path: str, body: str = "", **headers: str) -> str:
        """Talk to the server as another calendar program does."""
        known = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        asked = Request(
            self.url + path.lstrip("/"),
            body.encode() or None,
            {"Authorization": f"Basic {known}", **headers},
            method=method,
        )
        with urlopen(asked, timeout=10) as answer:
            return str(answer.read().decode())

    def calendar(self, name: str) -> str:
        """Make a calendar; return its address."""
        body = (
            '<?xml version="1.0"?><create xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<resourcetype><collection/><C:calendar/></resourcetype><displayname>{name}</displayname></prop></set></create>"
        )
        self.send("MKCOL", f"{USER}/{name}/", body.replace("create", "mkcol"))
        return f"{self.url}{USER}/{name}/"

    def event(self, calendar: str, uid: str, start: str, end: str, *more: str) -> None:
        """Put an event onto a calendar, as its owner does."""
        head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//owner//", "BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:secret"]
        when = ["DTSTAMP:20260101T000000Z", f"DTSTART:{start}", f"DTEND:{end}"]
        lines = [*head, *when, *more, "END:VEVENT", "END:VCALENDAR", ""]
        self.send("PUT", f"{USER}/{calendar}/{uid}.ics", "\r\n".join(lines), **{"Content-Type": "text/calendar"})


@contextmanager
def serving(folder: Path) -> Iterator[Radicale]:
    """Return a server that ends with the block."""
    server = Radicale(folder)
    try:
        yield server
    finally:
        server.close()
