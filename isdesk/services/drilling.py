"""The records behind a figure: every figure opens them, and there are as many as the figure says (DOMAIN 8).

A figure of calls opens one record per physical dial, the touch by which it counts; a figure of leads the leads, one of
handoffs the handoffs. Counted by `domain.kpi`'s own rules over the facts of the period, not from the kept figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import State
from isdesk.domain.outcome import Flags, is_dial, touch_flags
from isdesk.domain.touch import Channel, Direction, Reached, Touch, effective
from isdesk.services import kpi, talk
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId, MemberId
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context


@dataclass(frozen=True, slots=True)
class Record:
    """One record behind a figure: ``id`` of the touch, lead or handoff, the lead, when, who, and the outcome."""

    id: str
    lead_id: LeadId
    name: str
    company: str
    at: datetime
    member: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class _Counted:
    touch: Touch
    flags: Flags
    dial: str | None
    meeting: bool
    cancels: bool


_Says = Callable[[_Counted], bool]
_CONTACTS = frozenset({Reached.CONTACT_PERSON, Reached.DECISION_MAKER})

_DIALS: dict[str, _Says] = {
    "dial_count": lambda _: True,
    "answered": lambda one: one.flags.answered,
    "dm_reached": lambda one: one.flags.dm_reached,
    "contact_person_reached": lambda one: one.flags.reached in _CONTACTS,
    "meetings_set_by_dm": lambda one: one.flags.dm_reached and one.meeting,
}
_TOUCHES: dict[str, _Says] = {
    "meetings_set": lambda one: one.meeting,
    "meetings_without_dm": lambda one: one.meeting and not one.flags.dm_reached,
    "meetings_canceled": lambda one: one.cancels,
    "inbound_calls": lambda one: (
        one.dial is None and one.touch.channel is Channel.PHONE and one.touch.direction is Direction.IN
    ),
}
_HANDOFFS: dict[str, Callable[[kpi.Handed], bool]] = {
    "handoffs_submitted": lambda _: True,
    "sql_count": lambda one: one.state is not State.WITHDRAWN,
    "handoffs_accepted": lambda one: one.state is State.ACCEPTED,
    "opportunities": lambda one: one.result in kpi.OPPORTUNITIES,
    "deals_won": lambda one: one.result == "won",
    "deals_lost": lambda one: one.result == "lost",
    "deals_decided": lambda one: one.result in {"won", "lost"},
    "feedbacks": lambda one: bool(one.result),
    "handoffs_reasked": lambda one: bool(one.reasked),
}
EVALUATED = "evaluated_calls"
FIGURES: tuple[str, ...] = (*_DIALS, "unique_leads", *_TOUCHES, *_HANDOFFS, EVALUATED)
"""The figures that open their records, by the names of `kpi.Figures.row`; a rate opens those of its two parts."""


def records(ctx: Context, figure: str, *, first: date, last: date, by: str = "team", key: str = "team") -> list[Record]:
    """Return the records behind one figure of the row ``key`` of ``kpi.figures(by=by)``, oldest first.

    Raises BadInput (``figure_unknown``, ``period_backwards``, ``kpi_by_unknown``).
    """
    if figure not in FIGURES:
        raise BadInput("figure_unknown", figure=figure, known=FIGURES)
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    if by not in kpi.BY:
        raise BadInput("kpi_by_unknown", by=by, known=kpi.BY)
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    if figure in _HANDOFFS:
        found = _handoffs(ctx, _HANDOFFS[figure], start, end, by, key)
    elif figure == EVALUATED:
        found = _evaluated(ctx, start, end, by, key)
    else:
        found = _calls(ctx, figure, start, end, by, key)
    return sorted(found, key=lambda one: (one.at, one.id))


def _calls(ctx: Context, figure: str, start: datetime, end: datetime, by: str, key: str) -> list[Record]:
    with ctx.store.read() as tx:
        made = leads.touches_between(tx, start, end)
        later = leads.corrections(tx, [touch.id for touch in made])
        known = {touch.id for touch in made}
        counted = effective([*made, *(touch for touch in later if touch.id not in known)])
        facts = leads.many(tx, {touch.lead_id for touch in counted})
    mine = [one for one in _counted(ctx, counted, start, end) if kpi.touch_group(by, one.touch, facts) == key]
    return [_of_touch(ctx, touch, facts.get(touch.lead_id)) for touch in _chosen(figure, mine)]


def _evaluated(ctx: Context, start: datetime, end: datetime, by: str, key: str) -> list[Record]:
    with ctx.store.read() as tx:
        calls = [one.touch for one in talk.evaluated(ctx, tx, start, end)]
        facts = leads.many(tx, {touch.lead_id for touch in calls})
    mine = [touch for touch in calls if kpi.touch_group(by, touch, facts) == key]
    return [_of_touch(ctx, touch, facts.get(touch.lead_id)) for touch in mine]


def _counted(ctx: Context, touches: Iterable[Touch], start: datetime, end: datetime) -> Iterable[_Counted]:
    outcomes = ctx.rules.outcomes
    for touch in touches:
        flags = touch_flags(touch, outcomes)
        if flags is None or not start <= touch.at < end:
            continue
        entry = outcomes[touch.outcome or ""]
        dial = (touch.dial_id or touch.id) if is_dial(touch, outcomes) else None
        yield _Counted(touch, flags, dial, flags.meeting_set and entry.counts_meeting, entry.cancels_meeting)


def _chosen(figure: str, counted: Iterable[_Counted]) -> Iterable[Touch]:
    """Return a touch for each thing that the figure counts: the first by which it counts."""
    if figure in _TOUCHES:
        says = _TOUCHES[figure]
        return [one.touch for one in counted if says(one)]
    by_lead = figure == "unique_leads"
    counts = _DIALS["dial_count" if by_lead else figure]
    chosen: dict[str, Touch] = {}
    for one in counted:
        if one.dial is not None and counts(one):
            chosen.setdefault(one.touch.lead_id if by_lead else one.dial, one.touch)
    return chosen.values()


def _of_touch(ctx: Context, touch: Touch, facts: LeadFacts | None) -> Record:
    return Record(
        touch.id,
        touch.lead_id,
        str((facts.get("name") if facts is not None else None) or ""),
        str((facts.get("company.name") if facts is not None else None) or ""),
        touch.at,
        ctx.name_of(touch.member_id),
        touch.outcome or "",
    )


def of_fs(ctx: Context, figure: str, fs_id: MemberId | None, *, first: date, last: date) -> list[Record]:
    """Return the records behind a figure of the handoffs that one FS person (None: anybody) got, oldest first.

    Raises BadInput (``figure_unknown``), Refused (``not_allowed``) like `kpi.fs_figures`.
    """
    kpi.may_see_fs(ctx, fs_id)
    if figure not in _HANDOFFS:
        raise BadInput("figure_unknown", figure=figure, known=tuple(_HANDOFFS))
    with ctx.store.read() as tx:
        found = [one for one in kpi.of_fs(ctx, tx, fs_id, first, last) if _HANDOFFS[figure](one)]
        facts = leads.many(tx, {one.submit.lead_id for one in found})
    made = [_of_handoff(ctx, one, facts.get(one.submit.lead_id)) for one in found]
    return sorted(made, key=lambda one: (one.at, one.id))


def _handoffs(
    ctx: Context, says: Callable[[kpi.Handed], bool], start: datetime, end: datetime, by: str, key: str
) -> list[Record]:
    with ctx.store.read() as tx:
        steps, _ = kpi.handed(tx, start, end, with_facts=False)
        found = [one for one in kpi.handoffs(steps, start, end) if says(one)]
        facts = leads.many(tx, {one.submit.lead_id for one in found})
        used = kpi.scripts(ctx, tx, found) if by == "script" else {}
    return [
        _of_handoff(ctx, one, facts.get(one.submit.lead_id))
        for one in found
        if kpi.group_of(by, one.submit, facts.get(one.submit.lead_id), used.get(one.submit.handoff_id, "")) == key
    ]


def _of_handoff(ctx: Context, one: kpi.Handed, facts: LeadFacts | None) -> Record:
    return Record(
        one.submit.handoff_id,
        one.submit.lead_id,
        str((facts.get("name") if facts is not None else None) or ""),
        str((facts.get("company.name") if facts is not None else None) or ""),
        one.submit.at,
        ctx.name_of(one.submit.member_id),
        one.result or one.state.value,
    )
