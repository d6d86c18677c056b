"""Keeping the house: backup, restore, and the doctor, who checks everything that can be checked from here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk import vault
from isdesk.clock import Clock, SystemClock, SystemIds
from isdesk.domain.errors import IsdeskError, VaultError
from isdesk.domain.ids import DeviceId
from isdesk.paths import Profile
from isdesk.services import projection
from isdesk.store import backup as copies
from isdesk.store import checks, connections, fold
from isdesk.store.backup import Done

if TYPE_CHECKING:
    from isdesk.services.context import Context

LEAST_FREE = 512 * 1024 * 1024
"""Bytes of free disk below which the doctor warns."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the doctor looked at: ``name`` is a code, ``detail`` a few words in the language of the desk."""

    name: str
    ok: bool
    detail: str = ""


def profile_of(ctx: Context) -> Profile:
    """Return the profile that the open database belongs to."""
    return Profile(ctx.store.path.parent)


def backup(ctx: Context, target: Path) -> Done:
    """Write an encrypted backup of the database with its envelope to ``target`` and verify it.

    Raises StoreError where it cannot be written or does not verify; a file that was there is then as it was.
    """
    return copies.backup(ctx.store, profile_of(ctx).envelope, Path(target).absolute())


def restore(root: Path, file: Path, *, passphrase: str | None = None, clock: Clock | None = None) -> Done:
    """Put a backup in the place of the profile's database; what was there is kept in a folder beside it.

    The key is had from this machine's keyring, or by ``passphrase``, which may be the recovery passphrase too; in that
    case this machine's keyring (or else the words given) opens it from now on. Nothing may have the profile open.
    Raises BadInput, StoreError, VaultError; the profile is then as it was.
    """
    profile = Profile(Path(root)).make()
    now = clock or SystemClock()
    device = DeviceId(SystemIds(now).new())

    def unlock(envelope: Path) -> bytes:
        return _unlock(envelope, passphrase)

    return copies.restore(Path(file), profile.database, profile.envelope, unlock, device, now.now())


def _unlock(envelope: Path, words: str | None) -> bytes:
    try:
        return vault.unlock(envelope, words)
    except VaultError:
        if words is None:
            raise
        refused = words
    try:
        key = vault.unlock(envelope, recovery=refused)
    except VaultError as error:
        raise VaultError("vault_wrong_passphrase") from error
    if vault.keyring_name() is not None:
        vault.add_keyring(envelope, key)
    else:
        vault.add_passphrase(envelope, key, refused)
    return key


def doctor(ctx: Context, *, rebuild: bool = False) -> list[Check]:
    """Check database, invariants, keyring, disk and connections; with ``rebuild`` derive the projection anew first.

    No check stops the others: one that fails for a known reason says so.
    """
    found = list(_rebuilt(ctx)) if rebuild else []
    return [*found, *(_run(name, look, ctx) for name, look in _CHECKS)]


def _rebuilt(ctx: Context) -> Iterator[Check]:
    with ctx.store.write() as tx:
        wrong = fold.rebuild(tx)
        leads = projection.rebuild(ctx, tx)
    words = _say(ctx, "{n} 件を組み直しました。食い違いは {w} 件でした。", "Rebuilt {n} leads; {w} differed.")
    yield Check("rebuild", not wrong, words.format(n=leads, w=len(wrong)))


def _run(name: str, look: Callable[[Context], Check], ctx: Context) -> Check:
    try:
        return look(ctx)
    except IsdeskError as error:
        return Check(name, ok=False, detail=error.code)


def _say(ctx: Context, ja: str, en: str) -> str:
    return en if ctx.lang == "en" else ja


def _fine(ctx: Context, name: str, problems: int, detail: str = "") -> Check:
    good, bad = _say(ctx, "異常なし", "fine"), _say(ctx, "{n} 件の異常", "{n} problems").format(n=problems)
    return Check(name, problems == 0, detail or (good if problems == 0 else bad))


def _damage(ctx: Context) -> Check:
    problems = checks.damage(ctx.store)
    return _fine(ctx, "integrity", len(problems), problems[0] if problems else "")


def _schema(ctx: Context) -> Check:
    with ctx.store.read() as tx:
        found, newest = checks.revision(tx)
    return Check("schema", found == newest, found)


def _keys(ctx: Context) -> Check:
    with ctx.store.read() as tx:
        return _fine(ctx, "foreign_keys", checks.foreign_keys(tx))


def _journal(ctx: Context) -> Check:
    with ctx.store.read() as tx:
        orphans = checks.orphans(tx)
    return _fine(ctx, "journal", sum(orphans.values()), ", ".join(f"{k}: {n}" for k, n in orphans.items()))


def _projection(ctx: Context) -> Check:
    with ctx.store.read() as tx:
        return _fine(ctx, "projection", checks.unfolded(tx))


def _deliveries(ctx: Context) -> Check:
    with ctx.store.read() as tx:
        counted = checks.deliveries(tx)
    if counted is None:
        return Check("deliveries", ok=True, detail=_say(ctx, "接続なし", "not connected"))
    facts, total, acked, cancelled, waiting = counted
    words = _say(
        ctx,
        "記録 {f} = 確認済 {a} + 取消 {c} + 送信待ち {w}",
        "recorded {f} = confirmed {a} + withdrawn {c} + waiting {w}",
    )
    ok = facts == total == acked + cancelled + waiting
    return Check("deliveries", ok, words.format(f=facts, a=acked, c=cancelled, w=waiting))


def _search(ctx: Context) -> Check:
    with ctx.store.write() as tx:
        return _fine(ctx, "search", abs(checks.search(tx)))


def _unlockers(ctx: Context) -> Check:
    ways = vault.ways(profile_of(ctx).envelope)
    if vault.KEYRING not in ways:
        return Check("keyring", ok=True, detail=", ".join(ways))
    name = vault.keyring_name()
    return Check("keyring", name is not None, ", ".join((*ways, name or _say(ctx, "使えません", "not usable"))))


def _disk(ctx: Context) -> Check:
    free = shutil.disk_usage(ctx.store.path.parent).free
    words = _say(ctx, "空き {n:,} MB", "{n:,} MB free")
    return Check("disk", free >= LEAST_FREE, words.format(n=free // 1024**2))


def _adapters(ctx: Context) -> Check:
    with ctx.store.read() as tx:
        known = connections.everything(tx)
    paused = [c.adapter for c in known if c.paused]
    return Check("adapters", not paused, ", ".join(f"{c.adapter}{f' ({c.paused})' if c.paused else ''}" for c in known))


_CHECKS: tuple[tuple[str, Callable[[Context], Check]], ...] = (
    ("integrity", _damage),
    ("schema", _schema),
    ("foreign_keys", _keys),
    ("journal", _journal),
    ("projection", _projection),
    ("deliveries", _deliveries),
    ("search", _search),
    ("keyring", _unlockers),
    ("disk", _disk),
    ("adapters", _adapters),
)
