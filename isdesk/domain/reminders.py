"""What a rep is reminded of: callbacks, clocks about to break, returned handoffs, replies, meetings; each once (UX)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from isdesk.domain.ids import LeadId

CALLBACK, SLA, RETURNED, REPLY, MEETING = "callback", "sla", "returned", "reply", "meeting"
KINDS: Final = (CALLBACK, SLA, RETURNED, REPLY, MEETING)
FRESH: Final = timedelta(minutes=10)
"""What should have been said longer ago than this (the machine slept, a long call) is said in one sentence."""
MOST: Final = 3
"""So many are said one by one; more of them go into the one sentence too."""
FORGET: Final = timedelta(days=12)
"""After so long nobody is reminded of it any more; the longest run of holidays with its weekends lies within."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to be reminded of. ``at``: the instant from which on; ``due_at``: when it is due, None for news.

    ``key`` names it for good: a promise that is moved is another one.
    """

    kind: str
    lead_id: LeadId
    name: str
    company: str
    at: datetime
    due_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return its name."""
        return f"{self.kind}:{self.lead_id}:{(self.due_at or self.at).isoformat()}"


@dataclass(frozen=True, slots=True)
class Picked:
    """What is said now: ``single`` one by one, ``folded`` in one sentence."""

    single: tuple[Reminder, ...] = ()
    folded: tuple[Reminder, ...] = ()

    @property
    def every(self) -> tuple[Reminder, ...]:
        """Return all of them."""
        return (*self.single, *self.folded)


def pick(found: Iterable[Reminder], told: Mapping[str, datetime | None], now: datetime) -> Picked:
    """Return what is to be said now: never twice, never a burst.

    ``told`` holds what was said, with the instant from which on it is to be said again (snoozed), None for never.
    """
    ready = [one for one in found if one.at <= now and now - one.at < FORGET and _may(one, told, now)]
    ready.sort(key=lambda one: (one.at, one.key))
    fresh = [one for one in ready if now - _since(one, told) < FRESH]
    stale = [one for one in ready if one not in fresh]
    if len(stale) == 1 and not fresh:
        return Picked((stale[0],))
    if len(fresh) > MOST:
        return Picked((), (*stale, *fresh))
    return Picked(tuple(fresh), tuple(stale))


def _may(one: Reminder, told: Mapping[str, datetime | None], now: datetime) -> bool:
    if one.key not in told:
        return True
    again = told[one.key]
    return again is not None and again <= now


def _since(one: Reminder, told: Mapping[str, datetime | None]) -> datetime:
    """Return since when it is to be said: its own instant, or the end of its snooze."""
    return max(one.at, told.get(one.key) or one.at)


def remembered(
    told: Mapping[str, datetime | None], picked: Picked, now: datetime, kept: Mapping[str, datetime]
) -> dict[str, datetime | None]:
    """Return what was said once ``picked`` is: keys of things long past (``kept``: when each was said) are left out."""
    stays = {key: again for key, again in told.items() if now - kept.get(key, now) < FORGET}
    return stays | {one.key: None for one in picked.every}
