"""Reading what came back (IMAP): replies become touches with their intent, opt-outs hold, bounces bar addresses.

Each letter is read once: its touch has an id made from its Message-ID, and the place in the mailbox moves on in the
same transaction. What answers none of our mails and comes from no lead is left unread.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain.answers import ACCEPTED, DECLINED, OPT_OUT, READ_BACK, REPLY
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId, TouchId
from isdesk.domain.letters import Report, is_automatic, own_words
from isdesk.domain.mail_pause import Pause, Way
from isdesk.domain.opt_out import Wish, wish
from isdesk.domain.outgoing import MailAccount, MailState, OutMail
from isdesk.domain.touch import Channel, Direction, Touch, effective
from isdesk.services import booking, consenting, hearing, mail_account, merging, outgoing, pausing, projection
from isdesk.services.entries import head
from isdesk.store import connections, identity, journal, leads, mails, meta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isdesk.channels.imap import Box, Letter
    from isdesk.channels.letters import Told
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.services.views import Written
    from isdesk.store import Tx
    from isdesk.vault import Secrets

log = logging.getLogger(__name__)

PLACE = "mail_place"
WITHHELD: Final = "mail_withheld"
PATIENCE: Final = timedelta(hours=3)
"""So long a letter that the server does not hand over keeps those behind it waiting: most such trouble passes. Several
of them wait at the same time.
"""
_SPACE: Final = uuid5(NAMESPACE_URL, "isdesk:letters")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reply that resembles a wish for no more mail, which a person decides: ``said`` is what it says."""

    lead_id: LeadId
    name: str
    touch_id: TouchId
    said: str


@dataclass(frozen=True, slots=True)
class Received:
    """What one look at the mailbox came to. ``unreadable``: letters left to the person; ``error``: what stopped it.
    ``paused``: the server refuses the account; without an ``error`` it was not even tried this time.
    """

    replies: int = 0
    bounces: int = 0
    opt_outs: int = 0
    unreadable: int = 0
    error: IsdeskError | None = None
    paused: Pause | None = None
    changes: Changes = field(default_factory=Changes)
    doubts: tuple[Doubt, ...] = ()


def receive(ctx: Context, secrets: Secrets) -> Received:
    """Read what came since the last look; nothing where no mailbox is set up. Trouble is told, not raised."""
    account = mail_account.read(ctx)
    if account is None or not account.imap_host:
        return Received()
    with ctx.store.read() as tx:
        pause = pausing.of(tx, Way.IN)
    if pause is not None and not pause.due(ctx.now()):
        return Received(paused=pause)
    from isdesk.channels.imap import Box, Withheld

    out = Received()
    try:
        with Box(account, secrets.get(mail_account.SECRET) or "") as box:
            if pause is not None:
                pausing.ended(ctx, Way.IN)
            since = (ctx.now() - READ_BACK).date()
            every = box.letters(_place(ctx, account, box.validity), since)
            for n, letter in enumerate(every, 1):
                try:
                    out = _one(ctx, box, account, letter, out)
                except Withheld:
                    if not _waited_for(ctx, box, account, letter, every[n:]):
                        raise
                    out = _passed_over(ctx, box, account, letter, out)
                except IsdeskError:
                    raise
                except Exception as error:  # noqa: BLE001  none may keep those behind it from being read
                    log.warning("letter_unreadable", extra={"error": type(error).__name__})
                    out = _passed_over(ctx, box, account, letter, out)
    except IsdeskError as error:
        return replace(out, error=error, paused=pausing.refused(ctx, Way.IN, error, account.imap_host))
    hearing.noted(ctx, account)
    return out


def _place(ctx: Context, account: MailAccount, validity: int) -> int:
    """Return the number of the last letter read; 0 in another mailbox, or one made anew (RFC 3501, 2.3.1.1)."""
    with ctx.store.read() as tx:
        kept = meta.get(tx, PLACE)
    if not isinstance(kept, dict) or (kept.get("box"), kept.get("validity")) != (_box(account), validity):
        return 0
    return int(str(kept.get("uid") or 0))


def _box(account: MailAccount) -> str:
    return f"{account.user}@{account.imap_host}:{account.imap_port}"


def _move_on(tx: Tx, box: Box, account: MailAccount, letter: Letter) -> None:
    place: dict[str, object] = {"box": _box(account), "validity": box.validity, "uid": letter.uid}
    meta.put(tx, PLACE, place)


def _passed_over(ctx: Context, box: Box, account: MailAccount, letter: Letter, out: Received) -> Received:
    with ctx.store.write() as tx:
        _move_on(tx, box, account, letter)
    return replace(out, unreadable=out.unreadable + 1)


