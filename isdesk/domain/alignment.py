"""Alignment meetings (握り直し会議) and monthly reviews: what was decided, who does what until when (DOMAIN 11).

Everything said at a meeting is a filing of kind ``alignment_meeting`` whose subject is the meeting's id. That id is
made from its days, so that two desks that prepare the same week mean the same meeting without asking each other. A
meeting is closed by a filing that holds its figures as they were then, and open again where that one is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import MemberId
from isdesk.domain.work_calendar import TOKYO

KIND: Final = "alignment_meeting"
WEEK, MONTH = "week", "month"
KINDS: Final = (WEEK, MONTH)
DECIDE, ACT, DONE, CLOSE = "decide", "act", "done", "close"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: ``key`` is the definition it changes ("" where none), ``cases`` what it was taken about.

    ``agreed`` are those who agreed. ``late``: filed when the meeting was closed already (a desk that had not heard).
    """

    id: str
    text: str
    by: MemberId
    at: datetime
    key: str = ""
    cases: tuple[str, ...] = ()
    agreed: tuple[MemberId, ...] = ()
    filings: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """One action item (宿題): who does what until when; ``meeting`` is the one that gave it out."""

    id: str
    text: str
    owner: MemberId
    meeting: str
    by: MemberId
    at: datetime
    due: date | None = None
    done_at: datetime | None = None
    done_by: MemberId | None = None
    filings: tuple[str, ...] = ()
    done_filings: tuple[str, ...] = ()
    late: bool = False

    def overdue(self, today: date) -> bool:
        """Return whether its day has passed and it is not done."""
        return self.done_at is None and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class AlignmentMeeting:
    """One meeting as it stands. ``minutes`` are the figures fixed at its close, empty while it is open."""

    id: str
    kind: str
    first: date
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    attendees: tuple[MemberId, ...] = ()
    closed_at: datetime | None = None
    closed_by: MemberId | None = None
    minutes: Mapping[str, object] = field(default_factory=dict)
    close_filings: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Return whether its minutes are fixed."""
        return self.closed_at is not None

    @property
    def last(self) -> date:
        """Return the last of its days."""
        return last_day(self.kind, self.first)


def last_day(kind: str, first: date) -> date:
    """Return the last day of the week or month that begins on ``first``."""
    if kind == WEEK:
        return first + timedelta(days=6)
    return (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def first_day(kind: str, day: date) -> date:
    """Return the Monday, or the first of the month, of the period that ``day`` lies in."""
    return day - timedelta(days=day.weekday()) if kind == WEEK else day.replace(day=1)


def meeting_id(kind: str, first: date) -> str:
    """Return the id of the meeting about the week or month that begins on ``first``."""
    return f"{kind}:{first.isoformat()}"


def read_id(meeting: str) -> tuple[str, date] | None:
    """Return kind and first day of a meeting by its id; None where it is none."""
    kind, _, text = meeting.partition(":")
    try:
        first = date.fromisoformat(text)
    except ValueError:
        return None
    return (kind, first) if kind in KINDS and first_day(kind, first) == first else None


def meetings(filings: Iterable[Filing]) -> dict[str, AlignmentMeeting]:
    """Return every meeting of which something was filed, the earliest first.

    Who says that something is done has seen it, whatever the clocks of two devices say: it is taken last. Of several
    closings the first stands.
    """
    order = {DECIDE: 0, ACT: 0, CLOSE: 1, DONE: 2}
    every = [one for one in standing(filings) if one.kind == KIND and one.payload.get("step") in order]
    found: dict[str, AlignmentMeeting] = {}
    for one in sorted(every, key=lambda one: order[str(one.payload["step"])]):
        known = found.get(one.subject) or _new(one.subject)
        if known is not None:
            found[one.subject] = _stepped(known, one)
    settled = {key: _with_late(one) for key, one in found.items()}
    return dict(sorted(settled.items(), key=lambda pair: (pair[1].first, pair[1].kind)))


def _new(subject: str) -> AlignmentMeeting | None:
    read = read_id(subject)
    return None if read is None else AlignmentMeeting(subject, *read)


def _stepped(known: AlignmentMeeting, one: Filing) -> AlignmentMeeting:
    item, text = str(one.payload.get("item") or one.id), str(one.payload.get("text") or "")
    match one.payload["step"]:
        case "decide" if text:
            return replace(known, decisions=_put(known.decisions, _decision(one, item, text)))
        case "act" if text:
            return replace(known, actions=_put_action(known.actions, _action(one, item, text)))
        case "done":
            return replace(known, actions=tuple(_done(act, one) if act.id == item else act for act in known.actions))
        case "close":
            return _closed(known, one)
    return known


def _decision(one: Filing, item: str, text: str) -> Decision:
    return Decision(
        item,
        text,
        one.member_id,
        one.at,
        str(one.payload.get("key") or ""),
        _texts(one.payload.get("cases")),
        tuple(MemberId(who) for who in _texts(one.payload.get("agreed"))),
        (one.id,),
    )


def _put(every: tuple[Decision, ...], new: Decision) -> tuple[Decision, ...]:
    """Return the decisions with ``new`` in the place of the one it words anew, else at their end."""
    if all(one.id != new.id for one in every):
        return (*every, new)
    return tuple(replace(new, filings=(*one.filings, *new.filings)) if one.id == new.id else one for one in every)


def _action(one: Filing, item: str, text: str) -> Action:
    owner = MemberId(str(one.payload.get("owner") or one.member_id))
    return Action(
        item, text, owner, one.subject, one.member_id, one.at, _day(one.payload.get("due")), filings=(one.id,)
    )


def _put_action(every: tuple[Action, ...], new: Action) -> tuple[Action, ...]:
    if all(one.id != new.id for one in every):
        return (*every, new)
    return tuple(replace(new, filings=(*one.filings, *new.filings)) if one.id == new.id else one for one in every)


def _done(act: Action, one: Filing) -> Action:
    first = act.done_at is None
    return replace(
        act,
        done_at=one.at if first else act.done_at,
        done_by=one.member_id if first else act.done_by,
        done_filings=(*act.done_filings, one.id),
    )


def _closed(known: AlignmentMeeting, one: Filing) -> AlignmentMeeting:
    if known.closed:
        return replace(known, close_filings=(*known.close_filings, one.id))
    minutes = one.payload.get("minutes")
    return replace(
        known,
        closed_at=one.at,
        closed_by=one.member_id,
        attendees=tuple(MemberId(who) for who in _texts(one.payload.get("attendees"))),
        minutes=dict(minutes) if isinstance(minutes, dict) else {},
        close_filings=(one.id,),
    )


def _with_late(meeting: AlignmentMeeting) -> AlignmentMeeting:
    ended = meeting.closed_at
    if ended is None:
        return meeting
    return replace(
        meeting,
        decisions=tuple(replace(one, late=one.at > ended) for one in meeting.decisions),
        actions=tuple(replace(one, late=one.at > ended) for one in meeting.actions),
    )


def carried(every: Iterable[AlignmentMeeting], first: date) -> list[Action]:
    """Return the action items of meetings about earlier periods that were still open when ``first`` came, oldest first.

    What was done since then is among them, so that a meeting sees what its period brought to an end.
    """
    found = [act for one in every if one.first < first for act in one.actions if not _done_before(act, first)]
    return sorted(found, key=lambda act: (act.due or date.max, act.at, act.id))


def _done_before(act: Action, first: date) -> bool:
    return act.done_at is not None and act.done_at.astimezone(TOKYO).date() < first


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _day(value: Value) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
