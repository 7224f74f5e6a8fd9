"""What somebody said, as a page shows it: by turns, every word with its second; one's own is typed in (`editor`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from story_bank.language import Language
from story_bank.making import ENDED, Job, JobKind, JobState
from story_bank.transcript import Segment, Transcript, Word
from studio.steps.read import StoryView
from studio.ui import editor
from studio.ui.components import PLAY, bar, html, notice, skeleton
from studio.ui.editor_words import SAID
from studio.ui.sheet import script
from studio.ui.voices import set_in
from studio.ui.words import LISTEN_FROM, MAY_LEAVE, PROGRESS, W, clock, percent

_YOURS, _THEIRS = W("Vos mots", "Your words"), W("Les mots du récit", "The words of the story")
_CHECK = W("mot à vérifier", "word to check")
_BEGINS = W("Vos mots vont s'écrire", "Your words are about to be written")
_GOES_ON = W("La suite s'écrit", "The rest is being written")
_WAITS = W("bientôt son tour", "its turn is soon")
_STOP, _AGAIN = W("Arrêter", "Stop"), W("Recommencer", "Try again")
_STOPPED = W("La transcription a été arrêtée. Votre enregistrement est gardé.",
             "The transcription was stopped. Your recording is kept.")
_FAILED = W("La transcription n'a pas abouti. Votre enregistrement est gardé ; vous pouvez recommencer.",
            "The transcription did not succeed. Your recording is kept; you can try again.")
_NOT_ASKED = W("Votre enregistrement est gardé. Dites qui parle pour que vos mots s'écrivent.",
               "Your recording is kept. Say who speaks to have your words written.")
_WHO_SPEAKS = W("Dire qui parle", "Say who speaks")


def build(lang: Language) -> gr.HTML:
    """Lay out the words; it triggers `corrected`, `versions`, `went_back`, `stop` and `again`."""
    scripts = "".join(script(name) for name in ("keeper", "spoken", *editor.SCRIPTS))
    return html({}, html_template=_template(lang), js_on_load=scripts, elem_id="words", elem_classes="o2")


def _template(lang: Language) -> str:
    return ("{{#if value.edit}}" + editor.template(lang) + "{{else}}"
            '{{#if value.shown}}<section class="tr" data-open="no"><div class="tr-head"><h2>{{value.heading}}</h2>'
            "</div>"
            "{{#if value.note}}" + notice("value.note") + "{{/if}}{{#each value.lines}}" + _line(lang) + "{{/each}}"
            + _coming(lang) + "</section>{{/if}}{{/if}}")


def _line(lang: Language) -> str:
    word = ('<span class="w{{#if doubt}} doubt{{/if}}" data-ids="{{id}}" data-s="{{s}}" data-e="{{e}}"{{#if doubt}} '
            f'tabindex="0" role="button" aria-label="{{{{t}}}}, {_CHECK.said(lang)}"{{{{/if}}}}>{{{{t}}}}</span> ')
    return ('<div class="v-line" data-line><button type="button" class="v-play" data-s="{{s}}" data-e="{{e}}" '
            f'aria-label="{LISTEN_FROM.said(lang)} {{{{at}}}}">{PLAY}<span>{{{{at}}}}</span></button>'
            f'<p class="v-said" lang="{{{{lang}}}}">{{{{#if who}}}}<span class="tr-who" lang="{lang}">{{{{who}}}}'
            "</span>{{/if}}{{#each words}}" + word + "{{/each}}</p></div>")


def _coming(lang: Language) -> str:
    return ('{{#if value.job}}<div class="tr-job" data-job="{{value.job.id}}">' + skeleton((96, 88, 62))
            + '<div class="v-job"><p><b role="status">{{value.job.what}}</b><span>{{value.job.far}}</span></p>'
            + bar("value.job.pct", PROGRESS.said(lang)) + '<p class="v-small">{{value.job.leave}}</p></div><button '
            f'type="button" class="v-link v-link--stop" data-act="stop">{_STOP.said(lang)}</button></div>{{{{/if}}}}'
            '{{#if value.failed}}<div class="tr-failed">' + notice("value.failed") + "{{#if value.failed.href}}<a "
            'class="v-btn" href="{{value.failed.href}}">{{value.failed.action}}</a>{{else}}<button type="button" '
            'class="v-btn" data-act="again">{{value.failed.action}}</button>{{/if}}</div>{{/if}}')


def shown(view: StoryView, lang: Language) -> dict[str, Any]:
    """Return what the template reads: nothing for a written story, else the words as far as they were heard."""
    if view.recording is None:
        return {}
    transcript, job = view.transcript, hearing(view)
    finished = transcript is not None and transcript.finished
    value: dict[str, Any] = {"shown": True, "heading": (_YOURS if view.own else _THEIRS).said(lang)}
    if transcript and finished and view.own and not transcript.note:
        return value | {"edit": editor.value(view.story.id, transcript, lang)}
    value["lines"] = list(_lines(transcript, lang)) if transcript else []
    if finished and transcript and transcript.note:
        value["note"] = {"tone": "soon", "text": set_in(lang, transcript.note)}
    if view.own and not finished:
        value |= _on_the_way(view, job, lang)
    return value


def hearing(view: StoryView) -> Job | None:
    """Return the newest job that hears this recording, if any was asked for."""
    return next((job for job in view.jobs if job.kind is JobKind.TRANSCRIBE), None)


def still_coming(view: StoryView) -> bool:
    """Tell whether words or the picture are still being worked on."""
    return any(job.state not in ENDED for job in view.jobs)


def _lines(transcript: Transcript, lang: Language) -> Iterator[dict[str, Any]]:
    several = len({segment.speaker for segment in transcript.segments}) > 1
    before = None
    for segment in transcript.segments:
        named = segment.speaker is not None and (several or not segment.speaker.isdigit())
        yield {"s": round(segment.start, 3), "e": round(segment.end, 3), "at": clock(segment.start),
               "lang": transcript.language, "who": _who(segment, lang) if named and segment.speaker != before else "",
               "words": [{**_piece(word), "doubt": word.doubtful} for word in segment.words]}
        before = segment.speaker


def _who(segment: Segment, lang: Language) -> str:
    """Return the name that a person gave the voice, else its number."""
    name = segment.speaker or ""
    return SAID["voice"].said(lang).format(n=name) if name.isdigit() else name


def _piece(word: Word) -> dict[str, Any]:
    return {"id": word.id, "t": word.text, "s": round(word.start, 3), "e": round(word.end, 3)}


def _on_the_way(view: StoryView, job: Job | None, lang: Language) -> dict[str, Any]:
    if job is None:
        return {"failed": {"tone": "soon", "text": _NOT_ASKED.said(lang), "action": _WHO_SPEAKS.said(lang),
                           "href": f"/{lang}/?story={view.story.id}"}}
    if job.state in ENDED:
        said = job.error.said(lang) if job.error else (
            _STOPPED if job.state is JobState.CANCELLED else _FAILED).said(lang)
        return {"failed": {"tone": "soon", "text": set_in(lang, said), "action": _AGAIN.said(lang)}}
    begun = view.transcript is not None and bool(view.transcript.segments)
    duration = view.recording.duration_s if view.recording else 0.0
    far = (_WAITS.said(lang) if job.state is JobState.WAITING
           else f"{clock(duration * job.progress)} / {clock(duration)}")
    return {"job": {"id": job.id, "what": (_GOES_ON if begun else _BEGINS).said(lang), "far": far,
                    "pct": percent(job.progress), "leave": MAY_LEAVE.said(lang)}}
