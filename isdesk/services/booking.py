"""Booking a meeting from the call: free slots of Field Sales, one identity for what is agreed, and who must hear of it.

What somebody's calendar was last heard to hold is kept on this desk only, as times without words. It is read offline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import booking
from isdesk.domain.booking import CANCEL, KIND, MINUTES, SET, Booking, Span
from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import State
from isdesk.domain.ids import LeadId, MemberId
from isdesk.store import filings, journal, leads, meta

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

ACCOUNT = "calendar_account"
BUSY = "calendar_busy:"
CARRIED = "meetings_carried"
TOLD = "meetings_told"
FIELDS = frozenset({"meeting_at", "meeting_place", "meeting_attendees", "fs_id"})
"""Fields of a lead that a meeting is made of."""
NEWS = timedelta(days=14)
"""What is older is no news, also where it was never told."""


# -------------------------------------------------------------------------------------------------------------- writing


def said(
    ctx: Context,
    tx: Tx,
    entry: Entry,
    before: LeadFacts,
    after: Mapping[str, Value],
    *,
    anew: bool = False,
    knowingly: bool = False,
) -> list[Filing]:
    """Return what an entry says about the lead's meeting: agreed, moved, called off, or nothing.

    ``after`` are the lead's fields as they will be. It is said about the meeting that stands; ``anew``: where that is
    over, this is another one.
    """
    if not any(before.get(code) != after.get(code) for code in FIELDS) and not anew:
        return []
    now = ctx.now()
    stands = booking.of_lead(_folded(tx).values(), before.id)
    at = _instant(after.get("meeting_at"))
    if at is None:
        return (
            [] if stands is None or stands.end <= now else [_filing(ctx, tx, entry, before.id, stands.id, _off(stands))]
        )
    if stands is None and at <= now:
        return []
    text = {code: str(after.get(code) or "") for code in FIELDS}
    new = booking.payload(
        SET, at, minutes(tx), text["meeting_place"], text["meeting_attendees"], text["fs_id"] or None,
        knowingly=knowingly,
    )  # fmt: skip
    if stands is None or (anew and stands.end <= now):
        return [_filing(ctx, tx, entry, before.id, ctx.ids.new(), new)]
    if not knowingly and _same(stands, new):
        return []
    return [_filing(ctx, tx, entry, before.id, stands.id, new)]


def _off(stands: Booking) -> dict[str, Value]:
    return booking.payload(CANCEL, stands.at, stands.minutes, stands.place, stands.attendees, stands.fs_id)


def _same(stands: Booking, new: Mapping[str, Value]) -> bool:
    old = booking.payload(SET, stands.at, stands.minutes, stands.place, stands.attendees, stands.fs_id)
    return all(old[code] == new[code] for code in ("at", "place", "attendees", "fs_id"))


def _filing(ctx: Context, tx: Tx, entry: Entry, lead_id: LeadId, uid: str, new: dict[str, Value]) -> Filing:
    return Filing(
        ctx.ids.new(), KIND, uid, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
        lead_id, new, entry.id,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Account:
    """The calendar account of this desk. ``calendars``: person of FS → address of the calendar."""

    url: str = ""
    user: str = ""
    calendars: Mapping[MemberId, str] | None = None
    minutes: int = MINUTES

    def of(self, fs_id: str | None) -> str:
        """Return the address of somebody's calendar, empty where none is known."""
        return (self.calendars or {}).get(MemberId(fs_id or ""), "")


@dataclass(frozen=True, slots=True)
class Free:
    """One person of FS: ``times`` to offer, the ``busy`` ones, and when their calendar was read (None: it never was).

    ``source``: ``caldav`` | ``file`` | empty.
    """

    fs_id: MemberId
    name: str
    times: tuple[datetime, ...]
    busy: tuple[Span, ...]
    heard_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Slots:
    """What may be offered for a lead's meeting. ``own`` is the id of the one that stands, which is in nobody's way."""

    lead_id: LeadId
    minutes: int
    people: tuple[Free, ...]
    own: str = ""

    @property
    def heard(self) -> bool:
        """Return whether anybody's calendar was read."""
        return any(one.heard_at is not None for one in self.people)

    def of(self, fs_id: str | None) -> Free | None:
        """Return what is known of one person."""
        return next((one for one in self.people if one.fs_id == fs_id), None)

    def taken(self, fs_id: str | None, at: datetime) -> bool:
        """Return whether a time is taken as far as is known here."""
        person = self.of(fs_id)
        return person is not None and not booking.is_free(person.busy, at, self.minutes, but=self.own)


