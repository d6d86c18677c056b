"""Verbs that carry data in and out: ``import`` and ``export``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day
from isdesk.domain.consent import BASES

if TYPE_CHECKING:
    from isdesk.files.rows import Problem
    from isdesk.services.imports import Taken

EXPORTS = ("leads", "touches", "kpi", "handoffs")
_SHOWN_ERRORS = 20
_BASES = "; ".join(f"{code}: {text.en}" for code, text in BASES.items())


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV, TSV or Excel file")
    parser.add_argument("--source", metavar="NAME", help="lead source of the rows; remembers the mapping under it")
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="TOML or JSON file: column = field")
    parser.add_argument("--encoding", metavar="E", help="instead of finding it: utf-8, cp932, euc-jp, utf-16 …")
    parser.add_argument("--consent", metavar="BASIS", default="", choices=tuple(BASES), help=f"basis of mail: {_BASES}")
    parser.add_argument("--consent-source", metavar="TEXT", default="", help="where that was heard (else --source)")
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")


def import_file(session: Session) -> int | None:
    """Take leads in from a file."""
    from isdesk.services import imports as service

    args, say = session.args, session.words
    what = say("取り込み", "import")
    with session.desk() as desk:
        done = service.import_file(
            desk.ctx,
            args.file,
            source=args.source,
            mapping=args.mapping,
            encoding=args.encoding,
            dry_run=args.dry_run,
            basis=args.consent,
            basis_source=args.consent_source,
            progress=lambda at, total: session.out.progress(what, at, total),
        )
    errors = [
        {"row": e.row, "column": e.column, "message": _message(session, e), "code": e.code, "value": e.value}
        for e in done.errors
    ]
    data = {
        "encoding": done.encoding,
        "delimiter": done.delimiter,
        "rows": done.rows,
        "created": done.created,
        "updated": done.updated,
        "duplicates": done.duplicates,
        "skipped": done.skipped,
        "bases": done.bases,
        "errors": errors,
        "error_count": done.error_count,
        "near": done.near,
        "mapping": done.mapping,
        "batch_id": done.batch_id,
        "dry_run": args.dry_run,
    }
    session.out.result(data, "" if session.out.as_json else _import_text(session, done, errors))
    return None


def _message(session: Session, problem: Problem) -> str:
    from isdesk.messages import sentence

    return sentence(problem.code, {"column": problem.column, "value": problem.value}, session.lang).what


def _import_text(session: Session, done: Taken, errors: list[dict[str, object]]) -> str:
    say = session.words
    parts = [
        facts(
            [
                (say("文字コード", "encoding"), done.encoding),
                (say("区切り", "delimiter"), done.delimiter),
                (say("行", "rows"), f"{done.rows:,}"),
                (say("新規", "created"), f"{done.created:,}"),
                (say("更新", "updated"), f"{done.updated:,}"),
                (say("重複", "duplicates"), f"{done.duplicates:,}"),
                (say("問題", "problems"), f"{done.error_count:,}"),
                *([(say("同意の根拠", "bases of mail"), f"{done.bases:,}")] if done.bases else []),
            ]
        )
    ]
    if errors:
        head = session.labels(("行", "row"), ("列", "column"), ("内容", "problem"))
        parts.append(table(head, [(e["row"], e["column"], e["message"]) for e in errors[:_SHOWN_ERRORS]]))
    if done.batch_id is None:
        parts.append(say("何も書き込んでいません(--dry-run)。", "Nothing was written (--dry-run)."))
    return "\n\n".join(parts)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="WHAT", choices=EXPORTS, help=" | ".join(EXPORTS))
    parser.add_argument("file", metavar="FILE", type=Path, help="ends in .csv, .xlsx or .json")
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="first day")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="last day")


def export(session: Session) -> int | None:
    """Write leads, touches, figures or handoffs to a file."""
    from isdesk.services import exports as service

    args = session.args
    with session.desk() as desk:
        rows = service.run(desk.ctx, args.what, args.file, first=args.first, last=args.last)
    human = session.words(f"{rows:,} 行を {args.file} に書き出しました。", f"Wrote {rows:,} rows to {args.file}.")
    session.out.result({"rows": rows, "file": str(args.file)}, human)
    return None


VERBS: tuple[Verb, ...] = (
    Verb(
        "import",
        "take leads in from CSV or Excel",
        "CSV・Excelから取り込む",
        ("import leads.csv --source 展示会 --dry-run", "import leads.xlsx --source 展示会"),
        _import_arguments,
        import_file,
    ),
    Verb(
        "export",
        "write leads, touches, figures or handoffs to a file",
        "リード・接触・KPI・引き継ぎを書き出す",
        ("export leads leads.xlsx", "export touches touches.csv --from 2026-11-01 --to 2026-11-30"),
        _export_arguments,
        export,
    ),
)
