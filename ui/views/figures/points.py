"""What a click on a picture opens, without anything that draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Point:
    """The records of a figure: of some days (None: of the page's period), of a group, of a weekday (Monday = 0)."""

    figure: str
    first: date | None = None
    last: date | None = None
    by: str = "team"
    key: str = "team"
    weekday: int | None = None
