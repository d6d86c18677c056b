"""A telephone call as it goes on: dialling, ringing, talking, over; its times, and the outcome that fits its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from isdesk.domain.rules import Outcome

PATIENT_S = 12.0
"""Who gives up after so many seconds has found nobody in (不在), or no line where it never rang; who does sooner took
the call back (発信取消)."""


class Phase(StrEnum):
    """How far a call has come."""

    DIALLING = "dialling"
    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


class End(StrEnum):
    """How a call ended, as the telephone tells it; what it meant is for the rep to say."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is waited for a telephone, in seconds: for a first sign, for an answer, for the end that was asked."""

    setup_s: float = 20.0
    ring_s: float = 60.0
    end_s: float = 2.0


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """One call. ``number`` is as the telephone gives it. Instants are seconds of a clock that never goes back.

    ``gave_up`` is when this desk asked to end it. ``talked`` are seconds of talk where the telephone counts them
    itself, else they are taken from the instants. ``blind``: the telephone was lost on the way, so that the end may
    never be heard; nothing of what was known is dropped then. ``unsure``: this desk asked to end the talk, and the
    telephone never said that it did; the line may still be open. ``elsewhere``: it rang at several desks, and another
    one took it: nobody missed it.
    """

    id: str
    number: str
    began: float
    incoming: bool = False
    rang: float | None = None
    answered: float | None = None
    gave_up: float | None = None
    over: float | None = None
    end: End | None = None
    talked: float | None = None
    blind: bool = False
    unsure: bool = False
    elsewhere: bool = False

    @property
    def phase(self) -> Phase:
        """Return how far the call has come."""
        if self.over is not None:
            return Phase.OVER
        if self.answered is not None:
            return Phase.TALKING
        return Phase.DIALLING if self.rang is None else Phase.RINGING


def ringing(call: PhoneCall, now: float) -> PhoneCall:
    """The other side rings; a call that went further stays there."""
    return replace(call, rang=now) if call.phase is Phase.DIALLING else call


def talking(call: PhoneCall, now: float) -> PhoneCall:
    """The other side answered."""
    return replace(call, answered=now) if call.phase in {Phase.DIALLING, Phase.RINGING} else call


def giving_up(call: PhoneCall, now: float) -> PhoneCall:
    """This desk asks to end the call; its end is still to come."""
    return call if call.phase is Phase.OVER or call.gave_up is not None else replace(call, gave_up=now)


def ended(call: PhoneCall, now: float, told: End | None = None) -> PhoneCall:
    """The call is over. ``told`` is what the telephone says of it, None where it says nothing that can be trusted.

    A call that was answered ended answered, whatever is told: a telephone may close a talk and a call that was taken
    back with the same words. What was told of its end before somebody gave it up stands too. The first end stays.
    """
    if call.phase is Phase.OVER:
        return call
    if call.answered is not None:
        end = End.ANSWERED
    elif call.gave_up is not None and (told is None or call.gave_up <= now):
        end = _given_up(call, call.gave_up)
    else:
        end = told or (End.NO_ANSWER if call.rang is not None else End.FAILED)
    return replace(call, over=now, end=end, blind=False)


def _given_up(call: PhoneCall, at: float) -> End:
    waited = at - (call.began if call.rang is None else call.rang)
    if waited < PATIENT_S:
        return End.CANCELLED
    return End.FAILED if call.rang is None else End.NO_ANSWER


def lost(call: PhoneCall) -> PhoneCall:
    """The telephone was lost while the call was on."""
    return call if call.phase is Phase.OVER else replace(call, blind=True)


def overdue(call: PhoneCall, now: float, limits: Limits) -> End | None:
    """Return how a call ends by itself where the telephone was silent for too long; None while it may still come."""
    if call.phase is Phase.OVER or (call.blind and call.gave_up is None):
        return None
    if call.gave_up is not None:
        return _given_up(call, call.gave_up) if now - call.gave_up >= limits.end_s else None
    if call.incoming or call.answered is not None:
        return None
    if call.rang is None:
        return End.FAILED if now - call.began >= limits.setup_s else None
    return End.NO_ANSWER if now - call.rang >= limits.ring_s else None


def ring_s(call: PhoneCall, now: float) -> int | None:
    """Return for how many whole seconds it rang (呼出時間); None where it is not known because it never rang."""
    if call.rang is None:
        return None
    until = call.answered if call.answered is not None else call.over if call.over is not None else now
    return max(0, round(until - call.rang))


def talk_s(call: PhoneCall, now: float) -> int | None:
    """Return for how many whole seconds was talked (通話時間); None where nobody answered."""
    if call.answered is None:
        return None
    if call.talked is not None and call.over is not None:
        return max(0, round(call.talked))
    return max(0, round((call.over if call.over is not None else now) - call.answered))


def proposed(end: End | None, outcomes: Mapping[str, Outcome]) -> tuple[str, ...]:
    """Return the outcomes that fit how a call ended; one that is alone is proposed.

    The definitions say which (``proposed_on``); without a word there, an answered call fits every outcome that counts
    as answered. Nothing fits a call that is not over.
    """
    if end is None:
        return ()
    active = [o for o in outcomes.values() if o.active]
    named = tuple(o.code for o in active if end.value in o.proposed_on)
    if named or end is not End.ANSWERED:
        return named
    return tuple(o.code for o in active if o.answered)
