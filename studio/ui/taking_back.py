"""Taking back, one tap from every page of one's own; then, for who wants it, erasing for good, asked twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from prompts.consent_text import channel_label
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.errors import NotAvailable
from story_bank.ids import StoryId
from story_bank.language import Language
from studio.steps.forget import Forget
from studio.steps.read import StoryView
from studio.steps.withdraw import Withdraw
from studio.toolbox import Toolbox
from studio.ui.components import at, html
from studio.ui.page import QUIET, kindly, person_of, story_param
from studio.ui.sheet import script
from studio.ui.voices import set_in
from studio.ui.words import W

_TAKE_ALL = W("Tout retirer", "Take it all back")
_TAKEN_BACK = W("Retiré. Personne d'autre ne le trouve, ne l'écoute ni ne s'en sert plus.",
                "Taken back. Nobody else finds it, hears it or uses it any more.")
_TAKEN_FROM = W("Retiré pour {channel}.", "Taken back for {channel}.")
_ERASE, _KEEP = W("Effacer pour de bon", "Erase for good"), W("Garder", "Keep it")
_SURE = W("Effacer ce récit pour de bon ?", "Erase this story for good?")
_GOES = W("Partent : l'enregistrement, les mots, les propositions de texte, les pages qui en parlent, les extraits, "
          "les pages de partage, et tout ce qui a servi à le retrouver.",
          "What goes: the recording, the words, the drafts, the pages about it, the extracts, the share pages, and all "
          "that helped to find it.")
_STAYS = W("Restent, comme preuve et sans rien de ce que vous avez dit : qui a signé, quand, pour quoi, jusqu'à quand.",
           "What stays, as proof and without anything you said: who signed, when, for what, until when.")
_NO_WAY_BACK = W("Cela ne se défait pas. Vous recevez une attestation.",
                 "This cannot be undone. You receive a receipt.")
_ERASED = W("C'est effacé.", "It is erased.")
_RECEIPT = W("Télécharger l'attestation d'effacement", "Download the receipt of erasure")

Again = Callable[[gr.Request], dict[Any, Any]]


def buttons(path: str, lang: Language) -> str:
    """Return "Tout retirer" while `stands`, what was `said`, and then the way to `forget`; `story` is whose."""
    return at('{{#if @.stands}}<button type="button" class="v-link v-link--stop" data-act="withdrew" '
              f'data-story="{{{{@.story}}}}">{_TAKE_ALL.said(lang)}</button>{{{{/if}}}}'
              '{{#if @.said}}<p class="v-small tb-said" role="status">{{@.said}}</p>{{/if}}'
              '{{#if @.forget}}<button type="button" class="v-link v-link--stop" data-forget="{{@.story}}">'
              f'{_ERASE.said(lang)}</button>{{{{/if}}}}', path)


def build(lang: Language) -> gr.HTML:
    """Lay out the buttons by themselves; they trigger `withdrew`."""
    return html({}, html_template='{{#if value.story}}<div class="v-acts tb-acts">' + buttons("value", lang)
                + "</div>{{/if}}", js_on_load=script("taking_back"), elem_id="taking-back")


def dialog(lang: Language) -> gr.HTML:
    """Lay out the second question, opened by any `data-forget`, and what is said afterwards; it triggers `forgot`."""
    return html({}, js_on_load=script("forget"), elem_id="forget", html_template=(
        '{{#if value.said}}<div class="v-notice" data-tone="soon" role="status"><div>{{value.said}}</div></div>{{/if}}'
        '{{#if value.receipt}}<div class="v-notice" data-tone="ok" role="status"><div>'
        f'{_ERASED.said(lang)} <a href="{{{{value.receipt}}}}" download>{_RECEIPT.said(lang)}</a></div></div>'
        "{{/if}}"
        f'<dialog class="v-sheet tb-dialog" aria-labelledby="forget-sure"><h2 id="forget-sure">{_SURE.said(lang)}</h2>'
        f"<p>{_GOES.said(lang)}</p><p>{_STAYS.said(lang)}</p><p>{_NO_WAY_BACK.said(lang)}</p>"
        f'<div class="v-acts"><button type="button" class="v-btn" data-keep>{_KEEP.said(lang)}</button>'
        f'<button type="button" class="v-btn v-btn--stop" data-forgot>{_ERASE.said(lang)}</button></div></dialog>'))


def value(story_id: StoryId, own: bool, stands: bool) -> dict[str, Any]:
    """Return what `buttons` reads: taking back while a consent stands; else one's own story may be erased."""
    return {"story": story_id, "stands": stands, "forget": own and not stands, "acts": own or stands}


def of_view(view: StoryView) -> dict[str, Any]:
    """Return what `buttons` reads on a page that works with a story: nothing on somebody else's."""
    return value(view.story.id, True, view.scopes[0] is not None) if view.own else {}


def take_back(tools: Toolbox, asker: Asker, story_id: StoryId, event: gr.EventData, lang: Language) -> str:
    """Take back what the person tapped, all or one channel, and return the sentence that says so."""
    channel = Channel(str(event.channel)) if event.channel else None
    Withdraw(tools).run(asker, story_id, frozenset({channel}) if channel else None)
    return _TAKEN_FROM.said(lang).format(channel=channel_label(channel).said(lang)) if channel \
        else _TAKEN_BACK.said(lang)


def wire_dialog(part: gr.HTML, tools: Toolbox, lang: Language, again: Again, changing: Any) -> None:
    """Bind the second question to erasing; `again` says what the page then shows in `changing`."""
    @kindly(lang)
    def forgot(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        try:
            done = Forget(tools).run(person_of(request, tools), StoryId(str(event.story)))
        except NotAvailable as later:
            return {**again(request), part: {"said": set_in(lang, later.said(lang))}}
        return {**again(request), part: {"receipt": f"/oubli/{done.id}.pdf"}}

    part.forgot(forgot, None, {part, *changing}, **QUIET)


def wire(part: gr.HTML, tools: Toolbox, lang: Language, again: Again, changing: Any) -> None:
    """Bind the buttons that stand by themselves; `again` says what the page then shows in `changing`."""
    @kindly(lang)
    def withdrew(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, story_id = person_of(request, tools), story_param(request) or StoryId("")
        said = take_back(tools, asker, story_id, event, lang)
        return {**again(request), part: {**value(story_id, True, False), "said": said}}

    part.withdrew(withdrew, None, {part, *changing}, **QUIET)
