"""Calendar texts (RFC 5545): which times of a calendar are taken, and the invitation to a meeting.

Only times and ids are read from somebody else's calendar, never what an event is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from isdesk.channels import ics_work
from isdesk.domain.booking import Span
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from icalendar import Calendar, Event

LARGEST = 20_000_000
"""Bytes of a calendar file: years of a full calendar are well below."""
MOST = 20_000
"""So many events are read in a span of time; a rule that says "every second" must not fill the memory."""
_ANSWERS = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE"})
PRODUCT = "-//isdesk//meeting//JA"
_TOKYO = ZoneInfo("Asia/Tokyo")
_DAY = timedelta(days=1)
_WHEN = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
"""What says when an event is: where one of these is broken, the event is not read."""
_OURS = (
    "DTSTART",
    "DTEND",
    "DURATION",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "DTSTAMP",
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation says. ``organizer`` and ``guest`` are (name, mail address), None where no address is known.

    ``about`` is the description; ``stamp`` the moment at which it was made. ``sent_by``: the address from which it is
    mailed on the organizer's behalf, where that is another one (RFC 6047 2.3, RFC 5545 3.2.18).
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    title: str
    place: str
    about: str
    stamp: datetime
    canceled: bool = False
    organizer: tuple[str, str] | None = None
    guest: tuple[str, str] | None = None
    fs: tuple[str, str] | None = None
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a guest's calendar says to an invitation: that they come, or (also: perhaps) not."""

    uid: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An event as a calendar has it."""

    start: datetime
    sequence: int
    canceled: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What a calendar says is taken: the times, earliest first, and how many of its events could not be read."""

    spans: tuple[Span, ...]
    left_out: int = 0


def taken(text: str | bytes, start: datetime, end: datetime) -> Taken:
    """Return the times that a calendar says are taken, with start <= … < end; series are expanded.

    What is free, called off or without a time takes none; a day without times counts as a whole. Times that are
    published without their events (VFREEBUSY, RFC 5545 3.6.4) count, too; a calendar that holds nothing takes none. An
    event that cannot be read is left out and counted.

    Raises BadInput (``ics_too_large``, ``ics_unreadable``, ``ics_too_many``), and what is wrong with an event where no
    event can be read (``ics_event_wrong``, ``ics_too_many``).
    """
    calendar = parsed(text)
    found: list[Span] = []
    bad: list[BadInput] = []
    left = float(ics_work.MOST_IN_ALL)
    series = _series(calendar)
    for events in series:
        try:
            effort = _effort(events, end)
            if effort > min(left, ics_work.MOST):
                raise BadInput("ics_too_many", most=MOST)
            left -= effort
            found += _spans(events, start, end)
        except BadInput as problem:
            bad += [problem] * len(events)
        if len(found) > MOST:
            raise BadInput("ics_too_many", most=MOST)
    published, wrong = _published(calendar, start, end)
    bad += wrong
    found += published
    if len(found) > MOST:
        raise BadInput("ics_too_many", most=MOST)
    if bad and not published and len(bad) == sum(map(len, series)) + len(wrong):
        raise bad[0]
    return Taken(tuple(sorted(set(found))), len(bad))


def _published(calendar: Calendar, start: datetime, end: datetime) -> tuple[list[Span], list[BadInput]]:
    """Return the times that a calendar publishes as taken without its events, and one problem for each unreadable."""
    found: list[Span] = []
    bad: list[BadInput] = []
    for part in calendar.walk("VFREEBUSY"):
        periods = part.get("FREEBUSY") or []
        for period in periods if isinstance(periods, list) else [periods]:
            if str(period.params.get("FBTYPE") or "BUSY").upper() == "FREE":
                continue
            try:
                span = Span(_instant(period.start), _instant(period.end))
            except Exception:  # noqa: BLE001  whatever a foreign text makes of a period
                bad.append(BadInput("ics_event_wrong"))
                continue
            if span.end > span.start and span.meets(start, end):
                found.append(span)
    return found, bad


def _series(calendar: Calendar) -> list[list[Any]]:
    """Return the events of a calendar, those of one series together."""
    found: dict[str, list[Any]] = {}
    for n, event in enumerate(calendar.walk("VEVENT")):
        found.setdefault(str(event.get("UID") or f"#{n}"), []).append(event)
    return list(found.values())


