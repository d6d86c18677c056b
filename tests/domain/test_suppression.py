"""Do-not-call outlives the lead, and only an event lifts it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.suppression import KINDS, Suppression, active, active_events, digest
from tests.domain.sample import ME, NOW

KEY = b"k" * 32


def event(n: int, hmac: str = "h", lifts: int | None = None) -> Suppression:
    return Suppression(str(n), "number", hmac, NOW, ME, lifts=None if lifts is None else str(lifts))


def test_an_event_holds_until_it_is_lifted_and_again_when_the_lift_is_lifted() -> None:
    assert active([]) == set()
    assert active([event(1)]) == {"h"}
    assert active([event(1), event(2, lifts=1)]) == set()
    assert active([event(1), event(2, lifts=1), event(3, lifts=2)]) == {"h"}


def test_the_most_restrictive_holds() -> None:
    assert active([event(1), event(2), event(3, lifts=1)]) == {"h"}
    assert [e.id for e in active_events([event(1), event(2), event(3, lifts=1)])] == ["2"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 9)), max_size=10), st.randoms())
def test_the_order_and_a_repetition_make_no_difference(made: list[tuple[str, int | None]], random: object) -> None:
    events = [event(n, hmac, lifts) for n, (hmac, lifts) in enumerate(made)]
    mixed = [*events, *events]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert active(mixed) == active(events)


@given(st.sampled_from(KINDS), st.text(max_size=20), st.text(max_size=20))
def test_digests_tell_values_kinds_and_keys_apart(kind: str, one: str, other: str) -> None:
    assert digest(KEY, kind, one) == digest(KEY, kind, f" {one} ")
    assert (digest(KEY, kind, one) == digest(KEY, kind, other)) == (
        one.strip() == other.strip() or (kind == "mail" and one.strip().lower() == other.strip().lower())
    )
    assert digest(KEY, "number", one) != digest(KEY, "lead", one)
    assert digest(KEY, kind, one) != digest(b"other", kind, one)


def test_a_mail_address_is_the_same_in_any_case() -> None:
    assert digest(KEY, "mail", "A@Example.com") == digest(KEY, "mail", " a@example.com")
    assert "example" not in digest(KEY, "mail", "a@example.com")
