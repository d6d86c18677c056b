"""What a letter says itself, and what a report says of an address."""

from __future__ import annotations

import pytest

from isdesk.domain.letters import Failure, Report, is_automatic, own_words


def test_what_is_quoted_is_not_theirs() -> None:
    assert own_words("承知しました。\n> 前の本文") == "承知しました。"
    assert own_words("承知しました。\n差出人: 鈴木\n前の本文") == "承知しました。"
    assert own_words("20日の件\n承知しました。") == "20日の件 承知しました。"
    assert own_words("> 前の本文\n\n承知しました。") == "承知しました。", "below the quote, where nothing is above it"
    assert own_words("お願いします。\n> 前の本文\n承知しました。") == "お願いします。"


@pytest.mark.parametrize(("status", "gone"), [("5.1.1", True), ("5.1.10", True), ("5.1.7", False), ("5.7.1", False)])
def test_only_some_reports_speak_of_the_address(status: str, gone: bool) -> None:
    assert Failure(status).gone is gone


def test_a_report_speaks_of_the_address_that_we_wrote_to_or_of_others_alone() -> None:
    mine, other, nobody = Failure("5.1.1", "a@b.example"), Failure("5.2.2", "c@d.example"), Failure("5.0.0")
    assert Report(("<x@y>",), (other, nobody, mine)).about("A@b.example") == mine
    assert Report(("<x@y>",), (other, nobody)).about("a@b.example") == nobody
    assert Report(("<x@y>",), (other,)).about("a@b.example") is None


MACHINES = (
    "自動返信: 休業のお知らせ", "【休暇中】Re: ご提案", "不在: ご提案", "外出中: ご提案", "不在連絡: ご案内",
    "OOO: x", "Re: 【自動返信】ご提案", "Re: ご案内(自動返信)", "夏季休業のお知らせ", "(不在)Re:",
    "Out of the office", "【不在】出張中", "Automatic reply: x", "自動応答: x", "Auto Reply", "Auto-Reply: ご案内",
    "不在通知", "不在のお知らせ", "自動返信メール", "RE: 不在のお知らせ", "【年末年始休業のお知らせ】Re: ご提案",
    "Automatische Antwort / Out of Office: x (out of office)", "On vacation: Re: x", "【12/1まで不在】Re: ご提案",
    "[Auto-Reply] x", "休暇のお知らせ", "年末年始休業のご案内(青葉)",
)  # fmt: skip
PEOPLE = (
    "Re: 不在の際のご連絡について", "Re: ご提案", "Re: 夏季休業のお知らせ", "自動応答システムのご相談",
    "休暇の管理について", "Re: 自動返信ありがとうございます", "不在者投票の件", "外出中の連絡先", "ご相談",
    "Re: 不在のご連絡ありがとうございます", "Notebook", "OOOOO", "Re: 自動返信の文面について", "出張の日程",
    "【不在の際】ご連絡について", "休業補償の件", "",
)  # fmt: skip


@pytest.mark.parametrize("subject", MACHINES)
def test_a_subject_says_that_a_machine_wrote_it(subject: str) -> None:
    assert is_automatic(subject)


@pytest.mark.parametrize("subject", PEOPLE)
def test_a_subject_of_a_person_only_speaks_of_such_things(subject: str) -> None:
    assert not is_automatic(subject, "お世話になっております。火曜でお願いします。")


def test_what_stands_in_our_own_subject_is_no_sign() -> None:
    assert not is_automatic("Re: 【自動返信】のご提案", ours="【自動返信】のご提案")
    assert is_automatic("【不在】Re: ご提案", ours="ご提案")


@pytest.mark.parametrize(
    ("text", "automatic"),
    [
        ("このメールはシステムより自動で返信しております。", True),
        ("お問い合わせありがとうございます。\n\n※本メールは自動送信メールです。", True),
        ("This is an automated response.", True),
        ("自動返信の仕組みを検討しています。", False),
        ("承知しました。\n> このメールは自動送信しています。", False),
    ],
)
def test_the_first_lines_say_that_a_machine_wrote_it(text: str, automatic: bool) -> None:
    assert is_automatic("Re: ご提案", text) is automatic
