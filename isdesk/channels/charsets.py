"""Text of mail in the charsets that Japanese mail programs write, also where they write more than the charset has.

Nobody's letter may become unreadable over one character: programs put ①, ㈱ and 髙 (the rows of NEC and IBM, which
Windows calls code page 932) into ISO-2022-JP and EUC-JP, which have no such rows. What those declare is tried first;
then each pair of bytes is read as code page 932 reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import Header, decode_header
from typing import Final

_NAMES: Final = {
    "windows-31j": "cp932", "x-sjis": "cp932", "ms932": "cp932", "cswindows31j": "cp932", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp-ms": "euc_jp",
    "cp51932": "euc_jp", "iso-2022-jp-ms": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext",
    "cp50222": "iso2022_jp_ext",
}  # fmt: skip
"""What Japanese mail programs call their charsets, and what Python calls them."""
_JAPANESE: Final = re.compile(rb"\x1b(\$[@B]|\$\([@BDOPQ]|\([IJ])")
"""What stands only in ISO-2022-JP: the text shifts to a Japanese set."""
_SHIFT: Final = re.compile(rb"\x1b(\$\([@BDOPQ]|\$[@B]|\([A-Z])")
_EUC: Final = re.compile(rb"\x8e[\xa1-\xdf]|[\xa1-\xfe]{2}")
_FIRST, _LAST = 0x21, 0x7E
"""The cells of a row of a Japanese set."""


def decoded(raw: bytes, charset: str | None) -> str:
    """Return text in the charset that a letter says it has (None: it says none), read as far as it goes."""
    named = str(charset or "utf-8").strip().lower()
    codec = _NAMES.get(named, named)
    of_2022 = "2022" in codec
    shifts = _JAPANESE.search(raw) is not None and (of_2022 or raw.isascii())
    tried = (codec, "utf-8") if not shifts else (codec, "iso2022_jp_ext") if of_2022 else ("iso2022_jp_ext",)
    for one in tried:
        try:
            return raw.decode(one)
        except (LookupError, ValueError):
            continue
    if shifts:
        return "".join(_shifted(raw))
    if codec == "euc_jp":
        return _of_euc(raw)
    return raw.decode("cp932", "replace")


def header(found: object) -> str:
    """Return what a header of a letter says (RFC 2047), read as far as it goes; empty where there is none."""
    if found is None:
        return ""
    try:
        parts = decode_header(found if isinstance(found, Header) else str(found))
    except HeaderParseError:
        return str(found)
    return "".join(_word(part, charset) for part, charset in parts)


def _word(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        if "\x1b" not in part:
            return part
        part = part.encode("ascii", "replace")
    return decoded(part, None if charset in {None, "unknown-8bit"} else charset)


def _shifted(raw: bytes) -> Iterator[str]:
    """Read ISO-2022-JP run by run; the end of a line ends a run too, where a program forgot to (RFC 1468)."""
    begin, shift = 0, b"(B"
    for found in _SHIFT.finditer(raw):
        yield _run(raw[begin : found.start()], shift)
        begin, shift = found.end(), found[1]
    yield _run(raw[begin:], shift)


def _run(raw: bytes, shift: bytes) -> str:
    if shift == b"(I":  # half-width kana
        return bytes(one | 0x80 if _FIRST <= one <= 0x5F else one for one in raw).decode("cp932", "replace")
    if not shift.startswith(b"$"):
        return raw.decode("cp932", "replace")
    line, end, rest = raw.partition(b"\n")
    codec = {b"$(D": "iso2022_jp_ext", b"$(O": "iso2022_jp_2004", b"$(P": "iso2022_jp_2004", b"$(Q": "iso2022_jp_2004"}
    foreign = codec.get(shift)
    if foreign is not None:
        said = (b"\x1b" + shift + line.rstrip(b"\r") + b"\x1b(B").decode(foreign, "replace")
    else:
        said = _pairs(line)
    return said + (end + rest).decode("cp932", "replace")


def _pairs(raw: bytes) -> str:
    out: list[str] = []
    at = 0
    while at < len(raw):
        pair = raw[at : at + 2]
        if len(pair) == 2 and all(_FIRST <= one <= _LAST for one in pair):
            out.append(_pair(*pair))
            at += 2
        else:
            out.append(pair[:1].decode("ascii", "replace"))
            at += 1
    return "".join(out)


def _pair(row: int, cell: int) -> str:
    """Return the character of a row and a cell of JIS X 0208, with the rows that code page 932 has beside it."""
    high = (row - _FIRST) // 2 + (0x81 if row < 0x5F else 0xC1)
    low = cell + ((0x1F if cell < 0x60 else 0x20) if row % 2 else 0x7E)
    return bytes((high, low)).decode("cp932", "replace")


def _of_euc(raw: bytes) -> str:
    out: list[str] = []
    at = 0
    for found in _EUC.finditer(raw):
        out.append(raw[at : found.start()].decode("ascii", "replace"))
        kana, two = found[0][0] == 0x8E, found[0]
        out.append(two[1:].decode("cp932", "replace") if kana else _pair(two[0] & 0x7F, two[1] & 0x7F))
        at = found.end()
    return "".join(out) + raw[at:].decode("ascii", "replace")
