"""Handoffs as HubSpot's own deals: made once under the handoff's id, and their results brought back.

Every step is a note under its own key. At the step that the map chooses (``[handoff] on``) the deal is made and
associated with contact and company; a deal that is there already is left as Field Sales has it. A deal that is closed
comes back as feedback: won or lost (``hs_is_closed_won``), amount, win factor and loss reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from isdesk.crm import writing
from isdesk.crm.hubspot.activities import NOTES, Activities, Kind, carried, remote_id, rich, stamp
from isdesk.crm.hubspot.api import Api, Item, Record
from isdesk.crm.hubspot.reading import iso, millis
from isdesk.crm.hubspot.records import COMPANIES, COMPANY_OF, CONTACTS, outgoing
from isdesk.crm.hubspot.schema import Schema
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import Command, Result, Row, Status
from isdesk.domain.changes import Value

Fields = dict[str, Value]

DEALS: Final = "deals"
STAMP: Final = "hs_lastmodifieddate"
STEPS: Final = {"ask": "承認依頼", "refuse": "承認却下", "submit": "引き渡し", "accept": "受理", "return": "差し戻し",
                "recycle": "リサイクル", "withdraw": "取り下げ", "feedback": "結果"}  # fmt: skip
_TO_CONTACT: Final = 3
_DESCRIPTION: Final = "description"
_OWN: Final = ("dealname", "closedate", "hs_is_closed", "hs_is_closed_won", "hubspot_owner_id", STAMP, _DESCRIPTION)


class Handoffs:
    """Reads and writes the steps of handoffs and their deals."""

    def __init__(self, api: Api, mapping: FieldMapping, schema: Schema, activities: Activities) -> None:
        self._api = api
        self._mapping = mapping
        self._schema = schema
        self._activities = activities

    @property
    def properties(self) -> tuple[str, ...]:
        """Return the properties of a deal that are read."""
        of = self._mapping.of("handoff")
        return tuple(dict.fromkeys(x for x in (*_OWN, of.key, *of.remote_names()) if x))

    # ------------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command]) -> list[Result]:
        """Write steps; the deal first, so that a step which stands there says that its deal does too."""
        due = [one for one in batch if self._makes_deal(one)]
        refused = self._deals(due)
        rest = [one for one in batch if one.key not in refused]
        return [*refused.values(), *self._activities.keep(NOTES, rest, self._written)]

    def _makes_deal(self, command: Command) -> bool:
        said = command.payload
        return said.get("action") == self._mapping.option("handoff", "on", "accept") and said.get("void") is not True

    def _written(self, kind: Kind, command: Command) -> dict[str, str]:
        payload = command.payload
        words = [f"引き継ぎ: {STEPS.get(str(payload.get('action')), str(payload.get('action')))}"]
        words += [str(payload["reason"])] if payload.get("reason") else []
        mark = writing.TAKEN_BACK if payload.get("void") is True else ""
        made = {"hs_timestamp": stamp(payload.get("at")),
                **self._activities.sealed(kind, command, mark + "\n".join(words))}  # fmt: skip
        owner = payload.get("member_id")
        return {**made, "hubspot_owner_id": str(owner)} if owner else made

    def _deals(self, batch: Sequence[Command]) -> dict[str, Result]:
        """Make the deals that are not there yet; returns the commands whose deal HubSpot would not take."""
        by_handoff = {str(one.payload.get("handoff_id")): one for one in batch}
        there = self._there(by_handoff)
        make = {handoff: one for handoff, one in by_handoff.items() if handoff not in there}
        leads = {
            str(one["id"]): one
            for one in self._api.read(
                CONTACTS,
                [str(c.lead_id) for c in by_handoff.values()],
                ["firstname", "lastname", "company", COMPANY_OF, "hubspot_owner_id"],
            )
        }
        items = self._made(make, leads)
        refused: dict[str, Result] = {}
        for (handoff, command), item in zip(make.items(), items, strict=True):
            if item.id:
                there[handoff] = item.id
            else:
                refused[command.key] = Result(command.key, Status.REFUSED, code="hubspot_refused", message=item.words)
        self._linked(by_handoff, there, leads)
        return refused

    def _made(self, make: dict[str, Command], leads: dict[str, Record]) -> list[Item]:
        name, keyed = self._schema.key(DEALS), self._schema.keyed(DEALS)
        inputs: list[Record] = []
        for handoff, command in make.items():
            properties = self._deal(command, leads.get(str(command.lead_id), {}))
            if keyed:
                inputs.append({"id": handoff, "idProperty": name, "properties": {**properties, name: handoff}})
                continue
            line = writing.MARK + writing.seal({"deal_of": handoff})
            type_ = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _TO_CONTACT}
            to = [{"to": {"id": str(command.lead_id)}, "types": [type_]}]
            inputs.append({"properties": {**properties, _DESCRIPTION: rich(line)}, "associations": to})
        return self._api.write(DEALS, "upsert" if keyed else "create", inputs)

    def _deal(self, command: Command, lead: Record) -> dict[str, str]:
        of, payload = self._mapping.of("handoff"), command.payload
        known = lead.get("properties", {})
        name = " ".join(str(known[x]) for x in ("company", "lastname", "firstname") if known.get(x))
        owner = payload.get("to_fs") or payload.get("member_id") or known.get("hubspot_owner_id")
        made = {
            "dealname": name or "isdesk",
            "pipeline": str(of.options.get("pipeline", "default")),
            "dealstage": str(of.options.get("stage", "")),
        }
        inner = payload.get("payload")
        amount = inner.get("amount") if isinstance(inner, dict) else None
        if amount:
            made |= outgoing(of, {"amount": amount if isinstance(amount, int | float) else None})
        return {**made, "hubspot_owner_id": str(owner)} if owner else made

    def _linked(self, batch: dict[str, Command], there: dict[str, str], leads: dict[str, Record]) -> None:
        contacts, companies = [], []
        for handoff, command in batch.items():
            deal, lead = there.get(handoff), str(command.lead_id)
            if deal is None:
                continue
            contacts.append((deal, lead))
            company = leads.get(lead, {}).get("properties", {}).get(COMPANY_OF)
            companies += [(deal, str(company))] if company else []
        self._api.link(DEALS, CONTACTS, contacts)
        self._api.link(DEALS, COMPANIES, companies)

    def _there(self, wanted: dict[str, Command]) -> dict[str, str]:
        """Return the deals of these handoffs that are there."""
        if not wanted:
            return {}
        name = self._schema.key(DEALS)
        if self._schema.keyed(DEALS):
            found = self._api.read(DEALS, wanted, [name], by=name)
            return {str(one["properties"].get(name)): str(one["id"]) for one in found}
        leads = [str(one.lead_id) for one in wanted.values()]
        return {handoff: str(one["id"]) for one, _, handoff in self._of_leads(leads) if handoff in wanted}

    def _of_leads(self, lead_ids: Sequence[str]) -> list[tuple[Record, str, str]]:
        """Return the deals of ours of these leads: the deal, its lead, its handoff."""
        by_lead = self._api.links(CONTACTS, DEALS, lead_ids)
        lead_of = {one: lead for lead, ids in by_lead.items() for one in ids}
        found = []
        for record in self._api.read(DEALS, lead_of, self.properties):
            handoff = self.handoff_of(record)
            if handoff and str(record["id"]) in lead_of:
                found.append((record, lead_of[str(record["id"])], handoff))
        return found

    # ------------------------------------------------------------------------------------------------------- reading

    def handoff_of(self, record: Record) -> str:
        """Return of which handoff of ours a deal is, "" where it is none."""
        properties = record.get("properties", {})
        key = str(properties.get(self._schema.key(DEALS)) or "")
        if key:
            return key
        line = str(properties.get(_DESCRIPTION) or "")
        _, data = writing.split_data(line.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
        return str((data or {}).get("deal_of") or "")

    def steps(self, records: Sequence[Record]) -> list[Row]:
        """Return those of some notes that are steps of handoffs."""
        mine = [one for one in records if self._step(one, "") is not None]
        leads = self._api.links(NOTES.object, CONTACTS, [str(one["id"]) for one in mine]) if mine else {}
        return [
            row
            for one in mine
            for lead in leads.get(str(one["id"]), [])[:1]
            if (row := self._step(one, lead)) is not None
        ]

    def _step(self, record: Record, lead_id: str) -> Row | None:
        properties = record.get("properties", {})
        data = carried(NOTES, properties, self._schema.data_in(NOTES.object))[1]
        if data is None or "handoff_id" not in data:
            return None
        local = properties.get(self._schema.key(NOTES.object)) or data.get("id")
        fields = {**{k: v for k, v in data.items() if k != "id"}, "lead_id": lead_id}
        version = str(record.get("updatedAt") or "")
        return Row(remote_id(NOTES.object, str(record["id"])), version, fields, local=str(local) if local else None)

    def results(self, records: Sequence[Record]) -> list[Row]:
        """Return those of some deals that are ours and closed, as feedback of Field Sales."""
        mine = [one for one in records if self.handoff_of(one) and _true(one, "hs_is_closed")]
        leads = self._api.links(DEALS, CONTACTS, [str(one["id"]) for one in mine]) if mine else {}
        return [self._feedback(one, lead) for one in mine for lead in leads.get(str(one["id"]), [])[:1]]

    def _feedback(self, record: Record, lead_id: str) -> Row:
        properties = record["properties"]
        won = _true(record, "hs_is_closed_won")
        known = self._mapping.of("handoff").inward(properties)
        dropped = "reason" if won else "factor"
        payload: Fields = {"result": "won" if won else "lost", **{k: v for k, v in known.items() if k != dropped}}
        at = millis(properties.get("closedate")) or millis(record.get("updatedAt"))
        fields: Fields = {
            "handoff_id": self.handoff_of(record), "lead_id": lead_id, "action": "feedback", "at": iso(at),
            "payload": dict(payload),
        }  # fmt: skip
        owner = properties.get("hubspot_owner_id")
        fields |= {"member_id": str(owner)} if owner else {}
        digest = hashlib.sha256(writing.seal(payload).encode()).hexdigest()[:12]
        return Row(f"{remote_id(DEALS, str(record['id']))}@{digest}", str(record.get("updatedAt") or ""), fields)

    def history(self, lead_ids: Sequence[str]) -> list[Row]:
        """Return the steps and results of these leads."""
        rows = [
            row
            for _, record, lead in self._activities.of_leads([NOTES], lead_ids)
            if (row := self._step(record, lead)) is not None
        ]
        return [*rows, *self._closed(self._of_leads(lead_ids))]

    def _closed(self, found: Iterable[tuple[Record, str, str]]) -> list[Row]:
        return [self._feedback(record, lead) for record, lead, _ in found if _true(record, "hs_is_closed")]


def _true(record: Record, name: str) -> bool:
    return str(record.get("properties", {}).get(name) or "").casefold() == "true"
