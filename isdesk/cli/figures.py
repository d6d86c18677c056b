"""The verb ``kpi``: figures of a period, each with its numerator and denominator."""

from __future__ import annotations

import argparse

from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day

BY = ("rep", "team", "segment", "script", "list", "channel", "day", "week", "month")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="first day (default: start of this month)")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="last day (default: today)")
    parser.add_argument("--by", metavar="BY", choices=BY, default="team", help=" | ".join(BY) + " (default: team)")


def kpi(session: Session) -> int | None:
    """Print the figures of a period."""
    from datetime import date

    from isdesk.services import kpi as service

    args = session.args
    with session.desk() as desk:
        today = date.fromisoformat(desk.ctx.today())
        first, last = args.first or today.replace(day=1), args.last or today
        rows = service.rows(desk.ctx, first=first, last=last, by=args.by)
    session.out.result({"from": first, "to": last, "by": args.by, "rows": rows}, "")
    return None


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
