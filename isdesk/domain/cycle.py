"""Where in its retry ladder a lead stands: the present cycle of attempts, counted from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from isdesk.domain.outcome import is_dial, is_return_call, touch_flags
from isdesk.domain.rules import Outcome, RetryPolicy, Rules, Step
from isdesk.domain.touch import ActionKind, Touch
from isdesk.domain.windows import slot_of
from isdesk.domain.work_calendar import WorkCalendar

_ENDS = frozenset({ActionKind.NURTURE, ActionKind.HANDOFF, None})


@dataclass(frozen=True, slots=True)
class Ladder:
    """The step to take: number ``number`` (from 1) of ``policy``; ``step`` None where the ladder has ended."""

    policy: str
    number: int
    step: Step | None


def campaign(history: Sequence[Touch]) -> Sequence[Touch]:
    """Return the touches since the lead last rested, was handed off or was closed. ``history`` is oldest first."""
    return _after_last(history, ends_campaign)


def cycle(history: Sequence[Touch], rules: Rules) -> Sequence[Touch]:
    """Return the touches of the present cycle of attempts.

    A new cycle begins after a rest or a handoff, when the customer calls back, and when the decision maker was reached.
    """
    return _after_last(history, lambda t: ends_campaign(t) or is_return_call(t) or _reached(t, rules))


def ends_campaign(touch: Touch) -> bool:
    """Return whether after this touch the lead rests: the next attempts are counted anew."""
    return touch.plan is not None and touch.plan.why != "stay" and touch.plan.action in _ENDS


def _reached(touch: Touch, rules: Rules) -> bool:
    known = touch_flags(touch, rules.outcomes)
    return known is not None and known.dm_reached


def _after_last(history: Sequence[Touch], ends: Callable[[Touch], bool]) -> Sequence[Touch]:
    for index in range(len(history) - 1, -1, -1):
        if ends(history[index]):
            return history[index + 1 :]
    return history


def dials(touches: Sequence[Touch], rules: Rules) -> int:
    """Return how many counted dials there were; one physical dial counts once."""
    seen: set[str] = set()
    for touch in touches:
        if is_dial(touch, rules.outcomes):
            seen.add(touch.dial_id or touch.id)
    return len(seen)


def attempts(history: Sequence[Touch], rules: Rules) -> int:
    """Return the counted dials of the present cycle."""
    return dials(cycle(history, rules), rules)


def same_outcome_before(outcome: Outcome, history: Sequence[Touch], rules: Rules) -> int:
    """Return how often this outcome was recorded since the lead last rested or the customer called."""
    since = _after_last(campaign(history), is_return_call)
    return sum(t.outcome == outcome.code and t.outcome in rules.outcomes for t in since)


def tried_by_slot(instants: Sequence[datetime], rules: Rules, calendar: WorkCalendar) -> dict[str, int]:
    """Return how many of the dials at ``instants`` fell into each slot of the day."""
    tried: dict[str, int] = {}
    for at in instants:
        slot = slot_of(at, rules, calendar)
        if slot is not None:
            tried[slot.code] = tried.get(slot.code, 0) + 1
    return tried


def ladder_position(outcome: Outcome, since: Sequence[Touch], rules: Rules) -> Ladder:
    """Return the step that ``outcome`` takes now, after the touches of the cycle.

    Every outcome of a policy takes one step of it; past its end it takes one of the policy named by ``then``, so that
    busy twice and then unanswered go down one common ladder.
    """
    taken: dict[str, int] = {}
    for touch in since:
        earlier = rules.outcomes.get(touch.outcome or "")
        if earlier is not None and earlier.follow.kind in {"policy", "number"} and earlier.follow.policy:
            _descend(earlier.follow.policy, taken, rules)
    return _descend(outcome.follow.policy or "", taken, rules)


def _descend(code: str, taken: dict[str, int], rules: Rules) -> Ladder:
    seen: set[str] = set()
    policy: RetryPolicy | None = rules.policies.get(code)
    while policy is not None:
        seen.add(policy.code)
        number = taken.get(policy.code, 0) + 1
        if number <= len(policy.steps):
            taken[policy.code] = number
            return Ladder(policy.code, number, policy.steps[number - 1])
        if policy.then is None or policy.then in seen or policy.then not in rules.policies:
            return Ladder(policy.code, number, None)
        policy = rules.policies[policy.then]
    return Ladder(code, 0, None)
