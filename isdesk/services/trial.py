"""Tries in a throw-away folder what a packaged program can lack: the migrations, the database, the templates."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.store import Store, upgrade

if TYPE_CHECKING:
    from isdesk.services.context import Context


def migrations(folder: Path) -> str:
    """Take a fresh encrypted database all the way down and up again; return the revision it ends at.

    Raises StoreError where a migration is missing or fails.
    """
    file, key = folder / "trial.db", secrets.token_bytes(32)
    Store.create(file, key).close()
    upgrade.migrate(file, key, "base")
    upgrade.migrate(file, key, upgrade.HEAD)
    Store.open(file, key).close()
    return upgrade.revision_of(file, key)


def templates(ctx: Context) -> int:
    """Fill in the handoff memo of the first lead as text and as HTML; return their length together.

    Raises BadInput where a template is missing or does not fill, NotFound where there is no lead.
    """
    from isdesk.services import handoffs
    from isdesk.store import leads

    with ctx.store.read() as tx:
        first = next(leads.all_ids(tx), [])[0]
    return sum(len(handoffs.memo(ctx, first, kind)) for kind in ("text", "html"))
