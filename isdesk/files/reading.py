"""A list file opened as a table: what it is written in, where its header stands, and its rows one by one.

`open_table` takes CSV, TSV and semicolon files in any of the encodings of `isdesk.files.encodings`, and Excel or
OpenDocument workbooks; what a file *is* is seen from its bytes, not from its name. A file that cannot be read to its
end is refused with one code before a row of it is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from isdesk.domain.errors import BadInput
from isdesk.files import delimited
from isdesk.files.encodings import check, detect, named
from isdesk.files.limits import DEFAULT, Limits
from isdesk.files.targets import KNOWN, header_key
from isdesk.files.workbook import Workbook, is_workbook

_LOOK_FOR_HEADER = 30
_SAMPLE = 50
_HTML = (b"<html", b"<!doctype html", b"<table", b"<?xml")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: ``number`` counts from 1 as a spreadsheet does; ``cells`` are as many as the headers.

    ``extra`` is True where the line had more filled cells than there are headers, ``short`` where it ended early.
    """

    number: int
    cells: list[str]
    extra: bool = False
    short: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An opened list. ``headers`` are unique; a column without one is ``#3`` after its place.

    ``encoding`` and ``delimiter`` are empty for workbooks, ``sheet`` for text. ``header_row`` is 0 where there is none.
    """

    path: Path
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    headers: tuple[str, ...]
    header_row: int
    row_count: int
    sample: tuple[Row, ...]
    _book: Workbook | None = field(default=None, repr=False, compare=False)

    def rows(self) -> Iterator[Row]:
        """Yield the lines under the header that are not blank."""
        width = len(self.headers)
        for number, cells in enumerate(self._raw(), start=1):
            if number <= self.header_row or not any(cells):
                continue
            length = len(cells)
            if length == width:
                yield Row(number, cells)
            elif length < width:
                yield Row(number, cells + [""] * (width - length), short=True)
            elif number != 1 or not _is_separator_line(cells):
                yield Row(number, cells[:width], extra=any(c.strip() for c in cells[width:]))

    def _raw(self) -> Iterator[list[str]]:
        return _raw(self.path, self.encoding, self.delimiter, self._book, self.sheet)


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    limits: Limits = DEFAULT,
) -> Table:
    """Open a list file and read it through once.

    Raises BadInput with one of: ``file_not_found``, ``file_unreadable``, ``file_empty``, ``file_too_large``,
    ``file_binary``, ``file_truncated``, ``file_encoding_unknown``, ``file_quote_open``, ``file_cell_too_long``,
    ``file_too_many_rows``, ``file_too_many_columns``, ``file_is_html``, and those of `isdesk.files.workbook.inspect`.
    """
    head = _head(path, limits)
    book: Workbook | None = None
    chosen = codec = separator = ""
    if is_workbook(head):
        book = Workbook(path, limits)
        chosen = book.choose(sheet)
    else:
        codec, separator = _text_form(path, head, encoding, delimiter)
    top = list(islice(_raw(path, codec, separator, book, chosen), _LOOK_FOR_HEADER))
    header_row = find_header(top)
    counted = _survey(_raw(path, codec, separator, book, chosen), header_row, path, limits)
    if not counted.filled:
        raise BadInput("file_empty", file=path.name)
    headers = _unique(_header_cells(top, header_row, counted), counted.width)
    return Table(
        path, codec, separator, chosen, book.sheets if book else (), headers, header_row, counted.rows,
        tuple(Row(n, (c + [""] * len(headers))[: len(headers)]) for n, c in counted.sample), book,
    )  # fmt: skip


def find_header(top: list[list[str]]) -> int:
    """Return the number (from 1) of the line that names the columns, 0 where no line does.

    The line with the most headers that are known wins. Where none is known, the first full line without a
    figure, a mail address or a date in it is the header.
    """
    best, best_known = 0, 0
    for number, cells in enumerate(top, start=1):
        known = sum(1 for c in cells if c and header_key(c) in KNOWN)
        if known > best_known and known * 3 >= sum(1 for c in cells if c.strip()):
            best, best_known = number, known
    if best:
        return best
    widths = Counter(sum(1 for c in cells if c.strip()) for cells in top if any(cells))
    usual = max(widths, key=lambda w: (widths[w], w), default=0)
    for number, cells in enumerate(top, start=1):
        filled = [c.strip() for c in cells if c.strip()]
        if len(filled) < max(1, usual * 0.6) or _is_separator_line(cells):
            continue
        return 0 if any(_is_data(c) for c in filled) or len(set(filled)) < len(filled) / 2 else number
    return 0


def _is_data(cell: str) -> bool:
    """True where no header would read like this: an address, a number, a date, a long text."""
    digits = sum(c.isdigit() for c in cell)
    return "@" in cell or digits >= 4 or cell.isdigit() or len(cell) > 40


def _is_separator_line(cells: list[str]) -> bool:
    """True for the ``sep=;`` that Excel writes on top."""
    return bool(cells) and cells[0].lower().startswith("sep=") and len(cells) <= 2


@dataclass(slots=True)
class _Survey:
    rows: int = 0
    width: int = 0
    filled: bool = False
    sample: list[tuple[int, list[str]]] = field(default_factory=list)


def _survey(rows: Iterable[list[str]], header_row: int, path: Path, limits: Limits) -> _Survey:
    """Read all rows once: count them, find the width, hold the caps."""
    found = _Survey()
    for number, cells in enumerate(rows, start=1):
        if len(cells) > limits.columns:
            raise BadInput("file_too_many_columns", file=path.name, row=number, limit=limits.columns)
        if not any(cells):
            continue
        if sum(map(len, cells)) > limits.cell and max(map(len, cells)) > limits.cell:
            raise BadInput("file_cell_too_long", file=path.name, row=number, limit=limits.cell)
        found.filled = True
        if number == header_row:
            found.width = len(cells)
        if number <= header_row:
            continue
        found.rows += 1
        if found.rows > limits.rows:
            raise BadInput("file_too_many_rows", file=path.name, limit=limits.rows)
        if not header_row:
            found.width = max(found.width, len(cells))
        if len(found.sample) < _SAMPLE:
            found.sample.append((number, cells))
    return found


def _header_cells(top: list[list[str]], header_row: int, counted: _Survey) -> list[str]:
    """Return the header line without blank cells at its end that have nothing under them."""
    if not header_row:
        return []
    cells = top[header_row - 1]
    used = max((n for _, row in counted.sample for n, c in enumerate(row, start=1) if c), default=0)
    keep = max((n for n, c in enumerate(cells, start=1) if c.strip()), default=0)
    counted.width = max(keep, min(used, len(cells)), 1)
    return cells[: counted.width]


def _unique(cells: list[str], width: int) -> tuple[str, ...]:
    """Return the headers, blank ones named by their place and repeated ones numbered."""
    named_cells = [" ".join(c.split()) for c in cells] + [""] * max(0, width - len(cells))
    seen: set[str] = set()
    headers: list[str] = []
    for place, cell in enumerate(named_cells, start=1):
        name = base = cell or f"#{place}"
        count = 1
        while name in seen:
            count += 1
            name = f"{base} ({count})"
        seen.add(name)
        headers.append(name)
    return tuple(headers)


def _head(path: Path, limits: Limits) -> bytes:
    """Return the first bytes of the file, after what can be said without reading it has been said."""
    try:
        if not path.is_file():
            raise BadInput("file_not_found", file=path.name)
        size = path.stat().st_size
        if size > limits.size:
            raise BadInput("file_too_large", file=path.name, limit=limits.size >> 20)
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError:
        raise BadInput("file_unreadable", path=path.name) from None
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise BadInput("file_empty", file=path.name)
    return head


def _text_form(path: Path, head: bytes, encoding: str | None, delimiter: str | None) -> tuple[str, str]:
    """Return codec and delimiter: those that were asked for, or those found."""
    if head.lstrip().lower().startswith(_HTML):
        raise BadInput("file_is_html", file=path.name)
    if encoding is None:
        codec = detect(path)
    else:
        codec = named(encoding)
        check(path, codec)
    if delimiter is not None:
        return codec, delimited.delimiter_named(delimiter)
    return codec, delimited.find_delimiter(path, codec)


def _raw(path: Path, encoding: str, delimiter: str, book: Workbook | None, sheet: str) -> Iterator[list[str]]:
    if book is not None:
        return book.rows(sheet)
    return delimited.rows(path, encoding, delimiter)
