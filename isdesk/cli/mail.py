"""The verbs ``mail``, ``mails``, ``consent`` and ``mail-account``: writing mails, the outbox, who may be written to."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk import messages
from isdesk.cli import words
from isdesk.cli.output import facts, table
from isdesk.cli.session import Session, Verb
from isdesk.cli.values import instant
from isdesk.domain.consent import BASES
from isdesk.domain.errors import BadInput
from isdesk.domain.mail_pause import Way
from isdesk.domain.outgoing import IMAP_PORT, SECURITY, MailAccount

if TYPE_CHECKING:
    from isdesk.domain.outgoing import OutMail
    from isdesk.services.context import Context
    from isdesk.services.mails import Preview
    from isdesk.services.outgoing import Posted
    from isdesk.services.pausing import Paused
    from isdesk.services.receiving import Received


def _mail_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", help="id, beginning of an id, or exact name, mail or phone")
    parser.add_argument("--template", metavar="T", default="", help="code of a mail template of the definitions")
    parser.add_argument("--subject", metavar="S", help="in place of the template's subject")
    parser.add_argument("--body", metavar="FILE", help="a text file in place of the template's body; - is stdin")
    parser.add_argument("--at", metavar="T", type=instant, help="when it is to leave, if not at once")
    parser.add_argument(
        "--answer", action="store_true", help="the changed text of a template that is no advertising answers a request"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--queue", action="store_true", help="put it into the outbox (default: show it only)")
    how.add_argument("--send", action="store_true", help="put it into the outbox and send what is due")
    how.add_argument("--mailto", action="store_true", help="print the link that opens it in another mail program")


def mail(session: Session) -> int | None:
    """Show a mail filled in for a lead, or put it into the outbox."""
    from isdesk.services import mails as writing
    from isdesk.services import outgoing, references

    args = session.args
    body = _text(args.body)
    with session.desk() as desk:
        ctx = desk.ctx
        who = references.lead(ctx, args.lead)
        found = writing.preview(ctx, who, args.template, subject=args.subject, body=body, answer=args.answer)
        data = _preview(found)
        if args.queue or args.send:
            out = outgoing.post(
                ctx, who, args.template, subject=args.subject, body=body, at=args.at, answer=args.answer
            )
            data |= {"mail_id": out.id, "message_id": out.message_id}
            if args.send:
                data |= _round(session, ctx, outgoing.send(ctx, desk.secrets))
        elif args.mailto:
            data["mailto"] = writing.mailto(writing.sendable(found))
    session.out.result(data, str(data.get("mailto") or _shown(session, found)))
    return None


def _text(path: str | None) -> str | None:
    if path is None:
        return None
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise BadInput("mail_text_unreadable", path=path) from error


def _preview(found: Preview) -> dict[str, object]:
    return {
        "to": found.composed.to,
        "subject": found.composed.subject,
        "text": found.composed.text,
        "template": found.composed.template or None,
        "advertising": found.advertising,
        "changed": found.changed,
        "may_send": found.may_send,
        "forbidden": found.forbidden,
        "problems": list(found.problems),
        "missing_items": list(found.missing_items),
    }


def _shown(session: Session, found: Preview) -> str:
    mail = found.composed
    lines = [
        f"{session.words('宛先', 'To')}: {mail.to}",
        f"{session.words('件名', 'Subject')}: {mail.subject}",
        "",
        mail.text.rstrip(),
    ]
    codes = [*([found.forbidden] if found.forbidden else []), *found.problems]
    codes += ["mail_law_items_missing"] if found.missing_items else []
    for code in codes:
        said = messages.sentence(code, {"law_items": found.missing_items}, session.lang)
        lines += ["", f"× {said.what} {said.do}"]
    return "\n".join(lines)


def _round(session: Session, ctx: Context, done: Posted) -> dict[str, object]:
    """Return what a round of sending came to; raise what stopped it."""
    from isdesk.services import pausing

    if done.error is not None:
        raise done.error
    if done.paused is not None and (refusal := pausing.refusal(ctx, Way.OUT, session.lang)) is not None:
        raise refusal
    return {
        "sent": done.sent,
        "later": done.later,
        "failed": done.failed,
        "stopped": done.stopped,
        "uncertain": done.uncertain,
        "asked": done.asked,
        "waits_until": done.waits_until,
        "busy": done.busy,
    }


def _read(session: Session, ctx: Context, found: Received) -> dict[str, object]:
    """Return what a look at the mailbox came to; raise what stopped it."""
    from isdesk.services import pausing

    if found.error is not None:
        raise found.error
    if found.paused is not None and (refusal := pausing.refusal(ctx, Way.IN, session.lang)) is not None:
        raise refusal
    return {
        "replies": found.replies,
        "bounces": found.bounces,
        "opt_outs": found.opt_outs,
        "unreadable": found.unreadable,
        "doubts": [{"lead_id": one.lead_id, "touch_id": one.touch_id, "said": one.said} for one in found.doubts],
    }


def _mails_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", metavar="S", choices=list(words.MAIL_STATES), default="", help="only in this state")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--send", action="store_true", help="send what is due now")
    how.add_argument("--receive", action="store_true", help="read replies and bounces now")
    how.add_argument("--resume", action="store_true", help="the server refused the account: try it again now")
    how.add_argument("--cancel", metavar="ID", help="take a mail that waits out of the outbox")
    how.add_argument(
        "--again", metavar="ID", help="send a mail that failed, was stopped, or waits for your answer as it stands"
    )
    how.add_argument("--delivered", metavar="ID", help="a mail in doubt was delivered")
    how.add_argument("--not-delivered", metavar="ID", dest="lost", help="a mail in doubt was not delivered")


def mails(session: Session) -> int | None:
    """Show the outbox of mails; send what is due, read replies, try a refused account again, take one out, send one
    again, decide on a doubt.
    """
    from isdesk.services import outgoing, pausing, receiving

    args = session.args
    data: dict[str, object] = {}
    with session.desk() as desk:
        ctx = desk.ctx
        if args.send:
            data = _round(session, ctx, outgoing.send(ctx, desk.secrets))
        elif args.receive:
            data = _read(session, ctx, receiving.receive(ctx, desk.secrets))
        elif args.resume:
            pausing.resume(ctx)
            sent, read = outgoing.send(ctx, desk.secrets), receiving.receive(ctx, desk.secrets)
            data = _round(session, ctx, sent) | _read(session, ctx, read)
        elif args.cancel:
            outgoing.cancel(ctx, args.cancel)
        elif args.again:
            outgoing.again(ctx, args.again)
        elif args.delivered or args.lost:
            outgoing.resolve(ctx, args.delivered or args.lost, delivered=bool(args.delivered))
        found = outgoing.outbox(ctx, args.state)
        paused = pausing.standing(ctx)
    text = _table(session, found)
    if data.get("busy"):
        busy = session.words("いま別のisdeskがメールを送っています。", "Another isdesk is sending mails now.")
        text = f"{busy}\n{text}"
    text = "\n".join([*(pausing.told(one, session.lang).line for one in paused), text])
    held = [_paused(one) for one in paused]
    session.out.result({**data, "paused": held, "items": [_item(one) for one in found]}, text)
    return None


def _paused(one: Paused) -> dict[str, object]:
    return {
        "way": one.pause.way.value,
        "code": one.pause.code,
        "answer": one.pause.answer or None,
        "since": one.pause.since,
        "tries": one.pause.tries,
        "again_at": one.pause.again_at,
        "waiting": one.waiting,
        "asked": one.asked,
    }


def _item(one: OutMail) -> dict[str, object]:
    return {
        "id": one.id,
        "lead_id": one.lead_id,
        "to": one.recipient,
        "subject": one.subject,
        "state": one.state.value,
        "template": one.template or None,
        "answers_request": one.answers_request,
        "message_id": one.message_id,
        "attempts": one.attempts,
        "due_at": one.due_at,
        "left_at": one.left_at,
        "error": one.error or None,
        "answer": one.answer or None,
    }


def _table(session: Session, found: list[OutMail]) -> str:
    head = session.labels(("ID", "id"), ("状態", "state"), ("宛先", "to"), ("件名", "subject"), ("理由", "why"))
    rows = [
        (
            one.id,
            words.word(words.MAIL_STATES, one.state.value, session.lang),
            one.recipient,
            one.subject,
            messages.sentence(one.error, {}, session.lang).what if one.error else "",
        )
        for one in found
    ]
    return table(head, rows)


def _consent_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lead", metavar="LEAD", help="id, beginning of an id, or exact name, mail or phone")
    parser.add_argument("--basis", metavar="B", choices=list(BASES), help=", ".join(BASES))
    parser.add_argument("--source", metavar="S", default="", help="where it was heard: a form, an exhibition")
    parser.add_argument("--evidence", metavar="S", default="", help="what proves it")
    parser.add_argument("--reason", metavar="S", default="", help="why an entry is taken back")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--withdraw", metavar="ID", help="take an entry back")
    how.add_argument("--opt-out", action="store_true", help="no more mail to this address")
    how.add_argument("--unbar", metavar="WHY", help="the address exists after all: take back that mail to it bounced")


def consent(session: Session) -> int | None:
    """Show the ledger of consent for a lead's address; note, withdraw, opt out, take a wrong bounce back."""
    from isdesk.services import consenting, references

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        who = references.lead(ctx, args.lead)
        if args.opt_out:
            consenting.opt_out(ctx, who)
        elif args.unbar is not None:
            consenting.unbar(ctx, who, args.unbar)
        elif args.withdraw:
            consenting.withdraw(ctx, who, args.withdraw, args.reason)
        elif args.basis:
            consenting.consent(ctx, who, args.basis, args.source, evidence=args.evidence)
        forbidden = consenting.gate(ctx, who)
        found = [
            {
                "id": one.id,
                "basis": one.basis,
                "source": one.source,
                "evidence": one.evidence or None,
                "at": one.at,
                "by": ctx.name_of(one.by),
                "withdrawn_at": one.withdrawn_at,
                "withdrawn_why": one.withdrawn_why or None,
            }
            for one in consenting.ledger(ctx, who)
        ]
    head = session.labels(
        ("ID", "id"), ("根拠", "basis"), ("出所", "source"), ("日時", "at"), ("取り下げ", "withdrawn")
    )
    rows = [
        (one["id"], BASES[str(one["basis"])].in_(session.lang), one["source"], one["at"], one["withdrawn_at"])
        for one in found
    ]
    said = (
        messages.sentence(forbidden, {}, session.lang).what
        if forbidden
        else session.words("送れます", "may be written to")
    )
    session.out.result({"forbidden": forbidden, "items": found}, f"{said}\n{table(head, rows)}")
    return None


