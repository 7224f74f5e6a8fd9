"""Every door of the studio: what it asks of the policy, how one knocks, and how one sees that it opened.

A route, a page event or a command that is not here fails a test: nobody adds a door without saying what it asks.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import gradio as gr
from fastapi.testclient import TestClient

from story_bank.access import Act, Duty, Use
from story_bank.consent import Channel
from story_bank.editing import typed_over
from story_bank.errors import VecuError
from story_bank.making import Profile
from story_bank.person import Person
from studio.cli import run
from studio.ui.own_page import Place
from tests.policy.stage import Stage, Told

READ, FIND, DRAFT, CUT, KEEP, TAKE = (Use(act) for act in (
    Act.READ, Act.FIND, Act.DRAFT, Act.CUT, Act.KEEP, Act.TAKE))
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
    duty: Duty | None = None
    """What one's roles must carry besides."""


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


def take_all(told: Told) -> dict[str, Any]:
    """Return what the button « Tout retirer » sends."""
    return {"story": told.story.id, "channel": ""}


def mark_of_taking(_: Told) -> str:
    """Return what a page says once something was taken back."""
    return "Retiré."


def signed(at: Knock, told: Told) -> object:
    """See the text to sign as Décider shows it, then sign it."""
    shown = event("decider", "considered", to_sign)(at, told)
    found = re.search(r"'hash': '([0-9a-f]{64})'", repr(shown))
    return event("decider", "signed", lambda told: {
        **to_sign(told), "hash": found[1] if found else "", "signature": "Prénom Nom"})(at, told)


def corrected(at: Knock, told: Told) -> object:
    """Type over the first word, its paragraph named by the mark that nobody else is given."""
    with at.stage.tools.bank.open() as work:
        transcript = work.transcript(told.recording_id)
    assert transcript is not None
    changes = [{"was": change.was, "lines": [{"text": line.text, "who": "", "doubted": []} for line in change.lines]}
               for change in typed_over(transcript, {told.words[0]: "Autrement"})]
    return event("relire", "corrected", lambda _: {"version": 1, "changes": changes, "turn": 1})(at, told)


def command(name: str, *options: str) -> Callable[[Knock, Told], object]:
    """Return a knock that runs a command about the story, as the asker."""
    def knock(at: Knock, told: Told) -> object:
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()):
            code = run([name, told.story.id, "--as", at.asker.id, *options, *COMMAND_NEEDS.get(name, ())])
        if code:
            raise Refused(str(code))
        return said.getvalue()
    return knock


COMMAND_NEEDS = {"draft": ("--profile", "supporter", "--channel", "linkedin")}

