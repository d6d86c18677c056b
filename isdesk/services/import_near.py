"""Pairs that look alike and are not merged: shown to the person before an import, for them to judge.

Companies are compared with those whose folded name begins with the same two characters, people with the colleagues they
would get; both by rapidfuzz. The work is bounded, whatever the size of the list.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from isdesk.domain.changes import Obj
from isdesk.domain.ids import CompanyId, LeadId
from isdesk.services.import_match import Resolved, Slot
from isdesk.services.import_plan import Near
from isdesk.store import imports as store

if TYPE_CHECKING:
    from isdesk.store import Tx

_LIKE_COMPANY = 85
_LIKE_PERSON = 80
_PAIRS = 3_000_000
_FOUND = 1000


def likenesses(tx: Tx, resolved: Resolved) -> list[Near]:
    """Return pairs that may be one, those that share a mail or a number first."""
    found = [_clash(c.row, c.by, c.lead, c.other) for c in resolved.clashes[:_FOUND]]
    found += _companies(tx, resolved)
    found += _people(resolved)
    return found


def _clash(row: int, by: str, lead: Slot, other: Slot) -> Near:
    return Near(
        row, by, 100, _name(lead), _company_name(lead), _name(other), _company_name(other),
        lead_id=LeadId(other.id) if other.id is not None else None,
    )  # fmt: skip


def _companies(tx: Tx, resolved: Resolved) -> list[Near]:
    """Compare each new company with those known and those before it in the file."""
    new = [c for c in resolved.companies if c.new and len(c.key) >= 3]
    blocks: dict[str, dict[str, Slot | str]] = defaultdict(dict)
    for key, name in store.companies_beginning(tx, {c.key[:2] for c in new}):
        blocks[name[:2]].setdefault(name, key)
    found: list[Near] = []
    pairs = 0
    for company in new:
        block = blocks[company.key[:2]]
        pairs += len(block)
        if pairs > _PAIRS or len(found) >= _FOUND:
            break
        if block:
            hit = process.extractOne(company.key, block.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE_COMPANY)
            if hit is not None and hit[0] != company.key and not _differ_by_number(company.key, hit[0]):
                found.append(_like_company(tx, company, block[hit[0]], hit[1]))
        block[company.key] = company
    return found


def _like_company(tx: Tx, company: Slot, other: Slot | str, likeness: float) -> Near:
    name = str(company.get("name") or "")
    if isinstance(other, Slot):
        return Near(company.row, "company_name", int(likeness), "", name, "", str(other.get("name") or ""))
    stored = store.facts(tx, Obj.COMPANY, [other]).get(other, {})
    shown = str(stored.get("name") or "")
    return Near(company.row, "company_name", int(likeness), "", name, "", shown, company_id=CompanyId(other))


def _differ_by_number(one: str, other: str) -> bool:
    """True where the figures in two names differ: 第一 … and 第2 … or 店舗12 and 店舗13 are no misspellings."""
    return [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]


def _people(resolved: Resolved) -> list[Near]:
    """Compare each new lead with the colleagues it would get."""
    known: dict[int, list[Slot]] = defaultdict(list)
    for lead in resolved.here:
        if lead.company is not None and lead.key:
            known[id(lead.company)].append(lead)
    found: list[Near] = []
    for lead in resolved.leads:
        if not lead.new or lead.company is None or not lead.key:
            continue
        colleagues = known[id(lead.company)]
        for other in colleagues[-20:]:
            likeness = fuzz.ratio(lead.key, other.key)
            if other is not lead and other.key != lead.key and likeness >= _LIKE_PERSON:
                found.append(
                    Near(
                        lead.row, "person_name", int(likeness), _name(lead), _company_name(lead), _name(other),
                        _company_name(other), lead_id=LeadId(other.id) if other.id is not None else None,
                    )
                )  # fmt: skip
                break
        colleagues.append(lead)
        if len(found) >= _FOUND:
            break
    return found


def _name(lead: Slot) -> str:
    return str(lead.get("name") or "")


def _company_name(lead: Slot) -> str:
    return str((lead.company.get("name") if lead.company is not None else None) or "")
