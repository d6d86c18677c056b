"""The learning loop: reasons by segment, source, script and objection, and lost leads that came back (DOMAIN 9).

Who may not see the team gets what is of the own calls and handoffs alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.domain import returning
from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import State, fold_all
from isdesk.domain.returning import Loss, Return
from isdesk.domain.roles import Right
from isdesk.domain.touch import effective
from isdesk.services import kpi
from isdesk.services.drilling import Record
from isdesk.store import leads
from isdesk.store import pictures as read

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

REASON: Final = "reason:"
"""A figure ``reason:<kind>:<code>`` is how often that reason was given; without a code: any reason of that kind."""
RETURN: Final = "return:"
"""A figure ``return:<part>`` is a part of `domain.returning.Return`."""
BY: Final = ("reason", "segment", "source", "script", "objection")
"""By what losses are grouped; reasons themselves by all but ``reason``."""
WHOLE: Final = ("team", "team")
"""The group and key of all together."""
_YEAR: Final = timedelta(days=400)
"""So long before the period a handoff may have been submitted whose deal was lost in it."""
_BLOCK: Final = 400


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: ``refusal`` (at a call) or ``lost`` (after a meeting), its code, and what it is called."""

    kind: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """A group and how often each reason was given in it; ``whole`` counts the cases, each once."""

    key: str
    label: str
    whole: int
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons of a period by group: the ``reasons`` and the ``groups``, each the most frequent first.

    A case with two objections counts in both their groups; ``whole`` and the reasons' own sums count it once.
    """

    by: str
    whole: int
    reasons: tuple[Why, ...]
    groups: tuple[ReasonGroup, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A case in which a reason was given."""

    id: str
    lead_id: LeadId
    kind: str
    reason: str
    at: datetime
    member_id: str
    outcome: str
    script: str
    objections: tuple[str, ...]


# -------------------------------------------------------------------------------------------------------------- reasons


def reasons(ctx: Context, *, first: date, last: date, by: str = "segment") -> Reasons:
    """Return why people said no on these business days, by group. Raises BadInput (``kpi_by_unknown``)."""
    _known(by, BY[1:])
    said, facts = _said(ctx, first, last)
    groups: dict[str, list[_Said]] = defaultdict(list)
    for one in said:
        for key in _keys(by, one, facts.get(one.lead_id)):
            groups[key].append(one)
    often = Counter((one.kind, one.reason) for one in said)
    labels = {one.code: one.label.in_(ctx.lang) for one in ctx.rules.reasons}
    whys = [Why(kind, code, labels.get(code, code)) for kind, code in sorted(often, key=lambda k: (-often[k], k))]
    rows = [
        ReasonGroup(key, label_of(ctx, by, key), len(group), Counter((one.kind, one.reason) for one in group))
        for key, group in groups.items()
    ]
    return Reasons(by, len(said), tuple(whys), tuple(sorted(rows, key=lambda row: (-row.whole, row.key))))


def reason_records(
    ctx: Context, figure: str, *, first: date, last: date, by: str = "team", key: str = "team"
) -> list[Record]:
    """Return the touches or handoffs by which a reason was given in a group, oldest first.

    ``figure``: ``<kind>:<code>``, ``<kind>:`` for any reason of a kind, empty for all.
    """
    kind, _, code = figure.partition(":")
    said, facts = _said(ctx, first, last)
    found = [
        Record(one.id, one.lead_id, *_named(facts.get(one.lead_id)), one.at, ctx.name_of(one.member_id), one.outcome)
        for one in said
        if kind in {"", one.kind}
        and code in {"", one.reason}
        and (by == "team" or key in _keys(by, one, facts.get(one.lead_id)))
    ]
    return sorted(found, key=lambda one: (one.at, one.id))


def _said(ctx: Context, first: date, last: date) -> tuple[list[_Said], dict[LeadId, LeadFacts]]:
    start, end = _span(ctx, first, last)
    with ctx.store.read() as tx:
        said = [
            _Said(
                one.id, one.lead_id, returning.REFUSAL, one.reason, one.at, one.member_id, one.outcome, one.script,
                one.objections,
            )
            for one in read.reasons(tx, start, end)
        ]  # fmt: skip
        said += _lost(ctx, tx, start, end)
        mine = [one for one in said if ctx.may(Right.SEE_TEAM) or one.member_id == ctx.me.id]
        return mine, leads.many(tx, {one.lead_id for one in mine})


def _lost(ctx: Context, tx: Tx, start: datetime, end: datetime) -> list[_Said]:
    steps, _ = kpi.handed(tx, start, end, with_facts=False)
    lost = [one for one in kpi.handoffs(steps, start, end) if one.result == "lost" and one.factor]
    touches = leads.touches_many(tx, {one.submit.lead_id for one in lost})
    found = []
    for one in lost:
        submit = one.submit
        call = returning.meeting_call(effective(touches[submit.lead_id]), ctx.rules.outcomes, submit.at)
        script, objections = (call.script or "", call.objections) if call is not None else ("", ())
        found.append(
            _Said(
                submit.handoff_id, submit.lead_id, returning.LOST, one.factor, submit.at, submit.member_id, "lost",
                script, objections,
            )
        )  # fmt: skip
    return found


