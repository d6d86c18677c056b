"""The consent ledger (同意の台帳) and the gate before every mail: noting and withdrawing consent, opting out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isdesk.domain import consent as rules
from isdesk.domain.changes import Change, Changes, Entry, Obj, Value, Verb
from isdesk.domain.consent import BASES, KIND, Consent
from isdesk.domain.errors import BadInput, NotFound
from isdesk.domain.filing import Filing, standing
from isdesk.domain.mail import address
from isdesk.domain.suppression import Suppression, digest
from isdesk.services import projection
from isdesk.services.entries import changed, head, need
from isdesk.services.views import Written
from isdesk.store import filings, journal, suppressions

if TYPE_CHECKING:
    from datetime import datetime

    from isdesk.domain.changes import Entry
    from isdesk.domain.ids import LeadId
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with mail to one address: the ledger, newest first; what forbids an advertising mail, and an
    answer to what was asked; since when the team holds that there is no such address (None: it does not).
    """

    address: str
    entries: tuple[Consent, ...]
    forbids: str | None
    forbids_answer: str | None
    bounced_at: datetime | None


BOUNCE = "mail_bounce"
"""The kind of filing that says that mail to an address was refused for good; its subject is the address's digest."""


def consent(ctx: Context, lead_id: LeadId, basis: str, source: str, *, evidence: str = "") -> Written:
    """Note on what basis (`domain.consent.BASES`) mail may go to a lead's present address, and where that was heard.

    Raises NotFound, BadInput (``consent_basis_unknown``, ``consent_source_missing``, ``mail_address_invalid``).
    """
    if basis not in BASES:
        raise BadInput("consent_basis_unknown", basis=basis, known=", ".join(BASES))
    if not source.strip():
        raise BadInput("consent_source_missing")
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        mail = address(str(facts.get("email") or ""))
        entry = head(ctx, tx, Verb.CONSENT, lead_id=lead_id, summary=_named(facts, basis=basis))
        payload: dict[str, Value] = {"basis": basis, "source": source.strip(), "evidence": evidence.strip()}
        seq = journal.next_seq(tx, ctx.device_id)
        one = Filing(
            ctx.ids.new(), KIND, digest(ctx.suppression_key, "mail", mail), ctx.me.id, ctx.device_id, seq, entry.at,
            lead_id, payload, entry.id,
        )  # fmt: skip
        journal.append(tx, entry, filings=[one])
    return Written(Changes(leads=frozenset({lead_id}), outbox=True, undo=True), entry.id)


def withdraw(ctx: Context, lead_id: LeadId, consent_id: str, reason: str = "") -> Written:
    """Take an entry of a lead's ledger back, with the ``reason`` that was heard; what was noted stays to be read.

    Raises NotFound (``consent_not_found``).
    """
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        held = {one.id for one in _ledger(ctx, tx, facts) if one.withdrawn_at is None}
        if consent_id not in held:
            raise NotFound("consent_not_found")
        entry = head(ctx, tx, Verb.CONSENT, lead_id=lead_id, summary=_named(facts, basis="withdrawn"))
        payload: dict[str, Value] = {"reason": reason.strip()}
        journal.append(tx, entry, filings=[_taken_back(ctx, tx, facts, consent_id, entry, payload)])
    return Written(Changes(leads=frozenset({lead_id}), outbox=True, undo=True), entry.id)


def opt_out(ctx: Context, lead_id: LeadId, *, reason: str = "opt_out", evidence: str | None = None) -> Written:
    """Honour 配信停止: no mail to this lead, nor to its address under another name, from this instant on.

    ``evidence`` points at what proves it (the touch of the mail that asked). Raises NotFound.
    """
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        return refuse_mail(ctx, tx, facts, reason=reason, evidence=evidence)


