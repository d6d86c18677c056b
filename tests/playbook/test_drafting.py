"""Beginning an edit at a key: the text changes nothing before somebody types, and the key stands on its line."""

from __future__ import annotations

import pytest

from isdesk import playbook
from isdesk.playbook import begin_at

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
