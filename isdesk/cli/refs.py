"""From what a person types to the thing meant: a member, an outcome, a reason, a field's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.domain.changes import Value
from isdesk.domain.errors import NotFound, Refused
from isdesk.domain.fields import Kind
from isdesk.domain.ids import LeadId, MemberId

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.views import Member


def member_id(ctx: Context, text: str) -> MemberId:
    """Return the person whose id, mail or name is ``text`` (a part of the name where only one has it).

    Raises NotFound for nobody and Refused where several match.
    """
    said = "".join(text.split()).casefold()
    people = list(ctx.members.values())

    def names(person: Member) -> set[str]:
        return {person.id.casefold(), person.email.casefold(), "".join(person.name.split()).casefold()} - {""}

    found = [p for p in people if said in names(p)] or [p for p in people if any(said in n for n in names(p))]
    if not found:
        raise NotFound("member_ref_not_found", text=text)
    if len(found) > 1:
        raise Refused("member_ref_ambiguous", text=text)
    return found[0].id


def outcome_code(ctx: Context, text: str) -> str:
    """Return the code of an outcome from its code in any case, its key, or its label; else the text as it is."""
    said = text.strip()
    outcomes = ctx.rules.outcomes
    if said.upper() in outcomes:
        return said.upper()
    for outcome in outcomes.values():
        if said in {outcome.hotkey, outcome.label.ja, outcome.label.en}:
            return outcome.code
    return said


def reason_code(ctx: Context, text: str | None) -> str | None:
    """Return the code of a reason from its code or label; a text that is neither stays as it was said."""
    for reason in ctx.rules.reasons if text else ():
        if text in {reason.code, reason.label.ja, reason.label.en}:
            return reason.code
    return text


def parse_fields(ctx: Context, pairs: list[tuple[str, str]]) -> dict[str, Value]:
    """Return checked values of the lead's fields and of its company's (``company.x``); an empty text clears a field.

    Raises BadInput for an unknown field or a value of the wrong kind, NotFound for an unknown member.
    """
    from isdesk.services.values import checked, field_of

    found: dict[str, Value] = {}
    for name, text in pairs:
        path = name.removeprefix("lead.")
        spec, value = field_of(ctx, path), text.strip()
        if spec.kind is Kind.MEMBER and value:
            value = member_id(ctx, value)
        found[path] = checked(ctx, path, value)
    return found


def fs_for(ctx: Context, who: LeadId, outcome: str, text: str | None) -> MemberId | None:
    """Return who takes a meeting over: as said, else the lead's FS, else the FS with the fewest handoffs under way.

    Only outcomes that ask for an FS get one that was not said. Raises NotFound or Refused for an unknown name.
    """
    from collections import Counter

    from isdesk.services import handoffs, leads

    if text:
        return member_id(ctx, text)
    found = ctx.rules.outcomes.get(outcome)
    if found is None or "fs_id" not in found.requires:
        return None
    known = leads.view(ctx, who).fields.get("fs_id")
    if isinstance(known, str) and known:
        return MemberId(known)
    load = Counter(one.fs_id for one in handoffs.listing(ctx, ("draft", "submitted", "accepted")))
    people = [p for p in ctx.members.values() if p.role == "fs" and p.active]
    return min(people, key=lambda p: (load[p.id], p.name, p.id)).id if people else None
