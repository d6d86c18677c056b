"""Finding out that the CRM lost what it had acknowledged, and offering it again (SYNC E6, E13, I14).

A hub that was restored to an earlier state says so by its epoch or its head; where it cannot, the newest acknowledged
keys tell. Once a day every key of the last thirty days is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.crm.port import PAGE, Capabilities, Thing
from isdesk.domain.changes import Obj, Value
from isdesk.store import Tx, deliveries, fold, meta, mirror
from isdesk.store.deliveries import Delivery
from isdesk.sync import audit, doubts
from isdesk.sync.receiving import Taken
from isdesk.sync.tally import Step, Tally

if TYPE_CHECKING:
    from isdesk.sync.cycle import Engine

_ACTIVITIES = ("touch", "transition")


@dataclass(slots=True)
class Audited:
    """What an audit found: ``asked`` keys, ``lost`` of them, ``leads`` that it looked at and ``short`` that miss some.

    ``left``: missing and not offered again, because that was done before: somebody removes them in the CRM.
    """

    asked: int = 0
    lost: int = 0
    left: int = 0
    leads: int = 0
    short: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Value]:
        """Return the figures that are kept of it."""
        return {
            "asked": self.asked, "lost": self.lost, "left": self.left, "leads": self.leads, "short": len(self.short),
        }  # fmt: skip


def may_probe(can: Capabilities) -> bool:
    """Return whether a CRM can be asked for keys."""
    return can.probe_by_key != "none"


def answerable(can: Capabilities, *, records: bool) -> tuple[str, ...]:
    """Return the kinds of deliveries whose keys can be asked for; ``records``: those of new records too."""
    if can.keeps_edits:
        return deliveries.KINDS
    kinds = _ACTIVITIES if Thing.TOUCH in can.objects else ()
    return (*kinds, "create") if records else kinds


def restored(engine: Engine, tally: Tally, *, restored: bool) -> Generator[Step, None, bool]:
    """After a restore of the CRM: begin every pull anew and offer again what it lost; says whether to compare all.

    How far this has come is kept, so that a crash in its midst does not make it forgotten.
    """
    name = engine.adapter.name
    with engine.store.read() as tx:
        stage = meta.text(tx, engine.key("restoring"))
    if not restored:
        restored = yield from _lacks_newest(engine)
    if restored:
        yield Step("begin_anew")
        with engine.store.write() as tx:
            mirror.forget_cursors(tx, name)
            meta.put(tx, engine.key("restoring"), "reoffer")
        stage = "reoffer"
    if stage == "reoffer":
        yield from reoffer(engine, tally, None, records=True)
        yield Step("remember")
        with engine.store.write() as tx:
            meta.put(tx, engine.key("restoring"), "compare")
    return stage is not None


def _lacks_newest(engine: Engine) -> Generator[Step, None, bool]:
    """Return whether the newest acknowledged keys are gone: one of a hub's, most of those that people can remove."""
    can = engine.adapter.capabilities()
    if not may_probe(can):
        return False
    with engine.store.read() as tx:
        newest = deliveries.newest_acked(tx, engine.adapter.name, audit.SAMPLE, answerable(can, records=False))
        if not newest or not (can.keeps_edits or audit.due(tx, engine.adapter.name, engine.clock.now())):
            return False
        asked = doubts.asked(tx, engine.names, newest)
    yield Step("probe")
    found = engine.adapter.probe(asked)
    missing = sum(head.cmd_id not in found for head in newest)
    return missing > 0 if can.keeps_edits else missing >= audit.MANY and missing * 2 > len(newest)


def reoffer(engine: Engine, tally: Tally, since: datetime | None, *, records: bool) -> Generator[Step, None, Audited]:
    """Offer again whatever was acknowledged and is not there; ``records``: new records too, after a restore.

    What people can remove in the CRM is offered again once by daily audits, and not for ever after restores.
    """
    can = engine.adapter.capabilities()
    done = Audited()
    if not may_probe(can):
        return done
    with engine.store.read() as tx:
        heads = deliveries.acked_since(tx, engine.adapter.name, since, answerable(can, records=records))
    done.asked, done.leads = len(heads), len({head.lead_id for head in heads})
    for block in fold.chunks(heads, PAGE):
        with engine.store.read() as tx:
            asked = doubts.asked(tx, engine.names, block)
        yield Step("probe", done=len(block))
        known = engine.adapter.probe(asked)
        lost = [head for head in block if head.cmd_id not in known]
        done.short.update(head.lead_id or "" for head in lost)
        if not lost:
            continue
        yield Step("reoffer", done=len(lost))
        with engine.store.write() as tx:
            most = audit.AFTER_RESTORES if records else 1
            again = lost if can.keeps_edits else _offerable(tx, engine.adapter.name, lost, most)
            _again(engine, tx, again, tally)
        done.lost += len(again)
        done.left += len(lost) - len(again)
    tally.repaired += done.lost
    return done


def _offerable(tx: Tx, adapter: str, lost: Sequence[Delivery], most: int) -> list[Delivery]:
    """Return what is offered again: not what was too often, nor what belongs to a lead that is gone here as well.

    A lead that a restore brought back comes with the next pull, and its activities with the audit behind it.
    """
    before = deliveries.offered_again(tx, adapter, [head.cmd_id for head in lost], most)
    made = {head.obj_id for head in lost if head.kind == "create"}
    leads = {head.lead_id for head in lost if head.lead_id is not None} - made
    there = made | mirror.by_local(tx, adapter, Thing.LEAD, leads).keys() | deliveries.creating(tx, adapter, leads)
    return [
        head
        for head in lost
        if head.cmd_id not in before and (head.kind == "create" or head.lead_id is None or head.lead_id in there)
    ]


def _again(engine: Engine, tx: Tx, lost: Sequence[Delivery], tally: Tally) -> None:
    """Put deliveries back into the queue; records that are to be made again lose the CRM's id."""
    objects = deliveries.again(tx, engine.adapter.name, [head.cmd_id for head in lost])
    if not engine.names.own:
        for obj in (Thing.COMPANY, Thing.LEAD):
            made = [head.obj_id for head in lost if head.kind == "create" and head.obj == obj]
            mirror.unname(tx, engine.adapter.name, obj, made)
    for of in (Obj.COMPANY, Obj.LEAD):
        leads = fold.refold(tx, of, [key for kind, key in objects if kind == of])
        engine.project(tx, Taken(leads=set(leads)), tally)


def audited(engine: Engine, tally: Tally, *, full: bool) -> Generator[Step, None, bool]:
    """Make the daily audit where it is due; returns whether something is to be sent again."""
    name = engine.adapter.name
    with engine.store.read() as tx:
        due = full or audit.due(tx, name, engine.clock.now())
    if not due:
        return False
    found = yield from reoffer(engine, tally, engine.clock.now() - audit.HORIZON, records=False)
    yield Step("remember")
    with engine.store.write() as tx:
        audit.done(tx, name, engine.clock.now(), found.figures())
        deliveries.purge(tx, name, engine.clock.now() - audit.KEPT)
    return found.lost > 0
