"""What the figures say in words: where the funnel falls short, since when, where, and what a change is made of.

Silent where the data do not say: a stage speaks only where its whole 95 % interval lies under the target and enough was
tried (DOMAIN 8, bottleneck diagnosis). All pure; the sentences are the window's.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from isdesk.domain.kpi import Interval, rate, wilson

LEAST_TRIALS = 20
"""Fewer trials than this say nothing, whatever their rate."""
LEAST_SHARE = 0.15
"""A segment that has less of the trials than this is not where the trouble is."""

STAGES: tuple[tuple[str, str], ...] = (
    ("answer_rate", "lead_generation"),
    ("dm_connect_rate", "lead_generation"),
    ("meeting_set_rate", "meeting_progress"),
    ("handoff_rate", "meeting_progress"),
    ("handoff_acceptance_rate", "meeting_progress"),
    ("opportunity_rate", "closing"),
    ("win_rate", "closing"),
)
"""The rates of the funnel in order, and the group of DOMAIN 8 that each belongs to."""

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "lead_generation": ("change_script", "change_calling_hours"),
    "meeting_progress": ("check_talk", "adjust_sla"),
    "closing": ("review_proposal", "review_materials"),
    "whole": ("look_for_leaks",),
}
"""What to do about each group (DOMAIN 8), as codes."""


@dataclass(frozen=True, slots=True)
class Trials:
    """``part`` of ``whole`` trials succeeded."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Return the rate, None where nothing was tried."""
        return rate(self.part, self.whole)

    def __add__(self, other: Trials) -> Trials:
        """Return both together."""
        return Trials(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A rate that is surely under its target.

    ``attained`` is value ÷ target. ``since``: first day of the weeks, up to the last, that all lay under the target.
    ``segment``: the code of the one that falls furthest short by itself, None where none stands out.
    """

    code: str
    group: str
    trials: Trials
    value: float
    around: Interval
    target: float
    attained: float
    since: date | None = None
    segment: str | None = None
    segment_trials: Trials | None = None
    actions: tuple[str, ...] = ()


def short_of(trials: Trials, target: float) -> bool:
    """Return whether a rate is surely under its target: enough trials, and the interval wholly below."""
    around = wilson(trials.part, trials.whole)
    return around is not None and trials.whole >= LEAST_TRIALS and around.high < target


def diagnose(
    rates: Mapping[str, Trials],
    targets: Mapping[str, float],
    *,
    weeks: Mapping[str, Sequence[tuple[date, Trials]]] | None = None,
    segments: Mapping[str, Mapping[str, Trials]] | None = None,
) -> tuple[Shortfall, ...]:
    """Return the rates that are surely under target, the furthest short first; empty where the data do not say.

    ``weeks`` are a rate's trials by week (its Monday), ``segments`` by segment. The funnel multiplies, so that
    value ÷ target of different stages compares: half of the target costs half of the result wherever it is.
    """
    found = []
    for code, group in STAGES:
        trials, target = rates.get(code, Trials(0, 0)), targets.get(code, 0.0)
        around = wilson(trials.part, trials.whole)
        if target <= 0 or around is None or trials.value is None or not short_of(trials, target):
            continue
        where = _segment((segments or {}).get(code, {}), trials.whole, target)
        found.append(
            Shortfall(
                code,
                group,
                trials,
                trials.value,
                around,
                target,
                trials.value / target,
                since=_since((weeks or {}).get(code, ()), target),
                segment=where[0] if where is not None else None,
                segment_trials=where[1] if where is not None else None,
                actions=ACTIONS[group],
            )
        )
    return tuple(sorted(found, key=lambda one: one.attained))


def _since(weeks: Sequence[tuple[date, Trials]], target: float) -> date | None:
    """Return the Monday from which every week with trials has lain under the target; None where the last did not."""
    first: date | None = None
    for monday, trials in sorted(weeks, reverse=True):
        value = trials.value
        if value is None:
            continue
        if value >= target:
            break
        first = monday
    return first


def _segment(segments: Mapping[str, Trials], whole: int, target: float) -> tuple[str, Trials] | None:
    """Return the segment that is surely short and furthest so, where it is worse than all the others together."""
    short = [
        (trials.value or 0.0, code, trials)
        for code, trials in segments.items()
        if trials.whole >= LEAST_SHARE * whole and short_of(trials, target)
    ]
    if not short or len(segments) < 2:
        return None
    value, code, trials = min(short)
    others = sum((one for name, one in segments.items() if name != code), Trials(0, 0))
    return (code, trials) if others.value is not None and value < others.value else None


# ------------------------------------------------------------------------------------------- what a change is made of

CAUSES: tuple[str, ...] = ("volume", "connect", "decision_maker", "meeting", "handoff")
"""The factors of the SQL count: dials × 通電率 × 接続率 × meetings per decision maker × SQL per meeting."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """The counts of a period along the funnel."""

    dials: int
    answered: int
    dm_reached: int
    meetings: int
    sqls: int

    def chain(self) -> tuple[int, ...]:
        """Return the counts in order."""
        return (self.dials, self.answered, self.dm_reached, self.meetings, self.sqls)


@dataclass(frozen=True, slots=True)
class Split:
    """A change in SQLs and what each cause added to it (they sum to the change).

    ``chance``: the change is no larger than chance alone makes it (95 %), so that the causes should not be read much
    into.
    """

    before: int
    after: int
    causes: Mapping[str, float]
    chance: bool

    @property
    def change(self) -> int:
        """Return by how many SQLs the count changed."""
        return self.after - self.before


def split(before: Funnel, after: Funnel) -> Split | None:
    """Split the change of the SQL count into its causes; None where a count is zero and the causes cannot be told.

    The logarithmic mean weighs every factor alike, leaves no rest, and gives the opposite for the opposite change.
    """
    if min(*before.chain(), *after.chain()) <= 0:
        return None
    old, new = _factors(before), _factors(after)
    weight = _log_mean(after.sqls, before.sqls)
    causes = {code: weight * math.log(n / o) for code, o, n in zip(CAUSES, old, new, strict=True)}
    chance = abs(after.sqls - before.sqls) <= 1.96 * math.sqrt(after.sqls + before.sqls)
    return Split(before.sqls, after.sqls, causes, chance)


def _factors(funnel: Funnel) -> tuple[float, ...]:
    chain = funnel.chain()
    return (float(chain[0]), *(part / whole for whole, part in itertools.pairwise(chain)))


def _log_mean(one: float, other: float) -> float:
    return one if math.isclose(one, other) else (one - other) / (math.log(one) - math.log(other))
