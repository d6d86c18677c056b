"""Several values in one line, parted by 、: one that holds a mark of its own stands in quotes, so that it stays one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKS = "、,,"
_SPECIAL = re.compile(rf'[{_MARKS}"]')
_ITEM = re.compile(rf'\s*"((?:[^"]|"")*)"\s*(?=[{_MARKS}]|\Z)|([^{_MARKS}]*)')


def joined(values: Iterable[str]) -> str:
    """Return values as they are shown and typed in one line."""
    return "、".join(_quoted(one) for one in values)


def _quoted(value: str) -> str:
    plain = value and value == value.strip() and not _SPECIAL.search(value)
    return value if plain else '"' + value.replace('"', '""') + '"'


def parted(text: str) -> list[str]:
    """Return the values of a line; empty ones that are not in quotes are left out."""
    out: list[str] = []
    at = 0
    while at <= len(text):
        found = _ITEM.match(text, at)
        if found is None:
            break
        quoted, plain = found.groups()
        if quoted is not None:
            out.append(quoted.replace('""', '"'))
        elif plain.strip():
            out.append(plain.strip())
        at = found.end() + 1
    return out
