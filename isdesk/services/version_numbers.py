"""One number, one text: scripts and mail templates are counted by version (DOMAIN 5), so none is ever given twice.

A number is taken by what is in force and by every proposal that all departments have signed, also one whose day is
still to come.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from isdesk import playbook
from isdesk.domain import agreement
from isdesk.domain.agreement import KIND
from isdesk.domain.errors import Refused
from isdesk.store import filings

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

Tree = dict[str, object]
Path = tuple[str, ...]

KINDS: tuple[Path, ...] = (("script",), ("mail", "template"))
"""The tables of the definitions whose parts have versions."""
_SAYS_NOTHING = frozenset({"version", "replace"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A text with the number that it has."""

    number: int
    tree: Tree

    @property
    def most(self) -> int:
        """Return the highest number that it has: its rival, if there is one, has a number too (the next where it names
        none).
        """
        rival = self.tree.get("trial")
        named = rival.get("version", self.number + 1) if isinstance(rival, dict) else self.number
        return max(self.number, named) if isinstance(named, int) else self.number


def at(definitions: Mapping[str, object], part: Path) -> Tree:
    """Return the table at a path; empty where there is none."""
    here: object = definitions
    for name in part:
        here = here.get(name) if isinstance(here, Mapping) else None
    return dict(here) if isinstance(here, Mapping) else {}


def number_of(tree: Mapping[str, object]) -> int:
    """Return the version that a part has; 1 where it names none."""
    found = tree.get("version", 1)
    return found if isinstance(found, int) else 1


def same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return whether two trees are one text, whatever number it has."""
    return _plain(one) == _plain(other)


def _plain(tree: Mapping[str, object]) -> Tree:
    return {key: value for key, value in tree.items() if key not in _SAYS_NOTHING}


def taken(tx: Tx, in_force: Mapping[str, object], part: Path) -> list[Taken]:
    """Return every number of a part that is in force or agreed on, each with its text."""
    now = at(in_force, part)
    found = [Taken(number_of(now), now)] if now else []
    for one in agreement.proposals(filings.of_kind(tx, KIND)):
        if not one.withdrawn and one.agreed_at is not None and at(_raw(one.text), part):
            tree = at(_read(one.text), part)
            if tree:
                found.append(Taken(number_of(tree), tree))
    return found


def require_free(tx: Tx, ctx: Context, definitions: Mapping[str, object]) -> None:
    """Refuse definitions that give another text a number that is taken, or one before that in force.

    Raises Refused (``proposal_version``).
    """
    for kind in KINDS:
        for code, tree in at(definitions, kind).items():
            part = (*kind, code)
            now = at(ctx.playbook.definitions, part)
            if not isinstance(tree, dict) or tree == now:
                continue
            number, known = number_of(tree), taken(tx, ctx.playbook.definitions, part)
            doubled = any(one.number == number and not same(one.tree, tree) for one in known)
            if doubled or (now and number < number_of(now)):
                most = max(one.most for one in known)
                raise Refused("proposal_version", key=".".join(part), version=number, known=most, free=most + 1)


@lru_cache(maxsize=64)
def _raw(text: str) -> Tree:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


@lru_cache(maxsize=16)
def _read(text: str) -> Tree:
    return playbook.inspect(text).definitions
