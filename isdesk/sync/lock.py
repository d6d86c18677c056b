"""Lets one process of a profile sync at a time; the operating system lets go of it when the process ends, however."""

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
def only_one(database: Path) -> Iterator[bool]:
    """Hold the sync lock of the database at ``database`` for the block; gives False where another one holds it."""
    handle = os.open(database.with_name(database.name + ".sync"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _take(handle)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)
