"""Figures of a period, whole or by group: every rate beside its numerator and denominator (GLOSSARY, KPI)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain import kpi as rules
from isdesk.domain.coaching import Talk
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import Action, State, fold_all
from isdesk.domain.kpi import Counts
from isdesk.domain.outcome import flags as outcome_flags
from isdesk.domain.roles import Right
from isdesk.domain.touch import Reached, effective
from isdesk.services import talk
from isdesk.store import figures as stored
from isdesk.store import leads, meta

if TYPE_CHECKING:
    from isdesk.domain.handoff import Handoff, Transition
    from isdesk.domain.ids import HandoffId, LeadId, MemberId
    from isdesk.domain.state import LeadFacts
    from isdesk.domain.touch import Touch
    from isdesk.services.context import Context
    from isdesk.store import Tx

BY = ("rep", "team", "segment", "script", "list", "channel", "hour", "day", "week", "month")
"""What figures may be grouped by."""
PERIODS: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}
"""The business date under which a day counts; weeks begin on Monday (KPI rule e)."""

NOT_GIVEN = ""
"""The key of the group of leads that have no segment, list or script."""

_COUNTED_BY = "figures_counted_by"
_CONTACTS = frozenset({Reached.CONTACT_PERSON, Reached.DECISION_MAKER})


OPPORTUNITIES = frozenset({"opportunity", "won", "lost"})
"""The results of a meeting by which a handed-over lead became an opportunity (商談)."""


_WITH_FS: Final = frozenset({State.ASKED, State.SUBMITTED})
_UNDER_WAY: Final = _WITH_FS | {State.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Handed:
    """A handoff by its first ``submit``: its ``state``, and FS's last word: ``result`` ("" while there is none),
    ``amount``, win factor or loss reason, and the ``days`` from acceptance to that word. ``reasked``: what FS had to
    ask again, by the codes of the checklist's items.
    """

    submit: Transition
    state: State
    result: str = ""
    amount: int = 0
    factor: str = ""
    days: float | None = None
    fs_id: MemberId | None = None
    reasked: tuple[str, ...] = ()


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
    """The figures of one group. ``sql_count`` counts handoffs submitted and not withdrawn (KPI rule g).

    What became of the handoffs submitted in the period: ``opportunities`` (商談化), ``won`` and ``lost`` of them, the
    ``won_amount`` of all won, and ``won_days`` from acceptance to the win, one for each that was won. Of the
    ``feedbacks`` that FS gave, ``reasked`` had something that had to be asked again (聞き直し, DOMAIN 6). FS has
    not decided on ``undecided``, and of ``open`` nobody knows yet what became of them. ``talk``: what the evaluations
    of its calls come to, as far as they may be seen here. ``contacts`` over a channel and in how many of them somebody
    responded: by channel alone, None elsewhere (SNS, cards and fairs are no dials).
    """

    key: str
    label: str
    counts: Counts
    submitted: int = 0
    sql_count: int = 0
    accepted: int = 0
    opportunities: int = 0
    won: int = 0
    lost: int = 0
    won_amount: int = 0
    won_days: tuple[float, ...] = ()
    feedbacks: int = 0
    reasked: int = 0
    undecided: int = 0
    open: int = 0
    talk: Talk = field(default_factory=Talk)
    contacts: int | None = None
    responses: int = 0

    @property
    def response_rate(self) -> Rate:
        """Return of how many contacts somebody responded in; by channel alone."""
        return _rate(self.responses, self.contacts or 0)

    @property
    def asp(self) -> float | None:
        """Return the average selling price (平均単価): won amount ÷ won deals."""
        return self.won_amount / self.won if self.won else None

    @property
    def cycle_days(self) -> float | None:
        """Return サイクル: days from acceptance to the win, on average."""
        return sum(self.won_days) / len(self.won_days) if self.won_days else None

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
            "handoff_rate": (self.sql_count, c.meetings_gross),
            "handoff_acceptance_rate": (self.accepted, self.submitted),
            "opportunity_rate": (self.opportunities, self.sql_count),
            "win_rate": (self.won, self.won + self.lost),
            "reasked_rate": (self.reasked, self.feedbacks),
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
            "opportunities": self.opportunities,
            "deals_won": self.won,
            "deals_lost": self.lost,
            "deals_decided": self.won + self.lost,
            "won_amount": self.won_amount,
            "asp": self.asp,
            "cycle_days": self.cycle_days,
            "feedbacks": self.feedbacks,
            "handoffs_reasked": self.reasked,
            "evaluated_calls": self.talk.calls,
            "talk_score": self.talk.share,
            "issues_per_call": self.talk.issues,
            **({} if self.contacts is None else {"contacts": self.contacts, "response_rate": self.response_rate}),
            **self.rates,
        }


@dataclass
class _Group:
    counts: Counts = field(default_factory=Counts)
    handed: list[Handed] = field(default_factory=list)
    talk: Talk = field(default_factory=Talk)
    contacts: int | None = None
    responses: int = 0

    def figures(self, key: str, label: str) -> Figures:
        """Return what is in the group, counted."""
        won = [one for one in self.handed if one.result == "won"]
        return Figures(
            key,
            label,
            self.counts,
            submitted=len(self.handed),
            sql_count=sum(one.state is not State.WITHDRAWN for one in self.handed),
            accepted=sum(one.state is State.ACCEPTED for one in self.handed),
            opportunities=sum(one.result in OPPORTUNITIES for one in self.handed),
            won=len(won),
            lost=sum(one.result == "lost" for one in self.handed),
            won_amount=sum(one.amount for one in won),
            won_days=tuple(one.days for one in won if one.days is not None),
            feedbacks=sum(bool(one.result) for one in self.handed),
            reasked=sum(bool(one.reasked) for one in self.handed),
            undecided=sum(one.state in _WITH_FS for one in self.handed),
            open=sum(not one.result and one.state in _UNDER_WAY for one in self.handed),
            talk=self.talk,
            contacts=self.contacts,
            responses=self.responses,
        )


def figures(ctx: Context, *, first: date, last: date, by: str = "team", unique: bool = True) -> list[Figures]:
    """Return the figures of the business days ``first`` to ``last`` (both included), a row per group in order.

    Days that are out of date are counted anew first. ``unique`` False leaves `Counts.unique_leads` at 0: it is the one
    figure that cannot be added up from days. Raises BadInput (``period_backwards``, ``kpi_by_unknown``).
    """
    refresh(ctx)
    return kept(ctx, first=first, last=last, by=by, unique=unique)


def kept(ctx: Context, *, first: date, last: date, by: str = "team", unique: bool = True) -> list[Figures]:
    """Return `figures` from what is kept, days that are out of date as they were counted last; nothing is written.

    Raises BadInput like `figures`.
    """
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    if by not in BY:
        raise BadInput("kpi_by_unknown", by=by, known=BY)
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    groups: dict[str, _Group] = defaultdict(_Group)
    with ctx.store.read() as tx:
        for day in stored.daily(tx, "team" if by in PERIODS else by, first, last):
            groups[PERIODS[by](day.day).isoformat() if by in PERIODS else day.key].counts += day.counts
        for key, dialled in stored.unique(tx, by, start, end, worth(ctx)).items() if unique else ():
            groups[key].counts = replace(groups[key].counts, unique_leads=dialled)
        for channel, found_there in stored.contacts(tx, start, end, worth(ctx)).items() if by == "channel" else ():
            groups[channel].contacts, groups[channel].responses = found_there
        of_lead = by in {"segment", "list"}
        steps, facts = handed(tx, start, end, with_facts=of_lead)
        found = list(handoffs(steps, start, end))
        used = scripts(ctx, tx, found) if by == "script" else {}
        calls = talk.evaluated(ctx, tx, start, end)
        called = leads.many(tx, {one.touch.lead_id for one in calls}) if of_lead else {}
    for key, said in talk.groups(ctx, calls, lambda one: touch_group(by, one, called)).items():
        groups[key].talk = said
    for one in found:
        script = used.get(one.submit.handoff_id, NOT_GIVEN)
        groups[group_of(by, one.submit, facts.get(one.submit.lead_id), script)].handed.append(one)
    rows = [group.figures(name, _label(ctx, by, name)) for name, group in groups.items()]
    return sorted(rows, key=lambda row: (row.label == NOT_GIVEN, row.label, row.key))


def refresh(ctx: Context, *, everything: bool = False, limit: int = 1_000_000) -> int:
    """Count the days anew whose figures are out of date (``everything``: all); returns how many days that were.

    ``limit``: no more days than that in one go, so that others who write need not wait; 0 means that none is left.
    """
    known, slots = worth(ctx), [(s.code, _minute(s.start), _minute(s.end)) for s in ctx.rules.slots]
    mark = hashlib.sha256(json.dumps([known, slots]).encode()).hexdigest()
    with ctx.store.read() as tx:
        fresh = not everything and meta.text(tx, _COUNTED_BY) == mark
        if fresh and not stored.stale(tx, 1):
            return 0
    with ctx.store.write() as tx:
        if not fresh:
            stored.all_stale(tx)
            meta.put(tx, _COUNTED_BY, mark)
        days = stored.stale(tx, limit)
        stored.recount(tx, days, known, slots)
    return len(days)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def worth(ctx: Context) -> tuple[stored.Worth, ...]:
    """Return what each outcome is worth by the definitions in force, for every party that may have been reached."""
    return tuple(
        stored.Worth(
            code,
            reached.value if reached is not None else "",
            int(outcome.counts_as_dial),
            int(flags.answered),
            int(flags.dm_reached),
            int(flags.reached in _CONTACTS),
            int(flags.meeting_set and outcome.counts_meeting),
            int(outcome.cancels_meeting),
        )
        for code, outcome in ctx.rules.outcomes.items()
        for reached in (None, *Reached)
        for flags in (outcome_flags(outcome, reached),)
    )


def rows(ctx: Context, *, first: date, last: date, by: str = "team") -> list[dict[str, object]]:
    """Return `figures` as rows under the glossary's names. Raises BadInput."""
    return [one.row() for one in figures(ctx, first=first, last=last, by=by)]


