"""Booking a meeting from the call: free slots of Field Sales, one identity for what is agreed, and who must hear of it.

What somebody's calendar was last heard to hold is kept on this desk only, as times without words. It is read offline.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
FIELDS = frozenset({"meeting_at", "meeting_place", "meeting_attendees", "fs_id"})
"""Fields of a lead that a meeting is made of."""
MARGIN = timedelta(days=2)
"""So long before now times are looked for, since an ISO text may have any offset and a meeting lasts up to a day."""


# -------------------------------------------------------------------------------------------------------------- writing


def said(
    ctx: Context,
    tx: Tx,
    entry: Entry,
    before: LeadFacts,
    given: Mapping[str, Value],
    *,
    anew: bool = False,
    knowingly: bool = False,
) -> list[Filing]:
    """Return what an entry says about the lead's meeting: agreed, moved, called off, or nothing.

    ``given`` are the fields that the entry writes; what it does not name stays as it was agreed, whatever the lead's
    fields say. It is said about the meeting that stands; ``anew``: where that is over, this is another one.
    """
    differs = any(before.get(code) != given[code] for code in FIELDS & given.keys())
    if not (FIELDS & given.keys()) and not anew:
        return []
    now = ctx.now()
    mine = of_lead(tx, before.id)
    stands = booking.of_lead(mine, before.id)
    if stands is not None and anew and stands.end <= now:
        stands = None
    new = _new(tx, {**before.fields, **given}, given.keys(), stands, knowingly=knowingly)
    if new is None:
        over = stands is None or stands.end <= now
        off = [] if over else [one for one in mine if one is stands or one.instead]
        return [_filing(ctx, tx, entry, before.id, one.id, _off(one)) for one in off]
    if stands is None:
        agreed = (differs or anew) and str(new["at"]) > now.astimezone(UTC).isoformat()
        return [_filing(ctx, tx, entry, before.id, ctx.ids.new(), new)] if agreed else []
    if not knowingly and _same(stands, new) and not ("meeting_at" in given and _stuck(tx, stands)):
        return []
    return [_filing(ctx, tx, entry, before.id, stands.id, new)]


def merged(ctx: Context, tx: Tx, entry: Entry, loser: LeadId, winner: LeadId) -> list[Filing]:
    """Return what merging two leads says about their meetings: where both have one to come, the winner's stands."""
    now = ctx.now()
    gone, stays = (booking.of_lead(of_lead(tx, one), one) for one in (loser, winner))
    if gone is None or stays is None or gone.end <= now or stays.end <= now:
        return []
    return [_filing(ctx, tx, entry, winner, gone.id, _off(gone))]


def _new(
    tx: Tx, after: Mapping[str, Value], named: Collection[str], stands: Booking | None, *, knowingly: bool
) -> dict[str, Value] | None:
    """Return what is agreed from now on, None where no time is: what is not ``named`` is as ``stands`` has it."""
    at = instant(after.get("meeting_at"))
    text = {code: str(after.get(code) or "") for code in FIELDS}
    if stands is not None:
        at = at if "meeting_at" in named else stands.at
        agreed = {"meeting_place": stands.place, "meeting_attendees": stands.attendees, "fs_id": stands.fs_id or ""}
        text |= {code: value for code, value in agreed.items() if code not in named}
    if at is None:
        return None
    length = minutes(tx) if stands is None else stands.minutes
    return booking.payload(
        SET, at, length, text["meeting_place"], text["meeting_attendees"], text["fs_id"] or None, knowingly=knowingly
    )


def _stuck(tx: Tx, stands: Booking) -> bool:
    """Return whether the calendar's owner did something else: who says the same time again then, means it."""
    known = carried_of(tx).get(stands.id)
    return known is not None and known.state in STUCK


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
        every, met = coming(tx, now), handed(tx)
        length = minutes(tx)
        stands = booking.of_lead(of_lead(tx, lead_id), lead_id)
        fs = [m.id for m in ctx.members.values() if m.role == "fs" and m.active]
        taken = {fs_id: busy_of(tx, every, met, fs_id, lead_id) for fs_id in fs}
    people = []
    for fs_id, (at, source, busy) in taken.items():
        times = booking.free_slots(busy, ctx.calendar, now, minutes=length)
        people.append(Free(fs_id, ctx.name_of(fs_id), tuple(times), tuple(busy), at, source))
    return Slots(lead_id, length, tuple(people), stands.id if stands is not None else "")


def busy_of(
    tx: Tx, every: Sequence[Booking], met: Sequence[tuple[LeadId, str, datetime]], fs_id: MemberId, but: LeadId
) -> tuple[datetime | None, str, list[Span]]:
    """Return when somebody's calendar was read, from where, and all times taken as far as is known here.

    A lead's own meeting (``but``) is in nobody's way, nor is one that is called off, though yet on the calendar.
    """
    at, source, spans = busy_heard(tx, fs_id)
    out = {one.id for one in every if one.canceled or one.lead_id == but}
    return at, source, sorted({*(one for one in spans if one.uid not in out), *_local(every, met, fs_id, but)})


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


