"""The key comes back by every way that was set up and by no other; secrets never lie anywhere in clear."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked, PasswordDeleteError
from typing_extensions import override

from isdesk import vault
from isdesk.domain.errors import VaultError

WORDS = "correct horse battery"


class MemoryKeyring(KeyringBackend):
    """A usable keyring that ends with the test."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    @override
    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("gone")


class PlaintextKeyring(MemoryKeyring):
    """A keyring that says of itself that it keeps secrets in clear."""


class Shelf:
    """Where sealed texts lie, for a test."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.texts.get(name)

    def put(self, name: str, sealed: str | None) -> None:
        if sealed is None:
            self.texts.pop(name, None)
        else:
            self.texts[name] = sealed


def nothing_usable() -> None:
    """Be a machine without a keyring."""
    keyring.set_keyring(no_keyring())


def no_keyring() -> KeyringBackend:
    return FailKeyring()  # type: ignore[no-untyped-call]


@pytest.fixture(autouse=True)
def _no_passphrase_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(vault.VARIABLE, raising=False)


@pytest.fixture
def ring() -> MemoryKeyring:
    return use(MemoryKeyring())


@pytest.fixture(autouse=True)
def _restore_keyring() -> object:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def use(backend: MemoryKeyring) -> MemoryKeyring:
    keyring.set_keyring(backend)
    return backend


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "isdesk.db.key"


def refused(code: str, *args: object, **kwargs: object) -> None:
    with pytest.raises(VaultError) as caught:
        vault.unlock(*args, **kwargs)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_the_keyring_opens(path: Path, ring: MemoryKeyring) -> None:
    key, _ = vault.create(path)
    assert len(key) == 32
    assert vault.unlock(path) == key
    assert [service.split("/")[0] for service, _ in ring.kept] == ["isdesk"]


def test_a_passphrase_opens_without_any_keyring(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_usable()
    key, _ = vault.create(path, WORDS)
    assert vault.unlock(path, WORDS) == key
    assert vault.unlock(path, "ｃｏｒｒｅｃｔ horse battery") == key, "the width of the letters does not matter"
    refused("vault_wrong_passphrase", path, "correct horse batterie")
    refused("vault_passphrase_needed", path)
    monkeypatch.setenv(vault.VARIABLE, WORDS)
    assert vault.unlock(path) == key


def test_the_recovery_passphrase_opens_however_it_is_typed(path: Path, ring: MemoryKeyring) -> None:
    key, recovery = vault.create(path)
    ring.kept.clear()
    refused("vault_entry_gone", path)
    assert len(recovery.split("-")) == 8
    for typed in (recovery, recovery.lower(), recovery.replace("-", " "), recovery.replace("0", "o").replace("1", "l")):
        assert vault.unlock(path, recovery=typed) == key
    refused("vault_wrong_recovery", path, recovery="0000-" * 8)
    again = vault.new_recovery(path, key)
    assert vault.unlock(path, recovery=again) == key
    refused("vault_wrong_recovery", path, recovery=recovery)


def test_after_a_recovery_the_keyring_opens_again(path: Path, ring: MemoryKeyring) -> None:
    key, recovery = vault.create(path)
    ring.kept.clear()
    vault.add_keyring(path, vault.unlock(path, recovery=recovery))
    assert vault.unlock(path) == key


def test_a_passphrase_is_added_and_changed(path: Path, ring: MemoryKeyring) -> None:
    key, _ = vault.create(path)
    vault.add_passphrase(path, key, WORDS)
    assert vault.ways(path) == ("keyring", "passphrase", "recovery")
    vault.change_passphrase(path, WORDS, "another passphrase")
    assert vault.unlock(path, "another passphrase") == key
    refused("vault_wrong_passphrase", path, WORDS)
    before = path.read_bytes()
    for old, new in ((WORDS, "long enough"), ("another passphrase", "short")):
        with pytest.raises(VaultError):
            vault.change_passphrase(path, old, new)
    assert path.read_bytes() == before


@pytest.mark.parametrize("backend", [FailKeyring, NullKeyring, PlaintextKeyring])
def test_a_keyring_that_keeps_nothing_or_in_clear_is_refused(path: Path, backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    assert vault.keyring_name() is None
    with pytest.raises(VaultError) as caught:
        vault.create(path)
    assert caught.value.code == "vault_no_keyring"
    assert not path.exists()


def test_of_a_chain_only_a_usable_keyring_is_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = MemoryKeyring()
    keyring.set_keyring(ChainerBackend())  # type: ignore[no-untyped-call]
    monkeypatch.setattr(ChainerBackend, "backends", [no_keyring(), PlaintextKeyring(), ring])
    key, _ = vault.create(path)
    assert vault.unlock(path) == key
    assert len(ring.kept) == 1
    monkeypatch.setattr(ChainerBackend, "backends", [no_keyring()])
    refused("vault_no_keyring", path)


def test_a_locked_keyring_is_a_known_problem(path: Path, ring: MemoryKeyring) -> None:
    vault.create(path)
    ring.locked = True
    refused("vault_keyring_failed", path)


def test_an_envelope_is_never_made_over_another(path: Path, ring: MemoryKeyring) -> None:
    vault.create(path)
    before = path.read_bytes()
    with pytest.raises(VaultError):
        vault.create(path)
    assert path.read_bytes() == before


def test_the_file_holds_no_key_and_is_for_its_owner_only(path: Path, ring: MemoryKeyring) -> None:
    key, recovery = vault.create(path)
    vault.add_passphrase(path, key, WORDS)
    content = path.read_bytes()
    for secret in (key, key.hex().encode(), recovery.encode(), recovery.replace("-", "").encode(), WORDS.encode()):
        assert secret not in content
    assert path.stat().st_mode & 0o077 == 0
    assert [f.name for f in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "vault_damaged"),
        ("{}", "vault_damaged"),
        ("[]", "vault_damaged"),
        ('{"format": 2, "profile": "x", "unlockers": []}', "vault_newer"),
        ('{"format": 1, "profile": "x", "unlockers": [{"kind": "passphrase"}]}', "vault_damaged"),
        (None, "vault_missing"),
    ],
)
def test_an_envelope_that_cannot_be_read(path: Path, content: str | None, code: str) -> None:
    if content is not None:
        path.write_text(content, encoding="utf-8")
    refused(code, path, WORDS)


def test_a_changed_envelope_does_not_open(path: Path) -> None:
    nothing_usable()
    vault.create(path, WORDS)
    data = json.loads(path.read_text(encoding="utf-8"))
    for change in ({"profile": "0" * 32},):
        path.write_text(json.dumps({**data, **change}), encoding="utf-8")
        refused("vault_wrong_passphrase", path, WORDS)
    for unlocker in data["unlockers"]:
        unlocker["memory"] = 1 << 30
    path.write_text(json.dumps(data), encoding="utf-8")
    refused("vault_damaged", path, WORDS)


def test_a_short_passphrase_is_refused(path: Path) -> None:
    with pytest.raises(VaultError) as caught:
        vault.create(path, "short")
    assert caught.value.code == "vault_passphrase_short"
    assert not path.exists()


@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_secrets_are_sealed(path: Path, ring: MemoryKeyring, passphrase: str | None) -> None:
    key, _ = vault.create(path, passphrase)
    shelf = Shelf()
    secrets = vault.Secrets(path, key, shelf)
    assert secrets.get("hub") is None
    secrets.set("hub", "tök€n" * 1000)
    assert vault.Secrets(path, key, shelf).get("hub") == "tök€n" * 1000
    assert "tök" not in str(shelf.texts)
    assert "tök" not in str(ring.kept)
    shelf.texts["other"] = shelf.texts["hub"]
    with pytest.raises(VaultError):
        secrets.get("other")
    secrets.set("hub", None)
    assert secrets.get("hub") is None


def test_sealed_secrets_need_the_keyring_they_were_sealed_under(path: Path, ring: MemoryKeyring) -> None:
    key, _ = vault.create(path)
    shelf = Shelf()
    vault.Secrets(path, key, shelf).set("hub", "token")
    for entry in [e for e in ring.kept if e[1] == "secrets"]:
        del ring.kept[entry]
    with pytest.raises(VaultError):
        vault.Secrets(path, key, shelf).get("hub")


def test_forgetting_erases_the_keyring_and_the_envelope(path: Path, ring: MemoryKeyring) -> None:
    key, _ = vault.create(path)
    vault.Secrets(path, key, Shelf()).set("hub", "token")
    vault.forget(path)
    assert ring.kept == {}
    assert not path.exists()


REAL = """
import subprocess, sys
from pathlib import Path
daemon = subprocess.run(
    ["gnome-keyring-daemon", "--unlock", "--components=secrets"], input=b"session", capture_output=True, check=True
)
from isdesk import vault
path = Path(sys.argv[1])
print(vault.keyring_name())
key, _ = vault.create(path)
print(vault.unlock(path) == key, vault.ways(path))
texts = {}
class Shelf:
    get = staticmethod(texts.get)
    put = staticmethod(texts.__setitem__)
secrets = vault.Secrets(path, key, Shelf())
secrets.set("hub", "token")
print(secrets.get("hub"))
vault.forget(path)
try:
    vault._kept("none", "database")
except vault.VaultError as error:
    print(error.code)
"""

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")


@pytest.mark.slow
@pytest.mark.skipif(any(shutil.which(p) is None for p in NEEDED), reason="no session bus or no keyring on this machine")
def test_a_real_keyring_of_a_desktop(tmp_path: Path) -> None:
    """The Secret Service of GNOME on a session bus of its own, unlocked as a log-in does it."""
    home = tmp_path / "home"
    runtime = tmp_path / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DBUS_", "PYTHON_KEYRING", "ISDESK_"))},
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(Path(vault.__file__).parent.parent),
    }
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", REAL, str(tmp_path / "isdesk.db.key")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "SecretService Keyring",
        "True ('keyring', 'recovery')",
        "token",
        "vault_entry_gone",
    ]
