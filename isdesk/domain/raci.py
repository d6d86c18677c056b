"""Who is responsible and accountable for the task of a lead: the RACI table applied to its next action (DOMAIN 1).

The table's rows say for which next actions, and at which stages, they hold. R of inside sales is who keeps the lead
(the stand-in while its owner is away), of field sales the lead's FS. A of inside sales is the team lead, where the team
has exactly one; else, and in the other departments, it is whoever is responsible there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from isdesk.domain.ids import MemberId
from isdesk.domain.member import Member
from isdesk.domain.rules import Label, Raci
from isdesk.domain.state import LeadState

DEPARTMENTS: Final = ("marketing", "inside_sales", "field_sales", "customer_success")
LABELS: Final[Mapping[str, Label]] = {
    "marketing": Label("マーケティング", "Marketing"),
    "inside_sales": Label("IS", "IS"),
    "field_sales": Label("FS", "FS"),
    "customer_success": Label("CS", "CS"),
}
"""What the departments are called."""
RESPONSIBLE, ACCOUNTABLE = frozenset({"R", "R/A"}), frozenset({"A", "R/A"})


@dataclass(frozen=True, slots=True)
class Party:
    """A department, and who of it, where somebody is known."""

    department: str
    member_id: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """The activity that a lead's task belongs to, who does it (R 実行) and who answers for it (A 責任)."""

    activity: Raci
    responsible: Party
    accountable: Party


def activity_of(table: Iterable[Raci], state: LeadState) -> Raci | None:
    """Return the row that a lead's task belongs to: the first for its next action, else the first for its stage."""
    rows = list(table)
    kind = state.next_action.kind.value if state.next_action is not None else None
    by_action = (row for row in rows if kind is not None and kind in row.actions)
    by_stage = (row for row in rows if state.stage in row.stages)
    return next(by_action, None) or next(by_stage, None)


def duty(
    table: Iterable[Raci],
    state: LeadState,
    *,
    keeper: MemberId | None,
    fs: MemberId | None,
    members: Iterable[Member],
) -> Duty | None:
    """Return whose the lead's task is; None where no row is for it.

    ``keeper``: in whose queue the lead stands; ``fs``: the lead's salesperson.
    """
    row = activity_of(table, state)
    if row is None:
        return None
    people = {"inside_sales": keeper, "field_sales": fs}
    doing = _department(row, RESPONSIBLE) or DEPARTMENTS[1]
    answering = _department(row, ACCOUNTABLE) or doing
    leads = [one.id for one in members if one.active and one.role == "team_lead"]
    boss = leads[0] if answering == "inside_sales" and len(leads) == 1 else people.get(answering)
    return Duty(row, Party(doing, people.get(doing)), Party(answering, boss))


def _department(row: Raci, marks: frozenset[str]) -> str | None:
    return next((one for one in DEPARTMENTS if getattr(row, one) in marks), None)
