"""Verbs that show and edit leads: ``queue``, ``lead``, ``search``, ``set``, ``merge``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import count, instant, pair

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from isdesk.domain.ids import MemberId
    from isdesk.domain.raci import Party
    from isdesk.services.context import Context
    from isdesk.services.views import Found, LeadView, QueueRow, TimelineItem


def _queue_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rep", metavar="R", help="another rep's queue: name, mail or id")
    parser.add_argument("--at", metavar="T", type=instant, help="as of this time instead of now")
    parser.add_argument("--limit", metavar="N", type=count, help="only the first N")
    parser.add_argument("--held", action="store_true", help="what is held back, and why, instead of what is offered")


def queue(session: Session) -> int | None:
    """Print the queue of a rep as of an instant."""
    from isdesk.cli.refs import member_id
    from isdesk.services import queue as service

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        rep = member_id(ctx, args.rep) if args.rep else ctx.me.id
        at = args.at or ctx.now()
        rows = _rows(ctx, args.at, rep, held=args.held)
        other = 0 if rows or args.held else len(_rows(ctx, args.at, rep, held=True))
        window = service.window(ctx, at)
    rows = rows[: args.limit]
    data = {
        "at": at,
        "rep": rep,
        "window": {"state": window.state, "until": window.until, "note": window.note, "opens_at": window.opens_at},
        "items": [_queue_item(rank, row, held=args.held) for rank, row in enumerate(rows, 1)],
    }
    session.out.result(data, _queue_table(session, rows, held=args.held, other=other))
    return None


def _rows(ctx: Context, at: datetime | None, rep: MemberId, *, held: bool) -> list[QueueRow]:
    """Return the queue as of ``at``; as of now the kept places are read, which is quick for any number of leads."""
    from isdesk.services import queue as service

    return service.standing(ctx, rep=rep, held=held) if at is None else service.as_of(ctx, at, rep=rep, held=held)


def _queue_item(rank: int, row: QueueRow, *, held: bool) -> dict[str, object]:
    item: dict[str, object] = {
        "lead_id": row.lead_id,
        "rank": rank,
        "tier": row.tier,
        "priority": row.priority,
        "reasons": [{"code": c.code, "tone": c.tone, "params": dict(c.params)} for c in row.chips],
        "next_action": row.action or None,
        "due_at": row.due_at,
        "company": row.company,
        "person": row.name,
        "phone": row.phone,
        "attempts": row.attempts,
        "stage": row.stage,
        "sla_due_at": row.sla_due_at,
    }
    if held:
        item["held_because"] = row.held
    return item


def _queue_table(session: Session, rows: list[QueueRow], *, held: bool, other: int) -> str:
    if not rows:
        empty = session.words("キューに並ぶリードはありません。", "There is nobody in this queue.")
        hint = session.words(f"保留中 {other:,} 件(isdesk queue --held)", f"{other:,} held back (isdesk queue --held)")
        return f"{empty}\n{hint}" if other else empty
    lang = session.lang
    head = session.labels(
        ("#", "#"),
        ("保留理由", "held") if held else ("順位の理由", "tier"),
        ("優先", "prio"),
        ("氏名", "person"),
        ("会社", "company"),
        ("電話", "phone"),
        ("次回アクション", "next action"),
        ("予定日時", "due"),
        ("ID", "id"),
    )
    body = [
        (
            rank,
            words.word(words.HELD, row.held, lang) if held else words.word(words.TIERS, row.tier, lang),
            row.priority,
            row.name,
            row.company,
            row.phone,
            words.word(words.ACTIONS, row.action, lang),
            row.due_at,
            row.lead_id,
        )
        for rank, row in enumerate(rows, 1)
    ]
    return table(head, body)


def _lead_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", help="id, beginning of an id, or exact name, mail or phone")


def lead(session: Session) -> int | None:
    """Print one lead: fields, state, timeline and checklist."""
    from isdesk.services import leads as service
    from isdesk.services import references

    with session.desk() as desk:
        view = service.view(desk.ctx, references.lead(desk.ctx, session.args.lead))
        human = "" if session.out.as_json else _lead_text(session, desk.ctx, view)
    session.out.result(_lead_json(view), human)
    return None


def _lead_json(view: LeadView) -> dict[str, object]:
    state, scores = view.state, view.state.scores
    return {
        "lead": {
            "id": view.id,
            "owner": view.owner,
            "fields": view.fields,
            "company_id": view.company_id,
            "company": view.company,
            "phones": view.phones,
        },
        "state": {
            "open": state.open,
            "stage": state.stage,
            "attempts": state.attempts,
            "next_action": state.next_action.kind if state.next_action else None,
            "due_at": state.next_action.due_at if state.next_action else None,
            "why": state.next_action.why if state.next_action else None,
            "last_touch_at": state.last_touch_at,
            "last_outcome": state.last_outcome,
            "sla_due_at": state.sla_due_at,
            "handoff": state.handoff_id,
            "handoff_state": state.handoff_state,
            "do_not_call": state.dnc,
            "cooldown_until": state.cooldown_until,
            "company_cooldown_until": state.company_cooldown_until,
            "held_because": view.placement.held,
            "tier": view.placement.tier,
            "may_dial": view.may_dial is None,
            "may_not_dial_because": view.may_dial,
        },
        "scores": {
            "fit": scores.fit,
            "intent": scores.intent,
            "timing": scores.timing,
            "priority": scores.priority,
            "parts": scores.parts,
        },
        "duty": _duty_json(view),
        "timeline": [_timeline_json(item) for item in view.timeline],
        "checklist": view.checklist,
    }


def _duty_json(view: LeadView) -> dict[str, object] | None:
    if view.duty is None:
        return None
    return {
        "activity": view.duty.activity.code,
        "responsible": view.duty.responsible,
        "accountable": view.duty.accountable,
    }


def _party(ctx: Context, party: Party | None, lang: str) -> str:
    from isdesk.domain.raci import LABELS

    if party is None:
        return ""
    department, name = LABELS[party.department].in_(lang), ctx.name_of(party.member_id)
    return f"{name} ({department})" if name else department


def _timeline_json(item: TimelineItem) -> dict[str, object]:
    data: dict[str, object] = {
        "at": item.at,
        "what": item.what,
        "code": item.code,
        "text": item.text,
        "member": item.member,
        "sync": item.sync,
    }
    if item.touch is not None:
        data["touch_id"] = item.touch.id
        data["channel"] = item.touch.channel
        data["direction"] = item.touch.direction
        data["reached"] = item.touch.reached
        data["note"] = item.touch.note
    if item.told:
        data["told"] = dict(item.told)
    if item.changes:
        data["changes"] = [{"field": f, "before": before, "after": after} for f, before, after in item.changes]
    return data


def _lead_text(session: Session, ctx: Context, view: LeadView) -> str:
    parts = [
        facts(_now(session, ctx, view)),
        facts(_known(session, ctx, view)),
        _checklist(session, view),
        _timeline(session, ctx, view),
    ]
    return "\n\n".join(part for part in parts if part)


def _now(session: Session, ctx: Context, view: LeadView) -> list[tuple[str, object]]:
    lang, say, state = session.lang, session.words, view.state
    action, stage = state.next_action, ctx.rules.stages.get(state.stage)
    return [
        ("ID", view.id),
        (say("ステージ", "Stage"), stage.label.in_(lang) if stage else state.stage),
        (say("担当", "Owner"), view.owner),
        (say("次回アクション", "Next action"), words.word(words.ACTIONS, action.kind if action else None, lang)),
        (say("次回予定日時", "Due"), action.due_at if action else None),
        (say("R 実行", "R responsible"), _party(ctx, view.duty.responsible if view.duty else None, lang)),
        (say("A 責任", "A accountable"), _party(ctx, view.duty.accountable if view.duty else None, lang)),
        (say("架電回数", "Attempts"), state.attempts),
        (say("優先度", "Priority"), state.scores.priority),
        (say("適合・意欲・時期", "Fit, intent, timing"), [state.scores.fit, state.scores.intent, state.scores.timing]),
        (say("保留", "Held"), words.word(words.HELD, view.placement.held, lang)),
    ]


def _known(session: Session, ctx: Context, view: LeadView) -> list[tuple[str, object]]:
    from isdesk.domain.fields import Kind
    from isdesk.domain.handoff import shown_value
    from isdesk.files.phones import shown
    from isdesk.services.values import field_of

    found: list[tuple[str, object]] = []
    every = {**{f"company.{code}": value for code, value in view.company.items()}, **view.fields}
    for path, value in every.items():
        spec = field_of(ctx, path)
        if not spec.shown:
            continue
        text = shown_value(value, spec, session.lang)
        if spec.kind is Kind.PHONE:
            text = shown(text)
        elif spec.kind is Kind.MEMBER:
            text = ctx.name_of(text) or text
        found.append((words.field_name(path, session.lang), text))
    return found


def _checklist(session: Session, view: LeadView) -> str:
    lines = [(line.done, line.en if session.lang == "en" else line.ja, line.value) for line in view.checklist]
    return table(session.labels(("済", "ok"), ("チェック項目", "item"), ("内容", "value")), lines) if lines else ""


def _timeline(session: Session, ctx: Context, view: LeadView) -> str:
    def what(item: TimelineItem) -> str:
        outcome = ctx.rules.outcomes.get(item.code)
        return outcome.label.in_(session.lang) if outcome else words.word(words.VERBS, item.code, session.lang)

    if not view.timeline:
        return ""
    head = session.labels(("日時", "at"), ("内容", "what"), ("担当", "by"), ("メモ", "text"))
    return table(head, [(item.at, what(item), item.member, item.text) for item in view.timeline])


def _search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help="part of a name, kana, company, mail, or digits of a phone")
    parser.add_argument("--limit", metavar="N", type=count, default=50, help="at most N (default: 50)")


def search(session: Session) -> int | None:
    """Print the leads that any text leads to."""
    from isdesk.services import search as service

    with session.desk() as desk:
        found = list(service.find(desk.ctx, session.args.text, session.args.limit))
    session.out.result({"items": [_found_json(hit) for hit in found]}, _found_table(session, found))
    return None


def _found_json(hit: Found) -> dict[str, object]:
    return {
        "lead_id": hit.lead_id,
        "person": hit.name,
        "company": hit.company,
        "phone": hit.phone,
        "email": hit.email,
        "stage": hit.stage,
        "owner": hit.owner,
        "where": hit.where,
    }


def _found_table(session: Session, found: list[Found]) -> str:
    if not found:
        return session.words("見つかりませんでした。", "Nothing found.")
    head = session.labels(
        ("氏名", "person"), ("会社", "company"), ("電話", "phone"), ("メール", "mail"), ("担当", "owner"), ("ID", "id")
    )
    return table(head, [(h.name, h.company, h.phone, h.email, h.owner, h.lead_id) for h in found])


def _set_arguments(parser: argparse.ArgumentParser) -> None:
    _lead_argument(parser)
    parser.add_argument(
        "fields",
        metavar="FIELD=VALUE",
        type=pair,
        nargs="+",
        help="a field of the lead, or of its company as company.FIELD; an empty value clears it",
    )


def set_fields(session: Session) -> int | None:
    """Edit fields of a lead and of its company."""
    from isdesk.cli.refs import parse_fields
    from isdesk.services import leads as service
    from isdesk.services import references

    with session.desk() as desk:
        who = references.lead(desk.ctx, session.args.lead)
        fields = parse_fields(desk.ctx, session.args.fields)
        written = service.edit(desk.ctx, who, fields)
    changed = list(fields) if written.journal_id else []
    human = session.words("変更はありません。", "Nothing changed.")
    if changed:
        names = "、".join(words.field_name(code, session.lang) for code in changed)
        human = session.words(f"変更しました: {names}", f"Changed: {names}")
    session.out.result({"journal_id": written.journal_id, "lead_id": who, "changed": changed}, human)
    return None


def _merge_arguments(parser: argparse.ArgumentParser) -> None:
    _lead_argument(parser)
    parser.add_argument("into", metavar="INTO", help="the lead that stays")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")


def merge(session: Session) -> int | None:
    """Merge a lead into another one of the same person."""
    from isdesk.services import merging as service
    from isdesk.services import references

    with session.desk() as desk:
        loser = references.lead(desk.ctx, session.args.lead)
        winner = references.lead(desk.ctx, session.args.into)
        told = service.preview(desk.ctx, loser, winner)
        written = None if session.args.dry_run else service.merge(desk.ctx, loser, winner)
    data = {
        "journal_id": written.journal_id if written else None,
        "lead_id": winner,
        "merged": loser,
        "filled": told.filled,
        "kept": {code: {"kept": mine, "given_up": theirs} for code, (mine, theirs) in told.kept.items()},
        "touches": told.touches,
        "do_not_call": told.do_not_call,
    }
    session.out.result(data, _merged(session, told.filled, told.touches, done=written is not None))
    return None


def _merged(session: Session, filled: Mapping[str, object], touches: int, *, done: bool) -> str:
    names = "、".join(words.field_name(code, session.lang) for code in filled)
    added = session.words(f"(補った項目: {names})", f" (filled in: {names})") if names else ""
    if done:
        return session.words(
            f"統合しました。対応履歴 {touches} 件を移しました{added}", f"Merged with {touches} touches{added}"
        )
    return session.words(f"統合すると対応履歴 {touches} 件が移ります{added}", f"Would merge {touches} touches{added}")


VERBS: tuple[Verb, ...] = (
    Verb(
        "queue",
        "the call queue, best first",
        "架電キューを順に表示",
        ("queue --limit 10", "queue --held --json"),
        _queue_arguments,
        queue,
    ),
    Verb(
        "lead",
        "one lead with everything known",
        "リード一件のすべて",
        ("lead 山田太郎", "lead 0199c1 --json"),
        _lead_argument,
        lead,
    ),
    Verb(
        "search",
        "find leads by any text",
        "どんな文字からでもリードを探す",
        ("search ヤマダ", "search 0312 --limit 5"),
        _search_arguments,
        search,
    ),
    Verb(
        "set",
        "edit fields of a lead",
        "リードの項目を編集",
        ("set 山田太郎 budget=500万円 decision_maker=self", "set 山田太郎 company.employees=320"),
        _set_arguments,
        set_fields,
    ),
    Verb(
        "merge",
        "merge two leads of one person",
        "同じ人のリードを一つに統合",
        ("merge 山田太郎 0199c1", "merge 0199c1 0199c2 --dry-run --json"),
        _merge_arguments,
        merge,
    ),
)
