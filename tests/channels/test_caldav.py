"""The CalDAV account at its border: it stays on its server, whatever that answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from typing_extensions import override

from isdesk.channels.caldav import CalDav
from isdesk.domain.errors import CalendarError


class Server(HTTPServer):
    """Answers everything alike and keeps what it was asked."""

    status, headers, body = 200, dict[str, str](), b""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.asked.append((self.command, self.headers.get("Authorization")))
        self.send_response(server.status)
        for name, value in {**server.headers, "Content-Length": str(len(server.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(server.body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        del format, args


for verb in ("GET", "PUT", "PROPFIND", "REPORT", "OPTIONS", "DELETE"):
    setattr(Handler, f"do_{verb}", Handler.answer)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def account(server: Server) -> Iterator[CalDav]:
    made = CalDav(server.url, "u", "secret", 5)
    yield made
    made.close()


def test_a_redirect_to_another_server_is_not_followed(server: Server, account: CalDav) -> None:
    with serving() as other:
        server.status, server.headers = 307, {"Location": f"{other.url}x/"}
        place = f"{server.url}cal/"
        for ask in (account.calendars, lambda: account.get(place, "u"), lambda: account.put(place, "u", "x", None)):
            with pytest.raises(CalendarError) as caught:
                ask()
            assert caught.value.code == "calendar_elsewhere"
        assert other.asked == []


@pytest.mark.parametrize("body", [b"", b"<html>Welcome</html>", b"{}", b"\xff\xfe", b"<?xml version='1.0'?><x/>"])
def test_a_page_that_is_no_calendar_is_told(server: Server, account: CalDav, body: bytes) -> None:
    server.body = body
    with pytest.raises(CalendarError) as caught:
        account.calendars()
    assert caught.value.code in {"calendar_no_caldav", "calendar_none_found"}


@pytest.mark.parametrize("status", [429, 503, 507])
def test_a_server_that_is_busy_is_told(server: Server, account: CalDav, status: int) -> None:
    server.status, server.headers = status, {"Retry-After": "1"}
    with pytest.raises(CalendarError) as caught:
        account.get(f"{server.url}cal/", "u")
    assert caught.value.code == "calendar_failed"
    assert len(server.asked) == 1, "nothing is tried twice"
