"""Where each key of a TOML text stands, so that an error can name its line.

`tomllib` gives values without positions. This scan runs only when something is wrong, over a text that `tomllib`
has already accepted, and therefore only follows the structure: headers, keys, strings, arrays, inline tables.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

Path = tuple[str | int, ...]
"""A key path: names of tables and keys, numbers for the elements of arrays."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_BLANK = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_COMMENT = re.compile(r"#[^\n]*")
_SPACE = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Position:
    """Line of the key, and line on which the first character of its value stands (1 = first)."""

    line: int
    value_line: int


@lru_cache(maxsize=8)
def scan(text: str) -> Mapping[Path, Position]:
    """Return the position of every table, key and array element of a valid TOML ``text``; kept for the next error."""
    found = _Scan(text.replace("\r\n", "\n"))
    found.run()
    return found.positions


@lru_cache(maxsize=8)
def heads(text: str) -> tuple[tuple[Path, int], ...]:
    """Return the heads of the tables of a valid TOML ``text`` in order, each with its line (1 = first)."""
    found = _Scan(text.replace("\r\n", "\n"))
    found.run()
    return tuple(found.heads)


@lru_cache(maxsize=8)
def text_lines(text: str) -> frozenset[int]:
    """Return the lines of a valid TOML ``text`` on which a text of several lines goes on (1 = first)."""
    found = _Scan(text.replace("\r\n", "\n"))
    found.run()
    return frozenset(found.going_on)


@lru_cache(maxsize=8)
def comments(text: str) -> tuple[tuple[int, str], ...]:
    """Return the comments of a valid TOML ``text`` in order, each with its line (1 = first)."""
    found = _Scan(text.replace("\r\n", "\n"))
    found.run()
    return tuple((found.line_of(offset), said) for offset, said in sorted(found.comments.items()))


def shown(path: Path) -> str:
    """Return a path as people write it: ``policy.P_NOANS.steps[2].slot``."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += f".{part}" if out else part
    return out


@dataclass(slots=True)
class _Scan:
    text: str
    positions: dict[Path, Position] = field(default_factory=dict)
    heads: list[tuple[Path, int]] = field(default_factory=list)
    going_on: set[int] = field(default_factory=set)
    comments: dict[int, str] = field(default_factory=dict)
    _at: int = 0
    _arrays: dict[Path, int] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)

    def run(self) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        prefix: Path = ()
        while self._skip(_BLANK) and self._at < len(self.text):
            if self.text[self._at] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)

    def line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self._at)
        if match:
            if pattern is _BLANK and "#" in match.group():
                self.comments.update((m.start(), m.group()) for m in _COMMENT.finditer(self.text, *match.span()))
            self._at = match.end()
        return True

    def _header(self) -> Path:
        line = self.line_of(self._at)
        many = self.text.startswith("[[", self._at)
        self._at += 2 if many else 1
        names = self._key()
        self._at += 2 if many else 1
        path: Path = ()
        for i, name in enumerate(names):
            path = (*path, name)
            if many and i == len(names) - 1:
                self._arrays[path] = self._arrays.get(path, 0) + 1
                self.positions.setdefault(path, Position(line, line))
            if path in self._arrays:
                path = (*path, self._arrays[path] - 1)
            self.positions.setdefault(path, Position(line, line))
        self.positions[path] = Position(line, line)
        self.heads.append((path, line))
        return path

    def _key(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            if self.text[self._at] in "\"'":
                start = self._at
                self._string()
                names.append(str(tomllib.loads("k=" + self.text[start : self._at])["k"]))
            else:
                match = _BARE.match(self.text, self._at)
                names.append(match.group() if match else "")
                self._at += max(1, len(names[-1]))
            self._skip(_SPACE)
            if self._at >= len(self.text) or self.text[self._at] != ".":
                return names
            self._at += 1

    def _pair(self, prefix: Path) -> None:
        line = self.line_of(self._at)
        path = prefix
        names = self._key()
        for name in names[:-1]:
            path = (*path, name)
            self.positions.setdefault(path, Position(line, line))
        self._at += 1
        self._value((*path, names[-1]), line)

    def _value(self, path: Path, line: int) -> None:
        self._skip(_SPACE)
        start = self._at
        char = self.text[start : start + 1]
        value_line = self.line_of(start)
        if char and char in "\"'":
            value_line += self.text.startswith(('"""\n', "'''\n"), start)
            self._string()
        elif char == "[":
            self._elements(path)
        elif char == "{":
            self._inline(path)
        else:
            self._skip(_SCALAR)
            self._at = max(self._at, start + 1)
        self.positions[path] = Position(line, value_line)

    def _elements(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._skip(_BLANK) and self.text[self._at] != "]":
            self._value((*path, index), self.line_of(self._at))
            index += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._skip(_BLANK) and self.text[self._at] != "}":
            self._pair(path)
        self._at += 1

    def _string(self) -> None:
        quote, begun = self.text[self._at], self.line_of(self._at)
        if self.text.startswith(quote * 3, self._at):
            self._at += 3
            self._to_end(quote * 3)
            while self.text.startswith(quote, self._at):
                self._at += 1
            self.going_on.update(range(begun + 1, self.line_of(self._at) + 1))
        else:
            self._at += 1
            self._to_end(quote)

    def _to_end(self, end: str) -> None:
        while not self.text.startswith(end, self._at):
            self._at += 2 if end[0] == '"' and self.text[self._at] == "\\" else 1
        self._at += len(end)
