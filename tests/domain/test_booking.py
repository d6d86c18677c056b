"""Slots that are offered, one identity for a meeting, and who keeps a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from isdesk import playbook
from isdesk.clock import TOKYO
from isdesk.domain import booking
from isdesk.domain.booking import CANCEL, KIND, SET, Booking, Span, bookings, clashes, free_slots, is_free, of_lead
from isdesk.domain.filing import Filing
from isdesk.domain.ids import DeviceId, LeadId, MemberId
from isdesk.domain.work_calendar import WorkCalendar

CALENDAR = WorkCalendar(playbook.load("default").rules.business)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO).astimezone(UTC)
"""A Friday; the Monday after it is a public holiday (勤労感謝の日)."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


spans = st.lists(
    st.builds(
        lambda start, length: Span(NOW + timedelta(minutes=start), NOW + timedelta(minutes=start + length)),
        st.integers(-3000, 30_000),
        st.integers(1, 3000),
    ),
    max_size=25,
)


@given(spans, st.integers(10, 480), st.integers(0, 500))
def test_every_slot_is_a_whole_meeting_in_business_hours_that_meets_nothing(
    busy: list[Span], minutes: int, hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    found = free_slots(busy, CALENDAR, now, minutes=minutes)
    assert found == sorted(set(found))
    assert len(found) <= booking.MOST
    length = timedelta(minutes=minutes)
    for start in found:
        assert CALENDAR.day_of(start) > CALENDAR.day_of(now)
        assert CALENDAR.business_minutes_between(start, start + length) == minutes
        assert is_free(busy, start, minutes)
    for before, after in pairwise(found):
        assert before + length <= after
    for day in {CALENDAR.day_of(start) for start in found}:
        assert sum(CALENDAR.day_of(start) == day for start in found) <= booking.PER_DAY


@given(spans, st.integers(10, 480))
def test_a_day_that_has_room_is_never_left_out(busy: list[Span], minutes: int) -> None:
    day = CALENDAR.add_business_days(CALENDAR.day_of(NOW), 1)
    starts = [
        CALENDAR.at(day, opens) + timedelta(minutes=n)
        for opens, closes in CALENDAR.business.hours
        for n in range(0, 24 * 60, booking.STEP)
        if CALENDAR.at(day, opens) + timedelta(minutes=n + minutes) <= CALENDAR.at(day, closes)
    ]
    room = any(is_free(busy, start, minutes) for start in starts)
    assert room == any(CALENDAR.day_of(one) == day for one in free_slots(busy, CALENDAR, NOW, minutes=minutes))


def test_holidays_and_what_is_taken_are_left_out() -> None:
    found = free_slots([Span(at(24, 9), at(24, 15))], CALENDAR, NOW, per_day=2, most=7)
    assert {CALENDAR.day_of(one).day for one in found} == {24, 25, 26, 27}, "Monday is a holiday"
    assert min(found) >= at(24, 15)
    assert is_free([Span(at(24, 9), at(24, 10), "own")], at(24, 9, 30), 60, but="own")
    assert not is_free([Span(at(24, 9), at(24, 10), "own")], at(24, 9, 30), 60)


def filing(n: int, when: datetime, uid: str = "u", who: str = "rep", fs: str = "fs", **more: object) -> Filing:
    step = str(more.pop("step", SET))
    told = booking.payload(step, when, 60, "本社", "山田様", fs)
    return Filing(f"f{n}", KIND, uid, MemberId(who), DeviceId(f"d-{who}"), n, NOW + timedelta(minutes=n),
                  LeadId(f"lead-{uid}"), told, **more)  # type: ignore[arg-type]  # fmt: skip


def test_moving_and_calling_off_is_the_same_meeting_with_a_higher_sequence() -> None:
    said = [filing(1, at(24, 10)), filing(2, at(25, 10)), filing(3, at(25, 10), step=CANCEL)]
    first, moved, off = (bookings(said[:n])["u"] for n in (1, 2, 3))
    assert [one.sequence for one in (first, moved, off)] == [0, 1, 2]
    assert [one.at for one in (first, moved, off)] == [at(24, 10), at(25, 10), at(25, 10)]
    assert [one.canceled for one in (first, moved, off)] == [False, False, True]
    assert (first.claimed_at, moved.claimed_at) == (NOW + timedelta(minutes=1), NOW + timedelta(minutes=2))
    assert of_lead([off], LeadId("lead-u")) is None
    assert of_lead([moved], LeadId("lead-u")) == moved


def test_taking_back_raises_the_sequence_too() -> None:
    said = [filing(1, at(24, 10)), filing(2, at(25, 10))]
    back = filing(3, at(25, 10), corrects="f2", void=True)
    again = bookings([*said, back])["u"]
    assert (again.at, again.sequence, again.canceled) == (at(24, 10), 2, False)
    gone = bookings([said[0], filing(4, at(24, 10), corrects="f1", void=True)])["u"]
    assert (gone.sequence, gone.canceled) == (1, True)


def test_two_meetings_of_one_lead_that_were_to_come_at_once_are_one_and_the_last_agreed_stands() -> None:
    mine, theirs = filing(1, at(24, 10), "mine"), filing(5, at(26, 14), "theirs", "other")
    theirs = replace(theirs, lead_id=mine.lead_id)
    both = bookings([theirs, mine])
    assert not both["theirs"].canceled
    assert both["mine"].canceled
    assert both["mine"].instead == "theirs"
    assert [one.sequence for one in both.values()] == [1, 1], "a calendar hears of both"
    assert of_lead(both.values(), LeadId("lead-mine")) == both["theirs"]
    later = replace(filing(9, at(25, 9), "mine"), lead_id=mine.lead_id)
    again = bookings([mine, theirs, later])
    assert (again["mine"].canceled, again["theirs"].instead) == (False, "mine")
    off = replace(filing(12, at(25, 9), "mine", step=CANCEL), lead_id=mine.lead_id)
    last = bookings([mine, theirs, later, off])
    assert (last["mine"].canceled, last["theirs"].canceled) == (True, False)
    assert [one.sequence for one in last.values()] == [3, 3], "it never falls"
    over = replace(filing(1, at(20, 11), "over"), lead_id=LeadId("x"))
    next_one = replace(filing(24 * 60, at(24, 10), "next"), lead_id=LeadId("x"))
    assert [one.canceled for one in bookings([over, next_one]).values()] == [False, False]
    assert [one.sequence for one in bookings([over, next_one]).values()] == [0, 0]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6), st.sampled_from([SET, SET, CANCEL])), max_size=9),
    st.randoms(),
)
def test_of_a_lead_one_meeting_stands_whatever_is_heard_first_and_its_sequence_never_falls(
    said: list[tuple[str, int, str]], order: object
) -> None:
    made = [
        replace(filing(n, at(24, 9) + timedelta(hours=hours), uid, step=step), lead_id=LeadId("x"))
        for n, (uid, hours, step) in enumerate(said)
    ]
    every = bookings(made)
    assert sum(not one.canceled for one in every.values()) <= 1
    mixed = list(made)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert bookings(mixed) == every
    before: dict[str, Booking] = {}
    for n in range(len(mixed) + 1):
        heard = bookings(mixed[:n])
        for uid, one in before.items():
            rises = heard[uid].sequence > one.sequence
            same = (heard[uid].at, heard[uid].canceled, heard[uid].sequence) == (one.at, one.canceled, one.sequence)
            assert rises or same
        before = heard


