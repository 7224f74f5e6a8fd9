"""The form of a consent: for what, where, from when until when, how one appears; nothing is chosen beforehand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import gradio as gr

from prompts.consent_text import ConsentText, Terms, channel_label, name_label, purpose_label, render
from story_bank.bank import Asker
from story_bank.consent import Appearance, Channel, NameShown, Purpose, Scope
from story_bank.errors import BadInput
from story_bank.language import Bilingual, Language
from story_bank.recording import MediaKind
from studio.steps.consent import last_day
from studio.steps.signing import Decision
from studio.ui.components import html
from studio.ui.sheet import script
from studio.ui.words import W

_WHAT, _WHERE = W("Pour quoi", "For what"), W("Où cela peut paraître", "Where it may appear")
_WHEN, _HOW = W("De quand à quand", "From when until when"), W("Comment vous apparaissez", "How you appear")
_FROM, _UNTIL = W("À partir du", "From"), W("Jusqu'au (compris)", "Until (included)")
_MONTHS = {6: W("6 mois", "6 months"), 12: W("1 an", "1 year"), 24: W("2 ans", "2 years")}
_SOME_MONTHS = W("{n} mois", "{n} months")
_FACE, _VOICE, _NAME = W("Votre visage", "Your face"), W("Votre voix", "Your voice"), W("Votre nom", "Your name")
_YES_NO = {"face": (W("peut se voir", "may be seen"), W("ne se voit pas", "is not seen")),
           "voice": (W("peut s'entendre", "may be heard"), W("ne s'entend pas", "is not heard"))}
_LISTEN = W("On décide après s'être écouté. Lancez l'enregistrement, une fois, jusqu'au bout.",
            "One decides after listening. Play the recording once, to the end.")
_LISTEN_OTHER = W("On décide après avoir écouté. Lancez l'enregistrement, une fois, jusqu'au bout.",
                  "One decides after listening. Play the recording once, to the end.")
_LISTENED = W("J'ai écouté, je décide", "I have listened, let me decide")
_AGAIN = W("Un nouvel accord remplace celui qui vaut aujourd'hui.", "A new consent replaces the one that holds today.")
_RESIGN = W("Signer un autre accord", "Sign another consent")
_ABOUT = {
    Purpose.LIBRARY: W("vos collègues peuvent trouver, lire et écouter ce récit",
                       "colleagues may find, read and hear this story"),
    Purpose.DRAFT: W("un ambassadeur peut s'appuyer sur vos phrases pour écrire",
                     "an ambassador may lean on your sentences to write"),
    Purpose.CLIP: W("un passage peut être coupé et sous-titré, sans en changer le sens",
                    "a passage may be cut and captioned, its meaning unchanged"),
    Purpose.SHARE: W("il peut paraître sur les supports que vous choisissez",
                     "it may appear on the channels you choose")}
_NAMES = {"purposes": W("un usage", "a use"), "channels": W("un support", "a channel"),
          "from": W("le premier jour", "the first day"), "until": W("le dernier jour", "the last day"),
          "face": W("votre visage", "your face"), "voice": W("votre voix", "your voice"),
          "name": W("votre nom", "your name")}
_LEFT = Bilingual("Il reste à choisir : {what}.", "Still to choose: {what}.")
_COMPANY = W("mon entreprise", "my company")


def build(lang: Language) -> gr.HTML:
    """Lay out the form; it triggers `considered` with every choice."""
    return html({}, html_template=_template(lang), js_on_load=script("keeper") + script("decide"), elem_id="choices",
                elem_classes="o2")


def _template(lang: Language) -> str:
    months = ('{{#each value.months}}<button type="button" class="v-btn" data-months="{{n}}">{{label}}</button>'
              "{{/each}}")
    days = "".join(f'<label class="v-field"><span>{name.said(lang)}</span><input type="date" name="{key}" '
                   f'value="{{{{value.{key}}}}}" min="{{{{value.today}}}}" max="{{{{value.latest}}}}"></label>'
                   for key, name in (("from", _FROM), ("until", _UNTIL)))
    looks = "".join(f"{{{{#if value.{key}}}}}" + _radios(key, name.said(lang), _yes_no(key, lang)) + "{{/if}}"
                    for key, name in (("face", _FACE), ("voice", _VOICE)))
    names = _radios("name", _NAME.said(lang), [(shown.value, name_label(shown).said(lang)) for shown in NameShown])
    return (
        '{{#if value.shown}}{{#if value.gate}}<div class="v-sheet de-gate" data-gate="{{value.gate.kind}}"><p>'
        '{{value.gate.text}}</p><button type="button" class="v-btn" data-open>{{value.gate.action}}</button></div>'
        "{{/if}}"
        '<form class="de-form" data-form data-longest="{{value.longest}}"{{#if value.gate}} hidden{{/if}}>'
        + _checks("purposes", _WHAT.said(lang), _purposes(lang))
        + '<div data-channels hidden>' + _checks("channels", _WHERE.said(lang), (
            '{{#each value.channels}}<label class="v-check"><input type="checkbox" name="channels" value="{{id}}">'
            "<span>{{label}}</span></label>{{/each}}")) + "</div>"
        + f'<fieldset class="de-part"><legend>{_WHEN.said(lang)}</legend><div class="de-days">{days}</div>'
        f'<div class="v-segs de-months">{months}</div></fieldset>'
        f'<fieldset class="de-part"><legend>{_HOW.said(lang)}</legend>{looks}{names}</fieldset></form>{{{{/if}}}}')


def _checks(name: str, legend: str, boxes: str) -> str:
    return (f'<fieldset class="de-part de-{name}"><legend>{legend}</legend><div class="de-checks">{boxes}</div>'
            "</fieldset>")


def _purposes(lang: Language) -> str:
    return "".join(f'<label class="v-check de-check"><input type="checkbox" name="purposes" value="{purpose.value}">'
                   f'<span><b>{purpose_label(purpose).said(lang)}</b><small>{_ABOUT[purpose].said(lang)}</small></span>'
                   "</label>" for purpose in Purpose)


def _radios(name: str, legend: str, choices: Iterable[tuple[str, str]]) -> str:
    boxes = "".join(f'<label class="v-seg"><input type="radio" name="{name}" value="{value}"><span>{text}</span>'
                    "</label>" for value, text in choices)
    return f'<fieldset class="v-segs de-look"><legend>{legend}</legend>{boxes}</fieldset>'


def _yes_no(name: str, lang: Language) -> list[tuple[str, str]]:
    return [(value, words.said(lang)) for value, words in zip(("yes", "no"), _YES_NO[name], strict=True)]


def shown(decision: Decision, asker: Asker, longest: int, lang: Language) -> dict[str, Any]:
    """Return what the template reads; a gate stands before the form until one listened, or while a consent holds.

    `longest` is the longest period, in months. There is nothing to choose about a story that its author took back.
    """
    if decision.closed:
        return {}
    channels = decision.company.channels if decision.company and decision.company.channels else tuple(Channel)
    today = asker.day.isoformat()
    asked = asks(decision)
    value: dict[str, Any] = {
        "shown": True, "today": today, "from": today, "until": "", "longest": longest,
        "latest": last_day(asker.day, longest).isoformat(), "months": _months(longest, lang),
        "face": "face" in asked, "voice": "voice" in asked,
        "channels": [{"id": each.value, "label": channel_label(each).said(lang)} for each in channels]}
    if decision.mine(asker) is not None:
        value["gate"] = {"kind": "signed", "text": _AGAIN.said(lang), "action": _RESIGN.said(lang)}
    elif decision.recording is not None:
        value["gate"] = {"kind": "listen", "text": (_LISTEN if decision.own else _LISTEN_OTHER).said(lang),
                         "action": _LISTENED.said(lang)}
    return value


def _months(longest: int, lang: Language) -> list[dict[str, Any]]:
    """Return up to three periods to choose with one tap, none over the longest."""
    offered = sorted({min(number, longest) for number in _MONTHS})
    return [{"n": n, "label": (_MONTHS.get(n) or _SOME_MONTHS).said(lang).format(n=n)} for n in offered]


def asks(decision: Decision) -> frozenset[str]:
    """Return which of face and voice there is to decide about."""
    if decision.story.recording_id is None:
        return frozenset()
    sound_alone = decision.recording is not None and decision.recording.kind is MediaKind.SOUND
    return frozenset({"voice"}) if sound_alone else frozenset({"face", "voice"})


def scope_of(given: Mapping[str, Any], decision: Decision) -> Scope:
    """Return what was chosen (`BadInput` names what is still to choose)."""
    purposes = frozenset(Purpose(each) for each in given["purposes"] if each in set(Purpose))
    channels = frozenset(Channel(each) for each in given["channels"] if each in set(Channel))
    days = {key: _day(given[key]) for key in ("from", "until")}
    shares, asked = Purpose.SHARE in purposes, asks(decision)
    lacking = [key for key, there in (
        ("purposes", purposes), ("channels", channels or not shares), ("from", days["from"]), ("until", days["until"]),
        *((key, given[key] in ("yes", "no") or key not in asked) for key in ("face", "voice")),
        ("name", given["name"] in set(NameShown))) if not there]
    first, last = days["from"], days["until"]
    if lacking or first is None or last is None:
        raise BadInput(*(_LEFT.said(lang).format(what=", ".join(_NAMES[key].said(lang) for key in lacking))
                         for lang in ("fr", "en")))
    look = Appearance("face" in asked and given["face"] == "yes", "voice" in asked and given["voice"] == "yes",
                      NameShown(given["name"]))
    return Scope(purposes, channels if shares else frozenset(), first, last, look)


def text_for(scope: Scope, decision: Decision, asker: Asker, lang: Language) -> ConsentText:
    """Return the exact text that the asker is about to sign."""
    company = decision.company.name if decision.company else _COMPANY.said(lang)
    return render(Terms(asker.person.display_name, company, scope, decision.story.title), lang)


def mark(text: str) -> str:
    """Return the SHA-256 of a text, by which what is signed is known to be what was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
