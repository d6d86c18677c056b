"""Keys and secrets: who may open the database, and where tokens lie. Nothing here is ever written in clear.

The database has a random 32-byte key. An **envelope** (a small JSON file beside the database) says how the key can be
had again, by *unlockers*: an entry in the keyring of the operating system, a passphrase (Argon2id, RFC 9106), and a
recovery passphrase that is made here and shown once. A lost or moved keyring therefore never loses unsent work
(SECURITY C1). Where no keyring is usable and no passphrase is given, there is an error and no database.

Secrets of connections are sealed (AES-256-GCM) and lie in the encrypted database; the key that seals them lies in the
keyring, or is derived from the database's key where a passphrase is all there is.
"""

from __future__ import annotations

import base64
import json
import os
import secrets as randomness
import tempfile
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from isdesk.domain.errors import VaultError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

KEY_BYTES = 32
FORMAT = 1
VARIABLE = "ISDESK_PASSPHRASE"
KEYRING, PASSPHRASE, RECOVERY = "keyring", "passphrase", "recovery"
SHORTEST = 8
"""Fewest characters of a passphrase."""

_SALT_BYTES = 16
_NONCE_BYTES = 12
_RECOVERY_BYTES = 20
_BLOCK = 4
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKS_LIKE = str.maketrans("OILU", "011V")
_REFUSED_MODULES = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
_MOST_MEMORY_KIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs (Argon2id): passes, KiB of memory, lanes."""

    time: int
    memory: int
    lanes: int


GUESSABLE = Cost(3, 65_536, 4)
"""For what a person chose: the second recommended option of RFC 9106, section 4."""
RANDOM = Cost(1, 8_192, 1)
"""For 160 random bits, which nobody guesses at any price."""


@dataclass(frozen=True, slots=True)
class Unlocker:
    """One way to the key. A keyring entry needs nothing else; the others carry the key sealed under a derived one."""

    kind: str
    cost: Cost = GUESSABLE
    salt: bytes = b""
    nonce: bytes = b""
    sealed: bytes = b""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The file: ``profile`` names the keyring entry ``isdesk/<profile>``."""

    profile: str
    unlockers: tuple[Unlocker, ...] = field(default=())

    def of(self, kind: str) -> Unlocker | None:
        """Return the unlocker of a kind, None where there is none."""
        return next((u for u in self.unlockers if u.kind == kind), None)

    def having(self, unlocker: Unlocker) -> Envelope:
        """Return this envelope with ``unlocker`` in the place of any other of its kind."""
        return replace(self, unlockers=(*(u for u in self.unlockers if u.kind != unlocker.kind), unlocker))


# -------------------------------------------------------------------------------------------------------- the database


def create(envelope_path: Path, passphrase: str | None = None) -> tuple[bytes, str]:
    """Make a fresh key and its envelope; return the key and the recovery passphrase, which is shown once.

    With a passphrase (``ISDESK_PASSPHRASE`` where None) the key is wrapped by it, else it goes to the keyring. Raises
    VaultError where there is already an envelope, where neither is to be had, or where the passphrase is too short.
    """
    if envelope_path.exists():
        raise VaultError("vault_exists")
    key = randomness.token_bytes(KEY_BYTES)
    recovery = _new_recovery()
    envelope = Envelope(uuid.uuid4().hex)
    chosen = passphrase or os.environ.get(VARIABLE) or None
    if chosen is None:
        _keep(envelope.profile, "database", key)
        envelope = envelope.having(Unlocker(KEYRING))
    else:
        envelope = envelope.having(_wrap(envelope.profile, PASSPHRASE, _long_enough(chosen), key, GUESSABLE))
    envelope = envelope.having(_wrap(envelope.profile, RECOVERY, _plain_recovery(recovery), key, RANDOM))
    write(envelope_path, envelope)
    return key, recovery


