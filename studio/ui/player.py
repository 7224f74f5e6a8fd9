"""The player of a recording: the one place of a page where its sound comes from."""

from __future__ import annotations

from typing import Any

import gradio as gr

from story_bank.language import Language
from story_bank.recording import Recording
from studio.ui.components import html
from studio.ui.sheet import script
from studio.ui.voices import Voice
from studio.ui.words import W

_LABEL = W("Enregistrement", "Recording")


def build() -> gr.HTML:
    """Lay out the player, found by other parts as `#film video` or `#film audio`."""
    facts = 'controls preload="metadata" src="{{value.src}}" aria-label="{{value.label}}"'
    return html({}, js_on_load=script("film"), elem_id="film", elem_classes="o1", html_template=(
        '{{#if value.video}}<div class="v-film"><video playsinline ' + facts + '{{#if value.poster}} poster="'
        '{{value.poster}}"{{/if}}></video></div>{{/if}}{{#if value.sound}}<audio class="rl-sound" ' + facts
        + "></audio>{{/if}}"))


def shown(voice: Voice, recording: Recording | None, lang: Language) -> dict[str, Any]:
    """Return what the player reads; nothing where nothing may be heard."""
    if recording is None or not voice.address:
        return {}
    # The address changes once the playable picture is there, so that a browser never mixes the two files.
    src = f"{voice.address}?v=1" if recording.playable_key else voice.address
    poster = f"/media/poster/{recording.id}" if recording.poster_key and voice.kind == "video" else ""
    return {"src": src, "video": voice.kind == "video", "sound": voice.kind == "sound", "poster": poster,
            "label": _LABEL.said(lang)}
