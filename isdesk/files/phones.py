"""Phone numbers as people write them, turned into E.164 and back into the form that Japan is used to.

`to_e164` and `shown` go a fast way for the numbers that make up a Japanese list (fixed lines, mobile, 050, 0120, 0800,
0570) and ask the ``phonenumbers`` library for all others; a property test holds both ways to the same answer.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from isdesk.files.area_codes import area_code_length

_FIXED = (
    r"(?:1(?:1[235-8]|2[3-6]|3[3-9]|4[2-6]|[58][2-8]|6[2-7]|7[2-9]|9[1-9])|(?:2[2-9]|[36][1-9])\d"
    r"|4(?:[2-578]\d|6[02-8]|9[2-59])|5(?:[2-589]\d|6[1-9]|7[2-8])|7(?:[25-9]\d|3[4-9]|4[02-9])"
    r"|8(?:[2679]\d|3[2-9]|4[5-9]|5[1-9]|8[03-9])|9(?:[2-58]\d|[679][1-9]))\d{6}"
)
_COMMON = re.compile(rf"(?:[5-9]0[1-9]\d{{7}}|120\d{{6}}|800\d{{7}}|570\d{{6}}|{_FIXED})")
"""National significant numbers of Japan that need no library."""

_PLAIN = re.compile(r"[+0-9()\-. ]{9,24}")
_DROP = str.maketrans("", "", "()-. ")
_DASHES = {ord(c): "-" for c in "‐‑‒–—―−─━ー－ｰ～〜~"}
_EXTENSION = re.compile(
    r"[(\[]?(?:内線(?:番号)?|ext(?:ension)?\.?|(?<=\d)\s*x(?=\s*\d))\s*[:.]?\s*\d{1,6}[)\]]?", re.IGNORECASE
)
_PIECES = re.compile(r"[\n\r\t;,、/|・&]+|または|又は|および|及び|\bor\b", re.IGNORECASE)
_CANDIDATE = re.compile(r"[+(]*[0-9][0-9()\-. ]{6,24}[0-9]")
_TRUNK = re.compile(r"^(\+\d{1,3}[\s\-.]*)\(0\)")

_TWO_FOUR = re.compile(r"\+81([36])([1-9]\d{3})(\d{4})")
_MOBILE = re.compile(r"\+81([5679]0|80(?!0))(\d{4})(\d{4})")
_SERVICE = re.compile(r"\+81(120|570)(\d{3})(\d{3})")
_FREE = re.compile(r"\+81(800)(\d{3})(\d{4})")
_FIXED_LINE = re.compile(rf"\+81({_FIXED})")


def to_e164(text: str, region: str = "JP") -> str | None:
    """Return the first valid number in ``text`` as E.164, or None where there is none.

    Understands full-width digits, 内線, brackets, several numbers in one text, and a leading zero lost by a
    spreadsheet (``312345678`` is 03-1234-5678).
    """
    if region == "JP" and _PLAIN.fullmatch(text):
        fast = _japanese(text.translate(_DROP))
        if fast is not None:
            return fast
    numbers = found(text, region)
    return numbers[0] if numbers else None


@lru_cache(maxsize=4096)
def found(text: str, region: str = "JP") -> tuple[str, ...]:
    """Return all valid numbers in ``text`` as E.164, in their order, each once."""
    cleaned = _EXTENSION.sub(" ", unicodedata.normalize("NFKC", text).translate(_DASHES))
    numbers: dict[str, None] = {}
    for piece in _PIECES.split(cleaned):
        for match in _CANDIDATE.finditer(piece):
            for number in _numbers_of(match.group(), region):
                numbers[number] = None
    return tuple(numbers)


@lru_cache(maxsize=8192)
def shown(e164: str) -> str:
    """Return ``e164`` as it is read: ``03-1234-5678`` for Japan, international form for others."""
    for shape in (_TWO_FOUR, _MOBILE, _SERVICE, _FREE):
        match = shape.fullmatch(e164)
        if match is not None:
            return "0" + "-".join(match.groups())
    fixed = _FIXED_LINE.fullmatch(e164)
    if fixed is not None:
        national = fixed.group(1)
        at = area_code_length(national)
        return f"0{national[:at]}-{national[at:5]}-{national[5:]}"
    return _shown_by_library(e164)


def is_mobile(e164: str) -> bool:
    """True where ``e164`` is a Japanese mobile number (060, 070, 080, 090)."""
    return len(e164) == 13 and e164.startswith(("+8160", "+8170", "+8180", "+8190"))


def _numbers_of(candidate: str, region: str) -> list[str]:
    whole = _one(candidate, region)
    if whole is not None:
        return [whole]
    return [n for n in (_one(part, region) for part in candidate.split()) if n is not None]


def _one(candidate: str, region: str) -> str | None:
    text = _TRUNK.sub(r"\1", candidate.strip())
    digits = text.translate(_DROP)
    if region == "JP":
        fast = _japanese(digits)
        if fast is not None:
            return fast
        if not digits.startswith(("+", "0", "81")):
            return None
    return by_library(digits, region)


def _japanese(digits: str) -> str | None:
    """Return a common Japanese number as E.164: national, international, or with its leading zero lost."""
    if digits.startswith("+81"):
        national = digits[3:]
        national = national.removeprefix("0")
    elif digits[:1] == "0":
        national = digits[1:]
    elif digits.startswith("81") and len(digits) in (11, 12):
        national = digits[2:]
    else:
        national = digits
    return "+81" + national if _COMMON.fullmatch(national) else None


def by_library(text: str, region: str = "JP") -> str | None:
    """Return ``text`` (one number, no decoration) as E.164 as the phonenumbers library reads it, or None."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _shown_by_library(e164: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    national = number.country_code == 81
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)