def unlock(envelope_path: Path, passphrase: str | None = None, recovery: str | None = None) -> bytes:
    """Return the key of the database.

    ``recovery`` is tried alone. Else a passphrase (``ISDESK_PASSPHRASE`` where None) is tried where the envelope has
    one, else the keyring. Raises VaultError, whose code says what is missing or wrong.
    """
    envelope = read(envelope_path)
    if recovery is not None:
        return _unwrap(envelope, RECOVERY, _plain_recovery(recovery), "vault_wrong_recovery")
    chosen = passphrase or os.environ.get(VARIABLE) or None
    if chosen is not None and envelope.of(PASSPHRASE) is not None:
        return _unwrap(envelope, PASSPHRASE, chosen, "vault_wrong_passphrase")
    if envelope.of(KEYRING) is not None:
        return _kept(envelope.profile, "database")
    raise VaultError("vault_passphrase_needed")


def add_passphrase(envelope_path: Path, key: bytes, passphrase: str) -> None:
    """Let ``passphrase`` open the database too, in the place of any earlier one."""
    envelope = read(envelope_path)
    wrapped = _wrap(envelope.profile, PASSPHRASE, _long_enough(passphrase), key, GUESSABLE)
    write(envelope_path, envelope.having(wrapped))


def change_passphrase(envelope_path: Path, old: str, new: str) -> None:
    """Replace the passphrase.

    Raises VaultError where the old one is wrong or the new one too short; the envelope is then left as it was.
    """
    key = _unwrap(read(envelope_path), PASSPHRASE, old, "vault_wrong_passphrase")
    add_passphrase(envelope_path, key, new)


def add_keyring(envelope_path: Path, key: bytes) -> None:
    """Let this machine's keyring open the database (after a restore, or when a keyring has become usable)."""
    envelope = read(envelope_path)
    _keep(envelope.profile, "database", key)
    write(envelope_path, envelope.having(Unlocker(KEYRING)))


def new_recovery(envelope_path: Path, key: bytes) -> str:
    """Make another recovery passphrase; the earlier one opens nothing any more."""
    envelope = read(envelope_path)
    recovery = _new_recovery()
    write(envelope_path, envelope.having(_wrap(envelope.profile, RECOVERY, _plain_recovery(recovery), key, RANDOM)))
    return recovery


def ways(envelope_path: Path) -> tuple[str, ...]:
    """Return the kinds of unlockers an envelope has: ``keyring``, ``passphrase``, ``recovery``."""
    return tuple(u.kind for u in read(envelope_path).unlockers)


def forget(envelope_path: Path) -> None:
    """Erase the keyring's part of an envelope and the envelope: without its recovery the database is lost (a wipe)."""
    envelope = read(envelope_path)
    if envelope.of(KEYRING) is not None:
        for name in ("database", "secrets"):
            _erase(envelope.profile, name)
    envelope_path.unlink()


# ------------------------------------------------------------------------------------------------------------- secrets


class Shelf(Protocol):
    """Where sealed texts lie: the encrypted database (`isdesk.store.shelf`)."""

    def get(self, name: str) -> str | None:
        """Return a sealed text, None where there is none."""
        ...

    def put(self, name: str, sealed: str | None) -> None:
        """Keep a sealed text; None forgets it."""
        ...


class Secrets:
    """Tokens and passwords of connections, by name (``<adapter>`` or ``<adapter>/<what>``)."""

    def __init__(self, envelope_path: Path, key: bytes, shelf: Shelf) -> None:
        self._envelope_path = envelope_path
        self._key = key
        self._shelf = shelf

    def get(self, name: str) -> str | None:
        """Return a secret, None where there is none.

        Raises VaultError where it cannot be unsealed (the keyring was moved or changed).
        """
        sealed = self._shelf.get(name)
        return None if sealed is None else unseal(self._sealing_key(), name, sealed)

    def set(self, name: str, value: str | None) -> None:
        """Keep a secret; None forgets it. Raises VaultError where the keyring refuses."""
        self._shelf.put(name, None if value is None else seal(self._sealing_key(), name, value))

    def _sealing_key(self) -> bytes:
        envelope = read(self._envelope_path)
        if envelope.of(KEYRING) is None:
            return _derived(self._key, b"isdesk secrets")
        try:
            return _kept(envelope.profile, "secrets")
        except VaultError as error:
            if error.code != "vault_entry_gone":
                raise
        fresh = randomness.token_bytes(KEY_BYTES)
        _keep(envelope.profile, "secrets", fresh)
        return fresh


