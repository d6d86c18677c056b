"""Cells of tables that come in as plain text: without the guard against formulas, and no formula ever run."""

from __future__ import annotations

import re

from isdesk.domain.formulas import guard, unguard

__all__ = ["SPECIAL", "guard", "plain", "unguard"]

_FORMULA_TEXT = re.compile(r'="([^"]*)"')
SPECIAL = frozenset("'=")
"""First characters of the cells that `plain` may change."""


def plain(text: str) -> str:
    """Return a cell of a CSV file as plain text: guard off; ``="0312345678"`` is the text between its quotes.

    Any other formula stays the text it is; nothing is ever calculated.
    """
    if text[:1] == "'":
        return unguard(text)
    match = _FORMULA_TEXT.fullmatch(text)
    return match.group(1) if match else text
