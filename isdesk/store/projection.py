"""Writing projected facts: the lead and company rows, and with them the identities and search words that hang on them.

Everything that changes facts goes through `put`, so that the three never part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from isdesk.domain.changes import Obj, Value
from isdesk.domain.ids import CompanyId, LeadId
from isdesk.domain.state import LeadFacts
from isdesk.store import indexing
from isdesk.store.rows import PLACEMENT_COLUMNS, STATE_COLUMNS, marks
from isdesk.store.values import dumps, loads, shown

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

Facts = Mapping[str, Value]
Place = Callable[["Tx", Sequence[LeadFacts]], Sequence[tuple[object, ...] | None]]
"""Says where new leads stand, as `rows.StandWriter` writes it; None for one to be derived after it was written."""

_TEXTS = {
    Obj.LEAD: "SELECT id, facts FROM lead WHERE id IN (SELECT value FROM json_each(?))",
    Obj.COMPANY: "SELECT id, facts FROM company WHERE id IN (SELECT value FROM json_each(?))",
}
_ONE = {Obj.LEAD: "SELECT facts FROM lead WHERE id = ?", Obj.COMPANY: "SELECT facts FROM company WHERE id = ?"}
_COUNT = {Obj.LEAD: "SELECT count(*) FROM lead", Obj.COMPANY: "SELECT count(*) FROM company"}
_DELETE = {Obj.LEAD: "DELETE FROM lead WHERE id = ?", Obj.COMPANY: "DELETE FROM company WHERE id = ?"}
_STRANGERS = {
    Obj.LEAD: "SELECT id FROM lead WHERE id NOT IN (SELECT obj_id FROM change WHERE obj = 'lead') "
    "AND id NOT IN (SELECT local_id FROM base WHERE obj = 'lead')",
    Obj.COMPANY: "SELECT id FROM company WHERE id NOT IN (SELECT obj_id FROM change WHERE obj = 'company') "
    "AND id NOT IN (SELECT local_id FROM base WHERE obj = 'company')",
}
_NEW_LEAD = "INSERT INTO lead (id, company_id, owner_id, facts) VALUES (?, ?, ?, ?)"
_PLACED = f"id, company_id, owner_id, facts, {STATE_COLUMNS}, {PLACEMENT_COLUMNS}"
_NEW_PLACED = f"INSERT INTO lead ({_PLACED}) VALUES ({marks(_PLACED)})"
_NEW_COMPANY = "INSERT INTO company (id, name_key, facts) VALUES (?, ?, ?)"
_FACTS_LEAD = "UPDATE lead SET facts = ? WHERE id = ?"
_MOVED_LEAD = "UPDATE lead SET company_id = ?, owner_id = ?, facts = ? WHERE id = ?"
_FACTS_COMPANY = "UPDATE company SET name_key = ?, facts = ? WHERE id = ?"
_OF_COMPANIES = "SELECT id FROM lead WHERE company_id IN (SELECT value FROM json_each(?))"


def text_of(tx: Tx, obj: Obj, key: str) -> str | None:
    """Return the projected facts of one object as canonical JSON, None where it has no row."""
    row = tx.sql(_ONE[obj], (key,)).fetchone()
    return None if row is None else str(row[0])


def texts(tx: Tx, obj: Obj, ids: Sequence[str]) -> dict[str, str]:
    """Return the projected facts of many objects as canonical JSON, without those that have no row."""
    if len(ids) == 1:
        text = text_of(tx, obj, ids[0])
        return {} if text is None else {ids[0]: text}
    return dict(tx.sql(_TEXTS[obj], (dumps(list(ids)),)).fetchall())


def count(tx: Tx, obj: Obj) -> int:
    """Return how many rows the projection has."""
    return int(tx.sql(_COUNT[obj]).fetchone()[0])


def strangers(tx: Tx, obj: Obj) -> list[str]:
    """Return rows of the projection that neither base nor journal knows."""
    return [row[0] for row in tx.sql(_STRANGERS[obj])]


def put(
    tx: Tx,
    obj: Obj,
    facts: Mapping[str, Facts],
    *,
    held: Mapping[str, str] | None = None,
    reindex: bool = False,
    place: Place | None = None,
) -> set[LeadId]:
    """Make the projection hold exactly ``facts`` of these objects; returns the leads to be derived anew.

    ``held`` is what `texts` said before, if the caller has just asked. ``reindex`` writes identities and search words
    even where nothing changed. ``place`` says where new leads stand, so that their rows are written once.
    """
    before = texts(tx, obj, list(facts)) if held is None else held
    after = {key: dumps(f) for key, f in facts.items() if shown(f)}
    drop(tx, obj, [key for key in facts if key in before and key not in after])
    changed = [key for key, text in after.items() if before.get(key) != text]
    if obj is Obj.LEAD:
        stale = {k: facts[k] for k in after} if reindex else _stale(facts, before, changed, indexing.LEAD)
        companies = indexing.companies_of(tx, stale)
        placed = _put_leads(tx, facts, before, after, changed, companies, place)
        indexing.leads(tx, stale, companies, new=frozenset() if reindex else stale.keys() - before.keys())
        return {LeadId(key) for key in facts if before.get(key) != after.get(key) and key not in placed}
    _put_companies(tx, facts, before, after, changed)
    stale = {k: facts[k] for k in after} if reindex else _stale(facts, before, changed, indexing.COMPANY)
    indexing.companies(tx, stale, new=frozenset() if reindex else stale.keys() - before.keys())
    moved = [key for key in facts if before.get(key) != after.get(key)]
    of_them = [row[0] for row in tx.sql(_OF_COMPANIES, (dumps(moved),))] if moved else []
    gone = [key for key in facts if key in before and key not in after]
    if of_them and (stale or gone):
        again = {k: loads(t) for k, t in texts(tx, Obj.LEAD, of_them).items()}
        indexing.leads(tx, again, indexing.companies_of(tx, again))
    return {LeadId(key) for key in of_them}


def drop(tx: Tx, obj: Obj, ids: Sequence[str]) -> None:
    """Take objects out of the projection."""
    if not ids:
        return
    tx.many(_DELETE[obj], [(key,) for key in ids])
    indexing.forget(tx, ids)


def forget_index(tx: Tx) -> None:
    """Empty identities and search words (before a rebuild)."""
    indexing.forget_all(tx)


def _put_leads(
    tx: Tx,
    facts: Mapping[str, Facts],
    before: Mapping[str, str],
    after: Mapping[str, str],
    changed: Iterable[str],
    companies: Mapping[str, dict[str, Value]],
    place: Place | None,
) -> set[str]:
    """Write the rows of these leads; returns those that were placed too."""
    new, same, moved = [], [], []
    for key in changed:
        of = facts[key]
        if key not in before:
            new.append((key, of.get("company_id"), of.get("owner_id"), after[key]))
            continue
        old = loads(before[key])
        if old.get("company_id") == of.get("company_id") and old.get("owner_id") == of.get("owner_id"):
            same.append((after[key], key))
        else:
            moved.append((of.get("company_id"), of.get("owner_id"), after[key], key))
    placed = {} if place is None or not new else _placed(tx, facts, [row[0] for row in new], companies, place)
    if placed:
        tx.many(_NEW_PLACED, ((*row, *placed[row[0]]) for row in new if row[0] in placed))
        new = [row for row in new if row[0] not in placed]
    for statement, rows in ((_NEW_LEAD, new), (_FACTS_LEAD, same), (_MOVED_LEAD, moved)):
        if rows:
            tx.many(statement, rows)
    return set(placed)


def _placed(
    tx: Tx,
    facts: Mapping[str, Facts],
    new: Sequence[str],
    companies: Mapping[str, dict[str, Value]],
    place: Place,
) -> dict[str, tuple[object, ...]]:
    """Return the derived columns of new leads by id."""
    asked = []
    for key in new:
        company = facts[key].get("company_id")
        known = company if isinstance(company, str) else None
        asked.append(
            LeadFacts(
                LeadId(key),
                dict(facts[key]),
                None if known is None else CompanyId(known),
                None if known is None else companies.get(known),
            )
        )
    return {one.id: row for one, row in zip(asked, place(tx, asked), strict=True) if row is not None}


def _put_companies(
    tx: Tx, facts: Mapping[str, Facts], before: Mapping[str, str], after: Mapping[str, str], changed: Iterable[str]
) -> None:
    new, old = [], []
    for key in changed:
        name_key = indexing.name_key(facts[key])
        if key in before:
            old.append((name_key, after[key], key))
        else:
            new.append((key, name_key, after[key]))
    if new:
        tx.many(_NEW_COMPANY, new)
    if old:
        tx.many(_FACTS_COMPANY, old)


def _stale(
    facts: Mapping[str, Facts], before: Mapping[str, str], changed: Iterable[str], codes: frozenset[str]
) -> dict[str, Facts]:
    """Return those of ``changed`` that are new, or whose indexed fields are others now."""
    stale: dict[str, Facts] = {}
    for key in changed:
        now = facts[key]
        old = loads(before[key]) if key in before else None
        if old is None or any(old.get(code) != now.get(code) for code in codes):
            stale[key] = now
    return stale
