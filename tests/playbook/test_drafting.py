"""Beginning an edit at a key: the text changes nothing before somebody types, and the key stands on its line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk import playbook
from isdesk.playbook import begin_at, put_table

HEAD = 'extends = "default"\nname = "team"\nja = "甲"\nen = "A"\n'
KEYS = (
    "sla.first_response_hours", "sla.inbound_first_response_hours", "score.mql_bar", "windows.soft", "windows.best",
    "stage.sql", "checklist.issue", "checklist.company", "sla.feedback_days",
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("text", [HEAD, HEAD + "[sla]\nat_risk_minutes = 20\n[stage.sql.entry.issue]\nja = '課題'\n"])
def test_a_key_is_written_as_it_stands(key: str, text: str) -> None:
    base = playbook.loads(text, name="team")
    made, line = begin_at(text, key, base.definitions)
    after = playbook.loads(made, name="team")
    assert playbook.diff(base, after) == []
    assert key.rpartition(".")[2].split("[")[0] in made.splitlines()[line - 1]
    again, same = begin_at(made, key, after.definitions)
    assert (again, same) == (made, line)


def test_a_key_that_is_there_is_found_with_the_value_that_the_text_gives_it() -> None:
    text = HEAD + "[sla]\nfirst_response_hours = 2.0\n"
    base = playbook.load("default")
    assert begin_at(text, "sla.first_response_hours", base.definitions) == (text, 6)


@pytest.mark.parametrize("key", ["", "nosuch", "sla.nosuch", "sla.first_response_hours.more"])
def test_an_unknown_key_changes_nothing(key: str) -> None:
    assert begin_at(HEAD, key, playbook.load("default").definitions) == (HEAD, 4)


def test_a_group_of_definitions_leads_to_a_table_that_may_be_filled() -> None:
    base = playbook.load("default")
    made, line = begin_at(HEAD, "checklist", base.definitions)
    assert made.splitlines()[line - 1] == "[checklist]"
    assert "issue" in made
    assert playbook.diff(playbook.loads(HEAD, name="team"), playbook.loads(made, name="team")) == []


def test_a_text_that_is_no_toml_is_left_alone() -> None:
    assert begin_at("[sla\nx", "sla.feedback_days", playbook.load("default").definitions) == ("[sla\nx", 2)


TEAM = HEAD + (
    "# am Anfang\n[sla]\nfirst_response_hours = 2.0 # zwei\n\n[script.x]\nja = '古い'\n[script.x.text]\nopening = '''\n"
    "[sla]\n'''\n# gehört zu mail\n[mail]\nper_hour = 9\n[script.x.when.a]\nfield = 'issue'\npresent = true\n"
)


def test_a_table_is_put_in_its_place_and_the_rest_stays() -> None:
    tree = {"replace": True, "ja": "新しい", "text": {"opening": 'a\n"""b\\\n', "next": "一"}, "n": [1, ["x"]], "w": {}}
    made = put_table(TEAM, ("script", "x"), tree)
    read = tomllib.loads(made)
    assert read["script"] == {"x": tree}
    assert {**read, "script": 0} == {**tomllib.loads(TEAM), "script": 0}
    assert made.startswith(TEAM[: TEAM.index("[script.x]")].rstrip("\n"))
    assert "# gehört zu mail\n[mail]" in made
    assert put_table(made, ("script", "x"), tree) == made
    gone = put_table(made, ("script", "x"), None)
    assert "script" not in tomllib.loads(gone)
    assert put_table(gone, ("script", "x"), tree) == made


@pytest.mark.parametrize("last", ["話す\n# 見出し", "a\n## 終わり\n# もう一つ", "# a\n\n# b\n"])
def test_a_line_of_a_text_that_looks_like_a_comment_leaves_none_behind(last: str) -> None:
    tree = {"ja": "x", "text": {"open": last}, "node": {"n": {"text": last}}}
    once = put_table(TEAM, ("script", "s"), tree)
    for _ in range(3):
        assert put_table(once, ("script", "s"), tree) == once
    gone = put_table(once, ("script", "s"), None)
    assert tomllib.loads(gone) == tomllib.loads(TEAM)
    assert "見出し" not in gone
    assert "終わり" not in gone


def test_comments_within_a_table_stay_with_it() -> None:
    text = TEAM.replace("ja = '古い'", "# 法務確認済み\nja = '古い # kein' # 変えない").replace(
        "present = true", "present = true #z"
    )
    tree = {"ja": "# x", "text": {"open": "a\n# 見出し"}}
    once = put_table(text, ("script", "x"), tree)
    assert "\n[script.x]\n# 法務確認済み\n# 変えない\n#z\nja = " in once
    assert tomllib.loads(once)["script"] == {"x": tree}
    assert put_table(once, ("script", "x"), tree) == once
    assert once.count("#") == text.count("#") - 1 + 2


def test_the_first_table_of_a_text_is_put_at_its_end() -> None:
    made = put_table(HEAD, ("script", "x"), {"ja": "甲"})
    assert made == f'{HEAD}\n[script.x]\nja = "甲"\n'
    assert put_table(made, ("script", "x"), None) == HEAD


@pytest.mark.parametrize("text", ["script.x.ja = '甲'\n", "[script]\nx = { ja = '甲' }\n", "= \n"])
def test_a_table_that_cannot_be_taken_out_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        put_table(text, ("script", "x"), {"ja": "乙"})


_PLAIN = st.text() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.lists(st.text(max_size=5), max_size=3)
_TREES = st.recursive(_PLAIN, lambda inner: st.dictionaries(st.text(max_size=6), inner, max_size=4), max_leaves=8)


@given(st.dictionaries(st.text(max_size=6), _TREES, max_size=4))
def test_whatever_a_table_holds_is_read_as_it_was_put(tree: dict[str, object]) -> None:
    assert tomllib.loads(put_table(TEAM, ("script", "ü.x"), tree))["script"]["ü.x"] == tree
