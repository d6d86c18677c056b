"""The tables of the local database, and the triggers and indexes that stand beside them.

Four kinds of tables: **facts**, written once (journal, change, touch, transition, suppression); the **mirror** of the
CRM, written by sync only (base, cursor, conflict, missing, delivery); the **projection**, which can be rebuilt from
both at any time (lead, company, identity, search_text); and **house-keeping** (meta, device, member, connection,
sync_run, import_batch, import_mapping, draft). All tables are STRICT. An index is one more encrypted page per record,
so there is none that no question needs. The same DDL is written down a second time, step
by step, in ``migrations/``; a test compares the two.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import Index, Integer, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from isdesk.domain.changes import Value
from isdesk.store.types import Flag, Json, UtcDateTime

Key = Annotated[str, mapped_column(Text, primary_key=True)]
RowId = Annotated[int, mapped_column(Integer, primary_key=True, autoincrement=True)]
Facts = Annotated[dict[str, Value], mapped_column(Json)]
Count = Annotated[int, mapped_column(Integer, server_default=text("0"))]
Off = Annotated[bool, mapped_column(Flag, server_default=text("0"))]
Word = Annotated[str, mapped_column(Text, server_default=text("''"))]

STRICT: dict[str, Any] = {"sqlite_strict": True}
LIST_ALSO = (
    "owner_id", "stage", "open", "held", "priority", "attempts", "action_due_at", "last_touch_at", "id"
)  # fmt: skip
"""What the table of all leads is filtered and sorted by, so that sorting it never goes to the rows."""
QUEUE_ORDER = ("owner_id", "k0", "k1", "k2", "k3", "id")
QUEUE_ALSO = ("tier", "listed", "held")
"""What the queue's indexes carry besides, so that reading it never goes to the rows."""


class Base(DeclarativeBase):
    """The one collection of tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bool: Flag,
        datetime: UtcDateTime,
        dict[str, Value]: Json,
        list[Value]: Json,
    }


# ---------------------------------------------------------------------------------------------------------- the facts


class Journal(Base):
    """The head of a user's verb; ``seq`` is the order in which this device wrote it. INSERT only."""

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("id"),
        Index(None, "undoes", sqlite_where=text("undoes IS NOT NULL")),
        STRICT,
    )

    seq: Mapped[RowId]
    id: Mapped[str]
    verb: Mapped[str]
    at: Mapped[datetime]
    member_id: Mapped[str]
    device_id: Mapped[str]
    device_seq: Mapped[int]
    playbook: Mapped[str]
    undoes: Mapped[str | None]
    lead_id: Mapped[str | None]
    summary: Mapped[Facts]


class Change(Base):
    """Fields of one object changed by one entry; ``after`` holds null for a cleared field. INSERT only."""

    __tablename__ = "change"
    __table_args__ = (UniqueConstraint("journal_id", "obj_id"), Index(None, "obj_id"), STRICT)

    seq: Mapped[RowId]
    journal_id: Mapped[str]
    obj: Mapped[str]
    obj_id: Mapped[str]
    before: Mapped[Facts]
    after: Mapped[Facts]
    created: Mapped[Off]


class Touch(Base):
    """A contact, this device's or the team's; no foreign keys: the hub sends in any order. INSERT only."""

    __tablename__ = "touch"
    __table_args__ = (
        UniqueConstraint("device_id", "device_seq"),
        Index(None, "lead_id", "at"),
        Index(None, "at"),
        Index(None, "journal_id", sqlite_where=text("journal_id IS NOT NULL")),
        Index(None, "company_id", "at", sqlite_where=text("company_id IS NOT NULL AND outcome IS NOT NULL")),
        Index(None, "number", "at", sqlite_where=text("number IS NOT NULL AND outcome IS NOT NULL")),
        Index(None, "corrects", sqlite_where=text("corrects IS NOT NULL")),
        STRICT,
    )

    id: Mapped[Key]
    lead_id: Mapped[str]
    company_id: Mapped[str | None]
    member_id: Mapped[str]
    device_id: Mapped[str]
    device_seq: Mapped[int]
    at: Mapped[datetime]
    journal_id: Mapped[str | None]
    channel: Mapped[str]
    direction: Mapped[str]
    outcome: Mapped[str | None]
    signal: Mapped[str | None]
    reached: Mapped[str | None]
    note: Mapped[Word]
    number: Mapped[str | None]
    dial_id: Mapped[str | None]
    ring_s: Mapped[int | None]
    talk_s: Mapped[int | None]
    reason: Mapped[str | None]
    script: Mapped[str | None]
    objections: Mapped[list[Value] | None]
    playbook: Mapped[Word]
    plan: Mapped[dict[str, Value] | None]
    cooldown_until: Mapped[datetime | None]
    company_cooldown_until: Mapped[datetime | None]
    corrects: Mapped[str | None]
    void: Mapped[Off]
    skew_ms: Mapped[Count]