STORIES: dict[str, Door] = {
    "GET /media/recording/{recording_id}": Door(READ, route("GET", lambda t: f"/media/recording/{t.recording_id}"),
                                                sign=mark),
    "GET /media/poster/{recording_id}": Door(READ, route("GET", lambda t: f"/media/poster/{t.recording_id}"),
                                             sign=mark),
    "GET /media/clip/{clip_id}": Door(CUT, route("GET", lambda t: f"/media/clip/{t.clip_id}?download=1"), sign=mark),
    "event .opened": Door(READ, event("", "opened"), sign=lambda told: "/relire?story="),
    "event .described": Door(
        KEEP, event("", "described", first_name=lambda _: "Ana", job=lambda _: "", team=lambda _: "",
                    unusual=lambda _: "", voices=lambda _: "1", spoken=lambda _: "fr"), own=True,
        duty=Duty.TELL),
    "event ecrire.opened": Door(DRAFT, event("ecrire", "opened"), sign=angle),
    "event ecrire.chosen": Door(DRAFT, event("ecrire", "chosen", lambda _: {"profile": "supporter"}, place=place,
                                             versions=lambda _: {}), sign=angle),
    "event ecrire.polled": Door(DRAFT, event("ecrire", "polled", place=place), sign=angle),
    "event ecrire.again": Door(DRAFT, event("ecrire", "again", place=place)),
    "event ecrire.typed": Door(DRAFT, event("ecrire", "typed", lambda _: {
        "text": "Ma page.", "channel": "linkedin", "turn": 1}, place=place, versions=lambda _: {})),
    "event ecrire.looked": Door(DRAFT, event("ecrire", "looked", place=place, text=lambda _: "Ma page."),
                                sign=lambda told: "gauge"),
    "event ecrire.stopped": Door(DRAFT, event("ecrire", "stopped", place=place), sign=angle),
    "event extraits.opened": Door(CUT, event("extraits", "opened"), sign=word),
    "event extraits.asked": Door(CUT, event("extraits", "asked", chosen_words, story_id=lambda t: t.story.id,
                                            shown=lambda _: None)),
    "event extraits.polled": Door(CUT, event("extraits", "polled", story_id=lambda t: t.story.id,
                                             shown=lambda _: None), sign=lambda told: told.clip_id),
    "event relire.opened": Door(READ, event("relire", "opened"), sign=mark),
    "event relire.polled": Door(READ, event("relire", "polled", drawn=lambda _: ""), sign=mark),
    "event relire.corrected": Door(KEEP, corrected, own=True),
    "event relire.versions": Door(KEEP, event("relire", "versions", lambda _: {"number": 1, "turn": 1}), own=True,
                                  sign=mark),
    "event relire.went_back": Door(KEEP, event("relire", "went_back", lambda _: {"number": 1, "turn": 1}), own=True,
                                   sign=word),
    "POST /ensemble": Door(KEEP, route("POST", lambda _: "/ensemble", json=lambda t: {
        "story": t.story.id, "seat": "s"}), own=True, sign=lambda told: '"version"'),
    "event relire.described": Door(KEEP, event("relire", "described", lambda t: {
        "title": "Autre", "day": "2026-11-01", "team": "", "site": "", "turn": 1}), own=True, duty=Duty.TELL),
    "event relire.chosen": Door(KEEP, event("relire", "chosen", lambda _: {"values": ["soin"], "turn": 1}), own=True),
    "event relire.offered": Door(KEEP, event("relire", "offered", lambda _: {
        "before": "monte-charge", "after": "Montecharge"}), own=True, sign=lambda told: "places"),
    "event relire.taught": Door(KEEP, event("relire", "taught", lambda t: {
        "written": "Trelleborg", "heard": "Trélébor"}), own=True),
    "GET /mots/{story_id}": Door(KEEP, route("GET", lambda t: f"/mots/{t.story.id}"), own=True, sign=mark,
                                 duty=Duty.TELL),
    "POST /mots/{story_id}": Door(KEEP, route("POST", lambda t: f"/mots/{t.story.id}",
                                              data=lambda t: {"texte": f"Le monte-charge {t.mark} est tombé."}),
                                  own=True, duty=Duty.TELL),
    "GET /mots/{story_id}/{form}": Door(TAKE, route("GET", lambda t: f"/mots/{t.story.id}/srt"), sign=mark),
    "event decider.opened": Door(KEEP, event("decider", "opened"), own=True, sign=lambda told: told.recording_id),
    "event decider.considered": Door(KEEP, event("decider", "considered", to_sign), own=True, sign=mark),
    "event decider.signed": Door(KEEP, signed, own=True),
    "event decider.named": Door(KEEP, event("decider", "named", lambda _: {"name": "Une Visiteuse"}), own=True,
                                duty=Duty.TELL),
    "event decider.forgot": Door(KEEP, event("decider", "forgot", lambda t: {"story": t.story.id}), own=True),
    "event mes-recits.forgot": Door(KEEP, event("mes-recits", "forgot", lambda t: {"story": t.story.id}), own=True),
    "event relire.forgot": Door(KEEP, event("relire", "forgot", lambda t: {"story": t.story.id}), own=True),
    "event ecrire.forgot": Door(KEEP, event("ecrire", "forgot", lambda t: {"story": t.story.id}), own=True),
    "event extraits.forgot": Door(KEEP, event("extraits", "forgot", lambda t: {"story": t.story.id}), own=True),
    "event decider.withdrew": Door(KEEP, event("decider", "withdrew", take_all), own=True, sign=mark_of_taking),
    "event mes-recits.withdrew": Door(KEEP, event("mes-recits", "withdrew", take_all), own=True, sign=mark_of_taking),
    "event relire.withdrew": Door(KEEP, event("relire", "withdrew", take_all), own=True, sign=mark_of_taking),
    "event ecrire.withdrew": Door(KEEP, event("ecrire", "withdrew", take_all), own=True, sign=mark_of_taking),
    "event extraits.withdrew": Door(KEEP, event("extraits", "withdrew", take_all), own=True, sign=mark_of_taking),
    "event extraits.shared": Door(SHARE, event("extraits", "shared", lambda t: {
        "clip": t.clip_id, "channel": "linkedin"}, story_id=lambda t: t.story.id)),
    "POST /encore": Door(FIND, route("POST", lambda _: "/encore", json=lambda t: {"use": "find", "ids": [t.story.id]}),
                         sign=lambda told: f'"{told.story.id}"'),
    "POST /encore (to share)": Door(SHARE, route("POST", lambda _: "/encore", json=lambda t: {
        "use": "share", "channel": "linkedin", "ids": [t.story.id]}), sign=lambda told: f'"{told.story.id}"'),
    "vecu transcript-export": Door(TAKE, command("transcript-export"), sign=mark),
    "vecu draft": Door(DRAFT, command("draft", "--json"), sign=mark),
    "vecu withdraw": Door(KEEP, command("withdraw", "--json"), own=True, sign=lambda told: told.story.id),
    "vecu forget": Door(KEEP, command("forget"), own=True),
}

