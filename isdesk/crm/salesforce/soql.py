"""SOQL as text: literals that cannot break out of their quotes, lists, instants, and the WHERE of a keyset page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any, Final
from unicodedata import category

from isdesk.crm.converting import instant
from isdesk.crm.windows import Window
from isdesk.domain.errors import BadInput

CHUNK: Final = 200
"""Ids of an IN list: with its fields a query stays well below the 16,384 bytes of address and headers."""

_ESCAPES: Final = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}


def text(value: str) -> str:
    """Return a string literal (SOQL reference, "Quoted String Escape Sequences")."""
    return "'" + "".join(_ESCAPES.get(c, "" if category(c) == "Cc" else c) for c in value) + "'"


def like(prefix: str) -> str:
    """Return the literal of a LIKE for values that begin with ``prefix``."""
    return text(prefix)[:-1].replace("%", "\\%").replace("_", "\\_") + "%'"


def among(values: Iterable[str]) -> str:
    """Return the list of an IN; it must not be empty."""
    return "(" + ",".join(text(v) for v in values) + ")"


def stamp(at: str) -> str:
    """Return a dateTime literal, which has no quotes. ``at`` is RFC 3339 or the CRM's own form. Raises BadInput."""
    moment = instant(at)
    if moment is None:
        raise BadInput("cursor_unreadable")
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def select(fields: Iterable[str], table: str, where: str = "", order: str = "", limit: int | None = None) -> str:
    """Return a query; each field once."""
    parts = [f"SELECT {','.join(dict.fromkeys(fields))} FROM {table}"]
    parts += [f"WHERE {where}"] if where else []
    parts += [f"ORDER BY {order}"] if order else []
    parts += [f"LIMIT {limit}"] if limit is not None else []
    return " ".join(parts)


def both(*conditions: str) -> str:
    """Return the conjunction of the conditions that are not empty.

    Only an OR goes into parentheses: a semi-join must stand at the top of a WHERE (SOQL reference, "Comparison
    Operators", semi-joins).
    """
    found = [c for c in conditions if c]
    return found[0] if len(found) == 1 else " AND ".join(f"({c})" if _parted(c) else c for c in found)


def _parted(condition: str) -> bool:
    """Return whether a condition has an OR that stands in no parentheses (texts in quotes apart)."""
    depth = 0
    for part in re.split(r"('(?:[^'\\]|\\.)*'|[()])", condition):
        depth += (part == "(") - (part == ")")
        if depth == 0 and not part.startswith("'") and " OR " in part:
            return True
    return False


def within(window: Window) -> str:
    """Return the condition of the next keyset page of a window, by (SystemModstamp, Id)."""
    parts = []
    if window.at:
        at = stamp(window.at)
        parts.append(f"SystemModstamp > {at} OR (SystemModstamp = {at} AND Id > {text(window.last)})")
    elif window.start:
        parts.append(f"SystemModstamp >= {stamp(window.start)}")
    if window.end:
        parts.append(f"SystemModstamp < {stamp(window.end)}")
    return both(*parts) if parts else ""


def chunks(values: Sequence[str], size: int = CHUNK) -> Iterator[Sequence[str]]:
    """Yield the values in lists of at most ``size``, each value once."""
    once = list(dict.fromkeys(values))
    for begin in range(0, len(once), size):
        yield once[begin : begin + size]


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the fields of its parents under dotted names (``ConvertedContact.Phone``)."""
    record.pop("attributes", None)
    for parent in [name for name, value in record.items() if isinstance(value, dict)]:
        record |= {f"{parent}.{name}": value for name, value in flat(record.pop(parent)).items()}
    return record
