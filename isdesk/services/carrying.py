"""Brings meetings to the calendars of Field Sales and hears which times are taken there.

A meeting's UID is its key: whatever was carried out before an answer was lost is found again and not made twice. What
the calendar's owner changed is never overwritten unseen: it is read again, and what cannot be joined is told. The desk
that said the last word about a meeting brings it there, and so does the one that brought it there before. Being offline
is no error: everything waits for the next round.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from isdesk.channels import ics
from isdesk.channels.caldav import Stored
from isdesk.domain import booking as rules
from isdesk.domain.booking import Booking, Span
from isdesk.domain.errors import BadInput, CalendarError, EventChanged, IsdeskError
from isdesk.domain.ids import MemberId
from isdesk.services import booking
from isdesk.services.booking import DONE, GONE_THERE, MOVED_THERE, STUCK, TAKEN, WAITING, Account, Carried
from isdesk.services.inviting import invitation
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

log = logging.getLogger(__name__)

AHEAD = timedelta(days=45)
"""So far ahead calendars are read."""
TRIES = 3
"""So often a meeting is tried again at once where somebody changes the same event meanwhile."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a calendar file held: how many taken times are to ``come``, and how many events could not be read.

    Where it holds none, what was known before is gone: that is what it says.
    """

    come: int
    left_out: int = 0


class Calendars(Protocol):
    """A calendar account (`isdesk.channels.caldav.CalDav`). Raises CalendarError."""

    def busy(self, calendar: str, start: datetime, end: datetime) -> list[Span]:
        """Return the times that are taken."""
        ...

    def get(self, calendar: str, uid: str) -> Stored | None:
        """Return an event, None where it is not there."""
        ...

    def put(self, calendar: str, uid: str, text: str, before: Stored | None) -> None:
        """Write an event as it follows on ``before``."""
        ...

    def delete(self, before: Stored) -> None:
        """Take an event off."""
        ...


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to: meetings ``written``, still ``waiting``, calendars ``heard``, and the first ``error``."""

    written: int = 0
    waiting: int = 0
    heard: int = 0
    error: str = ""


def waiting(ctx: Context) -> int:
    """Return how many meetings have yet to come to a calendar."""
    with ctx.store.read() as tx:
        account = booking.account(tx)
    return len(_wanted(ctx, account)) if account.url else 0


def run(ctx: Context, calendars: Calendars, rest: timedelta = timedelta(0)) -> Round:
    """Bring what waits to the calendars, then hear which times are taken; problems are in the result.

    Calendars that were read within ``rest`` are left out, unless something was written.
    """
    with ctx.store.read() as tx:
        account = booking.account(tx)
    written, error = 0, ""
    for one in _wanted(ctx, account):
        found = _carry(ctx, calendars, account, one)
        written += found.state == DONE
        error = error or found.error
    heard, trouble = _hear(ctx, calendars, account, timedelta(0) if written else rest)
    return Round(written, len(_wanted(ctx, account)), heard, error or trouble)


def _wanted(ctx: Context, account: Account) -> list[Booking]:
    """Return the meetings that this desk has yet to bring to a calendar, soonest first."""
    now = ctx.now()
    with ctx.store.read() as tx:
        carried = booking.carried_of(tx)
        every = booking.coming(tx, now)
    lost = {clash.other.id for clash in rules.clashes(every, now) if not clash.other.knowingly}
    found = []
    for one in every:
        known = carried.get(one.id)
        settled = known is not None and known.sequence == one.sequence and known.state != WAITING
        place = account.of(one.fs_id) or (known.place if known is not None else "")
        mine = one.device_id == ctx.device_id or (known is not None and known.place)
        if not mine or settled or not place:
            continue
        if one.id in lost and (known is None or not known.place):
            continue  # who booked first keeps the time; this one waits until it has another
        if one.canceled and (known is None or not known.place):
            continue  # nobody was ever told of it from here
        found.append(one)
    return found


