"""The Cardbox server: cards in memory and as lines of JSON in a file, over plain HTTP; and faults, for tests.

Every write counts ``seq`` on; a key is written once; a card written on an old ``seq`` is stale.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from typing_extensions import override

LONGEST = 100_000
READING = ("/me", "/people", "/find")
PAGE = b"<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"

Card = dict[str, Any]


class Box:
    """The cards and who may see them. ``tokens``: token → person."""

    def __init__(self, file: Path, tokens: dict[str, Card]) -> None:
        self.file = file
        self.tokens = tokens
        self.cards: dict[str, Card] = {}
        self.name = uuid4().hex
        self.seq = 0
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
            card = json.loads(line)
            self.cards[card["id"]] = card
            self.seq = max(self.seq, int(card["seq"]))

    def keep(self, card: Card) -> Card:
        """Write a card."""
        self.seq += 1
        card["seq"] = str(self.seq)
        self.cards[card["id"]] = card
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(card, ensure_ascii=False) + "\n")
        return card

    def put(self, wanted: Card) -> Card:
        """Make or change a card; returns it with ``made``, or what speaks against it as ``error``."""
        if any(isinstance(value, str) and len(value) > LONGEST for value in wanted["data"].values()):
            return {"error": f"a text holds {LONGEST} letters at most"}
        if not wanted.get("id"):
            known = next((c for c in self.cards.values() if c["key"] == wanted["key"] and c["key"]), None)
            if known is not None:
                return {**known, "made": False}
            lead = self.cards.get(wanted.get("lead") or "")
            if wanted["kind"] == "touch" and (lead is None or lead["gone"]):
                return {"error": "gone"}
            made = {"id": uuid4().hex[:12], "kind": wanted["kind"], "key": wanted["key"], "lead": wanted.get("lead")}
            return {**self.keep({**made, "gone": False, "data": _clean(wanted["data"])}), "made": True}
        card = self.cards.get(wanted["id"])
        if card is None or card["gone"]:
            return {"error": "gone"}
        if wanted.get("seq") not in (None, card["seq"]):
            return {**card, "error": "stale"}
        return {**self.keep({**card, "data": _clean({**card["data"], **wanted["data"]})}), "made": False}

    def after(self, query: dict[str, str]) -> list[Card]:
        """Return the cards of a kind written after a ``seq``, oldest first."""
        seq = int(query["after"])
        found = [c for c in self.cards.values() if c["kind"] == query["kind"] and int(c["seq"]) > seq]
        if "owner" in query:
            found = [c for c in found if c["data"].get("owner_id") == query["owner"]]
        return sorted(found, key=lambda card: int(card["seq"]))[: int(query["limit"])]

    def find(self, what: Card) -> list[Card]:
        """Return cards by ids, by keys or by lead."""
        found = [c for c in self.cards.values() if what.get("kind") in {None, c["kind"]}]
        for name, code in (("ids", "id"), ("keys", "key")):
            if name in what:
                found = [c for c in found if c[code] in what[name]]
        return [c for c in found if c["lead"] == what["lead"]] if "lead" in what else found


def _clean(data: Card) -> Card:
    return {code: value for code, value in data.items() if value not in (None, "")}


class Server:
    """Serves a box on loopback. ``faults`` are (kind, ``write`` | ``read`` | ``any``, Retry-After), the next first."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.faults: list[tuple[str, str, float | None]] = []
        self.ahead = timedelta()
        self.lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the origin."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def now(self) -> datetime:
        """Return the server's clock."""
        return datetime.now(UTC) + self.ahead

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def fault(self, *, writes: bool) -> tuple[str, float | None]:
        """Take the fault that lies in wait for a request like this."""
        for one in self.faults:
            if one[1] in {"any", "write" if writes else "read"}:
                self.faults.remove(one)
                return one[0], one[2]
        return "", None

    def answer(self, path: str, query: dict[str, str], body: Any, person: Card) -> Any:
        """Return what a request comes to."""
        routes: dict[str, Callable[[], Any]] = {
            "/me": lambda: {**person, "box": self.box.name, "seq": self.box.seq, "now": self.now().isoformat()},
            "/people": lambda: list(self.box.tokens.values()),
            "/find": lambda: self.box.find(body),
            "/cards": lambda: self.box.after(query) if body is None else self._put(body["cards"]),
        }
        return routes[path]()

    def _put(self, cards: list[Card]) -> Card:
        return {"cards": [self.box.put(one) for one in cards]}


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            person = server.box.tokens.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
            writes = parts.path not in READING and body is not None
            with server.lock:
                kind, wait = server.fault(writes=writes)
                if person is None:
                    self._say(401, {"error": "unknown token"})
                    return
                if self._instead(kind, wait, body):
                    return
                data = server.answer(parts.path, dict(parse_qsl(parts.query)), body, person)
            self._after(kind, data)

        do_GET = do_POST = _serve  # noqa: N815

        def _instead(self, kind: str, wait: float | None, body: Any) -> bool:
            """Do what a fault does before the request is carried out; returns whether that was all."""
            match kind:
                case "lost_before":
                    self._reset()
                case "html":
                    self._page()
                case "error":
                    self._say(500, {"error": "down"})
                case "busy":
                    self._say(429, {"error": "slower"}, {"Retry-After": f"{wait:g}"} if wait is not None else {})
                case "redirect":
                    self._say(302, None, {"Location": "https://portal.example.net/"})
                case "partial":
                    body["cards"][0]["data"]["note"] = "x" * (LONGEST + 1)
                    return False
                case _:
                    return False
            return True

        def _after(self, kind: str, data: Any) -> None:
            match kind:
                case "lost_after":
                    self._reset()
                case "html_after":
                    self._page()
                case "error_after":
                    self._say(502, {"error": "down"})
                case "truncated":
                    self._say(200, data, part=0.5)
                case "timeout_after":
                    time.sleep(1.0)
                    self._say(200, data)
                case _:
                    self._say(200, data)

        def _say(self, status: int, data: Any, more: dict[str, str] | None = None, part: float = 1.0) -> None:
            content = b"" if data is None else json.dumps(data).encode()
            self._send(status, content, {"Content-Type": "application/json", **(more or {})}, part)

        def _page(self) -> None:
            self._send(200, PAGE, {"Content-Type": "text/html"})

        def _send(self, status: int, content: bytes, headers: dict[str, str], part: float = 1.0) -> None:
            self.send_response_only(status)
            said = {"Date": format_datetime(server.now(), usegmt=True), "Content-Length": str(len(content)), **headers}
            for name, value in said.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: int(len(content) * part)])
            if part < 1:
                self.wfile.flush()
                self._reset()

        def _reset(self) -> None:
            """Close with a reset, as a broken line does."""
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        @override
        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):
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
