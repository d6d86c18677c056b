"""Keeps a round of sync from being felt at the window, which shares the interpreter with it.

A reader gives the interpreter away and wants it back several times a query; with the usual five milliseconds a turn
that adds up, and a collection over everything that a first pull holds stops all threads for a tenth of a second. So
turns are short while a round runs, and the collector waits until it is over. Measured by
``dev.py bench --only stalls``: the worst read beside a first sync of 100,000 leads was 157 ms without this and 33 ms
with it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

TURN_S: Final = 0.0005
"""Seconds after which a thread that computes hands over to one that waits."""


@contextmanager
def considerate() -> Iterator[None]:
    """Let others have the interpreter often, and collect later, for the block; all is as before afterwards."""
    turn, collecting = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(min(turn, TURN_S))
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(turn)
        if collecting:
            gc.enable()
