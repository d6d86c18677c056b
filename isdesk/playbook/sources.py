"""Finds playbook texts, follows ``extends`` and lays overlays over their base.

An overlay's tables are merged key by key; any other value replaces the base's. ``remove = true`` in a table drops that
entry, ``replace = true`` starts it afresh. A table whose ``kind`` changes starts afresh too, and a ``step`` is always
given whole, because half of another kind's or another step's keys would make no sense.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

import isdesk
from isdesk.domain.errors import PlaybookError
from isdesk.playbook.model import SourceText
from isdesk.playbook.positions import Path, Position, scan
from isdesk.playbook.reader import Problems, hint

Tree = dict[str, object]
_LINE = re.compile(r"\(?at line (\d+), column \d+\)?")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")
_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_WHOLE = frozenset({"step"})
_HEAD = frozenset({"name", "number", "ja", "en", "note", "note_en", "extends", "agreed_on", "agreed_by"})
"""What a file says about itself; an overlay does not inherit it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One parsed text of a chain."""

    source: SourceText
    tree: Tree


def resources() -> FilePath:
    """Return the folder of shipped resources: beside the package in a checkout, inside it when installed."""
    package = FilePath(isdesk.__file__).parent
    inside = package / "_data" / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the playbooks that come with the program, ``default`` first."""
    names = sorted(p.stem for p in (resources() / "playbooks").glob("*.toml"))
    return tuple(sorted(names, key=lambda n: n != "default"))


def read(name_or_path: str | FilePath, beside: FilePath | None = None) -> SourceText:
    """Read a playbook by the path of its TOML file, or by the name of a shipped one.

    Raises PlaybookError where there is none or it is not UTF-8.
    """
    text = str(name_or_path)
    path = _path(text, beside)
    if path is None:
        raise PlaybookError("playbook_not_found", file=text, line=0, key="", known=", ".join(shipped_names()))
    try:
        return source(path.read_bytes().decode("utf-8-sig"), path.stem, str(path))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PlaybookError("playbook_not_utf8", file=str(path), line=line, key="") from error
    except OSError as error:
        raise PlaybookError("playbook_unreadable", file=str(path), line=0, key="", detail=str(error)) from error


def _path(text: str, beside: FilePath | None) -> FilePath | None:
    if text.endswith(".toml") or "/" in text or "\\" in text:
        path = FilePath(text)
        if beside is not None and not path.is_absolute():
            path = beside / path
        return path if path.is_file() else None
    if beside is not None and (near := beside / f"{text}.toml").is_file():
        return near
    return resources() / "playbooks" / f"{text}.toml" if text in shipped_names() else None


def source(text: str, name: str, file: str) -> SourceText:
    """Return ``text`` as a source called ``name``; errors call it ``file``."""
    return SourceText(name, file, text, hashlib.sha256(text.encode()).hexdigest())


def chain(top: SourceText) -> list[Parsed]:
    """Parse ``top`` and all that it extends, base first. Raises PlaybookError for a syntax error or a circle."""
    parts = [Parsed(top, parse(top))]
    while isinstance(base := parts[0].tree.get("extends"), str):
        here = parts[0].source
        folder = FilePath(here.file).parent if FilePath(here.file).is_file() else None
        line = locate([parts[0]], ("extends",))[1]
        try:
            found = read(base, None if folder == resources() / "playbooks" else folder)
        except PlaybookError as error:
            raise PlaybookError("playbook_base", file=here.file, line=line, key="extends", value=base) from error
        if any(p.source.sha256 == found.sha256 or p.source.file == found.file for p in parts):
            raise PlaybookError("playbook_extends_circle", file=here.file, line=line, key="extends", value=base)
        parts.insert(0, Parsed(found, parse(found)))
    return parts


def parse(source: SourceText) -> Tree:
    """Parse one text. Raises PlaybookError with the line of a syntax error."""
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        match = _LINE.search(str(error))
        lines = source.text.splitlines()
        line = int(match.group(1)) if match else max(1, len(lines))
        detail = _LINE.sub("", str(error)).replace("(at end of document)", "").strip()
        raise PlaybookError(
            "playbook_syntax", file=source.file, line=line, key=_key_near(lines, line), detail=detail
        ) from error


def _key_near(lines: list[str], line: int) -> str:
    """Return the key path in which ``line`` lies, as well as it can be told from a broken text."""
    own = _KEY.match(lines[line - 1]) if 0 < line <= len(lines) else None
    for text in reversed(lines[:line]):
        if header := _HEADER.match(text):
            return header.group(1) + (f".{own.group(1)}" if own else "")
    return own.group(1) if own else ""


def merged(parts: list[Parsed], problems: Problems) -> Tree:
    """Lay the overlays over the base and return the whole."""
    tree: Tree = {}
    for part in parts:
        below = {k: v for k, v in tree.items() if k not in _HEAD}
        tree = _merge(below, part.tree, (), problems)
    tree.setdefault("name", parts[-1].source.name)
    return tree


def _merge(base: Tree, over: Tree, path: Path, problems: Problems) -> Tree:
    out = dict(base)
    for key, value in over.items():
        here = (*path, key)
        if not isinstance(value, dict):
            out[key] = value
        elif value.get("remove") is True:
            if out.pop(key, None) is None:
                problems.add("playbook_nothing_to_remove", here, hint=hint(key, out), value=key)
        else:
            out[key] = _laid(out.get(key), value, here, problems)
    return out


def _laid(old: object, value: Tree, path: Path, problems: Problems) -> Tree:
    fresh = (
        not isinstance(old, dict)
        or value.get("replace") is True
        or path[-1] in _WHOLE
        or ("kind" in value and "kind" in old and value["kind"] != old["kind"])
    )
    base = {} if fresh or not isinstance(old, dict) else old
    return _merge(base, {k: v for k, v in value.items() if k not in ("replace", "remove")}, path, problems)


def locate(parts: list[Parsed], path: Path) -> tuple[str, int]:
    """Return file and line of a key: where it was given last, or where its nearest parent was."""
    best: tuple[int, str, int] = (-1, parts[-1].source.file, 1)
    for part in reversed(parts):
        depth, position = _deepest(scan(part.source.text), path)
        if position and depth > best[0]:
            best = (depth, part.source.file, position.line)
    return best[1], best[2]


def value_line(parts: list[Parsed], path: Path) -> tuple[str, int]:
    """Return file and line on which the text of a value begins."""
    file, line = locate(parts, path)
    for part in reversed(parts):
        position = scan(part.source.text).get(path)
        if position:
            return part.source.file, position.value_line
    return file, line


def _deepest(positions: Mapping[Path, Position], path: Path) -> tuple[int, Position | None]:
    for depth in range(len(path), 0, -1):
        if path[:depth] in positions:
            return depth, positions[path[:depth]]
    return -1, None
