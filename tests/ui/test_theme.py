"""The look: both schemes can be read (contrast AA), everything is filled in, every icon is there."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.commands import COMMANDS
from ui.pages import PAGES
from ui.theme.icons import ICONS, icon, pixmap
from ui.theme.sheet import style_sheet
from ui.theme.tokens import DARK, LIGHT, Tokens

BOTH = pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)


def _light(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lin = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_text_reaches_contrast_aa(look: Tokens) -> None:
    pairs = [
        *((ink, ground) for ink in (look.text, look.dim) for ground in (look.ground, look.panel, look.panel2)),
        *((look.on_key, ground) for ground in (look.key, look.selected)),
        (look.text, look.selected),
        (look.on_accent, look.accent),
        (look.on_bad, look.bad),
        *(look.tone(tone)[::-1] for tone in ("plain", "promise", "good", "warn", "bad")),
        *((ink, look.panel) for ink in (look.good, look.warn, look.bad, look.accent_text)),
    ]
    low = [(ink, ground, round(contrast(ink, ground), 2)) for ink, ground in pairs if contrast(ink, ground) < 4.5]
    assert not low


@BOTH
def test_the_style_sheet_is_filled_in(look: Tokens) -> None:
    sheet = style_sheet(look)
    assert "$" not in sheet
    assert look.accent in sheet
    assert look.panel in sheet


def test_forcing_a_scheme_changes_palette_and_tokens(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert theme.tokens() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.ground
    theme.apply(qapp, "light")
    assert theme.tokens() is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.ground


def test_an_unknown_scheme_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="pink"):
        theme.apply(qapp, "pink")


def test_every_icon_that_is_named_is_there() -> None:
    names = {c.icon for c in COMMANDS} | {p.icon for p in PAGES} | {"lock", "play", "user", "warning", "info", "check"}
    assert [n for n in names if not (ICONS / f"{n}.svg").exists()] == []


def test_icons_are_one_family_and_take_the_colour_asked_for() -> None:
    for path in ICONS.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        if path.stem != "isdesk":
            assert 'viewBox="0 0 24 24"' in text
            assert 'stroke="currentColor"' in text
            assert re.search(r'stroke-width="1\.6"', text)
    image = pixmap("pin", "#ff0000", 24, 2.0).toImage()
    inked = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 200]
    assert inked
    assert {c.name() for c in inked} == {"#ff0000"}


def test_an_icon_has_pictures_of_several_sizes() -> None:
    assert len(icon("phone").availableSizes()) > 3
