"""The site: one Blocks per language, every page a route of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from story_bank.language import Bilingual, Language
from studio.toolbox import Toolbox
from studio.ui import decide, extract, library, mine, record, reread, write
from studio.ui.chrome import sheet_of_paper
from studio.ui.words import W


@dataclass(frozen=True, slots=True)
class Route:
    """A page: its address after the language, its title, how it is laid out, how its events are bound."""

    slug: str
    title: Bilingual
    build: Callable[[Language], Any]
    wire: Callable[[Any, Toolbox, Language], None]


PAGES = (
    Route("", W("Raconter", "Tell"), record.build, record.wire),
    Route("mes-recits", W("Mes récits", "My stories"), mine.build, mine.wire),
    Route("ecrire", W("Écrire", "Write"), write.build, write.wire),
    Route("extraits", W("Extraits", "Extracts"), extract.build, extract.wire),
    Route("relire", W("Relire", "Read back"), reread.build, reread.wire),
    Route("decider", W("Décider", "Decide"), decide.build, decide.wire),
    Route("bibliotheque", W("Bibliothèque", "Library"), library.build, library.wire),
)


AT_ONCE = 16
"""How many people one event may serve at a time; Gradio's own choice is one after another."""


def blocks(lang: Language, tools: Toolbox) -> gr.Blocks:
    """Lay out and wire every page in one language."""
    site = gr.Blocks(title="Vécu", analytics_enabled=False, fill_width=True)
    for page in PAGES:
        with site if page.slug == "" else site.route(page.title.said(lang), page.slug):
            with sheet_of_paper(lang, page.slug, page.title.said(lang)):
                built = page.build(lang)
            page.wire(built, tools, lang)
    site.queue(default_concurrency_limit=AT_ONCE)
    return site
