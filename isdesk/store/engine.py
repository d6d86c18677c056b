"""Opening the encrypted database, and the transactions in which everything happens.

`Store` owns a pool of SQLCipher connections; `Store.write` and `Store.read` give a `Tx`. One writer at a time (SQLite's
own lock, BEGIN IMMEDIATE), readers beside it (WAL). What was written when ``write`` ends survives a power cut
(``synchronous=FULL``). The file is never opened without a key and never made anew over one that does not open.

SQLAlchemy is loaded where a schema is made or migrated and by `Tx.core`; opening a window's database needs none of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from isdesk.domain.errors import BadInput, Locked, NewerSchema, StoreError, WrongKey
from isdesk.store import rows

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, CursorResult
    from sqlalchemy.sql import Executable

KEY_BYTES = 32
BUSY_MS = 60_000
"""So long a writer waits for another one: longer than the longest there is, an import of a hundred thousand rows."""
CACHE_KIB = 32_768
CHECKPOINT_PAGES = 4000
"""The pages that every record touches are then folded into the file once per hundred records, not once per thirty."""
KEPT, MOST = 6, 12
"""So many connections wait open for the next transaction; so many transactions run at a time, others queue."""
PATIENCE_S = 30

Params = Sequence[object] | Mapping[str, object]


class Tx:
    """One transaction. Opaque outside ``store``; inside, `sql` for the hot path and `core` for everything else."""

    __slots__ = ("_core", "raw")

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._core: Connection | None = None

    def sql(self, statement: str, params: Params = ()) -> Any:
        """Run one constant statement with bound parameters on the driver; returns its cursor."""
        return self.raw.execute(statement, params)

    def many(self, statement: str, rows: Iterable[Params]) -> None:
        """Run one constant statement for many rows."""
        self.raw.executemany(statement, rows)

    def core(self, statement: Executable, params: Any = None) -> CursorResult[Any]:
        """Run a SQLAlchemy Core statement in the same transaction."""
        if self._core is None:
            from isdesk.store.core import connection

            self._core = connection(self.raw)
        return self._core.execute(statement, params)


class Pool:
    """The open connections of one database; each is lent to one transaction at a time, on any thread."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self._idle: list[Any] = []
        self._lock = Lock()
        self._room = BoundedSemaphore(MOST)
        self._closed = False

    def take(self) -> Any:
        """Return a connection that nobody uses; it must be given back. Raises Locked where none becomes free."""
        if not self._room.acquire(timeout=PATIENCE_S):
            raise Locked("database_locked")
        try:
            with self._lock:
                kept = self._idle.pop() if self._idle else None
            return connect(self._path, self._key) if kept is None else kept
        except BaseException:
            self._room.release()
            raise

    def give(self, connection: Any) -> None:
        """Take a connection back; one that is still inside a transaction is closed, which takes that back."""
        try:
            with self._lock:
                keep = not self._closed and len(self._idle) < KEPT and not connection.in_transaction
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()
        finally:
            self._room.release()

    def close(self) -> None:
        """Close what is idle now, and what is lent as soon as it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


class Store:
    """The local database of one profile. Any thread may use it; call `close` at the end."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.key = key
        self._pool = Pool(path, key)
        self._writing = Lock()

    @classmethod
    def create(cls, path: Path, key: bytes) -> Store:
        """Make a new, empty, encrypted database at ``path``.

        Raises StoreError (``database_exists``) where there is already a file: nothing is ever written over.
        """
        from isdesk.store import upgrade

        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError as error:
            raise StoreError("database_exists") from error
        store = cls(path, key)
        try:
            with store.write() as tx:
                upgrade.create(tx)
        except BaseException:
            store.close()
            remove(path)
            raise
        return store

    @classmethod
    def open(cls, path: Path, key: bytes, *, backups: Path | None = None) -> Store:
        """Open the database at ``path``, bringing an older one up to date (a copy is kept in ``backups`` first).

        Raises StoreError (``database_missing``), WrongKey, NewerSchema or Locked; the file is then left as it was.
        """
        from isdesk.store import upgrade

        found = upgrade.revision_of(path, key)
        if found not in upgrade.REVISIONS:
            raise NewerSchema("database_newer", found=found)
        if found != upgrade.HEAD:
            upgrade.upgrade(path, key, found, backups=backups or path.parent / "backups")
        return cls(path, key)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Run a writing transaction: all of it is kept, durably, when the block ends, or nothing when it raises.

        Writers of this process take turns, so that one with much to do cannot keep the others out. Raises Locked where
        another writer, in this process or another one, kept the database busy for too long.
        """
        if not self._writing.acquire(timeout=BUSY_MS / 1000):
            raise Locked("database_locked")
        try:
            with self._begin("BEGIN IMMEDIATE") as tx:
                yield tx
        finally:
            self._writing.release()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Run a reading transaction on one snapshot, beside any writer."""
        with self._begin("BEGIN") as tx:
            yield tx

    @contextmanager
    def _begin(self, how: str) -> Iterator[Tx]:
        with mapped_errors():
            raw = self._pool.take()
            try:
                raw.execute(how)
                try:
                    yield Tx(raw)
                    raw.execute("COMMIT")
                except BaseException:
                    if raw.in_transaction:
                        raw.execute("ROLLBACK")
                    raise
            finally:
                self._pool.give(raw)

    def close(self) -> None:
        """Close every connection; the write-ahead log is folded into the file by the last one."""
        self._pool.close()
        rows.forget()


