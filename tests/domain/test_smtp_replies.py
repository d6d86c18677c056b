"""Answers of mail servers as they are met: whom a "no" speaks about decides what becomes of the mail and its reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isdesk.domain.outgoing import MailState
from isdesk.domain.smtp_replies import Step, judged, of_this_mail

QUEUED, FAILED = MailState.QUEUED, MailState.FAILED


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.1.1 <a@example.jp>: Recipient address rejected: User unknown in local recipient table"),
        (550, "5.1.1 The email account that you tried to reach does not exist."),
        (550, "5.1.2 Bad destination system address"),
        (501, "5.1.3 Bad recipient address syntax"),
        (551, "5.1.6 Recipient has moved"),
        (556, "5.1.10 Recipient address has null MX"),
        (550, "No such user here"),
        (550, "Unknown user"),
        (553, "sorry, mailbox not found"),
        (550, "Requested action not taken: user does not exist"),
    ],
)
def test_an_address_that_does_not_exist_is_gone(code: int, words: str) -> None:
    found = judged(code, words, Step.READER)
    assert (found.state, found.error, found.gone, found.account) == (FAILED, "mail_bounced", True, False)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (553, "5.7.1 Sender address rejected: not owned by user"),
        (550, "5.7.1 Service unavailable; client blocked using zen.spamhaus.org"),
        (550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
        (550, "5.1.8 Access denied, bad outbound sender"),
        (550, "5.1.7 Invalid sender address"),
        (550, "5.4.5 Daily user sending limit exceeded"),
        (530, "Authentication required"),
        (550, "relay not permitted"),
        (553, "sender address rejected: unknown user"),
        (550, "blocked by our policy"),
    ],
)
def test_trouble_of_the_sender_says_nothing_about_the_reader(code: int, words: str) -> None:
    found = judged(code, words, Step.READER)
    assert (found.state, found.error, found.gone, found.account) == (QUEUED, "mail_sender_refused", False, True)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.4.1 Recipient address rejected: Access denied"),
        (550, "5.2.1 The account is disabled"),
        (552, "5.2.2 Mailbox full"),
        (550, "Requested action not taken: mailbox unavailable"),
        (551, "User not local"),
        (554, "No thanks"),
        (550, "5.1.100 something new"),
    ],
)
def test_any_other_no_fails_that_mail_alone(code: int, words: str) -> None:
    found = judged(code, words, Step.READER)
    assert (found.state, found.error, found.gone, found.account) == (FAILED, "mail_refused_by_server", False, False)


@given(st.integers(500, 599).filter(lambda code: code != 552), st.text(max_size=60))
def test_no_answer_to_the_sender_fails_a_mail_or_bars_a_reader(code: int, words: str) -> None:
    found = judged(code, words, Step.SENDER)
    assert (found.state, found.gone, found.account, found.counted) == (QUEUED, False, True, False)


@given(st.integers(-1, 999), st.text(max_size=60))
def test_after_the_text_only_a_clear_no_is_a_no(code: int, words: str) -> None:
    found = judged(code, words, Step.END)
    assert not found.gone
    if 200 <= code < 300:
        assert found.state is MailState.SENT
    elif 400 <= code < 600:
        assert found.state in (QUEUED, FAILED)
    else:
        assert found.state is MailState.UNCERTAIN


def test_a_mail_that_is_too_big_is_told_so() -> None:
    for step in Step:
        assert judged(552, "5.3.4 Message size exceeds fixed limit", step).error == "mail_too_big"


GROUP = "5.7.133 sender was not authenticated when sending to this group"


def test_the_same_no_to_the_same_reader_once_more_is_about_the_reader() -> None:
    first = judged(550, GROUP, Step.READER)
    assert of_this_mail("", first) == first
    again = of_this_mail(first.answer, first)
    assert (again.state, again.account, again.counted, again.refused) == (QUEUED, False, True, False)
    assert of_this_mail("450 4.2.0 greylisted", first) == first


@pytest.mark.parametrize(
    ("code", "words", "step"),
    [
        (550, "5.4.5 Daily user sending limit exceeded", Step.READER),
        (550, "5.4.5 Daily user sending limit exceeded", Step.END),
        (530, "5.7.0 Authentication required", Step.READER),
        (550, "5.7.1 not allowed to send as this address", Step.SENDER),
    ],
)
def test_what_only_the_account_can_mean_stays_so_however_often_it_is_said(code: int, words: str, step: Step) -> None:
    found = judged(code, words, step)
    assert of_this_mail(found.answer, found) == found