def handed(tx: Tx) -> list[tuple[LeadId, str, datetime]]:
    """Return the meetings of handed-over leads: (lead, person of FS, time); a CRM may have told of them."""
    found = []
    for facts in leads.many(tx, leads.in_handoff(tx, (State.SUBMITTED, State.ACCEPTED))).values():
        at, fs_id = instant(facts.get("meeting_at")), facts.get("fs_id")
        if at is not None and isinstance(fs_id, str):
            found.append((facts.id, fs_id, at))
    return found


def standing(ctx: Context, lead_id: LeadId) -> Booking | None:
    """Return the meeting of a lead that stands, None where none does."""
    with ctx.store.read() as tx:
        return booking.of_lead(of_lead(tx, lead_id), lead_id)


def latest(ctx: Context, lead_id: LeadId) -> Booking | None:
    """Return the meeting of a lead that was spoken of last, also where it is called off."""
    with ctx.store.read() as tx:
        mine = of_lead(tx, lead_id)
    return max(mine, key=lambda one: (not one.canceled, one.claimed_at, one.id), default=None)


def every(ctx: Context) -> list[Booking]:
    """Return all meetings, called-off ones too, soonest first."""
    with ctx.store.read() as tx:
        found = _folded(tx, filings.of_kind(tx, KIND))
    return sorted(found, key=lambda one: (one.at, one.id))


def name_of(ctx: Context, lead_id: LeadId) -> str:
    """Return a lead's name, empty where it is gone."""
    with ctx.store.read() as tx:
        facts = leads.facts(tx, lead_id)
    return str(facts.get("name") or "") if facts is not None else ""


def known(tx: Tx, uid: str) -> Booking | None:
    """Return a meeting by its id, None where there is none."""
    ids = {one.lead_id for one in filings.about(tx, KIND, uid) if one.lead_id is not None}
    return next((one for one in _of_leads(tx, ids) if one.id == uid), None)


def of_lead(tx: Tx, lead_id: LeadId) -> list[Booking]:
    """Return all meetings of a lead, those of leads that were merged into it too, in no order."""
    return [one for one in _of_leads(tx, {lead_id}) if one.lead_id == lead_id]


def coming(tx: Tx, now: datetime) -> list[Booking]:
    """Return the meetings that are not over, called-off ones too, soonest first.

    What is long over is not read: a team has thousands of those.
    """
    ids = filings.leads_from(tx, KIND, (now - MARGIN).astimezone(UTC).isoformat())
    return sorted((one for one in _of_leads(tx, ids) if one.end > now), key=lambda one: (one.at, one.id))


def _of_leads(tx: Tx, ids: Collection[LeadId]) -> list[Booking]:
    stays = {*ids, *leads.stays(tx, ids).values()}
    return _folded(tx, filings.of_leads(tx, KIND, stays | leads.merged(tx, stays).keys()))


def _folded(tx: Tx, said: Sequence[Filing]) -> list[Booking]:
    """Return the meetings that filings speak of, each with the lead that it is of since any merge."""
    of = {one.lead_id for one in said if one.lead_id is not None}
    return list(booking.bookings(said, leads.stays(tx, of)).values())


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
            start, end = instant(one[0]), instant(one[1])
            if start is not None and end is not None:
                found.append(Span(start, end, str(one[2])))
    return instant(kept.get("at")), str(kept.get("source") or ""), found


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


def instant(value: object) -> datetime | None:
    """Return a kept time, None where it is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


# -------------------------------------------------------------------------------------------------------------- carried

DONE, WAITING, TAKEN, MOVED_THERE, GONE_THERE = "done", "waiting", "taken", "moved_there", "gone_there"
STUCK = frozenset({TAKEN, MOVED_THERE, GONE_THERE})


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a meeting has come to the calendar of FS, as this desk brought it there.

    ``state``: ``done`` | ``waiting`` (``error`` says why) | ``taken`` | ``moved_there`` (``there`` is its time in the
    calendar) | ``gone_there`` (its owner took it off). ``sequence`` is the one that was tried last, ``at``, ``place``
    and ``off`` (called off) what the calendar was last told.
    """

    sequence: int
    state: str
    place: str = ""
    at: datetime | None = None
    there: datetime | None = None
    error: str = ""
    off: bool = False


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
                instant(one.get("at")),
                instant(one.get("there")),
                str(one.get("error") or ""),
                bool(one.get("off")),
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
            "off": one.off,
        }
        for key, one in every.items()
    }
    meta.put(tx, CARRIED, kept)
