"""Small widgets that all pages share; each paints itself from the tokens of the theme in force."""

from __future__ import annotations

from ui.widgets.bits import Card, Chip, ElidedLabel, Hairline, KeyCap, Pill, button, clear_scroll, label
from ui.widgets.empty import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.notice import NoticeBar, Toast
from ui.widgets.still import still, still_within
from ui.widgets.tabs import SegmentedTabs

__all__ = [
    "Card",
    "Chip",
    "ElidedLabel",
    "EmptyState",
    "FlowLayout",
    "Hairline",
    "KeyCap",
    "NoticeBar",
    "Pill",
    "SegmentedTabs",
    "Toast",
    "button",
    "clear_scroll",
    "label",
    "still",
    "still_within",
]
