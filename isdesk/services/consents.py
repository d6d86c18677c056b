"""The basis of mail for many leads at once: business cards of an exhibition are one act, one entry, and one undo.

What is noted stands in the ledger of each address as if it had been noted one by one (`isdesk.services.consenting`). It
is noted only where nothing but a basis is missing: an opt-out is never lifted by it, nor is a do-not-call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from isdesk.domain import consent as rules
from isdesk.domain.changes import Changes, Value, Verb
from isdesk.domain.consent import BASES, KIND
from isdesk.domain.errors import BadInput
from isdesk.domain.filing import Filing, standing
from isdesk.domain.mail import address
from isdesk.domain.suppression import digest
from isdesk.services import projection
from isdesk.services.consenting import BOUNCE
from isdesk.services.entries import head
from isdesk.services.views import Written
from isdesk.store import filings, journal, leads, suppressions

if TYPE_CHECKING:
    from isdesk.domain.changes import Entry
    from isdesk.domain.ids import LeadId
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

MANY = 100
"""From so many leads on, whoever shows leads reads all of them anew."""
_BLOCK = 500


def check(basis: str, source: str) -> None:
    """Look at what is to be noted. Raises BadInput (``consent_basis_unknown``, ``consent_source_missing``)."""
    if basis not in BASES:
        raise BadInput("consent_basis_unknown", basis=basis, known=", ".join(BASES))
    if not source.strip():
        raise BadInput("consent_source_missing")


def lacking(ctx: Context, ids: Sequence[LeadId]) -> list[LeadId]:
    """Return those leads to which advertising mail may go once a basis is noted, and nothing else bars it."""
    with ctx.store.read() as tx:
        return [one.id for one in lacking_in(ctx, tx, ids)]


def lacking_in(ctx: Context, tx: Tx, ids: Sequence[LeadId]) -> list[LeadFacts]:
    """Return the leads of `lacking`, within a transaction."""
    found: list[LeadFacts] = []
    for start in range(0, len(ids), _BLOCK):
        facts = leads.many(tx, ids[start : start + _BLOCK])
        barred = projection.suppressed(ctx, tx, facts.values())
        bare = [
            one
            for key in ids[start : start + _BLOCK]
            if (one := facts.get(key)) is not None
            and rules.forbids(one, suppressed=key in barred, bounced=False, consent=None, advertising=True)
            == "mail_no_consent"
        ]
        able = addresses(ctx, tx, (str(one.get("email")) for one in bare))
        found += [one for one in bare if address(str(one.get("email"))).lower() in able]
    return found


def addresses(ctx: Context, tx: Tx, mails: Iterable[str]) -> set[str]:
    """Return those of these addresses of which nothing is held: no basis, no withdrawal, no opt-out, no bounce.

    They come in small letters, without what is no address.
    """
    marks: dict[str, list[str]] = {}
    for mail in mails:
        try:
            one = address(mail).lower()
        except BadInput:
            continue
        marks.setdefault(one, [digest(key, "mail", one) for key in (ctx.suppression_key, *ctx.older_keys)])
    every = list(dict.fromkeys(mark for found in marks.values() for mark in found))
    if not every:
        return set()
    out = suppressions.active(tx, every)
    gone = _by_subject(filings.about_many(tx, BOUNCE, every))
    told = _by_subject(filings.about_many(tx, KIND, every))

    def free(found: Sequence[str]) -> bool:
        bounced = standing(one for mark in found for one in gone.get(mark, ()))
        kept = rules.ledger(one for mark in found for one in told.get(mark, ()))
        untold = rules.held(kept) is None and not rules.withdrawn(kept)
        return not bounced and untold and not out.intersection(found)

    return {mail for mail, found in marks.items() if free(found)}


def _by_subject(found: Iterable[Filing]) -> Mapping[str, list[Filing]]:
    sorted_out: dict[str, list[Filing]] = {}
    for one in found:
        sorted_out.setdefault(one.subject, []).append(one)
    return sorted_out


def note(ctx: Context, ids: Sequence[LeadId], basis: str, source: str, *, evidence: str = "") -> Written:
    """Note a basis (`domain.consent.BASES`) and where it was heard for every lead of `lacking`; else nothing.

    Raises BadInput (``consent_basis_unknown``, ``consent_source_missing``).
    """
    check(basis, source)
    with ctx.store.write() as tx:
        found = lacking_in(ctx, tx, ids)
        if not found:
            return Written(Changes())
        alone = found[0] if len(found) == 1 else None
        summary: dict[str, Value] = {"basis": basis, "count": len(found)}
        if alone is not None:
            summary["lead"] = str(alone.get("name") or "")
        entry = head(ctx, tx, Verb.CONSENT, lead_id=alone.id if alone is not None else None, summary=summary)
        named = [(one.id, str(one.get("email"))) for one in found]
        journal.append(tx, entry, filings=filed(ctx, tx, entry, named, basis, source, evidence=evidence))
    touched = frozenset(one.id for one in found)
    return Written(Changes(leads=touched, outbox=True, undo=True, all_leads=len(touched) > MANY), entry.id)


def filed(
    ctx: Context,
    tx: Tx,
    entry: Entry,
    named: Iterable[tuple[LeadId, str]],
    basis: str,
    source: str,
    *,
    evidence: str = "",
) -> list[Filing]:
    """Return what notes a basis for these leads' addresses with ``entry``, each address once."""
    once = {address(mail).lower(): lead_id for lead_id, mail in reversed(list(named))}
    payload: dict[str, Value] = {"basis": basis, "source": source.strip(), "evidence": evidence.strip()}
    seq = journal.next_seq(tx, ctx.device_id, len(once)) if once else 0
    return [
        Filing(
            ctx.ids.new(), KIND, digest(ctx.suppression_key, "mail", mail), ctx.me.id, ctx.device_id, seq + n, entry.at,
            lead_id, dict(payload), entry.id,
        )
        for n, (mail, lead_id) in enumerate(once.items())
    ]  # fmt: skip
