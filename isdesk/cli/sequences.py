"""The verb ``sequences``: which run, who stands where, what is due; enrolling, stopping, skipping, carrying out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from isdesk import messages
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.domain.errors import BadInput, NotFound
from isdesk.domain.sequence import CHANNELS, STOPS
from isdesk.services.mails import told

if TYPE_CHECKING:
    from isdesk.domain.ids import LeadId
    from isdesk.domain.rules import Rules
    from isdesk.domain.sequence import Enrolment
    from isdesk.services.context import Context
    from isdesk.services.sequence_board import Board, Line
    from isdesk.services.sequences import Enrolled

STATES = {
    "blocked": ("要確認", "blocked"),
    "confirm": ("送信の確認待ち", "waits for you"),
    "call": ("架電", "call"),
    "social": ("SNSなど", "social touch"),
    "auto": ("自動送信", "leaves by itself"),
    "queued": ("送信待ち", "in the outbox"),
    "waits": ("同期待ち", "waits for a sync"),
    "first": ("別の予定が先", "something else goes first"),
    "later": ("予定", "planned"),
    "finished": ("完了", "finished"),
    "stopped": ("停止", "stopped"),
}
"""How a lead stands in its sequence (`sequence_board.Line.state`)."""
STEPS = {
    "done": ("済み", "done"),
    "skipped": ("飛ばした", "skipped"),
    "blocked": ("要確認", "blocked"),
    "open": ("次", "next"),
    "later": ("この先", "later"),
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("leads", metavar="LEAD", nargs="*", help="id, beginning of an id, or exact name, mail or phone")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--enrol", metavar="CODE", help="put leads into a sequence of the definitions")
    how.add_argument("--stop", action="store_true", help="take leads out of the sequence that runs")
    how.add_argument("--skip", metavar="REASON", help="leave the next step of a lead out, and say why")
    how.add_argument("--confirm", action="store_true", help="send the mail that is a lead's next step")
    how.add_argument("--take-over", action="store_true", help="have the mails leave from this desk from tomorrow on")
    how.add_argument("--due", action="store_true", help="what is due today")
    how.add_argument("--run", action="store_true", dest="go", help="put the mails that are due into the outbox")
    parser.add_argument("--queue", action="store_true", help="with --enrol: the leads of today's queue")
    parser.add_argument("--view", metavar="NAME", help="with --enrol: the leads of a saved view")
    parser.add_argument("--dry-run", action="store_true", help="with --enrol: say who would be in, write nothing")
    parser.add_argument("--everybody", action="store_true", help="the whole team's, not only your own")


def sequences(session: Session) -> int | None:
    """Show or change where leads stand in their sequences."""
    from isdesk.services import references

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        leads = [references.lead(ctx, one) for one in args.leads]
        if args.enrol is not None:
            _enrol(session, ctx, leads)
        elif args.go:
            _run(session, ctx)
        elif args.stop or args.skip is not None or args.confirm or args.take_over:
            _change(session, ctx, leads)
        elif leads:
            _leads(session, ctx, leads)
        else:
            _board(session, ctx)
    return None


def _enrol(session: Session, ctx: Context, leads: list[LeadId]) -> None:
    from isdesk.services import queue, sequences, view_queue

    args = session.args
    wanted = list(leads)
    if args.queue:
        wanted += queue.ids(ctx)
    if args.view is not None:
        view = view_queue.named(ctx, args.view)
        if view is None:
            raise NotFound("view_not_found", view=args.view)
        wanted += view_queue.ids(ctx, view)
    if not wanted:
        raise BadInput("sequence_nobody")
    done = (sequences.forecast if args.dry_run else sequences.enrol)(ctx, args.enrol, wanted)
    data = {
        "sequence": args.enrol,
        "enrolled": list(done.leads),
        "refused": [{"lead_id": key, "code": why} for key, why in done.refused.items()],
        "journal_id": done.written.journal_id,
        "dry_run": args.dry_run,
    }
    session.out.result(data, _enrolled(session, ctx.rules, done))


def _enrolled(session: Session, rules: Rules, done: Enrolled) -> str:
    counts: dict[str, int] = {}
    for why in done.refused.values():
        counts[why] = counts.get(why, 0) + 1
    rows = [(session.words("入れたリード", "enrolled"), f"{len(done.leads):,}")]
    rows += [
        (messages.sentence(why, told(rules, why), session.lang).what, f"{count:,}") for why, count in counts.items()
    ]
    return facts(rows)


def _run(session: Session, ctx: Context) -> None:
    from isdesk.services import queue, sequences

    queue.settle(ctx)
    done = sequences.run(ctx)
    say = session.words
    data = {"queued": done.queued, "blocked": done.blocked, "stopped": done.stopped, "waiting": done.waiting}
    said = facts(
        [
            (say("送信待ちに入れた", "put into the outbox"), f"{done.queued:,}"),
            (say("要確認", "blocked"), f"{done.blocked:,}"),
            (say("停止", "stopped"), f"{done.stopped:,}"),
            (say("同期・返信の確認待ち", "wait for a sync or the mailbox"), f"{done.waiting:,}"),
        ]
    )
    session.out.result(data, said)


def _change(session: Session, ctx: Context, leads: list[LeadId]) -> None:
    from isdesk.services import sequences

    args = session.args
    if not leads:
        raise BadInput("sequence_nobody")
    data: dict[str, object] = {"leads": list(leads)}
    if args.stop:
        data["journal_id"] = sequences.stop(ctx, leads).journal_id
    elif args.take_over:
        data["journal_id"] = sequences.take_over(ctx, leads).journal_id
    elif args.skip is not None:
        data["journal_ids"] = [sequences.skip(ctx, one, args.skip).journal_id for one in leads]
    else:
        data["mails"] = [sequences.confirm(ctx, one).id for one in leads]
    session.out.result(data, session.words(f"{len(leads)}件", f"{len(leads)} leads"))


def _leads(session: Session, ctx: Context, leads: list[LeadId]) -> None:
    from isdesk.services import sequences

    found = [(key, one) for key in leads for one in sequences.of_lead(ctx, key)]
    data = {"enrolments": [_enrolment(session, key, one) for key, one in found]}
    session.out.result(
        data, "\n\n".join(_shown(session, ctx.rules, one) for _, one in found) or session.words("なし", "none")
    )


def _enrolment(session: Session, key: LeadId, one: Enrolment) -> dict[str, object]:
    return {
        "lead_id": key,
        "sequence": one.code,
        "version": one.definition.version,
        "label": one.definition.label.in_(session.lang),
        "state": one.state,
        "enrolled_at": one.at,
        "enrolled_by": one.by,
        "first_contact": one.anchor,
        "playbook": one.playbook,
        "stopped_by": one.stop.why if one.stop is not None else None,
        "stopped_at": one.stop.at if one.stop is not None else None,
        "steps": [
            {
                "number": step.number,
                "channel": step.step.channel.value,
                "state": step.state,
                "due_at": step.due_at,
                "at": step.at,
                "why": step.why or None,
            }
            for step in one.steps
        ],
    }


def _shown(session: Session, rules: Rules, one: Enrolment) -> str:
    head = f"{one.definition.label.in_(session.lang)} ({one.code}@{one.definition.version}) "
    head += _word(session, one.state)
    if one.stop is not None:
        head += f" — {STOPS[one.stop.why].in_(session.lang) if one.stop.why in STOPS else one.stop.why}"
    say = session.words
    rows = [
        [
            str(step.number), CHANNELS[step.step.channel].in_(session.lang), _step_word(session, step.state),
            step.at or step.due_at, _reason(session, rules, step.why),
        ]
        for step in one.steps
    ]  # fmt: skip
    heads = ["#", say("手段", "channel"), say("状態", "state"), say("日時", "time"), say("理由", "reason")]
    return f"{head}\n{table(heads, rows)}"


def _reason(session: Session, rules: Rules, why: str) -> str:
    return (
        messages.sentence(why, told(rules, why), session.lang).what
        if why and why in messages.catalogue(session.lang)
        else why
    )


def _word(session: Session, state: str) -> str:
    return session.words(*STATES[state]) if state in STATES else session.words("実行中", "running")


def _step_word(session: Session, state: str) -> str:
    return session.words(*STEPS[state])


def _board(session: Session, ctx: Context) -> None:
    from isdesk.services import queue, sequence_board

    args = session.args
    queue.settle(ctx)
    board = sequence_board.look(ctx, everybody=args.everybody)
    if args.due:
        lines = [line for line in board.running if line.state != "later"]
        data = {"items": [_line(line) for line in lines], "waits_for_sync": board.stale}
        session.out.result(data, _due(session, ctx.rules, lines))
        return
    session.out.result(_counts(board), _list(session, board))


def _line(line: Line) -> dict[str, object]:
    return {
        "lead_id": line.lead_id,
        "name": line.name,
        "company": line.company,
        "owner": line.owner,
        "sequence": line.enrolment.code,
        "step": line.number,
        "of": line.of,
        "channel": line.enrolment.steps[line.number - 1].step.channel.value,
        "state": line.state,
        "due_at": line.at,
        "why": line.why or None,
    }


def _due(session: Session, rules: Rules, lines: list[Line]) -> str:
    say = session.words
    heads = [say("状態", "state"), say("リード", "lead"), say("会社", "company"), say("手順", "step"),
             say("日時", "time"), say("理由", "reason")]  # fmt: skip
    rows = [
        [
            _word(session, line.state), line.name, line.company, f"{line.number}/{line.of}",
            line.at, _reason(session, rules, line.why),
        ]
        for line in lines
    ]  # fmt: skip
    return table(heads, rows)


def _counts(board: Board) -> dict[str, object]:
    return {
        "today": dict(board.today),
        "waits_for_sync": board.stale,
        "sequences": [
            {
                "sequence": one.code,
                "label_ja": one.label.ja,
                "label_en": one.label.en,
                "enrolled": one.enrolled,
                "running": one.running,
                "finished": one.finished,
                "stopped_by": dict(one.stops),
                "results": dict(one.results),
                "steps": [
                    {
                        "number": step.number, "channel": step.step.channel.value, "days": step.step.days,
                        "here": step.here, "blocked": step.blocked, "done": step.done, "skipped": step.skipped,
                        "results": dict(step.results),
                    }
                    for step in one.steps
                ],
            }
            for one in board.sequences
        ],
    }  # fmt: skip


def _list(session: Session, board: Board) -> str:
    from isdesk.services.sequence_board import RESULTS

    say = session.words
    named = (
        ("コード", "code"),
        ("シーケンス", "sequence"),
        ("実行中", "running"),
        ("完了", "finished"),
        ("停止", "stopped"),
    )
    heads = [say(*one) for one in (*named, ("返信", "replies"), ("商談", "meetings"), ("配信停止", "opt-outs"))]
    rows = [
        [
            one.code, one.label.in_(session.lang), f"{one.running:,}", f"{one.finished:,}",
            f"{sum(one.stops.values()):,}", *(f"{one.results.get(code, 0):,}" for code in RESULTS[:3]),
        ]
        for one in board.sequences
    ]  # fmt: skip
    return table(heads, rows)


VERBS: tuple[Verb, ...] = (
    Verb(
        "sequences",
        "which sequences run, who stands where, what is due; enrol leads, stop, skip, carry out",
        "シーケンスの一覧・今日の予定・登録・停止・手順を飛ばす",
        (
            "sequences",
            "sequences --due --json",
            "sequences 山田太郎",
            "sequences --enrol follow --queue --dry-run",
            "sequences --skip '資料は手渡し済み' 山田太郎",
        ),
        _arguments,
        sequences,
    ),
)
