"""The query language of kintone's records, as far as its documentation and measurements tell (cybozu.dev)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\\n\r\t]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)(?![\w$])|(?P<op>>=|<=|!=|=|>|<)'
    r"|(?P<punct>[(),])|(?P<word>[^\s\"(),=<>!]+))"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
EQUAL = {"=", "!="}
ORDER = {">", "<", ">=", "<="}
AMONG = {"in", "not in"}
OPERATORS: dict[str, set[str]] = {
    "__ID__": EQUAL | ORDER | AMONG,
    "RECORD_NUMBER": EQUAL | ORDER | AMONG,
    "SINGLE_LINE_TEXT": EQUAL | AMONG,
    "LINK": EQUAL | AMONG,
    "NUMBER": EQUAL | ORDER | AMONG,
    "DATE": EQUAL | ORDER,
    "DATETIME": EQUAL | ORDER,
    "CREATED_TIME": EQUAL | ORDER,
    "UPDATED_TIME": EQUAL | ORDER,
    "DROP_DOWN": AMONG,
    "RADIO_BUTTON": AMONG,
    "CHECK_BOX": AMONG,
    "MULTI_SELECT": AMONG,
    "USER_SELECT": AMONG,
    "CREATOR": AMONG,
}


class Wrong(Exception):
    """The query is none: kintone's code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(slots=True)
class Query:
    """A query read: which records, in which order, how many, from where."""

    test: Callable[[Mapping[str, Any]], bool] = lambda record: True
    order: list[tuple[str, bool]] = field(default_factory=list)
    limit: int = 100
    offset: int = 0


class _Reader:
    def __init__(self, text: str, types: Mapping[str, str]) -> None:
        self.types = types
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise Wrong("CB_VA01", "クエリ記法が間違っています。")
            kind = found.lastgroup or ""
            self.tokens.append((kind, found.group(kind)))
            at = found.end()
        self.at = 0

    def peek(self, *words: str) -> bool:
        here = [value.casefold() for _, value in self.tokens[self.at : self.at + len(words)]]
        return here == list(words)

    def take(self, *words: str) -> bool:
        if self.peek(*words):
            self.at += len(words)
            return True
        return False

    def next(self, *kinds: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] not in kinds:
            raise Wrong("CB_VA01", "クエリ記法が間違っています。")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def any_of(self) -> Callable[[Mapping[str, Any]], bool]:
        parts = [self.all_of()]
        while self.take("or"):
            parts.append(self.all_of())
        return lambda record: any(part(record) for part in parts)

    def all_of(self) -> Callable[[Mapping[str, Any]], bool]:
        parts = [self.one()]
        while self.take("and"):
            parts.append(self.one())
        return lambda record: all(part(record) for part in parts)

    def one(self) -> Callable[[Mapping[str, Any]], bool]:
        if self.take("("):
            inner = self.any_of()
            if not self.take(")"):
                raise Wrong("CB_VA01", "クエリ記法が間違っています。")
            return inner
        code = self.next("word")
        kind = self.kind(code)
        operator = "not in" if self.take("not", "in") else "in" if self.take("in") else self.next("op")
        if operator not in OPERATORS.get(kind, set()):
            raise Wrong("GAIA_IQ03", f"{code}フィールドのフィールドタイプには演算子{operator}を使用できません。")
        if operator in AMONG:
            return _among(code, self.values(), no=operator == "not in")
        return _compared(code, kind, operator, self.value())

    def kind(self, code: str) -> str:
        if code == "$id":
            return "__ID__"
        if code not in self.types:
            raise Wrong("GAIA_IQ11", f"指定されたフィールド({code})が見つかりません。")
        return self.types[code]

    def values(self) -> set[str]:
        if not self.take("("):
            raise Wrong("CB_VA01", "クエリ記法が間違っています。")
        found = {self.value()}
        while self.take(","):
            found.add(self.value())
        if not self.take(")"):
            raise Wrong("CB_VA01", "クエリ記法が間違っています。")
        return found

    def value(self) -> str:
        said = self.next("text", "number")
        if not said.startswith('"'):
            return said
        return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m.group(1), m.group(1)), said[1:-1])


def _said(record: Mapping[str, Any], code: str) -> set[str]:
    value = record.get(code)
    if isinstance(value, list):
        return {str(one.get("code") if isinstance(one, dict) else one) for one in value} or {""}
    if isinstance(value, dict):
        return {str(value.get("code"))}
    return {"" if value is None else str(value)}


def _among(code: str, values: set[str], *, no: bool) -> Callable[[Mapping[str, Any]], bool]:
    return lambda record: bool(_said(record, code) & values) is not no


def _key(kind: str, value: Any) -> Any:
    if kind in {"__ID__", "NUMBER", "RECORD_NUMBER"}:
        return float(value) if value not in (None, "") else float("-inf")
    if kind in {"UPDATED_TIME", "CREATED_TIME", "DATETIME"} and value:
        return str(value).replace("+00:00", "Z")[:16]
    return "" if value is None else str(value)


def _compared(code: str, kind: str, operator: str, value: str) -> Callable[[Mapping[str, Any]], bool]:
    wanted = _key(kind, value)
    tests: dict[str, Callable[[Any], bool]] = {
        "=": lambda here: here == wanted,
        "!=": lambda here: here != wanted,
        ">": lambda here: here > wanted,
        "<": lambda here: here < wanted,
        ">=": lambda here: here >= wanted,
        "<=": lambda here: here <= wanted,
    }
    test = tests[operator]
    return lambda record: test(_key(kind, record.get(code)))


def read(text: str, types: Mapping[str, str]) -> Query:
    """Read a query. ``types``: the app's fields. Raises Wrong."""
    reader = _Reader(text, types)
    query = Query()
    if reader.tokens and not (reader.peek("order", "by") or reader.peek("limit") or reader.peek("offset")):
        query.test = reader.any_of()
    if reader.take("order", "by"):
        while True:
            code = reader.next("word")
            reader.kind(code)
            query.order.append((code, bool(reader.take("desc")) or (reader.take("asc") and False)))
            if not reader.take(","):
                break
    if reader.take("limit"):
        query.limit = int(reader.next("number"))
    if reader.take("offset"):
        query.offset = int(reader.next("number"))
    if reader.at != len(reader.tokens):
        raise Wrong("CB_VA01", "クエリ記法が間違っています。")
    if query.limit > 500:
        raise Wrong("GAIA_QU01", "limit には 500 以下の値を指定してください。")
    if query.offset > 10_000:
        raise Wrong("GAIA_QU02", "offset には 10,000 以下の値を指定してください。")
    return query


def sort_key(code: str, types: Mapping[str, str]) -> Callable[[Mapping[str, Any]], Any]:
    """Return what a field is ordered by."""
    kind = "__ID__" if code == "$id" else types.get(code, "")
    return lambda record: _key(kind, record.get(code))
