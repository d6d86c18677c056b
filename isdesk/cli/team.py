"""Verbs of a team: ``cover`` (who stands in while somebody is away)."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import day
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.cover import Item


def _cover_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rep", metavar="R", help="who is away: name, mail or id (default: you)")
    parser.add_argument("--by", metavar="R", action="append", default=[], help="who stands in; several share evenly")
    parser.add_argument("--from", metavar="D", dest="first", type=day, help="the first day away")
    parser.add_argument("--to", metavar="D", dest="last", type=day, help="the last day away")
    parser.add_argument("--end", metavar="ID", help="end this cover now")


def cover(session: Session) -> int | None:
    """List who stands in for whom, set a cover, or end one."""
    from isdesk.services import cover as service

    args = session.args
    with session.desk() as desk:
        made = _begun(desk.ctx, args) if args.by or args.first or args.last else None
        if args.end:
            service.end(desk.ctx, _full(args.end, service.listing(desk.ctx)))
        items = service.listing(desk.ctx)
    session.out.result({"items": [_json(item) for item in items], "set": made}, _table(session, items))
    return None


def _begun(ctx: Context, args: argparse.Namespace) -> str:
    from isdesk.cli.refs import member_id
    from isdesk.services import cover as service

    if not args.by:
        raise BadInput("cover_nobody")
    if args.first is None or args.last is None:
        raise BadInput("cover_period", first=args.first or "—", last=args.last or "—")
    away = member_id(ctx, args.rep) if args.rep else ctx.me.id
    return service.begin(ctx, away, [member_id(ctx, one) for one in args.by], args.first, args.last)[0]


def _full(reference: str, items: list[Item]) -> str:
    """Return the id that ``reference`` is, or the only one that begins with it; else what was typed."""
    beginning = [item.cover.id for item in items if item.cover.id.startswith(reference)]
    return beginning[0] if len(beginning) == 1 else reference


def _json(item: Item) -> dict[str, object]:
    found = item.cover
    return {
        "id": found.id,
        "member_id": found.member_id,
        "name": item.away,
        "by": found.by,
        "by_names": item.by,
        "first": found.first,
        "last": found.last,
        "now": item.now,
    }


def _table(session: Session, items: list[Item]) -> str:
    if not items:
        return session.words("不在の代行はありません。", "Nobody is away.")
    head = session.labels(
        ("不在の人", "away"), ("開始", "from"), ("終了", "to"), ("代行", "by"), ("代行中", "now"), ("ID", "id")
    )
    return table(head, [(i.away, i.cover.first, i.cover.last, "・".join(i.by), i.now, i.cover.id) for i in items])


VERBS: tuple[Verb, ...] = (
    Verb(
        "cover",
        "who stands in while somebody is away",
        "不在のあいだ誰が代わりに対応するか",
        (
            "cover",
            "cover --by 佐々木葵 --from 2026-11-24 --to 2026-11-28",
            "cover --rep 鈴木一郎 --by 佐々木葵 --by 森恵 --from 2026-11-24 --to 2026-11-28",
            "cover --end 0199c1",
        ),
        _cover_arguments,
        cover,
    ),
)
