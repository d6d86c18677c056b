"""SQLAlchemy Core on a connection that is open already: for what is not on the way of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def connection(raw: Any) -> Connection:
    """Return a Core connection inside the transaction that ``raw`` is in; it neither begins nor ends one."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine(
        "sqlite://",
        creator=lambda: raw,
        module=driver,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
    )
    return engine.connect()
