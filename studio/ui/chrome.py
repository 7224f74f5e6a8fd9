"""The frame of every page: at most three spaces, the language, oneself."""

from __future__ import annotations

from contextlib import AbstractContextManager

import gradio as gr

from story_bank.language import LANGUAGES, Language
from studio.ui.components import BOOKS, MIC, PAGES, WORDMARK, html
from studio.ui.sheet import script
from studio.ui.words import W

SPACES = (("", W("Raconter", "Tell"), MIC), ("mes-recits", W("Mes récits", "My stories"), PAGES),
          ("bibliotheque", W("Bibliothèque", "Library"), BOOKS))
SPACE_OF = {"": "", "mes-recits": "mes-recits", "relire": "mes-recits", "decider": "mes-recits",
            "ecrire": "mes-recits", "extraits": "bibliotheque", "bibliotheque": "bibliotheque"}
"""The space under which each page is found."""
NAMES = {"fr": "FR, français", "en": "EN, English"}
_SPACES_LABEL = W("Espaces", "Spaces")
_SKIP = W("Aller au contenu", "Skip to content")
_ME = W("Votre compte", "Your account")
_CARD = W("Un récit a été repris : il n'est plus ici.", "A story was taken back: it is no longer here.")
_PAGE = W("Ce récit n'est plus ouvert", "This story is no longer open")
_WHY = W("Il a été repris, ou le temps accordé est passé.", "It was taken back, or the time allowed is over.")
_MINE = W("Il a été repris, ou le temps accordé est passé. Ce que vous avez écrit reste à l'écran, pour vous.",
          "It was taken back, or the time allowed is over. What you wrote stays on the screen, for you.")
_LIBRARY = W("Ouvrir la bibliothèque", "Open the library")


def _link(lang: Language, slug: str, label: str, icon: str, here: bool) -> str:
    current = ' aria-current="page"' if here else ""
    return f'<a href="/{lang}/{slug}"{current}>{icon}<span>{label}</span></a>'


def _spaces(lang: Language, page: str, icons: bool) -> str:
    return "".join(_link(lang, slug, name.said(lang), icon if icons else "", SPACE_OF.get(page) == slug)
                   for slug, name, icon in SPACES)


def _languages(lang: Language, page: str) -> str:
    return "".join(f'<a href="/langue/{code}?vers={page}" data-lang hreflang="{code}" lang="{code}" '
                   f'aria-label="{NAMES[code]}"{" aria-current=true" if code == lang else ""}>{code.upper()}</a>'
                   for code in LANGUAGES)


def frame(lang: Language, page: str, title: str) -> str:
    """Return the header, and the same links under the thumb on a phone; `page` is the slug."""
    spaces = _SPACES_LABEL.said(lang)
    return (
        f'<a class="v-skip" href="#contenu">{_SKIP.said(lang)}</a><header class="v-top" data-title="{title} · Vécu">'
        f'<div class="v-top__in"><a class="v-logo" href="/{lang}/">{WORDMARK}</a>'
        f'<nav class="v-nav" aria-label="{spaces}">{_spaces(lang, page, icons=False)}</nav><div class="v-right">'
        f'<div class="v-lang" role="group" aria-label="Langue / Language">{_languages(lang, page)}</div>'
        f'<a class="v-me" href="/compte" aria-label="{_ME.said(lang)}"></a></div></div></header>' + _told(lang) +
        f'<nav class="v-nav v-bottom" aria-label="{spaces} ·">{_spaces(lang, page, icons=True)}</nav>'
        '<div id="contenu" tabindex="-1"></div>')


def _told(lang: Language) -> str:
    """Return the unseen line that says what left the page meanwhile, with its words for `still.js`."""
    return (f'<p class="v-hide" role="status" data-told data-card="{_CARD.said(lang)}" data-page="{_PAGE.said(lang)}" '
            f'data-why="{_WHY.said(lang)}" data-mine="{_MINE.said(lang)}" data-way="{_LIBRARY.said(lang)}" '
            f'data-href="/{lang}/bibliotheque"></p>')


def top_bar(lang: Language, page: str, title: str) -> None:
    """Lay out the frame; the initials and the page's own query are filled in by the browser."""
    html(html_template=frame(lang, page, title), js_on_load=script("frame") + script("still"), elem_classes="v-chrome")


def sheet_of_paper(lang: Language, page: str, title: str) -> AbstractContextManager[gr.Column]:
    """Lay out the frame and open the column that holds the page."""
    gr.Navbar(visible=False)
    top_bar(lang, page, title)
    column: AbstractContextManager[gr.Column] = gr.Column(elem_classes="v-page")
    return column
