"""Chaos on the wire: a desk works while its CRM fails at random; each thing arrives once, and nothing private is heard.

Canaries lie in every field of the CRM and in all that is typed at the desk; keys and tokens are secrets. Whatever
failed, they may be found in no log, no file in clear, no process, and nowhere in an error or behind it (SYNC I1, I11).
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from isdesk import logs
from isdesk.crm import registry
from isdesk.crm.contract import Absent
from isdesk.crm.contract.drifting import said
from isdesk.crm.port import Adapter, Scope, Thing
from isdesk.desk import Desk
from isdesk.domain.errors import IsdeskError
from isdesk.domain.ids import LeadId
from isdesk.services import calls, history, leads, outbox, queue
from isdesk.services.calls import RecordInput
from tests.crm import rigs
from tests.crm.fakes.odoo import DATABASE, SATO
from tests.crm.fakes.salesforce import CLIENT
from tests.crm.loopback import Fault, on
from tests.faults.canary import Canaries, forms_in, sung_by_processes, sung_in
from tests.faults.conftest import PASSPHRASE
from tests.services.conftest import TUESDAY, HandClock

pytestmark = [pytest.mark.slow, pytest.mark.faults]

ROUNDS = 24
FAULTS = ("lost_before", "lost_after", "truncated", "html", "html_after", "busy", "error", "error_after", "locked",
          "redirect", "partial")  # fmt: skip
OUTCOMES = ("NO_ANSWER", "VOICEMAIL", "DM_ABSENT", "INTERESTED", "INFO_REQUESTED")


def hubspot(rig: Any) -> dict[str, Any]:
    rig.fake.keys = {"pat-na1-secret-of-hubspot-7391"}
    return {"url": rig.fake.url, "user": "sato@example.jp", "secret": "pat-na1-secret-of-hubspot-7391"}


def kintone(rig: Any) -> dict[str, Any]:
    secret = ",".join(rig.secrets())
    return {
        "url": rig.server.url, "user": "sato", "secret": secret, "options": rig.options, "mapping": rig.mapping,
    }  # fmt: skip


def salesforce(rig: Any) -> dict[str, Any]:
    return {"url": rig.fake.url, "secret": rig.fake.secret("sato"), "options": {"client_id": CLIENT}}


def odoo(rig: Any) -> dict[str, Any]:
    key = rig.fake.key(SATO)
    return {"url": rig.fake.url, "user": "sato", "secret": key, "options": {"database": DATABASE}}


WAYS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "salesforce": salesforce, "hubspot": hubspot, "kintone": kintone, "odoo": odoo,
}  # fmt: skip
"""How a person connects a desk to the CRM of a rig."""


@dataclass
class Heard:
    """Stands between desk and adapter and keeps every error that passes, with all that stands behind it."""

    inner: Any
    errors: list[BaseException]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._listening(found) if callable(found) else found

    def _listening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def listening(*args: Any, **more: Any) -> Any:
            try:
                answer = call(*args, **more)
                return list(answer) if isinstance(answer, Iterator) else answer
            except BaseException as error:
                self.errors.append(error)
                raise

        return listening


@dataclass
class Chaos:
    """A desk, its CRM, and what went wrong between them."""

    rig: Any
    room: Path
    clock: HandClock
    rng: Random
    canaries: Canaries = field(default_factory=Canaries)
    errors: list[BaseException] = field(default_factory=list)
    armed: Counter[str] = field(default_factory=Counter)
    keyed: bool = False

    @property
    def server(self) -> Any:
        """Return the loopback server of the rig."""
        return getattr(self.rig, "fake", None) or self.rig.server

    def pass_time(self, **by: float) -> None:
        """Let time pass at the desk and in the CRM."""
        self.clock.go(**by)
        self.rig.move(by.get("minutes", 0) * 60 + by.get("hours", 0) * 3_600)

    def arm(self) -> None:
        """Let up to three requests of the coming round fail; where writes have keys, one may arrive twice."""
        self.server.faults.clear()
        for _ in range(self.rng.randrange(4)):
            kind, where = self.rng.choice(FAULTS), self.rng.choice(("write", "read", "any"))
            try:
                self.rig.fail(kind, on=where, retry_after=self.rng.choice((None, 3.0)))
            except (Absent, KeyError, ValueError):
                continue
            self.armed[kind] += 1
        if self.keyed and self.rng.random() < 0.3:
            self.server.fail(Fault("twice", on(method=self.rng.choice(("POST", "PUT", "PATCH")))))
            self.armed["twice"] += 1


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files."""
    made = tmp_path / "temp"
    made.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(made))
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


@pytest.fixture(params=[name for name in rigs.NAMES if name.split("-")[0] in WAYS])
def chaos(
    request: pytest.FixtureRequest, tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Chaos]:
    """A CRM at ten on a Tuesday, as the desk has it, and a log of everything."""
    make = rigs.find(request.param)
    assert make is not None
    room = tmp_path / "room"
    room.mkdir()
    handler = logs.start(room / "profile" / "logs", "debug")
    real = registry.connect
    try:
        with make(room) as rig:
            made = Chaos(rig, room, HandClock(TUESDAY), Random(f"chaos {request.param}"))
            made.server.stand(TUESDAY)
            monkeypatch.setattr(registry, "connect", lambda kind, **more: Heard(real(kind, **more), made.errors))
            yield made
    finally:
        logs.stop(handler)


