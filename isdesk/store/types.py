"""Column types: instants, flags and JSON, each refusing what it cannot keep exactly."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from isdesk.domain.changes import Value
from isdesk.store.values import dumps, instant, loads_any, micros


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant as INTEGER microseconds since 1970 (UTC); a naive time raises ValueError."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


class Flag(TypeDecorator[bool]):
    """True or False as INTEGER 1 or 0 (a STRICT table knows no boolean)."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Json(TypeDecorator[Value]):
    """A JSON value as canonical TEXT; None is NULL."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Value, dialect: Dialect) -> str | None:
        return None if value is None else dumps(value)

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Value:
        return None if value is None else loads_any(value)
