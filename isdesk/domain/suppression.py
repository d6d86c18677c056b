"""Do-not-call and opt-out as append-only events keyed by HMAC, so that they outlive the lead (SECURITY C4)."""

from __future__ import annotations

import hashlib
import hmac as _hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from isdesk.domain.ids import JournalId, MemberId

KINDS = ("number", "mail", "lead", "company")
"""What may be suppressed: a number (E.164), a mail address, a person (lead id), a company (company id)."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One event: ``hmac`` must no longer be contacted, or (with ``lifts``) the event of that id no longer holds.

    ``scope``: ``call`` | ``mail`` | ``all``. ``source``: ``rep`` | ``sync`` | ``import``. ``evidence`` points at what
    proves it (the touch id of the call in which it was said).
    """

    id: str
    kind: str
    hmac: str
    at: datetime
    member_id: MemberId
    scope: str = "all"
    reason: str = ""
    journal_id: JournalId | None = None
    evidence: str | None = None
    lifts: str | None = None
    source: str = "rep"


def digest(key: bytes, kind: str, value: str) -> str:
    """Return the HMAC-SHA256 of a normalised value, hexadecimal; the same value of another kind differs."""
    return _hmac.new(key, f"{kind}\x00{plain(kind, value)}".encode(), hashlib.sha256).hexdigest()


def plain(kind: str, value: str) -> str:
    """Return ``value`` in the form that is compared: mail in lower case, all trimmed."""
    return value.strip().lower() if kind == "mail" else value.strip()


def active(events: Iterable[Suppression]) -> set[str]:
    """Return the HMACs that are suppressed now; the most restrictive event wins.

    An event holds unless an event that itself holds lifts it, so that lifting a lift puts it back (redo).
    """
    return {e.hmac for e in active_events(events)}


def active_events(events: Iterable[Suppression]) -> list[Suppression]:
    """Return the suppressing events that hold now."""
    known = {e.id: e for e in events}
    lifters: dict[str, list[str]] = {}
    for e in known.values():
        if e.lifts is not None:
            lifters.setdefault(e.lifts, []).append(e.id)
    return [e for e in known.values() if e.lifts is None and _holds(e.id, lifters, frozenset())]


def _holds(event_id: str, lifters: dict[str, list[str]], above: frozenset[str]) -> bool:
    above |= {event_id}
    return not any(_holds(lifter, lifters, above) for lifter in lifters.get(event_id, ()) if lifter not in above)
