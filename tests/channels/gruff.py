"""A line to a real IMAP server (dovecot) on which some commands are refused, as a server does that has trouble."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import trustme

from tests.channels.mailbox import Mailbox


@dataclass
class Gruff:
    """What is refused: a command that ``refuses`` matches gets the answer ``says``; ``refused`` are those that did."""

    port: int
    refuses: str = ""
    says: str = "NO [SERVERBUG] Internal error occurred"
    refused: list[str] = field(default_factory=list)

    def answer(self, line: bytes) -> bytes | None:
        """Return the answer to a command that is refused; None to one that the server gets."""
        text = line.decode("ascii", "replace").strip()
        if not self.refuses or not re.search(self.refuses, text):
            return None
        self.refused.append(text)
        return f"{text.partition(' ')[0]} {self.says}\r\n".encode()


@contextmanager
def between(authority: trustme.CA, box: Mailbox) -> Iterator[Gruff]:
    """Stand before a mailbox, on a port of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    door = socket.create_server(("127.0.0.1", 0))
    gruff = Gruff(door.getsockname()[1])

    def come() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=_serve, args=(gruff, context, box, line), daemon=True).start()

    threading.Thread(target=come, daemon=True).start()
    try:
        yield gruff
    finally:
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()


def _serve(gruff: Gruff, context: ssl.SSLContext, box: Mailbox, line: socket.socket) -> None:
    """Carry one line, command by command with all that the server says to it, until either side goes."""
    with suppress(OSError):
        far = box.context.wrap_socket(socket.create_connection(("localhost", box.port)), server_hostname="localhost")
        with context.wrap_socket(line, server_side=True) as near, far:
            commands, answers = near.makefile("rb"), far.makefile("rb")
            near.sendall(answers.readline())
            for command in commands:
                refused = gruff.answer(command)
                if refused is not None:
                    near.sendall(refused)
                    continue
                far.sendall(command)
                tag = command.partition(b" ")[0] + b" "
                for answer in answers:
                    near.sendall(answer)
                    if answer.startswith(tag):
                        break
