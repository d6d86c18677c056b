"""The definitions of the team: the document, the presets, what another one would change, and the choice of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from isdesk import playbook
from isdesk.clock import TOKYO
from isdesk.domain.changes import Changes
from isdesk.domain.errors import Refused
from isdesk.domain.roles import Right
from isdesk.domain.rules import Label
from isdesk.playbook import Difference, Preset
from isdesk.playbook.words import fixed
from isdesk.services import queue
from isdesk.services.context import Context
from isdesk.services.views import Written
from isdesk.store import lead_list, meta

CHOSEN, TEAM_TEXT = "playbook", "playbook_text"
"""Where the database keeps the name of the preset, and the text that the hub shares (`isdesk.desk`)."""

_HEADING = re.compile(r'<h2><a name="([a-z]+)"></a>(.*?)</h2>')
_HEAD = frozenset({"name", "number", "ja", "en", "note", "note_en", "agreed_on", "agreed_by", "extends"})


@dataclass(frozen=True, slots=True)
class About:
    """Which definitions are in force. ``team``: the hub shares them, so that nobody chooses others here."""

    name: str
    title: str
    version: str
    agreed_on: str
    agreed_by: tuple[str, ...]
    note: str
    team: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document: its anchor and its heading."""

    anchor: str
    title: str


def document(ctx: Context, lang: str = "ja", colours: Mapping[str, str] | None = None) -> str:
    """Return the definitions as an HTML page in Qt's rich-text subset, in the colours of whoever shows it."""
    return playbook.document(signed(ctx, lang), lang, colours)


def signed(ctx: Context, lang: str) -> playbook.Playbook:
    """Return the definitions in force with who signed them and when, and the alignment meeting that decided on them.

    What the text itself says of its agreement stands where nobody signed it here.
    """
    from isdesk.services import agreeing
    from isdesk.services.alignment_words import decided_at

    book, found = ctx.playbook, agreeing.in_force(ctx)
    if found is None or found.agreed_at is None:
        return book
    names = fixed("alignment", lang)
    who = tuple(f"{names[one.department]} {ctx.name_of(one.member_id)}".strip() for one in found.signatures)
    told = decided_at(ctx, found, lang)
    before = book.note.in_(lang) if book.note else ""
    note = "\n".join(part for part in (before, told, found.note) if part)
    day = found.agreed_at.astimezone(TOKYO).date()
    return replace(book, agreed_on=day, agreed_by=who, note=Label(note, note) if note else None)


def sections(html: str) -> tuple[Section, ...]:
    """Return the parts of a document in order."""
    return tuple(Section(anchor, title) for anchor, title in _HEADING.findall(html))


def about(ctx: Context) -> About:
    """Return which definitions are in force."""
    book = signed(ctx, ctx.lang)
    with ctx.store.read() as tx:
        team = bool(meta.text(tx, TEAM_TEXT))
        chosen = meta.text(tx, CHOSEN) or book.name
    return About(
        name=chosen,
        title=book.title.in_(ctx.lang),
        version=book.version,
        agreed_on=book.agreed_on.isoformat() if book.agreed_on else "",
        agreed_by=book.agreed_by,
        note=book.note.in_(ctx.lang) if book.note else "",
        team=team,
    )


def presets() -> tuple[Preset, ...]:
    """Return the definitions that come with the program."""
    return playbook.presets()


def compare(ctx: Context, name: str) -> tuple[Difference, ...]:
    """Return what the preset ``name`` would change, key by key; what it says of itself is left out.

    Raises PlaybookError.
    """
    found = playbook.diff(ctx.playbook, playbook.load(name))
    return tuple(one for one in found if one.key not in _HEAD)


def choose(ctx: Context, name: str) -> Written:
    """Take the preset ``name`` from now on; the desk has to read it (`Desk.reload`), then every lead is derived anew.

    What was recorded keeps the version it was recorded under. Raises PlaybookError, Refused (``playbook_of_team``,
    ``not_allowed``).
    """
    ctx.require(Right.DEFINITIONS)
    playbook.load(name)
    with ctx.store.write() as tx:
        if meta.text(tx, TEAM_TEXT):
            raise Refused("playbook_of_team")
        meta.put(tx, CHOSEN, name)
        lead_list.forget_scores(tx)
    return Written(Changes(playbook=True))


def derive_some(ctx: Context) -> tuple[Changes, int]:
    """Derive some leads anew under the definitions in force; return what changed and how many still wait.

    Call it again until none waits. What is not done when the program ends is done at its next start.
    """
    changes = queue.tick(ctx)
    with ctx.store.read() as tx:
        return changes, lead_list.unscored(tx)


def worded(value: object) -> str:
    """Return a value of the definitions in one line, as the file writes it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
