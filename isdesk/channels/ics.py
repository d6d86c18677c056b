"""Calendar texts (RFC 5545): which times of a calendar are taken, and the invitation to a meeting.

Only times and ids are read from somebody else's calendar, never what an event is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

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

    ``about`` is the description; ``stamp`` the moment at which it was made.
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


def taken(text: str | bytes, start: datetime, end: datetime) -> list[Span]:
    """Return the times that a calendar says are taken, with start <= … < end, earliest first; series are expanded.

    What is free, called off or without a time takes none; a day without times counts as a whole. Raises BadInput
    (``ics_too_large``, ``ics_unreadable``, ``ics_empty``, ``ics_event_wrong``, ``ics_too_many``).
    """
    import recurring_ical_events

    calendar = parsed(text)
    found: list[Span] = []
    try:
        for n, event in enumerate(recurring_ical_events.of(calendar, skip_bad_series=False).between(start, end)):
            if n >= MOST:
                raise BadInput("ics_too_many", most=MOST)
            span = _span(event)
            if span is not None and span.meets(start, end):
                found.append(span)
    except BadInput:
        raise
    except Exception as error:
        raise BadInput("ics_event_wrong") from error
    return sorted(found)


def parsed(text: str | bytes) -> Calendar:
    """Return a calendar text as a calendar.

    Raises BadInput (``ics_too_large``, ``ics_unreadable``, ``ics_empty``).
    """
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(_decoded(text))
    except BadInput:
        raise
    except Exception as error:
        raise BadInput("ics_unreadable") from error
    if not isinstance(calendar, Calendar):
        raise BadInput("ics_unreadable")
    events = calendar.walk("VEVENT")
    if not events:
        raise BadInput("ics_empty")
    try:
        often = any(_often(event) for event in events)
    except Exception as error:
        raise BadInput("ics_event_wrong") from error
    if any("DTSTART" not in event for event in events):
        raise BadInput("ics_event_wrong")
    if often:
        raise BadInput("ics_too_many", most=MOST)
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


def _often(event: Any) -> bool:
    """Return whether an event comes again every minute or second: no meeting does, and it would never be read."""
    rules = event.get("RRULE") or []
    every = rules if isinstance(rules, list) else [rules]
    return any(str(freq).upper() in {"SECONDLY", "MINUTELY"} for rule in every for freq in rule.get("FREQ", []))


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
    """Return the text that is mailed: METHOD:REQUEST, or METHOD:CANCEL where the meeting is called off (RFC 5546)."""
    calendar = _empty()
    calendar.add("METHOD", "CANCEL" if made.canceled else "REQUEST")
    calendar.add_component(_event(made))
    return _text(calendar)


def stored(made: Invitation, before: str | None = None) -> str:
    """Return the text that a calendar keeps; what the calendar's owner added to the event ``before`` is left alone."""
    if before is None:
        calendar = _empty()
        calendar.add_component(_event(made))
        return _text(calendar)
    calendar = parsed(before)
    fresh = _event(made)
    for event in calendar.walk("VEVENT"):
        if str(event.get("UID")) == made.uid:
            for name in _OURS:
                event.pop(name, None)
                if name in fresh:
                    event[name] = fresh[name]
    calendar.pop("METHOD", None)
    return _text(calendar)


def known(text: str, uid: str) -> Known | None:
    """Return an event of a calendar's text by its UID, None where it is not there. Raises BadInput (``ics_…``)."""
    event: Any
    for event in parsed(text).walk("VEVENT"):
        if str(event.get("UID")) == uid:
            return Known(_instant(event.start), int(event.get("SEQUENCE") or 0), _called_off(event))
    return None


def answer(text: str) -> Answer | None:
    """Return what a guest's calendar answered to an invitation (METHOD:REPLY, RFC 5546); None for any other text."""
    try:
        calendar = parsed(text)
    except BadInput:
        return None
    if str(calendar.get("METHOD") or "").upper() != "REPLY":
        return None
    event: Any = calendar.walk("VEVENT")[0]
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


def _event(made: Invitation) -> Event:
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
        event.add("ORGANIZER", who(made.organizer, SCHEDULE_AGENT="CLIENT"), encode=False)
    for person in (made.guest, made.fs):
        if person is not None:
            more = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", "SCHEDULE_AGENT": "CLIENT"}
            event.add("ATTENDEE", who(person, **more), encode=False)
    return event


def _line(text: str) -> str:
    """Return text of one line without quotes, which a parameter of iCalendar cannot hold."""
    return " ".join(text.replace('"', "'").split())


__all__ = ["LARGEST", "Answer", "Invitation", "Known", "answer", "invitation", "known", "parsed", "stored", "taken"]
