"""The call of this desk that has no outcome yet: kept as it goes on, so that nothing that breaks loses its record.

It is one value in the database, and talks that were taken at the telephone and that nobody opened yet are another
(`hold`): however many there are, none gives way to the next call. Calls that came in from nobody we know are a third
(`keep_loose`): they have no lead until the rep gives them one (`attaching`). It is written in the transaction that
holds the lead, and goes in the one that records the outcome: a call becomes exactly one touch, whatever is pressed
twice and whatever ends in between.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import normalise, phone
from isdesk.domain.errors import Refused
from isdesk.domain.ids import LeadId, TouchId
from isdesk.domain.numbers import numbers
from isdesk.domain.phone import End, Phase, PhoneCall
from isdesk.domain.touch import Channel, Direction
from isdesk.files.phones import to_e164
from isdesk.services import merging
from isdesk.store import journal, leads, meta

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from isdesk.domain.ids import DeviceId
    from isdesk.domain.touch import Touch
    from isdesk.store import Tx

OPEN, HELD, LOOSE = "open_call", "held_calls", "loose_calls"
MISSED_DAYS = 7
"""A call that nobody took and that nobody put to a lead is forgotten after so many days; a talk never is."""
MOST_MISSED = 20
ANEW = timedelta(minutes=30)
"""How long after an outcome was taken back the next one of the lead is that of the same call."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call without an outcome. ``at``: when it began; ``ring_s`` and ``talk_s`` as far as the telephone told.

    ``told``: a telephone told of it at all; ``answered``: somebody answered; ``end``: how it ended, None while it is
    on or where that was never heard.
    """

    id: str
    lead_id: LeadId
    number: str
    at: datetime
    incoming: bool = False
    told: bool = False
    answered: bool = False
    ring_s: int | None = None
    talk_s: int | None = None
    end: End | None = None


@dataclass(frozen=True, slots=True)
class LooseCall:
    """A call that came in from nobody we know. ``told``: the number as the telephone tells it, empty where withheld.

    ``at``: when it began; ``ring_s`` and ``talk_s`` as far as the telephone told; ``over``: its end was heard.
    ``touch``: what it was written as; the call is nobody's again where that is taken back.
    """

    id: str
    told: str
    at: datetime
    answered: bool = False
    ring_s: int | None = None
    talk_s: int | None = None
    over: bool = False
    touch: str = ""

    def of_lead(self, lead_id: LeadId, number: str) -> OpenCall:
        """Return it as a talk of a lead's that came from ``number`` (E.164; empty where it was withheld)."""
        return OpenCall(
            id=self.id,
            lead_id=lead_id,
            number=number,
            at=self.at,
            incoming=True,
            told=True,
            answered=True,
            ring_s=self.ring_s,
            talk_s=self.talk_s,
            end=End.ANSWERED if self.over else None,
        )


def put(tx: Tx, call: OpenCall) -> None:
    """Keep a call that has no outcome yet; the one that was kept before is over."""
    meta.put(tx, OPEN, _packed(call))


def _packed(call: OpenCall) -> dict[str, object]:
    return {
        "id": call.id,
        "lead": call.lead_id,
        "number": call.number,
        "at": call.at.isoformat(),
        "incoming": call.incoming,
        "told": call.told,
        "answered": call.answered,
        "ring_s": call.ring_s,
        "talk_s": call.talk_s,
        "end": call.end.value if call.end is not None else None,
    }


def read(tx: Tx) -> OpenCall | None:
    """Return the call that has no outcome yet, None where there is none."""
    return _unpacked(meta.get(tx, OPEN))


def hold(tx: Tx, call: OpenCall) -> None:
    """Keep a talk that nobody has opened yet beside the call at work, until somebody records it."""
    others = [one for one in held(tx) if one.id != call.id]
    meta.put(tx, HELD, [_packed(one) for one in (*others, call)])


def held(tx: Tx) -> list[OpenCall]:
    """Return the talks that wait beside the call at work, oldest first."""
    kept = meta.get(tx, HELD)
    found = [_unpacked(one) for one in kept] if isinstance(kept, list) else []
    return [one for one in found if one is not None]


