"""Do-not-call and opt-out set by hand: the events that make a refusal outlive its lead, and those that lift it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from isdesk.domain.changes import Change, Entry, Obj, Value
from isdesk.domain.suppression import Suppression, active_events, digest
from isdesk.services import projection
from isdesk.store import suppressions

if TYPE_CHECKING:
    from isdesk.domain.state import LeadFacts
    from isdesk.services.context import Context
    from isdesk.store import Tx

_NUMBERS = {Obj.LEAD: ("phone_direct", "phone_mobile"), Obj.COMPANY: ("phone",)}


def bars(
    ctx: Context, entry: Entry, changes: Iterable[tuple[Change, Mapping[str, Value]]], source: str
) -> list[Suppression]:
    """Return the events of changes that set a do-not-call or an opt-out, each with all fields of its record then.

    ``source``: ``rep`` | ``import``. A company's number is that of everybody there: a person's refusal leaves it.
    """
    found: list[tuple[str, str, str, str]] = []
    for change, fields in changes:
        if change.after.get("dnc") is True:
            found.append((change.obj.value, change.id, "call", "do_not_call"))
            found += [("number", str(n), "call", "do_not_call") for c in _NUMBERS[change.obj] if (n := fields.get(c))]
        if change.after.get("email_opt_out") is True and (mail := fields.get("email")):
            found.append(("mail", str(mail), "mail", "opt_out"))
    return [
        Suppression(
            id=ctx.ids.new(),
            kind=kind,
            hmac=digest(ctx.suppression_key, kind, value),
            at=entry.at,
            member_id=ctx.me.id,
            scope=scope,
            reason=reason,
            journal_id=entry.id,
            source=source,
        )
        for kind, value, scope, reason in dict.fromkeys(found)
    ]


def lifts_calls(ctx: Context, tx: Tx, facts: LeadFacts, entry: Entry, *, reason: str) -> tuple[Suppression, ...]:
    """Return the events that lift what a person's own do-not-call bars.

    What somebody else's refusal bars (a number that is shared) stays barred.
    """
    held = active_events(suppressions.events(tx, projection.marks(ctx, facts)))
    own = {(one.member_id, one.at) for one in held if one.kind == "lead"}
    going = (one for one in held if one.kind != "company" and (one.member_id, one.at) in own)
    return tuple(_lift(ctx, one, entry, reason) for one in going)


def lifts_mail(ctx: Context, tx: Tx, facts: LeadFacts, entry: Entry, *, reason: str) -> tuple[Suppression, ...]:
    """Return the events that lift what bars a person's present address."""
    mail = str(facts.get("email") or "").strip()
    marks = [digest(key, "mail", mail) for key in (ctx.suppression_key, *ctx.older_keys)] if mail else []
    return tuple(_lift(ctx, one, entry, reason) for one in active_events(suppressions.events(tx, marks)))


def _lift(ctx: Context, one: Suppression, entry: Entry, reason: str) -> Suppression:
    return replace(
        one,
        id=ctx.ids.new(),
        at=entry.at,
        member_id=ctx.me.id,
        reason=reason,
        journal_id=entry.id,
        evidence=entry.id,
        lifts=one.id,
        source="rep",
    )
