"""Consent to mail (同意・オプトイン) and the gate before every mail: who may be written to, and why (特定電子メール法).

The ledger is filings (`KIND`) about the digest of an address, so that it outlives the lead. An opt-out (配信停止) is a
suppression (`domain.suppression`), which no consent lifts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from isdesk.domain.errors import BadInput
from isdesk.domain.filing import Filing, standing
from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.mail import address
from isdesk.domain.rules import Label
from isdesk.domain.state import LeadFacts

KIND: Final = "consent"

BASES: Final[dict[str, Label]] = {
    "opt_in": Label("同意(オプトイン)", "Consent (opt-in)"),
    "notified": Label("名刺などで通知されたアドレス", "Address given in writing (business card)"),
    "relation": Label("取引関係がある", "Existing business relation"),
    "published": Label("公表された事業者のアドレス", "Published business address"),
}
"""On what an advertising mail may stand (特定電子メール法 3条1項): consent and its three exceptions."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of the ledger: who noted when on what basis, where it was heard (``source``), and what proves it.

    ``withdrawn_at`` is when it was taken back, None while it holds; ``withdrawn_why`` what was said then.
    """

    id: str
    basis: str
    source: str
    evidence: str
    at: datetime
    by: MemberId
    lead_id: LeadId | None
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""
    withdrawn_by_hand: bool = False
    """Whether a person withdrew it, not an undo."""


def ledger(filings: Iterable[Filing]) -> list[Consent]:
    """Return all entries about an address, newest first, withdrawn ones too."""
    every = [one for one in filings if one.kind == KIND]
    holds = {one.id for one in standing(every)}
    ends = {one.corrects: one for one in every if one.corrects is not None}
    found = [
        Consent(
            one.id,
            str(one.payload.get("basis") or ""),
            str(one.payload.get("source") or ""),
            str(one.payload.get("evidence") or ""),
            one.at,
            one.member_id,
            one.lead_id,
            None if one.id in holds else ends.get(one.id, one).at,
            "" if one.id in holds or one.id not in ends else str(ends[one.id].payload.get("reason") or ""),
            one.id not in holds and one.id in ends and "reason" in ends[one.id].payload,
        )
        for one in every
        if not one.void
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def held(entries: Iterable[Consent]) -> Consent | None:
    """Return the newest entry that holds; None where nothing allows an advertising mail."""
    return next((one for one in entries if one.withdrawn_at is None and one.basis in BASES), None)


def withdrawn(entries: Iterable[Consent]) -> bool:
    """Return whether a person took the newest entry back: no basis is noted for such an address among many others."""
    newest = next(iter(entries), None)
    return newest is not None and newest.withdrawn_by_hand


def forbids(
    facts: LeadFacts, *, suppressed: bool, bounced: bool, consent: Consent | None, advertising: bool
) -> str | None:
    """Return the code of what forbids a mail to this lead now; None where nothing does.

    Asked when a mail is written and again when it goes out. ``suppressed``: the address, the person or the company is
    on the suppression list. ``bounced``: the address was refused for good. What is not advertising (an answer to what
    somebody asked) needs no consent; a refusal bars that too.
    """
    mail = str(facts.get("email") or "")
    if facts.get("deleted") or facts.get("merged_into"):
        return "mail_lead_gone"
    if not mail.strip():
        return "mail_no_address"
    try:
        address(mail)
    except BadInput:
        return "mail_address_invalid"
    if facts.get("dnc") or facts.get("company.dnc"):
        return "mail_do_not_call"
    if facts.get("email_opt_out") or suppressed:
        return "mail_opted_out"
    if bounced:
        return "mail_bounced"
    if advertising and consent is None:
        return "mail_no_consent"
    return None
