"""The team of a simulation: two installations with real stores in memory-backed files, the CRM, and what people do.

Everything is deterministic: clock, ids and randomness are given, nothing runs beside anything else. A round of sync is
driven step by step, so that people and the other device act in its midst, and a crash is a round that is dropped.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from typing_extensions import override

from isdesk.crm.port import Scope, Thing
from isdesk.domain.changes import Change, Obj, Value, Verb
from isdesk.domain.ids import DeviceId, JournalId, LeadId, MemberId
from isdesk.domain.suppression import Suppression, active_events, digest
from isdesk.domain.touch import Channel, Touch
from isdesk.store import Store, Tx, backup, deliveries, fold, journal, leads, meta, mirror, suppressions
from isdesk.sync import Step
from isdesk.sync.rekeying import SUPPRESSION_KEY
from isdesk.sync.tally import Tally
from tests.sync.simulation.crm import Saved, SimCrm
from tests.sync.simulation.history import History, Intent, Violation
from tests.sync.simulation.line import ADAPTER, Died, SimLine
from tests.sync.simulation.traits import Traits
from tests.sync.world import KEY, PEOPLE, CountedIds, Station, StillClock

NAMES = ("l1", "l2", "l3")
"""The leads that are there from the beginning."""
LONGEST_ROUND = 600
"""Steps after which a round is held to go round in circles."""


class SkewedClock:
    """A device's own clock: the one on the wall, and how far it is off."""

    def __init__(self, wall: StillClock) -> None:
        self.wall, self.off = wall, timedelta()

    def now(self) -> datetime:
        return self.wall.now() + self.off

    def monotonic(self) -> float:
        return self.wall.monotonic()


class FusedStore(Store):
    """A store whose process ends before one of its next transactions that write: ``fuse`` counts them down."""

    fuse: int | None = None
    written: int = 0

    @contextmanager
    @override
    def write(self) -> Iterator[Tx]:
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                raise Died
        self.written += 1
        with super().write() as tx:
            yield tx


@dataclass(slots=True)
class Ground:
    """Where the installations of one simulation stand."""

    folder: Path
    template: Path
    clock: StillClock
    url: str = "sim:"
    suppression_key: bytes = bytes(reversed(range(32)))


class SimStation(Station):
    """An installation on the simulated CRM."""

    line: SimLine
    store: FusedStore
    clock: SkewedClock

    def __init__(self, ground: Ground, name: str, user: str, scope: Scope, crm: SimCrm, *, series: str) -> None:
        super().__init__(ground, name, user, scope, SimLine(crm, name, user))
        self.line.clock = self.clock = SkewedClock(ground.clock)
        self.ids = CountedIds(f"{series}{name}")
        self.engine = self._engine()
        self.running: Generator[Step, None, None] | None = None
        self.tally: Tally | None = None
        self.lives = itertools.count(2)
        self.saved: Path | None = None
        self.undoable: list[str] = []

    @override
    def _open(self) -> Store:
        return FusedStore(self.path, KEY)

    # ------------------------------------------------------------------------------------------------ its process

    @override
    def restart(self) -> None:
        """Let the process end without a word and begin again."""
        if self.running is not None:
            self.running.close()
        self.running = None
        super().restart()

    def advance(self, steps: int, *, full: bool = False) -> bool:
        """Go on with the round, or begin one, for so many steps; returns whether it has come to its end."""
        if self.running is None:
            self.tally = self.engine.tally()
            self.running = self.engine.steps(full=full, tally=self.tally)
        try:
            for _ in range(steps):
                step = next(self.running, None)
                if step is None:
                    self.running = None
                    return True
        except Died:
            self.restart()
            return True
        return False

    def round(self, *, full: bool = False) -> None:
        """Go through one whole round."""
        if self.running is not None:
            self.advance(LONGEST_ROUND)
        if not self.advance(LONGEST_ROUND, full=full):
            raise Violation("endless", self.name, "a round does not end")

    def back_up(self) -> None:
        """Keep a copy of the database."""
        if self.saved is not None:
            self.saved.unlink()
        self.saved = self.path.with_suffix(f".backup{next(self.lives)}")
        self.store.close()
        shutil.copy(self.path, self.saved)
        self.restart()

    def go_back(self) -> None:
        """Put the copy in the place of the database, as a restore does: it is a new device from then on."""
        if self.saved is None:
            return
        self.store.close()
        self.id = DeviceId(f"d-{self.name}{next(self.lives)}")
        shutil.copy(self.saved, self.path)
        backup._as_new_device(self.path, KEY, self.id, self.clock.now())
        self.undoable.clear()
        self.restart()

    # ---------------------------------------------------------------------------------------------- what it shows

    def find(self, name: str) -> str | None:
        """Return the id that a lead has here, None where it is not shown."""
        with self.store.read() as tx:
            row = tx.sql("SELECT id FROM lead WHERE facts ->> '$.name' = ? ORDER BY id", (name,)).fetchone()
        return None if row is None else str(row[0])

    def forbidden(self) -> set[str]:
        """Return the leads that this device would not dial."""
        with self.store.read() as tx:
            marked = {row[0] for row in tx.sql("SELECT id FROM lead WHERE facts ->> '$.dnc' = 1")}
        return marked | self.barred()

    def barred(self) -> set[str]:
        """Return the leads that are on this device's own list."""
        key = self.place.suppression_key
        with self.store.read() as tx:
            hmacs = {one.hmac for one in active_events(suppressions.events(tx))}
            shown = [row[0] for row in tx.sql("SELECT id FROM lead")]
        return {lead for lead in shown if digest(key, "lead", lead) in hmacs} if hmacs else set()

    def locals(self, obj: Thing = Thing.LEAD) -> dict[str, str]:
        """Return the id here of every record in the mirror, by the CRM's."""
        with self.store.read() as tx:
            rows = tx.sql("SELECT remote_id, local_id FROM base WHERE adapter = ? AND obj = ?", (ADAPTER, obj.value))
            return {mirror.remote_of(remote): local for remote, local in rows if mirror.remote_of(remote)}


