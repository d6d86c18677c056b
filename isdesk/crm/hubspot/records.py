"""Contacts and companies: their rows in our codes, and changes written after comparing with what stands there.

A contact is a lead, a company a company; the company of a contact is its primary association (``associatedcompanyid``).
A contact that only has a company's name in a text property brings that company along. A contact that was merged away
leaves HubSpot without a trace but in ``hs_merged_object_ids`` of the one that stayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from isdesk.crm import converting, writing
from isdesk.crm.converting import Converter
from isdesk.crm.hubspot.api import Api, Item, Record, Refusal
from isdesk.crm.hubspot.schema import Schema
from isdesk.crm.mapping import FieldMapping, ObjectMap
from isdesk.crm.port import Command, Permanent, Result, Row, Status, Thing
from isdesk.crm.writing import Write
from isdesk.domain.changes import Value

Fields = dict[str, Value]

CONTACTS: Final = "contacts"
COMPANIES: Final = "companies"
OBJECTS: Final = {Thing.LEAD: CONTACTS, Thing.COMPANY: COMPANIES}
STAMPS: Final = {CONTACTS: "lastmodifieddate", COMPANIES: "hs_lastmodifieddate"}
MERGED: Final = "hs_merged_object_ids"
COMPANY_OF: Final = "associatedcompanyid"
OPTED_OUT: Final = "hs_email_optout"
READ_ONLY: Final = frozenset({OPTED_OUT, COMPANY_OF})
PRIMARY: Final = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
"""A contact's primary company (developers.hubspot.com, association type ids)."""

_either: Final = Converter(
    lambda said: any(str(one).casefold() == "true" for one in said) or None,
    lambda value, wide: (value is True, *((None,) * (wide - 1))),
)
CONVERTERS: Final = {**converting.STANDARD, "either": _either}
"""``either``: a yes in any of several properties is a yes; the first is the one that is written."""


def outgoing(of: ObjectMap, changes: Mapping[str, Value]) -> dict[str, str]:
    """Return changes of ours as HubSpot's properties, which are text; what is cleared is empty."""
    return {name: said(value) for name, value in of.outward(changes, CONVERTERS).items() if name not in READ_ONLY}


def said(value: Any) -> str:
    """Return a value as HubSpot writes it."""
    if value is None:
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


@dataclass(slots=True)
class Taken:
    """Rows of a page, and the companies that only have a name in them."""

    rows: list[Row] = field(default_factory=list)
    companies: dict[str, Row] = field(default_factory=dict)


