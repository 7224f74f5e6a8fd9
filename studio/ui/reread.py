"""Relire: the words follow the sound and are put right; then the story gets its card, its values, and a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from story_bank.access import Act, Use
from story_bank.bank import Asker
from story_bank.errors import NotAvailable, NotFound, VecuError
from story_bank.ids import JobId, StoryId
from story_bank.language import Language
from studio.steps.cancel import CancelJob
from studio.steps.correct import Correct, GoBack, LookBack
from studio.steps.facets import CompanyValues
from studio.steps.hear_again import HearAgain
from studio.steps.keep import DescribeStory
from studio.steps.read import ReadStory, StoryView
from studio.steps.signing import ReadToDecide
from studio.steps.tag import ConfirmValues, SuggestValues
from studio.toolbox import Toolbox
from studio.ui import (
    consent_state,
    editor,
    glossary_offer,
    player,
    spoken_words,
    story_card,
    taking_back,
    value_choices,
    words_files,
)
from studio.ui.components import empty, html, page_head, stepper, watch
from studio.ui.page import QUIET, answers, kindly, person_of, story_param, when_opened
from studio.ui.voices import set_in, voice_of
from studio.ui.words import W
from studio.ui.written_words import written_template, written_value

POLL_S = 1.5
_HEARD, _WRITTEN = W("Est-ce bien ce que vous avez dit ?", "Is this what you said?"), W(
    "Est-ce bien ce que vous avez voulu dire ?", "Is this what you meant?")
_OF, _OF_SOMEBODY = W("Le récit de {name}", "{name}'s story"), W("Le récit d'une autre personne", "Somebody's story")
_NO_STORY = W("Choisissez un récit à relire.", "Choose a story to read back.")
_MINE, _LIBRARY = W("Mes récits", "My stories"), W("Bibliothèque", "Library")
_DECIDE, _CHANGE = W("Décider qui peut l'entendre", "Decide who may hear it"), W("Changer d'avis", "Change your mind")
_DECIDE_TEXT = W("Décider qui peut le lire", "Decide who may read it")


@dataclass(frozen=True, slots=True)
class RereadPage:
    """What the page is made of."""

    head: gr.HTML
    refusal: gr.HTML
    columns: gr.Row
    film: gr.HTML
    consent: gr.HTML
    words: gr.HTML
    glossary: gr.HTML
    written: gr.HTML
    files: gr.HTML
    card: gr.HTML
    values: gr.HTML
    forget: gr.HTML
    answers: gr.HTML
    drawn: gr.State
    ready: gr.State
    timer: gr.Timer


def build(lang: Language) -> RereadPage:
    """Lay the page out: sound and consent on the left, words, card and values on the right, one column on a phone."""
    stepper(1, lang)
    head = page_head(_HEARD.said(lang))
    forget = taking_back.dialog(lang)
    refusal = html({}, html_template="{{#if value.empty}}" + empty("value.empty") + "{{/if}}")
    with gr.Row(elem_classes="v-cols rl", visible=False) as columns:
        with gr.Column(scale=5, min_width=0, elem_classes="v-stick rl-left"):
            film = player.build()
            consent = consent_state.build(lang, "o4")
        with gr.Column(scale=7, min_width=0):
            words = spoken_words.build(lang)
            glossary = glossary_offer.build(lang)
            written = html({}, html_template=written_template(lang), elem_classes="o2")
            card = story_card.build(lang)
            values = value_choices.build(lang)
            files = words_files.build(lang)
    return RereadPage(head, refusal, columns, film, consent, words, glossary, written, files, card, values, forget,
                      answers(), gr.State(""), gr.State(""), gr.Timer(POLL_S, active=False))


def wire(page: RereadPage, tools: Toolbox, lang: Language) -> None:
    """Bind the page to reading, correcting, describing, valuing, stopping and taking back."""
    polite = kindly(lang)

    @polite
    def opened(request: gr.Request) -> dict[Any, Any]:
        story_id = story_param(request)
        if story_id is None:
            return {page.refusal: {"empty": {"text": _NO_STORY.said(lang), "action": _MINE.said(lang),
                                             "href": f"/{lang}/mes-recits"}}}
        asker = person_of(request, tools)
        try:
            view = ReadStory(tools).run(asker, story_id)
        except NotFound as missing:
            return {page.columns: gr.Row(visible=False), page.timer: gr.Timer(active=False), page.refusal: {
                "empty": {"text": set_in(lang, missing.said(lang)), "action": _LIBRARY.said(lang),
                          "href": f"/{lang}/bibliotheque"}}}
        return _whole(page, tools, asker, view, lang)

    @polite
    def polled(drawn: str, request: gr.Request) -> dict[Any, Any]:
        asker, story_id = _asked(request, tools)
        return _coming(page, ReadStory(tools).run(asker, story_id), drawn, lang)

    @polite
    def thought(request: gr.Request) -> dict[str, Any]:
        asker, story_id = _asked(request, tools)
        return _values(tools, asker, ReadStory(tools).run(asker, story_id), lang)

    @polite
    def stopped(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, story_id = _asked(request, tools)
        CancelJob(tools).run(asker, JobId(str(event.job)))
        return _coming(page, ReadStory(tools).run(asker, story_id), "", lang)

    @polite
    def again(request: gr.Request) -> dict[Any, Any]:
        asker, story_id = _asked(request, tools)
        HearAgain(tools).run(asker, story_id)
        return _coming(page, ReadStory(tools).run(asker, story_id), "", lang)

    @polite
    def withdrew(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        asker, story_id = _asked(request, tools)
        said = taking_back.take_back(tools, asker, story_id, event, lang)
        return {**_panel(tools, asker, ReadStory(tools).run(asker, story_id), lang), "said": said}

    @polite
    def likened(request: gr.Request) -> dict[Any, Any]:
        asker, story_id = _asked(request, tools)
        view = ReadStory(tools).run(asker, story_id)
        likely = glossary_offer.looked(tools, asker, story_id, lang) if view.transcript else {}
        return {page.glossary: likely, page.files: words_files.shown(view, asker, lang)}

    @polite
    def offered(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        asker, story_id = _asked(request, tools)
        return glossary_offer.looked(tools, asker, story_id, lang, str(event.before), str(event.after))

    @polite
    def taught(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        asker, story_id = _asked(request, tools)
        return glossary_offer.taught(tools, asker, story_id, lang, str(event.written), str(event.heard))

    @polite
    def untaught(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        asker, story_id = _asked(request, tools)
        return glossary_offer.untaught(tools, asker, story_id, lang, str(event.term))

    def corrected(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        def keep() -> dict[str, Any]:
            asker, story_id = _asked(request, tools)
            changes, follows = editor.changes_in(event._data)
            return editor.kept(Correct(tools).run(asker, story_id, changes, follows), int(event.version), lang)
        return _answer("corrected", event, keep, lang)

    def versions(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        def look() -> dict[str, Any]:
            asker, story_id = _asked(request, tools)
            return editor.looked_back(*LookBack(tools).run(asker, story_id, int(event.number) or None))
        return _answer("versions", event, look, lang)

    def went_back(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        def go() -> dict[str, Any]:
            asker, story_id = _asked(request, tools)
            return editor.gone_back(GoBack(tools).run(asker, story_id, int(event.number)), lang)
        return _answer("went_back", event, go, lang)

    def described(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        def keep() -> dict[str, Any]:
            asker, story_id = _asked(request, tools)
            DescribeStory(tools).run(asker, story_id, story_card.card_of(event))
            return {"said": story_card.KEPT.said(lang)}
        return _answer("described", event, keep, lang)

    def chosen(event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        def keep() -> dict[str, Any]:
            asker, story_id = _asked(request, tools)
            ConfirmValues(tools).run(asker, story_id, value_choices.value_ids(event.values))
            return {"said": value_choices.said_kept(lang)}
        return _answer("chosen", event, keep, lang)

    coming = [page.film, page.words, page.drawn, page.ready, page.timer]
    whole = [page.head, page.refusal, page.columns, page.consent, page.written, page.files, page.card, page.values,
             *coming]
    when_opened(opened, None, whole)
    page.ready.change(thought, None, page.values, **QUIET)
    page.ready.change(likened, None, [page.glossary, page.files], **QUIET)
    page.glossary.corrected(offered, None, page.glossary, trigger_mode="multiple", **QUIET)
    page.glossary.taught(taught, None, page.glossary, **QUIET)
    page.glossary.untaught(untaught, None, page.glossary, **QUIET)
    page.timer.tick(polled, page.drawn, coming, **QUIET)
    page.words.stop(stopped, None, coming, **QUIET)
    page.words.again(again, None, coming, **QUIET)
    page.words.corrected(corrected, None, page.answers, trigger_mode="multiple", **QUIET)
    page.words.versions(versions, None, page.answers, trigger_mode="multiple", **QUIET)
    page.words.went_back(went_back, None, page.answers, trigger_mode="multiple", **QUIET)
    page.card.described(described, None, page.answers, trigger_mode="multiple", **QUIET)
    page.values.chosen(chosen, None, page.answers, trigger_mode="multiple", **QUIET)
    page.consent.withdrew(withdrew, None, page.consent, **QUIET)
    taking_back.wire_dialog(page.forget, tools, lang, opened, whole)


def _asked(request: gr.Request, tools: Toolbox) -> tuple[Asker, StoryId]:
    story_id = story_param(request)
    if story_id is None:
        raise NotFound("Ce récit n'existe plus ; revenez à vos récits.", "This story is gone; go back to your stories.")
    return person_of(request, tools), story_id


def _whole(page: RereadPage, tools: Toolbox, asker: Asker, view: StoryView, lang: Language) -> dict[Any, Any]:
    values = value_choices.waiting(lang) if view.own and _ready(view) else {}
    return {page.head: {"title": _heading(view, lang), "lead": view.story.title,
                        "watch": watch(view.own, view.story.id, Use(Act.READ))}, page.refusal: {},
            page.columns: gr.Row(visible=True), page.consent: _panel(tools, asker, view, lang),
            page.written: _text(view, lang), page.files: words_files.shown(view, asker, lang),
            page.card: story_card.shown(view, asker) if view.own else {},
            page.values: values, **_coming(page, view, "", lang)}


def _coming(page: RereadPage, view: StoryView, drawn: str, lang: Language) -> dict[Any, Any]:
    """Return what changes while words and picture are worked on; finished words are drawn once, then left alone."""
    going = view.own and spoken_words.still_coming(view)
    changed: dict[Any, Any] = {page.film: player.shown(voice_of(view), view.recording, lang),
                               page.timer: gr.Timer(active=going)}
    if drawn != "finished":
        changed[page.words] = spoken_words.shown(view, lang)
    if _ready(view):
        changed[page.drawn] = "finished"
        if view.own:
            changed[page.ready] = view.story.id
    return changed


def _ready(view: StoryView) -> bool:
    return view.recording is None or (view.transcript is not None and view.transcript.finished)


def _heading(view: StoryView, lang: Language) -> str:
    if view.own:
        return (_HEARD if view.recording else _WRITTEN).said(lang)
    return _OF.said(lang).format(name=view.author) if view.author else _OF_SOMEBODY.said(lang)


def _text(view: StoryView, lang: Language) -> dict[str, Any]:
    if view.recording is not None:
        return {}
    return written_value(view.story, f"/{lang}/mes-recits?ecrire={view.story.id}" if view.own else "")


def _panel(tools: Toolbox, asker: Asker, view: StoryView, lang: Language) -> dict[str, Any]:
    if not view.own:
        return consent_state.for_reader(view, asker, lang)
    stands = consent_state.standing_of(ReadToDecide(tools).run(asker, view.story.id), asker, lang)
    action = _CHANGE if stands.mine else _DECIDE if view.recording else _DECIDE_TEXT
    return {**consent_state.shown(stands, asker.day, lang),
            **taking_back.value(view.story.id, True, stands.mine is not None),
            "action": action.said(lang), "href": f"/{lang}/decider?story={view.story.id}"}


def _values(tools: Toolbox, asker: Asker, view: StoryView, lang: Language) -> dict[str, Any]:
    values = CompanyValues(tools).run()
    try:
        suggested = SuggestValues(tools).run(asker, view.story.id) if values else ()
    except NotAvailable as asleep:
        return value_choices.shown(view, asleep, values, lang)
    return value_choices.shown(view, suggested, values, lang)


def _answer(to: str, event: gr.EventData, keep: Callable[[], dict[str, Any]], lang: Language) -> dict[str, Any]:
    """Answer the page's own question, number by number; an error is a sentence in it, so that nothing typed is lost."""
    try:
        said = keep()
    except VecuError as error:
        said = {"error": set_in(lang, error.said(lang))}
    return {"to": to, "turn": int(event.turn), **said}

