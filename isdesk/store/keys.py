"""How words are folded so that they are found: width, case, kana and punctuation no longer matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOISE = " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029・･.,、。'’\"“”-‐‑–—―_/&＆()（）「」【】"
_FOLDED: dict[int, int | None] = {
    **{code: code - 0x60 for code in range(0x30A1, 0x30F7)},  # katakana to hiragana
    **dict.fromkeys(map(ord, _NOISE)),
}
_LEGAL = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|医療法人社団|医療法人"
    r"|学校法人|社会福祉法人|特定非営利活動法人|npo法人|独立行政法人|\((?:株|有|同|資|名|社|財|医|学|福)\)"
    r"|\b(?:co\.?,? ?ltd\.?|inc\.?|corp\.?|corporation|k\.?k\.?|llc|g\.?k\.?)(?=$|\s)"
)
_NOT_DIGIT = re.compile(r"[^0-9]+")
_PHONE_LIKE = re.compile(r"^\+?[0-9][0-9\-() ‐‑–—―ー−.]*$")


def fold(text: str) -> str:
    """Return ``text`` in one width and case, in hiragana, without spaces and punctuation."""
    bare = unicodedata.normalize("NFKC", text).lower().translate(_FOLDED)
    return unicodedata.normalize("NFC", bare)  # an accent that stood after a space has joined its letter


def without_legal_form(text: str) -> str:
    """Return ``text``, in one width and case, without 株式会社 and the like, unless nothing else would be left."""
    plain = unicodedata.normalize("NFKC", text).lower()
    bare = _LEGAL.sub(" ", plain)
    return bare if bare.translate(_FOLDED) else plain


@lru_cache(maxsize=16_384)
def company_key(name: str) -> str:
    """Return a company's name without its legal form, spaces and punctuation: 株式会社青葉 = ㈱ 青葉 = 青葉(株)."""
    return fold(without_legal_form(name))


def person_key(company: str, name: str) -> str:
    """Return the key of a person at a company (company and name, both folded)."""
    return f"{company_key(company)}|{fold(name)}"


def mail_key(mail: str) -> str:
    """Return a mail address in the form in which two are compared."""
    return unicodedata.normalize("NFKC", mail).strip().lower()


def digits(number: str) -> str:
    """Return the digits of a phone number as people in Japan write it: +81 3-1234-5678 is 0312345678."""
    if number.startswith("+81") and number[3:].isdecimal() and number.isascii():
        return f"0{number[3:]}"
    plain = unicodedata.normalize("NFKC", number).strip()
    bare = _NOT_DIGIT.sub("", plain)
    return f"0{bare[2:]}" if plain.startswith("+81") else bare


def phone_digits(text: str) -> str | None:
    """Return the digits if ``text`` looks like (part of) a phone number, else None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return digits(plain) if _PHONE_LIKE.match(plain) else None
