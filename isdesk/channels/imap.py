"""Reading replies and bounces over IMAP, always encrypted; nothing is changed in the mailbox, not even what is read.

Headers are read first; the whole letter only where the caller wants it: what is no answer to a lead stays where it is.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

import truststore
from imap_tools import AND, MailBox, MailMessage, U
from imap_tools.errors import ImapToolsError

from isdesk.channels.charsets import header as decoded_header
from isdesk.channels.tls import tls_trouble
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.mail import one_line
from isdesk.domain.outgoing import MailAccount

PATIENCE_S = 30.0
BIGGEST = 2_000_000
"""A letter of more bytes is not read whole: replies are short, attachments are none of our business."""
_AT_A_TIME = 100
_SOON = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b", re.IGNORECASE)
"""What keeps the server from letting somebody in for now (RFC 5530, 3; RFC 9051, 7.1)."""
_ID = re.compile(r"<[^<>\s]{1,250}>")
_QUIET = frozenset({"junk", "auto_reply"})
_TO_MANY = frozenset({"bulk", "list"})
_POSTMEN = frozenset({"mailer-daemon", "postmaster"})
_MACHINES = frozenset({*_POSTMEN, "noreply", "no-reply", "donotreply", "do-not-reply"})


NEVER = datetime.fromtimestamp(0, UTC)


class Withheld(Refused):
    """The server is there and answers, but does not hand over one letter that it has."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The headers of a letter. ``refers``: Message-IDs that it answers; ``automatic``: a machine wrote it; ``news``: it
    may have gone to many, and no group that handed it on to us explains it; ``report``: it is a report about another
    mail; ``at`` as the letter says, which may be nonsense. Of one that cannot be read only the number is known
    (``readable``), and of one that the server does not hand over (``withheld``).
    """

    uid: int
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    at: datetime = NEVER
    refers: tuple[str, ...] = ()
    automatic: bool = False
    news: bool = False
    report: bool = False
    size: int = 0
    readable: bool = True
    withheld: bool = False


class Box:
    """The inbox of an account; use it as a context."""

    def __init__(self, account: MailAccount, password: str, *, patience_s: float = PATIENCE_S) -> None:
        self._account, self._password, self._patience = account, password, patience_s
        self._box: MailBox | None = None
        self.validity = 0

    def __enter__(self) -> Self:
        """Connect, sign in and open the inbox to read only.

        Raises Refused (``mail_server_unreachable``, ``mail_server_insecure``, ``mail_sign_in``), BadInput
        (``mail_account_invalid``) where the name of the server is none.
        """
        account = self._account
        try:
            context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            box = MailBox(account.imap_host, account.imap_port, self._patience, ssl_context=context)
        except ssl.SSLError as error:
            raise Refused(tls_trouble(error), host=account.imap_host) from error
        except (OSError, imaplib.IMAP4.error) as error:
            raise Refused("mail_server_unreachable", host=account.imap_host) from error
        except ValueError as error:  # also of names that cannot be looked up (UnicodeError)
            raise BadInput("mail_account_invalid") from error
        self._box = box
        try:
            box.login(account.user, self._password, initial_folder=None)
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            self._leave()
            soon = isinstance(error, imaplib.IMAP4.abort) or _SOON.search(str(error)) is not None
            code = "mail_sign_in_later" if soon else "mail_sign_in"
            raise Refused(code, answer=one_line(str(error))[:200]) from error
        except UnicodeError as error:  # what is not ASCII, as a password typed with full-width letters, is none
            self._leave()
            raise Refused("mail_sign_in", answer="ASCII only") from error
        except OSError as error:
            self._leave()
            raise Refused("mail_server_unreachable", host=account.imap_host) from error
        self._open(box)
        return self

    def _open(self, box: MailBox) -> None:
        """Open the inbox of an account that is let in: a "no" to this is the server's trouble, not the password's."""
        try:
            box.folder.set("INBOX", readonly=True)
            self.validity = int(box.folder.status("INBOX", ["UIDVALIDITY"])["UIDVALIDITY"])
        except (OSError, ImapToolsError, imaplib.IMAP4.error, KeyError, ValueError) as error:
            self._leave()
            raise Refused("mail_server_unreachable", host=self._account.imap_host) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out."""
        self._leave()

    def _leave(self) -> None:
        box, self._box = self._box, None
        if box is not None:
            with suppress(OSError, ImapToolsError, imaplib.IMAP4.error):
                box.logout()

    def letters(self, after: int, since: date) -> list[Letter]:
        """Return the letters with a higher number than ``after``, oldest first; all since a day where it is 0.

        Where the server refuses the headers of them together, each is asked for by itself, so that only those that it
        does not hand over are ``withheld``. Raises Refused (``mail_server_unreachable``).
        """
        wanted = AND(uid=U(str(after + 1), "*")) if after else AND(date_gte=since)
        uids = [uid for uid in self._numbers(wanted) if int(uid) > after]
        try:
            found = [_letter(one) for one in self._fetch(uids, headers_only=True)]
        except Withheld:
            found = [one for uid in uids for one in self._alone(uid)]
        return sorted((one for one in found if one.uid > after), key=lambda one: one.uid)

    def _alone(self, uid: str) -> list[Letter]:
        try:
            return [_letter(one) for one in self._fetch([uid], headers_only=True)]
        except Withheld:
            return [Letter(int(uid), withheld=True)]

    def whole(self, uid: int) -> bytes | None:
        """Return a letter whole, as it came; None where it is gone.

        Raises Withheld where the server does not hand it over, Refused (``mail_server_unreachable``).
        """
        for one in self._fetch([str(uid)], headers_only=False):
            return one.obj.as_bytes()
        return None

    def _numbers(self, wanted: AND) -> list[str]:
        if self._box is None:
            return []
        try:
            return self._box.uids(wanted)
        except (OSError, ImapToolsError, imaplib.IMAP4.error) as error:
            raise Refused("mail_server_unreachable", host=self._account.imap_host) from error

    def _fetch(self, uids: Sequence[str], *, headers_only: bool) -> Sequence[MailMessage]:
        """Return letters by their numbers. Raises Withheld, Refused (``mail_server_unreachable``)."""
        if self._box is None or not uids:
            return ()
        how: dict[str, Any] = {"uid_list": uids, "mark_seen": False, "headers_only": headers_only}
        try:
            return list(self._box.fetch(**how, bulk=_AT_A_TIME))
        except (OSError, imaplib.IMAP4.abort) as error:
            raise Refused("mail_server_unreachable", host=self._account.imap_host) from error
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            raise Withheld("mail_server_unreachable", host=self._account.imap_host) from error