def _carry(ctx: Context, calendars: Calendars, account: Account, one: Booking) -> Carried:
    with ctx.store.read() as tx:
        known = booking.carried_of(tx).get(one.id)
    place = account.of(one.fs_id)
    try:
        found = _tried(ctx, calendars, one, known, place or (known.place if known is not None else ""))
    except Exception as problem:  # noqa: BLE001  no meeting may keep those behind it from being brought
        error = _told(problem)
        before = known or Carried(one.sequence, WAITING)
        if before.state in STUCK and before.sequence < one.sequence:
            found = replace(before, error=error.code)  # what was told stays told
        else:
            found = Carried(one.sequence, WAITING, before.place, before.at, error=error.code, off=before.off)
    with ctx.store.write() as tx:
        booking.keep_carried(tx, one.id, found, [other.id for other in booking.coming(tx, ctx.now())])
    return found


def _told(problem: Exception) -> IsdeskError:
    """Return what is said of a meeting that was not brought; an event that nobody can read is the calendar's."""
    if isinstance(problem, CalendarError):
        return problem
    if not isinstance(problem, BadInput):
        log.warning("meeting_not_carried", extra={"error": type(problem).__name__})
    return CalendarError("calendar_event_wrong")


def _tried(ctx: Context, calendars: Calendars, one: Booking, known: Carried | None, place: str) -> Carried:
    """Return how far the meeting has come; reads again where somebody changed the event meanwhile."""
    for _ in range(TRIES):
        try:
            if known is not None and known.place and known.place != place:
                _take_off(calendars, known.place, one)
            return _write(ctx, calendars, one, known, place)
        except EventChanged:
            continue
    raise EventChanged("calendar_changed")


def _take_off(calendars: Calendars, place: str, one: Booking) -> None:
    """Take the meeting off the calendar of the person who does not hold it any more."""
    there = calendars.get(place, one.id)
    if there is not None:
        calendars.delete(there)


def _write(ctx: Context, calendars: Calendars, one: Booking, known: Carried | None, place: str) -> Carried:
    there = calendars.get(place, one.id)
    event = ics.known(there.text, one.id) if there is not None else None
    asked = known is not None and known.state in STUCK and known.sequence < one.sequence
    was = known is not None and known.place == place and known.at is not None and not known.off and not asked
    if there is None or event is None:
        if one.canceled:
            return Carried(one.sequence, DONE, "", one.at)
        if was:
            return Carried(one.sequence, GONE_THERE, place, one.at)
        if not one.knowingly and _in_the_way(ctx, calendars, one, place):
            return Carried(one.sequence, TAKEN)
        calendars.put(place, one.id, _text(ctx, one, one.sequence, None), there)
        return Carried(one.sequence, DONE, place, one.at, off=one.canceled)
    tried = known is None or known.sequence == one.sequence
    if tried and event.sequence >= one.sequence and (event.start, event.canceled) == (one.at, one.canceled):
        return Carried(one.sequence, DONE, place, one.at, off=one.canceled)  # the answer to an earlier try was lost
    told = known.at if known is not None else None
    if event.canceled and not one.canceled and was:
        return Carried(one.sequence, GONE_THERE, place, told)
    if told is not None and event.start not in {told, one.at} and not asked and not one.canceled:
        return Carried(one.sequence, MOVED_THERE, place, told, event.start)
    if event.start != one.at and not one.canceled and not one.knowingly and _in_the_way(ctx, calendars, one, place):
        return Carried(one.sequence, TAKEN, place, told)
    sequence = max(one.sequence, event.sequence + (event.sequence >= one.sequence))
    calendars.put(place, one.id, _text(ctx, one, sequence, there.text), there)
    return Carried(one.sequence, DONE, place, one.at, off=one.canceled)


def _in_the_way(ctx: Context, calendars: Calendars, one: Booking, place: str) -> bool:
    """Return whether the calendar has something else there; what is called off here is not, though yet on it."""
    with ctx.store.read() as tx:
        off = {other.id for other in booking.coming(tx, ctx.now()) if other.canceled}
    taken = [span for span in calendars.busy(place, one.at, one.end) if span.uid not in off]
    return not rules.is_free(taken, one.at, one.minutes, but=one.id)


