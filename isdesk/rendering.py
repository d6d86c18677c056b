"""Filled-in texts: talk scripts with their variables set off, the handoff memo, and any template of team or program.

Everything goes through the sandbox of `isdesk.playbook.sandbox`; every failure is a BadInput with a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from isdesk.domain.changes import Obj
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import STANDARD, Field
from isdesk.domain.handoff import ChecklistLineData, shown_value
from isdesk.domain.rules import Rules
from isdesk.domain.state import LeadFacts, Scores
from isdesk.domain.touch import Touch, effective
from isdesk.playbook import marking, sandbox
from isdesk.playbook.document import document
from isdesk.playbook.words import fixed

__all__ = [
    "Memo",
    "MemoLine",
    "MemoSection",
    "build_memo",
    "document",
    "render_blocks",
    "render_file",
    "render_memo",
    "render_script",
    "render_text",
]

MAX_SCRIPT = 20_000
"""Longest filled-in phase of a script."""
MAX_HISTORY = 12
"""How many contacts a memo lists."""

_TOKYO = ZoneInfo("Asia/Tokyo")
_MARKS = re.compile(f"([{sandbox.BEGIN}{sandbox.END}])")


def render_text(source: str, context: Mapping[str, object], *, html: bool = False) -> str:
    """Fill in a team's own text. ``html`` escapes every value. Raises BadInput (``template_…``) with a line."""
    return sandbox.render_source(source, context, html=html)


def render_file(name: str, context: Mapping[str, object]) -> str:
    """Fill in a shipped template by its file name; one that ends in ``.html.j2`` escapes every value."""
    return sandbox.render_shipped(name, context)


