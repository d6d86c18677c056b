"""The verb ``day``: what is open at the end of the day, and the 日報 drawn from the log."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli.session import Session, Verb

if TYPE_CHECKING:
    from isdesk.services.day_end import DayEnd


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--note", metavar="S", help="what you say about the day (empty: nothing)")
    parser.add_argument("--report", metavar="FILE", help="write the report as text")


def day(session: Session) -> int | None:
    """Show how the day ends, keep a remark, or write the report."""
    from isdesk.paths import Profile
    from isdesk.services import day_end, day_report
    from isdesk.settings import Settings

    args, settings = session.args, Settings.load(Profile(session.profile).settings)
    with session.desk() as desk:
        if args.note is not None:
            day_end.keep_note(desk.ctx, args.note)
        made = day_end.look(desk.ctx, invites=settings.flag("mail_invitations"))
    said = day_report.text(made, session.lang)
    if args.report:
        Path(args.report).write_text(said, "utf-8")
    session.out.result(_json(made, said), said.rstrip())
    return None


def _json(made: DayEnd, said: str) -> dict[str, object]:
    whole = {f.name: getattr(made, f.name) for f in fields(made)}
    return {**whole, "figures": made.figures.row(), "clear": made.clear, "report": said}


VERBS: tuple[Verb, ...] = (
    Verb(
        "day",
        "the end of the day: promises not kept, what is open, what goes out, and the daily report",
        "一日の締め(守れていない約束・やり残し・送信待ち)と日報",
        ("day", "day --note '製造業の反応がよい' --report nippo.txt", "day --json"),
        _arguments,
        day,
    ),
)
