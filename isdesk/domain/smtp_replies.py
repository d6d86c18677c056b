"""What the answers of a mail server mean: to whom a "no" speaks, and whether the same mail may be tried again.

A "no" about the sender (an unknown sender, a blocked address of ours, a used-up quota) says nothing about the reader:
such a mail stays in the outbox and the round ends; where the words leave no doubt that the account is meant, it pauses
as a whole (`isdesk.domain.mail_pause`). An address is barred for the whole team only where the server says
that there is no such address (RFC 3463, 3.2): 5.1.1, 5.1.2, 5.1.3, 5.1.6 and 5.1.10 (RFC 7505), or, from a server that
speaks without those codes, in plain words with 550, 551 or 553.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from isdesk.domain.outgoing import Handed, MailState

GONE: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""No such mailbox, no such host, no address at all, moved away, takes no mail."""
_OURS: Final = frozenset({"5.1.7", "5.1.8", "5.4.5"})
"""The sender's address is none, its host is none, more than the account may send: at whatever step."""
_SIGN_IN: Final = frozenset({530, 534, 535, 538})
_UNKNOWN: Final = frozenset({550, 551, 553})
_TOO_BIG: Final = 552
_CODE = re.compile(r"5\.\d{1,3}\.\d{1,3}(?!\d)")
_NOBODY = re.compile(
    r"(user|mailbox|recipient|address|account)( is| was)? (unknown|not found|not exist|invalid)"
    r"|(unknown|no such|invalid|non-?existent|unrouteable) (local )?(user|mailbox|recipient|address|account|person)"
    r"|does(n't| not) exist|no mailbox|not a (valid|known) (user|mailbox|recipient|address)",
    re.IGNORECASE,
)
_US = re.compile(
    r"\bsender|\brelay|block(ed|list)|black ?list|listed|\brbl\b|spamhaus|\bspf\b|\bdkim\b|\bdmarc\b|\bpolicy\b"
    r"|authenticat|\bfrom address|\bmail from\b|access denied",
    re.IGNORECASE,
)
_UNSURE = re.compile(r"\bpolicy\b|access denied", re.IGNORECASE)
"""Words about us that a server may also say of a single letter or reader."""
_FULL = re.compile(r"5\.2\.2(?!\d)|\bfull\b|quota", re.IGNORECASE)


class Step(Enum):
    """What the server was told last: the sender, the reader, that a text comes, or the whole text."""

    SENDER = "sender"
    READER = "reader"
    TEXT = "text"
    END = "end"


def judged(code: int, words: str, step: Step) -> Handed:
    """Return what an answer means for the mail. ``code``: of the answer, -1 where it has none; ``words``: its text.

    After the whole text any 2xx is a yes and only 4xx or 5xx a no; what is neither leaves it open whether the mail was
    delivered (RFC 5321, 4.2.1 and 4.3.2).
    """
    said = f"{code} {words}".strip()
    if step is Step.END and 200 <= code < 300:
        return Handed(MailState.SENT, answer=words)
    if not 400 <= code < 600:
        if step is Step.END:
            return Handed(MailState.UNCERTAIN, "mail_cut_off", said)
        return Handed(MailState.QUEUED, "mail_not_taken", said, account=True)
    if code < 500:
        return Handed(MailState.QUEUED, "mail_not_taken", said, account=code == 421)
    if code == _TOO_BIG and not _FULL.search(words):
        return Handed(MailState.FAILED, "mail_too_big", said)
    if step is Step.SENDER:
        return Handed(MailState.QUEUED, "mail_sender_refused", said, account=True, counted=False, refused=True)
    found = _CODE.match(words)
    enhanced = found.group() if found is not None else ""
    if enhanced in _OURS or (step is Step.READER and _about_us(code, enhanced, words)):
        sure = enhanced in _OURS or code in _SIGN_IN or _US.search(_UNSURE.sub("", words)) is not None
        return Handed(
            MailState.QUEUED, "mail_sender_refused", said, account=True, counted=not sure, refused=sure, in_place=False
        )
    if step is Step.READER and _gone(code, enhanced, words):
        return Handed(MailState.FAILED, "mail_bounced", said, gone=True)
    return Handed(MailState.FAILED, "mail_refused_by_server", said)


def of_this_mail(before: str, handed: Handed) -> Handed:
    """Return what became of a mail, where the server has refused its reader in words about us ``before`` (its answer
    then) and says the same again, though it takes the sender: then it is this reader after all, as a group that only
    its own members may write to. That counts as a try of the mail, and pauses nothing.

    What only the account can mean, a used-up quota or a sign-in that is missing, stays what it is.
    """
    code, _, words = handed.answer.partition(" ")
    found = _CODE.match(words)
    ours = (found is not None and found.group() in _OURS) or code in {str(one) for one in _SIGN_IN}
    if not handed.refused or handed.in_place or ours or before.split()[:2] != handed.answer.split()[:2]:
        return handed
    return Handed(MailState.QUEUED, "mail_not_taken", handed.answer)


def _about_us(code: int, enhanced: str, words: str) -> bool:
    if enhanced:
        return enhanced.startswith("5.7.")
    return code in _SIGN_IN or _US.search(words) is not None


def _gone(code: int, enhanced: str, words: str) -> bool:
    if enhanced:
        return enhanced in GONE
    return code in _UNKNOWN and _NOBODY.search(words) is not None
