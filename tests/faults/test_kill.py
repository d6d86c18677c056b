"""The process is killed at every write and every sync of a verb: what was acknowledged is there, nothing is half there.

Linux only, by fault injection of strace. Each run gets a fresh copy of the same profile, so that every point of death
is met once; the run that is not killed any more ends the series.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isdesk.desk import Desk
from isdesk.domain.changes import Obj
from isdesk.services import projection, queue
from isdesk.store import fold
from isdesk.store import leads as stored
from tests.faults.conftest import PASSPHRASE, environment, isdesk

STRACE = shutil.which("strace")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux" or STRACE is None, reason="needs strace, which is Linux only"),
]
CALLS = ("fsync", "fdatasync", "pwrite64")
MOST = 1_000
STRIDE = {"fsync": 1, "fdatasync": 1, "pwrite64": 3}
"""Every sync is met; of the writes some in the ordinary run (all with ``ISDESK_TEST_KILL_EVERY``)."""
EVERY = bool(os.environ.get("ISDESK_TEST_KILL_EVERY"))


def survey(profile: Path) -> tuple[int, int, list[str], bool]:
    """Return (touches, leads, ids that are not their fold, whether derived places equal kept ones) of a profile."""
    desk = Desk.open(profile, passphrase=PASSPHRASE)
    try:
        queue.settle(desk.ctx)  # time has passed since it was written: that alone moves places
        with desk.ctx.store.write() as tx:
            wrong = [*fold.differing(tx, Obj.LEAD), *fold.differing(tx, Obj.COMPANY)]
            ids = [one for block in stored.all_ids(tx) for one in block]
            kept = stored.states(tx, ids)
            projection.refresh(desk.ctx, tx, ids)
            same = stored.states(tx, ids) == kept
            touches = sum(len(found) for found in stored.touches_many(tx, ids).values())
        return touches, len(ids), wrong, same
    finally:
        desk.close()


def someone(profile: Path) -> str:
    """Return the first lead of a profile that can still be called."""
    desk = Desk.open(profile, passphrase=PASSPHRASE)
    try:
        with desk.ctx.store.read() as tx:
            return next(
                f.id for block in stored.all_ids(tx) for f in stored.many(tx, block).values() if not f.get("dnc")
            )
    finally:
        desk.close()


def die(profile: Path, call: str, when: int, *args: str) -> tuple[bool, str]:
    """Run a verb and kill it at the ``when``-th ``call``; return whether it was killed and what it had printed."""
    inject = [str(STRACE), "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    done = isdesk(profile, *args, under=[*inject, "-e", f"inject={call}:signal=SIGKILL:when={when}"])
    killed = done.returncode in {-9, 137}
    assert killed or done.returncode == 0, done.stderr
    return killed, done.stdout


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo profile."""
    root = tmp_path_factory.mktemp("kill") / "profile"
    made = isdesk(root, "demo", "--leads", "60", "--reps", "2", "--days", "20", "--json")
    assert made.returncode == 0, made.stderr
    return root


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_recorded_whole_or_not_at_all(profile: Path, tmp_path: Path, call: str) -> None:
    lead = someone(profile)
    touches, leads, wrong, same = survey(profile)
    assert (wrong, same) == ([], True)
    stride = 1 if EVERY else STRIDE[call]
    points = 0
    for when in range(1, MOST, stride):
        copy = tmp_path / f"{call}-{when}"
        shutil.copytree(profile, copy)
        killed, printed = die(copy, call, when, "record", lead, "NO_ANSWER", "--note", "不在でした", "--json")
        now, count, wrong, same = survey(copy)
        assert (count, wrong, same) == (leads, [], True), (call, when)
        assert now in {touches, touches + 1}, (call, when)
        if printed.strip():
            assert now == touches + 1, (call, when, "acknowledged and lost")
        shutil.rmtree(copy)
        if not killed:
            break
        points += 1
    assert points > 0 or call == "fdatasync"


@pytest.mark.parametrize("call", CALLS)
def test_an_import_is_written_whole_or_not_at_all(profile: Path, tmp_path: Path, call: str) -> None:
    rows = "".join(f"見本{n}株式会社,見本 {n}子,p{n}@sample{n}.example,03-3{n:03d}-{n:04d}\n" for n in range(100, 220))
    source = tmp_path / "leads.csv"
    source.write_text("会社名,氏名,メール,電話番号\n" + rows, encoding="cp932")
    touches, leads, _, _ = survey(profile)
    stride = 1 if EVERY else STRIDE[call] * 16
    points = 0
    for when in range(1, MOST, stride):
        copy = tmp_path / f"{call}-{when}"
        shutil.copytree(profile, copy)
        killed, printed = die(copy, call, when, "import", str(source), "--json")
        now, count, wrong, same = survey(copy)
        assert (now, wrong, same) == (touches, [], True), (call, when)
        assert count in {leads, leads + 120}, (call, when)
        if printed.strip():
            assert count == leads + 120, (call, when, "acknowledged and lost")
        shutil.rmtree(copy)
        if not killed:
            break
        points += 1
    assert points > 0 or call == "fdatasync"


def test_a_plain_kill_in_the_middle_of_many_records_keeps_every_acknowledged_one(profile: Path, tmp_path: Path) -> None:
    copy = tmp_path / "many"
    shutil.copytree(profile, copy)
    touches, _, _, _ = survey(copy)
    script = (
        "import sys\n"
        "from isdesk.desk import Desk\n"
        "from isdesk.services import calls, queue\n"
        "desk = Desk.open(sys.argv[1])\n"
        "leads = [r.lead_id for r in queue.as_of(desk.ctx, desk.ctx.now(), held=True)] or queue.ids(desk.ctx)\n"
        "n = 0\n"
        "while True:\n"
        "    calls.record(desk.ctx, leads[n % len(leads)], 'NO_ANSWER')\n"
        "    n += 1\n"
        "    print(n, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(copy)], env=environment(), stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        said = 0
        for line in run.stdout:
            said = int(line)
            if said >= 40:
                run.kill()
                break
        said = max([said, *(int(line) for line in run.stdout)])
    now, _, wrong, same = survey(copy)
    assert (wrong, same) == ([], True)
    assert now - touches in {said, said + 1}
