"""Mail (DOMAIN 10): templates as the team writes them, what the law asks of a mail, and what is wrong with one.

A mail is plain text; no tag of a lead's name can do anything in it. The items that 特定電子メール法 asks for stand
below every mail by themselves, so that nobody can forget them (DOMAIN 15).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from isdesk.domain.errors import BadInput
from isdesk.domain.rules import Label, MailSender

SUBJECT_LIMIT: Final = 40
"""Longest subject in characters (DOMAIN 10)."""
BODY_LIMIT: Final = 20_000
"""Longest body in characters."""

PARTS: Final = ("issue", "solution", "action")
"""The parts of a body, in the order in which they are read: issue → solution → call to action (DOMAIN 10)."""

LAW_LABELS: Final[dict[str, Label]] = {
    "organisation": Label("送信者(会社名)", "Sender (company)"),
    "address": Label("住所", "Postal address"),
    "contact": Label("問い合わせ先", "Contact"),
    "unsubscribe": Label("配信停止の窓口", "Where to opt out"),
}
"""What the sender shows: name, postal address, where to complain, where to opt out (特定電子メール法 4条)."""

LAW_ITEMS: Final = tuple(LAW_LABELS)
"""The keys of these items in the definitions."""

_SHOWN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
                      r"[A-Za-z]{2,63}")  # fmt: skip
_CONTACT = re.compile(r"https://[^\s<>\"]+")
_LINK_SAFE = ":/?#[]@!$&'()*+,;=%-._~"
_LINK_LIMIT = 900
"""A line of a mail has 998 characters at most (RFC 5322, 2.1.1)."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail to one lead, filled in: what a preview shows and what is sent. ``template`` is its ref or empty."""

    to: str
    subject: str
    body: str
    footer: str
    template: str = ""

    @property
    def text(self) -> str:
        """Return the whole text as the reader gets it."""
        return f"{self.body.rstrip()}\n\n{self.footer}\n" if self.footer else f"{self.body.rstrip()}\n"


def literal_length(subject: str) -> int:
    """Return how many characters of a subject's template stand there whatever its variables hold."""
    return len(_SHOWN.sub("", subject).strip())


def has_markup(text: str) -> bool:
    """Return whether a text holds tags, which a plain mail would show as they are."""
    return _TAG.search(text) is not None


def one_line(text: str) -> str:
    """Return a subject as one line: line breaks and other control characters become a space, unseen marks vanish.

    What comes after a line break could else stand as a header of its own (SECURITY C3).
    """
    return " ".join(_HIDDEN.sub("", _BREAKS.sub(" ", text)).split())


def plain_body(text: str) -> str:
    """Return a body with plain line ends and without control characters or marks that turn the reading order."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_HIDDEN.sub("", _BREAKS.sub("", line.replace("\t", " "))).rstrip() for line in lines).strip("\n")


def address(text: str) -> str:
    """Return a mail address that may be written to: exactly one, ASCII, without a display name.

    Raises BadInput (``mail_address_invalid``).
    """
    found = text.strip()
    if len(found) > 254 or _ADDRESS.fullmatch(found) is None or ".." in found or ".@" in found or found[0] == ".":
        raise BadInput("mail_address_invalid")
    return found


def reachable(text: str) -> bool:
    """Return whether a text is where a reader can opt out: a mail address or an ``https`` address."""
    if _CONTACT.fullmatch(text.strip()):
        return True
    try:
        address(text)
    except BadInput:
        return False
    return True


def missing_items(sender: MailSender) -> tuple[str, ...]:
    """Return which of `LAW_ITEMS` the team has not given yet."""
    return tuple(code for code in LAW_ITEMS if not str(getattr(sender, code)).strip())


def problems(composed: Composed) -> tuple[str, ...]:
    """Return the codes of what keeps a mail from being sent as it stands, most important first."""
    found: list[str] = []
    try:
        address(composed.to)
    except BadInput:
        found.append("mail_address_invalid" if composed.to.strip() else "mail_no_address")
    if not composed.subject.strip():
        found.append("mail_subject_missing")
    elif len(composed.subject) > SUBJECT_LIMIT:
        found.append("mail_subject_too_long")
    if not composed.body.strip():
        found.append("mail_body_missing")
    elif len(composed.body) > BODY_LIMIT:
        found.append("mail_body_too_long")
    return tuple(found)


def footer(sender: MailSender, words: Mapping[str, str]) -> str:
    """Return what stands below every advertising mail: sender, postal address, contact, and how to opt out.

    ``words`` are the labels (`sender`, `contact`, `unsubscribe`) in the reader's language.
    """
    rule = "─" * 20
    return "\n".join(
        (
            rule,
            f"{words['sender']}{sender.organisation}",
            sender.address,
            f"{words['contact']}{sender.contact}",
            f"{words['unsubscribe']}{sender.unsubscribe}",
        )
    )


def unsubscribe_link(sender: MailSender) -> str:
    """Return the value of a mail's List-Unsubscribe header; empty where there is nothing to write there.

    It is plain ASCII in one piece, as RFC 2369 wants it; an address too long for a line of a mail stands in the footer
    alone.
    """
    found = sender.unsubscribe.strip()
    if not reachable(found):
        return ""
    if found.startswith("https://"):
        link = f"<{quote(found, safe=_LINK_SAFE)}>"
    else:
        link = f"<mailto:{quote(found, safe='@')}?subject=unsubscribe>"
    return link if len(link) <= _LINK_LIMIT else ""
