"""Stages (リードステージ): what must hold to enter one, and which moves there are (DOMAIN 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isdesk.domain.outcome import touch_flags
from isdesk.domain.rules import Criterion, Rules
from isdesk.domain.state import LeadFacts, LeadState
from isdesk.domain.touch import Touch, effective


@dataclass(frozen=True, slots=True)
class Move:
    """One possible move: it is free where nothing is ``missing`` and no approval is needed."""

    stage: str
    missing: tuple[str, ...] = ()
    needs_approval: bool = False

    @property
    def allowed(self) -> bool:
        """Return whether the criteria hold."""
        return not self.missing


def first_stage(rules: Rules) -> str:
    """Return the code of the stage in which a lead begins."""
    return min(rules.stages.values(), key=lambda s: s.order).code


def stage_of(facts: LeadFacts, rules: Rules) -> str:
    """Return the lead's stage; the first one where none was set."""
    stage = facts.get("stage")
    return stage if isinstance(stage, str) and stage else first_stage(rules)


def missing_criteria(
    stage: str, facts: LeadFacts, state: LeadState, touches: Sequence[Touch], rules: Rules
) -> tuple[Criterion, ...]:
    """Return the entry criteria of ``stage`` that do not hold yet, with their labels."""
    spec = rules.stages.get(stage)
    if spec is None:
        return ()
    counted = effective(list(touches))
    return tuple(c for c in spec.entry if not _meets(c, facts, state, counted, rules))


def missing_for(
    stage: str, facts: LeadFacts, state: LeadState, touches: Sequence[Touch], rules: Rules
) -> tuple[str, ...]:
    """Return what is missing to enter ``stage``, as codes: a field, ``score:40``, ``touch``, ``meeting``."""
    return tuple(criterion_code(c) for c in missing_criteria(stage, facts, state, touches, rules))


def criterion_code(criterion: Criterion) -> str:
    """Return the code that names a criterion: the field's own code, or its kind with its value."""
    if criterion.kind == "field":
        return criterion.field or ""
    return criterion.kind if criterion.value is None else f"{criterion.kind}:{criterion.value}"


def moves(facts: LeadFacts, state: LeadState, touches: Sequence[Touch], rules: Rules) -> tuple[Move, ...]:
    """Return every stage the lead could be moved to, in order, with what each lacks."""
    now = stage_of(facts, rules)
    others = sorted((s for s in rules.stages.values() if s.code != now), key=lambda s: s.order)
    return tuple(Move(s.code, missing_for(s.code, facts, state, touches, rules), s.needs_approval) for s in others)


def advance(current: str, target: str | None, rules: Rules) -> str | None:
    """Return the stage an outcome moves a lead to, or None: what FS already works is not moved by a call."""
    if target is None or target == current or target not in rules.stages:
        return None
    here = rules.stages.get(current)
    if here is not None and not here.callable and rules.stages[target].order < here.order:
        return None
    return target


def _meets(c: Criterion, facts: LeadFacts, state: LeadState, counted: Sequence[Touch], rules: Rules) -> bool:
    if c.kind == "field":
        return facts.get(c.field or "") not in (None, "", False)
    if c.kind == "score":
        return state.scores.priority >= int(c.value or 0)
    if c.kind == "touch":
        return any(f is not None and f.answered for f in (touch_flags(t, rules.outcomes) for t in counted))
    if c.kind == "handoff":
        return state.handoff_state == c.value
    if c.kind == "meeting":
        return facts.get("meeting_at") is not None
    return False
