"""A suggestion as the page shows it: questions first, then angles, each sentence with the second it was said."""

from __future__ import annotations

from typing import Any

from story_bank.language import Language
from story_bank.making import Angle, DraftSentence, JobState
from studio.steps.draft import AskedDraft
from studio.ui.components import PLAY, bar, notice, skeleton
from studio.ui.voices import Voice, set_in, working
from studio.ui.words import LISTEN_FROM, PROGRESS, W, clock

QUESTIONS = W("D'abord, quelques questions", "First, a few questions")
_ANGLES = {True: W("{n}, dans vos phrases", "{n}, in your sentences"),
           False: W("{n}, dans ses phrases", "{n}, in their sentences")}
_HOW_MANY = {1: W("Un angle", "One angle"), 2: W("Deux angles", "Two angles"), 3: W("Trois angles", "Three angles")}
_SHORT = W("Ce récit est encore court : répondez à une question, les angles viendront avec les mots.",
           "This story is still short: answer a question, angles will come with the words.")
_WORKS = W("Les angles se cherchent dans le récit", "Looking for angles in the story")
_ADDED = W("Ajouté par l'outil : personne ne l'a dit", "Added by the tool: nobody said it")
_STOP, _AGAIN = W("Arrêter", "Stop"), W("Redemander", "Ask again")
_STOPPED = W("La recherche d'angles a été arrêtée. Votre page reste à vous.",
             "The search for angles was stopped. Your page remains yours.")


def template(lang: Language) -> str:
    """Return the column of suggestions: working, failed, or questions and angles."""
    return (
        '{{#if value.job}}<section class="wr-wait"><h2>{{value.heading}}</h2><div class="v-job" role="status">'
        "<p><b>{{value.job.what}}</b><span>{{value.job.far}}</span></p>"
        + bar("value.job.pct", PROGRESS.said(lang)) + '<p class="v-small">{{value.job.leave}}</p></div>'
        f'<button type="button" class="v-link v-link--stop" data-act="stop">{_STOP.said(lang)}</button>'
        + skeleton((96, 88, 62, 91)) + "</section>{{/if}}{{#if value.failed}}" + notice("value.failed")
        + f'<button type="button" class="v-btn" data-act="again">{_AGAIN.said(lang)}</button>{{{{/if}}}}'
        "{{#if value.questions}}<section><h2>" + QUESTIONS.said(lang) + '</h2><ul class="wr-questions">'
        "{{#each value.questions}}<li>{{this}}</li>{{/each}}</ul></section>{{/if}}"
        '{{#if value.short}}<p class="v-lead">{{value.short}}</p>{{/if}}'
        '{{#if value.angles}}<section><h2>{{value.heading}}</h2><div class="wr-angles">{{#each value.angles}}'
        '<details class="wr-angle"{{#if open}} open{{/if}}><summary>{{title}}</summary>'
        "{{#each lines}}" + _line(lang) + "{{/each}}</details>{{/each}}</div></section>{{/if}}"
        '{{#if value.note}}<p class="v-small">{{value.note}}</p>{{/if}}')


def _line(lang: Language) -> str:
    play = (f'<button type="button" class="v-play" data-s="{{{{s}}}}" data-e="{{{{e}}}}" aria-label="'
            f'{LISTEN_FROM.said(lang)} {{{{at}}}}">{PLAY}<span>{{{{at}}}}</span></button>')
    added = f'<p class="wr-added"><span class="v-chip">{_ADDED.said(lang)}</span> {{{{text}}}}</p>'
    return ("{{#if added}}" + added + "{{else}}"
            '<div class="v-line">{{#if plays}}' + play + '{{else}}<span class="wr-at">{{at}}</span>{{/if}}'
            '<p class="v-said" lang="{{lang}}">{{text}}</p></div>{{/if}}')


def shown(asked: AskedDraft | None, own: bool, voice: Voice, spoken: Language, lang: Language) -> dict[str, Any]:
    """Return what the template reads; `spoken` is the language of the story."""
    suggestion = asked.draft.suggestion if asked else None
    found = len(suggestion.angles) if suggestion else 3
    heading = _ANGLES[own].said(lang).format(n=_HOW_MANY[max(1, min(3, found))].said(lang))
    if suggestion is None:
        return {"heading": heading, **_unwritten(asked, lang)}
    angles = [_angle(angle, number == 0, bool(voice.address), spoken, lang)
              for number, angle in enumerate(suggestion.angles)]
    note = set_in(lang, suggestion.note.said(lang)) if suggestion.note else ""
    return {"heading": heading, "questions": [set_in(lang, question) for question in suggestion.questions],
            "angles": angles, "short": "" if angles else note or _SHORT.said(lang), "note": note if angles else ""}


def _unwritten(asked: AskedDraft | None, lang: Language) -> dict[str, Any]:
    job = asked.job if asked else None
    if job is None or job.state in (JobState.FAILED, JobState.CANCELLED):
        failed = job.error if job and job.state is JobState.FAILED else None
        said = set_in(lang, (failed or _STOPPED).said(lang))
        return {"failed": {"tone": "soon", "text": said}}
    return {"job": working(job, _WORKS.said(lang), lang)}


def still_working(value: dict[str, Any]) -> bool:
    """Tell whether what is shown waits for a job."""
    return "job" in value


def _angle(angle: Angle, is_open: bool, heard: bool, spoken: Language, lang: Language) -> dict[str, Any]:
    return {"title": set_in(lang, angle.title), "open": is_open,
            "lines": [_sentence(sentence, heard, spoken) for sentence in angle.sentences]}


def _sentence(sentence: DraftSentence, heard: bool, spoken: Language) -> dict[str, Any]:
    timed = sentence.start is not None
    return {"text": set_in(spoken, sentence.text), "lang": spoken, "added": sentence.origin == "added",
            "plays": heard and timed, "s": sentence.start, "e": sentence.end,
            "at": clock(sentence.start) if sentence.start is not None else ""}