def render_script(text: str, variables: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Fill in a talk script; return its pieces in order, True for what a variable gave.

    A value stays what it is: template marks, tags or control characters in a name are text or vanish.
    Raises BadInput with a line.
    """
    filled = sandbox.render_source(text, variables, marked=True, limit=MAX_SCRIPT)
    out: list[tuple[str, bool]] = []
    depth = 0
    for piece in _MARKS.split(filled):
        if piece == sandbox.BEGIN:
            depth += 1
        elif piece == sandbox.END:
            depth -= 1
        elif piece:
            out.append((piece, depth > 0))
    return out


def render_blocks(text: str, variables: Mapping[str, str]) -> tuple[marking.Block, ...]:
    """Fill in a talk script and read it as Markdown; what a variable gave is never a mark.

    Raises BadInput with a line.
    """
    return marking.blocks(sandbox.render_source(text, variables, marked=True, limit=MAX_SCRIPT))


@dataclass(frozen=True, slots=True)
class MemoLine:
    """One line of a memo; without ``value`` it is shown as not known, with what to ask."""

    label: str
    value: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class MemoSection:
    """One part of a memo under its title."""

    title: str
    lines: tuple[MemoLine, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """A handoff memo (引き継ぎメモ) in words, the same form for everybody (DOMAIN 6)."""

    lang: str
    title: str
    company: str
    person: str
    grade: str
    score: str
    head: tuple[MemoLine, ...]
    sections: tuple[MemoSection, ...]
    open_items: tuple[MemoLine, ...]
    footer: str
    unknown: str
    open_title: str


def render_memo(memo: Memo, kind: str = "text") -> str:
    """Return the memo as ``text`` or as ``html`` (Qt's rich text, prints on A4)."""
    if kind not in ("text", "html"):
        raise BadInput("memo_kind", kind=kind)
    return render_file(f"handoff_memo.{'html' if kind == 'html' else 'txt'}.j2", {"memo": asdict(memo)})


_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("company", ("company.industry", "company.employees", "company.prefecture", "company.phone", "company.website")),
    ("contact", ("department", "title", "phone_direct", "phone_mobile", "email", "lead_source")),
    (
        "needs",
        ("issue", "purpose", "need", "current_method", "adoption_timing", "adoption_at", "budget", "budget_month",
         "decision_maker", "decision_route"),
    ),
    ("interest", ("interest_product", "competitor", "contract_end")),
    ("proposal", ("issue_hypothesis", "reaction_log")),
    ("memo", ("is_memo",)),
)  # fmt: skip
_ALWAYS = frozenset(
    {"company.industry", "company.employees", "company.prefecture", "department", "title", "issue", "purpose",
     "adoption_timing", "interest_product", "competitor", "issue_hypothesis", "reaction_log"}
)  # fmt: skip


def build_memo(
    facts: LeadFacts,
    touches: Sequence[Touch],
    lines: Iterable[ChecklistLineData],
    scores: Scores,
    *,
    rules: Rules,
    grade: str,
    name_of: Callable[[str | None], str],
    rep: str,
    now: datetime,
    lang: str = "ja",
    meeting: Sequence[MemoSection] = (),
) -> Memo:
    """Put a lead into the words of a memo. ``grade`` is 確度; ``name_of`` gives a member's name by id; ``meeting`` is
    what FS noted.
    """
    words = fixed("memo", lang)
    fields = {f.code if f.obj is Obj.LEAD else f"company.{f.code}": f for f in (*STANDARD, *rules.fields)}
    say = _Say(facts, fields, rules, lang)
    name = say.value("name")
    local = now.astimezone(_TOKYO)
    likelihood = _likelihood(scores, grade, words, lang)
    parts = [MemoSection(words[title], say.lines(codes)) for title, codes in _SECTIONS]
    parts.insert(3, MemoSection(words["score"], likelihood))
    parts.insert(3, MemoSection(words["history"], _history(touches, rules, name_of, words, lang)))
    parts.append(MemoSection(words["own"], say.lines([c for c in fields if c in say.own])))
    parts.extend(meeting)
    return Memo(
        lang=lang,
        title=words["title"],
        company=say.value("company.name") or words["nocompany"],
        person=words["sama"].format(name=name) if name else words["nobody"],
        grade=f"{words['grade']} {grade}",
        score=f"{words['priority']} {scores.priority}",
        head=(
            MemoLine(words["meeting"], say.value("meeting_at")),
            MemoLine(words["place"], say.value("meeting_place")),
            MemoLine(words["attendees"], say.value("meeting_attendees")),
            MemoLine(words["fs"], name_of(_text(facts.get("fs_id")))),
            MemoLine(words["rep"], rep),
        ),
        sections=tuple(p for p in parts if p.lines),
        open_items=tuple(
            MemoLine(x.en if lang == "en" else x.ja, "", x.ask_en if lang == "en" else x.ask_ja)
            for x in lines
            if not x.done
        ),
        footer=words["made"].format(at=f"{local:%Y-%m-%d %H:%M}", version=rules.version),
        unknown=words["unknown"],
        open_title=words["open"],
    )


@dataclass(frozen=True, slots=True)
class _Say:
    """The fields of one lead in words."""

    facts: LeadFacts
    fields: Mapping[str, Field]
    rules: Rules
    lang: str

    @property
    def own(self) -> set[str]:
        return {f.code if f.obj is Obj.LEAD else f"company.{f.code}" for f in self.rules.fields if f.shown}

    def value(self, code: str) -> str:
        value = self.facts.get(code)
        if code == "lead_source" and isinstance(value, str) and value in self.rules.sources:
            return self.rules.sources[value].label.in_(self.lang)
        return shown_value(value, self.fields.get(code), self.lang).strip()

    def lines(self, codes: Iterable[str]) -> tuple[MemoLine, ...]:
        """Return known fields, and the unknown ones that a memo never leaves out."""
        out = []
        for code in codes:
            value = self.value(code)
            if value or code in _ALWAYS:
                spec = self.fields[code]
                out.append(MemoLine(spec.en if self.lang == "en" else spec.ja, value))
        return tuple(out)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _likelihood(scores: Scores, grade: str, words: Mapping[str, str], lang: str) -> tuple[MemoLine, ...]:
    axes = (("fit", scores.fit), ("intent", scores.intent), ("timing", scores.timing))
    formula = " × ".join(f"{words[axis]} {value}" for axis, value in axes)
    out = [MemoLine(words["grade"], f"{grade}({words['priority']} {scores.priority} = {formula})")]
    for axis, _ in axes:
        parts = [f"{p.en if lang == 'en' else p.ja} {p.points:+d}" for p in scores.parts if p.axis == axis]
        if parts:
            out.append(MemoLine(words[axis], ("、" if lang != "en" else ", ").join(parts)))
    return tuple(out)


def _history(
    touches: Sequence[Touch],
    rules: Rules,
    name_of: Callable[[str | None], str],
    words: Mapping[str, str],
    lang: str,
) -> tuple[MemoLine, ...]:
    counted = [t for t in effective(list(touches)) if t.signal is None]
    out = [MemoLine(words["count"], f"{len(counted)}{words['times']}")]
    for touch in reversed(counted[-MAX_HISTORY:]):
        outcome = rules.outcomes.get(touch.outcome or "")
        what = outcome.label.in_(lang) if outcome else touch.channel.value
        said = "  ".join(x for x in (what, name_of(touch.member_id), " ".join(touch.note.split())) if x)
        out.append(MemoLine(f"{touch.at.astimezone(_TOKYO):%m/%d %H:%M}", said))
    if len(counted) > MAX_HISTORY:
        out.append(MemoLine("…", words["more"].format(n=len(counted) - MAX_HISTORY)))
    return tuple(out)
