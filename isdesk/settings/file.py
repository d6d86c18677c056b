"""Reads and writes ``settings.toml``: atomically, keeping what it does not know, never failing on a bad value."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

from isdesk.domain.errors import BadInput
from isdesk.settings.options import OPTIONS, Setting, option

_HEAD = "# isdesk の設定。画面の「設定」から変えられます。\n"


class Settings:
    """The settings of one profile. ``problems`` names those whose stored value was not usable (the default holds)."""

    def __init__(
        self, path: Path, values: dict[str, Setting], unknown: dict[str, Setting], problems: list[str]
    ) -> None:
        self._path = path
        self._values = values
        self._unknown = unknown
        self.problems = problems

    def get(self, code: str) -> Setting:
        """Return a setting's value, its default where it was never set.

        Raises BadInput (``setting_unknown``).
        """
        return self._values.get(code, option(code).default)

    def text(self, code: str) -> str:
        """Return a setting as text."""
        return str(self.get(code))

    def number(self, code: str) -> int:
        """Return a setting as a whole number."""
        return int(self.get(code))

    def set(self, code: str, value: Setting) -> None:
        """Change a setting and write the file.

        Raises BadInput (``setting_unknown``, ``setting_value``).
        """
        if not option(code).accepts(value):
            raise BadInput("setting_value", name=code, value=str(value))
        self._values[code] = value
        self._write()

    def _write(self) -> None:
        lines = [f"{code} = {_toml(value)}\n" for code, value in sorted((self._unknown | self._values).items())]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8", newline="\n") as out:
            out.write(_HEAD + "".join(lines))
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)


def load(path: Path) -> Settings:
    """Return the settings in ``path``; where there is no file or an unreadable one, the defaults hold."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(path, {}, {}, [])
    except (OSError, ValueError):
        return Settings(path, {}, {}, [path.name])
    values: dict[str, Setting] = {}
    problems: list[str] = []
    for code, declared in OPTIONS.items():
        name = next((n for n in (code, *declared.renamed_from) if n in found), None)
        if name is None:
            continue
        value = found[name]
        if declared.accepts(value):
            values[code] = value
        else:
            problems.append(code)
    known = {n for code, declared in OPTIONS.items() for n in (code, *declared.renamed_from)}
    unknown = {n: v for n, v in found.items() if n not in known and isinstance(v, (str, int, bool))}
    return Settings(path, values, unknown, problems)


def _toml(value: Setting) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
