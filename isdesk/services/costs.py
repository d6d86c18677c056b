"""Entering costs, and what they come to: per SQL, per won deal (CAC), beside what a customer has brought so far (LTV).

LTV is what a won customer has brought so far: the won amounts of all deals of a company, as FS feedback and the CRM
carry them, averaged over the companies that were won.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from isdesk.domain import cost as rules
from isdesk.domain.changes import Changes, Verb
from isdesk.domain.cost import ALL, KIND, Cost
from isdesk.domain.errors import BadInput
from isdesk.domain.filing import Filing
from isdesk.domain.handoff import State
from isdesk.domain.roles import Right
from isdesk.services import kpi
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import filings, journal

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.store import Tx

MOST = 10_000_000_000
"""No month costs more yen than this: a slip of the keyboard."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """A lead source (``source`` "": all together) in a period: yen spent, SQLs handed over, deals won, and each.

    ``cac`` is the cost of a won deal; ``ltv`` what a won customer has brought so far. None: nothing to divide by.
    """

    source: str
    label: str
    cost: float
    sql_count: int
    won: int
    cost_per_sql: float | None
    cac: float | None
    asp: float | None = None
    ltv: float | None = None

    @property
    def ltv_to_cac(self) -> float | None:
        """Return LTV ÷ CAC."""
        return self.ltv / self.cac if self.ltv is not None and self.cac else None


def enter(ctx: Context, month: date, amount: int | None, source: str = ALL) -> Written:
    """Enter what a month cost (yen) for a lead source, or for all; None or 0 takes it back.

    Raises BadInput (``source_unknown``, ``cost_amount``), Refused (``not_allowed``).
    """
    ctx.require(Right.DEFINITIONS)
    if source and source not in ctx.rules.sources:
        raise BadInput("source_unknown", source=source, known=", ".join(ctx.rules.sources))
    if amount is not None and not 0 <= amount <= MOST:
        raise BadInput("cost_amount", amount=amount)
    with ctx.store.write() as tx:
        entry = head(ctx, tx, Verb.COST, summary={"month": f"{month:%Y-%m}"})
        said = Filing(
            ctx.ids.new(), KIND, rules.subject(month, source), ctx.me.id, ctx.device_id,
            journal.next_seq(tx, ctx.device_id), entry.at, None, {"amount": amount}, entry.id,
        )  # fmt: skip
        journal.append(tx, entry, filings=[said])
    return Written(Changes(outbox=True, undo=True), entry.id)


def entries(ctx: Context) -> list[Cost]:
    """Return what was entered, the newest month first. Raises Refused (``not_allowed``)."""
    ctx.require(Right.SEE_TEAM)
    with ctx.store.read() as tx:
        return rules.costs(filings.of_kind(tx, KIND))


def total(tx: Tx, first: date, last: date) -> float:
    """Return the yen spent on these business days, all lead sources together; 0 where none was entered."""
    if not filings.count(tx, KIND):
        return 0.0
    return sum(rules.spent(rules.costs(filings.of_kind(tx, KIND)), first, last).values())


def lines(ctx: Context, *, first: date, last: date) -> list[Line]:
    """Return what SQLs and won deals of these business days cost: all together first, then by lead source.

    What belongs to no source alone is in the first line only. Raises BadInput (``period_backwards``), Refused
    (``not_allowed``).
    """
    ctx.require(Right.SEE_TEAM)
    if first > last:
        raise BadInput("period_backwards", first=first, last=last)
    start, end = ctx.calendar.start_of_day(first), ctx.calendar.start_of_day(last + timedelta(days=1))
    with ctx.store.read() as tx:
        spent = rules.spent(rules.costs(filings.of_kind(tx, KIND)), first, last)
        steps, facts = kpi.handed(tx, start, end, with_facts=True)
        lifetime = _lifetime(tx, end)
    by_source: dict[str, list[kpi.Handed]] = defaultdict(list)
    for one in kpi.handoffs(steps, start, end):
        known = facts.get(one.submit.lead_id)
        by_source[str((known.get("lead_source") if known is not None else None) or "")].append(one)
    everything = [one for found in by_source.values() for one in found]
    made = [_line(ctx, ALL, sum(spent.values()), everything, lifetime.get(ALL))]
    shown = [source for source in ctx.rules.sources if source in spent or by_source.get(source)]
    made += [_line(ctx, one, spent.get(one, 0.0), by_source.get(one, []), lifetime.get(one)) for one in shown]
    return made


def _line(ctx: Context, source: str, cost: float, handed: Sequence[kpi.Handed], ltv: float | None) -> Line:
    won = [one for one in handed if one.result == "won"]
    sqls = sum(one.state is not State.WITHDRAWN for one in handed)
    label = ctx.rules.sources[source].label.in_(ctx.lang) if source else ("全体" if ctx.lang == "ja" else "All")
    asp = sum(one.amount for one in won) / len(won) if won else None
    return Line(
        source, label, cost, sqls, len(won), rules.each(cost, sqls), rules.each(cost, len(won)), asp, ltv,
    )  # fmt: skip


def _lifetime(tx: Tx, end: datetime) -> dict[str, float]:
    """Return what a won customer has brought until ``end``, by lead source of their first win and (``ALL``) of all."""
    steps, facts = kpi.handed(tx, _LONG_AGO, end, with_facts=True)
    brought: dict[str, int] = defaultdict(int)
    came_by: dict[str, str] = {}
    for one in sorted(kpi.handoffs(steps, _LONG_AGO, end), key=lambda one: (one.submit.at, one.submit.id)):
        if one.result != "won" or one.amount <= 0:
            continue
        known = facts.get(one.submit.lead_id)
        customer = str((known.company_id if known is not None else None) or one.submit.lead_id)
        brought[customer] += one.amount
        came_by.setdefault(customer, str((known.get("lead_source") if known is not None else None) or ""))
    groups: dict[str, list[int]] = defaultdict(list)
    for customer, amount in brought.items():
        groups[ALL].append(amount)
        if came_by[customer]:
            groups[came_by[customer]].append(amount)
    return {source: sum(amounts) / len(amounts) for source, amounts in groups.items()}
