"""Calendar texts: what is taken in somebody's calendar, and the invitation that goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from isdesk.channels import ics
from isdesk.channels.ics import Invitation
from isdesk.clock import TOKYO
from isdesk.domain.errors import BadInput

START, END = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
MADE = Invitation(
    "uid-1", 3, datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 2, tzinfo=UTC), "商談: 山田様",
    "本社 3F", "担当: 中村", START, organizer=("鈴木", "suzuki@example.com"), guest=("山田", "yamada@example.co.jp"),
)  # fmt: skip


def calendar(*lines: str, head: tuple[str, ...] = ()) -> str:
    body = ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//", *head, *body, "END:VCALENDAR", ""])


def hours(text: str) -> list[str]:
    return [
        f"{one.start.astimezone(TOKYO):%d %H:%M}-{one.end.astimezone(TOKYO):%H:%M}"
        for one in ics.taken(text, START, END).spans
    ]


def test_series_are_expanded_with_their_exceptions() -> None:
    text = calendar(
        "DTSTART;TZID=Asia/Tokyo:20261124T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4",
        "EXDATE;TZID=Asia/Tokyo:20261125T100000",
    )  # fmt: skip
    moved = text.replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20261126T100000\r\n"
        "DTSTART;TZID=Asia/Tokyo:20261126T150000\r\nDTEND;TZID=Asia/Tokyo:20261126T153000\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    assert hours(text) == ["24 10:00-11:00", "26 10:00-11:00", "27 10:00-11:00"]
    assert hours(moved) == ["24 10:00-11:00", "26 15:00-15:30", "27 10:00-11:00"]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z"), ["24 10:00-11:00"]),
        (("DTSTART:20261124T100000", "DTEND:20261124T110000"), ["24 10:00-11:00"]),
        (
            ("DTSTART;TZID=America/New_York:20261123T200000", "DTEND;TZID=America/New_York:20261123T210000"),
            ["24 10:00-11:00"],
        ),
        (("DTSTART;VALUE=DATE:20261124", "DTEND;VALUE=DATE:20261125"), ["24 00:00-00:00"]),
        (("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z", "TRANSP:TRANSPARENT"), []),
        (("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z", "STATUS:CANCELLED"), []),
        (("DTSTART:20261124T010000Z",), []),
        (("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z", "DURATION:PT1H"), ["24 10:00-11:00"]),
        (("DTSTART:20270124T010000Z", "DTEND:20270124T020000Z"), []),
    ],
)
def test_what_takes_time(lines: tuple[str, ...], wanted: list[str]) -> None:
    assert hours(calendar(*lines)) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "ics_unreadable"),
        ("会社名,氏名\n青葉,山田\n", "ics_unreadable"),
        (b"\xff\xfe\x00\x01", "ics_unreadable"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEV", "ics_unreadable"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261101T000000Z\nEND:VCALENDAR", "ics_unreadable"),
        (calendar(), "ics_event_wrong"),
        (calendar("DTSTART:banana"), "ics_event_wrong"),
        (calendar("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z", "RRULE:FREQ=BANANA"), "ics_event_wrong"),
        (calendar("DTSTART:20261124T010000Z", "DTEND:20261124T010001Z", "RRULE:FREQ=SECONDLY"), "ics_too_many"),
        (b"x" * (ics.LARGEST + 1), "ics_too_large"),
    ],
)
def test_each_broken_file_has_its_sentence(text: str | bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        ics.taken(text, START, END)
    assert caught.value.code == code


def test_a_file_of_windows_with_a_mark_at_its_start_is_read() -> None:
    text = calendar("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z")
    assert len(ics.taken(b"\xef\xbb\xbf" + text.encode(), START, END).spans) == 1


TEN = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""Ten in the morning in Tokyo."""


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:20261124T100000", "DTEND:20261124T110000"),
        ("DTSTART;TZID=My Own:20261124T100000", "DTEND;TZID=My Own:20261124T110000"),
        ("DTSTART:20260901T100000", "DTEND:20260901T110000", "RRULE:FREQ=DAILY"),
        ("DTSTART;VALUE=DATE:20261124",),
        ("DTSTART;TZID=Pacific/Kiritimati:20261124T150000", "DTEND;TZID=Pacific/Kiritimati:20261124T160000"),
    ],
)
def test_what_has_no_zone_is_found_also_where_only_its_hour_is_asked_for(lines: tuple[str, ...]) -> None:
    hour = timedelta(hours=1)
    assert len(ics.taken(calendar(*lines), TEN, TEN + hour).spans) == 1
    assert len(ics.taken(calendar(*lines), TEN + hour / 4, TEN + hour / 2).spans) == 1
    if "VALUE=DATE" not in lines[0]:
        assert ics.taken(calendar(*lines), TEN + hour, TEN + 2 * hour).spans == ()
        assert ics.taken(calendar(*lines), TEN - hour, TEN).spans == ()


