"""Taking intent events in from a list: matched to leads that are here, each event once, one undo for the whole list.

Each stands in its lead's timeline, raises 意欲 by the team's points and fades by their half-life; one that is hot
brings the lead forward in the queue. A line that says 配信停止 is no interest: it is honoured as an opt-out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain import signals as rules
from isdesk.domain.changes import Change, Changes, Verb
from isdesk.domain.ids import JournalId, LeadId, TouchId
from isdesk.domain.touch import Direction, Touch, effective
from isdesk.files.rows import Problem
from isdesk.services import consenting, projection
from isdesk.services.entries import head
from isdesk.services.signal_lists import NO_COLUMN, Event, Listed, Refusal, needs_kind, read
from isdesk.store import identity, journal, leads
from isdesk.store.keys import mail_key

if TYPE_CHECKING:
    from isdesk.domain.filing import Filing
    from isdesk.domain.suppression import Suppression
    from isdesk.services.context import Context
    from isdesk.store import Tx

_SPACE: Final = uuid5(NAMESPACE_URL, "isdesk:signals")
OPT_OUT_REASON: Final = "opt_out"


Fresh = tuple[LeadId, TouchId, Event]
"""An event that is new, with whose it is and its id."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a list. ``known``: events that were here already; ``unmatched`` rows whose lead is not here, or of
    whom there are several; ``hot``: leads that are hot now by it. ``journal_id`` None: nothing was written.

    ``undated``: new events of which nobody says when, so that they make nobody hot; ``absent``: rows of people who did
    not come; ``opt_outs``: leads and addresses that get no more mail from here on.
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
    undated: int = 0
    absent: int = 0
    opt_outs: int = 0


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A list beside the record: the lead of each row, what is new, who opts out and which addresses nobody here has."""

    whose: Mapping[int, LeadId]
    fresh: Sequence[Fresh]
    known: int
    refusing: Sequence[LeadId]
    addresses: Sequence[str]

    @property
    def opt_outs(self) -> int:
        """Return how many leads and addresses get no more mail by it."""
        return len(self.refusing) + len(self.addresses)


def take_in(
    ctx: Context,
    path: Path,
    *,
    code: str | None = None,
    encoding: str | None = None,
    at: str | None = None,
    dry_run: bool = False,
) -> TakenIn:
    """Take the events of a CSV or Excel file in; ``code``: what happened, where no column says it.

    ``at``: the header of the column that says when, where it is not found. ``dry_run`` says what would be taken in and
    writes nothing. Raises what `read` raises.
    """
    listed = read(ctx, path, code=code, encoding=encoding, at=at)
    return weigh(ctx, listed) if dry_run else take(ctx, listed)


def weigh(ctx: Context, listed: Listed) -> TakenIn:
    """Return what a list that was read would bring; writes nothing and waits for no writer."""
    with ctx.store.read() as tx:
        found = _sorted(ctx, tx, listed)
    return _summed(ctx, listed, found, None)


def take(ctx: Context, listed: Listed) -> TakenIn:
    """Take a list in that was read: all of it as one entry of the journal."""
    with ctx.store.write() as tx:
        found = _sorted(ctx, tx, listed)
        entry_id = _write(ctx, tx, found) if found.fresh or found.opt_outs else None
    return _summed(ctx, listed, found, entry_id)


def _sorted(ctx: Context, tx: Tx, listed: Listed) -> _Sorted:
    whose = _whose(tx, [*listed.events, *listed.refusals])
    fresh, known = _fresh(tx, [(whose[one.row], one) for one in listed.events if one.row in whose])
    refusing, addresses, known_refusals = _refusing(ctx, tx, listed.refusals, whose)
    return _Sorted(whose, fresh, known + known_refusals, refusing, addresses)


def _refusing(
    ctx: Context, tx: Tx, refusals: Sequence[Refusal], whose: Mapping[int, LeadId]
) -> tuple[list[LeadId], list[str], int]:
    """Return who opts out by a list, which addresses do that no lead here has, and how many lines are no news.

    An address speaks for all who have it, and is barred also where nobody here does: the lead may come later.
    """
    mails = identity.leads_by_mail(tx, [one.mail for one in refusals if one.mail])
    people: dict[int, list[LeadId]] = {}
    for one in refusals:
        bearers = mails.get(mail_key(one.mail), []) if one.mail else []
        people[one.row] = bearers or ([whose[one.row]] if one.row in whose else [])
    facts = leads.many(tx, {lead for there in people.values() for lead in there})
    speak = dict.fromkeys(lead for lead in facts if consenting.refusable(ctx, tx, facts[lead]))
    borne = {mail_key(str(one.get("email") or "")) for one in facts.values()}
    strange = {mail_key(one.mail): one.mail for one in refusals if one.mail and mail_key(one.mail) not in borne}
    addresses = {key: mail for key, mail in strange.items() if consenting.is_open(ctx, tx, mail)}
    old = sum(
        1
        for one in refusals
        if (people[one.row] or one.mail)
        and not any(lead in speak for lead in people[one.row])
        and mail_key(one.mail) not in addresses
    )
    return list(speak), list(addresses.values()), old


def _summed(ctx: Context, listed: Listed, found: _Sorted, entry_id: JournalId | None) -> TakenIn:
    touched = frozenset(lead for lead, _, _ in found.fresh)
    lost = [one.row for one in listed.events if one.row not in found.whose]
    lost += [one.row for one in listed.refusals if not one.mail and one.row not in found.whose]
    changes = Changes(leads=touched | set(found.refusing), queue=True, outbox=True, undo=True)
    return TakenIn(
        rows=len(listed.events) + len(listed.problems) + len(listed.refusals) + len(listed.absent),
        taken=len(found.fresh),
        known=found.known,
        leads=len(touched),
        hot=len({lead for lead, _, one in found.fresh if _is_hot(ctx, one)}),
        unmatched=tuple(sorted(lost)),
        problems=listed.problems,
        by_code=dict(Counter(one.code for _, _, one in found.fresh)),
        journal_id=entry_id,
        changes=changes if entry_id is not None else Changes(),
        undated=sum(not one.dated for _, _, one in found.fresh),
        absent=len(listed.absent),
        opt_outs=found.opt_outs,
    )


def _whose(tx: Tx, events: Sequence[Event | Refusal]) -> dict[int, LeadId]:
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


def _write(ctx: Context, tx: Tx, found: _Sorted) -> JournalId:
    facts = leads.many(tx, {*(lead for lead, _, _ in found.fresh), *found.refusing})
    said = {"opt_outs": found.opt_outs} if found.opt_outs else {}
    entry = head(ctx, tx, Verb.SIGNAL, summary={"signals": len(found.fresh), **said})
    first = journal.next_seq(tx, ctx.device_id, len(found.fresh)) if found.fresh else 0
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
        for place, (lead, key, one) in enumerate(found.fresh)
    ]
    changes: list[Change] = []
    bars: dict[str, Suppression] = {}
    filed: dict[str | None, Filing] = {}
    for lead in found.refusing:
        change, barred, ended = consenting.refusal(ctx, tx, facts[lead], entry, reason=OPT_OUT_REASON)
        changes += [change] if change is not None else []
        bars |= {one.hmac: one for one in barred}
        filed |= {one.corrects: one for one in ended}
    for mail in found.addresses:
        one = consenting.barring(ctx, entry, mail, OPT_OUT_REASON)
        bars[one.hmac] = one
    journal.append(
        tx, entry, touches=touches, changes=changes, suppressions=list(bars.values()), filings=list(filed.values())
    )
    projection.refresh(ctx, tx, list(facts))
    return entry.id


def _is_hot(ctx: Context, one: Event) -> bool:
    if not one.dated:
        return False
    rule = next(s for s in ctx.rules.scoring.signals if s.code == one.code)
    return ctx.now() - one.at < timedelta(hours=rule.hot_hours)


__all__ = [
    "NO_COLUMN",
    "Event",
    "Fresh",
    "Listed",
    "Refusal",
    "TakenIn",
    "needs_kind",
    "read",
    "take",
    "take_in",
    "touch_id",
    "weigh",
]
