"""Withdrawing what an undone entry has not sent: its deliveries are cancelled and those of the undo are never made.

Each fact is looked at by itself: what the CRM has, or may have, is compensated by a delivery of the undo; what it
certainly has not (still pending, or refused and waiting for a person) is simply not sent. So an undo never waits behind
a delivery that was refused.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from isdesk.domain.changes import Entry, Verb
from isdesk.store.values import dumps

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

POISON = "poison"
"""Why a delivery waits for a person of which nobody knows whether the CRM has it (``sync.push``)."""

_DOUBTED = f"'{POISON}', 'unknown'"
_NOT_THERE = (
    "(d.merges IS NULL AND (d.state = 'pending' "
    f"OR (d.state = 'quarantined' AND coalesce(d.error_class, '') NOT IN ({_DOUBTED}))))"
)
"""An edit that carries older ones is compensated too: withdrawing it would take them back with it."""
_KEYS = (
    "SELECT journal_id || ':' || obj_id FROM change WHERE journal_id = :entry "
    "UNION ALL SELECT id FROM touch WHERE journal_id = :entry "
    "UNION ALL SELECT id FROM transition WHERE journal_id = :entry "
    "UNION ALL SELECT id FROM suppression WHERE journal_id = :entry "
    "UNION ALL SELECT id FROM filing WHERE journal_id = :entry"
)
_UNSENT = f"SELECT d.cmd_id FROM delivery d WHERE d.cmd_id IN ({_KEYS}) AND d.adapter = :adapter AND {_NOT_THERE}"
_LATER = (
    f"SELECT d.cmd_id, {_NOT_THERE}, e.journal_id || ':' || e.obj_id "
    "FROM change e JOIN delivery d ON d.obj = e.obj AND d.obj_id = e.obj_id "
    "WHERE e.journal_id = ? AND e.created = 1 AND d.adapter = ? AND d.journal_id <> e.journal_id "
    "AND d.kind IN ('change', 'create') AND d.state IN ('pending', 'sending', 'uncertain', 'quarantined')"
)
_CANCEL = (
    "UPDATE delivery SET state = 'cancelled', error_class = 'undone' "
    "WHERE adapter = ? AND cmd_id IN (SELECT value FROM json_each(?))"
)


def withdraw(tx: Tx, entry: Entry, adapter: str | None) -> Collection[str]:
    """Cancel what the entry that ``entry`` takes back has not sent; returns the keys of those deliveries.

    A redo withdraws nothing: what it writes are fresh facts, and those that they stand for were taken back where they
    are. A creation goes unsent together with what was written of the new record since (who holds it); where that is on
    its way already, the creation is sent and closed.
    """
    if adapter is None or entry.undoes is None or entry.verb is not Verb.UNDO:
        return ()
    unsent = {row[0] for row in tx.sql(_UNSENT, {"entry": entry.undoes, "adapter": adapter})}
    if not unsent:
        return ()
    later: dict[str, str] = {}
    for key, not_there, creation in tx.sql(_LATER, (entry.undoes, adapter)).fetchall():
        if not_there:
            later[key] = creation
        else:
            unsent.discard(creation)
    cancelled = [*unsent, *(key for key, creation in later.items() if creation in unsent)]
    tx.sql(_CANCEL, (adapter, dumps(cancelled)))
    return unsent
