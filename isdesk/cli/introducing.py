"""The verb ``introduction``: the first 90 days, readiness and self-assessment, and what people note on them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day, pair
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.introducing import Introduction, PointView, StepView

_YES = {"yes": True, "no": False, "none": None}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--start", metavar="D", type=day, help="the day on which the 90 days begin")
    parser.add_argument("--tick", metavar="STEP", action="append", default=[], help="a step is done (by hand)")
    parser.add_argument("--untick", metavar="STEP", action="append", default=[], help="take that back")
    parser.add_argument(
        "--assign", metavar="STEP=R", type=pair, action="append", default=[], help="who does a step (empty: nobody)"
    )
    parser.add_argument("--due", metavar="STEP=D", type=pair, action="append", default=[], help="by when (empty: plan)")
    parser.add_argument(
        "--answer",
        metavar="KIND:CODE=yes|no|none",
        type=pair,
        action="append",
        default=[],
        help="answer readiness:… or symptom:… by hand",
    )
    parser.add_argument("--document", metavar="FILE", help="write it as HTML")


def introduction(session: Session) -> int | None:
    """Show how the introduction stands, note something, or write the document."""
    from isdesk.services import introducing as service
    from isdesk.services import introduction_paper

    args = session.args
    with session.desk() as desk:
        _noted(desk.ctx, args)
        made = service.board(desk.ctx, session.lang)
        if args.document:
            Path(args.document).write_text(introduction_paper.html(desk.ctx, made, session.lang), "utf-8")
    session.out.result(_json(made), _text(session, made))
    return None


def _noted(ctx: Context, args: argparse.Namespace) -> None:
    from isdesk.services import introducing as service

    if args.start is not None:
        service.set_start(ctx, args.start)
    for code in args.tick:
        service.mark(ctx, "step", code, yes=True)
    for code in args.untick:
        service.mark(ctx, "step", code, yes=None)
    for code in dict.fromkeys([code for code, _ in (*args.assign, *args.due)]):
        _assign(ctx, code, dict(args.assign), dict(args.due))
    for item, said in args.answer:
        what, _, code = item.partition(":")
        if said not in _YES:
            raise BadInput("value_bad", field=item, value=said)
        service.mark(ctx, what, code, yes=_YES[said])


def _assign(ctx: Context, code: str, people: dict[str, str], dues: dict[str, str]) -> None:
    from isdesk.cli.refs import member_id
    from isdesk.services import introducing as service

    now = next((one for one in service.board(ctx).steps if one.step.code == code), None)
    owner = now.owner_id if now is not None else None
    due = now.own_due if now is not None else None
    if code in people:
        owner = member_id(ctx, people[code]) if people[code] else None
    if code in dues:
        try:
            due = day(dues[code]) if dues[code] else None
        except argparse.ArgumentTypeError as problem:
            raise BadInput("value_bad", field=code, value=dues[code]) from problem
    service.assign(ctx, code, owner, due)


def _json(made: Introduction) -> dict[str, object]:
    return {
        "start": made.start,
        "day": made.day,
        "phase": made.phase,
        "done": made.done,
        "steps": [_step_json(one) for one in made.steps],
        "readiness": [_point_json(one) for one in made.readiness],
        "ready": made.ready,
        "symptoms": [_point_json(one) for one in made.symptoms],
        "found": made.found,
        "redesign": made.redesign,
    }


def _common(one: StepView | PointView) -> dict[str, object]:
    return {
        "by_data": one.by_data,
        "figure": one.finding.figure if one.finding is not None else None,
        "records": one.finding.records if one.finding is not None else (),
        "noted_by": one.marked_by or None,
        "noted_at": one.mark.at if one.mark is not None else None,
    }


def _step_json(one: StepView) -> dict[str, object]:
    return {
        "code": one.step.code,
        "phase": one.step.phase,
        "department": one.step.owner,
        "owner": one.owner or None,
        "due": one.due,
        "done": one.done,
        "late": one.late,
        **_common(one),
    }


def _point_json(one: PointView) -> dict[str, object]:
    return {"code": one.point.code, "answer": one.answer, **_common(one)}


def _text(session: Session, made: Introduction) -> str:
    from isdesk.domain.raci import LABELS
    from isdesk.services.introduction_paper import evidence

    say, lang = session.words, session.lang
    parts = [
        facts(
            [
                (say("開始日", "Start"), made.start),
                (say("経過日数", "Day"), made.day),
                (say("済み", "Done"), f"{made.done}/{len(made.steps)}"),
                (say("準備度", "Ready"), f"{made.ready}/{len(made.readiness)}"),
                (say("症状", "Symptoms"), f"{made.found}/{len(made.symptoms)}"),
            ]
        )
    ]
    head = session.labels(
        ("済", "done"), ("項目", "step"), ("担当", "owner"), ("期限", "due"), ("根拠", "evidence"), ("CODE", "code")
    )
    rows = [
        (one.done, one.step.label.in_(lang), one.owner or LABELS[one.step.owner].in_(lang), one.due,
         evidence(one, lang), one.step.code)
        for one in made.steps
    ]  # fmt: skip
    parts.append(table(head, rows))
    head = session.labels(("答え", "answer"), ("項目", "point"), ("根拠", "evidence"), ("CODE", "code"))
    for points in (made.readiness, made.symptoms):
        body = [(_answer(one), one.point.label.in_(lang), evidence(one, lang), f"{one.what}:{one.point.code}")
                for one in points]  # fmt: skip
        parts.append(table(head, body))
    if made.redesign:
        parts.append(say("分業の設計を見直す必要があります。", "The division of work needs a redesign."))
    return "\n\n".join(parts)


def _answer(one: PointView) -> object:
    return "?" if one.answer is None else one.answer


VERBS: tuple[Verb, ...] = (
    Verb(
        "introduction",
        "the introduction in 90 days: steps, readiness, self-assessment",
        "導入の90日(チェックリスト・準備度・セルフ診断)",
        (
            "introduction",
            "introduction --start 2026-11-24 --json",
            "introduction --tick scaling --assign materials=佐々木葵 --due materials=2027-02-10",
            "introduction --answer symptom:private_lists=no --document introduction.html",
        ),
        _arguments,
        introduction,
    ),
)
