"""Records of the organisation as rows of ours: leads and the contacts they became, companies, people, touches, steps.

A lead that was converted can no longer be changed; the person goes on as a contact. Its row keeps the lead's id and
says what the contact says now; a do-not-call of either holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.port import Row
from isdesk.crm.salesforce.schema import Schema
from isdesk.crm.writing import named_company, split_data
from isdesk.domain.changes import Value
from isdesk.domain.fields import LEAD_FIELDS, Merge

Record = Mapping[str, Any]
Fields = dict[str, Value]

NEXT: Final = "next:"
"""Begins the key of the one open task that says what isdesk has planned next for a lead."""
HANDOFF: Final = "handoff:"
"""Begins the key of a step of a handoff."""
MADE: Final = "made:"
"""Begins the key of the task that tells that isdesk made a lead, where leads have no key field of their own."""
NO_TOUCH: Final = (NEXT, HANDOFF, MADE)
OURS: Final = "isdesk:"
"""Begins our key where it stands in ``CallObject``, the field of call centers, for want of a field of its own."""
CALL_OBJECT: Final = "CallObject"
_CONTACT: Final = "ConvertedContact."
_NOON: Final = time(3, tzinfo=UTC)
"""Noon in Tokyo: the time of a day's record that has no other."""
_CHANNELS: Final = {"Call": "phone", "Email": "mail"}
_LEAD: Final = ("IsConverted", "ConvertedContactId", "ConvertedOpportunityId", "MasterRecordId")
HEAD: Final = ("Id", "SystemModstamp", "LastModifiedDate", "IsDeleted")


@lru_cache(maxsize=4_096)
def _named(name: str) -> str:
    return named_company(name)


