"""Mes récits: one's own stories and where each stands, and those in which one appears; one can also write here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from story_bank.access import Act, Duty, Light, LightState, Use, holds, light
from story_bank.bank import Asker
from story_bank.consent import Scope
from story_bank.errors import NotFound
from story_bank.ids import StoryId
from story_bank.language import Language
from story_bank.making import ENDED, Job, JobKind, JobState
from studio.steps.ending import Ending, EndingSoon
from studio.steps.keep import WriteStory
from studio.steps.read import OwnStories, ReadStory, StoryView
from studio.steps.signing import AppearsIn, Recognised
from studio.toolbox import Toolbox
from studio.ui import components as c
from studio.ui import taking_back
from studio.ui.days import day_text
from studio.ui.page import QUIET, kindly, param, person_of, when_opened
from studio.ui.record import waits_for_form
from studio.ui.record_words import LANGUAGE_NAMES
from studio.ui.sheet import script
from studio.ui.words import MAY_LEAVE, W, percent

TITLE = W("Mes récits", "My stories")
LEAD = W("Cette page n'est que pour vous.", "This page is for you alone.")
EMPTY = W("Racontez deux minutes, ou écrivez quelques lignes : votre récit vous attendra ici.",
          "Tell for two minutes, or write a few lines: your story will wait for you here.")
CLAIM = W("Récupérer un récit enregistré à un événement", "Claim a story recorded at an event")
TELL, WRITE = W("Raconter", "Tell"), W("Écrire un récit", "Write a story")
UNTITLED = W("Récit sans titre", "Untitled story")
TO_DESCRIBE = W("Gardé. Dites qui parle pour que vos mots s'écrivent.",
                "Kept. Say who speaks to have your words written.")
HEARING = W("Vos mots s'écrivent", "Your words are being written")
WAITING = W("Bientôt à vous : vos mots vont s'écrire", "Soon your turn: your words will be written")
FAILED = W("Vos mots n'ont pas pu s'écrire ; l'enregistrement est gardé.",
           "Your words could not be written; the recording is kept.")
PRIVATE = W("Fermé : personne d'autre ne l'entend", "Closed: nobody else hears it")
ENDED_ON = W("L'accord a pris fin le {day}", "The consent ended on {day}")
OPENS_ON = W("S'ouvrira le {day}", "Opens on {day}")
OPEN_UNTIL = W("Ouvert jusqu'au {day}", "Open until {day}")
ENDING = W("Bientôt fermé : ouvert jusqu'au {day}", "Closing soon: open until {day}")
ENDS = W("Votre accord pour « {title} » prend fin le {day}.", "Your consent for “{title}” ends on {day}.")
EXTEND, LET_END = W("Prolonger", "Extend it"), W("ou laisser finir.", "or let it end.")
APPEARS = W("On vous reconnaît dans", "You can be recognised in")
BY = W("raconté par {name}", "told by {name}")
NO_CONSENT = W("Sans votre accord, il reste fermé", "Without your consent it stays closed")
READ_DECIDE, LOOK_AGAIN = W("Lire et décider", "Read and decide"), W("Revoir votre accord", "See your consent again")
RESUME, READ_BACK = W("Reprendre", "Take it up again"), W("Relire", "Read back")
DECIDE, WRITE_POST = W("Décider", "Decide"), W("En tirer un texte", "Make a text of it")
CUT, EDIT = W("Couper un extrait", "Cut an extract"), W("Continuer à écrire", "Go on writing")
LABEL_TITLE, LABEL_TEXT = W("Titre", "Title"), W("Votre récit", "Your story")
LABEL_LANGUAGE = W("Langue du récit", "Language of the story")
TEXT_HINT = W("Commencez par ce que vous avez vu.", "Start with what you saw.")
SAVED, SAVES = W("Gardé.", "Kept."), W("Gardé à mesure que vous écrivez.", "Kept as you write.")
DONE = W("C'est tout pour l'instant", "That is all for now")
WRITE_LEAD = W("Personne ne le lit avant que vous le décidiez.", "Nobody reads it until you decide.")


@dataclass(frozen=True, slots=True)
class MinePage:
    """The list, and the page on which one writes."""

    list_frame: gr.Column
    acts: gr.HTML
    stories: gr.HTML
    forget: gr.HTML
    timer: gr.Timer
    write_frame: gr.Column
    title: gr.Textbox
    text: gr.Textbox
    language: gr.Radio
    kept: gr.HTML
    decide: gr.HTML
    story_id: gr.State


def build(lang: Language) -> MinePage:
    """Lay out the list and the writing page, of which one is shown."""
    with gr.Column(visible=True) as list_frame:
        c.page_head(TITLE.said(lang), LEAD.said(lang))
        acts = c.html({}, html_template=_acts_template(lang))
        forget = taking_back.dialog(lang)
        stories = c.html({"waiting": True}, html_template=_list_template(lang), js_on_load=script("taking_back"),
                         elem_id="mine")
    timer = gr.Timer(3, active=False)
    with gr.Column(visible=False, elem_classes="mi-write") as write_frame:
        c.page_head(WRITE.said(lang), WRITE_LEAD.said(lang))
        title = gr.Textbox(label=LABEL_TITLE.said(lang), max_length=200, elem_id="title")
        text = gr.Textbox(label=LABEL_TEXT.said(lang), placeholder=TEXT_HINT.said(lang), lines=12, max_lines=30,
                          max_length=100_000, elem_id="text", elem_classes="v-paper")
        spoken = gr.Radio(list(LANGUAGE_NAMES), value=lang, label=LABEL_LANGUAGE.said(lang))
        kept = c.html(SAVES.said(lang), html_template='<p class="v-small" role="status">{{value}}</p>')
        decide = c.html({}, html_template=_after_template(lang))
    return MinePage(list_frame, acts, stories, forget, timer, write_frame, title, text, spoken, kept, decide,
                    gr.State(None))


def wire(page: MinePage, tools: Toolbox, lang: Language) -> None:
    """Fill the list and follow what is being heard; keep what is typed as it is typed."""
    @kindly(lang)
    def opened(request: gr.Request) -> dict[Any, Any]:
        asker = person_of(request, tools)
        writing = param(request, "ecrire")
        if writing is None:
            return _shown(page, tools, asker, lang)
        return _opened_to_write(page, tools, asker, None if writing == "nouveau" else StoryId(writing))

    @kindly(lang)
    def looked_again(request: gr.Request) -> dict[Any, Any]:
        return _shown(page, tools, person_of(request, tools), lang)

    @kindly(lang)
    def withdrew(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        asker, story_id = person_of(request, tools), StoryId(str(event.story))
        said = taking_back.take_back(tools, asker, story_id, event, lang)
        return _shown(page, tools, asker, lang, (story_id, said))

    @kindly(lang)
    def typed(title: str, text: str, spoken: Language, story_id: StoryId | None,
              request: gr.Request) -> dict[Any, Any]:
        if story_id is None and not (title or "").strip() and not (text or "").strip():
            return {page.kept: SAVES.said(lang)}
        asker, writer = person_of(request, tools), WriteStory(tools)
        known = story_id or writer.begin(asker, spoken)
        writer.run(asker, known, title or "", text or "")
        return {page.story_id: known, page.kept: SAVED.said(lang), page.decide: {"id": known}}

    listed = [page.acts, page.stories, page.timer]
    when_opened(opened, None, [*listed, page.list_frame, page.write_frame, page.title, page.text,
                               page.language, page.decide, page.story_id])
    page.timer.tick(looked_again, None, listed, **QUIET)
    page.stories.withdrew(withdrew, None, listed, **QUIET)
    taking_back.wire_dialog(page.forget, tools, lang, looked_again, listed)
    # one handler for both fields, one call at a time: two would each begin a story
    gr.on([page.title.input, page.text.input, page.title.blur, page.text.blur], typed,
          [page.title, page.text, page.language, page.story_id], [page.story_id, page.kept, page.decide],
          trigger_mode="always_last", **QUIET)


def _shown(page: MinePage, tools: Toolbox, asker: Asker, lang: Language,
           taken: tuple[StoryId, str] | None = None) -> dict[Any, Any]:
    """Return the list; `taken` is what was just taken back, and the sentence that says so."""
    views, others = OwnStories(tools).run(asker), AppearsIn(tools).run(asker)
    cards = [card(view, asker, lang) for view in views]
    lines = [appearance(each, asker, lang) for each in others]
    for each in (*cards, *lines):
        if taken and each["story"] == taken[0]:
            each |= {"said": taken[1], "forget": each in cards}
    tells = holds(asker.person, Duty.TELL)
    return {page.acts: {"tells": tells},
            page.stories: {"stories": cards, "appears": lines,
                           "ending": [ending(each, lang) for each in EndingSoon(tools).run(asker)],
                           "empty": {"text": EMPTY.said(lang)} if tells and not views else None},
            page.timer: gr.Timer(active=any(_hearing(view) for view in views))}


def _opened_to_write(page: MinePage, tools: Toolbox, asker: Asker, story_id: StoryId | None) -> dict[Any, Any]:
    shown: dict[Any, Any] = {page.list_frame: gr.Column(visible=False), page.write_frame: gr.Column(visible=True)}
    if story_id is None:
        return shown
    view = ReadStory(tools).run(asker, story_id)
    if not view.own or view.recording is not None:
        raise NotFound("Ce récit écrit n'est pas dans vos récits.", "This written story is not among your stories.")
    return {**shown, page.title: view.story.title, page.text: view.story.text, page.story_id: story_id,
            page.language: gr.Radio(value=view.story.language, interactive=False), page.decide: {"id": story_id}}


def _hearing(view: StoryView) -> Job | None:
    return next((job for job in view.jobs if job.kind is JobKind.TRANSCRIBE and job.state not in ENDED), None)


def card(view: StoryView, asker: Asker, lang: Language) -> dict[str, Any]:
    """Return what the list shows of a story: title, day, how it begins, where it stands, and the ways on."""
    story, job = view.story, _hearing(view)
    shown: dict[str, Any] = {"title": story.title or UNTITLED.said(lang), "day": day_text(story.recorded_on, lang),
                             "begins": _beginning(story.text), "lang": story.language, "ways": _ways(view, lang),
                             **taking_back.value(story.id, False, view.scopes[0] is not None)}
    if job is not None:
        what = HEARING if job.state is JobState.RUNNING else WAITING
        done = percent(job.progress)
        return {**shown, "job": {"what": what.said(lang), "far": f"{done}\u00a0%", "pct": done,
                                 "leave": MAY_LEAVE.said(lang)}}
    return {**shown, "light": _light(view, asker, lang)}


def ending(each: Ending, lang: Language) -> dict[str, str]:
    """Return the one line about a consent that ends soon."""
    said = ENDS.said(lang).format(title=each.title or UNTITLED.said(lang), day=day_text(each.until_day, lang))
    return {"said": said, "href": f"/{lang}/decider?story={each.story_id}"}


def appearance(each: Recognised, asker: Asker, lang: Language) -> dict[str, Any]:
    """Return what the list shows of somebody else's story in which one appears."""
    stands = each.mine is not None
    shown = _standing(each.scopes, light(each.scopes, Use(Act.FIND), asker.day), asker, lang) if stands \
        else {"state": "stop", "label": NO_CONSENT.said(lang)}
    return {"title": each.title or UNTITLED.said(lang), "by": BY.said(lang).format(name=each.author), "light": shown,
            "href": f"/{lang}/decider?story={each.story_id}",
            "action": (LOOK_AGAIN if stands else READ_DECIDE).said(lang),
            **taking_back.value(each.story_id, False, stands)}


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:24]) + (" …" if len(words) > 24 else "")


