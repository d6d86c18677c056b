"""Documents that come from code are in step with it."""

from __future__ import annotations

import re

import pytest

from isdesk.cli.main import VERBS
from tests.house import documents, sources

RUN = "run: python3 dev.py docs"


def test_the_readme_shows_the_keys_and_verbs_of_the_program() -> None:
    assert documents.README.read_text(encoding="utf-8") == documents.readme(), RUN


def test_the_command_line_is_documented() -> None:
    assert documents.COMMAND_LINE.read_text(encoding="utf-8") == documents.command_line(), RUN


def test_every_setting_is_documented() -> None:
    assert documents.SETTINGS.read_text(encoding="utf-8") == documents.settings(), RUN


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_has_help_and_an_example_of_itself(verb: object) -> None:
    from isdesk.cli.session import Verb

    assert isinstance(verb, Verb)
    assert verb.help
    assert verb.help_ja
    assert verb.examples
    assert all(example.split()[0] == verb.name for example in verb.examples)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_place_that_a_document_points_to_is_there(document: str) -> None:
    text = (sources.ROOT / document).read_text(encoding="utf-8")
    places = [p for p in re.findall(r"\]\(([^)#:]+)\)", text) if not p.startswith("http")]
    missing = [place for place in places if not (sources.ROOT / place).exists()]
    assert not missing
