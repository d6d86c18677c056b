"""The invariants of SYNC E13, looked at after every step and, when everything has come to rest, at the end."""

from __future__ import annotations

from collections import Counter
from typing import Any

from isdesk.crm.port import Scope, Thing
from isdesk.domain.changes import Obj, Value
from isdesk.domain.fields import Kind
from isdesk.domain.merge import same
from isdesk.store import fold, mirror
from isdesk.store.values import loads
from isdesk.sync.naming import made_id
from tests.sync.simulation.crm import Record, carried
from tests.sync.simulation.history import Violation, spec
from tests.sync.simulation.line import ADAPTER
from tests.sync.simulation.team import SimStation, Team

OPEN = ("pending", "sending", "uncertain", "quarantined")
_WAITING_FOR_NOBODY = (
    "SELECT d.cmd_id, d.lead_id FROM delivery d WHERE d.state IN ('pending', 'sending', 'uncertain', 'quarantined') "
    "AND d.lead_id IS NOT NULL AND d.kind IN ('change', 'touch') "
    "AND NOT EXISTS (SELECT 1 FROM base b WHERE b.obj = 'lead' AND b.local_id = d.lead_id) "
    "AND NOT EXISTS (SELECT 1 FROM delivery c WHERE c.obj_id = d.lead_id AND c.kind = 'create' "
    "AND c.state IN ('pending', 'sending', 'uncertain', 'quarantined'))"
)
_DELIVERIES = "SELECT cmd_id, state, coalesce(error_class, ''), kind, obj, obj_id, lead_id FROM delivery ORDER BY seq"
_FACTS = (
    "SELECT count(*) FROM change "
    "UNION ALL SELECT count(*) FROM touch t JOIN journal j ON j.id = t.journal_id "
    "UNION ALL SELECT count(*) FROM suppression s JOIN journal j ON j.id = s.journal_id"
)


