"""What hangs on facts so that records are found: identities (to tell duplicates) and search words.

A lead's line of words begins with its name, so that a match at the very beginning is a hit on the name; words are
parted by a character that no text contains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from isdesk.domain.changes import Value
from isdesk.store.keys import company_key, digits, fold, mail_key, person_key
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
_FORGET_SEARCH = "DELETE FROM search_text WHERE lead_id IN (SELECT value FROM json_each(?))"
_IDENTITY = "INSERT OR IGNORE INTO identity (kind, value, obj_id, obj) VALUES (?, ?, ?, ?)"
_SEARCH = (
    "INSERT INTO search_text (lead_id, text) VALUES (?, ?) "
    "ON CONFLICT (lead_id) DO UPDATE SET text = excluded.text WHERE text IS NOT excluded.text"
)
_COMPANIES = "SELECT id, facts FROM company WHERE id IN (SELECT value FROM json_each(?))"


def _text(facts: Facts, code: str) -> str:
    value = facts.get(code)
    return value if isinstance(value, str) else ""


def name_key(company: Facts) -> str:
    """Return the key under which a company's name is compared."""
    name = _text(company, "name")
    return company_key(name) if name else ""


def words(lead: Facts, company: Facts) -> str:
    """Return a lead's line of search words."""
    name, company_name = _text(lead, "name"), _text(company, "name")
    parts = [
        fold(name),
        fold(_text(lead, "name_kana")),
        company_key(company_name) if company_name else "",
        fold(_text(company, "name_kana")),
        mail_key(_text(lead, "email")),
        *(digits(n) for n in (_text(lead, "phone_direct"), _text(lead, "phone_mobile"), _text(company, "phone")) if n),
        _text(company, "corporate_number"),
    ]
    return BREAK.join(parts)


def leads(tx: Tx, facts: Mapping[str, Facts]) -> None:
    """Index these leads by what is now known of them and their companies."""
    if not facts:
        return
    companies = _companies(tx, facts)
    identities: list[tuple[str, str, str, str]] = []
    lines: list[tuple[str, str]] = []
    for key, lead in facts.items():
        company = companies.get(_text(lead, "company_id"), {})
        lines.append((key, words(lead, company)))
        if mail := _text(lead, "email"):
            identities.append(("mail", mail_key(mail), key, "lead"))
        numbers = (_text(lead, "phone_direct"), _text(lead, "phone_mobile"))
        identities.extend(("phone", number, key, "lead") for number in numbers if number)
        if (name := _text(lead, "name")) and (company_name := _text(company, "name")):
            identities.append(("person", person_key(company_name, name), key, "lead"))
    tx.sql(_FORGET_IDENTITY, (dumps(list(facts)),))
    tx.many(_IDENTITY, identities)
    tx.many(_SEARCH, lines)


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
    tx.sql(_FORGET_SEARCH, wanted)


def forget_all(tx: Tx) -> None:
    """Empty identities and search words."""
    tx.sql("DELETE FROM identity")
    tx.sql("DELETE FROM search_text")


def _companies(tx: Tx, facts: Mapping[str, Facts]) -> dict[str, Facts]:
    wanted = sorted({c for lead in facts.values() if isinstance(c := lead.get("company_id"), str) and c})
    return {key: loads(text) for key, text in tx.sql(_COMPANIES, (dumps(wanted),))} if wanted else {}