def _effort(events: Sequence[Any], end: datetime) -> float:
    """Return the work of expanding a series; raises BadInput (``ics_event_wrong``) where one event is broken."""
    try:
        effort = 0.0
        for event in events:
            if "DTSTART" not in event or any(name in _WHEN for name, _ in event.errors):
                raise BadInput("ics_event_wrong")
            effort += ics_work.work(_rules(event), _instant(event["DTSTART"].dt), end)
    except BadInput:
        raise
    except Exception as error:
        raise BadInput("ics_event_wrong") from error
    return effort


def _rules(event: Any) -> list[ics_work.Rule]:
    rules = event.get("RRULE") or []
    every = rules if isinstance(rules, list) else [rules]
    return [ics_work.parts(rule.to_ical().decode()) for rule in every]


def _spans(events: Sequence[Any], start: datetime, end: datetime) -> list[Span]:
    """Return the times that a series takes.

    A time without a zone is Tokyo's, but compared as UTC when it is looked for: a day more on either side finds it.
    """
    import recurring_ical_events
    from icalendar import Calendar

    alone = Calendar()
    for event in events:
        alone.add_component(event)
    found: list[Span] = []
    try:
        every = recurring_ical_events.of(alone, skip_bad_series=False)
        for event in every.between(start - _DAY, end + _DAY):
            span = _span(event)
            if span is not None and span.meets(start, end):
                found.append(span)
    except Exception as error:
        raise BadInput("ics_event_wrong") from error
    return found


def parsed(text: str | bytes) -> Calendar:
    """Return a calendar text as a calendar.

    Raises BadInput (``ics_too_large``, ``ics_unreadable``, ``ics_too_many``).
    """
    from icalendar import Calendar

    plain = _decoded(text)
    if ics_work.zones_work(plain) > ics_work.MOST_OF_ZONES:
        raise BadInput("ics_too_many", most=MOST)
    try:
        calendar = Calendar.from_ical(plain)
    except Exception as error:
        raise BadInput("ics_unreadable") from error
    if not isinstance(calendar, Calendar):
        raise BadInput("ics_unreadable")
    return calendar


