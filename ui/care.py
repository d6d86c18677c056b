"""What the window does for a profile beside a person's verbs: sync, its status, and backups; all run on workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk.clock import TOKYO
from isdesk.services.views import SyncReport, SyncStatus

if TYPE_CHECKING:
    from isdesk.desk import Desk

KEPT = 7
PATTERN = "isdesk-*.backup"
_NAMED = "isdesk-%Y%m%d-%H%M%S.backup"


def sync(
    desk: Desk, progress: Callable[[str, int, int], None], cancelled: Callable[[], bool], *, manual: bool = False
) -> SyncReport | None:
    """Run one round, ``manual`` where a person asked; None where the profile has no connection.

    Raises CrmError and what `Desk.sync` raises.
    """
    if desk.connection is None:
        return None
    return desk.sync(progress=progress, cancelled=cancelled, manual=manual)


def sync_status(desk: Desk) -> SyncStatus:
    """Return how it stands with the hub."""
    from isdesk.services import outbox

    return outbox.status(desk.ctx)


def copies(desk: Desk) -> list[Path]:
    """Return the copies made so far, newest first."""
    return sorted(desk.profile.backups.glob(PATTERN), reverse=True)


def last_backup(desk: Desk) -> datetime | None:
    """Return when the newest copy was made, by the clock the program lives by (the copies carry it as their name)."""
    for made in copies(desk):
        try:
            return datetime.strptime(made.name, _NAMED).replace(tzinfo=TOKYO).astimezone(UTC)
        except ValueError:
            continue
    return None


def back_up(desk: Desk, kept: int = KEPT) -> Path:
    """Make an encrypted, verified copy in the profile's folder, and remove those beyond the newest ``kept``."""
    from isdesk.services import admin

    desk.profile.backups.mkdir(parents=True, exist_ok=True)
    name = desk.ctx.now().astimezone(TOKYO).strftime(_NAMED)
    path = desk.profile.backups / name
    admin.backup(desk.ctx, path)
    for old in copies(desk)[kept:]:
        old.unlink(missing_ok=True)
    return path
