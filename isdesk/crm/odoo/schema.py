"""What this Odoo has: fields and their types, named records (stages, tags), activity types; asked, never assumed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from isdesk.crm.converting import STANDARD, instant
from isdesk.crm.mapping import FieldMap, FieldMapping, ObjectMap
from isdesk.crm.odoo.rpc import Refusal, Rpc, stamp
from isdesk.crm.port import FieldInfo, Thing
from isdesk.domain.changes import Value
from isdesk.domain.fields import Kind

MODELS: Final = {
    Thing.LEAD: "crm.lead",
    Thing.COMPANY: "res.partner",
    Thing.MEMBER: "res.users",
    Thing.TOUCH: "mail.message",
    Thing.TRANSITION: "mail.message",
}
CONVERTERS: Final = {**STANDARD, "relation": STANDARD["text"], "relation_id": STANDARD["text"]}
"""``relation``: a linked record by its name (its number where ``values`` names that); ``relation_id``: its number."""

_KINDS: Final = {
    "boolean": Kind.BOOL,
    "date": Kind.DATE,
    "datetime": Kind.DATETIME,
    "float": Kind.INT,
    "html": Kind.LONG_TEXT,
    "integer": Kind.INT,
    "many2one": Kind.CHOICE,
    "monetary": Kind.INT,
    "selection": Kind.CHOICE,
    "text": Kind.LONG_TEXT,
}
_LISTS: Final = frozenset({"crm.stage", "crm.lost.reason", "utm.source", "utm.campaign", "utm.medium"})
_MADE: Final = frozenset({"utm.campaign", "utm.medium", "utm.source"})
"""Lists that grow as they are used: a word that is not there yet is added, where the person may."""
_MOST_CHOICES: Final = 100
_NUMBERS: Final = frozenset({"integer", "float", "monetary"})
_ATTRIBUTES: Final = ("string", "type", "required", "readonly", "selection", "relation")


class Unchoosable(Exception):
    """A choice that this Odoo does not have. ``code`` is our field."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Schema:
    """Answers questions about the models; keeps what it heard for as long as the connection lives."""

    def __init__(self, rpc: Rpc, mapping: FieldMapping) -> None:
        self._rpc = rpc
        self._mapping = mapping
        self._fields: dict[str, dict[str, dict[str, Any]]] = {}
        self._maps: dict[Thing, ObjectMap] = {}
        self._named: dict[tuple[str, str], int] = {}
        self._tags: dict[int, str] = {}
        self._plans: dict[str, tuple[ObjectMap, list[tuple[str, str, frozenset[str] | None]]]] = {}
        self._types: list[dict[str, Any]] | None = None
        self._writable: dict[str, bool] = {}

    def fields(self, model: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the fields of a model as ``fields_get`` says them."""
        if model not in self._fields:
            self._fields[model] = self._rpc.read(model, "fields_get", attributes=list(_ATTRIBUTES))
        return self._fields[model]

    def forget(self) -> None:
        """Ask for everything anew: an administrator may have changed it."""
        self._fields.clear()
        self._maps.clear()
        self._named.clear()
        self._tags.clear()
        self._writable.clear()
        self._types = None

    def map_of(self, thing: Thing) -> ObjectMap:
        """Return the field map of ``thing`` without what this Odoo does not have."""
        if thing not in self._maps:
            here = self.fields(MODELS[thing])
            whole = self._mapping.of(thing)
            kept = {code: one for code, one in whole.fields.items() if all(name in here for name in one.remote)}
            self._maps[thing] = replace(whole, fields=kept)
        return self._maps[thing]

    def missing(self, thing: Thing) -> list[str]:
        """Return the codes that the map knows and this Odoo has no field for."""
        return [code for code in self._mapping.of(thing).fields if code not in self.map_of(thing).fields]

    def known_map(self, thing: Thing) -> ObjectMap:
        """Return the field map as far as is known without asking."""
        return self._maps.get(thing, self._mapping.of(thing))

    def described(self, model: str) -> list[FieldInfo]:
        """Return the fields of a model for a person who maps them."""
        return [
            FieldInfo(
                code=name,
                label=str(one.get("string") or name),
                kind=_KINDS.get(str(one.get("type")), Kind.TEXT),
                required=bool(one.get("required")),
                writable=not one.get("readonly"),
                choices=self._choices(one),
            )
            for name, one in sorted(self.fields(model).items())
            if one.get("type") not in {"one2many", "many2many", "binary", "properties", "json"}
        ]

    def _choices(self, info: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return the choices of a field; of a linked record by name, as a map names them, where these are few lists."""
        relation = str(info.get("relation") or "")
        if relation not in _LISTS:
            return tuple((str(key), str(label)) for key, label in info.get("selection") or ())
        found = self._rpc.read(relation, "search_read", domain=[], fields=["name"], order="id", limit=_MOST_CHOICES)
        return tuple((str(one["name"]), str(one["name"])) for one in found)

    def activity_types(self) -> Sequence[Mapping[str, Any]]:
        """Return the kinds of activities (number, name, category, icon)."""
        if self._types is None:
            self._types = self._rpc.read(
                "mail.activity.type", "search_read", domain=[], fields=["name", "category", "icon"], order="id"
            )
        return self._types

    def may(self, model: str, operation: str) -> bool:
        """Return whether we may do this to a model, False where the model is not there."""
        key = f"{model}/{operation}"
        if key not in self._writable:
            try:
                self._writable[key] = bool(self._rpc.asked(model, "has_access", ids=[], operation=operation))
            except Refusal:
                self._writable[key] = False
        return self._writable[key]

    def named(self, model: str, name: str) -> int | None:
        """Return the record of that name, None where there is none."""
        key = (model, name)
        if key not in self._named:
            found = self._rpc.read(model, "search", domain=[["name", "=", name]], limit=1, order="id")
            if not found:
                return None  # somebody may make it the next moment
            self._named[key] = int(found[0])
        return self._named[key]

    def learn_tags(self, ids: Iterable[int]) -> None:
        """Ask for the names of tags that are not known yet, all at once."""
        wanted = sorted({*ids} - self._tags.keys())
        if wanted:
            found = self._rpc.read("crm.tag", "search_read", domain=[["id", "in", wanted]], fields=["name"])
            self._tags |= {one["id"]: str(one["name"]) for one in found}

    def tagged(self, ids: Iterable[int], name: str) -> bool:
        """Return whether one of these tags (learnt before) has that name."""
        return any(self._tags.get(one) == name for one in ids)

    def tag(self, name: str) -> int:
        """Return the tag of that name, made where there is none. Raises `Refusal`."""
        return self.named_or_made("crm.tag", name)

    def named_or_made(self, model: str, name: str) -> int:
        """Return the record of that name, made where there is none. Raises `Refusal`."""
        found = self.named(model, name)
        if found is not None:
            return found
        try:
            made = int(self._rpc.write(model, "create", vals_list=[{"name": name}])[0])
        except Refusal:
            theirs = self.named(model, name)  # somebody made it this moment: such a name is there once
            if theirs is None:
                raise
            return theirs
        self._named[model, name] = made
        return made

    # ---------------------------------------------------------------------------------------------- values, both ways

    def flat(self, model: str, of: ObjectMap, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the mapped fields of a record: linked ones as the map wants them, what is empty left out."""
        plan = self._plans.get(model)
        if plan is None or plan[0] is not of:
            here = self.fields(model)
            steps = [
                (name, str(here[name].get("type")), _by_number(one))
                for one in of.fields.values()
                for name in one.remote
            ]
            plan = self._plans[model] = (of, steps)
        made = {}
        for name, kind, by_number in plan[1]:
            value = record.get(name)
            if value is None or (value is False and kind != "boolean"):
                continue
            if kind == "many2one":
                number = str(value[0])
                value = number if by_number is None or number in by_number else str(value[1])
            elif kind == "html":
                value = text_of(value)
            made[name] = value
        return made

    def values(self, model: str, of: ObjectMap, changes: Mapping[str, Value]) -> dict[str, Any]:
        """Return changes of ours as values for ``write``. Raises `Unchoosable`."""
        here = self.fields(model)
        made: dict[str, Any] = {}
        for code, value in changes.items():
            one = of.fields.get(code)
            if one is None or not one.writes:
                continue
            info = here[one.remote[0]]
            if code == "stage" and value in of.options.get("stage_tags", {}):
                continue
            if info.get("type") == "many2one":
                made[one.remote[0]] = self._linked(one, str(info.get("relation")), value)
                continue
            out = of.outward({code: value}, CONVERTERS)
            made |= {name: _odoo(here[name], said) for name, said in out.items()}
        return made

    def _linked(self, one: FieldMap, relation: str, value: Value) -> int | bool:
        if value in (None, ""):
            return False
        said = str(value)
        choices = [theirs for theirs, ours in one.values.items() if ours == said] or [said]
        for choice in choices:
            if choice.isdigit() and (one.convert == "relation_id" or one.values):
                return int(choice)
            found = self.named(relation, choice) if one.convert != "relation_id" else None
            if found is not None:
                return found
        if relation in _MADE:
            with suppress(Refusal):
                return self.named_or_made(relation, choices[0])
        raise Unchoosable(one.code)


def _by_number(one: FieldMap) -> frozenset[str] | None:
    """Return the linked records that the map names by their number, None where it does so with all."""
    return None if one.convert == "relation_id" else frozenset(one.values)


def _odoo(info: Mapping[str, Any], value: Any) -> Any:
    """Return a value as ``write`` takes it: False where it is empty."""
    kind = info.get("type")
    if kind == "boolean":
        return bool(value)
    if value is None or value == "":
        return False
    if kind == "datetime":
        at = instant(value)
        return stamp(at) if at is not None else False
    if kind == "html":
        return html_of(str(value))
    if kind in _NUMBERS:
        return value
    return str(value)


def cell(info: Mapping[str, Any], value: Any) -> tuple[str, Any]:
    """Return what a column of ``load`` is called beside the field's name, and a value of `Schema.values` in it."""
    kind = info.get("type")
    suffix = "/.id" if kind in {"many2one", "many2many"} else ""
    if kind == "boolean":
        return suffix, "1" if value else "0"
    return suffix, "" if value is False or value is None else str(value)


_BREAK: Final = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6])>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_INDENT: Final = re.compile(r"\s*\n\s*")
_BLANKS: Final = re.compile(r"(?m)^ |(?<= ) ")
_HARD: Final = "\xa0"
_SEAM: Final = "\0"


def text_of(markup: str) -> str:
    """Return the text of a piece of HTML, a line for each paragraph; how its source was laid out does not show."""
    lines = _TAG.sub("", _BREAK.sub("\n", _INDENT.sub(_SEAM, markup))).split("\n")
    plain = (" ".join(part for part in line.split(_SEAM) if part) for line in lines)
    return html.unescape("\n".join(plain)).replace(_HARD, " ").strip("\n")


def html_of(text: str) -> str:
    """Return text as a paragraph of HTML; blanks that HTML would run together are made hard."""
    plain = text.replace("\r\n", "\n").replace("\t", "    ")
    lines = html.escape(_BLANKS.sub(_HARD, plain), quote=False).split("\n")
    return f"<p>{'<br>'.join(lines)}</p>"