def _account_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="H", help="the server that takes mails to send")
    parser.add_argument("--port", metavar="N", type=int, help="default: 465 for tls, 587 for starttls")
    parser.add_argument("--security", choices=list(SECURITY), default="tls", help="how the connection is encrypted")
    parser.add_argument("--user", metavar="U", default="", help="the name to sign in with (default: the address)")
    parser.add_argument("--address", metavar="A", help="the sender's address")
    parser.add_argument("--name", metavar="S", default="", help="the sender's name as readers see it")
    parser.add_argument("--imap-host", metavar="H", default="", help="where replies and bounces are read, over TLS")
    parser.add_argument("--imap-port", metavar="N", type=int, default=IMAP_PORT, help="default: 993")
    parser.add_argument("--secret-env", metavar="VAR", help="environment variable that holds the app password")
    parser.add_argument(
        "--test", action="store_true", help="connect and sign in before anything is kept; sends nothing"
    )
    parser.add_argument("--forget", action="store_true", help="forget the account and its password")


def mail_account(session: Session) -> int | None:
    """Show, set, test or forget where mail leaves from this desk."""
    from isdesk.services import mail_account as accounts

    args = session.args
    with session.desk() as desk:
        ctx = desk.ctx
        if args.forget:
            accounts.forget(ctx, desk.secrets)
        elif args.host or args.address:
            wanted = MailAccount(
                args.host or "",
                args.port or SECURITY[args.security],
                args.security,
                args.user or args.address or "",
                args.address or "",
                args.name or ctx.me.name,
                args.imap_host,
                args.imap_port,
            )
            secret = _secret(args.secret_env)
            if args.test:
                accounts.try_out(ctx, desk.secrets, wanted, secret)
            accounts.keep(ctx, desk.secrets, wanted, secret)
        elif args.test and (kept := accounts.read(ctx)) is not None:
            accounts.try_out(ctx, desk.secrets, kept, None)
        known = accounts.read(ctx)
    data: dict[str, object] = {"account": None}
    if known is not None:
        data["account"] = {
            "host": known.host,
            "port": known.port,
            "security": known.security,
            "user": known.user,
            "address": known.address,
            "name": known.name,
            "imap_host": known.imap_host or None,
            "imap_port": known.imap_port,
        }
    shown = data["account"]
    session.out.result(data, facts(shown.items()) if isinstance(shown, dict) else session.words("未設定", "not set up"))
    return None


