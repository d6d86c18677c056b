"""Frozen values that the window and the command line get to show; no sessions, no mapped rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from isdesk.domain.changes import Changes, Value
from isdesk.domain.ids import CompanyId, HandoffId, JournalId, LeadId, MemberId, TouchId
from isdesk.domain.member import Member as Member  # noqa: PLC0414 - people import it from here
from isdesk.domain.raci import Duty
from isdesk.domain.rules import Script
from isdesk.domain.sequence import Enrolment
from isdesk.domain.state import Chip, LeadState, Placement
from isdesk.domain.touch import Plan, Touch


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue as it is painted."""

    lead_id: LeadId
    name: str
    company: str
    tier: int
    priority: int
    held: str | None
    due_at: datetime | None
    attempts: int
    cap: int
    chips: tuple[Chip, ...]
    phone: str | None
    action: str
    stage: str = ""
    sla_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Figures above the queue list; ``chips`` counts rows per filter chip code.

    ``covered_by`` stand in for this person until the end of ``away_until`` (代行): their leads stand there.
    """

    total: int
    held: int
    chips: dict[str, int] = field(default_factory=dict)
    sla_soon: int = 0
    covered_by: tuple[str, ...] = ()
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class WindowState:
    """Whether now may be called: ``open`` | ``soft`` (only exact callbacks) | ``hard`` (nobody); ``until`` next change.

    ``opens_at``: when calling begins next, None where it is open.

    ``note``: code of a day on which one should think twice (``obon``), or why it is closed (``holiday``, ``night`` …).
    """

    state: str
    until: datetime | None
    note: str | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a key would do, before it is pressed: equal to what is then saved (property test).

    ``needs`` names what will be asked for first; ``missing`` counts handoff items that lack; ``refused`` is the
    code of the rule that forbids it now.
    """

    outcome: str
    plan: Plan
    stage: str
    stage_missing: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    attempt: int = 0
    cap: int = 0
    missing: int = 0
    cooldown_until: datetime | None = None
    closes: bool = False
    dnc: bool = False
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line of the handoff checklist: ``value`` as known, ``fresh`` when heard in today's call."""

    code: str
    ja: str
    en: str
    done: bool
    required: bool
    value: str = ""
    missing_fields: tuple[str, ...] = ()
    ask_ja: str = ""
    ask_en: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of the timeline, newest first: a touch, a signal, a field change or a step of a handoff.

    ``sync``: ``local`` | ``sending`` | ``acked`` | ``attention`` (SYNC E14). ``what``: ``touch`` | ``signal`` |
    ``change`` | ``handoff`` | ``meeting``. ``told``: what FS reported (of a feedback), or noted (of a meeting, by the
    names of the items).
    """

    at: datetime
    what: str
    member: str
    touch: Touch | None = None
    code: str = ""
    text: str = ""
    changes: tuple[tuple[str, Value, Value], ...] = ()
    sync: str = "acked"
    told: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number of a lead: ``kind`` is ``direct`` | ``mobile`` | ``switchboard``; ``bad`` says why it is not usable."""

    kind: str
    e164: str
    shown: str
    bad: str | None = None


@dataclass(frozen=True, slots=True)
class HandoffView:
    """A handoff at its present state with the memo as FS gets it (text) and what lacks.

    ``approval``: why the playbook wants it approved before it is submitted, in words; empty: it does not. While FS is
    to decide, ``clock`` is ``running`` | ``at_risk`` | ``broken`` and ``minutes_left`` the business minutes until
    ``decide_by``, negative once they are over. ``feedback``: where it stands with the meeting
    (`domain.meeting.Feedback`), ``feedback_by`` the last business date for it, ``told`` what FS reported last.
    ``untouched``: FS gave it back, and since then nothing was entered and nobody was contacted.
    """

    id: HandoffId | None
    lead_id: LeadId
    state: str
    fs_id: MemberId | None
    submitted_at: datetime | None
    reason: str | None
    missing: tuple[ChecklistLine, ...]
    lines: tuple[ChecklistLine, ...]
    memo: str
    history: tuple[TimelineItem, ...] = ()
    lead_name: str = ""
    company: str = ""
    grade: str = ""
    meeting_at: datetime | None = None
    rep: str = ""
    decide_by: datetime | None = None
    approval: tuple[str, ...] = ()
    clock: str = ""
    minutes_left: int | None = None
    feedback: str = ""
    feedback_by: date | None = None
    told: Mapping[str, Value] = field(default_factory=dict)
    rep_id: MemberId | None = None
    meeting_place: str = ""
    untouched: bool = False


