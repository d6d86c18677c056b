"""The checked form that makes the next start fast: equal to a fresh load, and never trusted where anything changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from isdesk import playbook
from isdesk.domain.errors import PlaybookError

YEARS = (2026,)


def write(path: Path, minutes: str) -> Path:
    path.write_text(f'extends = "default"\nja = "チーム"\n[caps]\nminutes_between = {minutes}\n', "utf-8")
    return path


def test_the_cached_form_gives_the_same_playbook(tmp_path: Path) -> None:
    fresh = playbook.load("saas_trial", years=YEARS)
    first = playbook.load("saas_trial", years=YEARS, cache_dir=tmp_path)
    again = playbook.load("saas_trial", years=YEARS, cache_dir=tmp_path)
    assert list(tmp_path.glob("playbook-*.json"))
    assert fresh == first == again


def test_a_start_from_the_cache_needs_neither_templates_nor_holidays(tmp_path: Path) -> None:
    playbook.load("default", years=YEARS, cache_dir=tmp_path)
    code = (
        "import sys; from pathlib import Path; from isdesk import playbook;"
        f"playbook.load('default', years=(2026,), cache_dir=Path({str(tmp_path)!r}));"
        "sys.exit(any(m in sys.modules for m in ('jinja2', 'holidays')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "team.toml", "70")
    assert playbook.load(path, years=YEARS, cache_dir=tmp_path).rules.caps.minutes_between == 70
    write(path, "80")
    assert playbook.load(path, years=YEARS, cache_dir=tmp_path).rules.caps.minutes_between == 80


def test_a_changed_file_that_is_wrong_is_refused_in_spite_of_the_cache(tmp_path: Path) -> None:
    path = write(tmp_path / "team.toml", "70")
    playbook.load(path, years=YEARS, cache_dir=tmp_path)
    write(path, "'x'")
    with pytest.raises(PlaybookError):
        playbook.load(path, years=YEARS, cache_dir=tmp_path)


def test_other_years_are_resolved_again(tmp_path: Path) -> None:
    playbook.load("default", years=(2026,), cache_dir=tmp_path)
    later = playbook.load("default", years=(2027,), cache_dir=tmp_path)
    assert {d.year for d in later.rules.business.closed} == {2027}


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"key": 1}', "\x00"])
def test_a_damaged_cache_is_ignored(tmp_path: Path, damage: str) -> None:
    fresh = playbook.load("default", years=YEARS, cache_dir=tmp_path)
    (kept,) = tmp_path.glob("playbook-*.json")
    kept.write_text(damage, "utf-8")
    assert playbook.load("default", years=YEARS, cache_dir=tmp_path) == fresh


def test_a_folder_that_cannot_be_written_does_not_matter(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x", "utf-8")
    assert playbook.load("default", years=YEARS, cache_dir=blocked / "below").name == "default"


def test_a_text_from_the_hub_is_cached_by_its_content(tmp_path: Path) -> None:
    text = 'extends = "smb"\nja = "ハブ"\n'
    first = playbook.loads(text, years=YEARS, cache_dir=tmp_path)
    assert playbook.loads(text, years=YEARS, cache_dir=tmp_path) == first
    other = playbook.loads(text + "[caps]\nminutes_between = 99\n", years=YEARS, cache_dir=tmp_path)
    assert other.rules.caps.minutes_between == 99
