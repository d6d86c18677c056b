"""A meeting as it is booked: one identity from the first agreement to its end, free slots, and who keeps which time.

What is agreed is a filing of kind ``meeting`` whose subject is the meeting's own id, which is also the UID of its
invitation: moving or calling off is said about the same one (OUTCOMES, MEETING_SET). Every filing about a meeting, also
one that takes another back, raises the invitation's SEQUENCE (RFC 5545, 3.8.7.4), so that a calendar takes the latest.

A lead has one meeting to come. Where two desks agreed on one each before they heard of each other, the time that was
agreed last stands, on every desk alike, and the other counts as called off; what is said about either raises the
SEQUENCE of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import DeviceId, LeadId, MemberId
from isdesk.domain.work_calendar import WorkCalendar

KIND = "meeting"
SET, CANCEL = "set", "cancel"
MINUTES: Final = 60
"""How long a meeting lasts where nobody says."""
STEP: Final = 30
"""Slots begin every so many minutes from the start of business hours."""
DAYS: Final = 10
"""So many business days ahead slots are looked for."""
NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NOBODY: Final[Mapping[LeadId, LeadId]] = MappingProxyType({})
PER_DAY: Final = 3
MOST: Final = 9
"""So many are offered: one for each number key."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time that is taken, from ``start`` up to ``end``; ``uid`` is that of the event where it is known."""

    start: datetime
    end: datetime
    uid: str = ""

    def meets(self, start: datetime, end: datetime) -> bool:
        """Return whether it overlaps a time."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Booking:
    """A meeting at its present state. ``by`` booked it first; ``device_id`` said the last word, and tells the calendar.

    ``claimed_at``: since when it has this time with this person of FS. ``knowingly``: the rep was told that the time
    is taken and kept it. ``said_at`` and ``said_by``: when and by whom the last word was said. ``words``: how many
    filings speak of it. ``made_at``: when it was first agreed. ``instead``: the meeting of the same lead that stands in
    its place, empty where there is none.
    """

    id: str
    lead_id: LeadId
    at: datetime
    minutes: int
    place: str
    attendees: str
    fs_id: MemberId | None
    by: MemberId
    device_id: DeviceId
    claimed_at: datetime
    sequence: int
    canceled: bool
    knowingly: bool = False
    said_at: datetime = NEVER
    said_by: MemberId | None = None
    words: int = 1
    made_at: datetime = NEVER
    instead: str = ""

    @property
    def moved(self) -> bool:
        """Return whether anything was said about it after it was agreed."""
        return self.words > 1

    @property
    def end(self) -> datetime:
        """Return when it ends."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def span(self) -> Span:
        """Return the time it takes."""
        return Span(self.at, self.end, self.id)


def payload(
    step: str, at: datetime, minutes: int, place: str, attendees: str, fs_id: str | None, *, knowingly: bool = False
) -> dict[str, Value]:
    """Return what a filing about a meeting says."""
    return {
        "step": step,
        "at": at.astimezone(UTC).isoformat(),
        "minutes": minutes,
        "place": place,
        "attendees": attendees,
        "fs_id": fs_id,
        "knowingly": knowingly,
    }


def bookings(filings: Iterable[Filing], into: Mapping[LeadId, LeadId] = _NOBODY) -> dict[str, Booking]:
    """Return every meeting by its id; one whose filings were all taken back is called off.

    ``filings`` hold all that was said about the leads they are of. ``into``: leads that were merged, with the one that
    stays, whose meetings theirs are.
    """
    about: dict[str, list[Filing]] = {}
    for one in filings:
        if one.kind == KIND and one.lead_id is not None:
            about.setdefault(one.subject, []).append(one)
    of_lead: dict[LeadId, list[_Told]] = {}
    for uid, every in about.items():
        told = _folded(uid, every, into)
        if told is not None:
            of_lead.setdefault(told.booking.lead_id, []).append(told)
    return {one.id: one for mine in of_lead.values() for one in _one_stands(mine)}


@dataclass(frozen=True, slots=True)
class _Told:
    """A meeting for itself; ``first`` and ``until``: when it was first spoken of, and the latest end ever said."""

    booking: Booking
    first: datetime
    until: datetime


def _folded(uid: str, every: Sequence[Filing], into: Mapping[LeadId, LeadId]) -> _Told | None:
    ordered = sorted(every, key=lambda one: (one.at, one.device_id, one.device_seq, one.id))
    stands = [one for one in standing(ordered) if _at(one) is not None]
    ever = [one for one in ordered if not one.void and _at(one) is not None]
    told = stands or ever
    if not told:
        return None
    claimed, last = told[0], told[0]
    for one in told[1:]:
        if (_at(one), one.payload.get("fs_id")) != (_at(last), last.payload.get("fs_id")):
            claimed = one
        last = one
    at, lead_id = _at(last), last.lead_id
    if at is None or lead_id is None:
        return None
    fs_id = last.payload.get("fs_id")
    found = Booking(
        id=uid,
        lead_id=into.get(lead_id, lead_id),
        at=at,
        minutes=_minutes(last),
        place=str(last.payload.get("place") or ""),
        attendees=str(last.payload.get("attendees") or ""),
        fs_id=MemberId(fs_id) if isinstance(fs_id, str) and fs_id else None,
        by=told[0].member_id,
        device_id=ordered[-1].device_id,
        claimed_at=claimed.at,
        sequence=len(every) - 1,
        canceled=not stands or last.payload.get("step") == CANCEL,
        knowingly=bool(last.payload.get("knowingly")),
        said_at=ordered[-1].at,
        said_by=ordered[-1].member_id,
        words=len(every),
        made_at=told[0].at,
    )
    ends = [when + timedelta(minutes=_minutes(one)) for one in ever if (when := _at(one)) is not None]
    return _Told(found, ever[0].at, max(ends))


