"""Where sealed secrets lie in the encrypted database (see `isdesk.vault.Secrets`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isdesk.store import meta

if TYPE_CHECKING:
    from isdesk.store.engine import Store


class Shelf:
    """Sealed texts by name, each put in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, name: str) -> str | None:
        """Return a sealed text, None where there is none."""
        with self._store.read() as tx:
            return meta.text(tx, f"secret/{name}")

    def put(self, name: str, sealed: str | None) -> None:
        """Keep a sealed text; None forgets it."""
        with self._store.write() as tx:
            meta.put(tx, f"secret/{name}", sealed)