@dataclass(frozen=True, slots=True)
class LeadView:
    """Everything the call workspace and the side panel show of one lead."""

    id: LeadId
    fields: dict[str, Value]
    company_id: CompanyId | None
    company: dict[str, Value]
    state: LeadState
    placement: Placement
    phones: tuple[Phone, ...]
    script: Script | None
    checklist: tuple[ChecklistLine, ...]
    timeline: tuple[TimelineItem, ...]
    siblings: tuple[QueueRow, ...]
    owner: str
    draft_note: str = ""
    draft_at: datetime | None = None
    may_dial: str | None = None
    """None: may be dialled now; else the code of what forbids it."""
    fresh_fields: frozenset[str] = frozenset()
    duty: Duty | None = None
    """Who does the lead's task and who answers for it, by RACI; None where no activity is for it."""
    sequence: Enrolment | None = None
    """The sequence that runs; None where none does."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `record` wrote."""

    changes: Changes
    journal_id: JournalId
    touch_id: TouchId | None
    plan: Plan
    stage: str
    stage_missing: tuple[str, ...] = ()
    next_lead: LeadId | None = None
    handoff_id: HandoffId | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What any other verb wrote."""

    changes: Changes
    journal_id: JournalId | None = None


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One entry that can be undone or redone, in words of its verb."""

    journal_id: JournalId
    verb: str
    at: datetime
    lead_id: LeadId | None
    lead_name: str = ""
    summary: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One hit of a search: ``where`` names the field that matched."""

    lead_id: LeadId
    name: str
    company: str
    phone: str | None
    email: str
    stage: str
    where: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """Figures of the rep's day for the header: never a quantity without its quality (DOMAIN 8).

    ``to_confirm``: meetings of the next business day that want to be confirmed.
    """

    dials: int
    answered: int
    dm_reached: int
    meetings: int
    sla_soon: int
    to_confirm: int = 0


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing that waits: ``state`` as in SYNC E2; ``fields`` what will be written, ``base`` what an edit had seen.

    ``doubted``: nobody could find out whether the CRM has it; a person may look and say so.
    """

    id: str
    adapter: str
    kind: str
    obj: str
    obj_id: str
    lead_id: LeadId | None
    lead_name: str
    state: str
    lane: int
    attempts: int
    made_at: datetime
    fields: dict[str, Value] = field(default_factory=dict)
    error: str = ""
    next_at: datetime | None = None
    base: dict[str, Value] = field(default_factory=dict)
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class ConflictItem:
    """One field that two people changed: base, mine, theirs."""

    id: str
    obj: str
    obj_id: str
    lead_id: LeadId | None
    lead_name: str
    field: str
    base: Value
    mine: Value
    theirs: Value
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the status bar shows: ``state`` is ``none`` | ``online`` | ``offline`` | ``paused`` | ``syncing``.

    ``skew_ms``: the CRM's clock minus this one; the window warns above two minutes (SYNC E9). ``audited``: when
    it was last looked whether all that was acknowledged is there, None where that never was.
    """

    state: str
    since: datetime | None
    waiting: int
    attention: int
    conflicts: int
    oldest: datetime | None
    last_sync: datetime | None
    adapter: str = ""
    error: str = ""
    skew_ms: int = 0
    audited: datetime | None = None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """One round of sync, counted. ``repaired``: what the CRM had lost or changed unseen, and was put right."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    sent: int = 0
    failed: int = 0
    quarantined: int = 0
    conflicts: int = 0
    pending: int = 0
    repaired: int = 0
    seconds: float = 0.0
    online: bool = True
    error: str = ""
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class Freshness:
    """One lead as the CRM has it the moment before it is dialled.

    ``online`` False: nobody answered in time; ``known_at`` is then how old what is known here is (None: never synced).
    ``here``: the CRM still has the lead. ``touched_at`` and ``touched_by``: the newest contact by somebody else, None
    where there is none newer than what was known here ("" where the CRM does not say who). ``changed``: the lead looks
    different now.
    """

    online: bool
    known_at: datetime | None = None
    here: bool = True
    dnc: bool = False
    touched_at: datetime | None = None
    touched_by: MemberId | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class TouchState:
    """How far a contact has come: ``state`` ``local`` | ``sending`` | ``acked`` | ``attention`` (SYNC E14).

    ``item`` is its id in the outbox, ``link`` its page in the CRM, ``error`` the CRM's words or a code.
    """

    state: str
    item: str = ""
    link: str | None = None
    error: str = ""
