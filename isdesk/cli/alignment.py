"""Verbs ``pack`` and ``drift``: what an alignment meeting looks at, and where practice and definition part."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day
from isdesk.domain.drift import BY_CODE

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.drifting import Drift, Line
    from isdesk.services.packs import Pack, Question


def _pack_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--week", metavar="D", type=day, help="the week of this day (default: the last full week)")
    which.add_argument("--month", metavar="D", type=day, help="the month of this day: the monthly review")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write the document to hand out")


def pack(session: Session) -> int | None:
    """Print the pack of a meeting, or write it as a document."""
    from isdesk.domain.alignment import MONTH, WEEK, first_day
    from isdesk.services import alignment_paper, kpi, packs

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        kpi.refresh(ctx)
        today = date.fromisoformat(ctx.today())
        kind = MONTH if args.month else WEEK
        last_week = date.fromordinal(first_day(WEEK, today).toordinal() - 7)
        made = packs.pack(ctx, kind, args.month or args.week or last_week)
        if args.html is not None:
            alignment_paper.write(ctx, made, args.html, session.lang)
        session.out.result({**_data(made), "file": args.html}, _told(session, ctx, made))
    return None


def _data(made: Pack) -> dict[str, object]:
    return {
        "alignment_meeting": made.meeting.id,
        "kind": made.meeting.kind,
        "from": made.period.first,
        "to": made.period.last,
        "before": made.period.before,
        "closed_at": made.meeting.closed_at,
        "attendees": made.meeting.attendees,
        "figures": made.tiles,
        "progress": made.progress,
        "trend": [{"start": start, **row} for start, row in made.trend],
        "cases": made.cases,
        "drift": [_line(one) for one in made.drift.lines],
        "questions": made.questions,
        "decisions": made.meeting.decisions,
        "actions": made.meeting.actions,
        "carried": made.carried,
        "losses": made.losses,
        "renurture": made.waking,
    }


def _line(one: Line) -> dict[str, object]:
    return {
        "line": one.code,
        "key": one.key,
        "count": one.trials.part,
        "denominator": one.trials.whole,
        "share": one.share,
        "low": one.around.low if one.around else None,
        "high": one.around.high if one.around else None,
        "before": {"count": one.before.part, "denominator": one.before.whole},
        "moved": one.moved,
        "steps": [{"start": start, "count": t.part, "denominator": t.whole} for start, t in one.steps],
    }


def _told(session: Session, ctx: Context, made: Pack) -> str:
    from isdesk.playbook.words import fixed
    from isdesk.services.alignment_paper import why
    from isdesk.services.alignment_words import meeting_name

    lang = session.lang
    h, kinds = fixed("alignment", lang), fixed("cases", lang)
    lines = [f"{meeting_name(made.meeting.id, lang)}  {made.period.first} – {made.period.last}", ""]
    lines += [h["cases"], *_cases(session, ctx, made, kinds), "", h["drift"], _drift_table(session, made.drift), ""]
    lines += [h["questions"], *(f"  {_key(one)}: {why(made, one, lang)}" for one in made.questions), ""]
    lines += [h["decisions"], *(f"  {one.text}" for one in made.meeting.decisions), "", h["actions"]]
    for act in (*made.carried, *made.meeting.actions):
        mark = "✓" if act.done_at is not None else "–"
        lines.append(f"  {mark} {act.text}  {ctx.name_of(act.owner)}  {act.due or ''}".rstrip())
    return "\n".join(lines)


def _key(one: Question) -> str:
    return f"{one.key} = {one.now}" if one.now else one.key


def _cases(session: Session, ctx: Context, made: Pack, kinds: Mapping[str, str]) -> list[str]:
    from isdesk.services.cases import detail_words

    if not made.cases:
        return ["  –"]
    head = session.labels(("種類", "kind"), ("日時", "when"), ("リード", "lead"), ("会社", "company"), ("内容", "what"))
    rows = [
        (
            kinds[one.kind],
            one.at,
            one.fall.segment if one.fall is not None else one.name,
            one.company,
            detail_words(ctx, one, session.lang),
        )
        for one in made.cases
    ]
    return [table(head, rows)]


def _drift_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="first day (default: start of this month)")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="last day (default: today)")
    parser.add_argument("--line", metavar="LINE", choices=tuple(BY_CODE), help="the records behind one line")


def drift(session: Session) -> int | None:
    """Print the drift report, or the records behind one of its lines."""
    from isdesk.services import drifting

    args = session.args
    with session.desk() as desk:
        today = date.fromisoformat(desk.ctx.today())
        last = args.last or today
        first = args.first or min(today, last).replace(day=1)
        if args.line:
            found = drifting.records(desk.ctx, args.line, first=first, last=last)
            data: dict[str, object] = {"from": first, "to": last, "line": args.line, "records": found}
            head = session.labels(
                ("日時", "when"), ("リード", "lead"), ("会社", "company"), ("担当", "who"), ("内容", "what")
            )
            rows = [(one.at, one.name, one.company, one.member, one.outcome) for one in found]
            session.out.result(data, table(head, rows))
            return None
        made = drifting.report(desk.ctx, first=first, last=last)
    data = {"from": first, "to": last, "before": made.before, "lines": [_line(one) for one in made.lines]}
    session.out.result(data, _drift_table(session, made))
    return None


def _drift_table(session: Session, made: Drift) -> str:
    head = session.labels(
        ("項目", "line"), ("件数", "count"), ("分母", "of"), ("割合", "share"), ("前の期間", "before"), ("定義", "key")
    )
    rows = [
        (
            BY_CODE[one.code].label.in_(session.lang),
            one.trials.part,
            one.trials.whole,
            _share(one.share),
            _share(one.before.value),
            one.key,
        )
        for one in made.lines
    ]
    return table(head, rows)


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value * 100:.1f} %"


VERBS: tuple[Verb, ...] = (
    Verb(
        "pack",
        "the pack of an alignment meeting or a monthly review: figures, cases, drift, decisions, action items",
        "握り直し会議・月次レビューの資料",
        ("pack --week 2026-11-16", "pack --month 2026-11-01 --html review.html", "pack --json"),
        _pack_arguments,
        pack,
    ),
    Verb(
        "drift",
        "where practice and definition part, counted from the facts",
        "定義と実態のずれ",
        ("drift", "drift --from 2026-11-01 --line first_response --json"),
        _drift_arguments,
        drift,
    ),
)
