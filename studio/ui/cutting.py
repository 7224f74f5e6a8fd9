"""The cutting table: suggested moments, the words to choose from, the frame they will be seen in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from media.moments import Moment
from story_bank.consent import Appearance
from story_bank.language import Language
from story_bank.making import CaptionStyle, Shape
from story_bank.transcript import Segment, Transcript
from studio.ui.components import PAUSE, PLAY, WORDMARK
from studio.ui.voices import Voice, set_in
from studio.ui.words import LISTEN_FROM, NBSP, W, clock, typo

_MOMENTS = W("Trois moments possibles", "Three possible moments")
_MOMENT = W("Des moments possibles", "Possible moments")
_CUT = W("Coupez dans les mots", "Cut in the words")
_DESK = W("Cliquez un premier et un dernier mot, ou glissez. Un mot choisi se raye d'un clic. "
          "Les flèches déplacent une poignée.",
          "Click a first and a last word, or drag. Click a chosen word to strike it. Arrow keys move a handle.")
_PHONE = W("Touchez un premier et un dernier mot. Touchez un mot choisi pour le rayer ; tirez les poignées.",
           "Tap a first and a last word. Tap a chosen word to strike it; pull the handles.")
_WORDS = W("Les mots du récit", "The words of the story")
_START, _END = W("Début de l'extrait", "Start of the extract"), W("Fin de l'extrait", "End of the extract")
_FORMAT, _CAPTIONS = W("Format", "Format"), W("Sous-titres", "Captions")
_CLEAR, _EXPORT = W("Effacer le choix", "Clear the choice"), W("Exporter l'extrait", "Export the extract")
_PREVIEW, _PAUSE = W("Voir l'aperçu", "Play the preview"), W("Arrêter l'aperçu", "Stop the preview")
_NOTHING = W("Choisissez un moment, ou deux mots.", "Choose a moment, or two words.")
_LONG = W("De trente à quatre-vingt-dix secondes, un extrait se regarde jusqu'au bout.",
          "From thirty to ninety seconds, an extract is watched to its end.")
_CENTRED = W("Cadré au centre ici ; l'extrait suit le visage.",
             "Framed in the centre here; the extract follows the face.")
_HEARD_ONLY = W("Voix seule : l'extrait montre l'onde de la voix.",
                "Voice alone: the extract shows the wave of the voice.")
_UNSEEN = W("Sans visage, comme l'accord le demande : l'extrait montre l'onde de la voix.",
            "Without the face, as the consent asks: the extract shows the wave of the voice.")
_SILENT = W("L'aperçu n'est pas encore prêt à s'écouter.", "The preview cannot be listened to yet.")

_WAVE = (18, 34, 62, 41, 78, 52, 90, 66, 38, 57, 29, 44, 21)
"""Heights of a drawn wave, in per cent."""
SHAPES = {
    Shape.VERTICAL: W("Vertical 9:16", "Vertical 9:16"), Shape.SQUARE: W("Carré 1:1", "Square 1:1"),
    Shape.WIDE: W("Large 16:9", "Wide 16:9"),
}
CAPTIONS = {
    CaptionStyle.HIGHLIGHT: W("Mot surligné", "Spoken word lit"), CaptionStyle.PLAIN: W("Simples", "Plain"),
    CaptionStyle.NONE: W("Aucun", "None"),
}


_HIGH = (":", ";", "!", "?", "»", "%")
"""What a French line never begins with."""


def template(lang: Language) -> str:
    """Return the whole table; its script keeps what is chosen and sends it once, on export."""
    return ('{{#if value.lines}}<div class="cut" data-shape="vertical" data-captions="highlight">'
            f'<div class="cut__side">{_frame(lang)}{_choices("shape", _FORMAT.said(lang), SHAPES, lang)}'
            f'{_choices("captions", _CAPTIONS.said(lang), CAPTIONS, lang)}</div>'
            f'<div class="cut__main">{_moments()}{_words(lang)}{_acts(lang)}</div></div>{{{{/if}}}}')


def _frame(lang: Language) -> str:
    wave = "".join(f'<i style="height:{height}%"></i>' for height in _WAVE)
    brand = WORDMARK.replace("role=", "data-role=")
    return ('<figure class="cut__frame"><div class="cut__picture">{{#if value.film}}<video playsinline '
            'preload="metadata" src="{{value.film}}" aria-label="{{value.words.frame}}"></video>{{else}}'
            f'<div class="cut__wave" aria-hidden="true">{wave}</div>{{{{#if value.sound}}}}'
            '<audio preload="metadata" src="{{value.sound}}"></audio>{{/if}}{{/if}}'
            f'<div class="cut__brand" aria-hidden="true">{brand}</div>'
            '<p class="cut__caption" lang="{{value.lang}}" aria-hidden="true"></p></div>'
            '<figcaption class="v-small">{{value.words.note}}</figcaption></figure>')


def _choices(name: str, legend: str, choices: Any, lang: Language) -> str:
    first = next(iter(choices))
    radios = "".join(
        f'<label class="v-seg"><input type="radio" name="{name}" value="{each.value}"'
        f'{" checked" if each is first else ""}>{label.said(lang)}</label>' for each, label in choices.items())
    return f'<fieldset class="v-segs"><legend>{legend}</legend>{radios}</fieldset>'


def _moments() -> str:
    return ('{{#if value.moments}}<section><h2>{{value.words.moments}}</h2><div class="cut__moments">'
            '{{#each value.moments}}<button type="button" class="cut__moment" data-first="{{first}}" '
            'data-last="{{last}}" aria-pressed="false"><span class="cut__time">{{time}}</span>'
            '<span class="cut__quote" lang="{{lang}}">{{start}}</span>'
            "{{#each reasons}}<small>{{this}}</small>{{/each}}</button>{{/each}}</div></section>{{/if}}")


def _words(lang: Language) -> str:
    return ('<section><div class="cut__head"><h2>' + _CUT.said(lang) + '</h2><p class="v-small"><span class="v-desk">'
            + _DESK.said(lang) + '</span><span class="v-phone">' + _PHONE.said(lang) + '</span></p></div>'
            f'<div class="cut__words" role="group" aria-label="{_WORDS.said(lang)}">'
            '{{#each value.lines}}<div class="v-line">{{#if plays}}<button type="button" class="v-play" '
            f'data-s="{{{{s}}}}" data-e="{{{{e}}}}" aria-label="{LISTEN_FROM.said(lang)} {{{{at}}}}">{PLAY}'
            '<span>{{at}}</span></button>'
            '{{else}}<span class="wr-at">{{at}}</span>{{/if}}<p class="v-said" lang="{{lang}}">{{#each words}}'
            '<span class="w" data-i="{{i}}">{{w}}</span>{{gap}}{{/each}}</p></div>{{/each}}</div></section>')


def _acts(lang: Language) -> str:
    return ('<div class="cut__foot"><p class="cut__length" role="status" data-length></p>'
            '<p class="v-small" data-advice></p><div class="v-acts">'
            f'<button type="button" class="v-btn v-btn--main" data-act="export" disabled>{_EXPORT.said(lang)}</button>'
            f'<button type="button" class="v-btn" data-act="preview" disabled><span data-still>{PLAY}'
            f"{_PREVIEW.said(lang)}</span><span data-moving hidden>{PAUSE}{_PAUSE.said(lang)}</span></button>"
            f'<button type="button" class="v-link" data-act="clear" disabled>{_CLEAR.said(lang)}</button></div></div>')


def shown(transcript: Transcript, voice: Voice, appears: Appearance | None, moments: Sequence[Moment],
          lang: Language) -> dict[str, Any]:
    """Return what the template and its script read; words are numbered from 0 in the order of the story."""
    unseen = appears is not None and not appears.face
    film = voice.address if voice.kind == "video" and not unseen else ""
    numbers = {word.id: number for number, word in enumerate(transcript.words())}
    lines = [_line(segment, numbers, bool(voice.address), transcript.language) for segment in transcript.segments]
    note = (_SILENT if not voice.address else _CENTRED if film else _UNSEEN if voice.kind == "video" else _HEARD_ONLY)
    return {
        "lang": transcript.language, "film": film, "sound": "" if film else voice.address, "lines": lines,
        "ids": list(numbers), "ends": [[word.start, word.end] for word in transcript.words()],
        "duration": transcript.duration_s,
        "moments": [_moment(moment, numbers, transcript.language, lang) for moment in moments],
        "words": {"note": note.said(lang), "moments": (_MOMENTS if len(moments) == 3 else _MOMENT).said(lang),
                  "start": _START.said(lang), "end": _END.said(lang), "nothing": _NOTHING.said(lang),
                  "long": _LONG.said(lang), "frame": _PREVIEW.said(lang)}}


def _line(segment: Segment, numbers: dict[Any, int], heard: bool, lang: Language) -> dict[str, Any]:
    texts = [set_in(lang, word.text) for word in segment.words]
    words = [{"i": numbers[word.id], "w": text, "gap": NBSP if lang == "fr" and after[:1] in _HIGH else " "}
             for word, text, after in zip(segment.words, texts, [*texts[1:], "."], strict=True)]
    return {"s": segment.start, "e": segment.end, "at": clock(segment.start), "plays": heard, "lang": lang,
            "words": words}


def _moment(moment: Moment, numbers: dict[Any, int], spoken: Language, lang: Language) -> dict[str, Any]:
    start = moment.text if len(moment.text) <= 90 else moment.text[:90].rsplit(" ", 1)[0] + "…"
    reasons = [reason.said(lang) for reason in moment.reasons]
    return {"first": numbers[moment.first_word], "last": numbers[moment.last_word], "lang": spoken,
            "time": f"{clock(moment.start)} – {clock(moment.end)} · {round(moment.end - moment.start)} s",
            "start": typo(f"« {start} »") if spoken == "fr" else f"“{start}”",
            "reasons": [set_in(lang, reason) for reason in reasons]}
