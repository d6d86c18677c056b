"""Reading what changed: windows over ``write_date``, whole seconds, drained by id where one second holds many.

What was measured on 19.0 and is met here. Outside, ``write_date`` has whole seconds and is compared by them; inside it
has microseconds. ``> last`` therefore means "a second later": rows of the same second never come. So pages begin with
``>=``, never end within a second, and a second that fills a page by itself is drained by id. A stamp is the start of
its transaction: a row may appear behind the mark, by as much as the longest transaction takes. So every window begins
``overlap`` before the mark, and the lists of ids and versions are compared besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from isdesk.crm.converting import instant
from isdesk.crm.odoo.rpc import Rpc, stamp
from isdesk.crm.windows import Window, begin

Record = Mapping[str, Any]
Domain = Sequence[Any]

_SECOND: Final = timedelta(seconds=1)
_BEGUN: Final = "0"


@dataclass(frozen=True, slots=True)
class Source:
    """What is read: ``filtered`` marks a model whose searches lose rows *after* the limit was applied (mail.message:
    the rows that we may not see), so that a short page does not mean the end.
    """

    model: str
    domain: Domain
    fields: Sequence[str]
    filtered: bool = False


def read(rpc: Rpc, source: Source, window: Window, limit: int, overlap_s: float) -> tuple[list[Record], Window, bool]:
    """Return the next page of a window, where the next one begins, and whether there is more in this window."""
    window = begin(window, rpc.server_now(), overlap_s=overlap_s, bounded=False)
    if window.last:
        return _drain(rpc, source, window, limit)
    start = window.at or window.start
    since = [["write_date", ">=", _text(start)]] if start else []
    found = _search(rpc, source, since, "write_date, id", limit)
    if len(found) <= limit:
        return found, _closed(rpc, window, found, overlap_s), False
    second = str(found[limit]["write_date"])
    whole = [one for one in found[:limit] if one["write_date"] != second]
    onward = replace(window, at=second, last="" if whole else _BEGUN, top=_top(window, whole))
    return (whole, onward, True) if whole else _drain(rpc, source, onward, limit)


def _drain(rpc: Rpc, source: Source, window: Window, limit: int) -> tuple[list[Record], Window, bool]:
    """Return the next rows of one second, in the order of their ids."""
    after = _moment(window.at) + _SECOND
    within = [
        ["write_date", ">=", _text(window.at)],
        ["write_date", "<", stamp(after)],
        ["id", ">", int(window.last)],
    ]
    found = _search(rpc, source, within, "id", limit)
    rows = found[:limit]
    onward = replace(window, top=_top(window, rows))
    if len(found) > limit:
        return rows, replace(onward, last=str(rows[-1]["id"])), True
    return rows, replace(onward, at=stamp(after), last=""), True


def _search(rpc: Rpc, source: Source, more: Domain, order: str, limit: int) -> list[Record]:
    """Return up to ``limit`` + 1 records; fewer only where there are no more that we may see."""
    domain = [*source.domain, *more]
    fields = ["write_date", *source.fields]
    found: list[Record] = rpc.read(
        source.model, "search_read", domain=domain, fields=fields, order=order, limit=limit + 1
    )
    if len(found) > limit or not source.filtered:
        return found
    ids: list[int] = rpc.read(source.model, "search", domain=domain, order=order)
    if len(ids) <= len(found):
        return found
    wanted = ids[: limit + 1]
    by_id = {one["id"]: one for one in rpc.read(source.model, "read", ids=wanted, fields=fields)}
    return [by_id[one] for one in wanted if one in by_id]


def _closed(rpc: Rpc, window: Window, rows: Sequence[Record], overlap_s: float) -> Window:
    """Return the window read to its end: the mark is the newest stamp seen.

    It follows the server's clock at twice the overlap, so that the last burst of changes is not read for ever; the
    second overlap is for a web server and a database that do not agree about the time.
    """
    settled = stamp(rpc.server_now() - timedelta(seconds=overlap_s))
    top = _top(window, rows)
    return Window(high=max((mark for mark in (window.high, top, settled) if mark), key=_moment))


def _top(window: Window, rows: Sequence[Record]) -> str:
    stamps = [window.top, *(str(one["write_date"]) for one in rows)]
    return max((one for one in stamps if one), key=_moment, default="")


def _text(at: str) -> str:
    return stamp(_moment(at))


def _moment(said: str) -> datetime:
    at = instant(said)
    if at is None:
        raise ValueError(said)
    return at
