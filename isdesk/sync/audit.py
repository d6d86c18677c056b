"""Whether what was acknowledged is really there: by keys, after every hello and thoroughly once a day (SYNC E6, E13).

A hub that was restored to an earlier state says so by its epoch or its head; where it cannot, the newest acknowledged
keys tell. Whatever is missing is offered again under its own key.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from isdesk.store import Tx, mirror

SAMPLE = 20
"""Newest acknowledged keys asked for in every round."""
HORIZON = timedelta(days=30)
"""How far back the daily audit looks."""
EVERY = timedelta(hours=24)

_OBJ = "audit"


def due(tx: Tx, adapter: str, now: datetime) -> bool:
    """Return whether the daily audit is to be made."""
    last = mirror.position(tx, adapter, _OBJ, "").idset_at
    return last is None or now - last >= EVERY


def done(tx: Tx, adapter: str, now: datetime, *, asked: int, lost: int) -> None:
    """Note an audit and what it found."""
    mirror.listed(tx, adapter, _OBJ, "", at=now, audit={"asked": asked, "lost": lost})
