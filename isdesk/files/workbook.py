"""Tables from Excel and OpenDocument workbooks: values only, after the file has been found to be whole and harmless.

The reader (calamine) lays a sheet out as one block of memory, so a file of a few kilobytes can ask for more than any
machine has. `inspect` therefore unpacks the file once, counting, before anything else looks at it. Macros, links and
formulas are never run; a formula's cell is the value that was saved with it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    load_workbook,
)

from isdesk.domain.errors import BadInput
from isdesk.files.limits import Limits

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_FAR_CELL = re.compile(rb"""\br\s*=\s*["'](?:([A-Z]{2,3})(\d{1,7})|([A-Z])(\d{6,7}))["'][^>/]*>\s*<[^/]""")
_ANY_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["'][^>/]*>\s*<[^/]""")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ET.ParseError, NotImplementedError, ValueError)
"""What reading a broken archive may raise: a version or a compression nobody knows, a name in no encoding and so on."""
_BLOCK = 1 << 16
_CARRY = 512
_LOCAL_HEADER = 30
_UTF8_NAME = 0x800
_TABLE_NS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def is_workbook(head: bytes) -> bool:
    """True where a file that begins with ``head`` is a ZIP or an OLE container."""
    return head.startswith((ZIP_MAGIC, OLE_MAGIC, b"PK\x05\x06"))


class Workbook:
    """An opened workbook: the names of its visible sheets, and their rows as texts."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        inspect(path, limits)
        self._book = _opened(path)
        visible = [m.name for m in self._book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
        self.sheets: tuple[str, ...] = tuple(visible or self._book.sheet_names)
        if not self.sheets:
            raise BadInput("file_empty", file=path.name)

    def choose(self, sheet: str | None) -> str:
        """Return the sheet named, or the first one that has anything in it.

        Raises BadInput (``file_no_such_sheet``) where there is none of that name.
        """
        if sheet is not None:
            if sheet not in self._book.sheet_names:
                raise BadInput("file_no_such_sheet", file=self.path.name, sheet=sheet)
            return sheet
        for name in self.sheets:
            if self._sheet(name).height:
                return name
        return self.sheets[0]

    def rows(self, sheet: str) -> Iterator[list[str]]:
        """Yield the rows of a sheet from its first line on, as texts; blank lines are kept."""
        for row in self._sheet(sheet).iter_rows():
            yield [c if type(c) is str else text_of(c) for c in row]

    def _sheet(self, name: str) -> CalamineSheet:
        try:
            return self._book.get_sheet_by_name(name)
        except (CalamineError, OSError):
            raise BadInput("file_damaged", file=self.path.name) from None


def text_of(value: object) -> str:
    """Return a cell's value as a person would type it: ``3.0`` is ``3``, midnight is a date without a time."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time.min else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M") if not value.second else value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    return "" if value is None else str(value)


def inspect(path: Path, limits: Limits) -> None:
    """Look a workbook through before it is opened.

    Raises BadInput: ``file_damaged`` (cut off or broken), ``file_protected`` (needs a password),
    ``file_not_a_workbook`` (another kind of archive), ``file_too_large`` (unpacks to more than is allowed),
    ``file_sheet_too_large``.
    """
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith(OLE_MAGIC):
            file.seek(0)
            if _PROTECTED in file.read(1 << 20):
                raise BadInput("file_protected", file=path.name)
            return
        try:
            _inspect_zip(file, path, limits)
        except _BROKEN:
            raise BadInput("file_damaged", file=path.name) from None


def _inspect_zip(file: IO[bytes], path: Path, limits: Limits) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if not names.intersection(_WORKBOOK_PARTS):
            raise BadInput("file_not_a_workbook", file=path.name)
        if any(part.flag_bits & 1 for part in parts):
            raise BadInput("file_protected", file=path.name)
        if len(parts) > limits.parts:
            raise BadInput("file_too_large", file=path.name, limit=limits.unpacked >> 20)
        budget = limits.unpacked
        for part in parts:
            size = _walk(file, part, budget, path, limits)
            budget -= size
        if "content.xml" in names:
            _check_open_document(archive, path, limits)


