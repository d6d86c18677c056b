"""The verb ``meeting``: what is agreed and how far it has come to the calendars, free slots of FS, the invitation."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.cli import words
from isdesk.cli.output import table
from isdesk.cli.session import Session, Verb
from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.desk import Desk
    from isdesk.domain.ids import LeadId
    from isdesk.services.booking import Carried

_STATES: words.Words = {
    "done": ("予定表に記入済み", "in the calendar"),
    "waiting": ("記入待ち", "waiting"),
    "taken": ("予定が埋まっている", "time is taken"),
    "moved_there": ("予定表で動かされた", "moved in the calendar"),
    "gone_there": ("予定表から消された", "taken off the calendar"),
    "canceled": ("取り消し", "called off"),
    "": ("—", "—"),
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", nargs="?", help="free slots of FS for this lead (see below for LEAD)")
    parser.add_argument("--invitation", metavar="FILE", help="write the invitation to the lead's meeting (.ics)")
    parser.add_argument(
        "--mail", action="store_true", help="put that invitation into the mail outbox (see mails --send)"
    )
    parser.add_argument(
        "--import", metavar="FILE", dest="file", help="read which times are taken from a calendar (.ics)"
    )
    parser.add_argument("--fs", metavar="FS", help="whose calendar --import reads: name, mail or id")
    parser.add_argument("--carry", action="store_true", help="bring meetings to the calendars and read them now")


def meeting(session: Session) -> int | None:
    """List meetings, or do what was asked for."""
    from isdesk.cli.refs import member_id
    from isdesk.services import references

    args = session.args
    with session.desk() as desk:
        if args.file is not None:
            if not args.fs:
                raise BadInput("fs_needed")
            fs_id = member_id(desk.ctx, args.fs)
            found = desk.calendar.import_file(fs_id, _bytes(args.file))
            text = session.words(f"この先の予定 {found.come}件", f"{found.come} to come")
            if found.left_out:
                text += session.words(f" ・ 読めない予定 {found.left_out}件", f", {found.left_out} could not be read")
            if not found.come and not found.left_out:
                text += session.words(" ・ 前に読み込んだ予定は消えました", "; what was read before is gone")
            session.out.result({"fs_id": fs_id, "taken": found.come, "left_out": found.left_out}, text)
        elif args.carry:
            done = desk.calendar.carry()
            said = {"written": done.written, "waiting": done.waiting, "heard": done.heard, "error": done.error or None}
            text = session.words(
                f"記入 {done.written}件 ・ 待ち {done.waiting}件 ・ 読んだ予定表 {done.heard}",
                f"{done.written} written, {done.waiting} waiting, {done.heard} calendars read",
            )
            session.out.result(said, f"{text} {done.error}".strip())
            return 1 if done.error else None
        elif args.lead is None:
            _list(session, desk)
        elif args.mail:
            _mail(session, desk, references.lead(desk.ctx, args.lead))
        elif args.invitation:
            _invite(session, desk, references.lead(desk.ctx, args.lead), args.invitation)
        else:
            _slots(session, desk, references.lead(desk.ctx, args.lead))
    return None


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadInput("file_unreadable", path=path) from error


def _invite(session: Session, desk: Desk, lead_id: LeadId, path: str) -> None:
    from isdesk.services import inviting

    letter = inviting.letter(desk.ctx, lead_id)
    Path(path).write_text(letter.ics, "utf-8", newline="")
    session.out.result({"file": path, "method": letter.method, "to": letter.to or None}, path)


def _mail(session: Session, desk: Desk, lead_id: LeadId) -> None:
    from isdesk.services import invitations

    mail = invitations.send(desk.ctx, lead_id)
    said = {"mail_id": mail.id, "to": mail.recipient, "subject": mail.subject, "state": mail.state.value}
    session.out.result(said, session.words(f"送信待ち: {mail.recipient} {mail.subject}", f"waiting: {mail.recipient}"))


def _slots(session: Session, desk: Desk, lead_id: LeadId) -> None:
    from isdesk.services import booking

    found = booking.slots(desk.ctx, lead_id)
    rows = [
        {"fs_id": one.fs_id, "fs": one.name, "at": at, "heard_at": one.heard_at, "source": one.source or None}
        for one in found.people
        for at in one.times
    ]
    head = session.labels(("FS担当", "FS"), ("空き", "free"), ("予定表", "calendar"))
    lines = [[str(r["fs"]), _local(r["at"]), _local(r["heard_at"])] for r in rows]
    session.out.result({"lead_id": lead_id, "minutes": found.minutes, "rows": rows}, table(head, lines))


def _list(session: Session, desk: Desk) -> None:
    from isdesk.services import booking

    ctx = desk.ctx
    rows = []
    for one in booking.every(ctx):
        if one.end > ctx.now():
            state = "canceled" if one.canceled else _state(booking.carried(ctx).get(one.id))
            rows.append(
                {
                    "uid": one.id,
                    "lead_id": one.lead_id,
                    "lead": booking.name_of(ctx, one.lead_id),
                    "at": one.at,
                    "fs": ctx.name_of(one.fs_id),
                    "place": one.place,
                    "sequence": one.sequence,
                    "state": state,
                }
            )
    head = session.labels(
        ("日時", "time"), ("リード", "lead"), ("FS担当", "FS"), ("場所", "place"), ("予定表", "calendar")
    )
    lines = [
        [_local(r["at"]), str(r["lead"]), str(r["fs"]), str(r["place"]), session.words(*_STATES[str(r["state"])])]
        for r in rows
    ]
    session.out.result({"rows": rows}, table(head, lines))


def _state(known: Carried | None) -> str:
    return known.state if known is not None and known.state in _STATES else ""


def _local(at: object) -> str:
    moment: datetime | None = at  # type: ignore[assignment]
    return f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M}" if moment is not None else "—"


VERBS = (
    Verb(
        "meeting",
        "meetings, free slots of FS, invitations",
        "商談の予定、FSの空き、招待",
        (
            "meeting --json",
            "meeting 山田太郎",
            "meeting 山田太郎 --invitation invite.ics",
            "meeting 山田太郎 --mail",
            "meeting --import nakamura.ics --fs 中村",
            "meeting --carry",
        ),
        _arguments,
        meeting,
    ),
)