def _one_stands(mine: Sequence[_Told]) -> list[Booking]:
    """Return the meetings of one lead, of which those that were agreed while another was to come are one.

    The SEQUENCE counts what was said about any that ever was such another, also where it is so no more: it never falls.
    """
    kept: list[Booking] = []
    found: list[Booking] = []
    for told in sorted(mine, key=lambda told: _later(told.booking), reverse=True):
        rivals = sum(other.booking.words for other in mine if other is not told and _ever_both(told, other))
        one = replace(told.booking, sequence=told.booking.sequence + rivals)
        if not one.canceled:
            stands = next((other for other in kept if _both(one, other)), None)
            if stands is None:
                kept.append(one)
            else:
                said = max(one.said_at, stands.claimed_at)
                one = replace(one, canceled=True, instead=stands.id, said_at=said)
        found.append(one)
    return found


def _later(one: Booking) -> tuple[datetime, str]:
    return one.claimed_at, one.id


def _both(one: Booking, other: Booking) -> bool:
    """Return whether the one that was agreed later was so while the other was still to come."""
    first, second = sorted((one, other), key=lambda each: (each.made_at, each.id))
    return second.made_at < first.end


def _ever_both(one: _Told, other: _Told) -> bool:
    first, second = sorted((one, other), key=lambda each: (each.first, each.booking.id))
    return second.first < first.until


def _minutes(one: Filing) -> int:
    said = one.payload.get("minutes")
    return said if isinstance(said, int) and 0 < said <= 24 * 60 else MINUTES


def _at(one: Filing) -> datetime | None:
    said = one.payload.get("at")
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def of_lead(every: Iterable[Booking], lead_id: LeadId) -> Booking | None:
    """Return the meeting of a lead that stands; of several the one agreed last."""
    mine = [one for one in every if one.lead_id == lead_id and not one.canceled]
    return max(mine, key=_later, default=None)


# ---------------------------------------------------------------------------------------------------------------- slots


def free_slots(
    busy: Iterable[Span],
    calendar: WorkCalendar,
    now: datetime,
    *,
    minutes: int = MINUTES,
    days: int = DAYS,
    per_day: int = PER_DAY,
    most: int = MOST,
) -> list[datetime]:
    """Return times to offer, earliest first: whole meetings in business hours of the coming open days, not taken.

    From the business day after today; of each day ``per_day`` at most, spread over it, so that there is a choice.
    """
    taken = sorted(busy)
    found: list[datetime] = []
    day = calendar.day_of(now)
    for _ in range(days):
        day = calendar.add_business_days(day, 1)
        found += _spread(_of_day(taken, calendar, day, minutes), per_day)
        if len(found) >= most:
            break
    return found[:most]


def _of_day(taken: Sequence[Span], calendar: WorkCalendar, day: date, minutes: int) -> list[datetime]:
    """Return the starts of one day at which a whole meeting fits, none into another."""
    length, found = timedelta(minutes=minutes), list[datetime]()
    for opens, closes in sorted(calendar.business.hours):
        start, end = calendar.at(day, opens), calendar.at(day, closes)
        while start + length <= end:
            if is_free(taken, start, minutes):
                found.append(start)
                start += max(length, timedelta(minutes=STEP))
            else:
                start += timedelta(minutes=STEP)
    return found


def _spread(starts: Sequence[datetime], most: int) -> list[datetime]:
    if len(starts) <= most:
        return list(starts)
    if most == 1:
        return [starts[0]]
    return [starts[n * (len(starts) - 1) // (most - 1)] for n in range(most)]


def is_free(busy: Iterable[Span], start: datetime, minutes: int, *, but: str = "") -> bool:
    """Return whether nothing is in the way of a meeting; ``but`` is its own id."""
    end = start + timedelta(minutes=minutes)
    return not any(one.meets(start, end) for one in busy if not but or one.uid != but)


# ------------------------------------------------------------------------------------------------------ double bookings


@dataclass(frozen=True, slots=True)
class Clash:
    """Two meetings of one person of FS at one time: who booked first ``keeps`` it, the ``other`` has to move."""

    keeps: Booking
    other: Booking


def clashes(every: Iterable[Booking], now: datetime) -> list[Clash]:
    """Return the meetings to come that have to move, soonest first; every desk comes to the same.

    Who booked first keeps the time; a meeting that has to move keeps nobody else from it.
    """
    kept: dict[MemberId, list[Booking]] = {}
    found: list[Clash] = []
    coming = [one for one in every if not one.canceled and one.end > now]
    for one in sorted(coming, key=lambda one: (one.claimed_at, one.id)):
        if one.fs_id is None:
            continue
        mine = kept.setdefault(one.fs_id, [])
        first = next((other for other in mine if other.span.meets(one.at, one.end)), None)
        if first is None:
            mine.append(one)
        else:
            found.append(Clash(first, one))
    return sorted(found, key=lambda clash: (clash.other.at, clash.other.id))
