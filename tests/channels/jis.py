"""ISO-2022-JP as mail programs on Windows write it: with the rows of NEC and IBM that the standard has not."""

from __future__ import annotations

from base64 import b64encode


def jis(text: str) -> bytes:
    """Return a text in it; what is half-width kana stays half-width."""
    out, shift = b"", b"(B"
    for char in text:
        raw = char.encode("cp932")
        wanted = b"(B" if raw.isascii() else b"(I" if len(raw) == 1 else b"$B"
        if wanted != shift:
            out, shift = out + b"\x1b" + wanted, wanted
        out += raw if raw.isascii() else bytes([raw[0] & 0x7F]) if len(raw) == 1 else _pair(*raw)
    return out if shift == b"(B" else out + b"\x1b(B"


def _pair(high: int, low: int) -> bytes:
    row = (high - (0x81 if high <= 0x9F else 0xC1)) * 2 + 0x21
    if low >= 0x9F:
        return bytes((row + 1, low - 0x7E))
    return bytes((row, low - (0x20 if low >= 0x80 else 0x1F)))


def word(text: str) -> bytes:
    """Return a text as a header has it (RFC 2047)."""
    return b"=?ISO-2022-JP?B?" + b64encode(jis(text)) + b"?="
