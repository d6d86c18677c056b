"""Verbs that write calls and take them back: ``record``, ``undo``, ``redo``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import count, instant, pair
from isdesk.domain.ids import TouchId
from isdesk.domain.touch import TOUCH_CHANNELS, Channel, Direction, Reached

if TYPE_CHECKING:
    from isdesk.services.views import UndoStep


def _record_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", help="id, beginning of an id, or exact name, mail or phone")
    parser.add_argument("outcome", metavar="OUTCOME", help="code of the outcome, its key or its Japanese label")
    parser.add_argument("--note", metavar="S", default="", help="memo of the call")
    parser.add_argument("--callback", metavar="T", type=instant, help="promised time of the next call")
    parser.add_argument("--meeting", metavar="T", type=instant, help="time of the meeting that was set")
    parser.add_argument("--reached", metavar="PARTY", choices=[r.value for r in Reached], help="who answered")
    parser.add_argument("--reason", metavar="R", help="why they refused: code or label")
    parser.add_argument("--at", metavar="T", type=instant, help="when the call was, if not now")
    parser.add_argument("--same-call", metavar="TOUCH", help="touch of another contact reached in the same call")
    parser.add_argument("--to", metavar="FS", help="who takes the meeting over: name, mail or id")
    parser.add_argument(
        "--channel",
        metavar="C",
        choices=[c.value for c in (Channel.PHONE, *TOUCH_CHANNELS)],
        default=Channel.PHONE.value,
        help="over what: " + " | ".join(c.value for c in (Channel.PHONE, *TOUCH_CHANNELS)),
    )
    parser.add_argument("--inbound", action="store_true", help="they came to us")
    parser.add_argument("--set", metavar="K=V", dest="fields", type=pair, action="append", default=[], help="a field")


def record(session: Session) -> int | None:
    """Record the outcome of a call."""
    from isdesk.cli.refs import fs_for, outcome_code, parse_fields, reason_code
    from isdesk.services import calls as service
    from isdesk.services import references

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        who, outcome = references.lead(ctx, args.lead), outcome_code(ctx, args.outcome)
        fields, fs_id = parse_fields(ctx, args.fields), fs_for(ctx, who, outcome, args.to)
        given = service.RecordInput(
            note=args.note,
            callback_at=args.callback,
            meeting_at=args.meeting,
            fs_id=fs_id,
            reached=Reached(args.reached) if args.reached else None,
            reason=reason_code(ctx, args.reason),
            at=args.at,
            channel=Channel(args.channel),
            direction=Direction.IN if args.inbound else Direction.OUT,
            same_call=TouchId(args.same_call) if args.same_call else None,
            fields={code: v for code, v in fields.items() if not code.startswith("company.")},
            company_fields={code[8:]: v for code, v in fields.items() if code.startswith("company.")},
        )
        done = service.record(ctx, who, outcome, given)
        taken_over_by = ctx.name_of(fs_id)
    action = done.plan.action.value if done.plan.action else None
    data = {
        "journal_id": done.journal_id,
        "touch_id": done.touch_id,
        "lead_id": who,
        "outcome": outcome,
        "next_action": action,
        "due_at": done.plan.due_at,
        "stage": done.stage,
        "stage_missing": done.stage_missing,
        "handoff": done.handoff_id,
        "fs": fs_id,
        "next_lead": done.next_lead,
    }
    say = session.words
    human = facts(
        [
            (say("記録しました", "Recorded"), outcome),
            (say("次回アクション", "Next action"), words.word(words.ACTIONS, action, session.lang)),
            (say("次回予定日時", "Due"), done.plan.due_at),
            (say("ステージ", "Stage"), done.stage),
            *([(say("FS担当", "FS"), taken_over_by)] if fs_id else []),
        ]
    )
    session.out.result(data, human)
    return None


def _undo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", metavar="N", type=count, default=1, help="how many entries (default: 1)")


def undo(session: Session) -> int | None:
    """Take the last entries of this device back."""
    from isdesk.services import history

    with session.desk() as desk:
        _, steps = history.undo(desk.ctx, session.args.count)
    session.out.result({"undone": _steps(steps)}, _steps_table(session, steps, "取り消しました", "Taken back"))
    return None


def redo(session: Session) -> int | None:
    """Do the last undone entries again."""
    from isdesk.services import history

    with session.desk() as desk:
        _, steps = history.redo(desk.ctx, session.args.count)
    data = {"undone": [], "redone": _steps(steps)}
    session.out.result(data, _steps_table(session, steps, "やり直しました", "Done again"))
    return None


def _steps(steps: Sequence[UndoStep]) -> list[dict[str, object]]:
    return [
        {"journal_id": s.journal_id, "verb": _verb(s), "at": s.at, "lead_id": s.lead_id, "person": s.lead_name}
        for s in steps
    ]


def _verb(step: UndoStep) -> str:
    """Return what was done at first, not that it was taken back since."""
    return str(step.summary.get("verb") or step.verb)


def _steps_table(session: Session, steps: Sequence[UndoStep], ja: str, en: str) -> str:
    head = session.labels((ja, en), ("氏名", "person"), ("日時", "at"))
    return table(head, [(words.word(words.VERBS, _verb(s), session.lang), s.lead_name, s.at) for s in steps])


VERBS: tuple[Verb, ...] = (
    Verb(
        "record",
        "record the outcome of a call, or of a contact over another channel",
        "架電結果・ほかのチャネルの接触を記録",
        (
            "record 山田太郎 NO_ANSWER",
            "record 山田太郎 CALLBACK_AT --callback '2026-11-24 10:30' --note 午前中に",
            "record 山田太郎 TOUCH_REPLIED --channel linkedin --note 資料がほしい",
            "record 山田太郎 MEETING_SET --meeting '2026-12-01 14:00' --reached decision_maker --to 佐々木",
        ),
        _record_arguments,
        record,
    ),
    Verb(
        "undo", "take the last entries back", "直前の記録を取り消す", ("undo", "undo --count 3"), _undo_arguments, undo
    ),
    Verb("redo", "do what was taken back again", "取り消しをやり直す", ("redo",), _undo_arguments, redo),
)
