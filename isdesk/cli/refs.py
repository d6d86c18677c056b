"""From what a person types to the thing meant: a lead, a member, an outcome, a reason, a field's value."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from isdesk.cli.values import instant
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput, NotFound, Refused
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind
from isdesk.domain.ids import LeadId, MemberId

if TYPE_CHECKING:
    from isdesk.services.context import Context
    from isdesk.services.views import Member

_SHOWN = 3
_TRUE = frozenset({"1", "true", "yes", "on", "はい", "有"})
_FALSE = frozenset({"0", "false", "no", "off", "いいえ", "無"})


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
    """Return typed values of the lead's fields and of its company's (``company.x``); an empty text clears a field.

    Raises BadInput for an unknown field or a value of the wrong kind.
    """
    own = {f"{f.obj.value}.{f.code}": f for f in ctx.rules.fields}
    found: dict[str, Value] = {}
    for name, text in pairs:
        path = name.removeprefix("lead.")
        company = path.startswith("company.")
        standard = COMPANY_FIELDS if company else LEAD_FIELDS
        spec = standard.get(path.removeprefix("company.")) or own.get(path if company else f"lead.{path}")
        if spec is None:
            raise BadInput("field_unknown", field=name)
        found[path] = _typed(ctx, spec, text)
    return found


def _typed(ctx: Context, spec: Field, text: str) -> Value:
    """Return the text as a value of the field's kind; None clears it. Raises BadInput where it is not of the kind."""
    said = text.strip()
    if not said:
        return None
    try:
        return _read(ctx, spec, said)
    except (ValueError, OverflowError, TypeError):
        raise BadInput("field_value", field=spec.ja, value=said) from None


def _read(ctx: Context, spec: Field, said: str) -> Value:
    match spec.kind:
        case Kind.INT:
            return int(said.replace(",", ""))
        case Kind.BOOL:
            return _yes(said)
        case Kind.MEMBER:
            return member_id(ctx, said)
        case Kind.DATETIME:
            return _instant(said)
        case Kind.CHOICE:
            return next((code for code, ja, en in spec.choices if said in {code, ja, en}), said)
        case Kind.JSON:
            read: Value = json.loads(said)
            return read
        case _:
            return said


def _instant(said: str) -> str:
    """Return a time as facts keep it (RFC 3339, UTC). Raises ValueError."""
    try:
        return instant(said).isoformat()
    except argparse.ArgumentTypeError as error:
        raise ValueError(said) from error


def _yes(said: str) -> bool:
    """Return a yes or a no. Raises ValueError for anything else."""
    if said.casefold() in _TRUE:
        return True
    if said.casefold() in _FALSE:
        return False
    raise ValueError(said)


def lead_id(ctx: Context, text: str) -> LeadId:
    """Return the lead that ``text`` names: its id, a beginning that no other id has, or exact name, mail or phone.

    Raises NotFound for none and Refused where several match.
    """
    from isdesk.services import search

    found = search.refer(ctx, text.strip(), limit=_SHOWN + 1)
    if not found:
        raise NotFound("lead_ref_not_found", text=text)
    if len(found) > 1:
        shown = [f"{hit.name} {hit.lead_id}" for hit in found[:_SHOWN]]
        raise Refused("lead_ref_ambiguous", text=text, candidates=tuple(shown))
    return found[0].lead_id
