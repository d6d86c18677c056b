"""The table of area codes against the library that it was made from."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from isdesk.files.area_codes import LENGTHS, area_code_length
from isdesk.files.phones import by_library, shown


def by_the_book(e164: str) -> str:
    """Return a number as the library writes it."""
    return phonenumbers.format_number(phonenumbers.parse(e164, None), phonenumbers.PhoneNumberFormat.NATIONAL)


def test_every_prefix_of_a_fixed_line_is_cut_as_the_library_cuts_it() -> None:
    valid = 0
    for prefix in range(10_000, 100_000):
        e164 = f"+81{prefix}2345"
        if by_library(e164) is None:
            continue
        valid += 1
        assert shown(e164) == by_the_book(e164)
    assert valid > 50_000


@given(st.from_regex(r"[1-9][0-9]{8,9}", fullmatch=True))
def test_any_japanese_number_reads_as_the_library_writes_it(national: str) -> None:
    e164 = f"+81{national}"
    if by_library(e164) is not None:
        assert shown(e164) == by_the_book(e164)


@given(st.from_regex(r"[5-9]0[0-9]{8}", fullmatch=True))
def test_a_mobile_number_reads_so_even_where_nobody_can_have_it(national: str) -> None:
    assert shown(f"+81{national}") == by_the_book(f"+81{national}")


def test_no_prefix_stands_under_two_lengths() -> None:
    words = [word for prefixes in LENGTHS.values() for word in prefixes.split()]
    assert len(words) == len(set(words))
    assert all(area_code_length(word + "0" * (9 - len(word))) == n for n, p in LENGTHS.items() for word in p.split())


def test_common_numbers_need_no_library() -> None:
    numbers = ["+81312345678", "+81523456789", "+81466123456", "+81997212345", "+819012345678", "+818001234567"]
    code = (
        "import sys; from isdesk.files.phones import shown, to_e164;"
        f"[shown(n) for n in {numbers!r}]; to_e164('052-345-6789');"
        "print('phonenumbers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
