"""The bugs that the simulator has to catch, each switched on by itself where the real code makes the decision.

Every bug was somebody's once (SYNC, part A). A simulator that lets one of them pass proves nothing by passing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from isdesk.crm import oauth, windows, writing
from isdesk.crm.port import PAGE, Command, Page, Result, Row, Scope, Status, Thing
from isdesk.domain import merge
from isdesk.domain.changes import Value
from isdesk.store import Tx, deliveries, fold, mirror
from isdesk.sync import cycle, merging, pull, push, receiving, repair
from isdesk.sync.choosing import Item
from isdesk.sync.tally import Step
from tests.sync.simulation.crm import Record, SimCrm
from tests.sync.simulation.line import SimLine

_ROOMS = ("isdesk.", "tests.sync.simulation.")


@contextmanager
def swapped(right: Any, wrong: Any) -> Iterator[None]:
    """Let every module that knows the function ``right`` use ``wrong`` for the block."""
    found = [
        (module, name)
        for key, module in list(sys.modules.items())
        if key.startswith(_ROOMS)
        for name, value in list(vars(module).items())
        if value is right
    ]
    for module, name in found:
        setattr(module, name, wrong)
    try:
        yield
    finally:
        for module, name in found:
            setattr(module, name, right)


@contextmanager
def method(owner: type, name: str, wrong: Any) -> Iterator[None]:
    """Let a class have another method for the block."""
    right = owner.__dict__[name]
    setattr(owner, name, wrong)
    try:
        yield
    finally:
        setattr(owner, name, right)


# -------------------------------------------------------------------------------------------------- at the CRM's door


@contextmanager
def no_key() -> Iterator[None]:
    """The adapter sends no key, so that nothing tells a second try from a second call."""

    def none(self: SimCrm, one: Command) -> Record | None:
        return None

    with method(SimCrm, "_by_key", none):
        yield


@contextmanager
def blind_overwrite() -> Iterator[None]:
    """Fields are written without looking at what stands there (MobileSync M3, WatermelonDB)."""

    def all_of_it(command: Command, stands: Mapping[str, Value]) -> dict[str, Value]:
        return {code: value for code, value in command.payload.items() if stands.get(code) != value}

    with swapped(writing._wanted, all_of_it):
        yield


@contextmanager
def dnc_cleared_by_merge() -> Iterator[None]:
    """The last word wins for a do-not-call too, whether its author had heard of the refusal or not."""
    right = writing._wanted

    def last_word(command: Command, stands: Mapping[str, Value]) -> dict[str, Value] | None:
        wanted = right(replace(command, payload={c: v for c, v in command.payload.items() if c != "dnc"}), stands)
        if wanted is not None and "dnc" in command.payload and stands.get("dnc") != command.payload["dnc"]:
            wanted["dnc"] = command.payload["dnc"]
        return wanted

    with swapped(right, last_word), swapped(merge.most_restrictive, lambda mine, theirs: mine):
        yield


@contextmanager
def strict_cursor() -> Iterator[None]:
    """The next window begins behind the newest stamp seen: no overlap (MobileSync M1)."""
    right = windows.begin

    def behind(
        window: windows.Window, now: datetime, *, overlap_s: float, lag_s: float = 0.0, bounded: bool = True
    ) -> windows.Window:
        return right(window, now, overlap_s=-0.001, lag_s=lag_s, bounded=bounded)

    with swapped(right, behind):
        yield


@contextmanager
def cursor_from_local_clock() -> Iterator[None]:
    """The next window begins where this device's clock stood."""
    right = SimLine.changes

    def by_my_clock(self: SimLine, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        page = right(self, obj, cursor, scope, limit)
        if page.more or self.clock is None or self.crm.traits.cursor != "stamp":
            return page
        return replace(page, next_cursor=windows.Window(high=self.clock.now().isoformat()).text())

    with method(SimLine, "changes", by_my_clock):
        yield


# ------------------------------------------------------------------------------------------------------ taking in


@contextmanager
def cursor_before_rows() -> Iterator[None]:
    """The cursor is kept before the rows that it has passed (PouchDB #1240)."""
    right = cycle.Engine._store

    def cursor_first(self: cycle.Engine, tally: Any, hello: Any, obj: Thing, page: Page, **how: Any) -> None:
        with self.store.write() as tx:
            mirror.move(
                tx, self.adapter.name, obj, self._scope(hello),
                epoch=hello.epoch, cursor=page.next_cursor, window=page.window,
            )  # fmt: skip
        right(self, tally, hello, obj, page, **how)

    with method(cycle.Engine, "_store", cursor_first):
        yield


@contextmanager
def skip_dirty_advance() -> Iterator[None]:
    """A row that has an edit waiting is passed over, and the cursor with it (MobileSync M2)."""
    right = receiving.receive

    def but_the_dirty(tx: Tx, ground: receiving.Ground, obj: Thing, rows: Sequence[Row], **how: Any) -> Any:
        if "laid" not in how:
            known = mirror.bases(tx, ground.adapter, obj, [row.id for row in rows])
            dirty = deliveries.open_changes(tx, ground.adapter, obj, [base.local_id for base in known.values()])
            rows = [row for row in rows if row.id not in known or known[row.id].local_id not in dirty]
        return right(tx, ground, obj, rows, **how)

    with swapped(right, but_the_dirty):
        yield


@contextmanager
def echo_resurrects() -> Iterator[None]:
    """What comes back from the CRM is shown as it is, also over a deletion that waits (WatermelonDB #649).

    The echo of a record's creation brings it back to life.
    """
    with swapped(mirror.edited, lambda tx, local_ids: set()):
        yield


@contextmanager
def ghost_purge_with_open() -> Iterator[None]:
    """What is gone from the CRM goes here too, whatever still waits for it."""
    with swapped(deliveries.with_open, lambda tx, adapter, ids: set()):
        yield


@contextmanager
def client_wins() -> Iterator[None]:
    """On a difference mine is moved onto theirs without a word (WatermelonDB)."""

    def mine(obj: str, payload: Mapping[str, Value], base: Mapping[str, Value], theirs: Mapping[str, Value]) -> Any:
        return merging.Rebased(dict(payload), {code: theirs.get(code) for code in payload})

    with swapped(merging.rebase, mine):
        yield


@contextmanager
def conflict_not_kept() -> Iterator[None]:
    """An edit that is given up for theirs is mentioned nowhere (MobileSync M7)."""
    with swapped(receiving.keep, lambda *args: None):
        yield


@contextmanager
def projection_not_refolded() -> Iterator[None]:
    """What people see is not brought up to date after sync has moved something."""
    with swapped(fold.refold, lambda tx, obj, ids: frozenset()):
        yield


@contextmanager
def suppression_dropped() -> Iterator[None]:
    """The team's list of do-not-calls is not taken in."""
    right = pull.take

    def but_suppressions(tx: Tx, ground: receiving.Ground, obj: Thing, rows: Sequence[Row], **how: Any) -> Any:
        return right(tx, ground, obj, () if obj is Thing.SUPPRESSION else rows, **how)

    with swapped(right, but_suppressions):
        yield


# -------------------------------------------------------------------------------------------------------- sending


@contextmanager
def inflight_edit_lost() -> Iterator[None]:
    """The answer to a write makes the whole record clean, with the edit made meanwhile (MobileSync M4)."""
    right = deliveries.ack

    def and_the_rest(tx: Tx, done: Any, at: datetime) -> None:
        settled = list(done)
        right(tx, settled, at)
        for seq, _ in settled:
            tx.sql(
                "UPDATE delivery SET state = 'acked' WHERE state = 'pending' AND kind = 'change' "
                "AND obj_id = (SELECT obj_id FROM delivery WHERE seq = ?)",
                (seq,),
            )

    with swapped(right, and_the_rest):
        yield


@contextmanager
def ok_taken_for_not_created() -> Iterator[None]:
    """200 instead of 201 is taken for a failure, and what the CRM has is sent again for ever (SecureDrop #3702)."""
    right = push._settle_one

    def not_created(tx: Tx, ground: receiving.Ground, item: Item, result: Result, done: push.Settled) -> None:
        if result.status is Status.DUPLICATE:
            deliveries.settle(tx, [item.delivery.seq], "pending", attempt=True, error_class="transient")
            done.failed += 1
        else:
            right(tx, ground, item, result, done)

    with swapped(right, not_created):
        yield


@contextmanager
def batch_stuck() -> Iterator[None]:
    """A batch that is refused as a whole is put back as a whole (MobileSync M8)."""

    def as_a_whole(self: cycle.Engine, tally: Any, batch: Sequence[Item], error: Any) -> Iterator[Step]:
        yield Step("settle", done=len(batch))
        with self.store.write() as tx:
            push.back(tx, self.ground(), batch, self.rng, attempt=True, code=error.code)

    with method(cycle.Engine, "_bisect", as_a_whole):
        yield


@contextmanager
def quarantine_retried() -> Iterator[None]:
    """What was refused is tried again in every round."""
    right = deliveries.recover

    def and_the_refused(tx: Tx, adapter: str, at: datetime) -> int:
        tx.sql("UPDATE delivery SET state = 'pending' WHERE state = 'quarantined' AND adapter = ?", (adapter,))
        return right(tx, adapter, at)

    with swapped(right, and_the_refused):
        yield


@contextmanager
def doubt_forgotten() -> Iterator[None]:
    """What was being sent when the process ended is sent again, not asked for, at a CRM that knows no keys."""

    def pending(tx: Tx, adapter: str, at: datetime) -> int:
        sql = "UPDATE delivery SET state = 'pending' WHERE state IN ('sending', 'uncertain') AND adapter = ?"
        return int(tx.sql(sql, (adapter,)).rowcount)

    with swapped(deliveries.recover, pending):
        yield


@contextmanager
def asked_too_soon() -> Iterator[None]:
    """A lost write is asked for before a late one could have arrived."""
    right = deliveries.doubts

    def at_once(tx: Tx, adapter: str, at: datetime, sent_before: datetime, limit: int) -> Any:
        return right(tx, adapter, at + timedelta(days=1), at + timedelta(days=1), limit)

    with swapped(right, at_once):
        yield


@contextmanager
def counted_from_the_mark() -> Iterator[None]:
    """How long a lost write has had its time is counted from before its first byte, not from when it was given up."""
    right = deliveries.settle

    def without(tx: Tx, seqs: Iterable[int], state: str, **more: Any) -> None:
        right(tx, seqs, state, **{name: value for name, value in more.items() if name != "sent_at"})

    with swapped(right, without):
        yield


@contextmanager
def silence_taken_for_success() -> Iterator[None]:
    """What a partial answer does not mention is taken for written."""
    right = push.unknown

    def fine(tx: Tx, ground: receiving.Ground, items: Sequence[Item], rng: Any, code: str) -> int:
        if code != "answer_missing":
            return right(tx, ground, items, rng, code)
        deliveries.ack(tx, [(item.delivery.seq, None) for item in items], ground.now)
        return 0

    with swapped(right, fine):
        yield


@contextmanager
def restore_not_noticed() -> Iterator[None]:
    """Nobody asks whether what was acknowledged is still there (cht-core #8093)."""

    def nothing(*args: Any, **how: Any) -> Generator[Step, None, repair.Audited]:
        yield from ()
        return repair.Audited()

    def unmoved(*args: Any, **how: Any) -> Generator[Step, None, bool]:
        yield from ()
        return False

    with swapped(repair.reoffer, nothing), swapped(repair.restored, unmoved):
        yield


# ---------------------------------------------------------------------------------------------------------- tokens


@contextmanager
def refresh_token_lost() -> Iterator[None]:
    """A rotated refresh token is used before it is kept, and the process ends (SYNC E10)."""
    with method(oauth.TokenKeeper, "_put", lambda self, tokens: None):
        yield


BUGS: dict[str, Callable[[], Any]] = {
    "no key": no_key,
    "blind overwrite": blind_overwrite,
    "strict cursor": strict_cursor,
    "cursor before rows": cursor_before_rows,
    "in-flight edit lost": inflight_edit_lost,
    "skip-dirty-advance": skip_dirty_advance,
    "echo resurrects a delete": echo_resurrects,
    "ghost purge with open commands": ghost_purge_with_open,
    "do-not-call cleared by merge": dnc_cleared_by_merge,
    "200-not-201 resent": ok_taken_for_not_created,
    "all-or-nothing batch stuck": batch_stuck,
    "refresh token lost": refresh_token_lost,
    "client wins unseen": client_wins,
    "conflict not kept": conflict_not_kept,
    "projection not refolded": projection_not_refolded,
    "suppression dropped": suppression_dropped,
    "quarantine retried of itself": quarantine_retried,
    "doubt forgotten at restart": doubt_forgotten,
    "asked before the late write came": asked_too_soon,
    "doubt counted from the mark": counted_from_the_mark,
    "silence taken for success": silence_taken_for_success,
    "cursor from the local clock": cursor_from_local_clock,
    "restore not noticed": restore_not_noticed,
}
"""Every bug by its name; the first twelve are those that SYNC's scoreboard and the issue name."""