def seal(key: bytes, name: str, value: str) -> str:
    """Return ``value`` encrypted and bound to ``name``, as text."""
    nonce = randomness.token_bytes(_NONCE_BYTES)
    return _text(nonce + _cipher(key).encrypt(nonce, value.encode(), f"isdesk secret {name}".encode()))


def unseal(key: bytes, name: str, sealed: str) -> str:
    """Return what `seal` was given.

    Raises VaultError (``vault_secret_sealed``) for another key or name, or a damaged text.
    """
    from cryptography.exceptions import InvalidTag

    try:
        raw = base64.b64decode(sealed, validate=True)
        clear: bytes = _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], f"isdesk secret {name}".encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError("vault_secret_sealed") from error
    return clear.decode()


# --------------------------------------------------------------------------------------------------------- the keyring


def keyring_name() -> str | None:
    """Return the name of the keyring that would be used, None where none is usable."""
    backend = _usable()
    return None if backend is None else str(backend.name)


def _usable() -> KeyringBackend | None:
    """Return the machine's keyring, unless it would keep nothing, or keep it in clear (SECURITY C1)."""
    import keyring

    chosen = keyring.get_keyring()
    candidates: Iterable[KeyringBackend] = (chosen,)
    if type(chosen).__module__ == "keyring.backends.chainer":
        candidates = getattr(chosen, "backends", ())
    return next((b for b in candidates if _trusted(b)), None)


def _trusted(backend: KeyringBackend) -> bool:
    kind = type(backend)
    if kind.__module__.startswith(_REFUSED_MODULES) or "plaintext" in kind.__name__.lower():
        return False
    try:
        return bool(kind.priority > 0)
    except Exception:  # noqa: BLE001 - a backend says by any exception that it cannot work here
        return False


def _backend() -> KeyringBackend:
    found = _usable()
    if found is None:
        raise VaultError("vault_no_keyring")
    return found


def _service(profile: str) -> str:
    return f"isdesk/{profile}"


def _keep(profile: str, name: str, key: bytes) -> None:
    from keyring.errors import KeyringError

    backend = _backend()
    try:
        backend.set_password(_service(profile), name, _text(key))
        kept = backend.get_password(_service(profile), name)
    except (KeyringError, OSError) as error:
        raise VaultError("vault_keyring_failed") from error
    if kept != _text(key):
        raise VaultError("vault_keyring_failed")


def _kept(profile: str, name: str) -> bytes:
    from keyring.errors import KeyringError

    try:
        text = _backend().get_password(_service(profile), name)
    except (KeyringError, OSError) as error:
        raise VaultError("vault_keyring_failed") from error
    if text is None:
        raise VaultError("vault_entry_gone")
    return base64.b64decode(text)


def _erase(profile: str, name: str) -> None:
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        with suppress(PasswordDeleteError):
            _backend().delete_password(_service(profile), name)
    except (KeyringError, OSError) as error:
        raise VaultError("vault_keyring_failed") from error


# -------------------------------------------------------------------------------------------------------- the envelope


def read(envelope_path: Path) -> Envelope:
    """Return the envelope in a file.

    Raises VaultError: ``vault_missing``, ``vault_damaged``, or ``vault_newer`` for a format of a later program.
    """
    try:
        data = json.loads(envelope_path.read_bytes())
        if data["format"] > FORMAT:
            raise VaultError("vault_newer")
        return Envelope(str(data["profile"]), tuple(_unlocker(u) for u in data["unlockers"]))
    except FileNotFoundError as error:
        raise VaultError("vault_missing") from error
    except (ValueError, KeyError, TypeError) as error:
        raise VaultError("vault_damaged") from error