class Transition(Base):
    """A step in the life of a handoff. INSERT only."""

    __tablename__ = "transition"
    __table_args__ = (
        UniqueConstraint("device_id", "device_seq"),
        Index(None, "lead_id", "at"),
        Index(None, "handoff_id"),
        Index(None, "journal_id", sqlite_where=text("journal_id IS NOT NULL")),
        STRICT,
    )

    id: Mapped[Key]
    handoff_id: Mapped[str]
    lead_id: Mapped[str]
    member_id: Mapped[str]
    device_id: Mapped[str]
    device_seq: Mapped[int]
    at: Mapped[datetime]
    journal_id: Mapped[str | None]
    action: Mapped[str]
    to_fs: Mapped[str | None]
    reason: Mapped[str | None]
    payload: Mapped[Facts]
    corrects: Mapped[str | None]
    void: Mapped[Off]


class Suppression(Base):
    """A do-not-call or opt-out, or its lifting (``lifts``), as a keyed digest: it outlives the lead. INSERT only."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index(None, "hmac"),
        Index(None, "lifts", sqlite_where=text("lifts IS NOT NULL")),
        Index(None, "journal_id", sqlite_where=text("journal_id IS NOT NULL")),
        STRICT,
    )

    id: Mapped[Key]
    kind: Mapped[str]
    hmac: Mapped[str]
    scope: Mapped[Word]
    reason: Mapped[Word]
    at: Mapped[datetime]
    member_id: Mapped[str]
    journal_id: Mapped[str | None]
    evidence: Mapped[str | None]
    lifts: Mapped[str | None]
    source: Mapped[Word]


# --------------------------------------------------------------------------------------------------------- the mirror


class MirrorRow(Base):
    """A record as the CRM last said it was; never written by a user's action (SYNC E1 ``base``)."""

    __tablename__ = "base"
    __table_args__ = (Index(None, "local_id"), Index(None, "adapter", "obj", "seen_pass"), STRICT)

    adapter: Mapped[Key]
    obj: Mapped[Key]
    remote_id: Mapped[Key]
    local_id: Mapped[str]
    fields: Mapped[Facts]
    version: Mapped[Word]
    seen_pass: Mapped[Count]


