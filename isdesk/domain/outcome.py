"""Reading a call outcome by its flags: was it answered, was a decision maker reached, is it a counted dial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
