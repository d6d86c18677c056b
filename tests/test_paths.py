"""Where a profile lies, and where what ships with the program is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from isdesk import paths


def test_the_profile_is_what_was_given_else_the_variable_else_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.PROFILE_VARIABLE, str(tmp_path / "by variable"))
    assert paths.profile_dir(tmp_path / "given") == tmp_path / "given"
    assert paths.profile_dir() == tmp_path / "by variable"
    monkeypatch.delenv(paths.PROFILE_VARIABLE)
    assert paths.profile_dir().name == "isdesk"
    monkeypatch.chdir(tmp_path)
    assert paths.profile_dir("here") == tmp_path / "here"


def test_everything_of_a_profile_is_in_its_folder(tmp_path: Path) -> None:
    profile = paths.profile(tmp_path / "p").make()
    places = [getattr(profile, n) for n in dir(type(profile)) if isinstance(getattr(type(profile), n), property)]
    found = [p for p in places if isinstance(p, Path)]
    assert len(found) == len(set(found)) >= 8
    assert all(p.parent == profile.root for p in found)
    assert profile.root.stat().st_mode & 0o077 == 0
    assert not profile.exists


def test_what_ships_with_the_program_is_found() -> None:
    assert paths.data("migrations", "env.py").is_file()
    assert paths.data("resources", "messages", "ja.toml").is_file()
    assert not paths.data("resources", "no such thing").exists()
