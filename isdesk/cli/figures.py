"""Verbs ``kpi``, ``diagnose`` and ``learning``: figures with their parts, what they say, and what can be learned."""

from __future__ import annotations

import argparse
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day
from isdesk.domain.kpi_catalogue import DEFINITIONS

if TYPE_CHECKING:
    from isdesk.domain.diagnosis import Shortfall, Split
    from isdesk.domain.returning import Return
    from isdesk.services.diagnosing import Diagnosis
    from isdesk.services.kpi import Figures, Rate

LOOP_BY = ("reason", "segment", "source", "script", "objection")
BY = ("rep", "team", "segment", "script", "list", "channel", "hour", "day", "week", "month")


def _arguments(parser: argparse.ArgumentParser) -> None:
    _period(parser)
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
    by_channel = any(one.contacts is not None for one in found)
    if by_channel:
        head = (*head, *session.labels(("接触", "contacts"), ("反応率", "response rate")))
    body: list[tuple[object, ...]] = []
    for one in found:
        counts, rates = one.counts, one.rates
        more = (one.contacts or 0, _share(one.response_rate)) if by_channel else ()
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
                *more,
            )
        )
    return table(head, body)


def _share(rate: Rate) -> str:
    """Return a rate in per cent; — where there is nothing to divide by (never 0 %)."""
    return "—" if rate.value is None else f"{rate.value * 100:.1f} %"


def _period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="first day (default: start of this month)")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="last day (default: today)")


def diagnose(session: Session) -> int | None:
    """Print what the figures of a period say."""
    from isdesk.services import diagnosing as service

    args = session.args
    with session.desk() as desk:
        today = date.fromisoformat(desk.ctx.today())
        last = args.last or today
        found = service.diagnose(desk.ctx, first=args.first or min(today, last).replace(day=1), last=last)
    session.out.result({f.name: getattr(found, f.name) for f in fields(found)}, _said(session, found))
    return None


def _learning_arguments(parser: argparse.ArgumentParser) -> None:
    _period(parser)
    parser.add_argument(
        "--by", metavar="BY", choices=LOOP_BY, default="reason", help=" | ".join(LOOP_BY) + " (default: reason)"
    )


def learning(session: Session) -> int | None:
    """Print what became of the leads lost in a period, and why people said no."""
    from isdesk.services import learning as service

    args = session.args
    with session.desk() as desk:
        today = date.fromisoformat(desk.ctx.today())
        last = args.last or today
        first = args.first or min(today, last).replace(day=1)
        whole, rows = service.returns(desk.ctx, first=first, last=last, by=args.by)
        by = "segment" if args.by == "reason" else args.by
        why = service.reasons(desk.ctx, first=first, last=last, by=by)
    data = {
        "from": first,
        "to": last,
        "by": args.by,
        "returns": {"whole": _return(whole), "rows": [_return(one) for one in rows]},
        "reasons": {
            "by": by,
            "whole": why.whole,
            "rows": [
                {
                    "key": group.key,
                    "label": group.label,
                    "whole": group.whole,
                    "counts": [{"kind": kind, "code": code, "count": n} for (kind, code), n in group.counts.items()],
                }
                for group in why.groups
            ],
        },
    }
    session.out.result(data, _returned(session, whole, rows))
    return None


def _return(one: Return) -> dict[str, object]:
    around = one.around
    return {
        "key": one.key,
        "label": one.label,
        "lost": one.lost,
        "planned": one.planned,
        "due": one.due,
        "contacted_again": one.again,
        "back": one.back,
        "return_rate": {
            "numerator": one.back,
            "denominator": one.again,
            "value": one.trials.value,
            "low": around.low if around is not None else None,
            "high": around.high if around is not None else None,
        },
    }


def _returned(session: Session, whole: Return, rows: list[Return]) -> str:
    if not whole.lost:
        return session.words("この期間に失注やお断りの記録はありません。", "Nothing was lost in this period.")
    head = session.labels(
        ("", ""),
        ("失注・お断り", "lost"),
        ("再開日あり", "with a day"),
        ("再開日到来", "day has come"),
        ("再接触", "contacted again"),
        ("アポに復帰", "back at a meeting"),
        ("復帰率", "return rate"),
        ("95%区間", "95 % interval"),
    )
    body = []
    for one in (whole, *rows):
        around, value = one.around, one.trials.value
        name = session.words("全体", "all") if one is whole else one.label or "—"
        if one.key.startswith("lost:"):
            name = session.words(f"失注: {name}", f"Lost: {name}")
        share = "—" if value is None else f"{value * 100:.1f} %"
        between = "—" if around is None else f"{around.low * 100:.0f}–{around.high * 100:.0f} %"
        body.append((name, one.lost, one.planned, one.due, one.again, one.back, share, between))
    return table(head, body)


def _said(session: Session, found: Diagnosis) -> str:
    lines = [_short(session, one) for one in found.shortfalls]
    if not lines:
        lines.append(session.words("目標を確かに下回る段階はありません。", "No stage is surely under its target."))
    if found.split is not None and found.split.change:
        split = found.split
        lines.append(
            session.words(
                f"SQL {split.before} → {split.after} の内訳: {_causes(split, 'ja')}",
                f"SQLs {split.before} → {split.after}, of which: {_causes(split, 'en')}",
            )
        )
        if split.chance:
            lines.append(session.words("この差は偶然の範囲です。", "A change of this size may be chance."))
    return "\n".join(lines)


def _short(session: Session, one: Shortfall) -> str:
    name = DEFINITIONS[one.code].label.in_(session.lang) if one.code in DEFINITIONS else one.code
    value, low, high = (f"{share * 100:.1f} %" for share in (one.value, one.around.low, one.around.high))
    since = ""
    if one.since is not None:
        since = session.words(f"、{one.since:%Y-%m-%d} の週から", f", since the week of {one.since:%Y-%m-%d}")
    where = session.words(f"、特に {one.segment}", f", most of all in {one.segment}") if one.segment else ""
    return session.words(
        f"{name}: {value}(95%区間 {low}–{high}、n={one.trials.whole})は"
        f"目標 {one.target * 100:.4g} % に届きません{since}{where}",
        f"{name}: {value} (95 % interval {low}–{high}, n={one.trials.whole}) is under the target of "
        f"{one.target * 100:.4g} %{since}{where}",
    )


def _causes(split: Split, lang: str) -> str:
    return ", ".join(f"{_CAUSES[code][lang == 'en']} {added:+.1f}" for code, added in split.causes.items())


_CAUSES = {
    "volume": ("架電数", "dials"),
    "connect": ("通電", "connects"),
    "decision_maker": ("接続", "decision makers"),
    "meeting": ("アポ", "meetings"),
    "handoff": ("引き渡し", "handoffs"),
}


VERBS: tuple[Verb, ...] = (
    Verb(
        "kpi",
        "figures of a period",
        "期間のKPI",
        ("kpi --from 2026-11-01 --by rep", "kpi --by week --json"),
        _arguments,
        kpi,
    ),
    Verb(
        "diagnose",
        "what the figures of a period say: where the funnel falls short, what a change is made of",
        "KPIの診断(届いていない段階と変化の内訳)",
        ("diagnose", "diagnose --from 2026-10-01 --to 2026-10-31 --json"),
        _period,
        diagnose,
    ),
    Verb(
        "learning",
        "what became of lost leads (contacted again, back at a meeting), and why people said no",
        "失注リードの再接触と復帰、断られた理由",
        ("learning --from 2026-01-01 --by segment", "learning --by script --json"),
        _learning_arguments,
        learning,
    ),
)
