"""Evaluating calls: the rubric's points, what they come to per rep, and which calls are worth listening to (DOMAIN 8).

An evaluation is a filing of kind ``evaluation`` whose subject is the touch; a later one by the same person replaces an
earlier one, those of different people stand beside each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.outcome import touch_flags
from isdesk.domain.rules import Outcome, RubricItem
from isdesk.domain.touch import Touch

KIND = "evaluation"
LONG_S = 600
"""Seconds of talk from which a call is long."""
NEW_REP = timedelta(days=30)
"""So long after their first call somebody is new."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One person's evaluation of a call. ``scores``: rubric code → points; ``issues``: how many issues were heard."""

    id: str
    touch_id: str
    lead_id: LeadId | None
    by: MemberId
    at: datetime
    scores: Mapping[str, int]
    issues: int = 0
    comment: str = ""

    def share(self, rubric: Sequence[RubricItem]) -> float | None:
        """Return the points as a share of what the items evaluated could bring, by their weights; None without any."""
        counted = [item for item in rubric if item.code in self.scores]
        most = sum(item.most * item.weight for item in counted)
        got = sum(min(self.scores[item.code], item.most) * item.weight for item in counted)
        return got / most if most else None


def evaluations(filings: Iterable[Filing]) -> list[Evaluation]:
    """Return the evaluations that stand, oldest first: the latest of each person for each call."""
    latest: dict[tuple[str, MemberId], Evaluation] = {}
    for one in standing(filings):
        if one.kind == KIND:
            latest[one.subject, one.member_id] = _evaluation(one)
    return sorted(latest.values(), key=lambda one: (one.at, one.id))


def _evaluation(one: Filing) -> Evaluation:
    said, issues = one.payload.get("scores"), one.payload.get("issues")
    scores = {str(k): v for k, v in said.items() if isinstance(v, int)} if isinstance(said, dict) else {}
    return Evaluation(
        one.id,
        one.subject,
        one.lead_id,
        one.member_id,
        one.at,
        scores,
        issues if isinstance(issues, int) else 0,
        str(one.payload.get("comment") or ""),
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A call worth a review. ``why``: ``long`` | ``lost_after_interest`` | ``new_rep``."""

    touch: Touch
    why: str


def suggest(
    touches: Sequence[Touch],
    outcomes: Mapping[str, Outcome],
    *,
    evaluated: Iterable[str],
    first_call: Mapping[MemberId, datetime],
) -> list[Suggestion]:
    """Return calls worth a review, the most telling reason first and the newest of each first; evaluated ones left out.

    ``touches`` are effective and oldest first; ``first_call`` says when each rep's first call was.
    """
    done = set(evaluated)
    warm: set[LeadId] = set()
    found: list[Suggestion] = []
    for touch in touches:
        flags = touch_flags(touch, outcomes)
        if flags is None or not flags.answered:
            continue
        entry = outcomes[touch.outcome or ""]
        lost = entry.terminal and not flags.meeting_set and touch.lead_id in warm
        if entry.tone == "good" or entry.intent_bonus > 0:
            warm.add(touch.lead_id)
        why = _why(touch, lost=lost, first=first_call.get(touch.member_id))
        if why and touch.id not in done:
            found.append(Suggestion(touch, why))
    order = {"lost_after_interest": 0, "long": 1, "new_rep": 2}
    return sorted(found, key=lambda one: (order[one.why], -one.touch.at.timestamp(), one.touch.id))


def _why(touch: Touch, *, lost: bool, first: datetime | None) -> str:
    if lost:
        return "lost_after_interest"
    if (touch.talk_s or 0) >= LONG_S:
        return "long"
    return "new_rep" if first is not None and touch.at - first <= NEW_REP else ""