def connect(path: Path, key: bytes, *, mode: str = "rw") -> Any:
    """Return a keyed driver connection with the pragmas of SECURITY C2, in their order; it never makes a file.

    ``mode``: ``rw`` | ``ro`` | ``still`` (reads the main file alone and touches nothing). Raises BadInput where the
    key has not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise BadInput("key_length")
    query = {"rw": "mode=rw", "ro": "mode=ro", "still": "mode=ro&immutable=1"}[mode]
    connection = driver.connect(
        f"{path.absolute().as_uri()}?{query}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MS / 1000,
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if mode == "rw":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def peek(path: Path, key: bytes) -> Iterator[Any]:
    """Give a reading connection to a database that may not be ours to open; the file stays byte-identical.

    The main file is tried alone first, and never by a writing connection: that would fold a left-over write-ahead log
    into the file when it closes, whatever its key. Raises StoreError (``database_missing``) and WrongKey.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise StoreError("database_missing")
    with mapped_errors():
        try:
            _probe(path, key, "still")
        except driver.DatabaseError:  # another process may just have been writing page 1: ask again, with locks
            _probe(path, key, "ro")
        mode = "ro" if companions(path)[0].exists() else "still"
        with contextlib.closing(connect(path, key, mode=mode)) as connection:
            yield connection


def _probe(path: Path, key: bytes, mode: str) -> None:
    with contextlib.closing(connect(path, key, mode=mode)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Turn the driver's errors into those of the house (STYLE 9)."""
    try:
        yield
    except driver.Error as error:
        raise _mapped(error) from error
    except Exception as error:
        cause = getattr(error, "orig", None)  # SQLAlchemy wraps the driver's errors in its own
        if not isinstance(cause, driver.Error):
            raise
        raise _mapped(cause) from error


_MEANING: tuple[tuple[str, type[StoreError], str], ...] = (
    ("is locked", Locked, "database_locked"),
    ("is not a database", WrongKey, "database_wrong_key"),
    ("is full", StoreError, "disk_full"),
    ("disk i/o error", StoreError, "disk_failed"),
    ("malformed", StoreError, "database_damaged"),
    ("unable to open", StoreError, "database_missing"),
    ("readonly", StoreError, "database_read_only"),
    ("is written once", StoreError, "database_written_once"),
)


def _mapped(error: BaseException) -> StoreError:
    said = str(error).lower()
    for words, kind, code in _MEANING:
        if words in said:
            return kind(code)
    return StoreError("database_failed", kind=type(error).__name__)


def companions(path: Path) -> tuple[Path, Path]:
    """Return where SQLite keeps the write-ahead log and its index of a database."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def remove(path: Path) -> None:
    """Delete a database with its write-ahead log."""
    for file in (path, *companions(path)):
        file.unlink(missing_ok=True)
