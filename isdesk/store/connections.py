"""Connected CRMs, without their secrets (those are the vault's)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from isdesk.domain.changes import Value
from isdesk.store.values import dumps, instant, loads, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection: ``adapter`` names it, ``kind`` is the registered adapter, ``scope`` is ``mine`` | ``team``.

    ``primary``: gets a delivery of every fact; at most one. ``paused``: code of why it is not used now, or empty.
    """

    adapter: str
    kind: str
    url: str
    created_at: datetime
    options: dict[str, Value] = field(default_factory=dict)
    scope: str = "mine"
    primary: bool = True
    paused: str = ""


_SELECT = "SELECT adapter, kind, url, created_at, options, scope, is_primary, paused FROM connection "
_ALL = _SELECT + "ORDER BY adapter"
_PRIMARY = _SELECT + "WHERE is_primary = 1"
_NO_PRIMARY = "UPDATE connection SET is_primary = 0 WHERE is_primary = 1 AND adapter <> ?"
_PUT = (
    "INSERT INTO connection (adapter, kind, url, created_at, options, scope, is_primary, paused) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (adapter) DO UPDATE SET kind = excluded.kind, url = excluded.url, "
    "options = excluded.options, scope = excluded.scope, is_primary = excluded.is_primary, paused = excluded.paused"
)
_PAUSE = "UPDATE connection SET paused = ? WHERE adapter = ?"
_SKEW = (
    "SELECT m.value FROM connection c JOIN meta m ON m.key = 'sync:' || c.adapter || ':skew_ms' WHERE c.is_primary = 1"
)
_DROP = "DELETE FROM connection WHERE adapter = ?"


def everything(tx: Tx) -> list[Connection]:
    """Return all connections."""
    return [_connection(r) for r in tx.sql(_ALL)]


def primary(tx: Tx) -> Connection | None:
    """Return the connection that gets deliveries, None where there is none."""
    row = tx.sql(_PRIMARY).fetchone()
    return None if row is None else _connection(row)


def skew(tx: Tx) -> int:
    """Return by how many milliseconds the connected CRM's clock is ahead of this one; 0 where nobody knows."""
    row = tx.sql(_SKEW).fetchone()
    return 0 if row is None else int(row[0])


def put(tx: Tx, c: Connection) -> None:
    """Add or replace a connection; a primary one takes that role from any other.

    After a first connection, `journal.enlist` queues what was written before it.
    """
    if c.primary:
        tx.sql(_NO_PRIMARY, (c.adapter,))
    at = micros(c.created_at)
    tx.sql(_PUT, (c.adapter, c.kind, c.url, at, dumps(c.options), c.scope, int(c.primary), c.paused))


def pause(tx: Tx, adapter: str, why: str) -> None:
    """Stop using a connection for a reason (a code), or go on with an empty one."""
    tx.sql(_PAUSE, (why, adapter))


def drop(tx: Tx, adapter: str) -> None:
    """Forget a connection; its base rows and deliveries stay."""
    tx.sql(_DROP, (adapter,))


def _connection(r: Sequence[Any]) -> Connection:
    return Connection(r[0], r[1], r[2], instant(r[3]), loads(r[4]), r[5], bool(r[6]), r[7])
