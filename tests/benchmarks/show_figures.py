"""Opens the page of the figures in the real window; times the first figures painted. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from functools import partial
from typing import Any

from tests.benchmarks import window_kit as kit

ROUNDS = 7

made = kit.start(sys.argv[1], os.environ["BENCH_AT"])
assert kit.until(lambda: kit.call_page(made) is not None), "no queue came"
window: Any = made.window
assert kit.until(lambda: made.session is not None and made.session.tasks.pending == 0)
kit.until(lambda: False, 0.3)
start = time.perf_counter()
window.open_page("figures")
page: Any = window.page("figures")
paints = kit.Painted(page)
assert kit.until(lambda: bool(page.cards.cards), 30), "no figures came"
cards = kit.Painted(page.cards.cards[0])
assert kit.until(lambda: cards.count > 0, 30), "the figures were not painted"
first_ms = (time.perf_counter() - start) * 1000
assert kit.until(lambda: page.pictures is not None and page.gallery is not None, 120), "no pictures came"
drawn_s = time.perf_counter() - start
took = []


def turned(seen: int, was: object) -> bool:
    """Tell whether the figures of another period stand there, painted."""
    return cards.count > seen and page.board.period != was


for back in range(ROUNDS):
    assert kit.until(lambda: made.session is not None and made.session.tasks.pending == 0, 60)
    seen, was = cards.count, page.board.period
    start = time.perf_counter()
    page.head.choose_kind(("month", "day", "week")[back % 3])
    assert kit.until(partial(turned, seen, was), 30), "no other period came"
    took.append((time.perf_counter() - start) * 1000)
print(json.dumps({"first_ms": first_ms, "drawn_s": drawn_s, "period_ms": sorted(took)[len(took) // 2]}))
made.close()
os._exit(0)
