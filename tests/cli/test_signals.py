"""The verb ``signals`` on a real profile."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Shell


def test_events_come_in_and_problems_are_in_words(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "email,event,date\nhanako@example.jp,download,2020-01-10\nhanako@example.jp,???,2020-01-10\n", "utf-8"
    )
    assert desk.json("signals", str(file), "--dry-run")["journal_id"] is None
    data = desk.json("signals", str(file))
    assert (data["taken"], data["by_signal"]) == (1, {"download": 1})
    assert "???" in data["errors"][0]["message"]
    assert "リード" in desk("signals", str(file)).out
    assert desk("signals", str(file), "--signal", "dance").code == 1


def test_a_column_of_dates_can_be_named_and_the_rest_is_counted(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "email,event,attended,いつ\nhanako@example.jp,seminar,yes,2020-01-10\nhanako@example.jp,seminar,no,--\n",
        "utf-8",
    )
    data = desk.json("signals", str(file), "--dry-run")
    assert (data["dated_by"], data["undated"], data["absent"], data["opt_outs"], data["hot"]) == ("", 1, 1, 0, 0)
    data = desk.json("signals", str(file), "--at", "いつ", "--dry-run")
    assert (data["dated_by"], data["undated"], data["taken"]) == ("いつ", 0, 1)
    assert "「x」という列はありません" in desk("signals", str(file), "--at", "x").err
