"""Every problem that the source can raise has its sentences, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

import pytest

from isdesk import messages
from isdesk.domain import errors
from isdesk.domain.errors import Refused
from tests.house import sources

PARTS = ("what", "kept", "do")
OWN = {"missing", "file", "line", "key"}
"""Parameters that the classes of some problems take by position."""


@cache
def _error_names() -> set[str]:
    """Return the names of all classes of the error tree, also of those declared outside the domain."""
    names = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, errors.IsdeskError)}
    for _ in range(3):
        for path in sources.modules("isdesk", "ui"):
            for node in ast.walk(sources.tree(path)):
                bases = (
                    {b.id for b in node.bases if isinstance(b, ast.Name)} if isinstance(node, ast.ClassDef) else set()
                )
                if isinstance(node, ast.ClassDef) and bases & names:
                    names.add(node.name)
    return names


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Yield place, code and parameter names of every known problem that is made in the source."""
    names = _error_names()
    for path in sources.modules("isdesk", "ui"):
        for node in ast.walk(sources.tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Name, ast.Attribute)):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in names and node.args:
                given = {k.arg or "**" for k in node.keywords}
                for code in _texts(node.args[0]):
                    yield f"{sources.name(path)}:{node.lineno}", code, given


def _texts(node: ast.expr) -> list[str]:
    """Return the texts that an argument may be: one, or one of two."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_every_code_has_sentences(lang: str) -> None:
    known = messages.catalogue(lang)
    silent = sorted({f"{code} ({place})" for place, code, _ in raised() if code not in known})
    assert not silent, f"put these into resources/messages/{lang}.toml: {silent}"


def test_every_sentence_is_given_what_it_asks_for() -> None:
    known = messages.catalogue("ja")
    wanting = [
        f"{place} raises {code} without {sorted(lacking)}"
        for place, code, given in raised()
        if code in known and "**" not in given
        for lacking in [{p for part in PARTS for p in messages.parameters(getattr(known[code], part))} - given - OWN]
        if lacking
    ]
    assert not wanting, wanting


def test_both_languages_say_the_same_things() -> None:
    ja, en = messages.catalogue("ja"), messages.catalogue("en")
    assert set(ja) == set(en)
    for code, sentence in ja.items():
        for part in PARTS:
            here, there = getattr(sentence, part), getattr(en[code], part)
            assert bool(here) == bool(there), f"{code}.{part} is said in one language only"
            assert messages.parameters(here) == messages.parameters(there), f"{code}.{part}"


def test_every_sentence_is_one_and_says_what_happened() -> None:
    for lang, end in (("ja", "。"), ("en", ".")):
        for code, sentence in messages.catalogue(lang).items():
            assert sentence.what, f"{lang}: {code} does not say what happened"
            for part in PARTS:
                said = getattr(sentence, part)
                assert not said or said.endswith((end, "?", "?", "”", "」")), f"{lang}: {code}.{part} has no end"
                assert "\n" not in said


def test_parameters_are_filled_in_and_missing_ones_do_not_hide_the_problem() -> None:
    at = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    said = messages.sentence("lead_ref_ambiguous", {"text": "山田{x}", "candidates": ("a", at)}, "ja")
    assert "山田{x}" in said.what
    assert "a、2026-11-24 10:30" in said.what
    assert "…" in messages.sentence("lead_ref_ambiguous", {}, "en").what


def test_a_code_without_words_still_names_itself() -> None:
    assert "no_such_code" in messages.say(Refused("no_such_code"), "en").what


def test_a_line_joins_the_parts_as_each_language_does() -> None:
    assert messages.Sentence("甲。", "乙。", "").line == "甲。乙。"
    assert messages.Sentence("One.", "", "Two.").line == "One. Two."


def test_codes_that_stand_in_a_sentence_are_put_into_words() -> None:
    said = messages.sentence("outcome_needs", {"outcome": "アポ獲得", "missing": ("meeting_at", "fs_id")}, "ja")
    assert "商談日時、FS担当" in said.what
    said = messages.sentence(
        "handoff_not_allowed", {"state": "draft", "action": "accept", "allowed": "submit, withdraw"}, "ja"
    )
    assert "下書き" in said.what
    assert "引き渡し、取り下げ" in said.do


def test_a_name_that_looks_like_a_code_stays_a_name() -> None:
    assert "draft" in messages.sentence("lead_ref_not_found", {"text": "draft"}, "ja").what


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_both_languages_name_the_same_codes(lang: str) -> None:
    other = next(one for one in messages.LANGUAGES if one != lang)
    assert set(messages._tables(lang)[messages.WORDS]) == set(messages._tables(other)[messages.WORDS])


def test_the_items_of_the_law_are_named_by_their_labels() -> None:
    given = {"law_items": ("organisation", "unsubscribe")}
    assert "(送信者(会社名)、配信停止の窓口)" in messages.sentence("mail_law_items_missing", given, "ja").what
    assert "(Sender (company), Where to opt out)" in messages.sentence("mail_law_items_missing", given, "en").what
    one = messages.sentence("playbook_mail_law_item", {"law_items": ("contact",), "key": "mail.sender.contact"}, "ja")
    assert "「問い合わせ先」" in one.what
    assert not {"organisation", "unsubscribe"} & set(one.do.split("・"))
