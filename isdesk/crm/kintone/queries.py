"""The little of kintone's query language that is used (cybozu.dev, "クエリの書き方").

Equality with ``in`` is exact and immediate; ``like`` is a search by words in an index that lags, and is never used.
"""

from __future__ import annotations

from collections.abc import Iterable

from isdesk.crm.kintone.values import minute
from isdesk.crm.windows import Window


def text(value: str) -> str:
    """Return a value as text of a query; raw control characters are no query at all."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    plain = plain.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return f'"{plain}"'


def within(field: str, values: Iterable[str], *, no: bool = False) -> str:
    """Return the condition that a field is one of these; ``no``: that it is none of them."""
    return f"{field} {'not in' if no else 'in'} ({', '.join(text(one) for one in values)})"


def ids(values: Iterable[str]) -> str:
    """Return the condition that a record is one of these; what is no number is no record."""
    return f"$id in ({', '.join(one for one in values if one.isdigit()) or '0'})"


def joined(*conditions: str) -> str:
    """Return all conditions as one; empty ones are left out."""
    given = [one for one in conditions if one]
    return given[0] if len(given) == 1 else " and ".join(f"({one})" for one in given)


def page(window: Window, field: str, where: str, limit: int) -> str:
    """Return the query for the next page of a window: in the order (stamp, id), from the last one read."""
    if window.at:
        at = text(window.at)
        since = f"{field} > {at} or ({field} = {at} and $id > {window.last})"
    else:
        since = f"{field} >= {text(minute(window.start) or window.start)}" if window.start else ""
    condition = joined(since, where)
    return f"{condition} order by {field} asc, $id asc limit {limit}".strip()