def _waited_for(ctx: Context, box: Box, account: MailAccount, letter: Letter, behind: Sequence[Letter]) -> bool:
    """Return whether a letter that the server does not hand over was waited for long enough; note since when it is.

    Each of those ``behind`` it is asked for once meanwhile, so that their waits run at the same time. None is passed
    over that was not asked for again at the end of its own.
    """
    which: dict[str, object] = {"box": _box(account), "validity": box.validity}
    with ctx.store.read() as tx:
        kept = meta.get(tx, WITHHELD)
    if not isinstance(kept, dict) or any(kept.get(name) != value for name, value in which.items()):
        kept = {}
    noted, asked, now = kept.get("since"), int(str(kept.get("asked") or 0)), ctx.now()
    since = {str(uid): str(at) for uid, at in noted.items()} if isinstance(noted, dict) else {}
    known = since.get(str(letter.uid))
    if known is not None and abs(now - datetime.fromisoformat(known)) >= PATIENCE:
        return True
    since.setdefault(str(letter.uid), now.isoformat())
    for one in (one for one in behind if one.uid > asked):
        try:
            if _is_withheld(ctx, box, account, one):
                since.setdefault(str(one.uid), now.isoformat())
        except IsdeskError:  # the line broke: the rest is asked for another time
            break
        asked = one.uid
    after = which | {"asked": asked, "since": {uid: at for uid, at in since.items() if int(uid) >= letter.uid}}
    if after != kept:
        with ctx.store.write() as tx:
            meta.put(tx, WITHHELD, after)
    return False


def _is_withheld(ctx: Context, box: Box, account: MailAccount, letter: Letter) -> bool:
    """Return whether the server does not hand over a letter that is to be read; trouble with the line is raised."""
    from isdesk.channels.imap import Withheld

    try:
        _whole(ctx, box, account, letter)
    except Withheld:
        return True
    except IsdeskError:
        raise
    except Exception:  # noqa: BLE001  it is told where its turn comes
        return False
    return False


def _whole(ctx: Context, box: Box, account: MailAccount, letter: Letter) -> tuple[_Theirs | None, bytes | None]:
    """Return whose a letter is and, where it is to be read, its text. Raises Withheld, Refused."""
    from isdesk.channels.imap import BIGGEST, Withheld

    if letter.withheld:
        raise Withheld("mail_server_unreachable", host=account.imap_host)
    if not letter.readable:
        return None, None
    with ctx.store.read() as tx:
        theirs = _theirs(ctx, tx, account, letter)
    wanted = letter.report or theirs is not None
    return theirs, box.whole(letter.uid) if wanted and letter.size <= BIGGEST else None


def _one(ctx: Context, box: Box, account: MailAccount, letter: Letter, out: Received) -> Received:
    """Read one letter and move the place on."""
    from isdesk.channels import letters, reports

    theirs, raw = _whole(ctx, box, account, letter)
    if not letter.readable:
        return _passed_over(ctx, box, account, letter, out)
    report = reports.report(raw) if letter.report and raw is not None else None
    told = letters.told(raw) if raw is not None and not letter.report else letters.Told()
    with ctx.store.write() as tx:
        if letter.report:
            out = _bounced(ctx, tx, report, out)
        elif theirs is not None:
            out = _answered(ctx, tx, theirs, letter, told, out)
        _move_on(tx, box, account, letter)
    return out


@dataclass(frozen=True, slots=True)
class _Theirs:
    """Whose letter it is: the lead, None where it is gone; ``answers``: the mail of ours that it answers."""

    lead_id: LeadId | None
    answers: OutMail | None = None


def _theirs(ctx: Context, tx: Tx, account: MailAccount, letter: Letter) -> _Theirs | None:
    """Return whose a letter is: of the mail that it answers, else of its address; an own lead first.

    What colleagues write into the same thread is nobody's answer.
    """
    sender = letter.sender.casefold()
    if not sender or sender == account.address.casefold():
        return None
    answered = mails.by_message(tx, list(letter.refers)) if letter.refers else None
    to = answered.recipient if answered is not None else ""
    lead_id = merging.stands_as(tx, answered.lead_id) if answered is not None else None
    if lead_id is None:
        lead_id = _of_address(ctx, tx, sender)
    if answered is None and lead_id is None:
        return None
    facts = leads.facts(tx, lead_id) if lead_id is not None else None
    own = {to.casefold(), str(facts.get("email") or "").casefold() if facts is not None else ""}
    if sender not in own and _is_colleague(ctx, account, sender):
        return None
    return _Theirs(lead_id, answered)


def _of_address(ctx: Context, tx: Tx, sender: str) -> LeadId | None:
    found = [one for ids in identity.leads_by_mail(tx, [sender]).values() for one in ids]
    facts = leads.many(tx, found)
    own = [one for one in found if one in facts and facts[one].owner_id == ctx.me.id]
    return next(iter(own or [one for one in found if one in facts]), None)


def _is_colleague(ctx: Context, account: MailAccount, sender: str) -> bool:
    domain = account.address.casefold().rpartition("@")[2]
    return sender.rpartition("@")[2] == domain or any(sender == one.email.casefold() for one in ctx.members.values())


