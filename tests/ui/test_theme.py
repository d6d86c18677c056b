"""The look: both schemes can be read (contrast AA), everything is filled in, every icon is there."""

from __future__ import annotations

import itertools
import re

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from isdesk.domain import colours
from tests.colour import KINDS, contrast, difference, lightness
from ui import theme
from ui.commands import COMMANDS
from ui.pages import PAGES
from ui.theme.icons import ICONS, icon, pixmap
from ui.theme.sheet import style_sheet
from ui.theme.tokens import DARK, DARK_SAFE, LIGHT, LIGHT_SAFE, Tokens

LOOKS = {"light": LIGHT, "dark": DARK, "light-safe": LIGHT_SAFE, "dark-safe": DARK_SAFE}
ALL = pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
SAFE = pytest.mark.parametrize("look", [LIGHT_SAFE, DARK_SAFE], ids=["light", "dark"])


@ALL
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


@ALL
def test_lines_and_bars_stand_out_from_their_ground(look: Tokens) -> None:
    drawn = (look.accent, look.good, look.warn, look.bad)
    low = [one for one in drawn for ground in (look.panel, look.panel2, look.ground) if contrast(one, ground) < 3]
    assert not low


@SAFE
@pytest.mark.parametrize("kind", KINDS)
def test_states_are_told_apart_by_every_eye(look: Tokens, kind: str) -> None:
    states = {name: getattr(look, name) for name in ("accent", "good", "warn", "bad")}
    near = {
        (one, other): difference(states[one], states[other], kind)
        for one, other in itertools.combinations(states, 2)
        if difference(states[one], states[other], kind) < 12
    }
    assert not near


def test_the_measure_itself_finds_colours_that_are_mixed_up() -> None:
    """The usual palette is not for every eye: that is why there is another."""
    assert difference(LIGHT.warn, LIGHT.bad, "deuteranopia") < 6
    assert difference(DARK.good, DARK.bad, "deuteranopia") < 8


@ALL
@pytest.mark.parametrize("kind", KINDS)
def test_the_scale_rises_evenly_for_every_eye(look: Tokens, kind: str) -> None:
    steps = [lightness(colours.ramp(look.heat_low, look.heat_high, at / 8), kind) for at in range(9)]
    rises = [after - before for before, after in itertools.pairwise(steps)]
    way = 1 if look.dark else -1
    assert min(one * way for one in rises) > 1.5
    assert max(map(abs, rises)) / min(map(abs, rises)) < 1.8


@ALL
def test_every_cell_of_the_scale_can_be_read(look: Tokens) -> None:
    grounds = [colours.ramp(look.heat_low, look.heat_high, at / 20) for at in range(21)]
    assert min(contrast(colours.legible(one), one) for one in grounds) >= 4.5


@ALL
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


def test_the_safe_palette_holds_in_both_schemes_until_another_is_chosen(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", "safe")
    assert theme.tokens() is DARK_SAFE
    theme.apply(qapp, "light")
    assert theme.tokens() is LIGHT_SAFE
    assert qapp.palette().color(QPalette.ColorRole.Accent).name() == LIGHT_SAFE.accent
    theme.apply(qapp, "light", "usual")
    assert theme.tokens() is LIGHT
    with pytest.raises(ValueError, match="pink"):
        theme.apply(qapp, "light", "pink")


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