def _walk(file: IO[bytes], part: zipfile.ZipInfo, budget: int, path: Path, limits: Limits) -> int:
    """Unpack one part without keeping it; return its true size whatever the directory claims."""
    extent = _Extent(_FAR_CELL, 26, 99_999) if _is_sheet(part.filename) else None
    total = checksum = 0
    for block in _unpacked(file, part):
        total += len(block)
        checksum = zlib.crc32(block, checksum)
        if total > budget:
            raise BadInput("file_too_large", file=path.name, limit=limits.unpacked >> 20)
        if extent is not None:
            extent.scan(block)
    if total != part.file_size or checksum != part.CRC:
        raise zipfile.BadZipFile(part.filename)
    if extent is not None and extent.far and extent.area > limits.area:
        extent = _Extent(_ANY_CELL, 0, 0)
        for block in _unpacked(file, part):
            extent.scan(block)
        if extent.area > limits.area:
            raise BadInput("file_sheet_too_large", file=path.name, rows=extent.row, columns=extent.column)
    return total


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


class _Extent:
    """How far a sheet reaches, as the cells that ``pattern`` finds say; at least ``column`` × ``row``."""

    def __init__(self, pattern: re.Pattern[bytes], column: int, row: int) -> None:
        self.pattern, self.column, self.row = pattern, column, row
        self.far = False
        self._tail = b""

    @property
    def area(self) -> int:
        """Cells of the block that the sheet would be laid out in."""
        return self.column * self.row

    def scan(self, block: bytes) -> None:
        """Note the cells in the next block of the sheet."""
        data = self._tail + block
        for groups in self.pattern.findall(data):
            letters, digits = [g for g in groups if g]
            self.far = True
            self.column = max(self.column, _column(letters))
            self.row = max(self.row, int(digits))
        self._tail = data[-_CARRY:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's bytes, never more than a block at once, without trusting the size that its header claims."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(ZIP_MAGIC):
        raise zipfile.BadZipFile(part.filename)
    name = file.read(int.from_bytes(header[26:28], "little"))
    if name != part.orig_filename.encode("utf-8" if part.flag_bits & _UTF8_NAME else "cp437"):
        raise zipfile.BadZipFile(part.filename)
    file.seek(int.from_bytes(header[28:30], "little"), 1)
    left = part.compress_size
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(part.filename)
    inflate = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        packed = file.read(min(left, _BLOCK))
        if not packed:
            raise EOFError
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            yield inflate.decompress(packed, _BLOCK * 8)
            packed = inflate.unconsumed_tail
    if inflate is not None and not inflate.eof:
        raise EOFError


def _check_open_document(archive: zipfile.ZipFile, path: Path, limits: Limits) -> None:
    """Refuse an OpenDocument sheet whose repeated cells would fill more memory than is allowed."""
    width = height = blank = cells = filled = 0
    with archive.open("content.xml") as content:
        for _, element in ET.iterparse(content, events=("end",)):  # noqa: S314 - expat limits expansion, size is bounded
            if element.tag == _TABLE_NS + "table-cell":
                cells += _repeat(element, "columns")
                filled = cells if len(element) or len(element.attrib) > 2 else filled
            elif element.tag == _TABLE_NS + "table-row":
                blank += _repeat(element, "rows")
                if filled:
                    height, blank = height + blank, 0
                    width = max(width, filled)
                cells = filled = 0
                element.clear()
            elif element.tag == _TABLE_NS + "table":
                if width * height > limits.area:
                    raise BadInput("file_sheet_too_large", file=path.name, rows=height, columns=width)
                width = height = blank = 0


def _repeat(element: ET.Element, what: str) -> int:
    value = element.get(f"{_TABLE_NS}number-{what}-repeated", "1")
    return int(value) if value.isdigit() else 1


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return load_workbook(str(path))
    except PasswordError:
        raise BadInput("file_protected", file=path.name) from None
    except (CalamineError, OSError):
        raise BadInput("file_damaged", file=path.name) from None
