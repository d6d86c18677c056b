"""What the command line prints: one JSON document, or neat tables that know how wide Japanese letters are."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import TextIO

from isdesk.clock import TOKYO

ELLIPSIS = "…"
_NARROWEST = 8


def rfc3339(at: datetime) -> str:
    """Return an instant as RFC 3339 in local time, ``2026-11-24T10:30:00+09:00``."""
    return at.astimezone(TOKYO).isoformat(timespec="seconds")


def jsonable(value: object) -> object:
    """Return a value as JSON has it: times with offset, dataclasses as objects, codes as strings."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(str(item) for item in value)
    if isinstance(value, Iterable):
        return [jsonable(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value.as_posix() if isinstance(value, Path) else str(value)


def width(text: str) -> int:
    """Return how many columns a text takes in a terminal (full-width letters take two, combining marks none)."""
    return sum(_columns(letter) for letter in text)


def fit(text: str, columns: int) -> str:
    """Return the text cut to at most ``columns``, with an ellipsis where something was cut."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for letter in text:
        if used + _columns(letter) > columns - 1:
            break
        kept, used = kept + letter, used + _columns(letter)
    return kept + ELLIPSIS


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return the text filled with blanks to ``columns``; ``right`` aligns it at the right."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def cell(value: object) -> str:
    """Return a value as it stands in a table: local times to the minute, nothing for None, one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, datetime):
        return f"{value.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, (list, tuple)):
        return " ".join(cell(item) for item in value)
    return " ".join(_printable(str(value)).split())


def table(head: Sequence[str], rows: Iterable[Sequence[object]], columns: int | None = None) -> str:
    """Return rows under a head, columns aligned (figures at the right), cut to the terminal where it is one."""
    body = [[cell(value) for value in row] for row in rows]
    figures = [bool(body) and all(_figure(row[i]) for row in body) for i in range(len(head))]
    widths = [max([width(head[i]), *(width(row[i]) for row in body)]) for i in range(len(head))]
    room = columns if columns is not None else _terminal_columns()
    if room:
        _squeeze(widths, room - 2 * (len(head) - 1))
    lines = [[*head], ["─" * w for w in widths], *body]
    return "\n".join(
        "  ".join(pad(fit(text, w), w, right=r) for text, w, r in zip(line, widths, figures, strict=True)).rstrip()
        for line in lines
    )


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Return names and values one under another, the values aligned."""
    shown = [(name, cell(value)) for name, value in pairs]
    widest = max((width(name) for name, _ in shown), default=0)
    return "\n".join(f"{pad(name, widest)}  {value}".rstrip() for name, value in shown)


class Out:
    """Where a verb's result goes. Data goes to standard output, progress to standard error on a terminal only."""

    def __init__(self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.as_json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr

    def result(self, data: Mapping[str, object], human: str) -> None:
        """Print the one JSON document, or else the text for people."""
        text = json.dumps(jsonable(data), ensure_ascii=False, indent=2) if self.as_json else human
        print(text, file=self._out, flush=True)

    def progress(self, what: str, done: int, total: int) -> None:
        """Show how far a long verb is, in one line that is written over; silent unless a person is looking."""
        if not self._err.isatty():
            return
        share = f" {done * 100 // total:3d} %" if total else ""
        end = "\n" if total and done >= total else ""
        print(f"\r{what}{share} {done:,}/{total:,}\x1b[K", end=end, file=self._err, flush=True)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _printable(text: str) -> str:
    """Return the text without control characters: a name must not steer the terminal."""
    return "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)


def _figure(text: str) -> bool:
    return not text or text.replace(",", "").replace(".", "", 1).replace("-", "", 1).removesuffix("%").strip().isdigit()


def _terminal_columns() -> int:
    """Return the width of the terminal, 0 where the output goes elsewhere and nothing may be cut."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 0


def _squeeze(widths: list[int], room: int) -> None:
    """Take columns from the widest until all fit or none has any to spare."""
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _NARROWEST:
            return
        widths[widest] -= 1
