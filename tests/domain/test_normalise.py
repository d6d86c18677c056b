"""Texts in one form: widths, kana, company names, mail, telephone digits, 法人番号."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isdesk.domain import normalise

names = st.text(st.sampled_from("青葉精機みなとABCアイウー0123・ "), max_size=12).map(lambda tail: f"港{tail}")
FORMS = ["株式会社{}", "{}株式会社", "(株){}", "{}(株)", "㈱{}", "{}㈱", "（株）{}", "株式会社 {}", "{} ㍿"]


@given(names, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_a_company_is_the_same_under_any_spelling_of_its_form(name: str, one: str, other: str) -> None:
    assert normalise.company_name(one.format(name)) == normalise.company_name(other.format(name))


@example("A´")
@example("わ\u3099")
@given(st.text(max_size=30))
def test_normal_forms_are_stable(value: str) -> None:
    for form in (normalise.text, normalise.search_key, normalise.digits, normalise.hiragana, normalise.katakana):
        once = form(value)
        assert form(once) == once
    assert normalise.company_name(value) == normalise.company_name(normalise.text(value))


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096), max_size=20))
def test_kana_go_over_and_back(kana: str) -> None:
    assert normalise.hiragana(normalise.katakana(kana)) == kana


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("有限会社みなと商事", "みなと商事(有)"),
        ("合同会社ひなた", "(同)ひなた"),
        ("一般社団法人 青葉会", "青葉会"),
        ("医療法人社団青葉会", "青葉会"),
        ("Aoba Co., Ltd.", "ＡＯＢＡ"),
        ("Aoba Inc.", "aoba"),
        ("Aoba K.K.", "AOBA"),
        ("カブシキガイシャアオバ", "アオバ"),
        ("カ)アオバ", "あおば"),
        ("ｱｵﾊﾞ", "アオバ"),
        ("青葉・精機", "青葉 精機"),
    ],
)
def test_companies_that_are_the_same(one: str, other: str) -> None:
    assert normalise.company_name(one) == normalise.company_name(other)


def test_companies_that_are_not() -> None:
    assert normalise.company_name("青葉精機") != normalise.company_name("青葉精工")
    assert normalise.company_name("青葉ホールディングス") != normalise.company_name("青葉")
    assert normalise.company_name("株式会社") == "株式会社"
    assert normalise.company_name("Zinc") == "zinc"
    assert normalise.company_name("") == ""


def test_texts_and_persons() -> None:
    assert normalise.text(" Ａ　Ｂ\n c ") == "A B c"
    assert normalise.search_key("ヤマダ 太郎") == "やまだ太郎"
    assert normalise.search_key("ﾔﾏﾀﾞ") == "やまだ"
    assert normalise.person_name("山田　太郎 様") == "山田太郎"
    assert normalise.person_name("様") == "様"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (" Yamada＠Example.co.jp ", "yamada@example.co.jp"),
        ("mailto:a@example.com", "a@example.com"),
        ("a@b@example.com", None),
        ("example.com", None),
        ("@example.com", None),
        ("a@example", None),
        ("a@.example.com", None),
        ("a@", None),
    ],
)
def test_mail(said: str, expected: str | None) -> None:
    assert normalise.mail(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("03-1234-5678", "312345678"),
        ("+81 3-1234-5678", "312345678"),
        ("+81 (0)3-1234-5678", "312345678"),
        ("０３－１２３４－５６７８", "312345678"),
        ("+1 212 555 0100", "12125550100"),
        ("", ""),
    ],
)
def test_the_digits_of_a_number(said: str, expected: str) -> None:
    assert normalise.phone_digits(said) == expected


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 9))
def test_the_check_digit_catches_a_wrong_first_digit(twelve: str, first: int) -> None:
    right = normalise.check_digit(twelve)
    assert 1 <= right <= 9
    assert (normalise.corporate_number(f"{first}{twelve}") is not None) == (first == right)


def test_a_corporate_number_in_any_spelling() -> None:
    assert normalise.corporate_number("7000012050002") == "7000012050002"
    assert normalise.corporate_number("Ｔ7-0000-1205-0002") == "7000012050002"
    assert normalise.corporate_number("8000012050002") is None
    assert normalise.corporate_number("700001205000") is None
    assert normalise.corporate_number("0000000000000") is None
