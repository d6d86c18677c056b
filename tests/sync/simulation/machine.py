"""What may happen, as rules of a Hypothesis state machine: any order of them must leave every invariant standing."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from typing_extensions import override

from isdesk.crm.port import Scope
from isdesk.domain.changes import Value
from tests.sync.simulation import checks
from tests.sync.simulation.line import READ_FAULTS, WRITE_FAULTS
from tests.sync.simulation.team import SimStation, Team
from tests.sync.simulation.traits import PRESETS, Traits

WHO = st.sampled_from([0, 1])
WHICH = st.sampled_from([0, 0, 0, 1, 2, 3, 4])
"""Three of five draws fall on one lead, so that clashes happen (SYNC, seeded-bug scoreboard)."""
FIELD = st.sampled_from(["title", "title", "need", "stage", "snoozed_until", "segment"])
SECONDS = st.sampled_from([1, 10, 31, 61, 301, 1200, 2000])
STEPS = st.integers(1, 14)
WRITES = st.lists(st.sampled_from(["", "", "after", "late", *WRITE_FAULTS]), max_size=2)
READS = st.one_of(st.just(()), st.tuples(st.integers(0, 9), st.sampled_from(READ_FAULTS)))
FUSE = st.one_of(st.none(), st.none(), st.integers(0, 14))
WORK = ("refuse", "allow", "create", "create_with_company", "undo", "undo", "mine", "theirs", "hand_over", "try_again")
CRM_WORK = (
    "title", "title", "need", "stage", "m-sato", "m-ito", "refuse", "delete", "merge", "validate", "do_not_validate",
)  # fmt: skip
MISHAPS = ("crash", "crash", "offline", "online", "-90", "-5", "0", "90")
MOST_LEADS = 6
MOMENT_S = 2.0
"""How long everything takes that anybody does: less than a transaction may run, so that stamps and commits cross."""
CRM = 2


class Storm(RuleBasedStateMachine):
    """Two devices, one CRM, and whatever can go wrong. ``kinds`` are the CRMs that are tried."""

    kinds: ClassVar[tuple[Traits, ...]] = tuple(PRESETS.values())
    scopes: ClassVar[tuple[tuple[Scope, Scope], ...]] = ((Scope.TEAM, Scope.TEAM), (Scope.TEAM, Scope.MINE))

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.begin_with(data.draw(st.sampled_from(self.kinds)), data.draw(st.sampled_from(self.scopes)))

    def begin_with(self, kind: Traits, scopes: tuple[Scope, Scope]) -> None:
        """Let a team begin its morning."""
        self.team = Team(kind, scopes=scopes)
        self.watch = checks.Watch(self.team)
        self.number = 0
        self.well = True

    @override
    def teardown(self) -> None:
        if not hasattr(self, "team"):
            return
        try:
            if self.well:
                checks.finish(self.team, self.watch)
        finally:
            self.team.close()

    def _name(self, which: int) -> str:
        return self.team.names[min(which, len(self.team.names) - 1)]

    def _look(self) -> None:
        """Let a moment pass, and look whether everything is in order."""
        self.well = False
        self.team.wait(MOMENT_S)
        self.watch.now()
        self.well = True

    def _at(self, who: int) -> SimStation:
        self.well = False
        return self.team.devices[who]

    # ------------------------------------------------------------------------------------------------ at the desks

    @rule(who=WHO, which=WHICH, field=FIELD, same=st.booleans())
    def edit(self, who: int, which: int, field: str, same: bool) -> None:
        """Write a field: a new value, or one that both devices write."""
        self.number += 1
        value: Value = "same" if same else f"v{self.number}"
        if field == "snoozed_until":
            value = f"2026-12-{self.number % 28 + 1:02}T00:00:00+00:00"
        self.team.edit(self._at(who), self._name(which), **{field: value})
        self._look()

    @rule(who=WHO, which=WHICH)
    def call(self, who: int, which: int) -> None:
        """Record a call."""
        self.team.call(self._at(who), self._name(which))
        self._look()

    @rule(who=WHO, which=WHICH, what=st.sampled_from(WORK))
    def work(self, who: int, which: int, what: str) -> None:
        """Do something else that reps do. ``allow``: say that a person may be called, not having heard otherwise."""
        device, name = self._at(who), self._name(which)
        match what:
            case "refuse":
                self.team.refuse(device, name)
            case "allow":
                lead = device.find(name)
                if lead is not None and device.fields(lead).get("dnc") is not True:
                    self.team.edit(device, name, dnc=False)
            case "create" | "create_with_company":
                if len(self.team.names) < MOST_LEADS:
                    self.team.create(device, company=what == "create_with_company")
            case "undo":
                self.team.undo(device)
            case "mine" | "theirs":
                self.team.decide(device, mine=what == "mine")
            case "hand_over":
                self.team.edit(device, name, owner_id="m-ito" if device.user == "m-sato" else "m-sato")
            case _:
                self.team.again(device)
        self._look()

    # -------------------------------------------------------------------------------------------------- in the CRM

    @rule(which=WHICH, what=st.sampled_from(CRM_WORK), seconds=st.sampled_from([0.0, 0.0, 20.0, 60.0]))
    def in_crm(self, which: int, what: str, seconds: float) -> None:
        """Let somebody do something in the CRM; a change of a field may take its transaction some ``seconds``.

        ``merge`` merges into the first lead; ``validate`` makes a rule that this lead does not meet.
        """
        self.well = False
        crm, name = self.team.crm, self._name(which)
        remote, first = self.team.remote(name), self.team.remote("l1")
        if what == "do_not_validate":
            crm.refused.clear()
        elif remote is not None:
            self.number += 1
            match what:
                case "title" | "need" | "stage":
                    crm.edit(remote, {what: f"crm{self.number}"}, seconds=seconds)
                case "m-sato" | "m-ito":
                    crm.edit(remote, {"owner_id": what})
                case "refuse":
                    crm.edit(remote, {"dnc": True})
                case "validate":
                    crm.refused.add(remote)
                case "delete" if remote != first:
                    crm.delete(remote)
                case "merge" if first is not None and remote != first:
                    crm.merge(remote, first)
                case _:
                    pass
        self._look()

    # ------------------------------------------------------------------------------------------------- on the line

    @rule(who=WHO, writes=WRITES, reads=READS, fuse=FUSE, full=st.sampled_from([False, False, False, True]))
    def sync(
        self, who: int, writes: list[str], reads: tuple[int, str] | tuple[()], fuse: int | None, full: bool
    ) -> None:
        """Go through a round on a bad day."""
        device = self._at(who)
        device.line.writes = list(writes)
        device.line.reads = [*[""] * reads[0], reads[1]] if reads else []
        device.store.fuse = fuse
        device.round(full=full)
        device.line.writes, device.line.reads, device.store.fuse = [], [], None
        self._look()

    @rule(who=WHO)
    def sync_well(self, who: int) -> None:
        """Go through a round on a good day."""
        self._at(who).round()
        self._look()

    @rule(who=WHO, steps=STEPS, writes=WRITES)
    def sync_a_little(self, who: int, steps: int, writes: list[str]) -> None:
        """Go on with a round for some steps; the rest of it comes later, or never."""
        device = self._at(who)
        device.line.writes = list(writes)
        device.advance(steps)
        self._look()

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.well = False
        self.team.wait(seconds)
        self._look()

    @rule(who=WHO, what=st.sampled_from(MISHAPS))
    def mishap(self, who: int, what: str) -> None:
        """Let the process end, the network go or come, or the clock be wrong by so many minutes."""
        device = self._at(who)
        match what:
            case "crash":
                device.restart()
            case "offline" | "online":
                device.line.offline = what == "offline"
            case _:
                self.team.shift(device, int(what))
        self._look()

    # ------------------------------------------------------------------------------------------------- the backups

    @rule(who=st.sampled_from([0, 1, 2, 2]), back=st.booleans())
    def backup(self, who: int, back: bool) -> None:
        """Make a backup of a device or of the CRM (2), or put the last one back."""
        if who == CRM:
            if not back:
                self.team.saved = self.team.crm.save()
            elif self.team.restore_crm():
                self.watch.allow(None)
            return
        device = self._at(who)
        if not back:
            device.back_up()
        elif device.saved is not None:
            self.team.restore_device(device)
            self.watch.allow(device)
        self._look()
