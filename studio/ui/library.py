"""Bibliothèque: one question, answered by passages that start on the right second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from prompts.consent_text import channel_label
from story_bank.bank import StoryFilter
from story_bank.consent import Channel
from story_bank.ids import ValueId
from story_bank.language import Bilingual, Language
from studio.steps.facets import Choices, Facets
from studio.steps.find import Answer, Find, Wanted
from studio.toolbox import Toolbox
from studio.ui import cards
from studio.ui.components import empty, html, notice, page_head
from studio.ui.page import QUIET, kindly, person_of, when_opened
from studio.ui.sheet import script
from studio.ui.voices import set_in
from studio.ui.words import W

LIMIT = 20
_HEADING = W("Que cherchez-vous ?", "What are you looking for?")
_QUESTION, _SEARCH = W("Votre demande", "Your question"), W("Chercher", "Search")
_ASK = W("Demandez comme à une collègue", "Ask as you would ask a colleague")
_USABLE, _ANYWHERE = W("Utilisable aujourd'hui sur", "Usable today on"), W("peu importe", "does not matter")
_FACETS = W("Valeur, équipe, site, langue", "Value, team, site, language")
_VALUE, _TEAM = W("Valeur", "Value"), W("Équipe", "Team")
_SITE, _LANGUAGE = W("Site", "Site"), W("Langue", "Language")
_LANGUAGES: dict[str, Bilingual] = {"fr": W("français", "French"), "en": W("anglais", "English")}
_NEWEST = W("Les récits les plus récents", "The newest stories")
_ONE, _MANY = W("1 récit répond", "1 story answers"), W("{n} récits répondent", "{n} stories answer")
_NOTHING_YET = W("Personne n'a encore ouvert de récit. Racontez le premier.",
                 "Nobody has opened a story yet. Tell the first one.")
_NOTHING = W("Aucun récit ouvert ne répond. Dites-le avec d'autres mots, ou posez la question à quelqu'un : c'est "
             "peut-être un récit qui manque.",
             "No open story answers. Say it in other words, or ask somebody: it may be a story that is missing.")
_NOTHING_HERE = W("Aucun récit ne répond avec ces choix. Retirez un filtre : il y en a peut-être ailleurs.",
                  "No story answers with these choices. Take a filter away: there may be some elsewhere.")
_TELL, _ALL = W("Raconter", "Tell"), W("Voir tous les récits", "See all stories")
KEYS = ("q", "support", "valeur", "equipe", "site", "langue")
"""Names of the question and its facets in the page's address."""


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """What the page is made of."""

    question: gr.Textbox
    channel: gr.Dropdown
    more: gr.Accordion
    values: gr.CheckboxGroup
    teams: gr.CheckboxGroup
    sites: gr.CheckboxGroup
    languages: gr.CheckboxGroup
    results: gr.HTML


def build(lang: Language) -> LibraryPage:
    """Lay the page out: one box, what it may be used for, facets folded away, answers."""
    page_head(_HEADING.said(lang))
    with gr.Column(elem_classes="li-ask"):
        question = gr.Textbox(label=_QUESTION.said(lang), show_label=False, container=False, lines=1, max_lines=3,
                              max_length=2_000, submit_btn=_SEARCH.said(lang), placeholder=_ASK.said(lang), elem_id="q")
        channel = gr.Dropdown([(_ANYWHERE.said(lang), "")], value="", label=_USABLE.said(lang), filterable=False,
                              elem_id="usable")
        with gr.Accordion(_FACETS.said(lang), open=False, elem_id="more") as more:
            values, teams, sites, languages = (gr.CheckboxGroup([], label=label.said(lang))
                                               for label in (_VALUE, _TEAM, _SITE, _LANGUAGE))
    html(html_template='<audio preload="none"></audio>', elem_id="library-voice", elem_classes="v-hide")
    results = html({}, html_template=_results(lang), js_on_load=script("library"), elem_id="results")
    return LibraryPage(question, channel, more, values, teams, sites, languages, results)


def _results(lang: Language) -> str:
    return ('<div class="li-results" data-place="{{value.place}}">{{#if value.note}}' + notice("value.note") + "{{/if}}"
            '{{#if value.heading}}<h2 aria-live="polite"{{#if value.many}} data-one="{{value.one}}" '
            'data-many="{{value.many}}"{{/if}}>{{value.heading}}</h2>{{/if}}{{#if value.empty}}'
            + empty("value.empty") + "{{/if}}{{#each value.cards}}" + cards.template(lang) + "{{/each}}</div>")


