"""The type: the system's own face with a Japanese one behind it, and figures of equal width for numbers."""

from __future__ import annotations

import sys

from PySide6.QtGui import QFont

from ui.theme.tokens import Size

_FAMILIES = {
    "win32": ("Segoe UI", "Yu Gothic UI", "Meiryo UI"),
    "darwin": (".AppleSystemUIFont", "Hiragino Sans"),
}
_OTHERS = ("Inter", "Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "sans-serif")


def families() -> list[str]:
    """Return the families to ask for on this system, first choice first."""
    return list(_FAMILIES.get(sys.platform, _OTHERS))


def app_font(size: int = Size.BODY, *, bold: bool = False) -> QFont:
    """Return the type of the window at ``size`` pixels."""
    font = QFont(families())
    font.setPixelSize(size)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def figures(size: int = Size.BODY, *, bold: bool = False) -> QFont:
    """Return the type with tabular figures, for numbers that change or stand below one another."""
    font = app_font(size, bold=bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
