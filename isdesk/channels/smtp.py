"""Handing mails to a server over SMTP, always encrypted; says for each what became of it.

The one doubtful moment is between the end of the text and the server's answer: a connection that breaks there leaves it
open whether the mail was delivered (RFC 5321, 4.1.1.4). Such a mail is uncertain, and never handed over a second time.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import SMTP, Policy
from types import TracebackType
from typing import Any, Self

import truststore
from typing_extensions import override

from isdesk.channels.tls import tls_trouble
from isdesk.domain.errors import BadInput, Refused
from isdesk.domain.mail import one_line
from isdesk.domain.outgoing import Attached, Handed, MailAccount, MailState, OutMail
from isdesk.domain.smtp_replies import Step, judged

PATIENCE_S = 60.0
"""So long each answer of the server is waited for."""
_GO_ON = 354
_NEW_PASSWORD = 432
"""A password transition is needed (RFC 4954, 6): the only 4xx about a sign-in that time does not mend."""
_OTHER_WAY = frozenset({500, 501, 502, 504})
"""The server does not take this way of signing in (RFC 4954, 4); the password was not judged."""
_LINE_DOT = re.compile(rb"^\.", re.MULTILINE)
_WORDS = 300


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is written as it is: no line break and no encoded word within it (RFC 2369, 2; RFC 2047, 5)."""

    @override
    def fold(self, *, policy: Policy[Message]) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "message-id"):
    _HEADERS.map_to_type(_name, _Whole)
_LINES = SMTP.clone(header_factory=_HEADERS)
_WHO = "[127.0.0.1]"
"""How we introduce ourselves: the machine's own name is nobody's business (RFC 5321, 4.1.4, takes a literal)."""


def build(
    mail: OutMail, account: MailAccount, at: datetime, unsubscribe: str = "", invitation: Attached | None = None
) -> bytes:
    """Return a mail as it goes over the line: plain text, ASCII throughout, its headers one line each.

    An ``invitation`` stands beside the text, where calendars look for it (RFC 6047, 2.4), and as a file, for the
    programs that look nowhere else.

    Raises BadInput (``mail_address_invalid``) where the sender's address is none.
    """
    out = EmailMessage(policy=_LINES)
    try:
        out["From"] = Address(one_line(account.name), addr_spec=account.address)
        out["To"] = Address(addr_spec=mail.recipient)
    except (ValueError, IndexError) as error:
        raise BadInput("mail_address_invalid") from error
    out["Subject"] = one_line(mail.subject)
    out["Date"] = at
    out["Message-ID"] = mail.message_id
    if unsubscribe:
        out["List-Unsubscribe"] = one_line(unsubscribe)
    out.set_content(mail.body, charset="utf-8", cte="base64")
    if invitation is not None:
        text, method, name = invitation.text, {"method": invitation.method}, invitation.name
        out.add_alternative(text, subtype="calendar", charset="utf-8", cte="base64", params=method)
        file, kind = text.encode(), {"name": name}
        out.add_attachment(file, maintype="application", subtype="ics", filename=name, params=kind)
    return out.as_bytes()


