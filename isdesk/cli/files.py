"""Verbs that carry data in and out: ``import`` and ``export``."""

from __future__ import annotations

import argparse
from pathlib import Path

from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day

EXPORTS = ("leads", "touches", "kpi", "handoffs")
_SHOWN_ERRORS = 20


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV, TSV or Excel file")
    parser.add_argument("--source", metavar="NAME", help="lead source of the rows; remembers the mapping under it")
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="TOML or JSON file: column = field")
    parser.add_argument("--encoding", metavar="E", help="instead of finding it: utf-8, cp932, euc-jp, utf-16 …")
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")


def import_file(session: Session) -> int | None:
    """Take leads in from a file."""
    from isdesk.services import imports as service

    args = session.args
    with session.desk() as desk:
        done = service.run(
            desk.ctx,
            args.file,
            source=args.source,
            mapping=args.mapping,
            encoding=args.encoding,
            dry_run=args.dry_run,
            progress=session.out.progress,
        )
    data = {
        "encoding": done.encoding,
        "delimiter": done.delimiter,
        "rows": done.rows,
        "created": done.created,
        "updated": done.updated,
        "duplicates": done.duplicates,
        "errors": [{"row": e.row, "column": e.column, "message": e.message} for e in done.errors],
        "batch_id": done.batch_id,
        "dry_run": args.dry_run,
    }
    session.out.result(data, "")
    return None


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
