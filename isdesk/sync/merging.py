"""Rebasing an edit that is on its way onto what the CRM says now (SYNC E4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from isdesk.domain.changes import Value
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Field, Kind, Merge
from isdesk.domain.merge import merge_field, same

Fields = dict[str, Value]

_KNOWN: dict[str, dict[str, Field]] = {"lead": LEAD_FIELDS, "company": COMPANY_FIELDS}


@dataclass(frozen=True, slots=True)
class Clash:
    """A field in which an edit and the CRM differ; ``rule``: its class has decided for theirs already."""

    field: str
    base: Value
    mine: Value
    theirs: Value
    rule: bool = False


@dataclass(slots=True)
class Rebased:
    """What is left of an edit: ``payload`` onto ``base``, and the fields that were taken out of it."""

    payload: Fields = field(default_factory=dict)
    base: Fields = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def spec(obj: str, code: str) -> Field:
    """Return the field of that code; one that only a playbook knows is a human fact."""
    known = _KNOWN[obj].get(code)
    if known is not None:
        return known
    owner = next(iter(_KNOWN[obj].values())).obj
    return Field(code, owner, Kind.TEXT, code, code)


def rebase(obj: str, payload: Mapping[str, Value], base: Mapping[str, Value], theirs: Mapping[str, Value]) -> Rebased:
    """Return ``payload`` as it should be sent to a CRM whose record is ``theirs`` (earlier edits laid over it).

    A field that the CRM has not changed since stays as it is. One that it has changed follows its class: kept on the
    new base, given up for theirs by rule, or given up to the conflict list.
    """
    left = Rebased()
    for code, mine in payload.items():
        was, now = base.get(code), theirs.get(code)
        of = spec(obj, code)
        if same(was, now, of.kind) or same(mine, now, of.kind):
            left.payload[code], left.base[code] = mine, now
            continue
        merged = merge_field(of, was, mine, now)
        if not merged.conflict and same(merged.value, mine, of.kind):
            left.payload[code], left.base[code] = mine, now
        elif not same(was, mine, of.kind):
            left.clashes.append(Clash(code, was, mine, now, rule=not merged.conflict and of.merge is not Merge.HUMAN))
    return left


def unheard(obj: str, payload: Mapping[str, Value], fields: Mapping[str, Value]) -> list[Clash]:
    """Return what the CRM acknowledged but did not do (a do-not-call that others had set is not cleared)."""
    return [
        Clash(code, fields.get(code), mine, fields.get(code))
        for code, mine in payload.items()
        if not same(mine, fields.get(code), spec(obj, code).kind)
    ]
