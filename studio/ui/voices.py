"""What pages about one story share: where its voice plays, the consent light in words, a job as one sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from prompts.consent_text import channel_label, day
from story_bank.access import Light
from story_bank.consent import Channel
from story_bank.errors import VecuError
from story_bank.language import Language
from story_bank.making import Job, JobState
from story_bank.recording import MediaKind
from studio.steps.read import StoryView
from studio.ui.components import empty, notice
from studio.ui.words import MAY_LEAVE, W, percent, typo

_YES, _NO = W("oui, jusqu'au {day}", "yes, until {day}"), W("non", "no")
_SOON = W("jusqu'au {day}", "until {day}")
_DECIDE = W("Décider qui peut l'utiliser", "Decide who may use it")
_FAR = W("{n} %", "{n}%")
_WAITS = W("Bientôt son tour", "Its turn is soon")


@dataclass(frozen=True, slots=True)
class Voice:
    """Where the sound of a story plays for the asker, and whether there is a picture to it; "" for nowhere."""

    address: str = ""
    kind: Literal["video", "sound"] = "sound"


def voice_of(view: StoryView) -> Voice:
    """Return what the asker may hear and see of the story: all of their own, else as far as everyone agreed."""
    recording, appears = view.recording, view.appears
    if recording is None:
        return Voice()
    address = f"/media/recording/{recording.id}"
    video = recording.kind is MediaKind.VIDEO
    if view.own:
        return Voice(address, "video" if video else "sound")
    if appears is None or not appears.voice:
        return Voice()
    seen = video and appears.face
    ready = recording.playable_key if seen or not video else recording.sound_key
    return Voice(address, "video" if seen else "sound") if ready else Voice()


def lit(light: Light, name: str, lang: Language) -> dict[str, str]:
    """Return what the `light` part reads: "LinkedIn : oui, jusqu'au 30 juin 2027"."""
    words = {"ok": _YES, "soon": _SOON, "stop": _NO}[light.state.value].said(lang)
    text = words.format(day=day(light.until_day, lang) if light.until_day else "")
    said = typo(f"{name} : {text}") if lang == "fr" else f"{name}: {text}"
    return {"state": light.state.value, "label": said}


def lit_channel(light: Light, channel: Channel, lang: Language) -> dict[str, str]:
    """Return the light under the name of a channel."""
    return lit(light, channel_label(channel).said(lang), lang)


def refusal_template() -> str:
    """Return what stands in a page's place: a refusal with a way on, or an empty state."""
    return ("{{#if value.notice}}" + notice("value.notice") + '{{#if value.href}}<p class="v-way"><a class="v-btn" '
            'href="{{value.href}}">{{value.action}}</a></p>{{/if}}{{/if}}{{#if value.empty}}' + empty("value.empty")
            + "{{/if}}")


def refused(error: VecuError, view: StoryView, lang: Language) -> dict[str, Any]:
    """Return the sentence of a refusal; the person who told the story is led to the page where they decide."""
    value: dict[str, Any] = {"notice": {"tone": "stop", "text": set_in(lang, error.said(lang))}}
    if view.own:
        value |= {"action": _DECIDE.said(lang), "href": f"/{lang}/decider?story={view.story.id}"}
    return value


def set_in(lang: Language, text: str) -> str:
    """Return a text with its spaces set as its language wants."""
    return typo(text) if lang == "fr" else text


def working(job: Job, what: str, lang: Language) -> dict[str, Any]:
    """Return what the `job` part reads; `id` is the job's, for stopping it."""
    waits = job.state is JobState.WAITING
    far = _WAITS.said(lang) if waits else _FAR.said(lang).format(n=percent(job.progress))
    return {"id": job.id, "what": what, "far": far, "pct": percent(job.progress), "leave": MAY_LEAVE.said(lang)}