class Rows:
    """Turns records into rows by the team's map, and says which fields that takes."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    # ------------------------------------------------------------------------------------------- leads and contacts

    @property
    def follows(self) -> bool:
        """Return whether this person may see contacts, so that converted leads can be followed."""
        return bool(self._schema.columns("Contact"))

    def lead_columns(self) -> list[str]:
        """Return what a lead's row is made of, the contact's part by its path."""
        lead, contact = self._schema.of("lead"), self._schema.of("contact")
        names = ("SystemModstamp", "LastModifiedDate", *contact.remote_names()) if self.follows else ()
        paths = [f"{_CONTACT}{name}" for name in names]
        own = [*lead.remote_names(), *self._schema.of("named").remote_names(), *([lead.key] if lead.key else [])]
        return [*HEAD, *_LEAD, *own, *paths]

    def lead(self, record: Record) -> Row:
        """Return the row of a lead."""
        identity, version = str(record["Id"]), lead_version(record)
        if record.get("IsDeleted"):
            winner = record.get("MasterRecordId")
            return Row(identity, version, {"merged_into": str(winner)} if winner else {}, deleted=True)
        lead = self._schema.of("lead")
        fields = _owned(lead.inward(record))
        if record.get("Company"):
            fields["company_id"] = _named(str(record["Company"]))
        if record.get("ConvertedContactId") and self.follows:
            fields = self._as_contact(fields, record)
        return Row(identity, version, fields, local=_text(record.get(lead.key)) if lead.key else None)

    def _as_contact(self, fields: Fields, record: Record) -> Fields:
        """Return the fields of a converted lead as the contact has them now."""
        contact, lead = self._schema.of("contact"), self._schema.of("lead")
        now = contact.inward({k.removeprefix(_CONTACT): v for k, v in record.items() if k.startswith(_CONTACT)})
        for code in contact.carried & lead.carried:
            spec = LEAD_FIELDS.get(code)
            if code == "owner_id" or (spec is not None and spec.merge is Merge.RESTRICT and fields.get(code)):
                continue
            fields.pop(code, None)
            if code in now:
                fields[code] = now[code]
        return fields

    def named(self, records: Sequence[Record]) -> list[Row]:
        """Return the companies that leads only name; where several do, the lead changed last has the word."""
        of = self._schema.of("named")
        last = {_named(str(r["Company"])): r for r in records if r.get("Company") and not r.get("IsDeleted")}
        return [Row(identity, str(r["SystemModstamp"]), of.inward(r)) for identity, r in last.items()]

    def contact_columns(self) -> list[str]:
        """Return what the row of a contact is made of."""
        return [*HEAD, "MasterRecordId", "AccountId", *self._schema.of("contact").remote_names()]

    def contact(self, record: Record) -> Row:
        """Return a contact as a lead of ours; its company is a record of its own."""
        of, lead = self._schema.of("contact"), self._schema.known("lead")
        fields = {code: value for code, value in _owned(of.inward(record)).items() if code in lead.carried}
        if record.get("AccountId"):
            fields["company_id"] = str(record["AccountId"])
        return _row(record, fields)

    def account_columns(self) -> list[str]:
        """Return what the row of an account is made of."""
        return [*HEAD, "MasterRecordId", *self._schema.of("company").remote_names()]

    def account(self, record: Record) -> Row:
        """Return an account as a company of ours."""
        return _row(record, self._schema.of("company").inward(record))

    # ------------------------------------------------------------------------------------------------------- people

    def member_columns(self) -> list[str]:
        """Return what the row of a person is made of."""
        return ["Id", "SystemModstamp", *self._schema.of("member").remote_names()]

    def member(self, record: Record) -> Row:
        """Return a person of the team; a role that the map does not name is that of a rep."""
        of = self._schema.of("member")
        fields = of.inward(record)
        role = of.fields.get("role")
        if role is None or fields.get("role") not in role.values.values():
            fields["role"] = "rep"
        fields["active"] = bool(fields.get("active"))
        return Row(str(record["Id"]), str(record["SystemModstamp"]), fields)

    # --------------------------------------------------------------------------------------------- touches and steps

    def key_of(self, table: str) -> str:
        """Return the field in which activities of this object keep our key, "" where there is none.

        A text field that is an external id and unique is safe against doubles by itself. Where the administrator has
        not added one, ``CallObject`` of a task serves: it can be filtered (a description cannot), reads of it are
        strongly consistent, and it is not under field-level security.
        """
        key = self._schema.of("touch").key
        columns = self._schema.columns(table)
        if key and key in columns and columns[key].key:
            return key
        fallback = columns.get(CALL_OBJECT)
        return CALL_OBJECT if fallback is not None and fallback.filterable and fallback.createable else ""

    def keyed(self, key: str, table: str) -> str:
        """Return a key as it is kept in an object's field."""
        return OURS + key if self.key_of(table) == CALL_OBJECT else key

    def unkeyed(self, record: Record, table: str) -> str:
        """Return our key that a record carries, "" where it is not ours."""
        field = self.key_of(table)
        said = _text(record.get(field)) or ""
        if field != CALL_OBJECT:
            return said
        return said.removeprefix(OURS) if said.startswith(OURS) else ""

    def activity_columns(self, table: str) -> list[str]:
        """Return what the row of an activity is made of."""
        touch = self._schema.of("touch")
        own = [n for n in (*touch.remote_names(), touch.data) if n and n in self._schema.columns(table)]
        times = ["StartDateTime"] if table == "Event" else ["TaskSubtype", "IsClosed", "Status"]
        head = ["CreatedDate", "WhoId", "WhatId", "OwnerId", "Subject", "Description", "ActivityDate"]
        return [*HEAD, *head, *times, *([self.key_of(table)] if self.key_of(table) else []), *own]

    def payload(self, record: Record) -> Fields | None:
        """Return what a desk wrote whole with an activity, None where it did not."""
        data = self._schema.of("touch").data
        if data and record.get(data):
            try:
                known = json.loads(str(record[data]))
            except ValueError:
                known = None
            if isinstance(known, dict):
                return known
        return split_data(_text(record.get("Description")))[1]

    def touch(self, record: Record, lead_id: str, table: str = "Task") -> Row:
        """Return the row of an activity: what a desk wrote, whole, or a call that was recorded in the CRM."""
        key = self.unkeyed(record, table)
        whole = self.payload(record) if key else None
        fields = whole if whole is not None else self._foreign(record, table)
        return _row(record, {**fields, "lead_id": lead_id, **({"id": key} if key else {})}, key or None)

    def _foreign(self, record: Record, table: str) -> Fields:
        of = self._schema.of("touch")
        fields = of.inward(record)
        outcome = of.fields.get("outcome")
        if outcome is not None and fields.get("outcome") not in outcome.values.values():
            fields.pop("outcome", None)
        fields["channel"] = "meeting" if table == "Event" else _CHANNELS.get(str(record.get("TaskSubtype")), "note")
        fields.setdefault("at", _when(record))
        if record.get("OwnerId"):
            fields["member_id"] = str(record["OwnerId"])
        note = split_data(_text(record.get("Description")))[0] or _text(record.get("Subject")) or ""
        return {**fields, "note": note} if note else fields

    def step(self, record: Record, lead_id: str) -> Row | None:
        """Return the row of a step of a handoff, None where the record does not say which."""
        key = self.unkeyed(record, "Task").removeprefix(HANDOFF)
        whole = self.payload(record)
        if whole is None:
            return None
        return _row(record, {**whole, "id": key, "lead_id": lead_id}, key)

    def opportunity_columns(self) -> list[str]:
        """Return what a result of an opportunity is made of."""
        of = self._schema.of("opportunity")
        return [*HEAD, "IsClosed", "IsWon", *([of.key] if of.key else []), *of.remote_names()]

    def result(self, record: Record, lead_id: str, handoff_id: str) -> Row:
        """Return the feedback that a decided opportunity gives; the same result has the same id."""
        known = self._schema.of("opportunity").inward(record)
        payload: Fields = {"result": "won" if record.get("IsWon") else "lost"}
        payload |= {code: known[code] for code in ("amount", "factor", "reason") if code in known}
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:12]
        fields: Fields = {
            "handoff_id": handoff_id,
            "lead_id": lead_id,
            "action": "feedback",
            "at": _iso(record.get("LastModifiedDate") or record["SystemModstamp"]),
            "payload": dict(payload),
        }
        deleted = bool(record.get("IsDeleted"))
        return Row(f"{record['Id']}@{digest}", str(record["SystemModstamp"]), fields, deleted=deleted)


