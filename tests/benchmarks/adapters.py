"""Adapters against the wire: a pull and a push through each, and the very same requests sent raw by httpx.

The stand-in of a CRM answers from a process of its own (a fork), each time from the same state: for the adapter, whose
requests it writes down, and for httpx, which sends the same again in their order. Desk and stand-in take turns, so what
a round costs is the processor time of both together, which other programs hardly lengthen; the time by the clock and
the desk's own share are told beside it.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx

from isdesk.crm.contract.driving import pull, touch, wait
from isdesk.crm.port import Adapter, Command, Status, Thing
from tests.benchmarks.measure import Figure, Spent, spent
from tests.crm import rigs
from tests.crm.loopback import Loopback, Request

KINDS = ("salesforce", "hubspot", "kintone", "odoo")
BOUND = 1.5
TURNS = 3
PATIENCE_S = 120.0
_PATIENCE = ("PATIENCE", "PATIENCE_S", "READ_PATIENCE")
_LINES: list[httpx.HTTPTransport] = []
_HOP = frozenset({"host", "content-length", "connection", "accept-encoding"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a stand-in says of itself: seconds of processor time so far, and what it was asked."""

    cpu: float
    requests: list[Request]


def adapters(folder: Path, records: int, kinds: Sequence[str] = KINDS) -> list[Figure]:
    """Return two figures for each CRM: pull and push of so many records."""
    figures: list[Figure] = []
    for kind in kinds:
        module = import_module(f"tests.crm.rig_{kind}")
        for name in _PATIENCE:
            if hasattr(module, name):
                setattr(module, name, PATIENCE_S)
        make = rigs.find(kind)
        assert make is not None
        with tempfile.TemporaryDirectory(dir=folder) as room, make(Path(room)) as rig:
            figures += _measure(kind, rig, records)
    return figures


def _measure(kind: str, rig: Any, records: int) -> list[Figure]:
    server: Loopback = getattr(rig, "fake", None) or rig.server
    leads = list(rig.make_many(records, same_stamp=False))
    adapter = rig.connect()
    adapter.hello()
    wait(rig, adapter)
    calls = [touch(adapter, lead, note="不在。折り返しなし。", talk_s=35) for lead in leads]
    _still(server)
    with _pace():
        pulled = _both(f"{kind}: pull of {records:,} leads", server, adapter, lambda: _pull(adapter, records))
        pushed = _both(f"{kind}: push of {records:,} calls", server, adapter, lambda: _push(adapter, calls))
    return [pulled, pushed]


def _pull(adapter: Adapter, records: int) -> None:
    assert len(pull(adapter, Thing.LEAD).now) >= records


def _push(adapter: Adapter, calls: Sequence[Command]) -> None:
    most = adapter.capabilities().batch_max
    for start in range(0, len(calls), most):
        results = adapter.push(calls[start : start + most])
        wrong = [one for one in results if one.status is not Status.ACKED]
        assert not wrong, wrong[0]


@contextmanager
def _pace() -> Iterator[None]:
    """Keep the collector from walking the stand-in's records, which a real desk does not hold."""
    gc.collect()
    _LINES[:] = [one for one in gc.get_objects() if isinstance(one, httpx.HTTPTransport)]
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class Round:
    """One turn: what the adapter's desk and the raw client cost, each alone and together with the stand-in."""

    requests: int
    desk: Spent
    raw: Spent
    whole: float
    whole_raw: float
    whole_bytes: float


