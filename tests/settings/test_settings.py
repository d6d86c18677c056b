"""Settings: what is stored comes back, what is broken falls back, what is unknown is kept."""

from pathlib import Path

import pytest

from isdesk import settings
from isdesk.domain.errors import BadInput


def test_what_is_set_is_there_after_a_restart(tmp_path: Path) -> None:
    kept = settings.load(tmp_path / "settings.toml")
    kept.set("theme", "dark")
    kept.set("scale", 150)
    kept.set("backup_daily", False)
    again = settings.load(tmp_path / "settings.toml")
    assert (again.get("theme"), again.get("scale"), again.get("backup_daily")) == ("dark", 150, False)


def test_defaults_hold_without_a_file(tmp_path: Path) -> None:
    kept = settings.load(tmp_path / "none.toml")
    assert all(kept.get(code) == option.default for code, option in settings.OPTIONS.items())


def test_every_default_is_a_value_its_option_accepts() -> None:
    assert all(option.accepts(option.default) for option in settings.OPTIONS.values())


@pytest.mark.parametrize(("code", "value"), [("theme", "pink"), ("scale", 90), ("scale", True), ("backup_daily", 1)])
def test_a_value_that_does_not_fit_is_refused(tmp_path: Path, code: str, value: settings.Setting) -> None:
    with pytest.raises(BadInput) as error:
        settings.load(tmp_path / "settings.toml").set(code, value)
    assert error.value.code == "setting_value"


def test_an_unknown_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        settings.load(tmp_path / "settings.toml").get("colour")


def test_bad_values_fall_back_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = "pink"\nscale = 125\n', encoding="utf-8")
    kept = settings.load(path)
    assert (kept.get("theme"), kept.get("scale"), kept.problems) == ("system", 125, ["theme"])


def test_a_file_that_is_no_toml_falls_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe nonsense [")
    assert settings.load(path).problems == ["settings.toml"]


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('from_the_future = "漢字"\n', encoding="utf-8")
    settings.load(path).set("theme", "light")
    assert 'from_the_future = "漢字"' in path.read_text(encoding="utf-8")
