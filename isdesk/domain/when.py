"""Times as people say them (「明日 14:00」「12/3 15時」「30分後」) read into instants; quick picks for a callback.

Texts are normalised first (NFKC), so full-width figures and colons are as good as half-width ones. A day without a
time means ten in the morning; a time without a day means its next occurrence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
DEFAULT_TIME = time(10, 0)
"""The time of a day that was named without one."""

_NOON = 12
_WEEKDAYS = "月火水木金土日"
_PARTS = {
    "朝一": time(9, 30),
    "朝": time(9, 30),
    "午前中": time(10, 0),
    "午前": time(10, 0),
    "昼過ぎ": time(13, 30),
    "昼": time(13, 0),
    "午後": time(13, 0),
    "夕方": time(16, 0),
    "夕": time(16, 0),
}
_NAMED = {
    "明々後日": 3,
    "しあさって": 3,
    "明後日": 2,
    "あさって": 2,
    "翌日": 1,
    "明日": 1,
    "あした": 1,
    "あす": 1,
    "tomorrow": 1,
    "今日": 0,
    "本日": 0,
    "きょう": 0,
    "today": 0,
}

_AFTER = re.compile(r"^(?:(\d+)\s*時間\s*(半)?)?\s*(?:(\d+)\s*分)?\s*後$")
_PLUS = re.compile(r"^\+\s*(\d+)\s*(m|h|d|分|時間|日)$")
_FULL = re.compile(r"^(\d{4})\s*[/\-.年]\s*(\d{1,2})\s*[/\-.月]\s*(\d{1,2})\s*日?")
_MONTH_DAY = re.compile(r"^(\d{1,2})\s*[/\-月]\s*(\d{1,2})\s*日?")
_DAYS_AFTER = re.compile(r"^(\d{1,3})\s*(営業日|週間|日|か月|ヶ月)後")
_DAY = re.compile(r"^(\d{1,2})日")
_WEEKDAY = re.compile(r"^(再来週|来週|今週)?(?:の)?(?:([月火水木金土日])(?:曜日?)?(?![0-9]*月))?")
_CLOCK = re.compile(r"^(午前|午後|am|pm)?\s*(\d{1,2})(?:[:時](?:(半)|(\d{1,2})分?)?)?\s*(am|pm)?$", re.IGNORECASE)
_DIGITS = re.compile(r"^(\d{1,2})(\d{2})$")
_FILLER = re.compile(r"[のに頃ごろ、,\s]+")


class OpenDays(Protocol):
    """What is asked of a work calendar: the n-th open day from a day."""

    def add_business_days(self, day: date, n: int) -> date:
        """Return the ``n``-th open day after ``day``."""
        ...


@dataclass(frozen=True, slots=True)
class Pick:
    """One quick pick: ``code`` names its words (``min30`` …), ``at`` is an aware UTC instant."""

    code: str
    at: datetime


def parse(text: str, *, now: datetime, days: OpenDays) -> datetime | None:
    """Return the instant that ``text`` names (UTC), or None where it cannot be understood or does not exist."""
    said = unicodedata.normalize("NFKC", text).strip().lower()
    here = now.astimezone(TOKYO)
    if not said:
        return None
    try:
        return _relative(said, here) or _dated(said, here, days)
    except (ValueError, OverflowError):
        return None


def parse_date(text: str, *, now: datetime, days: OpenDays) -> date | None:
    """Return the day that ``text`` names, or None; a month alone (「1月」「2027/1」) is its first day."""
    said = unicodedata.normalize("NFKC", text).strip().lower()
    here = now.astimezone(TOKYO)
    month = re.match(r"^(?:(\d{4})\s*[/\-年]\s*)?(\d{1,2})\s*月?$", said)
    try:
        if month and (month[1] or said.endswith("月")):
            year = int(month[1]) if month[1] else here.year + (int(month[2]) < here.month)
            return date(year, int(month[2]), 1)
        found = _day(said, here.date(), days)
    except (ValueError, OverflowError):
        return None
    return found[0] if found and not found[1].strip() else None


def quick_picks(now: datetime, days: OpenDays) -> tuple[Pick, ...]:
    """Return the callback times that are offered on number keys, earliest first and all in the future."""
    here = now.astimezone(TOKYO)
    today, morrow = here.date(), days.add_business_days(here.date(), 1)
    monday = days.add_business_days(today - timedelta(days=today.weekday()) + timedelta(days=6), 1)
    picks = [
        Pick("min30", _round(here + timedelta(minutes=30))),
        Pick("hour1", _round(here + timedelta(hours=1))),
        Pick("hour3", _round(here + timedelta(hours=3))),
        Pick("today_pm", _at(today, time(13, 0))),
        Pick("today_evening", _at(today, time(16, 0))),
        Pick("next_am", _at(morrow, time(10, 0))),
        Pick("next_pm", _at(morrow, time(14, 0))),
        Pick("in3bd", _at(days.add_business_days(today, 3), time(10, 0))),
        Pick("next_week", _at(monday, time(10, 0))),
    ]
    seen: dict[datetime, Pick] = {}
    for pick in picks:
        if pick.at > now:
            seen.setdefault(pick.at, pick)
    return tuple(sorted(seen.values(), key=lambda p: p.at))


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, TOKYO).astimezone(UTC)


def _round(at: datetime) -> datetime:
    """Return ``at`` on the next five minutes."""
    over = (at.minute % 5 * 60) + at.second + at.microsecond / 1e6
    return (at + timedelta(seconds=(300 - over) % 300)).replace(microsecond=0).astimezone(UTC)


def _relative(said: str, here: datetime) -> datetime | None:
    if after := _AFTER.match(said):
        hours, half, minutes = after.groups()
        total = int(hours or 0) * 60 + (30 if half else 0) + int(minutes or 0)
        return _round(here + timedelta(minutes=total)) if total else None
    if plus := _PLUS.match(said):
        unit = {"m": 1, "分": 1, "h": 60, "時間": 60, "d": 1440, "日": 1440}[plus[2]]
        return _round(here + timedelta(minutes=int(plus[1]) * unit))
    return None


def _dated(said: str, here: datetime, days: OpenDays) -> datetime | None:
    found = _day(said, here.date(), days)
    if found is None:
        clock = _clock(said)
        if clock is None:
            return None
        at = _at(here.date(), clock)
        return at if at > here else _at(here.date() + timedelta(days=1), clock)
    day, rest = found
    rest = _FILLER.sub("", rest) if not re.search(r"\d\s+\d", rest) else rest
    clock = _clock(rest) if rest else DEFAULT_TIME
    return _at(day, clock) if clock is not None else None


def _day(said: str, today: date, days: OpenDays) -> tuple[date, str] | None:
    """Return the named day and what follows it."""
    for read in _READERS:
        found = read(said, today, days)
        if found is not None:
            return found
    return None


def _named(said: str, today: date, days: OpenDays) -> tuple[date, str] | None:
    for word, ahead in _NAMED.items():
        if said.startswith(word):
            return today + timedelta(days=ahead), said[len(word) :]
    if said.startswith("翌営業日"):
        return days.add_business_days(today, 1), said[4:]
    return None


def _calendar_day(said: str, today: date, _: OpenDays) -> tuple[date, str] | None:
    if full := _FULL.match(said):
        return date(int(full[1]), int(full[2]), int(full[3])), said[full.end() :]
    if short := _MONTH_DAY.match(said):
        day = date(today.year, int(short[1]), int(short[2]))
        return (day if day >= today else day.replace(year=today.year + 1)), said[short.end() :]
    if alone := _DAY.match(said):
        if said[alone.end() :].startswith("後"):
            return None
        return _next_day_of_month(today, int(alone[1])), said[alone.end() :]
    return None


def _next_day_of_month(today: date, day: int) -> date:
    first = today.replace(day=1)
    for _ in range(3):
        try:
            found = first.replace(day=day)
        except ValueError:
            found = date.min
        if found >= today:
            return found
        first = (first + timedelta(days=32)).replace(day=1)
    raise ValueError(day)


def _days_after(said: str, today: date, days: OpenDays) -> tuple[date, str] | None:
    found = _DAYS_AFTER.match(said)
    if found is None:
        return None
    n, rest = int(found[1]), said[found.end() :]
    if found[2] == "営業日":
        return days.add_business_days(today, n), rest
    if found[2] == "週間":
        return today + timedelta(weeks=n), rest
    if found[2] == "日":
        return today + timedelta(days=n), rest
    return _months_after(today, n), rest


def _months_after(today: date, n: int) -> date:
    month = today.month - 1 + n
    year, month = today.year + month // 12, month % 12 + 1
    for day in range(today.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, today.day)


def _weekday(said: str, today: date, days: OpenDays) -> tuple[date, str] | None:
    found = _WEEKDAY.match(said)
    if found is None or not found[0]:
        return None
    week, name = found.groups()
    rest = said[found.end() :]
    monday = today - timedelta(days=today.weekday())
    ahead = {"来週": 7, "再来週": 14, "今週": 0}.get(week or "", 0)
    if name is None:
        return days.add_business_days(monday + timedelta(days=ahead - 1), 1), rest
    day = monday + timedelta(days=ahead + _WEEKDAYS.index(name))
    return (day if week or day > today else day + timedelta(days=7)), rest


def _clock(said: str) -> time | None:
    said = said.strip()
    if said in _PARTS:
        return _PARTS[said]
    if digits := _DIGITS.match(said):
        return time(int(digits[1]), int(digits[2]))
    found = _CLOCK.match(said)
    if found is None:
        return None
    before, hour_text, half, minute, behind = found.groups()
    hour = int(hour_text)
    if (before or behind or "") in {"午後", "pm"} and hour < _NOON:
        hour += _NOON
    return time(hour, 30 if half else int(minute or 0))


_Reader = Callable[[str, date, OpenDays], tuple[date, str] | None]
_READERS: tuple[_Reader, ...] = (_named, _days_after, _calendar_day, _weekday)
