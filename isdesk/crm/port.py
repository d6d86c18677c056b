"""The contract between isdesk and a CRM: what an adapter is asked, what it answers, and how it fails.

An adapter holds no state and no policy. It translates: rows of the CRM into facts, commands into writes, the CRM's
words of refusal into results. Retry, back-off, rate budget, merge and quarantine live once, in ``isdesk.sync``.

The errors an adapter may raise (SYNC E8); the engine decides by the class, never by the text::

    CrmError
    ├── Offline       nobody answered, and nothing was written; no attempt is counted
    ├── Transient     try again later; ``retry_after`` seconds when the CRM said so; nothing was written
    ├── Auth          signed out, key withdrawn, password changed: the connection pauses
    ├── Quota         the day's allowance is used up; ``reset_in`` seconds when known
    ├── Permanent     the same request will never succeed (schema, permission, malformed)
    └── Unknown       the answer was lost: the write may have happened or not; the command becomes ``uncertain``
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from isdesk.domain.changes import Value
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import Kind
from isdesk.domain.ids import MemberId

PAGE = 500
"""Most rows of a page, and of a transaction that stores one (ARCHITECTURE, measured grounds)."""


class Offline(CrmError):
    """Nobody answered; nothing was written."""


class Transient(CrmError):
    """It failed this time; nothing was written. ``retry_after``: seconds, None where the CRM did not say."""

    def __init__(self, code: str, *, retry_after: float | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.retry_after = retry_after


class Auth(CrmError):
    """The CRM does not know us any more."""


class Quota(CrmError):
    """The allowance is used up. ``reset_in``: seconds until it is renewed, None where unknown."""

    def __init__(self, code: str, *, reset_in: float | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.reset_in = reset_in


class Permanent(CrmError):
    """The same request will never succeed."""


class Unknown(CrmError):
    """The answer was lost after the request was on its way: written or not, nobody knows yet."""


class Thing(StrEnum):
    """The kinds of records that travel."""

    MEMBER = "member"
    PLAYBOOK = "playbook"
    SUPPRESSION = "suppression"
    COMPANY = "company"
    LEAD = "lead"
    TOUCH = "touch"
    TRANSITION = "transition"
    FILING = "filing"


class Scope(StrEnum):
    """Whose leads come down: one's own book or the whole team's."""

    MINE = "mine"
    TEAM = "team"


class Do(StrEnum):
    """The two ways a command writes: fields of a record, or one more fact that is never changed."""

    PATCH = "patch"
    APPEND = "append"


class Status(StrEnum):
    """What became of one command.

    ``acked`` it is written; ``duplicate`` it had been written before (same key); ``conflict`` a field differs from
    ``base`` and nothing was written; ``refused`` the CRM will not take it (its words in ``message``); ``gone`` the
    record is no longer there.
    """

    ACKED = "acked"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"
    GONE = "gone"


class Row(NamedTuple):
    """One record as the CRM has it now. ``text`` may carry the fields as JSON text, where the CRM stores them so.

    ``id`` is the CRM's own id, and ids among the fields (``lead_id``, ``company_id``) are the CRM's too; the engine
    translates them. ``local`` is the id that isdesk gave the record, where the CRM keeps one (a key field).
    """

    id: str
    version: str
    fields: dict[str, Value]
    deleted: bool = False
    text: str | None = None
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows changed since a cursor, oldest first. ``more``: ask again with ``next_cursor`` at once.

    ``beside`` are records of other kinds that stand in the same rows of the CRM (the company that a lead only names);
    they are stored first, in the same transaction.
    """

    rows: Sequence[Row]
    next_cursor: str
    more: bool
    window: str = ""
    beside: Mapping[Thing, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """One write. ``key`` is the idempotency key: the same key is written once, however often it is sent.

    ``base`` are the values this device had seen of the fields in ``payload`` (PATCH); ``version`` the record's. ``id``
    is the CRM's id of the record, empty where the CRM has none yet and the record is to be made; ``local`` is ours,
    which a CRM with a key field keeps (of a CRM with ``own_ids`` the two are the same). ``lead_id`` is the CRM's.
    ``sure``: whether it is known that the key was never written; a command that had no answer before is not.
    ``company``: of a lead's command that names its company, the company's own fields, for a CRM that keeps only a name.
    Beside a fact's own fields ``payload`` may carry ``lead_key`` (our id of the lead), ``corrects_id`` (the CRM's id of
    what is taken back) and ``at_entered`` (the time as the person saw it, where ``at`` was set right by the clock).
    """

    key: str
    do: Do
    obj: Thing
    id: str
    payload: Mapping[str, Value]
    base: Mapping[str, Value] = field(default_factory=dict)
    version: str | None = None
    lead_id: str | None = None
    device_id: str | None = None
    local: str = ""
    sure: bool = True
    company: Mapping[str, Value] = field(default_factory=dict)


class Asked(NamedTuple):
    """One key that is asked for: what it wrote, and the CRM's ids where they are known."""

    key: str
    obj: Thing
    local: str = ""
    id: str | None = None
    lead_id: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one command. ``fields``: the whole record as it stands now, None where the CRM does not say."""

    key: str
    status: Status
    remote_id: str | None = None
    version: str | None = None
    fields: dict[str, Value] | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the team as the CRM knows them; ``role`` is ``rep`` | ``team_lead`` | ``fs`` | ``admin``."""

    id: MemberId
    name: str
    role: str
    email: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Hello:
    """Who we are to the CRM, and which CRM this is.

    ``epoch`` names this life of the CRM's data and ``head`` grows with every write: a new epoch or a smaller head
    means that it was restored (SYNC E6). ``head`` is 0 where the CRM has no such figure.
    """

    me: Person
    epoch: str
    head: int = 0
    suppression_key: bytes | None = None
    server_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field of the CRM as ``describe`` finds it."""

    code: str
    label: str
    kind: Kind
    required: bool = False
    writable: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this CRM can promise (SYNC E12). The engine and the window read flags, never the adapter's name.

    ``upsert_key``: ``none`` | ``per_object``. ``probe_by_key``: ``strong`` | ``lagged`` | ``none``. ``cursor``:
    ``stamp`` | ``version`` | ``none``. ``deletes``: ``tombstone`` | ``flag`` | ``none``. ``occ``: ``etag`` |
    ``unmodified_since`` | ``revision`` | ``none``. ``activity_target``: ``object`` | ``app`` | ``message`` | ``file``.
    Names ending in ``_s`` are seconds. ``own_ids``: records are kept under our ids. ``keeps_edits``: the keys of field
    edits can be asked for too, not only those of records and facts. ``brings_history``: a lead that comes into scope
    brings its touches into the stream of touches; where it does not, `Adapter.history` is asked.
    """

    upsert_key: str = "none"
    probe_by_key: str = "none"
    probe_settle_s: float = 0.0
    cursor: str = "stamp"
    stamp_resolution_s: float = 0.0
    overlap_s: float = 0.0
    lag_s: float = 0.0
    max_page: int = PAGE
    max_scan: int | None = None
    deletes: str = "none"
    occ: str = "none"
    batch_max: int = 100
    batch_atomic: bool = False
    activity_target: str = "object"
    atomic_activity_with_lead: bool = False
    activity_links_inline: bool = True
    owner_map: bool = False
    dnc_fields: bool = True
    max_note_len: int = 32_000
    quota_headers: bool = False
    supports_erasure: bool = False
    objects: frozenset[Thing] = frozenset(Thing)
    own_ids: bool = False
    keeps_edits: bool = False
    brings_history: bool = False


@dataclass(frozen=True, slots=True)
class Signals:
    """What the last answer said beside its content. ``skew_ms``: the CRM's clock minus ours; None where unknown.

    ``used`` and ``limit`` are requests of the running period; ``reset_in`` seconds until it begins anew.
    """

    skew_ms: int | None = None
    used: int | None = None
    limit: int | None = None
    reset_in: float | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """One lead as the CRM has it this moment, before it is dialled: its row, and the newest touch that it knows of."""

    row: Row | None
    touch: Row | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the check of a connection found. ``level``: ``ok`` | ``warn`` | ``stop``; ``code``: one of the messages."""

    level: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class Adapter(Protocol):
    """One CRM. Every method may raise a `CrmError`; none keeps anything for the next call but its connection."""

    @property
    def name(self) -> str:
        """Return the name under which deliveries and mirror rows are kept: the same for this connection for ever."""
        ...

    def hello(self) -> Hello:
        """Return who we are and which life of the CRM's data this is. The first call of every round."""
        ...

    def capabilities(self) -> Capabilities:
        """Return what this CRM can promise, as far as is known: needs no connection, and is sharper after `hello`."""
        ...

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the fields that the CRM has for ``obj``."""
        ...

    def members(self) -> Sequence[Person]:
        """Return the people of the team."""
        ...

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next rows of ``obj`` changed since ``cursor`` (None: from the beginning)."""
        ...

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records whatever the scope; those that are not there are left out."""
        ...

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return id and version of every record in scope, the deleted ones left out: a complete pass or an error."""
        ...

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write ``batch`` in its order; one result per command, in that order."""
        ...

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return those of the keys that have been written, with the CRM's id of what they wrote ("" where unknown).

        Commands that are not found are not there: a read that may lag says so by ``probe_settle_s``.
        """
        ...

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches or transitions of these leads, as far back as is wanted (``brings_history`` is False)."""
        ...

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead as it stands now, within ``budget_s`` seconds. Raises `Offline` where that is not enough."""
        ...

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return the codes of the fields of ``obj`` that the CRM keeps for us; None: all. The rest stays here."""
        ...

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return the https address at which a person sees this record in the CRM, None where there is none."""
        ...

    @property
    def signals(self) -> Signals:
        """Return what the last answer said of clock and allowance."""
        ...

    def close(self) -> None:
        """Let go of the connection. Calling it twice does no harm."""
        ...


class Surveyor(Protocol):
    """What an adapter can say while it is being connected; all four CRMs can, a hub need not."""

    def check(self, *, write: bool) -> Sequence[Finding]:
        """Say what works and what an administrator must add; ``write``: make, read and remove a test activity too."""
        ...

    def describe_remote(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return the CRM's own fields (code, its Japanese label, kind, required, writable, choices) of ``obj``."""
        ...

    def samples(self, obj: Thing, limit: int = 5) -> Sequence[Mapping[str, str]]:
        """Return newest records as the CRM's field code → shown text, for the mapping table."""
        ...

    def estimate(self, obj: Thing, scope: Scope) -> int | None:
        """Return how many records are in scope, None where the CRM does not say."""
        ...
