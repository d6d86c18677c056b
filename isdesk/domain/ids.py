"""Identifiers as types; every one is a UUIDv7 string made on the device that first wrote the thing."""

from __future__ import annotations

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
    return str(UUID(int=value))
