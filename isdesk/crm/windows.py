"""Cursors over time stamps: windows that overlap, keyset pages within, and a high-water mark that never runs ahead.

A stamp is not an order of commits: a row may become visible after a later stamp was read (SYNC E3). So a window begins
``overlap`` before the high-water mark and ends ``lag`` before the CRM's own clock; rows come in the order (stamp, id)
from the last one seen; and the mark moves to the newest stamp seen, at most to the window's end, never by a clock of
ours. The whole state is the cursor's text, saved with the rows, so that a page goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from isdesk.crm.converting import instant
from isdesk.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Window:
    """Where a pull stands. All instants are RFC 3339 text of the CRM's clock, empty where unknown.

    ``high``: the high-water mark. ``start`` (inclusive) and ``end`` (exclusive; empty: open) bound the window that is
    being read; ``at`` and ``last`` are stamp and id of the last row read in it; ``top`` the newest stamp seen in it.
    ``running``: whether a window is being read.
    """

    high: str = ""
    start: str = ""
    end: str = ""
    at: str = ""
    last: str = ""
    top: str = ""
    running: bool = False

    def text(self) -> str:
        """Return the cursor's text."""
        return json.dumps({k: v for k, v in asdict(self).items() if v}, separators=(",", ":"))

    def read(self, rows: Sequence[tuple[str, str]], *, more: bool) -> Window:
        """Return the state after a page of (stamp, id) in order; ``more``: the window holds further rows.

        At the window's end the mark moves and the window is closed.
        """
        at, last = rows[-1] if rows else (self.at, self.last)
        top = max([self.top, *(stamp for stamp, _ in rows)], key=_moment)
        if more:
            return replace(self, at=at, last=last, top=top)
        newest = min((top, self.end), key=_moment) if top and self.end else top
        return Window(high=max(self.high, newest, key=_moment))


def parse(text: str | None) -> Window:
    """Return the window of a cursor's text; None and "" begin at the beginning. Raises BadInput."""
    if not text:
        return Window()
    try:
        return Window(**json.loads(text))
    except (TypeError, ValueError):
        raise BadInput("cursor_unreadable") from None


def begin(window: Window, now: datetime, *, overlap_s: float, lag_s: float = 0.0, bounded: bool = True) -> Window:
    """Return the window to read: the one under way, or a new one as of ``now``, the CRM's own clock.

    ``bounded`` False leaves the end open (a CRM that filters no upper bound).
    """
    if window.running:
        return window
    mark = instant(window.high)
    start = "" if mark is None else (mark - timedelta(seconds=overlap_s)).isoformat()
    end = (now - timedelta(seconds=lag_s)).isoformat() if bounded else ""
    return Window(high=window.high, start=start, end=end, running=True)


def _moment(stamp: str) -> datetime:
    return instant(stamp) or datetime.min.replace(tzinfo=UTC)
