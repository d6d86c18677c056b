"""The handoff memo (引き継ぎメモ) of a lead, in the one uniform format that FS gets (DOMAIN 6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isdesk.domain.handoff import grade_of
from isdesk.domain.numbers import FIELDS

if TYPE_CHECKING:
    from isdesk.domain.handoff import ChecklistLineData
    from isdesk.domain.state import LeadFacts, Scores
    from isdesk.domain.touch import Touch
    from isdesk.rendering import MemoSection
    from isdesk.services.context import Context


def render(
    ctx: Context,
    facts: LeadFacts,
    touches: Sequence[Touch],
    lines: Sequence[ChecklistLineData],
    scores: Scores,
    kind: str,
    meeting: Sequence[MemoSection] = (),
) -> str:
    """Return the memo as ``text`` or ``html``; ``meeting``: what FS noted about the meeting, after all else.

    Raises BadInput where a template of the team does not fill.
    """
    from isdesk.rendering import build_memo, render_memo

    memo = build_memo(
        _readable(facts),
        touches,
        lines,
        scores,
        rules=ctx.rules,
        grade=grade_of(facts, scores, ctx.rules),
        name_of=ctx.name_of,
        rep=ctx.name_of(facts.owner_id) or ctx.me.name,
        now=ctx.now(),
        lang=ctx.lang,
        meeting=meeting,
    )
    return render_memo(memo, kind)


def _readable(facts: LeadFacts) -> LeadFacts:
    """Return the lead with its numbers as people read them."""
    from isdesk.files.phones import shown

    values = {path: facts.get(path) for path, _ in FIELDS}
    return facts.with_fields({path: shown(value) for path, value in values.items() if isinstance(value, str) and value})
