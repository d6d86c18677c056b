"""Cells read as values: widths made even; dates, figures, marks and check digits as Japan writes them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone

TOKYO = timezone(timedelta(hours=9))
"""Japan has had one zone without summer time since 1951: dates in lists are of this one."""

_WIDE = re.compile("[！-～　｡-ﾟ￥]+")
_DROPPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufff9-\uffff]+")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MAIL_INSIDE = re.compile(r"<([^<>\s]+@[^<>\s]+)>|(?:mailto:)?([^<>\s,;、]+@[^<>\s,;、]+)")
_URL = re.compile(r"(?:https?://)?[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)

_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925, "大正": 1911, "t": 1911}
_ERA = re.compile(
    r"(令和|平成|昭和|大正|[rhst])\.?\s*(\d{1,2}|元)\s*[年./-]\s*(\d{1,2})\s*(?:[月./-]\s*(?:(\d{1,2})\s*日?)?)?"
)
_YMD = re.compile(r"(\d{4})\s*[年/.\-]\s*(\d{1,2})\s*(?:[月/.\-]\s*(?:(\d{1,2})\s*日?)?)?")
_COMPACT = re.compile(r"(19\d\d|20\d\d)(\d\d)(\d\d)")
_MDY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MD = re.compile(r"(\d{1,2})\s*[月/]\s*(\d{1,2})\s*日?(?![\d/])")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEK = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_NAMED_MDY = re.compile(rf"{_WEEK}{_NAME}\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s*(\d{{4}}))?(?![\d:])")
_NAMED_DMY = re.compile(rf"{_WEEK}(\d{{1,2}})(?:st|nd|rd|th)?[\s\-]*{_NAME}(?:[,\s\-]\s*(\d{{4}}))?(?![\d:])")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=TOKYO)
_CLOCK = re.compile(
    r"(午前|午後|am|pm)?\s*(\d{1,2})\s*[:時]\s*(?:(\d{1,2})\s*分?)?(?::(\d{1,2})(?:\.\d+)?)?\s*(am|pm)?"
)
_ZONE = re.compile(r"(z|utc|gmt|\(?jst\)?|[+\-]\d{2}:?\d{2})$")
_LEAP_YEARS_APART = 8
_WEEKDAY = re.compile(r"\([月火水木金土日]\)")

_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(億|万|千|百)?\s*(?:(\d[\d,]*)\s*(千|百)?)?")
_UNITS = {"億": 100_000_000, "万": 10_000, "千": 1_000, "百": 100}
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_UP_TO = re.compile(r"^[~〜～‐−–—]\s*\d")

_TRUE_WORDS = """
1 true t yes y on はい 有 有り あり 済 済み ○ ◯ 〇 ● ✓ ✔ レ x 禁止 停止 不可 ng 希望しない 拒否 配信停止 架電禁止
"""
_FALSE_WORDS = """
0 false f no n off いいえ 無 無し なし 未 - − ― ー ok 可 可能 希望する 許可 配信 配信中 --
"""
_TRUE = frozenset(_TRUE_WORDS.split())
_FALSE = frozenset(_FALSE_WORDS.split())


def tidy(text: str) -> str:
    """Return a one-line text: letters and kana in their usual width, blanks single, controls gone.

    Kanji are kept as they are written: 﨑 and 髙 in a name are no mistakes.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_DROPPED.sub("", _evened(text.replace("\n", " "))).split())


def tidy_long(text: str) -> str:
    """Return a text of several lines, tidied like `tidy` but with its line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_DROPPED.sub("", _evened(line)).rstrip() for line in lines).strip()


def tidy_kana(text: str) -> str:
    """Return kana as full-width katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in tidy(text))


def mail_of(text: str) -> str | None:
    """Return the first mail address in ``text`` (``Sato <sato@example.jp>``) in small letters, or None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _MAIL_INSIDE.search(plain)
    if match is None:
        return None
    address = (match.group(1) or match.group(2)).strip(".,;:'\"()").lower()
    if _MAIL.fullmatch(address) is None or ".." in address or "." not in address.rpartition("@")[2]:
        return None
    return address


def url_of(text: str) -> str | None:
    """Return a web address with its scheme, None where ``text`` is none. Other schemes than http and https are none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _URL.fullmatch(plain) is None:
        return None
    return plain if plain.lower().startswith(("http://", "https://")) else f"https://{plain}"


def corporate_number_of(text: str) -> str | None:
    """Return the 13 digits of a 法人番号 whose check digit is right, else None."""
    digits = re.sub(r"[\s\-‐−ー]", "", unicodedata.normalize("NFKC", text)).removeprefix("T")
    return digits if corporate_number_ok(digits) else None


def corporate_number_ok(digits: str) -> bool:
    """True where ``digits`` is a 法人番号: 13 digits, the first one of which checks the others.

    The rule is that of the 法人番号の指定等に関する省令, article 2.
    """
    if len(digits) != 13 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(int(d) * (1 if place % 2 else 2) for place, d in enumerate(reversed(digits[1:]), start=1))
    return int(digits[0]) == 9 - total % 9


