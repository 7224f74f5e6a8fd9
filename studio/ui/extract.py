"""Extraits: choose words, strike others, see the frame, ask for the file; found again after a reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from story_bank.access import Act, Use
from story_bank.access import light as light_of
from story_bank.bank import Asker
from story_bank.consent import Channel
from story_bank.errors import BadInput, NotAllowed, NotFound
from story_bank.ids import ClipId, JobId, ShareId, StoryId, WordId
from story_bank.language import Language
from story_bank.making import CaptionStyle, Shape
from studio.steps.cancel import CancelJob
from studio.steps.clip import LEAD_S, TAIL_S, AskForClip, Selection, StoryClips
from studio.steps.moments import SuggestMoments
from studio.steps.read import ReadStory, StoryView
from studio.steps.share import SharePage
from studio.toolbox import Toolbox
from studio.ui import cutting, extracts, share_pages, taking_back
from studio.ui.components import html, light, watch, watched
from studio.ui.page import QUIET, kindly, person_of, story_param, when_opened
from studio.ui.sheet import script
from studio.ui.voices import lit, refusal_template, refused, set_in, voice_of
from studio.ui.words import W

_TITLE = W("Quel moment garder ?", "Which moment to keep?")
_NO_STORY = W("Choisissez d'abord un récit : un extrait se coupe dans ce que quelqu'un a raconté.",
              "Choose a story first: an extract is cut from what somebody told.")
_LIBRARY = W("Ouvrir la bibliothèque", "Open the library")
_WRITTEN = W("Ce récit est écrit : il n'y a rien à couper. On peut en parler sur la page « Écrire ».",
             "This story was written: there is nothing to cut. One can write about it on the page “Write”.")
_HEARD = W("Les mots s'écrivent encore : les extraits se coupent dès que tout est entendu.",
           "The words are still being written: extracts can be cut once everything is heard.")
_WRITE = W("Écrire", "Write")
_USE = W("Extraits", "Extracts")
_OF = W("« {title} »", "“{title}”")
_NO_CHANNEL = W("Choisissez un support.", "Choose a channel.")
_LOST = W("Choisissez un premier et un dernier mot.", "Choose a first and a last word.")


@dataclass(frozen=True, slots=True)
class ExtractPage:
    """What the page is made of."""

    head: gr.HTML
    taking: gr.HTML
    forget: gr.HTML
    refusal: gr.HTML
    cutter: gr.HTML
    making: gr.HTML
    kept: gr.HTML
    pages: gr.HTML
    story: gr.State
    shown: gr.State
    timer: gr.Timer


def build(lang: Language) -> ExtractPage:
    """Lay the page out: the frame beside the words, then what is being made and what was made."""
    head = html({"title": _TITLE.said(lang)}, html_template=(
        '<header class="v-head"' + watched("value.watch") + '><h1>{{value.title}}</h1>{{#if value.light}}'
        '<div class="wr-meta">' + light("value.light") + '<span class="v-small">{{value.line}}</span></div>{{/if}}'
        "</header>"))
    taking, forget = taking_back.build(lang), taking_back.dialog(lang)
    refusal = html({}, html_template=refusal_template())
    cutter = html({}, html_template=cutting.template(lang), js_on_load=script("extract"), elem_id="cutter")
    making = html({}, html_template=extracts.making_template(lang), js_on_load=script("extract_jobs"), elem_id="making")
    kept = html({}, html_template=extracts.kept_template(lang), js_on_load=script("extract_share"), elem_id="kept")
    return ExtractPage(head, taking, forget, refusal, cutter, making, kept, share_pages.build(lang), gr.State(None),
                       gr.State(None), gr.Timer(1.0, active=False))


class Extracting:
    """What the page does, in one language, with the steps alone."""

    def __init__(self, page: ExtractPage, tools: Toolbox, lang: Language) -> None:
        self.page, self.tools, self.lang = page, tools, lang

    def opened(self, request: gr.Request) -> dict[Any, Any]:
        """Show the story named in the address, or say in one sentence what to do."""
        asker, story_id = person_of(request, self.tools), story_param(request)
        if story_id is None:
            return self._instead(_NO_STORY.said(self.lang), _LIBRARY.said(self.lang), "bibliotheque")
        try:
            view = ReadStory(self.tools).run(asker, story_id)
            moments = SuggestMoments(self.tools).run(asker, story_id)
        except NotFound as unknown:
            return self._instead(unknown.said(self.lang), _LIBRARY.said(self.lang), "bibliotheque")
        except NotAllowed as closed:
            return self._closed(asker, view, closed)
        if view.transcript is None and view.recording is None:
            return self._instead(_WRITTEN.said(self.lang), _WRITE.said(self.lang), f"ecrire?story={story_id}")
        if view.transcript is None or not view.transcript.finished:
            return self._instead(_HEARD.said(self.lang))
        value = cutting.shown(view.transcript, voice_of(view), view.appears, moments, self.lang)
        return {self.page.head: self._headed(asker, view, Act.CUT), self.page.taking: taking_back.of_view(view),
                self.page.refusal: {}, self.page.story: story_id,
                self.page.cutter: {**value, "lead": LEAD_S, "tail": TAIL_S}, **self._made(asker, story_id, None)}

    def asked(self, story_id: StoryId | None, shown: list[str] | None, request: gr.Request,
              event: gr.EventData) -> dict[Any, Any]:
        """Ask for the file of the chosen words."""
        asker, story_id = person_of(request, self.tools), _known(story_id)
        chosen, shape, captions = chosen_in(event._data)
        AskForClip(self.tools).run(asker, story_id, chosen, shape, captions)
        return self._made(asker, story_id, shown)

    def stopped(self, story_id: StoryId | None, shown: list[str] | None, request: gr.Request,
                event: gr.EventData) -> dict[Any, Any]:
        """Stop making a file."""
        asker, story_id = person_of(request, self.tools), _known(story_id)
        CancelJob(self.tools).run(asker, JobId(str(getattr(event, "job", ""))))
        return self._made(asker, story_id, shown)

    def polled(self, story_id: StoryId | None, shown: list[str] | None, request: gr.Request) -> dict[Any, Any]:
        """Show how far the files are; players that are there already are left alone."""
        asker, story_id = person_of(request, self.tools), _known(story_id)
        try:
            return self._made(asker, story_id, shown)
        except (NotFound, NotAllowed) as gone:  # taken back while the file was being made
            return self._instead(gone.said(self.lang), _LIBRARY.said(self.lang), "bibliotheque")

    def shared(self, story_id: StoryId | None, request: gr.Request, event: gr.EventData) -> dict[str, Any]:
        """Make a page to share and show its address."""
        asker, story_id = person_of(request, self.tools), _known(story_id)
        pages = SharePage(self.tools)
        secret = pages.make(asker, ClipId(str(getattr(event, "clip", ""))), _channel(getattr(event, "channel", None)))
        return share_pages.shown(pages.look(asker, story_id), self.tools, self.lang, fresh=secret)

    def ended(self, story_id: StoryId | None, request: gr.Request, event: gr.EventData) -> dict[str, Any]:
        """Close a page for good."""
        asker, story_id = person_of(request, self.tools), _known(story_id)
        pages = SharePage(self.tools)
        pages.end(asker, story_id, ShareId(str(getattr(event, "share", ""))))
        return share_pages.shown(pages.look(asker, story_id), self.tools, self.lang, ended=True)

    def _closed(self, asker: Asker, view: StoryView, closed: NotAllowed) -> dict[Any, Any]:
        """Show why nothing may be cut; who may share still finds the extracts that are there."""
        page, to_share = self.page, SharePage(self.tools).look(asker, view.story.id)
        shareable = not view.own and to_share.clips
        clips = extracts.ready(to_share.clips, view, asker, to_share, self.lang) if shareable else []
        return {**self._nothing(), page.head: self._headed(asker, view, Act.READ), page.story: view.story.id,
                page.taking: taking_back.of_view(view), page.kept: {"clips": clips},
                page.refusal: {} if shareable else refused(closed, view, self.lang),
                page.pages: share_pages.shown(to_share, self.tools, self.lang)}

    def _made(self, asker: Asker, story_id: StoryId, shown: list[str] | None) -> dict[Any, Any]:
        view, found = ReadStory(self.tools).run(asker, story_id), StoryClips(self.tools).run(asker, story_id)
        working = extracts.in_making(found, self.tools.clock(), self.lang)
        ready = [each.clip for each in found if each.clip.media_key]
        ids: list[str] = [clip.id for clip in ready]
        made: dict[Any, Any] = {self.page.making: {"jobs": working}, self.page.shown: ids,
                                self.page.timer: gr.Timer(active=any("pct" in each for each in working))}
        if ids != shown:
            to_share = SharePage(self.tools).look(asker, story_id)
            made[self.page.kept] = {"clips": extracts.ready(ready, view, asker, to_share, self.lang)}
            made[self.page.pages] = share_pages.shown(to_share, self.tools, self.lang)
        return made

    def _headed(self, asker: Asker, view: StoryView, shown_for: Act) -> dict[str, Any]:
        title = _OF.said(self.lang).format(title=view.story.title) if view.story.title else ""
        line = ", ".join(filter(None, (view.author, title)))
        return {"title": _TITLE.said(self.lang), "line": set_in(self.lang, line),
                "watch": watch(view.own, view.story.id, Use(shown_for)),
                "light": lit(light_of(view.scopes, Use(Act.CUT), asker.day), _USE.said(self.lang), self.lang)}

    def _nothing(self) -> dict[Any, Any]:
        page = self.page
        return {page.taking: {}, page.story: None, page.shown: None, page.cutter: {}, page.making: {}, page.kept: {},
                page.pages: {}, page.timer: gr.Timer(active=False)}

    def _instead(self, sentence: str, action: str = "", slug: str = "") -> dict[Any, Any]:
        empty = {"text": set_in(self.lang, sentence), "action": action, "href": f"/{self.lang}/{slug}"}
        return {**self._nothing(), self.page.refusal: {"empty": empty}}


def wire(page: ExtractPage, tools: Toolbox, lang: Language) -> None:
    """Bind each event to one use case."""
    does, kind = Extracting(page, tools, lang), kindly(lang)
    state, made = [page.story, page.shown], {page.making, page.kept, page.pages, page.shown, page.timer}
    everything = {page.head, page.taking, page.refusal, page.cutter, page.story, *made}
    when_opened(kind(does.opened), None, everything)
    taking_back.wire(page.taking, tools, lang, does.opened, everything)
    taking_back.wire_dialog(page.forget, tools, lang, does.opened, everything)
    page.cutter.export(kind(does.asked), state, made, **QUIET)
    page.making.stop(kind(does.stopped), state, made, **QUIET)
    page.timer.tick(kind(does.polled), state, everything, **QUIET)
    page.kept.shared(kind(does.shared), page.story, page.pages, **QUIET)
    page.pages.ended(kind(does.ended), page.story, page.pages, **QUIET)


def chosen_in(sent: Mapping[str, Any] | None) -> tuple[Selection, Shape, CaptionStyle]:
    """Read what the browser chose (`BadInput` where it makes no sense)."""
    given = sent or {}
    try:
        removed = tuple(WordId(str(each)) for each in list(given.get("removed", ()))[:10_000])
        return (Selection(WordId(str(given["first"])), WordId(str(given["last"])), removed), Shape(given["shape"]),
                CaptionStyle(given["captions"]))
    except (KeyError, ValueError, TypeError) as wrong:
        raise BadInput(_LOST.fr, _LOST.en) from wrong


def _channel(sent: object) -> Channel:
    try:
        return Channel(str(sent))
    except ValueError:
        raise BadInput(_NO_CHANNEL.fr, _NO_CHANNEL.en) from None


def _known(story_id: StoryId | None) -> StoryId:
    if story_id is None:
        raise NotFound("Cette page a été ouverte il y a longtemps ; rechargez-la.",
                       "This page was opened long ago; reload it.")
    return story_id
