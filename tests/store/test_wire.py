"""Facts as they travel: what goes out comes back the same, and what is spoilt is refused whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.errors import BadInput
from isdesk.domain.handoff import Transition
from isdesk.domain.ids import DeviceId, HandoffId, JournalId, LeadId, MemberId, TouchId, TransitionId
from isdesk.domain.suppression import Suppression
from isdesk.domain.touch import ActionKind, Plan, Reached, Touch
from isdesk.store import wire
from isdesk.store.rows import (
    suppression_from_row,
    touch_from_row,
    transition_from_row,
)

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
TEXTS = st.text(max_size=20)
MAYBE = st.none() | TEXTS
PLANS = st.builds(
    Plan,
    st.none() | st.sampled_from(ActionKind),
    st.none() | TIMES,
    TEXTS,
    st.booleans(),
    st.lists(TIMES, max_size=3).map(tuple),
)
TOUCHES = st.builds(
    Touch,
    id=st.just(TouchId("t")),
    lead_id=st.just(LeadId("l")),
    company_id=st.none(),
    member_id=st.just(MemberId("m")),
    device_id=st.just(DeviceId("d")),
    device_seq=st.integers(0, 1 << 40),
    at=TIMES,
    journal_id=st.none() | st.just(JournalId("j")),
    outcome=MAYBE,
    reached=st.none() | st.sampled_from(Reached),
    note=TEXTS,
    number=MAYBE,
    talk_s=st.none() | st.integers(0, 10_000),
    objections=st.lists(TEXTS, max_size=3).map(tuple),
    plan=st.none() | PLANS,
    cooldown_until=st.none() | TIMES,
    void=st.booleans(),
    skew_ms=st.integers(-5000, 5000),
)


@given(TOUCHES)
def test_a_touch_survives_the_way(touch: Touch) -> None:
    assert touch_from_row(wire.back("touch", "t", wire.touch(touch))) == touch


@given(TIMES, MAYBE, st.booleans(), st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_a_transition_survives_the_way(at: datetime, reason: str | None, void: bool, payload: dict[str, str]) -> None:
    step = Transition(
        TransitionId("x"), HandoffId("h"), LeadId("l"), MemberId("m"), DeviceId("d"), 1, at, "submit",
        reason=reason, payload=dict(payload), void=void,
    )  # fmt: skip
    assert transition_from_row(wire.back("transition", "x", wire.transition(step))) == step


@given(TIMES, TEXTS, MAYBE)
def test_a_do_not_call_survives_the_way(at: datetime, reason: str, lifts: str | None) -> None:
    event = Suppression("s", "number", "00ff", at, MemberId("m"), reason=reason, lifts=lifts, evidence="t1")
    assert suppression_from_row(wire.back("suppression", "s", wire.suppression(event))) == event


GOOD = wire.touch(
    Touch(TouchId("t"), LeadId("l"), None, MemberId("m"), DeviceId("d"), 1, datetime(2026, 11, 20, tzinfo=UTC))
)


@pytest.mark.parametrize(
    "spoilt",
    [{"at": "yesterday"}, {"at": None}, {"lead_id": None}, {"device_seq": "one"}, {"note": 5}, {"plan": "call"}],
)
def test_a_spoilt_fact_is_refused(spoilt: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refused:
        wire.back("touch", "t", {**GOOD, **spoilt})  # type: ignore[dict-item]
    assert refused.value.params["field"] in spoilt
