"""A second device of the same rep: the same queue as on the first, and what one forbids the other does not call."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end2end.cli import Cli

pytestmark = [pytest.mark.slow, pytest.mark.end2end]

TIMES = ("2031-01-08T10:30:00+09:00", "2031-03-03T11:00:00+09:00")


@pytest.fixture
def devices(tmp_path: Path) -> tuple[Cli, Cli]:
    """Two profiles of one rep at one hub."""
    first, second = Cli(tmp_path / "first"), Cli(tmp_path / "second")
    demo = first.ok("demo", "--leads", "150", "--reps", "2", "--days", "30")
    joined = second.ok("connect", "sqlhub", "--url", demo["hub_url"], "--user", demo["me"])
    assert (joined["ok"], joined["me"]) == (True, demo["me"])
    assert second.ok("sync")["pulled"]["created"] > 0
    return first, second


def test_both_devices_show_one_queue_and_one_do_not_call(devices: tuple[Cli, Cli]) -> None:
    first, second = devices
    _same_queues(first, second)
    queue = first.ok("queue", "--at", TIMES[0])["items"]
    gone, called = queue[0]["lead_id"], queue[1]["lead_id"]
    assert second.ok("lead", gone)["state"]["do_not_call"] is False
    first.ok("record", gone, "DNC_REQUEST", "--note", "今後いっさい連絡不要")
    assert first.ok("lead", gone)["state"]["may_not_dial_because"] == "dnc"
    second.ok("record", called, "NO_ANSWER", "--note", "別の端末から")
    assert first.ok("sync")["pushed"]["failed"] == 0
    second.ok("sync")
    state = second.ok("lead", gone)["state"]
    assert (state["do_not_call"], state["may_dial"], state["may_not_dial_because"]) == (True, False, "dnc")
    assert gone not in {item["lead_id"] for item in second.ok("queue", "--at", TIMES[0])["items"]}
    first.ok("sync")
    notes = [item["text"] for item in first.ok("lead", called)["timeline"] if item["what"] == "touch"]
    assert "別の端末から" in notes
    _same_queues(first, second)


def _same_queues(first: Cli, second: Cli) -> None:
    for at in TIMES:
        here, there = (one.ok("queue", "--at", at)["items"] for one in (first, second))
        assert here == there
        held = [one.ok("queue", "--at", at, "--held")["items"] for one in (first, second)]
        assert held[0] == held[1]
