"""How values change between the CRM's form and ours: each way of writing a value is a `Converter`, by name.

A reader never raises: what cannot be understood is nothing (None), and stays as it is in the CRM.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from isdesk.domain.changes import Value
from isdesk.domain.fields import Kind

Read = Callable[[tuple[Any, ...]], Value]
Write = Callable[[Value, int], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Converter:
    """``read`` takes the CRM's values (one for each of its fields), ``write`` gives as many as it is asked for."""

    read: Read
    write: Write


def instant(said: object) -> datetime | None:
    """Return an instant written as RFC 3339, also without ``T`` or zone (none: UTC); None where it is not one."""
    if not isinstance(said, str) or not said:
        return None
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    if at.tzinfo is UTC:
        return at
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)


def one_of(read: Callable[[Any], Value], write: Callable[[Value], Any] = lambda value: value) -> Converter:
    """Return the converter of a value that stands in one field; None is None both ways."""

    def reading(said: tuple[Any, ...]) -> Value:
        return None if said[0] is None or said[0] == "" else read(said[0])

    def writing(value: Value, wide: int) -> tuple[Any, ...]:
        return (None if value is None else write(value), *((None,) * (wide - 1)))

    return Converter(reading, writing)


def _text(said: Any) -> Value:
    return str(said) if not isinstance(said, bool) else None


def _int(said: Any) -> Value:
    try:
        return int(float(said))
    except (TypeError, ValueError, OverflowError):
        return None


def _bool(said: Any) -> Value:
    return said.strip().casefold() in {"true", "1", "yes", "はい"} if isinstance(said, str) else bool(said)


def _date(said: Any) -> Value:
    try:
        return date.fromisoformat(str(said)[:10]).isoformat()
    except ValueError:
        return None


def _datetime(said: Any) -> Value:
    at = instant(said)
    return None if at is None else at.isoformat()


def _read_name(said: tuple[Any, ...]) -> Value:
    return " ".join(str(part).strip() for part in said if part) or None


def _write_name(value: Value, wide: int) -> tuple[Any, ...]:
    """Return family name and the rest; the family name comes first, as in Japan."""
    words = str(value or "").replace("\u3000", " ").split(None, wide - 1)
    return (*words, *((None,) * (wide - len(words))))


STANDARD: Final[Mapping[str, Converter]] = {
    "text": one_of(_text, str),
    "int": one_of(_int),
    "bool": Converter(
        lambda said: _bool(said[0]) or None, lambda value, wide: (value is True, *((None,) * (wide - 1)))
    ),
    "date": one_of(_date),
    "datetime": one_of(_datetime),
    "person_name": Converter(_read_name, _write_name),
}
"""The converters that every adapter has; an adapter adds its own (``{**STANDARD, ...}``)."""

_USUAL: Final = {Kind.INT: "int", Kind.BOOL: "bool", Kind.DATE: "date", Kind.DATETIME: "datetime"}


def usual(kind: Kind) -> str:
    """Return the name of the converter that a field of ours has unless the map says otherwise."""
    return _USUAL.get(kind, "text")
