"""Single values of this database: who works here, which device it is, and what others want to remember."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.changes import Value
from isdesk.domain.ids import DeviceId
from isdesk.store.values import dumps, loads_any, micros

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

_GET = "SELECT value FROM meta WHERE key = ?"
_PUT = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_DROP = "DELETE FROM meta WHERE key = ?"
_DEVICE = "SELECT id FROM device ORDER BY created_at DESC, id DESC LIMIT 1"
_NEW_DEVICE = (
    "INSERT INTO device (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at"
)


def get(tx: Tx, key: str) -> Value:
    """Return a value, None where it was never put."""
    row = tx.sql(_GET, (key,)).fetchone()
    return None if row is None else loads_any(row[0])


def put(tx: Tx, key: str, value: Value) -> None:
    """Keep a value; None forgets it."""
    if value is None:
        tx.sql(_DROP, (key,))
    else:
        tx.sql(_PUT, (key, dumps(value)))


def text(tx: Tx, key: str) -> str | None:
    """Return a value that is a text, None where it is not there."""
    value = get(tx, key)
    return value if isinstance(value, str) else None


def device(tx: Tx) -> DeviceId | None:
    """Return the id of this installation, None before `new_device`."""
    row = tx.sql(_DEVICE).fetchone()
    return None if row is None else DeviceId(row[0])


def new_device(tx: Tx, device_id: DeviceId, at: datetime) -> None:
    """Make this installation known; a restored copy takes a new id so that two devices never share numbers."""
    tx.sql(_NEW_DEVICE, (device_id, micros(at)))
