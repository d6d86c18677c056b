"""The figures of the bench; each returns what was measured and what it is held against, in the same unit."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from isdesk import vault
from isdesk.desk import Desk
from isdesk.domain.ids import MemberId
from isdesk.services import calls, imports, queue, search
from isdesk.services.calls import RecordInput
from tests.benchmarks import data, rawly

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STARTS = 9
"""So many times the window is started, each beside a bare one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``value`` against ``limit`` (a ratio, or a plain bound where ``raw`` is None)."""

    name: str
    unit: str
    value: float
    raw: float | None
    bound: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return value ÷ raw, or the value itself where it is held against a plain bound."""
        return self.value if self.raw is None else self.value / self.raw

    @property
    def kept(self) -> bool:
        """Return whether the bound is kept."""
        return self.ratio <= self.bound


def percentile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Spent:
    """What work cost: seconds of processor time, which other programs hardly lengthen, and seconds by the clock."""

    cpu: float
    wall: float

    def against(self, raw: Spent, name: str, bound: float) -> Figure:
        """Return the figure: processor time ÷ processor time, with the times by the clock beside it."""
        return Figure(
            name, "s", self.cpu, raw.cpu, bound, f"processor time; by the clock {self.wall:.1f} ÷ {raw.wall:.1f} s"
        )


def spent(work: Callable[[], object]) -> Spent:
    """Return what ``work`` costs, all threads of this process together."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def service(desk: Desk, rounds: int = 400) -> list[Figure]:
    """The service call alone (journal, touch, projection, next lead) against Anki's answer and next card."""
    ctx, took = desk.ctx, []
    lead = queue.next_lead(ctx)
    for number in range(rounds):
        assert lead is not None
        start = time.perf_counter()
        lead = calls.record(ctx, lead, "NO_ANSWER", RecordInput(note="不在")).next_lead
        if number >= rounds // 10:
            took.append((time.perf_counter() - start) * 1000)
    raw = anki()
    return [
        Figure("outcome recorded and next lead ÷ Anki's answer and next card", "ms", median(took), raw, 5.0),
        Figure("outcome recorded and next lead, p95", "ms", percentile(took, 0.95), None, 16.0),
    ]


def anki(cards: int = 100_000, rounds: int = 300) -> float:
    """Return the milliseconds (median) in which Anki's core answers a card and fetches the next."""
    code = (HERE / "anki_loop.py").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code, str(cards), str(rounds)], capture_output=True, text=True, check=True, timeout=600
    )
    return float(done.stdout.split()[-1])


def find(desk: Desk) -> Figure:
    """Each keystroke of typical searches: kanji, kana, digits, mail, company."""
    typed = ("山田太郎", "ヤマダ", "青葉原精機", "090000123", "p4321@sample", "商事", "佐藤 花子", "ロジスティクス")
    took = [
        timed(partial(search.find, desk.ctx, text[:end], 20)) * 1000
        for text in typed
        for end in range(1, len(text) + 1)
    ]
    return Figure("search keystroke, p95", "ms", percentile(took, 0.95), None, 30.0)


