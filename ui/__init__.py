"""The window: the Qt front end, thin over the same services as the command line."""

from __future__ import annotations

import sys


def _hold_none() -> None:
    """Keep ``None`` alive under PySide6 on Python 3.11.

    PySide6 6.12 gives away a reference to ``None`` with every call that returns nothing. From Python 3.12 on that is
    harmless (``None`` is immortal); before, the count runs out after some thousand calls and the interpreter aborts
    with "deallocating None". A count that cannot run out is what 3.12 does itself.
    """
    if sys.implementation.name == "cpython" and sys.version_info < (3, 12):
        import ctypes

        ctypes.c_ssize_t.from_address(id(None)).value += sys.maxsize // 2


_hold_none()
