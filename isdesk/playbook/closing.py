"""Which days are closed: public holidays of Japan, the year's end, the company's own days (営業日カレンダー)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

Yearly = tuple[int, int, int, int]


@cache
def public_holidays(year: int) -> tuple[date, ...]:
    """Return the public holidays of Japan in ``year`` (国民の祝日, 振替休日 and 国民の休日 too)."""
    import holidays

    return tuple(sorted(holidays.country_holidays("JP", years=year)))


def closed_days(
    years: Sequence[int],
    *,
    own: Iterable[date] = (),
    yearly: Iterable[Yearly] = (),
    open_days: Iterable[date] = (),
    public: bool = True,
) -> frozenset[date]:
    """Return the closed days of ``years``: public holidays, the yearly spans and ``own``, without ``open_days``."""
    days = set(own)
    for year in years:
        if public:
            days.update(public_holidays(year))
        for span in yearly:
            days.update(_span(year - 1, span))
            days.update(_span(year, span))
    return frozenset(d for d in days if d.year in years or d in own) - frozenset(open_days)


def _span(year: int, span: Yearly) -> list[date]:
    """Return the days of a yearly span that begins in ``year``; it may end in the next (12/29–1/3)."""
    m1, d1, m2, d2 = span
    first = date(year, m1, min(d1, 28) if m1 == 2 else d1)
    last = date(year + ((m2, d2) < (m1, d1)), m2, min(d2, 28) if m2 == 2 else d2)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
