"""The prepared pack of an alignment meeting (握り直し会議) or a monthly review, in the order of its agenda (DOMAIN 11).

Figures → deviating cases → definitions in question → decisions and action items. All of it is read from the facts;
where the minutes were fixed, figures, cases and drift are those of then (`services.minutes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain.alignment import KINDS, MONTH, Action, AlignmentMeeting, carried, first_day, last_day, meeting_id
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import Action as Step
from isdesk.domain.handoff import Handoff, State, fold_all
from isdesk.domain.kpi import FEW, Counts
from isdesk.domain.roles import Right
from isdesk.services import agreeing, aligning, dashboard, drifting, figure_pictures, kpi
from isdesk.services import cases as deviating
from isdesk.services.cases import Case
from isdesk.services.dashboard import Period, Tile
from isdesk.store import leads, nurture

if TYPE_CHECKING:
    from isdesk.domain.agreement import Proposal
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context
    from isdesk.services.drifting import Drift

TREND: Final = 6
"""So many weeks or months a trend shows."""
TRENDED: Final = (
    "dial_count", "answer_rate", "dm_connect_rate", "meeting_set_rate", "meetings_set", "sql_count",
    "handoff_acceptance_rate", "opportunity_rate", "win_rate",
)  # fmt: skip
PROGRESS: Final = ("accepted", "returned", "opportunities", "won", "lost", "feedback", "waiting")


@dataclass(frozen=True, slots=True)
class Question:
    """A definition in question: ``key``, its value ``now``, and the cases (ids) and lines of drift that ask about it.

    ``broken``: how often those lines were broken.
    """

    key: str
    now: str
    cases: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Loss:
    """How often a reason was given in the period and in the one before; ``kind`` is ``refusal`` | ``lost``."""

    code: str
    kind: str
    label: str
    count: int
    before: int
    moved: bool


@dataclass(frozen=True, slots=True)
class Waking:
    """A lead that wakes from nurture after the period: when, whose it is, and why it went there."""

    lead_id: LeadId
    name: str
    company: str
    owner: str
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Pack:
    """All that a meeting looks at. ``fixed``: figures, cases and drift are as they were when its minutes were closed.

    ``trend`` holds the figures by week or month, oldest first; ``losses`` and ``waking`` are of a month only.
    """

    meeting: AlignmentMeeting
    period: Period
    tiles: tuple[Tile, ...]
    trend: tuple[tuple[date, Mapping[str, float | None]], ...]
    progress: Mapping[str, int]
    cases: tuple[Case, ...]
    drift: Drift
    questions: tuple[Question, ...]
    carried: tuple[Action, ...]
    proposals: tuple[Proposal, ...]
    losses: tuple[Loss, ...] = ()
    waking: tuple[Waking, ...] = ()
    fixed: bool = False


def period(ctx: Context, kind: str, first: date) -> Period:
    """Return the week or month that ``first`` lies in; one that runs ends today.

    Raises BadInput (``period_unknown``, ``period_future``).
    """
    if kind not in KINDS:
        raise BadInput("period_unknown", period=kind, known=KINDS)
    begin, today = first_day(kind, first), ctx.now().astimezone(TOKYO).date()
    if begin > today:
        raise BadInput("period_future", day=begin)
    last = min(last_day(kind, begin), today)
    return Period(kind, begin, last, before_of(kind, begin, last))


def before_of(kind: str, first: date, last: date) -> tuple[date, date]:
    """Return the days that a period is compared with: as many of the one before where it runs still."""
    return drifting.back(kind, first, last, 2)[1]


def pack(ctx: Context, kind: str, first: date) -> Pack:
    """Return the pack of the week or month that ``first`` lies in; figures as they are kept (see `kpi.refresh`).

    Raises BadInput (``period_unknown``, ``period_future``), Refused (``not_allowed``).
    """
    from isdesk.services import minutes

    ctx.require(Right.SEE_TEAM)
    of = period(ctx, kind, first)
    every = aligning.meetings(ctx)
    key = meeting_id(kind, of.first)
    meeting = every.get(key) or AlignmentMeeting(key, kind, of.first)
    over = tuple(carried(every.values(), of.first))
    proposals = tuple(one for one in agreeing.proposals(ctx) if one.alignment == key)
    if meeting.closed and meeting.minutes:
        return minutes.fixed(ctx, meeting, of, over, proposals)
    return _live(ctx, meeting, of, over, proposals)


def _live(
    ctx: Context, meeting: AlignmentMeeting, of: Period, over: tuple[Action, ...], proposals: tuple[Proposal, ...]
) -> Pack:
    spans = drifting.back(of.kind, of.first, of.last)
    found = drifting.points(ctx, spans[-1][0], of.last)
    drift = drifting.of_points(found, spans)
    cases = deviating.cases(ctx, of.first, of.last, found)
    board = dashboard.board(ctx, of, by="team")
    monthly = of.kind == MONTH
    return Pack(
        meeting,
        of,
        _with_sla(board.tiles, drift),
        _trend(ctx, of),
        _progress(ctx, of.first, of.last),
        cases,
        drift,
        questions(ctx, cases, drift),
        over,
        proposals,
        losses(ctx, of) if monthly else (),
        waking(ctx, of) if monthly else (),
    )


def _with_sla(tiles: Sequence[Tile], drift: Drift) -> tuple[Tile, ...]:
    """Return the tiles with SLA遵守率 filled in: what the drift counts as broken was not kept."""
    line = next(one for one in drift.lines if one.code == "first_response")
    kept, then = line.trials.whole - line.trials.part, line.before.whole - line.before.part
    few = 0 < line.trials.whole < FEW and line.around is not None
    return tuple(
        replace(
            tile,
            value=kept / line.trials.whole if line.trials.whole else None,
            part=kept,
            whole=line.trials.whole,
            low=1 - line.around.high if few and line.around else None,
            high=1 - line.around.low if few and line.around else None,
            before=then / line.before.whole if line.before.whole else None,
            moved=line.moved,
            known=True,
        )
        if tile.code == dashboard.SLA
        else tile
        for tile in tiles
    )


def _trend(ctx: Context, of: Period) -> tuple[tuple[date, Mapping[str, float | None]], ...]:
    spans = drifting.back(of.kind, of.first, last_day(of.kind, of.first), TREND)
    rows = dict(figure_pictures.trend(ctx, of.kind, spans[-1][0], of.last))
    empty = kpi.Figures("", "", Counts())
    return tuple(
        (start, {code: dashboard.value_of(rows.get(start, empty), code) for code in TRENDED})
        for start, _ in reversed(spans)
    )


def _progress(ctx: Context, first: date, last: date) -> dict[str, int]:
    """Return what FS did with handoffs in the period, each handoff by its last word; and how many wait now."""
    with ctx.store.read() as tx:
        steps = leads.transitions_many(tx, leads.in_handoff(tx, [state.value for state in State]))
    counts = dict.fromkeys(PROGRESS, 0)
    for one in (handoff for life in steps.values() for handoff in fold_all(life)):
        counts["waiting"] += one.state is State.SUBMITTED
        for code in _done(one, first, last):
            counts[code] += 1
    return counts


def _done(one: Handoff, first: date, last: date) -> list[str]:
    names = {Step.ACCEPT: "accepted", Step.RETURN: "returned"}
    mine = [step for step in one.steps if first <= step.at.astimezone(TOKYO).date() <= last]
    out = [names[Step(step.action)] for step in mine if step.action in names]
    said = next((step for step in reversed(one.steps) if step.action == Step.FEEDBACK), None)
    if said is not None and said in mine:
        result = str(said.payload.get("result") or "")
        out += ["feedback", *(["opportunities"] if result in kpi.OPPORTUNITIES else [])]
        out += [result] if result in {"won", "lost"} else []
    return out


# ------------------------------------------------------------------------------------------------------------ questions


def questions(ctx: Context, cases: Sequence[Case], drift: Drift) -> tuple[Question, ...]:
    """Return the definitions that cases and drift put in question, those most asked about first."""
    asked: dict[str, list[str]] = {}
    for one in cases:
        for key in one.keys:
            asked.setdefault(key, []).append(one.id)
    lines: dict[str, list[str]] = {}
    for line in drift.lines:
        if line.key and line.trials.part:
            lines.setdefault(line.key, []).append(line.code)
    broken = {line.code: line.trials.part for line in drift.lines}
    found = [
        Question(
            key,
            value_now(ctx, key),
            tuple(asked.get(key, ())),
            tuple(lines.get(key, ())),
            sum(broken[code] for code in lines.get(key, ())),
        )
        for key in dict.fromkeys([*asked, *lines])
    ]
    return tuple(sorted(found, key=lambda one: (-max(len(one.cases), one.broken), one.key)))


def value_now(ctx: Context, key: str) -> str:
    """Return what a definition says now, in one line; empty for a group of definitions."""
    here: object = ctx.playbook.definitions
    for part in key.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return ""
        here = here[part]
    if isinstance(here, Mapping):
        name = here.get("en" if ctx.lang == "en" else "ja")
        return name if isinstance(name, str) else ""
    return ", ".join(str(one) for one in here) if isinstance(here, list) else str(here)


# ------------------------------------------------------------------------------------------------------- monthly review


def losses(ctx: Context, of: Period) -> tuple[Loss, ...]:
    """Return the reasons of losses and refusals with how often they were given before, the most frequent first."""
    then = {(one.kind, one.code): one for one in figure_pictures.reasons(ctx, *of.before)}
    now = {(one.kind, one.code): one for one in figure_pictures.reasons(ctx, of.first, of.last)}
    found = []
    for key in dict.fromkeys([*now, *then]):
        one, other = now.get(key), then.get(key)
        counts = one.count if one else 0, other.count if other else 0
        label = (one or other or next(iter(now.values()))).label
        moved = dashboard.differs((counts[0], 0), (counts[1], 0))
        found.append(Loss(key[1], key[0], label, *counts, moved))
    return tuple(sorted(found, key=lambda one: (-one.count, -one.before, one.kind, one.code)))


def waking(ctx: Context, of: Period) -> tuple[Waking, ...]:
    """Return the leads that wake from nurture between the end of the period and the end of the month after it."""
    begin = of.last + timedelta(days=1)
    after = last_day(MONTH, last_day(MONTH, of.first) + timedelta(days=1))
    start, end = ctx.calendar.start_of_day(begin), ctx.calendar.start_of_day(after + timedelta(days=1))
    labels = {one.code: one.label.in_(ctx.lang) for one in ctx.rules.reasons}
    with ctx.store.read() as tx:
        found = nurture.waking(tx, start, end)
        ids = [one.lead_id for one in found]
        facts, states = leads.many(tx, ids), leads.states(tx, ids)
    out = []
    for one in found:
        known = facts[one.lead_id]
        lost = str(known.get("lost_reason") or "")
        outcome = ctx.rules.outcomes.get(states[one.lead_id][0].last_outcome or "")
        why = labels.get(lost, lost) or (outcome.label.in_(ctx.lang) if outcome is not None else "")
        name, company = (str(known.get(path) or "") for path in ("name", "company.name"))
        day = one.at.astimezone(TOKYO).date()
        out.append(Waking(one.lead_id, name, company, ctx.name_of(known.owner_id), day, why))
    return tuple(out)
