"""The first 90 days with the division of work: steps with owners and dates, readiness, and symptoms (DOMAIN 13).

What is to be done stands in the playbook; what the program can see done it marks by itself (`CHECKS`), the rest is
ticked by hand. Every mark is a filing of kind ``introduction`` whose subject is ``start``, ``step:<code>``,
``readiness:<code>`` or ``symptom:<code>``; the last one about a subject counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from isdesk.domain.changes import Value
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import MemberId
from isdesk.domain.rules import IntroductionStep

KIND: Final = "introduction"
START, MARK, ASSIGN = "start", "mark", "assign"
STEP, READINESS, SYMPTOM = "step", "readiness", "symptom"
PHASES: Final = (30, 60, 90)
"""The last day of each phase."""
REDESIGN: Final = 3
"""So many symptoms mean that the division of work needs a redesign."""
CHECKS: Final = (
    "history", "baseline", "icp", "stages", "targets", "roles", "sla", "crm", "signals", "cti", "tools", "small_team",
    "weekly_review", "review_rhythm", "revision", "loss_reasons", "scripts", "low_meeting_rate", "reasked",
    "signals_unused", "one_reviewer",
)  # fmt: skip
"""What the program can answer from its own data (`services.introduction_checks`)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody said by hand, and when."""

    yes: bool
    member_id: MemberId
    at: datetime


@dataclass(frozen=True, slots=True)
class Notes:
    """What people noted: the day the introduction began, marks by subject, and who does a step by when."""

    start: date | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    owners: Mapping[str, MemberId] = field(default_factory=dict)
    dues: Mapping[str, date] = field(default_factory=dict)

    def due(self, step: IntroductionStep) -> date | None:
        """Return by when a step is due: as somebody said, else so many days from the start."""
        if step.code in self.dues:
            return self.dues[step.code]
        return self.start + timedelta(days=step.day) if self.start is not None else None


def subject(what: str, code: str) -> str:
    """Return the subject of a mark."""
    return f"{what}:{code}"


def notes(filings: Iterable[Filing]) -> Notes:
    """Return what stands of the filings; what cannot be read is passed over."""
    start: date | None = None
    marks: dict[str, Mark] = {}
    owners: dict[str, MemberId] = {}
    dues: dict[str, date] = {}
    for one in standing(filings):
        if one.kind != KIND:
            continue
        said, code = one.payload, one.subject.partition(":")[2]
        if said.get("step") == START:
            start = _day(said.get("day")) or start
        elif said.get("step") == MARK:
            _mark(marks, one)
        elif said.get("step") == ASSIGN and code:
            member, due = _member(said.get("member")), _day(said.get("due"))
            owners.pop(code, None)
            dues.pop(code, None)
            owners |= {code: member} if member is not None else {}
            dues |= {code: due} if due is not None else {}
    return Notes(start, marks, owners, dues)


def _mark(marks: dict[str, Mark], one: Filing) -> None:
    yes = one.payload.get("yes")
    marks.pop(one.subject, None)
    if isinstance(yes, bool):
        marks[one.subject] = Mark(yes, one.member_id, one.at)


def _day(value: Value) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _member(value: Value) -> MemberId | None:
    return MemberId(value) if isinstance(value, str) and value else None


def phase_of(start: date | None, today: date) -> int:
    """Return the phase that runs: 1–3, 0 before the start, 4 after the 90 days."""
    if start is None or today < start:
        return 0
    gone = (today - start).days
    return next((number for number, last in enumerate(PHASES, 1) if gone <= last), len(PHASES) + 1)
