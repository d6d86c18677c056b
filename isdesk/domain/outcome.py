"""Reading a call outcome by its flags: was it answered, was a decision maker reached, is it a counted dial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from isdesk.domain.rules import Outcome
from isdesk.domain.touch import Channel, Direction, Reached, Touch


@dataclass(frozen=True, slots=True)
class Flags:
    """What one call was worth. ``dm_reached`` implies ``answered`` (GLOSSARY, KPI rule a)."""

    answered: bool
    dm_reached: bool
    meeting_set: bool
    reached: Reached


def flags(outcome: Outcome, reached: Reached | None) -> Flags:
    """Return the flags of ``outcome``; where it is marked "±", the party reached decides (OUTCOMES, Model).

    Where nobody was named, the outcome's own default stands.
    """
    named = reached if reached is not Reached.NONE else None
    party = named or outcome.default_reached
    if named is None or not outcome.dm_override:
        return Flags(outcome.answered, outcome.dm_reached and outcome.answered, outcome.meeting_set, party)
    return Flags(
        answered=True,
        dm_reached=named is Reached.DECISION_MAKER,
        meeting_set=outcome.meeting_set,
        reached=party,
    )


def is_dial(touch: Touch, outcomes: Mapping[str, Outcome]) -> bool:
    """Return whether the touch is a counted outgoing dial (架電): never 受電, never 発信取消."""
    if touch.channel is not Channel.PHONE or touch.direction is not Direction.OUT or touch.signal is not None:
        return False
    outcome = outcomes.get(touch.outcome or "")
    return outcome is not None and outcome.counts_as_dial


def is_return_call(touch: Touch) -> bool:
    """Return whether the customer called (受電): it closes the open retry and resets the ladder."""
    return touch.channel is Channel.PHONE and touch.direction is Direction.IN


def touch_flags(touch: Touch, outcomes: Mapping[str, Outcome]) -> Flags | None:
    """Return the flags of a touch with a known outcome, else None."""
    outcome = outcomes.get(touch.outcome or "")
    return None if outcome is None else flags(outcome, touch.reached)


def refused(outcome: Outcome, meeting_at: datetime | None, now: datetime) -> str | None:
    """Return why a contact at ``now`` cannot end so with the lead's meeting as it stands (None: it has none), or None.

    Nothing can be moved or called off that was never agreed, and nobody stays away from a meeting that is to come:
    ``meeting_none`` | ``meeting_to_come``. Only who records is refused; what was recorded elsewhere counts as it is.
    """
    if not outcome.of_meeting:
        return None
    if meeting_at is None:
        return "meeting_none"
    return "meeting_to_come" if outcome.after_meeting and meeting_at > now else None
