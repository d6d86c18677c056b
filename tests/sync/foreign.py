"""A CRM of its own ways for the tests of sync: ids of its own, few fields, perhaps no keys; in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from typing_extensions import override

from isdesk.crm.port import (
    PAGE,
    Asked,
    Capabilities,
    Command,
    Do,
    FieldInfo,
    Glance,
    Hello,
    Page,
    Person,
    Quota,
    Result,
    Row,
    Scope,
    Signals,
    Status,
    Thing,
)
from isdesk.domain.changes import Value
from isdesk.domain.errors import CrmError
from isdesk.domain.fields import LEAD_FIELDS, Kind
from isdesk.domain.ids import MemberId
from isdesk.domain.merge import same
from isdesk.store import Store, meta
from isdesk.sync.rekeying import SUPPRESSION_KEY
from tests.sync.world import KEY, PEOPLE, Line, Station, StillClock

Fields = dict[str, Value]

CARRIED: dict[Thing, frozenset[str]] = {
    Thing.LEAD: frozenset(
        {"name", "title", "email", "phone_direct", "owner_id", "company_id", "dnc", "email_opt_out", "stage"}
    ),
    Thing.COMPANY: frozenset({"name", "phone", "dnc"}),
}
T1 = Capabilities(
    upsert_key="per_object",
    probe_by_key="strong",
    deletes="none",
    objects=frozenset(Thing) - {Thing.SUPPRESSION, Thing.PLAYBOOK},
)
T2 = replace(T1, upsert_key="none", probe_settle_s=30.0)


@dataclass(slots=True)
class Kept:
    """One record as the CRM keeps it."""

    id: str
    obj: Thing
    fields: Fields
    seq: int
    key: str = ""
    local: str | None = None


@dataclass(slots=True)
class Crm:
    """The other side: what it holds, and what it saw."""

    can: Capabilities = T1
    keeps_local: bool = True
    records: dict[str, Kept] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    histories: list[str] = field(default_factory=list)
    signals: Signals = field(default_factory=Signals)
    beside: bool = False
    one_name: bool = False
    carries_also: frozenset[str] = frozenset()
    quota: float | None = None
    hidden: set[str] = field(default_factory=set)
    seq: int = 0

    def make(self, obj: Thing, local: str | None = None, key: str = "", **fields: Value) -> str:
        """Make a record as a person there would; returns its id."""
        self.seq += 1
        made = f"{obj[:3].upper()}{self.seq:05}"
        self.records[made] = Kept(made, obj, fields, self.seq, key, local)
        return made

    def edit(self, record: str, **fields: Value) -> None:
        """Change a record as a person there would."""
        self.seq += 1
        kept = self.records[record]
        kept.fields = {k: v for k, v in {**kept.fields, **fields}.items() if v is not None}
        kept.seq = self.seq

    def of(self, obj: Thing) -> list[Kept]:
        """Return the records of a kind, oldest first."""
        return sorted((r for r in self.records.values() if r.obj is obj), key=lambda r: r.seq)

    def keys(self) -> list[str]:
        """Return the keys of all activities, each as often as it is there."""
        return sorted(r.key for r in self.of(Thing.TOUCH))


class Foreign:
    """The adapter."""

    def __init__(self, crm: Crm, user: str) -> None:
        self.crm, self.user = crm, user

    name = "crm"

    def hello(self) -> Hello:
        if self.crm.quota is not None and not self.crm.can.quota_headers:
            raise Quota("crm_quota", reset_in=self.crm.quota)
        return Hello(next(p for p in PEOPLE if p.id == self.user), "one")

    def capabilities(self) -> Capabilities:
        return self.crm.can

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        return ()

    def members(self) -> Sequence[Person]:
        return PEOPLE

    def _row(self, kept: Kept) -> Row:
        return Row(kept.id, str(kept.seq), dict(kept.fields), local=kept.local if self.crm.keeps_local else None)

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        after = int(cursor or 0)
        found = [r for r in self.crm.of(obj) if r.seq > after and r.id not in self.crm.hidden][:limit]
        end = str(found[-1].seq) if found else str(after)
        beside: dict[Thing, Sequence[Row]] = {}
        if self.crm.beside and obj is Thing.LEAD:
            beside[Thing.COMPANY] = [self._row(c) for c in self.crm.of(Thing.COMPANY)]
        return Page([self._row(r) for r in found], end, more=len(found) == limit, beside=beside)

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        return [self._row(r) for r in self.crm.of(obj) if r.id in ids]

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        return [(r.id, str(r.seq)) for r in self.crm.of(obj) if r.id not in self.crm.hidden]

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        if self.crm.quota is not None:
            raise Quota("crm_quota", reset_in=self.crm.quota)
        self.crm.commands += batch
        return [self._append(c) if c.do is Do.APPEND else self._patch(c) for c in batch]

    def _append(self, c: Command) -> Result:
        known = next((r for r in self.crm.records.values() if r.key == c.key), None)
        if known is not None and self.crm.can.upsert_key != "none":
            return Result(c.key, Status.DUPLICATE, known.id)
        made = self.crm.make(c.obj, c.local, c.key, **dict(c.payload))
        return Result(c.key, Status.ACKED, made)

    def _patch(self, c: Command) -> Result:
        found = c.id
        if not found and self.crm.can.upsert_key != "none":
            found = next((r.id for r in self.crm.of(c.obj) if r.local == c.local), "")
        if not found and self.crm.one_name and c.obj is Thing.COMPANY:
            found = next((r.id for r in self.crm.of(c.obj) if r.fields.get("name") == c.payload.get("name")), "")
        if found and found not in self.crm.records:
            return Result(c.key, Status.GONE, found, code="record_gone")
        if not found:
            found = self.crm.make(c.obj, c.local, c.key)
        kept = self.crm.records[found]
        for code, value in c.payload.items():
            kind = LEAD_FIELDS[code].kind if code in LEAD_FIELDS else Kind.TEXT
            if not any(same(kept.fields.get(code), seen, kind) for seen in (value, c.base.get(code))):
                return Result(c.key, Status.CONFLICT, found, str(kept.seq), dict(kept.fields))
        self.crm.edit(found, **dict(c.payload))
        return Result(c.key, Status.ACKED, found, str(kept.seq), dict(kept.fields))

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        self.crm.asked += asked
        by_key = {r.key: r.id for r in self.crm.records.values() if r.key}
        return {one.key: by_key[one.key] for one in asked if one.key in by_key}

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        self.crm.histories += lead_ids if obj is Thing.TOUCH else ()
        return [self._row(r) for r in self.crm.of(obj) if r.fields.get("lead_id") in lead_ids]

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        touches = [r for r in self.crm.of(Thing.TOUCH) if r.fields.get("lead_id") == lead_id]
        lead = self.crm.records.get(lead_id)
        return Glance(None if lead is None else self._row(lead), self._row(touches[-1]) if touches else None)

    def carried(self, obj: Thing) -> frozenset[str] | None:
        codes = CARRIED.get(obj)
        return codes if codes is None else codes | self.crm.carries_also

    def link(self, obj: Thing, remote_id: str) -> str | None:
        return f"https://crm.example/{obj}/{remote_id}"

    @property
    def signals(self) -> Signals:
        return self.crm.signals

    def close(self) -> None:
        return


class Wire(Line):
    """A line that can also raise what it is told (``raising``, one for each push) and answer it (``answers``)."""

    def __init__(self, hub: Foreign) -> None:
        super().__init__(hub)
        self.raising: list[CrmError] = []
        self.answers: dict[str, Result] = {}

    @override
    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        if self.raising:
            raise self.raising.pop(0)
        if self.answers:
            return [self.answers[c.key] for c in batch if c.key in self.answers]
        return super().push(batch)


class Desk(Station):
    """An installation on such a CRM."""

    line: Wire


class Abroad:
    """A team on such a CRM."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StillClock()
        self.crm = Crm()
        self.url = "https://crm.example"
        self.suppression_key = bytes(range(32))
        self.template = folder / "template.db"
        Store.create(self.template, KEY).close()
        self.devices: list[Desk] = []

    def device(self, name: str = "office", user: str = "m-sato") -> Desk:
        made = Desk(self, name, user, Scope.TEAM, Wire(Foreign(self.crm, user)))
        made.connect()
        self.devices.append(made)
        with made.store.write() as tx:
            meta.put(tx, SUPPRESSION_KEY, self.suppression_key.hex())
            meta.put(tx, "me", MemberId(user))
        return made

    def close(self) -> None:
        for device in self.devices:
            device.store.close()
