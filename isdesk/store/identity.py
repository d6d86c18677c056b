"""Who is already here: records by mail, phone, corporate number, company name, or person at a company.

All functions take raw values and fold them as the index does; a list of several asks once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from isdesk.domain.ids import CompanyId, LeadId
from isdesk.store.keys import company_key, mail_key, person_key
from isdesk.store.values import dumps

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_FIND = (
    "SELECT value, obj_id FROM identity WHERE kind = ? AND value IN (SELECT value FROM json_each(?)) AND obj = ? "
    "ORDER BY value, obj_id"
)


def _find(tx: Tx, kind: str, values: Iterable[str], obj: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for value, key in tx.sql(_FIND, (kind, dumps(sorted(set(values))), obj)):
        found.setdefault(value, []).append(key)
    return found


def leads_by_mail(tx: Tx, mails: Iterable[str]) -> dict[str, list[LeadId]]:
    """Return leads by mail address (folded: NFKC, lower case)."""
    found = _find(tx, "mail", map(mail_key, mails), "lead")
    return {value: [LeadId(k) for k in keys] for value, keys in found.items()}


def leads_by_phone(tx: Tx, numbers: Iterable[str]) -> dict[str, list[LeadId]]:
    """Return leads by a direct or mobile number (E.164)."""
    found = _find(tx, "phone", numbers, "lead")
    return {value: [LeadId(k) for k in keys] for value, keys in found.items()}


def leads_by_person(tx: Tx, people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[LeadId]]:
    """Return leads by (company name, person's name), as they were given."""
    wanted = {pair: person_key(*pair) for pair in people}
    found = _find(tx, "person", wanted.values(), "lead")
    return {pair: [LeadId(k) for k in found[key]] for pair, key in wanted.items() if key in found}


def companies_by_name(tx: Tx, names: Iterable[str]) -> dict[str, list[CompanyId]]:
    """Return companies by name as it was given; legal form, width, case and spaces do not matter."""
    wanted = {name: company_key(name) for name in names}
    found = _find(tx, "company_name", wanted.values(), "company")
    return {name: [CompanyId(k) for k in found[key]] for name, key in wanted.items() if key in found}


def companies_by_corporate_number(tx: Tx, numbers: Iterable[str]) -> dict[str, list[CompanyId]]:
    """Return companies by 法人番号 (13 digits)."""
    found = _find(tx, "corporate_number", numbers, "company")
    return {value: [CompanyId(k) for k in keys] for value, keys in found.items()}


def companies_by_phone(tx: Tx, numbers: Iterable[str]) -> dict[str, list[CompanyId]]:
    """Return companies by switchboard (E.164)."""
    found = _find(tx, "phone", numbers, "company")
    return {value: [CompanyId(k) for k in keys] for value, keys in found.items()}


def company_named(tx: Tx, name: str) -> CompanyId | None:
    """Return the one company of that name, None where there is none or where several bear it."""
    found = companies_by_name(tx, [name]).get(name, []) if name.strip() else []
    return found[0] if len(found) == 1 else None
