"""The extracts of a story: those being made, with a way to stop, and those that are there to watch and download."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from story_bank.access import LightState
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.language import Language
from story_bank.making import JobState
from studio.steps.clip import AskedClip
from studio.steps.read import StoryView
from studio.ui.components import FILE, bar, light
from studio.ui.cutting import SHAPES
from studio.ui.voices import lit_channel, set_in, working
from studio.ui.words import PROGRESS, W, clock

REMEMBERED = timedelta(days=1)
"""How long a failure stays on the page."""

_MAKING = W("L'extrait « {title} » se prépare", "The extract “{title}” is being made")
_FAILED = W("« {title} » : {why}", "“{title}”: {why}")
_STOPPED = W("« {title} » : arrêté à votre demande.", "“{title}”: stopped as you asked.")
_STOPPING = W("« {title} » s'arrête", "“{title}” is stopping")
_STOP, _DOWNLOAD = W("Arrêter", "Stop"), W("Télécharger", "Download")
_HEADING = W("Les extraits de ce récit", "The extracts of this story")
_WATCH = W("Extrait :", "Extract:")


def making_template(lang: Language) -> str:
    """Return the jobs under way, each with how far and a way to stop, and what did not work."""
    return ('<div class="made">{{#each value.jobs}}{{#if told}}'
            '<div class="v-notice" data-tone="soon" role="status"><div>{{told}}</div></div>{{else}}'
            '<div class="v-job" role="status"><p><b>{{what}}</b><span>{{far}}</span></p>'
            + bar("pct", PROGRESS.said(lang)) + '<p class="v-small"><span>{{leave}}</span></p></div><p>'
            f'<button type="button" class="v-link v-link--stop" data-job="{{{{id}}}}">{_STOP.said(lang)}</button></p>'
            "{{/if}}{{/each}}</div>")


def kept_template(lang: Language) -> str:
    """Return the finished extracts: a player, the light, the format and length, a link to download."""
    return (f'{{{{#if value.clips}}}}<section><h2>{_HEADING.said(lang)}</h2><ul class="v-list made__list">'
            '{{#each value.clips}}<li><video controls playsinline preload="metadata" src="{{src}}#t=0.1" '
            f'data-shape="{{{{shape}}}}" aria-label="{_WATCH.said(lang)} {{{{title}}}}"></video>'
            '<div class="made__about"><h3 lang="{{lang}}">'
            "{{title}}</h3>" + light() + '<p class="v-small">{{facts}}</p>'
            f'<a class="v-btn" href="{{{{src}}}}?download=1" download>{FILE}{_DOWNLOAD.said(lang)}</a></div></li>'
            "{{/each}}</ul></section>{{/if}}")


def in_making(found: Sequence[AskedClip], now: datetime, lang: Language) -> list[dict[str, Any]]:
    """Return what `making_template` reads of one's own extracts that are not there yet."""
    shown = []
    for each in found:
        job, title = each.job, _title(each, lang)
        if each.clip.media_key is not None or job is None:
            continue
        if job.state in (JobState.WAITING, JobState.RUNNING):
            what = (_STOPPING if job.cancel_asked else _MAKING).said(lang).format(title=title)
            shown.append(working(job, what, lang))
        elif now - (job.ended_at or job.created_at) < REMEMBERED:
            said = (_FAILED if job.state is JobState.FAILED else _STOPPED).said(lang)
            shown.append({"told": said.format(title=title, why=job.error.said(lang) if job.error else "")})
    return shown


def ready(found: Sequence[AskedClip], view: StoryView, asker: Asker, lang: Language) -> list[dict[str, Any]]:
    """Return what `kept_template` reads of the finished extracts, newest first."""
    lights = [(view.light(asker, channel), channel) for channel in Channel]
    lit, channel = next((pair for pair in lights if pair[0].state is not LightState.STOP), lights[0])
    spoken = view.transcript.language if view.transcript else view.story.language
    return [{"title": _title(each, lang), "lang": spoken, "src": f"/media/clip/{each.clip.id}",
             "shape": each.clip.shape.value, "light": lit_channel(lit, channel, lang),
             "facts": f"{SHAPES[each.clip.shape].said(lang)} · {clock(round(each.clip.duration_s or 0))}"}
            for each in found if each.clip.media_key is not None]


def _title(each: AskedClip, lang: Language) -> str:
    return set_in(lang, each.clip.title)
