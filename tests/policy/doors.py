"""Every door of the studio: what it asks of the policy, how one knocks, and how one sees that it opened.

A route, a page event or a command that is not here fails a test: nobody adds a door without saying what it asks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import gradio as gr
from fastapi.testclient import TestClient

from story_bank.access import Act, Duty, Use
from story_bank.consent import Channel
from story_bank.errors import VecuError
from story_bank.making import Profile
from story_bank.person import Person
from studio.ui.own_page import Place
from tests.policy.stage import Stage, Told

READ, FIND, DRAFT, CUT, KEEP = (Use(act) for act in (Act.READ, Act.FIND, Act.DRAFT, Act.CUT, Act.KEEP))
SHARE = Use(Act.SHARE, Channel.LINKEDIN)


PAGE = {"profile": "supporter", "channel": "linkedin"}
"""What the address of a page says beside the story."""


class Refused(Exception):
    """The door stayed shut, in whatever way doors do."""


@dataclass(frozen=True, slots=True)
class Knock:
    """Who knocks, where, and about what."""

    stage: Stage
    asker: Person
    browser: TestClient
    events: Mapping[tuple[str, str], Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Door:
    """A door that leads to one story."""

    asks: Use
    knock: Callable[[Knock, Told], object]
    own: bool = False
    """Whether it opens for the author alone, whatever the policy says of others."""
    sign: Callable[[Told], str] | None = None
    """What comes out of an open door; None: something about the story changes."""
    needs: Use | None = None
    """A second use that the same door asks."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A door that leads to no story: why it needs none of this."""

    why: str
    duty: Duty | None = None


def event(slug: str, name: str, sent: Callable[[Told], Mapping[str, Any]] = lambda _: {},
          **given: Callable[[Told], Any]) -> Callable[[Knock, Told], object]:
    """Return a knock that calls the handler of a page as the browser would, the story named in the address."""
    def knock(at: Knock, told: Told) -> object:
        handler = at.events[slug, name]
        known = {"request": SimpleNamespace(username=at.asker.id, query_params=PAGE | {"story": told.story.id}),
                 "event": gr.EventData(None, dict(sent(told))), **{key: make(told) for key, make in given.items()}}
        try:
            return handler(**{each: known[each] for each in inspect.signature(handler).parameters})
        except (gr.Error, VecuError) as refusal:
            raise Refused(str(refusal)) from refusal
    return knock


def route(method: str, path: Callable[[Told], str], **sent: Any) -> Callable[[Knock, Told], object]:
    """Return a knock that asks a route."""
    def knock(at: Knock, told: Told) -> object:
        answer = at.browser.request(method, path(told), **{key: make(told) for key, make in sent.items()})
        if answer.status_code >= 400 or answer.headers.get("location", "").startswith("/connexion"):
            raise Refused(str(answer.status_code))
        return answer.content.decode(errors="replace")
    return knock


def place(told: Told) -> Place:
    """Return where Écrire stands."""
    return Place(told.story.id, Profile.SUPPORTER, Channel.LINKEDIN)


def mark(told: Told) -> str:
    """Return the word that the story alone says."""
    return told.mark


def word(told: Told) -> str:
    """Return a word's id, which only those are given who may cut or correct."""
    return told.words[3]


def angle(told: Told) -> str:
    """Return the title of the suggestion."""
    return f"Angle {told.mark}"


def chosen_words(told: Told) -> dict[str, Any]:
    """Return what the extracts page sends."""
    return {"first": told.words[0], "last": told.words[20], "removed": [], "shape": "wide", "captions": "plain"}


def to_sign(told: Told) -> dict[str, Any]:
    """Return the choices that Décider sends: the library, for a month."""
    day = told.story.recorded_on
    return {"purposes": ["library"], "channels": [], "from": day.isoformat(), "turn": 1,
            "until": (day + timedelta(days=30)).isoformat(), "face": "yes", "voice": "yes", "name": "full"}


STORIES: dict[str, Door] = {
    "GET /media/recording/{recording_id}": Door(READ, route("GET", lambda t: f"/media/recording/{t.recording_id}"),
                                                sign=mark),
    "GET /media/poster/{recording_id}": Door(READ, route("GET", lambda t: f"/media/poster/{t.recording_id}"),
                                             sign=mark),
    "GET /media/clip/{clip_id}": Door(CUT, route("GET", lambda t: f"/media/clip/{t.clip_id}?download=1"), sign=mark),
    "event .opened": Door(READ, event("", "opened"), sign=lambda told: "/relire?story="),
    "event .described": Door(
        KEEP, event("", "described", first_name=lambda _: "Ana", job=lambda _: "", team=lambda _: "",
                    unusual=lambda _: "", voices=lambda _: "1", spoken=lambda _: "fr"), own=True),
    "event ecrire.opened": Door(DRAFT, event("ecrire", "opened"), sign=angle),
    "event ecrire.chosen": Door(DRAFT, event("ecrire", "chosen", lambda _: {"profile": "supporter"}, place=place,
                                             versions=lambda _: {}), sign=angle),
    "event ecrire.polled": Door(DRAFT, event("ecrire", "polled", place=place), sign=angle),
    "event ecrire.again": Door(DRAFT, event("ecrire", "again", place=place)),
    "event ecrire.typed": Door(DRAFT, event("ecrire", "typed", lambda _: {
        "text": "Ma page.", "channel": "linkedin", "turn": 1}, place=place, versions=lambda _: {})),
    "event ecrire.looked": Door(DRAFT, event("ecrire", "looked", place=place, text=lambda _: "Ma page."),
                                sign=lambda told: "value"),
    "event ecrire.stopped": Door(DRAFT, event("ecrire", "stopped", place=place), sign=angle),
    "event extraits.opened": Door(CUT, event("extraits", "opened"), sign=word),
    "event extraits.asked": Door(CUT, event("extraits", "asked", chosen_words, story_id=lambda t: t.story.id,
                                            shown=lambda _: None)),
    "event extraits.polled": Door(CUT, event("extraits", "polled", story_id=lambda t: t.story.id,
                                             shown=lambda _: None), sign=lambda told: told.clip_id),
    "event relire.opened": Door(READ, event("relire", "opened"), sign=mark),
    "event relire.polled": Door(READ, event("relire", "polled", drawn=lambda _: ""), sign=mark),
    "event relire.again": Door(KEEP, event("relire", "again"), own=True),
    "event relire.corrected": Door(KEEP, event("relire", "corrected", lambda t: {
        "base": 1, "edits": {t.words[0]: "Cette"}, "turn": 1}), own=True),
    "event relire.described": Door(KEEP, event("relire", "described", lambda t: {
        "title": "Autre", "day": "2026-11-01", "team": "", "site": "", "turn": 1}), own=True),
    "event relire.chosen": Door(KEEP, event("relire", "chosen", lambda _: {"values": ["soin"], "turn": 1}), own=True),
    "event decider.opened": Door(KEEP, event("decider", "opened"), own=True, sign=lambda told: told.recording_id),
    "event decider.considered": Door(KEEP, event("decider", "considered", to_sign), own=True, sign=mark),
    "event decider.declared": Door(KEEP, event("decider", "declared", chosen=lambda _: []), own=True,
                                   sign=lambda told: "light"),
}
