"""What a user's verb wrote (facts of a journal entry) and what it touched (for those who show it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from isdesk.domain.ids import CompanyId, DeviceId, HandoffId, JournalId, LeadId, MemberId

Value = str | int | float | bool | None | list[object] | dict[str, object]
"""A field's value as it stands in JSON. Times are RFC 3339 UTC strings, dates ``YYYY-MM-DD``."""


class Obj(StrEnum):
    """The kinds of records that have fields and travel by sync."""

    LEAD = "lead"
    COMPANY = "company"


class Verb(StrEnum):
    """The verb of a journal entry (操作履歴)."""

    RECORD = "record"
    EDIT = "edit"
    CREATE = "create"
    IMPORT = "import"
    MERGE = "merge"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    PIN = "pin"
    SKIP = "skip"
    LEASE = "lease"
    SIGNAL = "signal"
    STAGE = "stage"
    DO_NOT_CALL = "do_not_call"
    HANDOFF_SUBMIT = "handoff_submit"
    HANDOFF_ACCEPT = "handoff_accept"
    HANDOFF_RETURN = "handoff_return"
    HANDOFF_RECYCLE = "handoff_recycle"
    HANDOFF_WITHDRAW = "handoff_withdraw"
    HANDOFF_FEEDBACK = "handoff_feedback"
    MEETING_PLAN = "meeting_plan"
    ASK_APPROVAL = "ask_approval"
    DECIDE_APPROVAL = "decide_approval"
    EVALUATE = "evaluate"
    EVALUATION_REPLY = "evaluation_reply"
    DEFINITIONS = "definitions"
    ALIGN = "align"
    COVER = "cover"
    INTRODUCTION = "introduction"
    COST = "cost"
    CONSENT = "consent"
    OPT_OUT = "opt_out"
    MAIL = "mail"
    MAIL_BACK = "mail_back"
    CALL_IN = "call_in"
    SEQUENCE = "sequence"
    SEQUENCE_RUN = "sequence_run"
    EXPORT = "export"
    JOIN = "join"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Change:
    """Changed fields of one object: ``before`` and ``after`` hold the same keys; ``created`` marks a new object."""

    obj: Obj
    id: str
    before: dict[str, Value]
    after: dict[str, Value]
    created: bool = False

    def inverse(self) -> Change:
        """Return the change that takes this one back (a created object is closed by ``deleted`` = true)."""
        if self.created:
            return Change(self.obj, self.id, {"deleted": None}, {"deleted": True})
        return Change(self.obj, self.id, dict(self.after), dict(self.before))


@dataclass(frozen=True, slots=True)
class Entry:
    """The head of one journal entry."""

    id: JournalId
    verb: Verb
    at: datetime
    member_id: MemberId
    device_id: DeviceId
    device_seq: int
    playbook: str
    undoes: JournalId | None = None
    lead_id: LeadId | None = None
    summary: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an operation touched, so that views refresh just that. ``all_leads`` after an import or a sync."""

    leads: frozenset[LeadId] = frozenset()
    companies: frozenset[CompanyId] = frozenset()
    handoffs: frozenset[HandoffId] = frozenset()
    queue: bool = False
    outbox: bool = False
    undo: bool = False
    settings: bool = False
    playbook: bool = False
    all_leads: bool = False
    approvals: bool = False
    coaching: bool = False
    alignment: bool = False
    meetings: bool = False
    sequences: bool = False

    def __or__(self, other: Changes) -> Changes:
        """Return the union of both."""
        return Changes(
            self.leads | other.leads,
            self.companies | other.companies,
            self.handoffs | other.handoffs,
            self.queue or other.queue,
            self.outbox or other.outbox,
            self.undo or other.undo,
            self.settings or other.settings,
            self.playbook or other.playbook,
            self.all_leads or other.all_leads,
            self.approvals or other.approvals,
            self.coaching or other.coaching,
            self.alignment or other.alignment,
            self.meetings or other.meetings,
            self.sequences or other.sequences,
        )
