"""What the team's own calls teach: the best times to call, and which version of a script works (DOMAIN 9).

Small numbers are pulled towards what is known more widely: a company's towards its industry's, an industry's towards
everybody's (shrinkage). A script version is called better only by a rule that was fixed beforehand, so that looking
every day does not make chance look like success. All pure.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from isdesk.domain.diagnosis import Trials
from isdesk.domain.kpi import Interval, wilson

STRENGTH = 20.0
"""So many trials of the wider group weigh as much as the narrower one's own."""
LEAST_SLOT_TRIALS = 30
"""Fewer trials than this over all slots teach nothing about times."""
LEAST_PER_VERSION = 100
"""No version is judged before each has been used this often."""
LOOKS = 5
"""So often a comparison may be looked at; the error of 5 % is shared out among the looks."""
Z_BY_LOOK = 2.576
"""Two-sided bound for each of at most five looks (Bonferroni: 5 % ÷ 5 = 1 %)."""
LOOK_AT = (100, 200, 400, 800, 1600)
"""A look is taken on the first day on which each version was used so often; `LOOKS` of them, and none between."""


# ----------------------------------------------------------------------------------------------------- times to call


@dataclass(frozen=True, slots=True)
class SlotRate:
    """What is known of calling in a slot: the shrunk ``value``, and the trials it rests on by how near they are."""

    slot: str
    value: float
    company: Trials
    industry: Trials
    everybody: Trials


@dataclass(frozen=True, slots=True)
class SlotTrials:
    """Answered ÷ dials by slot, for everybody, for each industry and for each company."""

    everybody: Mapping[str, Trials] = field(default_factory=dict)
    industries: Mapping[str, Mapping[str, Trials]] = field(default_factory=dict)
    companies: Mapping[str, Mapping[str, Trials]] = field(default_factory=dict)


def slot_rates(known: SlotTrials, *, industry: str | None, company: str | None) -> tuple[SlotRate, ...]:
    """Return the slots with their connect rate for a company of an industry, the best first.

    Empty where too little was ever dialled. The mean of everybody over all slots is what an untried slot starts from.
    """
    total = sum(known.everybody.values(), Trials(0, 0))
    if total.whole < LEAST_SLOT_TRIALS or total.value is None:
        return ()
    nothing = Trials(0, 0)
    of_industry = known.industries.get(industry or "", {})
    of_company = known.companies.get(company or "", {})
    found = []
    for slot, every in known.everybody.items():
        near, own = of_industry.get(slot, nothing), of_company.get(slot, nothing)
        value = shrunk(own, shrunk(near, shrunk(every, total.value)))
        found.append(SlotRate(slot, value, own, near, every))
    return tuple(sorted(found, key=lambda one: (-one.value, one.slot)))


def shrunk(trials: Trials, towards: float, strength: float = STRENGTH) -> float:
    """Return a rate pulled towards a wider one: with no trials it is that one, with many its own."""
    return (trials.part + strength * towards) / (trials.whole + strength)


# ---------------------------------------------------------------------------------------------------- script versions


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a script and how often it led on (a meeting per decision maker reached, or what is compared)."""

    code: str
    trials: Trials

    @property
    def around(self) -> Interval | None:
        """Return the 95 % interval."""
        return wilson(self.trials.part, self.trials.whole)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions beside each other. ``verdict``: ``better`` | ``worse`` (the newer against the older) | ``open`` (go
    on) | ``alike`` (stop: not even a difference of ``worth`` is likely any more).

    ``difference`` is newer − older with its interval at the bound of one look; ``more``: about how many further uses of
    each would tell a difference of ``worth``, None where that is not known.
    """

    older: Version
    newer: Version
    verdict: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    more: int | None = None


def compare_versions(older: Version, newer: Version, *, worth: float = 0.03) -> Comparison:
    """Compare two versions by the rule fixed beforehand: at most five looks, 1 % error each, at least 100 uses each.

    ``worth`` is the difference in rate that is worth a change.
    """
    one, other = older.trials, newer.trials
    if one.value is None or other.value is None:
        return Comparison(older, newer, "open", more=LEAST_PER_VERSION)
    difference = other.value - one.value
    pooled = (one + other).value or 0.0
    spread = Z_BY_LOOK * math.sqrt(_variance(one) + _variance(other))
    low, high = difference - spread, difference + spread
    more = _more(pooled, worth, min(one.whole, other.whole))
    if min(one.whole, other.whole) < LEAST_PER_VERSION:
        verdict = "open"
    elif low > 0:
        verdict, more = "better", 0
    elif high < 0:
        verdict, more = "worse", 0
    elif -worth < low and high < worth:
        verdict, more = "alike", 0
    else:
        verdict = "open"
    return Comparison(older, newer, verdict, difference, low, high, more)


def compare_over(older: str, newer: str, days: Sequence[tuple[Trials, Trials]], *, worth: float = 0.03) -> Comparison:
    """Compare two versions over the days of both, oldest first: looked at when `LOOK_AT` says so and at no other time.

    The first look that decides ends the comparison: what comes later does not change its verdict.
    """
    one, other, looks = Trials(0, 0), Trials(0, 0), list(LOOK_AT)
    for before, after in days:
        one, other = one + before, other + after
        if looks and min(one.whole, other.whole) >= looks[0]:
            looks = [at for at in looks if at > min(one.whole, other.whole)]
            found = compare_versions(Version(older, one), Version(newer, other), worth=worth)
            if found.verdict != "open":
                return found
    now = compare_versions(Version(older, one), Version(newer, other), worth=worth)
    return replace(now, verdict="open", more=_until_next_look(now, looks))


def _until_next_look(now: Comparison, looks: Sequence[int]) -> int | None:
    """Return how many further uses of each are wanted: as many as would tell, and at least up to the next look."""
    if not looks:
        return None
    used = min(now.older.trials.whole, now.newer.trials.whole)
    return max(now.more or 0, looks[0] - used)


def _variance(trials: Trials) -> float:
    """Return the variance of a rate, with one success and one failure added, so that 0 of 100 is not called certain."""
    share = (trials.part + 1) / (trials.whole + 2)
    return share * (1 - share) / (trials.whole + 2)


def _more(share: float, worth: float, used: int) -> int | None:
    """Return how many further uses of each version would tell ``worth`` four times out of five."""
    if worth <= 0 or not 0 < share < 1:
        return None
    wanted = math.ceil(2 * share * (1 - share) * ((Z_BY_LOOK + 0.84) / worth) ** 2)
    return max(0, max(wanted, LEAST_PER_VERSION) - used)


def assigned(lead_id: str, comparison: str, versions: Sequence[str]) -> str:
    """Return the version that a lead hears for as long as the comparison lasts: by its id, the same on every device.

    Raises ValueError where there are no versions.
    """
    if not versions:
        raise ValueError("no versions to choose from")
    number = int.from_bytes(hashlib.sha256(f"{comparison}\x00{lead_id}".encode()).digest()[:8], "big")
    return sorted(versions)[number % len(versions)]
