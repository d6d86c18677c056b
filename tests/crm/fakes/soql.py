"""A strict reader of the part of SOQL that is used: what it does not know is MALFORMED_QUERY, as with the vendor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<at>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<mark>!=|>=|<=|[=<>(),]))"
)
ESCAPE = re.compile(r"\\(.)")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
NO_INNER = {"Task", "Event"}

Record = dict[str, Any]
Test = Callable[[Record], bool]


class SoqlError(Exception):
    """A query that the vendor would refuse."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def malformed(words: str) -> SoqlError:
    return SoqlError("MALFORMED_QUERY", words)


@dataclass
class Query:
    """A query as it was read; ``where`` tests a record."""

    fields: list[str]
    table: str
    where: Test = lambda record: True
    order: list[tuple[str, bool]] = field(default_factory=list)
    limit: int | None = None

    @property
    def counts(self) -> bool:
        return self.fields == ["count()"]


@dataclass
class Parser:
    """Reads one query. ``column`` checks a field (table, path, filtered?); ``inner`` runs a sub-select."""

    text: str
    column: Callable[[str, str, bool], None]
    value: Callable[[Record, str], Any]
    inner: Callable[[Query], set[Any]]
    at: int = 0
    tokens: list[tuple[str, str]] = field(default_factory=list)
    joins: int = 0

    def __post_init__(self) -> None:
        if len(self.text) > 100_000:
            raise malformed("SOQL statement too long")
        where = 0
        while where < len(self.text):
            found = TOKEN.match(self.text, where)
            if found is None:
                if not self.text[where:].strip():
                    break
                raise malformed(f"unexpected character at {where}")
            where = found.end()
            kind = str(found.lastgroup)
            self.tokens.append((kind, found[kind]))

    def read(self) -> Query:
        query = self.select(depth=0)
        if self.at != len(self.tokens):
            raise malformed(f"unexpected token: {self.tokens[self.at][1]}")
        return query

    # ------------------------------------------------------------------------------------------------------- grammar

    def select(self, depth: int) -> Query:
        self.word("SELECT")
        fields = [self.path()]
        if fields == ["count"]:
            self.mark("(")
            self.mark(")")
            fields = ["count()"]
        while self.sees(","):
            self.mark(",")
            fields.append(self.path())
        if len(set(map(str.lower, fields))) != len(fields):
            raise malformed("duplicate field selected")
        self.word("FROM")
        query = Query(fields, self.path())
        for name in fields if fields != ["count()"] else ():
            self.column(query.table, name, False)
        if depth and query.table in NO_INNER:
            raise malformed(f"Entity '{query.table}' is not supported for semi join inner selects")
        if self.sees_word("WHERE"):
            self.word("WHERE")
            query.where = self.condition(query.table, depth, top=True)
        if self.sees_word("ORDER"):
            self.word("ORDER")
            self.word("BY")
            query.order = [self.ordering(query.table)]
            while self.sees(","):
                self.mark(",")
                query.order.append(self.ordering(query.table))
        if self.sees_word("LIMIT"):
            self.word("LIMIT")
            query.limit = int(self.take("number"))
        return query

    def ordering(self, table: str) -> tuple[str, bool]:
        name = self.path()
        self.column(table, name, True)
        down = self.sees_word("DESC")
        if down or self.sees_word("ASC"):
            self.at += 1
        return name, down

    def condition(self, table: str, depth: int, *, top: bool) -> Test:
        tests = [self.term(table, depth, top=top)]
        joint = ""
        while self.sees_word("AND") or self.sees_word("OR"):
            word = self.tokens[self.at][1].upper()
            if joint and word != joint:
                raise malformed("AND and OR need parentheses")
            joint = word
            self.at += 1
            if joint == "OR" and top and self.joins:
                raise malformed("Semi join sub-selects are not allowed with OR")
            tests.append(self.term(table, depth, top=top and joint == "AND"))
        if joint == "OR":
            return lambda r: any(test(r) for test in tests)
        return lambda r: all(test(r) for test in tests)

    def term(self, table: str, depth: int, *, top: bool) -> Test:
        if self.sees_word("NOT"):
            self.word("NOT")
            inner = self.term(table, depth, top=False)
            return lambda r: not inner(r)
        if self.sees("("):
            self.mark("(")
            inner = self.condition(table, depth, top=False)
            self.mark(")")
            return inner
        name = self.path()
        self.column(table, name, True)
        if self.sees_word("NOT") or self.sees_word("IN"):
            return self.membership(name, depth, top=top)
        if self.sees_word("LIKE"):
            self.word("LIKE")
            fits = pattern(self.take("text"))
            return lambda r: isinstance(v := self.value(r, name), str) and fits.fullmatch(v) is not None
        sign = self.take("mark")
        return compare(sign, self.literal(), lambda r: self.value(r, name), name)

    def membership(self, name: str, depth: int, *, top: bool) -> Test:
        absent = self.sees_word("NOT")
        if absent:
            self.word("NOT")
        self.word("IN")
        self.mark("(")
        if self.sees_word("SELECT"):
            self.joins += 1
            if not top or depth or self.joins > 2:
                raise malformed("Semi join sub-selects are only allowed at the top level WHERE expressions")
            query = self.select(depth + 1)
            if len(query.fields) != 1 or not (query.fields[0].endswith("Id")):
                raise malformed("a semi-join selects one id")
            found = self.inner(query)
        else:
            values = [self.literal()]
            while self.sees(","):
                self.mark(",")
                values.append(self.literal())
            found = {fold(v, name) for v in values}
        self.mark(")")
        return lambda r: (fold(self.value(r, name), name) in found) is not absent

    def literal(self) -> Any:
        kind, said = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "text":
            return unquoted(said)
        if kind == "at":
            return moment(said)
        if kind == "number":
            return float(said)
        if kind == "name" and said.lower() in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[said.lower()]
        raise malformed(f"unexpected token: {said}")

    # -------------------------------------------------------------------------------------------------------- tokens

    def take(self, kind: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            raise malformed("unexpected end" if self.at >= len(self.tokens) else self.tokens[self.at][1])
        self.at += 1
        return self.tokens[self.at - 1][1]

    def path(self) -> str:
        return self.take("name")

    def mark(self, sign: str) -> None:
        if self.take("mark") != sign:
            raise malformed(f"expecting {sign}")

    def word(self, said: str) -> None:
        if self.take("name").upper() != said:
            raise malformed(f"expecting {said}")

    def sees(self, sign: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == ("mark", sign)

    def sees_word(self, said: str) -> bool:
        return (
            self.at < len(self.tokens) and self.tokens[self.at][0] == "name" and self.tokens[self.at][1].upper() == said
        )


def unquoted(said: str) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] not in ESCAPES:
            raise malformed(f"invalid escape: \\{found[1]}")
        return ESCAPES[found[1]]

    return ESCAPE.sub(one, said[1:-1])


def pattern(said: str) -> re.Pattern[str]:
    made, inner, at = "", said[1:-1], 0
    while at < len(inner):
        c = inner[at]
        if c == "\\":
            at += 1
            made += re.escape(inner[at] if inner[at] in "%_" else ESCAPES[inner[at]])
        else:
            made += {"%": ".*", "_": "."}.get(c, re.escape(c))
        at += 1
    return re.compile(made, re.IGNORECASE | re.DOTALL)


def moment(said: str) -> datetime:
    text = said.replace("Z", "+00:00")
    text = text if ":" in text[-5:] or text[-6] in "+-" else f"{text[:-2]}:{text[-2:]}"
    return datetime.fromisoformat(text).astimezone(UTC)


def fold(value: Any, name: str) -> Any:
    """Text is compared without case, ids are not."""
    return value.casefold() if isinstance(value, str) and not name.endswith("Id") else value


def compare(sign: str, right: Any, left: Callable[[Record], Any], name: str) -> Test:
    wanted = fold(right, name)

    def test(record: Record) -> bool:
        value = left(record)
        if isinstance(right, datetime) and isinstance(value, str):
            value = moment(value)
        value = fold(value, name)
        if sign == "=":
            return bool(value == wanted)
        if sign == "!=":
            return bool(value != wanted)
        if value is None or wanted is None:
            return False
        return bool({"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[sign])

    return test
