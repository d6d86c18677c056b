"""What the organisation has: its fields as `describe` gives them, and the team's field map cut to what is really there.

A field that is gone is left out of every query and write, a value that is no longer offered is not chosen first, and
the key counts only where it is an external id that is unique; so a change of the schema costs a field, never the sync.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from isdesk.crm.mapping import FieldMap, FieldMapping, ObjectMap
from isdesk.crm.port import FieldInfo, Permanent
from isdesk.crm.salesforce import soql
from isdesk.crm.salesforce.link import DATA, Link, part
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS, Kind

_KINDS: Final = {
    "boolean": Kind.BOOL,
    "currency": Kind.INT,
    "date": Kind.DATE,
    "datetime": Kind.DATETIME,
    "double": Kind.INT,
    "email": Kind.MAIL,
    "int": Kind.INT,
    "percent": Kind.INT,
    "phone": Kind.PHONE,
    "picklist": Kind.CHOICE,
    "textarea": Kind.LONG_TEXT,
    "url": Kind.URL,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of an object: its name in code, its label in the person's language, what may be done with it."""

    name: str
    label: str
    type: str
    length: int
    createable: bool
    updateable: bool
    filterable: bool
    key: bool
    required: bool
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Column:
        """Return a field as the vendor describes it; ``values`` are those that are still offered, with their labels."""
        values = said.get("picklistValues") or ()
        creates = bool(said.get("createable"))
        return cls(
            str(said["name"]),
            str(said.get("label") or said["name"]),
            str(said.get("type") or "string"),
            int(said.get("length") or 0),
            creates,
            bool(said.get("updateable")),
            bool(said.get("filterable")),
            bool(said.get("externalId")) and bool(said.get("unique")),
            creates and not said.get("nillable", True) and not said.get("defaultedOnCreate", False),
            tuple((str(v["value"]), str(v.get("label") or v["value"])) for v in values if v.get("active", True)),
        )

    def info(self) -> FieldInfo:
        """Return the field for the mapping table."""
        kind = _KINDS.get(self.type, Kind.TEXT)
        writable = self.createable or self.updateable
        return FieldInfo(self.name, self.label, kind, self.required, writable, self.values)


Columns = Mapping[str, Column]


class Schema:
    """The organisation's schema, asked for once for each object and again after `forget`."""

    def __init__(self, link: Link, mapping: FieldMapping) -> None:
        self._link, self._mapping = link, mapping
        self._tables: dict[str, Columns] = {}
        self._fitted: dict[str, ObjectMap] = {}
        self._statuses: dict[str, list[dict[str, Any]]] = {}

    def forget(self) -> None:
        """Ask anew at the next use: the schema turned out to have changed."""
        self._tables.clear()
        self._fitted.clear()
        self._statuses.clear()

    def columns(self, table: str) -> Columns:
        """Return the fields of an object by name; none where there is no such object for this person."""
        if table not in self._tables:
            try:
                fields = part(self._link.get(f"{DATA}/sobjects/{table}/describe"), "fields", list)
            except Permanent:
                fields = []
            self._tables[table] = {c.name: c for c in map(Column.read, fields)}
        return self._tables[table]

    def of(self, name: str) -> ObjectMap:
        """Return the map of one table of the team's field map, cut to what the organisation has."""
        if name not in self._fitted:
            whole = self._mapping.of(name)
            self._fitted[name] = fitted(whole, self.columns(whole.object)) if whole.object else whole
        return self._fitted[name]

    def known(self, name: str) -> ObjectMap:
        """Return the map of one table, cut where the organisation was asked already; needs no connection."""
        return self._fitted.get(name) or self._mapping.of(name)

    def written(self, name: str) -> ObjectMap:
        """Return the map of one table as the team wrote it."""
        return self._mapping.of(name)

    def statuses(self, table: str) -> list[dict[str, Any]]:
        """Return the values of ``TaskStatus``, ``LeadStatus`` or ``OpportunityStage`` in the team's order."""
        if table not in self._statuses:
            fields = {
                "TaskStatus": ["ApiName", "IsClosed"],
                "LeadStatus": ["ApiName", "IsConverted"],
                "OpportunityStage": ["ApiName", "IsClosed", "IsActive"],
            }[table]
            self._statuses[table] = list(self._link.query(soql.select(fields, table, order="SortOrder")))
        return self._statuses[table]

    def status(self, table: str, flag: str, wanted: str, *, on: bool = True) -> str:
        """Return ``wanted`` where it is a value with that flag, else the first that is one, else ``wanted``."""
        fits = [str(s["ApiName"]) for s in self.statuses(table) if bool(s.get(flag)) is on and s.get("IsActive", True)]
        return wanted if wanted in fits or not fits else fits[0]


def fitted(whole: ObjectMap, columns: Columns) -> ObjectMap:
    """Return a map without the fields, key and data that the object lacks; values still offered come first."""
    kept = {code: _field(one, columns) for code, one in whole.fields.items() if _there(one.remote, columns)}
    key = columns.get(whole.key)
    return replace(
        whole,
        fields=kept,
        key=whole.key if key is not None and key.key and key.createable else "",
        data=whole.data if whole.data in columns else "",
    )


def _there(names: Iterable[str], columns: Columns) -> bool:
    return all(name in columns or "." in name for name in names)


def _field(one: FieldMap, columns: Columns) -> FieldMap:
    column = columns.get(one.remote[0])
    if column is None or not (column.createable or column.updateable):
        return replace(one, direction="in") if one.reads else one
    if not one.values or not column.values:
        return one
    offered = {value for value, _ in column.values}
    first = {theirs: ours for theirs, ours in one.values.items() if theirs in offered}
    return replace(one, values={**first, **one.values})


def described(of: ObjectMap, columns: Columns) -> list[FieldInfo]:
    """Return the fields of ours that the organisation holds, under our codes and its labels."""
    found = []
    for code, one in of.fields.items():
        column = columns.get(one.remote[0])
        if column is None:
            continue
        spec = LEAD_FIELDS.get(code) or COMPANY_FIELDS.get(code)
        kind = spec.kind if spec is not None else column.info().kind
        choices = tuple((one.values.get(value, value), label) for value, label in column.values)
        required = any(columns[name].required for name in one.remote if name in columns)
        found.append(FieldInfo(code, column.label, kind, required, one.writes, choices))
    return found
