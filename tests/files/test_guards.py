"""The guard against formulas goes on once and comes off once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.files.guards import guard, plain, unguard

_texts = st.text(st.sampled_from("'=+-@＝＋－＠\t\r\n \u3000\"a1あ\ufeff"), max_size=8) | st.text(max_size=30)


@pytest.mark.parametrize(
    "text", ["=1+1", "+81312345678", "-5", "@x", "＝A1", "＋１", "－", "＠", "\tx", " =1", '"=1', "'=x"]
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "青空", "03-1234-5678", "a=b", "'80年代", "1-2"])
def test_what_is_harmless_stays(text: str) -> None:
    assert guard(text) == unguard(text) == text


@given(_texts)
def test_off_is_the_opposite_of_on(text: str) -> None:
    assert unguard(guard(text)) == text
    assert plain(guard(text)) == text or (text.startswith('="') and plain(text) != text) is False


@given(_texts)
def test_a_guarded_cell_never_begins_like_a_formula(text: str) -> None:
    stripped = guard(text).lstrip(' \u3000\ufeff"')
    assert not stripped.startswith(tuple("=+-@＝＋－＠\t\r\n"))


def test_texts_that_keep_their_zeros_by_a_formula() -> None:
    assert plain('="0312345678"') == "0312345678"
    assert plain("=SUM(A1)") == "=SUM(A1)"