def _secret(variable: str | None) -> str | None:
    if not variable:
        return None
    found = os.environ.get(variable)
    if not found:
        raise BadInput("secret_env_missing", name=variable)
    return found


VERBS: tuple[Verb, ...] = (
    Verb(
        "mail",
        "a mail filled in for a lead: show it, send it, hand it over",
        "リードへのメールの下書き・送信・受け渡し",
        (
            "mail 山田太郎 --template first",
            "mail 山田太郎 --template first --send",
            "mail 山田太郎 --template second --mailto",
        ),
        _mail_arguments,
        mail,
    ),
    Verb(
        "mails",
        "the outbox of mails: send, read replies, cancel, decide on one in doubt",
        "メールの送信待ち・返信の読み取り・届いたか不明なメールの確認",
        ("mails", "mails --send", "mails --receive", "mails --resume", "mails --state uncertain --json"),
        _mails_arguments,
        mails,
    ),
    Verb(
        "consent",
        "who may be written to, and why: note, withdraw, opt out",
        "メールの同意の記録・取り下げ・配信停止",
        ("consent 山田太郎", "consent 山田太郎 --basis notified --source 展示会の名刺", "consent 山田太郎 --opt-out"),
        _consent_arguments,
        consent,
    ),
    Verb(
        "mail-account",
        "where mail leaves from this desk",
        "メールを送るアカウントの設定とテスト",
        ("mail-account --host smtp.example.jp --address suzuki@example.jp --secret-env MAIL_PASSWORD --test",),
        _account_arguments,
        mail_account,
    ),
)
