"""The drift report (ずれの報告): how far practice and definition part, by period, with the records behind each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain import agreement, approvals, drift
from isdesk.domain.alignment import MONTH, WEEK, last_day
from isdesk.domain.diagnosis import Trials
from isdesk.domain.drift import History, Point
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import Handoff, State, fold_all
from isdesk.domain.ids import LeadId
from isdesk.domain.kpi import Interval, wilson
from isdesk.domain.roles import Right
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import Touch, effective
from isdesk.playbook.words import fixed
from isdesk.services.alignment_words import late_words
from isdesk.services.dashboard import differs
from isdesk.services.drilling import Record
from isdesk.services.figure_pictures import sla_cases
from isdesk.store import filings, leads

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

STEPS: Final = 4
"""So many periods make the trend, the one asked for among them."""
_BLOCK: Final = 400
_NOBODY: Final = LeadId("")
Span = tuple[date, date]
Points = Mapping[str, Sequence[Point]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``trials`` are those that broke the rule of all that it asked; ``steps`` the periods up to this one.

    ``key`` names the definition that it questions. ``moved``: it differs from the period before by more than chance.
    """

    code: str
    key: str
    trials: Trials
    before: Trials
    around: Interval | None = None
    steps: tuple[tuple[date, Trials], ...] = ()
    moved: bool = False

    @property
    def share(self) -> float | None:
        """Return the share that broke the rule; None where nothing was asked."""
        return self.trials.value


@dataclass(frozen=True, slots=True)
class Drift:
    """The report of the business days ``first`` to ``last``, both included."""

    first: date
    last: date
    before: Span
    lines: tuple[Line, ...]


