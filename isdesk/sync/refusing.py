"""A do-not-call or an opt-out that somebody set in the CRM becomes one of ours, so that it outlives the record (I8).

For a CRM that keeps no list of its own. The event has an id made from what it says, so that it is made once; it is
never lifted by sync.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from isdesk.crm.port import Thing
from isdesk.domain.changes import Value
from isdesk.domain.ids import CompanyId, LeadId, MemberId
from isdesk.domain.numbers import numbers
from isdesk.domain.state import LeadFacts
from isdesk.domain.suppression import Suppression, digest
from isdesk.store import Tx, deliveries, identity, leads, meta, suppressions
from isdesk.sync.naming import made_id
from isdesk.sync.rekeying import SUPPRESSION_KEY

SOURCE = "sync"
Fields = Mapping[str, Value]
_WORDS = frozenset({"dnc", "email_opt_out"})
_Mark = tuple[str, str, str]
"""Kind, value and scope."""


def mark(tx: Tx, adapter: str, now: datetime, obj: Thing, rows: Collection[tuple[str, Fields, Fields]]) -> set[LeadId]:
    """Write the suppressions that follow from records: (our id, fields as they were, fields as they are).

    What is suppressed already needs no second event, and what this desk itself is about to say of the record stands in
    its own journal. Returns other leads to whom one of the new ones may apply.
    """
    marks = {local: found for local, was, is_ in rows if (found := list(_marks(obj, local, was, is_)))}
    secret = meta.text(tx, SUPPRESSION_KEY) if marks else None
    if secret is None:
        return set()
    speaking = deliveries.open_changes(tx, adapter, obj, marks)
    own = {local for local, edits in speaking.items() if any(not _WORDS.isdisjoint(e.payload) for e in edits)}
    key = bytes.fromhex(secret)
    hmacs = {one: digest(key, one[0], one[1]) for local, found in marks.items() if local not in own for one in found}
    active = suppressions.active(tx, hmacs.values())
    lifted = Counter(event.hmac for event in suppressions.events(tx, hmacs.values()) if event.lifts is not None)
    fresh = {one: hmac for one, hmac in hmacs.items() if hmac not in active}
    suppressions.add(tx, [_event(adapter, now, one, hmac, lifted[hmac]) for one, hmac in fresh.items()])
    return _sharers(tx, fresh)


def _event(adapter: str, now: datetime, one: _Mark, hmac: str, lifts: int) -> Suppression:
    kind, _, scope = one
    return Suppression(
        id=made_id(adapter, "suppression", f"{kind}:{hmac}:{lifts}"),
        kind=kind,
        hmac=hmac,
        at=now,
        member_id=MemberId(adapter),
        scope=scope,
        reason="crm",
        source=SOURCE,
    )


def _marks(obj: Thing, local: str, was: Fields, is_: Fields) -> Iterable[_Mark]:
    if obj is Thing.COMPANY:
        if _newly("dnc", was, is_):
            yield "company", local, "call"
            if isinstance(phone := is_.get("phone"), str):
                yield "number", phone, "call"
        return
    if _newly("dnc", was, is_):
        yield "lead", local, "call"
        for number in numbers(LeadFacts(LeadId(local), dict(is_), None, None)):
            yield "number", number.e164, "call"
    if _newly("email_opt_out", was, is_) and isinstance(mail := is_.get("email"), str):
        yield "mail", mail, "mail"


def _newly(code: str, was: Fields, is_: Fields) -> bool:
    return bool(is_.get(code)) and not was.get(code)


def _sharers(tx: Tx, marks: Collection[_Mark]) -> set[LeadId]:
    """Return the leads that have one of these numbers or belong to one of these companies."""
    dialled = {value for kind, value, _ in marks if kind == "number"}
    found = {lead for shared in identity.leads_by_phone(tx, dialled).values() for lead in shared}
    companies = {one for shared in identity.companies_by_phone(tx, dialled).values() for one in shared}
    companies |= {CompanyId(value) for kind, value, _ in marks if kind == "company"}
    return found | set(leads.of_companies(tx, companies))
