"""Presses outcome keys in the real window; prints the time to the next lead painted, and the memory. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.benchmarks import window_kit as kit

ROUNDS, WARM = 220, 20
PAUSE_S = 0.15
"""Between two keys: a rep has made a call in between, a tester's fast hand has not."""

made = kit.start(sys.argv[1], os.environ["BENCH_AT"])
assert kit.until(lambda: kit.call_page(made) is not None), "no queue came"
page = kit.call_page(made)
page.work.take_keys()
paints = kit.Painted(page.work)
took = []


def turned(before: object, seen: int) -> bool:
    """Tell whether another lead stands there, painted."""
    return page.controller.lead_id not in (None, before) and paints.count > seen


for _ in range(ROUNDS):
    kit.until(lambda: False, PAUSE_S)
    kit.until(lambda: made.session is not None and made.session.tasks.pending == 0, 5)
    now = partial(turned, page.controller.lead_id, paints.count)
    start = time.perf_counter()
    QTest.keyClick(page.window(), Qt.Key.Key_1)
    assert kit.until(now, 5), "no next lead"
    took.append((time.perf_counter() - start) * 1000)
took = sorted(took[WARM:])
status = Path("/proc/self/status")
rss = 0.0
if status.exists():
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    rss = int(line.split()[1]) / 1024
print(
    json.dumps(
        {
            "p95_ms": took[int(len(took) * 0.95)],
            "rss_mb": rss,
            "note": f"median {took[len(took) // 2]:.1f} ms of {len(took)}",
        }
    )
)
made.close()
os._exit(0)
