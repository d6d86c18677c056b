"""The figures of GLOSSARY's KPI table over any set of touches: never a quantity without its quality (DOMAIN 8)."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TypeVar

from isdesk.domain.outcome import Flags, is_dial, touch_flags
from isdesk.domain.rules import Outcome
from isdesk.domain.touch import Touch
from isdesk.domain.work_calendar import TOKYO

FEW = 100
"""Under about this many trials a rate is shown with its interval (GLOSSARY, KPI rule h)."""

Z_95 = 1.959964
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval of a rate."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted by name: numerators and denominators. Counts of separate days add up, except ``unique_leads``.

    ``dials`` 架電件数: one physical dial once. ``unique_leads`` ユニーク架電先数. ``answered`` 通電.
    ``dm_reached`` 接続. ``contact_person_reached`` 担当者接続. ``inbound_calls`` 受電.
    ``meetings_gross`` アポ (rescheduling does not add one): ``meetings_dm`` those agreed with a decision maker,
    ``meetings_without_dm`` 非接続アポ.
    """

    dials: int = 0
    unique_leads: int = 0
    answered: int = 0
    dm_reached: int = 0
    contact_person_reached: int = 0
    meetings_gross: int = 0
    meetings_canceled: int = 0
    meetings_dm: int = 0
    meetings_without_dm: int = 0
    inbound_calls: int = 0
    talk_seconds: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the sum (of sets of touches that share no dial)."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def meetings_net(self) -> int:
        """Return 純アポ: meetings set less those cancelled."""
        return self.meetings_gross - self.meetings_canceled

    @property
    def answer_rate(self) -> float | None:
        """Return 通電率."""
        return rate(self.answered, self.dials)

    @property
    def dm_connect_rate(self) -> float | None:
        """Return 接続率: decision makers reached of the calls answered."""
        return rate(self.dm_reached, self.answered)

    @property
    def dm_connect_rate_per_dial(self) -> float | None:
        """Return 担当者接続率(架電比), the figure the industry quotes."""
        return rate(self.dm_reached, self.dials)

    @property
    def meeting_set_rate(self) -> float | None:
        """Return ミーティング獲得率: of the decision makers reached; 非接続アポ are left out, so it stays ≤ 1."""
        return rate(self.meetings_dm, self.dm_reached)

    @property
    def meeting_set_rate_per_dial(self) -> float | None:
        """Return アポ率(架電比)."""
        return rate(self.meetings_gross, self.dials)


def count(touches: Iterable[Touch], outcomes: Mapping[str, Outcome]) -> Counts:
    """Return the figures of a set of effective touches (see `touch.effective`).

    Touches of one physical dial (``dial_id``) are one dial: it was answered, or reached a decision maker, where any of
    them says so. A meeting set on an incoming call counts as a meeting, not as a dial.
    """
    dials: dict[str, list[tuple[Touch, Flags]]] = {}
    others: list[tuple[Touch, Flags]] = []
    for touch in touches:
        known = touch_flags(touch, outcomes)
        if known is None:
            continue
        if is_dial(touch, outcomes):
            dials.setdefault(touch.dial_id or touch.id, []).append((touch, known))
        else:
            others.append((touch, known))
    every = [pair for pairs in dials.values() for pair in pairs] + others
    meetings = [pair for pair in every if _sets_meeting(pair, outcomes)]
    return Counts(
        dials=len(dials),
        unique_leads=len({t.lead_id for pairs in dials.values() for t, _ in pairs}),
        answered=_any(dials, lambda f: f.answered),
        dm_reached=_any(dials, lambda f: f.dm_reached),
        contact_person_reached=_any(dials, lambda f: f.reached.value in {"contact_person", "decision_maker"}),
        meetings_gross=len(meetings),
        meetings_canceled=sum(outcomes[t.outcome or ""].cancels_meeting for t, _ in every),
        meetings_dm=_any(dials, lambda f: f.dm_reached and f.meeting_set, _counting_only(outcomes)),
        meetings_without_dm=sum(not f.dm_reached for _, f in meetings),
        inbound_calls=sum(t.direction == "in" and t.channel == "phone" for t, _ in others),
        talk_seconds=sum(max((t.talk_s or 0 for t, _ in pairs), default=0) for pairs in dials.values()),
    )


def _sets_meeting(pair: tuple[Touch, Flags], outcomes: Mapping[str, Outcome]) -> bool:
    touch, known = pair
    return known.meeting_set and outcomes[touch.outcome or ""].counts_meeting


def _counting_only(outcomes: Mapping[str, Outcome]) -> Callable[[Touch], bool]:
    return lambda touch: outcomes[touch.outcome or ""].counts_meeting


def _any(
    dials: Mapping[str, list[tuple[Touch, Flags]]],
    says: Callable[[Flags], bool],
    among: Callable[[Touch], bool] = lambda _: True,
) -> int:
    """Return of how many dials any touch says so."""
    return sum(any(says(flags) and among(touch) for touch, flags in pairs) for pairs in dials.values())


def count_by(
    touches: Iterable[Touch], outcomes: Mapping[str, Outcome], key: Callable[[Touch], Key | None]
) -> dict[Key, Counts]:
    """Return the figures of each group; touches whose key is None are left out."""
    groups: dict[Key, list[Touch]] = {}
    for touch in touches:
        group = key(touch)
        if group is not None:
            groups.setdefault(group, []).append(touch)
    return {group: count(found, outcomes) for group, found in groups.items()}


def script_behind(touches: Iterable[Touch], outcomes: Mapping[str, Outcome], until: datetime) -> str:
    """Return the script (with its version) of the call that set the meeting of a handoff submitted at ``until``.

    The last such call before it; "" where none of them had a script. ``touches`` are effective.
    """
    setting = [t for t in touches if t.at <= until and (found := touch_flags(t, outcomes)) and found.meeting_set]
    return (max(setting, key=lambda t: (t.at, t.id)).script or "") if setting else ""


def rate(part: int, whole: int) -> float | None:
    """Return ``part / whole``; None where there is nothing to divide by (shown as —, never as 0 %)."""
    return part / whole if whole > 0 else None


def wilson(part: int, whole: int, z: float = Z_95) -> Interval | None:
    """Return the Wilson score interval of a rate; None where there were no trials."""
    if whole <= 0:
        return None
    share = min(max(part / whole, 0.0), 1.0)
    spread = z * z / whole
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def day_of(touch: Touch) -> date:
    """Return the business date of a touch: Asia/Tokyo, of its start (GLOSSARY, KPI rule e)."""
    return touch.at.astimezone(TOKYO).date()


def week_of(touch: Touch) -> date:
    """Return the Monday of the touch's week."""
    day = day_of(touch)
    return day - timedelta(days=day.weekday())


def month_of(touch: Touch) -> date:
    """Return the first day of the touch's month."""
    return day_of(touch).replace(day=1)