def refuse_mail(
    ctx: Context, tx: Tx, facts: LeadFacts, *, reason: str, evidence: str | None = None, heard: bool = False
) -> Written:
    """Write an opt-out within a transaction; where the lead and its present address opted out already, nothing.

    What the ledger holds ends with it (特定電子メール法 3条3項): should it ever be lifted, a new basis is asked for.

    ``heard``: a letter says so; that is no verb of the person at the desk, and no undo of theirs takes it back.
    """
    if not refusable(ctx, tx, facts):
        return Written(Changes())
    verb = Verb.MAIL_BACK if heard else Verb.OPT_OUT
    entry = head(ctx, tx, verb, lead_id=facts.id, summary=_named(facts))
    change, barred, filed = refusal(ctx, tx, facts, entry, reason=reason, evidence=evidence)
    changes = [change] if change is not None else []
    journal.append(tx, entry, changes=changes, suppressions=barred, filings=filed)
    projection.refresh(ctx, tx, [facts.id])
    return Written(Changes(leads=frozenset({facts.id}), queue=True, outbox=True, undo=not heard), entry.id)


def refusable(ctx: Context, tx: Tx, facts: LeadFacts) -> bool:
    """Return whether an opt-out of a lead says anything new: it and its present address may have opted out already."""
    return facts.get("email_opt_out") is not True or is_open(ctx, tx, str(facts.get("email") or ""))


def is_open(ctx: Context, tx: Tx, mail: str) -> bool:
    """Return whether there is an address and it is not barred."""
    marks = [digest(key, "mail", mail.strip()) for key in (ctx.suppression_key, *ctx.older_keys)]
    return bool(mail.strip()) and not suppressions.active(tx, marks)


def refusal(
    ctx: Context, tx: Tx, facts: LeadFacts, entry: Entry, *, reason: str, evidence: str | None = None
) -> tuple[Change | None, list[Suppression], list[Filing]]:
    """Return what an opt-out of a lead writes with ``entry``: its mark, the bar of its address, the ledger's end."""
    mail = str(facts.get("email") or "").strip()
    barred = [barring(ctx, entry, mail, reason, evidence)] if is_open(ctx, tx, mail) else []
    change = changed(facts.fields, {"email_opt_out": True}, Obj.LEAD, facts.id)
    return change, barred, ended(ctx, tx, facts, entry)


def bar_address(ctx: Context, tx: Tx, mail: str, *, reason: str, evidence: str | None = None) -> bool:
    """Bar an address that a letter spoke for, whoever has it now; return whether it was not barred yet."""
    if not is_open(ctx, tx, mail):
        return False
    entry = head(ctx, tx, Verb.MAIL_BACK)
    journal.append(tx, entry, suppressions=[barring(ctx, entry, mail, reason, evidence)])
    return True


def barring(ctx: Context, entry: Entry, mail: str, reason: str, evidence: str | None = None) -> Suppression:
    """Return the bar of an address, whoever has it."""
    return Suppression(
        id=ctx.ids.new(),
        kind="mail",
        hmac=digest(ctx.suppression_key, "mail", mail),
        at=entry.at,
        member_id=ctx.me.id,
        scope="mail",
        reason=reason,
        journal_id=entry.id,
        evidence=evidence,
    )


def unbar(ctx: Context, lead_id: LeadId, reason: str) -> Written:
    """Take back for the whole team that there is no such address as a lead's: it was noted wrongly, or is there again.

    ``reason`` says how one knows. Raises NotFound (``mail_not_bounced``), BadInput (``bounce_reason_missing``).
    """
    if not reason.strip():
        raise BadInput("bounce_reason_missing")
    with ctx.store.write() as tx:
        facts = need(tx, lead_id)
        wrong = _bounces(ctx, tx, facts)
        if not wrong:
            raise NotFound("mail_not_bounced")
        entry = head(ctx, tx, Verb.CONSENT, lead_id=lead_id, summary=_named(facts, basis="reachable"))
        payload: dict[str, Value] = {"reason": reason.strip()}
        seq = journal.next_seq(tx, ctx.device_id, len(wrong))
        back = [
            Filing(
                ctx.ids.new(), BOUNCE, one.subject, ctx.me.id, ctx.device_id, seq + number, entry.at, lead_id, payload,
                entry.id, corrects=one.id, void=True,
            )
            for number, one in enumerate(wrong)
        ]  # fmt: skip
        journal.append(tx, entry, filings=back)
    return Written(Changes(leads=frozenset({lead_id}), outbox=True, undo=True), entry.id)


