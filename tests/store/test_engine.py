"""The encrypted file: never in clear, never made over another, left as it is by a wrong key."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from isdesk.domain.errors import BadInput, Locked, StoreError, WrongKey
from isdesk.store import Store, engine, meta
from isdesk.store.engine import companions
from tests.store.conftest import KEY

CANARY = "カナリア-canary-0312345678"
WRONG = bytes(32)


def everything(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir() if not f.name.endswith("-shm")}


def test_nothing_is_in_clear_in_any_file(store: Store) -> None:
    with store.write() as tx:
        meta.put(tx, CANARY, CANARY)
    files = everything(store.path.parent)
    assert {"isdesk.db", "isdesk.db-wal"} <= files.keys()
    assert not any(CANARY.encode() in content or b"SQLite format 3" in content for content in files.values())
    assert not any("カナリア".encode("utf-16-le") in content for content in files.values())


def test_the_file_is_for_its_owner_only(store: Store) -> None:
    assert store.path.stat().st_mode & 0o077 == 0


def test_a_database_is_never_made_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"something")
    with pytest.raises(StoreError) as caught:
        Store.create(path, KEY)
    assert caught.value.code == "database_exists"
    assert path.read_bytes() == b"something"


@pytest.mark.parametrize("content", [None, b""])
def test_opening_what_is_not_there_makes_nothing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Store.open(path, KEY)
    assert caught.value.code == "database_missing"
    assert path.exists() == (content is not None)


def test_a_wrong_key_leaves_the_file_and_its_log_byte_identical(store: Store, tmp_path: Path) -> None:
    with store.write() as tx:
        meta.put(tx, "a", 1)
    left = tmp_path / "left"
    left.mkdir()
    for file in (store.path, companions(store.path)[0]):
        shutil.copy(file, left)
    before = everything(left)
    assert len(before) == 2
    with pytest.raises(WrongKey):
        Store.open(left / store.path.name, WRONG)
    assert everything(left) == before
    again = Store.open(left / store.path.name, KEY)
    with again.read() as tx:
        assert meta.get(tx, "a") == 1
    again.close()


def test_what_is_no_database_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))
    before = path.read_bytes()
    with pytest.raises(WrongKey):
        Store.open(path, KEY)
    assert path.read_bytes() == before


def test_errors_do_not_print(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Store.create(tmp_path / "a.db", KEY).close()
    with pytest.raises(WrongKey):
        Store.open(tmp_path / "a.db", WRONG)
    assert capfd.readouterr() == ("", "")


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Store.create(tmp_path / "a.db", b"short")
    assert not (tmp_path / "a.db").exists()


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    def fail() -> None:
        with store.write() as tx:
            meta.put(tx, "a", 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.read() as tx:
        assert meta.get(tx, "a") is None


def test_a_reader_keeps_its_snapshot_while_another_thread_writes(store: Store) -> None:
    with store.write() as tx:
        meta.put(tx, "a", 1)

    def write() -> None:
        with store.write() as tx:
            meta.put(tx, "a", 2)

    with store.read() as reader:
        assert meta.get(reader, "a") == 1
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert meta.get(reader, "a") == 1
    with store.read() as tx:
        assert meta.get(tx, "a") == 2


def test_a_second_writer_is_told_that_the_database_is_busy(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    other = Store.open(store.path, KEY)
    with store.write(), pytest.raises(Locked), other.write():
        pass
    other.close()


def test_writers_of_one_process_take_turns(store: Store) -> None:
    """Somebody who writes block after block (a first pull) lets the others in between."""
    first, done, order = threading.Event(), threading.Event(), list[int]()

    def many() -> None:
        for number in range(60):
            with store.write() as tx:
                meta.put(tx, "block", number)
                first.set()
                done.wait(0.01)
            order.append(number)
            done.wait(0.002)

    writer = threading.Thread(target=many)
    writer.start()
    assert first.wait(10)
    with store.write() as tx:
        meta.put(tx, "mine", 1)
    between = len(order)
    done.set()
    writer.join()
    assert between < 30


def test_a_writer_of_this_process_is_told_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    with store.write(), pytest.raises(Locked), store.write():
        pass
    with store.write() as tx:
        meta.put(tx, "a", 1)


def test_pragmas_are_those_of_the_security_document(store: Store) -> None:
    with store.read() as tx:
        found = {
            name: tx.sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "temp_store": 2, "secure_delete": 1}