def _light(view: StoryView, asker: Asker, lang: Language) -> dict[str, str]:
    if waits_for_form(view):
        return {"state": "stop", "label": TO_DESCRIBE.said(lang)}
    if view.recording is not None and (view.transcript is None or not view.transcript.finished):
        return {"state": "stop", "label": FAILED.said(lang)}
    return _standing(view.scopes, view.light(asker), asker, lang)


def _standing(everyone_s: Sequence[Scope | None], lit: Light, asker: Asker, lang: Language) -> dict[str, str]:
    if lit.until_day is not None:
        label = ENDING if lit.state is LightState.SOON else OPEN_UNTIL
        return c.light_value(lit, label.said(lang).format(day=day_text(lit.until_day, lang)))
    scopes = [scope for scope in everyone_s if scope is not None]
    ended = [scope.until_day for scope in scopes if scope.until_day < asker.day]
    coming = [scope.from_day for scope in scopes if scope.from_day > asker.day]
    if ended:
        return c.light_value(lit, ENDED_ON.said(lang).format(day=day_text(min(ended), lang)))
    if coming:
        return c.light_value(lit, OPENS_ON.said(lang).format(day=day_text(max(coming), lang)))
    return c.light_value(lit, PRIVATE.said(lang))


def _ways(view: StoryView, lang: Language) -> list[dict[str, str]]:
    """Return the links that make sense now, the nearest next one first."""
    story_id, told = view.story.id, view.recording is not None

    def way(words: Any, slug: str) -> dict[str, str]:
        return {"label": words.said(lang), "href": f"/{lang}/{slug}story={story_id}"}

    if waits_for_form(view):
        return [way(RESUME, "?")]
    if told and (view.transcript is None or not view.transcript.finished):
        return [way(READ_BACK, "relire?")]
    first = way(READ_BACK, "relire?") if told else {"label": EDIT.said(lang),
                                                    "href": f"/{lang}/mes-recits?ecrire={story_id}"}
    return [first, way(DECIDE, "decider?"), way(WRITE_POST, "ecrire?"), *([way(CUT, "extraits?")] if told else [])]


