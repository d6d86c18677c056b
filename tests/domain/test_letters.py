"""What a letter says itself, and what a report says of an address."""

from __future__ import annotations

import pytest

from isdesk.domain.letters import Failure, Report, own_words


def test_what_is_quoted_is_not_theirs() -> None:
    assert own_words("承知しました。\n> 前の本文") == "承知しました。"
    assert own_words("承知しました。\n差出人: 鈴木\n前の本文") == "承知しました。"
    assert own_words("20日の件\n承知しました。") == "20日の件 承知しました。"


@pytest.mark.parametrize(("status", "gone"), [("5.1.1", True), ("5.1.10", True), ("5.1.7", False), ("5.7.1", False)])
def test_only_some_reports_speak_of_the_address(status: str, gone: bool) -> None:
    assert Failure(status).gone is gone


def test_a_report_speaks_of_the_address_that_we_wrote_to_or_of_others_alone() -> None:
    mine, other, nobody = Failure("5.1.1", "a@b.example"), Failure("5.2.2", "c@d.example"), Failure("5.0.0")
    assert Report(("<x@y>",), (other, nobody, mine)).about("A@b.example") == mine
    assert Report(("<x@y>",), (other, nobody)).about("a@b.example") == nobody
    assert Report(("<x@y>",), (other,)).about("a@b.example") is None
