"""Tooltips and notifications that show what people are called as it is written: Qt and desktops read tags in both."""

from __future__ import annotations

import html

from PySide6 import QtGui

_WIDE = str.maketrans({"<": "\uff1c", ">": "\uff1e", "&": "\uff06"})


def plain_tip(text: str) -> str:
    """Return a tooltip that shows ``text`` letter by letter, also where Qt would take it for HTML (SECURITY C3)."""
    if not QtGui.Qt.mightBeRichText(text):
        return text
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>'


def plain_body(text: str) -> str:
    """Return a notification's text without anything that a desktop could read as a tag: its signs become wide ones."""
    return text.translate(_WIDE)
