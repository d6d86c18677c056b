"""Reading what came back (IMAP): replies become touches with their intent, opt-outs hold, bounces bar addresses.

Each letter is read once: its touch has an id made from its Message-ID, and the place in the mailbox moves on in the
same transaction. What answers none of our mails and comes from no lead is left unread.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain.answers import ACCEPTED, DECLINED, OPT_OUT, REPLY
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId, TouchId
from isdesk.domain.letters import Report, own_words, wants_out
from isdesk.domain.outgoing import MailAccount, MailState
from isdesk.domain.touch import Channel, Direction, Touch, effective
from isdesk.services import booking, consenting, outgoing, projection
from isdesk.services.entries import head
from isdesk.store import connections, identity, journal, leads, mails, meta

if TYPE_CHECKING:
    from isdesk.channels.imap import Box, Letter
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx
    from isdesk.vault import Secrets

PLACE = "mail_place"
FIRST: Final = timedelta(days=14)
"""How far back the first look at a mailbox goes."""
_SPACE: Final = uuid5(NAMESPACE_URL, "isdesk:letters")


@dataclass(frozen=True, slots=True)
class Received:
    """What one look at the mailbox came to. ``error``: what stopped it."""

    replies: int = 0
    bounces: int = 0
    opt_outs: int = 0
    error: IsdeskError | None = None
    changes: Changes = field(default_factory=Changes)


def receive(ctx: Context, secrets: Secrets) -> Received:
    """Read what came since the last look; nothing where no mailbox is set up. Trouble is told, not raised."""
    account = outgoing.account(ctx)
    if account is None or not account.imap_host:
        return Received()
    from isdesk.channels.imap import Box

    out = Received()
    try:
        with Box(account, secrets.get(outgoing.SECRET) or "") as box:
            since = (ctx.now() - FIRST).date()
            for letter in box.letters(_place(ctx, box.validity), since):
                out = _one(ctx, box, account, letter, out)
    except IsdeskError as error:
        return replace(out, error=error)
    return out


def _place(ctx: Context, validity: int) -> int:
    """Return the number of the last letter that was read; 0 where the mailbox was made anew (RFC 3501, 2.3.1.1)."""
    with ctx.store.read() as tx:
        kept = meta.get(tx, PLACE)
    if not isinstance(kept, dict) or kept.get("validity") != validity:
        return 0
    return int(str(kept.get("uid") or 0))


def _one(ctx: Context, box: Box, account: MailAccount, letter: Letter, out: Received) -> Received:
    """Read one letter and move the place on."""
    with ctx.store.read() as tx:
        lead_id = _whose(ctx, tx, account, letter)
    from isdesk.channels.imap import BIGGEST

    wanted = letter.report or lead_id is not None
    whole = box.whole(letter.uid) if wanted and letter.size <= BIGGEST else None
    with ctx.store.write() as tx:
        if letter.report and whole is not None:
            out = _bounced(ctx, tx, whole, out)
        elif lead_id is not None:
            out = _reply(ctx, tx, lead_id, letter, whole, out)
        place: dict[str, object] = {"validity": box.validity, "uid": letter.uid}
        meta.put(tx, PLACE, place)
    return out


def _whose(ctx: Context, tx: Tx, account: MailAccount, letter: Letter) -> LeadId | None:
    """Return the lead that a letter is from: of the mail that it answers, else of its address; an own lead first."""
    if letter.sender.casefold() == account.address.casefold():
        return None
    answered = mails.by_message(tx, list(letter.refers)) if letter.refers else None
    if answered is not None:
        return answered.lead_id
    if not letter.sender:
        return None
    found = [one for ids in identity.leads_by_mail(tx, [letter.sender]).values() for one in ids]
    facts = leads.many(tx, found)
    own = [one for one in found if one in facts and facts[one].owner_id == ctx.me.id]
    return next(iter(own or [one for one in found if one in facts]), None)


def _reply(
    ctx: Context, tx: Tx, lead_id: LeadId, letter: Letter, whole: EmailMessage | None, out: Received
) -> Received:
    touch_id = TouchId(str(uuid5(_SPACE, letter.message_id or f"{lead_id} {letter.at.isoformat()} {letter.subject}")))
    facts = leads.facts(tx, lead_id)
    if facts is None or leads.touch(tx, touch_id) is not None:
        return out
    text = _text(whole)
    said = _to_invitation(tx, lead_id, whole)
    if letter.automatic and said is None:
        return out  # what a machine writes is heard only where it answers an invitation
    out_wanted = said is None and wants_out(letter.subject, text)
    entry = head(ctx, tx, Verb.MAIL_BACK, lead_id=lead_id, summary=_named(facts))
    touch = Touch(
        id=touch_id,
        lead_id=lead_id,
        company_id=facts.company_id,
        member_id=ctx.me.id,
        device_id=ctx.device_id,
        device_seq=entry.device_seq,
        at=_heard_at(tx, lead_id, letter, entry.at),
        journal_id=entry.id,
        channel=Channel.MAIL,
        direction=Direction.IN,
        signal=said or (OPT_OUT if out_wanted else REPLY),
        note=" — ".join(part for part in (letter.subject, own_words(text)) if part),
        playbook=ctx.rules.version,
        skew_ms=connections.skew(tx),
    )
    journal.append(tx, entry, touches=(touch,))
    projection.refresh(ctx, tx, [lead_id])
    changes = out.changes | Changes(leads=frozenset({lead_id}), queue=True, outbox=True)
    out = replace(out, replies=out.replies + 1, changes=changes)
    if out_wanted:
        refused = consenting.refuse_mail(ctx, tx, facts, reason="mail_reply", evidence=touch_id)
        return replace(out, opt_outs=out.opt_outs + 1, changes=out.changes | refused.changes)
    return out


def _to_invitation(tx: Tx, lead_id: LeadId, whole: EmailMessage | None) -> str | None:
    """Return what the lead's calendar answers to an invitation of ours; None where the letter is none."""
    from isdesk.channels import ics

    for part in whole.walk() if whole is not None else ():
        if part.get_content_type() == "text/calendar":
            text = _content(part)
            found = ics.answer(text) if text else None
            one = booking.known(tx, found.uid) if found is not None else None
            if found is not None and one is not None and one.lead_id == lead_id:
                return ACCEPTED if found.accepted else DECLINED
    return None


