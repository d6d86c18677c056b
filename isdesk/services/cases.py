"""The cases of a period that deviate (外れた案件), each with what it opens and the definitions that it questions.

What came back from FS (returned, no opportunity, facts asked again), what came too late by the SLA, and segments whose
conversion fell by more than chance (DOMAIN 11). A case counts on the day on which it happened, so that each comes up
at one meeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from isdesk.clock import TOKYO
from isdesk.domain.deviation import RATES, Fall, fallen
from isdesk.domain.diagnosis import Trials
from isdesk.domain.handoff import Action, Handoff, State, fold_all
from isdesk.domain.ids import LeadId
from isdesk.domain.sla import is_inbound
from isdesk.services import kpi
from isdesk.services.alignment_words import late_words
from isdesk.services.drilling import Record
from isdesk.services.handoffs import reason_label
from isdesk.store import leads

if TYPE_CHECKING:
    from isdesk.domain.drift import Point
    from isdesk.domain.handoff import Transition
    from isdesk.domain.ids import MemberId
    from isdesk.domain.rules import Rules
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.services.drifting import Points

KINDS: Final = (
    "not_opportunity", "returned", "reasked", "first_response", "fs_decision", "feedback", "segment_fell",
)  # fmt: skip
"""The kinds of cases in the order of the agenda."""
_NO_OPPORTUNITY: Final = frozenset({"no_opportunity", "no_show"})
_QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "not_opportunity": ("stage.sql", "checklist"),
    "returned": ("checklist",),
    "fs_decision": ("sla.fs_decision_hours",),
    "feedback": ("sla.feedback_days",),
}
_SEGMENT_QUESTIONS: Final = {
    "answer_rate": ("windows.best",),
    "dm_connect_rate": ("script",),
    "meeting_set_rate": ("script",),
    "handoff_rate": ("checklist",),
}
"""Which definition a case of a kind, or the fall of a rate, puts in question."""
_LATE: Final = ("first_response", "fs_decision", "feedback")
_WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Case:
    """One deviating case. ``id`` names it for good; ``detail`` says what happened, as a code; ``keys`` the definitions.

    A fallen segment has no lead but its ``fall``; its records are those of the rate's denominator.
    """

    id: str
    kind: str
    keys: tuple[str, ...]
    at: datetime | None = None
    lead_id: LeadId | None = None
    member_id: MemberId | None = None
    detail: tuple[str, ...] = ()
    fall: Fall | None = None
    name: str = ""
    company: str = ""


def cases(ctx: Context, first: date, last: date, found: Points) -> tuple[Case, ...]:
    """Return the cases of some business days, by kind and then oldest first. ``found``: the points of drift."""
    with ctx.store.read() as tx:
        steps = leads.transitions_many(tx, leads.in_handoff(tx, [state.value for state in State]))
    handed = [one for life in steps.values() for one in fold_all(life)]
    every = [*_of_handoffs(ctx, handed), *_late(found)]
    mine = [one for one in every if one.at is not None and first <= one.at.astimezone(TOKYO).date() <= last]
    named = list(with_names(ctx, mine))
    named.sort(key=lambda one: (KINDS.index(one.kind), one.at, one.id))
    return (*named, *(_of_fall(one) for one in falls(ctx, first, last)))


def with_names(ctx: Context, found: Sequence[Case]) -> Iterator[Case]:
    """Yield cases with the names of their leads, and the SLA questioned that their source has."""
    with ctx.store.read() as tx:
        facts = leads.many(tx, {one.lead_id for one in found if one.lead_id is not None})
    for one in found:
        known = facts.get(one.lead_id) if one.lead_id is not None else None
        name, company = (str((known.get(path) if known else "") or "") for path in ("name", "company.name"))
        yield replace(one, name=name, company=company, keys=one.keys or _sla_key(known, ctx.rules))


def _sla_key(facts: LeadFacts | None, rules: Rules) -> tuple[str, ...]:
    inbound = facts is not None and is_inbound(facts, rules)
    return ("sla.inbound_first_response_hours" if inbound else "sla.first_response_hours",)


def _of_handoffs(ctx: Context, handed: Iterable[Handoff]) -> Iterator[Case]:
    for one in handed:
        ended = _not_opportunity(one)
        if ended is not None:
            yield ended
        for step in one.steps:
            if step.action == Action.RETURN:
                yield _case("returned", step.id, step, _QUESTIONS["returned"], (step.reason or "",))
            asked = step.payload.get("reasked")
            if step.action == Action.FEEDBACK and isinstance(asked, list) and asked:
                facts = tuple(str(field) for field in asked)
                yield _case("reasked", step.id, step, _items(facts, ctx.rules), facts)


def _not_opportunity(one: Handoff) -> Case | None:
    """Return the case of a handoff whose last word is that it became no opportunity; it is one case, not one a step."""
    said = next((step for step in reversed(one.steps) if step.action == Action.FEEDBACK), None)
    gone = next((step for step in reversed(one.steps) if step.action == Action.RECYCLE), None)
    if one.state is State.RECYCLED and gone is not None:
        return _case(
            "not_opportunity", str(one.id), gone, _QUESTIONS["not_opportunity"], ("recycle", gone.reason or "")
        )
    result = str(said.payload.get("result") or "") if said is not None else ""
    if said is not None and result in _NO_OPPORTUNITY:
        return _case("not_opportunity", str(one.id), said, _QUESTIONS["not_opportunity"], (result,))
    return None


def _case(kind: str, key: str, step: Transition, keys: tuple[str, ...], detail: tuple[str, ...]) -> Case:
    return Case(f"{kind}:{key}", kind, keys, step.at, step.lead_id, step.member_id, tuple(x for x in detail if x))


def _items(asked: Iterable[str], rules: Rules) -> tuple[str, ...]:
    """Return the checklist items that facts belong to which had to be asked again, by field or by item."""
    found = [
        f"checklist.{item.code}"
        for field in asked
        for item in rules.checklist
        if field == item.code or field in item.fields
    ]
    return tuple(dict.fromkeys(found)) or ("checklist",)


def _late(found: Points) -> Iterator[Case]:
    for kind in _LATE:
        for one in found.get(kind, ()):
            if one.broken:
                yield _of_point(kind, one)


def _of_point(kind: str, one: Point) -> Case:
    detail = tuple(one.detail.split())
    return Case(f"{kind}:{one.id}", kind, _QUESTIONS.get(kind, ()), one.at, one.lead_id, one.member_id, detail)


# ------------------------------------------------------------------------------------------------------------- segments


def falls(ctx: Context, first: date, last: date) -> tuple[Fall, ...]:
    """Return the segments whose conversion surely fell: a week against the four before, more against as many days."""
    length = max((last - first).days + 1, 7 * _WEEKS)
    now, before = _rates(ctx, first, last), _rates(ctx, first - timedelta(days=length), first - timedelta(days=1))
    return fallen(now, before)


def _rates(ctx: Context, first: date, last: date) -> dict[str, dict[str, Trials]]:
    rows = kpi.kept(ctx, first=first, last=last, by="segment", unique=False)
    return {
        code: {row.key: Trials(row.rates[code].numerator, row.rates[code].denominator) for row in rows if row.key}
        for code in RATES
    }


def _of_fall(one: Fall) -> Case:
    keys = _SEGMENT_QUESTIONS[one.code]
    return Case(
        f"segment_fell:{one.code}:{one.segment}", "segment_fell", keys, detail=(one.code, one.segment), fall=one
    )


# --------------------------------------------------------------------------------------------------------------- words


def detail_words(ctx: Context, one: Case, lang: str) -> str:
    """Return what happened in a case, in words; a fall with both rates, their n and intervals."""
    from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
    from isdesk.playbook.words import fixed

    if one.fall is not None:
        return fall_words(one.fall, lang)
    results, items = fixed("results", lang), {item.code: item.label.in_(lang) for item in ctx.rules.checklist}

    def say(code: str) -> str:
        if one.kind in _LATE:
            return late_words(code, lang)
        if one.kind == "reasked":
            field = LEAD_FIELDS.get(code) or COMPANY_FIELDS.get(code.removeprefix("company."))
            return items.get(code) or ((field.ja if lang == "ja" else field.en) if field is not None else code)
        return results.get(code) or reason_label(ctx, code)

    return " ・ ".join(say(code) for code in one.detail)


def fall_words(one: Fall, lang: str) -> str:
    """Return a fall as ``率 40 % (n=50, 95 % 区間 28–53 %) ← 60 % (n=210, …)``."""
    from isdesk.services.dashboard import definition

    def rate(trials: Trials, low: float, high: float) -> str:
        value = (trials.value or 0.0) * 100
        around = "95 % 区間" if lang == "ja" else "95 % interval"
        return f"{value:.1f} % (n={trials.whole}, {around} {low * 100:.0f}–{high * 100:.0f} %)"

    name = definition(one.code).label.in_(lang)
    now = rate(one.now, one.around.low, one.around.high)
    return f"{name} {now} ← {rate(one.before, one.around_before.low, one.around_before.high)}"


def records(ctx: Context, one: Case, first: date, last: date) -> list[Record]:
    """Return what a case opens: the trials of a fallen segment, else the one lead."""
    from isdesk.services import dashboard

    if one.fall is not None:
        part = dashboard.parts(one.fall.code)[1]
        return dashboard.records(ctx, part, first=first, last=last, by="segment", key=one.fall.segment)
    if one.lead_id is None or one.at is None:
        return []
    words = detail_words(ctx, one, ctx.lang)
    return [Record(one.id, one.lead_id, one.name, one.company, one.at, ctx.name_of(one.member_id), words)]
