"""Who else is heard or seen: the author names them, and passes each a link to sign or refuse (L12, A38)."""

from __future__ import annotations

from typing import Any

import gradio as gr

from story_bank.access import Duty, holds
from story_bank.bank import Asker
from story_bank.ids import PersonId, StoryId
from story_bank.language import Language
from story_bank.person import Person
from story_bank.recording import Recording
from studio.steps.recognisable import AskToSign, NameSomeone, UnnameSomeone, listed_as
from studio.steps.signing import Colleagues, Decision, ReadToDecide
from studio.toolbox import Toolbox
from studio.ui import components as c
from studio.ui.page import QUIET, kindly, person_of, story_param
from studio.ui.sheet import script
from studio.ui.words import W

_HEADING = W("Qui d'autre reconnaît-on ?", "Who else can be recognised?")
_EACH_SIGNS = W("Chaque personne que l'on reconnaît signe son propre accord. Elle écoute et lit le récit une fois que "
                "vous avez signé, ou dès que vous lui faites un lien. Tant qu'il manque un accord, le récit reste "
                "fermé, et c'est le plus étroit qui vaut.",
                "Each person who can be recognised signs their own consent. They hear and read the story once you have "
                "signed, or as soon as you make them a link. While a consent is missing the story stays closed, and "
                "the narrowest one holds.")
_VOICE = W("On entend peut-être une deuxième voix.", "Perhaps a second voice is heard.")
_FACE = W("On voit peut-être un deuxième visage.", "Perhaps a second face is seen.")
_BOTH = W("On entend peut-être une deuxième voix, et on voit peut-être un deuxième visage.",
          "Perhaps a second voice is heard, and perhaps a second face is seen.")
_SAY_WHO = W("Si c'est quelqu'un, dites qui ; sinon, signez.", "If it is somebody, say who; if not, sign.")
_SIGNED, _MISSING = W("a donné son accord", "has agreed"), W("accord manquant", "consent missing")
_NAME, _ADD = W("Nom de la personne, collègue ou non", "Name of the person, colleague or not"), W("Ajouter", "Add")
_LINK, _REMOVE = W("Lien à transmettre", "Link to pass on"), W("Enlever", "Remove")
_LINK_FOR = W("Lien pour {name}, valable 90 jours", "Link for {name}, good for 90 days")
_COPY, _COPIED = W("Copier", "Copy"), W("Copié.", "Copied.")
_SELECT = W("Copiez-le vous-même : il est sélectionné.", "Copy it yourself: it is selected.")
_YOURSELF = W("Donnez-le à cette personne, et à elle seule : avec ce lien, une personne sans compte signe ou refuse.",
              "Give it to this person and to nobody else: with it, a person without an account signs or refuses.")


def build(lang: Language) -> gr.HTML:
    """Lay the part out; it triggers `named`, `linked` and `removed`."""
    return c.html({}, html_template=_template(lang), js_on_load=script("recognised"), elem_id="people",
                  elem_classes="o3")


def _template(lang: Language) -> str:
    def act(name: str, words: str) -> str:
        return (f'<button type="button" class="v-link" data-act="{name}" data-person="{{{{id}}}}" '
                f'aria-label="{words}, {{{{name}}}}">{words}</button>')

    link = ('{{#if link}}<div class="de-link"><label class="v-field"><span>{{link.label}}</span><input type="text" '
            f'readonly data-path="{{{{link.path}}}}"></label><button type="button" class="v-btn" data-copy '
            f'data-copied="{_COPIED.said(lang)}" data-select="{_SELECT.said(lang)}">{_COPY.said(lang)}</button>'
            f'<p class="v-small">{_YOURSELF.said(lang)} <span role="status" data-told></span></p></div>{{{{/if}}}}')
    return (
        f'{{{{#if value.shown}}}}<section class="de-people"><h2>{_HEADING.said(lang)}</h2>'
        f'<p class="v-small">{_EACH_SIGNS.said(lang)}</p>{{{{#if value.hint}}}}<div class="v-notice" data-tone="soon" '
        'role="note"><div>{{value.hint}}</div></div>{{/if}}{{#if value.people}}<ul class="de-named">'
        '{{#each value.people}}<li><div class="de-who"><b>{{name}}</b>' + c.light() + '</div><div class="v-acts">'
        + act("linked", _LINK.said(lang)) + "{{#if undecided}}" + act("removed", _REMOVE.said(lang))
        + "{{/if}}</div>" + link + '</li>{{/each}}</ul>{{/if}}<form class="de-name"><label class="v-field"><span>'
        f'{_NAME.said(lang)}</span><input type="text" name="someone" list="colleagues" maxlength="120" required '
        f'autocomplete="off"></label><button class="v-btn">{_ADD.said(lang)}</button></form><datalist id="colleagues">'
        '{{#each value.colleagues}}<option value="{{this}}"></option>{{/each}}</datalist></section>{{/if}}')


