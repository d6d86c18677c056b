"""The verbs ``handoff``, a handoff from the draft to the feedback of FS, and ``approvals``, what waits for a yes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import pair
from isdesk.domain.errors import BadInput, NotFound
from isdesk.domain.meeting import ITEMS, STEPS

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.services.approvals import Item
    from isdesk.services.context import Context
    from isdesk.services.meetings import Plan
    from isdesk.services.views import HandoffView

STEP_WORDS: words.Words = {step.code: (step.label.ja, step.label.en) for step in STEPS}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", help="id, beginning of an id, or exact name, mail or phone")
    parser.add_argument("--to", metavar="FS", help="who takes it over: name, mail or id")
    parser.add_argument("--set", metavar="K=V", dest="fields", type=pair, action="append", default=[], help="a field")
    parser.add_argument(
        "--prepare", metavar="ITEM=TEXT", type=pair, action="append", default=[],
        help="FS notes an item of the meeting: " + " | ".join(ITEMS) + " (an empty text takes it back)",
    )  # fmt: skip
    parser.add_argument("--why", metavar="REASON", default="", help="why it should be approved, where it has to be")
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
    from isdesk.services import leads, meetings, references

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
        if args.prepare:
            journal_id = meetings.write(ctx, who, dict(args.prepare)).journal_id or journal_id
        view = service.view(ctx, who)
        plan = meetings.plan(ctx, who)
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
        "approval": view.approval,
        "decide_by": view.decide_by,
        "minutes_left": view.minutes_left,
        "feedback": {"state": view.feedback, "by": view.feedback_by, **view.told},
        "meeting": [
            {"step": one.step, "item": one.code, "text": one.text, "source": one.source, "by": one.by, "at": one.at}
            for one in plan.lines
        ],
    }
    session.out.result(data, _text(session, view, plan))
    return None


def _step(session: Session) -> Callable[[Context, LeadId], str | None] | None:
    """Return what the flags ask for, None where the handoff is only shown."""
    from isdesk.cli.refs import reason_code
    from isdesk.services import handoffs as service

    args = session.args
    if args.submit:
        return lambda ctx, who: service.submit(ctx, who, reason=args.why).journal_id
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


def _text(session: Session, view: HandoffView, plan: Plan) -> str:
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
    noted = [(words.word(STEP_WORDS, one.step, lang), one.label, one.text) for one in plan.lines if one.source == "fs"]
    meeting = (
        table(session.labels(("商談の準備", "meeting"), ("項目", "item"), ("内容", "text")), noted) if noted else ""
    )
    return "\n\n".join(part for part in (head, check, meeting, view.memo.rstrip()) if part)


def _approvals_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="the decided ones too")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; needed to reject")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--approve", metavar="ID", help="approve this request (an id or its beginning)")
    step.add_argument("--reject", metavar="ID", help="reject this request")
    step.add_argument("--withdraw", metavar="ID", help="take an own request back")


def approvals(session: Session) -> int | None:
    """List what waits for an approval, or answer a request."""
    from isdesk.services import approvals as service

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        every = service.inbox(ctx, every=True)
        journal_id = None
        if args.approve:
            journal_id = service.approve(ctx, _request(every, args.approve), args.reason).journal_id
        elif args.reject:
            journal_id = service.reject(ctx, _request(every, args.reject), args.reason).journal_id
        elif args.withdraw:
            journal_id = service.withdraw(ctx, _request(every, args.withdraw)).journal_id
        items = service.inbox(ctx, every=args.all)
    data = {"items": [_item_json(one) for one in items], "journal_id": journal_id}
    head = session.labels(("依頼", "id"), ("内容", "asks"), ("対象", "for"), ("リード", "lead"), ("依頼者", "by"),
                          ("理由", "reason"), ("状態", "status"))  # fmt: skip
    lang = session.lang
    rows = [
        (
            one.request.id,
            words.word(words.ASKS, one.request.asks, lang),
            one.wanted,
            f"{one.name} {one.company}".strip(),
            one.asked_by,
            one.request.reason,
            words.word(words.STATUSES, one.request.status, lang),
        )
        for one in items
    ]
    empty = session.words("承認待ちはありません。", "Nothing waits for an approval.")
    session.out.result(data, table(head, rows) if rows else empty)
    return None


def _request(items: list[Item], reference: str) -> str:
    """Return the id that ``reference`` is, or of which alone it is the beginning. Raises NotFound."""
    found = [one.request.id for one in items if one.request.id.startswith(reference)]
    if len(found) != 1:
        raise NotFound("approval_not_found", request=reference)
    return found[0]


def _item_json(one: Item) -> dict[str, object]:
    request = one.request
    return {
        "request": request.id,
        "asks": request.asks,
        "lead_id": request.lead_id,
        "lead": one.name,
        "company": one.company,
        "asked_by": one.asked_by,
        "asked_at": request.asked_at,
        "reason": request.reason,
        "wanted": one.wanted,
        "status": request.status,
        "answer": request.answer,
        "mine": one.mine,
    }


VERBS: tuple[Verb, ...] = (
    Verb(
        "handoff",
        "a lead's handoff to field sales",
        "FSへの引き継ぎ",
        (
            "handoff 山田太郎",
            "handoff 山田太郎 --to 佐々木 --set issue_hypothesis=在庫の二重管理 --submit",
            "handoff 山田太郎 --return 課題仮説が不明確",
            "handoff 山田太郎 --prepare kpi=見積の所要時間 --prepare target=当日中",
            "handoff 山田太郎 --feedback won amount=1200000 factor=issue_fit note=初回商談で合意",
        ),
        _arguments,
        handoff,
        "Show a handoff with what it lacks and its memo; fill it; submit, accept, return, recycle, withdraw or report; "
        "note what FS prepares for the meeting in three steps.",
    ),
    Verb(
        "approvals",
        "requests that wait for an approval",
        "承認待ちの依頼",
        ("approvals", "approvals --approve 01a2", "approvals --reject 01a2 --reason 予算を聞いてから"),
        _approvals_arguments,
        approvals,
    ),
)