def _rate(part: int, whole: int) -> Rate:
    around = rules.wilson(part, whole) if whole < rules.FEW else None
    low, high = (around.low, around.high) if around else (None, None)
    return Rate(part, whole, rules.rate(part, whole), low, high)


def handed(
    tx: Tx, start: datetime, end: datetime, *, with_facts: bool
) -> tuple[list[list[Transition]], Mapping[LeadId, LeadFacts]]:
    """Return all steps of every lead of which something was submitted with start <= at < end, a list each, with the
    leads' facts where wanted.
    """
    submitted = leads.submitted(tx, start, end)
    handed = [one for one in leads.in_handoff(tx, [state.value for state in State]) if one in submitted]
    steps = list(leads.transitions_many(tx, handed).values())
    return steps, leads.many(tx, handed) if with_facts else {}


def handoffs(all_steps: Iterable[list[Transition]], start: datetime, end: datetime) -> Iterable[Handed]:
    """Yield each handoff first submitted in the period, with what has become of it since."""
    for steps in all_steps:
        for handoff in fold_all(steps):
            submit = next((step for step in handoff.steps if step.action == Action.SUBMIT), None)
            if submit is not None and start <= submit.at < end:
                yield _handed(submit, handoff)


def scripts(ctx: Context, tx: Tx, found: Iterable[Handed]) -> dict[HandoffId, str]:
    """Return by which script (with its version) the meeting of each handoff was set, where one was shown."""
    every = list(found)
    calls = leads.touches_many(tx, {one.submit.lead_id for one in every})
    return {
        one.submit.handoff_id: rules.script_behind(
            effective(calls[one.submit.lead_id]), ctx.rules.outcomes, one.submit.at
        )
        for one in every
    }


