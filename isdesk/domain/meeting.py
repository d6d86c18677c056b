"""The meeting prepared in three steps, 提示 → 検証 → 合意: what Field Sales notes before and during it (DOMAIN 7).

What is noted is a filing of kind ``meeting_plan`` whose subject is the handoff; of each item the latest note stands,
the earlier ones stay beside it. Where nothing is noted, what the handoff says is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from isdesk.domain.fields import Field
from isdesk.domain.filing import Filing, standing
from isdesk.domain.handoff import ChecklistLineData, Handoff, State, shown_value
from isdesk.domain.ids import MemberId
from isdesk.domain.rules import Label, Rules
from isdesk.domain.sla import feedback_due
from isdesk.domain.state import LeadFacts
from isdesk.domain.work_calendar import WorkCalendar

KIND = "meeting_plan"
LONGEST = 4000
"""Letters of one note."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to note. ``fields``: the facts of the lead that it is offered with."""

    code: str
    label: Label
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three steps of a meeting."""

    code: str
    label: Label
    items: tuple[Item, ...]


STEPS: Final[tuple[Step, ...]] = (
    Step("hypothesis", Label("提示", "Hypothesis"), (
        Item("issue_hypothesis", Label("課題仮説", "Issue hypothesis"), ("issue_hypothesis",)),
        Item("proposal", Label("提案の方向", "Line of proposal"), ("interest_product",)),
        Item("question", Label("確かめたいこと", "To be found out")),
    )),
    Step("verification", Label("検証", "Verification"), (
        Item("kpi", Label("KPI", "KPI"), ("need",)),
        Item("target", Label("目標値", "Targets"), ("purpose",)),
        Item("obstacle", Label("障害", "Obstacles"), ("competitor", "decision_route")),
    )),
    Step("agreement", Label("合意", "Agreement"), (
        Item("goal", Label("ゴール", "Goal"), ("purpose",)),
        Item("issue", Label("課題", "Issue"), ("issue",)),
        Item("schedule", Label("スケジュール", "Schedule"), ("adoption_timing", "adoption_at")),
        Item("next_action", Label("次のアクション", "Next action")),
    )),
)  # fmt: skip
"""The three steps with what is noted in each (DOMAIN 7)."""
ITEMS: Final[Mapping[str, Item]] = {item.code: item for step in STEPS for item in step.items}


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted of one item; an empty text takes back what was noted before."""

    code: str
    text: str
    by: MemberId
    at: datetime


def notes(filings: Iterable[Filing]) -> dict[str, tuple[Note, ...]]:
    """Return the notes of each item, oldest first: the last one stands."""
    found: dict[str, list[Note]] = {}
    for one in standing(filings):
        said = one.payload.get("notes")
        if one.kind != KIND or not isinstance(said, dict):
            continue
        for code, text in said.items():
            if code in ITEMS and isinstance(text, str):
                found.setdefault(code, []).append(Note(code, text, one.member_id, one.at))
    return {code: tuple(every) for code, every in found.items()}


def offered(
    facts: LeadFacts, lines: Sequence[ChecklistLineData], fields: Mapping[str, Field], lang: str = "ja"
) -> dict[str, str]:
    """Return what the handoff already says to each item; what it does not know is what is to be found out."""
    found: dict[str, str] = {}
    for item in ITEMS.values():
        values = (shown_value(facts.get(path), fields.get(path), lang) for path in item.fields)
        found[item.code] = " ・ ".join(value for value in values if value)
    asks = [(line.ask_en or line.en) if lang == "en" else (line.ask_ja or line.ja) for line in lines if not line.done]
    found["question"] = "\n".join(asks)
    return {code: text for code, text in found.items() if text}


# after the meeting

AHEAD, DUE, OVERDUE, DONE = "ahead", "due", "overdue", "done"
_OVER = frozenset({"won", "lost", "no_opportunity", "opportunity"})
"""Results after which the meeting that was agreed is behind one; the others make it be agreed anew."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Where an accepted handoff stands with its meeting: ``ahead`` | ``due`` | ``overdue`` | ``done``, and the last
    business date for the feedback (None where no meeting is agreed).
    """

    state: str
    by: date | None = None


def feedback_of(
    handoff: Handoff, meeting_at: datetime | None, rules: Rules, calendar: WorkCalendar, now: datetime
) -> Feedback | None:
    """Return how it stands with the feedback of an accepted handoff, None for any other (DOMAIN 4, 7).

    It falls due when the meeting's time has passed. A meeting that was put off, or to which nobody came, wants feedback
    again once the new time has passed.
    """
    if handoff.state is not State.ACCEPTED:
        return None
    by = feedback_due(meeting_at, rules, calendar) if meeting_at is not None else None
    said = handoff.feedback or {}
    if handoff.feedback_at is not None:
        again = said.get("result") not in _OVER and meeting_at is not None and meeting_at > handoff.feedback_at
        if not again:
            return Feedback(DONE, by)
    if meeting_at is None or by is None or meeting_at > now:
        return Feedback(AHEAD, by)
    return Feedback(OVERDUE if now >= calendar.start_of_day(by + timedelta(days=1)) else DUE, by)