def keep_loose(tx: Tx, call: LooseCall, now: datetime) -> None:
    """Keep a call of nobody we know beside the others; old ones that nobody took make room."""
    every = [*(one for one in loose(tx) if one.id != call.id), call]
    missed = [one.id for one in every if not one.answered and now - one.at < timedelta(days=MISSED_DAYS)]
    kept = [one for one in every if one.answered or one.id in missed[-MOST_MISSED:]]
    _put_loose(tx, kept)


def _put_loose(tx: Tx, calls: Sequence[LooseCall]) -> None:
    meta.put(tx, LOOSE, [{**asdict(one), "at": one.at.isoformat()} for one in calls])


def loose(tx: Tx) -> list[LooseCall]:
    """Return the calls that have no lead, oldest first.

    Where the end of a talk was never heard nobody knows how long it took.
    """
    kept = meta.get(tx, LOOSE)
    found = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
    return [
        LooseCall(
            id=str(one["id"]),
            told=str(one["told"]),
            at=datetime.fromisoformat(str(one["at"])),
            answered=bool(one["answered"]),
            ring_s=_whole(one["ring_s"]),
            talk_s=_whole(one["talk_s"]),
            over=bool(one["over"]),
            touch=str(one["touch"]),
        )
        for one in found
    ]


def written_anew(tx: Tx, fresh: Mapping[TouchId, TouchId]) -> None:
    """Let the calls that were written as touches name those that stand in their stead now (redo), by their old ids."""
    kept = [(one, TouchId(one.touch)) for one in loose(tx)]
    if any(touch in fresh for _, touch in kept):
        _put_loose(tx, [replace(one, touch=fresh.get(touch, touch)) for one, touch in kept])


def waiting(tx: Tx) -> list[OpenCall]:
    """Return all calls that have no outcome yet, the one at work first."""
    known = read(tx)
    return [known, *held(tx)] if known is not None else held(tx)


def left_alone(tx: Tx) -> list[OpenCall]:
    """Return the talks that came in and wait for their outcome, whose lead is gone (its making was taken back)."""
    return [one for one in waiting(tx) if one.incoming and one.answered and merging.stands_as(tx, one.lead_id) is None]


def came_in(tx: Tx, lead_id: LeadId) -> OpenCall | None:
    """Return the latest call that came in from a lead, was talked and has no outcome yet; None where there is none.

    One that is at work comes first, also where that is ours: then nothing of before is meant. A talk from a number
    that several share (代表番号) is that of whichever of them is recorded first.
    """
    known = read(tx)
    if known is not None and merging.stands_as(tx, known.lead_id) == lead_id:
        return known if known.incoming and known.answered else None
    mine = [one for one in held(tx) if one.answered and merging.stands_as(tx, one.lead_id) == lead_id]
    return max([*mine, *_by_number(tx, lead_id)], key=lambda one: one.at, default=None)


def _by_number(tx: Tx, lead_id: LeadId) -> list[OpenCall]:
    """Return the talks without a lead that came from a number of a lead's; one marked as wrong is none of it."""
    talks = [(one, to_e164(normalise.text(one.told))) for one in loose(tx) if one.answered]
    facts = leads.many(tx, [lead_id]).get(lead_id) if any(number for _, number in talks) else None
    own = {one.e164 for one in numbers(facts) if one.bad is None} if facts is not None else set()
    return [one.of_lead(lead_id, number) for one, number in talks if number and number in own]


