"""Segments whose conversion fell, told from chance: silent where the data do not say (DOMAIN 8, 11).

Many segments and rates are looked at together, so that the error of 5 % is shared out among all comparisons
(Bonferroni): a quiet week stays quiet however many segments a team has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from isdesk.domain.diagnosis import LEAST_TRIALS, Trials
from isdesk.domain.kpi import Interval, wilson

RATES: Final = ("answer_rate", "dm_connect_rate", "meeting_set_rate", "handoff_rate")
"""The rates of a segment that are compared. What becomes of handoffs is known later: that young ones have become less
so far would be called a fall.
"""
ERROR: Final = 0.05
"""So likely at most is it that any fall is called in a period in which nothing changed."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A rate of a segment that is surely lower than before; both with n and their 95 % interval."""

    code: str
    segment: str
    now: Trials
    before: Trials
    around: Interval
    around_before: Interval

    @property
    def difference(self) -> float:
        """Return now − before (negative)."""
        return (self.now.value or 0.0) - (self.before.value or 0.0)


Rates = Mapping[str, Mapping[str, Trials]]
"""Rate → segment → trials."""


def fallen(now: Rates, before: Rates, codes: Iterable[str] = RATES) -> tuple[Fall, ...]:
    """Return the falls, the largest first; empty where the data do not say."""
    pairs = [
        (code, segment, trials, then)
        for code in codes
        for segment, trials in now.get(code, {}).items()
        if (then := before.get(code, {}).get(segment)) is not None and min(trials.whole, then.whole) >= LEAST_TRIALS
    ]
    bound = NormalDist().inv_cdf(1 - ERROR / (2 * max(len(pairs), 1)))
    found = []
    for code, segment, trials, then in pairs:
        around, around_before = wilson(trials.part, trials.whole), wilson(then.part, then.whole)
        if around is not None and around_before is not None and _lower(trials, then, bound):
            found.append(Fall(code, segment, trials, then, around, around_before))
    return tuple(sorted(found, key=lambda one: (one.difference, one.code, one.segment)))


def _lower(now: Trials, then: Trials, bound: float) -> bool:
    pooled = (now.part + then.part) / (now.whole + then.whole)
    if not 0 < pooled < 1:  # handoffs may outnumber the meetings of a period: no share of anything any more
        return False
    spread = math.sqrt(pooled * (1 - pooled) * (1 / now.whole + 1 / then.whole))
    return (then.value or 0.0) - (now.value or 0.0) > bound * spread
