"""The settings of a profile: a small TOML file that people may edit, written whole or not at all.

A file that cannot be read is kept aside under another name and the defaults hold; `Settings.problem` says so in one
sentence's worth. A value that a setting cannot hold falls back to its default; what this program does not know is kept.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path

from isdesk.domain.errors import BadInput, IsdeskError
from isdesk.settings.declared import BY_CODE, DECLARED, FORMER, Setting, Value
from isdesk.settings.upgrades import FORMAT, upgraded

_FORMAT_KEY = "format"


class Settings:
    """Settings by code. `set` writes the file at once; other windows of the profile see it when they `load` again."""

    def __init__(self, path: Path, values: dict[str, object] | None = None, problem: IsdeskError | None = None) -> None:
        self.path = path
        self.problem = problem
        self._values: dict[str, object] = dict(values or {})

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read the settings at ``path``; a missing file means that every default holds."""
        try:
            data: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
            found = data.pop(_FORMAT_KEY, FORMAT)
            if not isinstance(found, int) or not 1 <= found <= FORMAT:
                raise ValueError(found)
        except FileNotFoundError:
            return cls(path)
        except (ValueError, OSError):
            return cls(path, problem=BadInput("settings_unreadable", kept=_set_aside(path).name))
        return cls(path, upgraded(data, found, former=FORMER))

    def get(self, code: str) -> Value:
        """Return a setting: what was set, or its default where nothing usable was.

        Raises BadInput (``setting_unknown``).
        """
        setting = _declared(code)
        try:
            return setting.check(self._values[code])
        except (KeyError, BadInput):
            return setting.default

    def number(self, code: str) -> int:
        """Return a setting that is a number."""
        value = self.get(code)
        if not isinstance(value, int):
            raise BadInput("setting_unknown", setting=code)
        return value

    def text(self, code: str) -> str:
        """Return a setting that is a text or a choice."""
        return str(self.get(code))

    def flag(self, code: str) -> bool:
        """Return a setting that is on or off."""
        return bool(self.get(code))

    def set(self, code: str, value: object) -> None:
        """Change a setting and write the file.

        Raises BadInput (``setting_unknown``, ``setting_invalid``, ``settings_unwritable``); nothing changes then.
        """
        checked = _declared(code).check(value)
        wanted = {**self._values, code: checked}
        _write(self.path, wanted)
        self._values = wanted

    def reset(self, code: str) -> None:
        """Let the default of a setting hold again."""
        _declared(code)
        wanted = {k: v for k, v in self._values.items() if k != code}
        _write(self.path, wanted)
        self._values = wanted

    def everything(self) -> dict[str, Value]:
        """Return all settings in their order."""
        return {s.code: self.get(s.code) for s in DECLARED}


def _declared(code: str) -> Setting:
    found = BY_CODE.get(code)
    if found is None:
        raise BadInput("setting_unknown", setting=code)
    return found


def _set_aside(path: Path) -> Path:
    """Keep a file that cannot be read under the next free name ``….bad-N``; where even that fails, leave it."""
    number = 1
    while (kept := path.with_name(f"{path.name}.bad-{number}")).exists():
        number += 1
    try:
        path.replace(kept)
    except OSError:
        return path
    return kept


def _write(path: Path, values: dict[str, object]) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(_as_toml(values))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput("settings_unwritable") from error


def _as_toml(values: dict[str, object]) -> str:
    lines = [f"{_FORMAT_KEY} = {FORMAT}"]
    for setting in DECLARED:
        if setting.code in values:
            lines += ["", f"# {setting.about_ja}", f"{setting.code} = {_toml(values[setting.code])}"]
    unknown = {k: v for k, v in values.items() if k not in BY_CODE and isinstance(v, (bool, int, float, str))}
    lines += [f"{json.dumps(code)} = {_toml(value)}" for code, value in sorted(unknown.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Return a scalar in TOML, whose basic strings are JSON's with DEL escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