def counted(found: Iterable[Handed], key: str, label: str) -> Figures:
    """Return the figures of these handoffs alone, without the calls that led to them."""
    return _Group(handed=list(found)).figures(key, label)


def of_fs(ctx: Context, tx: Tx, fs_id: MemberId | None, first: date, last: date) -> list[Handed]:
    """Return the handoffs that were submitted to one FS person (None: to anybody) on these business days."""
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    steps, _ = handed(tx, start, end, with_facts=False)
    return [one for one in handoffs(steps, start, end) if fs_id is None or one.fs_id == fs_id]


def may_see_fs(ctx: Context, fs_id: MemberId | None) -> None:
    """Refuse the figures of others to who may not see the team. Raises Refused (``not_allowed``)."""
    if fs_id != ctx.me.id:
        ctx.require(Right.SEE_TEAM)


def fs_figures(ctx: Context, fs_id: MemberId | None, *, first: date, last: date) -> Figures:
    """Return what became of the handoffs to one FS person (None: to anybody): 商談化率, 受注率, 平均単価, サイクル.

    Raises Refused (``not_allowed``) for somebody else's without the right to see the team.
    """
    may_see_fs(ctx, fs_id)
    with ctx.store.read() as tx:
        found = of_fs(ctx, tx, fs_id, first, last)
    return counted(found, fs_id or "team", ctx.name_of(fs_id))


