"""Three values, if they ring true: each with the sentence that made us think so, and a person's yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from story_bank.errors import VecuError
from story_bank.ids import ValueId
from story_bank.language import Bilingual, Language
from story_bank.story import Value
from studio.steps.read import StoryView
from studio.steps.tag import SuggestedValue
from studio.ui.components import PLAY, html, notice, skeleton
from studio.ui.sheet import script
from studio.ui.voices import set_in
from studio.ui.words import LISTEN_FROM, W, clock

_HEADING = W("Trois valeurs, si elles vous parlent", "Three values, if they ring true")
_WHY = W("Chacune vient d'une phrase à vous. Refuser n'enlève rien à votre récit.",
         "Each comes from a sentence of yours. Refusing takes nothing away from your story.")
_KEEP, _REFUSE = W("Garder", "Keep"), W("Refuser", "Refuse")
_ANOTHER = W("Choisir une autre valeur", "Choose another value")
_KEPT = W("C'est gardé.", "Saved.")
_NONE = W("Rien dans ces mots ne fait penser à une valeur de votre entreprise. Vous pouvez en choisir une.",
          "Nothing in these words brings a value of your company to mind. You may choose one.")


def build(lang: Language) -> gr.HTML:
    """Lay out the values; it triggers `chosen`."""
    return html({}, html_template=_template(lang), js_on_load=script("keeper") + script("values"), elem_id="values",
                elem_classes="o5")


def _template(lang: Language) -> str:
    choice = ('<fieldset class="v-segs"><legend class="v-hide">{{name}}</legend>'
              + _segment("{{id}}", "keep", _KEEP, lang) + _segment("", "refuse", _REFUSE, lang) + "</fieldset>")
    play = ('<button type="button" class="v-play" data-s="{{s}}" data-e="{{e}}" '
            f'aria-label="{LISTEN_FROM.said(lang)} {{{{at}}}}">{PLAY}<span>{{{{at}}}}</span></button>')
    said = '<p class="v-said" lang="{{lang}}">{{sentence}}</p>'
    sentence = '{{#if plays}}<div class="v-line">' + play + said + "</div>{{else}}" + said + "{{/if}}"
    return (
        '{{#if value.shown}}<section class="vals"><div class="v-head"><h2>{{value.heading}}</h2>'
        f'<p class="v-small">{_WHY.said(lang)}</p></div>'
        "{{#if value.waits}}" + skeleton((70, 92, 64)) + "{{/if}}{{#if value.note}}" + notice("value.note") + "{{/if}}"
        '{{#each value.suggested}}<div class="val"><div class="val__top"><h3>{{name}}</h3>' + choice + "</div>"
        + sentence + "</div>{{/each}}"
        '{{#if value.others}}<details class="val val__more"><summary class="v-link">'
        f"{_ANOTHER.said(lang)}</summary>"
        '<div class="v-segs">{{#each value.others}}<label class="v-check"><input type="checkbox" value="{{id}}"'
        "{{#if keep}} checked{{/if}}><span>{{name}}</span></label>{{/each}}</div></details>{{/if}}"
        '<p class="v-small tr-kept" data-kept role="status"></p></section>{{/if}}')


def _segment(value: str, on: str, name: Bilingual, lang: Language) -> str:
    return (f'<label class="v-seg"><input type="radio" name="value-{{{{id}}}}" value="{value}"{{{{#if {on}}}}} checked'
            f"{{{{/if}}}}><span>{name.said(lang)}</span></label>")


def waiting(lang: Language) -> dict[str, Any]:
    """Return what is shown while the words are being thought about."""
    return {"shown": True, "heading": _HEADING.said(lang), "waits": True}


def shown(view: StoryView, suggested: Sequence[SuggestedValue] | VecuError, values: Sequence[Value],
          lang: Language) -> dict[str, Any]:
    """Return what the template reads: suggestions first, the company's other values after them."""
    if not values:
        return {}
    kept = set(view.story.value_ids)
    found = () if isinstance(suggested, VecuError) else suggested
    first = {each.value.id for each in found}
    others = [{"id": value.id, "name": value.name.said(lang), "keep": value.id in kept}
              for value in values if value.id not in first]
    value: dict[str, Any] = {"shown": True, "heading": _HEADING.said(lang), "others": others, "suggested": [
        _suggestion(each, each.value.id in kept, view, lang) for each in found]}
    if isinstance(suggested, VecuError):
        value["note"] = {"tone": "soon", "text": set_in(lang, suggested.said(lang))}
    elif not found:
        value["note"] = {"tone": "", "text": _NONE.said(lang)}
    return value


def said_kept(lang: Language) -> str:
    """Return the word that says the choice was kept."""
    return _KEPT.said(lang)


def value_ids(given: object) -> tuple[ValueId, ...]:
    """Return the ids a browser sent; which of them exist is the step's answer."""
    return tuple(ValueId(each) for each in given if isinstance(each, str)) if isinstance(given, list) else ()


def _suggestion(each: SuggestedValue, keep: bool, view: StoryView, lang: Language) -> dict[str, Any]:
    timed = each.start is not None and each.end is not None
    return {"id": each.value.id, "name": each.value.name.said(lang), "keep": keep, "refuse": False,
            "sentence": _quoted(each.evidence, view.story.language), "lang": view.story.language,
            "plays": timed and view.recording is not None, "s": each.start, "e": each.end,
            "at": clock(each.start) if each.start is not None else ""}


def _quoted(sentence: str, spoken: Language) -> str:
    return set_in("fr", f"« {sentence} »") if spoken == "fr" else f"“{sentence}”"

