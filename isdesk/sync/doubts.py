"""What was sent and never answered, at a CRM that knows no keys: asked for before it is sent again (SYNC E2, T2).

Only facts and new records: an edit of fields is compared before it is written, so that sending it twice does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from isdesk.crm.port import Asked, Thing
from isdesk.domain.changes import Obj
from isdesk.store import Tx, deliveries, fold, mirror
from isdesk.store.deliveries import Delivery
from isdesk.store.mirror import Base
from isdesk.sync.choosing import lay
from isdesk.sync.naming import FIELD_OBJECTS, Names, follow
from isdesk.sync.push import Settled
from isdesk.sync.receiving import Ground

UNSETTLED = "unknown"
"""Class of a delivery of which a person has to say whether the CRM has it."""
WORDS = "written_unknown"
"""Code of the sentence that tells them."""
_ONCE = "absent_once"


def asked(tx: Tx, names: Names, heads: Sequence[Delivery]) -> list[Asked]:
    """Return how these deliveries are asked for."""
    lead_ids = {head.lead_id for head in heads if head.lead_id is not None}
    known = {} if names.own else mirror.by_local(tx, names.adapter, Thing.LEAD, lead_ids)
    made = []
    for head in heads:
        lead = head.lead_id if names.own else None
        if head.lead_id in known:
            lead = mirror.remote_of(known[head.lead_id].remote_id) or None
        made.append(Asked(head.cmd_id, Thing(head.obj), head.obj_id, head.remote_id, lead))
    return made


def settle(
    tx: Tx, ground: Ground, heads: Sequence[Delivery], found: Mapping[str, str], *, lagged: bool, settle_s: float
) -> Settled:
    """Settle what was asked for: acknowledged where it is there, to be sent where it is not.

    Where a read may lag behind, only the second time that it is not found says so.
    """
    done = Settled()
    for head in heads:
        if head.cmd_id in found:
            _there(tx, ground, head, found[head.cmd_id], done)
        elif lagged and head.error_class != _ONCE:
            again = ground.now + timedelta(seconds=max(settle_s, 1.0))
            deliveries.settle(tx, [head.seq], "uncertain", next_at=again, error_class=_ONCE, sent_at=ground.now)
        else:
            deliveries.settle(tx, [head.seq], "pending")
    return done


def _there(tx: Tx, ground: Ground, head: Delivery, remote: str, done: Settled) -> None:
    deliveries.ack(tx, [(head.seq, remote or None)], ground.now)
    done.sent += 1
    if head.obj not in FIELD_OBJECTS:
        if remote and not ground.names.own:
            mirror.put(tx, ground.adapter, head.obj, [Base(remote, head.obj_id, "", "{}")])
        return
    payload = deliveries.said(tx, head.seq)
    there = mirror.locals_of(tx, ground.adapter, head.obj, [remote]).get(remote) if remote else None
    if there is not None and there != head.obj_id:
        follow(tx, ground.names, Thing(head.obj), head.obj_id, remote)
        remote = ""
    lay(tx, ground, head, payload, remote or None)
    done.taken.leads |= fold.refold(tx, Obj(head.obj), [head.obj_id])


def to_person(tx: Tx, heads: Sequence[Delivery]) -> int:
    """Give these to a person: nobody else can say whether the CRM has them."""
    deliveries.settle(tx, [h.seq for h in heads], "quarantined", error_class=UNSETTLED, error_text=WORDS)
    return len(heads)
