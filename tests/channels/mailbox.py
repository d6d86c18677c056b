"""A real IMAP server (dovecot) on loopback over TLS, with one mailbox."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from imap_tools import MailBox

from tests.channels.phones import free_port

QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
"""The server goes on in the background; a pipe would be waited for until it ends."""

CONFIG = """
base_dir = {run}/base
protocols = imap
listen = 127.0.0.1
log_path = {run}/log
auth_verbose = yes
auth_failure_delay = 0
ssl = required
ssl_cert = <{run}/server.pem
ssl_key = <{run}/server.pem
mail_location = maildir:{run}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={run}/mail/%u
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


@dataclass
class Mailbox:
    """A running server; `put` delivers a letter as another server would."""

    port: int
    context: ssl.SSLContext
    user: str
    password: str
    log: Path

    def refused(self) -> int:
        """Return how many wrong passwords the server has judged."""
        return self.log.read_text("utf-8").count("Password mismatch")

    def put(self, letter: EmailMessage | bytes, at: datetime) -> None:
        """Put a letter into the inbox; one of bytes may be malformed in any way."""
        raw = letter if isinstance(letter, bytes) else letter.as_bytes()
        with MailBox("localhost", self.port, ssl_context=self.context).login(self.user, self.password) as box:
            box.append(raw, "INBOX", dt=at)

    def unread(self) -> int:
        """Return how many letters nobody has read."""
        with MailBox("localhost", self.port, ssl_context=self.context).login(self.user, self.password) as box:
            return int(box.folder.status("INBOX", ["UNSEEN"])["UNSEEN"])


@contextmanager
def opened(authority: trustme.CA, user: str, password: str) -> Iterator[Mailbox]:
    """Run dovecot, or skip the test where it cannot be run."""
    program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    if program is None:
        pytest.skip("dovecot is not installed (Debian: dovecot-imapd)")
    if os.geteuid() != 0:
        pytest.skip("dovecot needs root to run")
    run = Path(tempfile.mkdtemp(prefix="isdesk-imap-"))
    run.chmod(0o755)
    (run / "mail").mkdir()
    shutil.chown(run / "mail", 65534, 65534)
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(run / "server.pem"))
    port = free_port()
    config = run / "dovecot.conf"
    config.write_text(CONFIG.format(run=run, port=port, password=password), "utf-8")
    subprocess.run([program, "-c", str(config)], check=True, **QUIET)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    try:
        yield Mailbox(port, context, user, password, run / "log")
    finally:
        subprocess.run([program, "-c", str(config), "stop"], check=False, **QUIET)
        shutil.rmtree(run, ignore_errors=True)
