"""Bringing an older settings file up to date, one function per format; renaming a setting needs none (renamed_from)."""

from __future__ import annotations

from collections.abc import Callable

Data = dict[str, object]

UPGRADES: tuple[Callable[[Data], Data], ...] = ()
"""``UPGRADES[n]`` turns format n + 1 into format n + 2."""

FORMAT = len(UPGRADES) + 1
"""The format this program writes."""


def upgraded(
    data: Data, found: int, steps: tuple[Callable[[Data], Data], ...] = UPGRADES, former: dict[str, str] | None = None
) -> Data:
    """Return the data of format ``found`` in the newest one, settings under their present names."""
    for step in steps[found - 1 :]:
        data = step(data)
    renamed = former or {}
    return {renamed.get(code, code): value for code, value in data.items()}
