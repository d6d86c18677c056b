"""One round of sync: say hello, send, take in, send what was rebased, compare lists, audit (SYNC.md).

The round is a generator that gives a `Step` away before everything that touches the network or the database, so that
whoever drives it may show progress, stop, interleave two devices, or let it fall at any point. Clock, randomness, ids,
store and adapter are given to it. Whatever happens, a round leaves nothing half done: it begins by looking at what the
last one left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Sequence
from datetime import datetime, timedelta
from random import Random

from isdesk.clock import Clock, Ids, SystemIds
from isdesk.crm.port import (
    PAGE,
    Adapter,
    Auth,
    Hello,
    Offline,
    Page,
    Permanent,
    Quota,
    Result,
    Row,
    Scope,
    Thing,
    Transient,
    Unknown,
)
from isdesk.domain.errors import CrmError
from isdesk.domain.ids import DeviceId, LeadId, MemberId
from isdesk.domain.member import Member
from isdesk.services.views import Freshness, SyncReport
from isdesk.store import Store, Tx, connections, deliveries, fold, members, meta, mirror, projection
from isdesk.store.lock import only_one
from isdesk.sync import allowance, choosing, doubts, freshness, ghosts, push, rekeying, repair, widening
from isdesk.sync.backoff import jitter
from isdesk.sync.choosing import Item
from isdesk.sync.considerate import considerate
from isdesk.sync.gate import Gate
from isdesk.sync.naming import names_of
from isdesk.sync.pull import ORDER, take
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
_HELLO_IN_TIME = timedelta(milliseconds=allowance.CLOCK_SET_MS)
"""A greeting that took longer says nothing of the clocks."""
_BENIGN = frozenset({"ghosts_many", "sync_cancelled", allowance.CODE, allowance.RESERVED})
"""Why a round may end early without anything having failed."""
_HISTORIES = 50
"""Leads whose history is asked for at a time."""

log = logging.getLogger(__name__)


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
        self.gate = Gate(self.rng)
        self.names = names_of(adapter)

    # ----------------------------------------------------------------------------------------------- from outside

    def run(
        self,
        full: bool = False,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        consent: bool = False,
        manual: bool = False,
    ) -> SyncReport:
        """Drive one whole round and return its report; errors of the other side are in it, not raised.

        ``manual``: a person asked for it, so that every timer is reset, attempts are not, and nothing is left alone.
        ``full`` does so too and compares complete lists of ids and keys. ``progress`` gets what is
        being done, how many so far, and of how many (0: unknown). ``consent``: a person has said that what is missing
        at the hub may go here too, however much it is (``ghosts_many``).
        """
        tally = self.tally()
        with only_one(self.store.path) as alone, considerate():
            if not alone:
                tally.error = "sync_busy"
                return tally.report(0, 0.0)
            tally.consent = consent
            manual = manual or full or consent
            if manual:
                self.gate.open_up()
            tally.error = self.gate.closed_to(self.clock.monotonic())
            if tally.error:
                return self._report(tally)
            for step in self.steps(full=full or consent, manual=manual, tally=tally):
                if progress is not None:
                    progress(step.name, step.done, 0)
                if cancelled is not None and cancelled():
                    tally.error = "sync_cancelled"
                    break
            return self._finish(tally)

    def glance(self, lead_id: LeadId, budget_s: float = freshness.BUDGET_S) -> Freshness:
        """Look at one lead in the CRM before it is dialled, within ``budget_s`` seconds; takes no lock.

        Being offline is no error: the answer says how old is what is known here.
        """
        return freshness.glance(self, lead_id, budget_s)

    def close(self) -> None:
        """Let go of the adapter's connection."""
        self.adapter.close()

    def steps(self, *, full: bool = False, manual: bool = False, tally: Tally | None = None) -> Steps:
        """Go through one round; dropping the generator at any step is a crash at that point."""
        tally = tally or self.tally()
        try:
            yield from self._round(tally, full=full, manual=manual or full)
            self.gate.passed()
        except CrmError as error:
            tally.failing(error)
            self.gate.failed(error, self.clock.monotonic())
            yield Step("failed")
            with self.store.write() as tx:
                if isinstance(error, Auth):
                    connections.pause(tx, self.adapter.name, error.code)
                if isinstance(error, Quota):
                    allowance.pause(tx, self.adapter.name, self.clock.now(), error.reset_in)
        yield from self._derive()

    def tally(self) -> Tally:
        """Return an empty count that begins now."""
        return Tally(self.clock.now(), self.clock.monotonic())

    def delay(self) -> float:
        """Return seconds until the next round of itself: a minute, or with back-off after failures (SYNC E8)."""
        own = INTERVAL_S if self.failures == 0 else max(_SOONEST_S, jitter(self.rng, self.failures))
        return max(own, self.gate.wait(self.clock.monotonic()))

    # ------------------------------------------------------------------------------------------------- the round

    def _round(self, tally: Tally, *, full: bool, manual: bool) -> Steps:
        yield Step("recover")
        with self.store.write() as tx:
            deliveries.recover(tx, self.adapter.name, self.clock.now())
            if manual:
                deliveries.release(tx, self.adapter.name)
                allowance.resume(tx, self.adapter.name)
            if not allowance.worth_trying(tx, self.adapter.name, self.clock.now()):
                tally.error = allowance.CODE
                return
            paused = allowance.paused(tx, self.adapter.name, self.clock.now())
            tally.scarce = allowance.CODE if paused else ""
        yield Step("hello")
        begun = self.clock.now()
        hello = self.adapter.hello()
        ahead = self._ahead(hello, begun)
        yield Step("remember")
        self.names = names_of(self.adapter)
        with self.store.write() as tx:
            restored = self._remember(tx, hello, tally, ahead)
            self._widen(tx, hello, tally)
        if self._scarce(tally):
            yield from self._push(tally)
            return
        compare = yield from repair.restored(self, tally, restored=restored)
        yield from self._push(tally)
        yield from self._pull(tally, hello, compare=compare)
        yield from self._history(tally)
        yield from self._push(tally)
        yield from self._lists(tally, hello, full=full or compare)
        if (yield from repair.audited(self, tally, full=full)):
            yield from self._push(tally)
        yield Step("remember")
        with self.store.write() as tx:
            meta.put(tx, self.key("restoring"), None)
            meta.put(tx, self.key("life"), {"epoch": hello.epoch, "head": hello.head})

    def _widen(self, tx: Tx, hello: Hello, tally: Tally) -> None:
        """Offer what was kept here alone where the map takes in another field now, and read everything anew."""
        new = widening.widened(tx, self.names, self.key("carried"))
        if not new:
            return
        leads = widening.offer(
            tx, self.names, new, ids=self.ids, now=self.clock.now(), device_id=self.device_id, me=hello.me.id
        )
        self.project(tx, Taken(leads=set(leads)), tally)
        mirror.forget_cursors(tx, self.adapter.name)
        meta.put(tx, self.key("restoring"), meta.text(tx, self.key("restoring")) or "compare")

    def _scarce(self, tally: Tally) -> bool:
        """Return whether only what is urgent may still use the allowance (SYNC E8)."""
        if not tally.scarce and allowance.low(self.adapter.signals):
            tally.scarce = allowance.RESERVED
        return bool(tally.scarce)

    def _ahead(self, hello: Hello, begun: datetime) -> int | None:
        """Return by how many milliseconds the CRM's clock is ahead, None where nobody can say: the machine may sleep
        while an answer is on its way, and would take the time that it slept for an error of its clock.
        """
        ahead, now = self.adapter.signals.skew_ms, self.clock.now()
        if ahead is None and hello.server_time is not None and timedelta() <= now - begun <= _HELLO_IN_TIME:
            ahead = round((hello.server_time - now).total_seconds() * 1_000)
        return ahead

    def _remember(self, tx: Tx, hello: Hello, tally: Tally, ahead: int | None) -> bool:
        """Keep what the CRM said of itself; returns whether it is not in the life we knew (SYNC E6)."""
        if hello.suppression_key is not None and rekeying.adopt(tx, hello.suppression_key):
            tally.settings = True
        allowance.keep_skew(tx, self.adapter.name, self.adapter.signals.skew_ms)
        if ahead is not None:
            allowance.notice_clock(tx, self.adapter.name, ahead)
        me = hello.me
        members.put(tx, [Member(me.id, me.name, me.role, me.email, me.active)])
        connections.pause(tx, self.adapter.name, "")
        known = meta.get(tx, self.key("life"))
        if not isinstance(known, dict):
            return False
        head = known.get("head")
        return known.get("epoch") != hello.epoch or (isinstance(head, int) and hello.head < head)

    # ---------------------------------------------------------------------------------------------------- sending

    def _push(self, tally: Tally) -> Steps:
        most = min(PAGE, self.adapter.capabilities().batch_max)
        if self.names.objects != frozenset(Thing):
            yield Step("choose", done=tally.sent)
            with self.store.write() as tx:
                self._turn_away(tx, tally)
        if not self.names.resend:
            yield from self._doubts(tally)
        while True:
            yield Step("choose", done=tally.sent)
            lanes = allowance.URGENT if self._scarce(tally) else deliveries.LAST_LANE
            with self.store.write() as tx:
                self._turn_away(tx, tally)
                chosen = choosing.choose(tx, self.ground(), most, lanes=lanes)
            tally.quarantined += chosen.orphans
            if chosen.items:
                yield from self._send(tally, chosen.items)
            elif not chosen.settled and not chosen.orphans:
                return

    def _turn_away(self, tx: Tx, tally: Tally) -> None:
        """Close what the CRM has no place for, also where it was written while the round went on."""
        if self.names.objects != frozenset(Thing):
            _, leads = choosing.turn_away(tx, self.ground(), PAGE)
            self.project(tx, Taken(leads=set(leads)), tally)

    def _doubts(self, tally: Tally) -> Steps:
        """Ask for what was sent and never answered, where sending it again would double it."""
        can = self.adapter.capabilities()
        wait = timedelta(seconds=can.probe_settle_s)
        with self.store.read() as tx:
            now = self.clock.now()
            heads = deliveries.doubts(tx, self.adapter.name, now, now - wait, PAGE)
            asked = doubts.asked(tx, self.names, heads)
        if not heads:
            return
        if not repair.may_probe(can):
            yield Step("settle", done=len(heads))
            with self.store.write() as tx:
                tally.quarantined += doubts.to_person(tx, heads)
            return
        yield Step("probe", done=len(heads))
        found = self.adapter.probe(asked)
        yield Step("settle", done=len(heads))
        lagged = can.probe_by_key == "lagged"
        with self.store.write() as tx:
            done = doubts.settle(tx, self.ground(), heads, found, lagged=lagged, settle_s=can.probe_settle_s)
            tally.settled(done)
            self.project(tx, Taken(leads=set(done.taken.leads)), tally)

    def _send(self, tally: Tally, batch: Sequence[Item]) -> Steps:
        """Send one batch and settle it; a batch that can never succeed as a whole is halved down to the culprit."""
        yield Step("send", done=tally.sent)
        commands = [item.command for item in batch]
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
            done = push.settle(tx, self.ground(), batch, results, self.rng)
            tally.settled(done)
            if done.taken.leads:
                self.reproject(tx, done.taken.leads)

    def _bisect(self, tally: Tally, batch: Sequence[Item], error: Permanent) -> Steps:
        if len(batch) > 1:
            middle = len(batch) // 2
            try:
                yield from self._send(tally, batch[:middle])
            except CrmError:  # nothing of the other half was written: it was refused together with this one
                yield Step("settle", done=len(batch) - middle)
                with self.store.write() as tx:
                    push.back(tx, self.ground(), batch[middle:], self.rng, attempt=False, code=error.code)
                raise
            yield from self._send(tally, batch[middle:])
            return
        yield Step("settle", done=1)
        with self.store.write() as tx:
            push.quarantine(tx, batch[0], error.code, error.params)
        tally.quarantined += 1

    def _put_back(self, tally: Tally, batch: Sequence[Item], error: CrmError) -> Steps:
        yield Step("settle", done=len(batch))
        ground = self.ground()
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
        while not self._scarce(tally):
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
            ground = self.ground(self._place(tally), history=self._later_history(tx, hello, obj))
            for of in (of for of in ORDER if page.beside.get(of)):
                self.project(tx, take(tx, ground, of, page.beside[of], compare=compare), tally, later=later)
            taken = take(tx, ground, obj, page.rows, key=hello.suppression_key, compare=compare)
            if obj is Thing.MEMBER:
                tally.settings = tally.settings or taken.updated > 0
            elif obj is Thing.PLAYBOOK:
                tally.playbook = tally.playbook or taken.updated > 0
            else:
                self.project(tx, taken, tally, later=later)
            mirror.move(
                tx, self.adapter.name, obj, self._scope(hello),
                epoch=hello.epoch, cursor=page.next_cursor, window=page.window,
            )  # fmt: skip

    def project(self, tx: Tx, taken: Taken, tally: Tally, *, later: bool = False) -> None:
        """Derive the leads concerned at once; where many pages come, mark them and derive all of them at the end."""
        tally.taken.add(taken)
        waiting = taken.leads - taken.placed
        if later or len(waiting) > _AT_ONCE:
            tally.bulk = tally.bulk or bool(taken.leads)
            if waiting:
                mirror.age(tx, waiting)
        elif waiting:
            self.reproject(tx, waiting)

    def _later_history(self, tx: Tx, hello: Hello, obj: Thing) -> bool:
        """Return whether leads that come in now bring no history: the stream of touches has gone past theirs."""
        can = self.adapter.capabilities()
        if obj is not Thing.LEAD or can.brings_history or Thing.TOUCH not in can.objects:
            return False
        return mirror.position(tx, self.adapter.name, Thing.TOUCH, self._scope(hello)).at is not None

    def _history(self, tally: Tally) -> Steps:
        """Fetch the history of leads that came into scope since the first pull."""
        can = self.adapter.capabilities()
        kinds = [obj for obj in (Thing.TOUCH, Thing.TRANSITION) if obj in can.objects]
        while not can.brings_history and not self._scarce(tally):
            with self.store.read() as tx:
                leads = mirror.wanting_history(tx, self.adapter.name, _HISTORIES)
            if not leads:
                return
            rows: dict[Thing, Sequence[Row]] = {}
            for obj in kinds:
                yield Step("history", obj, len(leads))
                rows[obj] = self.adapter.history(obj, leads)
            yield Step("store", Thing.TOUCH)
            with self.store.write() as tx:
                for obj in kinds:
                    self.project(tx, take(tx, self.ground(), obj, rows[obj]), tally)
                mirror.want_history(tx, self.adapter.name, leads, wanted=False)

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
            if obj not in self.adapter.capabilities().objects or self._scarce(tally):
                continue
            scope = self._scope(hello)
            with self.store.read() as tx:
                last = mirror.position(tx, self.adapter.name, obj, scope).idset_at
            if last is None and not full:
                yield Step("store", obj)
                with self.store.write() as tx:  # the first pull was complete; the first list is due in a day
                    mirror.listed(tx, self.adapter.name, obj, scope, at=self.clock.now(), audit={})
            elif full or (last is not None and self.clock.now() - last >= ghosts.EVERY):
                yield from self._list(tally, obj, scope, hello.me.id)

    def _list(self, tally: Tally, obj: Thing, scope: str, me: MemberId) -> Steps:
        yield Step("list", obj)
        remote = dict(self.adapter.ids(obj, self.scope))
        yield Step("compare", obj)
        with self.store.write() as tx:
            foreign = mirror.foreign(tx, self.adapter.name, obj, me) if self.scope is Scope.MINE else ()
            found = ghosts.compare(tx, self.ground(), obj, scope, remote, consent=tally.consent, foreign=foreign)
        if found.ask:
            tally.asked += found.missing
            tally.error = tally.error or "ghosts_many"
        for block in fold.chunks(found.stale, PAGE):
            yield Step("fetch", obj, len(block))
            rows = self.adapter.fetch(obj, block)
            yield Step("store", obj)
            with self.store.write() as tx:
                self.project(tx, take(tx, self.ground(), obj, rows, compare=True), tally)
            tally.repaired += len(rows)
        for block in fold.chunks(found.gone, PAGE):
            yield Step("fetch", obj, len(block))
            rows = self.adapter.fetch(obj, block)
            yield Step("store", obj)
            with self.store.write() as tx:
                ground, whole = self.ground(), self.scope is Scope.TEAM
                self.project(tx, ghosts.judge(tx, ground, obj, block, rows, whole_team=whole), tally)

    # --------------------------------------------------------------------------------------------------- within

    def _finish(self, tally: Tally) -> SyncReport:
        tally.error = tally.error or tally.scarce
        benign = not tally.error or tally.error in _BENIGN
        self.failures = 0 if benign else self.failures + 1
        now = self.clock.now()
        report = self._report(tally)
        with self.store.write() as tx:
            run = mirror.Run(
                self.adapter.name, tally.started_at, now, not tally.error, tally.counts(report), tally.error
            )
            mirror.log_run(tx, run)
        log.info(
            "sync_round",
            extra={
                "adapter": self.adapter.name, "code": report.error, "ok": not report.error, "sent": report.sent,
                "failed": report.failed, "quarantined": report.quarantined, "conflicts": report.conflicts,
                "made": report.created, "updated": report.updated, "deleted": report.deleted,
                "pending": report.pending, "seconds": round(report.seconds, 3),
            },
        )  # fmt: skip
        return report

    def _report(self, tally: Tally) -> SyncReport:
        with self.store.read() as tx:
            waits = deliveries.counts(tx)
        return tally.report(waits.waiting, self.clock.monotonic() - tally.started)

    def ground(self, place: projection.Place | None = None, *, history: bool = False) -> Ground:
        """Return what a step of this moment stands on."""
        return Ground(self.adapter.name, self.clock.now(), self.ids, place, self.names, history, self.device_id)

    def _place(self, tally: Tally) -> projection.Place | None:
        """Return what places newcomers of this round: as of its beginning, so that it learns once what is alike."""
        if tally.newcomers is None and self.newcomers is not None:
            tally.newcomers = self.newcomers(tally.started_at)
        return tally.newcomers

    def _scope(self, hello: Hello) -> str:
        return f"{self.scope}:{hello.me.id}" if self.scope is Scope.MINE else str(self.scope)

    def key(self, what: str) -> str:
        """Return the name under which the engine keeps something of this connection in ``store.meta``."""
        return f"sync:{self.adapter.name}:{what}"
