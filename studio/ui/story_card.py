"""The card that makes words a story: title, team, site and day, kept as they are typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import gradio as gr

from story_bank.bank import Asker
from story_bank.errors import BadInput
from story_bank.language import Language
from studio.steps.keep import StoryCard
from studio.steps.read import StoryView
from studio.ui.components import html
from studio.ui.sheet import script
from studio.ui.words import W

_HEADING, _TITLE, _TEAM = W("La fiche du récit", "The story's card"), W("Titre", "Title"), W("Équipe", "Team")
_SITE, _DAY = W("Site", "Site"), W("Jour du récit", "Day of the story")
_HINT = W("Comme vous l'appelleriez en le racontant", "As you would call it when telling it")
KEPT = W("C'est gardé.", "Saved.")
_LOST = W("Pas encore gardé : le serveur ne répond pas.", "Not saved yet: the server does not answer.")
_BAD_DAY = W("Ce jour ne se lit pas ; choisissez-le dans le calendrier.",
             "This day cannot be read; pick it in the calendar.")


def build(lang: Language) -> gr.HTML:
    """Lay out the card; it triggers `described`."""
    return html({}, html_template=_template(lang), js_on_load=script("keeper") + script("card"), elem_classes="o3")


def _template(lang: Language) -> str:
    def field(name: str, label: str, kind: str, more: str) -> str:
        return (f'<label class="v-field"><span>{label}</span><input type="{kind}" name="{name}" '
                f'value="{{{{value.{name}}}}}" autocomplete="off" {more}></label>')

    return (f'{{{{#if value.shown}}}}<section class="rl-card"><h2>{_HEADING.said(lang)}</h2><div class="v-form">'
            + field("title", _TITLE.said(lang), "text", f'maxlength="200" placeholder="{_HINT.said(lang)}"')
            + '<div class="rl-fields">' + field("team", _TEAM.said(lang), "text", 'maxlength="80"')
            + field("site", _SITE.said(lang), "text", 'maxlength="80"')
            + field("day", _DAY.said(lang), "date", 'max="{{value.today}}"')
            + f'</div></div><p class="v-small tr-kept" data-kept data-lost="{_LOST.said(lang)}" role="status"></p>'
            "</section>{{/if}}")


def shown(view: StoryView, asker: Asker) -> dict[str, Any]:
    """Return what the template reads."""
    story = view.story
    return {"shown": True, "title": story.title, "team": story.team, "site": story.site,
            "day": story.recorded_on.isoformat(), "today": asker.day.isoformat()}


def card_of(event: gr.EventData) -> StoryCard:
    """Return the card a browser sent (`BadInput` when the day is none)."""
    try:
        recorded_on = date.fromisoformat(str(event.day))
    except ValueError:
        raise BadInput(_BAD_DAY.fr, _BAD_DAY.en) from None
    return StoryCard(str(event.title), recorded_on, str(event.team)[:80], str(event.site)[:80])
