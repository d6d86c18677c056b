"""The end of a rep's day: what is still open (promises, drafts, handoffs), and how the day is told in its 日報."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.ids import LeadId
from isdesk.domain.work_calendar import WorkCalendar

PROMISE, NO_NEXT, MEMO, HANDOFF, MAIL, ATTENTION = "promise", "no_next", "memo", "handoff", "mail", "attention"
UNCERTAIN, UNSENT, CONFIRM, DRAFT = "uncertain", "unsent", "confirm", "draft"
INVITE, MATERIAL, CALL = "invite", "material", "call"
KINDS: Final = (
    NO_NEXT, PROMISE, CALL, MATERIAL, CONFIRM, INVITE, UNCERTAIN, UNSENT, ATTENTION, HANDOFF, MAIL, DRAFT, MEMO,
)  # fmt: skip
"""What may be open at the end of a day, the gravest first: a touched lead without a next action (must never be), a
promised callback whose time has passed, a call without an outcome (every dial needs one), material that was promised
and not mailed, a meeting to be confirmed, one of which the customer was not told, a mail of which nobody knows whether
it arrived, one that did not go out today, a record that could not be sent, a meeting not handed over yet, a mail that
was due, one that was begun, a memo without an outcome.
"""
LONGEST = 2_000
"""Letters of what a rep says about the day."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One open end. ``at``: when it was promised, due, typed or begun. ``text``: the memo, the subject, what could not
    be sent, or the number and the last note of a promise; ``mail_id`` where it is a mail of the outbox. A talk that no
    lead was given yet has none, and the number as its ``name``, empty where that was withheld; ``call`` is its id.
    """

    kind: str
    lead_id: LeadId | None
    name: str
    company: str
    at: datetime | None
    text: str = ""
    mail_id: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A mail of the outbox that leaves by itself from ``at`` on; ``late``: after the day's end."""

    mail_id: str
    lead_id: LeadId
    name: str
    company: str
    subject: str
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something fixed for a time: a promised callback, or a meeting (商談予定)."""

    lead_id: LeadId
    name: str
    company: str
    at: datetime | None
    meeting: bool = False


def in_order(found: Iterable[Loop]) -> tuple[Loop, ...]:
    """Return the open ends, the gravest kind first, the oldest first within it."""
    place = {kind: n for n, kind in enumerate(KINDS)}
    return tuple(
        sorted(found, key=lambda one: (place[one.kind], one.at is None, one.at.timestamp() if one.at else 0, one.name))
    )


def next_day(calendar: WorkCalendar, day: date) -> date:
    """Return the business day after ``day``: what the 日報 calls tomorrow."""
    return calendar.add_business_days(day, 1)


def instant(value: Value) -> datetime | None:
    """Return a stored instant (RFC 3339 with offset), None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def between(appointments: Sequence[Appointment], start: datetime, end: datetime) -> tuple[Appointment, ...]:
    """Return those with start <= at < end, by time."""
    kept = [one for one in appointments if one.at is not None and start <= one.at < end]
    return tuple(sorted(kept, key=lambda one: (one.at or start, one.name)))
