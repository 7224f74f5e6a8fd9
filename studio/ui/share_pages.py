"""Pages to share: made for one extract and one channel, their address copied once, closed again from here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from prompts.consent_text import day
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.language import Language
from studio.steps.read import StoryView
from studio.steps.share import OpenPage, ToShare
from studio.toolbox import Toolbox
from studio.ui.components import html, light
from studio.ui.sheet import script
from studio.ui.voices import lit_channel, set_in
from studio.ui.words import W

_MAKE, _WHERE = W("Faire une page à partager", "Make a page to share"), W("Pour quel support ?", "For which channel?")
_CREATE = W("Créer la page", "Make the page")
_NO_CHANNEL = W("Pas de page à partager : aucun support n'est accordé aujourd'hui.",
                "No page to share: no channel is agreed today.")
_READY = W("La page est prête. Copiez l'adresse maintenant : elle n'est pas gardée et ne sera plus montrée.",
           "The page is ready. Copy the address now: it is not kept and will not be shown again.")
_ADDRESS, _COPY = W("Adresse de la page", "Address of the page"), W("Copier l'adresse", "Copy the address")
_COPIED = W("Copié.", "Copied.")
_BY_HAND = W("Le navigateur ne laisse pas copier : sélectionnez l'adresse.",
             "The browser does not let us copy: select the address.")
_SEE = W("Voir la page", "See the page")
_OPEN = W("Pages ouvertes", "Open pages")
_LASTS = W("Toute personne qui a l'adresse voit l'extrait, sans compte, tant que l'accord tient.",
           "Anybody who has the address sees the extract, without an account, for as long as the consent holds.")
_MADE, _MADE_BY = W("Faite le {day} par vous", "Made on {day} by you"), W("Faite le {day} par {name}",
                                                                         "Made on {day} by {name}")
_CLOSE, _CLOSED = W("Fermer", "Close"), W("La page est fermée.", "The page is closed.")


def form_template(lang: Language) -> str:
    """Return, inside one extract, the way to a page: closed, then the channels that are agreed today."""
    return ('{{#if closed}}<p class="v-small">' + _NO_CHANNEL.said(lang) + '</p>{{else}}<details class="made__share">'
            f'<summary class="v-link">{_MAKE.said(lang)}</summary><fieldset class="v-segs"><legend>{_WHERE.said(lang)}'
            '</legend>{{#each channels}}<label class="v-seg"><input type="radio" name="{{name}}" value="{{id}}"'
            "{{#if first}} checked{{/if}}>{{label}}</label>{{/each}}</fieldset>"
            f'<button type="button" class="v-btn" data-share="{{{{id}}}}">{_CREATE.said(lang)}</button>'
            "</details>{{/if}}")


def choices(view: StoryView, asker: Asker, channels: Sequence[Channel], lang: Language) -> list[dict[str, Any]]:
    """Return the channels that may be chosen, each with its light in words."""
    return [{"id": each.value, "first": number == 0,
             "label": lit_channel(view.light(asker, each), each, lang)["label"]}
            for number, each in enumerate(channels)]


def build(lang: Language) -> gr.HTML:
    """Lay out a fresh page's address and the open pages; it triggers `ended`."""
    fresh = ('<div class="v-notice" data-tone="ok" role="status"><div><p>' + _READY.said(lang) + "</p>"
             f'<label class="v-field"><span>{_ADDRESS.said(lang)}</span>'
             '<input readonly data-address value="{{value.fresh}}"></label><div class="v-acts">'
             f'<button type="button" class="v-btn v-btn--main" data-copy>{_COPY.said(lang)}</button>'
             f'<a class="v-link" href="{{{{value.fresh}}}}" target="_blank" rel="noopener">{_SEE.said(lang)}</a></div>'
             f'<p class="v-small" role="status" data-copied="{_COPIED.said(lang)}" '
             f'data-by-hand="{_BY_HAND.said(lang)}"></p></div></div>')
    page = ('<li><div class="made__about"><h3>{{title}}</h3>' + light() + '<p class="v-small">{{facts}}</p>'
            f'<button type="button" class="v-link v-link--stop" data-end="{{{{id}}}}" aria-label="{_CLOSE.said(lang)}, '
            f'{{{{title}}}}, {{{{facts}}}}">{_CLOSE.said(lang)}</button></div></li>')
    return html({}, js_on_load=script("share_pages"), elem_id="pages", html_template=(
        "{{#if value.fresh}}" + fresh + '{{/if}}{{#if value.said}}<p class="v-small" role="status">{{value.said}}</p>'
        f'{{{{/if}}}}{{{{#if value.pages}}}}<section class="made__pages"><h2>{_OPEN.said(lang)}</h2>'
        f'<p class="v-small">{_LASTS.said(lang)}</p><ul class="v-list">'
        "{{#each value.pages}}" + page + "{{/each}}</ul></section>{{/if}}"))


def shown(to_share: ToShare, tools: Toolbox, lang: Language, fresh: str = "", ended: bool = False) -> dict[str, Any]:
    """Return what the part reads; `fresh` is the secret of a page that was just made."""
    return {"fresh": f"/partage/{fresh}" if fresh else "", "said": _CLOSED.said(lang) if ended else "",
            "pages": [_page(each, tools, lang) for each in to_share.pages]}


def _page(page: OpenPage, tools: Toolbox, lang: Language) -> dict[str, Any]:
    made = day(tools.day_of(page.share.made_at), lang)
    facts = (_MADE_BY if page.maker else _MADE).said(lang).format(day=made, name=page.maker)
    return {"id": page.share.id, "title": set_in(lang, page.title), "facts": facts,
            "light": lit_channel(page.light, page.share.channel, lang)}