def given_back(tx: Tx, lead_id: LeadId, device: DeviceId, now: datetime) -> Touch | None:
    """Return the call whose outcome this desk took back (undo) just now, of which a telephone told; None without one.

    The next outcome of the lead is that call's: whoever takes one back gives the right one. Where the outcome stands
    again (redo), or another one was given since, or a call is at work, there is none.
    """
    known = read(tx)
    if known is not None and merging.stands_as(tx, known.lead_id) == lead_id:
        return None
    every = leads.touches(tx, lead_id)
    ours = [t for t in every if t.outcome and not t.void and t.channel is Channel.PHONE and t.device_id == device]
    last = max(ours, key=lambda one: one.device_seq, default=None)
    back = next((t for t in every if t.void and last is not None and t.corrects == last.id), None)
    if last is None or back is None or back.journal_id is None or back.device_id != device:
        return None
    told = last.direction is Direction.IN or last.ring_s is not None or last.talk_s is not None
    since = now - journal.load(tx, back.journal_id).entry.at
    return last if told and since < ANEW else None


def without_half(call: OpenCall) -> OpenCall:
    """Return a call without what was known half way: where its end was never heard nobody knows how long it took."""
    return call if call.end is not None else replace(call, talk_s=None, ring_s=call.ring_s if call.answered else None)


def forget(tx: Tx, call: str) -> None:
    """Forget a call by its id: it has its outcome, or came to nothing."""
    known, others = read(tx), held(tx)
    if known is not None and known.id == call:
        meta.put(tx, OPEN, None)
    if any(one.id == call for one in others):
        meta.put(tx, HELD, [_packed(one) for one in others if one.id != call])
    loose_ones = meta.get(tx, LOOSE)
    if isinstance(loose_ones, list):
        left = [one for one in loose_ones if not (isinstance(one, dict) and one["id"] == call)]
        if len(left) < len(loose_ones):
            meta.put(tx, LOOSE, left)


def _unpacked(kept: object) -> OpenCall | None:
    if not isinstance(kept, dict):
        return None
    return OpenCall(
        id=str(kept["id"]),
        lead_id=LeadId(str(kept["lead"])),
        number=str(kept["number"]),
        at=datetime.fromisoformat(str(kept["at"])),
        incoming=bool(kept["incoming"]),
        told=bool(kept["told"]),
        answered=bool(kept["answered"]),
        ring_s=_whole(kept["ring_s"]),
        talk_s=_whole(kept["talk_s"]),
        end=End(str(kept["end"])) if kept["end"] else None,
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def clear(tx: Tx, lead_id: LeadId) -> None:
    """Forget the call with a lead: it has its outcome, or came to nothing."""
    known = read(tx)
    if known is not None and known.lead_id == lead_id:
        meta.put(tx, OPEN, None)


def recorded(tx: Tx, lead_id: LeadId, call: str | None) -> None:
    """Take the outcome of a call as given; without a call it is that of the one at work, where that is the lead's.

    Raises Refused: ``call_recorded`` where that call has one already, ``call_of_another`` where it is another lead's.
    """
    if call is None:
        known = read(tx)
        if known is not None and merging.stands_as(tx, known.lead_id) == lead_id:
            forget(tx, known.id)
        return
    known = next((one for one in [*waiting(tx), *_by_number(tx, lead_id)] if one.id == call), None)
    if known is None:
        raise Refused("call_recorded")
    if merging.stands_as(tx, known.lead_id) != lead_id:
        raise Refused("call_of_another")
    forget(tx, call)


def begin(tx: Tx, call: OpenCall) -> None:
    """Keep a call that is dialled now. Raises Refused (``call_open``) while another one waits for its outcome."""
    known = read(tx)
    if known is not None and merging.stands_as(tx, known.lead_id) is not None:
        raise Refused("call_open")
    if known is not None and known in left_alone(tx):
        hold(tx, known)
    put(tx, call)


def as_told(kept: OpenCall, call: PhoneCall, now: float) -> OpenCall:
    """Return a kept call with what the telephone has told of it until ``now`` (the telephone's clock, seconds)."""
    return OpenCall(
        id=kept.id,
        lead_id=kept.lead_id,
        number=kept.number,
        at=kept.at,
        incoming=kept.incoming,
        told=True,
        answered=call.answered is not None,
        ring_s=phone.ring_s(call, now),
        talk_s=phone.talk_s(call, now),
        end=call.end if call.phase is Phase.OVER else None,
    )
