"""Encrypted copies of the database: made from a snapshot, verified by opening them, put in place in one step.

A backup is one file: a ZIP container (stored, not compressed: what is encrypted does not shrink) with the database, the
envelope that unlocks its key, and a manifest with the digests of both. It can be restored wherever the passphrase, the
recovery passphrase or the keyring entry is at hand.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isdesk.domain.errors import BadInput, NewerSchema, StoreError
from isdesk.domain.ids import DeviceId
from isdesk.store import upgrade
from isdesk.store.engine import companions, connect, mapped_errors, peek
from isdesk.store.values import micros

if TYPE_CHECKING:
    from isdesk.store.engine import Store

FORMAT = 1
SUFFIX = ".isdesk"
_DATABASE, _ENVELOPE, _MANIFEST = "isdesk.db", "isdesk.db.key", "manifest.json"
_COUNTED = ("journal", "touch", "transition", "suppression", "filing", "delivery")
_BLOCK = 1 << 20
_DOUBT = "UPDATE delivery SET state = 'uncertain', sent_at = ? WHERE state IN ('pending', 'sending')"
"""What waited when a backup was made may have been sent since: nobody knows any more (SYNC E2, I1)."""


@dataclass(frozen=True, slots=True)
class Done:
    """A backup or a restore as it ended: ``path`` of the file, its size, and that it was opened and checked.

    ``kept`` is where a restore put what was there before.
    """

    path: Path
    bytes: int
    verified: bool
    kept: Path | None = None


def copy(path: Path, key: bytes, target: Path) -> None:
    """Write an encrypted copy of the database at ``path`` to ``target`` (which must not exist), and verify it.

    The copy is one consistent snapshot, has the same key and a salt of its own, and needs no write-ahead log.
    """
    with mapped_errors():
        try:
            with contextlib.closing(connect(path, key)) as connection:
                connection.execute("VACUUM INTO ?", (str(target),))
            verify(target, key)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def verify(path: Path, key: bytes) -> dict[str, int]:
    """Open a copy for reading, check every page and every index; return how many facts of each kind it holds.

    Raises StoreError (``backup_damaged``), WrongKey or NewerSchema.
    """
    found = upgrade.revision_of(path, key)
    if found not in upgrade.REVISIONS and found > upgrade.HEAD:
        raise NewerSchema("database_newer", found=found)
    with peek(path, key) as connection:
        problems = problems_of(connection)
        if problems:
            raise StoreError("backup_damaged", problem=problems[0])
        present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {t: connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in _COUNTED if t in present}


def problems_of(connection: Any) -> list[str]:
    """Return what the two integrity checks (SQLCipher's of every page, SQLite's of every row) say; [] is well."""
    pages = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [*pages, *(said for said in rows if said != "ok")]


def backup(store: Store, envelope: Path, target: Path) -> Done:
    """Write a backup of the database and its envelope to ``target``, in one step; a file of that name is replaced.

    Raises StoreError where it cannot be written or does not verify; ``target`` is then as it was.
    """
    with _workshop(target.parent) as room:
        database = room / _DATABASE
        copy(store.path, store.key, database)
        counts = verify(database, store.key)
        packed = room / "packed"
        _pack(packed, database, envelope, counts)
        _check_packed(packed)
        with _unwritable():
            packed.replace(target)
            sync_folder(target.parent)
    return Done(target, target.stat().st_size, verified=True)


def restore(
    file: Path, database: Path, envelope: Path, unlock: Callable[[Path], bytes], device_id: DeviceId, at: datetime
) -> Done:
    """Put a backup in the place of the database and its envelope; what was there is kept beside it.

    ``unlock`` gets the backup's envelope and returns the key. Everything is unpacked, opened and checked before
    anything is touched. The restored copy becomes the new device ``device_id``, for numbers are never given twice (E1).
    Raises BadInput (``backup_unreadable``), StoreError or VaultError; database and envelope are then as they were.
    """
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _workshop(database.parent) as room:
        _unpack(file, room)
        fresh, fresh_envelope = room / _DATABASE, room / _ENVELOPE
        key = unlock(fresh_envelope)
        verify(fresh, key)
        _as_new_device(fresh, key, device_id, at)
        size = fresh.stat().st_size
        kept = set_aside(database, envelope)
        with _unwritable():
            fresh_envelope.replace(envelope)
            fresh.replace(database)
            sync_folder(database.parent)
    return Done(database, size, verified=True, kept=kept)


def set_aside(database: Path, envelope: Path) -> Path | None:
    """Move a database with its log and envelope into a folder ``replaced-N`` beside it; None where there was none."""
    there = [f for f in (database, *companions(database), envelope) if f.exists()]
    if not there:
        return None
    number = 1
    while (folder := database.parent / f"replaced-{number}").exists():
        number += 1
    with _unwritable():
        folder.mkdir(mode=0o700)
        for file in there:
            file.replace(folder / file.name)
        sync_folder(folder)
    return folder


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable, where the platform knows how."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _as_new_device(path: Path, key: bytes, device_id: DeviceId, at: datetime) -> None:
    with mapped_errors(), contextlib.closing(connect(path, key)) as connection:
        connection.execute("DELETE FROM device")
        connection.execute("INSERT INTO device (id, created_at) VALUES (?, ?)", (device_id, micros(at)))
        connection.execute(_DOUBT, (micros(at),))
        connection.execute("PRAGMA journal_mode = DELETE")


def _pack(packed: Path, database: Path, envelope: Path, counts: dict[str, int]) -> None:
    manifest = {
        "format": FORMAT,
        "schema": upgrade.HEAD,
        "counts": counts,
        "sha256": {_DATABASE: _digest(database), _ENVELOPE: _digest(envelope)},
    }
    with _unwritable():
        with packed.open("xb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as container:
            container.write(database, _DATABASE)
            container.write(envelope, _ENVELOPE)
            container.writestr(_MANIFEST, json.dumps(manifest, indent=2))
            container.close()
            raw.flush()
            os.fsync(raw.fileno())
        packed.chmod(0o600)


def _check_packed(packed: Path) -> None:
    with zipfile.ZipFile(packed) as container:
        manifest = json.loads(container.read(_MANIFEST))
        for name, wanted in manifest["sha256"].items():
            if _digest_in(container, name) != wanted:
                raise StoreError("backup_damaged", problem=name)


def _unpack(file: Path, room: Path) -> None:
    try:
        with zipfile.ZipFile(file) as container:
            manifest = json.loads(container.read(_MANIFEST))
            if manifest["format"] > FORMAT:
                raise NewerSchema("backup_newer")
            for name in (_DATABASE, _ENVELOPE):
                with container.open(name) as member, (room / name).open("xb") as out:
                    shutil.copyfileobj(member, out, _BLOCK)
                    out.flush()
                    os.fsync(out.fileno())
                (room / name).chmod(0o600)
                if _digest(room / name) != manifest["sha256"][name]:
                    raise BadInput("backup_unreadable")
    except FileNotFoundError as error:
        raise BadInput("backup_missing") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError, EOFError) as error:
        raise BadInput("backup_unreadable") from error


def _digest_in(container: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with container.open(name) as member:
        while block := member.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Give a private folder on the same disk as ``folder``, gone at the end."""
    with _unwritable():
        folder.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=".isdesk-", dir=folder))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextlib.contextmanager
def _unwritable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError("backup_unwritable") from error
