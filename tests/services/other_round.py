"""A second process on the database of a test: it sends what is due once, and says what came of it as JSON.

``python -m tests.services.other_round DATABASE ENVELOPE``
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from isdesk.clock import SystemIds
from isdesk.domain.ids import DeviceId
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.services import outgoing
from isdesk.services.context import Context
from isdesk.store import Store
from isdesk.store.shelf import Shelf
from isdesk.vault import Secrets
from tests.services.conftest import FS, OTHER, REP, TUESDAY, HandClock
from tests.services.mailers import team


def started(database: Path, envelope: Path) -> subprocess.Popen[str]:
    """Start the other process; it ends when its round is over."""
    command = [sys.executable, "-m", "tests.services.other_round", str(database), str(envelope)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def _round(database: Path, envelope: Path) -> dict[str, object]:
    store, clock, book = Store.open(database, b"k" * 32), HandClock(TUESDAY), team()
    ctx = Context(
        store=store,
        clock=clock,
        ids=SystemIds(clock),
        playbook=book,
        calendar=WorkCalendar(book.rules.business),
        me=REP,
        device_id=DeviceId("device-a"),
        suppression_key=b"s" * 32,
        members={one.id: one for one in (REP, FS, OTHER)},
    )
    try:
        done = outgoing.send(ctx, Secrets(envelope, b"k" * 32, Shelf(store)))
    finally:
        store.close()
    return {"sent": done.sent, "later": done.later, "busy": done.busy, "error": done.error and done.error.code}


if __name__ == "__main__":
    print(json.dumps(_round(Path(sys.argv[1]), Path(sys.argv[2]))))
