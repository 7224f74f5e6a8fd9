"""Décider: after listening, who may hear the story, for what, where, until when; taken back as easily as given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from prompts.consent_text import channel_label
from story_bank.access import Act, Use, may
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.errors import BadInput, Conflict, NotFound
from story_bank.ids import PersonId, StoryId
from story_bank.language import Language
from story_bank.recording import MediaKind
from studio.steps.consent import Sign, Withdraw
from studio.steps.keep import DescribeStory, StoryCard
from studio.steps.signing import Colleagues, Decision, ReadToDecide
from studio.toolbox import Toolbox
from studio.ui import consent_form, consent_state, player, receipts
from studio.ui.components import empty, html, page_head, stepper
from studio.ui.page import QUIET, answers, kindly, person_of, story_param, when_opened
from studio.ui.sheet import script
from studio.ui.voices import Voice, set_in
from studio.ui.words import W
from studio.ui.written_words import written_template, written_value

_HEADING = W("Qui peut l'entendre ?", "Who may hear it?")
_HEADING_TEXT = W("Qui peut le lire ?", "Who may read it?")
_LEAD = W("Rien n'est coché d'avance. Refuser n'enlève rien : le récit reste à vous, et à vous seul.",
          "Nothing is ticked beforehand. Refusing takes nothing away: the story stays yours, and yours alone.")
_LEAD_OTHER = W("On vous reconnaît dans ce récit. Sans votre accord, il reste fermé.",
                "You can be recognised in this story. Without your consent it stays closed.")
_NO_STORY, _MINE = W("Choisissez un récit.", "Choose a story."), W("Mes récits", "My stories")
_PEOPLE = W("Qui d'autre reconnaît-on ?", "Who else can be recognised?")
_EACH_SIGNS = W("Chaque personne signe son propre accord ; elle peut lire le récit une fois que vous avez signé. Tant "
                "qu'il en manque un, le récit reste fermé, et c'est l'accord le plus étroit qui vaut.",
                "Each person signs their own consent; they can read the story once you have signed. While one is "
                "missing the story stays closed, and the narrowest consent is the one that holds.")
_TO_SIGN = W("Ce que vous signez", "What you sign")
_NAME, _SIGN = W("Votre nom, écrit en entier, vaut signature", "Your name, typed in full, is your signature"), W(
    "Signer", "Sign")
_NOT_NOW = W("Pas maintenant", "Not now")
_CHANGED = W("Le texte a changé entre-temps. Relisez-le, puis signez.",
             "The text has changed meanwhile. Read it again, then sign.")
_THANKS = W("Merci. C'est signé.", "Thank you. It is signed.")
_NOW = {True: W("Voici ce qui est possible maintenant. Ou rien du tout : c'est très bien aussi.",
                "Here is what is possible now. Or nothing at all: that is fine too."),
        False: W("Rien d'autre à faire : le récit s'ouvre là où vous l'avez dit.",
                 "Nothing else to do: the story opens where you said.")}
_WRITE, _CUT = W("En tirer un texte", "Make a text of it"), W("Couper un extrait", "Cut an extract")


@dataclass(frozen=True, slots=True)
class DecidePage:
    """What the page is made of."""

    steps: tuple[gr.Column, gr.Column]
    head: gr.HTML
    refusal: gr.HTML
    columns: gr.Row
    film: gr.HTML
    written: gr.HTML
    state: gr.HTML
    done: gr.HTML
    choices: gr.HTML
    people: gr.Dropdown
    text: gr.HTML
    history: gr.HTML
    answers: gr.HTML


def build(lang: Language) -> DecidePage:
    """Lay the page out: the sound and what stands on the left, the choices and the text to sign on the right."""
    with gr.Column() as deciding:
        stepper(2, lang)
    with gr.Column(visible=False) as decided:
        stepper(3, lang)
    head = page_head(_HEADING.said(lang))
    refusal = html({}, html_template="{{#if value.empty}}" + empty("value.empty") + "{{/if}}")
    done = html({}, html_template=_done(), elem_id="done")
    with gr.Row(elem_classes="v-cols rl", visible=False) as columns:
        with gr.Column(scale=5, min_width=0, elem_classes="v-stick rl-left"):
            film = player.build()
            written = html({}, html_template=written_template(lang), elem_classes="o1")
            state = consent_state.build(lang, by_channel=True)
        with gr.Column(scale=7, min_width=0):
            choices = consent_form.build(lang)
            with gr.Column(elem_classes="o3"):
                people = gr.Dropdown([], label=_PEOPLE.said(lang), info=_EACH_SIGNS.said(lang), multiselect=True,
                                     visible=False, elem_id="people")
            text = html({}, html_template=_sheet(lang), js_on_load=script("sign"), elem_id="sheet", elem_classes="o3")
            history = receipts.build(lang)
    return DecidePage((deciding, decided), head, refusal, columns, film, written, state, done, choices, people, text,
                      history, answers())


def _done() -> str:
    return ('{{#if value.shown}}<section class="v-sheet de-done" role="status"><h2>{{value.title}}</h2>'
            '<p>{{value.now}}</p><div class="v-acts">{{#each value.ways}}<a class="v-btn" href="{{href}}">{{label}}</a>'
            "{{/each}}</div></section>{{/if}}")


def _sheet(lang: Language) -> str:
    return (
        f'{{{{#if value.shown}}}}<section class="de-sign"><h2>{_TO_SIGN.said(lang)}</h2>'
        '{{#if value.left}}<p class="v-lead" role="status">{{value.left}}</p>{{/if}}{{#if value.text}}<form>'
        '<pre class="de-text" tabindex="0" data-hash="{{value.hash}}">{{value.text}}</pre><div class="v-form">'
        f'<label class="v-field"><span>{_NAME.said(lang)}</span><input type="text" name="signature" '
        'autocomplete="name" required maxlength="200"></label><div class="v-acts">'
        f'<button class="v-btn v-btn--main">{_SIGN.said(lang)}</button><a class="v-link" href="/{lang}/mes-recits">'
        f"{_NOT_NOW.said(lang)}</a></div></div></form>{{{{/if}}}}</section>{{{{/if}}}}")


def wire(page: DecidePage, tools: Toolbox, lang: Language) -> None:
    """Bind the page to reading, declaring people, seeing the text, signing and taking back."""
    polite = kindly(lang)

    @polite
    def opened(request: gr.Request) -> dict[Any, Any]:
        story_id = story_param(request)
        if story_id is None:
            return _refused(page, _NO_STORY.said(lang), lang)
        asker = person_of(request, tools)
        try:
            decision = ReadToDecide(tools).run(asker, story_id)
        except NotFound as missing:
            return _refused(page, set_in(lang, missing.said(lang)), lang)
        return {**_laid_out(page, decision, tools, asker, lang), **_standing(page, decision, asker, lang)}

    @polite
    def considered(event: gr.EventData, request: gr.Request) -> tuple[dict[str, Any], dict[str, Any]]:
        asker, decision = _asked(request, tools)
        return _to_sign(event, decision, asker, lang), {"to": "considered", "turn": int(event.turn)}

    @polite
    def signed(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, decision = _asked(request, tools)
        scope = consent_form.scope_of(_given(event), decision)
        shown = consent_form.text_for(scope, decision, asker, lang)
        if consent_form.mark(shown.text) != str(event.hash):
            raise Conflict(_CHANGED.fr, _CHANGED.en)
        Sign(tools).run(asker, decision.story.id, scope, (shown.version, shown.text), str(event.signature))
        after = ReadToDecide(tools).run(asker, decision.story.id)
        return {**_standing(page, after, asker, lang), page.text: {}, page.done: _possible(after, asker, lang),
                page.steps[0]: gr.Column(visible=False), page.steps[1]: gr.Column(visible=True)}

    @polite
    def withdrew(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, decision = _asked(request, tools)
        channel = Channel(str(event.channel)) if event.channel else None
        Withdraw(tools).run(asker, decision.story.id, frozenset({channel}) if channel else None)
        said = (consent_state.TAKEN_FROM.said(lang).format(channel=channel_label(channel).said(lang)) if channel
                else consent_state.TAKEN_BACK.said(lang))
        changed = _standing(page, ReadToDecide(tools).run(asker, decision.story.id), asker, lang)
        return {**changed, page.state: {**changed[page.state], "said": said}, page.done: {}, page.text: {},
                page.steps[0]: gr.Column(visible=True), page.steps[1]: gr.Column(visible=False)}

    @polite
    def declared(chosen: list[str], request: gr.Request) -> dict[Any, Any]:
        asker, decision = _asked(request, tools)
        story = decision.story
        card = StoryCard(story.title, story.recorded_on, story.team, story.site, tuple(map(PersonId, chosen)))
        DescribeStory(tools).run(asker, story.id, card)
        return {page.state: _state(ReadToDecide(tools).run(asker, story.id), asker, lang)}

    changing = [*page.steps, page.state, page.done, page.choices, page.text, page.history]
    when_opened(opened, None, [page.head, page.refusal, page.columns, page.film, page.written, page.people, *changing])
    page.choices.considered(considered, None, [page.text, page.answers], trigger_mode="multiple", **QUIET)
    page.text.signed(signed, None, changing, **QUIET)
    page.state.withdrew(withdrew, None, changing, **QUIET)
    page.people.input(declared, page.people, page.state, trigger_mode="always_last", **QUIET)


def _asked(request: gr.Request, tools: Toolbox) -> tuple[Asker, Decision]:
    asker, story_id = person_of(request, tools), story_param(request)
    return asker, ReadToDecide(tools).run(asker, story_id or StoryId(""))


def _given(event: gr.EventData) -> dict[str, Any]:
    return {"purposes": list(event.purposes), "channels": list(event.channels), "from": str(getattr(event, "from")),
            "until": str(event.until), "face": str(event.face), "voice": str(event.voice), "name": str(event.name)}


def _to_sign(event: gr.EventData, decision: Decision, asker: Asker, lang: Language) -> dict[str, Any]:
    try:
        scope = consent_form.scope_of(_given(event), decision)
    except BadInput as left:
        return {"shown": True, "left": set_in(lang, left.said(lang))}
    text = consent_form.text_for(scope, decision, asker, lang).text
    return {"shown": True, "text": text, "hash": consent_form.mark(text)}


def _refused(page: DecidePage, text: str, lang: Language) -> dict[Any, Any]:
    return {page.refusal: {"empty": {"text": text, "action": _MINE.said(lang), "href": f"/{lang}/mes-recits"}}}


def _laid_out(page: DecidePage, decision: Decision, tools: Toolbox, asker: Asker, lang: Language) -> dict[Any, Any]:
    story, recording = decision.story, decision.recording
    heading = (_HEADING if story.recording_id else _HEADING_TEXT).said(lang)
    lead = (_LEAD if decision.own else _LEAD_OTHER).said(lang)
    kind: Literal["video", "sound"] = "video" if recording and recording.kind is MediaKind.VIDEO else "sound"
    voice = Voice(f"/media/recording/{recording.id}", kind) if recording else Voice()
    colleagues = [(person.display_name, person.id) for person in Colleagues(tools).run(asker)] if decision.own else []
    return {page.head: {"title": heading, "lead": lead}, page.columns: gr.Row(visible=True),
            page.film: player.shown(voice, recording, lang),
            page.written: {} if recording else written_value(story, ""),
            page.people: gr.Dropdown(choices=colleagues, value=list(story.appearing), visible=decision.own)}


def _standing(page: DecidePage, decision: Decision, asker: Asker, lang: Language) -> dict[Any, Any]:
    return {page.state: _state(decision, asker, lang), page.choices: consent_form.shown(decision, asker, lang),
            page.history: receipts.shown(decision.history, decision.company, lang)}


def _state(decision: Decision, asker: Asker, lang: Language) -> dict[str, Any]:
    return consent_state.shown(consent_state.standing_of(decision, asker, lang), asker.day, lang)


def _possible(decision: Decision, asker: Asker, lang: Language) -> dict[str, Any]:
    story = decision.story
    ways = [{"href": f"/{lang}/{slug}?story={story.id}", "label": label.said(lang)}
            for act, slug, label in ((Act.DRAFT, "ecrire", _WRITE), (Act.CUT, "extraits", _CUT))
            if may(asker.person, Use(act), story.author_id, decision.scopes, asker.day)
            and (act is not Act.CUT or decision.recording)]
    return {"shown": True, "title": _THANKS.said(lang), "now": _NOW[bool(ways)].said(lang), "ways": ways}