def _text(ctx: Context, one: Booking, sequence: int, before: str | None) -> str:
    with ctx.store.read() as tx:
        facts = leads.facts(tx, one.lead_id)
    if facts is None:
        raise BadInput("ics_event_wrong")
    return ics.stored(invitation(ctx, one, facts, sequence), before)


def _hear(ctx: Context, calendars: Calendars, account: Account, rest: timedelta) -> tuple[int, str]:
    heard, error, now = 0, "", ctx.now()
    known = booking.heard(ctx, account.calendars or {})
    for fs_id, place in (account.calendars or {}).items():
        at, source = known[fs_id]
        if source == "caldav" and at is not None and now - at < rest:
            continue
        try:
            spans = calendars.busy(place, now - timedelta(days=1), now + AHEAD)
            lost, unread = _lost(ctx, calendars, fs_id, place, spans)
        except CalendarError as problem:
            error = error or problem.code
            continue
        error = error or unread
        with ctx.store.write() as tx:
            booking.keep_busy(tx, fs_id, spans, now, "caldav")
            _notice_moves(tx, now, fs_id, place, spans, lost)
        heard += 1
    return heard, error


def _lost(
    ctx: Context, calendars: Calendars, fs_id: MemberId, place: str, spans: Sequence[Span]
) -> tuple[dict[str, Span | None], str]:
    """Return the meetings that take no time where they were brought: moved far away (where to), or taken off (None).

    One whose event cannot be read is neither; that is the code beside them, empty where all can be.
    """
    now = ctx.now()
    there = {one.uid for one in spans}
    with ctx.store.read() as tx:
        every, carried = booking.coming(tx, now), booking.carried_of(tx)
    found: dict[str, Span | None] = {}
    unread = ""
    for one in every:
        known = carried.get(one.id)
        if one.id in there or one.at >= now + AHEAD or not _followed(one, known, fs_id, place):
            continue
        stored = calendars.get(place, one.id)
        try:
            event = ics.known(stored.text, one.id) if stored is not None else None
        except BadInput:
            unread = "calendar_event_wrong"
            continue
        if event is None or event.canceled:
            found[one.id] = None
        else:
            found[one.id] = Span(event.start, event.start, one.id)
    return found, unread


def _followed(one: Booking, known: Carried | None, fs_id: MemberId, place: str) -> bool:
    """Return whether a meeting is on this calendar as it was agreed last, as far as is known here."""
    if known is None or one.canceled or (one.fs_id, known.place) != (fs_id, place):
        return False
    return known.sequence == one.sequence and known.state in {DONE, MOVED_THERE, GONE_THERE}


def _notice_moves(
    tx: Tx, now: datetime, fs_id: MemberId, place: str, spans: Sequence[Span], lost: Mapping[str, Span | None]
) -> None:
    """Remember which meetings the calendar's owner moved or took off there, and which are back where they were."""
    there: dict[str, Span | None] = {**lost, **{one.uid: one for one in spans}}
    every, carried = booking.coming(tx, now), booking.carried_of(tx)
    for one in every:
        known = carried.get(one.id)
        if known is None or one.id not in there or not _followed(one, known, fs_id, place):
            continue
        span = there[one.id]
        state = GONE_THERE if span is None else DONE if span.start == one.at else MOVED_THERE
        if state != known.state:
            start = span.start if span is not None and state == MOVED_THERE else None
            booking.keep_carried(tx, one.id, Carried(one.sequence, state, place, one.at, start), carried)


def import_file(ctx: Context, fs_id: MemberId, text: bytes) -> Imported:
    """Take which times of somebody of FS are taken from a calendar file; only the times are kept.

    Reading the file may take seconds: no business of the thread that writes. Raises BadInput (``ics_…``), NotFound
    (``member_not_found``); what was known before stays then.
    """
    ctx.member(fs_id)
    now = ctx.now()
    found = ics.taken(text, now - timedelta(days=1), now + AHEAD)
    with ctx.store.write() as tx:
        booking.keep_busy(tx, fs_id, found.spans, now, "file")
    return Imported(sum(one.end > now for one in found.spans), found.left_out)


__all__ = ["AHEAD", "Calendars", "Imported", "Round", "import_file", "run", "waiting"]