def test_what_another_program_garbled_is_no_meeting() -> None:
    for bad in ("", "tomorrow", 7, None, "2026-11-24T10:00:00"):
        one = filing(1, at(24, 10))
        one.payload["at"] = bad
        assert bookings([one]) == {}


def booked(
    uid: str, when: datetime, since: int, *, fs: str = "fs", minutes: int = 60, canceled: bool = False
) -> Booking:
    return Booking(uid, LeadId(f"lead-{uid}"), when, minutes, "", "", MemberId(fs), MemberId("rep"), DeviceId("d"),
                   NOW + timedelta(minutes=since), 0, canceled)  # fmt: skip


def test_who_booked_first_keeps_the_time() -> None:
    first, second = booked("b", at(24, 10), 1), booked("a", at(24, 10, 30), 2)
    assert [(one.keeps.id, one.other.id) for one in clashes([second, first], NOW)] == [("b", "a")]
    third = booked("c", at(24, 11, 15), 3)
    assert [one.other.id for one in clashes([first, second, third], NOW)] == ["a"], "a loser keeps nobody away"
    assert clashes([first, booked("a", at(24, 10), 2, fs="other")], NOW) == []
    assert clashes([first, booked("a", at(24, 11), 2)], NOW) == [], "one after the other is no clash"
    assert clashes([first, booked("a", at(24, 10), 2, canceled=True)], NOW) == []
    assert clashes([first, second], at(24, 12)) == []


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 50), st.sampled_from(["x", "y"])), max_size=14), st.randoms()
)
def test_what_is_left_never_overlaps_and_the_order_of_hearing_makes_no_difference(
    made: list[tuple[int, int, str]], order: object
) -> None:
    every = [
        booked(f"u{n:02}", at(24, 9) + timedelta(minutes=15 * start), since, fs=fs)
        for n, (start, since, fs) in enumerate(made)
    ]
    lost = {one.other.id for one in clashes(every, NOW)}
    mixed = list(every)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert {one.other.id for one in clashes(mixed, NOW)} == lost
    left = [one for one in every if one.id not in lost]
    for n, one in enumerate(left):
        assert all(one.fs_id != other.fs_id or not one.span.meets(other.at, other.end) for other in left[n + 1 :])
