"""The guard against formulas in spreadsheets: added where a table leaves the program, taken off where one comes in.

A spreadsheet runs a cell that begins with ``= + - @`` (OWASP, CSV Injection); Japanese input methods make the
full-width forms, which some programs run as well. One ``'`` in front makes it text. `unguard` takes off exactly that
one, so that what is written and read again is what it was.
"""

from __future__ import annotations

import re

_NEEDS = re.compile("'*(?:[\t\r\n]|[ \\u3000\ufeff\"]*[=+\\-@＝＋－＠\t\r\n])")


def guard(text: str) -> str:
    """Return ``text`` as it may stand in a CSV cell."""
    return "'" + text if _NEEDS.match(text) else text


def unguard(text: str) -> str:
    """Return ``text`` without the guard, where it has one."""
    return text[1:] if text[:1] == "'" and _NEEDS.match(text) else text
