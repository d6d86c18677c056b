"""Known problems in words: the sentences for an error's code, in Japanese and English, from ``resources/messages``.

The catalogue is data, ``[code]`` with ``what`` (what happened), ``kept`` (what was kept) and ``do`` (what to do now); a
test walks every code that the source raises and asks for both languages.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from isdesk import paths
from isdesk.clock import TOKYO
from isdesk.domain.errors import IsdeskError
from isdesk.domain.mail import LAW_LABELS
from isdesk.domain.rules import Label

LANGUAGES = ("ja", "en")
WORDS = "words"
"""The table of the catalogue that is no problem: what codes are called that stand as parameters in a sentence."""

CODED = frozenset({"missing", "state", "action", "allowed", "why", "known"})
"""Parameters that carry codes (one, several, or several in one text with commas), to be put into words."""

LABELLED: Mapping[str, Mapping[str, Label]] = {"law_items": LAW_LABELS}
"""Parameters that carry codes which have labels of their own."""

UNKNOWN = "unknown_problem"
"""The code whose sentence stands in where a code has none; it names the code so that support can find it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened, what was kept and what to do; ``kept`` and ``do`` may be empty."""

    what: str
    kept: str = ""
    do: str = ""

    @property
    def line(self) -> str:
        """Return all of it in one line."""
        joined = ""
        for part in (self.what, self.kept, self.do):
            gap = " " if joined and part and not joined.endswith("。") else ""
            joined += gap + part
        return " ".join(joined.split())


def folder() -> Path:
    """Return the folder of the catalogues."""
    return paths.data("resources", "messages")


@cache
def catalogue(lang: str) -> Mapping[str, Sentence]:
    """Return all sentences of a language by code (Japanese where the language is none of ours)."""
    tables = _tables(lang)
    return {
        code: Sentence(table.get("what", ""), table.get("kept", ""), table.get("do", ""))
        for code, table in tables.items()
        if code != WORDS
    }


def called(code: str, lang: str) -> str:
    """Return what a code is called in a sentence; the code itself where nobody gave it a name."""
    return str(_tables(lang).get(WORDS, {}).get(code, code))


@cache
def _tables(lang: str) -> dict[str, dict[str, str]]:
    name = lang if lang in LANGUAGES else LANGUAGES[0]
    return tomllib.loads((folder() / f"{name}.toml").read_text(encoding="utf-8"))


def say(error: IsdeskError, lang: str = "ja") -> Sentence:
    """Return the sentences for a known problem, with its parameters filled in."""
    return sentence(error.code, error.params, lang)


def sentence(code: str, params: Mapping[str, object], lang: str = "ja") -> Sentence:
    """Return the sentences of a code; a parameter that was not given shows as an ellipsis."""
    known = catalogue(lang)
    found = known.get(code)
    if found is None:
        found, params = known[UNKNOWN], {"code": code}
    words = _Words({name: _worded(_named(name, value, lang), lang) for name, value in params.items()})
    return Sentence(*(_FORMAT.vformat(part, (), words) for part in (found.what, found.kept, found.do)))


def parameters(text: str) -> set[str]:
    """Return the names of the parameters that a sentence asks for."""
    return {name for _, name, _, _ in _FORMAT.parse(text) if name}


class _Words(dict[str, str]):
    """Parameters in words; what is missing must not turn one problem into another."""

    def __missing__(self, key: str) -> str:
        return "…"


def _named(name: str, value: object, lang: str) -> object:
    """Return a parameter that carries codes with their names in the place of the codes."""
    labels = LABELLED.get(name)
    if labels is not None:
        codes = (value,) if isinstance(value, str) else value if isinstance(value, (tuple, list)) else ()
        return tuple(labels[code].in_(lang) if code in labels else code for code in codes)
    if name not in CODED:
        return value
    if isinstance(value, str):
        return tuple(called(code, lang) for code in value.split(", "))
    return tuple(called(str(code), lang) for code in value) if isinstance(value, (tuple, list)) else value


def _worded(value: object, lang: str) -> str:
    """Return a parameter as it reads in a sentence: times local, several joined, one line, no braces left to fill."""
    if value is None:
        return "…"
    if isinstance(value, datetime):
        return f"{value.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list, set, frozenset)):
        parts = [_worded(v, lang) for v in (sorted(map(str, value)) if isinstance(value, (set, frozenset)) else value)]
        return (", " if lang == "en" else "、").join(parts)
    return " ".join(str(value).split())


_FORMAT = string.Formatter()
