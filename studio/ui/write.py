"""Écrire: suggestions in the speaker's own words beside an empty page, which stays the author's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from story_bank.access import Act, LightState, Use
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.errors import BadInput, Conflict, NotAllowed, NotFound, VecuError
from story_bank.language import Language
from story_bank.making import Post, Profile
from studio.steps.cancel import CancelJob
from studio.steps.draft import AskedDraft, AskForDraft, DraftsFor, OfferedChannels, WritePost
from studio.steps.read import ReadStory, StoryView
from studio.toolbox import Toolbox
from studio.ui import angles, remarks, taking_back
from studio.ui.components import html, watch
from studio.ui.own_page import (
    FOOT,
    SINCE,
    Place,
    foot_value,
    head_template,
    head_value,
    leaving_template,
    leaving_value,
    since_value,
)
from studio.ui.page import QUIET, answers, kindly, param, person_of, story_param, when_opened
from studio.ui.sheet import script
from studio.ui.voices import refusal_template, refused, set_in, voice_of
from studio.ui.words import W

Versions = dict[Channel, int]

_TITLE = W("Écrire", "Write")
_NO_STORY = W("Choisissez d'abord un récit : on écrit à partir de ce que quelqu'un a vécu.",
              "Choose a story first: one writes from what somebody lived.")
_MINE = W("Mes récits", "My stories")
_PAGE = W("Votre page", "Your page")
_PLACEHOLDER = W("Commencez par ce que vous avez vu.", "Start with what you saw.")
_NOT_BEGUN = W("Le bouton s'ouvre quand votre page est prête.", "The button opens when your page is ready.")
_NOT_AGREED = W("L'accord ne couvre pas ce support aujourd'hui : écrivez, mais ne publiez pas.",
                "The consent does not cover this channel today: write, but do not publish.")
_KEPT, _ELSEWHERE = W("C'est gardé.", "It is kept."), W(
    "Votre page a été changée dans une autre fenêtre. Ce texte-ci reste à l'écran : copiez-le, puis rechargez.",
    "Your page was changed in another window. This text stays on the screen: copy it, then reload.")
_PUBLISHED, _I_DID = W("J'ai publié", "I have published"), W("C'est publié", "It is published")
_ADDRESS = W("Adresse de la publication (facultative)", "Address of the post (optional)")
_BAD_ADDRESS = W("L'adresse d'une publication commence par https:// ; copiez-la depuis le réseau, ou laissez vide.",
                 "The address of a post begins with https://; copy it from the network, or leave it empty.")


@dataclass(frozen=True, slots=True)
class WritePage:
    """What the page is made of."""

    head: gr.HTML
    taking: gr.HTML
    forget: gr.HTML
    refusal: gr.HTML
    columns: gr.Row
    voice: gr.HTML
    angles: gr.HTML
    page: gr.Textbox
    foot: gr.HTML
    look: gr.HTML
    leaving: gr.HTML
    address: gr.Textbox
    done: gr.Button
    since: gr.HTML
    answers: gr.HTML
    place: gr.State
    versions: gr.State
    """The version of each channel's page that this browser saw."""
    timer: gr.Timer


def build(lang: Language) -> WritePage:
    """Lay the page out: suggestions beside one's own page, or above it on a phone."""
    head = html({"title": _TITLE.said(lang)}, html_template=head_template(lang), js_on_load=script("write_head"))
    taking, forget = taking_back.build(lang), taking_back.dialog(lang)
    refusal = html({}, html_template=refusal_template())
    voice = html({}, html_template='{{#if value.src}}<audio preload="none" src="{{value.src}}"></audio>{{/if}}',
                 elem_id="voice", elem_classes="v-hide")
    with gr.Row(elem_classes="v-cols", visible=False) as columns:
        with gr.Column(scale=1, min_width=0):
            suggested = html({}, html_template=angles.template(lang), js_on_load=script("write_angles"),
                             elem_id="angles")
        with gr.Column(scale=1, min_width=0):
            page = gr.Textbox(label=_PAGE.said(lang), placeholder=_PLACEHOLDER.said(lang), lines=11, max_lines=24,
                              elem_id="page", elem_classes="v-mine")
            foot = html({}, js_on_load=script("keeper") + script("write_page"), elem_id="page-foot", html_template=FOOT)
            look = html(remarks.blank(lang), html_template=remarks.template(lang), js_on_load=script("write_look"),
                        elem_id="look")
            leaving = html({}, html_template=leaving_template(), js_on_load=script("write_copy"), elem_id="copy")
            with gr.Accordion(_PUBLISHED.said(lang), open=False, elem_classes="wr-published"):
                address = gr.Textbox(label=_ADDRESS.said(lang), placeholder="https://", max_lines=1, type="text")
                done = gr.Button(_I_DID.said(lang))
            since = html({}, html_template=SINCE)
    return WritePage(head, taking, forget, refusal, columns, voice, suggested, page, foot, look, leaving, address,
                     done, since, answers(), gr.State(None), gr.State({}), gr.Timer(1.0, active=False))


