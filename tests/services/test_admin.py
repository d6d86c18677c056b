"""Backup, restore and the doctor, as the command line and the window use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from isdesk import vault
from isdesk.domain.errors import VaultError
from isdesk.domain.ids import LeadId
from isdesk.paths import Profile
from isdesk.services import admin
from isdesk.services.calls import RecordInput, record
from isdesk.services.context import Context
from isdesk.store import Store, connections, journal, leads, meta
from tests.services.conftest import HandClock, add

WORDS = "正しい馬の電池とホチキス"


@pytest.fixture
def sealed(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """The desk with an envelope beside its database, on a machine without a keyring."""
    monkeypatch.delenv(vault.VARIABLE, raising=False)
    before = keyring.get_keyring()
    none: KeyringBackend = NoKeyring()  # type: ignore[no-untyped-call]
    keyring.set_keyring(none)
    envelope = vault.Envelope("0" * 32)
    vault.write(admin.profile_of(ctx).envelope, envelope)
    vault.add_passphrase(admin.profile_of(ctx).envelope, ctx.store.key, WORDS)
    yield ctx
    keyring.set_keyring(before)


def test_a_worked_desk_is_in_good_health(sealed: Context, lead: LeadId) -> None:
    record(sealed, lead, "NO_ANSWER", RecordInput())
    checks = {c.name: c for c in admin.doctor(sealed, rebuild=True)}
    assert [c for c in checks.values() if not c.ok] == []
    assert {"rebuild", "integrity", "projection", "deliveries", "keyring", "disk", "schema", "search"} <= checks.keys()
    assert all(c.detail for name, c in checks.items() if name != "adapters")


def test_the_doctor_counts_deliveries(sealed: Context, lead: LeadId, clock: HandClock) -> None:
    with sealed.store.write() as tx:
        connections.put(tx, connections.Connection("hub", "sqlhub", "x", clock.now()))
    found = {c.name: c for c in admin.doctor(sealed)}
    assert not found["deliveries"].ok
    with sealed.store.write() as tx:
        journal.enlist(tx, "hub")
    found = {c.name: c for c in admin.doctor(replace(sealed, lang="en"))}
    assert found["deliveries"].ok
    assert found["deliveries"].detail == "recorded 2 = confirmed 0 + withdrawn 0 + waiting 2"


def test_the_doctor_sees_damage_and_mends_what_can_be_rebuilt(sealed: Context, lead: LeadId) -> None:
    with sealed.store.write() as tx:
        tx.sql('UPDATE lead SET facts = \'{"name":"x"}\'')
        tx.sql("DELETE FROM search_text")
    bad = {c.name for c in admin.doctor(sealed) if not c.ok}
    assert bad == {"projection", "search"}
    assert not admin.doctor(sealed, rebuild=True)[0].ok
    assert [c.name for c in admin.doctor(sealed) if not c.ok] == []
    with sealed.store.read() as tx:
        assert leads.get(tx, lead).fields["name"] == "山田 太郎"


def test_a_missing_envelope_does_not_stop_the_other_checks(ctx: Context) -> None:
    found = {c.name: c for c in admin.doctor(ctx)}
    assert (found["keyring"].ok, found["keyring"].detail) == (False, "vault_missing")
    assert found["integrity"].ok


def test_a_backup_is_restored_with_passphrase_or_recovery(sealed: Context, lead: LeadId, tmp_path: Path) -> None:
    recovery = vault.new_recovery(admin.profile_of(sealed).envelope, b"k" * 32)
    done = admin.backup(sealed, tmp_path / "out" / "copy.isdesk")
    assert done.verified
    assert done.bytes == done.path.stat().st_size
    add(sealed, name="あと から")
    sealed.store.close()
    for number, words in enumerate((WORDS, recovery)):
        root = tmp_path / f"profile {number}"
        restored = admin.restore(root, done.path, passphrase=words)
        assert (restored.verified, restored.kept) == (True, None)
        profile = Profile(root)
        key = vault.unlock(profile.envelope, words)
        store = Store.open(profile.database, key)
        with store.read() as tx:
            assert leads.count(tx) == 1
            assert meta.device(tx) not in (None, "device-a")
        store.close()
    with pytest.raises(VaultError):
        admin.restore(tmp_path / "third", done.path, passphrase="not these words")
    assert list((tmp_path / "third").iterdir()) == []
