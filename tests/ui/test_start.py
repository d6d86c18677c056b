"""What a start may load: everything that is imported before the first lead stands there is waited for by a person."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from isdesk.clock import ShiftedClock
from isdesk.desk import Desk
from isdesk.services import leads

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
LATER = (
    "sqlalchemy", "alembic", "phonenumbers", "holidays", "jinja2", "psycopg", "httpx", "openpyxl", "python_calamine",
    "rapidfuzz", "keyring", "asyncio", "PySide6.QtPrintSupport", "isdesk.sync", "isdesk.crm", "ui.views.palette",
)  # fmt: skip
"""Loaded where they are needed: at a sync, an import, a print, a search."""

SCRIPT = """
import os, sys
from tests.benchmarks import window_kit as kit
made = kit.start(sys.argv[1], sys.argv[2])
assert kit.until(lambda: kit.call_page(made) is not None), "no lead came"
kit.drain()
assert made.window.isActiveWindow(), "another window took the keyboard"
print(*sorted(set(sys.argv[3].split(",")) & set(sys.modules)), sep=",")
made.close()
sys.stdout.flush()
os._exit(0)
"""


def test_a_start_loads_only_what_the_first_lead_needs(tmp_path: Path) -> None:
    passphrase = "long enough to try"
    desk, _ = Desk.create(tmp_path / "p", name="鈴木", passphrase=passphrase, clock=ShiftedClock(AT))
    leads.create(desk.ctx, {"name": "見本 一", "phone_direct": "052-123-4567", "company.name": "見本株式会社"})
    desk.close()
    environment = {**os.environ, "ISDESK_PASSPHRASE": passphrase, "PYTHONPATH": str(ROOT)}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "p"), AT.isoformat(), ",".join(LATER)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == ""
