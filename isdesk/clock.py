"""Time and fresh identifiers behind two small protocols, so that every rule can be driven by a test."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from isdesk.domain.ids import uuid7

TOKYO = ZoneInfo("Asia/Tokyo")
"""The zone of the business day (GLOSSARY, KPI rule e)."""


class Clock(Protocol):
    """Where the program asks what time it is."""

    def now(self) -> datetime:
        """Return the present instant as an aware UTC time."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back (for back-off and durations)."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the monotonic clock in seconds."""
        return time.monotonic()


class ShiftedClock:
    """The machine's clock, set to begin at another instant: to look at a demo's working day at any hour."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the shifted instant, UTC."""
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        """Return the monotonic clock in seconds."""
        return time.monotonic()


class Ids(Protocol):
    """Where fresh identifiers come from."""

    def new(self) -> str:
        """Return a fresh UUIDv7."""
        ...


class SystemIds:
    """UUIDv7 from a clock and the operating system's randomness."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> str:
        """Return a fresh UUIDv7."""
        return uuid7(int(self._clock.now().timestamp() * 1000), os.urandom(10))