def slots(ctx: Context, lead_id: LeadId) -> Slots:
    """Return when the people of FS are free for a meeting with a lead, by all that is known on this desk."""
    now = ctx.now()
    with ctx.store.read() as tx:
        every = _folded(tx)
        length = minutes(tx)
        met = _handed(tx)
        heard = {m.id: busy_heard(tx, m.id) for m in ctx.members.values() if m.role == "fs" and m.active}
    stands = booking.of_lead(every.values(), lead_id)
    own = stands.id if stands is not None else ""
    people = []
    for fs_id, (at, source, spans) in heard.items():
        local = _local(every.values(), met, fs_id, lead_id)
        busy = tuple(sorted({*(one for one in spans if not own or one.uid != own), *local}))
        times = booking.free_slots(busy, ctx.calendar, now, minutes=length)
        people.append(Free(fs_id, ctx.name_of(fs_id), tuple(times), busy, at, source))
    return Slots(lead_id, length, tuple(people), own)


def _local(
    every: Iterable[Booking], met: Sequence[tuple[LeadId, str, datetime]], fs_id: MemberId, but: LeadId
) -> list[Span]:
    """Return the meetings of one person that this desk knows of, without those of one lead."""
    booked = [one for one in every if not one.canceled and one.fs_id == fs_id and one.lead_id != but]
    known = {one.lead_id for one in booked}
    more = [
        Span(at, at + timedelta(minutes=MINUTES)) for lead, fs, at in met if fs == fs_id and lead not in known | {but}
    ]
    return [one.span for one in booked] + more


def _handed(tx: Tx) -> list[tuple[LeadId, str, datetime]]:
    """Return the meetings of handed-over leads: (lead, person of FS, time); a CRM may have told of them."""
    found = []
    for facts in leads.many(tx, leads.in_handoff(tx, (State.SUBMITTED, State.ACCEPTED))).values():
        at, fs_id = _instant(facts.get("meeting_at")), facts.get("fs_id")
        if at is not None and isinstance(fs_id, str):
            found.append((facts.id, fs_id, at))
    return found


def standing(ctx: Context, lead_id: LeadId) -> Booking | None:
    """Return the meeting of a lead that stands, None where none does."""
    with ctx.store.read() as tx:
        return booking.of_lead(_folded(tx).values(), lead_id)


def latest(ctx: Context, lead_id: LeadId) -> Booking | None:
    """Return the meeting of a lead that was spoken of last, also where it is called off."""
    with ctx.store.read() as tx:
        mine = [one for one in _folded(tx).values() if one.lead_id == lead_id]
    return max(mine, key=lambda one: (not one.canceled, one.claimed_at, one.id), default=None)


def every(ctx: Context) -> list[Booking]:
    """Return all meetings, called-off ones too, soonest first."""
    with ctx.store.read() as tx:
        return sorted(_folded(tx).values(), key=lambda one: (one.at, one.id))


def name_of(ctx: Context, lead_id: LeadId) -> str:
    """Return a lead's name, empty where it is gone."""
    with ctx.store.read() as tx:
        facts = leads.facts(tx, lead_id)
    return str(facts.get("name") or "") if facts is not None else ""


def known(tx: Tx, uid: str) -> Booking | None:
    """Return a meeting by its id, None where there is none."""
    return booking.bookings(filings.about(tx, KIND, uid)).get(uid)


def coming_in(tx: Tx, now: datetime) -> list[Booking]:
    """Return the meetings that are not over (of which any time that was said is not), in no order."""
    since = now - timedelta(days=1)  # the longest that a meeting lasts
    return list(booking.bookings(filings.coming(tx, KIND, since)).values())


def every_in(tx: Tx) -> list[Booking]:
    """Return all meetings within a transaction, in no order."""
    return list(_folded(tx).values())


def _folded(tx: Tx) -> dict[str, Booking]:
    return booking.bookings(filings.of_kind(tx, KIND))


