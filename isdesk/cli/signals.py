"""The verb ``signals``: intent events (opens, clicks, downloads, seminars, trials) from a list."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.output import facts
from isdesk.cli.session import Session, Verb

if TYPE_CHECKING:
    from isdesk.services.signals import Listed, TakenIn


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="CSV, TSV or Excel file with mail or phone, event, time"
    )
    parser.add_argument("--signal", metavar="S", help="what happened, where no column says it: code or label")
    parser.add_argument("--at", metavar="COLUMN", help="the column that says when, where it is not found by itself")
    parser.add_argument("--encoding", metavar="E", help="instead of finding it: utf-8, cp932, euc-jp, utf-16 …")
    parser.add_argument("--dry-run", action="store_true", help="say what would be taken in, write nothing")


def signals(session: Session) -> int | None:
    """Take intent events in."""
    from isdesk.messages import sentence
    from isdesk.services import signals as service

    args = session.args
    with session.desk() as desk:
        listed = service.read(desk.ctx, args.file, code=args.signal, encoding=args.encoding, at=args.at)
        made = service.weigh(desk.ctx, listed) if args.dry_run else service.take(desk.ctx, listed)
    errors = [
        {
            "row": one.row,
            "column": one.column,
            "message": sentence(one.code, {"column": one.column, "value": one.value}, session.lang).what,
            "code": one.code,
            "value": one.value,
        }
        for one in made.problems
    ]
    data = {
        "rows": made.rows,
        "taken": made.taken,
        "known": made.known,
        "leads": made.leads,
        "hot": made.hot,
        "dated_by": listed.at,
        "undated": made.undated,
        "absent": made.absent,
        "opt_outs": made.opt_outs,
        "unmatched": made.unmatched,
        "errors": errors,
        "by_signal": made.by_code,
        "journal_id": made.journal_id,
        "dry_run": args.dry_run,
    }
    session.out.result(data, _text(session, listed, made))
    return None


def _text(session: Session, listed: Listed, made: TakenIn) -> str:
    say = session.words
    return facts(
        [
            (say("行", "rows"), f"{made.rows:,}"),
            (say("取り込み", "taken in"), f"{made.taken:,}"),
            (say("取り込み済み", "here already"), f"{made.known:,}"),
            (say("リード", "leads"), f"{made.leads:,}"),
            (say("いま意欲が高い", "hot now"), f"{made.hot:,}"),
            (say("日時の列", "dated by"), listed.at or say("見つかりません", "no column")),
            (say("日時なし", "without a date"), f"{made.undated:,}"),
            (say("不参加", "did not come"), f"{made.absent:,}"),
            (say("配信停止", "opted out of mail"), f"{made.opt_outs:,}"),
            (say("リードなし", "no lead"), f"{len(made.unmatched):,}"),
            (say("問題", "problems"), f"{len(made.problems):,}"),
        ]
    )


VERBS: tuple[Verb, ...] = (
    Verb(
        "signals",
        "take opens, clicks, downloads, seminars and trial use in from a list",
        "開封・クリック・資料DL・セミナー参加・トライアル利用を取り込む",
        ("signals events.csv --dry-run", "signals seminar.xlsx --signal seminar"),
        _arguments,
        signals,
    ),
)
