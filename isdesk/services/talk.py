"""Evaluated calls of a period: what the talk evaluation comes to beside the figures, and which calls it was (DOMAIN 8).

Who may not evaluate calls gets the evaluations of the own calls alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isdesk.domain import coaching
from isdesk.domain.coaching import KIND, Evaluation, Talk
from isdesk.domain.roles import Right
from isdesk.store import filings

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context
    from isdesk.store import Tx


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A call with the evaluations that stand, oldest first."""

    touch: Touch
    evaluations: tuple[Evaluation, ...]


def evaluated(ctx: Context, tx: Tx, start: datetime, end: datetime) -> list[Evaluated]:
    """Return the calls with start <= at < end that were evaluated and may be seen here, oldest first."""
    by_call: dict[str, list[Evaluation]] = defaultdict(list)
    for one in coaching.evaluations(filings.about_calls(tx, KIND, start, end)):
        by_call[one.touch_id].append(one)
    if not by_call:
        return []
    every = ctx.may(Right.COACH)
    return [
        Evaluated(touch, tuple(by_call[touch.id]))
        for touch in filings.calls_about(tx, KIND, start, end)
        if touch.id in by_call and (every or touch.member_id == ctx.me.id)
    ]


def groups(ctx: Context, calls: Iterable[Evaluated], group: Callable[[Touch], str]) -> dict[str, Talk]:
    """Return what the evaluations come to by group."""
    found: dict[str, list[Evaluation]] = defaultdict(list)
    for one in calls:
        found[group(one.touch)].extend(one.evaluations)
    return {key: coaching.talk(said, ctx.rules.rubric) for key, said in found.items()}
