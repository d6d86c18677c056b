"""Numbers as people write them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.files.phones import by_library, found, is_mobile, shown, to_e164


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03-1234-5678", "+81312345678"),
        ("０３－１２３４－５６７８", "+81312345678"),
        ("03ー1234ー5678", "+81312345678"),
        ("03(1234)5678", "+81312345678"),
        ("(03)1234-5678", "+81312345678"),
        ("０３（１２３４）５６７８", "+81312345678"),
        ("03 1234 5678", "+81312345678"),
        ("03.1234.5678", "+81312345678"),
        ("+81-3-1234-5678", "+81312345678"),
        ("+81 (0)3 1234 5678", "+81312345678"),
        ("81312345678", "+81312345678"),
        ("312345678", "+81312345678"),
        ("9012345678", "+819012345678"),
        ("466123456", "+81466123456"),
        ("0120-123-456", "+81120123456"),
        ("120123456", "+81120123456"),
        ("0570-000-000", "+81570000000"),
        ("050-1234-5678", "+815012345678"),
        ("060-1234-5678", "+816012345678"),
        ("03-1234-5678(内線123)", "+81312345678"),
        ("03-1234-5678 内線:45", "+81312345678"),
        ("03-1234-5678 ext. 12", "+81312345678"),
        ("03-1234-5678（代）", "+81312345678"),
        ("TEL:03-1234-5678", "+81312345678"),
        ("代表 03-1234-5678", "+81312345678"),
        ("+1 212-555-0123", "+12125550123"),
        ("010-1-212-555-0123", "+12125550123"),
        ("", None),
        ("なし", None),
        ("110", None),
        ("0", None),
        ("03-1234", None),
        ("000-0000-0000", None),
        ("2026-11-22 10:00", None),
        ("1234567890123", None),
        ("*21#09012345678#", "+819012345678"),
    ],
)
def test_reads_a_number(text: str, expected: str | None) -> None:
    assert to_e164(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03-1234-5678 / 090-1234-5678", ("+81312345678", "+819012345678")),
        ("03-1234-5678、0120-123-456", ("+81312345678", "+81120123456")),
        ("03-1234-5678\n03-1234-5678", ("+81312345678",)),
        ("代表03-1234-5678 直通03-1234-5679", ("+81312345678", "+81312345679")),
        ("0312345678 09012345678", ("+81312345678", "+819012345678")),
        ("No.12 03-1234-5678", ("+81312345678",)),
    ],
)
def test_finds_all_numbers_of_a_cell(text: str, expected: tuple[str, ...]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("e164", "expected"),
    [
        ("+81312345678", "03-1234-5678"),
        ("+819012345678", "090-1234-5678"),
        ("+81120123456", "0120-123-456"),
        ("+81466123456", "0466-12-3456"),
        ("+818001234567", "0800-123-4567"),
        ("+12125550123", "+1 212-555-0123"),
        ("nonsense", "nonsense"),
    ],
)
def test_shows_a_number(e164: str, expected: str) -> None:
    assert shown(e164) == expected


def test_tells_mobile_from_fixed() -> None:
    assert is_mobile("+819012345678")
    assert not is_mobile("+81312345678")
    assert not is_mobile("+81902123456")


_starts = st.sampled_from(
    ["0", "+81", "+810", "03", "06", "090", "080", "070", "060", "050", "0120", "0800", "0570", "04", "011", "09"]
)


@given(start=_starts, rest=st.text("0123456789", min_size=5, max_size=11))
def test_the_fast_way_agrees_with_the_library(start: str, rest: str) -> None:
    assert to_e164(start + rest) == by_library(start + rest)


@given(rest=st.text("0123456789", min_size=9, max_size=10).filter(lambda s: s[0] != "0"))
def test_a_lost_zero_is_put_back_as_the_library_would(rest: str) -> None:
    repaired = to_e164(rest)
    if repaired is not None:
        assert repaired in {by_library("0" + rest), by_library(rest)}


@given(start=_starts, rest=st.text("0123456789", min_size=5, max_size=10))
def test_what_is_shown_reads_back_as_the_same_number(start: str, rest: str) -> None:
    number = to_e164(start + rest)
    if number is not None:
        assert to_e164(shown(number)) == number
        parsed = phonenumbers.parse(number, None)
        assert shown(number) == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


@given(st.text(max_size=40))
def test_any_text_gives_a_valid_number_or_none(text: str) -> None:
    number = to_e164(text)
    assert number is None or phonenumbers.is_valid_number(phonenumbers.parse(number, None))
