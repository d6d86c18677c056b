"""How long what people look at waits while a sync runs: reads of the window beside a first and a complete sync."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from isdesk.desk import Desk
from isdesk.services import leads, queue, search
from tests.benchmarks import data, measure
from tests.benchmarks.measure import Figure, percentile

PAUSE_S = 0.004
"""Between two reads: a window that is scrolled asks about so often."""
BOUND_MS = 50.0


@dataclass(frozen=True, slots=True)
class Read:
    """One read in milliseconds: ``whole`` by the clock, ``ours`` without the wait for a processor."""

    whole: float
    ours: float


def during_sync(folder: Path, clock: Any, count: int) -> list[Figure]:
    """Return the worst read during the first pull, and during a complete sync after every record was written anew."""
    room = folder / "stalls"
    url, *_, me = measure.hub_of(room, count)
    desk, _ = Desk.create(room / "profile", name="鈴木", passphrase=data.PASSPHRASE, clock=clock)
    try:
        desk.connect("sqlhub", url=url, user=me, secret=data.PASSPHRASE)
        first = _beside(desk, partial(desk.sync, full=True))
        quiet = _beside(desk, partial(time.sleep, 2.0))
        _forget(desk)
        again = _beside(desk, partial(desk.sync, full=True))
    finally:
        desk.close()
    return [
        _figure(f"worst read during a first sync of {count:,} leads", first, quiet),
        _figure(f"worst read during a complete sync of {count:,} leads", again, quiet),
    ]


def _unserved() -> float:
    """Return the milliseconds for which threads of this process were ready and got no processor (Linux; else 0)."""
    found = 0
    for file in Path("/proc/self/task").glob("*/schedstat"):
        try:
            found += int(file.read_text().split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return found / 1_000_000


def _figure(name: str, reads: list[Read], silent: list[Read]) -> Figure:
    took, quiet = [one.whole for one in reads], [one.whole for one in silent]
    note = (
        f"{len(took):,} reads, p99 {percentile(took, 0.99):.1f} ms, median {percentile(took, 0.5):.1f} ms; "
        f"worst without what other programs took {max(one.ours for one in reads):.1f} ms; "
        f"without a sync worst {max(quiet):.1f} ms, median {percentile(quiet, 0.5):.1f} ms"
    )
    return Figure(name, "ms", max(took), None, BOUND_MS, note)


def _forget(desk: Desk) -> None:
    """Have the next sync read everything anew, as after a restore of the hub."""
    from isdesk.store import mirror

    connection = desk.connection
    assert connection is not None
    with desk.ctx.store.write() as tx:
        mirror.forget_cursors(tx, connection.adapter)


def _beside(desk: Desk, work: Callable[[], object]) -> list[Read]:
    """Read as a window does while ``work`` runs beside it; returns each read."""
    ended = threading.Event()

    def run() -> None:
        try:
            work()
        finally:
            ended.set()

    beside = threading.Thread(target=run)
    reads, took, number = _reads(desk), list[Read](), 0
    for read in reads:
        read()
    beside.start()
    while not ended.is_set():
        waited, start = _unserved(), time.perf_counter()
        reads[number % len(reads)]()
        whole = (time.perf_counter() - start) * 1000
        took.append(Read(whole, max(0.0, whole - (_unserved() - waited))))
        number += 1
        time.sleep(PAUSE_S)
    beside.join()
    return took


def _reads(desk: Desk) -> list[Callable[[], object]]:
    """Return what a window asks for again and again: a screen of the queue, the lead at work, a search."""
    ctx = desk.ctx

    def lead() -> None:
        first = queue.ids(ctx, limit=1)
        if first:
            leads.view(ctx, first[0])

    return [
        lambda: queue.rows(ctx, queue.ids(ctx, limit=40)),
        lead,
        lambda: search.find(ctx, "山田太郎", 20),
    ]