@dataclass(slots=True)
class Recorded:
    """What people did on a device, by key: the touches, and the leads that they made."""

    touches: dict[str, str] = field(default_factory=dict)
    created: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)


class Team:
    """One simulation."""

    def __init__(self, traits: Traits, *, scopes: tuple[Scope, Scope] = (Scope.TEAM, Scope.TEAM)) -> None:
        self.traits = traits
        self.history = History()
        self.clock = StillClock()
        self.folder = Path(tempfile.mkdtemp(prefix="isdesk-sim-", dir=_fast()))
        self.ground = Ground(self.folder, self.folder / "template.db", self.clock)
        self.crm = SimCrm(traits, self._now, PEOPLE, self.history)
        start = _beginning(traits, scopes)
        series = "" if start is not None else "0"
        if start is None:
            shutil.copy(_empty(), self.ground.template)
        else:
            for name in ("a", "b"):
                shutil.copy(start.folder / f"{name}.db", self.folder / f"{name}.db")
            self.crm.load(start.crm)
            self.crm.count = start.crm.count
            self.crm.minted, self.crm.epoch, self.clock.at = start.minted, 1, start.at
        self.a = SimStation(self.ground, "a", "m-sato", scopes[0], self.crm, series=series)
        self.b = SimStation(self.ground, "b", "m-ito", scopes[1], self.crm, series=series)
        self.devices = (self.a, self.b)
        self.recorded = {device.name: Recorded() for device in self.devices}
        self.saved: Saved | None = None
        self.numbers = itertools.count(1)
        self.names = list(NAMES)
        self.history.lines.clear()
        self.history.restores = 0
        self.retried: set[str] = set()

    def _now(self) -> float:
        return self.clock.at.timestamp()

    def close(self) -> None:
        """Clear everything away."""
        for device in self.devices:
            if device.running is not None:
                device.running.close()
            device.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ----------------------------------------------------------------------------------- what people do at a desk

    def edit(self, device: SimStation, name: str, **fields: Value) -> str | None:
        """Write fields of a lead; returns the key of the edit, None where the lead is not shown or nothing changes."""
        lead = device.find(name)
        if lead is None:
            return None
        seen = device.fields(lead)
        before = {code: seen.get(code) for code in fields}
        if before == fields:
            return None
        entry = device.write(changes=[Change(Obj.LEAD, lead, before, dict(fields))], lead=lead)
        key = journal.change_key(entry, lead)
        self.history.meant(Intent(device.name, key, "lead", lead, before, dict(fields)))
        self.history.note(device.name, "edits", name, sorted(fields.items()))
        device.undoable.append(entry)
        return key

    def refuse(self, device: SimStation, name: str) -> None:
        """Note that a person is not to be called: the field, and an event that outlives the record."""
        lead = device.find(name)
        if lead is None:
            return
        seen = device.fields(lead)
        before: dict[str, Value] = {"dnc": seen.get("dnc"), "need": seen.get("need")}
        after: dict[str, Value] = {"dnc": True, "need": "refused"}
        hmac = digest(self.ground.suppression_key, "lead", lead)
        event = Suppression(device.ids.new(), "lead", hmac, device.clock.now(), MemberId(device.user))
        change = Change(Obj.LEAD, lead, before, after)
        entry = device.write(changes=[change], suppressions=[event], verb=Verb.DO_NOT_CALL, lead=lead)
        self.history.meant(Intent(device.name, journal.change_key(entry, lead), "lead", lead, before, after))
        self.history.note(device.name, "refuses", name)

    def call(self, device: SimStation, name: str) -> str | None:
        """Record a call; returns its key."""
        lead = device.find(name)
        if lead is None:
            return None
        touch, entry = self._touch(device, lead)
        self.recorded[device.name].touches[touch.id] = lead
        device.undoable.append(entry)
        self.history.note(device.name, "calls", name, touch.id)
        return touch.id

    def _touch(
        self, device: SimStation, lead: str, *, corrects: Touch | None = None, undoes: str = ""
    ) -> tuple[Touch, str]:
        with device.store.write() as tx:
            seq = journal.next_seq(tx, device.id)
        made = Touch(
            device.ids.new(), LeadId(lead), None, device.user, device.id, seq, device.clock.now(),  # type: ignore[arg-type]
            channel=Channel.PHONE, outcome=None if corrects else "NO_ANSWER",
            corrects=None if corrects is None else corrects.id, void=corrects is not None,
        )  # fmt: skip
        verb = Verb.UNDO if undoes else Verb.RECORD
        return made, device.write(touches=[made], verb=verb, lead=lead, undoes=undoes or None)

    def create(self, device: SimStation, *, company: bool = False) -> str:
        """Make a lead, with a company in the same entry where that is wanted; returns its name."""
        name = f"n{next(self.numbers)}"
        lead, firm = device.ids.new(), device.ids.new()
        after: dict[str, Value] = {"name": name, "owner_id": device.user, "title": f"{name} title"}
        changes = []
        if company:
            after["company_id"] = firm
            changes.append(Change(Obj.COMPANY, firm, {"name": None}, {"name": f"{name} inc"}, created=True))
        changes.append(Change(Obj.LEAD, lead, dict.fromkeys(after), after, created=True))
        entry = device.write(changes=changes, verb=Verb.IMPORT, lead=lead)
        key = journal.change_key(entry, lead)
        self.history.meant(Intent(device.name, key, "lead", lead, dict.fromkeys(after), after, created=True))
        self.recorded[device.name].created[key] = lead
        device.undoable.append(entry)
        self.names.append(name)
        self.history.note(device.name, "creates", name)
        return name

    def undo(self, device: SimStation) -> None:
        """Take the last thing back that this device did, as the desk's own undo does."""
        if not device.undoable:
            return
        entry = device.undoable.pop()
        with device.store.read() as tx:
            loaded = journal.load(tx, JournalId(entry))
            now = {c.id: leads.fields_of(tx, c.obj, c.id) for c in loaded.changes}
        self.history.note(device.name, "undoes", entry)
        for touch in loaded.touches:
            made, _ = self._touch(device, touch.lead_id, corrects=touch, undoes=entry)
            self.recorded[device.name].touches[made.id] = touch.lead_id
        backs = [back for c in loaded.changes if (back := _back(c, now[c.id])) is not None]
        if not backs:
            return
        made_entry = device.write(changes=backs, undoes=entry, verb=Verb.UNDO, lead=loaded.entry.lead_id)
        for back in backs:
            key = journal.change_key(made_entry, back.id)
            self.history.meant(Intent(device.name, key, back.obj.value, back.id, back.before, back.after))

    def decide(self, device: SimStation, *, mine: bool) -> None:
        """Decide the oldest conflict."""
        with device.store.write() as tx:
            found = next(iter(mirror.conflicts(tx)), None)
            if found is None:
                return
            mine = mine and found.field != "dnc"  # to lift a refusal is a person's right, and not what I8 is about
            mirror.decide(tx, found.id, by=device.user, decision="local" if mine else "remote", at=device.clock.now())
            now = fold.folded(tx, Obj(found.obj), [found.obj_id])[found.obj_id]
        self.history.note(device.name, "decides", found.field, mine)
        if not mine or now.get(found.field) == found.mine or not now:
            return
        before: dict[str, Value] = {found.field: now.get(found.field)}
        after: dict[str, Value] = {found.field: found.mine}
        entry = device.write(changes=[Change(Obj(found.obj), found.obj_id, before, after)], lead=found.lead_id)
        key = journal.change_key(entry, found.obj_id)
        self.history.meant(Intent(device.name, key, found.obj, found.obj_id, before, after))

    def again(self, device: SimStation) -> None:
        """Let everything that waits for a person be tried again."""
        with device.store.write() as tx:
            for item in deliveries.waiting(tx, 1000):
                if item.head.state == "quarantined":
                    deliveries.retry(tx, item.head.cmd_id)
                    self.retried.add(item.head.cmd_id)

    # --------------------------------------------------------------------------------------------- what goes on

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move(seconds=seconds)
        self.crm.catch_up()

    def shift(self, device: SimStation, minutes: int) -> None:
        """Set a device's clock, so many minutes off the one on the wall."""
        device.clock.off = timedelta(minutes=minutes)

    def restore_crm(self) -> bool:
        """Put the CRM back to its backup; returns whether it was.

        One that does not say of itself that it was restored is taken at its word a second time: what is missing then
        is what people removed.
        """
        if self.saved is None or (self.history.restores and not self.traits.edits):
            return False
        self.crm.load(self.saved)
        return True

    def restore_device(self, device: SimStation) -> None:
        """Put a device back to its backup; what was recorded there since is no more, unless the CRM has it."""
        if device.saved is None:
            return
        device.go_back()
        with device.store.read() as tx:
            kept = {row[0] for row in tx.sql("SELECT cmd_id FROM delivery")}
        mine = self.recorded[device.name]
        gone = {key for key in (*mine.touches, *mine.created) if key not in kept}
        gone |= {
            key for key, intent in self.history.intents.items() if intent.device == device.name and key not in kept
        }
        mine.lost |= gone
        self.history.note(device.name, "restored", sorted(gone))

    def remote(self, name: str) -> str | None:
        """Return the CRM's id of a lead."""
        found = (one.id for one in self.crm.alive(Thing.LEAD).values() if one.fields.get("name") == name)
        return next(found, None)