def importing(folder: Path, clock: Any, rows: int) -> list[Figure]:
    """Import of a CSV file against what every program must do to end with the same rows, and against less."""
    source = folder / "leads.csv"
    with source.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["会社名", "氏名", "部署", "役職", "メール", "電話番号", "業種", "従業員数", "都道府県"])
        for n in range(rows):
            company, lead = data.company_row(n * 6 // 10), data.lead_row(n, "", "")
            writer.writerow([
                company["name"], lead["name"], "購買部", lead["title"], lead["email"],
                f"03-{3000 + n // 10_000}-{n % 10_000:04d}", company["industry"], company["employees"], "愛知県",
            ])  # fmt: skip
    raw = spent(lambda: rawly.import_rows(source, folder / "raw.db"))
    flat = spent(lambda: rawly.import_flat(source, folder / "flat.db"))
    desk, _ = Desk.create(folder / "import", name="鈴木", passphrase=data.PASSPHRASE, clock=clock)
    try:
        ctx = desk.ctx

        def whole() -> None:
            probe = imports.probe(ctx, source)
            plan = imports.plan(ctx, probe, probe.mapping)
            report = imports.run(ctx, plan)
            assert report.created == rows, report

        took = spent(whole)
    finally:
        desk.close()
    name = f"import of {rows:,} rows"
    return [
        took.against(raw, f"{name} ÷ raw parse and insert of the same searchable rows", 6.0),
        took.against(flat, f"{name} ÷ raw parse and insert into one flat table (for comparison)", 6.0),
    ]


def hub_of(folder: Path, leads: int) -> tuple[str, Path, bytes, str]:
    """Make an embedded hub with so many leads of one rep; returns its address, file, key, and the rep."""
    from isdesk.crm.port import Person, Thing
    from isdesk.crm.sqlhub import SqlHub

    folder.mkdir(exist_ok=True)
    hub_path = folder / "hub.db"
    key, _ = vault.create(folder / "hub.db.key", data.PASSPHRASE)
    me = Person(MemberId("m-1"), "鈴木 一郎", "rep", "suzuki@example.com")
    url = f"sqlite:///{hub_path.as_posix()}"
    hub = SqlHub.create(url, people=[me], user=me.id, key=key)
    companies = leads * 6 // 10
    hub.seed(Thing.COMPANY, ((data.identity(2, n), None, data.company_row(n)) for n in range(companies)))
    hub.seed(
        Thing.LEAD,
        (
            (data.identity(3, n), data.identity(3, n), data.lead_row(n, data.identity(2, n % companies), me.id))
            for n in range(leads)
        ),
    )
    hub.close()
    return url, hub_path, key, me.id


def first_pull(folder: Path, clock: Any, leads: int) -> list[Figure]:
    """The first pull from an embedded hub against writing the same rows from its records, and against copying them."""
    url, hub_path, key, me = hub_of(folder, leads)
    raw = spent(lambda: rawly.pull_rows(hub_path, key, folder / "pulled.db"))
    copied = spent(lambda: rawly.copy(hub_path, key, folder / "copy.db"))
    desk, _ = Desk.create(folder / "pull", name="鈴木", passphrase=data.PASSPHRASE, clock=clock)
    try:
        desk.connect("sqlhub", url=url, user=me, secret=data.PASSPHRASE)
        took = spent(partial(desk.sync, full=True))
        assert queue.counts(desk.ctx).total > 0
    finally:
        desk.close()
    name = f"first pull of {leads:,} leads"
    return [
        took.against(raw, f"{name} ÷ raw copy into the same searchable rows", 5.0),
        took.against(copied, f"{name} ÷ raw copy of the hub's table (for comparison)", 5.0),
    ]


def window(root: Path) -> list[Figure]:
    """Start to interactive queue, key to next lead painted, resident memory: each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="isdesk-bench-pyc-") as compiled:
        start = partial(_run, compiled, "start_window.py", str(root))
        bare = partial(_run, compiled, "bare_window.py")
        bare(), start()  # the first run compiles, as an installation does
        pairs = [(float(bare()["interactive_s"]), float(start()["interactive_s"])) for _ in range(STARTS)]
        keys = _run(compiled, "press_keys.py", str(root))
    raw, took = median(one[0] for one in pairs), median(one[1] for one in pairs)
    return [
        Figure("start to interactive queue ÷ a bare PySide6 window", "s", took, raw, 3.0),
        Figure("outcome key to next lead painted, p95", "ms", float(keys["p95_ms"]), None, 16.0, keys["note"]),
        Figure("resident memory with the window open", "MB", float(keys["rss_mb"]), None, 300.0),
    ]


def figures_page(root: Path) -> list[Figure]:
    """The figures page in the real window: from the key to the first figures painted, its module imported with it."""
    with tempfile.TemporaryDirectory(prefix="isdesk-bench-pyc-") as compiled:
        show = partial(_run, compiled, "show_figures.py", str(root))
        show()  # the first run compiles and counts what is out of date
        found = [show() for _ in range(5)]
    first = median(float(one["first_ms"]) for one in found)
    period = median(float(one["period_ms"]) for one in found)
    note = f"all pictures drawn after {median(float(one['drawn_s']) for one in found):.1f} s"
    return [
        Figure("key to the first figures painted, the page made for the first time", "ms", first, None, 100.0, note),
        Figure("key to the figures of another period painted", "ms", period, None, 100.0),
    ]


def review(root: Path) -> list[Figure]:
    """The review of queues in the real window: one frame of scrolling through all leads, 55 a second at least."""
    with tempfile.TemporaryDirectory(prefix="isdesk-bench-pyc-") as compiled:
        show = partial(_run, compiled, "review_queues.py", str(root))
        show()  # the first run compiles
        found = [show() for _ in range(3)]
    frame = median(1000 / float(one["per_second"]) for one in found)
    late = median(float(one["late_ms"]) for one in found)
    rows, first = int(found[0]["rows"]), median(float(one["first_ms"]) for one in found)
    note = f"{1000 / frame:.0f} frames a second over {rows:,} leads, p95 {late:.1f} ms; first rows after {first:.0f} ms"
    return [Figure("one frame of scrolling through the review of queues", "ms", frame, None, 1000 / 55, note)]


def _run(compiled: str, script: str, *args: str) -> dict[str, Any]:
    """Run a script in a process of its own, with the bytecode that an installed program has."""
    environment = {**os.environ, "ISDESK_PASSPHRASE": data.PASSPHRASE, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = compiled
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment["BENCH_T0"] = str(time.time())
    done = subprocess.run(
        [sys.executable, str(HERE / script), *args],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def copy_of(root: Path, to: Path) -> Path:
    """Return a copy of a profile, so that every figure starts from the same one."""
    shutil.copytree(root, to)
    return to
