"""The look: contrasts as measured, one sheet, nothing from outside."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.ui.sheet import ASSETS, script, sheet_address, style_sheet
from studio.ui.theme import DARK, LIGHT, contrast, pairs


@pytest.mark.parametrize("pair", list(pairs()), ids=lambda pair: f"{pair.mode} {pair.front} on {pair.back}")
def test_every_pair_of_colours_is_readable(pair) -> None:
    """WCAG 2.2 AA: 4.5 for text, 3 for what must be seen to be used."""
    assert pair.ratio >= pair.needed


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_contrast_has_no_direction_and_goes_from_1_to_21(one: int, other: int) -> None:
    """The formula of WCAG."""
    first, second = f"#{one:06x}", f"#{other:06x}"
    assert contrast(first, second) == contrast(second, first)
    assert 1 <= contrast(first, second) <= 21.0001


def test_light_and_dark_have_the_same_names() -> None:
    """A colour that exists in one mode only would be the other mode's."""
    assert LIGHT.keys() == DARK.keys()


def test_the_sheet_closes_what_it_opens() -> None:
    """A page's file with a missing brace would silence all that follow."""
    for file in (ASSETS / "css").glob("*.css"):
        text = file.read_text("utf-8")
        assert text.count("{") == text.count("}"), file.name
    assert style_sheet().count("{") == style_sheet().count("}")


def test_the_sheet_asks_nothing_of_another_host() -> None:
    """Fonts and pictures are ours."""
    assert set(re.findall(r"url\('([^']*)'\)", style_sheet())) <= {
        "/vecu/fonts/bricolage-grotesque-latin-opsz-normal.woff2", "/vecu/fonts/literata-latin-wght-normal.woff2"}
    assert "//" not in style_sheet().replace("http://www.w3.org", "")


def test_every_colour_that_the_sheet_uses_exists() -> None:
    """A misspelt token would fall back without a word."""
    used = set(re.findall(r"var\(--v-([a-z0-9-]+)\)", style_sheet()))
    made = set(re.findall(r"--v-([a-z0-9-]+):", style_sheet()))
    assert used <= made


def test_the_address_of_the_sheet_changes_with_it() -> None:
    """Browsers keep it for a year."""
    assert re.fullmatch(r"/vecu/vecu\.css\?v=[0-9a-f]{12}", sheet_address())


def test_scripts_hold_no_second_language() -> None:
    """What a script says comes from the page, in its language."""
    for file in (ASSETS / "js").glob("*.js"):
        code = re.sub(r"/\*.*?\*/|//.*", "", script(file.stem), flags=re.S)
        assert not re.search(r"[àâéèêëîïôùûç]", code), file.name