def _letter(one: MailMessage) -> Letter:
    """Return what the headers say; whatever somebody sends must not keep the letters behind it from being read."""
    try:
        return _read(one)
    except Exception:  # noqa: BLE001  parsers of mail raise anything over a malformed header
        return Letter(int(one.uid or 0), readable=False)


def _read(one: MailMessage) -> Letter:
    def header(name: str) -> str:
        found: tuple[str, ...] = one.headers.get(name, ())  # type: ignore[no-untyped-call]
        return _clean(" ".join(found))

    answers = f"{header('in-reply-to')} {header('references')}"
    ids = _ID.findall(header("message-id"))
    subject = one_line(_clean(decoded_header(one.obj["Subject"])))
    sender = (_first_sender(header) if _is_wide(header) else "") or _clean(one.from_).strip()
    return Letter(
        uid=int(one.uid or 0),
        message_id=ids[0] if ids else "",
        sender=sender,
        subject=subject,
        at=one.date if one.date.tzinfo is not None else one.date.replace(tzinfo=UTC),
        refers=tuple(dict.fromkeys(_ID.findall(answers)))[-50:],
        automatic=_is_automatic(header, sender),
        news=_is_news(header, sender, answers=bool(answers.strip())),
        report=_is_report(header, sender),
        size=one.size_rfc822,
    )


def _is_automatic(header: Callable[[str], str], sender: str) -> bool:
    """Return whether its headers say that no person wrote it (RFC 3834 and what mail programs do beside it)."""
    submitted = header("auto-submitted").strip().lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or header("precedence").strip().lower() in _QUIET
        or any(header(name) for name in ("x-autoreply", "x-autorespond"))
        or header("return-path").strip() == "<>"
        or sender.partition("@")[0].lower() in _MACHINES
    )


def _is_wide(header: Callable[[str], str]) -> bool:
    """Return whether it went to many: news, or what the address of a group hands on to each of its members."""
    return header("precedence").strip().lower() in _TO_MANY or any(
        header(name) for name in ("list-id", "list-unsubscribe", "x-auto-response-suppress")
    )


def _is_news(header: Callable[[str], str], sender: str, *, answers: bool) -> bool:
    """Return whether it may be news: it says how to leave, went out in bulk, or came through a list of the sender's."""
    theirs = sender.rpartition("@")[2].lower()
    place = header("list-id").rpartition("<")[2].strip("<> \t").lower()
    return (
        header("precedence").strip().lower() == "bulk"
        or bool(header("list-unsubscribe"))
        or (bool(theirs) and f".{place}".endswith(f".{theirs}"))
        or (bool(header("x-auto-response-suppress")) and not answers)
    )


def _is_report(header: Callable[[str], str], sender: str) -> bool:
    """Return whether a server writes about another mail, as RFC 3464 has it or in words alone."""
    kind = header("content-type").lower()
    return (
        "multipart/report" in kind
        or bool(header("x-failed-recipients"))
        or sender.partition("@")[0].lower() in _POSTMEN
    )


def _first_sender(header: Callable[[str], str]) -> str:
    """Return who wrote what a group hands on in its own name; empty where it says no such thing."""
    for name in ("x-original-from", "x-original-sender"):
        found = parseaddr(header(name))[1].strip()
        if "@" in found:
            return found
    return ""


def _clean(text: str) -> str:
    """Return text that can be stored: bytes that are no text stand as a question mark."""
    return text.encode("utf-8", "replace").decode()
