"""The line of one device to the simulated CRM: it fails as it is told, and remembers what went over it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence

from isdesk.clock import Clock
from isdesk.crm.port import (
    PAGE,
    Asked,
    Auth,
    Capabilities,
    Command,
    FieldInfo,
    Glance,
    Hello,
    Offline,
    Page,
    Permanent,
    Person,
    Quota,
    Result,
    Row,
    Scope,
    Signals,
    Thing,
    Transient,
    Unknown,
)
from tests.sync.simulation.crm import SimCrm, carried, instant

ADAPTER = "sim"
WRITE_FAULTS = (
    "before",
    "after",
    "late",
    "twice",
    "part",
    "half",
    "html",
    "busy",
    "quota",
    "auth",
    "die_before",
    "die_after",
)
READ_FAULTS = ("offline", "garbled", "busy", "auth", "die")


class Died(BaseException):
    """The process ended here."""


class SimLine:
    """An `Adapter` for one user. Faults of ``writes`` and ``reads`` are consumed by the next pushes and reads.

    ``before`` the request is lost; ``after`` the answer; ``late`` the request arrives later than anybody waits for it;
    ``twice`` it arrives two times (a CRM that knows no keys cannot tell that from two requests, and is spared);
    ``part`` only its first half is answered; ``half`` only that is written; ``html`` a captive portal answers.
    """

    def __init__(self, crm: SimCrm, device: str, user: str) -> None:
        self.crm, self.device, self.user = crm, device, user
        self.offline = False
        self.writes: list[str] = []
        self.reads: list[str] = []
        self.pushed: list[Command] = []
        self.clock: Clock | None = None

    @property
    def name(self) -> str:
        """Return the name of the connection."""
        return ADAPTER

    def _read(self, what: str) -> None:
        self.crm.catch_up()
        fault = self.reads.pop(0) if self.reads and not self.offline else ""
        self.crm.history.note(self.device, what, fault)
        if self.offline or fault == "offline":
            raise Offline("sim_offline")
        if fault == "garbled":
            raise Unknown("sim_garbled")
        if fault == "busy":
            raise Transient("sim_busy", retry_after=7.0)
        if fault == "auth":
            raise Auth("sim_signed_out")
        if fault == "die":
            raise Died

    def hello(self) -> Hello:
        """Say who we are."""
        self._read("hello")
        me = next(p for p in self.crm.people if p.id == self.user)
        head = self.crm.count if self.crm.traits.head else 0
        key = bytes(reversed(range(32))) if self.crm.traits.all_fields else None
        return Hello(me, f"life-{self.crm.epoch}", head, key, server_time=instant(self.crm.now()))

    def capabilities(self) -> Capabilities:
        """Return what this CRM promises."""
        return self.crm.traits.capabilities()

    def describe(self, obj: Thing) -> Sequence[FieldInfo]:
        """Return nothing: nobody maps fields here."""
        return ()

    def members(self) -> Sequence[Person]:
        """Return the team."""
        return self.crm.people

    def changes(self, obj: Thing, cursor: str | None, scope: Scope, limit: int = PAGE) -> Page:
        """Return the next page."""
        self._read(f"changes {obj} {cursor}")
        page = self.crm.changes(self.user, obj, cursor, scope, limit)
        self.crm.history.note(self.device, "got", [(row.id, row.version, row.deleted) for row in page.rows])
        return page

    def fetch(self, obj: Thing, ids: Sequence[str]) -> Sequence[Row]:
        """Return these records."""
        self._read(f"fetch {obj} {sorted(ids)}")
        there = (self.crm.records.get((obj, identity)) for identity in ids)
        tell = self.crm.traits.tombstones
        return [self.crm.row(one) for one in there if one is not None and (tell or not one.deleted)]

    def ids(self, obj: Thing, scope: Scope) -> Iterable[tuple[str, str]]:
        """Return the complete list."""
        self._read(f"ids {obj}")
        return self.crm.listed(self.user, obj, scope)

    def push(self, batch: Sequence[Command]) -> Sequence[Result]:
        """Write, or fail as told."""
        self.crm.catch_up()
        fault = self.writes.pop(0) if self.writes and not self.offline else ""
        self.crm.history.note(self.device, "push", fault, [one.key for one in batch])
        if self.offline:
            raise Offline("sim_offline")
        self._fail_before(fault, list(batch))
        if fault == "half":
            batch = batch[: (len(batch) + 1) // 2]
        self.pushed += batch
        results = self.crm.push(batch, self.device)
        if fault == "twice" and (self.crm.traits.key or self.crm.traits.own_ids):
            results = self.crm.push(batch, self.device)
        if fault == "after":
            raise Unknown("sim_answer_lost")
        if fault == "die_after":
            raise Died
        if fault == "part":
            results = results[: (len(results) + 1) // 2]
        self.crm.history.note(self.device, "heard", [(one.key, one.status.value) for one in results])
        return results

    def _fail_before(self, fault: str, batch: list[Command]) -> None:
        match fault:
            case "before" | "html":
                raise Unknown(f"sim_{fault}")
            case "late":
                self.pushed += batch
                self.crm.later(self.crm.traits.slowest_s, lambda: self._arrives(batch))
                raise Unknown("sim_timeout")
            case "busy":
                raise Transient("sim_busy", retry_after=7.0)
            case "quota":
                raise Quota("sim_quota", reset_in=600.0)
            case "auth":
                raise Auth("sim_signed_out")
            case "die_before":
                raise Died
            case _:
                pass

    def _arrives(self, batch: list[Command]) -> None:
        """Let a request arrive that nobody waits for any more."""
        with contextlib.suppress(Permanent):
            self.crm.push(batch, self.device)

    def probe(self, asked: Sequence[Asked]) -> Mapping[str, str]:
        """Return which keys were written."""
        self._read(f"probe {[one.key for one in asked]}")
        return self.crm.probe(asked)

    def history(self, obj: Thing, lead_ids: Sequence[str]) -> Sequence[Row]:
        """Return the touches of leads."""
        self._read(f"history {obj} {sorted(lead_ids)}")
        wanted = set(lead_ids)
        return [self.crm.row(one) for one in self.crm.alive(obj).values() if one.lead_id in wanted]

    def glance(self, lead_id: str, budget_s: float) -> Glance:
        """Return one lead."""
        self._read(f"glance {lead_id}")
        lead = self.crm.alive(Thing.LEAD).get(lead_id)
        return Glance(None if lead is None else self.crm.row(lead))

    def carried(self, obj: Thing) -> frozenset[str] | None:
        """Return the fields that travel."""
        return carried(self.crm.traits, obj)

    def link(self, obj: Thing, remote_id: str) -> str | None:
        """Return None: there is nothing to look at."""
        return None

    @property
    def signals(self) -> Signals:
        """Return nothing."""
        return Signals()

    def close(self) -> None:
        """Do nothing."""
