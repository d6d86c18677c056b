"""Alignment meetings in words: what a meeting, a case, a definition's key is called in documents and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain.alignment import MONTH, read_id
from isdesk.playbook.words import fixed

if TYPE_CHECKING:
    from isdesk.domain.agreement import Proposal
    from isdesk.domain.alignment import Decision
    from isdesk.services.context import Context


def period_name(kind: str, first: date, lang: str) -> str:
    """Return the days of a meeting as people call them: 2026-11-16 の週, 2026-11."""
    words = fixed("alignment", lang)
    text = f"{first:%Y-%m}" if kind == MONTH else first.isoformat()
    return words[f"of_{kind}"].format(first=text)


def meeting_name(meeting: str, lang: str) -> str:
    """Return what a meeting is called by its id; the id where it is none."""
    read = read_id(meeting)
    if read is None:
        return meeting
    kind, first = read
    return f"{fixed('alignment', lang)[kind]} {period_name(kind, first, lang)}"


def decided_at(ctx: Context, proposal: Proposal, lang: str) -> str:
    """Return which meeting decided on a proposal and who agreed there; empty where none did."""
    read = read_id(proposal.alignment)
    if read is None:
        return ""
    kind, first = read
    words = fixed("alignment", lang)
    text = words["decided"].format(meeting=words[kind], period=period_name(kind, first, lang))
    who = people(ctx, proposal.agreed, lang)
    return f"{text}{'。' if lang == 'ja' else '. '}{words['agreed'].format(who=who)}" if who else text


def people(ctx: Context, members: tuple[str, ...], lang: str) -> str:
    """Return names in one text."""
    return ("、" if lang == "ja" else ", ").join(name for one in members if (name := ctx.name_of(one)))


def proposal_state(proposals: Sequence[Proposal], decision: Decision, lang: str) -> str:
    """Return how far the new version has come that a decision asks for; empty where it changes no definition."""
    words = fixed("alignment", lang)
    mine = [one for one in proposals if one.decision == decision.id]
    if not mine:
        return words["not_proposed"] if decision.key else ""
    newest = max(mine, key=lambda one: (not one.withdrawn, one.at))
    if newest.withdrawn:
        return words["withdrawn"]
    if newest.missing:
        return words["proposed"].format(n=len(newest.missing))
    return words["in_force"].format(day=newest.effective.isoformat())


def case_kind(kind: str, lang: str) -> str:
    """Return what a kind of cases is called."""
    return fixed("cases", lang)[kind]


def progress_name(code: str, lang: str) -> str:
    """Return what a count of FS's progress is called."""
    return fixed("progress", lang)[code]


def late_words(part: str, lang: str) -> str:
    """Return a part of what is known of a clock that was not kept: until when it ran, or that nothing came."""
    words = fixed("alignment", lang)
    if part == "missing":
        return words["missing"]
    if "T" in part:
        return words["by"].format(at=f"{datetime.fromisoformat(part).astimezone(TOKYO):%m-%d %H:%M}")
    return words["by"].format(at=part[5:])