class Session:
    """One signed-in connection; use it as a context. Several mails may be handed over, one after the other."""

    def __init__(self, account: MailAccount, password: str, *, patience_s: float = PATIENCE_S) -> None:
        self._account = account
        self._password = password
        self._patience = patience_s
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Connect and sign in.

        Raises Refused (``mail_server_unreachable``, ``mail_server_insecure``, ``mail_sign_in``), BadInput
        (``mail_account_invalid``) where the name of the server is none.
        """
        try:
            self._smtp = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            soon = 400 <= error.smtp_code < 500 and error.smtp_code != _NEW_PASSWORD
            code, said = "mail_sign_in_later" if soon else "mail_sign_in", f"{error.smtp_code} "
            raise Refused(code, answer=said + _words(error.smtp_error)) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("mail_server_insecure", host=self._account.host) from error
        except ssl.SSLError as error:
            raise Refused(tls_trouble(error), host=self._account.host) from error
        except ValueError as error:  # also of names that cannot be looked up (UnicodeError)
            raise BadInput("mail_account_invalid") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Refused("mail_server_unreachable", host=self._account.host) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; what was handed over stays so, however that goes."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        account, context = self._account, truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        smtp: smtplib.SMTP
        if account.security == "tls":
            smtp = smtplib.SMTP_SSL(account.host, account.port, _WHO, timeout=self._patience, context=context)
        else:
            smtp = smtplib.SMTP(account.host, account.port, _WHO, timeout=self._patience)
        try:
            smtp.ehlo_or_helo_if_needed()
            if account.security != "tls":
                smtp.starttls(context=context)
                smtp.ehlo()
            if account.user:
                _sign_in(smtp, account.user, self._password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def offer_sender(self) -> None:
        """Ask whether the server takes the sender, and send nothing.

        Raises Refused (``mail_sender_refused``, ``mail_server_unreachable``).
        """
        smtp = self._smtp
        if smtp is None:
            raise Refused("mail_server_unreachable", host=self._account.host)
        try:
            code, answer = smtp.mail(self._account.address)
            found = judged(code, _words(answer), Step.SENDER)
            smtp.rset()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Refused("mail_server_unreachable", host=self._account.host) from error
        if found.refused:
            raise Refused("mail_sender_refused", answer=found.answer)

    def hand(self, text: bytes, recipient: str, claim: Callable[[], bool]) -> Handed:
        """Hand one mail over. ``claim`` is asked right before the text goes, when the server would take it; where it
        says no, nothing is sent.
        """
        smtp = self._smtp
        if smtp is None:
            return Handed(MailState.QUEUED, "mail_server_unreachable", account=True)
        try:
            refused = self._envelope(smtp, text, recipient)
            if refused is not None:
                return refused
            if not claim():
                smtp.rset()
                return Handed(None)
            code, answer = smtp.docmd("DATA")
            if code != _GO_ON:
                return self._judged(smtp, code, answer, Step.TEXT)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Handed(MailState.QUEUED, "mail_server_unreachable", _words(str(error)), account=True)
        try:
            smtp.send(_LINE_DOT.sub(b"..", text) + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Handed(MailState.UNCERTAIN, "mail_cut_off", _words(str(error)))
        return self._judged(smtp, code, answer, Step.END)

    def _envelope(self, smtp: smtplib.SMTP, text: bytes, recipient: str) -> Handed | None:
        """Tell sender, size and reader; return what became of it where the server does not want the mail."""
        size = str(smtp.esmtp_features.get("size") or "").strip()
        most = int(size) if size.isascii() and size.isdigit() else 0  # a server that says nonsense here sets no limit
        if most and len(text) > most:
            return Handed(MailState.FAILED, "mail_too_big", f"SIZE {most}")
        sized = [f"SIZE={len(text)}"] if smtp.has_extn("size") else []
        code, answer = smtp.mail(self._account.address, sized)
        if not 200 <= code < 300:
            return self._judged(smtp, code, answer, Step.SENDER)
        code, answer = smtp.rcpt(recipient)
        if not 200 <= code < 300:
            return self._judged(smtp, code, answer, Step.READER)
        return None

    def _judged(self, smtp: smtplib.SMTP, code: int, answer: bytes, step: Step) -> Handed:
        """Return what an answer means, and clear the way for the next mail; who answers nonsense is left."""
        handed = judged(code, _words(answer), step)
        if handed.state is MailState.SENT:
            return handed
        if code == 421 or not 400 <= code < 600:
            self._drop()
        else:
            with suppress(OSError, smtplib.SMTPException):
                smtp.rset()
        return handed

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _sign_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """Sign in, and let a password be judged once: every further way that a server offers would count as one more wrong
    password (`smtplib` tries them all).

    What is not ASCII, as a password typed with full-width letters, cannot be one, and a server that hangs up over a
    sign-in is not asked again at once: Refused (``mail_sign_in``, ``mail_sign_in_later``).
    """
    smtp.user, smtp.password = user, password
    ways: dict[str, Any] = {"PLAIN": smtp.auth_plain, "LOGIN": smtp.auth_login, "CRAM-MD5": smtp.auth_cram_md5}
    names = smtp.esmtp_features.get("auth", "").upper().split()
    offered = [way for way in ways if way in names]
    if not names:
        raise smtplib.SMTPNotSupportedError("AUTH")
    if not offered:
        raise Refused("mail_sign_in", answer=_words(f"AUTH {' '.join(names)}"))
    for number, way in enumerate(offered, 1):
        try:
            smtp.auth(way, ways[way])
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code not in _OTHER_WAY or number == len(offered):
                raise
        except smtplib.SMTPServerDisconnected as error:
            raise Refused("mail_sign_in_later", answer=_words(str(error))) from error
        except UnicodeError as error:
            raise Refused("mail_sign_in", answer="ASCII only") from error
        else:
            return


def _words(answer: bytes | str) -> str:
    """Return a server's words as one short line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return one_line(text)[:_WORDS]
