"""What hangs on facts so that records are found: identities (to tell duplicates) and search words.

A lead's line of words begins with its name, so that a match at the very beginning is a hit on the name; words are
parted by a character that no text contains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple

from isdesk.domain.changes import Value
from isdesk.store.keys import company_key, digits, fold, mail_key
from isdesk.store.values import dumps, loads

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

Facts = Mapping[str, Value]

BREAK = "\x1f"
"""Parts the words of a search line (ASCII unit separator)."""
LEAD = frozenset({"name", "name_kana", "email", "phone_direct", "phone_mobile", "company_id"})
"""Fields of a lead that are indexed."""
COMPANY = frozenset({"name", "name_kana", "corporate_number", "phone"})
"""Fields of a company that are indexed."""

_FORGET_IDENTITY = "DELETE FROM identity WHERE obj_id IN (SELECT value FROM json_each(?))"
_IDENTITY = "INSERT OR IGNORE INTO identity (kind, value, obj_id, obj) VALUES (?, ?, ?, ?)"
_SEARCH = (
    "INSERT INTO search_text (lead_id, text) VALUES (?, ?) ON CONFLICT (lead_id) DO UPDATE SET text = excluded.text"
)
_LAST_LINE = "SELECT coalesce(max(id), 0) FROM search_text"
_NEW_LINE = "INSERT INTO search_text (id, lead_id, text) VALUES (?, ?, ?)"
_LEARN_AFTER = "INSERT INTO search_fts (rowid, text) SELECT id, text FROM search_text WHERE id > ?"
_FORGET_SEARCH = "DELETE FROM search_text WHERE lead_id IN (SELECT value FROM json_each(?))"
_OF_THESE = "FROM search_text WHERE lead_id IN (SELECT value FROM json_each(?))"
_UNLEARN = f"INSERT INTO search_fts (search_fts, rowid, text) SELECT 'delete', id, text {_OF_THESE}"
_LEARN = f"INSERT INTO search_fts (rowid, text) SELECT id, text {_OF_THESE}"
_COMPANIES = "SELECT id, facts FROM company WHERE id IN (SELECT value FROM json_each(?))"


def _text(facts: Facts, code: str) -> str:
    value = facts.get(code)
    return value if isinstance(value, str) else ""


def name_key(company: Facts) -> str:
    """Return the key under which a company's name is compared."""
    name = _text(company, "name")
    return company_key(name) if name else ""


def words(lead: Facts, company: CompanyWords) -> str:
    """Return a lead's line of search words."""
    numbers = [digits(n) for n in (_text(lead, "phone_direct"), _text(lead, "phone_mobile"), company.phone) if n]
    name, kana = fold(_text(lead, "name")), fold(_text(lead, "name_kana"))
    mail = mail_key(_text(lead, "email")).replace(BREAK, "")
    return BREAK.join((name, kana, company.key, company.kana, mail, *numbers, company.number))


class CompanyWords(NamedTuple):
    """What a lead's line has of its company."""

    key: str = ""
    kana: str = ""
    phone: str = ""
    number: str = ""


def _company_words(company: Facts) -> CompanyWords:
    kana, number = fold(_text(company, "name_kana")), fold(_text(company, "corporate_number"))
    return CompanyWords(name_key(company), kana, _text(company, "phone"), number)


def leads(
    tx: Tx, facts: Mapping[str, Facts], companies: Mapping[str, Facts], *, new: AbstractSet[str] = frozenset()
) -> None:
    """Index these leads by what is now known of them and ``companies`` (see `companies_of`).

    ``new`` ones have nothing in the index yet that would have to be forgotten.
    """
    if not facts:
        return
    known = {key: _company_words(company) for key, company in companies.items()}
    nothing = CompanyWords()
    identities: list[tuple[str, str, str, str]] = []
    lines: list[tuple[str, str]] = []
    for key, lead in facts.items():
        company = known.get(_text(lead, "company_id"), nothing)
        line = words(lead, company)
        lines.append((key, line))
        if mail := _text(lead, "email"):
            identities.append(("mail", mail_key(mail), key, "lead"))
        numbers = (_text(lead, "phone_direct"), _text(lead, "phone_mobile"))
        identities.extend(("phone", number, key, "lead") for number in numbers if number)
        name = line.partition(BREAK)[0]
        if name and company.key:
            identities.append(("person", f"{company.key}|{name}", key, "lead"))
    old = [key for key in facts if key not in new]
    if old:
        tx.sql(_FORGET_IDENTITY, (dumps(old),))
    tx.many(_IDENTITY, identities)
    _search(tx, lines, old)


def _search(tx: Tx, lines: Sequence[tuple[str, str]], old: Sequence[str]) -> None:
    """Write search lines; those of ``old`` leads may be there already."""
    if old:
        known = (dumps(old),)
        tx.sql(_UNLEARN, known)
        again = set(old)
        tx.many(_SEARCH, (line for line in lines if line[0] in again))
        tx.sql(_LEARN, known)
        lines = [line for line in lines if line[0] not in again]
    if lines:
        last: int = tx.sql(_LAST_LINE).fetchone()[0]
        numbered = [(last + n, *line) for n, line in enumerate(lines, 1)]
        tx.many(_NEW_LINE, numbered)
        tx.sql(_LEARN_AFTER, (last,))


def companies(tx: Tx, facts: Mapping[str, Facts], *, new: AbstractSet[str] = frozenset()) -> None:
    """Index these companies; ``new`` ones have no identities yet that would have to be forgotten."""
    if not facts:
        return
    identities: list[tuple[str, str, str, str]] = []
    for key, company in facts.items():
        if name := name_key(company):
            identities.append(("company_name", name, key, "company"))
        if number := _text(company, "corporate_number"):
            identities.append(("corporate_number", number, key, "company"))
        if phone := _text(company, "phone"):
            identities.append(("phone", phone, key, "company"))
    old = [key for key in facts if key not in new]
    if old:
        tx.sql(_FORGET_IDENTITY, (dumps(old),))
    tx.many(_IDENTITY, identities)


def forget(tx: Tx, ids: Sequence[str]) -> None:
    """Take objects out of identities and search."""
    wanted = (dumps(list(ids)),)
    tx.sql(_FORGET_IDENTITY, wanted)
    tx.sql(_UNLEARN, wanted)
    tx.sql(_FORGET_SEARCH, wanted)


def forget_all(tx: Tx) -> None:
    """Empty identities and search words."""
    tx.sql("DELETE FROM identity")
    tx.sql("INSERT INTO search_fts (search_fts) VALUES ('delete-all')")
    tx.sql("DELETE FROM search_text")


def companies_of(tx: Tx, leads: Mapping[str, Facts]) -> dict[str, dict[str, Value]]:
    """Return the facts of the companies to which these leads belong, by id."""
    wanted = sorted({c for lead in leads.values() if isinstance(c := lead.get("company_id"), str) and c})
    return {key: loads(text) for key, text in tx.sql(_COMPANIES, (dumps(wanted),))} if wanted else {}
