"""The style sheet and the scripts: files of `assets/`, put together once, at an address that changes with them."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from story_bank.language import Language
from studio.ui.theme import DARK, LIGHT
from studio.ui.words import W

ASSETS = Path(__file__).parent / "assets"
BASE = "/vecu"
"""Where the web serves `assets/` and the sheet."""

_SCOPE = ":is(.gradio-container.gradio-container,.v-web.v-web)"
"""Gradio resets buttons, links and lists inside itself: nesting lifts our rules above its own."""
_CLOSE = W("Fermer", "Close")


def _tokens(colours: dict[str, str]) -> str:
    return "".join(f"--v-{name}:{colour};" for name, colour in colours.items())


def _face(family: str, file: str, weights: str) -> str:
    return (f"@font-face{{font-family:'{family}';src:url('{BASE}/fonts/{file}') format('woff2');"
            f"font-weight:{weights};font-display:swap}}")


@cache
def style_sheet() -> str:
    """Return the whole style sheet: fonts, colours, `base.css`, then every other file of `assets/css`, nested."""
    head = (_face("Bricolage Grotesque", "bricolage-grotesque-latin-opsz-normal.woff2", "200 800")
            + _face("Literata", "literata-latin-wght-normal.woff2", "200 900")
            + f":root{{{_tokens(LIGHT)}}}body.dark,.dark{{{_tokens(DARK)}color-scheme:dark}}"
            + f"@media (prefers-color-scheme:dark){{body.v-web{{{_tokens(DARK)}color-scheme:dark}}}}")
    files = sorted((ASSETS / "css").glob("*.css"), key=lambda file: (file.stem != "parts", file.stem))
    nested = "".join(file.read_text("utf-8") for file in files if file.stem != "base")
    sheet = (ASSETS / "css" / "base.css").read_text("utf-8") + f"{_SCOPE}{{{nested}}}"
    return head + re.sub(r"/\*.*?\*/|\n\s*", "", sheet, flags=re.S)


@cache
def sheet_address() -> str:
    """Return where browsers get the sheet; it changes when the sheet does."""
    return f"{BASE}/vecu.css?v={hashlib.sha256(style_sheet().encode()).hexdigest()[:12]}"


@cache
def script(name: str) -> str:
    """Return `assets/js/<name>.js`, for `js_on_load`; no text of a person ever goes into it."""
    return (ASSETS / "js" / f"{name}.js").read_text("utf-8")


def head(lang: Language) -> str:
    """Return what goes into Gradio's `<head>`: unlike `css=`, it leaves selectors and `:root` as they are."""
    start = script("chrome").replace("LANG", lang).replace("CLOSE", _CLOSE.said(lang))
    return (f'<link rel="stylesheet" href="{sheet_address()}">'
            f'<link rel="icon" href="{BASE}/art/favicon.svg" type="image/svg+xml"><script>{start}</script>')
