"""Mail: one plain address, a subject that is one line and short, and what the law asks for below the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain import mail
from isdesk.domain.errors import BadInput
from isdesk.domain.mail import Composed
from isdesk.domain.rules import MailSender

SENDER = MailSender("青葉クラウド株式会社", "東京都千代田区1-1", "03-0000-0000", "stop@example.jp")


@given(st.text())
def test_a_subject_is_one_line_whatever_it_was(text: str) -> None:
    line = mail.one_line(text)
    assert line == " ".join(line.split())
    assert not any(ord(c) < 32 or c in "\x7f\x85\u2028\u2029\u202e" for c in line)
    assert mail.one_line(line) == line


@given(st.text())
def test_a_body_keeps_its_lines_and_nothing_that_cannot_be_seen(text: str) -> None:
    body = mail.plain_body(text)
    assert not any((ord(c) < 32 and c != "\n") or c in "\x7f\u2028\u202e" for c in body)
    assert mail.plain_body(body) == body


@pytest.mark.parametrize("good", ["a@example.jp", "  taro.yamada+x@sub.example.co.jp ", "o'neil@example.com"])
def test_an_address(good: str) -> None:
    assert mail.address(good) == good.strip()


@pytest.mark.parametrize(
    "bad",
    ["", "a", "a@b", "a@example.jp, b@example.jp", "a@example.jp\nBcc: b@example.jp", "<a@example.jp>",
     "山田@example.jp", "a..b@example.jp", ".a@example.jp", "a.@example.jp", "a b@example.jp",
     "a@example.jp?bcc=b@example.jp",
     "a@-example.jp", "x" * 250 + "@example.jp"],
)  # fmt: skip
def test_what_is_no_address_is_refused(bad: str) -> None:
    with pytest.raises(BadInput) as caught:
        mail.address(bad)
    assert caught.value.code == "mail_address_invalid"


def test_the_footer_shows_all_that_the_law_asks_for() -> None:
    words = {"sender": "送信者: ", "contact": "問い合わせ: ", "unsubscribe": "配信停止: "}
    text = Composed("a@example.jp", "件名", "本文", mail.footer(SENDER, words)).text
    for item in mail.LAW_ITEMS:
        assert getattr(SENDER, item) in text
    assert text.startswith("本文\n\n")


def test_a_missing_item_is_named() -> None:
    assert mail.missing_items(MailSender()) == mail.LAW_ITEMS
    assert mail.missing_items(MailSender("a", "b", " ", "d@example.jp")) == ("contact",)
    assert mail.missing_items(SENDER) == ()


@pytest.mark.parametrize(
    ("where", "link"),
    [("stop@example.jp", "<mailto:stop@example.jp?subject=unsubscribe>"), ("https://example.jp/stop", "<https://example.jp/stop>"),
     ("電話で", ""), ("http://example.jp", ""), ("https://example.jp/>\nX: y", "")],
)  # fmt: skip
def test_where_to_opt_out(where: str, link: str) -> None:
    assert mail.unsubscribe_link(MailSender(unsubscribe=where)) == link
    assert mail.reachable(where) == bool(link)


def test_what_is_wrong_with_a_mail_is_said() -> None:
    assert mail.problems(Composed("a@example.jp", "件" * 40, "本文", "")) == ()
    assert mail.problems(Composed("a@example.jp", "件" * 41, "", "")) == ("mail_subject_too_long", "mail_body_missing")
    assert mail.problems(Composed("", "", "本文", "")) == ("mail_no_address", "mail_subject_missing")
    assert mail.problems(Composed("x", "件", "あ" * 20_001, "")) == ("mail_address_invalid", "mail_body_too_long")


def test_the_length_of_a_subject_template_leaves_its_variables_out() -> None:
    assert mail.literal_length("{{ company }}さまへ{% if x %}ご案内{% endif %}") == 6