def _heard_at(tx: Tx, lead_id: LeadId, letter: Letter, now: datetime) -> datetime:
    """Return when a letter counts as heard: as it says; now where that is nonsense, or where somebody dealt with the
    lead since without knowing of it.
    """
    if not now - FIRST <= letter.at <= now:
        return now
    since = any(t.at > letter.at and t.signal is None for t in effective(leads.touches(tx, lead_id)))
    return now if since else letter.at


def _bounced(ctx: Context, tx: Tx, whole: EmailMessage, out: Received) -> Received:
    report = read_report(whole)
    mail = mails.by_message(tx, [report.message_id]) if report is not None and report.failed else None
    if report is None or mail is None or mail.state not in (MailState.SENT, MailState.UNCERTAIN):
        return out
    error = "mail_bounced" if report.gone else "mail_refused_by_server"
    after = replace(mail, state=MailState.FAILED, error=error, answer=report.status)
    mails.move(tx, mail, after)
    changes = outgoing.came_back(ctx, tx, after, gone=report.gone)
    return replace(out, bounces=out.bounces + 1, changes=out.changes | changes)


def read_report(whole: EmailMessage) -> Report | None:
    """Return what a delivery report says (RFC 3464); None where it is none, or does not name the mail."""
    status, about = "", ""
    for part in whole.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in _inside(part):
                if str(block.get("Action") or "").strip().lower() == "failed":
                    status = str(block.get("Status") or "").strip()
        elif kind == "message/rfc822":
            about = next((str(one.get("Message-ID") or "") for one in _inside(part)), about)
        elif kind == "text/rfc822-headers":
            found = [line for line in str(part.get_payload()).splitlines() if line.lower().startswith("message-id:")]
            about = found[0].partition(":")[2] if found else about
    return Report(about.strip(), status) if status and about.strip() else None


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _text(whole: EmailMessage | None) -> str:
    """Return the plain text of a letter; none where there is only HTML."""
    part = whole.get_body(("plain",)) if whole is not None else None
    return _content(part) if part is not None else ""


def _content(part: Message) -> str:
    if not isinstance(part, EmailMessage):
        return ""
    try:
        found = part.get_content()
    except (LookupError, UnicodeError, ValueError, KeyError):
        return ""
    return found if isinstance(found, str) else ""


def _named(facts: LeadFacts) -> dict[str, Value]:
    return {"lead": str(facts.get("name") or "")}
