"""Numbers become links through one door only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.channels.telephony import SCHEMES, dial_number, form
from isdesk.domain.errors import BadInput


@pytest.mark.parametrize("text", ["+81520001234", "110", "0520001234"])
def test_a_number_becomes_a_tel_link(text: str) -> None:
    assert dial_number(text).url == f"tel:{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "12",
        "*21*0900000000#",
        "090-0000-0000",
        "+81 52",
        "tel:1",
        "123;ext=1",
        "\uff11\uff12\uff13\uff14",
        "1" * 16,
        "123\n",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as told:
        dial_number(text)
    assert told.value.code == "number_not_dialable"


@given(st.text(max_size=20))
def test_nothing_but_plus_and_digits_ever_passes(text: str) -> None:
    try:
        url = dial_number(text).url
    except BadInput:
        return
    assert set(url.removeprefix("tel:")) <= set("+0123456789")


@pytest.mark.parametrize("national", [False, True])
@pytest.mark.parametrize(
    ("prefix", "number", "dialled"),
    [
        ("184", "+81312345678", "1840312345678"),
        ("0", "+81312345678", "00312345678"),
        ("184", "+14155551234", "18401014155551234"),
        ("0", "0312345678", "00312345678"),
        ("0", "110", "0110"),
    ],
)
def test_behind_a_prefix_a_number_is_written_as_it_is_dialled_in_japan(
    prefix: str, number: str, dialled: str, national: bool
) -> None:
    assert form("tel", national=national, prefix=prefix).digits(dial_number(number)) == dialled


def test_without_a_prefix_a_number_of_another_country_stays_as_it_is() -> None:
    assert form("tel", national=True).digits(dial_number("+14155551234")) == "+14155551234"


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_the_number_is_in_the_link_as_it_is_dialled(scheme: str) -> None:
    made = form(scheme, "pbx.example" if "{domain}" in SCHEMES[scheme] else "", national=True)
    assert "0312345678" in made.url(dial_number("+81312345678"))
    assert "://" not in SCHEMES[scheme], "in the place of a host a number would be changed"
