"""Sequences as a rule with laws: whatever happens in whatever order, every device sees the same, and it makes sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain import sequence
from isdesk.domain.changes import Value
from isdesk.domain.deriving import derive
from isdesk.domain.filing import Filing
from isdesk.domain.ids import DeviceId, JournalId, LeadId, TouchId, uuid7
from isdesk.domain.rules import Label, SequenceStep
from isdesk.domain.rules import Sequence as Definition
from isdesk.domain.sequence import Around, Enrolment
from isdesk.domain.sequence_filing import enrol_payload
from isdesk.domain.state import LeadFacts
from isdesk.domain.touch import ActionKind, Channel, Direction, Touch, effective
from tests.domain.sample import CALENDAR, ME, MY_DEVICE, NOW, OTHER_DEVICE, RULES, lead, touch

LEAD = LeadId("lead-1")
END = NOW + timedelta(days=40)


def filed(n: int, at: datetime, device: DeviceId = MY_DEVICE, **payload: Value) -> Filing:
    return Filing(f"f{n:03d}{device}", sequence.KIND, LEAD, ME, device, n, at, LEAD, dict(payload))


def enrolled(definition: Definition, at: datetime = NOW, times: int = 0, device: DeviceId = MY_DEVICE) -> Filing:
    key = sequence.enrolment_key(LEAD, definition.code, times)
    return filed(times, at, device, **enrol_payload(definition, key, CALENDAR.day_of(at), "team@1"))


def reachable() -> LeadFacts:
    return lead(email="a@example.jp", owner_id=ME)


def folded(filings: list[Filing], touches: list[Touch], facts: LeadFacts | None = None) -> tuple[Enrolment, ...]:
    return sequence.fold(filings, Around(facts or reachable(), effective(touches), RULES, CALENDAR))


steps = st.lists(
    st.builds(
        SequenceStep,
        st.sampled_from((Channel.MAIL, Channel.PHONE, Channel.LINKEDIN)),
        st.integers(0, 20),
        template=st.just("first"),
    ),
    min_size=1,
    max_size=5,
).map(lambda found: tuple(sorted(found, key=lambda one: one.days)))
definitions = st.builds(
    Definition,
    st.just("follow"),
    st.just(1),
    st.just(Label("追う", "follow")),
    steps,
    stops=st.sampled_from(((), ("promise",), ("talk",), ("promise", "talk"))),
    automatic=st.booleans(),
    gap_days=st.integers(1, 5),
)
EVENTS = ("dial", "mail", "step", "social", "reply", "talk", "skip", "block", "stop", "again")
minutes = st.integers(-3 * 24 * 60, 40 * 24 * 60)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Definition, list[Filing], list[Touch]]:
    """A sequence with what people and machines did around it, at any time."""
    definition = draw(definitions)
    first = enrolled(definition)
    key = str(first.payload["key"])
    filings, touches = [first], list[Touch]()
    for n, at in enumerate(draw(st.lists(minutes, max_size=8)), 1):
        when = NOW + timedelta(minutes=at)
        what = draw(
            st.sampled_from(("dial", "mail", "step", "social", "reply", "talk", "skip", "block", "stop", "again"))
        )
        number = draw(st.integers(1, len(definition.steps)))
        made = touch(when, "NONE", id=TouchId(f"t{n}"), device_seq=n)
        written = replace(made, outcome=None, plan=None, dial_id=None)
        if what == "dial":
            touches.append(made)
        elif what in ("mail", "social"):
            channel = Channel.MAIL if what == "mail" else Channel.LINKEDIN
            touches.append(replace(written, channel=channel, direction=Direction.OUT))
        elif what == "step":
            touches.append(replace(written, id=TouchId(sequence.step_key(key, number)), channel=Channel.MAIL))
        elif what == "reply":
            touches.append(replace(written, channel=Channel.MAIL, direction=Direction.IN, signal="mail_reply"))
        elif what == "talk":
            touches.append(touch(when, "INFO", id=TouchId(f"t{n}"), device_seq=n))
        elif what == "again":
            filings.append(enrolled(definition, when, times=0, device=OTHER_DEVICE))
        else:
            why = "hand" if what == "stop" else "mail_no_consent"
            filings.append(filed(100 + n, when, event=what, key=key, step=number, why=why, reason="r"))
    return definition, filings, list({one.id: one for one in touches}.values())


@given(stories(), st.randoms())
def test_every_device_sees_the_same_whatever_came_first(
    story: tuple[Definition, list[Filing], list[Touch]], random: st.DataObject
) -> None:
    _, filings, touches = story
    once = folded(filings, touches)
    other, mixed = list(filings), list(touches)
    random.shuffle(other)  # type: ignore[attr-defined]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert folded(other, mixed) == once
    assert folded([*other, *other[:1]], mixed) == once, "what comes twice counts once"


@given(stories())
def test_steps_are_due_on_open_days_in_their_order_and_never_before_their_day(
    story: tuple[Definition, list[Filing], list[Touch]],
) -> None:
    definition, filings, touches = story
    (one,) = [found for found in folded(filings, touches) if found.state != "second"]
    for n, step in enumerate(one.steps):
        day = CALENDAR.day_of(step.due_at)
        assert CALENDAR.is_open_day(day)
        assert day >= CALENDAR.add_business_days(one.anchor, definition.steps[n].days)
        if n:
            before = one.steps[n - 1]
            assert step.due_at >= (before.at or before.due_at)
            if step.state in ("done", "skipped"):
                assert before.state in ("done", "skipped"), "no step is passed over"
            planned = definition.steps[n].days - definition.steps[n - 1].days
            came = CALENDAR.day_of(before.at or before.due_at)
            if planned > 0:
                gap = CALENDAR.business_days_between(came, day)
                assert gap >= min(planned, definition.gap_days), "what is late keeps its distance"


@given(stories())
def test_what_runs_has_one_next_step_and_what_ended_has_none(
    story: tuple[Definition, list[Filing], list[Touch]],
) -> None:
    _, filings, touches = story
    found = folded(filings, touches)
    assert sum(one.state == "running" for one in found) <= 1
    if any(t.direction is Direction.IN and t.at > found[0].at for t in touches):
        assert found[0].state != "running", "a reply ends it"
    for one in found:
        open_steps = [step for step in one.steps if step.state in ("open", "blocked")]
        assert (one.next is not None) == (one.state == "running")
        assert len(open_steps) <= 1
        if one.state == "stopped":
            assert one.stop is not None
        if one.state == "finished":
            assert open_steps == []


@given(stories(), st.sampled_from(({}, {"dnc": True}, {"email_opt_out": True}, {"email": ""}, {"owner_id": "other"})))
def test_an_open_lead_in_a_sequence_always_has_a_next_action(
    story: tuple[Definition, list[Filing], list[Touch]], fields: dict[str, object]
) -> None:
    _, filings, touches = story
    facts = reachable().with_fields(fields)  # type: ignore[arg-type]
    state = derive(facts, touches, rules=RULES, calendar=CALENDAR, now=END, filings=filings)
    assert state.next_action is not None, "nothing in these stories closes a lead"
    assert state.open
    if fields in ({"dnc": True}, {"email_opt_out": True}):
        runs = folded(filings, touches, facts)
        assert all(one.state != "running" for one in runs)
        assert state.next_action is None or sequence.said(state.next_action.why) is None
    if fields == {"email": ""} and state.next_action is not None:
        found = sequence.said(state.next_action.why)
        if found is not None and state.next_action.kind is ActionKind.MAIL:
            assert found.blocked == "mail_no_address"


def test_what_a_colleague_recorded_offline_before_the_enrolment_and_is_heard_of_after_it_ends_it() -> None:
    definition = Definition("follow", 1, Label("追う", "follow"), (SequenceStep(Channel.MAIL, 3, template="first"),))
    refusal = touch(NOW - timedelta(hours=1), "REFUSED", id=TouchId("t-other"), device_id=OTHER_DEVICE)
    key = sequence.enrolment_key(LEAD, "follow", 0)
    for known, state in (([], "stopped"), ([refusal.id], "running")):
        payload = enrol_payload(definition, key, CALENDAR.day_of(NOW), "team@1", known)
        (one,) = folded([replace(filed(0, NOW), payload=payload)], [refusal])
        assert one.state == state
    assert sequence.against(definition, [refusal], RULES) == [refusal.id]


def test_a_reply_that_a_colleague_read_long_ago_and_of_which_we_hear_only_now_ends_it() -> None:
    """Their desk read its mailbox in time and was off for weeks; what a list told weeks later is history."""
    definition = Definition("follow", 1, Label("追う", "follow"), (SequenceStep(Channel.MAIL, 3, template="first"),))
    came = NOW - timedelta(days=40)
    for read, state in ((came + timedelta(hours=3), "stopped"), (NOW - timedelta(days=1), "running")):
        noted = JournalId(uuid7(int(read.timestamp() * 1000), bytes(10)))
        letter = replace(
            touch(came, "NONE", id=TouchId("t-reply"), device_id=OTHER_DEVICE), journal_id=noted, outcome=None,
            plan=None, dial_id=None, channel=Channel.MAIL, direction=Direction.IN, signal="mail_reply",
        )  # fmt: skip
        (one,) = folded([enrolled(definition)], [letter])
        assert one.state == state


def test_a_letter_of_the_sequence_before_is_no_step_of_the_next_one() -> None:
    """It was in doubt when the first one was stopped, and a person says only now that it arrived."""
    step = SequenceStep(Channel.MAIL, 0, template="first")
    definitions = [Definition(code, 1, Label(code, code), (step,)) for code in ("follow", "other")]
    before, after = enrolled(definitions[0]), enrolled(definitions[1], NOW + timedelta(minutes=5))
    key = str(before.payload["key"])
    stop = filed(9, NOW + timedelta(minutes=1), event="stop", key=key, why="hand")
    late = replace(
        touch(NOW + timedelta(days=1), "NONE", id=TouchId(sequence.step_key(key, 1))),
        outcome=None, plan=None, dial_id=None, channel=Channel.MAIL,
    )  # fmt: skip
    assert [one.state for one in folded([before, stop, after], [late])] == ["stopped", "running"]
    by_hand = replace(late, id=TouchId("by-hand"))
    assert [one.state for one in folded([before, stop, after], [by_hand])] == ["stopped", "finished"]
