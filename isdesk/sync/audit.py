"""When it is looked whether what was acknowledged is really there, and what was found the last time (SYNC E6, E13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from isdesk.domain.changes import Value
from isdesk.store import Tx, mirror

SAMPLE = 20
"""Newest acknowledged keys asked for in every round."""
MANY = 3
"""Fewer keys than this may be missing because somebody removed them in the CRM; more, and most, is a restore."""
AFTER_RESTORES = 3
"""So often a restore may offer the same again to a CRM in which people remove what they do not want."""
HORIZON = timedelta(days=30)
"""How far back the daily audit looks."""
KEPT = timedelta(days=90)
"""How long it is kept what was sent instead of a fact itself."""
EVERY = timedelta(hours=24)


def due(tx: Tx, adapter: str, now: datetime) -> bool:
    """Return whether the daily audit is to be made."""
    last = mirror.audited(tx, adapter)
    return last is None or now - last >= EVERY


def done(tx: Tx, adapter: str, now: datetime, figures: Mapping[str, Value]) -> None:
    """Note an audit and what it found."""
    mirror.listed(tx, adapter, mirror.AUDIT, "", at=now, audit=dict(figures))
