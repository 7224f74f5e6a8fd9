"""Where consent stands for a story, in words and lights: closed, open and to where, or waiting for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from prompts.consent_text import appearance, channel_label, day, purpose_label
from story_bank.access import Act, LightState, Use, light
from story_bank.bank import Asker
from story_bank.consent import Channel, Purpose, Scope
from story_bank.language import Language
from studio.steps.read import StoryView
from studio.steps.signing import Decision
from studio.ui import components as c
from studio.ui import taking_back
from studio.ui.sheet import script
from studio.ui.voices import lit, set_in
from studio.ui.words import W

_LABEL = W("Accord", "Consent")
_CLOSED_SOUND = W("Fermé : personne d'autre que vous ne peut l'entendre", "Closed: nobody but you can hear it")
_CLOSED_TEXT = W("Fermé : personne d'autre que vous ne peut le lire", "Closed: nobody but you can read it")
_CLOSED_OTHER = W("Vous n'avez pas donné votre accord : ce récit reste fermé",
                  "You have not agreed: this story stays closed")
_WAITS_FOR = W("En attente de l'accord de {names}", "Waiting for the consent of {names}")
_WAITS = W("En attente d'un autre accord que le vôtre", "Waiting for another consent than yours")
_TAKEN = W("La personne qui raconte a repris ce récit : il est fermé",
           "The person who tells has taken this story back: it is closed")
_BEGINS_ON = W("Fermé jusqu'au {day}", "Closed until {day}")
_ENDED_ON = W("Fermé : l'accord a pris fin le {day}", "Closed: the consent ended on {day}")
_SHOWN = W("On montre", "Shown")
_TAKE_BACK = W("Retirer", "Take back")
_USES = ((Act.FIND, Purpose.LIBRARY), (Act.DRAFT, Purpose.DRAFT), (Act.CUT, Purpose.CLIP))


def build(lang: Language, order: str) -> gr.HTML:
    """Lay out the panel: lights, what is shown, and taking back as near as giving; it triggers `withdrew`."""
    return c.html({}, html_template=_template(lang), js_on_load=script("taking_back"), elem_id="consent",
                  elem_classes=order)


def _template(lang: Language) -> str:
    one = ('{{#if channel}}<button type="button" class="v-link v-link--stop" data-act="withdrew" '
           f'data-channel="{{{{channel}}}}" aria-label="{_TAKE_BACK.said(lang)}, {{{{label}}}}">{_TAKE_BACK.said(lang)}'
           "</button>{{/if}}")
    return (
        f'{{{{#if value.shown}}}}<section class="v-sheet rl-light" aria-label="{_LABEL.said(lang)}">'
        "{{#if value.light}}" + c.light("value.light") + '{{/if}}{{#if value.lights}}<ul class="rl-lights">'
        "{{#each value.lights}}<li>" + c.light("") + one + "</li>{{/each}}</ul>{{/if}}"
        "{{#if value.rows}}<dl>{{#each value.rows}}<dt>{{k}}</dt><dd>{{v}}</dd>{{/each}}</dl>{{/if}}"
        '{{#if value.acts}}<div class="v-acts">{{#if value.href}}<a class="v-btn v-btn--main" href="{{value.href}}">'
        "{{value.action}}</a>{{/if}}" + taking_back.buttons("value", lang) + "</div>{{/if}}</section>{{/if}}")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person permits, what everybody does, and who has not said yet."""

    mine: Scope | None
    scopes: tuple[Scope | None, ...]
    waits_for: tuple[str, ...]
    closed: str
    """The words for "nobody else"."""
    waits: str = ""
    """The words for "somebody has not signed"."""


def standing_of(decision: Decision, asker: Asker, lang: Language) -> Standing:
    """Return where consent stands for the one who decides."""
    missing = tuple(person.display_name for person, scope in zip(decision.people, decision.scopes, strict=True)
                    if scope is None and person.id != asker.person.id)
    spoken = decision.story.recording_id is not None
    closed = (_CLOSED_OTHER if not decision.own else _CLOSED_SOUND if spoken else _CLOSED_TEXT).said(lang)
    # Who has not signed is the author's to know, for they pass the links on; nobody else's.
    waits = (_TAKEN if decision.closed else _WAITS_FOR if decision.own else _WAITS).said(lang)
    return Standing(decision.mine(asker), decision.scopes, missing, closed, waits.format(names=", ".join(missing)))


def shown(stands: Standing, today: date, lang: Language) -> dict[str, Any]:
    """Return what the panel reads."""
    mine = stands.mine
    value: dict[str, Any] = {"shown": True, "stands": mine is not None, "rows": _rows(mine, lang) if mine else []}
    if mine is None:
        return {**value, "light": _closed(stands.closed)}
    if stands.waits_for:
        return {**value, "light": _closed(stands.waits)}
    if not mine.open_on(today):
        words, when = (_BEGINS_ON, mine.from_day) if today < mine.from_day else (_ENDED_ON, mine.until_day)
        return {**value, "light": _closed(words.said(lang).format(day=day(when, lang)))}
    return {**value, "lights": _lights(mine, stands.scopes, today, lang)}


def for_reader(view: StoryView, asker: Asker, lang: Language) -> dict[str, Any]:
    """Return what the panel reads for somebody who may read the story of another."""
    return {"shown": True, "lights": [lit(view.light(asker), purpose_label(Purpose.LIBRARY).said(lang), lang)]}


def _lights(mine: Scope, scopes: Sequence[Scope | None], today: date, lang: Language) -> list[dict[str, str]]:
    lights = [lit(light(scopes, Use(act), today), purpose_label(purpose).said(lang), lang)
              for act, purpose in _USES if purpose in mine.purposes]
    if Purpose.SHARE not in mine.purposes:
        return lights
    return lights + [{**lit(light(scopes, Use(Act.SHARE, channel), today), channel_label(channel).said(lang), lang),
                      "channel": channel.value} for channel in Channel if channel in mine.channels]


def _closed(label: str) -> dict[str, str]:
    return {"state": LightState.STOP.value, "label": label}


def _rows(scope: Scope, lang: Language) -> list[dict[str, str]]:
    text = ", ".join(appearance(scope.appears, lang))
    return [{"k": _SHOWN.said(lang), "v": set_in(lang, text)}]
