"""Reports that a mail was not delivered are read in the ways in which servers write them."""

from __future__ import annotations

from base64 import b64encode

import pytest

from isdesk.channels.reports import report
from isdesk.domain.letters import Failure, Report

MAIL = "<0192f0c1-aaaa-7bbb-8ccc-0123456789ab@mail.sales.aobacloud.example.co.jp>"
COPY = f"From: suzuki@aoba.example\nMessage-ID: {MAIL}\nSubject: x\n"
TO = "yamada@example.jp"


def dsn(back: str, *, head: str = "", kind: str = "message/delivery-status", said: str = "") -> bytes:
    """A report as RFC 3464 has it; ``back`` is the part that it sends back."""
    block = said or f"Final-Recipient: rfc822; {TO}\nAction: failed\nStatus: 5.1.1"
    return f"""\
From: mailer-daemon@mx.example
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

could not be delivered
--b
Content-Type: {kind}

Reporting-MTA: dns; mx.example

{block}

--b
{back}
--b--
""".encode()


def part(kind: str, text: str, coding: str = "") -> str:
    return f"Content-Type: {kind}\n" + (f"Content-Transfer-Encoding: {coding}\n" if coding else "") + f"\n{text}"


def base64(text: str) -> str:
    return b64encode(text.encode()).decode()


BACK = {
    "headers": part("text/rfc822-headers", COPY),
    "folded": part("text/rfc822-headers", COPY.replace("ID: <", "ID:\n <")),
    "headers in base64": part("text/rfc822-headers", base64(COPY), "base64"),
    "headers, quoted": part("text/rfc822-headers", COPY.replace("89ab@", "89ab=\n@"), "quoted-printable"),
    "whole": part("message/rfc822", f"{COPY}\ntext"),
    "whole, folded": part("message/rfc822", COPY.replace("ID: <", "ID:\n <") + "\ntext"),
    "whole in base64": part("message/rfc822", base64(f"{COPY}\ntext"), "base64"),
    "whole, quoted": part("message/rfc822", COPY.replace("89ab@", "89ab=\n@") + "\ntext", "quoted-printable"),
    "global": part("message/global", f"{COPY}\ntext"),
    "global headers": part("message/global-headers", COPY),
}


@pytest.mark.parametrize("which", BACK)
@pytest.mark.parametrize("kind", ["message/delivery-status", "message/global-delivery-status"])
def test_the_mail_is_known_by_what_is_sent_back(which: str, kind: str) -> None:
    assert report(dsn(BACK[which], kind=kind)) == Report((MAIL,), (Failure("5.1.1", TO),))


@pytest.mark.parametrize("head", [f"In-Reply-To: {MAIL}\n", f"References: <a@b>\n {MAIL}\n"])
def test_where_nothing_is_sent_back_the_mail_is_what_the_report_answers(head: str) -> None:
    found = report(dsn(part("text/plain", "x"), head=head))
    assert found is not None
    assert MAIL in found.message_ids
    assert report(dsn(part("text/plain", "x"))) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Final-Recipient: rfc822; <Yamada@example.jp>\nAction: failed\nStatus: 5.2.2", [Failure("5.2.2", TO)]),
        ("Final-Recipient: utf-8; yamada@example.jp\nAction: Failed\nStatus: 5.1.1 (no)", [Failure("5.1.1", TO)]),
        (
            (
                "Original-Recipient: rfc822;yamada@example.jp\nFinal-Recipient: rfc822;u1@in.example\nAction: failed\n"
                "Status: 5.1.1"
            ),
            [Failure("5.1.1", TO)],
        ),
        (
            "Original-Recipient: rfc822;unknown\nFinal-Recipient: rfc822;u1@in.example\nAction: failed\nStatus: x",
            [Failure("5.0.0", "u1@in.example")],
        ),
        ("Action: failed\nStatus: 5.1.1", [Failure("5.1.1")]),
        (
            (
                "Final-Recipient: rfc822;yamada@example.jp\nAction: failed\nStatus: 5.0.0\n"
                "Diagnostic-Code: smtp; 550 5.1.1 User unknown"
            ),
            [Failure("5.1.1", TO)],
        ),
        (
            (
                "Final-Recipient: rfc822;a@b.example\nAction: delayed\nStatus: 4.4.1\n\n"
                "Final-Recipient: rfc822;yamada@example.jp\nAction: failed\nStatus: 5.1.1"
            ),
            [Failure("5.1.1", TO)],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["message/delivery-status", "message/global-delivery-status"])
def test_a_report_says_for_whom_and_why(said: str, found: list[Failure], kind: str) -> None:
    assert report(dsn(BACK["headers"], said=said, kind=kind)) == Report((MAIL,), tuple(found))


QMAIL = f"""\
From: MAILER-DAEMON@mx.aoba.example
To: suzuki@aoba.example
Subject: failure notice

Hi. This is the qmail-send program at mx.aoba.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{TO}>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

Return-Path: <suzuki@aoba.example>
{COPY}
text of c@d.example 5.7.1
"""


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ("", "", [Failure("5.1.1", TO)]),
        ("550 5.1.1 User", "550 User", [Failure("5.0.0", TO)]),
        (f"<{TO}>", "somebody", [Failure("5.1.1")]),
        ("550 5.1.1 User unknown", "4.4.1 no answer from 5.1.1.7", [Failure("4.4.1", TO)]),
        (f"<{TO}>:", f"<{TO}>: (ask postmaster@example.jp, for suzuki@aoba.example)", [Failure("5.1.1", TO)]),
    ],
)
def test_a_report_in_words_is_read(was: str, now: str, found: list[Failure]) -> None:
    assert report(QMAIL.replace(was, now, 1).encode()) == Report((MAIL,), tuple(found))


def test_a_report_in_japanese_words_is_read() -> None:
    words = f"次の宛先にメールを配信できませんでした。\n{TO}\nメールボックスが存在しません。"
    text = f"{words}\n\n----- 元のメッセージ -----\n{COPY}"
    head = "From: postmaster@example.jp\nSubject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    assert report(head.encode() + text.encode("iso-2022-jp")) == Report((MAIL,), (Failure("5.0.0", TO),))


@pytest.mark.parametrize(
    "text",
    [
        "This message was delayed. It will be retried. 4.4.1",
        "Your message was read.",
        "お問い合わせを受け付けました。",
        "On 2026-11-24 we moved to 5.1.1.1 and version 5.1.1.2.",
    ],
)
def test_what_is_no_failure_is_no_report(text: str) -> None:
    assert report(f"From: postmaster@example.jp\nSubject: notice\n\n{text}\n\n{COPY}".encode()) is None


def test_a_receipt_that_a_mail_was_read_or_deleted_is_no_report() -> None:
    receipt = dsn(
        BACK["headers"], kind="message/disposition-notification", said="Disposition: failed; not delivered 5.1.1"
    )
    assert report(receipt) is None