def event(uid: str, *lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", "END:VCALENDAR"]
    )


def test_an_event_that_cannot_be_read_is_left_out_and_counted() -> None:
    text = calendar("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z")
    for n, bad in enumerate(
        (
            ("SUMMARY:x",),
            ("DTSTART:banana",),
            ("DTSTART:20261124T010000Z", "RRULE:FREQ=BANANA"),
            ("DTSTART:20261124T010000Z", "DTEND:20261124T010001Z", "RRULE:FREQ=SECONDLY"),
        ),
        start=1,
    ):
        text = text.replace("END:VCALENDAR", event(f"bad{n}", *bad))
        found = ics.taken(text, START, END)
        assert [one.uid for one in found.spans] == ["1"]
        assert found.left_out == n


def numbers(most: int) -> str:
    return ",".join(map(str, range(most)))


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("20260101T000000Z", f"FREQ=DAILY;BYHOUR={numbers(24)};BYMINUTE={numbers(60)};BYSECOND={numbers(60)}"),
        ("00010101T000000Z", "FREQ=HOURLY"),
        ("00010101T000000Z", "FREQ=DAILY"),
        ("20260101T000000Z", "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"),
        ("20260101T000000Z", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        ("20260101T000000Z", "FREQ=DAILY;INTERVAL=7;BYDAY=TU"),
        ("20260101T000000Z", f"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR={numbers(24)};BYMINUTE={numbers(60)}"),
        ("20260101T000000Z", "FREQ=MINUTELY"),
    ],
)
def test_a_rule_that_would_never_end_is_refused_before_it_is_begun(start: str, rule: str) -> None:
    text = calendar(f"DTSTART:{start}", "DURATION:PT1S", f"RRULE:{rule}")
    with pytest.raises(BadInput) as caught:
        ics.taken(text, START, END)
    assert caught.value.code == "ics_too_many"


def test_many_rules_that_are_each_bearable_do_not_add_up() -> None:
    text = calendar("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z")
    long = ("DTSTART:19300101T000000Z", "DURATION:PT1S", "RRULE:FREQ=DAILY")
    more = "".join(event(f"e{n}", *long).removesuffix("END:VCALENDAR") for n in range(40))
    found = ics.taken(text.replace("END:VCALENDAR", more + "END:VCALENDAR"), START, END)
    assert "1" in {one.uid for one in found.spans}
    assert 0 < found.left_out < 40