def _acts_template(lang: Language) -> str:
    return ('{{#if value.tells}}<div class="v-acts">'
            f'<a class="v-btn v-btn--main" href="/{lang}/">{c.MIC}{TELL.said(lang)}</a>'
            f'<a class="v-btn" href="/{lang}/mes-recits?ecrire=nouveau">{c.PEN}{WRITE.said(lang)}</a>'
            f'<a class="v-link" href="/recuperer">{CLAIM.said(lang)}</a></div>{{{{/if}}}}')


def _list_template(lang: Language) -> str:
    ends = (f'<div class="v-notice mi-ends" data-tone="soon"><div>{{{{said}}}} <a href="{{{{href}}}}">'
            f"{EXTEND.said(lang)}</a>, {LET_END.said(lang)}</div></div>")
    appears = ('<li><p><b>{{title}}</b>, {{by}}</p>' + c.light("light") + '<div class="v-acts"><a class="v-link" '
               'href="{{href}}">{{action}}</a>' + taking_back.buttons("", lang) + "</div></li>")
    return (
        '{{#if value.waiting}}' + c.skeleton() + '{{/if}}{{#each value.ending}}' + ends + '{{/each}}'
        '{{#if value.appears}}<section class="v-sheet mi-appears"><h2>' + APPEARS.said(lang) + '</h2><ul>'
        '{{#each value.appears}}' + appears + '{{/each}}</ul></section>{{/if}}'
        '{{#if value.empty}}' + c.empty("value.empty") + '{{/if}}'
        '<ul class="v-list mi-list">{{#each value.stories}}<li><div class="mi-head"><h2>{{title}}</h2>'
        '<span class="v-small">{{day}}</span></div>{{#if begins}}<p class="v-said mi-said" lang="{{lang}}">'
        '{{begins}}</p>{{/if}}{{#if job}}' + c.job("job", lang) + '{{/if}}{{#if light}}' + c.light("light") + '{{/if}}'
        '<div class="v-acts">{{#each ways}}<a class="v-link" href="{{href}}">{{label}}</a>{{/each}}'
        + taking_back.buttons("", lang) + '</div></li>{{/each}}</ul>')


def _after_template(lang: Language) -> str:
    decide = (f'{{{{#if value.id}}}}<a class="v-btn v-btn--main" href="/{lang}/decider?story={{{{value.id}}}}">'
              f'{DECIDE.said(lang)}</a>{{{{/if}}}}')
    return f'<div class="v-acts">{decide}<a class="v-link" href="/{lang}/mes-recits">{DONE.said(lang)}</a></div>'


