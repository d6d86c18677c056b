"""What a letter that came back says: a reply, a wish to get no more mail, or a report that a mail was not delivered."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_STOP_WORDS: Final = frozenset(
    {"unsubscribe", "stop", "配信停止", "停止", "不要", "配信不要", "メール不要", "配信拒否"}
)
_ABOUT: Final = r"((メール|メルマガ|ニュースレター|ご?案内|ご?連絡|送信|送付|今後)(の|は|を|も|については)?)"
_WISH: Final = (
    r"(希望|依頼|です|でございます|を?(お願い|おねがい)(いた)?(し)?(ます|致します|申し上げます)?|にして(ください|下さい)|"
    r"(して|を)(ください|下さい|ほしい(です)?)|願います|したい(です)?|します|いたします)*$"
)
_STOPS: Final = re.compile(
    rf"^{_ABOUT}*(配信|送信|送付|メール)?の?(停止|不要|拒否|解除){_WISH}|^{_ABOUT}+(いりません|要りません|(もう)?結構です)$"
)
_STOPS_EN: Final = re.compile(
    r"^(please\s+)?(unsubscribe|remove)(\s+(me|us|this address))?"
    r"(\s+from\s+(this|your|the)\s+(mailing\s+)?list)?(\s+please)?$"
)
_GREETING: Final = re.compile(
    r"(様|さま|殿|御中|ご担当者.*|お世話になっております|お世話になります|いつもお世話に.*|お疲れ様です|"
    r"\S{1,20}の\S{1,12}です|と申します|こんにちは|hello.*|hi.*|dear.*)$",
    re.IGNORECASE,
)
_ANSWER: Final = re.compile(r"^\s*((re|fw|fwd|返信|転送)\s*[::]\s*)+", re.IGNORECASE)
AUTOMATIC: Final = re.compile(
    r"^\s*[\[【(]?\s*(自動返信|自動応答|不在通知|不在のお知らせ|自動配信|"
    r"automatic reply|auto(matic)?[- ]?(reply|response)|out of office)",
    re.IGNORECASE,
)
"""The beginning of a subject that a machine writes."""
SHOWN: Final = 300
"""So much of a reply stands in the timeline; the rest stays in the mailbox."""
_QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*(original message|元のメッセージ)|on .{5,120} wrote:|20\d\d.{0,60}[::]$)", re.IGNORECASE
)
_MARKS = " 　「」『』【】[]()()。.!!、,\"'"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that a mail was not delivered for good (RFC 3464): its ``message_id``, and ``status`` as 5.1.1."""

    message_id: str
    status: str

    @property
    def gone(self) -> bool:
        """Return whether the address itself is the trouble: no such mailbox, no such host, moved away (RFC 3463).

        Other words of class 5.1 speak of the sender's address, and of class 4 of a time that is over.
        """
        return self.status in GONE


GONE: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})


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
    """Return whether somebody wants no more mail: the subject says nothing else, or the first line of their own does.

    Lines of greeting before it are passed over, and what they quote is not theirs.
    """
    if _is_stop(_ANSWER.sub("", subject)):
        return True
    for line in text.replace("\r\n", "\n").split("\n"):
        if _QUOTED.match(line):
            return False
        said = line.strip(_MARKS)
        if not said or (_GREETING.search(said) and not _is_stop(said)):
            continue
        return _is_stop(said)
    return False


def _is_stop(said: str) -> bool:
    plain = " ".join(unicodedata.normalize("NFKC", said).strip(_MARKS).casefold().split())
    return plain in _STOP_WORDS or bool(_STOPS.match(plain.replace(" ", ""))) or bool(_STOPS_EN.match(plain))