BEHIND: dict[str, Behind] = {
    **dict.fromkeys(("GET /connexion", "POST /connexion", "POST /connexion/demonstration", "POST /deconnexion",
                     "GET /mot-de-passe", "POST /mot-de-passe", "GET /installation", "POST /installation",
                     "GET /invitation", "POST /invitation", "GET /accord", "POST /accord", "POST /accord/refus"),
                    Behind("coming in and going out: it asks a password or a link's secret")),
    **dict.fromkeys(("GET /", "GET /langue/{code}", "GET /sante", "GET /vecu/vecu.css", "GET /favicon.ico"),
                    Behind("it shows nothing of anybody")),
    **dict.fromkeys(("GET /moi", "GET /compte", "POST /compte", "POST /compte/ambassadeur",
                     "POST /compte/ambassadeur/quitter", "POST /compte/ecrits/supprimer",
                     "POST /compte/mot-de-passe", "POST /compte/session", "POST /compte/sessions/autres",
                     "GET /journal", "GET /mes-donnees", "GET /oubli/{forgotten_id}.pdf",
                     "GET /accord/{consent_id}.pdf", "GET /upload", "PATCH /upload/{uuid}", "DELETE /upload/{uuid}",
                     "POST /upload/{arrival_id}/finir"),
                    Behind("one's own alone")),
    **dict.fromkeys(("POST /upload", "POST /upload/", "OPTIONS /upload/"),
                    Behind("a story of one's own begins", Duty.TELL)),
    "GET /upload/collegues": Behind("names to choose from", Duty.SEE_COLLEAGUES),
    **dict.fromkeys(("GET /entreprise", "POST /entreprise/invitation", "POST /entreprise/roles",
                     "POST /entreprise/lien", "POST /entreprise/depart", "POST /entreprise/depart/lien",
                     "POST /entreprise/retour"), Behind("the company's own page", Duty.ADMINISTER)),
    **dict.fromkeys(("GET /registre", "GET /registre.csv", "GET /registre.pdf"),
                    Behind("the register of consents", Duty.SEE_REGISTER)),
    **dict.fromkeys(("GET /glossaire", "POST /glossaire", "POST /glossaire/liste", "GET /glossaire/liste.csv"),
                    Behind("the company's glossary: words, and no story", Duty.CURATE_GLOSSARY)),
    **dict.fromkeys(("GET /coins", "POST /coins", "POST /coins/{corner_id}/fermer"),
                    Behind("corners at events: an address to tell at, no story", Duty.OPEN_CORNERS)),
    "GET /coins/{corner_id}/affiche": Behind("a corner's sheet: walked by a test of its own"),
    **dict.fromkeys(("GET /coin/{secret}", "POST /coin/{secret}/ouvrir", "POST /coin/{secret}/commencer",
                     "POST /coin/{secret}/fin", "POST /coin/{secret}/effacer", "GET /coin/{secret}/recu",
                     "POST /coin/{secret}/recu", "GET /coin/{secret}/recu.pdf"),
                    Behind("coming in at a corner: walked by a test of its own")),
    **dict.fromkeys(("GET /vecu/coin.js", "GET /recuperer"), Behind("it shows nothing of anybody")),
    "POST /recuperer": Behind("makes one's own what one's own code stands for", Duty.TELL),
    **dict.fromkeys(("GET /departs", "POST /departs"), Behind("reviews", Duty.SETTLE_REVIEWS)),
    **dict.fromkeys(("GET /partage/{secret}", "GET /partage/{secret}/media"),
                    Behind("open to all while everyone in it agrees: walked by a test of its own")),
    **dict.fromkeys(("event mes-recits.opened", "event mes-recits.looked_again", "event bibliotheque.opened",
                     "event bibliotheque.searched", "vecu search"),
                    Behind("lists stories: walked by a test of its own")),
    "event mes-recits.typed": Behind("a story of one's own is written", Duty.TELL),
    "event relire.again": Behind("one's own recording that could not be heard"),
    **dict.fromkeys(("event relire.stopped", "event extraits.stopped"), Behind("one's own jobs alone")),
    "vecu transcript-import": Behind("asks the same step as POST /mots/{story_id}"),
    "event relire.untaught": Behind("one's own wish for the glossary alone"),
    **dict.fromkeys(("event decider.made", "event decider.removed", "event extraits.ended", "event ecrire.published",
                     "event relire.thought", "event relire.likened"),
                    Behind("asks the same step as its neighbour, after it")),
    **dict.fromkeys(("vecu transcribe", "vecu moments", "vecu clip", "vecu check", "vecu tag"),
                    Behind("works on a file, without the library")),
    **dict.fromkeys(("vecu serve", "vecu worker", "vecu prepare", "vecu doctor", "vecu reindex", "vecu demo",
                     "vecu import", "vecu backup", "vecu restore"), Behind("for who holds the machine")),
}
"""Doors that lead to no one story, each with what it is instead."""
