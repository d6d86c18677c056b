"""Parts of a letter as they come: the text that a person wrote, and the calendar data in it.

Whatever is malformed is read as far as it goes: mail comes from anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default as modern
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

from isdesk.channels.charsets import decoded

_BLOCKS: Final = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "table", "ul", "ol"})
_UNSEEN: Final = frozenset({"style", "script", "head", "title", "blockquote"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a person's letter says: its words, and the calendar data that stand in it as text."""

    text: str = ""
    calendars: tuple[str, ...] = ()


def told(raw: bytes) -> Told:
    """Return what a letter says, from its plain part, else from its HTML without what it quotes."""
    whole: EmailMessage = message_from_bytes(raw, policy=modern)
    calendars = tuple(_decoded(part) for part in whole.walk() if part.get_content_type() == "text/calendar")
    for kind in ("plain", "html"):
        part = whole.get_body((kind,))
        said = _decoded(part) if part is not None else ""
        if said.strip():
            return Told(said if kind == "plain" else _without_tags(said), calendars)
    return Told("", calendars)


def _decoded(part: Message) -> str:
    found = part.get_payload(decode=True)
    if not isinstance(found, bytes):
        return ""
    return decoded(found, part.get_content_charset())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unseen = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.said.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.said.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.said.append(data.replace("\n", " "))


def _without_tags(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.said)
