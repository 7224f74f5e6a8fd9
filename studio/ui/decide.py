"""Décider: after listening, who may hear the story, for what, where, until when; taken back as easily as given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from story_bank.access import Act, Use, may
from story_bank.bank import Asker
from story_bank.errors import BadInput, Conflict, NotFound
from story_bank.ids import StoryId
from story_bank.language import Language
from story_bank.recording import MediaKind
from studio.steps.consent import Sign, check_days
from studio.steps.signing import Decision, ReadToDecide
from studio.toolbox import Toolbox
from studio.ui import consent_form, consent_state, player, receipts, recognised, taking_back
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
_LEAD_OTHER = W("On vous reconnaît dans ce récit de {name}. Sans votre accord, il reste fermé. Refuser n'enlève rien "
                "et ne se voit pas.",
                "You can be recognised in this story told by {name}. Without your consent it stays closed. Refusing "
                "takes nothing away and is not seen.")
_NO_STORY, _MINE = W("Choisissez un récit.", "Choose a story."), W("Mes récits", "My stories")
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
    people: gr.HTML
    text: gr.HTML
    history: gr.HTML
    forget: gr.HTML
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
    forget = taking_back.dialog(lang)
    with gr.Row(elem_classes="v-cols rl", visible=False) as columns:
        with gr.Column(scale=5, min_width=0, elem_classes="v-stick rl-left"):
            film = player.build()
            written = html({}, html_template=written_template(lang), elem_classes="o1")
            state = consent_state.build(lang, "o1")
        with gr.Column(scale=7, min_width=0):
            choices = consent_form.build(lang)
            people = recognised.build(lang)
            text = html({}, html_template=_sheet(lang), js_on_load=script("sign"), elem_id="sheet", elem_classes="o3")
            history = receipts.build(lang)
    return DecidePage((deciding, decided), head, refusal, columns, film, written, state, done, choices, people, text,
                      history, forget, answers())


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
        return {**_laid_out(page, decision, lang), **_standing(page, decision, tools, asker, lang)}

    @polite
    def considered(event: gr.EventData, request: gr.Request) -> tuple[dict[str, Any], dict[str, Any]]:
        asker, decision = _asked(request, tools)
        return _to_sign(event, decision, asker, tools, lang), {"to": "considered", "turn": int(event.turn)}

    @polite
    def signed(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, decision = _asked(request, tools)
        scope = consent_form.scope_of(_given(event), decision)
        shown = consent_form.text_for(scope, decision, asker, lang)
        if consent_form.mark(shown.text) != str(event.hash):
            raise Conflict(_CHANGED.fr, _CHANGED.en)
        Sign(tools).run(asker, decision.story.id, scope, (shown.version, shown.text), str(event.signature))
        after = ReadToDecide(tools).run(asker, decision.story.id)
        return {**_standing(page, after, tools, asker, lang), page.text: {}, page.done: _possible(after, asker, lang),
                **_at_step(page, 1 if decision.own else None)}

    @polite
    def withdrew(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, decision = _asked(request, tools)
        said = taking_back.take_back(tools, asker, decision.story.id, event, lang)
        try:
            after = ReadToDecide(tools).run(asker, decision.story.id)
        except NotFound:  # its author took it back before: nothing is left here for this person
            return {**_refused(page, said, lang), page.columns: gr.Row(visible=False), page.head: {}}
        changed = _standing(page, after, tools, asker, lang)
        return {**changed, page.state: {**changed[page.state], "said": said, "acts": True}, page.done: {},
                page.text: {}, **_at_step(page, 0 if decision.own else None)}

    changing = [*page.steps, page.state, page.done, page.choices, page.text, page.history, page.people]
    whole = [page.head, page.refusal, page.columns, page.film, page.written, *changing]
    when_opened(opened, None, whole)
    page.choices.considered(considered, None, [page.text, page.answers], trigger_mode="multiple", **QUIET)
    page.text.signed(signed, None, changing, **QUIET)
    page.state.withdrew(withdrew, None, [page.head, page.refusal, page.columns, *changing], **QUIET)
    recognised.wire(page.people, page.state, tools, lang, lambda decision, asker: _state(decision, asker, lang))
    taking_back.wire_dialog(page.forget, tools, lang, opened, whole)


def _asked(request: gr.Request, tools: Toolbox) -> tuple[Asker, Decision]:
    asker, story_id = person_of(request, tools), story_param(request)
    return asker, ReadToDecide(tools).run(asker, story_id or StoryId(""))


def _given(event: gr.EventData) -> dict[str, Any]:
    return {"purposes": list(event.purposes), "channels": list(event.channels), "from": str(getattr(event, "from")),
            "until": str(event.until), "face": str(event.face), "voice": str(event.voice), "name": str(event.name)}


def _to_sign(event: gr.EventData, decision: Decision, asker: Asker, tools: Toolbox,
             lang: Language) -> dict[str, Any]:
    try:
        scope = consent_form.scope_of(_given(event), decision)
        check_days(scope, asker.day, tools.consent.max_months)
    except BadInput as left:
        return {"shown": True, "left": set_in(lang, left.said(lang))}
    text = consent_form.text_for(scope, decision, asker, lang).text
    return {"shown": True, "text": text, "hash": consent_form.mark(text)}


def _refused(page: DecidePage, text: str, lang: Language) -> dict[Any, Any]:
    return {page.refusal: {"empty": {"text": text, "action": _MINE.said(lang), "href": f"/{lang}/mes-recits"}},
            page.columns: gr.Row(visible=False)}


def _at_step(page: DecidePage, number: int | None) -> dict[Any, Any]:
    """Return which of the two steppers is shown; whoever tells nothing is on no step."""
    return {step: gr.Column(visible=at == number) for at, step in enumerate(page.steps)}


def _laid_out(page: DecidePage, decision: Decision, lang: Language) -> dict[Any, Any]:
    story, recording = decision.story, decision.recording
    heading = (_HEADING if story.recording_id else _HEADING_TEXT).said(lang)
    lead = _LEAD.said(lang) if decision.own else _LEAD_OTHER.said(lang).format(name=decision.people[0].display_name)
    kind: Literal["video", "sound"] = "video" if recording and recording.kind is MediaKind.VIDEO else "sound"
    voice = Voice(f"/media/recording/{recording.id}", kind) if recording else Voice()
    return {page.head: {"title": heading, "lead": lead}, page.columns: gr.Row(visible=True),
            page.film: player.shown(voice, recording, lang),
            page.written: {} if recording or decision.closed else written_value(story, ""),
            **_at_step(page, 0 if decision.own else None)}


def _standing(page: DecidePage, decision: Decision, tools: Toolbox, asker: Asker, lang: Language) -> dict[Any, Any]:
    longest = tools.consent.max_months
    return {page.state: _state(decision, asker, lang), page.choices: consent_form.shown(decision, asker, longest, lang),
            page.people: recognised.shown(decision, tools, asker, lang),
            page.history: receipts.shown(decision.history, decision.company, lang)}


def _state(decision: Decision, asker: Asker, lang: Language) -> dict[str, Any]:
    stands = consent_state.standing_of(decision, asker, lang)
    return {**consent_state.shown(stands, asker.day, lang),
            **taking_back.value(decision.story.id, decision.own, stands.mine is not None)}


def _possible(decision: Decision, asker: Asker, lang: Language) -> dict[str, Any]:
    story = decision.story
    ways = [{"href": f"/{lang}/{slug}?story={story.id}", "label": label.said(lang)}
            for act, slug, label in ((Act.DRAFT, "ecrire", _WRITE), (Act.CUT, "extraits", _CUT))
            if may(asker.person, Use(act), story.author_id, decision.scopes, asker.day)
            and (act is not Act.CUT or decision.recording)]
    return {"shown": True, "title": _THANKS.said(lang), "now": _NOW[bool(ways)].said(lang), "ways": ways}
