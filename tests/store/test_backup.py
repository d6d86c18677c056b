"""Copies are encrypted, whole, and never take the place of something without keeping it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from isdesk import vault
from isdesk.domain.errors import BadInput, IsdeskError, StoreError, VaultError
from isdesk.domain.ids import DeviceId, LeadId
from isdesk.store import Store, backup, leads, meta
from isdesk.store.engine import companions
from tests.store.conftest import NOW, Desk

WORDS = "正しい馬の電池とホチキス"
CANARY = "カナリア-canary"
NEW_DEVICE = DeviceId("d-new")


class Place:
    """A profile with one lead in it."""

    def __init__(self, root: Path) -> None:
        self.database, self.envelope = root / "isdesk.db", root / "isdesk.db.key"
        self.key, self.recovery = vault.create(self.envelope, WORDS)
        self.store = Store.create(self.database, self.key)
        self.desk = Desk(self.store)
        self.desk.lead("l-1", name=CANARY)
        with self.store.write() as tx:
            meta.new_device(tx, DeviceId("d-old"), NOW)

    def names(self) -> list[str]:
        with self.store.read() as tx:
            return [str(leads.get(tx, key).fields["name"]) for block in leads.all_ids(tx) for key in block]


def unlock(envelope: Path) -> bytes:
    return vault.unlock(envelope, WORDS)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def file(place: Place, tmp_path: Path) -> Path:
    return backup.backup(place.store, place.envelope, tmp_path / "copy.isdesk").path


def test_a_backup_is_encrypted_and_for_its_owner_only(place: Place, file: Path) -> None:
    content = file.read_bytes()
    assert CANARY.encode() not in content
    assert b"SQLite format 3" not in content
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(f.name for f in file.parent.iterdir() if f.name.startswith(".")) == []
    with zipfile.ZipFile(file) as container:
        assert container.namelist() == ["isdesk.db", "isdesk.db.key", "manifest.json"]


def test_what_was_written_after_the_backup_is_not_in_it(place: Place, file: Path) -> None:
    place.desk.lead("l-2", name="あと")
    place.store.close()
    done = backup.restore(file, place.database, place.envelope, unlock, NEW_DEVICE, NOW)
    assert done.verified
    assert done.kept is not None
    again = Store.open(place.database, place.key)
    with again.read() as tx:
        assert leads.facts(tx, LeadId("l-2")) is None
        assert leads.get(tx, LeadId("l-1")).fields["name"] == CANARY
        assert meta.device(tx) == NEW_DEVICE
    again.close()
    kept = Store.open(done.kept / "isdesk.db", place.key)
    with kept.read() as tx:
        assert leads.get(tx, LeadId("l-2")).fields["name"] == "あと"
    kept.close()
    assert vault.unlock(done.kept / "isdesk.db.key", WORDS) == place.key


def test_a_backup_opens_elsewhere_by_the_recovery_passphrase(place: Place, file: Path, tmp_path: Path) -> None:
    new = tmp_path / "new machine"
    done = backup.restore(
        file,
        new / "isdesk.db",
        new / "isdesk.db.key",
        lambda envelope: vault.unlock(envelope, recovery=place.recovery),
        NEW_DEVICE,
        NOW,
    )
    assert done.kept is None
    assert not any(c.exists() for c in companions(new / "isdesk.db"))
    store = Store.open(new / "isdesk.db", place.key)
    with store.read() as tx:
        assert leads.count(tx) == 1
    store.close()


def spoiled(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "truncated":
        content = content[: len(content) // 2]
    elif how == "flipped":
        content[len(content) // 3] ^= 1
    elif how == "other":
        content = bytearray(b"no backup at all")
    elif how == "empty":
        content = bytearray()
    file.write_bytes(content)


@pytest.mark.parametrize("how", ["truncated", "flipped", "other", "empty", "missing"])
def test_a_spoiled_backup_changes_nothing(place: Place, file: Path, how: str) -> None:
    if how == "missing":
        file.unlink()
    else:
        spoiled(file, how)
    place.store.close()
    before = {f.name: f.read_bytes() for f in (place.database, place.envelope)}
    with pytest.raises(BadInput) as caught:
        backup.restore(file, place.database, place.envelope, unlock, NEW_DEVICE, NOW)
    assert caught.value.code == ("backup_missing" if how == "missing" else "backup_unreadable")
    assert {f.name: f.read_bytes() for f in (place.database, place.envelope)} == before
    assert not [f.name for f in place.database.parent.iterdir() if f.is_dir()]


def test_a_wrong_passphrase_changes_nothing(place: Place, file: Path) -> None:
    before = place.envelope.read_bytes()
    with pytest.raises(VaultError):
        backup.restore(
            file, place.database, place.envelope, lambda e: vault.unlock(e, "falsch falsch"), NEW_DEVICE, NOW
        )
    assert place.envelope.read_bytes() == before
    assert place.names() == [CANARY]


def test_a_backup_that_cannot_be_written_leaves_the_old_one(place: Place, tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "in the way").touch()
    with pytest.raises(IsdeskError):
        backup.backup(place.store, place.envelope, target)
    assert (target / "in the way").exists()
    assert not [f for f in tmp_path.iterdir() if f.name.startswith(".isdesk")]


def test_a_damaged_page_is_noticed(place: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.copy(place.database, place.key, copy)
    assert backup.verify(copy, place.key)["journal"] == 1
    content = bytearray(copy.read_bytes())
    content[4096 * 5 + 100] ^= 1
    copy.write_bytes(content)
    with pytest.raises(StoreError):
        backup.verify(copy, place.key)


def test_a_backup_while_somebody_writes_is_one_snapshot(place: Place, tmp_path: Path) -> None:
    with place.store.write() as tx:
        meta.put(tx, "half", 1)
        done = backup.backup(place.store, place.envelope, tmp_path / "during.isdesk")
    new = tmp_path / "new"
    backup.restore(done.path, new / "isdesk.db", new / "isdesk.db.key", unlock, NEW_DEVICE, NOW)
    store = Store.open(new / "isdesk.db", place.key)
    with store.read() as tx:
        assert meta.get(tx, "half") is None
    store.close()
