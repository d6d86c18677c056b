"""Leads and companies as rows: the field map, the company of a lead, what is archived, what may not be called.

A lead's company is the customer that it is linked to, or the one of its name; where Odoo knows only a name, a company
made of the name. An archived lead is gone, except a lost opportunity: that is a result, and stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from isdesk.crm.mapping import FieldMapping
from isdesk.crm.odoo.messages import external_id
from isdesk.crm.odoo.rpc import ARCHIVED_TOO, Refusal, Rpc
from isdesk.crm.odoo.schema import CONVERTERS, MODELS, Schema
from isdesk.crm.port import Row, Thing
from isdesk.crm.writing import named_company
from isdesk.domain.changes import Value

LEAD: Final = "crm.lead"
COMPANY: Final = "res.partner"

_CALL_FLAG: Final = "phone_sanitized_blacklisted"
_MAIL_FLAG: Final = "is_blacklisted"
_LEAD_FIELDS: Final = (
    "active", "type", "won_status", "partner_id", "partner_name", "commercial_partner_id", "tag_ids",
    _CALL_FLAG, _MAIL_FLAG,
)  # fmt: skip

_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

Record = Mapping[str, Any]


class Records:
    """Reads leads and companies."""

    def __init__(self, rpc: Rpc, schema: Schema, mapping: FieldMapping) -> None:
        self._rpc = rpc
        self._schema = schema
        self.tags = {
            "dnc": str(mapping.option("lead", "dnc_tag", "")),
            "email_opt_out": str(mapping.option("lead", "opt_out_tag", "")),
        }
        self.stage_tags: Mapping[str, str] = mapping.option("lead", "stage_tags", {})
        self._title = str(mapping.option("lead", "title", "name"))

    # -------------------------------------------------------------------------------------------------- what is asked

    def names(self, obj: Thing) -> list[str]:
        """Return the fields of Odoo that a row is made of."""
        here = self._schema.fields(MODELS[obj])
        beside = (*_LEAD_FIELDS, self._title) if obj is Thing.LEAD else ("active", "is_company")
        wanted = [*self._schema.map_of(obj).remote_names(), *beside]
        return [name for name in dict.fromkeys(wanted) if name in here]

    def flags(self) -> list[str]:
        """Return the fields by which Odoo says that a lead may not be called or mailed."""
        return [name for name in (_CALL_FLAG, _MAIL_FLAG) if name in self._schema.fields(LEAD)]

    def carried(self, obj: Thing) -> frozenset[str]:
        """Return the codes that are read, as far as is known without asking."""
        of = self._schema.known_map(obj).carried
        return of | {"company_id", "dnc", "email_opt_out"} if obj is Thing.LEAD else of

    # ----------------------------------------------------------------------------------------------------------- rows

    def version(self, record: Record) -> str:
        """Return a version: the stamp and a digest of the whole record.

        The stamp alone is not enough: two writes within a second have the same, and some things (a blacklist, the
        customer behind a name) move none.
        """
        said = _ENCODER.encode(record)
        return f"{record['write_date']}/{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    def gone(self, record: Record) -> bool:
        """Return whether a record is archived; a lost opportunity is not gone."""
        lost = record.get("won_status") == "lost" and record.get("type") == "opportunity"
        return record.get("active") is False and not lost

    def read(self, obj: Thing, ids: Sequence[str]) -> list[Record]:
        """Return these records; those that are not there, or not ours to see, are left out."""
        numbers = [int(one) for one in ids if one.isdigit()]
        if not numbers:
            return []
        domain = [["id", "in", numbers], ARCHIVED_TOO]
        names = ["write_date", *self.names(obj)]
        found: list[Record] = self._rpc.read(MODELS[obj], "search_read", domain=domain, fields=names, order="id")
        return found

    def leads(self, records: Sequence[Record], *, local: bool = True) -> tuple[list[Row], list[Row]]:
        """Return leads as rows, and their companies. ``local``: ask for our ids too."""
        self._schema.learn_tags(tag for one in records for tag in one.get("tag_ids") or ())
        partners = self._partners(records)
        known = self._locals(Thing.LEAD, records) if local else {}
        companies: dict[str, Row] = {}
        rows = []
        for record in records:
            company = self._company(record, partners)
            if company is not None:
                companies[company.id] = company
            rows.append(self._lead(record, company, known.get(int(record["id"]))))
        return rows, list(companies.values())

    def companies(self, records: Sequence[Record], *, local: bool = True) -> list[Row]:
        """Return customers as rows of companies."""
        known = self._locals(Thing.COMPANY, records) if local else {}
        return [self._customer(record, known.get(int(record["id"]))) for record in records]

    def _lead(self, record: Record, company: Row | None, local: str | None) -> Row:
        of = self._schema.map_of(Thing.LEAD)
        fields = of.inward(self._schema.flat(LEAD, of, record), CONVERTERS)
        if "name" not in fields and record.get(self._title):
            fields["name"] = str(record[self._title])
        for code in ("dnc", "email_opt_out"):
            if self._forbids(record, code):
                fields[code] = True
        for stage, tag in self.stage_tags.items():
            if self._tagged(record, tag):
                fields["stage"] = stage
        if company is not None:
            fields["company_id"] = company.id
        return Row(str(record["id"]), self.version(record), fields, deleted=self.gone(record), local=local)

    def _customer(self, record: Record, local: str | None) -> Row:
        of = self._schema.map_of(Thing.COMPANY)
        fields = of.inward(self._schema.flat(COMPANY, of, record), CONVERTERS)
        return Row(str(record["id"]), self.version(record), fields, deleted=self.gone(record), local=local)

    def _forbids(self, record: Record, code: str) -> bool:
        if record.get(_CALL_FLAG if code == "dnc" else _MAIL_FLAG):
            return True
        return self._tagged(record, self.tags[code])

    def _tagged(self, record: Record, name: str) -> bool:
        tags = record.get("tag_ids")
        return bool(tags and name) and self._schema.tagged(tags or (), name)

    def _company(self, record: Record, partners: Mapping[int, Record]) -> Row | None:
        for name in ("commercial_partner_id", "partner_id"):
            linked = record.get(name)
            partner = partners.get(linked[0]) if isinstance(linked, list) else None
            if partner is not None and partner.get("is_company"):
                return self._customer(partner, self._partner_locals.get(int(partner["id"])))
        said = record.get("partner_name")
        if not said:
            return None
        fields: dict[str, Value] = {"name": str(said)}
        return Row(named_company(str(said)), "1", fields)

    def _partners(self, records: Sequence[Record]) -> Mapping[int, Record]:
        linked = [one.get(name) for one in records for name in ("commercial_partner_id", "partner_id")]
        ids = sorted({one[0] for one in linked if isinstance(one, list)})
        found = self.read(Thing.COMPANY, [str(one) for one in ids]) if ids else []
        companies = [one for one in found if one.get("is_company")]
        self._partner_locals = self._locals(Thing.COMPANY, companies)
        return {one["id"]: one for one in companies}

    def _locals(self, obj: Thing, records: Sequence[Record]) -> dict[int, str]:
        """Return our ids of records that isdesk made, by Odoo's."""
        if not records:
            return {}
        try:
            said = self._rpc.asked(MODELS[obj], "get_external_id", ids=[one["id"] for one in records])
        except Refusal:
            return {}
        head = external_id(obj.value, "x")[:-1]
        return {int(number): name[len(head) :] for number, name in said.items() if name and name.startswith(head)}
