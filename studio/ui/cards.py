"""An answer as a card: who, the passage with its second, why it answers, its light, and what can be made of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Any

from prompts.consent_text import channel_label, purpose_label
from story_bank.access import Act, Use
from story_bank.consent import Channel, NameShown, Purpose
from story_bank.ids import ValueId
from story_bank.language import Language
from story_bank.recording import MediaKind
from studio.steps.find import Found
from studio.ui import components as c
from studio.ui.days import day_text
from studio.ui.voices import lit, set_in
from studio.ui.words import LISTEN_FROM, W, clock
from vectorstore.words import query_stems, stems

_WAITS = W("Ses mots s'écrivent encore.", "Its words are still being written.")
_SOMEBODY, _YOU = W("Une personne", "Somebody"), W("{name} (vous)", "{name} (you)")
_CLOSED = W("Fermé : pour vous seulement", "Closed: for you only")
_READ, _READ_BACK = W("Lire", "Read"), W("Relire", "Read back")
_WRITE, _CUT = W("Écrire", "Write"), W("En faire un extrait", "Cut an extract")
_SHARE = W("Extraits à partager", "Extracts to share")
_KINDS = {MediaKind.VIDEO: W("vidéo", "video"), MediaKind.SOUND: W("voix", "voice"), None: W("texte", "text")}
_LONGEST = 420
_TOKEN = re.compile(r"\S+")


def template(lang: Language) -> str:
    """Return one card, inside {{#each value.cards}}."""
    faces = "".join(f"{{{{#if face{n}}}}}{c.face(n)}{{{{/if}}}}" for n in range(c.FACES))
    play = ('<button type="button" class="v-play" data-src="{{src}}" data-s="{{s}}" data-e="{{e}}" '
            f'aria-label="{LISTEN_FROM.said(lang)} {{{{at}}}}, {{{{who}}}}">{c.PLAY}<span>{{{{at}}}}</span></button>')
    words = ('<p class="v-said" lang="{{lang}}">{{#each parts}}{{#if on}}<mark>{{t}}</mark>{{else}}{{t}}{{/if}}'
             "{{/each}}</p>")
    passage = ('{{#if at}}<div class="v-line">{{#if src}}' + play + '{{else}}<span class="li-at">{{at}}</span>{{/if}}'
               + words + "</div>{{else}}{{#if waits}}" + '<p class="v-small">{{waits}}</p>' + "{{else}}" + words
               + "{{/if}}{{/if}}")
    return (f'<article class="li-card" data-card{c.watched()}><div class="v-face">{faces}</div>'
            '<div class="li-body"><div class="li-who"><h3>{{who}}</h3><span class="v-small">{{facts}}</span></div>'
            '{{#if title}}<p class="li-title">{{title}}</p>'
            "{{/if}}" + passage +
            '{{#if why}}<p class="v-small">{{why}}</p>{{/if}}</div><div class="li-side">' + c.light("light")
            + c.chips("values") + '<div class="li-ways">{{#each ways}}<a class="v-link" href="{{href}}" '
            'aria-label="{{label}}, {{of}}">{{label}}</a>{{/each}}</div></div></article>')


def card(found: Found, question: str, names: dict[ValueId, str], channel: Channel | None,
         lang: Language) -> dict[str, Any]:
    """Return what the template reads of one answer."""
    story, passage, spoken = found.story, found.passage, found.story.language
    who = found.author or _SOMEBODY.said(lang)
    heard = found.own or (found.appears is not None and found.appears.voice)
    timed = passage.start is not None and passage.end is not None
    text = _short(passage.text)
    return {
        "watch": c.watch(found.own, story.id, Use(Act.FIND, channel), whole=False),
        f"face{zlib.crc32(_drawn_for(found).encode()) % c.FACES}": True,
        "who": _YOU.said(lang).format(name=who) if found.own else who, "title": set_in(spoken, story.title),
        "facts": " · ".join(filter(None, (story.team, story.site, _KINDS[found.kind].said(lang),
                                          day_text(story.recorded_on, lang)))),
        "src": f"/media/recording/{story.recording_id}" if story.recording_id and heard and timed else "",
        "s": passage.start, "e": passage.end, "at": clock(passage.start) if passage.start is not None else "",
        "lang": spoken, "parts": c.parts(*_quoted(text, marks(text, question, spoken), spoken), spoken),
        "waits": "" if text else _WAITS.said(lang),
        "why": set_in(lang, found.why.said(lang)) if question.strip() else "", "light": _light(found, channel, lang),
        "values": [names[value_id] for value_id in story.value_ids if value_id in names], "ways": _ways(found, lang)}


def _drawn_for(found: Found) -> str:
    """Return the id that a face is drawn from: the author's only where their whole name says who they are anyway."""
    named = found.own or (found.appears is not None and found.appears.name is NameShown.FULL)
    return found.story.author_id if named else found.story.id


def marks(text: str, question: str, spoken: Language) -> list[tuple[int, int]]:
    """Return where the words of a text bear a stem of the question."""
    asked = set(query_stems(question))
    return [_bare(text, found) for found in _TOKEN.finditer(text) if asked & set(stems(found.group(), spoken))]


def _bare(text: str, found: re.Match[str]) -> tuple[int, int]:
    word = found.group()
    return found.start() + len(word) - len(word.lstrip("«“(\"'")), found.start() + len(word.rstrip(".,;:!?…»”)\"'"))


def _quoted(text: str, found: Sequence[tuple[int, int]], spoken: Language) -> tuple[str, list[tuple[int, int]]]:
    before, after = ("« ", " »") if spoken == "fr" else ("“", "”")
    return before + text + after, [(first + len(before), last + len(before)) for first, last in found]


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rsplit(" ", 1)[0] + "…"


def _light(found: Found, channel: Channel | None, lang: Language) -> dict[str, str]:
    if found.own and found.appears is None:
        return {"state": "stop", "label": _CLOSED.said(lang)}
    name = channel_label(channel) if channel else purpose_label(Purpose.LIBRARY)
    return lit(found.light, name.said(lang), lang)


def _ways(found: Found, lang: Language) -> list[dict[str, str]]:
    ways = [("relire", _READ_BACK if found.own else _READ)]
    if Act.DRAFT in found.may:
        ways.append(("ecrire", _WRITE))
    if Act.CUT in found.may and found.story.recording_id:
        ways.append(("extraits", _CUT))
    elif Act.SHARE in found.may and found.story.recording_id:
        ways.append(("extraits", _SHARE))
    of = found.story.title or found.author or _SOMEBODY.said(lang)
    return [{"href": f"/{lang}/{slug}?story={found.story.id}", "label": label.said(lang), "of": of}
            for slug, label in ways]
