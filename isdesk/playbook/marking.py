"""Markdown in talk scripts: bold, italics, headings, lists, line breaks and links, and nothing else (SECURITY C3).

Values of a lead are set into the text after it was read as Markdown, so that a name is never a mark: ``**x**``,
``<b>x</b>`` and ``[a](javascript:…)`` stay the letters they are. There is no raw HTML and there are no pictures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from typing_extensions import override

from isdesk.domain.errors import BadInput
from isdesk.playbook.sandbox import BEGIN, END

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markdown_it.utils import EnvType

TEXT, HEAD, ITEM = "text", "head", "item"

_VALUE = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
_SLOT = re.compile(f"{BEGIN}([0-9]+){END}")
_MARKS = re.compile(r"[*_\[\\]|^ {0,3}(?:#{1,6}|[-+]|\d{1,9}[.)])(?:[ \t]|$)|\n[ \t]*\n", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\s*\(")
_LINK = re.compile(r"(?<!!)(?<!\\)\[[^\]\n]*\]\(\s*<?([^)\n]*)\)?")
_WITHIN = re.compile(r"\{[{%#]")
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text of one look. ``value``: a variable gave it. ``link`` is the address it leads to, https always."""

    text: str
    value: bool = False
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or an item of a list. ``level`` is that of the heading, or how deep a list lies (1: top).

    ``number`` is that of an item in a numbered list, 0 in any other. ``gap``: an empty line stands before it.
    """

    pieces: tuple[Piece, ...]
    kind: str = TEXT
    level: int = 0
    number: int = 0
    gap: bool = False


def blocks(filled: str) -> tuple[Block, ...]:
    """Read a text as Markdown in which `sandbox` has set values between ``BEGIN`` and ``END``."""
    values: list[str] = []

    def slot(found: re.Match[str]) -> str:
        values.append(found.group(1))
        return f"{BEGIN}{len(values) - 1}{END}"

    read = _read(_VALUE.sub(slot, filled))
    return tuple(replace(one, pieces=tuple(_with_values(one.pieces, values))) for one in read) if values else read


def flat(given: Sequence[Block]) -> tuple[tuple[str, bool], ...]:
    """Return the words of blocks without their look, True for what a variable gave; blocks are parted by a line."""
    out: list[tuple[str, bool]] = []
    for number, block in enumerate(given):
        if number:
            _add(out, "\n\n" if block.gap else "\n", value=False)
        for piece in block.pieces:
            _add(out, piece.text, value=piece.value)
    return tuple(out)


def _add(out: list[tuple[str, bool]], text: str, *, value: bool) -> None:
    if out and not value and not out[-1][1]:
        out[-1] = (out[-1][0] + text, False)
    elif text:
        out.append((text, value))


def _with_values(pieces: Sequence[Piece], values: Sequence[str]) -> Iterator[Piece]:
    for piece in pieces:
        for number, part in enumerate(_SLOT.split(piece.text)):
            if number % 2:
                if values[int(part)]:
                    yield replace(piece, text=values[int(part)], value=True)
            elif part:
                yield replace(piece, text=part)


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[Block, ...]:
    """Read a text whose values are slots; a script has few texts, so that each is read once for all leads."""
    if not text.strip():
        return ()
    if not _MARKS.search(text):
        return (Block((Piece("\n".join(line.strip(" \t") for line in text.strip("\n").split("\n"))),)),)
    return _Reader(_parser().parse(text)).run()


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.parser_inline import ParserInline
    from markdown_it.rules_inline.state_inline import Scanned, StateInline

    class State(StateInline):
        """Takes ``**「…」**です`` for bold: CommonMark wants a space there, which Japanese does not write."""

        @override
        def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
            found = super().scanDelims(start, canSplitWord)
            if self.src[start] != "*":
                return found
            end = start + found.length
            before = self.src[start - 1] if start else " "
            after = self.src[end] if end < self.posMax else " "
            return Scanned(not after.isspace(), not before.isspace(), found.length)

    class Inline(ParserInline):
        @override
        def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
            state = State(src, md, env, tokens)
            self.tokenize(state)
            for rule in self.ruler2.getRules(""):
                rule(state)
            return state.tokens

    made = MarkdownIt("zero")
    made.inline = Inline()
    made.configure("zero")
    return made.enable(["heading", "list", "newline", "escape", "emphasis", "link"])


class _Reader:
    """Turns the tokens of markdown-it into blocks."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._out: list[Block] = []
        self._lists: list[int] = []
        self._head = 0
        self._last_line = 0

    def run(self) -> tuple[Block, ...]:
        for token in self._tokens:
            match token.type:
                case "bullet_list_open":
                    self._lists.append(0)
                case "ordered_list_open":
                    self._lists.append(int(token.attrGet("start") or 1))
                case "bullet_list_close" | "ordered_list_close":
                    self._lists.pop()
                case "heading_open":
                    self._head = int(token.tag[1:])
                case "inline":
                    self._block(token)
                case "list_item_close":
                    self._lists[-1] += bool(self._lists[-1])
                case "heading_close":
                    self._head = 0
        return tuple(self._out)

    def _block(self, token: Token) -> None:
        begin, end = token.map or [self._last_line, self._last_line]
        pieces = tuple(_pieces(token.children or ()))
        gap = bool(self._out) and begin > self._last_line
        self._last_line = end
        if self._head:
            self._out.append(Block(pieces, HEAD, self._head, gap=gap))
        elif self._lists:
            self._out.append(Block(pieces, ITEM, len(self._lists), self._lists[-1], gap=gap))
        else:
            self._out.append(Block(pieces, gap=gap))


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    look = Piece("")
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                look = replace(look, bold=token.nesting > 0)
            case "em_open" | "em_close":
                look = replace(look, italic=token.nesting > 0)
            case "link_open":
                address = str(token.attrGet("href") or "")
                look = replace(look, link=address if _host(address) else "")
            case "link_close":
                look = replace(look, link="")
            case "softbreak" | "hardbreak":
                yield replace(look, text="\n")
            case _:
                if token.content:
                    yield replace(look, text=token.content)


# ------------------------------------------------------------------------------------------------------------- checking


def check(source: str, hosts: Collection[str]) -> None:
    """Check the links of a text before it is filled in: https only, to one of ``hosts`` or below it, and no pictures.

    Raises BadInput (``template_picture``, ``template_link``) with ``line`` and ``name``.
    """
    if picture := _PICTURE.search(source):
        raise BadInput("template_picture", line=_line(source, picture.start()), name=picture.group())
    for found in _LINK.finditer(source):
        address = found.group(1).strip().rstrip(">")
        if _WITHIN.search(address) or not allowed(address, hosts):
            known = ", ".join(sorted(hosts)) or "—"
            raise BadInput("template_link", line=_line(source, found.start()), name=address, known=known)


def allowed(address: str, hosts: Collection[str]) -> bool:
    """Return whether a link of a script may lead to ``address``: https, and its host among ``hosts`` or below one."""
    host = _host(address)
    return bool(host) and any(host == one or host.endswith(f".{one}") for one in (h.casefold() for h in hosts))


def _host(address: str) -> str:
    """Return the host of an https address without a user in it; empty for any other."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return ""
    return host if parts.scheme == "https" and parts.username is None and host not in _LOOPBACK else ""


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1
