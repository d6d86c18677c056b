"""The bottleneck diagnosis over this desk's figures: what is furthest short, what a change is made of (DOMAIN 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import diagnosis
from isdesk.domain.diagnosis import Funnel, Shortfall, Split, Trials
from isdesk.domain.kpi import Counts
from isdesk.services import kpi

if TYPE_CHECKING:
    from isdesk.services.context import Context

WEEKS = 12
"""How many weeks are looked back for the beginning of a shortfall."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the figures of a period say; ``shortfalls`` is empty and ``split`` None where they say nothing.

    ``previous`` is the period with which ``split`` compares: of the same length right before, unless one was given.
    """

    first: date
    last: date
    previous: tuple[date, date]
    shortfalls: tuple[Shortfall, ...]
    split: Split | None


def diagnose(ctx: Context, *, first: date, last: date, before: tuple[date, date] | None = None) -> Diagnosis:
    """Return the diagnosis of the business days ``first`` to ``last`` (both included). Raises BadInput."""
    if before is None:
        length = (last - first).days + 1
        before = (first - timedelta(days=length), first - timedelta(days=1))
    now = _whole(kpi.figures(ctx, first=first, last=last, unique=False))
    then = _whole(kpi.figures(ctx, first=before[0], last=before[1], unique=False))
    weeks = kpi.figures(ctx, first=last - timedelta(weeks=WEEKS), last=last, by="week", unique=False)
    segments = kpi.figures(ctx, first=first, last=last, by="segment", unique=False)
    found = diagnosis.diagnose(
        _trials(now),
        ctx.rules.targets,
        weeks={code: [(date.fromisoformat(row.key), _trials(row)[code]) for row in weeks] for code in _codes()},
        segments={code: {row.key: _trials(row)[code] for row in segments if row.key} for code in _codes()},
    )
    return Diagnosis(first, last, before, found, diagnosis.split(_funnel(then), _funnel(now)))


def _whole(rows: Iterable[kpi.Figures]) -> kpi.Figures:
    return next(iter(rows), kpi.Figures("team", "team", Counts()))


def _codes() -> tuple[str, ...]:
    return tuple(kpi.Figures("", "", Counts()).rates)


def _trials(row: kpi.Figures) -> Mapping[str, Trials]:
    """Return the rates as trials: a handoff of which nobody knows yet what became of it has not failed."""
    found = {code: Trials(rate.numerator, rate.denominator) for code, rate in row.rates.items()}
    for code, unknown in (("handoff_acceptance_rate", row.undecided), ("opportunity_rate", row.open)):
        found[code] = Trials(found[code].part, found[code].whole - unknown)
    return found


def _funnel(row: kpi.Figures) -> Funnel:
    c = row.counts
    return Funnel(c.dials, c.answered, c.dm_reached, c.meetings_gross, row.sql_count)
