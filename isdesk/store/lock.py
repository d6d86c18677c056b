"""Lets one process of a profile do a thing at a time; the system lets go of it when the process ends, however."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def only_one(database: Path, what: str = "sync") -> Iterator[bool]:
    """Hold the lock of the database at ``database`` for the block; gives False where another process, or another
    thread of this one, holds it. ``what`` names what is done: ``sync`` | ``mail``.
    """
    handle = os.open(database.with_name(f"{database.name}.{what}"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _take(handle)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
