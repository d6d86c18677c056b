"""The look in figures: colours of both schemes, sizes, spaces. Palette, style sheet and delegates all read these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme, as ``#rrggbb``. ``*_weak`` are grounds, the plain names the ink upon them.

    Every pair of ink and ground that carries text reaches contrast AA (4.5:1; a test says so). ``faint`` is for
    strokes only. ``dim`` is for panels and ground; ``on_key`` is its like on keys, chips and selected rows.
    """

    name: str
    ground: str
    panel: str
    panel2: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    accent_weak: str
    accent_text: str
    on_accent: str
    good: str
    good_weak: str
    warn: str
    warn_weak: str
    bad: str
    bad_weak: str
    on_bad: str
    selected: str
    key: str
    on_key: str
    scroll: str

    @property
    def dark(self) -> bool:
        """Return True for the dark scheme."""
        return self.name == "dark"

    def tone(self, tone: str) -> tuple[str, str]:
        """Return (ground, ink) of a tone: ``plain`` | ``promise`` | ``accent`` | ``good`` | ``warn`` | ``bad``."""
        return {
            "promise": (self.accent_weak, self.accent_text),
            "accent": (self.accent_weak, self.accent_text),
            "good": (self.good_weak, self.good),
            "warn": (self.warn_weak, self.warn),
            "bad": (self.bad_weak, self.bad),
            "stop": (self.bad_weak, self.bad),
        }.get(tone, (self.key, self.on_key))


LIGHT = Tokens(
    name="light",
    ground="#f6f7f9",
    panel="#ffffff",
    panel2="#fbfbfc",
    line="#e4e7ec",
    text="#1b2230",
    dim="#667085",
    faint="#98a2b3",
    accent="#2f6fde",
    accent_weak="#e8f0fd",
    accent_text="#1d4fae",
    on_accent="#ffffff",
    good="#16794c",
    good_weak="#e3f4ea",
    warn="#a15c00",
    warn_weak="#fdf1dc",
    bad="#b42318",
    bad_weak="#fdeae8",
    on_bad="#ffffff",
    selected="#e8f0fd",
    key="#eef1f5",
    on_key="#5a6577",
    scroll="#c9cfd8",
)

DARK = Tokens(
    name="dark",
    ground="#14171c",
    panel="#1b1f26",
    panel2="#20252d",
    line="#2e3540",
    text="#e6e9ee",
    dim="#9aa4b2",
    faint="#6b7686",
    accent="#6ea3ff",
    accent_weak="#22324d",
    accent_text="#a9c8ff",
    on_accent="#0d1420",
    good="#6fd19a",
    good_weak="#1d3529",
    warn="#f0b35a",
    warn_weak="#3a2e19",
    bad="#ff8f85",
    bad_weak="#42221f",
    on_bad="#2a0b08",
    selected="#223049",
    key="#2a313c",
    on_key="#a3adba",
    scroll="#434c5a",
)


class Size:
    """Sizes of type and of fixed parts, in device-independent pixels."""

    TINY = 11
    SMALL = 12
    BODY = 13
    HEAD = 15
    SCRIPT = 16
    NAME = 20
    ROW = 64
    NAV = 64
    TOP = 44
    STATUS = 28
    QUEUE = 348
    SIDE = 332
    RADIUS = 8
    CARD_RADIUS = 10


class Space:
    """Distances of the 4-px grid."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 20
