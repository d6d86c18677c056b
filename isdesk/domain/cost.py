"""What the work costs, a month and a lead source at a time, and what a SQL and a won deal cost by that (DOMAIN 8).

A cost is a filing of kind ``cost`` whose subject is ``YYYY-MM:<lead source>`` (empty: what belongs to all of them); the
last one counts. Days of a month bear equal parts of it, so that a period that cuts a month pays for its days only.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import MemberId

KIND: Final = "cost"
ALL: Final = ""
"""The source of what belongs to every source: people, tools."""


@dataclass(frozen=True, slots=True)
class Cost:
    """So many yen in a month (its first day) for a lead source; who entered it and when."""

    month: date
    source: str
    amount: int
    member_id: MemberId
    at: datetime

    def in_period(self, first: date, last: date) -> float:
        """Return its part that falls on the days ``first`` to ``last``, both included."""
        days = monthrange(self.month.year, self.month.month)[1]
        ends = self.month.replace(day=days)
        shared = (min(last, ends) - max(first, self.month)).days + 1
        return self.amount * max(shared, 0) / days


def subject(month: date, source: str) -> str:
    """Return the subject of a cost."""
    return f"{month:%Y-%m}:{source}"


def costs(filings: Iterable[Filing]) -> list[Cost]:
    """Return the costs that stand, the newest month first; what cannot be read is passed over."""
    found: dict[str, Cost] = {}
    for one in standing(filings):
        if one.kind != KIND:
            continue
        month, _, source = one.subject.partition(":")
        amount = one.payload.get("amount")
        found.pop(one.subject, None)
        try:
            first = date.fromisoformat(f"{month}-01")
        except ValueError:
            continue
        if isinstance(amount, int) and not isinstance(amount, bool) and amount > 0:
            found[one.subject] = Cost(first, source, amount, one.member_id, one.at)
    return sorted(found.values(), key=lambda one: (-one.month.toordinal(), one.source))


def spent(every: Iterable[Cost], first: date, last: date) -> dict[str, float]:
    """Return what was spent on the days ``first`` to ``last`` by lead source, without sources that cost nothing."""
    found: dict[str, float] = {}
    for one in every:
        part = one.in_period(first, last)
        if part:
            found[one.source] = found.get(one.source, 0.0) + part
    return found


def each(total: float, count: int) -> float | None:
    """Return what one cost; None where there is nothing to divide by or nothing was spent."""
    return total / count if total and count else None
