"""The field map of a connection: which field of the CRM holds which of ours, as data that a team can share (TOML).

::

    kind = "salesforce"

    [lead]
    object = "Lead"                     # the CRM's name of the object (an app's number in kintone)
    key = "Isdesk_Key__c"               # optional: where our id is kept
    data = "Isdesk_Data__c"             # optional: where the whole touch is kept as JSON
    [lead.fields]
    email = "Email"
    name = { field = ["LastName", "FirstName"], as = "person_name" }
    stage = { field = "Status", values = { "Open" = "new", "Working" = "contacting" } }
    need = { field = "Description", direction = "in" }

    [handoff]
    on = "accept"

Tables are named as `Thing` (``member`` … ``transition``) or ``handoff``; keys beside ``object``, ``key``, ``data`` and
``fields`` are options of the adapter. Values are the CRM's → ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from isdesk.crm import converting
from isdesk.domain.changes import Value
from isdesk.domain.errors import BadInput
from isdesk.domain.fields import COMPANY_FIELDS, LEAD_FIELDS
from isdesk.playbook.positions import scan, shown
from isdesk.playbook.sources import resources

DIRECTIONS: Final = ("both", "in", "out")
_KNOWN: Final = {"lead": LEAD_FIELDS, "contact": LEAD_FIELDS, "company": COMPANY_FIELDS}
_HEAD: Final = frozenset({"object", "key", "data", "fields"})

Fields = dict[str, Value]
Converters = Mapping[str, converting.Converter]


@dataclass(frozen=True, slots=True)
class FieldMap:
    """One field of ours (``code``) and the CRM's (``remote``, several where it splits one).

    ``convert`` names a `converting.Converter`; ``values`` translates choices, the CRM's → ours. ``direction``:
    ``both`` | ``in`` (only read) | ``out`` (only written).
    """

    code: str
    remote: tuple[str, ...]
    convert: str = "text"
    direction: str = "both"
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Return whether the CRM's value comes in."""
        return self.direction != "out"

    @property
    def writes(self) -> bool:
        """Return whether ours goes out."""
        return self.direction != "in"

    def remote_value(self, value: str) -> str:
        """Return the CRM's word for one of ours; the first of several, and our own where the map has none."""
        for theirs, ours in self.values.items():
            if ours == value:
                return theirs
        return value


@dataclass(frozen=True, slots=True)
class ObjectMap:
    """One kind of record: the CRM's ``object``, where our id (``key``) and our data are kept, the fields, options."""

    thing: str
    object: str = ""
    key: str = ""
    data: str = ""
    fields: Mapping[str, FieldMap] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def carried(self) -> frozenset[str]:
        """Return the codes of ours that the CRM holds."""
        return frozenset(code for code, one in self.fields.items() if one.reads)

    def remote_names(self) -> tuple[str, ...]:
        """Return every field of the CRM that is read, each once, in the order of the map."""
        return tuple(dict.fromkeys(name for one in self.fields.values() if one.reads for name in one.remote))

    def without(self, remote: str) -> ObjectMap:
        """Return the map without what stands in a field that the CRM no longer has."""
        return replace(self, fields={c: one for c, one in self.fields.items() if remote not in one.remote})

    def inward(self, record: Mapping[str, Any], converters: Converters = converting.STANDARD) -> Fields:
        """Return a record of the CRM in our codes; what is empty is left out. A value that cannot be read is too."""
        found: Fields = {}
        for code, one in self.fields.items():
            if one.direction == "out":
                continue
            remote = one.remote
            if len(remote) == 1:
                said = record.get(remote[0])
                if said is None or said == "":
                    continue
                value = converters[one.convert].read((said,))
            else:
                value = converters[one.convert].read(tuple(map(record.get, remote)))
            if one.values and isinstance(value, str):
                value = one.values.get(value, value)
            if value is not None and value != "" and value is not False:
                found[code] = value
        return found

    def outward(self, payload: Mapping[str, Value], converters: Converters = converting.STANDARD) -> dict[str, Any]:
        """Return changes of ours (None: cleared) in the CRM's fields; what it does not hold is left out."""
        made: dict[str, Any] = {}
        for code, value in payload.items():
            one = self.fields.get(code)
            if one is None or one.direction == "in":
                continue
            said = one.remote_value(value) if one.values and isinstance(value, str) else value
            written = converters[one.convert].write(said, len(one.remote))
            if len(one.remote) == 1:
                made[one.remote[0]] = written[0]
            else:
                made.update(zip(one.remote, written, strict=True))
        return made


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The whole map of a connection."""

    kind: str
    objects: Mapping[str, ObjectMap]
    text: str = ""

    def of(self, thing: str) -> ObjectMap:
        """Return the map of one kind of record; an empty one where the text names none."""
        found = self.objects.get(thing)
        return ObjectMap(thing) if found is None else found

    def option(self, table: str, name: str, default: Any = None) -> Any:
        """Return an option of a table."""
        return self.of(table).options.get(name, default)


def shipped(kind: str) -> str:
    """Return the text of the map that comes with the program for this CRM."""
    return (resources() / "mappings" / f"{kind}.toml").read_text(encoding="utf-8")


def load(path: Path, kind: str) -> FieldMapping:
    """Read a map from a file. Raises BadInput with line and key."""
    try:
        return loads(path.read_text(encoding="utf-8-sig"), kind)
    except (OSError, UnicodeDecodeError):
        raise BadInput("field_map_unreadable", file=path.name) from None


def loads(text: str, kind: str, converters: Converters = converting.STANDARD) -> FieldMapping:
    """Return the map that ``text`` says.

    Raises BadInput: ``field_map_syntax`` (line), ``field_map_kind`` (of another CRM), ``field_map_wrong`` (line, key).
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput("field_map_syntax", line=getattr(error, "lineno", 0) or _line(str(error))) from None
    if tree.get("kind") != kind:
        raise BadInput("field_map_kind", kind=str(tree.get("kind", "")), wanted=kind)
    wrong = _Wrong(text)
    objects = {name: _object(name, table, wrong, converters) for name, table in tree.items() if isinstance(table, dict)}
    return FieldMapping(kind, objects, text)


