"""Calendar texts: what is taken in somebody's calendar, and the invitation that goes out."""

from __future__ import annotations

from datetime import UTC, datetime

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
        for one in ics.taken(text, START, END)
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
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "ics_empty"),
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
    assert len(ics.taken(b"\xef\xbb\xbf" + text.encode(), START, END)) == 1


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_invitation_asks_and_a_calling_off_cancels() -> None:
    lines = unfolded(ics.invitation(MADE))
    assert {"METHOD:REQUEST", "UID:uid-1", "SEQUENCE:3", "DTSTART:20261124T010000Z", "STATUS:CONFIRMED"} <= set(lines)
    assert any(line.startswith("ATTENDEE") and line.endswith("mailto:yamada@example.co.jp") for line in lines)
    from dataclasses import replace

    off = unfolded(ics.invitation(replace(MADE, canceled=True, sequence=4)))
    assert {"METHOD:CANCEL", "UID:uid-1", "SEQUENCE:4", "STATUS:CANCELLED"} <= set(off)


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
