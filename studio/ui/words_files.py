"""The words as files, on Relire: taken away in five forms, and a text that exists already, brought."""

from __future__ import annotations

from typing import Any

import gradio as gr

from story_bank.access import Act, Duty, Use, holds, may
from story_bank.bank import Asker
from story_bank.language import Language
from studio.steps.read import StoryView
from studio.steps.take_words import WordsForm
from studio.ui.components import html
from studio.ui.words import W

_HEAD = W("Ces mots, en fichier", "These words, as a file")
_OWN_TEXT = W("J'ai déjà un texte", "I already have a text")
_NAMES = {WordsForm.TXT: W("Texte", "Text"), WordsForm.DOCX: W("Word", "Word"),
          WordsForm.SRT: W("Sous-titres SRT", "SRT captions"), WordsForm.VTT: W("Sous-titres VTT", "VTT captions"),
          WordsForm.JSON: W("JSON", "JSON")}


def build(lang: Language) -> gr.HTML:
    """Lay the links out; nothing is shown of a story whose words one may not take away."""
    return html({}, html_template=(
        '{{#if value.shown}}<section class="rl-files"><h2>' + _HEAD.said(lang) + '</h2><div class="v-acts">'
        '{{#each value.forms}}<a class="v-btn" href="{{href}}" download>{{label}}</a>{{/each}}</div>'
        '{{#if value.bring}}<p><a class="v-link" href="{{value.bring}}">' + _OWN_TEXT.said(lang)
        + "</a></p>{{/if}}</section>{{/if}}"), elem_classes="o5")


def shown(view: StoryView, asker: Asker, lang: Language) -> dict[str, Any]:
    """Return what the template reads: the forms of what may be taken away, and where to bring a text to one's own."""
    if not may(asker.person, Use(Act.TAKE), view.story.author_id, view.scopes, asker.day):
        return {}
    heard = view.transcript is not None and view.transcript.finished and bool(view.transcript.segments)
    forms = tuple(WordsForm) if heard else () if view.recording else (WordsForm.TXT,)
    bring = view.own and view.recording is not None and holds(asker.person, Duty.TELL)
    return {"shown": bool(forms or bring), "bring": f"/mots/{view.story.id}" if bring else "",
            "forms": [{"href": f"/mots/{view.story.id}/{form.value}", "label": _NAMES[form].said(lang)}
                      for form in forms]}