def count_of(text: str) -> int | None:
    """Return the figure in ``text``, the lower one of a range: ``100〜299名`` is 100, ``約1万2千人`` 12000."""
    plain = unicodedata.normalize("NFKC", text).strip().translate(_KANJI_DIGITS)
    match = _COUNT.search(plain)
    if match is None or (plain.startswith("-") and not _UP_TO.match(plain)):
        return None
    number = float(match.group(1).replace(",", "")) * _UNITS.get(match.group(2) or "", 1)
    if match.group(2) and match.group(3):
        number += float(match.group(3).replace(",", "")) * _UNITS.get(match.group(4) or "", 1)
    return int(number) if number < 1e12 else None


def month_of(text: str) -> int | None:
    """Return the month (1 to 12) that ``text`` names: ``4月``, ``2026年4月``, ``4``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = re.search(r"(\d{1,2})\s*月", plain) or re.fullmatch(r"(?:\d{4}\s*[/.\-]\s*)?(\d{1,2})", plain)
    if match is None:
        return None
    return int(match.group(1)) if 1 <= int(match.group(1)) <= 12 else None


def yes_or_no(text: str) -> bool | None:
    """Return what a mark means (○, 済, 1, はい, TRUE … or ―, 0, いいえ …), None where it means neither."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in _TRUE or text.strip() in _TRUE:
        return True
    if plain in _FALSE or text.strip() in _FALSE:
        return False
    return None


def date_of(text: str) -> date | None:
    """Return the day that ``text`` names (和暦 and Excel's day numbers too); a month alone is its first day."""
    found = _day_and_rest(text)
    return found[0] if found else None


def instant_of(text: str) -> datetime | None:
    """Return the instant (UTC) that ``text`` names, in Japan's time unless it says another; a day alone is midnight."""
    found = _day_and_rest(text)
    if found is None:
        return None
    day, rest = found
    zone: timezone = TOKYO
    match = _ZONE.search(rest)
    if match is not None and ":" in rest[: match.start()]:
        rest, zone = rest[: match.start()], _zone(match.group(1))
    clock = _clock(rest)
    if clock is None:
        return None
    return datetime.combine(day, clock, zone).astimezone(UTC)


def instant_by(text: str, now: datetime) -> datetime | None:
    """Return what `instant_of` does; a day without a year (``11月23日``) is the last such day that is not after now."""
    said = _yearless(unicodedata.normalize("NFKC", text).strip().lower())
    if said is None:
        return instant_of(text)
    month, number, rest = said
    today = now.astimezone(TOKYO).date()
    days = (_day(year, month, number) for year in range(today.year, today.year - _LEAP_YEARS_APART - 1, -1))
    day = next((one for one in days if one is not None and one <= today), None)
    return None if day is None else instant_of(f"{day.isoformat()} {rest}")


def _evened(text: str) -> str:
    return _WIDE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text.replace("\t", " "))


def _day_and_rest(text: str) -> tuple[date, str] | None:
    """Return the day at the beginning of ``text`` and what follows it."""
    plain = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text).strip().lower())
    era = _ERA.match(plain)
    if era is not None:
        year = _ERAS[era.group(1)] + (1 if era.group(2) == "元" else int(era.group(2)))
        return _rest(_day(year, int(era.group(3)), int(era.group(4) or 1)), plain[era.end() :])
    for pattern, order in ((_YMD, (1, 2, 3)), (_COMPACT, (1, 2, 3)), (_MDY, (3, 1, 2))):
        match = pattern.match(plain)
        if match is not None:
            year, month, day = (int(match.group(i) or 1) for i in order)
            return _rest(_day(year, month, day), plain[match.end() :])
    named = _named(plain)
    if named is not None and named[0] is not None:
        return _rest(_day(named[0], named[1], named[2]), named[3])
    if _SERIAL.fullmatch(plain):
        moment = _SERIAL_ZERO + timedelta(days=float(plain))
        if 1950 <= moment.year <= 2100:
            return moment.date(), moment.strftime("%H:%M:%S")
    return None


def _named(plain: str) -> tuple[int | None, int, int, str] | None:
    """Return year, month and day of a date with an English month's name, and what follows it."""
    for pattern, name, number in ((_NAMED_MDY, 1, 2), (_NAMED_DMY, 2, 1)):
        match = pattern.match(plain)
        if match is not None:
            year = int(match.group(3)) if match.group(3) else None
            rest = plain[match.end() :].lstrip(", ").removeprefix("at ")
            return year, _MONTH_NAMES.index(match.group(name)[:3]) + 1, int(match.group(number)), rest
    return None


def _yearless(plain: str) -> tuple[int, int, str] | None:
    """Return month and day of a date that names no year, and what follows it."""
    plain = _WEEKDAY.sub("", plain)
    match = _MD.match(plain)
    if match is not None:
        return int(match.group(1)), int(match.group(2)), plain[match.end() :]
    named = _named(plain)
    return named[1:] if named is not None and named[0] is None else None


def _rest(day: date | None, rest: str) -> tuple[date, str] | None:
    rest = rest.strip().removeprefix("t").strip()
    if day is None or (rest and _clock(_ZONE.sub("", rest) if ":" in rest else rest) is None):
        return None
    return day, rest


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    if not text:
        return time(0, 0)
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    half = match.group(1) or match.group(5)
    hour, minute, second = int(match.group(2)), int(match.group(3) or 0), int(match.group(4) or 0)
    if half in ("午後", "pm") and hour < 12:
        hour += 12
    elif half in ("午前", "am") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second)


def _zone(text: str) -> timezone:
    if text in ("z", "utc", "gmt"):
        return UTC
    if "jst" in text:
        return TOKYO
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
