"""Verbs about the other side: ``connect``, ``sync``, ``conflicts``, ``outbox``."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import pair
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from isdesk.services.views import ConflictItem, OutboxItem, SyncReport


def _connect_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", metavar="ADAPTER", help="which CRM: sqlhub")
    parser.add_argument("--url", metavar="URL", required=True, help="its address: sqlite:///… or postgresql://host/db")
    parser.add_argument("--user", metavar="U", help="who you are there: name, mail or id")
    parser.add_argument("--secret-env", metavar="VAR", help="environment variable that holds the password or token")
    parser.add_argument("--option", metavar="K=V", type=pair, action="append", default=[], help="an adapter's option")
    parser.add_argument("--scope", choices=("mine", "team"), default="mine", help="whose leads (default: mine)")


def connect(session: Session) -> int | None:
    """Store a connection (its secret in the keyring) and test it."""
    args = session.args
    secret = None
    if args.secret_env:
        secret = os.environ.get(args.secret_env)
        if not secret:
            raise BadInput("secret_env_missing", name=args.secret_env)
    with session.desk() as desk:
        done = desk.connect(
            args.adapter, url=args.url, user=args.user, secret=secret, options=dict(args.option), scope=args.scope
        )
    session.out.result({"adapter": args.adapter, "ok": True, "me": done.me, "capabilities": done.capabilities}, "")
    return None


def _sync_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="pull everything again, not only what changed")


def sync(session: Session) -> int | None:
    """Do one whole round of sync now."""
    with session.desk() as desk:
        report = desk.sync(full=session.args.full, progress=session.out.progress)
    session.out.result(_sync_json(report), _sync_text(session, report))
    return None


def _sync_json(report: SyncReport) -> dict[str, object]:
    return {
        "pulled": {"created": report.created, "updated": report.updated, "deleted": report.deleted},
        "pushed": {"sent": report.sent, "failed": report.failed, "quarantined": report.quarantined},
        "conflicts": report.conflicts,
        "pending": report.pending,
        "seconds": round(report.seconds, 3),
        "online": report.online,
    }


def _sync_text(session: Session, report: SyncReport) -> str:
    say = session.words
    return facts(
        [
            (say("受信 新規", "pulled: created"), report.created),
            (say("受信 更新", "pulled: updated"), report.updated),
            (say("受信 削除", "pulled: deleted"), report.deleted),
            (say("送信", "pushed: sent"), report.sent),
            (say("送信失敗", "pushed: failed"), report.failed),
            (say("保留(要対応)", "pushed: quarantined"), report.quarantined),
            (say("競合", "conflicts"), report.conflicts),
            (say("送信待ち", "pending"), report.pending),
            (say("所要秒数", "seconds"), round(report.seconds, 1)),
        ]
    )
