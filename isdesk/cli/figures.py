"""The verb ``kpi``: figures of a period, each with its numerator and denominator."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day

if TYPE_CHECKING:
    from isdesk.services.kpi import Figures, Rate

BY = ("rep", "team", "segment", "script", "list", "channel", "hour", "day", "week", "month")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="first day (default: start of this month)")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="last day (default: today)")
    parser.add_argument("--by", metavar="BY", choices=BY, default="team", help=" | ".join(BY) + " (default: team)")


def kpi(session: Session) -> int | None:
    """Print the figures of a period."""
    from isdesk.services import kpi as service

    args = session.args
    with session.desk() as desk:
        today = date.fromisoformat(desk.ctx.today())
        last = args.last or today
        first = args.first or min(today, last).replace(day=1)
        found = service.figures(desk.ctx, first=first, last=last, by=args.by)
    data = {"from": first, "to": last, "by": args.by, "rows": [one.row() for one in found]}
    session.out.result(data, _table(session, found))
    return None


def _table(session: Session, found: list[Figures]) -> str:
    if not found:
        return session.words("この期間の記録はありません。", "Nothing was recorded in this period.")
    head = session.labels(
        ("", ""),
        ("架電", "dials"),
        ("通電", "answered"),
        ("通電率", "answer rate"),
        ("接続", "DM reached"),
        ("接続率", "DM connect rate"),
        ("アポ", "meetings"),
        ("獲得率", "meeting rate"),
        ("アポ率", "per dial"),
        ("SQL", "SQL"),
        ("受理率", "acceptance"),
    )
    body = []
    for one in found:
        counts, rates = one.counts, one.rates
        body.append(
            (
                one.label or "—",
                counts.dials,
                counts.answered,
                _share(rates["answer_rate"]),
                counts.dm_reached,
                _share(rates["dm_connect_rate"]),
                counts.meetings_gross,
                _share(rates["meeting_set_rate"]),
                _share(rates["meeting_set_rate_per_dial"]),
                one.sql_count,
                _share(rates["handoff_acceptance_rate"]),
            )
        )
    return table(head, body)


def _share(rate: Rate) -> str:
    """Return a rate in per cent; — where there is nothing to divide by (never 0 %)."""
    return "—" if rate.value is None else f"{rate.value * 100:.1f} %"


VERBS: tuple[Verb, ...] = (
    Verb(
        "kpi",
        "figures of a period",
        "期間のKPI",
        ("kpi --from 2026-11-01 --by rep", "kpi --by week --json"),
        _arguments,
        kpi,
    ),
)
