"""Something that a team files: a request and its decision, an evaluation of a call, a signature, a meeting's minutes.

One append-only kind of fact for what people agree on beside their calls; ``kind`` says which, and the rules of each
stand in the module of its subject. What is filed travels to everybody through the hub and is never changed: what comes
later stands beside it, and a ``void`` filing takes ``corrects`` back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from isdesk.domain.changes import Value
from isdesk.domain.ids import DeviceId, JournalId, LeadId, MemberId


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing. ``subject`` is the id of what it is about: a request, a touch, a version of the definitions."""

    id: str
    kind: str
    subject: str
    member_id: MemberId
    device_id: DeviceId
    device_seq: int
    at: datetime
    lead_id: LeadId | None = None
    payload: dict[str, Value] = field(default_factory=dict)
    journal_id: JournalId | None = None
    corrects: str | None = None
    void: bool = False


def standing(filings: Iterable[Filing]) -> list[Filing]:
    """Return the filings that stand, oldest first; the order is the same on every device.

    What takes something back can be taken back itself: the first one stands again then.
    """
    every = list(filings)
    back: dict[str, list[Filing]] = {}
    for one in every:
        if one.corrects is not None:
            back.setdefault(one.corrects, []).append(one)
    kept = [one for one in every if not one.void and not _gone(one.id, back, frozenset())]
    return sorted(kept, key=lambda one: (one.at, one.device_id, one.device_seq, one.id))


def _gone(filing_id: str, back: Mapping[str, list[Filing]], seen: frozenset[str]) -> bool:
    """Return whether something that stands itself takes a filing back."""
    if filing_id in seen:
        return False
    return any(not _gone(one.id, back, seen | {filing_id}) for one in back.get(filing_id, ()))
