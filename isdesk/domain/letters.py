"""What a letter that came back says: a reply, a wish to get no more mail, or a report that a mail was not delivered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

STOP_WORDS: Final = frozenset({"unsubscribe", "stop", "配信停止", "停止", "不要", "配信不要"})
"""A letter that says one of these alone, in its subject or its first line, is an opt-out."""
SHOWN: Final = 300
"""So much of a reply stands in the timeline; the rest stays in the mailbox."""
_QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*(original message|元のメッセージ)|on .{5,120} wrote:|20\d\d.{0,60}[::]$)", re.IGNORECASE
)
_MARKS = " 　「」『』【】[]()()。.!!、,\"'"


@dataclass(frozen=True, slots=True)
class Report:
    """A report about a mail (RFC 3464): ``message_id`` of the mail, ``status`` as 5.1.1, ``gone``: no such address."""

    message_id: str
    status: str

    @property
    def failed(self) -> bool:
        """Return whether the mail was not delivered for good."""
        return self.status.startswith("5.")

    @property
    def gone(self) -> bool:
        """Return whether the address itself is the trouble."""
        return self.status.startswith("5.1.")


def own_words(text: str) -> str:
    """Return what a reply says itself, without what it quotes, in one short line."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if _QUOTED.match(line):
            break
        kept.append(line.strip())
    words = " ".join(" ".join(kept).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"


def wants_out(subject: str, text: str) -> bool:
    """Return whether somebody wants no more mail: one of `STOP_WORDS` as the subject or as all of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(one.strip(_MARKS).casefold() in STOP_WORDS for one in (subject, first))