def write(envelope_path: Path, envelope: Envelope) -> None:
    """Put an envelope in place in one step, readable by its owner only; the file is whole before and after."""
    envelope_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(
        {
            "format": FORMAT,
            "profile": envelope.profile,
            "unlockers": [_as_json(u) for u in sorted(envelope.unlockers, key=lambda u: u.kind)],
        },
        indent=2,
    )
    handle, name = tempfile.mkstemp(dir=envelope_path.parent, prefix=f".{envelope_path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(envelope_path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _as_json(unlocker: Unlocker) -> dict[str, object]:
    if unlocker.kind == KEYRING:
        return {"kind": KEYRING}
    cost = unlocker.cost
    return {
        "kind": unlocker.kind,
        "kdf": "argon2id",
        "time": cost.time,
        "memory": cost.memory,
        "lanes": cost.lanes,
        "salt": _text(unlocker.salt),
        "nonce": _text(unlocker.nonce),
        "sealed": _text(unlocker.sealed),
    }


def _unlocker(data: Mapping[str, Any]) -> Unlocker:
    kind = str(data["kind"])
    if kind == KEYRING:
        return Unlocker(KEYRING)
    cost = Cost(int(data["time"]), int(data["memory"]), int(data["lanes"]))
    if data["kdf"] != "argon2id" or cost.memory > _MOST_MEMORY_KIB:
        raise VaultError("vault_damaged")
    salt, nonce, sealed = (base64.b64decode(data[k], validate=True) for k in ("salt", "nonce", "sealed"))
    return Unlocker(kind, cost, salt, nonce, sealed)


def _wrap(profile: str, kind: str, words: str, key: bytes, cost: Cost) -> Unlocker:
    salt, nonce = randomness.token_bytes(_SALT_BYTES), randomness.token_bytes(_NONCE_BYTES)
    bare = Unlocker(kind, cost, salt, nonce)
    sealed: bytes = _cipher(_stretched(words, bare)).encrypt(nonce, key, _bound(profile, bare))
    return replace(bare, sealed=sealed)


def _unwrap(envelope: Envelope, kind: str, words: str, wrong: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    unlocker = envelope.of(kind)
    if unlocker is None:
        raise VaultError(wrong)
    try:
        key: bytes = _cipher(_stretched(words, unlocker)).decrypt(
            unlocker.nonce, unlocker.sealed, _bound(envelope.profile, unlocker)
        )
    except (InvalidTag, ValueError) as error:
        raise VaultError(wrong) from error
    return key


def _bound(profile: str, unlocker: Unlocker) -> bytes:
    cost = unlocker.cost
    return f"isdesk {FORMAT} {profile} {unlocker.kind} argon2id {cost.time} {cost.memory} {cost.lanes}".encode()


def _stretched(words: str, unlocker: Unlocker) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    cost = unlocker.cost
    plain = unicodedata.normalize("NFKC", words).encode()
    return hash_secret_raw(plain, unlocker.salt, cost.time, cost.memory, cost.lanes, KEY_BYTES, Type.ID)


def _derived(key: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, None, purpose).derive(key)


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _long_enough(passphrase: str) -> str:
    if len(passphrase) < SHORTEST:
        raise VaultError("vault_passphrase_short", least=SHORTEST)
    return passphrase


def _new_recovery() -> str:
    """Return 160 random bits as eight blocks of four letters and figures that are not mistaken for each other."""
    number = int.from_bytes(randomness.token_bytes(_RECOVERY_BYTES), "big")
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in range(_RECOVERY_BYTES * 8 - 5, -1, -5))
    return "-".join(letters[i : i + _BLOCK] for i in range(0, len(letters), _BLOCK))


def _plain_recovery(typed: str) -> str:
    """Return a recovery passphrase as it was made, however it was typed."""
    letters = unicodedata.normalize("NFKC", typed).upper().translate(_LOOKS_LIKE)
    return "".join(c for c in letters if c in _CROCKFORD)