def account(tx: Tx) -> Account:
    """Return the calendar account of this desk; an empty one where there is none."""
    kept = meta.get(tx, ACCOUNT)
    if not isinstance(kept, dict):
        return Account()
    places, length = kept.get("calendars"), kept.get("minutes")
    return Account(
        str(kept.get("url") or ""),
        str(kept.get("user") or ""),
        {MemberId(str(k)): str(v) for k, v in places.items()} if isinstance(places, dict) else {},
        length if isinstance(length, int) and not isinstance(length, bool) else MINUTES,
    )


def keep_account(tx: Tx, new: Account | None) -> None:
    """Keep the calendar account; None forgets it. The password is the vault's."""
    if new is None:
        meta.put(tx, ACCOUNT, None)
        return
    places: dict[str, object] = {str(fs_id): place for fs_id, place in (new.calendars or {}).items()}
    meta.put(tx, ACCOUNT, {"url": new.url, "user": new.user, "calendars": places, "minutes": new.minutes})


def minutes(tx: Tx) -> int:
    """Return how long a meeting lasts at this desk."""
    return account(tx).minutes


def busy_heard(tx: Tx, fs_id: MemberId) -> tuple[datetime | None, str, list[Span]]:
    """Return when somebody's calendar was read, from where (``caldav`` | ``file``), and the times taken in it."""
    kept = meta.get(tx, f"{BUSY}{fs_id}")
    if not isinstance(kept, dict):
        return None, "", []
    spans = kept.get("spans")
    found = []
    for one in spans if isinstance(spans, list) else []:
        if isinstance(one, list) and len(one) == 3:
            start, end = _instant(one[0]), _instant(one[1])
            if start is not None and end is not None:
                found.append(Span(start, end, str(one[2])))
    return _instant(kept.get("at")), str(kept.get("source") or ""), found


def heard(ctx: Context, people: Iterable[MemberId]) -> dict[MemberId, tuple[datetime | None, str]]:
    """Return when each person's calendar was read (None: never) and from where."""
    with ctx.store.read() as tx:
        return {fs_id: busy_heard(tx, fs_id)[:2] for fs_id in people}


def keep_busy(tx: Tx, fs_id: MemberId, spans: Iterable[Span], at: datetime, source: str) -> None:
    """Keep which times somebody's calendar says are taken."""
    kept: list[object] = [[one.start.isoformat(), one.end.isoformat(), one.uid] for one in spans]
    meta.put(tx, f"{BUSY}{fs_id}", {"at": at.isoformat(), "source": source, "spans": kept})


def forget_busy(tx: Tx, fs_id: MemberId) -> None:
    """Forget somebody's calendar."""
    meta.put(tx, f"{BUSY}{fs_id}", None)


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


# ----------------------------------------------------------------------------------------------------------------- news


@dataclass(frozen=True, slots=True)
class MeetingNews:
    """What the person at this desk must hear about a meeting, once.

    ``what``: ``clash`` (somebody booked this time before: ``who``; ``times`` are free) | ``taken`` (the calendar has
    something else there) | ``moved_there`` (it was moved in the calendar, to ``other_at``) | ``booked`` |
    ``moved`` | ``canceled`` (for FS, by ``who``).
    """

    what: str
    lead_id: LeadId
    lead: str
    at: datetime
    who: str = ""
    times: tuple[datetime, ...] = ()
    other_at: datetime | None = None


def news(ctx: Context) -> list[MeetingNews]:
    """Return what has to be told about meetings and was not told at this desk yet; take it as told."""
    now = ctx.now()
    with ctx.store.read() as tx:
        told = meta.get(tx, TOLD)
        known = {str(one) for one in told} if isinstance(told, list) else set()
        found = _news(ctx, tx, now)
        first = told is None
    keys = [key for key, _ in found]
    fresh = [one for key, one in found if key not in known and not (first and one.what in _OF_OTHERS)]
    if first or set(keys) - known:
        with ctx.store.write() as tx:
            meta.put(tx, TOLD, list[object](sorted(keys)))
    return fresh


_OF_OTHERS = frozenset({"booked", "moved", "canceled"})
"""A desk that asks for the first time has a past, but no news of it."""


