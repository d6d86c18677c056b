"""What differs between two versions of a playbook, key by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isdesk.playbook.model import Playbook
from isdesk.playbook.positions import Path, shown


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed key; ``before`` or ``after`` is None where the key is not there on that side."""

    key: str
    before: object
    after: object


def diff(a: Playbook, b: Playbook) -> list[Difference]:
    """Return what changed from ``a`` to ``b`` in the merged definitions, in the order of their keys."""
    before, after = _flat(a.definitions, ()), _flat(b.definitions, ())
    for side in (before, after):
        side.pop(("extends",), None)
    keys = list(dict.fromkeys((*before, *after)))
    changed = [k for k in keys if before.get(k) != after.get(k)]
    return [Difference(shown(k), _plain(before.get(k)), _plain(after.get(k))) for k in changed]


def _flat(value: object, path: Path) -> dict[Path, object]:
    if isinstance(value, dict) and value:
        out: dict[Path, object] = {}
        for key, below in value.items():
            out |= _flat(below, (*path, key))
        return out
    return {path: value}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