def wire(page: LibraryPage, tools: Toolbox, lang: Language) -> None:
    """Bind the page to finding; what was asked is in the address, so that reload and back find it again."""
    polite = kindly(lang)
    asked = [page.question, page.channel, page.values, page.teams, page.sites, page.languages]

    @polite
    def opened(request: gr.Request) -> dict[Any, Any]:
        asker = person_of(request, tools)
        choices = Facets(tools).run(asker)
        wanted = _from_address(dict(request.query_params), choices)
        answer = Find(tools).run(asker, wanted)
        return {**_offered(page, choices, wanted, lang), page.results: _shown(answer, wanted, choices, lang)}

    @polite
    def searched(question: str, channel: str, values: list[str], teams: list[str], sites: list[str],
                 languages: list[str], request: gr.Request) -> dict[str, Any]:
        asker = person_of(request, tools)
        where = StoryFilter(frozenset(map(ValueId, values)), frozenset(teams), frozenset(sites), frozenset(languages))
        wanted = Wanted(question or "", where, Channel(channel) if channel else None, LIMIT)
        return _shown(Find(tools).run(asker, wanted), wanted, Facets(tools).run(asker), lang)

    when_opened(opened, None, [*asked, page.more, page.results])
    page.question.submit(searched, asked, page.results, **QUIET)
    for facet in asked[1:]:
        facet.input(searched, asked, page.results, trigger_mode="always_last", **QUIET)


def _from_address(query: dict[str, str], choices: Choices) -> Wanted:
    """Return what the address asks for, as far as it exists."""
    given = {key: query.get(key, "").split("|") for key in KEYS[1:]}
    channel = query.get("support", "")
    return Wanted(
        query.get("q", ""),
        StoryFilter(frozenset(value.id for value in choices.values if value.id in given["valeur"]),
                    frozenset(given["equipe"]) & frozenset(choices.teams),
                    frozenset(given["site"]) & frozenset(choices.sites),
                    frozenset(given["langue"]) & frozenset(choices.languages)),
        Channel(channel) if channel in set(Channel) else None, LIMIT)


def _address(wanted: Wanted) -> str:
    where = wanted.where
    told = {"q": " ".join(wanted.question.split()), "support": wanted.channel.value if wanted.channel else "",
            "valeur": "|".join(sorted(where.values)), "equipe": "|".join(sorted(where.teams)),
            "site": "|".join(sorted(where.sites)), "langue": "|".join(sorted(where.languages))}
    chosen = {key: value for key, value in told.items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def _offered(page: LibraryPage, choices: Choices, wanted: Wanted, lang: Language) -> dict[Any, Any]:
    """Return the facets with their choices; a facet with one choice or none narrows nothing and stays away."""
    channels = choices.company.channels if choices.company and choices.company.channels else tuple(Channel)
    offered = [(channel_label(each).said(lang), each.value) for each in channels]
    where = wanted.where

    groups: list[tuple[gr.CheckboxGroup, list[tuple[str, str]], frozenset[Any]]] = [
        (page.values, [(value.name.said(lang), value.id) for value in choices.values], where.values),
        (page.teams, [(team, team) for team in choices.teams], where.teams),
        (page.sites, [(site, site) for site in choices.sites], where.sites),
        (page.languages, [(_LANGUAGES[each].said(lang), each) for each in choices.languages], where.languages)]
    useful = {group: len(pairs) > 1 or bool(chosen) for group, pairs, chosen in groups}
    shown = {group: gr.CheckboxGroup(choices=pairs, value=sorted(chosen), visible=useful[group])
             for group, pairs, chosen in groups}
    return {
        **shown, page.question: wanted.question,
        page.channel: gr.Dropdown(choices=[(_ANYWHERE.said(lang), ""), *offered],
                                  value=wanted.channel.value if wanted.channel else ""),
        page.more: gr.Accordion(open=where != StoryFilter(), visible=any(useful.values()))}


def _shown(answer: Answer, wanted: Wanted, choices: Choices, lang: Language) -> dict[str, Any]:
    names = {value.id: value.name.said(lang) for value in choices.values}
    value: dict[str, Any] = {"place": _address(wanted), "cards": [
        cards.card(found, wanted.question, names, wanted.channel, lang) for found in answer.found]}
    if answer.note:
        value["note"] = {"tone": "soon", "text": set_in(lang, answer.note.said(lang))}
    if not answer.found:
        return {**value, "empty": _nothing(wanted, lang)}
    if not wanted.question.strip():
        return {**value, "heading": _NEWEST.said(lang)}
    one, many = _ONE.said(lang), _MANY.said(lang)
    count = len(answer.found)
    return {**value, "heading": one if count == 1 else many.format(n=count), "one": one, "many": many}


def _nothing(wanted: Wanted, lang: Language) -> dict[str, str]:
    narrowed = wanted.where != StoryFilter() or wanted.channel is not None
    if not wanted.question.strip() and not narrowed:
        return {"text": _NOTHING_YET.said(lang), "action": _TELL.said(lang), "href": f"/{lang}/"}
    text = _NOTHING_HERE if narrowed else _NOTHING
    return {"text": text.said(lang), "action": _ALL.said(lang), "href": f"/{lang}/bibliotheque"}
