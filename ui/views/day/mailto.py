"""Handing a text over to the person's own mail program."""

from __future__ import annotations

from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

LONGEST = 1_900
"""So long an address all mail programs take; a longer body goes by the clipboard."""


def address(subject: str, body: str) -> str:
    """Return the ``mailto:`` of a new mail; line breaks are those that RFC 6068 wants.

    A subject is one line: what stands behind a break can make no further head.
    """
    head = " ".join(subject.split())
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "\r\n".join(lines)
    return f"mailto:?subject={quote(head, safe='')}&body={quote(text, safe='')}"


def fits(subject: str, body: str) -> bool:
    """Return whether the whole mail can be handed over by its address."""
    return len(address(subject, body)) <= LONGEST


def open_mail(subject: str, body: str) -> bool:
    """Open a new mail in the mail program of the system; False where there is none."""
    return QDesktopServices.openUrl(QUrl(address(subject, body), QUrl.ParsingMode.StrictMode))
