"""The talk script of a lead, filled with its facts: segments that are text or the value of a variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isdesk.domain.conditions import hold_all
from isdesk.domain.ids import LeadId
from isdesk.domain.rules import Branch, Phase, Question, Script
from isdesk.domain.script_flow import following
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Touch
from isdesk.playbook.marking import Block, flat
from isdesk.playbook.scripts import choose, variables
from isdesk.playbook.talk import ANSWERING, OPENING, answering
from isdesk.services.context import Context
from isdesk.services.entries import need
from isdesk.store import leads

Segments = tuple[tuple[str, bool], ...]
"""Pieces of a text in order; True marks what a variable gave, so that the window can set it off."""


@dataclass(frozen=True, slots=True)
class RenderedPhase:
    """One phase as it is to be read out, with its verification questions (検証質問)."""

    code: str
    ja: str
    en: str
    blocks: tuple[Block, ...]
    questions: tuple[Question, ...] = ()
    branch: str = ""
    """The code of the branch that holds by what is known (see `domain.rules.Branch`), empty where none does."""
    branch_ja: str = ""
    branch_en: str = ""
    to: str = ""
    """The phase that comes next: where that branch leads, else the next one that is not aside; empty at the end."""
    aside: bool = False
    incoming: tuple[Block, ...] = ()
    """What is read out instead in a call that came in; empty where that is the same."""

    def said(self, *, incoming: bool) -> tuple[Block, ...]:
        """Return what is read out in a call of ours, or in one that came in."""
        return (incoming and self.incoming) or self.blocks

    @property
    def segments(self) -> Segments:
        """Return the words alone."""
        return flat(self.blocks)


@dataclass(frozen=True, slots=True)
class RenderedObjection:
    """An objection and its rebuttal (切り返しトーク)."""

    code: str
    ja: str
    en: str
    blocks: tuple[Block, ...]

    @property
    def segments(self) -> Segments:
        """Return the words alone."""
        return flat(self.blocks)


@dataclass(frozen=True, slots=True)
class RenderedScript:
    """The script chosen for a lead; ``ref`` is what a touch remembers of it (``code@version``)."""

    ref: str
    ja: str
    en: str
    phases: tuple[RenderedPhase, ...]
    objections: tuple[RenderedObjection, ...] = ()


def rendered(ctx: Context, lead_id: LeadId, *, begun: str = "") -> RenderedScript | None:
    """Return the script for a lead with its variables filled in; None where the playbook has none that fits.

    ``begun`` is the ref of the script in which the conversation is already: an answer never changes it for another.
    Raises NotFound.
    """
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
        touches = leads.touches(tx, lead_id)
    versions = (one for script in ctx.rules.scripts for one in (script, script.trial) if one is not None)
    script = next((one for one in versions if one.ref == begun), None) or choose(ctx.rules.scripts, facts)
    return None if script is None else fill(ctx, script, facts, touches)


def branch_of(script: Script, phase: str, facts: LeadFacts) -> Branch | None:
    """Return the first branch of a phase that holds by what is known of the lead."""
    return next((one for one in script.branches if one.phase == phase and hold_all(one.when, facts)), None)


def fill(ctx: Context, script: Script, facts: LeadFacts, touches: Sequence[Touch]) -> RenderedScript:
    """Return ``script`` filled in for a lead that was read already."""
    words = variables(facts, touches, me=ctx.me.name, rules=ctx.rules, lang=ctx.lang)
    if ctx.my_company:
        words["my_company"] = ctx.my_company
    return fill_with(script, words, facts, lang=ctx.lang)


def fill_with(
    script: Script, words: Mapping[str, str], facts: LeadFacts | None = None, *, lang: str = "ja"
) -> RenderedScript:
    """Return ``script`` with its variables replaced by ``words``; its branches by what ``facts`` say."""
    from isdesk.rendering import render_blocks

    def phase(one: Phase) -> RenderedPhase:
        branch = branch_of(script, one.code, facts) if facts is not None else None
        said = render_blocks(one.in_(lang), words)
        answer = answering(one, lang) or (ANSWERING.in_(lang) if one.code == OPENING else "")
        instead = render_blocks(answer, words) if answer else ()
        if branch is None:
            return RenderedPhase(
                one.code, one.label.ja, one.label.en, said, one.questions, to=following(script, one.code),
                aside=one.aside, incoming=instead,
            )  # fmt: skip
        more = render_blocks(branch.in_(lang), words)
        return RenderedPhase(
            one.code, one.label.ja, one.label.en, (*said, *more), one.questions,
            branch.code, branch.label.ja, branch.label.en, branch.to, one.aside,
            (*instead, *more) if instead else (),
        )  # fmt: skip

    return RenderedScript(
        script.ref,
        script.label.ja,
        script.label.en,
        tuple(phase(one) for one in script.phases),
        tuple(
            RenderedObjection(o.code, o.label.ja, o.label.en, render_blocks(o.in_(lang), words))
            for o in script.objections
        ),
    )
