"""Connections to a hub's database, and its driver's errors in the words of the port."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from isdesk.crm.port import Auth, Offline, Permanent, Transient, Unknown
from isdesk.domain.errors import BadInput, CrmError

Key = bytes | Callable[[], bytes]
"""A raw key, or where to ask for it once the hub is there again."""

_BUSY_MS = 5_000
_CONNECT_S = 5
_IMMEDIATE = "isdesk_immediate"


def parse(url: str) -> URL:
    """Return ``url`` with the drivers of this house: SQLCipher for SQLite, psycopg 3 for PostgreSQL.

    A plain path is a SQLite file. Raises BadInput for anything else.
    """
    try:
        parsed = make_url(url if "://" in url else f"sqlite:///{url}")
    except ArgumentError:
        raise BadInput("hub_url_invalid") from None
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed
    raise BadInput("hub_url_invalid")


def connect(url: URL, *, key: Key | None, password: str | None) -> Engine:
    """Return an engine; nothing is connected yet. ``key`` is the raw 32-byte key of a SQLite hub."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(Path(url.database or ""), key)
    if password is not None:
        url = url.set(password=password)
    return create_engine(
        url,
        pool_size=2,
        max_overflow=2,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECT_S,
            "application_name": "isdesk",
            "options": "-c statement_timeout=60000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
        },
    )


def _sqlite(path: Path, key: Key | None) -> Engine:
    from sqlcipher3 import dbapi2

    def creator() -> Any:
        connection = dbapi2.connect(str(path), timeout=_BUSY_MS / 1000, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            if key is not None:
                raw = key() if callable(key) else key
                connection.execute(f"PRAGMA key = \"x'{raw.hex()}'\"")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=creator, module=dbapi2, poolclass=QueuePool, pool_size=4)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def is_empty(url: URL, password: str | None) -> bool:
    """Return whether a server's database holds no table at all; one that cannot be asked is taken for a hub.

    Whoever is away from the network connects later: `hello` says what is wrong then.
    """
    engine = connect(url, key=None, password=password)
    try:
        with reading(engine) as link:
            return not inspect(link).get_table_names()
    except CrmError:
        return False
    finally:
        engine.dispose()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one consistent snapshot; driver errors come out as CrmErrors."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            with connection.begin():
                yield connection
    except SQLAlchemyError as error:
        raise classify(error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection inside one transaction, committed at the end.

    A connection lost before COMMIT was sent means that nothing was written; lost in COMMIT, nobody knows: Unknown.
    """
    try:
        connection = engine.connect().execution_options(**{_IMMEDIATE: True})
    except SQLAlchemyError as error:
        raise classify(error) from error
    with connection:
        try:
            transaction = connection.begin()
            yield connection
        except SQLAlchemyError as error:
            raise classify(error) from error
        try:
            transaction.commit()
        except SQLAlchemyError as error:
            found = classify(error)
            if isinstance(found, Transient):
                raise found from error
            raise Unknown("hub_commit_unknown") from error


def classify(error: SQLAlchemyError) -> CrmError:
    """Return the CrmError for an error of the driver (SYNC E8). Codes only: the driver's text may hold data."""
    if isinstance(error, PoolTimeout):
        return Transient("hub_busy")
    if not isinstance(error, DBAPIError):
        return Permanent("hub_failed")
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return _postgres(str(state))
    if hasattr(error.orig, "sqlite_errorcode") or "sqlite" in type(error.orig).__module__:
        return _sqlite_error(error)
    return _no_state(error)


def _postgres(state: str) -> CrmError:
    if state[:2] == "28" or state == "42501":
        return Auth("hub_refused_login")
    if state == "3D000":
        return Permanent("hub_missing")
    if state[:2] in {"08", "57"} and state != "57014":
        return Offline("hub_offline")
    if state[:2] in {"40", "53", "55", "23"} or state in {"57014", "25P03"}:
        return Transient("hub_busy")
    return Permanent("hub_failed", sqlstate=state)


def _no_state(error: DBAPIError) -> CrmError:
    """Return the class of an error without SQLSTATE: libpq gives only words where a connection is not made.

    A server that answered says FATAL in every language; nobody there says nothing of the kind.
    """
    text = str(error.orig).casefold()
    if "fatal:" not in text:
        return Offline("hub_offline")
    if any(word in text for word in _NOT_NOW):
        return Offline("hub_offline")
    if any(word in text for word in _NO_DATABASE) and any(word in text for word in _NOT_THERE):
        return Permanent("hub_missing")
    return Auth("hub_refused_login")


_NOT_NOW = (
    "starting up",
    "shutting down",
    "too many",
    "recovery",
    "起動",
    "停止",
    "シャットダウン",
    "多すぎ",
    "リカバリ",
)
_NO_DATABASE = ('database "', 'データベース"', 'データベース "')
_NOT_THERE = ("does not exist", "存在しません")


def _sqlite_error(error: DBAPIError) -> CrmError:
    code = getattr(error.orig, "sqlite_errorcode", None)
    text = str(error.orig).casefold()
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or "locked" in text:
        return Transient("hub_busy")
    if "not a database" in text:
        return Permanent("hub_wrong_key")
    if "unable to open" in text or "disk i/o" in text:
        return Offline("hub_offline")
    if "full" in text:
        return Transient("hub_busy")
    return Permanent("hub_failed")