def _keys(by: str, one: _Said | Loss, facts: LeadFacts | None) -> tuple[str, ...]:
    """Return the groups in which a case counts: one, or one for each objection."""
    match by:
        case "segment" | "source":
            code = "segment" if by == "segment" else "lead_source"
            return (str((facts.get(code) if facts is not None else None) or kpi.NOT_GIVEN),)
        case "script":
            return (one.script or kpi.NOT_GIVEN,)
        case "objection":
            return tuple(dict.fromkeys(one.objections)) or (kpi.NOT_GIVEN,)
        case "reason":
            return (f"{one.kind}:{one.reason}",)
    return ("team",)


def label_of(ctx: Context, by: str, key: str) -> str:
    """Return what a group is called; empty for those that have none."""
    if by == "source" and key in ctx.rules.sources:
        return ctx.rules.sources[key].label.in_(ctx.lang)
    if by == "objection":
        named = {one.code: one.label.in_(ctx.lang) for script in ctx.rules.scripts for one in script.objections}
        return named.get(key, key)
    if by == "reason":
        code = key.partition(":")[2]
        outcome = ctx.rules.outcomes.get(code)
        known = {one.code: one.label.in_(ctx.lang) for one in ctx.rules.reasons}
        return known.get(code) or (outcome.label.in_(ctx.lang) if outcome is not None else code)
    return key


# -------------------------------------------------------------------------------------------------------------- returns


def returns(ctx: Context, *, first: date, last: date, by: str = "reason") -> tuple[Return, list[Return]]:
    """Return what became of the leads lost on these business days: all together, and by group, the largest first.

    Raises BadInput (``kpi_by_unknown``).
    """
    _known(by, BY)
    now = ctx.now()
    found, facts = _losses(ctx, first, last)
    groups: dict[str, list[Loss]] = defaultdict(list)
    for one in found:
        for key in _keys(by, one, facts.get(one.lead_id)):
            groups[key].append(one)
    rows = [returning.counted(key, label_of(ctx, by, key), group, now) for key, group in groups.items()]
    return returning.counted(*WHOLE, found, now), sorted(rows, key=lambda row: (-row.lost, row.key))


def return_records(
    ctx: Context, part: str, *, first: date, last: date, by: str = "team", key: str = "team"
) -> list[Record]:
    """Return the losses that a part of a `Return` counts, oldest first; `Record.at` is when the lead was lost, for
    ``again`` and ``back`` when that happened, `Record.outcome` the reason.

    Raises BadInput (``figure_unknown``, ``kpi_by_unknown``).
    """
    if part not in returning.PARTS:
        raise BadInput("figure_unknown", figure=f"{RETURN}{part}", known=returning.PARTS)
    _known(by, (*BY, "team"))
    now = ctx.now()
    found, facts = _losses(ctx, first, last)
    when: Callable[[Loss], datetime] = {
        "again": lambda one: one.again_at or one.at,
        "back": lambda one: one.back_at or one.at,
    }.get(part, lambda one: one.at)
    records = [
        Record(one.id, one.lead_id, *_named(facts.get(one.lead_id)), when(one), ctx.name_of(one.member_id), one.reason)
        for one in found
        if returning.of_part(one, part, now) and key in _keys(by, one, facts.get(one.lead_id))
    ]
    return sorted(records, key=lambda one: (one.at, one.id))


def _losses(ctx: Context, first: date, last: date) -> tuple[list[Loss], dict[LeadId, LeadFacts]]:
    start, end = _span(ctx, first, last)
    found: list[Loss] = []
    with ctx.store.read() as tx:
        refused = set(read.rested(tx, start, end))
        recent = leads.submitted(tx, start - _YEAR, end)
        handed = set(leads.in_handoff(tx, [state.value for state in State])) & recent
        wanted = sorted(refused | handed)
        for at in range(0, len(wanted), _BLOCK):
            block = wanted[at : at + _BLOCK]
            touches, steps = leads.touches_many(tx, block), leads.transitions_many(tx, block)
            for lead in block:
                every = returning.losses(effective(touches[lead]), fold_all(steps[lead]), ctx.rules.outcomes)
                found += [one for one in every if start <= one.at < end]
        mine = _mine(ctx, found)
        return mine, leads.many(tx, {one.lead_id for one in mine})


def _mine(ctx: Context, found: Iterable[Loss]) -> list[Loss]:
    every = ctx.may(Right.SEE_TEAM)
    return sorted(
        (one for one in found if every or one.member_id == ctx.me.id), key=lambda one: (one.at, one.lead_id, one.id)
    )


def _named(facts: LeadFacts | None) -> tuple[str, str]:
    if facts is None:
        return "", ""
    return str(facts.get("name") or ""), str(facts.get("company.name") or "")


def _known(by: str, known: Sequence[str]) -> None:
    if by not in known:
        raise BadInput("kpi_by_unknown", by=by, known=tuple(known))


def _span(ctx: Context, first: date, last: date) -> tuple[datetime, datetime]:
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    return ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