def _back(change: Change, now: dict[str, Value] | None) -> Change | None:
    """Return what takes a change back, of those fields that still hold what it wrote (as ``services.history``)."""
    if change.created:
        return change.inverse()
    still = [code for code, value in change.after.items() if now is not None and now.get(code) == value]
    before, after = {c: change.after[c] for c in still}, {c: change.before[c] for c in still}
    return Change(change.obj, change.id, before, after) if still else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A team on its first morning: three leads, known to both."""

    folder: Path
    crm: Saved
    minted: int
    at: datetime


_MADE: dict[tuple[Traits, tuple[Scope, Scope]], Beginning | None] = {}


def _beginning(traits: Traits, scopes: tuple[Scope, Scope]) -> Beginning | None:
    """Return the beginning for these traits, made once; None while it is being made."""
    if (traits, scopes) in _MADE:
        return _MADE[traits, scopes]
    _MADE[traits, scopes] = None
    team = Team(traits, scopes=scopes)
    for device in team.devices:
        device.connect()
        with device.store.write() as tx:
            meta.put(tx, SUPPRESSION_KEY, team.ground.suppression_key.hex())
    for name in NAMES:
        lead = team.a.ids.new()
        team.a.create(lead, name=name, owner_id="m-ito" if name == "l3" else "m-sato", title=f"{name} title")
    for device in (*team.devices, team.a):
        team.wait(60)
        device.round()
    team.wait(3600)
    for device in team.devices:
        device.round(full=True)
        device.store.close()
    made = Beginning(team.folder, team.crm.save(), team.crm.minted, team.clock.at)
    _MADE[traits, scopes] = made
    return made


def clear_up() -> None:
    """Remove the files that were kept for the next simulations."""
    for made in _MADE.values():
        if made is not None:
            shutil.rmtree(made.folder, ignore_errors=True)
    _MADE.clear()
    if _empty.cache_info().currsize:
        shutil.rmtree(_empty().parent, ignore_errors=True)
        _empty.cache_clear()


@cache
def _empty() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="isdesk-sim-", dir=_fast()))
    Store.create(folder / "empty.db", KEY).close()
    return folder / "empty.db"


def _fast() -> Path | None:
    """Return a folder that lies in memory, where there is one."""
    fast = Path("/dev/shm")
    return fast if fast.is_dir() else None
