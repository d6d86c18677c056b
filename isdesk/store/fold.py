"""The fold rule: what people see of an object = its base ⊕ the changes that the CRM has not settled (SYNC I5).

Start with the fields of the base row ({} if none) and apply, in journal order, the ``after`` of every change whose
delivery to the primary adapter is pending, sending, uncertain or quarantined, or that has no delivery at all. Acked
changes are in the base already; cancelled and conflicting ones are not shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from isdesk.domain.changes import Obj, Value
from isdesk.domain.ids import LeadId
from isdesk.store import projection
from isdesk.store.values import apply, dumps, loads, shown

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

T = TypeVar("T")
Facts = dict[str, Value]

OPEN_STATES = ("pending", "sending", "uncertain", "quarantined")
"""Delivery states in which a change still shows over the base."""
CHUNK = 1000

_PRIMARY = "SELECT adapter FROM connection WHERE is_primary = 1"
_BASES = (
    "SELECT local_id, fields FROM base WHERE adapter = ? AND obj = ? AND local_id IN (SELECT value FROM json_each(?))"
)
_OPEN = (
    "SELECT c.obj_id, coalesce(d.payload, c.after) FROM change c "
    "LEFT JOIN delivery d ON d.cmd_id = c.journal_id || ':' || c.obj_id AND d.adapter = ? "
    "WHERE c.obj_id IN (SELECT value FROM json_each(?)) AND c.obj = ? "
    "AND (d.state IS NULL OR d.state IN ('pending', 'sending', 'uncertain', 'quarantined')) ORDER BY c.seq"
)
_KNOWN = (
    "SELECT DISTINCT obj_id FROM change WHERE obj = ? UNION "
    "SELECT local_id FROM base WHERE adapter = ? AND obj = ? ORDER BY 1"
)


def primary(tx: Tx) -> str | None:
    """Return the connected adapter whose deliveries decide what shows, None where none is connected."""
    row = tx.sql(_PRIMARY).fetchone()
    return None if row is None else str(row[0])


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Return ``items`` in lists of at most ``size``."""
    iterator = iter(items)
    while block := list(islice(iterator, size)):
        yield block


def fold(base: Mapping[str, Value], afters: Iterable[Mapping[str, Value]]) -> Facts:
    """Return the facts of one object."""
    facts: Facts = {code: value for code, value in base.items() if value is not None}
    for after in afters:
        facts = apply(facts, after)
    return facts


def folded(tx: Tx, obj: Obj, ids: Sequence[str]) -> dict[str, Facts]:
    """Return what the projection should hold of these objects; hidden ones (empty or deleted) too."""
    adapter = primary(tx)
    wanted = dumps(list(ids))
    facts: dict[str, Facts] = {key: {} for key in ids}
    if adapter is not None:
        for key, fields in tx.sql(_BASES, (adapter, obj.value, wanted)):
            facts[key] = fold(loads(fields), ())
    for key, after in tx.sql(_OPEN, (adapter, wanted, obj.value)):
        facts[key] = apply(facts[key], loads(after))
    return facts


def refold(tx: Tx, obj: Obj, ids: Collection[str]) -> frozenset[LeadId]:
    """Fold these objects again and bring their projection up to date; for sync, after base or deliveries moved.

    Returns the leads whose facts, or whose company's facts, may now be others: their states are to be derived anew.
    """
    touched: set[LeadId] = set()
    for block in chunks(ids):
        touched |= projection.put(tx, obj, folded(tx, obj, block))
    return frozenset(touched)


def differing(tx: Tx, obj: Obj) -> list[str]:
    """Return the ids of objects whose projected facts are not, byte for byte, their fold (I5); [] is well."""
    wrong: list[str] = []
    seen = 0
    for block in chunks([row[0] for row in tx.sql(_KNOWN, (obj.value, primary(tx), obj.value))]):
        held = projection.texts(tx, obj, block)
        seen += len(held)
        for key, facts in folded(tx, obj, block).items():
            if held.get(key) != (dumps(facts) if shown(facts) else None):
                wrong.append(key)
    if seen != projection.count(tx, obj):
        wrong.extend(projection.strangers(tx, obj))
    return wrong


def rebuild(tx: Tx) -> list[str]:
    """Build facts, identities and search words of everything again from base and journal.

    Returns the ids whose facts were wrong before (none, if all is well). States are derived anew by the caller.
    """
    wrong = [key for obj in (Obj.COMPANY, Obj.LEAD) for key in differing(tx, obj)]
    projection.forget_index(tx)
    adapter = primary(tx)
    for obj in (Obj.COMPANY, Obj.LEAD):
        projection.drop(tx, obj, projection.strangers(tx, obj))
        for block in chunks([row[0] for row in tx.sql(_KNOWN, (obj.value, adapter, obj.value))]):
            projection.put(tx, obj, folded(tx, obj, block), reindex=True)
    return wrong
