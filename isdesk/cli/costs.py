"""The verb ``cost``: what a month cost, and what a SQL and a won deal cost by that."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day, natural

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.costs import Line


def _month(text: str) -> date:
    return day(text if text.count("-") > 1 else f"{text}-01").replace(day=1)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--month", metavar="YYYY-MM", type=_month, help="enter what this month cost")
    parser.add_argument("--amount", metavar="YEN", type=natural, help="in yen; 0 takes it back")
    parser.add_argument("--source", metavar="S", default="", help="only for this lead source (default: for all)")
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="first day (default: of this month)")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="last day (default: today)")


def cost(session: Session) -> int | None:
    """Enter a cost, and print what SQLs and won deals of a period cost."""
    from isdesk.services import costs as service

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        if args.month is not None and args.amount is not None:
            service.enter(ctx, args.month, args.amount, _source(ctx, args.source))
        today = date.fromisoformat(ctx.today())
        last = args.last or today
        lines = service.lines(ctx, first=args.first or min(today, last).replace(day=1), last=last)
        entries = service.entries(ctx)
    session.out.result(
        {
            "rows": [_json(line) for line in lines],
            "entries": [
                {"month": f"{one.month:%Y-%m}", "source": one.source or None, "amount": one.amount} for one in entries
            ],
        },
        _text(session, lines),
    )
    return None


def _source(ctx: Context, text: str) -> str:
    """Return the code of a lead source from its code or label; what is neither stays as it was typed."""
    labels = {label: code for code, one in ctx.rules.sources.items() for label in (one.label.ja, one.label.en)}
    return labels.get(text, text)


def _json(line: Line) -> dict[str, object]:
    return {
        "source": line.source or None,
        "cost": round(line.cost),
        "sql_count": line.sql_count,
        "won": line.won,
        "cost_per_sql": line.cost_per_sql,
        "cac": line.cac,
        "asp": line.asp,
        "ltv": line.ltv,
        "ltv_to_cac": line.ltv_to_cac,
    }


def _text(session: Session, lines: list[Line]) -> str:
    head = session.labels(
        ("流入経路", "source"), ("費用", "cost"), ("SQL件数", "SQLs"), ("SQL単価", "cost per SQL"), ("受注", "won"),
        ("受注単価(CAC)", "CAC"), ("LTV", "LTV"), ("LTV/CAC", "LTV/CAC"),
    )  # fmt: skip
    rows = [
        (one.label, _yen(one.cost), one.sql_count, _yen(one.cost_per_sql), one.won, _yen(one.cac), _yen(one.ltv),
         None if one.ltv_to_cac is None else round(one.ltv_to_cac, 1))
        for one in lines
    ]  # fmt: skip
    return table(head, rows)


def _yen(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


VERBS: tuple[Verb, ...] = (
    Verb(
        "cost",
        "what a month cost; cost per SQL and per won deal",
        "費用の入力と、SQL・受注1件あたりの費用",
        (
            "cost --month 2026-11 --amount 1800000",
            "cost --month 2026-11 --source 展示会 --amount 600000",
            "cost --json",
        ),
        _arguments,
        cost,
    ),
)
