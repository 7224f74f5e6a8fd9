"""The extracts of a story: those being made, with a way to stop, and those that are there to watch and download."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from prompts.consent_text import purpose_label
from story_bank.access import Act, Use, may
from story_bank.access import light as light_of
from story_bank.bank import Asker
from story_bank.consent import Purpose
from story_bank.language import Language
from story_bank.making import Clip, JobState
from studio.steps.clip import AskedClip
from studio.steps.read import StoryView
from studio.steps.share import ToShare
from studio.ui import share_pages
from studio.ui.components import FILE, bar, light
from studio.ui.cutting import SHAPES
from studio.ui.voices import lit, set_in, working
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
    """Return the finished extracts: a player, the light, format and length, a link to download, a page to share."""
    return (f'{{{{#if value.clips}}}}<section><h2>{_HEADING.said(lang)}</h2><ul class="v-list made__list">'
            '{{#each value.clips}}<li>{{#if src}}<video controls playsinline preload="metadata" src="{{src}}#t=0.1" '
            f'data-shape="{{{{shape}}}}" aria-label="{_WATCH.said(lang)} {{{{title}}}}"></video>{{{{/if}}}}'
            '<div class="made__about"><h3 lang="{{lang}}">{{title}}</h3>' + light()
            + '<p class="v-small">{{facts}}</p>{{#if src}}'
            f'<a class="v-btn" href="{{{{src}}}}?download=1" download>{FILE}{_DOWNLOAD.said(lang)}</a>{{{{/if}}}}'
            + share_pages.form_template(lang) + "</div></li>{{/each}}</ul></section>{{/if}}")


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


def ready(clips: Sequence[Clip], view: StoryView, asker: Asker, to_share: ToShare,
          lang: Language) -> list[dict[str, Any]]:
    """Return what `kept_template` reads of the finished extracts, newest first; who may not cut does not play them."""
    spoken = view.transcript.language if view.transcript else view.story.language
    use = Use(Act.CUT)
    lamp = lit(light_of(view.scopes, use, asker.day), purpose_label(Purpose.CLIP).said(lang), lang)
    plays = may(asker.person, use, view.story.author_id, view.scopes, asker.day)
    channels = share_pages.choices(view, asker, to_share.channels, lang)
    return [{"id": clip.id, "title": set_in(lang, clip.title), "lang": spoken,
             "src": f"/media/clip/{clip.id}" if plays else "", "shape": clip.shape.value, "light": lamp,
             "facts": f"{SHAPES[clip.shape].said(lang)} · {clock(round(clip.duration_s or 0))}",
             "channels": [{**each, "name": f"page-{clip.id}"} for each in channels], "closed": not channels}
            for clip in clips]


def _title(each: AskedClip, lang: Language) -> str:
    return set_in(lang, each.clip.title)