class _Wrong:
    def __init__(self, text: str) -> None:
        self._text = text

    def at(self, *path: str) -> BadInput:
        where = scan(self._text).get(path)
        return BadInput("field_map_wrong", line=where.line if where is not None else 0, key=shown(path))


def _object(name: str, table: Mapping[str, Any], wrong: _Wrong, converters: Converters) -> ObjectMap:
    head = {part: table.get(part, "") for part in ("object", "key", "data")}
    for part, value in head.items():
        if not isinstance(value, str):
            raise wrong.at(name, part)
    fields = table.get("fields", {})
    if not isinstance(fields, dict):
        raise wrong.at(name, "fields")
    made = {code: _field(name, code, said, wrong, converters) for code, said in fields.items()}
    options = {key: value for key, value in table.items() if key not in _HEAD}
    return ObjectMap(name, **head, fields=made, options=options)


def _field(name: str, code: str, said: Any, wrong: _Wrong, converters: Converters) -> FieldMap:
    if isinstance(said, str):
        said = {"field": said}
    remote = said.get("field") if isinstance(said, dict) else None
    remotes = tuple(remote) if isinstance(remote, list) else (remote,)
    if not isinstance(said, dict) or not remotes or not all(isinstance(r, str) and r for r in remotes):
        raise wrong.at(name, "fields", code)
    known = _KNOWN.get(name, {}).get(code)
    convert = said.get("as") or (converting.usual(known.kind) if known is not None else "text")
    direction, values = said.get("direction", "both"), said.get("values", {})
    if convert not in converters or direction not in DIRECTIONS or not isinstance(values, dict):
        raise wrong.at(name, "fields", code)
    return FieldMap(code, remotes, convert, direction, {str(k): str(v) for k, v in values.items()})


def _line(words: str) -> int:
    _, found, rest = words.partition("at line ")
    number = rest.split(",")[0].strip(")") if found else ""
    return int(number) if number.isdigit() else 0


def dumps(mapping: FieldMapping) -> str:
    """Return a map as TOML text that `loads` reads back to the same."""
    lines = [f"kind = {_text(mapping.kind)}"]
    for name, of in mapping.objects.items():
        lines += ["", f"[{name}]"]
        lines += [f"{part} = {_text(value)}" for part in ("object", "key", "data") if (value := getattr(of, part))]
        lines += [f"{key} = {_value(value)}" for key, value in of.options.items()]
        if of.fields:
            lines += [f"[{name}.fields]", *(f"{_key(one.code)} = {_said(one)}" for one in of.fields.values())]
    return "\n".join(lines) + "\n"


def _said(one: FieldMap) -> str:
    remote = _text(one.remote[0]) if len(one.remote) == 1 else _value(list(one.remote))
    parts = [f"field = {remote}", f"as = {_text(one.convert)}"]
    parts += [f"direction = {_text(one.direction)}"] if one.direction != "both" else []
    parts += [f"values = {_value(dict(one.values))}"] if one.values else []
    return f"{{ {', '.join(parts)} }}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_text(str(k))} = {_value(v)}' for k, v in value.items())} }}" if value else "{}"
    return _text(str(value))


def _text(value: str) -> str:
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'


def _key(code: str) -> str:
    return code if code.replace("_", "").replace("-", "").isalnum() and code.isascii() else _text(code)