def report(ctx: Context, *, first: date, last: date, kind: str = "") -> Drift:
    """Return the report of some days; ``kind`` ``week`` or ``month`` says in which steps its trend goes back.

    Raises BadInput (``period_backwards``), Refused (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    spans = back(kind, first, last)
    return of_points(points(ctx, spans[-1][0], last), spans)


def of_points(found: Points, spans: Sequence[Span]) -> Drift:
    """Return the report from points of all the days of ``spans``, newest first."""
    (first, last), before = spans[0], spans[1]
    return Drift(first, last, before, tuple(_line(one, found.get(one.code, ()), spans) for one in drift.LINES))


def back(kind: str, first: date, last: date, steps: int = STEPS) -> list[Span]:
    """Return a period and those before it, newest first; of a period that runs as many days of each."""
    spans = [(first, last)]
    days = (last - first).days
    while len(spans) < steps:
        start = spans[-1][0]
        if kind == MONTH:
            begin = (start - timedelta(days=1)).replace(day=1)
            whole = spans[0][1] == last_day(MONTH, first)
            end = last_day(MONTH, begin) if whole else min(begin + timedelta(days=days), last_day(MONTH, begin))
        else:
            begin = start - timedelta(days=7 if kind == WEEK else days + 1)
            end = begin + timedelta(days=days)
        spans.append((begin, end))
    return spans


def _line(of: drift.Line, found: Sequence[Point], spans: Sequence[Span]) -> Line:
    counted = [_trials(found, *span) for span in spans]
    now, before = counted[0], counted[1]
    steps = tuple((span[0], trials) for span, trials in zip(reversed(spans), reversed(counted), strict=True))
    moved = differs((now.part, now.whole), (before.part, before.whole))
    return Line(of.code, of.key, now, before, wilson(now.part, now.whole), steps, moved)


def _trials(found: Iterable[Point], first: date, last: date) -> Trials:
    mine = within(found, first, last)
    return Trials(sum(one.broken for one in mine), len(mine))


def within(found: Iterable[Point], first: date, last: date) -> list[Point]:
    """Return the points of some business days."""
    return [one for one in found if first <= one.at.astimezone(TOKYO).date() <= last]


def records(ctx: Context, code: str, *, first: date, last: date, whole: bool = False) -> list[Record]:
    """Return the records behind a line, oldest first: those that broke the rule (``whole``: all that it asked).

    Raises BadInput (``drift_unknown``), Refused (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    if code not in drift.BY_CODE:
        raise BadInput("drift_unknown", line=code, known=", ".join(drift.BY_CODE))
    found = within(points(ctx, first, last).get(code, ()), first, last)
    return shown(ctx, code, [one for one in found if whole or one.broken])


def shown(ctx: Context, code: str, found: Sequence[Point]) -> list[Record]:
    """Return points as records with names, oldest first."""
    with ctx.store.read() as tx:
        facts = leads.many(tx, {one.lead_id for one in found if one.lead_id is not None})
    out = []
    for one in found:
        known = facts.get(one.lead_id) if one.lead_id is not None else None
        name, company = (str((known.get(path) if known else "") or "") for path in ("name", "company.name"))
        lead_id = one.lead_id if one.lead_id is not None else _NOBODY
        out.append(Record(one.id, lead_id, name, company, one.at, ctx.name_of(one.member_id), _said(ctx, code, one)))
    return sorted(out, key=lambda one: (one.at, one.id))


def _said(ctx: Context, code: str, one: Point) -> str:
    """Return what is to be known of a point beside the lead, in words."""
    match code:
        case "below_bar":
            return f"{one.detail} < {ctx.rules.scoring.mql_bar}"
        case "meeting_unchecked":
            names = {item.code: item.label.in_(ctx.lang) for item in ctx.rules.checklist}
            return " ・ ".join(names.get(item, item) for item in one.detail.split())
        case "stage_exception":
            stage = ctx.rules.stages.get(one.detail)
            return stage.label.in_(ctx.lang) if stage is not None else one.detail
        case "deal_reason":
            return fixed("results", ctx.lang)[one.detail]
        case "first_response" | "fs_decision" | "feedback":
            return " ・ ".join(late_words(part, ctx.lang) for part in one.detail.split())
    outcome = ctx.rules.outcomes.get(one.detail)
    return outcome.label.in_(ctx.lang) if outcome is not None else one.detail


# --------------------------------------------------------------------------------------------------------------- points


def points(ctx: Context, first: date, last: date) -> dict[str, list[Point]]:
    """Return what every rule was asked on some business days, by line, oldest first; all of it by the facts."""
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    found: dict[str, list[Point]] = {one.code: [] for one in drift.LINES}
    with ctx.store.read() as tx:
        handed = _handoffs(tx)
        _calls(ctx, tx, found, handed, start, end)
        _handed(ctx, tx, found, handed)
        asked = approvals.requests(filings.of_kind(tx, approvals.KIND))
    found["stage_exception"] += drift.exceptions(asked)
    found["first_response"] += [
        Point(one.lead_id, one.lead_id, one.at, one.owner_id, not one.kept, one.due_at.isoformat())
        for one in sla_cases(ctx, first, last)
    ]
    return {
        code: sorted((one for one in mine if start <= one.at < end), key=lambda one: (one.at, one.id))
        for code, mine in found.items()
    }


def _handoffs(tx: Tx) -> dict[LeadId, tuple[Handoff, ...]]:
    steps = leads.transitions_many(tx, leads.in_handoff(tx, [state.value for state in State]))
    return {lead: fold_all(life) for lead, life in steps.items()}


def _handed(ctx: Context, tx: Tx, found: dict[str, list[Point]], handed: Mapping[LeadId, tuple[Handoff, ...]]) -> None:
    facts, now = leads.many(tx, handed), ctx.now()
    for lead, every in handed.items():
        for one in every:
            found["fs_decision"] += drift.fs_decisions(one, ctx.rules, ctx.calendar, now)
            found["deal_reason"] += drift.deal_reasons(one)
        known = facts.get(lead)
        if known is not None and every:
            found["feedback"] += drift.feedbacks(every[-1], known, ctx.rules, ctx.calendar, now)


def _calls(
    ctx: Context,
    tx: Tx,
    found: dict[str, list[Point]],
    handed: Mapping[LeadId, tuple[Handoff, ...]],
    start: datetime,
    end: datetime,
) -> None:
    rules, calendar, now = ctx.rules, ctx.calendar, ctx.now()
    version = drift.agreed_on(agreement.proposals(filings.of_kind(tx, agreement.KIND)))
    seen: dict[str, tuple[Touch, Point, Point]] = {}
    for one in _histories(tx, start, end):
        found["below_bar"] += drift.first_calls(one, rules, calendar)
        for touch, window, rest in drift.dials(one, rules, calendar):
            dial = touch.dial_id or touch.id
            if start <= touch.at < end and (dial not in seen or touch.id < seen[dial][0].id):
                seen[dial] = (touch, window, rest)
        found["meeting_unchecked"] += drift.unchecked(one, handed.get(one.facts.id, ()), rules, calendar, now)
        mine = [touch for touch in one.touches if start <= touch.at < end]
        found["other_version"] += drift.versions(mine, version, calendar)
    found["outside_window"] += [window for _, window, _ in seen.values()]
    found["in_cooldown"] += [rest for _, _, rest in seen.values()]


def _histories(tx: Tx, start: datetime, end: datetime) -> Iterator[History]:
    """Yield every lead that was touched in the period with all that ever happened with it; one merged away is not one.

    What was recorded with a lead that this desk does not have any more counts with what is known of it: nothing.
    """
    ids = leads.touched(tx, start, end)
    wanted = sorted(ids - leads.merged(tx, ids).keys())
    for at in range(0, len(wanted), _BLOCK):
        block = wanted[at : at + _BLOCK]
        facts, touches = leads.many(tx, block), leads.touches_many(tx, block)
        for lead in block:
            yield History(facts.get(lead) or LeadFacts(lead, {}), effective(touches[lead]))
