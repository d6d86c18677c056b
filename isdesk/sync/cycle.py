"""One round of sync: say hello, send, take in, send what was rebased, compare lists, audit (SYNC.md).

The round is a generator that gives a `Step` away before everything that touches the network or the database, so that
whoever drives it may show progress, stop, interleave two devices, or let it fall at any point. Clock, randomness, ids,
store and adapter are given to it. Whatever happens, a round leaves nothing half done: it begins by looking at what the
last one left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from datetime import datetime
from random import Random

from isdesk.clock import Clock, Ids, SystemIds
from isdesk.crm.port import (
    PAGE,
    Adapter,
    Asked,
    Auth,
    Hello,
    Offline,
    Page,
    Permanent,
    Quota,
    Result,
    Scope,
    Thing,
    Transient,
    Unknown,
)
from isdesk.domain.changes import Obj
from isdesk.domain.errors import CrmError
from isdesk.domain.ids import DeviceId, LeadId
from isdesk.domain.member import Member
from isdesk.services.views import SyncReport
from isdesk.store import Store, Tx, connections, deliveries, fold, members, meta, mirror, projection
from isdesk.sync import audit, ghosts, push, rekeying
from isdesk.sync.backoff import jitter
from isdesk.sync.lock import only_one
from isdesk.sync.pull import ORDER, take
from isdesk.sync.push import Item
from isdesk.sync.receiving import Ground, Taken
from isdesk.sync.tally import Step, Tally

Progress = Callable[[str, int, int], None]
Reproject = Callable[[Tx, Collection[LeadId]], None]
Newcomers = Callable[[datetime], projection.Place]
Steps = Generator[Step, None, None]

INTERVAL_S = 60.0
"""Seconds between rounds that go well."""
_SOONEST_S = 2.0
_AT_ONCE = 500


class Engine:
    """Drives one connection; everything it depends on is given to it, so that a test can drive it step by step.

    ``reproject`` derives leads anew within the transaction that moved their facts; ``newcomers`` says of leads that
    are new, as of an instant, where they stand before they are written. ``failures`` counts rounds that failed in a
    row.
    """

    def __init__(
        self,
        store: Store,
        adapter: Adapter,
        *,
        clock: Clock,
        device_id: DeviceId,
        reproject: Reproject,
        newcomers: Newcomers | None = None,
        scope: Scope | str = Scope.MINE,
        ids: Ids | None = None,
        rng: Random | None = None,
    ) -> None:
        self.store = store
        self.adapter = adapter
        self.clock = clock
        self.device_id = device_id
        self.reproject = reproject
        self.newcomers = newcomers
        self.scope = Scope(scope)
        self.ids = ids or SystemIds(clock)
        self.rng = rng or Random()  # noqa: S311  (back-off, not a secret)
        self.failures = 0

    # ----------------------------------------------------------------------------------------------- from outside

    def run(
        self,
        full: bool = False,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        consent: bool = False,
    ) -> SyncReport:
        """Drive one whole round and return its report; errors of the other side are in it, not raised.

        ``full`` compares complete lists of ids too and resets every timer (manual sync). ``progress`` gets what is
        being done, how many so far, and of how many (0: unknown). ``consent``: a person has said that what is missing
        at the hub may go here too, however much it is (``ghosts_many``).
        """
        tally = self.tally()
        with only_one(self.store.path) as alone:
            if not alone:
                tally.error = "sync_busy"
                return tally.report(0, 0.0)
            tally.consent = consent
            for step in self.steps(full=full or consent, tally=tally):
                if progress is not None:
                    progress(step.name, step.done, 0)
                if cancelled is not None and cancelled():
                    tally.error = "sync_cancelled"
                    break
            return self._finish(tally)

    def close(self) -> None:
        """Let go of the adapter's connection."""
        self.adapter.close()

    def steps(self, *, full: bool = False, tally: Tally | None = None) -> Steps:
        """Go through one round; dropping the generator at any step is a crash at that point."""
        tally = tally or self.tally()
        try:
            yield from self._round(tally, full=full)
        except CrmError as error:
            tally.failing(error)
            yield Step("failed")
            with self.store.write() as tx:
                if isinstance(error, Auth):
                    connections.pause(tx, self.adapter.name, error.code)
        yield from self._derive()

    def tally(self) -> Tally:
        """Return an empty count that begins now."""
        return Tally(self.clock.now(), self.clock.monotonic())

    def delay(self) -> float:
        """Return seconds until the next round of itself: a minute, or with back-off after failures (SYNC E8)."""
        return INTERVAL_S if self.failures == 0 else max(_SOONEST_S, jitter(self.rng, self.failures))

    # ------------------------------------------------------------------------------------------------- the round

    def _round(self, tally: Tally, *, full: bool) -> Steps:
        yield Step("recover")
        with self.store.write() as tx:
            deliveries.recover(tx, self.adapter.name)
            if full:
                deliveries.release(tx, self.adapter.name)
        yield Step("hello")
        hello = self.adapter.hello()
        yield Step("remember")
        with self.store.write() as tx:
            restored = self._remember(tx, hello, tally)
        compare = yield from self._restored(tally, restored=restored)
        yield from self._push(tally)
        yield from self._pull(tally, hello, compare=compare)
        yield from self._push(tally)
        yield from self._lists(tally, hello, full=full or compare)
        yield from self._audit(tally, full=full)
        yield Step("remember")
        with self.store.write() as tx:
            meta.put(tx, self._key("restoring"), None)
            meta.put(tx, self._key("life"), {"epoch": hello.epoch, "head": hello.head})

    def _remember(self, tx: Tx, hello: Hello, tally: Tally) -> bool:
        """Keep what the CRM said of itself; returns whether it is not in the life we knew (SYNC E6)."""
        if hello.suppression_key is not None and rekeying.adopt(tx, hello.suppression_key):
            tally.settings = True
        me = hello.me
        members.put(tx, [Member(me.id, me.name, me.role, me.email, me.active)])
        connections.pause(tx, self.adapter.name, "")
        known = meta.get(tx, self._key("life"))
        if not isinstance(known, dict):
            return False
        head = known.get("head")
        return known.get("epoch") != hello.epoch or (isinstance(head, int) and hello.head < head)

    def _restored(self, tally: Tally, *, restored: bool) -> Generator[Step, None, bool]:
        """After a restore of the hub: begin every pull anew and offer again what it lost; says whether to compare all.

        How far this has come is kept, so that a crash in its midst does not make it forgotten.
        """
        with self.store.read() as tx:
            stage = meta.text(tx, self._key("restoring"))
            newest = deliveries.newest_acked(tx, self.adapter.name, audit.SAMPLE)
        if not restored and newest and self._may_probe():
            yield Step("probe")
            restored = not self.adapter.probe([Asked(k, Thing.LEAD) for k in newest]).keys() >= set(newest)
        if restored:
            yield Step("begin_anew")
            with self.store.write() as tx:
                mirror.forget_cursors(tx, self.adapter.name)
                meta.put(tx, self._key("restoring"), "reoffer")
            stage = "reoffer"
        if stage == "reoffer":
            yield from self._reoffer(tally, None)
            yield Step("remember")
            with self.store.write() as tx:
                meta.put(tx, self._key("restoring"), "compare")
        return stage is not None

    def _reoffer(self, tally: Tally, since: datetime | None) -> Generator[Step, None, tuple[int, int]]:
        """Offer again whatever was acknowledged and is not there; returns how many were asked for and were lost."""
        if not self._may_probe():
            return 0, 0
        with self.store.read() as tx:
            keys = deliveries.acked_since(tx, self.adapter.name, since)
        missing = 0
        for block in fold.chunks(keys, PAGE):
            yield Step("probe")
            known = self.adapter.probe([Asked(k, Thing.LEAD) for k in block])
            lost = [key for key in block if key not in known]
            if not lost:
                continue
            yield Step("reoffer", done=len(lost))
            with self.store.write() as tx:
                objects = deliveries.again(tx, self.adapter.name, lost)
                for obj in (Obj.COMPANY, Obj.LEAD):
                    leads = fold.refold(tx, obj, [i for kind, i in objects if kind == obj])
                    self._project(tx, Taken(leads=set(leads)), tally)
            missing += len(lost)
        tally.repaired += missing
        return len(keys), missing

    def _may_probe(self) -> bool:
        return self.adapter.capabilities().probe_by_key != "none"

    # ---------------------------------------------------------------------------------------------------- sending

    def _push(self, tally: Tally) -> Steps:
        most = min(PAGE, self.adapter.capabilities().batch_max)
        while True:
            yield Step("choose", done=tally.sent)
            with self.store.write() as tx:
                batch = push.choose(tx, self._ground(), most)
            if not batch:
                return
            yield from self._send(tally, batch)

    def _send(self, tally: Tally, batch: Sequence[Item]) -> Steps:
        """Send one batch and settle it; a batch that can never succeed as a whole is halved down to the culprit."""
        yield Step("send", done=tally.sent)
        commands = [item.command(self.device_id) for item in batch]
        try:
            results = self.adapter.push(commands)
        except Permanent as error:
            yield from self._bisect(tally, batch, error)
        except CrmError as error:
            yield from self._put_back(tally, batch, error)
            raise
        else:
            yield from self._settle(tally, batch, results)

    def _settle(self, tally: Tally, batch: Sequence[Item], results: Sequence[Result]) -> Steps:
        yield Step("settle", done=len(batch))
        with self.store.write() as tx:
            done = push.settle(tx, self._ground(), batch, results, self.rng)
            tally.settled(done)
            if done.taken.leads:
                self.reproject(tx, done.taken.leads)

    def _bisect(self, tally: Tally, batch: Sequence[Item], error: Permanent) -> Steps:
        if len(batch) > 1:
            middle = len(batch) // 2
            yield from self._send(tally, batch[:middle])
            yield from self._send(tally, batch[middle:])
            return
        yield Step("settle", done=1)
        with self.store.write() as tx:
            push.quarantine(tx, batch[0], error.code, error.params)
        tally.quarantined += 1

    def _put_back(self, tally: Tally, batch: Sequence[Item], error: CrmError) -> Steps:
        yield Step("settle", done=len(batch))
        ground = self._ground()
        with self.store.write() as tx:
            match error:
                case Unknown():
                    tally.quarantined += push.unknown(tx, ground, batch, self.rng, error.code)
                case Transient():
                    push.back(tx, ground, batch, self.rng, attempt=True, code=error.code, asked=error.retry_after)
                case Quota():
                    push.back(tx, ground, batch, self.rng, attempt=False, code=error.code, asked=error.reset_in)
                case _:
                    push.back(tx, ground, batch, self.rng, attempt=False, code=error.code)
        tally.failed += 0 if isinstance(error, Offline) else len(batch)

    # -------------------------------------------------------------------------------------------------- taking in

    def _pull(self, tally: Tally, hello: Hello, *, compare: bool) -> Steps:
        offered = self.adapter.capabilities().objects
        for obj in ORDER:
            if obj in offered:
                yield from self._pull_one(tally, hello, obj, compare=compare)

    def _pull_one(self, tally: Tally, hello: Hello, obj: Thing, *, compare: bool) -> Steps:
        scope = self._scope(hello)
        with self.store.read() as tx:
            cursor = mirror.position(tx, self.adapter.name, obj, scope).at
        done, first = 0, cursor is None
        while True:
            yield Step("ask", obj, done)
            page = self.adapter.changes(obj, cursor, self.scope, PAGE)
            if page.rows or page.next_cursor != cursor:
                yield Step("store", obj, done)
                self._store(tally, hello, obj, page, compare=compare, later=page.more or (first and done > 0))
            done += len(page.rows)
            cursor = page.next_cursor
            if not page.more:
                return

    def _store(self, tally: Tally, hello: Hello, obj: Thing, page: Page, *, compare: bool, later: bool) -> None:
        with self.store.write() as tx:
            ground = self._ground(self._place(tally))
            taken = take(tx, ground, obj, page.rows, key=hello.suppression_key, compare=compare)
            if obj is Thing.MEMBER:
                tally.settings = tally.settings or taken.updated > 0
            elif obj is Thing.PLAYBOOK:
                tally.playbook = tally.playbook or taken.updated > 0
            else:
                self._project(tx, taken, tally, later=later)
            mirror.move(
                tx, self.adapter.name, obj, self._scope(hello),
                epoch=hello.epoch, cursor=page.next_cursor, window=page.window,
            )  # fmt: skip

    def _project(self, tx: Tx, taken: Taken, tally: Tally, *, later: bool = False) -> None:
        """Derive the leads concerned at once; where many pages come, mark them and derive all of them at the end."""
        tally.taken.add(taken)
        waiting = taken.leads - taken.placed
        if later or len(waiting) > _AT_ONCE:
            tally.bulk = tally.bulk or bool(taken.leads)
            if waiting:
                mirror.age(tx, waiting)
        elif waiting:
            self.reproject(tx, waiting)

    def _derive(self) -> Steps:
        with self.store.read() as tx:
            waiting = mirror.aged(tx)
        for done, block in enumerate(fold.chunks(waiting, _AT_ONCE)):
            yield Step("derive", done=done * _AT_ONCE)
            with self.store.write() as tx:
                self.reproject(tx, [LeadId(i) for i in block])

    # ------------------------------------------------------------------------------------------ lists and audits

    def _lists(self, tally: Tally, hello: Hello, *, full: bool) -> Steps:
        for obj in (Thing.COMPANY, Thing.LEAD):
            if obj not in self.adapter.capabilities().objects:
                continue
            scope = self._scope(hello)
            with self.store.read() as tx:
                last = mirror.position(tx, self.adapter.name, obj, scope).idset_at
            if last is None and not full:
                yield Step("store", obj)
                with self.store.write() as tx:  # the first pull was complete; the first list is due in a day
                    mirror.listed(tx, self.adapter.name, obj, scope, at=self.clock.now(), audit={})
            elif full or (last is not None and self.clock.now() - last >= ghosts.EVERY):
                yield from self._list(tally, obj, scope)

    def _list(self, tally: Tally, obj: Thing, scope: str) -> Steps:
        yield Step("list", obj)
        remote = dict(self.adapter.ids(obj, self.scope))
        yield Step("compare", obj)
        with self.store.write() as tx:
            found = ghosts.compare(tx, self._ground(), obj, scope, remote, consent=tally.consent)
        if found.ask:
            tally.asked += found.missing
            tally.error = tally.error or "ghosts_many"
        for block in fold.chunks(found.stale, PAGE):
            yield Step("fetch", obj, len(block))
            rows = self.adapter.fetch(obj, block)
            yield Step("store", obj)
            with self.store.write() as tx:
                self._project(tx, take(tx, self._ground(), obj, rows, compare=True), tally)
            tally.repaired += len(rows)
        for block in fold.chunks(found.gone, PAGE):
            yield Step("fetch", obj, len(block))
            rows = self.adapter.fetch(obj, block)
            yield Step("store", obj)
            with self.store.write() as tx:
                ground, whole = self._ground(), self.scope is Scope.TEAM
                self._project(tx, ghosts.judge(tx, ground, obj, block, rows, whole_team=whole), tally)

    def _audit(self, tally: Tally, *, full: bool) -> Steps:
        with self.store.read() as tx:
            due = full or audit.due(tx, self.adapter.name, self.clock.now())
        if not due:
            return
        asked, lost = yield from self._reoffer(tally, self.clock.now() - audit.HORIZON)
        if lost:
            yield from self._push(tally)
        yield Step("remember")
        with self.store.write() as tx:
            audit.done(tx, self.adapter.name, self.clock.now(), asked=asked, lost=lost)

    # --------------------------------------------------------------------------------------------------- within

    def _finish(self, tally: Tally) -> SyncReport:
        self.failures = 0 if not tally.error or tally.error in {"ghosts_many", "sync_cancelled"} else self.failures + 1
        now = self.clock.now()
        with self.store.write() as tx:
            waits = deliveries.counts(tx)
            report = tally.report(waits.waiting, self.clock.monotonic() - tally.started)
            run = mirror.Run(
                self.adapter.name, tally.started_at, now, not tally.error, tally.counts(report), tally.error
            )
            mirror.log_run(tx, run)
        return report

    def _ground(self, place: projection.Place | None = None) -> Ground:
        return Ground(self.adapter.name, self.clock.now(), self.ids, place)

    def _place(self, tally: Tally) -> projection.Place | None:
        """Return what places newcomers of this round: as of its beginning, so that it learns once what is alike."""
        if tally.newcomers is None and self.newcomers is not None:
            tally.newcomers = self.newcomers(tally.started_at)
        return tally.newcomers

    def _scope(self, hello: Hello) -> str:
        return f"{self.scope}:{hello.me.id}" if self.scope is Scope.MINE else str(self.scope)

    def _key(self, what: str) -> str:
        return f"sync:{self.adapter.name}:{what}"
