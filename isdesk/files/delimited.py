"""Tables from delimited text: which character separates the cells, and the rows one by one."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from isdesk.domain.errors import BadInput
from isdesk.files.encodings import errors_of
from isdesk.files.guards import SPECIAL, plain

DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon"}
"""The characters that separate cells, and the names they go by on the command line."""

_END = "\x00isdesk end of table\x00"
_SAMPLE_ROWS = 200
_LINE_CAP = 1 << 20


def delimiter_named(name: str) -> str:
    """Return the delimiter for its name or for the character itself.

    Raises BadInput (``file_delimiter_name``) where it is none of the three.
    """
    for char, word in DELIMITERS.items():
        if name in (char, word) or (char == "\t" and name == "\\t"):
            return char
    raise BadInput("file_delimiter_name", delimiter=name)


def find_delimiter(path: Path, encoding: str) -> str:
    """Return the character that gives the most even table; comma where there is one column only."""
    with path.open(encoding=encoding, errors=errors_of(encoding), newline="") as file:
        lines = [line[:_LINE_CAP] for line in islice(file, _SAMPLE_ROWS)]
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in DELIMITERS:
        return lines[0][4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        score = _evenness(lines, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(lines: list[str], delimiter: str) -> float:
    """Return how table-like ``lines`` are when cut at ``delimiter``: 0 where there is one column."""
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if any(row):
                widths[len(row)] += 1
    except csv.Error:
        pass
    if not widths:
        return 0.0
    wide = {w: n for w, n in widths.items() if w > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    return count / widths.total() + min(width, 50) / 200


def rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Yield every row of a delimited file, blank ones as empty lists; quoted line breaks stay inside their cell.

    Raises BadInput: ``file_quote_open`` (a quotation mark is never closed), ``file_cell_too_long``.
    """
    number = 0
    with path.open(encoding=encoding, errors=errors_of(encoding), newline="") as file:
        reader = csv.reader(chain(file, [_END]), delimiter=delimiter)
        waiting: list[str] | None = None
        try:
            for row in reader:
                number += 1
                if waiting is not None:
                    yield waiting
                waiting = _cells(row)
        except csv.Error:
            raise BadInput("file_cell_too_long", file=path.name, row=number + 1, limit=csv.field_size_limit()) from None
        if waiting != [_END]:
            raise BadInput("file_quote_open", file=path.name, row=number)


def _cells(row: list[str]) -> list[str]:
    """Return the row with guards and formula texts undone."""
    for cell in row:
        if cell[:1] in SPECIAL and cell:
            return [plain(c) if c[:1] in SPECIAL and c else c for c in row]
    return row