class Records:
    """Reads and writes contacts and companies."""

    def __init__(self, api: Api, mapping: FieldMapping, schema: Schema) -> None:
        self._api = api
        self._mapping = mapping
        self._schema = schema

    # ------------------------------------------------------------------------------------------------------ reading

    def properties(self, obj: Thing) -> tuple[str, ...]:
        """Return the properties that are read."""
        of = self._mapping.of(obj)
        name = str(of.options.get("company_name") or "")
        wanted = (*of.remote_names(), of.key, name, MERGED, STAMPS[OBJECTS[obj]])
        return tuple(dict.fromkeys(one for one in wanted if one))

    def rows(self, obj: Thing, records: Iterable[Record], binned: Iterable[Record] = ()) -> Taken:
        """Return records as rows; of one that others were merged into, the ones that are gone too."""
        taken = Taken()
        for record in records:
            row = self._row(obj, record, taken)
            taken.rows += [row, *_merged(record, row.version)]
        taken.rows += [Row(str(one["id"]), str(one.get("archivedAt") or ""), {}, deleted=True) for one in binned]
        return taken

    def _row(self, obj: Thing, record: Record, taken: Taken) -> Row:
        of, properties = self._mapping.of(obj), record.get("properties", {})
        fields = of.inward(properties, CONVERTERS)
        name = str(properties.get(of.options.get("company_name") or "") or "").strip()
        if obj is Thing.LEAD and name and "company_id" not in fields:
            made = writing.named_company(name)
            fields["company_id"] = made
            taken.companies[made] = Row(made, name, {"name": name})
        local = properties.get(of.key) if of.key else None
        return Row(str(record["id"]), str(record.get("updatedAt") or ""), fields, local=str(local) if local else None)

    def read(self, obj: Thing, ids: Iterable[str]) -> Taken:
        """Return these records as they stand now; one that was merged away comes as deleted, with where it went."""
        wanted = [one for one in dict.fromkeys(ids) if one.isdigit()]
        found = self.rows(obj, self._api.read(OBJECTS[obj], wanted, self.properties(obj)))
        asked = set(wanted)
        found.rows = [row for row in found.rows if row.id in asked]
        return found

    # ------------------------------------------------------------------------------------------------------ writing

    def push(self, obj: Thing, batch: Sequence[Command]) -> list[Result]:
        """Write changes of contacts or companies, having compared them with what stands there."""
        named = [one for one in batch if writing.is_named(one.id)]
        real = [one for one in batch if not writing.is_named(one.id)]
        now = {row.id: row for row in self.read(obj, [one.id for one in real if one.id]).rows if not row.deleted}
        compared = writing.compare(real, now)
        results = [*compared.results.values(), *(_only_named(one) for one in named)]
        updates = [one for one in compared.writes if one.id]
        creations = [one for one in compared.writes if not one.id]
        results += self._update(obj, updates)
        results += self._create(obj, creations)
        return results

    def _update(self, obj: Thing, writes: Sequence[Write]) -> list[Result]:
        inputs, sent, done = [], [], []
        if obj is Thing.LEAD:
            self._opt_out(writes)
        for write in writes:
            properties = self._outgoing(obj, write)
            if properties:
                inputs.append({"id": write.id, "properties": properties})
                sent.append(write)
            else:
                done.append((write, Item({"id": write.id, "updatedAt": write.now.version if write.now else ""})))
        done += zip(sent, self._api.write(OBJECTS[obj], "update", inputs), strict=True)
        return self._settled(obj, done)

    def _create(self, obj: Thing, writes: Sequence[Write]) -> list[Result]:
        of = self._mapping.of(obj)
        keyed = self._schema.keyed(OBJECTS[obj])
        doubtful = [one for one in writes if not keyed and not all(c.sure for c in one.commands)]
        writes = [one for one in writes if one not in doubtful]
        inputs: list[Record] = []
        for write in writes:
            properties = self._outgoing(obj, write)
            if keyed:
                made = {"id": write.local, "idProperty": of.key, "properties": {**properties, of.key: write.local}}
            else:
                made = {"properties": properties, "associations": []}
            inputs.append(made)
        items = self._api.write(OBJECTS[obj], "upsert" if keyed else "create", inputs)
        results = self._settled(obj, list(zip(writes, items, strict=True)))
        if obj is Thing.LEAD:
            self._opt_out([write for write, item in zip(writes, items, strict=True) if item.id])
        for write in doubtful:
            results += writing.refused(write, "hubspot_create_unsure", "")
        return results

    def _outgoing(self, obj: Thing, write: Write) -> dict[str, str]:
        of = self._mapping.of(obj)
        spare = self._spare(obj, of, write.changes)
        properties = {k: v for k, v in outgoing(of, write.changes).items() if k not in spare}
        name = str(self._mapping.option(obj, "company_name") or "")
        return {**properties, **(_named(write, name) if name and obj is Thing.LEAD else {})}

    def _spare(self, obj: Thing, of: ObjectMap, changes: Mapping[str, Value]) -> set[str]:
        """Return properties that the account has not, of fields that stand in another one too."""
        spare: set[str] = set()
        for code in changes:
            names = of.fields[code].remote if code in of.fields else ()
            there = [name for name in names if self._schema.has(OBJECTS[obj], name)]
            spare |= set(names) - set(there) if there else set()
        return spare

    def _settled(self, obj: Thing, done: Sequence[tuple[Write, Item]]) -> list[Result]:
        results: list[Result] = []
        written = [(write, item) for write, item in done if item.id]
        for write, item in done:
            if item.id:
                row = Row(item.id, item.stamp, write.after)
                results += writing.answered(write, row, remote_id=item.id)
            elif item.category == "OBJECT_NOT_FOUND" and write.id:
                results += [Result(c.key, Status.GONE, write.id, code="record_gone") for c in write.commands]
            else:
                if "PROPERTY_DOESNT_EXIST" in (item.category, *item.codes):
                    self._schema.forget()
                results += writing.refused(write, "hubspot_refused", item.words)
        if obj is Thing.LEAD:
            self._companies(written)
        return results

    def _companies(self, written: Sequence[tuple[Write, Item]]) -> None:
        """Make the company of a lead its primary one, or part them; doing it again changes nothing."""
        join: list[Record] = []
        part: list[Record] = []
        for write, item in written:
            if "company_id" not in write.changes:
                continue
            company, had = write.changes["company_id"], write.now.fields.get("company_id") if write.now else None
            if isinstance(company, str) and company.isdigit():
                join.append({"from": {"id": item.id}, "to": {"id": company}, "types": [PRIMARY]})
            elif isinstance(had, str) and had.isdigit():
                part.append({"from": {"id": item.id}, "to": [{"id": had}]})
        for verb, inputs in (("create", join), ("archive", part)):
            path = f"/crm/associations/{{v}}/{CONTACTS}/{COMPANIES}/batch/{verb}"
            if inputs and self._api.post(path, {"inputs": inputs}, writes=True).get("errors"):
                raise Permanent("hubspot_link_refused", source=CONTACTS, target=COMPANIES)

    def _opt_out(self, writes: Sequence[Write]) -> None:
        """Tell HubSpot's own mail of an opt-out, where the key may; the property has it in any case.

        It comes before the property, so that an edit which is sent again after a lost answer still finds it to do.
        """
        for write in writes:
            mail = write.after.get("email")
            if write.changes.get("email_opt_out") is not True or not isinstance(mail, str):
                continue
            path = f"/communication-preferences/{{v}}/statuses/{quote(mail, safe='')}/unsubscribe-all"
            try:
                self._api.call("POST", path, params={"channel": "EMAIL"}, writes=True)
            except Refusal:
                continue


def _named(write: Write, name: str) -> dict[str, str]:
    """Return the text property of a lead's company, where the company has no record or is taken away."""
    company = write.changes.get("company_id", "")
    if company is None:
        return {name: ""}
    given = next((c.company.get("name") for c in reversed(write.commands) if c.company.get("name")), None)
    return {name: str(given)} if given and isinstance(company, str) and writing.is_named(company) else {}


def _only_named(command: Command) -> Result:
    return Result(command.key, Status.REFUSED, command.id, code="hubspot_company_named")


def _merged(record: Record, version: str) -> list[Row]:
    """Return the records that were merged into this one, as deleted rows that say where they went."""
    gone = str(record.get("properties", {}).get(MERGED) or "")
    into = str(record["id"])
    return [
        Row(one, version, {"merged_into": into}, deleted=True)
        for part in gone.split(";")
        if (one := part.strip()) and one != into
    ]