class Writing:
    """What the page does, in one language, with the steps alone."""

    def __init__(self, page: WritePage, tools: Toolbox, lang: Language) -> None:
        self.page, self.tools, self.lang = page, tools, lang

    def opened(self, request: gr.Request) -> dict[Any, Any]:
        """Show the story named in the address, its suggestion and the page begun, or say in one sentence what to do."""
        asker, story_id = person_of(request, self.tools), story_param(request)
        if story_id is None:
            return self._without(_NO_STORY.said(self.lang))
        try:
            view = ReadStory(self.tools).run(asker, story_id)
        except NotFound as unknown:
            return self._without(unknown.said(self.lang))
        offered = OfferedChannels(self.tools).run()
        usable = [each for each in offered if view.light(asker, each).state is not LightState.STOP]
        profile = _one_of(Profile, param(request, "profile"), Profile.EXPERT)
        channel = _one_of(Channel, param(request, "channel"), (usable or list(offered))[0])
        place = Place(story_id, profile, channel if channel in offered else offered[0])
        return self._shown(asker, view, place, {})

    def chosen(self, place: Place | None, versions: Versions, request: gr.Request,
               event: gr.EventData) -> dict[Any, Any]:
        """Show the same story for another profile or channel."""
        asker, place = person_of(request, self.tools), _known(place)
        wanted = replace(place, profile=_one_of(Profile, getattr(event, "profile", None), place.profile),
                         channel=_one_of(Channel, getattr(event, "channel", None), place.channel))
        return self._shown(asker, ReadStory(self.tools).run(asker, place.story_id), wanted, versions)

    def polled(self, place: Place | None, request: gr.Request) -> dict[Any, Any]:
        """Show how far the suggestion is."""
        asker, place = person_of(request, self.tools), _known(place)
        try:
            return self._suggested(ReadStory(self.tools).run(asker, place.story_id), self._asked(asker, place))
        except (NotFound, NotAllowed) as gone:  # taken back while it was being written; one's own page is left
            return {self.page.angles: {"failed": {"tone": "stop", "text": set_in(self.lang, gone.said(self.lang))}},
                    self.page.timer: gr.Timer(active=False)}

    def again(self, place: Place | None, request: gr.Request) -> dict[Any, Any]:
        """Ask for the suggestion once more."""
        asker, place = person_of(request, self.tools), _known(place)
        AskForDraft(self.tools).run(asker, place.story_id, place.profile, place.channel, self.lang)
        return self._suggested(ReadStory(self.tools).run(asker, place.story_id), self._asked(asker, place))

    def stopped(self, place: Place | None, request: gr.Request) -> dict[Any, Any]:
        """Stop looking for angles."""
        asker, place = person_of(request, self.tools), _known(place)
        asked = self._asked(asker, place)
        if asked and asked.job:
            CancelJob(self.tools).run(asker, asked.job.id)
        return self._suggested(ReadStory(self.tools).run(asker, place.story_id), self._asked(asker, place))

    def typed(self, place: Place | None, versions: Versions, request: gr.Request,
              event: gr.EventData) -> dict[Any, Any]:
        """Keep the page as it is typed, with the channel it was typed for; whatever goes wrong, the text stays."""
        place = _known(place)
        channel = _one_of(Channel, getattr(event, "channel", None), place.channel)
        text, tone = str(getattr(event, "text", "")), ""
        kept: dict[Any, Any] = {}
        try:
            post = WritePost(self.tools).save(person_of(request, self.tools), place.story_id, channel, text,
                                              versions.get(channel, 0))
            said, kept = _KEPT.said(self.lang), {self.page.versions: {**versions, channel: post.version}}
        except Conflict:
            said, tone = _ELSEWHERE.said(self.lang), "stop"
        except VecuError as error:
            said, tone = error.said(self.lang), "stop"
        return {**kept, self.page.answers: {"to": "typed", "turn": int(getattr(event, "turn", 0)), "channel": channel,
                                            "foot": foot_value(channel, self.lang, said, tone)}}

    def looked(self, place: Place | None, text: str, request: gr.Request) -> dict[Any, Any]:
        """Look at the page: own words, findings, and whether it may leave."""
        asker, place = person_of(request, self.tools), _known(place)
        return self._looked(asker, ReadStory(self.tools).run(asker, place.story_id), place, text or "")

    def published(self, place: Place | None, versions: Versions, address: str, request: gr.Request) -> dict[Any, Any]:
        """Note that the person published it themselves."""
        asker, place, address = person_of(request, self.tools), _known(place), (address or "").strip()
        if address and not address.startswith(("https://", "http://")):
            raise BadInput(_BAD_ADDRESS.fr, _BAD_ADDRESS.en)
        post = WritePost(self.tools).published(asker, place.story_id, place.channel, address[:500] or None)
        return {self.page.since: self._since(post), self.page.versions: {**versions, place.channel: post.version}}

    def _without(self, sentence: str) -> dict[Any, Any]:
        return {self.page.columns: gr.Row(visible=False), self.page.taking: {}, self.page.refusal: {
            "empty": {"text": sentence, "action": _MINE.said(self.lang), "href": f"/{self.lang}/mes-recits"}}}

    def _shown(self, asker: Asker, view: StoryView, place: Place, versions: Versions) -> dict[Any, Any]:
        page = self.page
        head = head_value(asker, view, place, OfferedChannels(self.tools).run(), self.lang)
        try:
            asked = self._asked(asker, place)
            if asked is None or _older(asked, view):
                asked = self._ask(asker, place)
            post = WritePost(self.tools).kept(asker, place.story_id, place.channel)
        except NotAllowed as closed:
            head["watch"] = watch(view.own, view.story.id, Use(Act.READ))
            return {page.head: head, page.taking: taking_back.of_view(view), page.columns: gr.Row(visible=False),
                    page.refusal: refused(closed, view, self.lang)}
        text = post.text if post else ""
        head["watch"] = watch(view.own, view.story.id, Use(Act.DRAFT))
        return {page.head: head, page.taking: taking_back.of_view(view), page.refusal: {},
                page.columns: gr.Row(visible=True), page.place: place,
                page.versions: {**versions, place.channel: post.version if post else 0}, page.page: text,
                page.voice: {"src": voice_of(view).address}, page.foot: foot_value(place.channel, self.lang),
                page.since: self._since(post), **self._suggested(view, asked),
                **self._looked(asker, view, place, text)}

    def _asked(self, asker: Asker, place: Place) -> AskedDraft | None:
        return DraftsFor(self.tools).run(asker, place.story_id, place.profile, place.channel, self.lang)

    def _ask(self, asker: Asker, place: Place) -> AskedDraft | None:
        AskForDraft(self.tools).run(asker, place.story_id, place.profile, place.channel, self.lang)
        return self._asked(asker, place)

    def _suggested(self, view: StoryView, asked: AskedDraft | None) -> dict[Any, Any]:
        spoken = view.transcript.language if view.transcript else view.story.language
        value = angles.shown(asked, view.own, voice_of(view), spoken, self.lang)
        return {self.page.angles: value, self.page.timer: gr.Timer(active=angles.still_working(value))}

    def _looked(self, asker: Asker, view: StoryView, place: Place, text: str) -> dict[Any, Any]:
        result = WritePost(self.tools).look(asker, place.story_id, place.channel, text)
        agreed = view.light(asker, place.channel).state is not LightState.STOP
        why = _NOT_AGREED.said(self.lang) if not agreed else (
            remarks.waits_for(result, self.lang) if text.strip() else _NOT_BEGUN.said(self.lang))
        return {self.page.look: remarks.shown(result, text, self.lang),
                self.page.leaving: leaving_value(place.channel, why, self.lang)}

    def _since(self, post: Post | None) -> dict[str, str]:
        when = self.tools.day_of(post.published_at) if post and post.published_at else None
        return since_value(when, post.address if post else None, self.lang)


