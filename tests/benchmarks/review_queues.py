"""Opens the review of queues in the real window and scrolls through all leads; times each frame. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tests.benchmarks import window_kit as kit
from ui.views.team.page import make

FRAMES = 400
STEP = 61
"""So many pixels further with each frame: rows that were never read come in all the time."""

program = kit.start(sys.argv[1], os.environ["BENCH_AT"])
assert kit.until(lambda: kit.call_page(program) is not None), "no queue came"
assert kit.until(lambda: program.session is not None and program.session.tasks.pending == 0)
window: Any = program.window
start = time.perf_counter()
assert program.session is not None
page: Any = make(program.session)
window.stack.addWidget(page)
window.stack.setCurrentWidget(page)
table = page.review.table
page.arrive()
painted = kit.Painted(table.viewport())
assert kit.until(lambda: page.review.model.rowCount() > 0 and painted.count > 0), "no leads came"
first_ms = (time.perf_counter() - start) * 1000
assert kit.until(lambda: program.session is not None and program.session.tasks.pending == 0)
bar, frames = table.verticalScrollBar(), list[float]()
begun = time.perf_counter()
for number in range(FRAMES):
    frame = time.perf_counter()
    bar.setValue(number * STEP)
    table.viewport().repaint()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
    frames.append((time.perf_counter() - frame) * 1000)
spent = time.perf_counter() - begun
frames.sort()
found = {"first_ms": first_ms, "per_second": FRAMES / spent, "late_ms": frames[int(FRAMES * 0.95)]}
print(json.dumps({**found, "rows": page.review.model.rowCount()}))
program.close()
os._exit(0)
