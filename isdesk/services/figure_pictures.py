"""What the pictures of the figures show: funnel, trend, weekday × hour, reasons, script versions, SLA (DOMAIN 8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain import sla as clocks
from isdesk.domain.diagnosis import Trials
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.kpi import Counts
from isdesk.domain.learning import Comparison, Version, compare_over
from isdesk.domain.touch import effective
from isdesk.services import kpi
from isdesk.store import figures as stored
from isdesk.store import leads
from isdesk.store import pictures as read

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.kpi import Handed

STEPS: Final = {"day": 21, "week": 12, "month": 12}
"""How many days, weeks or months a trend goes back."""
_BLOCK: Final = 400


@dataclass(frozen=True, slots=True)
class Step:
    """A bar of the funnel: so many, and what share of the step before."""

    code: str
    count: int
    of_before: float | None


@dataclass(frozen=True, slots=True)
class Slot:
    """Answered ÷ dials of a weekday (Monday = 0) at an hour in Tokyo."""

    weekday: int
    hour: int
    trials: Trials


@dataclass(frozen=True, slots=True)
class Why:
    """How often a reason was given; ``kind`` is ``refusal`` (at a call) or ``lost`` (after a meeting)."""

    code: str
    kind: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class SlaCase:
    """A lead received in the period: when, until when somebody had to respond, and whether they did in time.

    ``state``: ``kept`` | ``broken``; ``kept`` True for the first.
    """

    lead_id: LeadId
    name: str
    company: str
    owner_id: MemberId | None
    at: datetime
    due_at: datetime
    kept: bool

    @property
    def state(self) -> str:
        """Return how it ended."""
        return "sla_kept" if self.kept else "sla_broken"


@dataclass(frozen=True, slots=True)
class Pictures:
    """All that is drawn. ``trend`` holds the figures by day, week or month (``unit``), oldest first; ``scripts`` every
    version with its meetings ÷ decision makers reached, ``versions`` the two last of each script compared.

    ``days``: the days of trend, ``heat``, scripts and ``sla``; a period by itself would have too few trials for them.
    """

    unit: str
    days: tuple[date, date]
    trend: tuple[tuple[date, kpi.Figures], ...]
    funnel: tuple[Step, ...]
    heat: tuple[Slot, ...]
    reasons: tuple[Why, ...]
    scripts: tuple[Version, ...]
    versions: tuple[Comparison, ...]
    sla: tuple[tuple[date, Trials], ...]
    unique_leads: int
    sla_kept: int
    sla_due: int
    sla_before: tuple[int, int]


def paint(ctx: Context, unit: str, first: date, last: date, before: tuple[date, date], *, mine: bool) -> Pictures:
    """Return the pictures of a period, the trend by ``unit``; ``mine``: only what is of the person at this desk."""
    by, key = ("rep", str(ctx.me.id)) if mine else ("team", "team")
    rows = kpi.kept(ctx, first=first, last=last, by=by)
    whole = next((row for row in rows if row.key == key), kpi.Figures(key, key, Counts()))
    start = begin(unit, first, last)
    with ctx.store.read() as tx:
        hours = [] if mine else stored.daily(tx, "hour", start, last)
        scripts = [] if mine else stored.daily(tx, "script", start, last)
    versions = _versions(scripts)
    cases = [c for c in sla_cases(ctx, min(start, before[0]), last) if not mine or c.owner_id == ctx.me.id]
    now, then = _between(cases, first, last), _between(cases, *before)
    return Pictures(
        unit,
        (start, last),
        () if mine else trend(ctx, unit, start, last),
        funnel(whole),
        _heat(hours),
        () if mine else reasons(ctx, first, last),
        versions,
        _compared(versions, scripts),
        _by_step(_between(cases, start, last), unit),
        whole.counts.unique_leads,
        sum(one.kept for one in now),
        len(now),
        (sum(one.kept for one in then), len(then)),
    )


def begin(unit: str, first: date, last: date) -> date:
    """Return where a trend begins that ends on ``last``: so many steps back, and never within the period."""
    back = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}[unit]
    return min(kpi.PERIODS[unit](last - back * (STEPS[unit] - 1)), first)


def trend(ctx: Context, unit: str, start: date, last: date) -> tuple[tuple[date, kpi.Figures], ...]:
    """Return the figures by day, week or month from ``start`` to ``last``, oldest first."""
    rows = kpi.kept(ctx, first=start, last=last, by=unit, unique=False)
    return tuple(sorted(((date.fromisoformat(row.key), row) for row in rows), key=lambda one: one[0]))


def funnel(whole: kpi.Figures) -> tuple[Step, ...]:
    """Return the steps from dial to win."""
    c = whole.counts
    counts = (
        ("dial_count", c.dials),
        ("answered", c.answered),
        ("dm_reached", c.dm_reached),
        ("meetings_set", c.meetings_gross),
        ("sql_count", whole.sql_count),
        ("opportunities", whole.opportunities),
        ("deals_won", whole.won),
    )
    out: list[Step] = []
    for place, (code, count) in enumerate(counts):
        previous = counts[place - 1][1] if place else 0
        out.append(Step(code, count, count / previous if previous else None))
    return tuple(out)


def _heat(rows: Iterable[stored.Daily]) -> tuple[Slot, ...]:
    cells: dict[tuple[int, int], Trials] = defaultdict(lambda: Trials(0, 0))
    for row in rows:
        if row.counts.dials:
            cells[row.day.weekday(), int(row.key)] += Trials(row.counts.answered, row.counts.dials)
    return tuple(Slot(weekday, hour, trials) for (weekday, hour), trials in sorted(cells.items()))


# ------------------------------------------------------------------------------------------------------------- reasons


def reasons(ctx: Context, first: date, last: date) -> tuple[Why, ...]:
    """Return the reasons given in a period, the most frequent first: refusals at calls, losses after meetings."""
    start, end = _span(ctx, first, last)
    labels = {one.code: one.label.in_(ctx.lang) for one in ctx.rules.reasons}
    with ctx.store.read() as tx:
        said = Counter(one.reason for one in read.reasons(tx, start, end))
    lost = Counter(one.factor for one in _lost(ctx, start, end) if one.factor)
    found = [
        *(Why(code, "refusal", labels.get(code, code), n) for code, n in said.items()),
        *(Why(code, "lost", labels.get(code, code), n) for code, n in lost.items()),
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, one.kind, one.code)))


def _lost(ctx: Context, start: datetime, end: datetime) -> list[Handed]:
    with ctx.store.read() as tx:
        steps, _ = kpi.handed(tx, start, end, with_facts=False)
    return [one for one in kpi.handoffs(steps, start, end) if one.result == "lost"]


# ------------------------------------------------------------------------------------------------------------- scripts


def _versions(rows: Iterable[stored.Daily]) -> tuple[Version, ...]:
    trials: dict[str, Trials] = defaultdict(lambda: Trials(0, 0))
    for row in rows:
        if row.key:
            trials[row.key] += Trials(row.counts.meetings_dm, row.counts.dm_reached)
    return tuple(Version(code, trials[code]) for code in sorted(trials, key=_order))


def _order(ref: str) -> tuple[str, int, str]:
    """Return by what versions of scripts stand in order: script, then number."""
    code, _, number = ref.partition("@")
    return code, int(number) if number.isdecimal() else 0, number


def _compared(versions: Sequence[Version], rows: Iterable[stored.Daily]) -> tuple[Comparison, ...]:
    """Compare the two last versions of every script, day by day, by the rule fixed beforehand."""
    scripts: dict[str, list[str]] = defaultdict(list)
    for one in versions:
        scripts[one.code.partition("@")[0]].append(one.code)
    by_day: dict[date, dict[str, Trials]] = defaultdict(dict)
    for row in rows:
        known = by_day[row.day].get(row.key, Trials(0, 0))
        by_day[row.day][row.key] = known + Trials(row.counts.meetings_dm, row.counts.dm_reached)
    days, nothing = [by_day[day] for day in sorted(by_day)], Trials(0, 0)
    return tuple(
        compare_over(older, newer, [(day.get(older, nothing), day.get(newer, nothing)) for day in days])
        for older, newer in (found[-2:] for found in scripts.values() if len(found) > 1)
    )


# ----------------------------------------------------------------------------------------------------------------- SLA


def sla_cases(ctx: Context, first: date, last: date) -> list[SlaCase]:
    """Return the first responses of leads received in a period that were given or are overdue, oldest first."""
    start, end = _span(ctx, first, last)
    wanted = ((first - timedelta(days=1)).isoformat(), (last + timedelta(days=1)).isoformat())
    now, out = ctx.now(), []
    with ctx.store.read() as tx:
        ids = read.received(tx, *wanted)
        for at in range(0, len(ids), _BLOCK):
            block = ids[at : at + _BLOCK]
            facts, touches = leads.many(tx, block), leads.touches_many(tx, block)
            for lead_id, known in facts.items():
                received = clocks.instant(known.get("received_at"))
                if received is None or not start <= received < end:
                    continue
                clock = clocks.first_response(known, effective(touches[lead_id]), ctx.rules, ctx.calendar)
                if clock is None or (clock.stopped_at is None and now <= clock.due_at):
                    continue
                name, company = (str(known.get(path) or "") for path in ("name", "company.name"))
                out.append(SlaCase(lead_id, name, company, known.owner_id, received, clock.due_at, clock.kept is True))
    return sorted(out, key=lambda one: (one.at, one.lead_id))


def _between(cases: Iterable[SlaCase], first: date, last: date) -> list[SlaCase]:
    return [one for one in cases if first <= one.at.astimezone(TOKYO).date() <= last]


def _by_step(cases: Iterable[SlaCase], unit: str) -> tuple[tuple[date, Trials], ...]:
    out: dict[date, Trials] = {}
    for one in cases:
        step = kpi.PERIODS[unit](one.at.astimezone(TOKYO).date())
        out[step] = out.get(step, Trials(0, 0)) + Trials(int(one.kept), 1)
    return tuple(sorted(out.items(), key=lambda one: one[0]))


def _span(ctx: Context, first: date, last: date) -> tuple[datetime, datetime]:
    return ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
