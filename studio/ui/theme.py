"""The look: colours by name, their measured contrasts, and Gradio's own variables pointed at them.

Two rules carry the identity: red is the voice, blue ink is what one writes and decides; serif is what a person said,
sans is what the product says. Contrast is WCAG 2.2, 1.4.3 and 1.4.11.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

LIGHT = {
    "ground": "#f4efe6",  # the paper of the page
    "sheet": "#fffdf8",  # a sheet laid on it
    "sunk": "#e9e2d5",  # tracks, skeletons
    "line": "#d9d0c0",  # decorative rules
    "edge": "#857b6a",  # borders that must be seen
    "ink": "#1c1a26", "muted": "#5a5462",
    "accent": "#263f9c", "accent-on": "#ffffff", "accent-hover": "#1b2f7c", "accent-wash": "#e3e6f4",
    "voice": "#c22d1d", "voice-on": "#ffffff", "voice-wash": "#f9e0d8",
    "ok": "#17633f", "ok-wash": "#dcebdf", "soon": "#7f4e00", "soon-wash": "#f6e6c6",
    "stop": "#9c2018", "stop-wash": "#f6dcd6",
    "focus": "#263f9c",
    "stop-inv": "#ff8b76", "soon-inv": "#f0c069",  # edges of an inverted notice
}
DARK = {
    "ground": "#191820", "sheet": "#22212a", "sunk": "#302e39", "line": "#3a3844", "edge": "#827d90",
    "ink": "#f3ede1", "muted": "#b9b2bd",
    "accent": "#b3c1ff", "accent-on": "#151a33", "accent-hover": "#d2daff", "accent-wash": "#2b3052",
    "voice": "#ff8b76", "voice-on": "#2a0b06", "voice-wash": "#4a2620",
    "ok": "#86d3a6", "ok-wash": "#1d3a2b", "soon": "#f0c069", "soon-wash": "#43331a",
    "stop": "#ff9c8e", "stop-wash": "#4a2422",
    "focus": "#b3c1ff",
    "stop-inv": "#9c2018", "soon-inv": "#7f4e00",
}
TEXT, CONTROL = 4.5, 3.0
"""Least contrast of text, and of what must be seen to be used."""

_GROUNDS: dict[tuple[str, float], tuple[str, ...]] = {
    ("ink", TEXT): ("ground", "sheet", "sunk", "accent-wash", "voice-wash", "ok-wash", "soon-wash", "stop-wash"),
    ("muted", TEXT): ("ground", "sheet", "sunk"),
    ("accent", TEXT): ("ground", "sheet", "accent-wash"),
    ("accent-on", TEXT): ("accent", "accent-hover"),
    ("voice", TEXT): ("ground", "sheet", "voice-wash"),
    ("voice-on", TEXT): ("voice",),
    ("ok", TEXT): ("ground", "sheet", "ok-wash"),
    ("soon", TEXT): ("ground", "sheet", "soon-wash"),
    ("stop", TEXT): ("ground", "sheet", "stop-wash"),
    ("ground", TEXT): ("ink",),
    ("stop-inv", CONTROL): ("ink",), ("soon-inv", CONTROL): ("ink",),
    ("edge", CONTROL): ("ground", "sheet"),
    ("focus", CONTROL): ("ground", "sheet", "sunk"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour on another, the contrast it has and the one it needs."""

    mode: str
    front: str
    back: str
    ratio: float
    needed: float


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio, 1 to 21, of two #rrggbb colours."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs() -> Iterator[Pair]:
    """Yield every pair of colours that meet on a page, in both modes."""
    for mode, tokens in (("light", LIGHT), ("dark", DARK)):
        for (front, needed), backs in _GROUNDS.items():
            for back in backs:
                yield Pair(mode, front, back, contrast(tokens[front], tokens[back]), needed)


_VARIABLES = {
    "background_fill_primary": "sheet", "background_fill_secondary": "ground", "body_text_color_subdued": "muted",
    "block_info_text_color": "muted", "block_title_text_color": "ink", "block_label_text_color": "ink",
    "input_placeholder_color": "muted", "border_color_primary": "line", "border_color_accent": "accent",
    "color_accent": "accent", "color_accent_soft": "accent-wash", "link_text_color": "accent",
    "link_text_color_hover": "accent-hover", "link_text_color_visited": "accent", "link_text_color_active": "accent",
    "input_background_fill": "sheet", "input_background_fill_focus": "sheet", "input_border_color": "edge",
    "input_border_color_focus": "accent", "button_primary_background_fill": "accent",
    "button_primary_background_fill_hover": "accent-hover", "button_primary_text_color": "accent-on",
    "button_primary_border_color": "accent", "button_secondary_background_fill": "sheet",
    "button_secondary_background_fill_hover": "accent-wash", "button_secondary_text_color": "ink",
    "button_secondary_border_color": "edge", "checkbox_label_background_fill": "sheet",
    "checkbox_label_background_fill_selected": "accent-wash", "checkbox_label_border_color": "edge",
    "checkbox_label_border_color_selected": "accent", "checkbox_label_text_color": "ink",
    "checkbox_label_text_color_selected": "ink", "checkbox_label_background_fill_hover": "accent-wash",
    "checkbox_background_color": "sheet", "checkbox_background_color_selected": "accent",
    "checkbox_border_color": "edge", "checkbox_border_color_selected": "accent", "loader_color": "accent",
    "slider_color": "accent",
}
_FLAT = ("block_shadow", "input_shadow", "input_shadow_focus", "button_primary_shadow", "button_secondary_shadow",
         "button_primary_shadow_hover", "button_primary_shadow_active", "checkbox_shadow", "checkbox_label_shadow",
         "shadow_drop", "shadow_drop_lg")
_MEASURES = {
    "block_border_width": "0px", "block_background_fill": "transparent", "block_padding": "0px",
    "block_label_border_width": "0px", "block_label_background_fill": "transparent", "block_title_text_weight": "600",
    "layout_gap": "24px", "form_gap_width": "0px", "input_border_width": "1.5px", "input_padding": "12px 14px",
    "button_border_width": "1.5px", "checkbox_label_border_width": "1.5px", "checkbox_label_padding": "9px 14px",
    "button_large_padding": "12px 22px", "button_large_text_weight": "600", "button_large_text_size": "17px",
    "button_medium_padding": "10px 18px", "button_medium_text_weight": "600",
    "button_transition": "background-color .15s, border-color .15s",
}


def theme() -> gr.themes.Base:
    """Return Gradio's theme with its variables pointing at ours, so that `.dark` swaps our tokens only."""
    known = set(inspect.signature(gr.themes.Base.set).parameters)
    colours = {name: f"var(--v-{token})" for key, token in _VARIABLES.items() for name in (key, f"{key}_dark")}
    # These are read before any style sheet is: they must be plain colours.
    colours |= {"body_background_fill": LIGHT["ground"], "body_background_fill_dark": DARK["ground"],
                "body_text_color": LIGHT["ink"], "body_text_color_dark": DARK["ink"]}
    chosen = {**colours, **dict.fromkeys(_FLAT, "none"), **_MEASURES}
    size = gr.themes.Size
    return gr.themes.Base(
        font=["Bricolage Grotesque", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"],
        text_size=size(xxs="15px", xs="15px", sm="16px", md="17px", lg="18px", xl="22px", xxl="28px", name="vecu"),
        radius_size=size(xxs="4px", xs="4px", sm="6px", md="6px", lg="10px", xl="10px", xxl="10px", name="vecu"),
    ).set(**{key: value for key, value in chosen.items() if key in known})
