"""Verbs about what travels: ``sync``, ``conflicts``, ``outbox``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.domain.errors import BadInput, CrmError

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.views import ConflictItem, OutboxItem, SyncReport


def _sync_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="pull everything again, not only what changed")
    parser.add_argument("--accept-missing", action="store_true", help="remove here what the hub no longer has")


def sync(session: Session) -> int | None:
    """Do one whole round of sync now."""
    with session.desk() as desk:
        args = session.args
        report = desk.sync(full=args.full, progress=session.out.progress, consent=args.accept_missing, manual=True)
    session.out.result(_sync_json(report), _sync_text(session, report))
    if report.error or not report.online:
        raise CrmError(report.error or "hub_offline")
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


def _conflicts_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--resolve", metavar="ID", help="settle this conflict")
    parser.add_argument("--take", metavar="SIDE", help="local | remote | value=V (what is to stand)")


def conflicts(session: Session) -> int | None:
    """List the fields that two people changed, or settle one."""
    from isdesk.services import outbox as service

    args = session.args
    take, text = _take(args.take)
    if bool(args.resolve) != bool(take):
        raise BadInput("take_unknown", take=args.take or "")
    with session.desk() as desk:
        if args.resolve:
            _resolve(desk.ctx, args.resolve, take, text)
        items = list(service.conflicts(desk.ctx))
    data = {"items": [_conflict_json(item) for item in items], "resolved": args.resolve}
    session.out.result(data, _conflict_table(session, items))
    return None


def _resolve(ctx: Context, reference: str, take: str, text: str | None) -> None:
    """Settle the conflict that has this id, or the only one whose id begins so. Raises NotFound, BadInput."""
    from isdesk.services import outbox as service
    from isdesk.services.values import checked

    known = service.conflicts(ctx)
    key = _full(reference, [item.id for item in known])
    found = next((item for item in known if item.id == key), None)
    value = None
    if take == service.VALUE and found is not None:
        value = checked(ctx, f"company.{found.field}" if found.obj == "company" else found.field, text)
    service.resolve(ctx, key, take, value)


def _full(reference: str, known: list[str]) -> str:
    """Return the id that ``reference`` is, or the only one that begins with it; else what was typed."""
    beginning = [key for key in known if key.startswith(reference)]
    return beginning[0] if len(beginning) == 1 and reference not in known else reference


def _take(text: str | None) -> tuple[str, str | None]:
    """Return side and value of ``local``, ``remote`` or ``value=V``. Raises BadInput for anything else."""
    if text is None or text in {"local", "remote"}:
        return text or "", None
    side, found, value = text.partition("=")
    if side == "value" and found:
        return "value", value
    raise BadInput("take_unknown", take=text)


def _conflict_json(item: ConflictItem) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": item.obj,
        "object_id": item.obj_id,
        "lead_id": item.lead_id,
        "person": item.lead_name,
        "field": item.field,
        "base": item.base,
        "local": item.mine,
        "remote": item.theirs,
        "opened_at": item.opened_at,
    }


def _conflict_table(session: Session, items: list[ConflictItem]) -> str:
    if not items:
        return session.words("競合はありません。", "There are no conflicts.")
    head = session.labels(
        ("リード", "lead"), ("項目", "field"), ("元", "base"), ("自分", "local"), ("相手", "remote"), ("ID", "id")
    )
    lang = session.lang
    return table(
        head,
        [(i.lead_name, words.field_name(i.field, lang), i.base, i.mine, i.theirs, i.id) for i in items],
    )


def _outbox_arguments(parser: argparse.ArgumentParser) -> None:
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--retry", metavar="ID", help="send this one again at the next sync")
    step.add_argument("--withdraw", metavar="ID", help="do not send this one; it is taken back here too")


def outbox(session: Session) -> int | None:
    """List what waits to be sent, or handle one item."""
    from isdesk.services import outbox as service

    args = session.args
    with session.desk() as desk:
        if args.retry or args.withdraw:
            key = _full(args.retry or args.withdraw, [item.id for item in service.items(desk.ctx)])
            (service.retry if args.retry else service.withdraw)(desk.ctx, key)
        items = list(service.items(desk.ctx))
    session.out.result({"items": [_outbox_json(session, item) for item in items]}, _outbox_table(session, items))
    return None


def _problem(session: Session, item: OutboxItem) -> str:
    """Return what went wrong in words; the other side's own words stay as they are."""
    from isdesk.messages import catalogue, sentence

    return sentence(item.error, {}, session.lang).what if item.error in catalogue(session.lang) else item.error


def _outbox_json(session: Session, item: OutboxItem) -> dict[str, object]:
    return {
        "id": item.id,
        "adapter": item.adapter,
        "what": item.kind,
        "kind": item.obj,
        "object_id": item.obj_id,
        "lead_id": item.lead_id,
        "person": item.lead_name,
        "state": item.state,
        "attempts": item.attempts,
        "made_at": item.made_at,
        "next_at": item.next_at,
        "error": _problem(session, item),
        "fields": item.fields,
    }


def _outbox_table(session: Session, items: list[OutboxItem]) -> str:
    if not items:
        return session.words("送信待ちはありません。", "Nothing waits to be sent.")
    head = session.labels(
        ("状態", "state"), ("内容", "what"), ("リード", "lead"), ("記録日時", "made"), ("説明", "error"), ("ID", "id")
    )
    return table(head, [(i.state, i.kind, i.lead_name, i.made_at, _problem(session, i), i.id) for i in items])


VERBS: tuple[Verb, ...] = (
    Verb(
        "sync",
        "one whole round of sync now",
        "いますぐ一回同期する",
        ("sync", "sync --full --json"),
        _sync_arguments,
        sync,
    ),
    Verb(
        "conflicts",
        "fields that two people changed",
        "二人が変えた項目(競合)",
        ("conflicts", "conflicts --resolve 0199c1 --take remote", "conflicts --resolve 0199c1 --take value=500万円"),
        _conflicts_arguments,
        conflicts,
    ),
    Verb(
        "outbox",
        "what waits to be sent",
        "送信待ちと要対応",
        ("outbox", "outbox --retry 0199c1"),
        _outbox_arguments,
        outbox,
    ),
)
