"""What is said while a connection is made: what works, what an administrator must add word for word, sample values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from isdesk.crm.port import Finding, Permanent
from isdesk.crm.salesforce import soql
from isdesk.crm.salesforce.activities import Activities
from isdesk.crm.salesforce.link import DATA, Link, failure
from isdesk.crm.salesforce.reading import Reader
from isdesk.crm.salesforce.rows import CALL_OBJECT, Rows
from isdesk.crm.salesforce.schema import Schema

KEY_LABEL: Final = "isdesk キー"
KEY_LENGTH: Final = 80
_MOST_FIELDS: Final = 60
_NO_TEXT: Final = frozenset({"address", "location", "base64", "complexvalue"})


class Survey:
    """Looks at an organisation before it is used."""

    def __init__(self, link: Link, schema: Schema, reader: Reader, rows: Rows, activities: Activities) -> None:
        self._link, self._schema, self._reader, self._rows, self._activities = link, schema, reader, rows, activities

    def check(self, *, write: bool) -> list[Finding]:
        """Return what was found, the gravest first."""
        self._schema.forget()
        if not self._schema.columns("Lead"):
            return [Finding("stop", "salesforce_no_leads")]
        if not self._schema.columns("Task"):
            return [Finding("stop", "salesforce_no_tasks")]
        found = [*self._keys(), *self._lost(), *self._conversion()]
        if write:
            found.append(self._tried())
        rank = {"stop": 0, "warn": 1, "ok": 2}
        return sorted(found, key=lambda one: rank[one.level])

    def _keys(self) -> list[Finding]:
        """Say whether the key field is there, or what to add: the field on Activity serves tasks and events alike."""
        api = self._schema.written("touch").key or "Isdesk_Key__c"
        kept = self._rows.key_of("Task")
        params = {"label": KEY_LABEL, "field": api, "object": "Activity", "length": str(KEY_LENGTH)}
        if kept == api:
            found = [Finding("ok", "salesforce_key_ok", {"field": api})]
        elif kept == CALL_OBJECT:
            wrong = "salesforce_key_not_unique" if api in self._schema.columns("Task") else "salesforce_key_missing"
            found = [Finding("warn", wrong, params)]
        else:
            found = [Finding("warn", "salesforce_no_key", params)]
        lead = self._schema.written("lead").key
        if lead and not self._schema.of("lead").key:
            more = {"label": KEY_LABEL, "field": lead, "object": "Lead", "length": str(KEY_LENGTH)}
            found.append(Finding("warn", "salesforce_lead_key_missing", more))
        return found

    def _lost(self) -> list[Finding]:
        """Name fields of the map that the organisation does not have, or this person may not see."""
        found = []
        for name in ("lead", "named", "contact"):
            whole, kept = self._schema.written(name), self._schema.of(name)
            gone = [r for code, one in whole.fields.items() if code not in kept.fields for r in one.remote]
            found += [Finding("warn", "salesforce_field_gone", {"field": f"{whole.object}.{field}"}) for field in gone]
        return found

    def _conversion(self) -> list[Finding]:
        if not any(status.get("IsConverted") for status in self._schema.statuses("LeadStatus")):
            return [Finding("warn", "salesforce_no_converted_status")]
        return [] if self._schema.columns("Opportunity") else [Finding("warn", "salesforce_no_opportunities")]

    def _tried(self) -> Finding:
        """Make a task, read it, remove it."""
        key = f"check:{uuid4()}"
        body = {
            "Subject": "isdesk 接続テスト",
            "Status": self._activities.closed(),
            **self._activities.key(key, "Task"),
        }
        reply = self._link.write("POST", f"{DATA}/sobjects/Task", body)
        if not reply.ok:
            said = failure(reply.data)
            return Finding("stop", "salesforce_cannot_write", {"reason": said.words or said.code})
        identity = str(reply.data["id"])
        read = list(self._link.query(soql.select(["Id"], "Task", f"Id = {soql.text(identity)}")))
        removed = self._link.write("DELETE", f"{DATA}/sobjects/Task/{identity}")
        if not read:
            return Finding("stop", "salesforce_cannot_read_back")
        return Finding("ok", "salesforce_written") if removed.ok else Finding("warn", "salesforce_test_task_left")

    def samples(self, table: str, limit: int) -> list[Mapping[str, str]]:
        """Return the newest records as field → text."""
        columns = [c.name for c in self._schema.columns(table).values() if c.type not in _NO_TEXT][:_MOST_FIELDS]
        if not columns:
            return []
        try:
            found = list(self._link.query(soql.select(columns, table, "", "SystemModstamp DESC", limit)))
        except Permanent:
            return []
        return [{k: _shown(v) for k, v in record.items() if v not in (None, "")} for record in found]


def _shown(value: Any) -> str:
    return "✓" if value is True else "" if value is False else str(value)