def _answered(ctx: Context, tx: Tx, theirs: _Theirs, letter: Letter, told: Told, out: Received) -> Received:
    """Note a reply; who wants no more mail gets none at any address that the letter speaks for, whoever has it now.

    What came through a group is theirs. What may be news is theirs where it answers us; a wish for no more mail in
    other news may be their own way out, which a person is asked about. A wish that is the whole subject counts whoever
    writes it: mail programs ask so where a reader presses their button.
    """
    before = out.opt_outs
    ours = theirs.answers
    subject = ours.subject if ours is not None else ""
    wanted = wish(letter.subject, "" if letter.automatic else told.text, subject)
    news = letter.news and ours is None
    doubtful = news and wanted is Wish.CLEAR and wish(letter.subject, "") is not Wish.CLEAR
    if doubtful:
        wanted = Wish.MAYBE
    if (news and not doubtful) or is_automatic(letter.subject, told.text, subject):
        letter = replace(letter, automatic=True)
    if theirs.lead_id is not None:
        out = _reply(ctx, tx, theirs.lead_id, letter, told, out, wanted=wanted)
    if told.calendars or wanted is not Wish.CLEAR:
        return out
    barred = [
        consenting.bar_address(ctx, tx, mail, reason="mail_reply")
        for mail in dict.fromkeys((ours.recipient.casefold() if ours else "", letter.sender.casefold()))
        if mail
    ]
    return replace(out, opt_outs=before + 1) if any(barred) else out


def _reply(
    ctx: Context, tx: Tx, lead_id: LeadId, letter: Letter, told: Told, out: Received, *, wanted: Wish
) -> Received:
    touch_id = TouchId(str(uuid5(_SPACE, letter.message_id or f"{lead_id} {letter.at.isoformat()} {letter.subject}")))
    facts = leads.facts(tx, lead_id)
    if facts is None or leads.touch(tx, touch_id) is not None:
        return out
    said = _to_invitation(tx, lead_id, told.calendars)
    out_wanted = wanted is Wish.CLEAR and said is None
    if letter.automatic and said is None and not out_wanted:
        return out  # what a machine writes is heard only where it answers an invitation, or asks for no more mail
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
        note=" — ".join(part for part in (letter.subject, own_words(told.text)) if part),
        playbook=ctx.rules.version,
        skew_ms=connections.skew(tx),
    )
    journal.append(tx, entry, touches=(touch,))
    projection.refresh(ctx, tx, [lead_id])
    changes = out.changes | Changes(leads=frozenset({lead_id}), queue=True, outbox=True)
    out = replace(out, replies=out.replies + 1, changes=changes)
    if out_wanted:
        refused = consenting.refuse_mail(ctx, tx, facts, reason="mail_reply", evidence=touch_id, heard=True)
        return replace(out, opt_outs=out.opt_outs + 1, changes=out.changes | refused.changes)
    if wanted is Wish.MAYBE and said is None and not facts.get("email_opt_out"):
        doubt = Doubt(lead_id, str(facts.get("name") or ""), touch_id, own_words(told.text) or letter.subject)
        return replace(out, doubts=(*out.doubts, doubt))
    return out


def _to_invitation(tx: Tx, lead_id: LeadId, calendars: Sequence[str]) -> str | None:
    """Return what the lead's calendar answers to an invitation of ours; None where the letter is none."""
    from isdesk.channels import ics

    for text in calendars:
        found = ics.answer(text)
        one = booking.known(tx, found.uid) if found is not None else None
        if found is not None and one is not None and one.lead_id == lead_id:
            return ACCEPTED if found.accepted else DECLINED
    return None


def _heard_at(tx: Tx, lead_id: LeadId, letter: Letter, now: datetime) -> datetime:
    """Return when a letter counts as heard: as it says; now where that is nonsense, or where somebody dealt with the
    lead since without knowing of it.
    """
    if not now - READ_BACK <= letter.at <= now:
        return now
    since = any(t.at > letter.at and t.signal is None for t in effective(leads.touches(tx, lead_id)))
    return now if since else letter.at


def _bounced(ctx: Context, tx: Tx, report: Report | None, out: Received) -> Received:
    mail = mails.by_message(tx, list(report.message_ids)) if report is not None else None
    if report is None or mail is None or mail.state not in (MailState.SENT, MailState.UNCERTAIN):
        return out
    failure = report.about(mail.recipient)
    if failure is None:  # it reached the address that we wrote to, or one that the report does not tell of
        other = report.failures[0]
        told = replace(mail, answer=f"{other.status} {other.recipient}")
        changes = outgoing.came_back(ctx, tx, told, gone=False)
        return replace(out, bounces=out.bounces + bool(changes.leads), changes=out.changes | changes)
    error = "mail_bounced" if failure.gone else "mail_refused_by_server"
    after = replace(mail, state=MailState.FAILED, error=error, answer=failure.status)
    mails.move(tx, mail, after)
    changes = outgoing.came_back(ctx, tx, after, gone=failure.gone)
    return replace(out, bounces=out.bounces + 1, changes=out.changes | changes)


def opt_out(ctx: Context, doubt: Doubt) -> Written:
    """A person says that a reply asked for no more mail: honour it, with the reply as its proof. Raises NotFound."""
    return consenting.opt_out(ctx, doubt.lead_id, reason="mail_reply", evidence=doubt.touch_id)


def _named(facts: LeadFacts) -> dict[str, Value]:
    return {"lead": str(facts.get("name") or "")}
