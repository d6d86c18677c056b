"""What a letter that came back says: a reply in its own words, or a report that a mail was not delivered."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

ANSWER: Final = re.compile(r"^\s*((re|fw|fwd|返信|転送)\s*[:\uff1a]\s*)+", re.IGNORECASE)
"""What a mail program puts before the subject of an answer."""
_AWAY: Final = (
    r"(?:自動(?:返信|応答|配信|送信)(?:メール|通知)?|"
    r"不在(?:通知|連絡|返信|応答|案内|届|中|のお?知らせ|のご?連絡|のため|にしております)?|"
    r"(?:外出|出張|休暇|休職|産休|育休|お休み|休み)(?:取得)?中|(?:休暇|お休み|外出|出張)の(?:お?知らせ|ため|ご?連絡)|ooo|"
    r"out of (?:the )?office|auto(?:matic|mated)?[- ]?(?:reply|response|answer)|autoreply|"
    r"(?:away|absent) from (?:the|my) (?:office|desk)|"
    r"on (?:annual |parental )?(?:leave|vacation|holiday)|vacation reply)"
)
_CLOSED: Final = (
    r"(?:(?:夏季|夏期|年末年始|年末|年始|冬季|冬期|gw|ゴールデンウィーク|お盆|臨時)(?:の|期間)?(?:休業|休暇|休み)|休業日?|休館日?)"
    r"(?:期間|中)?(?:の|に関する)?(?:お?知らせ|ご?案内)?"
)
_DAYS: Final = r"[\d/月日までから~〜\- :]{0,16}"
_BRACKETS: Final = rf"[\[【(〔《<「]\s*{_DAYS}", rf"(?:です)?{_DAYS}[\]】)〕》>」]"
_MARKED: Final = re.compile(
    rf"{_BRACKETS[0]}(?:{_AWAY}|{_CLOSED}){_BRACKETS[1]}|^{_AWAY}(?:です)?\s*(?:$|[\s:;,、。/|~\-–(\[【])",
    re.IGNORECASE,
)
_SHUT: Final = re.compile(rf"^{_CLOSED}(?:$|[\s:;,、。/|~\-–(\[【])", re.IGNORECASE)
_SELF: Final = r"(?:(?:この|本|当|こちらの)(?:自動)?(?:メール|返信|メッセージ|通知|電子メール))(?:は|も)"
_SENT: Final = r"(?:返信|送信|配信|応答|生成)"
_IS: Final = (
    r"(?:です|でございます|となります|となって(?:おり|い)ます|になります|"
    r"(?:を)?(?:し|いたし|致し|され|させて(?:いただい|頂い))て(?:おり|い)ます|"
    r"(?:を)?(?:し|いたし|致し|され|させて(?:いただき|頂き))(?:ます|ました)|"
    r"(?:された|している|しております?|の)(?:メール|もの|メッセージ)(?:です|でございます|となります))"
)
_SO: Final = (
    r"(?:(?:です|でございます|となります|となって(?:おり|い)ます|(?:し|され)て(?:おり|い)ます)?"
    r"(?:ので|ため|のため|につき|から)[、,]?.{0,30}(?:返信|返事|回答|お答え|返答).{0,40})"
)
_BY_ITSELF: Final = re.compile(
    rf"{_SELF}.{{0,25}}自動(?:的に|で)?{_SENT}(?:専用)?(?:の)?(?:メール|メッセージ|通知|システム)?"
    rf"(?:{_IS}|{_SO}|のため|につき)?(?:\(.{{0,30}})?\)?|"
    rf"(?:(?:こちら|これ|以下|本文)は)?(?:システムによる)?自動(?:返信|応答|送信|配信)(?:専用)?(?:の)?(?:メール|メッセージ)?"
    rf"(?:{_IS}|にて(?:失礼|お?知らせ|ご?連絡|ご?案内|お送り)(?:を)?(?:いた|致)?し(?:ます|て(?:おり|い)ます)|{_SO})?"
    r"(?:\(.{0,30})?\)?|"
    rf"(?:{_SELF})?自動的に{_SENT}され(?:て(?:おり|い)ます|ました|ます|たものです)|"
    r"this is an? (?:automated|automatic|auto)\b.{0,20}(?:reply|response|message|e-?mail)"
    r"(?: from .{1,40}|[,;:].*| (?:to|sent) .{1,60})?|"
    r"(?:this|the) (?:message|e-?mail|reply) (?:was|is) (?:automatically|auto)[- ]?(?:generated|sent)"
    r"(?: .{1,60}|[,;:].*)?",
    re.IGNORECASE,
)
"""What programs that answer by themselves write where they do not say so in a header (RFC 3834): a sentence that says
only that. Who writes of such a mail goes on, or asks.
"""
_SENTENCE: Final = re.compile(r"([^。.!?]+)([。.!?]*)")
_AROUND: Final = " *※・-—=#~_<>【】[]「」(|、,"
_SIGNED: Final = re.compile(r"^--\s*$")
"""What stands above a signature (RFC 3676, 4.3)."""
SHOWN: Final = 300
"""So much of a reply stands in the timeline; the rest stays in the mailbox."""
_SAYS_SO: Final = 12
_READ: Final = 20_000
_QUOTED: Final = re.compile(
    r"^\s*(>|-{2,}\s*(original message|元のメッセージ|forwarded message)|_{8,}\s*$|on .{5,120} wrote:|"
    r"(from|差出人|送信者|送信元)\s*[:\uff1a]\s*\S|\(?20\d\d.{0,160}([:\uff1a]|wrote:?|のメール:?)$|"
    r"20\d\d年\d{1,2}月\d{1,2}日.{0,60}<\S+@\S+)",
    re.IGNORECASE,
)
"""How what somebody quotes begins, in the mail programs that are used."""
_MARK: Final = re.compile(r"^\s*>(?!\s*:)")


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


def lines_below(text: str) -> list[str]:
    """Return the lines of their own below and between what is quoted line by line (>)."""
    kept: list[str] = []
    quoted = False
    for line in text.replace("\r\n", "\n").split("\n"):
        if _MARK.match(line):
            quoted = True
        elif quoted and _QUOTED.match(line):
            break
        elif quoted:
            kept.append(line.strip())
    return kept


def is_automatic(subject: str, text: str = "", ours: str = "") -> bool:
    """Return whether a letter says that a machine wrote it: its subject, in front or in brackets, or its first lines.

    ``ours`` is the subject of the mail that it answers: what stands there already is no sign.
    """
    if _says_so(text):
        return True
    return _is_marked(subject) and not _is_marked(ANSWER.sub("", ours))


def _says_so(text: str) -> bool:
    said = [one for one in own_lines(text[:_READ]) if one]
    end = next((n for n, one in enumerate(said) if n and _SIGNED.match(one)), _SAYS_SO)
    for line in said[: min(end, _SAYS_SO)]:
        for found in _SENTENCE.finditer(_plain(line)):
            if "?" not in found[2] and _BY_ITSELF.fullmatch(found[1].strip(_AROUND)):
                return True
    return False


def _is_marked(subject: str) -> bool:
    plain = _plain(subject)
    bare = ANSWER.sub("", plain)
    return _MARKED.search(bare) is not None or (bare == plain and _SHUT.search(plain) is not None)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def own_words(text: str) -> str:
    """Return what a reply says itself, in one short line: above what it quotes, else below."""
    words = " ".join(" ".join(own_lines(text)).split()) or " ".join(" ".join(lines_below(text)).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
