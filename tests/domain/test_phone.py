"""A call as it goes on: whatever a telephone says, in whatever order, its record holds together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain import phone
from isdesk.domain.phone import PATIENT_S, End, Limits, Phase, PhoneCall
from tests.domain.sample import RULES

CALL = PhoneCall("1", "+81312345678", 100.0)
LIMITS = Limits()


def test_the_times_of_a_talk() -> None:
    call = phone.ended(phone.talking(phone.ringing(CALL, 101), 109.4), 170.0)
    assert (phone.ring_s(call, 999), phone.talk_s(call, 999)) == (8, 61)
    assert call.end is End.ANSWERED


def test_a_talk_that_this_desk_ends_was_answered() -> None:
    call = phone.giving_up(phone.talking(CALL, 105), 150)
    assert phone.ended(call, 151, End.CANCELLED).end is End.ANSWERED


@pytest.mark.parametrize(
    ("rang", "gave_up", "end"),
    [
        (102.0, 104.0, End.CANCELLED),
        (102.0, 102.0 + PATIENT_S, End.NO_ANSWER),
        (None, 104.0, End.CANCELLED),
        (None, 100.0 + PATIENT_S, End.FAILED),
    ],
)
def test_giving_up_means_by_how_long_was_waited(rang: float | None, gave_up: float, end: End) -> None:
    call = CALL if rang is None else phone.ringing(CALL, rang)
    assert phone.ended(phone.giving_up(call, gave_up), gave_up + 1).end is end


def test_silence_has_an_end() -> None:
    assert phone.overdue(CALL, 100 + LIMITS.setup_s - 1, LIMITS) is None
    assert phone.overdue(CALL, 100 + LIMITS.setup_s, LIMITS) is End.FAILED
    rings = phone.ringing(CALL, 103)
    assert phone.overdue(rings, 103 + LIMITS.ring_s - 1, LIMITS) is None
    assert phone.overdue(rings, 103 + LIMITS.ring_s, LIMITS) is End.NO_ANSWER
    assert phone.overdue(phone.talking(rings, 110), 99_999, LIMITS) is None
    assert phone.overdue(phone.lost(rings), 99_999, LIMITS) is None, "nobody knows; the rep does"


def test_what_is_proposed_stands_in_the_definitions() -> None:
    one = replace(next(iter(RULES.outcomes.values())), proposed_on=("busy",))
    assert phone.proposed(End.BUSY, {"X": one}) == (one.code,)
    assert phone.proposed(End.BUSY, {"X": replace(one, active=False)}) == ()
    assert phone.proposed(End.FAILED, {"X": one}) == ()


def test_an_answered_call_fits_every_answered_outcome() -> None:
    found = phone.proposed(End.ANSWERED, RULES.outcomes)
    assert set(found) == {o.code for o in RULES.outcomes.values() if o.answered and o.active}


def test_nothing_is_proposed_for_a_call_that_is_on() -> None:
    assert phone.proposed(phone.talking(CALL, 101).end, RULES.outcomes) == ()


HOW: dict[str, Callable[[PhoneCall, float], PhoneCall]] = {
    "ring": phone.ringing,
    "talk": phone.talking,
    "give_up": phone.giving_up,
    "over": lambda call, now: phone.ended(call, now, End.BUSY),
    "lost": lambda call, _: phone.lost(call),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(HOW)), st.floats(0, 100)), max_size=12)


@given(STEPS)
def test_a_call_never_goes_back(steps: list[tuple[str, float]]) -> None:
    order = list(Phase)
    call, now = CALL, CALL.began
    for what, wait in steps:
        now += wait
        before = call
        call = HOW[what](call, now)
        assert order.index(call.phase) >= order.index(before.phase)
        if before.over is not None:
            assert call == before, "the first end stays"
    for seconds in (phone.ring_s(call, now), phone.talk_s(call, now)):
        assert seconds is None or 0 <= seconds <= now - CALL.began + 1
    assert (call.end is End.ANSWERED) == (call.over is not None and call.answered is not None)
