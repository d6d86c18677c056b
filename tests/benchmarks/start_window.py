"""From the start of the process to a queue that can be worked: rows painted and a lead with its keys. Prints JSON."""

from __future__ import annotations

import json
import os
import sys
import time

from tests.benchmarks import window_kit as kit

made = kit.start(sys.argv[1], os.environ["BENCH_AT"])
assert kit.until(lambda: kit.call_page(made) is not None), "no queue came"
page = kit.call_page(made)
paints = kit.Painted(page.queue.list.viewport())
page.queue.list.viewport().update()
assert kit.until(lambda: paints.count > 0), "the queue was not painted"
print(json.dumps({"interactive_s": time.time() - float(os.environ["BENCH_T0"])}))
made.close()
os._exit(0)