def test_the_rules_of_a_time_zone_may_be_hostile_too() -> None:
    zone = ["BEGIN:VTIMEZONE", "TZID:My Own", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0900",
            "TZOFFSETTO:+0900"]  # fmt: skip
    when = ("DTSTART;TZID=My Own:20261124T100000", "DTEND;TZID=My Own:20261124T110000")
    plain = calendar(*when, head=(*zone, "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4", "END:STANDARD", "END:VTIMEZONE"))
    assert hours(plain) == ["24 10:00-11:00"]
    for rule in ("RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEA\r\n RLY;BYHOUR=1,2", "rrule;x=1:FREQ=HOURLY"):
        with pytest.raises(BadInput) as caught:
            ics.taken(calendar(*when, head=(*zone, rule, "END:STANDARD", "END:VTIMEZONE")), START, END)
        assert caught.value.code == "ics_too_many"


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("20100104T010000Z", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("20050101T010000Z", "FREQ=DAILY"),
        ("20200101T010000Z", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("20200131T010000Z", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("20201231T010000Z", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=31"),
        ("20200106T010000Z", "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,3MO"),
        ("20200229T010000Z", "FREQ=YEARLY"),
        ("20200229T010000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ("16040612T010000Z", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=12"),
        ("20200101T010000Z", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
        ("20251101T010000Z", "FREQ=HOURLY;COUNT=3"),
    ],
)
def test_the_series_that_people_keep_are_read(start: str, rule: str) -> None:
    text = calendar("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z")
    found = ics.taken(
        text.replace("END:VCALENDAR", event("2", f"DTSTART:{start}", "DURATION:PT1H", f"RRULE:{rule}")), START, END
    )
    assert found.left_out == 0


def test_published_times_without_events_count_and_an_empty_calendar_takes_none() -> None:
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:PUBLISH", "BEGIN:VFREEBUSY", "UID:f",
        "DTSTART:20261124T000000Z", "DTEND:20261231T000000Z",
        "FREEBUSY;FBTYPE=BUSY:20261124T010000Z/20261124T020000Z,20261124T030000Z/PT2H",
        "FREEBUSY:20261124T060000Z/20261124T063000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261125T010000Z/20261125T020000Z",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261125T030000Z/20261125T040000Z",
        "FREEBUSY;FBTYPE=FREE:20261126T010000Z/20261126T020000Z",
        "FREEBUSY:20270126T010000Z/20270126T020000Z",
        "END:VFREEBUSY", "END:VCALENDAR",
    )  # fmt: skip
    text = "\r\n".join(lines)
    assert hours(text) == ["24 10:00-11:00", "24 12:00-14:00", "24 15:00-15:30", "25 10:00-11:00", "25 12:00-13:00"]
    empty = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n"
    assert ics.taken(empty, START, END) == ics.Taken(())
    assert ics.answer(empty.replace("PRODID:x", "METHOD:REPLY")) is None


@pytest.mark.parametrize(
    ("lines", "sequence"),
    [
        (("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z", "DURATION:PT1H", "SEQUENCE:4"), 4),
        (("DTSTART:20261124T010000Z", "DTEND:20261124T020000Z", "SEQUENCE:x9"), 0),
        (("DTSTART:20261124T010000Z", "DTEND;VALUE=DATE:20261125"), 0),
        (("DTSTART:20261124T010000Z", "DTEND:20261123T010000Z"), 0),
    ],
)
def test_what_is_written_anew_anyhow_may_be_broken(lines: tuple[str, ...], sequence: int) -> None:
    text = calendar(*lines)
    uid = next(line[4:] for line in text.splitlines() if line.startswith("UID:"))
    found = ics.known(text, uid)
    assert found == ics.Known(datetime(2026, 11, 24, 1, tzinfo=UTC), sequence, canceled=False)
    from dataclasses import replace

    mended = ics.stored(replace(MADE, uid=uid), text)
    assert hours(mended) == ["24 10:00-11:00"]


@pytest.mark.parametrize("line", ["DTSTART:banana", "DTSTART:20261124T010000Z\nDTSTART:20261125T010000Z", "SUMMARY:x"])
def test_an_event_of_which_nobody_can_read_when_it_is_has_its_sentence(line: str) -> None:
    text = calendar(*line.split("\n"))
    uid = next(line[4:] for line in text.splitlines() if line.startswith("UID:"))
    with pytest.raises(BadInput) as caught:
        ics.known(text, uid)
    assert caught.value.code == "ics_event_wrong"


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_invitation_asks_and_a_calling_off_cancels() -> None:
    lines = unfolded(ics.invitation(MADE))
    assert {"METHOD:REQUEST", "UID:uid-1", "SEQUENCE:3", "DTSTART:20261124T010000Z", "STATUS:CONFIRMED"} <= set(lines)
    assert any(line.startswith("ATTENDEE") and line.endswith("mailto:yamada@example.co.jp") for line in lines)
    from dataclasses import replace

    off = unfolded(ics.invitation(replace(MADE, canceled=True, sequence=4)))
    assert {"METHOD:CANCEL", "UID:uid-1", "SEQUENCE:4", "STATUS:CANCELLED"} <= set(off)
    assert not any("SCHEDULE-AGENT" in line for line in [*lines, *off]), "never in what is mailed (RFC 6638, 7.1)"
    kept = [line for line in unfolded(ics.stored(MADE)) if line.startswith(("ORGANIZER", "ATTENDEE"))]
    assert kept
    assert all("SCHEDULE-AGENT=CLIENT" in line for line in kept), "the calendar's server invites nobody a second time"


def test_a_name_cannot_smuggle_a_line_in() -> None:
    from dataclasses import replace

    evil = replace(
        MADE, title="山田\r\nATTENDEE:mailto:x@evil.example", place='本社"\nURL:http://evil.example',
        about="1\r\nBEGIN:VALARM", guest=('"山田":\r\nX-EVIL:1', "yamada@example.co.jp"),
    )  # fmt: skip
    lines = unfolded(ics.invitation(evil))
    assert not any(line.startswith(("URL", "X-EVIL", "BEGIN:VALARM", "ATTENDEE:mailto:x@")) for line in lines)
    assert sum(line.startswith("ATTENDEE") for line in lines) == 1


def test_what_the_owner_added_to_the_event_stays() -> None:
    from dataclasses import replace

    first = ics.stored(MADE)
    assert "METHOD" not in first
    own = first.replace(
        "END:VEVENT", "CATEGORIES:重要\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT"
    )
    after = ics.stored(
        replace(
            MADE, sequence=5, start=datetime(2026, 11, 25, 1, tzinfo=UTC), end=datetime(2026, 11, 25, 2, tzinfo=UTC)
        ),
        own,
    )
    assert "CATEGORIES:重要" in after
    assert "BEGIN:VALARM" in after
    assert after.count("BEGIN:VEVENT") == after.count("UID:uid-1") == after.count("DTSTART:") == 1
    found = ics.known(after, "uid-1")
    assert found is not None
    assert (found.start, found.sequence) == (datetime(2026, 11, 25, 1, tzinfo=UTC), 5)
    assert ics.known(after, "other") is None