def _handed(submit: Transition, handoff: Handoff) -> Handed:
    said = handoff.feedback or {}
    amount, again = said.get("amount"), said.get("reasked")
    accepted = next((step.at for step in handoff.steps if step.action == Action.ACCEPT), None)
    days = None
    if accepted is not None and handoff.feedback_at is not None:
        days = max(0.0, (handoff.feedback_at - accepted) / timedelta(days=1))
    return Handed(
        submit,
        _became(handoff.steps),
        str(said.get("result") or ""),
        amount if isinstance(amount, int) else 0,
        str(said.get("factor") or ""),
        days,
        handoff.fs_id,
        tuple(str(item) for item in again) if isinstance(again, list) else (),
    )


def _became(life: Sequence[Transition]) -> State:
    """Return what counts of a handoff's life: once accepted it stays accepted, also when it is recycled later."""
    said = [step.action for step in life]
    if Action.ACCEPT in said:
        return State.ACCEPTED
    return State.WITHDRAWN if said[-1] == Action.WITHDRAW else State.SUBMITTED


def group_of(by: str, submit: Transition, facts: LeadFacts | None, script: str = NOT_GIVEN) -> str:
    """Return the group in which a handoff counts; ``script``: by which its meeting was set."""
    day = submit.at.astimezone(TOKYO)
    if by in PERIODS:
        return PERIODS[by](day.date()).isoformat()
    match by:
        case "segment" | "list":
            code = "segment" if by == "segment" else "target_list"
            return str((facts.get(code) if facts else None) or NOT_GIVEN)
        case "rep":
            return submit.member_id
        case "hour":
            return f"{day.hour:02}"
        case "channel":
            return "handoff"
        case "script":
            return script
    return "team"


def touch_group(by: str, touch: Touch, facts: Mapping[LeadId, LeadFacts]) -> str:
    """Return the group in which a touch counts; ``facts`` of its lead are needed by segment and list only."""
    at = touch.at.astimezone(TOKYO)
    if by in PERIODS:
        return PERIODS[by](at.date()).isoformat()
    lead = facts.get(touch.lead_id)
    known: dict[str, Callable[[], object]] = {
        "rep": lambda: touch.member_id,
        "segment": lambda: lead.get("segment") if lead is not None else None,
        "list": lambda: lead.get("target_list") if lead is not None else None,
        "script": lambda: touch.script,
        "channel": lambda: touch.channel,
        "hour": lambda: f"{at.hour:02}",
        "team": lambda: "team",
    }
    return str(known[by]() or NOT_GIVEN)


def _label(ctx: Context, by: str, key: str) -> str:
    if by == "rep":
        return ctx.name_of(key) or key
    if by == "team":
        return "チーム" if ctx.lang == "ja" else "Team"
    return key
