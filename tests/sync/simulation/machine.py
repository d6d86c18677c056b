"""What may happen, as rules of a Hypothesis state machine: any order of them must leave every invariant standing."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
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
WRITES = st.lists(st.sampled_from(["", *WRITE_FAULTS]), max_size=2)
READS = st.one_of(st.just(()), st.tuples(st.integers(0, 9), st.sampled_from(READ_FAULTS)))
FUSE = st.one_of(st.none(), st.none(), st.integers(0, 14))


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
        self.well = False
        self.watch.now()
        self.well = True

    def _at(self, who: int) -> SimStation:
        self.well = False
        return self.team.devices[who]

    # ------------------------------------------------------------------------------------------------ at the desks

    @rule(who=WHO, which=WHICH, field=FIELD, same=st.booleans())
    def edit(self, who: int, which: int, field: str, same: bool) -> None:
        self.number += 1
        value: Value = "same" if same else f"v{self.number}"
        if field == "snoozed_until":
            value = f"2026-12-{self.number % 28 + 1:02}T00:00:00+00:00"
        self.team.edit(self._at(who), self._name(which), **{field: value})
        self._look()

    @rule(who=WHO, which=WHICH)
    def call(self, who: int, which: int) -> None:
        self.team.call(self._at(who), self._name(which))
        self._look()

    @rule(who=WHO, which=WHICH, back=st.sampled_from([False, False, True]))
    def refuse(self, who: int, which: int, back: bool) -> None:
        """A person is not to be called; or somebody who has not heard of it says that they may be."""
        device = self._at(who)
        lead = device.find(self._name(which))
        if lead is None or (back and device.fields(lead).get("dnc") is True):
            return self._look()
        if back:
            self.team.edit(device, self._name(which), dnc=False)
        else:
            self.team.refuse(device, self._name(which))
        return self._look()

    @precondition(lambda self: len(self.team.names) < 6)
    @rule(who=WHO, company=st.booleans())
    def create(self, who: int, company: bool) -> None:
        self.team.create(self._at(who), company=company)
        self._look()

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        device = self._at(who)
        self.team.undo(device)
        self._look()

    @rule(who=WHO, mine=st.booleans())
    def decide(self, who: int, mine: bool) -> None:
        self.team.decide(self._at(who), mine=mine)
        self._look()

    @rule(who=WHO, which=WHICH)
    def hand_over(self, who: int, which: int) -> None:
        device = self._at(who)
        self.team.edit(device, self._name(which), owner_id="m-ito" if device.user == "m-sato" else "m-sato")
        self._look()

    # -------------------------------------------------------------------------------------------------- in the CRM

    @rule(
        which=WHICH, field=st.sampled_from(["title", "need", "stage"]), seconds=st.sampled_from([0.0, 0.0, 20.0, 60.0])
    )
    def change_in_crm(self, which: int, field: str, seconds: float) -> None:
        remote = self.team.remote(self._name(which))
        if remote is not None:
            self.number += 1
            self.team.crm.edit(remote, {field: f"crm{self.number}"}, seconds=seconds)
        self._look()

    @rule(which=WHICH, owner=st.sampled_from(["m-sato", "m-ito"]))
    def assign_in_crm(self, which: int, owner: str) -> None:
        remote = self.team.remote(self._name(which))
        if remote is not None:
            self.team.crm.edit(remote, {"owner_id": owner})
        self._look()

    @rule(which=st.integers(1, 5))
    def delete_in_crm(self, which: int) -> None:
        remote = self.team.remote(self._name(which))
        if remote is not None:
            self.team.crm.delete(remote)
        self._look()

    @rule(which=st.integers(1, 5))
    def merge_in_crm(self, which: int) -> None:
        loser, winner = self.team.remote(self._name(which)), self.team.remote("l1")
        if loser is not None and winner is not None and loser != winner:
            self.team.crm.merge(loser, winner)
        self._look()

    @rule(which=WHICH)
    def refuse_in_crm(self, which: int) -> None:
        remote = self.team.remote(self._name(which))
        if remote is not None:
            self.team.crm.edit(remote, {"dnc": True})
        self._look()

    @rule(which=WHICH, on=st.booleans())
    def validate(self, which: int, on: bool) -> None:
        """An administrator makes a rule that some lead does not meet; or takes all of them away."""
        remote = self.team.remote(self._name(which))
        if on and remote is not None:
            self.team.crm.refused.add(remote)
        elif not on:
            self.team.crm.refused.clear()
        self._look()

    # ------------------------------------------------------------------------------------------------- on the line

    @rule(who=WHO, writes=WRITES, reads=READS, fuse=FUSE, full=st.sampled_from([False, False, False, True]))
    def sync(
        self, who: int, writes: list[str], reads: tuple[int, str] | tuple[()], fuse: int | None, full: bool
    ) -> None:
        device = self._at(who)
        device.line.writes = list(writes)
        device.line.reads = [*[""] * reads[0], reads[1]] if reads else []
        device.store.fuse = fuse
        device.round(full=full)
        device.line.writes, device.line.reads, device.store.fuse = [], [], None
        self._look()

    @rule(who=WHO)
    def sync_well(self, who: int) -> None:
        self._at(who).round()
        self._look()

    @rule(who=WHO, steps=STEPS, writes=WRITES)
    def sync_a_little(self, who: int, steps: int, writes: list[str]) -> None:
        device = self._at(who)
        device.line.writes = list(writes)
        device.advance(steps)
        self._look()

    @rule(who=WHO)
    def crash(self, who: int) -> None:
        self._at(who).restart()
        self._look()

    @rule(who=WHO, offline=st.booleans())
    def lose_the_network(self, who: int, offline: bool) -> None:
        self._at(who).line.offline = offline
        self._look()

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        self.well = False
        self.team.wait(seconds)
        self._look()

    @rule(who=WHO, minutes=st.sampled_from([-90, -5, 0, 5, 90]))
    def set_the_clock(self, who: int, minutes: int) -> None:
        self.team.shift(self._at(who), minutes)
        self._look()

    @rule(who=WHO)
    def try_again(self, who: int) -> None:
        self.team.again(self._at(who))
        self._look()

    # ------------------------------------------------------------------------------------------------- the backups

    @rule()
    def back_up_crm(self) -> None:
        self.team.saved = self.team.crm.save()

    @rule()
    def restore_crm(self) -> None:
        if self.team.restore_crm():
            self.watch.allow(None)

    @rule(who=WHO)
    def back_up_device(self, who: int) -> None:
        self._at(who).back_up()
        self._look()

    @rule(who=WHO)
    def restore_device(self, who: int) -> None:
        device = self._at(who)
        if device.saved is not None:
            self.team.restore_device(device)
            self.watch.allow(device)
        self._look()