def _decoded(text: str | bytes) -> str:
    if len(text) > LARGEST:
        raise BadInput("ics_too_large", most=LARGEST // 1_000_000)
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput("ics_unreadable") from error
    if "BEGIN:VCALENDAR" not in text.upper() or "END:VCALENDAR" not in text.upper():
        raise BadInput("ics_unreadable")
    return text


def _span(event: Any) -> Span | None:
    if str(event.get("TRANSP") or "").upper() == "TRANSPARENT" or _called_off(event):
        return None
    start, end = _instant(event.start), _instant(event.end)
    return Span(start, end, str(event.get("UID") or "")) if end > start else None


def _called_off(event: Any) -> bool:
    return str(event.get("STATUS") or "").upper() == "CANCELLED"


def _instant(value: date) -> datetime:
    """Return a time of a calendar; one without a zone, and a day, are those of Asia/Tokyo."""
    at = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    return (at if at.tzinfo is not None else at.replace(tzinfo=_TOKYO)).astimezone(UTC)


# ----------------------------------------------------------------------------------------------------------- invitation


def invitation(made: Invitation) -> str:
    """Return the text that is mailed: METHOD:REQUEST, or METHOD:CANCEL where the meeting is called off (RFC 5546).

    Either needs an organizer. Where none is known it is a plain event to take into a calendar, that asks nobody.
    """
    calendar = _empty()
    if made.organizer is None:
        made = replace(made, guest=None, fs=None)
    else:
        calendar.add("METHOD", "CANCEL" if made.canceled else "REQUEST")
    calendar.add_component(_event(made))
    return _text(calendar)


def stored(made: Invitation, before: str | None = None) -> str:
    """Return the text that a calendar keeps; what the calendar's owner added to the event ``before`` is left alone.

    The calendar's server tells nobody of it (SCHEDULE-AGENT, RFC 6638 7.1): the invitation is mailed by isdesk. Raises
    BadInput (``ics_…``) where ``before`` cannot be read.
    """
    fresh = _event(made, SCHEDULE_AGENT="CLIENT")
    if before is None:
        calendar = _empty()
        calendar.add_component(fresh)
        return _text(calendar)
    calendar = parsed(before)
    try:
        return _text(_joined(calendar, made.uid, fresh))
    except Exception as error:
        raise BadInput("ics_event_wrong") from error


def _joined(calendar: Calendar, uid: str, fresh: Event) -> Calendar:
    """Return a calendar with what is ours in its event as it is in ``fresh``."""
    for event in calendar.walk("VEVENT"):
        if str(event.get("UID")) == uid:
            for name in _OURS:
                event.pop(name, None)
                if name in fresh:
                    event[name] = fresh[name]
    calendar.pop("METHOD", None)
    return calendar


def known(text: str, uid: str) -> Known | None:
    """Return an event of a calendar's text by its UID, None where it is not there. Raises BadInput (``ics_…``)."""
    calendar = parsed(text)
    try:
        return next((_known(event) for event in calendar.walk("VEVENT") if str(event.get("UID")) == uid), None)
    except Exception as error:
        raise BadInput("ics_event_wrong") from error


def _known(event: Any) -> Known:
    """Return an event as it stands. What isdesk writes anew anyhow may be broken; when it begins may not."""
    number = event.get("SEQUENCE")
    sequence = number if isinstance(number, int) and number >= 0 else 0
    return Known(_instant(event["DTSTART"].dt), sequence, _called_off(event))


def answer(text: str) -> Answer | None:
    """Return what a guest's calendar answered to an invitation (METHOD:REPLY, RFC 5546); None for any other text."""
    try:
        calendar = parsed(text)
    except BadInput:
        return None
    if str(calendar.get("METHOD") or "").upper() != "REPLY":
        return None
    event: Any = next(iter(calendar.walk("VEVENT")), None)
    if event is None:
        return None
    guests = event.get("ATTENDEE")
    first = guests[0] if isinstance(guests, list) and guests else guests
    said = str(first.params.get("PARTSTAT") or "").upper() if first is not None else ""
    return Answer(str(event.get("UID") or ""), accepted=said == "ACCEPTED") if said in _ANSWERS else None


def _empty() -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    return calendar


def _text(calendar: Calendar) -> str:
    return str(calendar.to_ical().decode())


def _event(made: Invitation, **agent: str) -> Event:
    """Return the event; ``agent`` is what is said of organizer and guests beside, which a mailed one must not."""
    from icalendar import Event, vCalAddress

    def who(person: tuple[str, str], **more: str) -> Any:
        address = vCalAddress(f"mailto:{person[1]}")
        if person[0]:
            address.params["CN"] = _line(person[0])
        address.params.update({name.replace("_", "-"): value for name, value in more.items()})
        return address

    event = Event()
    event.add("UID", made.uid)
    event.add("SEQUENCE", made.sequence)
    event.add("DTSTAMP", made.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("DTSTART", made.start.astimezone(UTC))
    event.add("DTEND", made.end.astimezone(UTC))
    event.add("SUMMARY", _line(made.title))
    event.add("STATUS", "CANCELLED" if made.canceled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if made.canceled else "OPAQUE")
    if made.place:
        event.add("LOCATION", _line(made.place))
    if made.about:
        event.add("DESCRIPTION", made.about)
    if made.organizer is not None:
        behalf = {"SENT_BY": f"mailto:{made.sent_by}"} if made.sent_by else {}
        event.add("ORGANIZER", who(made.organizer, **behalf, **agent), encode=False)
    for person in (made.guest, made.fs):
        if person is not None:
            more = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", **agent}
            event.add("ATTENDEE", who(person, **more), encode=False)
    return event


def _line(text: str) -> str:
    """Return text of one line without quotes, which a parameter of iCalendar cannot hold."""
    return " ".join(text.replace('"', "'").split())


__all__ = [
    "LARGEST",
    "Answer",
    "Invitation",
    "Known",
    "Taken",
    "answer",
    "invitation",
    "known",
    "parsed",
    "stored",
    "taken",
]
