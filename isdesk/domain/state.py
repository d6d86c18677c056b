"""What is derived of a lead: attempts, next action, stage, clocks, scores. Never stored as a second truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from isdesk.domain.changes import Value
from isdesk.domain.ids import CompanyId, HandoffId, LeadId, MemberId, TouchId
from isdesk.domain.touch import ActionKind


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a score's explanation: ``axis`` is ``fit`` | ``intent`` | ``timing``; ``points`` as given by it."""

    axis: str
    code: str
    ja: str
    en: str
    points: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Three axes of 0–100 and their product as one priority of 0–100 (DOMAIN 3).

    ``daily``: they are other ones on another business date (an interest fades, a date comes nearer).
    """

    fit: int
    intent: int
    timing: int
    priority: int
    parts: tuple[Part, ...] = ()
    daily: bool = False


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one next action of an open lead (次回アクション). ``due_at`` aware UTC; ``why`` the code of its rule."""

    kind: ActionKind
    due_at: datetime
    why: str
    touch_id: TouchId | None = None


@dataclass(frozen=True, slots=True)
class LeadState:
    """Derived state at an instant.

    ``open``: the lead is still worked by IS. ``attempts``: counted dials in this cycle. ``sla_due_at``: end of the
    running first-response clock, None where it does not run. ``sla_risk_at``: when it begins to warn.
    ``returned_reason``: FS gave the handoff back and it was not submitted again. ``handoff_state``:
    ``draft`` | ``asked`` | ``submitted`` | ``accepted`` | ``returned`` | ``recycled`` | ``withdrawn`` | None.
    ``scored_on`` the business date (ISO) for which ``scores`` hold.
    """

    open: bool
    stage: str
    attempts: int
    next_action: NextAction | None
    last_touch_at: datetime | None
    last_outcome: str | None
    sla_due_at: datetime | None
    sla_risk_at: datetime | None
    handoff_id: HandoffId | None
    handoff_state: str | None
    returned_reason: str | None
    dnc: bool
    cooldown_until: datetime | None
    company_cooldown_until: datetime | None
    inbound: bool
    scores: Scores
    scored_on: str
    hot_signal: str | None = None
    hot_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """A lead as its fields say, with its company's: the input of every rule."""

    id: LeadId
    fields: dict[str, Value]
    company_id: CompanyId | None = None
    company: dict[str, Value] | None = None

    def get(self, path: str) -> Value:
        """Return a field by ``x`` or ``company.x``; None where it is not known."""
        if path.startswith("company."):
            return (self.company or {}).get(path[8:])
        return self.fields.get(path)

    def with_fields(self, fields: Mapping[str, Value]) -> LeadFacts:
        """Return the lead with these fields changed: ``company.x`` is the company's; None clears."""
        own = {**self.fields, **{k: v for k, v in fields.items() if not k.startswith("company.")}}
        company = {**(self.company or {}), **{k[8:]: v for k, v in fields.items() if k.startswith("company.")}}
        return LeadFacts(
            self.id,
            {k: v for k, v in own.items() if v is not None},
            self.company_id,
            {k: v for k, v in company.items() if v is not None} if self.company is not None or company else None,
        )

    @property
    def owner_id(self) -> MemberId | None:
        """Return the rep whose book it is in."""
        owner = self.fields.get("owner_id")
        return MemberId(owner) if isinstance(owner, str) and owner else None


@dataclass(frozen=True, slots=True)
class DialDay:
    """What was dialled today that binds this lead: its company's and its numbers' counts and last instants.

    ``company_by_other_lead``: the company's last dial today went to another contact of it.
    """

    company_dials: int = 0
    company_last_at: datetime | None = None
    company_by_other_lead: bool = False
    number_dials: int = 0
    number_last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """One reason for a rank, shown as a chip: ``code`` with ``params`` is worded by whoever shows it.

    ``tone``: ``plain`` | ``promise`` | ``good`` | ``warn`` | ``bad``.
    """

    code: str
    tone: str = "plain"
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a lead stands in its owner's queue, as of an instant (OUTCOMES, Queue order).

    ``key`` sorts a queue (tier first, lead id last): smaller is earlier. ``held`` is None where it may be offered, else
    ``window`` 時間外 | ``cap`` 上限 | ``cooldown`` クールダウン | ``dnc`` 架電禁止 | ``other_rep`` 他担当が対応中 |
    ``company_today`` 同一企業を本日架電済 | ``not_due`` 予定時刻前 | ``snoozed`` 後で | ``no_number`` 番号なし |
    ``sequence`` シーケンスが自動で送る.
    ``listed`` is False for leads that today's queue does not show at all (closed, due on a later day).
    ``until``: the next instant at which this placement may be another one; None: not by time alone.
    """

    tier: int
    key: tuple[int, int, int, int, str]
    held: str | None
    listed: bool
    due_at: datetime | None
    chips: tuple[Chip, ...]
    until: datetime | None
