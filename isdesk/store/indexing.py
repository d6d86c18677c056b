"""What hangs on facts so that records are found: identities (to tell duplicates) and search words.

A lead's line of words begins with its name, so that a match at the very beginning is a hit on the name; words are
parted by a character that no text contains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def leads(tx: Tx, facts: Mapping[str, Facts]) -> None:
    """Index these leads by what is now known of them and their companies."""
    if not facts:
        return
    known = {key: _company_words(company) for key, company in _companies(tx, facts).items()}
    identities: list[tuple[str, str, str, str]] = []
    lines: list[tuple[str, str]] = []
    for key, lead in facts.items():
        company = known.get(_text(lead, "company_id"), CompanyWords())
        line = words(lead, company)
        lines.append((key, line))
        if mail := _text(lead, "email"):
            identities.append(("mail", mail_key(mail), key, "lead"))
        numbers = (_text(lead, "phone_direct"), _text(lead, "phone_mobile"))
        identities.extend(("phone", number, key, "lead") for number in numbers if number)
        name = line.partition(BREAK)[0]
        if name and company.key:
            identities.append(("person", f"{company.key}|{name}", key, "lead"))
    wanted = (dumps(list(facts)),)
    tx.sql(_FORGET_IDENTITY, wanted)
    tx.many(_IDENTITY, identities)
    tx.sql(_UNLEARN, wanted)
    tx.many(_SEARCH, lines)
    tx.sql(_LEARN, wanted)


def companies(tx: Tx, facts: Mapping[str, Facts]) -> None:
    """Index these companies."""
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
    tx.sql(_FORGET_IDENTITY, (dumps(list(facts)),))
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


def _companies(tx: Tx, facts: Mapping[str, Facts]) -> dict[str, Facts]:
    wanted = sorted({c for lead in facts.values() if isinstance(c := lead.get("company_id"), str) and c})
    return {key: loads(text) for key, text in tx.sql(_COMPANIES, (dumps(wanted),))} if wanted else {}
