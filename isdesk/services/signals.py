"""Taking intent events in from a list: matched to leads that are here, each event once, one undo for the whole list.

Each stands in its lead's timeline, raises 意欲 by the team's points and fades by their half-life; one that is hot
brings the lead forward in the queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain import signals as rules
from isdesk.domain.changes import Changes, Verb
from isdesk.domain.errors import BadInput
from isdesk.domain.ids import JournalId, LeadId, TouchId
from isdesk.domain.touch import Direction, Touch, effective
from isdesk.files.phones import to_e164
from isdesk.files.reading import open_table
from isdesk.files.rows import Problem
from isdesk.files.texts import instant_of, mail_of
from isdesk.services import projection
from isdesk.services.entries import head
from isdesk.store import identity, journal, leads
from isdesk.store.keys import mail_key

if TYPE_CHECKING:
    from isdesk.files.reading import Row, Table
    from isdesk.services.context import Context
    from isdesk.store import Tx

AHEAD = timedelta(minutes=10)
"""So far may a list's clock be ahead."""
_LONGEST = 200
_SPACE: Final = uuid5(NAMESPACE_URL, "isdesk:signals")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a list, read: by whom it is to be found, what happened and when.

    ``dated`` False: the list does not say when, so ``at`` is only when it was read.
    """

    row: int
    mail: str
    phone: str
    person: tuple[str, str]
    code: str
    at: datetime
    note: str
    dated: bool = True

    @property
    def second(self) -> int | None:
        """Return when it happened, in seconds since 1970; None where nobody says it."""
        return int(self.at.timestamp()) if self.dated else None


Fresh = tuple[LeadId, TouchId, Event]
"""An event that is new, with whose it is and its id."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was read: its events, and the lines that cannot be read."""

    events: tuple[Event, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a list. ``known``: events that were here already; ``unmatched`` rows whose lead is not here, or of
    whom there are several; ``hot``: leads that are hot now by it. ``journal_id`` None: nothing was written.
    """

    rows: int
    taken: int
    known: int
    leads: int
    hot: int
    unmatched: tuple[int, ...]
    problems: tuple[Problem, ...]
    by_code: Mapping[str, int]
    journal_id: JournalId | None
    changes: Changes


def needs_kind(path: Path, encoding: str | None = None) -> bool:
    """Return whether a list has no column that says what happened. Raises BadInput (`files.reading.open_table`)."""
    return "event" not in rules.columns(open_table(path, encoding=encoding).headers)


def take_in(
    ctx: Context, path: Path, *, code: str | None = None, encoding: str | None = None, dry_run: bool = False
) -> TakenIn:
    """Take the events of a CSV or Excel file in; ``code``: what happened, where no column says it.

    ``dry_run`` says what would be taken in and writes nothing. Raises what `read` raises.
    """
    listed = read(ctx, path, code=code, encoding=encoding)
    return weigh(ctx, listed) if dry_run else take(ctx, listed)


def read(ctx: Context, path: Path, *, code: str | None = None, encoding: str | None = None) -> Listed:
    """Read a list, beside the store: a long one keeps nobody's record waiting.

    Raises BadInput (``signals_no_person``, ``signals_no_kind``, ``signal_unknown`` and those of
    `isdesk.files.reading.open_table`).
    """
    table = open_table(path, encoding=encoding)
    places = rules.columns(table.headers)
    kind = None if code is None else rules.code_of(code, ctx.rules.scoring.signals)
    if code is not None and kind is None:
        raise BadInput("signal_unknown", signal=code, known=", ".join(s.code for s in ctx.rules.scoring.signals))
    if not ({"mail", "phone"} & set(places) or {"name", "company"} <= set(places)):
        raise BadInput("signals_no_person", file=path.name)
    if kind is None and "event" not in places:
        raise BadInput("signals_no_kind", file=path.name)
    problems: list[Problem] = []
    events = [one for row in table.rows() if (one := _event(ctx, table, places, row, kind, problems)) is not None]
    return Listed(tuple(events), tuple(problems))


def weigh(ctx: Context, listed: Listed) -> TakenIn:
    """Return what a list that was read would bring; writes nothing and waits for no writer."""
    with ctx.store.read() as tx:
        whose, fresh, known = _sorted(tx, listed)
    return _summed(ctx, listed, whose, fresh, known, None)


def take(ctx: Context, listed: Listed) -> TakenIn:
    """Take a list in that was read: all of it as one entry of the journal."""
    with ctx.store.write() as tx:
        whose, fresh, known = _sorted(tx, listed)
        entry_id = _write(ctx, tx, fresh) if fresh else None
    return _summed(ctx, listed, whose, fresh, known, entry_id)


def _sorted(tx: Tx, listed: Listed) -> tuple[dict[int, LeadId], list[Fresh], int]:
    """Return the lead of each row, the events that are new and how many are here already."""
    whose = _whose(tx, listed.events)
    return whose, *_fresh(tx, [(whose[one.row], one) for one in listed.events if one.row in whose])


def _summed(
    ctx: Context,
    listed: Listed,
    whose: Mapping[int, LeadId],
    fresh: Sequence[Fresh],
    known: int,
    entry_id: JournalId | None,
) -> TakenIn:
    touched = frozenset(lead for lead, _, _ in fresh)
    return TakenIn(
        rows=len(listed.events) + len(listed.problems),
        taken=len(fresh),
        known=known,
        leads=len(touched),
        hot=len({lead for lead, _, one in fresh if _is_hot(ctx, one)}),
        unmatched=tuple(one.row for one in listed.events if one.row not in whose),
        problems=listed.problems,
        by_code=dict(Counter(one.code for _, _, one in fresh)),
        journal_id=entry_id,
        changes=Changes(leads=touched, queue=True, outbox=True, undo=True) if entry_id is not None else Changes(),
    )


def _event(
    ctx: Context, table: Table, places: Mapping[str, int], row: Row, kind: str | None, problems: list[Problem]
) -> Event | None:
    def cell(name: str) -> str:
        return row.cells[places[name]].strip() if name in places else ""

    def wrong(name: str, code: str) -> None:
        header = table.headers[places[name]] if name in places else ""
        problems.append(Problem(row.number, header, code, cell(name)[:60]))

    code = rules.code_of(cell("event"), ctx.rules.scoring.signals) if cell("event") else kind
    at = instant_of(cell("at")) if cell("at") else ctx.now()
    if code is None:
        wrong("event", "signal_not_known")
    elif at is None:
        wrong("at", "cell_date")
    elif at > ctx.now() + AHEAD:
        wrong("at", "signal_ahead")
    else:
        mail, phone = mail_of(cell("mail")) or "", to_e164(cell("phone")) or ""
        return Event(
            row.number,
            mail,
            phone,
            (cell("company"), cell("name")),
            code,
            at,
            " ".join(cell("note").split())[:_LONGEST],
            dated=bool(cell("at")),
        )
    return None


def _whose(tx: Tx, events: Sequence[Event]) -> dict[int, LeadId]:
    """Return the lead of each row, only where it is the only one: by mail, else by number, else by company and name.

    A mail that several leads have is told apart by the rest of the row. One that nobody has is somebody else's where
    the lead of that number has another: people share telephones.
    """
    mails = identity.leads_by_mail(tx, [one.mail for one in events if one.mail])
    phones = identity.leads_by_phone(tx, [one.phone for one in events if one.phone])
    people = identity.leads_by_person(tx, [one.person for one in events if all(one.person)])
    facts = leads.many(tx, {lead for there in phones.values() for lead in there})
    found: dict[int, LeadId] = {}
    for one in events:
        bearers = set(mails.get(mail_key(one.mail), ())) if one.mail else set()
        callers, named = set(phones.get(one.phone, ())), set(people.get(one.person, ()))
        if bearers:
            candidates = [bearers, bearers & callers, bearers & named]
        elif one.mail:
            others = any(facts[lead].get("email") for lead in callers)
            candidates = [named] if others else [callers, named]
        else:
            candidates = [callers, named]
        lead = next((next(iter(there)) for there in candidates if len(there) == 1), None)
        if lead is not None:
            found[one.row] = lead
    return found


def _fresh(tx: Tx, matched: Sequence[tuple[LeadId, Event]]) -> tuple[list[Fresh], int]:
    """Return the events that are not here yet, each with its id, and how many were here.

    An event without a date is one that the lead has already where it has any of the same kind and content: the same
    list comes again, and only a date could tell a second event from the first.
    """
    there = leads.touches_many(tx, {lead for lead, _ in matched})
    taken = {touch.id for touches in there.values() for touch in touches}
    seen = {
        (lead, touch.signal, second, touch.note)
        for lead, touches in there.items()
        for touch in effective(touches)
        if touch.signal is not None
        for second in (int(touch.at.timestamp()), None)
    }
    fresh: list[Fresh] = []
    for lead, one in matched:
        mark = (lead, one.code, one.second, one.note)
        if mark not in seen:
            seen |= {mark, (lead, one.code, None, one.note)}
            key = next(made for again in count() if (made := touch_id(lead, one, again)) not in taken)
            taken.add(key)
            fresh.append((lead, key, one))
    return fresh, len(matched) - len(fresh)


def touch_id(lead: LeadId, one: Event, again: int = 0) -> TouchId:
    """Return the id of an event: every desk makes the same, so that a list that two desks take in is one event.

    ``again``: how often it was taken in and taken back before.
    """
    mark = "\x00".join((lead, one.code, str(one.second), one.note, str(again)))
    return TouchId(str(uuid5(_SPACE, mark)))


def _write(ctx: Context, tx: Tx, fresh: Sequence[Fresh]) -> JournalId:
    facts = leads.many(tx, {lead for lead, _, _ in fresh})
    entry = head(ctx, tx, Verb.SIGNAL, summary={"signals": len(fresh)})
    first = journal.next_seq(tx, ctx.device_id, len(fresh))
    touches = [
        Touch(
            id=key,
            lead_id=lead,
            company_id=facts[lead].company_id,
            member_id=ctx.me.id,
            device_id=ctx.device_id,
            device_seq=first + place,
            at=one.at,
            journal_id=entry.id,
            channel=rules.channel_of(one.code),
            direction=Direction.IN,
            signal=one.code,
            note=one.note,
            playbook=ctx.rules.version,
        )
        for place, (lead, key, one) in enumerate(fresh)
    ]
    journal.append(tx, entry, touches=touches)
    projection.refresh(ctx, tx, list(facts))
    return entry.id


def _is_hot(ctx: Context, one: Event) -> bool:
    rule = next(s for s in ctx.rules.scoring.signals if s.code == one.code)
    return ctx.now() - one.at < timedelta(hours=rule.hot_hours)
