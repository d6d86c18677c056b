"""The part of Odoo's ORM that the adapter meets: fields, domains, whole seconds outside and microseconds inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

STAMP = "%Y-%m-%d %H:%M:%S"
Values = dict[str, Any]


class Refused(Exception):
    """An error of Odoo: ``name`` as JSON-2 says it, and the status that it comes with."""

    def __init__(self, name: str, message: str, status: int) -> None:
        super().__init__(message)
        self.name, self.message, self.status = name, message, status


def wrong_value(message: str) -> Refused:
    """Return what an unknown field or a wrong choice is: a client's error that comes as the server's."""
    return Refused("builtins.ValueError", message, 500)


def missing(model: str, number: object) -> Refused:
    """Return what a record that is not there is."""
    return Refused(
        "odoo.exceptions.MissingError", f"Record does not exist or has been deleted.\n({model}({number},))", 404
    )


def forbidden(message: str) -> Refused:
    """Return what lacking rights are."""
    return Refused("odoo.exceptions.AccessError", f"You are not allowed to {message}", 403)


def invalid(message: str) -> Refused:
    """Return what a broken rule is."""
    return Refused("odoo.exceptions.ValidationError", message, 422)


@dataclass
class Field:
    """A field of a model. ``made`` computes it; ``relation`` names the linked model."""

    type: str = "char"
    label: str = ""
    relation: str = ""
    required: bool = False
    readonly: bool = False
    selection: tuple[tuple[str, str], ...] = ()
    made: Callable[[Values], Any] | None = None


@dataclass
class Model:
    """A model with its records by number. ``shut``: operations that a sales user may not do."""

    name: str
    fields: dict[str, Field]
    shut: frozenset[str] = frozenset()
    records: dict[int, Values] = field(default_factory=dict)
    last: int = 0
    hidden: set[int] = field(default_factory=set)

    def field(self, name: str) -> Field:
        """Return a field; raises what Odoo says of one that it has not."""
        if name not in self.fields:
            raise wrong_value(f"Invalid field '{name}' in '{self.name}'")
        return self.fields[name]

    def value(self, record: Values, name: str) -> Any:
        """Return a value as it is inside."""
        one = self.field(name)
        return one.made(record) if one.made is not None else record.get(name, False)

    def add(self, values: Values) -> Values:
        """Keep a record under the next number."""
        self.last += 1
        record = {"id": self.last, "active": True, **values}
        self.records[self.last] = record
        return record

    def get(self, number: int) -> Values:
        """Return a record; raises where it is not there."""
        found = self.records.get(number)
        if found is None or number in self.hidden:
            raise missing(self.name, number)
        return found


def base_fields() -> dict[str, Field]:
    """Return the fields that every model has."""
    return {
        "id": Field("integer", "ID", readonly=True),
        "active": Field("boolean", "Active"),
        "create_date": Field("datetime", "Created on", readonly=True),
        "write_date": Field("datetime", "Last Updated on", readonly=True),
        "create_uid": Field("many2one", "Created by", "res.users", readonly=True),
        "write_uid": Field("many2one", "Last Updated by", "res.users", readonly=True),
    }


def shown(value: Any) -> Any:
    """Return a value as it is outside: instants in whole seconds, nothing as False."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return False if value is None else value


# ------------------------------------------------------------------------------------------------------------- domains

Test = Callable[[Values], bool]


def matching(model: Model, domain: Sequence[Any], reach: Callable[[Values, str], Iterable[Any]]) -> Test:
    """Return the test that a domain (prefix notation) stands for. ``reach`` follows a dotted path."""
    terms = list(domain)
    tests: list[Test] = []
    while terms:
        by_number = isinstance(terms[0], list) and terms[0][0] == "id"
        tests.insert(0 if by_number else len(tests), _term(model, terms, reach))
    return lambda record: all(test(record) for test in tests)


def _term(model: Model, terms: list[Any], reach: Callable[[Values, str], Iterable[Any]]) -> Test:
    head = terms.pop(0)
    if head == "!":
        inner = _term(model, terms, reach)
        return lambda record: not inner(record)
    if head in ("|", "&"):
        one, other = _term(model, terms, reach), _term(model, terms, reach)
        if head == "|":
            return lambda record: one(record) or other(record)
        return lambda record: one(record) and other(record)
    name, operator, wanted = head
    if "." in name:
        model.field(name.partition(".")[0])
        return lambda record: any(compared(found, operator, wanted) for found in reach(record, name))
    model.field(name)
    return lambda record: compared(model.value(record, name), operator, wanted)


def compared(value: Any, operator: str, wanted: Any) -> bool:
    """Compare as Odoo 19 does: instants by whole seconds, lists by any."""
    value = shown(value)
    if isinstance(value, list) and operator == "in":
        return bool(set(value) & set(wanted))
    match operator:
        case "=":
            return bool(value == wanted)
        case "!=":
            return bool(value != wanted)
        case "in":
            return value in wanted
        case "like":
            return wanted.casefold() in str(value or "").casefold()
        case ">=" | ">" | "<" | "<=":
            return _ordered(value, operator, wanted)
    raise wrong_value(f"Invalid operator {operator!r}")


def _ordered(value: Any, operator: str, wanted: Any) -> bool:
    if value is False:
        return False
    return bool({">=": value >= wanted, ">": value > wanted, "<": value < wanted, "<=": value <= wanted}[operator])


def ordered(model: Model, records: Iterable[Values], order: str, limit: int | None) -> list[Values]:
    """Return the first records in an order (``write_date, id``), instants by their microseconds."""
    if order == "id":  # numbers are given in order, and records are kept by them
        return list(islice(records, limit))
    found = list(records)
    for part in reversed([one.split() for one in (order or "id").split(",")]):
        model.field(part[0])
        found.sort(key=lambda one: _key(one.get(part[0])), reverse=part[-1].lower() == "desc")
    return found[:limit]


def _key(value: Any) -> tuple[int, Any]:
    return (0, 0) if value in (None, False) else (1, value)


def needed(model: Model, values: Mapping[str, Any], *, new: bool) -> None:
    """Raise where a required field is empty."""
    for name, one in model.fields.items():
        if one.required and (new or name in values) and values.get(name) in (None, False, ""):
            raise invalid(
                "The operation cannot be completed: Missing required value for the field "
                f"'{one.label or name}' ({name}).\nModel: ({model.name})"
            )
