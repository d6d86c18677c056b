"""The table of all leads: the keys by which it is filtered and sorted, read from indexes without going to the rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId, MemberId
from isdesk.store.indexing import BREAK
from isdesk.store.values import dumps

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

NOBODY = ""
"""As an owner: the leads that belong to nobody."""

_PLAIN = {"priority": "priority", "attempts": "attempts", "due": "action_due_at", "touched": "last_touch_at"}
_LINES = {"name": 0, "company": 2, "email": 4}
_FROM = "FROM lead WHERE 1"
_STAGES = f"SELECT stage, count(*) {_FROM}"
_TEXTS = "SELECT lead_id, text FROM search_text"
_CODED = {"stage": "stage", "owner": "owner_id"}
SORTS = (*_PLAIN, *_LINES, *_CODED)
"""By what the table can be sorted; ``stage`` and ``owner`` by the ranks that are given with the question."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads: ``owner`` one person's (`NOBODY`: those of nobody), ``stages`` any of these.

    ``state``: ``open`` worked by IS | ``held`` open and not to be offered now | ``closed`` | empty for all.
    ``only``: no others than these.
    """

    owner: MemberId | str | None = None
    stages: tuple[str, ...] = ()
    state: str = ""
    only: tuple[LeadId, ...] | None = None


def ids(
    tx: Tx, wanted: Wanted, sort: str, *, descending: bool = False, ranks: dict[str, int] | None = None
) -> list[LeadId]:
    """Return the ids of the table in order; leads without a value come last, equal ones stay as the index has them.

    The index is read once and sorted here: that is twice as fast as SQLite's own sorter.
    ``ranks`` orders the codes of stages or the ids of owners where ``sort`` is one of these.
    """
    where, params = _where(wanted)
    if sort in _LINES:
        kept = {row[0] for row in tx.sql(f"SELECT id {_FROM}{where}", params)}
        return _by_line(tx, kept, _LINES[sort], descending=descending)
    column = _PLAIN.get(sort) or _CODED[sort]
    found: list[tuple[LeadId, int | str | None]] = tx.sql(f"SELECT id, {column} {_FROM}{where}", params).fetchall()
    if sort in _CODED:
        order = ranks or {}
        found = [(key, order.get(str(code))) for key, code in found]
    filled = [one for one in found if one[1] is not None]
    filled.sort(key=itemgetter(1), reverse=descending)
    return [key for key, _ in filled] + [key for key, value in found if value is None]


def stage_counts(tx: Tx, wanted: Wanted) -> dict[str, int]:
    """Return how many of the wanted leads stand at each stage."""
    where, params = _where(wanted)
    return dict(tx.sql(f"{_STAGES}{where} GROUP BY stage", params).fetchall())


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    parts: list[str] = []
    params: list[object] = []
    if wanted.owner == NOBODY:
        parts.append("owner_id IS NULL")
    elif wanted.owner is not None:
        parts.append("owner_id = ?")
        params.append(wanted.owner)
    if wanted.stages:
        parts.append("stage IN (SELECT value FROM json_each(?))")
        params.append(dumps(list(wanted.stages)))
    if wanted.state:
        parts.append({"open": "open = 1", "held": "open = 1 AND held IS NOT NULL", "closed": "open = 0"}[wanted.state])
    if wanted.only is not None:
        parts.append("id IN (SELECT value FROM json_each(?))")
        params.append(dumps(list(wanted.only)))
    return "".join(f" AND {part}" for part in parts), params


def _by_line(tx: Tx, kept: Collection[str], field: int, *, descending: bool) -> list[LeadId]:
    """Order by a part of the folded search lines, which are narrow: the facts themselves stay unread."""
    keyed = [(_part(text, field), LeadId(key)) for key, text in tx.sql(_TEXTS) if key in kept]
    keyed.sort(key=itemgetter(0), reverse=descending)
    return [key for text, key in keyed if text] + [key for text, key in keyed if not text]


def _part(line: str, field: int) -> str:
    if not field:
        return line if not line.startswith(BREAK) else ""
    parts = line.split(BREAK, field + 1)
    return parts[field] if field < len(parts) else ""


def forget_scores(tx: Tx) -> int:
    """Let every lead be derived anew at the next beat of the clock (as after midnight); return how many there are."""
    return int(tx.sql("UPDATE lead SET scored_on = ''").rowcount)


def unscored(tx: Tx) -> int:
    """Return how many leads wait for that."""
    return int(tx.sql("SELECT count(*) FROM lead WHERE scored_on = ''").fetchone()[0])