def noted_gone(ctx: Context, tx: Tx, mail: str) -> bool:
    """Return whether the team holds now that there is no such address."""
    marks = [digest(key, "mail", mail) for key in (ctx.suppression_key, *ctx.older_keys)]
    return bool(standing(one for mark in marks for one in filings.about(tx, BOUNCE, mark)))


def _bounces(ctx: Context, tx: Tx, facts: LeadFacts) -> list[Filing]:
    """Return what says that there is no such address as a lead's and was not taken back."""
    return standing(one for mark in _marks(ctx, facts) for one in filings.about(tx, BOUNCE, mark))


def ended(ctx: Context, tx: Tx, facts: LeadFacts, entry: Entry) -> list[Filing]:
    """Return what ends all that the ledger holds of a lead's present address."""
    held = [one.id for one in _ledger(ctx, tx, facts) if one.withdrawn_at is None]
    return [_taken_back(ctx, tx, facts, one, entry) for one in held]


def _taken_back(
    ctx: Context,
    tx: Tx,
    facts: LeadFacts,
    consent_id: str,
    entry: Entry,
    payload: Mapping[str, Value] | None = None,
) -> Filing:
    """Return what takes an entry of the ledger back."""
    subject = digest(ctx.suppression_key, "mail", str(facts.get("email")))
    return Filing(
        ctx.ids.new(), KIND, subject, ctx.me.id, ctx.device_id, journal.next_seq(tx, ctx.device_id), entry.at,
        facts.id, dict(payload or {}), entry.id, corrects=consent_id, void=True,
    )  # fmt: skip


def ledger(ctx: Context, lead_id: LeadId) -> list[Consent]:
    """Return what is noted about a lead's present address, newest first. Raises NotFound."""
    with ctx.store.read() as tx:
        return _ledger(ctx, tx, need(tx, lead_id))


def standing_of(ctx: Context, lead_id: LeadId) -> Standing:
    """Return how things stand with mail to a lead's present address. Raises NotFound."""
    with ctx.store.read() as tx:
        facts = need(tx, lead_id)
        return Standing(
            address=str(facts.get("email") or "").strip(),
            entries=tuple(_ledger(ctx, tx, facts)),
            forbids=forbids(ctx, tx, facts, advertising=True),
            forbids_answer=forbids(ctx, tx, facts, advertising=False),
            bounced_at=max((one.at for one in _bounces(ctx, tx, facts)), default=None),
        )


def gate(ctx: Context, lead_id: LeadId, *, advertising: bool = True) -> str | None:
    """Return the code of what forbids a mail to a lead now, None where nothing does. Raises NotFound."""
    with ctx.store.read() as tx:
        return forbids(ctx, tx, need(tx, lead_id), advertising=advertising)


def forbids(ctx: Context, tx: Tx, facts: LeadFacts, *, advertising: bool) -> str | None:
    """Return what forbids a mail to a lead that was read already; None where nothing does."""
    if facts.id in projection.suppressed(ctx, tx, [facts]):
        return "mail_do_not_call"
    marks = _marks(ctx, facts)
    return rules.forbids(
        facts,
        suppressed=bool(suppressions.active(tx, marks)),
        bounced=bool(_bounces(ctx, tx, facts)),
        consent=rules.held(_ledger(ctx, tx, facts)),
        advertising=advertising,
    )


def _ledger(ctx: Context, tx: Tx, facts: LeadFacts) -> list[Consent]:
    return rules.ledger(one for mark in _marks(ctx, facts) for one in filings.about(tx, KIND, mark))


def _marks(ctx: Context, facts: LeadFacts) -> list[str]:
    """Return the digests under which something about a lead's address may stand."""
    mail = str(facts.get("email") or "").strip()
    return [digest(key, "mail", mail) for key in (ctx.suppression_key, *ctx.older_keys)] if mail else []


def _named(facts: LeadFacts, **more: str) -> dict[str, Value]:
    return {"lead": str(facts.get("name") or ""), **more}
