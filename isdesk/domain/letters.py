"""What a letter that came back says: a reply in its own words, or a report that a mail was not delivered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

ANSWER: Final = re.compile(r"^\s*((re|fw|fwd|返信|転送)\s*[:\uff1a]\s*)+", re.IGNORECASE)
"""What a mail program puts before the subject of an answer."""
AUTOMATIC: Final = re.compile(
    r"^\s*[\[【(]?\s*(自動返信|自動応答|不在通知|不在のお知らせ|自動配信|"
    r"automatic reply|auto(matic)?[- ]?(reply|response)|out of office)",
    re.IGNORECASE,
)
"""The beginning of a subject that a machine writes."""
SHOWN: Final = 300
"""So much of a reply stands in the timeline; the rest stays in the mailbox."""
_QUOTED: Final = re.compile(
    r"^\s*(>|-{2,}\s*(original message|元のメッセージ|forwarded message)|_{8,}\s*$|on .{5,120} wrote:|"
    r"(from|差出人|送信者|送信元)\s*[:\uff1a]\s*\S|\(?20\d\d.{0,160}([:\uff1a]|wrote:?|のメール:?)$|"
    r"20\d\d年\d{1,2}月\d{1,2}日.{0,60}<\S+@\S+)",
    re.IGNORECASE,
)
"""How what somebody quotes begins, in the mail programs that are used."""


@dataclass(frozen=True, slots=True)
class Failure:
    """For whom a mail failed for good: ``status`` as 5.1.1 (RFC 3463); ``recipient`` empty where nobody is named."""

    status: str
    recipient: str = ""

    @property
    def gone(self) -> bool:
        """Return whether the address itself is the trouble: no such mailbox, no such host, moved away (RFC 3463).

        Other words of class 5.1 speak of the sender's address, and of class 4 of a time that is over.
        """
        return self.status in GONE


@dataclass(frozen=True, slots=True)
class Report:
    """A report that a mail was not delivered for good (RFC 3464): by which Message-IDs it names the mail."""

    message_ids: tuple[str, ...]
    failures: tuple[Failure, ...]

    def about(self, recipient: str) -> Failure | None:
        """Return what it says of an address that we wrote to; None where it is about others alone, as where somebody
        has mail handed on to an address that is gone.
        """
        mine = [one for one in self.failures if one.recipient == recipient.casefold()]
        return next(iter(mine), next((one for one in self.failures if not one.recipient), None))


GONE: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})


def own_lines(text: str) -> list[str]:
    """Return the lines that a letter says itself, without what it quotes."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if _QUOTED.match(line):
            break
        kept.append(line.strip())
    return kept


def own_words(text: str) -> str:
    """Return what a reply says itself, without what it quotes, in one short line."""
    words = " ".join(" ".join(own_lines(text)).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
