"""What happened in the house, as signals: whoever shows something listens here and to nobody else."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Hub(QObject):
    """``changed(Changes)`` after every write and sync; ``online(bool)``; ``outbox(SyncStatus)``; ``ticked`` by beat.

    ``syncing(phase, done, total)`` while a round of sync runs, ``synced`` at its end; ``stop_sync`` asks it to stop.
    """

    changed = Signal(object)
    online = Signal(bool)
    outbox = Signal(object)
    ticked = Signal()
    syncing = Signal(str, int, int)
    synced = Signal()
    stop_sync = Signal()
