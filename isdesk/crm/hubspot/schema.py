"""What an account's objects look like: the properties that the map names, their choices, whether our key is unique.

``hasUniqueValue`` can only be set when a property is made, and makes it usable as ``idProperty`` (properties guide,
2026-09; ten such properties for an object). A property is made in a group of its object. Notes and mails may take none:
their properties are stored apart (knowledge base, default activity properties), and no scope of a key reaches them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from isdesk.crm.hubspot.api import Api, Refusal
from isdesk.crm.mapping import FieldMapping
from isdesk.crm.port import FieldInfo
from isdesk.domain.fields import Kind

ACTIVITIES: Final = ("calls", "emails", "meetings", "notes", "tasks")
CLOSED: Final = frozenset({"emails", "notes"})
"""Objects that take no properties of ours in most accounts."""
KEY, DATA = "isdesk_key", "isdesk_data"
FLAGS: Final = {"contacts": ("isdesk_dnc", "isdesk_email_opt_out"), "companies": ("isdesk_dnc",)}
LABELS: Final = {
    KEY: "isdesk キー",
    DATA: "isdesk データ",
    "isdesk_dnc": "架電禁止(isdesk)",
    "isdesk_email_opt_out": "配信停止(isdesk)",
}
GROUPS: Final = {
    "contacts": "contactinformation", "companies": "companyinformation", "deals": "dealinformation",
    "calls": "call_information", "emails": "email_information", "meetings": "meeting_information",
    "notes": "note_information", "tasks": "task_information",
}  # fmt: skip
RENEW: Final = timedelta(hours=1)
_KINDS: Final = {
    "string": Kind.TEXT, "number": Kind.INT, "bool": Kind.BOOL, "date": Kind.DATE, "datetime": Kind.DATETIME,
    "enumeration": Kind.CHOICE, "phone_number": Kind.PHONE,
}  # fmt: skip

Property = Mapping[str, Any]


class Schema:
    """The properties of an account that matter here, read once an hour. ``now`` is the desk's clock."""

    def __init__(self, api: Api, mapping: FieldMapping, now: Callable[[], datetime]) -> None:
        self._api = api
        self._mapping = mapping
        self._now = now
        self._found: dict[str, dict[str, Property]] = {}
        self._read_at: datetime | None = None

    @property
    def known(self) -> bool:
        """Return whether it was read."""
        return self._read_at is not None

    def refresh(self, *, force: bool = False) -> None:
        """Read the properties that the map names, where they were not read within the hour."""
        if not force and self._read_at is not None and self._now() - self._read_at < RENEW:
            return
        read = {obj: self._read(obj) for obj in GROUPS}
        self._found = {obj: found for obj, found in read.items() if found is not None}
        self._read_at = self._now()

    def forget(self) -> None:
        """Read anew at the next occasion."""
        self._read_at = None

    def _read(self, obj: str) -> dict[str, Property] | None:
        """Return the properties that are there, None where the key may not look at them."""
        body = {"inputs": [{"name": name} for name in self.wanted(obj)], "archived": False}
        try:
            answer = self._api.post(f"/crm/properties/{{v}}/{obj}/batch/read", body)
        except Refusal as error:
            if error.status not in {400, 403, 404}:
                raise
            return None
        return {str(one["name"]): one for one in answer.get("results", [])}

    def wanted(self, obj: str) -> tuple[str, ...]:
        """Return the properties of ``obj`` that the map names, our key and data among them."""
        names: list[str] = []
        for of in self._mapping.objects.values():
            if of.object == obj:
                names += [of.key, of.data, *(name for one in of.fields.values() for name in one.remote)]
        names += [self.key(obj), *([self.data(obj)] if self.data(obj) else [])]
        return tuple(dict.fromkeys(name for name in names if name))

    def key(self, obj: str) -> str:
        """Return the name of the property that holds our key."""
        table = {"contacts": "lead", "companies": "company", "deals": "handoff"}.get(obj, "touch")
        return self._mapping.of(table).key

    def data(self, obj: str) -> str:
        """Return the name of the property that holds our data, "" where the object has none."""
        return self._mapping.of("touch").data if obj in ACTIVITIES else ""

    def keyed(self, obj: str) -> bool:
        """Return whether records of ``obj`` can be made under our key."""
        name = self.key(obj)
        return bool(name) and self._found.get(obj, {}).get(name, {}).get("hasUniqueValue") is True

    def has(self, obj: str, name: str) -> bool:
        """Return whether the account has this property; our key and data are there only where they are seen."""
        found = self._found.get(obj)
        return name in found if found is not None else name not in {self.key(obj), self.data(obj)}

    def data_in(self, obj: str) -> str:
        """Return the property for our data where the account has it, else "" (a line of the description then)."""
        name = self.data(obj)
        return name if name and self.has(obj, name) else ""

    @property
    def all_keyed(self) -> bool:
        """Return whether everything that is made can be made under our key."""
        return all(self.keyed(obj) for obj in GROUPS)

    def missing(self, obj: str) -> tuple[str, ...]:
        """Return the properties that the map names and the account has not."""
        return tuple(name for name in self.wanted(obj) if not self.has(obj, name))

    def choices(self, obj: str, name: str) -> frozenset[str] | None:
        """Return the values that a property takes, None where it takes any."""
        found = self._found.get(obj, {}).get(name, {})
        return frozenset(str(one["value"]) for one in found["options"]) if found.get("options") else None

    # ------------------------------------------------------------------------------------------------------- making

    def make(self, obj: str, names: Iterable[str]) -> list[str]:
        """Make our own properties where they are missing; returns those that the account refused."""
        refused = []
        group = self._group(obj)
        for name in names:
            body: dict[str, Any] = {"name": name, "label": LABELS.get(name, name), "groupName": group}
            if name == self.key(obj):
                body |= {"type": "string", "fieldType": "text", "hasUniqueValue": True}
            elif name == self.data(obj):
                body |= {"type": "string", "fieldType": "textarea"}
            else:
                options = [{"label": word, "value": value, "displayOrder": place, "hidden": False}
                           for place, (value, word) in enumerate((("true", "はい"), ("false", "いいえ")))]  # fmt: skip
                body |= {"type": "bool", "fieldType": "booleancheckbox", "options": options}
            try:
                self._api.post(f"/crm/properties/{{v}}/{obj}", body, writes=True)
            except Refusal as error:
                if error.status != 409:
                    refused.append(name)
        return refused

    def _group(self, obj: str) -> str:
        """Return the group for our properties: the object's own where it is so called, else its first."""
        try:
            rows = self._api.get(f"/crm/properties/{{v}}/{obj}/groups").get("results", [])
        except Refusal:
            rows = []
        names = [str(one["name"]) for one in rows if not one.get("archived")]
        return GROUPS[obj] if GROUPS[obj] in names or not names else names[0]


def described(found: Property) -> FieldInfo:
    """Return a property as the mapping table shows it. HubSpot does not say here which ones a form requires."""
    options = tuple((str(o["value"]), str(o.get("label") or o["value"])) for o in found.get("options") or ())
    meta = found.get("modificationMetadata") or {}
    long = found.get("fieldType") in {"textarea", "html"}
    kind = Kind.LONG_TEXT if long else _KINDS.get(str(found.get("type")), Kind.TEXT)
    return FieldInfo(
        str(found["name"]), str(found.get("label") or found["name"]), kind,
        writable=not meta.get("readOnlyValue") and not found.get("calculated"),
        choices=options if kind is Kind.CHOICE else (),
    )  # fmt: skip
