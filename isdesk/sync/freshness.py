"""Looking at one lead in the CRM the moment before it is dialled (SYNC E11): do-not-call, and who was there since."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.crm.port import Glance, Row, Thing
from isdesk.domain.errors import CrmError
from isdesk.domain.ids import LeadId, MemberId
from isdesk.services.views import Freshness
from isdesk.store import Tx, leads, meta, mirror
from isdesk.sync import allowance
from isdesk.sync.naming import inward
from isdesk.sync.pull import take

if TYPE_CHECKING:
    from isdesk.sync.cycle import Engine

BUDGET_S = 1.5
"""How long a person waits before a call."""


def glance(engine: Engine, lead_id: LeadId, budget_s: float) -> Freshness:
    """Return how the lead stands in the CRM, and take in what is new of it."""
    with engine.store.read() as tx:
        known_at = mirror.last_good(tx)
        remote = "" if _left_alone(tx, engine) else _remote(tx, engine, lead_id)
    if not remote:
        return Freshness(online=False, known_at=known_at)
    try:
        seen = engine.adapter.glance(remote, budget_s)
    except CrmError:
        return Freshness(online=False, known_at=known_at)
    with engine.store.write() as tx:
        return _taken_in(tx, engine, lead_id, seen, known_at)


def _left_alone(tx: Tx, engine: Engine) -> bool:
    """Return whether the CRM is not to be asked now: a person waiting to dial must not wait for what will not come."""
    paused = allowance.paused(tx, engine.adapter.name, engine.clock.now())
    return paused or bool(engine.gate.closed_to(engine.clock.monotonic()))


def _remote(tx: Tx, engine: Engine, lead_id: LeadId) -> str:
    base = mirror.by_local(tx, engine.adapter.name, Thing.LEAD, [lead_id]).get(lead_id)
    return "" if base is None else mirror.remote_of(base.remote_id)


def _taken_in(tx: Tx, engine: Engine, lead_id: LeadId, seen: Glance, known_at: datetime | None) -> Freshness:
    newest = max((touch.at for touch in leads.touches(tx, lead_id)), default=None)
    changed: set[LeadId] = set()
    if seen.row is not None and not seen.row.deleted:
        changed |= take(tx, engine.ground(), Thing.LEAD, [seen.row]).leads
    touched = _other(tx, engine, seen.touch, newest)
    if seen.touch is not None:
        changed |= take(tx, engine.ground(), Thing.TOUCH, [seen.touch]).leads
    if changed:
        engine.reproject(tx, changed)
    facts = leads.facts(tx, lead_id)
    return Freshness(
        online=True,
        known_at=known_at,
        here=seen.row is not None and not seen.row.deleted,
        dnc=facts is not None and bool(facts.get("dnc") or facts.get("company.dnc")),
        touched_at=None if touched is None else touched[0],
        touched_by=None if touched is None else touched[1],
        changed=lead_id in changed,
    )


def _other(tx: Tx, engine: Engine, touch: Row | None, newest: datetime | None) -> tuple[datetime, MemberId] | None:
    """Return when and who, where the touch is by somebody else and newer than what was known here."""
    row = next(iter(inward(tx, engine.names, Thing.TOUCH, [touch] if touch is not None else [])), None)
    if row is None or row.fields.get("device_id") == engine.device_id:
        return None
    try:
        at = datetime.fromisoformat(str(row.fields.get("at")))
    except ValueError:
        return None
    member = MemberId(str(row.fields.get("member_id") or ""))
    mine = meta.text(tx, "me")
    if member == mine or at.tzinfo is None or (newest is not None and at <= newest):
        return None
    return at, MemberId("") if member == engine.adapter.name else member
