"""Colours as numbers: the palettes to choose from, contrast, and a scale whose steps the eye takes for even.

The safe palette is drawn from Okabe and Ito's (blue, bluish green, vermillion, reddish purple, orange, yellow), made
darker or lighter until text in it can be read; people with any of the three common deficiencies tell its colours
apart. The scale runs in OKLab, so that its lightness rises evenly and it is read without any hue.
"""

from __future__ import annotations

from dataclasses import dataclass

PALETTES = ("usual", "safe")
"""The palettes of the pictures and states: as drawn, and for colour-blind eyes (色覚に配慮)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of a palette on white paper: bars, heads, and both ends of the scale (few and many)."""

    accent: str
    accent_text: str
    heat_low: str
    heat_high: str


PAPER = {
    "usual": Paper("#2f6fde", "#1d4fae", "#eef4fd", "#3d78e0"),
    "safe": Paper("#006ca9", "#00527f", "#fff6cf", "#00477f"),
}
"""What is printed in each palette."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (``#rrggbb``) by WCAG 2, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 (black) to 1 (white)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def legible(ground: str) -> str:
    """Return the ink, black or white, that is read best on a ground: never under 4.5:1, whatever the ground."""
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, ground))


def ramp(low: str, high: str, share: float) -> str:
    """Return the colour at ``share`` (0–1) of the way from ``low`` to ``high``, in even steps for the eye."""
    at = min(max(share, 0.0), 1.0)
    parts = [a + (b - a) * at for a, b in zip(_oklab(low), _oklab(high), strict=True)]
    return _from_oklab(parts[0], parts[1], parts[2])


def mixed(over: str, under: str, share: float) -> str:
    """Return ``over`` laid on ``under`` with so much cover (0–1), as an opaque colour."""
    pairs = zip(_parts(over), _parts(under), strict=True)
    return _hex(*(a * share + b * (1 - share) for a, b in pairs))


def _parts(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(min(max(one, 0.0), 1.0) * 255):02x}" for one in parts)


def _linear(colour: str) -> list[float]:
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _parts(colour)]


def _oklab(colour: str) -> tuple[float, float, float]:
    """Return a colour in OKLab (Ottosson 2020): lightness 0–1, green–red, blue–yellow."""
    r, g, b = _linear(colour)
    long, middle, short = (
        (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3),
        (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3),
        (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3),
    )
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _from_oklab(light: float, a: float, b: float) -> str:
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    lines = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    inside = (min(max(one, 0.0), 1.0) for one in lines)
    return _hex(*(12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in inside))
