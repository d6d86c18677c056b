"""The schema's version: making a new database, and bringing an older one up to date with a copy kept first.

A new database is made from the tables' own DDL, which a test holds equal to what the migrations give; Alembic is only
loaded where there is something to migrate.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from isdesk.domain.errors import StoreError
from isdesk.paths import data
from isdesk.store.engine import connect, mapped_errors, peek

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from isdesk.store.engine import Tx

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003", "0004")
"""Every schema this program knows, oldest first; the files of the same numbers lie in ``migrations/versions``."""
HEAD = REVISIONS[-1]


def statements() -> list[str]:
    """Return the DDL of the newest schema, one statement each."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateIndex, CreateTable

    from isdesk.store import mail_tables  # noqa: F401 - its table is made with the others
    from isdesk.store.figure_tables import TRIGGERS
    from isdesk.store.tables import EXTRA_DDL, Base

    written = dialect()
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        found.append(str(CreateTable(table).compile(dialect=written)))
        indexes = sorted(table.indexes, key=lambda i: str(i.name))
        found.extend(str(CreateIndex(index).compile(dialect=written)) for index in indexes)
    return [*found, *EXTRA_DDL, *TRIGGERS]


def create(tx: Tx) -> None:
    """Make all tables of the newest schema in an empty database."""
    for statement in statements():
        tx.sql(statement)
    tx.sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    tx.sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))


def revision_of(path: Path, key: bytes) -> str:
    """Return the schema revision of the database at ``path`` by a plain query; the file stays as it is.

    Raises StoreError where there is none or where it is no database of ours, WrongKey where it does not open.
    """
    with peek(path, key) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except driver.OperationalError as error:
            if "no such table" not in str(error):
                raise
            row = None
    if row is None:
        raise StoreError("database_foreign")
    return str(row[0])


def upgrade(path: Path, key: bytes, found: str, *, backups: Path) -> Path:
    """Bring an older database up to the newest schema in one transaction; returns the copy that was made before.

    Raises StoreError (``upgrade_failed``); the database is then as it was.
    """
    from isdesk.store import backup

    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = _unused(backups / f"before-{HEAD}-from-{found}.db")
    backup.copy(path, key, kept)
    migrate(path, key, HEAD)
    return kept


def migrate(path: Path, key: bytes, revision: str) -> None:
    """Move the database to ``revision`` (up or down), all or nothing."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(data("migrations")).replace("%", "%%"))
    move = command.upgrade if _is_later(path, key, revision) else command.downgrade
    engine = _engine(path, key)
    try:
        with mapped_errors(), engine.connect() as connection:
            config.attributes["connection"] = connection
            move(config, revision)
    except CommandError as error:
        raise StoreError("upgrade_failed") from error
    finally:
        engine.dispose()


def _is_later(path: Path, key: bytes, revision: str) -> bool:
    """Return whether ``revision`` is above the one the database has (``base`` is below all)."""
    with mapped_errors(), contextlib.closing(connect(path, key)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return revision != "base" and (row is None or revision > str(row[0]))


def _engine(path: Path, key: bytes) -> Engine:
    """Return an engine whose transactions are real ones: BEGIN IMMEDIATE before the first statement."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine("sqlite://", creator=lambda: connect(path, key), module=driver, poolclass=NullPool)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def _unused(path: Path) -> Path:
    """Return ``path``, numbered where it is taken."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found
