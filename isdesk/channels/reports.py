"""Reports that a mail was not delivered, as servers write them: RFC 3464 and 6533, and in words alone (qmail).

A report names the mail by what it sends back of it, else by what it answers; whether that is a mail of ours is for the
reader to find out. Whatever is malformed is read as far as it goes.
"""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from typing import Final

from isdesk.channels.charsets import decoded
from isdesk.domain.letters import Failure, Report

_STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED: Final = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)
_READ: Final = "message/disposition-notification"
_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_ENHANCED: Final = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_BASIC: Final = re.compile(r"(?<![\d.])5\d\d(?=[ \-])")
_FAILED: Final = re.compile(
    r"permanent|fatal|undeliver|user unknown|no such user|failure notice|deliver[a-z]* (?:has )?fail|returned mail|"
    r"(?:not|n't|unable to|could not)(?: be| been| able to)*\s+deliver|gave up|given up|"
    r"(?:配信|配送|送信|配達|お届け)(?:でき|されません|に失敗)|存在しません|届きませんでした",
    re.IGNORECASE,
)
_DELAYED: Final = re.compile(
    r"delayed|still (?:trying|being)|not yet been|will (?:be )?(?:retried|retry|keep trying|try again)|遅延|遅れて",
    re.IGNORECASE,
)
_COPY: Final = re.compile(
    r"^(?:-{2,}.*(?:copy|original|below|unsent|returned|message|以下|元の).*|(?:return-path|received|message-id):.*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a report in words comes to what it sends back."""
_NAMED_ID: Final = re.compile(r"^[> ]*message-id:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),:;\[\]]{1,64}@[\w.\-]{1,190}\w")
_HELP: Final = frozenset({"postmaster", "mailer-daemon", "abuse", "support", "help", "helpdesk", "admin"})
"""Whom a report says to ask."""
_IN_WORDS: Final = 20_000


def report(raw: bytes) -> Report | None:
    """Return what a delivery report says of a mail that failed for good; None where it says no such thing."""
    whole = message_from_bytes(raw, policy=compat32)
    parts = list(_parts(whole))
    kinds = {part.get_content_type() for part in parts}
    if _READ in kinds:
        return None
    returned = [found for part in parts if part.get_content_type() in _RETURNED for found in _returned(part)]
    answers = _ids(f"{whole.get('In-Reply-To', '')} {whole.get('References', '')}")
    if kinds & _STATUS:
        failures = [one for part in parts if part.get_content_type() in _STATUS for one in _failures(part)]
        ids = returned or answers
    else:
        text = "\n".join(decoded(_content(one), one.get_content_charset()) for one in parts if _is_words(one))
        failures, ids = _in_words(whole, text[:_IN_WORDS]), returned or _NAMED_ID.findall(text) or answers
    return Report(tuple(dict.fromkeys(ids)), tuple(failures)) if failures and ids else None


def _parts(whole: Message) -> Iterator[Message]:
    """Yield the parts of a letter, without those of the mail that it sends back."""
    yield whole
    if whole.get_content_maintype() == "multipart":
        for one in _inside(whole):
            yield from _parts(one)


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is_words(part: Message) -> bool:
    return part.get_content_type() == "text/plain"


def _content(part: Message) -> bytes:
    """Return what a part holds, decoded also where a message was encoded as a whole, which none may be (RFC 2046)."""
    if not isinstance(part.get_payload(), list):
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""
    raw = b"".join(one.as_bytes() for one in _inside(part))
    coding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if coding == "quoted-printable":
        return quopri.decodestring(re.sub(rb"=\r?\n\r?\n", b"=\n", raw))  # a header broken so was taken for its end
    if coding == "base64":
        try:
            return b64decode(b"".join(raw.split()))
        except (binascii.Error, ValueError):
            return raw
    return raw


def _returned(part: Message) -> list[str]:
    """Return the Message-ID of the mail that is sent back."""
    return _ids(str(message_from_bytes(_content(part).lstrip(b"\r\n"), policy=compat32).get("Message-ID") or ""))


def _ids(text: str) -> list[str]:
    return _ID.findall("".join(text.split("\n")))


def _failures(part: Message) -> Iterator[Failure]:
    """Yield the recipients for whom a status part says that it is over; the blocks of others are passed over."""
    for text in re.split(rb"\r?\n[ \t]*\r?\n", _content(part)):
        block = message_from_bytes(text.lstrip(b"\r\n"), policy=compat32)
        if str(block.get("Action") or "").strip().lower() != "failed":
            continue
        found = _ENHANCED.search(str(block.get("Status") or ""))
        status = found[1] if found is not None else "5.0.0"
        told = _ENHANCED.search(str(block.get("Diagnostic-Code") or ""))
        if status.endswith(".0.0") and told is not None and told[1][0] == status[0]:
            status = told[1]  # the server that refused it said more than the one that reports it
        yield Failure(status, _recipient(block))


def _recipient(block: Message) -> str:
    """Return whom a block is about: as we wrote the address, else as it was in the end; empty where it names none."""
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _, said = str(block.get(name) or "").rpartition(";")
        address = said.strip().strip("<>").casefold()
        if "@" in address and kind.strip().lower() in {"", "rfc822", "utf-8"}:
            return address
    return ""


def _in_words(whole: Message, text: str) -> list[Failure]:
    """Return what a report says that is written for people alone."""
    copy = _COPY.search(text)
    words = text[: copy.start()] if copy is not None else text
    said = f"{whole.get('Subject', '')}\n{words}"
    codes = _ENHANCED.findall(words)
    hard = [one for one in codes if one.startswith("5")]
    over = bool(hard) or _BASIC.search(words) is not None or _FAILED.search(said) is not None
    if not over or (_DELAYED.search(said) and not hard):
        return []
    status = (hard or codes or ["5.0.0"])[0]
    named = _ADDRESS.findall(str(whole.get("X-Failed-Recipients") or "") or words)
    own = str(whole.get("To") or "").casefold()
    about = [
        one.casefold() for one in named if one.casefold() not in own and one.partition("@")[0].lower() not in _HELP
    ]
    return [Failure(status, one) for one in dict.fromkeys(about)] or [Failure(status)]
