"""How definitions come into force: one proposes, Marketing, IS and FS sign, and the day comes (DOMAIN 4).

A proposal is a filing of kind ``definitions`` whose subject is the proposal's id; a signature names a department. What
is in force is the newest proposal that all departments have signed and whose day has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import MemberId

KIND: Final = "definitions"
DEPARTMENTS: Final = ("marketing", "inside_sales", "field_sales")
"""Who has to agree."""
PROPOSE, SIGN, WITHDRAW = "propose", "sign", "withdraw"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who agreed for a department, and when."""

    department: str
    member_id: MemberId
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed version: its ``text`` (TOML), from which day it is to hold, and who has signed it.

    ``alignment`` and ``decision`` name the alignment meeting that decided on it and which of its decisions that was,
    ``agreed`` who agreed there; empty where it comes from no meeting.
    """

    id: str
    text: str
    effective: date
    by: MemberId
    at: datetime
    note: str = ""
    version: str = ""
    signatures: tuple[Signature, ...] = field(default_factory=tuple)
    withdrawn: bool = False
    alignment: str = ""
    decision: str = ""
    agreed: tuple[MemberId, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the departments that have not signed yet."""
        signed = {one.department for one in self.signatures}
        return tuple(one for one in DEPARTMENTS if one not in signed)

    @property
    def agreed_at(self) -> datetime | None:
        """Return when the last department signed; None while one is missing."""
        return None if self.missing else max(one.at for one in self.signatures)


def proposals(filings: Iterable[Filing]) -> list[Proposal]:
    """Return every proposal as it stands, oldest first; one that cannot be read is passed over.

    Who signs has seen the proposal, whatever the clocks of the two devices say: proposals are taken first.
    """
    found: dict[str, Proposal] = {}
    for one in sorted(standing(filings), key=lambda one: one.payload.get("step") != PROPOSE):
        if one.kind != KIND:
            continue
        step = one.payload.get("step")
        known = found.get(one.subject)
        if step == PROPOSE and known is None:
            made = _proposal(one)
            if made is not None:
                found[one.subject] = made
        elif known is not None:
            found[one.subject] = _stepped(known, one)
    return list(found.values())


def _proposal(one: Filing) -> Proposal | None:
    text, effective = one.payload.get("text"), one.payload.get("effective")
    try:
        day = date.fromisoformat(str(effective))
    except ValueError:
        return None
    if not isinstance(text, str) or not text:
        return None
    words = str(one.payload.get("note") or ""), str(one.payload.get("version") or "")
    alignment, decision = (str(one.payload.get(name) or "") for name in ("alignment", "decision"))
    said = one.payload.get("agreed")
    agreed = tuple(MemberId(str(who)) for who in said) if isinstance(said, list) else ()
    return Proposal(
        one.subject, text, day, one.member_id, one.at, *words, alignment=alignment, decision=decision, agreed=agreed
    )


def _stepped(known: Proposal, one: Filing) -> Proposal:
    department = str(one.payload.get("department") or "")
    match one.payload.get("step"):
        case "withdraw" if one.member_id == known.by and known.missing:
            return replace(known, withdrawn=True)
        case "sign" if department in known.missing and not known.withdrawn:
            return replace(known, signatures=(*known.signatures, Signature(department, one.member_id, one.at)))
    return known


def in_force(every: Iterable[Proposal], today: date) -> Proposal | None:
    """Return the proposal that holds on ``today``: agreed, its day come; of several the one of the latest day."""
    due = [one for one in every if not one.withdrawn and one.agreed_at is not None and one.effective <= today]
    return max(due, key=lambda one: (one.effective, one.agreed_at, one.id), default=None)
