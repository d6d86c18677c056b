"""How values are written in the database: instants as microseconds, facts as canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from isdesk.domain.changes import Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
_decode = json.JSONDecoder().decode


def micros(at: datetime) -> int:
    """Return an aware time as microseconds since 1970-01-01T00:00Z.

    Raises ValueError for a naive time: nobody could say which instant it means.
    """
    if at.tzinfo is None:
        msg = "a naive time cannot be stored"
        raise ValueError(msg)
    return (at - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """Return the aware UTC time of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def micros_or_none(at: datetime | None) -> int | None:
    """Return `micros` of a time that may be unknown."""
    return None if at is None else micros(at)


def instant_or_none(value: int | None) -> datetime | None:
    """Return `instant` of a column that may be NULL."""
    return None if value is None else instant(value)


def dumps(value: object) -> str:
    """Return canonical JSON: sorted keys, no spaces, no escapes; equal values give equal bytes (SYNC I5)."""
    return _encode(value)


def loads(text: str) -> dict[str, Value]:
    """Return the JSON object in ``text``."""
    return cast("dict[str, Value]", _decode(text))


def loads_any(text: str) -> Value:
    """Return the JSON value in ``text``."""
    return cast("Value", _decode(text))


def apply(facts: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    """Return ``facts`` with ``after`` laid over it; None removes a field, so that nothing empty is ever kept."""
    merged = dict(facts)
    for code, value in after.items():
        if value is None:
            merged.pop(code, None)
        else:
            merged[code] = value
    return merged


def shown(facts: Mapping[str, Value]) -> bool:
    """Return whether the projection has a row for these facts: something is known, and not deleted or merged away."""
    return bool(facts) and facts.get("deleted") is not True and not facts.get("merged_into")
