"""The one bridge to workers: ``write`` on the store's single worker, ``read`` and ``fetch`` on small pools.

Operations are plain functions that know nothing of Qt; their results come back on the main thread. Nobody else in the
window starts a thread, and the main thread never waits for one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid
from typing_extensions import override

from isdesk.domain.changes import Changes

T = TypeVar("T")
log = logging.getLogger("isdesk.ui.tasks")
READERS = 2
FETCHERS = 3
CLOSE_MS = 10_000


class Job(Generic[T]):
    """One operation under way. ``cancel`` drops its result; what it wrote stays written."""

    def __init__(
        self,
        op: Callable[[], T],
        then: Callable[[T], object] | None,
        failed: Callable[[Exception], object] | None,
        owner: QObject | None,
        *,
        writes: bool,
    ) -> None:
        self.op = op
        self.then = then
        self.failed = failed
        self.owner = owner
        self.writes = writes
        self.cancelled = False
        self.result: T | None = None
        self.error: Exception | None = None

    def cancel(self) -> None:
        """Do not tell the result any more."""
        self.cancelled = True

    def wanted(self) -> bool:
        """Return True while somebody is there for the result."""
        return not self.cancelled and (self.owner is None or isValid(self.owner))


class _Run(QRunnable):
    def __init__(self, job: Job[Any], done: Callable[[object], None]) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.job = job
        self._done = done

    @override
    def run(self) -> None:
        job = self.job
        if job.writes or not job.cancelled:
            try:
                job.result = job.op()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told on the main thread
                job.error = error
        self._done(self)


class Progress(QObject):
    """Carries the progress of a long operation to the main thread, and the wish to stop to the worker.

    Give ``step`` and ``cancelled`` to the operation; connect ``stepped(what, done, total)``; call ``cancel`` from a
    button.
    """

    stepped = Signal(str, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = False

    def step(self, what: str, done: int, total: int = 0) -> None:
        """Tell how far it is (any thread): ``what`` is a phase's code; ``total`` 0: nobody knows."""
        self.stepped.emit(what, done, total)

    def cancel(self) -> None:
        """Ask the operation to stop at its next safe place."""
        self._stop = True

    def cancelled(self) -> bool:
        """Return True when it shall stop (any thread)."""
        return self._stop


class Tasks(QObject):
    """Starts operations and brings their results home."""

    _finished = Signal(object)
    wrote = Signal(object)
    failed = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = self._pool(1)
        self._readers = self._pool(READERS)
        self._fetchers = self._pool(FETCHERS)
        self._runs: set[_Run] = set()
        self._latest: dict[str, Job[Any]] = {}
        self._closed = False
        self._finished.connect(self._home, Qt.ConnectionType.QueuedConnection)

    def _pool(self, threads: int) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(threads)
        pool.setExpiryTimeout(-1)
        return pool

    @property
    def pending(self) -> int:
        """Return how many operations have not come home yet."""
        return len(self._runs)

    def write(
        self,
        op: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Job[T]:
        """Run a use case that writes, one after the other in the order of the calls.

        Its result, or the ``changes`` of it, goes out by ``wrote`` before ``then`` is called. Without ``failed`` an
        error goes out by the signal ``failed``.
        """
        return self._start(self._store, Job(op, then, failed, owner, writes=True))

    def read(
        self,
        op: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        *,
        owner: QObject | None = None,
        key: str = "",
    ) -> Job[T]:
        """Run a query beside the writes. Of those with the same ``key`` only the last one's result is told."""
        job = Job(op, then, failed, owner, writes=False)
        self._supersede(key, job)
        return self._start(self._readers, job)

    def fetch(
        self,
        op: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        *,
        owner: QObject | None = None,
        key: str = "",
    ) -> Job[T]:
        """Run what may wait for the network or for a slow disk (sync, backup, a file to read)."""
        job = Job(op, then, failed, owner, writes=False)
        self._supersede(key, job)
        return self._start(self._fetchers, job)

    def _supersede(self, key: str, job: Job[T]) -> None:
        if key:
            earlier = self._latest.get(key)
            if earlier is not None:
                earlier.cancel()
            self._latest[key] = job

    def _start(self, pool: QThreadPool, job: Job[T]) -> Job[T]:
        if self._closed:
            job.cancel()
            return job
        run = _Run(job, self._finished.emit)
        self._runs.add(run)
        pool.start(run)
        return job

    @Slot(object)
    def _home(self, run: _Run) -> None:
        self._runs.discard(run)
        job: Job[Any] = run.job
        if job.error is not None:
            self._tell_error(job)
        else:
            changes = changes_of(job.result)
            if changes is not None:
                self.wrote.emit(changes)
            if job.then is not None and job.wanted():
                job.then(job.result)
        if not self._runs:
            self.idle.emit()

    def _tell_error(self, job: Job[Any]) -> None:
        error = job.error
        if error is None:
            return
        if job.failed is not None and job.wanted():
            job.failed(error)
        elif job.wanted() or job.writes:
            self.failed.emit(error)
        else:
            log.debug("an unwanted read failed: %s", type(error).__name__)

    def close(self) -> bool:
        """Take nothing more, finish all writes, drop the rest; return False where something did not end in time."""
        self._closed = True
        for pool in (self._readers, self._fetchers):
            pool.clear()
        done = self._store.waitForDone(CLOSE_MS)
        done = self._readers.waitForDone(CLOSE_MS) and done
        done = self._fetchers.waitForDone(CLOSE_MS) and done
        for run in self._runs:
            run.job.cancel()
        self._runs.clear()
        return done


def changes_of(result: object) -> Changes | None:
    """Return what an operation's result says it touched: it itself, its ``changes``, or those of a tuple's parts."""
    if isinstance(result, tuple) and not hasattr(result, "changes"):
        found = [c for c in (changes_of(part) for part in result) if c is not None]
        return reduce(or_, found) if found else None
    if isinstance(result, Changes):
        return result
    inner = getattr(result, "changes", None)
    return inner if isinstance(inner, Changes) else None