def shown(decision: Decision, tools: Toolbox, asker: Asker, lang: Language,
          linked: tuple[PersonId, str] | None = None) -> dict[str, Any]:
    """Return what the template reads, to an author who works here; `linked` is a person's link that was just made."""
    if not decision.own or not holds(asker.person, Duty.SEE_COLLEAGUES):
        return {}
    everyone = Colleagues(tools).run(asker)
    named = list(zip(decision.people, decision.scopes, strict=True))[1:]
    return {"shown": True, "hint": pointed_out(decision.recording, len(decision.people), lang),
            "colleagues": [listed_as(person, everyone) for person in everyone],
            "people": [_person(person, scope is not None, person.id in decision.decided, lang)
                       | (_link(person, linked[1], lang) if linked and linked[0] == person.id else {})
                       for person, scope in named]}


def pointed_out(recording: Recording | None, people: int, lang: Language) -> str:
    """Return the one calm line about a second voice or face that nobody declared, or ""."""
    voices, faces = ((recording.voices or 0), (recording.faces or 0)) if recording else (0, 0)
    heard, seen = voices > people, faces > people
    if not heard and not seen:
        return ""
    return f"{(_BOTH if heard and seen else _VOICE if heard else _FACE).said(lang)} {_SAY_WHO.said(lang)}"


def _person(person: Person, signed: bool, decided: bool, lang: Language) -> dict[str, Any]:
    return {"id": person.id, "name": person.display_name, "undecided": not decided,
            "light": {"state": "ok" if signed else "stop", "label": (_SIGNED if signed else _MISSING).said(lang)}}


def _link(person: Person, secret: str, lang: Language) -> dict[str, Any]:
    return {"link": {"path": f"/accord?jeton={secret}", "label": _LINK_FOR.said(lang).format(name=person.display_name)}}


def wire(part: gr.HTML, state: gr.HTML, tools: Toolbox, lang: Language, stands: Any) -> None:
    """Bind naming, passing a link on, and leaving out; `stands` says where consent stands, in `state`."""
    polite = kindly(lang)

    def after(request: gr.Request, linked: tuple[PersonId, str] | None = None) -> dict[Any, Any]:
        asker = person_of(request, tools)
        decision = ReadToDecide(tools).run(asker, _story(request))
        return {part: shown(decision, tools, asker, lang, linked), state: stands(decision, asker)}

    @polite
    def named(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        NameSomeone(tools).run(person_of(request, tools), _story(request), str(event.name))
        return after(request)

    @polite
    def made(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        person_id = PersonId(str(event.person))
        return after(request, (person_id, AskToSign(tools).run(person_of(request, tools), _story(request), person_id)))

    @polite
    def removed(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        UnnameSomeone(tools).run(person_of(request, tools), _story(request), PersonId(str(event.person)))
        return after(request)

    part.named(named, None, [part, state], **QUIET)
    part.linked(made, None, [part, state], **QUIET)
    part.removed(removed, None, [part, state], **QUIET)


def _story(request: gr.Request) -> StoryId:
    return story_param(request) or StoryId("")
