"""The guard against formulas in spreadsheets: added where a table leaves the program, taken off where one comes in.

A spreadsheet runs a cell that begins with ``= + - @`` (OWASP, CSV Injection); Japanese input methods make the
full-width forms, which some programs run as well. One ``'`` in front makes it text. `unguard` takes off exactly that
one, so that what is written and read again is what it was.
"""

from __future__ import annotations

import re

_NEEDS = re.compile("'*(?:[\t\r\n]|[ \\u3000\ufeff\"]*[=+\\-@＝＋－＠\t\r\n])")
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
SPECIAL = frozenset("'=")
"""First characters of the cells that `plain` may change."""


def guard(text: str) -> str:
    """Return ``text`` as it may stand in a CSV cell."""
    return "'" + text if _NEEDS.match(text) else text


def unguard(text: str) -> str:
    """Return ``text`` without the guard, where it has one."""
    return text[1:] if text[:1] == "'" and _NEEDS.match(text) else text


def plain(text: str) -> str:
    """Return a cell of a CSV file as plain text: guard off; ``="0312345678"`` is the text between its quotes.

    Any other formula stays the text it is; nothing is ever calculated.
    """
    if text[:1] == "'":
        return unguard(text)
    match = _FORMULA_TEXT.fullmatch(text)
    return match.group(1) if match else text