def _news(ctx: Context, tx: Tx, now: datetime) -> list[tuple[str, MeetingNews]]:
    every = _folded(tx)
    coming = [one for one in every.values() if one.end > now]
    facts = leads.many(tx, {one.lead_id for one in coming})
    found: list[tuple[str, MeetingNews]] = []

    def tell(key: str, what: str, one: Booking, **more: object) -> None:
        if one.lead_id in facts:
            name = str(facts[one.lead_id].get("name") or "")
            found.append((key, MeetingNews(what, one.lead_id, name, one.at, **more)))  # type: ignore[arg-type]

    clashing = {clash.other.id: clash.keeps for clash in booking.clashes(every.values(), now)}
    carried = carried_of(tx)
    for one in coming:
        mark = f"{one.id}:{one.sequence}"
        if one.by == ctx.me.id and not one.canceled:
            keeps, stuck = clashing.get(one.id), carried.get(one.id)
            if keeps is not None and not one.knowingly:
                tell(f"clash:{mark}", "clash", one, who=ctx.name_of(keeps.by), times=_times(ctx, tx, every, one))
            elif stuck is not None and stuck.state in STUCK and stuck.sequence == one.sequence:
                times = _times(ctx, tx, every, one)
                tell(f"{stuck.state}:{mark}", stuck.state, one, times=times, other_at=stuck.there)
        if one.fs_id == ctx.me.id and one.by != ctx.me.id and one.claimed_at >= now - NEWS:
            what = "canceled" if one.canceled else "booked" if one.sequence == 0 else "moved"
            tell(f"fs:{mark}", what, one, who=ctx.name_of(one.by))
    return found


def _times(ctx: Context, tx: Tx, every: Mapping[str, Booking], one: Booking) -> tuple[datetime, ...]:
    """Return times at which a meeting could be held instead."""
    if one.fs_id is None:
        return ()
    _, _, spans = busy_heard(tx, one.fs_id)
    busy = [span for span in spans if span.uid != one.id]
    busy += _local(every.values(), _handed(tx), one.fs_id, one.lead_id)
    return tuple(booking.free_slots(busy, ctx.calendar, ctx.now(), minutes=one.minutes, most=3))


# -------------------------------------------------------------------------------------------------------------- carried

DONE, WAITING, TAKEN, MOVED_THERE = "done", "waiting", "taken", "moved_there"
STUCK = frozenset({TAKEN, MOVED_THERE})


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a meeting has come to the calendar of FS, as this desk brought it there.

    ``state``: ``done`` | ``waiting`` (``error`` says why) | ``taken`` | ``moved_there`` (``there`` is its time in the
    calendar). ``sequence`` is the one that was tried last, ``at`` and ``place`` what the calendar was last told.
    """

    sequence: int
    state: str
    place: str = ""
    at: datetime | None = None
    there: datetime | None = None
    error: str = ""


def carried_of(tx: Tx) -> dict[str, Carried]:
    """Return how far each meeting has come, by its id."""
    kept = meta.get(tx, CARRIED)
    found: dict[str, Carried] = {}
    for uid, one in kept.items() if isinstance(kept, dict) else ():
        if isinstance(one, dict):
            sequence = one.get("sequence")
            found[uid] = Carried(
                sequence if isinstance(sequence, int) else 0,
                str(one.get("state") or WAITING),
                str(one.get("place") or ""),
                _instant(one.get("at")),
                _instant(one.get("there")),
                str(one.get("error") or ""),
            )
    return found


def carried(ctx: Context) -> dict[str, Carried]:
    """Return how far each meeting has come, by its id."""
    with ctx.store.read() as tx:
        return carried_of(tx)


def keep_carried(tx: Tx, uid: str, new: Carried, keep_only: Iterable[str]) -> None:
    """Keep how far a meeting has come; those of no meeting in ``keep_only`` are forgotten."""
    alive = {*keep_only, uid}
    every = {key: one for key, one in carried_of(tx).items() if key in alive} | {uid: new}
    kept: dict[str, object] = {
        key: {
            "sequence": one.sequence,
            "state": one.state,
            "place": one.place,
            "at": one.at.isoformat() if one.at else None,
            "there": one.there.isoformat() if one.there else None,
            "error": one.error,
        }
        for key, one in every.items()
    }
    meta.put(tx, CARRIED, kept)
