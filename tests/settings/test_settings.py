"""Every declared setting can be read, written and read again; a bad file costs nothing but itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.errors import BadInput
from isdesk.settings import DECLARED, Setting, Settings
from isdesk.settings.file import _as_toml
from isdesk.settings.upgrades import upgraded


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "settings.toml"


def other(setting: Setting) -> object:
    """A value of the setting that is not its default."""
    if isinstance(setting.default, bool):
        return not setting.default
    if isinstance(setting.default, int):
        return setting.most if setting.default != setting.most else setting.least
    return next((c[0] for c in setting.choices if c[0] != setting.default), "別の値")


@pytest.mark.parametrize("setting", DECLARED, ids=lambda s: s.code)
def test_every_setting_has_words_a_lawful_default_and_survives(setting: Setting, path: Path) -> None:
    assert all((setting.ja, setting.en, setting.about_ja, setting.about_en, setting.group))
    assert setting.check(setting.default) == setting.default
    settings = Settings.load(path)
    assert settings.get(setting.code) == setting.default
    settings.set(setting.code, other(setting))
    again = Settings.load(path)
    assert again.get(setting.code) == other(setting) != setting.default
    assert again.problem is None
    again.reset(setting.code)
    assert Settings.load(path).get(setting.code) == setting.default


def test_codes_are_unique() -> None:
    names = [name for s in DECLARED for name in (s.code, *s.renamed_from)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("theme", "pink"),
        ("theme", 1),
        ("backup_daily", 1),
        ("backups_kept", 0),
        ("backups_kept", True),
        ("backups_kept", 1.5),
    ],
)
def test_what_a_setting_cannot_hold_is_refused(path: Path, code: str, value: object) -> None:
    settings = Settings.load(path)
    with pytest.raises(BadInput) as caught:
        settings.set(code, value)
    assert caught.value.code == "setting_invalid"
    assert not path.exists()


def test_an_unknown_setting_is_refused(path: Path) -> None:
    for use in (Settings.load(path).get, Settings.load(path).reset, Settings.load(path).number):
        with pytest.raises(BadInput):
            use("no_such_setting")


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"format = 99\n", b'format = "x"\n', b"[[["])
def test_a_file_that_cannot_be_read_is_kept_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.with_name("settings.toml.bad-1").touch()
    path.write_bytes(content)
    settings = Settings.load(path)
    assert settings.problem is not None
    assert settings.problem.params == {"kept": "settings.toml.bad-2"}
    assert path.with_name("settings.toml.bad-2").read_bytes() == content
    assert settings.get("theme") == "system"
    settings.set("theme", "dark")
    assert Settings.load(path).problem is None


def test_one_bad_value_costs_only_itself(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('format = 1\ntheme = "pink"\nlanguage = "en"\nfrom_the_future = 3\n', encoding="utf-8")
    settings = Settings.load(path)
    assert (settings.get("theme"), settings.text("language"), settings.problem) == ("system", "en", None)
    settings.set("backup_daily", False)
    text = path.read_text(encoding="utf-8")
    assert "from_the_future" in text
    assert Settings.load(path).flag("backup_daily") is False


def test_the_file_explains_itself_and_is_written_whole(path: Path) -> None:
    Settings.load(path).set("sync_every_minutes", 5)
    assert "# CRMと自動で同期する間隔です。" in path.read_text(encoding="utf-8")
    assert [f.name for f in path.parent.iterdir()] == ["settings.toml"]
    assert Settings.load(path).number("sync_every_minutes") == 5
    assert list(Settings.load(path).everything()) == [s.code for s in DECLARED]


def test_older_formats_and_former_names_are_brought_up_to_date() -> None:
    def second(data: dict[str, object]) -> dict[str, object]:
        return {"two": data["one"]}

    def third(data: dict[str, object]) -> dict[str, object]:
        return {**data, "three": True}

    steps = (second, third)
    assert upgraded({"one": 1}, 1, steps, {"two": "deux"}) == {"deux": 1, "three": True}
    assert upgraded({"two": 1}, 2, steps) == {"two": 1, "three": True}
    assert upgraded({"x": 1}, 3, steps) == {"x": 1}


@given(st.text())
def test_any_text_survives_the_file(text: str) -> None:
    import tomllib

    text = text.encode("utf-8", "ignore").decode()
    assert tomllib.loads(_as_toml({"note": text}))["note"] == text
