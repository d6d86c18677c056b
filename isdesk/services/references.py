"""From what a person types to the lead meant: an id, a beginning that no other has, or exact name, mail or phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isdesk.domain import normalise
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.ids import LeadId
from isdesk.domain.numbers import numbers
from isdesk.store import leads
from isdesk.store import search as index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

_ID_BEGINNING = re.compile(r"[0-9a-f][0-9a-f-]{3,35}")
_HITS = 200
_NAMED = 3
"""How many candidates the sentence about several names."""


def lead(ctx: Context, text: str) -> LeadId:
    """Return the one lead that ``text`` refers to.

    Raises NotFound (``lead_ref_not_found``) for none and Refused (``lead_ref_ambiguous``) where several match.
    """
    said = text.strip()
    with ctx.store.read() as tx:
        if leads.facts(tx, LeadId(said)) is not None:
            return LeadId(said)
        found = _beginning(tx, said) or _exact(tx, said)
        if len(found) == 1:
            return found[0]
        shown = [_shown(one) for one in leads.many(tx, found[:_NAMED]).values()]
    if not found:
        raise NotFound("lead_ref_not_found", text=text)
    raise Refused("lead_ref_ambiguous", text=text, candidates=tuple(shown))


def _beginning(tx: Tx, said: str) -> list[LeadId]:
    if not _ID_BEGINNING.fullmatch(said.lower()):
        return []
    beginning = said.lower()
    return [key for block in leads.all_ids(tx) for key in block if key.startswith(beginning)]


def _exact(tx: Tx, said: str) -> list[LeadId]:
    hits = [hit.lead_id for hit in index.find(tx, said, _HITS)] if said else []
    return [one.id for one in leads.many(tx, hits).values() if _is(one, said)]


def _is(facts: LeadFacts, said: str) -> bool:
    from isdesk.files.phones import to_e164

    plain = _folded([said])
    if plain & _folded(str(facts.get(code) or "") for code in ("name", "name_kana", "email")):
        return True
    number = to_e164(said)
    return number is not None and any(number == one.e164 for one in numbers(facts))


def _folded(texts: Iterable[str]) -> set[str]:
    return {"".join(normalise.text(text).split()).casefold() for text in texts} - {""}


def _shown(facts: LeadFacts) -> str:
    company = str(facts.get("company.name") or "")
    return " ".join(part for part in (str(facts.get("name") or ""), company, facts.id) if part)
