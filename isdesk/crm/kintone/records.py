"""Records of the apps as rows: leads, companies, touches, steps of handoffs, results of deals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from isdesk.crm.kintone.form import CREATED, CREATOR, UPDATED
from isdesk.crm.kintone.people import ADMINISTRATOR, digest
from isdesk.crm.kintone.site import COMPANY, DEAL, LEAD, TOUCH, Site
from isdesk.crm.kintone.values import inward, plain
from isdesk.crm.port import Row, Thing
from isdesk.crm.writing import named_company, split_data
from isdesk.domain.changes import Value

Record = Mapping[str, Any]
Fields = dict[str, Value]

NOT_OURS: Final = frozenset({"lead_key", "corrects_id", "at_entered"})
"""What comes with a payload for the adapter only."""
RESULT: Final[tuple[str, ...]] = ("result", "amount", "factor", "reason")
MARK: Final = "isdesk:"
"""Begins the data field of a deal: the digest of the result that isdesk itself wrote."""


@dataclass(frozen=True, slots=True)
class Read:
    """One record read: its stamp for the cursor, its row (None: not of this kind), and a company that it names."""

    stamp: str
    id: str
    row: Row | None
    company: Row | None = None


def read(site: Site, obj: Thing, record: Record) -> Read:
    """Return a record of the app in which records of ``obj`` stand."""
    values = plain(record)
    table = LEAD if obj is Thing.LEAD else COMPANY if obj is Thing.COMPANY else TOUCH
    stamp = str(values.get(site.form(table).of_type(UPDATED)) or "")
    if table in {LEAD, COMPANY}:
        row, company = _record(site, table, values)
        return Read(stamp, row.id, row, company)
    kind, found = fact(site, values)
    return Read(stamp, str(values["$id"]), found if kind is obj else None)


def _record(site: Site, table: str, values: Mapping[str, Any]) -> tuple[Row, Row | None]:
    of = site.of(table)
    fields = inward(of, values)
    company = None
    if table == LEAD and site.named:
        company = _company(site, values)
        if company is not None:
            fields["company_id"] = company.id
    local = str(values.get(of.key) or "") or None
    return Row(str(values["$id"]), str(values.get("$revision", "")), fields, local=local), company


def _company(site: Site, values: Mapping[str, Any]) -> Row | None:
    fields = inward(site.of(COMPANY), values)
    name = fields.get("name")
    return Row(named_company(str(name)), digest(fields), fields) if name else None


# ------------------------------------------------------------------------------------------------------------- facts


def fact(site: Site, values: Mapping[str, Any]) -> tuple[Thing, Row | None]:
    """Return a record of the calls app: a touch or a step of a handoff; no row where it names no lead."""
    of = site.of(TOUCH)
    lead = str(values.get(site.option(TOUCH, "lead")) or "")
    told = inward(of, values)
    carried, note = _carried(site, values, told)
    fields: Fields = {**told, "note": note} if note else {k: v for k, v in told.items() if k != "note"}
    kind = Thing.TOUCH
    if carried is not None:
        fields = {code: value for code, value in carried.items() if code not in NOT_OURS}
        kind = Thing.TRANSITION if "handoff_id" in carried else Thing.TOUCH
        if note and kind is Thing.TOUCH:
            fields["note"] = note
    else:
        fields = _made_there(site, values, fields)
    if not lead:
        return kind, None
    fields["lead_id"] = lead
    key = str(values.get(of.key) or "") or None
    return kind, Row(str(values["$id"]), str(values.get("$revision", "")), fields, local=key)


def _carried(site: Site, values: Mapping[str, Any], told: Mapping[str, Value]) -> tuple[Fields | None, str]:
    """Return our payload, where the record carries one, and the note for people."""
    of = site.of(TOUCH)
    note = str(told.get("note") or "")
    if of.data:
        return _json(values.get(of.data)), note
    found = split_data(note)
    return (found[1], found[0]) if found[1] is not None else (None, note)


def _json(text: Any) -> Fields | None:
    try:
        found = json.loads(text) if isinstance(text, str) and text.startswith("{") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _made_there(site: Site, values: Mapping[str, Any], fields: Fields) -> Fields:
    """Complete a record that a person made in kintone: its time and who made it; a word of theirs stays unknown."""
    form = site.form(TOUCH)
    fields.setdefault("at", str(values.get(form.of_type(CREATED)) or values.get(form.of_type(UPDATED)) or ""))
    creator = values.get(form.of_type(CREATOR))
    if creator and creator != ADMINISTRATOR:
        fields.setdefault("member_id", str(creator))
    outcome = site.of(TOUCH).fields.get("outcome")
    if outcome is not None and outcome.values and fields.get("outcome") not in set(outcome.values.values()):
        fields.pop("outcome", None)
    return fields


# ------------------------------------------------------------------------------------------------------------- deals


def deal(site: Site, record: Record) -> Read:
    """Return what Field Sales made of a handoff, as its step ``feedback``; no row while there is no result.

    What isdesk wrote there itself is no news.
    """
    values = plain(record)
    of, form = site.of(DEAL), site.form(DEAL)
    stamp, identity = str(values.get(form.of_type(UPDATED)) or ""), str(values["$id"])
    said = inward(of, values)
    key, lead = str(values.get(of.key) or ""), str(values.get(site.option(DEAL, "lead")) or "")
    state: Fields = {code: said[code] for code in RESULT if code in said}
    if not key or not lead or state.get("result") not in {"won", "lost"}:
        return Read(stamp, identity, None)
    mark = digest(state)
    if of.data and str(values.get(of.data) or "") == MARK + mark:
        return Read(stamp, identity, None)
    payload: dict[str, object] = dict(state)
    if state["result"] == "lost" and "reason" in state:
        payload["factor"] = state["reason"]
    fields: Fields = {
        "handoff_id": key, "lead_id": lead, "action": "feedback",
        "at": str(said.get("closed_at") or stamp), "payload": payload,
    }  # fmt: skip
    return Read(stamp, identity, Row(f"{identity}@{mark}", mark, fields))


def deal_id(row_id: str) -> str | None:
    """Return the deal whose result a row is, None where it is a step in the calls app."""
    before, at, _ = row_id.partition("@")
    return before if at else None


def rows(found: Sequence[Read]) -> list[Row]:
    """Return the rows of what was read."""
    return [one.row for one in found if one.row is not None]


def beside(found: Sequence[Read]) -> dict[Thing, Sequence[Row]]:
    """Return the companies that leads name, each once."""
    companies = {one.company.id: one.company for one in found if one.company is not None}
    return {Thing.COMPANY: list(companies.values())} if companies else {}
