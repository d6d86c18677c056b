"""The verb ``sequences`` on a real profile."""

from __future__ import annotations

from tests.cli.conftest import Shell

WHO = "hanako@example.jp"


def test_leads_are_enrolled_shown_skipped_and_stopped(desk: Shell) -> None:
    lead = desk.json("search", WHO)["items"][0]["lead_id"]
    codes = [one["sequence"] for one in desk.json("sequences")["sequences"]]
    assert codes == ["follow", "mails", "social"]
    outlook = desk.json("sequences", "--enrol", "follow", WHO, "--dry-run")
    assert (outlook["enrolled"], outlook["journal_id"]) == ([lead], None)
    assert desk.json("sequences", "--enrol", "follow", WHO)["enrolled"] == [lead]
    again = desk("sequences", "--enrol", "follow", WHO)
    assert again.code == 1
    assert "シーケンスに入っています" in again.err
    (one,) = desk.json("sequences", WHO)["enrolments"]
    assert (one["sequence"], one["state"], len(one["steps"])) == ("follow", "running", 3)
    assert one["playbook"].startswith("default@")
    assert desk.json("lead", WHO)["state"]["next_action"] is not None
    skipped = desk.json("sequences", "--skip", "手渡し済み", WHO)
    assert len(skipped["journal_ids"]) == 1
    (one,) = desk.json("sequences", WHO)["enrolments"]
    assert (one["steps"][0]["state"], one["steps"][0]["why"]) == ("skipped", "手渡し済み")
    shown = desk("sequences", WHO).out
    assert "手渡し済み" in shown
    assert "電話" in shown
    desk.json("sequences", "--stop", WHO)
    (one,) = desk.json("sequences", WHO)["enrolments"]
    assert (one["state"], one["stopped_by"]) == ("stopped", "hand")
    counted = {row["sequence"]: row for row in desk.json("sequences")["sequences"]}
    assert counted["follow"]["stopped_by"] == {"hand": 1}
    assert "標準フォロー" in desk("sequences").out


def test_what_is_due_and_what_goes_by_itself(desk: Shell) -> None:
    desk.json("sequences", "--enrol", "follow", WHO)
    assert desk.json("sequences", "--due")["items"] == []
    assert desk.json("sequences", "--run")["queued"] == 0
    assert desk("sequences", "--due").code == 0
    assert desk("sequences", "--confirm", WHO).code == 1
    assert desk("sequences", "--stop").code == 1
    assert desk("sequences", "--enrol", "follow", "--view", "ない").code == 1
    assert desk("sequences", "--enrol", "nothing", WHO).code == 1