class Delivery(Base):
    """One fact on its way to one adapter (SYNC E1 ``outbox``, E2 for the states).

    ``cmd_id`` is the idempotency key: the id of the touch, transition or suppression, or ``<journal id>:<object id>``
    of a change. ``kind``: ``touch`` | ``transition`` | ``suppression`` | ``change`` | ``create``. ``payload`` and
    ``base`` are NULL while the fact itself says what to send; sync fills them where they differ (rebased, corrected by
    a person). ``merges`` are the keys of the unsent edits that go with this one. ``decided_by`` and ``decided_at`` say
    which person settled it; ``reoffered`` how often an audit offered it again.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("cmd_id", "adapter"),
        Index(None, "obj_id"),
        Index(None, "adapter", "state", "lane", "seq"),
        Index(None, "lead_id", sqlite_where=text("lead_id IS NOT NULL")),
        STRICT,
    )

    seq: Mapped[RowId]
    cmd_id: Mapped[str]
    adapter: Mapped[str]
    kind: Mapped[str]
    journal_id: Mapped[str]
    obj: Mapped[str]
    obj_id: Mapped[str]
    lead_id: Mapped[str | None]
    lane: Mapped[int]
    state: Mapped[str]
    made_at: Mapped[datetime]
    attempts: Mapped[Count]
    next_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    acked_at: Mapped[datetime | None]
    depends_on: Mapped[str | None]
    payload: Mapped[dict[str, Value] | None]
    base: Mapped[dict[str, Value] | None]
    remote_id: Mapped[str | None]
    error_class: Mapped[str | None]
    error_text: Mapped[str | None]
    merges: Mapped[list[Value] | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reoffered: Mapped[Count]


class Cursor(Base):
    """How far a pull has come (SYNC E3); saved in the same transaction as the rows."""

    __tablename__ = "cursor"
    __table_args__ = (STRICT,)

    adapter: Mapped[Key]
    obj: Mapped[Key]
    scope_hash: Mapped[Key]
    epoch: Mapped[Word]
    high_water: Mapped[str | None]
    window_end: Mapped[str | None]
    page_state: Mapped[dict[str, Value] | None]
    seen_pass: Mapped[Count]
    last_idset_at: Mapped[datetime | None]
    last_audit: Mapped[dict[str, Value] | None]


class Conflict(Base):
    """A field that two people changed; theirs is shown, mine is kept and can be applied again (SYNC E4)."""

    __tablename__ = "conflict"
    __table_args__ = (
        Index(None, "obj_id"),
        Index("ix_conflict_open", "opened_at", sqlite_where=text("decided_at IS NULL")),
        STRICT,
    )

    id: Mapped[Key]
    adapter: Mapped[str]
    cmd_id: Mapped[str | None]
    obj: Mapped[str]
    obj_id: Mapped[str]
    lead_id: Mapped[str | None]
    field: Mapped[str]
    base: Mapped[Value] = mapped_column(Json, nullable=True)
    mine: Mapped[Value] = mapped_column(Json, nullable=True)
    theirs: Mapped[Value] = mapped_column(Json, nullable=True)
    theirs_version: Mapped[Word]
    opened_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class Missing(Base):
    """A record that a complete pass did not list (SYNC E5)."""

    __tablename__ = "missing"
    __table_args__ = (STRICT,)

    adapter: Mapped[Key]
    obj: Mapped[Key]
    remote_id: Mapped[Key]
    first_missing_at: Mapped[datetime]
    misses: Mapped[int]
    last_probe: Mapped[datetime | None]
    verdict: Mapped[str | None]


# ----------------------------------------------------------------------------------------------------- the projection


class Lead(Base):
    """A lead as people see it: ``facts`` = base ⊕ open entries; the rest is derived by the domain and kept for order.

    ``tier``, ``k0`` … ``k3``, ``held``, ``listed``, ``due_at``, ``chips`` and ``until`` are its Placement; the columns
    before them its LeadState. A row that was never placed is not listed.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index("ix_lead_queue", *QUEUE_ORDER, *QUEUE_ALSO, sqlite_where=text("listed = 1 AND held IS NULL")),
        Index("ix_lead_held", *QUEUE_ORDER, *QUEUE_ALSO, sqlite_where=text("listed = 1 AND held IS NOT NULL")),
        Index("ix_lead_handoff", "handoff_state", sqlite_where=text("handoff_state IS NOT NULL")),
        Index("ix_lead_until", "until", sqlite_where=text("until IS NOT NULL")),
        Index("ix_lead_scored_on", "scored_on"),
        Index("ix_lead_company_id", "company_id", sqlite_where=text("company_id IS NOT NULL")),
        Index("ix_lead_list", *LIST_ALSO),
        STRICT,
    )

    id: Mapped[Key]
    company_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    open: Mapped[Off]
    stage: Mapped[Word]
    attempts: Mapped[Count]
    action: Mapped[str | None]
    action_due_at: Mapped[datetime | None]
    action_why: Mapped[Word]
    action_touch: Mapped[str | None]
    last_touch_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    sla_due_at: Mapped[datetime | None]
    sla_risk_at: Mapped[datetime | None]
    handoff_id: Mapped[str | None]
    handoff_state: Mapped[str | None]
    returned_reason: Mapped[str | None]
    dnc: Mapped[Off]
    cooldown_until: Mapped[datetime | None]
    company_cooldown_until: Mapped[datetime | None]
    inbound: Mapped[Off]
    fit: Mapped[Count]
    intent: Mapped[Count]
    timing: Mapped[Count]
    priority: Mapped[Count]
    scored_on: Mapped[Word]
    hot_signal: Mapped[str | None]
    hot_at: Mapped[datetime | None]
    tier: Mapped[Count]
    k0: Mapped[Count]
    k1: Mapped[Count]
    k2: Mapped[Count]
    k3: Mapped[Count]
    held: Mapped[str | None]
    listed: Mapped[Off]
    due_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    chips: Mapped[list[Value] | None]
    facts: Mapped[Facts]


class Company(Base):
    """A company as people see it; ``name_key`` is its name without legal form, width and case (DOMAIN 14)."""

    __tablename__ = "company"
    __table_args__ = (Index(None, "name_key"), STRICT)

    id: Mapped[Key]
    name_key: Mapped[Word]
    facts: Mapped[Facts]