def wire(page: WritePage, tools: Toolbox, lang: Language) -> None:
    """Bind each event to one use case."""
    does, kind = Writing(page, tools, lang), kindly(lang)
    column = {page.angles, page.timer}
    everything = {page.head, page.taking, page.refusal, page.columns, page.place, page.versions, page.page, page.voice,
                  page.foot, page.look, page.leaving, page.since, *column}
    when_opened(kind(does.opened), None, everything)
    taking_back.wire(page.taking, tools, lang, does.opened, everything)
    taking_back.wire_dialog(page.forget, tools, lang, does.opened, everything)
    page.head.chosen(kind(does.chosen), [page.place, page.versions], everything, **QUIET)
    page.timer.tick(kind(does.polled), page.place, column, **QUIET)
    page.angles.again(kind(does.again), page.place, column, **QUIET)
    page.angles.stop(kind(does.stopped), page.place, column, **QUIET)
    page.foot.typed(kind(does.typed), [page.place, page.versions], {page.versions, page.answers},
                    trigger_mode="multiple", **QUIET).then(
        kind(does.looked), [page.place, page.page], {page.look, page.leaving}, **QUIET)
    page.done.click(kind(does.published), [page.place, page.versions, page.address], {page.since, page.versions},
                    **QUIET)


def _older(asked: AskedDraft, view: StoryView) -> bool:
    """Tell whether the words were corrected after the suggestion was asked for."""
    return view.transcript is not None and asked.draft.created_at < view.transcript.created_at


def _known(place: Place | None) -> Place:
    if place is None:
        raise NotFound("Cette page a été ouverte il y a longtemps ; rechargez-la.",
                       "This page was opened long ago; reload it.")
    return place


def _one_of(kind: Any, wanted: object, otherwise: Any) -> Any:
    try:
        return kind(wanted)
    except ValueError:
        return otherwise
