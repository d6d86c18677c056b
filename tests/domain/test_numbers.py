"""A lead's numbers and the identifiers that carry their time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.ids import made_at, uuid7
from isdesk.domain.numbers import Number, bad_numbers, numbers, usable
from tests.domain.sample import DIRECT, MOBILE, NOW, SWITCHBOARD, lead


def test_numbers_in_dialling_order_each_once() -> None:
    facts = lead(phone_mobile=MOBILE, bad_numbers={DIRECT: "fax"})
    assert numbers(facts) == (
        Number("direct", DIRECT, "fax"),
        Number("mobile", MOBILE),
        Number("switchboard", SWITCHBOARD),
    )
    assert [n.e164 for n in usable(facts)] == [MOBILE, SWITCHBOARD]
    assert [n.kind for n in numbers(lead(phone_direct=SWITCHBOARD))] == ["direct"]
    assert bad_numbers(lead()) == {}


@given(st.integers(0, 2**44), st.binary(min_size=10, max_size=10))
def test_an_identifier_tells_when_it_was_made(unix_ms: int, random: bytes) -> None:
    at = made_at(uuid7(unix_ms, random))
    assert at is None or int(at.timestamp() * 1000 + 0.5) == unix_ms


def test_other_identifiers_tell_nothing() -> None:
    assert made_at("lead-1") is None
    assert made_at("12345678-1234-4234-8234-123456789012") is None
    assert made_at(uuid7(2**48 - 1, bytes(10))) is None
    assert made_at(uuid7(int(NOW.timestamp() * 1000), bytes(10))) == NOW
