"""How much of a file is taken in at most: generous for real lists, small enough for a desk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on a file that comes in; sizes are bytes."""

    size: int = 200 << 20
    unpacked: int = 600 << 20
    parts: int = 10_000
    rows: int = 300_000
    columns: int = 500
    area: int = 12_000_000
    """Cells of one sheet, blank ones between included."""
    cell: int = 32_767
    """Characters of one cell: what Excel holds."""
    text: int = 500
    """Characters of a one-line field."""
    long_text: int = 20_000
    """Characters of a field of several lines."""


DEFAULT = Limits()
