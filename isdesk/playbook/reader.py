"""Typed reading of a parsed playbook: every value is checked, every problem is collected, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from isdesk.domain.rules import Label
from isdesk.playbook.positions import Path

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–〜~]\s*(\d{1,2}):(\d{2})")
_MIDNIGHT = 24


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``code`` names the sentence, ``path`` the key, ``params`` fill the sentence."""

    code: str
    path: Path
    params: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Problems:
    """The collected problems of one reading."""

    items: list[Problem] = field(default_factory=list)

    def add(self, code: str, path: Path, **params: object) -> None:
        """Note one problem."""
        self.items.append(Problem(code, path, params))


def hint(word: str, known: Collection[str]) -> str:
    """Return the known word that ``word`` was probably meant to be, or an empty string."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""


class Table:
    """One table of the playbook; the methods read a key with its type, and `done` reports what nobody read."""

    def __init__(self, data: object, path: Path, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._used: set[str] = set()
        self._data: Mapping[str, object] = {}
        if isinstance(data, Mapping):
            self._data = data
        else:
            problems.add("playbook_not_table", path, value=repr(data))

    def __contains__(self, key: str) -> bool:
        """Tell whether the key is given."""
        return key in self._data

    def codes(self) -> tuple[str, ...]:
        """Return the keys as they stand in the file."""
        return tuple(self._data)

    def raw(self, key: str) -> object:
        """Return a value as parsed and count it as read; None where it is not given."""
        self._used.add(key)
        return self._data.get(key)

    def at(self, *parts: str | int) -> Path:
        """Return the path of something below this table."""
        return (*self.path, *parts)

    def wrong(self, key: str, wanted: str) -> None:
        """Note that ``key`` is not a ``wanted``."""
        self.problems.add(f"playbook_not_{wanted}", self.at(key), value=repr(self._data.get(key)))

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text; without ``default`` it must be given and not empty."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.problems.add("playbook_missing_key", self.at(key))
            return default or ""
        if not isinstance(value, str):
            self.wrong(key, "text")
            return default or ""
        if default is None and not value.strip():
            self.problems.add("playbook_missing_key", self.at(key))
        return value

    def maybe(self, key: str) -> str | None:
        """Read a text that need not be given."""
        return self.text(key, "") or None

    def one_of(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """Read a text that must be one of ``known``."""
        value = self.text(key, default)
        if value and value not in known and isinstance(self._data.get(key), str):
            self.unknown(key, value, known)
            return default if default is not None else next(iter(known))
        return value

    def unknown(self, key: str, value: str, known: Collection[str], index: int | None = None) -> None:
        """Note that ``value`` is none of ``known``, with what it was probably meant to be."""
        path = self.at(key) if index is None else self.at(key, index)
        self.problems.add(
            "playbook_unknown_value", path, value=value, known=", ".join(sorted(known)), hint=hint(value, known)
        )

    def whole(self, key: str, default: int | None = None, *, least: int = 0, most: int = 1_000_000) -> int:
        """Read a whole number within bounds."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.problems.add("playbook_missing_key", self.at(key))
            return default if default is not None else least
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, "whole_number")
            return default if default is not None else least
        self._bounds(key, value, least, most)
        return value

    def maybe_whole(self, key: str, *, least: int = 0, most: int = 1_000_000) -> int | None:
        """Read a whole number that need not be given."""
        return self.whole(key, 0, least=least, most=most) if key in self else None

    def number(self, key: str, default: float, *, least: float = 0.0, most: float = 1e6) -> float:
        """Read a number within bounds."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "number")
            return default
        self._bounds(key, value, least, most)
        return float(value)

    def maybe_number(self, key: str) -> float | None:
        """Read a number that need not be given."""
        return self.number(key, 0.0, least=-1e12, most=1e12) if key in self else None

    def flag(self, key: str, default: bool = False) -> bool:
        """Read true or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, "true_false")
            return default
        return value

    def maybe_flag(self, key: str) -> bool | None:
        """Read true or false that need not be given."""
        return self.flag(key) if key in self else None

    def items(self, key: str) -> list[object]:
        """Read a list of anything."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "list")
            return []
        return value

    def texts(self, key: str, known: Collection[str] | None = None) -> tuple[str, ...]:
        """Read a list of texts, each one of ``known`` where that is given."""
        out: list[str] = []
        for i, value in enumerate(self.items(key)):
            if not isinstance(value, str):
                self.problems.add("playbook_not_text", self.at(key, i), value=repr(value))
            elif known is not None and value not in known:
                self.unknown(key, value, known, i)
            else:
                out.append(value)
        return tuple(out)

    def ints(self, key: str, *, least: int = 0, most: int = 100_000) -> tuple[int, ...]:
        """Read a list of whole numbers."""
        out: list[int] = []
        for i, value in enumerate(self.items(key)):
            if not isinstance(value, int) or isinstance(value, bool):
                self.problems.add("playbook_not_whole_number", self.at(key, i), value=repr(value))
            elif not least <= value <= most:
                self.problems.add("playbook_out_of_range", self.at(key, i), value=value, least=least, most=most)
            else:
                out.append(value)
        return tuple(out)

    def pairs(self, key: str) -> tuple[tuple[int, int], ...]:
        """Read a list of pairs of whole numbers."""
        out: list[tuple[int, int]] = []
        for i, value in enumerate(self.items(key)):
            if isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value):
                out.append((value[0], value[1]))
            else:
                self.problems.add("playbook_not_number_pair", self.at(key, i), value=repr(value))
        return tuple(out)

    def span(self, key: str) -> tuple[time, time] | None:
        """Read a part of the day, ``"09:30-12:00"``; the end comes after the start."""
        return self._span(self.text(key), self.at(key))

    def spans(self, key: str) -> tuple[tuple[time, time], ...]:
        """Read parts of the day in order, none overlapping the one before."""
        out: list[tuple[time, time]] = []
        for i, value in enumerate(self.items(key)):
            got = self._span(value, self.at(key, i))
            if got and out and got[0] < out[-1][1]:
                self.problems.add("playbook_not_ordered", self.at(key, i), value=str(value))
            if got:
                out.append(got)
        return tuple(out)

    def dates(self, key: str) -> tuple[date, ...]:
        """Read a list of TOML dates."""
        out: list[date] = []
        for i, value in enumerate(self.items(key)):
            if type(value) is date:
                out.append(value)
            else:
                self.problems.add("playbook_not_date", self.at(key, i), value=repr(value))
        return tuple(out)

    def label(self) -> Label:
        """Read the name of this entry: ``ja`` (must be given) and ``en``."""
        ja = self.text("ja")
        return Label(ja, self.text("en", ja))

    def table(self, key: str) -> Table:
        """Return a table below this one; empty where it is not given."""
        value = self.raw(key)
        return Table({} if value is None else value, self.at(key), self.problems)

    def entries(self, key: str, *, inactive: bool = False) -> Iterator[tuple[str, Table]]:
        """Yield the tables below ``key`` by code, without those that say ``active = false`` unless ``inactive``."""
        below = self.table(key)
        for code in below.codes():
            entry = below.table(code)
            if inactive or entry.flag("active", default=True):
                yield code, entry

    def done(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self._data:
            if key not in self._used:
                self.problems.add("playbook_unknown_key", self.at(key), hint=hint(key, self._used))

    def _bounds(self, key: str, value: float, least: float, most: float) -> None:
        if not least <= value <= most:
            self.problems.add("playbook_out_of_range", self.at(key), value=value, least=least, most=most)

    def _span(self, value: object, path: Path) -> tuple[time, time] | None:
        match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
        if not match:
            self.problems.add("playbook_not_time_span", path, value=repr(value))
            return None
        h1, m1, h2, m2 = (int(g) for g in match.groups())
        if max(h1, h2) >= _MIDNIGHT or max(m1, m2) >= 60:
            self.problems.add("playbook_not_time_span", path, value=repr(value))
            return None
        if (h1, m1) >= (h2, m2):
            self.problems.add("playbook_not_ordered", path, value=match.group())
            return None
        return time(h1, m1), time(h2, m2)
