"""How long an account that was refused is left alone, and what is too late after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from isdesk.domain.ids import LeadId, MemberId
from isdesk.domain.mail_pause import CONFIRMED, WAITS, Pause, Way, late
from isdesk.domain.outgoing import Invite, MailState, OutMail

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def pause(code: str = "mail_sign_in") -> Pause:
    return Pause(Way.OUT, code, "535 no", "smtp.aoba.example", NOW, NOW)


@pytest.mark.parametrize("code", WAITS)
def test_it_is_tried_again_after_its_wait_and_not_before(code: str) -> None:
    one = pause(code)
    assert not one.due(NOW)
    assert not one.due(one.again_at - timedelta(seconds=1))
    assert one.due(one.again_at)


def test_a_password_is_tried_less_often_than_any_lock_counts() -> None:
    """Sending and reading together: two in a day, below the three of the strictest locks."""
    assert WAITS["mail_sign_in"] >= timedelta(hours=24)


def test_a_clock_that_was_set_back_does_not_bar_it() -> None:
    assert pause().due(NOW - timedelta(days=400))


def test_another_try_in_vain_keeps_since_when_and_counts() -> None:
    again = pause().refused_again("mail_sign_in_later", "454 soon", "smtp", NOW + timedelta(hours=24))
    assert (again.since, again.tries, again.code, again.again_at) == (
        NOW, 2, "mail_sign_in_later", NOW + timedelta(hours=25),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("waited", "template", "error", "step", "expected"),
    [
        (timedelta(hours=24), "plain@1", "", False, False),
        (timedelta(hours=24, seconds=1), "plain@1", "", False, True),
        (timedelta(days=9), "plain@1", "", True, False),
        (timedelta(days=9), Invite("m", 0).ref, "", False, False),
        (timedelta(days=9), "plain@1", CONFIRMED, False, False),
    ],
)
def test_what_waited_for_more_than_a_day_is_asked_about(
    waited: timedelta, template: str, error: str, step: bool, expected: bool
) -> None:
    mail = OutMail(
        "m", LeadId("l"), MemberId("r"), "d", "a@example.jp", "s", "b", "<m@x>", template, False, MailState.QUEUED, 0,
        NOW - waited, NOW - waited, error=error,
    )  # fmt: skip
    assert late(mail, NOW, step=step) is expected
