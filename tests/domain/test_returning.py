"""Lost leads and what became of them: when they are lost, contacted again, back at a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.handoff import Action, Transition, fold_all
from isdesk.domain.ids import DeviceId, HandoffId, LeadId, MemberId, TouchId, TransitionId
from isdesk.domain.returning import PARTS, counted, losses, of_part
from isdesk.domain.touch import ActionKind, Channel, Direction, Plan, Reached, Touch
from tests.domain.sample import RULES

START = datetime(2026, 6, 1, 1, tzinfo=UTC)
LEAD = LeadId("l")
OUTCOMES = RULES.outcomes


def touch(day: int, outcome: str | None, **more: object) -> Touch:
    plain = Touch(
        TouchId(f"t{day}"), LEAD, None, MemberId("m"), DeviceId("d"), day, START + timedelta(days=day),
        outcome=outcome, reached=Reached.DECISION_MAKER,
    )  # fmt: skip
    from dataclasses import replace

    return replace(plain, **more)  # type: ignore[arg-type]


def rest(day: int) -> Plan:
    return Plan(ActionKind.NURTURE, START + timedelta(days=day))


def step(day: int, action: str, **payload: object) -> Transition:
    return Transition(
        TransitionId(f"s{day}"), HandoffId("h"), LEAD, MemberId("m"), DeviceId("d"), 100 + day,
        START + timedelta(days=day), action, payload=dict(payload),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_refusal_that_rests_is_lost_and_comes_back_with_a_meeting() -> None:
    (one,) = losses(
        [
            touch(1, "REFUSED", reason="no_need", plan=rest(181), script="std@1", objections=("busy",)),
            touch(150, None, signal="mail_open"),
            touch(181, "NONE", reached=None, channel=Channel.MAIL),
            touch(184, "MEETING"),
        ],
        (),
        OUTCOMES,
    )
    assert (one.kind, one.reason, one.script, one.objections) == ("refusal", "no_need", "std@1", ("busy",))
    assert one.planned == START + timedelta(days=181)
    assert one.again_at == START + timedelta(days=181)
    assert one.back_at == START + timedelta(days=184)


def test_what_goes_on_or_was_never_answered_is_no_loss() -> None:
    going = Plan(ActionKind.CALLBACK_EXACT, START + timedelta(days=2))
    assert losses([touch(1, "FIXING", reason="budget", plan=going)], (), OUTCOMES) == []
    assert losses([touch(1, "NONE", reached=None, reason="budget", plan=rest(9))], (), OUTCOMES) == []
    assert losses([touch(1, "MEETING", reason="budget", plan=Plan(None))], (), OUTCOMES) == []
    assert losses([touch(1, "REFUSED", plan=Plan(None))], (), OUTCOMES) == []
    used_up = Plan(ActionKind.NURTURE, START + timedelta(days=30), "exhausted:P_GATE")
    assert losses([touch(1, "REFUSED", plan=used_up)], (), OUTCOMES) == []
    assert len(losses([touch(1, "REFUSED", plan=used_up, reason="no_need")], (), OUTCOMES)) == 1
    (closed,) = losses([touch(1, "REFUSED", reason="no_need", plan=Plan(None))], (), OUTCOMES)
    assert (closed.planned, closed.again_at, closed.back_at) == (None, None, None)


def test_a_lead_lost_twice_is_two_losses_and_the_meeting_belongs_to_the_second() -> None:
    first, second = losses(
        [
            touch(1, "REFUSED", reason="no_need", plan=rest(30)),
            touch(31, "REFUSED", reason="budget", plan=rest(60)),
            touch(61, "MEETING"),
        ],
        (),
        OUTCOMES,
    )
    assert (first.again_at, first.back_at) == (START + timedelta(days=31), None)
    assert second.back_at == START + timedelta(days=61)


def test_a_deal_lost_stands_with_the_script_that_made_its_meeting() -> None:
    calls = [touch(1, "MEETING", script="std@2"), touch(3, "FIXING", script="other@1")]
    steps = [step(2, Action.SUBMIT), step(4, Action.ACCEPT), step(20, Action.FEEDBACK, result="lost", factor="price")]
    (one,) = losses([*calls, touch(120, "NONE", reached=None)], fold_all(steps), OUTCOMES)
    assert (one.kind, one.reason, one.script, one.at) == ("lost", "price", "std@2", START + timedelta(days=20))
    assert one.planned == START + timedelta(days=110)
    assert one.again_at == START + timedelta(days=120)
    assert one.back_at is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["REFUSED", "MEETING", "NONE", "FIXING"]),
            st.booleans(),
            st.sampled_from([Direction.OUT, Direction.IN]),
        ),
        max_size=12,
    )
)
def test_parts_are_parts_of_one_another(drawn: list[tuple[str, bool, Direction]]) -> None:
    made = [
        touch(day, outcome, reason="no_need" if outcome == "REFUSED" else None, direction=way,
              plan=rest(day + 9) if rests else Plan(None))
        for day, (outcome, rests, way) in enumerate(drawn)
    ]  # fmt: skip
    now = START + timedelta(days=10)
    found = losses(made, (), OUTCOMES)
    row = counted("k", "K", found, now)
    assert row.lost >= row.planned >= row.due
    assert row.lost >= row.again >= row.back
    assert [sum(of_part(one, part, now) for one in found) for part in PARTS] == [
        row.lost, row.planned, row.due, row.again, row.back,
    ]  # fmt: skip
    meetings = sum(outcome == "MEETING" for outcome, *_ in drawn)
    assert row.back <= meetings
    assert all(one.back_at is None or (one.again_at is not None and one.again_at <= one.back_at) for one in found)
