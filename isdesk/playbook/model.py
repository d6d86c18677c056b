"""A loaded playbook: the rules, and the texts they were read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from isdesk.domain.rules import Label, Rules


@dataclass(frozen=True, slots=True)
class SourceText:
    """One file (or text from the hub) that took part, base first: ``file`` is what errors call it."""

    name: str
    file: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """One version of the team's definitions.

    ``version`` is ``name@number+hash``; ``text`` is the TOML of the playbook itself, ``sources`` all that it extends,
    base first. ``agreed_on`` and ``agreed_by`` are the sign-off (DOMAIN 4). ``definitions`` is the merged content as
    plain values, for `isdesk.playbook.diff`.
    """

    rules: Rules
    name: str
    version: str
    title: Label
    text: str
    sources: tuple[SourceText, ...]
    number: int = 1
    agreed_on: date | None = None
    agreed_by: tuple[str, ...] = ()
    note: Label | None = None
    definitions: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preset:
    """A playbook that comes with the program, as offered in the guided set-up."""

    name: str
    label: Label
    note: Label
