"""Runs the bench: ``python dev.py bench [--leads N] [--touches N] [--only NAME]``; prints a table and writes JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from isdesk import __version__
from isdesk.clock import ShiftedClock
from isdesk.desk import Desk
from tests.benchmarks import adapters, counting, data, measure, stalls

PARTS = ("service", "search", "import", "pull", "stalls", "adapters", "window", "figures", "review")
ADAPTER_RECORDS = 10_000
RESULTS = Path(__file__).resolve().parents[2] / "bench-results"
Part = Callable[[], list[measure.Figure]]


def main() -> int:
    """Measure and report; the exit code is 0 also where a bound is missed: the table says so."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--touches", type=int, default=1_000_000)
    parser.add_argument("--only", choices=PARTS, action="append")
    args = parser.parse_args()
    at = data.business_moment(datetime.now(UTC))
    clock = ShiftedClock(at)
    os.environ["BENCH_AT"] = at.isoformat()
    os.environ["ISDESK_PASSPHRASE"] = data.PASSPHRASE
    figures: list[measure.Figure] = []
    with tempfile.TemporaryDirectory(prefix="isdesk-bench-") as name:
        folder = Path(name)
        wanted = args.only or PARTS
        if {"service", "search", "window", "figures", "review"} & set(wanted):
            _say(f"making {args.leads:,} leads and {args.touches:,} touches")
            desk = data.build(folder / "profile", args.leads, args.touches, clock)
            desk.close()
        parts: dict[str, Part] = {
            "window": lambda: measure.window(folder / "profile"),
            "figures": lambda: _figures(folder, clock),
            "review": lambda: measure.review(folder / "profile"),
            "search": lambda: _with(folder, clock, lambda desk: [measure.find(desk)]),
            "service": lambda: _with(folder, clock, measure.service),
            "import": lambda: measure.importing(folder, clock, args.leads),
            "pull": lambda: measure.first_pull(folder, clock, args.leads),
            "stalls": lambda: stalls.during_sync(folder, clock, args.leads),
            "adapters": lambda: adapters.adapters(folder, min(args.leads, ADAPTER_RECORDS)),
        }
        for part, work in parts.items():
            if part in wanted:
                _say(part)
                figures += work()
    _report(figures, args)
    return 0


def _figures(folder: Path, clock: ShiftedClock) -> list[measure.Figure]:
    return [*_with(folder, clock, counting.figures), *measure.figures_page(folder / "profile")]


def _with(folder: Path, clock: ShiftedClock, work: Callable[[Desk], list[measure.Figure]]) -> list[measure.Figure]:
    desk = Desk.open(folder / "profile", passphrase=data.PASSPHRASE, clock=clock)
    try:
        return work(desk)
    finally:
        desk.close()


def _say(text: str) -> None:
    sys.stderr.write(f"[bench] {text}\n")
    sys.stderr.flush()


def _report(figures: list[measure.Figure], args: argparse.Namespace) -> None:
    wide = max((len(one.name) for one in figures), default=10)
    print(f"{'figure':<{wide}}  {'measured':>12}  {'raw limit':>12}  {'ratio':>8}  {'bound':>6}")
    for one in figures:
        raw = "" if one.raw is None else f"{one.raw:.3f} {one.unit}"
        ratio = "" if one.raw is None else f"{one.ratio:.2f}"
        mark = "ok" if one.kept else "MISSED"
        measured = f"{one.value:>9.3f} {one.unit:<2}"
        print(f"{one.name:<{wide}}  {measured}  {raw:>12}  {ratio:>8}  {one.bound:>6g}  {mark}  {one.note}")
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    document = {
        "version": __version__,
        "python": platform.python_version(),
        "leads": args.leads,
        "touches": args.touches,
        "figures": [{**asdict(one), "ratio": one.ratio, "kept": one.kept} for one in figures],
    }
    target.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
    _say(f"written to {target.name} in bench-results")


if __name__ == "__main__":
    sys.exit(main())
