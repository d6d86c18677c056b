"""The verb ``day`` on a real profile."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell


def test_the_end_of_the_day_as_json_as_text_and_as_a_file(desk: Shell, tmp_path: Path) -> None:
    lead = desk.json("search", "佐藤")["items"][0]["lead_id"]
    assert desk("record", lead, "NO_ANSWER").code == 0
    file = tmp_path / "nippo.txt"
    data = desk.json("day", "--note", "名簿を見直す", "--report", str(file))
    assert data["figures"]["dial_count"] == 1
    assert (data["touched"], data["without_next"], data["clear"]) == (1, 0, True)
    assert data["note"] == "名簿を見直す"
    assert file.read_text("utf-8") == data["report"]
    assert "■ 今日の数字" in desk("day").out
    assert "Daily report" in desk("day", lang="en").out
    refused = desk("day", "--note", "x" * 3000)
    assert (refused.code, refused.out) == (1, "")
