"""The look in figures: colours of both schemes in both palettes, sizes, spaces. All that paints reads these."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme, as ``#rrggbb``. ``*_weak`` are grounds, the plain names the ink upon them.

    Every pair of ink and ground that carries text reaches contrast AA (4.5:1; a test says so). ``faint`` is for
    strokes only. ``dim`` is for panels and ground; ``on_key`` is its like on keys, chips and selected rows.
    ``heat_low`` and ``heat_high`` are the ends of the scale in pictures (`domain.colours.ramp`).
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
    accent_hover: str
    heat_low: str
    heat_high: str

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
    accent_hover="#1d4fae",
    heat_low="#e6eefb",
    heat_high="#3d78e0",
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
    accent_hover="#85b2ff",
    heat_low="#24303f",
    heat_high="#6ea3ff",
)

LIGHT_SAFE = replace(
    LIGHT,
    accent="#006ca9",
    accent_weak="#e2f0f9",
    accent_text="#00527f",
    selected="#e2f0f9",
    good="#004d38",
    good_weak="#dff2eb",
    warn="#b05200",
    warn_weak="#fdf1dc",
    bad="#8a1f66",
    bad_weak="#f8e8f2",
    accent_hover="#00527f",
    heat_low="#fff3c4",
    heat_high="#00477f",
)

DARK_SAFE = replace(
    DARK,
    accent="#56b4e9",
    accent_weak="#17344a",
    accent_text="#a6d8f5",
    selected="#1b3244",
    good="#b8ecdd",
    good_weak="#153a33",
    warn="#f0d442",
    warn_weak="#3a3215",
    bad="#e58d52",
    bad_weak="#46291a",
    accent_hover="#86ccf2",
    heat_low="#123a58",
    heat_high="#f4e285",
)
"""The schemes for colour-blind eyes: good, warning and bad part in lightness as well as in hue (`domain.colours`)."""


def look(*, dark: bool, palette: str = "usual") -> Tokens:
    """Return the tokens of a scheme in a palette (``usual`` | ``safe``)."""
    if palette == "safe":
        return DARK_SAFE if dark else LIGHT_SAFE
    return DARK if dark else LIGHT


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
