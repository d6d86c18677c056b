"""The verb ``handoff``: a handoff through its life, from the draft to the feedback of FS."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import pair
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.context import Context
    from isdesk.services.views import HandoffView


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", help="id, beginning of an id, or exact name, mail or phone")
    parser.add_argument("--to", metavar="FS", help="who takes it over: name, mail or id")
    parser.add_argument("--set", metavar="K=V", dest="fields", type=pair, action="append", default=[], help="a field")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--submit", action="store_true", help="hand it over to FS")
    step.add_argument("--accept", action="store_true", help="FS takes it")
    step.add_argument("--return", metavar="REASON", dest="return_reason", help="FS gives it back, and why")
    step.add_argument("--recycle", metavar="REASON", help="after the meeting: back to inside sales, and why")
    step.add_argument(
        "--withdraw", metavar="REASON", nargs="?", const="", help="IS takes it back before FS decided, and why"
    )
    step.add_argument(
        "--feedback",
        metavar="RESULT",
        nargs="+",
        help="what came of it: won | lost | opportunity | no_show | postponed | no_opportunity, then factor=… (why), "
        "amount=…, note=…, reasked=item,item",
    )


def handoff(session: Session) -> int | None:
    """Show a handoff, fill it, and take it one step further."""
    from isdesk.cli.refs import member_id, parse_fields
    from isdesk.services import handoffs as service
    from isdesk.services import leads, references

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        who = references.lead(ctx, args.lead)
        fields = parse_fields(ctx, args.fields)
        if args.to:
            fields["fs_id"] = member_id(ctx, args.to)
        if fields:
            leads.edit(ctx, who, fields)
        step = _step(session)
        journal_id = step(ctx, who) if step else None
        view = service.view(ctx, who)
    data = {
        "handoff": view.id,
        "lead_id": view.lead_id,
        "journal_id": journal_id,
        "status": view.state,
        "missing": view.missing,
        "checklist": view.lines,
        "fs": view.fs_id,
        "grade": view.grade,
        "meeting_at": view.meeting_at,
        "submitted_at": view.submitted_at,
        "reason": view.reason,
        "memo": view.memo,
        "history": [{"at": item.at, "code": item.code, "member": item.member} for item in view.history],
    }
    session.out.result(data, _text(session, view))
    return None


def _step(session: Session) -> Callable[[Context, LeadId], str | None] | None:
    """Return what the flags ask for, None where the handoff is only shown."""
    from isdesk.cli.refs import reason_code
    from isdesk.services import handoffs as service

    args = session.args
    if args.submit:
        return lambda ctx, who: service.submit(ctx, who).journal_id
    if args.accept:
        return lambda ctx, who: service.accept(ctx, who).journal_id
    if args.return_reason is not None:
        return lambda ctx, who: service.return_(ctx, who, reason_code(ctx, args.return_reason) or "").journal_id
    if args.recycle is not None:
        return lambda ctx, who: service.recycle(ctx, who, reason_code(ctx, args.recycle) or "").journal_id
    if args.withdraw is not None:
        return lambda ctx, who: service.withdraw(ctx, who, args.withdraw).journal_id
    if args.feedback:
        return lambda ctx, who: _feedback(ctx, who, args.feedback)
    return None


def _feedback(ctx: Context, who: LeadId, said: list[str]) -> str | None:
    """Report what the meeting came to from ``won factor=… amount=…``. Raises BadInput for a word it does not know."""
    from isdesk.services import handoffs as service

    given = dict(part.partition("=")[::2] for part in said if "=" in part)
    plain = [part for part in said if "=" not in part]
    result = given.pop("result", plain[0] if plain else "")
    amount = given.pop("amount", "").replace(",", "")
    unknown = [*plain[1:], *(set(given) - {"factor", "note", "reasked"})]
    if unknown or (amount and not amount.isdigit()):
        raise BadInput("feedback_word_unknown", word=unknown[0] if unknown else amount)
    done = service.feedback(
        ctx,
        who,
        result,
        amount=int(amount) if amount else None,
        factor=given.get("factor"),
        note=given.get("note", ""),
        reasked=[item for item in given.get("reasked", "").split(",") if item],
    )
    return done.journal_id


def _text(session: Session, view: HandoffView) -> str:
    lang, say = session.lang, session.words
    head = facts(
        [
            (say("引き継ぎ", "Handoff"), words.word(words.HANDOFF, view.state, lang)),
            (say("リード", "Lead"), f"{view.lead_name} {view.company}".strip()),
            (say("確度", "Grade"), view.grade),
            (say("商談日時", "Meeting"), view.meeting_at),
            (say("理由", "Reason"), view.reason),
        ]
    )
    lines = [(line.done, line.en if lang == "en" else line.ja, line.value) for line in view.lines]
    check = table(session.labels(("済", "ok"), ("チェック項目", "item"), ("内容", "value")), lines)
    return "\n\n".join(part for part in (head, check, view.memo.rstrip()) if part)


VERBS: tuple[Verb, ...] = (
    Verb(
        "handoff",
        "a lead's handoff to field sales",
        "FSへの引き継ぎ",
        (
            "handoff 山田太郎",
            "handoff 山田太郎 --to 佐々木 --set issue_hypothesis=在庫の二重管理 --submit",
            "handoff 山田太郎 --return 課題仮説が不明確",
            "handoff 山田太郎 --feedback won amount=1200000 note=初回商談で合意",
        ),
        _arguments,
        handoff,
        "Show a handoff with what it lacks and its memo; fill it; submit, accept, return, recycle, withdraw or report.",
    ),
)
