"""Finding leads by any text: name, kana, company, mail, digits of a phone; width, case and kana do not matter.

Names that begin with a word come first, by an index on the beginnings of the search lines. The rest is found by
trigrams where every word has three characters, else by reading the (narrow) lines once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId
from isdesk.store.indexing import BREAK
from isdesk.store.keys import fold, mail_key, phone_digits, without_legal_form

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

TRIGRAM = 3
HEAD = 8
"""Characters of a line's beginning that are indexed."""
CANDIDATES = 400
"""So many hits are looked at to find the best ones."""
LONGEST = 200
"""Characters of a query that are looked at."""

_FIELDS = ("name", "name_kana", "company.name", "company.name_kana", "email")
_LAST = "\U0010ffff"
_BEGINS = (
    "SELECT lead_id, text FROM search_text WHERE substr(text, 1, 8) >= ? AND substr(text, 1, 8) < ? "
    "AND instr(text, ?) = 1{} LIMIT ?"
)
_INDEXED = (
    "SELECT s.lead_id, s.text FROM search_fts f JOIN search_text s ON s.id = f.rowid WHERE search_fts MATCH ?{} LIMIT ?"
)
_READ = "SELECT lead_id, text FROM search_text WHERE 1{} LIMIT ?"
_HAS = " AND instr(text, ?)"


@dataclass(frozen=True, slots=True)
class Hit:
    """A lead that was found; ``where`` names the field that holds the first word (``company.x`` of its company)."""

    lead_id: LeadId
    where: str


def find(tx: Tx, text: str, limit: int = 50) -> list[Hit]:
    """Return leads that match every word of ``text``: the whole name first, then its beginning, then the rest."""
    words = query_words(text)
    if not words:
        return []
    lines: dict[str, str] = {}
    for word in words:
        lines.update(_beginning(tx, word, words))
    if len(lines) < limit:
        lines.update(_anywhere(tx, words))
    best = sorted(lines.items(), key=lambda hit: (_rank(hit[1], words), hit[1], hit[0]))
    return [Hit(LeadId(key), _where(line, words[0])) for key, line in best[:limit]]


def query_words(text: str) -> list[str]:
    """Return the words to look for, folded as the lines are; a phone number is one word, however it is parted."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).replace(BREAK, " ").strip()
    number = phone_digits(plain)
    if number is not None:
        return [number] if number else []
    words = (phone_digits(w) or (mail_key(w) if w.isascii() else fold(w)) for w in without_legal_form(plain).split())
    return [w for w in dict.fromkeys(words) if w]


def _beginning(tx: Tx, word: str, words: Sequence[str]) -> list[tuple[str, str]]:
    head = word[:HEAD]
    others = [w for w in words if w != word]
    statement = _BEGINS.format(_HAS * len(others))
    found: list[tuple[str, str]] = tx.sql(statement, (head, head + _LAST, word, *others, CANDIDATES)).fetchall()
    return found


def _anywhere(tx: Tx, words: Sequence[str]) -> list[tuple[str, str]]:
    conditions = _HAS * len(words)
    if all(len(w) >= TRIGRAM for w in words):
        cursor = tx.sql(_INDEXED.format(conditions.replace("text", "s.text")), (_match(words), *words, CANDIDATES))
    else:
        cursor = tx.sql(_READ.format(conditions), (*words, CANDIDATES))
    found: list[tuple[str, str]] = cursor.fetchall()
    return found


def _match(words: Sequence[str]) -> str:
    """Return the words' trigrams, all of which a line must have; whether it has the words is looked at afterwards."""
    trigrams = dict.fromkeys(w[i : i + TRIGRAM] for w in words for i in range(len(w) - TRIGRAM + 1))
    return " AND ".join('"' + t.replace('"', '""') + '"' for t in trigrams)


def _rank(line: str, words: Sequence[str]) -> int:
    """Return 0 for the whole name, 1 for its beginning, 2 for the beginning of another field, 3 for the rest."""
    best = 3
    for word in words:
        if line.startswith(word):
            best = min(best, 0 if line[len(word) : len(word) + 1] == BREAK else 1)
        elif BREAK + word in line:
            best = min(best, 2)
    return best


def _where(line: str, word: str) -> str:
    number = line.count(BREAK, 0, line.find(word))
    if number < len(_FIELDS):
        return _FIELDS[number]
    return "company.corporate_number" if number == line.count(BREAK) else "phone"
