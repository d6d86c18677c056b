"""How much work the rule of a series is, before anybody does it: a file from elsewhere must not keep the program.

Whoever expands a rule walks from its first day on, and where a rule never comes true (the 30th of February) up to the
year 9999. Neither can be stopped once begun, so what would take long is refused by an estimate; no calendar that people
keep comes near it. One unit is about a microsecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

MOST: Final = 500_000
"""The work that one series may be."""
MOST_IN_ALL: Final = 5_000_000
"""The work that all series of a calendar may be."""
MOST_OF_ZONES: Final = 20_000_000
"""The work that its time zones may be; the estimate counts them from 1600 on."""
_PERIODS: Final = {
    "YEARLY": (365.25, 150),
    "MONTHLY": (30.4, 20),
    "WEEKLY": (7, 8),
    "DAILY": (1, 5),
    "HOURLY": (1 / 24, 5),
}
"""Days of a period, and the work of walking over one."""
_ONE: Final = 4
"""The work of one occurrence."""
_LAST_YEAR: Final = 9999
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BY: Final = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS")
_FOLD = re.compile(r"\r?\n[ \t]")

Rule = Mapping[str, Sequence[str]]


def parts(text: str) -> dict[str, list[str]]:
    """Return the parts of a rule as it is written, e.g. ``FREQ`` → ``["DAILY"]``."""
    found: dict[str, list[str]] = {}
    for part in text.strip().split(";"):
        name, _, value = part.partition("=")
        found[name.strip().upper()] = [one.strip().upper() for one in value.split(",") if one.strip()]
    return found


def work(rules: Iterable[Rule], begin: datetime, end: datetime) -> float:
    """Return the work of walking along rules from their first day up to ``end``; infinite for what no meeting does."""
    return sum(_work(rule, begin, end) for rule in rules)


def zones_work(text: str) -> float:
    """Return the work of the rules by which a calendar's own time zones go over to summer time."""
    begin, end = datetime(1600, 1, 1), datetime(2038, 1, 1)  # noqa: DTZ001 - years are all that counts
    return sum(_work(rule, begin, end) if _seldom(rule) else float("inf") for rule in _zone_rules(text))


def _zone_rules(text: str) -> Iterator[Rule]:
    inside = False
    for line in _FOLD.sub("", text).splitlines() if "VTIMEZONE" in text.upper() else ():
        name, _, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if value.strip().upper() == "VTIMEZONE" and name in {"BEGIN", "END"}:
            inside = name == "BEGIN"
        elif inside and name == "RRULE":
            yield parts(value)


def _seldom(rule: Rule) -> bool:
    return rule.get("FREQ") == ["YEARLY"] and not any(rule.get(name) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))


def _work(rule: Rule, begin: datetime, end: datetime) -> float:
    freq = next(iter(rule.get("FREQ", ())), "")
    if freq not in _PERIODS:
        return float("inf")
    days, walk = _PERIODS[freq]
    every = max(_number(rule, "INTERVAL", 1), 1)
    last = end.year + 1
    if not _comes(rule, freq, every):
        last = _LAST_YEAR
    elif "COUNT" in rule:  # a rule that comes true ends with its count
        last = max(last, begin.year + 1)
    periods = max(last - begin.year + 1, 1) * 365.25 / days / every
    return periods * (walk + _ONE * _times(rule, freq))


def _times(rule: Rule, freq: str) -> float:
    """Return how often a rule comes within a period at most."""
    times = 1.0
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        if name != "BYHOUR" or freq != "HOURLY":
            times *= max(len(rule.get(name, ())), 1)
    days, _ = _PERIODS[freq]
    ordinal = sum(len(one) > 2 for one in rule.get("BYDAY", ()))
    plain = len(rule.get("BYDAY", ())) - ordinal
    if freq in {"YEARLY", "MONTHLY", "WEEKLY"} and (plain or rule.get("BYMONTHDAY") or rule.get("BYWEEKNO")):
        times *= min(max(days, 1), plain * days / 7 + len(rule.get("BYMONTHDAY", ())) * max(days / 30, 1) + 7)
    return times * max(len(rule.get("BYYEARDAY", ())), 1)


def _comes(rule: Rule, freq: str, every: int) -> bool:
    """Return whether a rule is sure to come true again within a few years, whatever its first day."""
    by = {name for name in _BY if rule.get(name)}
    if not by:
        return True
    if freq == "WEEKLY" and by == {"BYDAY"}:
        return True
    if every > 1 and not (freq == "MONTHLY" and "BYMONTH" not in by) and freq != "YEARLY":
        return False
    if by & {"BYYEARDAY", "BYWEEKNO"}:
        day = by == {"BYYEARDAY"} and any(0 < abs(one) <= 365 for one in _numbers(rule, "BYYEARDAY"))
        return day or (by <= {"BYWEEKNO", "BYDAY"} and any(0 < abs(one) <= 52 for one in _numbers(rule, "BYWEEKNO")))
    if {"BYMONTHDAY", "BYDAY"} <= by and (every > 1 or "BYMONTH" in by):
        return False
    return (
        _month_day(rule, every, freq) and _week_day(rule) and all(abs(one) == 1 for one in _numbers(rule, "BYSETPOS"))
    )


def _month_day(rule: Rule, every: int, freq: str) -> bool:
    days, months = _numbers(rule, "BYMONTHDAY"), _numbers(rule, "BYMONTH")
    if months and not any(0 < one <= 12 for one in months):
        return False
    if not days:
        return True
    if months:
        longest = [_LONGEST[one - 1] if every == 1 else min(_LONGEST[one - 1], 28) for one in months if 0 < one <= 12]
    else:
        longest = [28 if freq == "MONTHLY" and every % 12 == 0 else 31]
    return any(0 < abs(day) <= most for day in days for most in longest)


def _week_day(rule: Rule) -> bool:
    days = rule.get("BYDAY", ())
    return not days or any(len(one) == 2 or _ordinal(one) <= 4 for one in days)


def _ordinal(day: str) -> int:
    """Return the number of ``-1FR`` without its sign; a large one where it is none."""
    number = day[:-2].lstrip("+-")
    return int(number) if number.isdigit() and int(number) else 99


def _numbers(rule: Rule, name: str) -> list[int]:
    return [int(one) for one in rule.get(name, ()) if one.lstrip("+-").isdigit()]


def _number(rule: Rule, name: str, default: int) -> int:
    return next(iter(_numbers(rule, name)), default)


__all__ = ["MOST", "MOST_IN_ALL", "MOST_OF_ZONES", "Rule", "parts", "work", "zones_work"]