def _in_the_crm(chaos: Chaos) -> list[str]:
    """Make leads in the CRM with canaries in what people type."""
    sing = chaos.canaries.text
    return [
        chaos.rig.make(
            Thing.LEAD,
            {
                "name": sing(f"name {n}"), "title": sing(f"title {n}"), "phone_direct": f"03-7391-55{n:02}",
                "email": f"zqkanaria{n}@kanaria.example",
            },
        )
        for n in range(8)
    ]  # fmt: skip


def _at_the_desk(chaos: Chaos, desk: Desk, number: int) -> None:
    """Do what a rep does in a minute."""
    ctx, sing, rng = desk.ctx, chaos.canaries.text, chaos.rng
    known = [*queue.ids(ctx), *queue.ids(ctx, held=True)]
    lead: LeadId | None = rng.choice(known) if known else None
    match rng.randrange(6):
        case 0:
            leads.create(ctx, {"name": sing(f"new {number}"), "phone_direct": f"03-7391-56{number:02}",
                               "lead_source": "inquiry"})  # fmt: skip
        case 1 if lead is not None:
            leads.edit(ctx, lead, {"title": sing(f"edit {number}")})
        case 2 if lead is not None:
            calls.record(ctx, lead, "DNC_REQUEST", RecordInput(note=sing(f"refusal {number}")))
        case 3 if lead is not None:
            calls.record(ctx, lead, "NO_ANSWER", RecordInput(note=sing(f"mistake {number}")))
            history.undo(ctx)
        case _ if lead is not None:
            calls.record(ctx, lead, rng.choice(OUTCOMES), RecordInput(note=sing(f"note {number}")))


def _elsewhere(chaos: Chaos, known: list[str], number: int) -> None:
    """Do what colleagues do in the CRM meanwhile."""
    if chaos.rng.random() < 0.4:
        chaos.rig.edit(Thing.LEAD, chaos.rng.choice(known), {"title": chaos.canaries.text(f"theirs {number}")})


def _keys(desk: Desk) -> list[str]:
    """Return the ids of the touches of this desk that were to be sent and not cancelled."""
    with desk.ctx.store.read() as tx:
        asked = "SELECT t.id FROM touch t JOIN delivery d ON d.cmd_id = t.id WHERE d.state = 'acked'"
        return [row[0] for row in tx.sql(asked)]


def _settle(chaos: Chaos, desk: Desk) -> None:
    """Let it work without trouble until nothing waits."""
    chaos.server.faults.clear()
    for _ in range(15):
        chaos.pass_time(minutes=40)
        report = desk.sync(full=True)
        if report.pending == 0 and not report.error:
            break
    assert report.error == ""
    stuck = {one.lead_id for one in outbox.items(desk.ctx) if one.state == "quarantined"}
    waiting = [(one.obj, one.state, one.error) for one in outbox.items(desk.ctx) if one.lead_id not in stuck]
    assert waiting == []


def _need_once(chaos: Chaos, desk: Desk) -> None:
    """Each touch that was acknowledged is in the CRM exactly once."""
    adapter: Adapter = chaos.rig.connect()
    with closing(adapter):
        adapter.hello()
        held = Counter(
            key for lead, _ in adapter.ids(Thing.LEAD, Scope.TEAM) for key in chaos.rig.activities(lead) if key
        )
    recorded = _keys(desk)
    assert len(recorded) > ROUNDS // 6
    assert [key for key in recorded if held[key] != 1] == []


def _need_silence(chaos: Chaos, temp: Path) -> None:
    """No canary and no secret is heard anywhere."""
    homes = [Path(os.environ[name]) for name in os.environ if name.startswith("XDG_") and name.endswith("_HOME")]
    places = (chaos.room, temp, *homes)
    assert sung_in(*places) == []
    assert sung_by_processes() == []
    secrets = [one.encode() for one in chaos.rig.secrets() if len(one) > 6]
    assert secrets
    for file in (path for root in places for path in root.rglob("*") if path.is_file()):
        assert not any(secret in file.read_bytes() for secret in secrets), file
    for error in chaos.errors:
        text = said(error).encode(errors="replace")
        assert forms_in(text) == [], type(error)
        assert not any(secret in text for secret in secrets), type(error)


@pytest.mark.allow_log_warnings
def test_chaos_loses_nothing_doubles_nothing_and_tells_nobody(chaos: Chaos, temp: Path) -> None:
    way = WAYS[type(chaos.rig).__module__.rpartition("_")[2]](chaos.rig)
    kind = type(chaos.rig).__module__.rpartition("_")[2]
    known = _in_the_crm(chaos)
    desk, _ = Desk.create(chaos.room / "profile", name="佐藤 花子", passphrase=PASSPHRASE, clock=chaos.clock)
    with closing(desk):
        promised = desk.connect(kind, scope="mine", **way).capabilities
        chaos.keyed = promised["upsert_key"] != "none"
        desk.sync()
        for number in range(ROUNDS):
            _at_the_desk(chaos, desk, number)
            _elsewhere(chaos, known, number)
            chaos.arm()
            report = desk.sync(full=chaos.rng.random() < 0.3)
            logging.getLogger("isdesk.chaos").info("sync_done", extra={"sent": report.sent, "code": report.error})
            chaos.pass_time(minutes=chaos.rng.choice((1, 5, 20)))
        assert sum(chaos.armed.values()) > ROUNDS // 2
        assert chaos.errors, "nothing went wrong, so nothing was shown"
        assert all(isinstance(one, IsdeskError) for one in chaos.errors), {type(one) for one in chaos.errors}
        _settle(chaos, desk)
        _need_once(chaos, desk)
    _need_silence(chaos, temp)
