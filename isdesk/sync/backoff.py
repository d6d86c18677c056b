"""How long to wait before trying again (SYNC E8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

FIRST_S = 2.0
LONGEST_S = 15 * 60.0
POISON = 8
"""Attempts after which a command that fails while others succeed goes to a person (SYNC E2)."""


def jitter(rng: Random, attempts: int) -> float:
    """Return seconds: full jitter over a span that doubles with every attempt, at most a quarter of an hour."""
    return rng.uniform(0.0, min(LONGEST_S, FIRST_S * 2 ** min(attempts, 16)))


def later(rng: Random, now: datetime, attempts: int, asked: float | None = None) -> datetime:
    """Return the instant of the next try; what the CRM asked for (seconds) wins."""
    return now + timedelta(seconds=asked if asked is not None else jitter(rng, attempts))