def lead_version(record: Record) -> str:
    """Return the version of a lead's row: its stamp, and the contact's where it became one."""
    contact = record.get(f"{_CONTACT}SystemModstamp")
    return f"{record['SystemModstamp']}/{contact}" if contact else str(record["SystemModstamp"])


def _row(record: Record, fields: Fields, local: str | None = None) -> Row:
    deleted = bool(record.get("IsDeleted"))
    return Row(str(record["Id"]), str(record["SystemModstamp"]), fields, deleted=deleted, local=local)


def _owned(fields: Fields) -> Fields:
    """Leave out an owner who is no person (a queue)."""
    if not str(fields.get("owner_id", "005")).startswith("005"):
        del fields["owner_id"]
    return fields


def _text(said: Any) -> str | None:
    return said if isinstance(said, str) and said else None


def _iso(said: Any) -> str:
    at = instant(str(said))
    return at.isoformat() if at is not None else str(said)


def _when(record: Record) -> str:
    """Return when an activity was, as well as the CRM says: the time of its entry where that was on its day."""
    if record.get("StartDateTime"):
        return _iso(record["StartDateTime"])
    made, day = instant(record.get("CreatedDate")), str(record.get("ActivityDate") or "")[:10]
    if made is None or (day and abs((datetime.fromisoformat(day).date() - made.date()).days) > 1):
        return datetime.combine(datetime.fromisoformat(day).date(), _NOON).isoformat() if day else _iso("")
    return made.isoformat()
