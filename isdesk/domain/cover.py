"""Who stands in for whom while somebody is away (代行): the leads keep their owner and stand in another queue.

Whether a cover holds is a question of the day alone, so that everything stands back by itself afterwards. A cover is a
filing of kind ``cover`` whose subject is the cover's id; an ``end`` filing ends it early. Leads are shared out among
several people by company, so that one company hears one voice, and a lead never wanders while the people stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import MemberId

KIND: Final = "cover"
SET, END = "set", "end"
DIGITS: Final = "123456789abcdef"
"""Hexadecimal digits without the nought: the place in it plus one is the digit's value, nought for anything else."""
TAIL: Final = 4
"""So many last digits of an id say whose share it is."""


@dataclass(frozen=True, slots=True)
class Cover:
    """``member_id`` is away from ``first`` to ``last`` (business days, both included); ``by`` stand in, evenly."""

    id: str
    member_id: MemberId
    by: tuple[MemberId, ...]
    first: date
    last: date
    set_by: MemberId
    set_at: datetime
    ended_at: datetime | None = None

    def holds(self, day: date, at: datetime) -> bool:
        """Return whether it holds on a business day, at an instant of it."""
        return self.first <= day <= self.last and (self.ended_at is None or at < self.ended_at)

    def to_come(self, day: date, at: datetime) -> bool:
        """Return whether it holds now or will."""
        return day <= self.last and (self.ended_at is None or at < self.ended_at)

    def overlaps(self, first: date, last: date) -> bool:
        """Return whether a period has a day in common with it."""
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True)
class Share:
    """Whose leads stand in a queue: those of ``owner``, or where ``of`` > 1 the ``part``-th of so many even parts."""

    owner: MemberId
    part: int = 0
    of: int = 1

    def has(self, owner: MemberId | None, key: str) -> bool:
        """Return whether a lead of this owner is in it; ``key`` is the id of its company, else its own."""
        return owner == self.owner and part_of(key, self.of) == self.part


@dataclass
class CoverMemory:
    """The covers as they were last read, and how many filings these were."""

    kept: tuple[int, tuple[Cover, ...]] = (0, ())


def part_of(key: str, of: int) -> int:
    """Return in which of ``of`` even parts an id falls; the same on every device (`store.board` says it in SQL)."""
    number = 0
    for letter in key[-TAIL:]:
        number = number * 16 + DIGITS.find(letter) + 1
    return number % of


def covers(filings: Iterable[Filing]) -> list[Cover]:
    """Return every cover as it stands, oldest first; one that cannot be read is passed over.

    Who ends a cover has seen it, whatever the clocks of the two devices say: covers are taken first.
    """
    found: dict[str, Cover] = {}
    for one in sorted(standing(filings), key=lambda one: one.payload.get("step") != SET):
        if one.kind != KIND:
            continue
        known = found.get(one.subject)
        if one.payload.get("step") == SET and known is None:
            made = _cover(one)
            if made is not None:
                found[one.subject] = made
        elif one.payload.get("step") == END and known is not None and known.ended_at is None:
            found[one.subject] = replace(known, ended_at=one.at)
    return list(found.values())


def _cover(one: Filing) -> Cover | None:
    away, by = one.payload.get("member"), one.payload.get("by")
    if not isinstance(away, str) or not away or not isinstance(by, list):
        return None
    people = tuple(dict.fromkeys(MemberId(str(who)) for who in by if who and who != away))
    try:
        first, last = (date.fromisoformat(str(one.payload.get(name))) for name in ("first", "last"))
    except ValueError:
        return None
    if not people or last < first:
        return None
    return Cover(one.subject, MemberId(away), people, first, last, one.member_id, one.at)


def payload(away: MemberId, by: Sequence[MemberId], first: date, last: date) -> dict[str, Value]:
    """Return what a filing says that sets a cover."""
    people: list[object] = list(by)
    return {"step": SET, "member": away, "by": people, "first": first.isoformat(), "last": last.isoformat()}


def holding(every: Iterable[Cover], day: date, at: datetime) -> dict[MemberId, Cover]:
    """Return by who is away the cover that holds on ``day``, at the instant ``at``; of several the one set last."""
    return {one.member_id: one for one in every if one.holds(day, at)}


def stand_ins(now: Mapping[MemberId, Cover], away: MemberId) -> tuple[MemberId, ...]:
    """Return who stands in for somebody, those being away themselves replaced by their own stand-ins.

    Empty where nobody is there: the leads stay where they are then, so that none is in no queue.
    """
    found: list[MemberId] = []
    _gather(now, away, {away}, found)
    return tuple(found)


def _gather(now: Mapping[MemberId, Cover], away: MemberId, seen: set[MemberId], found: list[MemberId]) -> None:
    for one in now[away].by if away in now else ():
        if one in seen:
            continue
        seen.add(one)
        if one in now:
            _gather(now, one, seen, found)
        else:
            found.append(one)


def shares(now: Mapping[MemberId, Cover], member: MemberId) -> tuple[Share, ...]:
    """Return whose leads stand in a person's queue; none for somebody who is away and covered."""
    own = () if stand_ins(now, member) else (Share(member),)
    taken = []
    for away in sorted(now):
        people = stand_ins(now, away)
        if member in people:
            taken.append(Share(away, people.index(member), len(people)))
    return (*own, *taken)


def keeper(now: Mapping[MemberId, Cover], owner: MemberId | None, key: str) -> MemberId | None:
    """Return in whose queue a lead stands; ``key`` is the id of its company, else its own."""
    people = stand_ins(now, owner) if owner in now and owner is not None else ()
    return people[part_of(key, len(people))] if people else owner
