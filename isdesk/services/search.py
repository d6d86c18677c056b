"""Finds leads by any text: name, kana, company, mail, digits of a number (UX, command palette)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.numbers import numbers
from isdesk.services.views import Found
from isdesk.store import leads
from isdesk.store import search as index

if TYPE_CHECKING:
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context


def find(ctx: Context, text: str, limit: int = 20) -> list[Found]:
    """Return the leads that match ``text``, the closest first; nothing for an empty text."""
    if not text.strip():
        return []
    with ctx.store.read() as tx:
        hits = index.find(tx, text, limit)
        facts = leads.many(tx, [hit.lead_id for hit in hits])
    return [found(ctx, facts[hit.lead_id], hit.where) for hit in hits if hit.lead_id in facts]


def found(ctx: Context, one: LeadFacts, where: str = "") -> Found:
    """Return a lead as a hit; ``where`` names the field that matched."""
    from isdesk.files.phones import shown

    able = numbers(one)
    return Found(
        lead_id=one.id,
        name=str(one.get("name") or ""),
        company=str(one.get("company.name") or ""),
        phone=shown(able[0].e164) if able else None,
        email=str(one.get("email") or ""),
        stage=str(one.get("stage") or ""),
        where=where,
        owner=ctx.name_of(one.owner_id),
    )
