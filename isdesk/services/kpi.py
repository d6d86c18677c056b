"""Figures of a period, whole or by group: every rate beside its numerator and denominator (GLOSSARY, KPI)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.domain import kpi as rules
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import Action, State, fold_all
from isdesk.domain.kpi import Counts
from isdesk.domain.touch import effective
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.handoff import Transition
    from isdesk.domain.ids import LeadId
    from isdesk.domain.state import LeadFacts
    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context

BY = ("rep", "team", "segment", "script", "list", "channel", "day", "week", "month")
"""What figures may be grouped by."""

NOT_GIVEN = ""
"""The key of the group of leads that have no segment, list or script."""

Key = Callable[["Touch | Transition", "LeadFacts | None"], str]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it is made of. ``value`` None: nothing to divide by (shown as —). The 95 % interval is given
    under about 100 trials (KPI rule h).
    """

    numerator: int
    denominator: int
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one group. ``sql_count`` counts handoffs submitted and not withdrawn (KPI rule g)."""

    key: str
    label: str
    counts: Counts
    submitted: int = 0
    sql_count: int = 0
    accepted: int = 0

    @property
    def rates(self) -> dict[str, Rate]:
        """Return the rates by their glossary names."""
        c = self.counts
        pairs = {
            "answer_rate": (c.answered, c.dials),
            "dm_connect_rate": (c.dm_reached, c.answered),
            "dm_connect_rate_per_dial": (c.dm_reached, c.dials),
            "meeting_set_rate": (c.meetings_dm, c.dm_reached),
            "meeting_set_rate_per_dial": (c.meetings_gross, c.dials),
            "handoff_acceptance_rate": (self.accepted, self.submitted),
        }
        return {name: _rate(part, whole) for name, (part, whole) in pairs.items()}

    def row(self) -> dict[str, object]:
        """Return all of it under the glossary's names, for files and scripts."""
        c = self.counts
        return {
            "key": self.key,
            "label": self.label,
            "dial_count": c.dials,
            "unique_leads": c.unique_leads,
            "answered": c.answered,
            "dm_reached": c.dm_reached,
            "contact_person_reached": c.contact_person_reached,
            "meetings_set": c.meetings_gross,
            "meetings_set_by_dm": c.meetings_dm,
            "meetings_without_dm": c.meetings_without_dm,
            "meetings_canceled": c.meetings_canceled,
            "meetings_net": c.meetings_net,
            "inbound_calls": c.inbound_calls,
            "talk_seconds": c.talk_seconds,
            "sql_count": self.sql_count,
            "handoffs_submitted": self.submitted,
            "handoffs_accepted": self.accepted,
            **self.rates,
        }


@dataclass
class _Group:
    touches: list[Touch] = field(default_factory=list)
    submitted: int = 0
    kept: int = 0
    accepted: int = 0


def figures(ctx: Context, *, first: date, last: date, by: str = "team") -> list[Figures]:
    """Return the figures of the business days ``first`` to ``last`` (both included), a row per group in order.

    Raises BadInput (``period_backwards``, ``kpi_by_unknown``).
    """
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    key = _keys().get(by)
    if key is None:
        raise BadInput("kpi_by_unknown", by=by, known=BY)
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    touches, steps, facts = _read(ctx, start, end, with_facts=by in {"segment", "list"})
    groups: dict[str, _Group] = defaultdict(_Group)
    for touch in touches:
        groups[key(touch, facts.get(touch.lead_id))].touches.append(touch)
    for submit, state in _handoffs(steps, start, end):
        group = groups[key(submit, facts.get(submit.lead_id))]
        group.submitted += 1
        group.kept += int(state is not State.WITHDRAWN)
        group.accepted += int(state is State.ACCEPTED)
    found = [
        Figures(
            name, _label(ctx, by, name), rules.count(g.touches, ctx.rules.outcomes), g.submitted, g.kept, g.accepted
        )
        for name, g in groups.items()
    ]
    return sorted(found, key=lambda row: (row.label == NOT_GIVEN, row.label, row.key))


def rows(ctx: Context, *, first: date, last: date, by: str = "team") -> list[dict[str, object]]:
    """Return `figures` as rows under the glossary's names. Raises BadInput."""
    return [one.row() for one in figures(ctx, first=first, last=last, by=by)]


def _rate(part: int, whole: int) -> Rate:
    around = rules.wilson(part, whole) if whole < rules.FEW else None
    low, high = (around.low, around.high) if around else (None, None)
    return Rate(part, whole, rules.rate(part, whole), low, high)


def _read(
    ctx: Context, start: datetime, end: datetime, *, with_facts: bool
) -> tuple[list[Touch], list[list[Transition]], Mapping[LeadId, LeadFacts]]:
    with ctx.store.read() as tx:
        made = leads.touches_between(tx, start, end)
        later = leads.corrections(tx, [touch.id for touch in made])
        known = {touch.id for touch in made}
        counted = effective([*made, *(touch for touch in later if touch.id not in known)])
        counted = [touch for touch in counted if start <= touch.at < end]
        handed = leads.in_handoff(tx, [state.value for state in State])
        steps = list(leads.transitions_many(tx, handed).values())
        wanted = {touch.lead_id for touch in counted} | set(handed)
        facts = leads.many(tx, wanted) if with_facts else {}
    return counted, steps, facts


def _handoffs(
    all_steps: Iterable[list[Transition]], start: datetime, end: datetime
) -> Iterable[tuple[Transition, State]]:
    """Yield each handoff first submitted in the period, with what has become of it since."""
    for steps in all_steps:
        for handoff in fold_all(steps):
            submit = next((step for step in handoff.steps if step.action == Action.SUBMIT), None)
            if submit is not None and start <= submit.at < end:
                yield submit, _became(handoff.steps)


def _became(life: Sequence[Transition]) -> State:
    """Return what counts of a handoff's life: once accepted it stays accepted, also when it is recycled later."""
    said = [step.action for step in life]
    if Action.ACCEPT in said:
        return State.ACCEPTED
    return State.WITHDRAWN if said[-1] == Action.WITHDRAW else State.SUBMITTED


def _keys() -> dict[str, Key]:
    def from_lead(code: str) -> Key:
        return lambda _, facts: str((facts.get(code) if facts else None) or NOT_GIVEN)

    def from_day(shift: Callable[[date], date]) -> Key:
        return lambda one, _: shift(one.at.astimezone(TOKYO).date()).isoformat()

    return {
        "team": lambda _one, _facts: "team",
        "rep": lambda one, _: one.member_id,
        "segment": from_lead("segment"),
        "list": from_lead("target_list"),
        "script": lambda one, _: getattr(one, "script", None) or NOT_GIVEN,
        "channel": lambda one, _: getattr(one, "channel", None) or "handoff",
        "day": from_day(lambda day: day),
        "week": from_day(lambda day: day - timedelta(days=day.weekday())),
        "month": from_day(lambda day: day.replace(day=1)),
    }


def _label(ctx: Context, by: str, key: str) -> str:
    if by == "rep":
        return ctx.name_of(key) or key
    if by == "team":
        return "チーム" if ctx.lang == "ja" else "Team"
    return key
