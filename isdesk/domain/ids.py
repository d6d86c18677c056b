"""Identifiers as types; every one is a UUIDv7 string made on the device that first wrote the thing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NewType
from uuid import UUID

LeadId = NewType("LeadId", str)
CompanyId = NewType("CompanyId", str)
TouchId = NewType("TouchId", str)
TransitionId = NewType("TransitionId", str)
HandoffId = NewType("HandoffId", str)
JournalId = NewType("JournalId", str)
MemberId = NewType("MemberId", str)
DeviceId = NewType("DeviceId", str)
DialId = NewType("DialId", str)

_RANDOM_BYTES = 10
_VERSION = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(unix_ms: int, random: bytes) -> str:
    """Return an RFC 9562 version 7 UUID for ``unix_ms`` (milliseconds) and 10 bytes of randomness.

    Raises ValueError where ``random`` is not exactly 10 bytes long.
    """
    if len(random) != _RANDOM_BYTES:
        msg = f"uuid7 needs {_RANDOM_BYTES} random bytes, got {len(random)}"
        raise ValueError(msg)
    tail = int.from_bytes(random, "big")
    value = (unix_ms & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def made_at(identifier: str) -> datetime | None:
    """Return the instant at which a UUIDv7 was made (to the millisecond); None for any other identifier."""
    try:
        value = UUID(identifier)
    except ValueError:
        return None
    if value.version != _VERSION:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=value.int >> 80)
    except OverflowError:
        return None
