"""One's own page: what surrounds the text that a person writes, and the way it leaves the studio in their hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from prompts.channels import channel_rules
from prompts.consent_text import channel_label, day
from prompts.profiles import profile_guides
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.ids import StoryId
from story_bank.language import Language
from story_bank.making import Profile
from studio.steps.read import StoryView
from studio.ui.components import light, watched
from studio.ui.voices import lit_channel, set_in
from studio.ui.words import W

NETWORKS = {
    Channel.LINKEDIN: "https://www.linkedin.com/feed/?shareActive=true",
    Channel.FACEBOOK: "https://www.facebook.com/",
    Channel.INSTAGRAM: "https://www.instagram.com/",
    Channel.X: "https://x.com/compose/post",
}
"""Where a network lets its members write; opened by the person's click alone."""

_CHANGE, _PROFILE, _CHANNEL = W("Changer", "Change"), W("Profil", "Profile"), W("Support", "Channel")
_UNTITLED = W("Un récit sans titre", "A story without a title")
_YOURS, _THEIRS = W("Votre récit", "Your story"), W("Le récit de {name}", "{name}'s story")
_SOMEONE = W("Le récit d'une autre personne", "Somebody else's story")
_FOR = W("{story}, pour {channel}, profil {profile}", "{story}, for {channel}, profile {profile}")
_COPY_OPEN, _COPY = W("Copier et ouvrir {channel}", "Copy and open {channel}"), W("Copier le texte", "Copy the text")
_COPIED = W("Copié. Collez-le sur {channel}, puis dites « J'ai publié ».",
            "Copied. Paste it on {channel}, then tell us “I have published”.")
_NOT_COPIED = W("Le navigateur ne laisse pas copier : sélectionnez le texte et copiez-le vous-même.",
                "The browser does not let us copy: select the text and copy it yourself.")
_COUNT = {"limit": W("{n} caractères sur {limit}", "{n} of {limit} characters"),
          "free": W("{n} caractères", "{n} characters"),
          "fold": W("Visible avant « voir plus » : {start}", "Seen before “see more”: {start}")}
_SINCE = W("Publié le {day}.", "Published on {day}.")


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of whose: the story, how the person speaks, and where."""

    story_id: StoryId
    profile: Profile
    channel: Channel


def head_template(lang: Language) -> str:
    """Return title, light, and the choice of profile and channel behind one link."""
    def choice(name: str, items: str, legend: str) -> str:
        return (f'<fieldset class="v-segs"><legend>{legend}</legend>{{{{#each value.{items}}}}}<label class="v-seg">'
                f'<input type="radio" name="{name}" value="{{{{id}}}}"{{{{#if on}}}} checked{{{{/if}}}}>'
                "{{label}}</label>{{/each}}</fieldset>")

    return ('<header class="v-head"' + watched("value.watch") + '><h1>{{value.title}}</h1>{{#if value.line}}'
            '<div class="wr-meta">' + light("value.light") + '<span class="v-small">{{value.line}}</span>'
            '<details class="wr-change"><summary class="v-link">'
            + _CHANGE.said(lang) + '</summary><div class="wr-choices">'
            + choice("profile", "profiles", _PROFILE.said(lang)) + '<p class="v-small">{{value.looks}}</p>'
            + choice("channel", "channels", _CHANNEL.said(lang)) + "</div></details></div>{{/if}}</header>")


def leaving_template() -> str:
    """Return the button that copies and opens the network, closed until the page is ready, and why."""
    return ('{{#if value.label}}<div class="v-acts">{{#if value.ready}}{{#if value.address}}'
            '<a class="v-btn v-btn--main" data-copy href="{{value.address}}" target="_blank" '
            'rel="noopener noreferrer">{{value.label}}</a>{{else}}'
            '<button type="button" class="v-btn v-btn--main" data-copy>{{value.label}}</button>{{/if}}{{else}}'
            '<button type="button" class="v-btn v-btn--main" disabled>{{value.label}}</button>{{/if}}</div>'
            '<p class="v-small" role="status" data-told>{{value.why}}</p>{{/if}}')


FOOT = ('<div class="wr-foot v-small"><p data-count></p><p data-fold></p>{{#if value.kept}}'
        '<p class="wr-kept" data-tone="{{value.tone}}" role="status">{{value.kept}}</p>{{/if}}</div>')
"""Counters, filled in by the browser as one types, and whether it is kept."""
SINCE = ('{{#if value.text}}<p class="v-small" role="status">{{value.text}} {{#if value.href}}<a href="{{value.href}}" '
         'target="_blank" rel="noopener noreferrer">{{value.href}}</a>{{/if}}</p>{{/if}}')
"""When and where the person published it."""


def head_value(asker: Asker, view: StoryView, place: Place, offered: tuple[Channel, ...],
               lang: Language) -> dict[str, Any]:
    """Return what `head_template` reads."""
    guides = profile_guides()
    story = _YOURS.said(lang) if view.own else (
        _THEIRS.said(lang).format(name=view.author) if view.author else _SOMEONE.said(lang))
    line = _FOR.said(lang).format(story=story, channel=channel_label(place.channel).said(lang),
                                  profile=guides[place.profile].label.said(lang))
    return {"title": set_in(lang, view.story.title or _UNTITLED.said(lang)), "line": line,
            "light": lit_channel(view.light(asker, place.channel), place.channel, lang),
            "looks": guides[place.profile].looks_for.said(lang).capitalize(),
            "profiles": [{"id": each.value, "label": guides[each].label.said(lang), "on": each is place.profile}
                         for each in Profile],
            "channels": [{"id": each.value, "label": channel_label(each).said(lang), "on": each is place.channel}
                         for each in offered]}


def foot_value(channel: Channel, lang: Language, kept: str = "", tone: str = "") -> dict[str, Any]:
    """Return what `FOOT` and its script read: the channel's measures, in characters, and their words."""
    rules = channel_rules()[channel]
    words = {name: text.said(lang) for name, text in _COUNT.items()}
    return {"channel": channel.value, "limit": rules.limit, "fold": rules.fold, "words": words, "kept": kept,
            "tone": tone}


def leaving_value(channel: Channel, why: str, lang: Language) -> dict[str, Any]:
    """Return what `leaving_template` reads; the page is ready when there is no reason why not."""
    name, network = channel_label(channel).said(lang), NETWORKS.get(channel, "")
    return {"ready": not why, "why": why, "address": network,
            "label": (_COPY_OPEN if network else _COPY).said(lang).format(channel=name),
            "copied": _COPIED.said(lang).format(channel=name), "not_copied": _NOT_COPIED.said(lang)}


def since_value(when: date | None, address: str | None, lang: Language) -> dict[str, str]:
    """Return what `SINCE` reads."""
    return {"text": _SINCE.said(lang).format(day=day(when, lang)), "href": address or ""} if when else {}
