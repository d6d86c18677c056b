"""A wire to a PostgreSQL server that can be cut: before a statement reaches it, or after it was carried out."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

from isdesk.crm.contract import Absent

SOCKET = ".s.PGSQL.5432"
KINDS = {"lost_before", "lost_after", "truncated"}
_COMMIT, _READS = b"COMMIT", b"FROM record"
_WRITES = (b"INSERT INTO", b"UPDATE record", b"DELETE FROM")


class Wire:
    """Passes bytes on between a client and the server's socket, until it is told to fail.

    A ``write`` fault waits for the next COMMIT of a transaction that wrote, a ``read`` fault for the next statement
    that reads records.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="isdesk-wire-"))
        self._server = ""
        self._faults: list[tuple[str, str]] = []
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / SOCKET))
        self._listener.listen()
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        """Cut everything."""
        if self._listener is not None:
            self._hang_up(self._listener)
        with self._lock:
            left = list(self._open)
        for one in left:
            self._hang_up(one)
        for thread in self._threads:
            thread.join(5)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, straight: str) -> str:
        """Return the address of the same database through this wire."""
        parts = urlsplit(straight)
        self._server = str(Path(parse_qs(parts.query)["host"][0]) / SOCKET)
        return parts._replace(query=f"host={self.folder}").geturl()

    def fail(self, kind: str, *, on: str, count: int) -> None:
        """Let the next ``count`` statements fail so."""
        if kind not in KINDS:
            raise Absent(f"a database has no {kind}")
        self._faults += [(kind, on)] * count

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while self._listener is not None:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            with self._lock:
                self._open += [client, server]
            cut = threading.Event()
            self._start(self._up, client, server, cut)
            self._start(self._down, server, client, cut)

    def _up(self, client: socket.socket, server: socket.socket, cut: threading.Event) -> None:
        """Carry what the client says; ``cut`` set: the answer is not to be heard."""
        wrote = False
        with suppress(OSError):
            while said := client.recv(65536):
                commits = _COMMIT in said
                wrote = wrote or any(word in said for word in _WRITES)
                fault = self._fault("write" if commits and wrote else "read" if _READS in said else "")
                wrote = wrote and not commits
                if fault == "lost_before":
                    break
                if fault is not None:
                    cut.set()
                server.sendall(said)
        self._hang_up(server)
        self._hang_up(client)

    def _down(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        """Carry what the server says, or hear that it is done and hang up."""
        with suppress(OSError):
            while said := server.recv(65536):
                if cut.is_set():
                    break
                client.sendall(said)
        self._hang_up(client)
        self._hang_up(server)

    def _fault(self, does: str) -> str | None:
        with self._lock:
            for one in self._faults if does else ():
                kind, on = one
                if on in {does, "any"}:
                    self._faults.remove(one)
                    return kind
        return None

    @staticmethod
    def _hang_up(one: socket.socket) -> None:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
