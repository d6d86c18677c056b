"""The way of a mail out of this device: its states, when it is tried again, and how many may leave in an hour.

::

    queued → sending → sent | uncertain | queued (not taken: tried later) | failed
    queued → stopped (forbidden since it was written) | cancelled
    queued → asked (its time has passed while it waited: a person says whether it leaves) → queued | cancelled
    uncertain → sent | failed (a person says which; it is never sent again by itself)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from isdesk.domain.ids import LeadId, MemberId

ANSWER: Final = "+answer"
"""Behind the ref of a template whose text was changed: the person said that the mail answers what the reader asked."""
_INVITE = "meeting"
_INVITES = uuid5(NAMESPACE_URL, "isdesk:invitations")


class MailState(StrEnum):
    """How far a mail has come."""

    QUEUED = "queued"
    ASKED = "asked"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OutMail:
    """One mail of the outbox. ``left_at``: when it may have begun to leave; ``error``: the code of what went wrong;
    ``answer``: the server's own words. ``template`` is the ref of the template it was made from (with `ANSWER` where
    that was said), of what it invites to (`Invite`), or empty.
    """

    id: str
    lead_id: LeadId
    member_id: MemberId
    device_id: str
    recipient: str
    subject: str
    body: str
    message_id: str
    template: str
    advertising: bool
    state: MailState
    attempts: int
    made_at: datetime
    due_at: datetime
    left_at: datetime | None = None
    error: str = ""
    answer: str = ""

    @property
    def answers_request(self) -> bool:
        """Return whether a person said of the changed text that it answers what the reader asked."""
        return self.template.endswith(ANSWER)


@dataclass(frozen=True, slots=True)
class Invite:
    """What a mail that carries an invitation tells: of which meeting (UID), at which SEQUENCE; ``number`` counts the
    mails that tell the same again.
    """

    meeting: str
    sequence: int
    number: int = 0

    @property
    def ref(self) -> str:
        """Return how it stands in a mail's ``template``."""
        return f"{_INVITE}:{self.meeting}:{self.sequence}:{self.number}"

    @property
    def mail_id(self) -> str:
        """Return the id of its mail: the same on every device, so that no two of them tell the same twice."""
        return str(uuid5(_INVITES, self.ref))


def invite_of(mail: OutMail) -> Invite | None:
    """Return what a mail invites to; None where it is a mail of another kind."""
    kind, *parts = mail.template.split(":")
    if kind != _INVITE or len(parts) != 3 or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    return Invite(parts[0], int(parts[1]), int(parts[2]))


@dataclass(frozen=True, slots=True)
class Attached:
    """A calendar text that goes with a mail: ``method`` (``REQUEST`` | ``CANCEL``) as in it, ``name`` of its file."""

    method: str
    text: str
    name: str


IMAP_PORT: Final = 993
"""The usual port of IMAP over TLS."""


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Where mail leaves: always encrypted, from the first byte (``tls``) or after STARTTLS (``starttls``).

    ``address`` and ``name`` are what the reader sees as the sender. The password lies in the vault. ``imap_host`` is
    where replies are read (TLS), empty: they are not read.
    """

    host: str
    port: int
    security: str
    user: str
    address: str
    name: str = ""
    imap_host: str = ""
    imap_port: int = IMAP_PORT


def password_anew(known: MailAccount | None, wanted: MailAccount) -> bool:
    """Return whether the password that is kept belongs to another server or another user than those that are wanted:
    it must not go there unless somebody enters it for them.
    """
    if known is None or not (wanted.user.strip() or wanted.imap_host.strip()):
        return False
    told = [text.strip().casefold() for text in (wanted.host, wanted.user)]
    reads = wanted.imap_host.strip().casefold()
    return told != [known.host.casefold(), known.user.casefold()] or reads not in ("", known.imap_host.casefold())


SECURITY: Final[dict[str, int]] = {"tls": 465, "starttls": 587}
"""How the connection is encrypted, with its usual port."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of handing one mail to the server: ``state`` is SENT, QUEUED (not taken, tried later), FAILED,
    UNCERTAIN, or None where the mail was not to be sent any more. ``account``: the trouble is not this mail's, and the
    next one would meet it too. ``refused``: the server refuses the account as a whole; the mail keeps its
    place among those that wait, or (``in_place`` False) goes behind them, should it be the mail after all.
    ``counted``: it counts as a try of this mail.

    ``gone``: the server says for good that there is no such address.
    """

    state: MailState | None
    error: str = ""
    answer: str = ""
    account: bool = False
    gone: bool = False
    counted: bool = True
    refused: bool = False
    in_place: bool = True


WAITS: Final = (5, 10, 20, 40, 60, 120, 240)
"""Minutes before the second, third … try, the last one again and again; greylisting asks for five (RFC 6647)."""
GIVE_UP: Final = timedelta(hours=48)
"""So long a mail is tried: the waits between its tries, added up. What it waited for its hour, for a line or for the
desk to be opened is no try (RFC 5321, 4.5.4.1).
"""


def again_at(attempts: int, now: datetime) -> datetime | None:
    """Return when a mail that was not taken ``attempts`` times is tried again; None where it was tried long enough."""
    waits = [WAITS[min(n, len(WAITS) - 1)] for n in range(max(attempts, 1))]
    return now + timedelta(minutes=waits[-1]) if timedelta(minutes=sum(waits)) <= GIVE_UP else None


AHEAD: Final = timedelta(days=1)
"""So far a clock may have been set back since a mail left."""


def free_at(left: Sequence[datetime], limit: int, now: datetime) -> datetime | None:
    """Return when the next mail may leave under ``limit`` an hour; None: now. ``left``: when the others left.

    What left in the future, as the clock was set back since, counts too; what lies further ahead than `AHEAD` left
    under a clock that was wrong, nobody knows when, and would bar the outbox for as long.
    """
    hour = timedelta(hours=1)
    recent = sorted(at for at in left if now - hour < at <= now + AHEAD)
    return None if len(recent) < limit else recent[-limit] + hour
