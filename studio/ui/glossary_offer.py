"""What a correction teaches, on Relire: "always write it so", and the same repair elsewhere, one by one, by hand.

It hears `vecu-corrected` ({before, after}: the words that changed) from the words on the page, and asks them for a
repair by `vecu-repair` ({ids, text}): it is typed there as if by hand, so that it can be undone like anything else.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from story_bank.bank import Asker
from story_bank.ids import StoryId, TermId
from story_bank.language import Language
from studio.steps.glossary import Looked, LookForTerms, Teach, Unteach
from studio.toolbox import Toolbox
from studio.ui.components import PLAY, html
from studio.ui.sheet import script
from studio.ui.words import LISTEN_FROM, W, clock
from studio.writing.repairs import Repair

_ALWAYS, _NOT_NOW = W("Toujours", "Always"), W("Pas cette fois", "Not this time")
_ASK, _ASK_END = W("Toujours écrire « ", "Always write “"), W(" » ?", "”?")
_THEN = W("Vos prochaines transcriptions l'écriront ainsi. La communication verra ce mot, sans votre récit, et dira "
          "s'il vaut pour toute l'entreprise.",
          "Your next transcriptions will write it so. Communications will see this word, without your story, and say "
          "whether it holds for the whole company.")
_LEARNT = W("C'est retenu : « {written} ».", "Learnt: “{written}”.")
_UNDO, _UNDONE = W("Annuler", "Undo"), W("C'est oublié.", "Forgotten.")
_ONE = W("1 mot ressemble à un terme de votre glossaire", "1 word sounds like a term of your glossary")
_MANY = W("{n} mots ressemblent à des termes de votre glossaire", "{n} words sound like terms of your glossary")
_ALSO_ONE = W("Ailleurs, 1 mot ressemble à « {written} »", "Elsewhere, 1 word sounds like “{written}”")
_ALSO = W("Ailleurs, {n} mots ressemblent à « {written} »", "Elsewhere, {n} words sound like “{written}”")
_WRITE, _LEAVE = W("Écrire ainsi", "Write it so"), W("Laisser", "Leave it")
_LATER = W("Plus tard", "Later")
_ALL = W("Tout écrire ainsi", "Write all of them so")
AROUND = 8
"""Words of the sentence shown on either side."""


def build(lang: Language) -> gr.HTML:
    """Lay it out, unseen until there is something to say; it triggers `corrected`, `taught` and `untaught`."""
    return html({}, html_template=_template(lang), js_on_load=script("glossary_offer"), elem_classes="go o2")


def _template(lang: Language) -> str:
    offer = (
        '{{#if value.offer}}<div class="go-offer" data-offer data-written="{{value.offer.written}}" '
        'data-heard="{{value.offer.heard}}"><p role="status">'
        f'{_ASK.said(lang)}<b>{{{{value.offer.written}}}}</b>{_ASK_END.said(lang)}</p>'
        f'<p class="v-small">{_THEN.said(lang)}</p><div class="v-acts"><button type="button" class="v-btn v-btn--main" '
        f'data-act="always">{_ALWAYS.said(lang)}</button><button type="button" class="v-btn" data-act="not">'
        f'{_NOT_NOW.said(lang)}</button></div></div>{{{{/if}}}}')
    told = ('{{#if value.told}}<p role="status">{{value.told}} {{#if value.term}}<button type="button" class="v-link" '
            f'data-act="undo" data-term="{{{{value.term}}}}">{_UNDO.said(lang)}</button>{{{{/if}}}}</p>{{{{/if}}}}')
    line = ('<li data-place data-ids="{{ids}}" data-text="{{becomes}}"><div class="v-line"><button type="button" '
            f'class="v-play" data-s="{{{{s}}}}" data-e="{{{{e}}}}" aria-label="{LISTEN_FROM.said(lang)} {{{{at}}}}">'
            f'{PLAY}<span>{{{{at}}}}</span></button><p class="v-said">{{{{before}}}} <del>{{{{was}}}}'
            '</del> <ins>{{becomes}}</ins> {{after}}</p></div><div class="v-acts"><button type="button" class="v-btn" '
            f'data-act="write" aria-label="{_WRITE.said(lang)}, {{{{becomes}}}}, {{{{at}}}}">{_WRITE.said(lang)}'
            '</button><button type="button" class="v-btn" data-act="leave" '
            f'aria-label="{_LEAVE.said(lang)}, {{{{was}}}}, '
            f'{{{{at}}}}">{_LEAVE.said(lang)}</button></div></li>')
    places = ('{{#if value.places}}<details><summary>{{value.heading}}</summary><ul class="go-list">'
              '{{#each value.places}}' + line + '{{/each}}</ul>{{#if value.several}}<button type="button" '
              f'class="v-btn" data-act="all">{_ALL.said(lang)}</button>{{{{/if}}}}</details>'
              f'<p><button type="button" class="v-link" data-act="later">{_LATER.said(lang)}</button></p>{{{{/if}}}}')
    return "{{#if value.shown}}<div class=\"go-box\">" + offer + told + places + "</div>{{/if}}"


def looked(tools: Toolbox, asker: Asker, story_id: StoryId, lang: Language, before: str = "",
           after: str = "") -> dict[str, Any]:
    """Return what the template reads after a correction, or of a transcript that has just been opened."""
    found = LookForTerms(tools).run(asker, story_id, before[:200], after[:200])
    return _value(found, lang)


def taught(tools: Toolbox, asker: Asker, story_id: StoryId, lang: Language, written: str,
           heard: str) -> dict[str, Any]:
    """Teach the term, and return what to say of it."""
    term = Teach(tools).run(asker, story_id, written, heard)
    return _value(LookForTerms(tools).run(asker, story_id), lang) | {
        "shown": True, "told": _LEARNT.said(lang).format(written=term.written), "term": term.id}


def untaught(tools: Toolbox, asker: Asker, story_id: StoryId, lang: Language, term_id: str) -> dict[str, Any]:
    """Take back what was taught."""
    Unteach(tools).run(asker, TermId(term_id))
    return _value(LookForTerms(tools).run(asker, story_id), lang) | {"shown": True, "told": _UNDONE.said(lang)}


def _value(found: Looked, lang: Language) -> dict[str, Any]:
    places = [_place(repair) for repair in found.repairs]
    offer = found.offer if found.offer and found.offer.open else None
    one, many = (_ALSO_ONE, _ALSO) if offer else (_ONE, _MANY)
    heading = (one if len(places) == 1 else many).said(lang).format(
        n=len(places), written=offer.written if offer else "")
    return {"shown": bool(places or offer), "places": places, "several": len(places) > 1, "heading": heading,
            "offer": {"written": offer.written, "heard": offer.heard} if offer else None}


def _place(repair: Repair) -> dict[str, Any]:
    words = repair.segment.words
    first = next(at for at, word in enumerate(words) if word.id == repair.ids[0])
    after = first + len(repair.ids)
    return {"ids": " ".join(repair.ids), "was": repair.was, "becomes": repair.becomes, "s": round(repair.start, 3),
            "e": round(repair.end, 3), "at": clock(repair.start),
            "before": " ".join(word.text for word in words[max(0, first - AROUND):first]),
            "after": " ".join(word.text for word in words[after:after + AROUND])}
