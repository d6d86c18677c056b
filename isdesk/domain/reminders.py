"""What a rep is reminded of: callbacks, clocks about to break, returned handoffs, replies, meetings; each once (UX)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from isdesk.domain.ids import LeadId
from isdesk.domain.work_calendar import WorkCalendar

CALLBACK, SLA, RETURNED, REPLY, MEETING = "callback", "sla", "returned", "reply", "meeting"
KINDS: Final = (CALLBACK, SLA, RETURNED, REPLY, MEETING)
FRESH: Final = timedelta(minutes=10)
"""What should have been said longer ago than this (the machine slept, a long call) is said in one sentence."""
MOST: Final = 3
"""So many are said one by one; more of them go into the one sentence too."""
MISSED_BD: Final = 10
"""So many business days back is made good what nobody was there to hear: weekends and holidays do not count."""
REMEMBER: Final = timedelta(days=30)
"""So long is kept what was said, longer than any rest between business days."""


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


def oldest(now: datetime, calendar: WorkCalendar) -> datetime:
    """Return how far back what nobody heard is still said: the last business days."""
    return calendar.start_of_day(calendar.add_business_days(calendar.day_of(now), -MISSED_BD))


def reach(told: Mapping[str, datetime | None], oldest: datetime) -> datetime:
    """Return how far back to look, so that what was put off is found too."""
    put_off = [datetime.fromisoformat(key.split(":", 2)[2]) for key, again in told.items() if again is not None]
    return min([oldest, *(at - FRESH for at in put_off)])


@dataclass(frozen=True, slots=True)
class Picked:
    """What is said now: ``single`` one by one, ``folded`` in one sentence."""

    single: tuple[Reminder, ...] = ()
    folded: tuple[Reminder, ...] = ()

    @property
    def every(self) -> tuple[Reminder, ...]:
        """Return all of them."""
        return (*self.single, *self.folded)


def pick(
    found: Iterable[Reminder], told: Mapping[str, datetime | None], now: datetime, oldest: datetime | None = None
) -> Picked:
    """Return what is to be said now: never twice, never a burst.

    What is not after ``oldest`` is said only where it was put off or can still be kept. ``told`` holds what was said,
    with the instant from which on it is to be said again (snoozed), None for never.
    """
    may = [one for one in found if one.at <= now and _may(one, told, now)]
    ready = [one for one in may if _matters(one, told, now, oldest)]
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


def _matters(one: Reminder, told: Mapping[str, datetime | None], now: datetime, oldest: datetime | None) -> bool:
    ahead = one.due_at is not None and one.due_at > now
    return oldest is None or one.at > oldest or ahead or told.get(one.key) is not None


def _since(one: Reminder, told: Mapping[str, datetime | None]) -> datetime:
    """Return since when it is to be said: its own instant, or the end of its snooze."""
    return max(one.at, told.get(one.key) or one.at)


def remembered(
    told: Mapping[str, datetime | None], picked: Picked, now: datetime, kept: Mapping[str, datetime]
) -> dict[str, datetime | None]:
    """Return what was said once ``picked`` is: keys of things long past (``kept``: when each was said) are left out."""
    stays = {key: again for key, again in told.items() if now - kept.get(key, now) < REMEMBER}
    return stays | {one.key: None for one in picked.every}
