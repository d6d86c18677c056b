"""Evaluating calls: the rubric's points, what they come to per rep, and which calls are worth listening to (DOMAIN 8).

An evaluation is a filing of kind ``evaluation`` whose subject is the touch; a later one by the same person replaces an
earlier one, those of different people stand beside each other. It keeps what each item could bring when it was made, so
that a rubric edited later changes no figure. A reply (``evaluation_reply``) is said about the same call, by the rep or
by who evaluated it; none replaces another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.outcome import touch_flags
from isdesk.domain.rules import Outcome, RubricItem
from isdesk.domain.touch import Touch

KIND = "evaluation"
REPLY = "evaluation_reply"
LONG_S = 600
"""Seconds of talk from which a call is long."""
NEW_REP = timedelta(days=30)
"""So long after their first call somebody is new."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One person's evaluation of a call. ``scores``: rubric code → points; ``issues``: how many issues were heard.

    ``scale``: rubric code → (most points, weight) when it was made; empty in evaluations older than that.
    """

    id: str
    touch_id: str
    lead_id: LeadId | None
    by: MemberId
    at: datetime
    scores: Mapping[str, int]
    issues: int = 0
    comment: str = ""
    scale: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def share(self, rubric: Sequence[RubricItem]) -> float | None:
        """Return the points as a share of what the items evaluated could bring, by their weights; None without any.

        By the rubric as it was then; ``rubric`` (the one in force) speaks for items of which that is not known.
        """
        known = {item.code: (item.most, item.weight) for item in rubric} | dict(self.scale)
        counted = [(points, *known[code]) for code, points in self.scores.items() if code in known]
        whole = sum(most * weight for _, most, weight in counted)
        got = sum(min(points, most) * weight for points, most, weight in counted)
        return got / whole if whole else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered to the evaluations of a call."""

    id: str
    touch_id: str
    by: MemberId
    at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class Talk:
    """What evaluations come to: ``calls`` that were evaluated, their mean ``share`` of the points (0–1) and their mean
    count of ``issues`` heard. A call that several people evaluated counts once, with the mean of what they said.
    """

    calls: int = 0
    share: float | None = None
    issues: float | None = None


def evaluations(filings: Iterable[Filing]) -> list[Evaluation]:
    """Return the evaluations that stand, oldest first: the latest of each person for each call."""
    latest: dict[tuple[str, MemberId], Evaluation] = {}
    for one in standing(filings):
        if one.kind == KIND:
            latest[one.subject, one.member_id] = _evaluation(one)
    return sorted(latest.values(), key=lambda one: (one.at, one.id))


def replies(filings: Iterable[Filing]) -> list[Reply]:
    """Return the replies that stand, oldest first."""
    return [
        Reply(one.id, one.subject, one.member_id, one.at, str(one.payload.get("comment") or ""))
        for one in standing(filings)
        if one.kind == REPLY
    ]


def talk(every: Iterable[Evaluation], rubric: Sequence[RubricItem]) -> Talk:
    """Return what evaluations come to, each call counted once."""
    by_call: dict[str, list[Evaluation]] = defaultdict(list)
    for one in every:
        by_call[one.touch_id].append(one)
    if not by_call:
        return Talk()
    shares: list[float] = []
    for said in by_call.values():
        known = [share for one in said if (share := one.share(rubric)) is not None]
        if known:
            shares.append(sum(known) / len(known))
    issues = [sum(one.issues for one in said) / len(said) for said in by_call.values()]
    return Talk(len(by_call), sum(shares) / len(shares) if shares else None, sum(issues) / len(issues))


def combined(parts: Sequence[Talk]) -> Talk:
    """Return what several groups of calls come to together; no call may be in two of them."""

    def mean(values: Sequence[tuple[float, int]]) -> float | None:
        whole = sum(calls for _, calls in values)
        return sum(value * calls for value, calls in values) / whole if whole else None

    shares = [(one.share, one.calls) for one in parts if one.share is not None]
    issues = [(one.issues, one.calls) for one in parts if one.issues is not None]
    return Talk(sum(one.calls for one in parts), mean(shares), mean(issues))


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
        _scale(one.payload.get("scale")),
    )


def _scale(said: object) -> dict[str, tuple[int, int]]:
    """Return what items could bring, leaving out what is none: it comes from another desk."""
    found: dict[str, tuple[int, int]] = {}
    for code, pair in said.items() if isinstance(said, dict) else ():
        match pair:
            case [int(most), int(weight)] if most > 0 and weight > 0:
                found[str(code)] = (most, weight)
    return found


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
