"""Tables out: CSV (UTF-8 with mark, as Excel wants it), Excel and JSON by file ending, whole or not at all.

CSV cells that a spreadsheet would run get the guard of `isdesk.files.guards`; in workbooks every text is typed as text,
so that nothing in it is ever run and ``+81…`` keeps its plus.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from isdesk.domain.errors import BadInput
from isdesk.files.guards import guard

Cell = str | int | float | bool | None
ENDINGS = (".csv", ".xlsx", ".json")
_EXCEL_ROWS = 1_048_575
_EXCEL_CELL = 32_767


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` that takes its place, synced to disk, when the block ends well.

    Raises BadInput (``file_not_writable``) where the folder cannot be written; what was at ``path`` stays.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
    except OSError:
        raise BadInput("file_not_writable", file=path.name) from None
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError:
        raise BadInput("file_not_writable", file=path.name) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


def write_table(
    path: Path,
    headers: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Cell]],
    *,
    tick: Callable[[int], None] | None = None,
    before_shown: Callable[[int], None] | None = None,
) -> int:
    """Write a table; ``headers`` are (code, label). Returns the number of rows.

    CSV and Excel carry the labels, JSON one object per row by code. ``tick`` hears the count now and then and may raise
    to stop; nothing is left behind then. ``before_shown`` hears the final count when all is written but nobody can see
    it yet, and may raise as well. Raises BadInput: ``file_ending``, ``file_not_writable``,
    ``file_too_many_rows``.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput("file_ending", file=path.name, endings=", ".join(ENDINGS))
    counted = _Counted(rows, tick)
    with whole_or_nothing(path) as part:
        if ending == ".csv":
            _csv(part, headers, counted)
        elif ending == ".xlsx":
            _excel(part, headers, counted, path.name)
        else:
            _json(part, headers, counted)
        if before_shown is not None:
            before_shown(counted.count)
    return counted.count


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[Sequence[Cell]], tick: Callable[[int], None] | None) -> None:
        self.rows, self.tick, self.count = rows, tick, 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self.rows:
            self.count += 1
            if self.tick is not None and self.count % 500 == 0:
                self.tick(self.count)
            yield row


def text_of(cell: Cell) -> str:
    """Return a cell as text: marks are ``1`` and ``0``, nothing is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return cell if isinstance(cell, str) else str(cell)


def _csv(part: Path, headers: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> None:
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([guard(label) for _, label in headers])
        out.writerows([guard(c) if isinstance(c, str) else text_of(c) for c in row] for row in rows)


def _excel(part: Path, headers: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]], name: str) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "strings_to_numbers": False})
    try:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, (_, label) in enumerate(headers):
            sheet.write_string(0, column, label, bold)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            if line > _EXCEL_ROWS:
                raise BadInput("file_too_many_rows", file=name, limit=_EXCEL_ROWS)
            for column, cell in enumerate(row):
                if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    sheet.write_number(line, column, cell)
                elif cell is not None and cell != "":
                    sheet.write_string(line, column, text_of(cell)[:_EXCEL_CELL])
    finally:
        book.close()


def _json(part: Path, headers: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> None:
    codes = [code for code, _ in headers]
    with part.open("w", encoding="utf-8") as file:
        file.write("[")
        for count, row in enumerate(rows):
            file.write(",\n " if count else "\n ")
            json.dump(dict(zip(codes, row, strict=True)), file, ensure_ascii=False)
        file.write("\n]\n")


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