def _both(name: str, server: Loopback, adapter: Adapter, work: Callable[[], None]) -> Figure:
    """Take turns, each from the same state, and tell the one in the middle."""
    turns = sorted((_turn(server, adapter, work) for _ in range(TURNS)), key=lambda one: one.whole / one.whole_raw)
    one = turns[TURNS // 2]
    ratios = ", ".join(f"{turn.whole / turn.whole_raw:.2f}" for turn in turns)
    note = (
        f"{one.requests:,} requests, processor time with the stand-in's, the middle of {ratios}; the desk alone "
        f"{one.desk.cpu:.2f} ÷ {one.raw.cpu:.2f} s; against bytes without JSON {one.whole / one.whole_bytes:.2f}; "
        f"by the clock {one.desk.wall:.2f} ÷ {one.raw.wall:.2f} s"
    )
    return Figure(f"{name} ÷ the same by httpx", "s", one.whole, one.whole_raw, BOUND, note)


def _turn(server: Loopback, adapter: Adapter, work: Callable[[], None]) -> Round:
    with _answering(server) as told:
        adapter.hello()
        before = told()
        took = spent(work)
        after = told()
    requests = after.requests[len(before.requests) :]
    raw, whole_raw = _again(server, requests, json=True)
    _, bytes_raw = _again(server, requests, json=False)
    return Round(len(requests), took, raw, took.cpu + after.cpu - before.cpu, whole_raw, bytes_raw)


def _again(server: Loopback, requests: Sequence[Request], *, json: bool) -> tuple[Spent, float]:
    """Send the requests raw to a fresh stand-in; returns what the client cost, and client and stand-in together."""
    with _answering(server) as told:
        client = _client(server.url)
        client.get("/")
        begun = told().cpu
        raw = _raw(client, requests, json=json)
        ended = told().cpu
        client.close()
    return raw, raw.cpu + ended - begun


def _client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=PATIENCE_S, trust_env=False)


def _raw(client: httpx.Client, requests: Sequence[Request], *, json: bool) -> Spent:
    """Send the requests as they were sent, over one connection, and read the answers.

    ``json``: httpx writes the bodies from values and reads the answers into values, as every client of such an
    interface must; else bytes go out and come in as they are.
    """
    built = [
        (one, {name: value for name, value in one.headers.items() if name.lower() not in _HOP},
         one.json if json and "json" in one.headers.get("Content-Type", "") else None)
        for one in requests
    ]  # fmt: skip

    def send() -> None:
        for one, headers, value in built:
            answer = client.request(
                one.method, one.path, params=one.query or None, headers=headers, json=value,
                content=None if value is not None else one.body or None,
            )  # fmt: skip
            assert answer.status_code < 300 or answer.status_code == 404, (one.path, answer.text[:300])
            if json and answer.content:
                answer.json()

    return spent(send)


def _still(server: Loopback) -> None:
    """Stop answering in this process; the socket stays open for those that are forked from it."""
    assert server._server is not None
    assert server._thread is not None
    server._server.shutdown()
    server._thread.join()


@contextmanager
def _answering(server: Loopback) -> Iterator[Callable[[], Told]]:
    """Let a fork of this process answer; gives a function that returns what it was asked so far.

    Open connections of clients lead to a process that answers no more, so they are closed first.
    """
    for one in _LINES:
        one.close()
    file = Path(tempfile.mkstemp(prefix="isdesk-bench-requests-")[1])
    child = os.fork()
    if child == 0:
        _answer(server, file)
    try:
        yield lambda: _asked(child, file)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        file.unlink()


def _answer(server: Loopback, file: Path) -> None:
    """Serve until the end of this process; write down what was asked when asked to."""

    def write(*_: object) -> None:
        part = file.with_suffix(".part")
        asked = [(r.method, r.path, r.query, r.headers, r.body) for r in server.requests]
        part.write_bytes(pickle.dumps((time.process_time(), asked)))
        part.rename(file)

    server.requests.clear()
    signal.signal(signal.SIGUSR1, write)
    assert server._server is not None
    try:
        server._server.serve_forever(0.05)
    finally:
        os._exit(0)


def _asked(child: int, file: Path) -> Told:
    file.unlink(missing_ok=True)
    os.kill(child, signal.SIGUSR1)
    while not file.exists():
        signal.sigtimedwait([], 0.01)
    cpu, requests = pickle.loads(file.read_bytes())
    return Told(cpu, [Request(*one) for one in requests])
