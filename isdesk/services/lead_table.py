"""The table of all leads: which, in what order, and the rows as they are painted (UX, the page リード)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from isdesk.domain.ids import LeadId
from isdesk.domain.numbers import numbers, usable
from isdesk.domain.state import LeadFacts
from isdesk.services.context import Context
from isdesk.store import board, lead_list
from isdesk.store import search as index

if TYPE_CHECKING:
    from isdesk.store import Tx
    from isdesk.store.board import Line

FOUND = 400
"""So many hits of a text search are listed at most."""
SORTS = lead_list.SORTS


@dataclass(frozen=True, slots=True)
class Filter:
    """Which leads the table shows.

    ``scope``: ``mine`` | ``team`` | ``nobody``. ``state``: ``open`` worked by IS | ``held`` not to be offered now |
    ``closed`` | empty for all.
    """

    text: str = ""
    scope: str = "mine"
    stages: tuple[str, ...] = ()
    state: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the table of leads."""

    lead_id: LeadId
    name: str
    company: str
    department: str
    title: str
    stage: str
    priority: int
    action: str
    due_at: datetime | None
    attempts: int
    cap: int
    last_touch_at: datetime | None
    owner: str
    phone: str
    email: str
    held: str | None = None
    pinned: bool = False
    dnc: bool = False


def ids(ctx: Context, wanted: Filter, sort: str = "priority", *, descending: bool = True) -> list[LeadId]:
    """Return the ids of the table in order. Without ``sort`` a text search keeps the closest hits first."""
    with ctx.store.read() as tx:
        hits = _hits(tx, wanted.text)
        if hits is not None and not hits:
            return []
        found = lead_list.ids(
            tx, _wanted(ctx, wanted, hits), sort or "priority", descending=descending, ranks=_ranks(ctx, sort)
        )
    if hits is None or sort:
        return found
    kept = set(found)
    return [one for one in hits if one in kept]


def arranged(
    ctx: Context, wanted: Sequence[LeadId], text: str = "", sort: str = "", *, descending: bool = False
) -> list[LeadId]:
    """Return those of these leads that a text search finds, in another order; without ``sort`` in the one given."""
    with ctx.store.read() as tx:
        hits = _hits(tx, text)
        found = set(hits or ())
        kept = list(wanted) if hits is None else [one for one in wanted if one in found]
        if not sort:
            return kept
        only = lead_list.Wanted(only=tuple(kept))
        return lead_list.ids(tx, only, sort, descending=descending, ranks=_ranks(ctx, sort))


def stage_counts(ctx: Context, wanted: Filter) -> Mapping[str, int]:
    """Return how many leads of the filter, its stages left aside, stand at each stage."""
    with ctx.store.read() as tx:
        hits = _hits(tx, wanted.text)
        plain = Filter(wanted.text, wanted.scope, (), wanted.state)
        return lead_list.stage_counts(tx, _wanted(ctx, plain, hits))


def rows(ctx: Context, wanted: Sequence[LeadId]) -> list[TableRow]:
    """Return the rows of these leads in the order asked for; leads that are gone are left out."""
    with ctx.store.read() as tx:
        return [_row(ctx, line) for line in board.rows(tx, wanted)]


def _hits(tx: Tx, text: str) -> tuple[LeadId, ...] | None:
    if not text.strip():
        return None
    return tuple(hit.lead_id for hit in index.find(tx, text, FOUND))


def _wanted(ctx: Context, wanted: Filter, hits: Iterable[LeadId] | None) -> lead_list.Wanted:
    owner = {"mine": ctx.me.id, "nobody": lead_list.NOBODY}.get(wanted.scope)
    return lead_list.Wanted(owner, wanted.stages, wanted.state, None if hits is None else tuple(hits))


def _ranks(ctx: Context, sort: str) -> dict[str, int] | None:
    """Return the order of stages as the definitions have it, or of the people by name."""
    if sort == "stage":
        return {code: stage.order for code, stage in ctx.rules.stages.items()}
    if sort == "owner":
        people = sorted(ctx.members.values(), key=lambda m: (m.name, m.id))
        return {str(m.id): rank for rank, m in enumerate(people)}
    return None


def _row(ctx: Context, line: Line) -> TableRow:
    from isdesk.files.phones import shown

    company = line.company or {}
    facts = LeadFacts(line.lead_id, line.fields, line.company_id, line.company)
    able = usable(facts) or numbers(facts)
    return TableRow(
        lead_id=line.lead_id,
        name=str(line.fields.get("name") or ""),
        company=str(company.get("name") or ""),
        department=str(line.fields.get("department") or ""),
        title=str(line.fields.get("title") or ""),
        stage=line.stage,
        priority=line.priority,
        action=line.action or "",
        due_at=line.action_due_at,
        attempts=line.attempts,
        cap=ctx.rules.caps.per_contact_cycle,
        last_touch_at=line.last_touch_at,
        owner=ctx.name_of(line.owner_id),
        phone=shown(able[0].e164) if able else "",
        email=str(line.fields.get("email") or ""),
        held=line.held,
        pinned=line.fields.get("pinned") is True,
        dnc=line.held == "dnc" or line.fields.get("dnc") is True or company.get("dnc") is True,
    )