class Identity(Base):
    """What may tell two records apart: mail, phone, corporate_number, company_name, person (company + name)."""

    __tablename__ = "identity"
    __table_args__ = (Index(None, "obj_id"), {**STRICT, "sqlite_with_rowid": False})

    kind: Mapped[Key]
    value: Mapped[Key]
    obj_id: Mapped[Key]
    obj: Mapped[str]


class SearchText(Base):
    """A lead's searchable words, folded, one short line each; ``search_fts`` indexes it by trigrams."""

    __tablename__ = "search_text"
    __table_args__ = (
        UniqueConstraint("lead_id"),
        Index("ix_search_text_head", text("substr(text, 1, 8)")),
        STRICT,
    )

    rowid_: Mapped[int] = mapped_column("id", Integer, primary_key=True)
    lead_id: Mapped[str]
    text: Mapped[str]


# ------------------------------------------------------------------------------------------------------ house-keeping


class Meta(Base):
    """Single values of this database, and secrets sealed under a key that is not in it."""

    __tablename__ = "meta"
    __table_args__ = (STRICT,)

    key: Mapped[Key]
    value: Mapped[Value] = mapped_column(Json, nullable=False)


class Device(Base):
    """This installation; ``last_seq`` numbers what it writes."""

    __tablename__ = "device"
    __table_args__ = (STRICT,)

    id: Mapped[Key]
    created_at: Mapped[datetime]
    last_seq: Mapped[Count]


class Member(Base):
    """A person of the team, as the hub says."""

    __tablename__ = "member"
    __table_args__ = (STRICT,)

    id: Mapped[Key]
    name: Mapped[str]
    role: Mapped[str]
    email: Mapped[Word]
    active: Mapped[bool] = mapped_column(Flag, server_default=text("1"))


class Draft(Base):
    """What is being typed and not yet part of an entry."""

    __tablename__ = "draft"
    __table_args__ = (STRICT,)

    lead_id: Mapped[Key]
    kind: Mapped[Key]
    body: Mapped[str]
    updated_at: Mapped[datetime]


class Connection(Base):
    """A connected CRM, without its secrets; the one marked ``primary`` gets deliveries."""

    __tablename__ = "connection"
    __table_args__ = (
        Index("uq_connection_primary", text("1"), unique=True, sqlite_where=text("is_primary = 1")),
        STRICT,
    )

    adapter: Mapped[Key]
    kind: Mapped[str]
    url: Mapped[Word]
    options: Mapped[Facts]
    scope: Mapped[Word]
    is_primary: Mapped[Off]
    paused: Mapped[Word]
    created_at: Mapped[datetime]


class SyncRun(Base):
    """One round of sync, as it ended."""

    __tablename__ = "sync_run"
    __table_args__ = (Index(None, "adapter", "started_at"), STRICT)

    id: Mapped[RowId]
    adapter: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    ok: Mapped[Off]
    report: Mapped[Facts]
    error: Mapped[Word]


class ImportBatch(Base):
    """One import, with its report."""

    __tablename__ = "import_batch"
    __table_args__ = (Index(None, "at"), STRICT)

    id: Mapped[Key]
    journal_id: Mapped[str | None]
    at: Mapped[datetime]
    member_id: Mapped[str]
    source: Mapped[Word]
    file_name: Mapped[Word]
    report: Mapped[Facts]


class ImportMapping(Base):
    """Which column was read as which field, remembered by the header line of the file."""

    __tablename__ = "import_mapping"
    __table_args__ = (STRICT,)

    header_key: Mapped[Key]
    mapping: Mapped[Facts]
    used_at: Mapped[datetime]


# --------------------------------------------------------------------------------------- what metadata cannot express


def only_insert(table: str) -> tuple[str, str]:
    """Return the triggers that refuse UPDATE and DELETE."""
    said = f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {said}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {said}",
    )


WRITTEN_ONCE: tuple[str, ...] = ("journal", "change", "touch", "transition", "suppression")
"""Tables that refuse UPDATE and DELETE by trigger."""

_FULL_TEXT = "text, content='search_text', content_rowid='id', tokenize='trigram', detail='none', columnsize=0"

EXTRA_DDL: tuple[str, ...] = (
    *(trigger for table in WRITTEN_ONCE for trigger in only_insert(table)),
    f"CREATE VIRTUAL TABLE search_fts USING fts5({_FULL_TEXT})",
)
"""Triggers and the full-text table, in the order in which they are made.

No triggers keep the full-text table: a statement per row makes it flush per row, which is ten times slower than what
`isdesk.store.indexing` does, the only writer of both.
"""
