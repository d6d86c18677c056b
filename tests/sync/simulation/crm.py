"""A CRM in memory: records with coarse stamps, transactions that commit late, keys, deletions, merges and backups.

Windows and comparing are those that the real adapters share (``isdesk.crm.windows``, ``isdesk.crm.writing``). It knows
more than it tells: which command made a record (``Record.made_by``) and what every write met. The checks of the
invariants read that; the devices never do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby

from isdesk.crm import windows, writing
from isdesk.crm.port import Asked, Command, Do, Page, Permanent, Person, Result, Row, Scope, Status, Thing
from isdesk.domain.changes import Value
from tests.sync.simulation.history import History, Write
from tests.sync.simulation.traits import CARRIED, Traits

Fields = dict[str, Value]
SHARED = frozenset({Thing.MEMBER, Thing.SUPPRESSION})


@dataclass(slots=True)
class Record:
    """One record. ``local`` is our id where there is a field for it; ``made_by`` the key that made it, if any."""

    obj: Thing
    id: str
    fields: Fields
    made_by: str = ""
    local: str = ""
    lead_id: str | None = None
    stamp: float = 0.0
    version: int = 0
    deleted: bool = False
    former: str | None = None


@dataclass(slots=True)
class Slow:
    """A transaction that has begun, or a request that is still on its way, and when it will be through."""

    due: float
    run: Callable[[], object]
    locks: str = ""


@dataclass(slots=True)
class Saved:
    """A backup."""

    records: dict[tuple[Thing, str], Record]
    keys: dict[str, str]
    epoch: int
    count: int


@dataclass(slots=True)
class SimCrm:
    """The one CRM of a simulation. ``now`` gives its own time in seconds; no device's clock has a say in it."""

    traits: Traits
    now: Callable[[], float]
    people: Sequence[Person]
    history: History
    records: dict[tuple[Thing, str], Record] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    slow: list[Slow] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    epoch: int = 1
    count: int = 0
    minted: int = 0

    # ------------------------------------------------------------------------------------------------------- time

    def catch_up(self) -> None:
        """Let everything come through that is due by now."""
        now = self.now()
        while self.slow:
            first = min(self.slow, key=lambda one: one.due)
            if first.due > now:
                return
            self.slow.remove(first)
            first.run()

    def later(self, seconds: float, run: Callable[[], object], locks: str = "") -> None:
        """Let ``run`` happen within the time that this CRM's slowest transaction takes; ``locks`` a record for it."""
        self.slow.append(Slow(self.now() + min(seconds, self.traits.slowest_s), run, locks))

    def _wait_for(self, identity: str) -> None:
        """Let the transaction that has a record locked come to its end first."""
        while (one := next((one for one in self.slow if identity and one.locks == identity), None)) is not None:
            self.slow.remove(one)
            one.run()

    def _stamp(self) -> float:
        return math.floor(self.now() / self.traits.resolution_s) * self.traits.resolution_s

    # ------------------------------------------------------------------------------------------------- the others

    def put(self, obj: Thing, fields: Fields, *, identity: str = "", lead_id: str | None = None) -> Record:
        """Make a record as the people in the CRM do."""
        made = Record(obj, identity or self._mint(obj), dict(fields), lead_id=lead_id)
        if obj is Thing.LEAD:
            made.lead_id = made.id
        self.records[obj, made.id] = made
        self._moved(made, self._stamp())
        self.history.note("crm", "put", made.id)
        return made

    def edit(self, identity: str, fields: Fields, *, seconds: float = 0.0) -> None:
        """Change a lead as the people in the CRM do, in a transaction of so many ``seconds``."""
        self._wait_for(identity)
        began = self._stamp()

        def commit() -> None:
            there = self.records.get((Thing.LEAD, identity))
            if there is not None and not there.deleted:
                self._write(there, fields, began, Write("", "", Do.PATCH, Thing.LEAD, identity, {}, fields, False))

        if seconds > 0:
            self.later(seconds, commit, identity)
        else:
            commit()

    def delete(self, identity: str) -> None:
        """Delete a lead."""
        self._wait_for(identity)
        there = self.records[Thing.LEAD, identity]
        there.deleted = True
        self._moved(there, self._stamp())
        self.history.note("crm", "delete", identity)

    def merge(self, loser: str, winner: str) -> None:
        """Merge two leads: what hung on the loser hangs on the winner, and a do-not-call of either holds."""
        self._wait_for(loser)
        self._wait_for(winner)
        gone, kept = self.records[Thing.LEAD, loser], self.records[Thing.LEAD, winner]
        for one in self.records.values():
            if one.obj is Thing.TOUCH and one.lead_id == loser:
                one.lead_id = winner
                one.fields = {**one.fields, "lead_id": winner}
                self._moved(one, self._stamp())
        if gone.fields.get("dnc") is True and kept.fields.get("dnc") is not True:
            self.edit(winner, {"dnc": True})
        self.delete(loser)

    def alive(self, obj: Thing) -> dict[str, Record]:
        """Return what is there of a kind, by id."""
        return {one.id: one for one in self.records.values() if one.obj is obj and not one.deleted}

    def _mint(self, obj: Thing) -> str:
        self.minted += 1
        return f"{obj.value[:1].upper()}{self.minted:04}"

    # ------------------------------------------------------------------------------------------------ the backups

    def save(self) -> Saved:
        """Return a backup; what is under way is not in it."""
        copied = {key: replace(one, fields=dict(one.fields)) for key, one in self.records.items()}
        return Saved(copied, dict(self.keys), self.epoch, self.count)

    def load(self, saved: Saved) -> None:
        """Go back to a backup. Ids are never given twice; the epoch is a new one where this CRM has such a thing."""
        self.slow.clear()
        self.records = {key: replace(one, fields=dict(one.fields)) for key, one in saved.records.items()}
        self.keys = dict(saved.keys)
        self.epoch += self.traits.epoch
        if self.traits.epoch:  # versions come a second time, for something else
            self.count = saved.count
        self.history.restored()

    # --------------------------------------------------------------------------------------------------- reading

    def changes(self, user: str, obj: Thing, cursor: str | None, scope: Scope, limit: int) -> Page:
        """Return the next page, in the way of this CRM's cursor."""
        rows = [one for one in self.records.values() if one.obj is obj and self._in_scope(one, user, scope, cursor)]
        most = min(limit, self.traits.page)
        if self.traits.cursor == "stamp":
            return self._window(rows, cursor, most)
        after = int(cursor or 0)
        found = sorted((one for one in rows if one.version > after), key=lambda one: one.version)
        page = found[:most]
        return Page([self.row(one) for one in page], str(page[-1].version if page else after), len(found) > most)

    def _window(self, rows: Sequence[Record], cursor: str | None, most: int) -> Page:
        window = windows.begin(windows.parse(cursor), instant(self.now()), overlap_s=self.traits.overlap_s)
        stamped = [(instant(one.stamp).isoformat(), one.id, one) for one in rows]
        found = sorted(
            (stamp, identity)
            for stamp, identity, _ in stamped
            if window.start <= stamp < window.end and (stamp, identity) > (window.at, window.last)
        )
        page, more = found[:most], len(found) > most
        by_id = {identity: one for _, identity, one in stamped}
        return Page([self.row(by_id[i]) for _, i in page], window.read(page, more=more).text(), more)

    def _in_scope(self, one: Record, user: str, scope: Scope, cursor: str | None) -> bool:
        if one.deleted and (not self.traits.tombstones or cursor is None):
            return False
        if scope is Scope.TEAM or one.obj in SHARED:
            return True
        return self._is_of(one, user, leaving=self.traits.history and cursor is not None)

    def _is_of(self, one: Record, user: str, *, leaving: bool = False) -> bool:
        if one.obj is Thing.COMPANY:
            leads = self.alive(Thing.LEAD).values()
            return any(lead.fields.get("company_id") == one.id and self._is_of(lead, user) for lead in leads)
        lead = one if one.obj is Thing.LEAD else self.records.get((Thing.LEAD, one.lead_id or ""))
        if lead is None:
            return False
        return lead.fields.get("owner_id") == user or (leaving and lead.former == user)

    def listed(self, user: str, obj: Thing, scope: Scope) -> list[tuple[str, str]]:
        """Return id and version of everything in scope."""
        rows = self.alive(obj).values()
        return [(one.id, self.version(one)) for one in rows if scope is Scope.TEAM or self._is_of(one, user)]

    def row(self, one: Record) -> Row:
        """Return a record as devices get it; a touch of ours carries our id in its text, key field or not."""
        local = one.local or (one.made_by if one.obj is Thing.TOUCH else "")
        return Row(one.id, self.version(one), dict(one.fields), one.deleted, local=local or None)

    def version(self, one: Record) -> str:
        """Return the version of a record: it differs whenever the record does."""
        return str(one.version) if self.traits.cursor == "version" else f"{one.stamp}/{one.version}"

    def probe(self, asked: Sequence[Asked]) -> dict[str, str]:
        """Return those keys that have been written."""
        if self.traits.edits:
            return {one.key: self.keys[one.key] for one in asked if one.key in self.keys}
        there = {one.made_by: one.id for one in self.records.values() if one.made_by}
        return {one.key: there[one.key] for one in asked if one.key in there}

    # --------------------------------------------------------------------------------------------------- writing

    def push(self, batch: Sequence[Command], device: str) -> list[Result]:
        """Write a batch in its order."""
        if self.traits.atomic and any(self._invalid(one) for one in batch):
            raise Permanent("sim_invalid", field="note")
        for one in batch:
            self._wait_for(one.id)
        done: dict[str, Result] = {}
        for patches, run in groupby(batch, key=lambda one: one.do is Do.PATCH):
            if patches:
                done |= self._patches(list(run), device)
            else:
                done |= {one.key: self._append(one, device) for one in run}
        return [done[one.key] for one in batch]

    def _invalid(self, one: Command) -> bool:
        return bool({one.id, one.local, one.lead_id or ""} & self.refused - {""})

    def _append(self, one: Command, device: str) -> Result:
        if self._invalid(one):
            return Result(one.key, Status.REFUSED, code="sim_invalid", message="入力規則")
        had = self._by_key(one)
        if had is not None:
            return Result(one.key, Status.DUPLICATE, had.id, self.version(had))
        lead = self.records.get((Thing.LEAD, one.lead_id or ""))
        if one.obj is Thing.TOUCH and (lead is None or lead.deleted):
            return Result(one.key, Status.GONE, None, code="sim_gone")
        made = self._make(one, dict(one.payload))
        made.lead_id = one.lead_id
        self.history.wrote(Write(device, one.key, Do.APPEND, one.obj, made.id, {}, dict(one.payload), True))
        return Result(one.key, Status.ACKED, made.id, self.version(made))

    def _make(self, one: Command, fields: Fields) -> Record:
        own = self.traits.own_ids
        local = (one.local or one.key) if self.traits.key and not own else ""
        made = Record(one.obj, one.id if own else self._mint(one.obj), fields, one.key, local)
        self.records[one.obj, made.id] = made
        self.keys[one.key] = made.id
        self._moved(made, self._stamp())
        return made

    def _by_key(self, one: Command) -> Record | None:
        if self.traits.own_ids:
            return self.records.get((one.obj, self.keys.get(one.key, "")))
        wanted = one.local or one.key
        if not self.traits.key:
            return None
        return next((r for r in self.records.values() if r.obj is one.obj and r.local == wanted), None)

    def _patches(self, run: Sequence[Command], device: str) -> dict[str, Result]:
        done: dict[str, Result] = {}
        plain: list[Command] = []
        for one in run:
            there = self._meant(one)
            if self._invalid(one):
                done[one.key] = Result(one.key, Status.REFUSED, code="sim_invalid", message="入力規則")
            elif self.traits.edits and one.key in self.keys:
                done[one.key] = self._answer(one.key, Status.DUPLICATE, there)
            elif there is None and (self.traits.own_ids or not one.id):
                done[one.key] = self._create(one, device)
            else:
                plain.append(one if there is None else replace(one, id=there.id))
        return done | self._compared(plain, device)

    def _meant(self, one: Command) -> Record | None:
        return self.records.get((one.obj, one.id)) if one.id else self._by_key(one)

    def _compared(self, plain: Sequence[Command], device: str) -> dict[str, Result]:
        if not plain:
            return {}
        now = {one.id: self.row(there) for one in plain if (there := self.records.get((one.obj, one.id))) is not None}
        made = writing.compare(plain, now)
        done = dict(made.results)
        for write in made.writes:
            there = self.records[write.commands[0].obj, write.id]
            for one in write.commands:
                self.keys[one.key] = there.id
                wanted = {code: value for code, value in one.payload.items() if code in write.changes}
                self._write(there, wanted, self._stamp(), Write(
                    device, one.key, Do.PATCH, one.obj, there.id, {}, dict(one.payload), False
                ))  # fmt: skip
            for result in writing.answered(write, self.row(there)):
                done[result.key] = result if self.traits.answers else replace(result, fields=None)
        for result in made.results.values():
            if result.status is Status.ACKED:
                self.keys[result.key] = result.remote_id or ""
                self.history.applied.setdefault(result.key, set()).update(
                    *[c.payload for c in plain if c.key == result.key]
                )
        return done

    def _create(self, one: Command, device: str) -> Result:
        made = self._make(one, {code: value for code, value in one.payload.items() if value not in (None, "")})
        if one.obj is Thing.LEAD:
            made.lead_id = made.id
        self.history.wrote(Write(device, one.key, Do.PATCH, one.obj, made.id, {}, dict(one.payload), True))
        return self._answer(one.key, Status.ACKED, made)

    def _write(self, there: Record, wanted: Mapping[str, Value], stamp: float, write: Write) -> None:
        before = there.fields
        there.fields = {c: v for c, v in {**before, **wanted}.items() if v not in (None, "")}
        if there.fields.get("owner_id") != before.get("owner_id"):
            there.former = str(before.get("owner_id"))
        if there.fields != before:
            self._moved(there, stamp)
            if there.obj is Thing.LEAD and self.traits.history and there.former:
                self._wake(there)
        self.history.wrote(replace(write, before=before, changes=wanted))

    def _wake(self, lead: Record) -> None:
        """Let what belongs to a lead travel with it to another owner."""
        for one in self.records.values():
            mine = one.obj is Thing.TOUCH and one.lead_id == lead.id
            if mine or (one.obj is Thing.COMPANY and one.id == lead.fields.get("company_id")):
                self._moved(one, self._stamp())

    def _moved(self, one: Record, stamp: float) -> None:
        self.count += 1
        one.version = self.count
        one.stamp = stamp

    def _answer(self, key: str, status: Status, there: Record | None) -> Result:
        if there is None:
            return Result(key, status)
        return Result(key, status, there.id, self.version(there), dict(there.fields) if self.traits.answers else None)


def carried(traits: Traits, obj: Thing) -> frozenset[str] | None:
    """Return the fields that this CRM keeps; None: all."""
    if traits.all_fields:
        return None
    return CARRIED if obj is Thing.LEAD else frozenset({"name"})


def instant(seconds: float) -> datetime:
    """Return seconds of the CRM's clock as an instant."""
    return datetime.fromtimestamp(seconds, UTC)
