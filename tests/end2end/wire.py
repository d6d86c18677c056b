"""A loopback wire to a PostgreSQL server that can be cut and joined again, as a network is lost and found."""

from __future__ import annotations

import selectors
import socket
import threading
from pathlib import Path

from tests.channels.phones import free_port
from tests.postgres import Server

_CHUNK = 65_536


class Wire:
    """Carries bytes between a TCP port of this machine and a server's own socket while it is not cut."""

    def __init__(self, server: Server) -> None:
        self._behind = server.folder / ".s.PGSQL.5432"
        self._thread: threading.Thread | None = None
        self._bell: socket.socket | None = None
        self.carried = 0
        self.port = free_port()
        self.join()

    def url(self, address: str) -> str:
        """Return the address of a database of the server, over this wire."""
        name = address.split("@/", 1)[1].partition("?")[0]
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def join(self) -> None:
        """Let connections through from now on."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen(16)
        hear, self._bell = socket.socketpair()
        self._thread = threading.Thread(target=self._carry, args=(door, hear), name="wire")
        self._thread.start()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        if self._thread is None or self._bell is None:
            return
        self._bell.close()
        self._thread.join()
        self._thread = self._bell = None

    def _carry(self, door: socket.socket, hear: socket.socket) -> None:
        other: dict[socket.socket, socket.socket] = {}
        with selectors.DefaultSelector() as ready:
            ready.register(door, selectors.EVENT_READ)
            ready.register(hear, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    end = key.fileobj
                    assert isinstance(end, socket.socket)
                    if end is hear:
                        for left in (door, hear, *other):
                            left.close()
                        return
                    if end is door:
                        self._meet(door, ready, other)
                    elif end in other:
                        self._pass_on(end, ready, other)

    def _meet(
        self, door: socket.socket, ready: selectors.BaseSelector, other: dict[socket.socket, socket.socket]
    ) -> None:
        near, _ = door.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(str(Path(self._behind)))
        other[near], other[far] = far, near
        for end in (near, far):
            ready.register(end, selectors.EVENT_READ)

    def _pass_on(
        self, end: socket.socket, ready: selectors.BaseSelector, other: dict[socket.socket, socket.socket]
    ) -> None:
        try:
            data = end.recv(_CHUNK)
            if data:
                other[end].sendall(data)
                self.carried += len(data)
                return
        except OSError:
            pass
        for gone in (end, other[end]):
            ready.unregister(gone)
            gone.close()
            other.pop(gone)
