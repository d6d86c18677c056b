"""Verbs that keep the house: ``demo``, ``backup``, ``restore``, ``doctor``."""

from __future__ import annotations

import argparse
from pathlib import Path

from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import count, natural
from isdesk.domain.errors import Refused


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--leads", metavar="N", type=count, default=2400, help="synthetic leads (default: 2400)")
    parser.add_argument("--reps", metavar="N", type=count, default=6, help="reps beside the team lead (default: 6)")
    parser.add_argument("--days", metavar="N", type=natural, default=90, help="days of history (default: 90)")
    parser.add_argument(
        "--seed", metavar="S", type=int, default=7, help="the same seed makes the same team (default: 7)"
    )


def demo(session: Session) -> int | None:
    """Make a fresh demo profile: a hub with a team, leads and history, connected and synced."""
    from isdesk.desk import Desk

    args = session.args
    made = session.unlocking(
        lambda passphrase: Desk.demo(
            session.profile,
            leads=args.leads,
            reps=args.reps,
            days=args.days,
            seed=args.seed,
            passphrase=passphrase,
            lang=session.lang,
        )
    )
    data = {
        "profile": str(made.profile),
        "hub_url": made.hub_url,
        "leads": made.leads,
        "reps": made.reps,
        "touches": made.touches,
        "me": made.me.id,
        "me_name": made.me.name,
    }
    say = session.words
    human = facts(
        [
            (say("プロファイル", "profile"), data["profile"]),
            (say("ハブ", "hub"), made.hub_url),
            (say("リード", "leads"), f"{made.leads:,}"),
            (say("担当者", "reps"), made.reps),
            (say("接触", "touches"), f"{made.touches:,}"),
            (say("あなた", "you"), made.me.name),
        ]
    )
    session.out.result(data, human)
    return None


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="where the encrypted copy goes")


def backup(session: Session) -> int | None:
    """Write an encrypted copy of the database and verify it."""
    from isdesk.services import admin

    with session.desk() as desk:
        done = admin.backup(desk.ctx, session.args.file)
    human = session.words(
        f"{session.args.file} に {done.bytes:,} バイトを保存し、確かめました。",
        f"Saved {done.bytes:,} bytes to {session.args.file} and verified them.",
    )
    session.out.result({"bytes": done.bytes, "verified": done.verified, "file": str(session.args.file)}, human)
    return None


def restore(session: Session) -> int | None:
    """Put a copy in the place of the database; what was there is kept beside it."""
    from isdesk.services import admin

    done = session.unlocking(
        lambda passphrase: admin.restore(session.profile, session.args.file, passphrase=passphrase)
    )
    human = session.words(
        f"{session.args.file} から {done.bytes:,} バイトを復元し、確かめました。",
        f"Restored {done.bytes:,} bytes from {session.args.file} and verified them.",
    )
    session.out.result({"bytes": done.bytes, "verified": done.verified}, human)
    return None


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rebuild", action="store_true", help="derive the projection anew and compare")


def doctor(session: Session) -> int | None:
    """Check database, invariants, keyring, adapters and disk."""
    from isdesk.services import admin

    with session.desk() as desk:
        checks = list(admin.doctor(desk.ctx, rebuild=session.args.rebuild))
    data = {"checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]}
    head = session.labels(("結果", "ok"), ("点検", "check"), ("説明", "detail"))
    session.out.result(data, table(head, [(c.ok, c.name, c.detail) for c in checks]))
    failed = tuple(c.name for c in checks if not c.ok)
    if failed:
        raise Refused("doctor_failed", names=failed)
    return None


DEMO: tuple[Verb, ...] = (
    Verb(
        "demo",
        "make a fresh demo team",
        "デモのチームを作る",
        ("demo --profile ~/isdesk-demo", "demo --leads 2000 --reps 6 --days 90 --seed 7"),
        _demo_arguments,
        demo,
    ),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "backup",
        "encrypted copy, verified",
        "暗号化したまま控えを取り、確かめる",
        ("backup copy.isdesk",),
        _backup_arguments,
        backup,
    ),
    Verb(
        "restore", "put a copy back, verified", "控えから元に戻す", ("restore copy.isdesk",), _backup_arguments, restore
    ),
    Verb(
        "doctor",
        "check everything",
        "すべてを点検する",
        ("doctor", "doctor --rebuild --json"),
        _doctor_arguments,
        doctor,
    ),
)
