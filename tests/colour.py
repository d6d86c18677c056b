"""How colours look to colour-blind eyes, and how far apart they are: measured apart from what the program computes.

Simulation by Machado, Oliveira and Fernandes (2009), severity 1.0; difference by CIEDE2000 (Sharma et al. 2005).
"""

from __future__ import annotations

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

_Matrix = tuple[tuple[float, float, float], ...]
_SEEN: dict[str, _Matrix] = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
KINDS = tuple(_SEEN)
"""The eyes that are simulated."""
_XYZ: _Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast of two colours."""
    high, low = sorted((_times(_XYZ, _linear(c))[1] for c in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _times(matrix: _Matrix, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(line, vector, strict=True)) for line in matrix]


def lab(colour: str, kind: str = "usual") -> tuple[float, float, float]:
    """Return a colour in CIELAB as an eye of that kind sees it."""
    seen = [min(max(v, 0.0), 1.0) for v in _times(_SEEN[kind], _linear(colour))]
    scaled = [v / w for v, w in zip(_times(_XYZ, seen), _WHITE, strict=True)]
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lightness(colour: str, kind: str = "usual") -> float:
    """Return how light a colour is to an eye of that kind, 0 to 100."""
    return lab(colour, kind)[0]


def difference(one: str, other: str, kind: str = "usual") -> float:
    """Return how far apart two colours are to an eye of that kind (ΔE00; about 1 is just noticeable)."""
    (l1, a1, b1), (l2, a2, b2) = lab(one, kind), lab(other, kind)
    middle = (hypot(a1, b1) + hypot(a2, b2)) / 2
    grown = 1.5 - 0.5 * sqrt(middle**7 / (middle**7 + 25**7))
    c1, c2 = hypot(a1 * grown, b1), hypot(a2 * grown, b2)
    h1, h2 = degrees(atan2(b1, a1 * grown)) % 360, degrees(atan2(b2, a2 * grown)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    light, chroma, hue = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    about = (h1 + turn / 2) % 360
    light_mean, chroma_mean = (l1 + l2) / 2, (c1 + c2) / 2
    shape = (
        1
        - 0.17 * cos(radians(about - 30))
        + 0.24 * cos(radians(2 * about))
        + 0.32 * cos(radians(3 * about + 6))
        - 0.20 * cos(radians(4 * about - 63))
    )
    s_light = 1 + 0.015 * (light_mean - 50) ** 2 / sqrt(20 + (light_mean - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma_mean, 1 + 0.015 * chroma_mean * shape
    bend = -sin(radians(60 * exp(-(((about - 275) / 25) ** 2)))) * 2 * sqrt(chroma_mean**7 / (chroma_mean**7 + 25**7))
    parts = light / s_light, chroma / s_chroma, hue / s_hue
    return sqrt(parts[0] ** 2 + parts[1] ** 2 + parts[2] ** 2 + bend * parts[1] * parts[2])