class Watch:
    """Looks at a team as it goes on: what must hold at every moment, and what may never be taken back."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.forbidden: dict[str, set[str]] = {device.name: set() for device in team.devices}
        self.refused_at_crm: set[str] = set()
        self.with_people: dict[str, set[str]] = {device.name: set() for device in team.devices}
        self.looked_at: dict[str, object] = dict.fromkeys(self.forbidden)
        self.heard: dict[str, int] = {device.name: 0 for device in team.devices}

    def now(self) -> None:
        """Check what must hold at every moment."""
        if self.team.history.broken:
            raise self.team.history.broken[0]
        for device in self.team.devices:
            looked_at = device.store, device.store.written
            if self.looked_at[device.name] == looked_at:
                continue
            self.looked_at[device.name] = looked_at
            with device.store.read() as tx:
                for obj in (Obj.LEAD, Obj.COMPANY):
                    if wrong := fold.differing(tx, obj):
                        raise Violation("I5", device.name, "projection differs from fold:", wrong)
                orphans = tx.sql(_WAITING_FOR_NOBODY).fetchall()
                shown = {row[0] for row in tx.sql("SELECT id FROM lead")}
            if orphans:
                raise Violation("I12", device.name, "went away under open commands:", orphans)
            self._restricted(device, self._binding(device), shown)
            self._left_alone(device)
        self._restricted_crm()

    def _restricted(self, device: SimStation, forbidden: set[str], shown: set[str]) -> None:
        freed = (self.forbidden[device.name] & shown) - forbidden
        if freed:
            raise Violation("I8", device.name, "may be called again:", freed)
        self.forbidden[device.name] |= forbidden

    def _binding(self, device: SimStation) -> set[str]:
        """Return the leads that must never be dialled again from here.

        What was said in a hub alone may be gone with it after a restore; what is on its list is offered again.
        """
        bare = self.team.traits.all_fields and self.team.history.restores
        return device.barred() if bare else device.forbidden()

    def _left_alone(self, device: SimStation) -> None:
        """Check that nothing was sent of itself that waits for a person (SYNC E2)."""
        pushed = {one.key for one in device.line.pushed[self.heard[device.name] :]}
        self.heard[device.name] = len(device.line.pushed)
        if again := pushed & self.with_people[device.name] - self.team.retried:
            raise Violation("E2", device.name, "was sent again without a person:", again)
        self.with_people[device.name] = {key for key, _ in _quarantined(device)}
        self.team.retried &= self.with_people[device.name] | pushed

    def _restricted_crm(self) -> None:
        alive = self.team.crm.alive(Thing.LEAD)
        now = {key for key, one in alive.items() if one.fields.get("dnc") is True}
        if freed := (self.refused_at_crm & alive.keys()) - now:
            raise Violation("I8", "the CRM lets these be called again:", freed)
        self.refused_at_crm |= now

    def allow(self, device: SimStation | None) -> None:
        """Begin anew with a device (None: the CRM) that went back to its backup, or a person who allowed it again."""
        if device is None:
            self.refused_at_crm.clear()
            for one in self.team.devices:
                self.forbidden[one.name] &= self._binding(one)
        else:
            self.forbidden[device.name].clear()


def settle(team: Team, watch: Watch, *, rounds: int = 6, full: bool = True) -> None:
    """Let the storm pass: the line holds, time goes by, and every device syncs until nothing moves any more."""
    for device in team.devices:
        device.line.offline = False
        device.line.writes.clear()
        device.line.reads.clear()
        device.store.fuse = None
        device.clock.off *= 0
    for turn in range(rounds):
        before = team.crm.count
        for device in team.devices:
            team.wait(31 * 60)
            device.round(full=full)
            watch.now()
        if (
            team.crm.count == before
            and turn >= (2 if full else 1)
            and not any(_open(device) for device in team.devices)
        ):
            return


def _open(device: SimStation) -> bool:
    return any(w.head.state != "quarantined" for w in device.waiting())


def finish(team: Team, watch: Watch) -> None:
    """Let everything come to rest, with what the CRM refuses still refused at first, and check the end."""
    if team.crm.refused:
        settle(team, watch, rounds=3)
        _only_dependents_wait(team)
        team.crm.refused.clear()
    for device in team.devices:
        team.again(device)
    settle(team, watch, full=False)
    if not team.history.restores:
        for device in team.devices:  # before lists and keys are compared, which would mend it
            _same_as_crm(team, device, lists=False)
            with device.store.read() as tx:
                rows = tx.sql(_DELIVERIES).fetchall()
            _words_kept(team, device, rows)
    settle(team, watch)
    written = team.crm.count
    for device in team.devices:
        team.wait(60)
        device.round()
    watch.now()
    if team.crm.count != written:
        raise Violation("I7", "a round with nothing new wrote something")
    everything(team)


def everything(team: Team) -> None:
    """Check the end."""
    _no_doubles(team)
    for device in team.devices:
        with device.store.read() as tx:
            rows = tx.sql(_DELIVERIES).fetchall()
            facts = sum(row[0] for row in tx.sql(_FACTS))
            kept = {f"{row[0]}:{row[1]}" for row in tx.sql("SELECT obj_id, field FROM conflict")}
        _settled(team, device, rows)
        _words_kept(team, device, rows)
        _reconciled(device, rows, facts)
        _edits(team, device, {row[0]: (row[1], row[2]) for row in rows}, kept)
        _same_as_crm(team, device)


def _only_dependents_wait(team: Team) -> None:
    for device in team.devices:
        names = {local: remote for remote, local in device.locals().items()}
        held = {item.head.obj_id for item in device.waiting() if item.head.state == "quarantined"}
        for item in device.waiting():
            lead = item.head.lead_id or item.head.obj_id
            poisoned = {lead, names.get(lead, ""), item.head.obj_id} & (team.crm.refused | held)
            if item.head.state != "quarantined" and not poisoned:
                raise Violation("I9", device.name, item.head, item.error_text, "waits for a stranger's poison")


def _no_doubles(team: Team) -> None:
    made = Counter(one.made_by for one in team.crm.records.values() if one.made_by)
    doubled = [key for key, count in made.items() if count > 1]
    if doubled:
        raise Violation("I1", "written more than once:", doubled)


def _settled(team: Team, device: SimStation, rows: list[Any]) -> None:
    """Check that each thing a person recorded is where it ought to be."""
    mine = team.recorded[device.name]
    states = {row[0]: row[1] for row in rows}
    for key in (*mine.touches, *mine.created, *_intents(team, device)):
        if key not in states and key not in mine.lost:
            raise Violation("I2", device.name, key, "was saved and is gone")
    held = {row[5] for row in rows if row[1] == "quarantined"}
    for key, state, why, _kind, _obj, obj_id, lead in rows:
        if state in OPEN[:3] and obj_id not in held:
            raise Violation("I9", device.name, key, f"is still {state} ({why}) when all is at rest")
        if state == "quarantined" and not _may_wait(team, device, lead or obj_id, why):
            raise Violation("I9", device.name, key, f"waits for a person ({why}) without a reason")


def _words_kept(team: Team, device: SimStation, rows: list[Any]) -> None:
    """Check that what is called acknowledged is in the CRM."""
    there = {one.made_by for one in team.crm.records.values() if one.made_by}
    for key, state, _, kind, obj, obj_id, lead in rows:
        if state != "acked" or kind not in {"touch", "create"} or key in there:
            continue
        if kind == "create" and _known(team, device, obj, obj_id):
            continue
        if not _unsaid(team, device, kind, lead or obj_id):
            raise Violation("I1", device.name, key, "is acknowledged and not in the CRM")


def _known(team: Team, device: SimStation, obj: str, local: str) -> bool:
    """Return whether the CRM has this record, whichever command made it there."""
    remotes = {there: remote for remote, there in device.locals(Thing(obj)).items()}
    return (Thing(obj), remotes.get(local, "")) in team.crm.records


def _unsaid(team: Team, device: SimStation, kind: str, lead: str) -> bool:
    """Return whether this went with a backup that was put back without a word, at a CRM in which people delete records.

    There a record that is missing was removed on purpose, as far as anybody can know, and what hangs on it with it.
    """
    if team.traits.edits or not team.history.restores:
        return False
    return kind == "create" or _may_wait(team, device, lead, "")


def _may_wait(team: Team, device: SimStation, lead: str, why: str) -> bool:
    """Return whether a delivery rightly waits for a person: its lead is gone from the CRM."""
    remote = {local: remote for remote, local in device.locals().items()}.get(lead)
    record = team.crm.records.get((Thing.LEAD, remote or lead))
    return record is None or record.deleted


def _intents(team: Team, device: SimStation) -> list[str]:
    return [key for key, intent in team.history.intents.items() if intent.device == device.name]


def _reconciled(device: SimStation, rows: list[Any], facts: int) -> None:
    if facts != len(rows):
        raise Violation("I10", device.name, f"{facts} facts were recorded, {len(rows)} are accounted for")
    for row in rows:
        if row[1] == "cancelled" and not row[2]:
            raise Violation("I10", device.name, row[0], "was cancelled without a reason")


def _edits(team: Team, device: SimStation, states: dict[str, tuple[str, str]], kept: set[str]) -> None:
    """Check that every field of every edit was applied, superseded by this device, or is in the conflict list (I3)."""
    intents = [team.history.intents[key] for key in _intents(team, device)]
    mine = [intent for intent in intents if intent.key not in team.recorded[device.name].lost]
    for n, intent in enumerate(mine):
        state, why = states[intent.key]
        if state in OPEN or why == "undone":
            continue
        later = {code for other in mine[n + 1 :] if other.obj_id == intent.obj_id for code in other.after}
        local_only = carried(team.traits, Thing(intent.obj))
        for code in intent.after:
            if code in team.history.applied.get(intent.key, ()) or code in later:
                continue
            if any(
                same(one, intent.after[code], spec(intent.obj, code).kind) for one in team.history.saw(intent, code)
            ):
                continue  # nothing was changed, or it was changed back before it was sent
            if local_only is not None and code not in local_only:
                continue
            if f"{intent.obj_id}:{code}" in kept or _stands(team, device, intent.obj_id, code, intent.after[code]):
                continue
            raise Violation("I3", device.name, intent.key, code, f"is nowhere (it is {state} {why})")


def _stands(team: Team, device: SimStation, local: str, code: str, value: Value) -> bool:
    remote = {there: remote for remote, there in device.locals().items()}.get(local)
    record = team.crm.records.get((Thing.LEAD, remote or ""))
    return record is None or same(record.fields.get(code), value, spec("lead", code).kind)


def _same_as_crm(team: Team, device: SimStation, *, lists: bool = True) -> None:
    """Check that the mirror is the CRM, and that people see the mirror (I6).

    Without ``lists`` a record that is gone may still be here: a CRM may say so in its lists alone.
    """
    held = {w.head.lead_id or w.head.obj_id for w in device.waiting()}
    with device.store.read() as tx:
        bases = {
            row[0]: (row[1], row[2], loads(row[3]))
            for row in tx.sql("SELECT remote_id, local_id, version, fields FROM base WHERE obj = 'lead'")
            if not row[0].startswith(mirror.HERE)
        }
        missed = {m.remote_id for m in mirror.missing(tx, ADAPTER, "lead") if m.verdict}
    there = {key: one for key, one in team.crm.alive(Thing.LEAD).items() if _in_scope(device, one)}
    if lacking := there.keys() - bases.keys():
        raise Violation("I6", device.name, "does not have", sorted(lacking))
    for remote in bases.keys() - there.keys():
        if lists and (remote not in missed or bases[remote][0] not in held):
            raise Violation("I6", device.name, "still has", remote)
    for remote, one in there.items():
        _same_record(team, device, one, *bases[remote], held=held)
    _same_touches(team, device, there)
    with device.store.read() as tx:
        have = {row[0] for row in tx.sql("SELECT id FROM suppression")}
    if lacking := team.crm.alive(Thing.SUPPRESSION).keys() - have:
        raise Violation("I8", device.name, "has not heard that these are not to be called", lacking)


def _same_record(
    team: Team, device: SimStation, one: Record, local: str, version: str, fields: dict[str, Value], *, held: set[str]
) -> None:
    codes = carried(team.traits, Thing.LEAD)
    base = {c: v for c, v in fields.items() if (codes is None or c in codes) and c != "company_id" and v is not None}
    remote = {c: v for c, v in one.fields.items() if c != "company_id"}
    if base != remote:
        raise Violation("I6", device.name, one.id, f"base {base} is not {remote}")
    if version != team.crm.version(one):
        raise Violation("I6", device.name, one.id, f"version {version} is not {team.crm.version(one)}")
    shown = device.fields(local)
    if local in held or fields.get("deleted") is True:  # closed here; a CRM may have no such field
        return
    for code, value in remote.items():
        if not same(shown.get(code), value, Kind.TEXT):
            raise Violation("I6", device.name, one.id, f"shows {code} {shown.get(code)!r}, the CRM has {value!r}")


def _same_touches(team: Team, device: SimStation, there: dict[str, Record]) -> None:
    if device.scope is not Scope.TEAM:
        return
    with device.store.read() as tx:
        have = {row[0] for row in tx.sql("SELECT id FROM touch")}
    for one in team.crm.alive(Thing.TOUCH).values():
        known = {one.made_by, one.local, made_id(ADAPTER, Thing.TOUCH, one.id)} & have
        if not known and one.lead_id in there:
            raise Violation("I6", device.name, "does not have the touch", one.made_by)


def _in_scope(device: SimStation, one: Record) -> bool:
    return device.scope is Scope.TEAM or one.fields.get("owner_id") == device.user


def _quarantined(device: SimStation) -> list[tuple[str, str]]:
    waiting = [w.head for w in device.waiting() if w.head.state == "quarantined"]
    return [(head.cmd_id, head.lead_id or head.obj_id) for head in waiting]
