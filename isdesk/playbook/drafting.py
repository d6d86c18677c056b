"""Edits the text of definitions: a key written out as it stands, ready to be changed; a whole table in its place."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date

from isdesk.playbook.positions import Path, comments, heads, scan, text_lines

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_HEADER = re.compile(r"^\s*\[(?!\[)([^\]]+)\]")


def begin_at(text: str, key: str, definitions: Mapping[str, object]) -> tuple[str, int]:
    """Return ``text`` (an overlay in TOML) with ``key`` in it, and the line on which it stands (1 = first).

    A key that is there already is only found. One that is not is written with the value that ``definitions`` (the
    merged whole) has, so that nothing changes before somebody types. Where the key is unknown, or the text is none, the
    text stays as it is and its last line is returned.
    """
    path = tuple(key.split(".")) if key else ()
    found = _value(definitions, path)
    try:
        known = scan(text) if path and tomllib.loads(text) is not None else {}
    except tomllib.TOMLDecodeError:
        return text, _last(text)
    if path in known:
        return text, known[path].line
    if not path or found is None:
        return text, _last(text)
    made = _table(text, path, found) if isinstance(found, Mapping) else _pair(text, path, found)
    try:
        tomllib.loads(made)
    except tomllib.TOMLDecodeError:
        return text, _last(text)
    position = scan(made).get(path)
    return made, position.line if position is not None else _last(made)


def put_table(text: str, path: Path, tree: Mapping[str, object] | None) -> str:
    """Return ``text`` (an overlay in TOML) with the table at ``path`` given whole; None takes it out.

    What stands elsewhere stays as it is, comments too; those within the table come to stand below its head. Raises
    ValueError where the text is no TOML, or where the table is given in a form that cannot be taken out (dotted keys,
    an inline table).
    """
    tomllib.loads(text)
    lines = text.replace("\r\n", "\n").split("\n")
    found, inner = heads(text), text_lines(text)
    ends = [*(_before(lines, line, inner) for _, line in found[1:]), len(lines)]
    said: list[str] = []
    for (head, line), end in reversed(list(zip(found, ends, strict=False))):
        if head[: len(path)] == path:
            said[:0] = [one for at, one in comments(text) if line <= at <= end]
            del lines[line - 1 : end]
    rest = "\n".join(lines).rstrip("\n") + "\n"
    if _value(tomllib.loads(rest), path) is not None:
        raise ValueError(path)
    if tree is None:
        return rest
    top, *below = _written_table(path, tree)
    return "\n".join([rest, top, *said, *below]).rstrip("\n") + "\n"


def _before(lines: list[str], head: int, inner: frozenset[int]) -> int:
    """Return how many lines stand before a table's head and the comments that belong to it; a line of a text
    (``inner``) is none, though it begin with #.
    """
    while head > 1 and head - 1 not in inner and lines[head - 2].lstrip().startswith("#"):
        head -= 1
    return head - 1


def _written_table(path: Path, tree: Mapping[str, object]) -> list[str]:
    """Return the lines of a table and all below it."""
    out = [f"[{'.'.join(_name(str(part)) for part in path)}]"]
    out += [f"{_name(name)} = {_long(value)}" for name, value in tree.items() if not isinstance(value, Mapping)]
    for name, value in tree.items():
        if isinstance(value, Mapping):
            out += _written_table((*path, name), value)
    return out


def _long(value: object) -> str:
    """Return a value as TOML writes it; a text of several lines stands in lines."""
    if not isinstance(value, str) or "\n" not in value:
        return written(value)
    inner = "\n".join(_escaped(line) for line in value.split("\n"))
    return f'"""\n{inner}"""'


def _escaped(line: str) -> str:
    return written(line)[1:-1].replace("\\t", "\t")


def _value(definitions: Mapping[str, object], path: Path) -> object:
    here: object = definitions
    for part in path:
        if not isinstance(here, Mapping) or part not in here:
            return None
        here = here[str(part)]
    return here


def _last(text: str) -> int:
    return max(1, len(text.splitlines()))


def _pair(text: str, path: Path, value: object) -> str:
    """Return the text with one more key: below its table's head where there is one, else in a table of its own."""
    head = ".".join(_name(str(part)) for part in path[:-1])
    line = f"{_name(str(path[-1]))} = {written(value)}"
    lines = text.rstrip("\n").split("\n")
    for place, one in enumerate(lines):
        match = _HEADER.match(one)
        if match and "".join(match.group(1).split()) == head:
            return "\n".join([*lines[: place + 1], line, *lines[place + 1 :], ""])
    return "\n".join([*lines, "", *([f"[{head}]"] if head else []), line, ""])


def _table(text: str, path: Path, value: Mapping[str, object]) -> str:
    """Return the text with the plain values of a table; tables in it stay as the base has them."""
    head = ".".join(_name(str(part)) for part in path)
    plain = [f"{_name(name)} = {written(item)}" for name, item in value.items() if not isinstance(item, Mapping)]
    if not plain and value:
        plain = [f"# {', '.join(value)}"]
    return "\n".join([text.rstrip("\n"), "", f"[{head}]", *plain, ""])


def _name(part: str) -> str:
    return part if _BARE.fullmatch(part) else written(part)


def written(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(one) for one in value)}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_name(str(k))} = {written(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
