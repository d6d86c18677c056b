"""Texts brought to one form for comparing and searching: widths, kana, company names, mail, 法人番号, digits."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_DIGITS = re.compile(r"\D+")
_KATAKANA_FIRST, _KATAKANA_LAST, _KANA_SHIFT = 0x30A1, 0x30F6, 0x60
_ITERATION = {0x30FD, 0x30FE}
_TO_HIRAGANA = {code: code - _KANA_SHIFT for code in (*range(_KATAKANA_FIRST, _KATAKANA_LAST + 1), *sorted(_ITERATION))}
_TO_KATAKANA = {hira: kata for kata, hira in _TO_HIRAGANA.items()}

_FORMS = (
    "特定非営利活動法人",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "独立行政法人",
    "国立大学法人",
    "社会福祉法人",
    "医療法人社団",
    "医療法人財団",
    "医療法人",
    "学校法人",
    "宗教法人",
    "農事組合法人",
    "税理士法人",
    "弁護士法人",
    "司法書士法人",
    "行政書士法人",
    "社会保険労務士法人",
    "監査法人",
    "協同組合",
    "相互会社",
    "特例有限会社",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
)
_SHORT_FORMS = (
    "株",
    "有",
    "同",
    "資",
    "名",
    "社",
    "財",
    "学",
    "医",
    "福",
    "独",
    "特非",
    "一社",
    "一財",
    "公社",
    "公財",
)
_JAPANESE_FORM = re.compile(
    "|".join(
        [
            *_FORMS,
            rf"[(\[](?:{'|'.join(sorted(_SHORT_FORMS, key=len, reverse=True))})[)\]]",
            "㍿",
        ]
    )
)
_KANA_FORM = re.compile(
    r"^(?:カブシキ(?:ガイシャ|カイシャ)|ユウゲン(?:ガイシャ|カイシャ)|ゴウドウ(?:ガイシャ|カイシャ)|カ\)|ユ\)|ド\))"
)
_KANA_FORM_END = re.compile(r"(?:カブシキ(?:ガイシャ|カイシャ)|ユウゲン(?:ガイシャ|カイシャ)|\(カ|\(ユ|\(ド)$")
_LATIN_FORM = re.compile(
    r"[\s,.]+(?:co\.?\s*,?\s*ltd|company\s+limited|corporation|corp|incorporated|inc|limited|ltd|llc|k\.?\s?k|g\.?\s?k"
    r"|plc|gmbh)\.?$"
)
_JOINTS = re.compile(r"[\s・.,'’\-‐‑–—―−_/&()\[\]「」『』【】]+")
_DASHES = re.compile(r"[‐‑‒–—―−─━]")

_CORPORATE_DIGITS = 13
_CHECK_BASE = 9


def text(value: str) -> str:
    """Return ``value`` with widths made even (NFKC), trimmed, and inner white space as single blanks."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", value)).strip()


def _even(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def hiragana(value: str) -> str:
    """Return ``value`` with katakana (also half width) as hiragana."""
    return _even(_even(value).translate(_TO_HIRAGANA))


def katakana(value: str) -> str:
    """Return ``value`` with hiragana and half-width katakana as full-width katakana."""
    return _even(_even(value).translate(_TO_KATAKANA))


def search_key(value: str) -> str:
    """Return the form in which texts are searched: even widths, lower case, kana as hiragana, no white space."""
    return _even(_SPACES.sub("", hiragana(value).casefold()))


def company_name(value: str) -> str:
    """Return a company's name without its legal form, widths, case, blanks and joints: equal for the same company.

    ``株式会社青葉精機``, ``(株)青葉精機``, ``青葉精機㈱`` and ``青葉精機 株式会社`` give the same. A name that consists
    of nothing else is kept as it is.
    """
    plain = text(value).casefold()
    bare = _JAPANESE_FORM.sub(" ", plain).strip()
    bare = _LATIN_FORM.sub("", f" {bare}").strip()
    bare = _KANA_FORM_END.sub("", _KANA_FORM.sub("", katakana(bare)))
    key = _JOINTS.sub("", bare)
    return key or _JOINTS.sub("", katakana(plain))


def person_name(value: str) -> str:
    """Return a person's name as it is compared: even widths, lower case, no blanks, without 様 or さん."""
    plain = _SPACES.sub("", text(value)).casefold()
    for ending in ("様", "さん", "氏", "殿"):
        if len(plain) > len(ending) and plain.endswith(ending):
            return plain.removesuffix(ending)
    return plain


def mail(value: str) -> str | None:
    """Return a mail address in lower case and half width, or None where it is not one."""
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", value)).removeprefix("mailto:").casefold()
    local, at, domain = plain.rpartition("@")
    if not at or not local or "@" in local or "." not in domain.strip(".") or domain[0] in ".-" or domain[-1] in ".-":
        return None
    return plain


def digits(value: str) -> str:
    """Return only the digits of ``value``, half width: how telephone numbers are searched and compared."""
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", value))


def phone_digits(value: str) -> str:
    """Return the digits of a number without country code or trunk zero, so that all its spellings are equal."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", value)).strip()
    found = digits(plain.replace("(0)", ""))
    if plain.startswith("+81"):
        return found[2:].removeprefix("0")
    return found if plain.startswith("+") else found.removeprefix("0")


def corporate_number(value: str) -> str | None:
    """Return a 法人番号 as 13 digits, or None where it is not one or its check digit is wrong (国税庁の検査用数字)."""
    found = digits(value.strip().removeprefix("T").removeprefix("t"))
    if len(found) != _CORPORATE_DIGITS or found[0] == "0":
        return None
    return found if found[0] == str(check_digit(found[1:])) else None


def check_digit(twelve: str) -> int:
    """Return the check digit that goes before the 12 digits of a 会社法人等番号.

    9 − (Σ Pn × Qn mod 9), where Pn counts from the right and Qn is 1 for odd, 2 for even places.
    """
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(twelve), start=1))
    return _CHECK_BASE - total % _CHECK_BASE
